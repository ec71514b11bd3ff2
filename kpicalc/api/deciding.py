"""What another scheme would have paid over past months, and what a scheme really rewards."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc import app
from kpicalc.api.findings import AnyPath, Finding, Refused, findings
from kpicalc.model.balance import Balance
from kpicalc.model.record import record
from kpicalc.model.replay import Amounts, Replay

if TYPE_CHECKING:
    import pandas as pd


@record(slots=False)
class Replayed:
    """What another scheme would have paid over past months: nobody is paid by it.

    Amounts are accruals before anything is withheld. `issues` name whoever and whatever is left out.
    """

    issues: tuple[Finding, ...]
    replay: Replay

    @property
    def totals(self) -> dict[str, Decimal]:
        """Return the fund of all months: old, new, difference."""
        return _amounts(self.replay.total)

    def frame(self) -> "pd.DataFrame":
        """Return a row per month, payee and line: period, payee, ... title, old, new, difference."""
        return self.replay.frame

    def months(self) -> "pd.DataFrame":
        """Return a row per month: period, old, new, difference, base (None unless a base was asked for)."""
        import pandas as pd

        columns = ["period", "old", "new", "difference", "base"]
        rows = [(one.period, *_amounts(one.fund).values(), one.base) for one in self.replay.months]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def people(self) -> "pd.DataFrame":
        """Return a row per payee: payee, name, department, position, old, new, difference."""
        import pandas as pd

        columns = ["payee", "name", "department", "position", "old", "new", "difference"]
        rows = [
            (one.id, one.name, one.department, one.position, *_amounts(self.replay.by_person[number]).values())
            for number, one in self.replay.people.items()
        ]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def lines(self) -> "pd.DataFrame":
        """Return a row per line of pay: line (id), title, old, new, difference."""
        import pandas as pd

        columns = ["line", "title", "old", "new", "difference"]
        rows = [(*line, *_amounts(amounts).values()) for line, amounts in self.replay.by_line.items()]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def varied(self) -> "pd.DataFrame":
        """Return a row per share by which the result was moved: by, old, new, difference, base."""
        import pandas as pd

        columns = ["by", "old", "new", "difference", "base"]
        rows = [(one.by, *_amounts(one.fund).values(), one.base) for one in self.replay.varied]
        return pd.DataFrame(rows, columns=columns, dtype=object)


@record(slots=False)
class Balanced:
    """What the incentives of a scheme really reward. `issues` are the remarks of `kpicalc check`."""

    issues: tuple[Finding, ...]
    balance: Balance

    def frame(self) -> "pd.DataFrame":
        """Return a row per role and KPI.

        Columns: scheme (key), role, kpi (key, or the id of a line that is no KPI's), title, kind, level, source,
        weight, moves (money between 90 % and 110 % of the plan), share (of what all move; None where nothing does),
        stuck (the numbers of those to whom more pays nothing), unknown (of those whose part is not in `moves`).
        """
        import pandas as pd

        columns = ["scheme", "role", "kpi", "title", "kind", "level", "source", "weight", "moves", "share", "stuck",
                   "unknown"]  # fmt: skip
        rows = [
            (role.scheme, role.title, one.kpi, one.title, one.kind, one.level, one.source, one.weight, one.moves,
             one.share, tuple(who.id for who in one.stuck), tuple(who.id for who in one.unknown))
            for role in self.balance.roles
            for one in role.kpis
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def targets(self) -> "pd.DataFrame":
        """Return a row per figure of the financial plan: kpi, title, target, plans (None: nobody has one), people."""
        import pandas as pd

        columns = ["kpi", "title", "target", "plans", "people"]
        rows = [(one.kpi, one.title, one.target, one.plans, one.people) for one in self.balance.targets]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def funnels(self) -> "pd.DataFrame":
        """Return a row per stage of a funnel with norms: what is planned of it, what the norms take."""
        import pandas as pd

        columns = ["funnel", "kpi", "title", "norm", "plans", "people", "needed", "for_target"]
        rows = [
            (funnel.title, one.kpi, one.title, one.norm, one.plans, one.people, one.needed, one.for_target)
            for funnel in self.balance.funnels
            for one in funnel.stages
        ]
        return pd.DataFrame(rows, columns=columns, dtype=object)


def replay(
    months: AnyPath | Iterable[AnyPath],
    scheme: AnyPath,
    *,
    other: AnyPath | None = None,
    settings: Mapping[str, object] | None = None,
    history: AnyPath | None = None,
    base: str | None = None,
    vary: tuple[str, Iterable[Decimal]] | None = None,
) -> Replayed:
    """Compute past months by a scheme and by another one.

    `months` are workbooks or a folder of them. Either `other` is the file of the other scheme, or `settings` say what
    differs, by scheme.component.option: {"manager.commission.rate": "18%"}. `history` is the folder of the payrolls of
    months before. `base` is a KPI (key or title) to compare the fund with; `vary` a KPI and the shares by which its
    results are moved. Raises Refused where nothing can be compared.
    """
    if bool(settings) == (other is not None):
        raise TypeError("replay() takes either other=... or settings={...}")
    paths = [Path(months)] if isinstance(months, str | PathLike) else [Path(path) for path in months]
    changes = [app.setting_in(f"{path}={value}") for path, value in (settings or {}).items()]
    tried = app.replay(
        paths,
        Path(scheme),
        other=None if other is None else Path(other),
        settings=changes,
        history=None if history is None else Path(history),
        base=base,
        vary=None if vary is None else (vary[0], list(vary[1])),
    )
    issues = findings(tried.issues, tried.language)
    if tried.errors or tried.replay is None:
        raise Refused(issues)
    return Replayed(issues, tried.replay)


def balance(
    workbook: AnyPath | None, scheme: AnyPath, *, period: str | None = None, history: AnyPath | None = None
) -> Balanced:
    """Probe what each KPI moves, over a month or, without a workbook, over the first worked example of each role.

    Raises Refused where the scheme or the month has errors.
    """
    book = None if workbook is None else Path(workbook)
    balanced = app.balance(book, Path(scheme), period, None if history is None else Path(history))
    issues = findings(balanced.outcome.issues, balanced.outcome.language)
    if balanced.balance is None:
        raise Refused(issues)
    return Balanced(issues, balanced.balance)


def _amounts(amounts: Amounts) -> dict[str, Decimal]:
    return {"old": amounts.old, "new": amounts.new, "difference": amounts.difference}
