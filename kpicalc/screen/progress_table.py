"""Progress in a terminal: a row per goal for one person, a row per person for a team; and the forecast pay."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from rich.console import Console
from rich.text import Text

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, money, number, percent, word
from kpicalc.model import period
from kpicalc.model.inputs import Inputs
from kpicalc.model.progress import Days, Goal, Progress, Range
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.team_progress import TeamProgress
from kpicalc.screen.person import in_full
from kpicalc.screen.summary_plan import GAP, short_name
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_KPI_WIDTH, _NAME_WIDTH, _LEAST_NAME = 28, 32, 10
_TENTH = Decimal("0.1")


def print_progress(progress: Progress, book: SchemeBook, inputs: Inputs, console: Console) -> None:
    """Print the progress at its date."""
    language, payee = book.language, inputs.payees[progress.payee]
    when = period.title(inputs.period, language)
    on = period.day_text(progress.days.on, language)
    title = _word("title", language).format(person=in_full(payee, language), period=when, on=on)
    console.print(Text(title, style="bold"))
    console.print(Text(_days(progress.days, language)))
    if not progress.goals:
        console.print(Text(_word("nothing", language)))
        return
    headings = (_word(name, language) for name in ("goal", "actual", "share", "missing", "per_day"))
    table = table_of(texts(_word("kpi", language), widest=_KPI_WIDTH), *(figures(heading) for heading in headings))
    for goal in progress.goals:
        unit = unit_of_kpi(book.kpis[goal.kpi])
        add_row(table, book.kpi_title(goal.kpi), *_cells(goal, unit, language))
    console.print(table)
    if any(goal.actual is None for goal in progress.goals):
        console.print(Text(_word("blank", language)))
    limits = [book.kpi_title(goal.kpi) for goal in progress.goals if book.kpis[goal.kpi].better == "lower"]
    if limits:
        console.print(Text(_word("lower", language).format(kpis=", ".join(limits))))
    if progress.days.by != "all":
        console.print(Text(_word(f"by_{progress.days.by}", language), style="dim"))


def print_person(team: TeamProgress, payroll: Payroll, console: Console) -> None:
    """Print the progress of one requested person, and the forecast pay."""
    (person,) = team.people
    language = payroll.book.language
    print_progress(person.progress, payroll.book, payroll.inputs, console)
    for name, sums in (("now", person.pay.now), ("pace", person.pay.pace), ("plan", person.pay.plan)):
        caption = word(f"people.progress.{name}", language)
        console.print(Text(f"{caption}: {_span(sums, language)} {payroll.book.currency if sums else ''}".rstrip()))


def print_team(team: TeamProgress, payroll: Payroll, console: Console) -> None:
    """Print a row per person: how many goals are reached, the goal furthest behind, the forecast pay."""
    language, people = payroll.book.language, payroll.inputs.payees
    title = f"{word('people.progress.title', language)}: {period.title(payroll.inputs.period, language)}"
    console.print(Text(title, style="bold"))
    console.print(Text(_days(team.days, language)))
    heading, *captions = (word(f"people.progress.{name}", language) for name in ("who", "goals", "now", "pace", "plan"))
    rows = []
    for person in team.people:
        goals = [goal for goal in person.progress.goals if goal.share is not None]
        reached = sum(goal.missing is not None and goal.missing <= 0 for goal in goals)
        done = word("people.progress.of", language).format(done=reached, goal=len(goals)) if goals else DASH
        pay = (_span(sums, language) for sums in (person.pay.now, person.pay.pace, person.pay.plan))
        rows.append([people[person.payee].name, done, *pay])
    totals = (_span(sums, language) for sums in (team.totals.now, team.totals.pace, team.totals.plan))
    rows.append([word("people.progress.everybody", language), "", *totals])
    names = max(len(row[0]) for row in rows)
    widths = _widths(captions, [row[1:] for row in rows], console.width - min(names, _LEAST_NAME))
    room = max(min(console.width - sum(widths) - GAP * len(widths), _NAME_WIDTH), 1)
    table = table_of(
        texts(heading, width=min(room, max(names, len(heading)))),
        *(figures(caption, width=width) for caption, width in zip(captions, widths, strict=True)),
    )
    for name, *cells in rows:
        fitting = (cell if len(cell) <= width else _broken(cell) for cell, width in zip(cells, widths, strict=True))
        add_row(table, name if len(name) <= room else short_name(name), *fitting)
    console.print(table)
    if team.days.by != "all":
        console.print(Text(_word(f"by_{team.days.by}", language), style="dim"))


def _widths(captions: Sequence[str], rows: Sequence[Sequence[str]], free: int) -> list[int]:
    """Return the widths of the figure columns: headings are broken if they do not fit, then ranges are."""
    columns = [[caption, *(row[at] for row in rows)] for at, caption in enumerate(captions)]
    whole = [max(map(len, column)) for column in columns]
    broken = [max(_longest(column[0]), *map(len, column[1:])) for column in columns]
    for widths in (whole, broken):
        if sum(widths) + GAP * len(widths) <= free:
            return widths
    return [max(_longest(column[0]), *(len(line) for text in column[1:] for line in _broken(text).split("\n")))
            for column in columns]  # fmt: skip


def _broken(text: str) -> str:
    """Put the second sum of a range on a line of its own, so that no line breaks inside an amount."""
    return text.replace(" – ", " –\n")


def _longest(text: str) -> int:
    # An amount has no space at which a line may break; a range has two.
    return max(map(len, text.split(" ")))


def _span(sums: Range | None, language: Language) -> str:
    if sums is None:
        return word("people.progress.unknown", language)
    low, high = money(sums.low, language), money(sums.high, language)
    return low if sums.low == sums.high else f"{low} – {high}"


def _cells(goal: Goal, unit: Unit, language: Language) -> list[str]:
    missing = DASH
    if goal.missing is not None:
        missing = show(goal.missing, unit, language) if goal.missing > 0 else _word("done", language)
    per_day = DASH
    if goal.per_day is not None:
        # Rounded up: at this pace the goal is reached.
        per_day = number(goal.per_day.quantize(_TENTH, ROUND_CEILING), language)
    share = DASH if goal.share is None else percent(round(goal.share, 3), language)
    ends = (DASH if value is None else show(value, unit, language) for value in (goal.goal, goal.actual))
    return [*ends, share, missing, per_day]


def _days(days: Days, language: Language) -> str:
    text = _word("all_days" if days.by == "all" else "working_days", language)
    facts = {"passed": number(round(days.passed, 1), language), "whole": number(days.whole, language)}
    return text.format(**facts, share=percent(round(days.passed / days.whole, 3), language), left=days.left)


def _word(name: str, language: Language) -> str:
    return word(f"planning.progress.{name}", language)
