"""Accruals without a minus: who bears what a line takes away. Amounts are typed by hand, the arithmetic beside them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kpicalc.engine.statement import Line
from kpicalc.payroll.folding import folding


def line(name: str, *acts_on: str, component: str = "formula") -> Line:
    return Line(name, name, component, f"line.{name}", acts_on)


def folded(lines: list[Line], amounts: str) -> str:
    return " ".join(str(part) for part in folding(lines)([Decimal(amount) for amount in amounts.split()]))


SALARY, SALES, BONUS, TOP_UP = line("salary", component="base_salary"), line("sales"), line("bonus"), line("top_up")


@pytest.mark.parametrize(
    ("lines", "amounts", "expected"),
    [
        # Nothing is taken away.
        ([SALARY, SALES], "100 20", "100 20"),
        # A cap on one line lowers it.
        ([SALARY, SALES, line("cap", "sales")], "100 50 -20", "100 30 0"),
        # On two lines together, in proportion: 60 and 30 bear 20 as 13.33 and 6.67.
        ([SALARY, SALES, BONUS, line("cap", "sales", "bonus")], "100 60 30 -20", "100 46.67 23.33 0"),
        # A multiplier's gain belongs to what it multiplied: 100 + 20 bear 60 as 50 and 10.
        ([SALES, line("x", "sales"), line("gate", "sales")], "100 20 -60", "50.00 10.00 0"),
        # A gate on a cap's lines by the cap's name.
        ([SALES, line("cap", "sales"), line("gate", "cap")], "100 -40 -60", "0.00 0 0"),
        # Twice in a row: what is left bears the second.
        ([SALES, line("cap", "sales"), line("penalty", "sales")], "100 -40 -15.5", "44.50 0 0"),
        # A clawback acts on the total: the nearest line above first, the salary last.
        ([SALARY, SALES, BONUS, line("clawback")], "100 50 10 -70", "90 0 0 0"),
        # A guarantee below has made up for returns: it bears them, and the salary only what is left.
        ([SALARY, SALES, TOP_UP], "100 -150 200", "100 0 50"),
        ([SALARY, SALES, TOP_UP], "100 -150 100", "50 0 0"),
        # A cap's lines cannot bear it (they had a return): the rest is borne by what stands above.
        ([SALARY, SALES, line("cap", "sales")], "100 10 -30", "80 0.00 0"),
        # A total below zero cannot be folded.
        ([SALARY, SALES], "100 -150", "100 -150"),
        # Whole roubles stay whole kopecks.
        ([SALES, BONUS, line("cap", "sales", "bonus")], "1 1 -1", "0.50 0.50 0"),
    ],
)
def test_who_bears_it(lines: list[Line], amounts: str, expected: str) -> None:
    assert [Decimal(part) for part in folded(lines, amounts).split()] == [Decimal(part) for part in expected.split()]


KOPECKS = some.integers(-10_000_00, 10_000_00).map(lambda kopecks: Decimal(kopecks) / 100)


@given(some.lists(KOPECKS, min_size=1, max_size=7), some.data())
def test_the_total_stays_and_nothing_is_below_zero(amounts: list[Decimal], data: some.DataObject) -> None:
    names = [f"n{at}" for at in range(len(amounts))]
    lines = []
    for at, name in enumerate(names):
        targets = data.draw(some.lists(some.sampled_from(names[:at]), unique=True)) if at else []
        lines.append(line(name, *targets))
    parts = folding(lines)(amounts)
    assert sum(parts) == sum(amounts)
    if sum(amounts) >= 0:
        assert min(parts) >= 0
        assert all(part * 100 == int(part * 100) for part in parts), "whole kopecks stay whole"
