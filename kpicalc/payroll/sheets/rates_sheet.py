"""The Rates sheet: copies of the rate sheets by which rows are paid, so that the Deals sheets look rates up here."""

from collections.abc import Mapping, Sequence
from typing import Any

from kpicalc.lang import Language, word
from kpicalc.model.book import column_letter
from kpicalc.model.deals import RateTable
from kpicalc.model.record import record
from kpicalc.payroll.sheets.grid import quoted, write_formula
from kpicalc.payroll.style import Styles, set_up_print

_FIRST = 2
_WIDTH = 20
_NO_END = 1e15
"""It stands for the end of a step without one: more than any figure of a row."""


@record
class PlacedRates:
    """The place of a rate sheet: the ranges of its keys, of its steps from and up to, of its rates."""

    match: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    rate: str


def write_rates_sheet(
    sheet: Any, name: str, tables: Sequence[RateTable], period: str, styles: Styles, language: Language
) -> Mapping[RateTable, PlacedRates]:
    """Write the rate sheets one below the other, and return their places."""
    across = max((len(table.match) + 2 * len(table.steps) + 1 for table in tables), default=1)
    sheet.set_column(0, across - 1, _WIDTH)
    sheet.write_string(0, 0, word("sheets.rates.title", language).format(period=period), styles.title)
    row, placed = _FIRST, {}
    for table in tables:
        sheet.write_string(row, 0, table.title, styles.note)
        placed[table] = _table(sheet, quoted(name), table, row + 1, styles, language)
        row += len(table.rows) + 4
    sheet.hide_gridlines(2)
    set_up_print(sheet, [_WIDTH] * across, language, upright=True)
    sheet.repeat_rows(0)
    return placed


def _table(sheet: Any, name: str, table: RateTable, head: int, styles: Styles, language: Language) -> PlacedRates:
    matched, first, last = len(table.match), head + 1, head + len(table.rows)
    headings = list(table.match)
    for step in table.steps:
        headings += [step, word("sheets.rates.upto", language).format(heading=step)]
    headings.append(table.rate)
    for column, heading in enumerate(headings):
        sheet.write_string(head, column, heading, styles.head)
    lines = {(*row.match, *row.bounds): at for at, row in enumerate(table.rows)}
    above = styles.bordered(align="right", num_format=_endless(language))
    for at, row in enumerate(table.rows):
        for column, text in enumerate(row.match):
            sheet.write_string(first + at, column, text, styles.text)
        for number, (bound, end) in enumerate(zip(row.bounds, row.ends, strict=True)):
            column = matched + 2 * number
            sheet.write_number(first + at, column, float(bound), styles.term("number", bound))
            if end is None:
                sheet.write_number(first + at, column + 1, _NO_END, above)
            else:
                # A step ends where the next one begins: moving a bound moves both.
                next_row = next(
                    line
                    for key, line in lines.items()
                    if key[: matched + number + 1] == (*row.match, *row.bounds[:number], end)
                )
                cell = f"={column_letter(column)}{first + next_row + 1}"
                write_formula(sheet, first + at, column + 1, cell, styles.figure("number", (end,)), float(end))
        sheet.write_number(first + at, len(headings) - 1, float(row.rate), styles.term("percent", row.rate))

    def area(column: int) -> str:
        return f"{name}!${column_letter(column)}${first + 1}:${column_letter(column)}${last + 1}"

    steps = ((area(matched + 2 * number), area(matched + 2 * number + 1)) for number in range(len(table.steps)))
    return PlacedRates(tuple(map(area, range(matched))), tuple(steps), area(len(headings) - 1))


def _endless(language: Language) -> str:
    return f'"{word("sheets.rates.no_end", language)}"'
