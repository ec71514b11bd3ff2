"""kpicalc: a plan-and-actuals workbook and a pay scheme in, a payroll workbook that explains every amount out.

`kpicalc.run`, `replay`, `balance`, `read_payroll` and `read_payrolls` are the Python API; they are imported when first
asked for.
"""

TYPE_CHECKING = False  # the standard one costs a third of what `--version` takes

if TYPE_CHECKING:
    from kpicalc.api import (
        Balanced,
        Finding,
        Refused,
        Replayed,
        Result,
        balance,
        read_payroll,
        read_payrolls,
        replay,
        run,
    )

__version__ = "0.3.0"
__all__ = [
    "Balanced",
    "Finding",
    "Refused",
    "Replayed",
    "Result",
    "__version__",
    "balance",
    "read_payroll",
    "read_payrolls",
    "replay",
    "run",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("kpicalc.api"), name)
