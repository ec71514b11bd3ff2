"""Slips in one cell: another number, another writing of it, a date typed wrongly, a letter too few."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from .slips import Slip, is_number, latin, swap
from .writing import Writing

_TIMES = {"tenfold": 10, "hundredfold": 100, "thousandfold": 1000, "tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001}


def of_cell(sheet: Worksheet, cell: Cell, title: str, writing: Writing) -> Iterator[Slip]:
    """Yield what may happen to a cell with something in it."""

    def slip(kind: str, value: Any, *, honest: bool = False) -> Slip:
        return Slip(kind, sheet.title, cell.coordinate, title, {cell.coordinate: value}, honest=honest)

    value = cell.value
    yield slip("blank", None)
    yield slip("dash", "-")
    yield slip("error", "#N/A")
    below = sheet.cell(cell.row + 1, cell.column)
    if below.value is not None and below.value != value:
        # Either value is as good in either cell: no program knows whose it is.
        yield Slip("swapped_below", sheet.title, cell.coordinate, title, swap(cell, below), honest=True)
    beside = sheet.cell(cell.row, cell.column + 1)
    if beside.value is not None and beside.value != value:
        yield Slip("swapped_beside", sheet.title, cell.coordinate, title, swap(cell, beside))
    if is_number(value):
        changes = _of_number(value, writing)
    elif isinstance(value, date | datetime):
        changes = _of_day(value, writing)
    else:
        changes = _of_text(value) if isinstance(value, str) and not value.startswith("=") else iter(())
    for kind, new, honest in changes:
        yield slip(kind, new, honest=honest)


def _of_number(value: float, writing: Writing) -> Iterator[tuple[str, Any, bool]]:
    yield "one_more", value + 1, True
    yield "zero", 0, True
    digits = f"{value:g}" if isinstance(value, float) else str(value)
    if len(whole := digits.partition(".")[0].lstrip("-")) > 1 and whole[0] != whole[1] != "0":
        # Two digits typed the other way round give a number as plausible as the one before.
        yield "digits_swapped", type(value)(digits.replace(whole, whole[1] + whole[0] + whole[2:], 1)), True
    for kind, factor in _TIMES.items():
        yield kind, round(value * factor, 9), False
    yield "minus", -value, False
    yield "minus_behind", f"{abs(value)}-", False
    yield "as_text", writing.number(value), False
    yield "grouped", writing.grouped(value), False
    yield "thousands", f"{value / 1000:.3f}".replace(".", writing.other_thousands), False
    yield "two_commas", f"{value},5,0", False
    yield "with_per_cent", f"{value}%", False
    yield "with_unit", f"{value} {writing.unit}", False
    yield "in_thousands", f"{value / 1000:g}".replace(".", writing.decimal) + writing.in_thousands, False
    letter = writing.letter_for_zero
    yield "letter_for_zero", f"{value}".replace("0", letter) if "0" in f"{value}" else f"{value}{letter}", False


def _of_day(value: date | datetime, writing: Writing) -> Iterator[tuple[str, Any, bool]]:
    month = 12 if value.month == 1 else value.month - 1
    yield "month_before", value.replace(year=value.year - (month == 12), month=month, day=1), False
    yield "year_before", value.replace(year=value.year - 1, day=1), False
    if value.day <= 12 and value.day != value.month:
        yield "day_month_swapped", value.replace(month=value.day, day=value.month), False
    yield "date_as_text", value.strftime(writing.day), False
    yield "two_digit_year", value.strftime(writing.day.lower()), False
    yield "day_without_year", value.strftime(writing.day[:5]), False


def _of_text(value: str) -> Iterator[tuple[str, Any, bool]]:
    yield "last_letter", value[:-1] or "x", False
    yield "blank_behind", value + " ", False
    yield "hard_space", value.replace(" ", "\N{NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}", False
    yield "capitals", value.swapcase(), False
    if latin(value) != value:
        yield "latin", latin(value), False
    if "ё" in value or "е" in value:
        yield "yo", value.replace("ё", "е") if "ё" in value else value.replace("е", "ё", 1), False
    if value.isdecimal() and value != str(int(value)):
        yield "zeros_lost", int(value), False
