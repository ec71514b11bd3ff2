"""Texts typed at the command line, converted to values: a month, a day, a number, a person, a target."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kpicalc.intake.scheme.settings import Setting, setting
from kpicalc.intake.sheets.names import any_currency, currency_words
from kpicalc.lang import Language, language_of_environment, number, word
from kpicalc.model.days import day_in_text
from kpicalc.model.funnel import FunnelMonth
from kpicalc.model.inputs import Inputs
from kpicalc.model.numbers import number_in_text, without_unit
from kpicalc.model.period import parse
from kpicalc.model.persons import find_people
from kpicalc.model.targets import MOST_GROWTH
from kpicalc.model.texts import by_spelling, clean, nearest, spelling_key

if TYPE_CHECKING:
    from kpicalc.engine.funnel import Target


class NotUnderstood(ValueError):
    """A text without a valid meaning; the message explains what is wrong."""


def month_in(text: str) -> str | None:
    """Return the month of a text as 2026-10; None if it is no month."""
    return parse(text)


def day_in(text: str) -> date | None:
    """Return the day of a text such as 2026-11-05 or 05.11.2026; None if it is no day."""
    return day_in_text(clean(text))


def growth_in(text: str) -> Decimal | None:
    """Return a growth such as 20%; None if it is none. Twenty without its sign would be growth of 2 000 %."""
    value = _number_in(text)
    fits = value is not None and -1 < value <= MOST_GROWTH and (not value or "%" in text)
    return value if fits else None


def step_in(text: str) -> Decimal | None:
    """Return a step of rounding such as 0.01, 1 or 1000; None if it is none."""
    value = _number_in(text)
    fits = value is not None and value > 0 and value.normalize().as_tuple().digits == (1,)
    return value if fits else None


def _number_in(text: str, units: Collection[str] = ()) -> Decimal | None:
    """Return the number of a text as in a cell; an ambiguous one is refused as in a cell."""
    value = number_in_text(text, units)
    if isinstance(value, tuple):
        language = language_of_environment()
        thousands, decimals = (number(reading, language) for reading in value)
        facts = {"found": text.strip(), "thousands": thousands, "decimals": decimals}
        raise NotUnderstood(word("cli.option.two_ways", language).format(**facts))
    return value


def payee_in(inputs: Inputs, text: str, language: Language) -> int:
    """Return the index of the payee whom a text identifies: by personnel number, or by a name that fits one person."""
    wanted = text.strip()
    fits = [index for index, person in enumerate(inputs.payees) if person.id == wanted]
    fits = fits or find_people(wanted, [person.name for person in inputs.payees])
    # A person with several rows is one person.
    fits = list(dict.fromkeys(map(inputs.person_of, fits)))
    if len(fits) == 1:
        return fits[0]
    near = next((person for person in inputs.payees if person.id.lstrip("0") == wanted.lstrip("0")), None)
    phrase = "several" if fits else "not_found_near" if near else "not_found"
    names = ", ".join(str(inputs.payees[index]) for index in fits)
    facts = {"near": near.id, "name": near.name} if near else {}
    raise NotUnderstood(word(f"terminal.explain.{phrase}", language).format(id=wanted, names=names, **facts))


def targets_in(
    text: str | None, funnels: Sequence[FunnelMonth], language: Language, currency: str
) -> "list[Target | None]":
    """Return the target of a text such as `payments=40`, for every funnel that has the stage."""
    if text is None:
        return [None] * len(funnels)
    name, sign, figure = (part.strip() for part in text.partition("="))
    if not (name and sign):
        raise NotUnderstood(word("funnel.target.bad", language).format(found=text))
    amount = _number_in(figure, currency_words(currency))
    if amount is None or amount <= 0 or "%" in figure:
        raise NotUnderstood(word("funnel.target.bad_number", language).format(found=figure))
    names = by_spelling({stage.kpi: stage.title for funnel in funnels for stage in funnel.stages})
    kpi = names.get(spelling_key(name))
    if kpi is None:
        meant = names.get(nearest(name, names))
        near = word("funnel.target.near", language).format(nearest=meant) if meant else ""
        known = ", ".join(dict.fromkeys(names.values()))
        raise NotUnderstood(word("funnel.target.unknown", language).format(found=name, near=near, known=known))
    from kpicalc.engine.funnel import Target

    places = (
        next((number for number, stage in enumerate(funnel.stages) if stage.kpi == kpi), None) for funnel in funnels
    )
    return [None if place is None else Target(place, amount) for place in places]


_MOST_STEPS = 400


def setting_in(text: str) -> Setting:
    """Return option and value of a text such as `sales_manager.commission.rate=18%`."""
    parsed = setting(text)
    if parsed is None:
        raise NotUnderstood(_bad("set", text))
    _number_in(parsed.value, any_currency())
    return parsed


def span_in(text: str) -> tuple[str, list[Decimal]]:
    """Return the KPI and the shares by which a text such as `sales=-20%:20%:5%` (from, to, step) moves it."""
    kpi, _, span = (part.strip() for part in text.rpartition("="))
    known = [value for part in span.split(":") if (value := _number_in(part.strip())) is not None]
    if not kpi or span.count(":") != 2 or len(known) != 3 or "%" not in span:
        raise NotUnderstood(_bad("vary", text))
    if known[0] <= -1:
        raise NotUnderstood(_bad("span", text))
    return kpi, steps_in(known[0], known[1], known[2], text)


def steps_in(first: Decimal, last: Decimal, step: Decimal, text: str) -> list[Decimal]:
    """Return the values from the first to the last one."""
    if step <= 0 or last < first or (last - first) / step > _MOST_STEPS:
        raise NotUnderstood(_bad("span", text))
    return [first + step * number for number in range(int((last - first) / step) + 1)]


def between_in(between: str, step: str) -> tuple[list[Decimal], bool]:
    """Return the values of a range `5%:20%` with a step of `0.1%`, and whether they are shares."""
    ends = [_number_in(part.strip()) for part in between.split(":")]
    known, width = [value for value in ends if value is not None], _number_in(step)
    if len(ends) != 2 or len(known) != 2 or width is None:
        raise NotUnderstood(_bad("between", f"{between}, {step}"))
    signs = {"%" in text for text in (*between.split(":"), step)}
    if len(signs) > 1:
        # 5:20% would be from 500 % to 20 %.
        raise NotUnderstood(_bad("between", f"{between}, {step}"))
    return steps_in(known[0], known[1], width, f"{between}, {step}"), signs.pop()


def fund_in(text: str) -> Decimal:
    """Return an amount such as 3000000 or `3 000 000,50 руб.`."""
    value = _number_in(text, any_currency())
    if value is None or "%" in text or value < 0:
        raise NotUnderstood(_bad("fund", text))
    return value


def fund_currency(text: str, currency: str) -> None:
    """Refuse an amount in a currency other than the scheme's."""
    if without_unit(clean(text), currency_words(currency)) is None:
        raise NotUnderstood(
            word("cli.option.other_currency", language_of_environment()).format(found=text, currency=currency)
        )


def _bad(what: str, text: str) -> str:
    return word(f"cli.option.bad_{what}", language_of_environment()).format(found=text, most=_MOST_STEPS)
