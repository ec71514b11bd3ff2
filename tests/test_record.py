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
class Bill(Cell):
    lines: list[int] = field(default_factory=list)
    paid: bool = False
    make1: dict[str, int] = field(default_factory=lambda: {"MISSING": 1})


@record
class Doubled:
    value: int

    def __post_init__(self):
        self.value *= 2


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


def test_a_constructor_makes_what_is_not_stated_anew_for_each_object():
    one, other = Bill("План"), Bill("План", 2, "seen", [5], make1={})
    one.lines.append(7)
    assert (one.row, one.lines, one.paid, one.make1) == (0, [7], False, {"MISSING": 1})
    assert (other.note, other.lines, other.paid, other.make1) == ("seen", [5], False, {})
    assert Bill("План").lines == []
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'sheet'"):
        Bill()
    with pytest.raises(TypeError, match="unexpected keyword argument 'column'"):
        Cell("План", column=1)


def test_what_a_class_does_after_its_constructor_is_done():
    assert Doubled(3).value == 6


def test_constructors_of_one_shape_are_of_their_own_classes():
    assert (Cell("a", 1, "b").note, Bill("a").row, Total("a", of=(2,)).of) == ("b", 0, (2,))
    assert Cell.__init__ is not Bill.__init__


def test_a_record_has_slots_unless_a_property_is_cached():
    with pytest.raises(AttributeError):
        Cell("План").other = 1
    assert Sum((1, 2)).total == 3


def test_a_class_whose_fields_are_assigned_to_is_a_record_too():
    @record(frozen=False)
    class Count:
        known: list[str] = field(default_factory=list)
        rows: int = 0

    count = Count(rows=2)
    count.rows += 1
    count.known.append("План")
    assert count == Count(["План"], 3)
    assert Count() == Count([], 0)
