"""Classes of frozen data behave as frozen dataclasses with slots do, as far as anybody relies on it."""

from dataclasses import field, replace
from functools import cached_property

import pytest

from kpicalc.model.record import record


@record
class Cell:
    sheet: str
    row: int = 0
    note: str = field(default="", compare=False)


@record
class Total(Cell):
    of: tuple[int, ...] = ()


@record(slots=False)
class Sum:
    values: tuple[int, ...]

    @cached_property
    def total(self):
        return sum(self.values)


@record(kw_only=True)
class Named(Cell):
    name: str


@record
class Nothing:
    pass


def test_records_are_compared_by_the_fields_that_count():
    assert Cell("План", 2, "seen") == Cell("План", 2)
    assert Cell("План", 2) != Cell("План", 3)
    assert len({Cell("План", 2, "seen"), Cell("План", 2), Cell("Факт", 2)}) == 2
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


def test_a_record_of_another_class_is_another_record():
    assert Total("План", 2) != Cell("План", 2)
    assert Cell("План", 2) != ("План", 2)


def test_a_record_is_told_changed_and_taken_apart():
    assert repr(Total("План", 2, of=(1,))) == "Total(sheet='План', row=2, note='', of=(1,))"
    assert replace(Cell("План", 2, "seen"), row=3) == Cell("План", 3)
    match Cell("План", 2):
        case Cell(sheet, row):
            assert (sheet, row) == ("План", 2)
    assert Named("План", name="Итого").name == "Итого"


def test_a_record_has_slots_unless_a_property_is_cached():
    with pytest.raises(AttributeError):
        Cell("План").other = 1
    assert Sum((1, 2)).total == 3
