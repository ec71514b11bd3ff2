"""One function per command: read, check, compile, compute, write. The page to read first is `month`.

Nothing here prints or exits. A command returns its result; issues travel as data, and a run with an error among them
writes nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicalc.app.adopting import Taken, adopt
    from kpicalc.app.balancing import Balanced, balance
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
    "Taken",
    "Tried",
    "Underway",
    "Wanted",
    "adopt",
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

_HOMES = {
    "adopting": "Taken adopt",
    "balancing": "Balanced balance",
    "bank": "reconcile",
    "closed": "Compared compare",
    "files": "Wanted export prepare run",
    "lookup": "scheme_schema targets templates",
    "month": "check fact_rows",
    "outcome": "Outcome",
    "people": "Explained Selected explain statements",
    "planning": "funnel plan",
    "progress": "Underway progress_pages team_progress underway",
    "reading": "ReadMonth read_month",
    "seeking": "Sought seek",
    "start": "init",
    "typed": "NotUnderstood between_in day_in fund_currency fund_in growth_in month_in payee_in setting_in span_in"
    " step_in targets_in",
    "whatif": "Tried replay",
}
"""The module of each command: a command imports only what it needs."""


def __getattr__(name: str) -> object:
    home = next((home for home, names in _HOMES.items() if name in names.split()), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
