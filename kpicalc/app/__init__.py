"""One function per command: read, check, compile, compute, write. The page to read first is `month`.

Nothing here prints or exits. A command returns what it found; issues travel as data, and a run with an error among them
writes nothing.
"""

from kpicalc.app.bank import reconcile
from kpicalc.app.closed import Compared, compare
from kpicalc.app.files import Wanted, export, prepare, run
from kpicalc.app.month import check, fact_rows
from kpicalc.app.outcome import Outcome
from kpicalc.app.planning import funnel, plan, progress
from kpicalc.app.start import init
from kpicalc.app.whatif import Tried, replay

__all__ = [
    "Compared",
    "Outcome",
    "Tried",
    "Wanted",
    "check",
    "compare",
    "export",
    "fact_rows",
    "funnel",
    "init",
    "plan",
    "prepare",
    "progress",
    "reconcile",
    "replay",
    "run",
]
