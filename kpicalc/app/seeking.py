"""The value of an option that keeps the fund of past months: months are read once, the scheme is compiled per value."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from kpicalc.app.outcome import error_count
from kpicalc.app.past import Tick, changed_side, read_months, stated_side
from kpicalc.engine.row_rules import row_rules
from kpicalc.intake.scheme.settings import Setting, open_scheme
from kpicalc.lang import Language, about, language_of_environment, message
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import title
from kpicalc.model.record import record
from kpicalc.model.seek import Seek
from kpicalc.planning.replay.seek import Wanted, sought
from kpicalc.planning.replay.sides import Side


@record(slots=False)
class Sought:
    """The result of a search; `seek` is None unless some value could be tried over some month."""

    issues: tuple[Issue, ...]
    language: Language
    currency: str = ""
    stated: str | None = None
    """The value in the file."""
    files: tuple[Path, ...] = ()
    """Always None: a search writes no payroll."""
    seek: Seek | None = None

    @property
    def errors(self) -> int:
        """Return how many issues forbid an answer."""
        return error_count(self.issues)


def seek(
    months: Sequence[Path],
    scheme: Path,
    *,
    path: str,
    amount: Decimal,
    values: Sequence[Decimal],
    percent: bool,
    settings: Sequence[Setting] = (),
    history: Path | None = None,
    tick: Tick | None = None,
) -> Sought:
    """Find the values of an option that keep the fund of all months within an amount.

    `percent` says that the values are shares, to be written with their sign; `settings` are set besides; `history` is
    the folder of earlier payrolls.
    """
    old, issues = stated_side(scheme)
    if old is None:
        return Sought(tuple(issues), language_of_environment())
    text, faults = open_scheme(scheme)
    assert text is not None
    assert not faults
    language = old.book.language

    def side_at(value: Decimal) -> tuple[Side | None, Sequence[Issue]]:
        side, problems = changed_side(text, [*settings, Setting(path, written(value, percent=percent))])
        problems = [problem for problem in problems if error_count([problem])]
        return (None, problems) if problems else (side, ())

    first, problems = side_at(values[0])
    issues += [problem for problem in problems if about(problem) == "setting"]
    last = side_at(values[-1])[0]
    if any(side is not None and not _rows_alike(old, side) for side in (first, last)):
        issues.append(issue("seek_rows", Place(str(scheme)), path=path))
    read = read_months(months, old, first or old, issues, history=history, tick=tick)
    if error_count(issues) or not read:
        return Sought(tuple(dict.fromkeys(issues)), language)
    result, reasons = sought(
        Wanted(path, amount, percent),
        old,
        values,
        side_at,
        read,
        lambda done: tick("tries", done, len(values)) if tick else None,
    )
    if result is None:
        whole = issue("seek_nothing", Place(str(scheme)), path=path, count=len(values))
        return Sought(tuple(dict.fromkeys([whole, *reasons, *issues])), language)
    issues += _told(result, {month.period: month.file for month in read}, language)
    return Sought(tuple(dict.fromkeys(issues)), language, old.book.currency, text.value_of(path), seek=result)


def _rows_alike(old: Side, new: Side) -> bool:
    """Tell whether two schemes pay rows of facts alike: their pay is not computed again for each value."""
    return (old.book.rates, row_rules(old.book)) == (new.book.rates, row_rules(new.book))


def written(value: Decimal, *, percent: bool) -> str:
    """Return a value as a scheme file writes it: 18%, 15000, 0.5."""
    return f"{(value * 100).normalize():f}%" if percent else f"{value.normalize():f}"


def _told(result: Seek, files: dict[str, str], language: Language) -> list[Issue]:
    """Return the issues about what was left out, each once."""
    issues = []
    for out in result.months_out:
        facts = {"month": title(out.period, language), "found": message(out.issues[0], language) if out.issues else "—"}
        issues.append(issue("seek_month_left_out", Place(out.file), count=len(out.issues), **facts))
    for period in dict.fromkeys(period for period, _ in result.left_out):
        names = [f"{person.id} {person.name}" for when, person in result.left_out if when == period]
        facts = {"month": title(period, language), "found": ", ".join(names)}
        issues.append(issue("seek_left_out", Place(files[period]), count=len(names), **facts))
    if result.refused:
        values = [written(value, percent=result.percent) for value, _ in result.refused]
        first = result.refused[0][1]
        facts = {"path": result.path, "reason": message(first, language)}
        issues.append(issue("seek_refused", first.place, found=values, count=len(values), **facts))
    return issues
