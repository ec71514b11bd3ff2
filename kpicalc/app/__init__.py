"""One function per command: read, check, compile, compute, write. The page to read first is `month`.

Nothing here prints or exits. A command returns what it found; issues travel as data, and a run with an error among them
writes nothing.
"""

from kpicalc.app.balance import Balanced, balance
from kpicalc.app.bank import reconcile
from kpicalc.app.closed import Compared, compare
from kpicalc.app.files import Wanted, export, prepare, run
from kpicalc.app.lookup import scheme_schema, targets, templates
from kpicalc.app.month import check, fact_rows
from kpicalc.app.outcome import Outcome
from kpicalc.app.people import Explained, Selected, explain, statements
from kpicalc.app.planning import funnel, plan
from kpicalc.app.progress import Underway, progress_pages, team_progress, underway
from kpicalc.app.reading import ReadMonth, read_month
from kpicalc.app.seeking import Sought, seek
from kpicalc.app.start import init
from kpicalc.app.typed import (
    NotUnderstood,
    between_in,
    day_in,
    fund_currency,
    fund_in,
    growth_in,
    month_in,
    payee_in,
    setting_in,
    span_in,
    step_in,
    targets_in,
)
from kpicalc.app.whatif import Tried, replay

__all__ = [
    "Balanced",
    "Compared",
    "Explained",
    "NotUnderstood",
    "Outcome",
    "ReadMonth",
    "Selected",
    "Sought",
    "Tried",
    "Underway",
    "Wanted",
    "balance",
    "between_in",
    "check",
    "compare",
    "day_in",
    "explain",
    "export",
    "fact_rows",
    "fund_currency",
    "fund_in",
    "funnel",
    "growth_in",
    "init",
    "month_in",
    "payee_in",
    "plan",
    "prepare",
    "progress_pages",
    "read_month",
    "reconcile",
    "replay",
    "run",
    "scheme_schema",
    "seek",
    "setting_in",
    "span_in",
    "statements",
    "step_in",
    "targets",
    "targets_in",
    "team_progress",
    "templates",
    "underway",
]
