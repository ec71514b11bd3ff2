"""Numbers of one table of which some have a per cent sign and others none: `pays: 80%` beside `pays: 1`.

1 is 100 %, and easily typed for 1 %. Zero is the same either way, and a fraction (1/3) cannot be written as a per cent.
Rates of one table, some below zero and others above it, make a remark too: -10% beside 14%; in rate sheets likewise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from pydantic import BaseModel

from kpicalc.engine.lint.rule import Keys, Remark, Rule, Subject, of_kpi, of_scheme, remark
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.model.deals import RateTable
from kpicalc.model.entry import PerCent
from kpicalc.model.money import places

Numbers = list[tuple[Keys, Decimal]]
_FRACTION = 9
"""More decimal places than anybody types."""


def _find(subject: Subject) -> Iterator[Remark]:
    book, language = subject.book, subject.book.language
    found: list[tuple[str, Keys, Keys, Numbers]] = []
    for key, kpi in book.kpis.items():
        numbers: Numbers = [(("season", month), share) for month, share in kpi.season.items()]
        found.append((book.kpi_title(key), of_kpi(key), of_kpi(key), numbers))
    for key, scheme in book.schemes.items():
        for item in scheme.pay:
            title = item.component.called(language)
            found += [(title, of_scheme(key), (*item.path, item.name), table) for table in tables(item.component)]
    for title, about, path, numbers in found:
        plain = [(keys, value) for keys, value in numbers if _is_plain(value)]
        signed = [value for _, value in numbers if isinstance(value, PerCent) and value]
        if plain and signed:
            keys, value = plain[0]
            facts = {
                "title": title,
                "option": ": ".join(key for key in keys if isinstance(key, str) and key != "payout"),
                "found": ", ".join(f"{value.normalize():f}" for _, value in plain),
                "beside": show(signed[0], "percent", language),
                "shown": show(value, "percent", language),
            }
            yield remark("mixed_units", book.source.place(*path, *keys), tuple(map(str, about)), **facts)
        rates = [(keys, value) for keys, value in numbers if keys[-1] == "rate" or keys[0] == "levels"]
        below = [(keys, value) for keys, value in rates if value < 0]
        if below and (above := [value for _, value in rates if value > 0]):
            # Amounts have no per cent sign, and shares may have none: each is shown as it was written.
            unit: Unit = "percent" if isinstance(below[0][1], PerCent) else "number"
            shown = {"found": show(below[0][1], unit, language), "beside": show(above[0], unit, language)}
            place = book.source.place(*path, *below[0][0])
            yield remark("mixed_signs", place, tuple(map(str, about)), title=title, **shown)
    for sheet in _rate_sheets(subject):
        signs = [[row for row in sheet.rows if row.rate < 0], [row for row in sheet.rows if row.rate > 0]]
        if all(signs):
            odd, beside = (show(rows[0].rate, "percent", language) for rows in signs)
            yield remark("mixed_signs", signs[0][0].place, title=sheet.title, found=odd, beside=beside)


def _rate_sheets(subject: Subject) -> Iterable[RateTable]:
    """Return the rate sheets by which rows of the month are paid, each once."""
    paid = subject.inputs.paid_rows.values() if subject.inputs else ()
    return {id(rows.rates): rows.rates for rows in paid if rows.rates is not None}.values()


def _is_plain(value: Decimal) -> bool:
    return bool(value) and not isinstance(value, PerCent) and places(value) < _FRACTION


def tables(entry: object, path: Keys = ()) -> Iterator[Numbers]:
    """Yield the groups of numbers with one meaning in a scheme entry: a column of a table, weights, a matrix."""
    if isinstance(entry, BaseModel):
        for name, field in type(entry).model_fields.items():
            yield from tables(getattr(entry, name), (*path, field.alias or name))
        return
    if isinstance(entry, Mapping):
        items: list[tuple[str | int, object]] = list(entry.items())
    elif isinstance(entry, Sequence) and not isinstance(entry, str):
        items = list(enumerate(entry))
    else:
        return
    columns: dict[object, Numbers] = {}
    for key, value in items:
        if isinstance(value, Decimal):
            columns.setdefault("", []).append(((*path, key), value))
        elif isinstance(value, BaseModel):
            for name, field in type(value).model_fields.items():
                if isinstance(number := getattr(value, name), Decimal):
                    columns.setdefault(name, []).append(((*path, key, field.alias or name), number))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            columns.setdefault("", []).extend(
                ((*path, key, index), number) for index, number in enumerate(value) if isinstance(number, Decimal)
            )
    yield from columns.values()
    for key, value in items:
        if isinstance(value, BaseModel):
            for name, field in type(value).model_fields.items():
                if not isinstance(getattr(value, name), Decimal):
                    yield from tables(getattr(value, name), (*path, key, field.alias or name))


_CODES = ("mixed_units", "mixed_signs")
RULE = Rule(_CODES, _find, when="always", by_rates=("mixed_signs",))
