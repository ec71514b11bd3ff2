"""Deciding before paying: what another scheme would have paid over past months. Nothing here is a payroll."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from kpicalc.app.outcome import error_count, output_path
from kpicalc.app.past import Tick, failed_examples, kpi_of, read_months, side_of, stated_side, varied_kpi
from kpicalc.intake.scheme.settings import Setting, open_scheme
from kpicalc.lang import Language, language_of_environment, message, money, word
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import title
from kpicalc.model.record import record
from kpicalc.model.replay import Replay
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.replay.replay import replayed


@record(slots=False)
class Tried:
    """The result of a replay; `replay` is None unless at least one month could be paid by both schemes."""

    issues: tuple[Issue, ...]
    language: Language
    old: SchemeBook | None = None
    new: SchemeBook | None = None
    replay: Replay | None = None
    settings: tuple[Setting, ...] = ()
    base: str = ""
    varied: str = ""
    """The titles of the KPIs requested as the base and as the moved result."""
    files: tuple[Path, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many issues forbid an answer."""
        return error_count(self.issues)


def replay(
    months: Sequence[Path],
    scheme: Path,
    *,
    other: Path | None = None,
    settings: Sequence[Setting] = (),
    history: Path | None = None,
    base: str | None = None,
    vary: tuple[str, Sequence[Decimal]] | None = None,
    out: Path | None = None,
    html: Path | None = None,
    tick: Tick | None = None,
) -> Tried:
    """Pay months by a scheme and by another one: `other` is its file, or `settings` are its changes.

    `history` is the folder of earlier payrolls. `base` and the KPI of `vary` are keys or titles. Writes a workbook to
    `out` and a page for a browser to `html`, if they are stated.
    """
    old, issues = stated_side(scheme)
    if old is None:
        return Tried(tuple(issues), language_of_environment())
    text, faults = open_scheme(other or scheme)
    new, more = side_of(*(text.changed(settings) if settings else text.stated())) if text else (None, faults)
    issues += more
    language = old.book.language
    if new is None or error_count(issues):
        return Tried(tuple(dict.fromkeys(issues)), language, old.book, new.book if new else None)
    examples = failed_examples(new)
    base_key = kpi_of(base, old.book, issues) if base is not None else None
    vary_key = varied_kpi(vary[0], old.book, issues) if vary is not None else None
    read = read_months(months, old, new, issues, history=history, tick=tick)
    if error_count(issues) or not read:
        return Tried(tuple(dict.fromkeys(issues)), language, old.book, new.book)
    shares = (vary_key, vary[1]) if vary is not None and vary_key is not None else None
    result = replace(replayed(old, new, read, base=base_key, vary=shares), examples=tuple(examples))
    issues += [*examples, *told(result, language, base)]
    tried = Tried(tuple(dict.fromkeys(issues)), language, old.book, new.book, result, tuple(settings))
    names = [old.book.kpi_title(key) if key is not None else "" for key in (base_key, vary_key)]
    tried = replace(tried, base=names[0], varied=names[1])
    if not result.months:
        whole = issue("replay_nothing", Place(str(months[0])), count=len(read))
        reasons = [reason for month in result.months_out for reason in month.issues]
        return replace(tried, issues=tuple(dict.fromkeys([whole, *reasons, *tried.issues])), replay=None)
    return _written(tried, result, out, html, (scheme, *([other] if other else []), *months))


def _written(tried: Tried, result: Replay, out: Path | None, html: Path | None, inputs: tuple[Path, ...]) -> Tried:
    """Write all requested files, or none."""
    from kpicalc.exchange.release import is_one_of, release_all
    from kpicalc.people.replay_page import replay_page
    from kpicalc.planning.replay.terms import terms
    from kpicalc.planning.replay.workbook import write_replay

    assert tried.old is not None
    assert tried.new is not None
    old, new, language = tried.old, tried.new, tried.language
    files: dict[Path, Callable[[Path], None]] = {}
    refused: list[Issue] = []
    # A folder of months is no file; the files that were read in it are checked.
    inputs += tuple(Path(month.file) for month in result.months)
    inputs += tuple(Path(left.file) for left in result.months_out)
    if out is not None:
        path, refused = output_path(out, "replay.xlsx", inputs)
        files[path] = lambda temporary: write_replay(result, old, new, tried.settings, temporary)
    if html is not None:
        compared = terms(result, old, new, tried.settings, language)
        page = replay_page(result, compared, tried.settings, language, tried.base, tried.varied).encode()
        refused += [issue("output_is_input", Place(str(html)))] if is_one_of(html, inputs) else []
        files[html] = lambda temporary: _page(temporary, page)
    refused = refused or (release_all(files) if files else [])
    return replace(tried, issues=(*tried.issues, *refused), files=() if refused else tuple(files))


def _page(path: Path, data: bytes) -> None:
    path.write_bytes(data)


# -- remarks --------------------------------------------------------------------------------------------------------


def told(result: Replay, language: Language, base: str | None) -> list[Issue]:
    """Return what is left out of a replay or assumed in it, each once."""
    issues = []
    both = [out.period for out in result.months_out if out.by == "new"]
    for out in result.months_out if result.months else ():
        # A payee whom neither scheme can compute is reported once.
        side = "both" if out.by == "old" and out.period in both else out.by
        if side == "new" and any(left.period == out.period and left.by == "old" for left in result.months_out):
            continue
        facts = {"month": title(out.period, language), "scheme": word(f"replay.side.{side}", language)}
        first = message(out.issues[0], language) if out.issues else "—"
        issues.append(issue("replay_month_left_out", Place(out.file), found=first, count=len(out.issues), **facts))
    for month in result.months:
        if month.left_out:
            names = [f"{person.id} {person.name}" for person in month.left_out]
            facts = {"month": title(month.period, language)}
            issues.append(issue("replay_left_out", Place(month.file), found=names, count=len(names), **facts))
        if base is not None and month.base is None:
            facts = {"month": title(month.period, language), "found": base}
            issues.append(issue("replay_base_lacks", Place(month.file), **facts))
    for balance in dict.fromkeys(name for _, _, name in result.begun):
        months = list(dict.fromkeys(title(period, language) for period, _, name in result.begun if name == balance))
        heading = word(f"headings.employee.{balance}", language)
        issues.append(
            issue(
                "replay_balance_begins",
                Place(result.months[0].file if result.months else ""),
                title=heading,
                found=months,
            )
        )
    for name, closed in result.ends:
        month = result.months[-1]
        shown = {side: money(getattr(closed, side), language) for side in ("old", "new")}
        facts = {"title": word(f"replay.ends.{name}", language), "month": title(month.period, language)}
        issues.append(issue("replay_balance_ends", Place(month.file), **facts, **shown))
    return issues
