"""The Python API: a month, payrolls that were paid, what another scheme would have paid, what a scheme rewards.

All of it is reached by `import kpicalc`, which imports nothing before it is used. Amounts are `decimal.Decimal` in
columns of dtype object; personnel numbers are text, so leading zeros stay. Nothing here writes a file.
"""

from kpicalc.api.deciding import Balanced, Replayed, balance, replay
from kpicalc.api.findings import Finding, Refused
from kpicalc.api.month import Result, run
from kpicalc.api.payrolls import read_payroll, read_payrolls

__all__ = [
    "Balanced",
    "Finding",
    "Refused",
    "Replayed",
    "Result",
    "balance",
    "read_payroll",
    "read_payrolls",
    "replay",
    "run",
]
