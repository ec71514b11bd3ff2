"""The price of the next step in words and as data."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.probing.missing import statement_of
from kpicalc.engine.probing.next_step import NextStep
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.sources import PaidByRow
from kpicalc.engine.tree.words import show
from kpicalc.lang import MINUS, NBSP, Language, in_quotes, money, number, word
from kpicalc.model.scheme import SchemeBook
from kpicalc.screen.data.json import money_text


def told_steps(steps: Sequence[NextStep], book: SchemeBook, *, least_others: int = 1) -> list[tuple[str, str]]:
    """Return for every indicator its title and, in a few sentences, what the next step pays.

    What colleagues get is shown only for at least a minimum number of them: with one or two it would reveal their pay.
    """
    return [(book.kpi_title(step.kpi), " ".join(_sentences(step, book, least_others))) for step in steps]


def steps_of_rows(payroll: Payroll, index: int) -> list[tuple[str, str]]:
    """Return for every line that pays rows of facts its title, and why the pay of one more row is unknown."""
    statement, book = statement_of(payroll, index), payroll.book
    sources = [figure.source for figure in statement.given()] if statement else []
    lines = {line.id: line.title for line in statement.lines} if statement else {}
    texts = []
    for source in sources:
        if isinstance(source, PaidByRow):
            rates = source.rule.rates
            sheet = book.rates[rates].called or rates if isinstance(rates, str) else ""
            phrase = "row_of_sheet" if sheet else "row_of_tiers"
            texts.append((lines[source.line], _say(phrase, book.language, rates=sheet)))
    return texts


def _sentences(step: NextStep, book: SchemeBook, least_others: int) -> Iterator[str]:
    language = book.language
    size = _amount(abs(step.step), step.kpi, book, size=True)
    costly = step.step < 0
    if step.gain:
        yield _say("less" if costly else "more", language, step=size, gain=signed(step.gain, language))
    elif step.jump or (step.gain == 0 and not step.ceiling):
        # Without a ceiling more does pay, only by less than a rouble at a time.
        yield _say("not_yet", language, step=size)
    elif step.later:
        yield _say("later_alone", language)
    elif step.ceiling:
        yield _ceiling(step, language)
    elif step.gain is None and costly and not step.actual:
        yield _say("best", language)
    else:
        yield _say("no_effect", language)
    if step.later and step.gain:
        yield _say("later", language)
    if step.cost and step.cost < 0:
        yield _say("cost", language, step=size, gain=signed(step.cost, language))
    if step.others and step.others_count >= least_others:
        facts = {"gain": signed(step.others, language), "count": step.others_count}
        yield _say("others", language, **facts)
    if jump := step.jump:
        facts = {
            "more": _amount(abs(jump.more), step.kpi, book, size=True),
            "at": _amount(jump.result, step.kpi, book),
            "step": size,
            "gain": signed(jump.step_gain, language),
            "whole": signed(jump.gain, language),
            "lines": ", ".join(in_quotes(title, language) for title in jump.lines),
        }
        if not jump.sudden:
            yield _say("bend", language, **facts)
        else:
            yield _say("fall" if costly else "jump", language, **facts)


def _ceiling(step: NextStep, language: Language) -> str:
    assert step.ceiling is not None
    ceiling = step.ceiling
    if ceiling.takes and set(ceiling.rises) & set(ceiling.lines):
        return _say("taken", language, lines=", ".join(in_quotes(title, language) for title in ceiling.takes))
    if not ceiling.lines:
        return _say("no_effect", language)
    lines = ", ".join(in_quotes(title, language) for title in ceiling.lines)
    return _say("together" if ceiling.together else "top", language, lines=lines)


def signed(value: Decimal, language: Language) -> str:
    """Write an amount with its sign: +200,00."""
    text = money(abs(value), language)
    return f"{MINUS if value < 0 else '+'}{text}"


def _amount(value: Decimal, kpi: str, book: SchemeBook, *, size: bool = False) -> str:
    unit = unit_of_kpi(book.kpis[kpi])
    if size and unit == "percent":
        return _say("points", book.language, count=number(value * 100, book.language))
    text, written = show(value, unit, book.language), book.kpis[kpi].unit
    return f"{text}{NBSP}{written}" if written and unit != "percent" else text


def _say(phrase: str, language: Language, **facts: object) -> str:
    return word(f"people.next.{phrase}", language).format(**facts)


def steps_data(steps: Sequence[NextStep], book: SchemeBook) -> list[dict[str, Any]]:
    """Return the next steps as programs read them."""
    return [
        {
            "kpi": step.kpi,
            "title": book.kpi_title(step.kpi),
            "of_department": step.of_team,
            "actual": f"{step.actual:f}",
            "step": f"{step.step:f}",
            "gain": None if step.gain is None else money_text(step.gain),
            "cost": None if step.cost is None else money_text(step.cost),
            "others": {"amount": money_text(step.others), "count": step.others_count},
            "later": step.later,
            "jump": {
                "more": f"{step.jump.more:f}",
                "at": f"{step.jump.result:f}",
                "gain": money_text(step.jump.gain),
                "step_gain": money_text(step.jump.step_gain),
                "sudden": step.jump.sudden,
                "lines": list(step.jump.lines),
            }
            if step.jump
            else None,
            "ceiling": {
                "taken_by": list(step.ceiling.takes),
                "lines": list(step.ceiling.lines),
                "together": step.ceiling.together,
            }
            if step.ceiling
            else None,
        }
        for step in steps
    ]
