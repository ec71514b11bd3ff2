"""Pages of a month in progress: one for the head with all people, and one for each person."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from markupsafe import Markup, escape

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.probing.missing import missing_of
from kpicalc.engine.probing.next_step import NextStep
from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, money, number, word
from kpicalc.model.period import day_text, first_day
from kpicalc.model.period import title as month_title
from kpicalc.model.progress import Days, Goal, Range
from kpicalc.model.team_progress import PersonProgress, TeamProgress
from kpicalc.people.drawing import bullet, heat_map
from kpicalc.people.page import environment, figure_text, phrases, text
from kpicalc.people.statement import LEAST_OTHERS
from kpicalc.screen.next_steps import steps_of_rows, told_steps
from kpicalc.screen.person import in_full

_NEAREST = 12
"""How many of the people nearest to the next step the head's page names."""
_TENTH = Decimal("0.1")


def team_page(payroll: Payroll, team: TeamProgress, steps: Mapping[int, Sequence[NextStep]], organisation: str) -> str:
    """Return the head's page."""
    maps = [
        {"title": payroll.book.kpi_title(kpi), "picture": Markup(picture)}  # noqa: S704 - names in it are escaped
        for kpi, by_payee in team.by_day.items()
        if (picture := _heat(payroll, team, by_payee))
    ]
    return (
        environment()
        .get_template("progress_team.html")
        .render(
            **_common(payroll, team, organisation),
            totals=team.totals,
            people=[_person(payroll, person) for person in team.people],
            near=list(_nearest(payroll, team, steps)),
            maps=maps,
        )
    )


def person_page(
    payroll: Payroll, team: TeamProgress, person: PersonProgress, steps: Sequence[NextStep], organisation: str
) -> str:
    """Return a person's own page, without figures of anybody else."""
    shown = _person(payroll, person) | {
        "next_steps": [
            *told_steps(steps, payroll.book, least_others=LEAST_OTHERS),
            *steps_of_rows(payroll, person.payee),
        ],
        "missing": [item.title for item in missing_of(payroll, person.payee)],
    }
    return environment().get_template("progress_person.html").render(**_common(payroll, team, organisation), one=shown)


def span(sums: Range | None, language: Language) -> str:
    """Write a sum, or the two sums between which it lies."""
    if sums is None:
        return word("people.progress.unknown", language)
    low, high = money(sums.low, language), money(sums.high, language)
    return low if sums.low == sums.high else f"{low} – {high}"


def _common(payroll: Payroll, team: TeamProgress, organisation: str) -> dict[str, object]:
    language = payroll.book.language
    return phrases(language) | {
        "p": lambda name: word(f"people.progress.{name}", language),
        "css": Markup(text("style.css")),  # noqa: S704 - our own file
        "span": lambda sums: span(sums, language),
        "month": month_title(payroll.inputs.period, language),
        "organisation": organisation,
        "currency": payroll.book.currency,
        "passed": passed(team.days, language),
    }


def passed(days: Days, language: Language) -> str:
    """Say how many days of the month have passed."""
    facts = {"passed": number(round(days.passed, 1), language), "whole": number(days.whole, language)}
    return word("people.progress.passed", language).format(on=day_text(days.on, language), **facts)


def _person(payroll: Payroll, person: PersonProgress) -> dict[str, object]:
    payee = payroll.inputs.person(person.payee)
    return {
        "name": payee.name,
        "number": payee.id if payee.has_number else "",
        "person": in_full(payee, payroll.book.language),
        "where": ", ".join(part for part in (payee.department, payee.position) if part),
        "pay": person.pay,
        "goals": [_goal(payroll, goal, person.progress.days) for goal in person.progress.goals],
    }


def _goal(payroll: Payroll, goal: Goal, days: Days) -> dict[str, object]:
    book, language = payroll.book, payroll.book.language
    kpi = book.kpis[goal.kpi]
    unit = unit_of_kpi(book.kpis[kpi.of] if kpi.of and not kpi.unit else kpi)

    def figure(value: Decimal | None) -> str:
        return figure_text(value, unit, language)

    share = goal.share
    if kpi.better == "lower" and share is not None:
        # The goal is a limit here: the bar is full if it is kept.
        share = 1 / share if share else Decimal(1)
    title = book.kpi_title(goal.kpi)
    if goal.of_team:
        title = word("people.progress.of_team", language).format(title=title)
    done, wanted = figure(goal.actual), figure(goal.goal)
    reached = goal.missing is not None and goal.missing <= 0
    left = word("people.progress.reached", language) if reached else figure(goal.missing)
    per_day = "—" if goal.per_day is None else number(goal.per_day.quantize(_TENTH, ROUND_CEILING), language)
    label = word("people.progress.of", language).format(done=done, goal=wanted)
    due = days.passed / days.whole if days.whole else Decimal(0)
    # A level is due in full from the first day; a limit has no daily share either.
    marked = due if goal.per_day is not None or reached else Decimal(0)
    bar = "" if goal.goal is None else bullet(goal.share, marked, escape(f"{title}: {label}"))
    return {
        "title": title,
        "goal": wanted,
        "done": done,
        "left": left,
        "per_day": per_day,
        "text": label if goal.goal is not None else done,
        "bar": Markup(bar),  # noqa: S704 - the label is escaped
    }


def _nearest(payroll: Payroll, team: TeamProgress, steps: Mapping[int, Sequence[NextStep]]) -> Iterator[dict[str, str]]:
    """Yield the people nearest to a jump of pay, with the share of the way that they have covered."""
    jumps = [
        (abs(step.jump.more) / max(abs(step.jump.result), Decimal(1)), person.payee, step)
        for person in team.people
        for step in steps.get(person.payee, ())
        if step.jump and step.jump.sudden
    ]
    for _, payee, step in sorted(jumps, key=lambda item: (item[0], item[1], item[2].kpi))[:_NEAREST]:
        ((title, text),) = told_steps([step], payroll.book, least_others=len(payroll.inputs.payees) + 1)
        yield {"name": payroll.inputs.payees[payee].name, "title": title, "text": text}


def _heat(payroll: Payroll, team: TeamProgress, by_payee: Mapping[int, Mapping[date, Decimal]]) -> str:
    first = first_day(payroll.inputs.period)
    days = [first + timedelta(days=at) for at in range((team.on - first).days + 1)]
    rows = [
        (escape(payroll.inputs.payees[one.payee].name), [by_payee[one.payee].get(day, Decimal(0)) for day in days])
        for one in team.people
        if one.payee in by_payee
    ]
    return heat_map(rows, [str(day.day) for day in days]) if rows and days else ""
