"""Pools: the parts are the whole, to the kopeck, whatever the coefficients, the rounding and the order of rows."""

import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import rounded
from recalculation import ENGINES, IronCalc, LibreOffice, differences, lines, paid, pay, totals
from test_next_step import assert_as_two_runs
from test_properties import PROPERTY, rows_sorted

from kpicalc.engine.probing.next_step import next_steps
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: en
rules: {{money: {{round: {step}, ties: {ties}}}, missing: {missing}}}
kpis:
  points: {{title: Points}}
  sales: {{title: Sales, unit: RUB}}
  dep: {{title: Dep, unit: RUB, team: sum, of: sales}}
schemes:
  one:
    title: One
    for: {{position: P}}
    pay:
      - {first}
  two:
    title: Two
    for: {{position: Q}}
    pay:
      - {second}
"""
POOL = "pool: {{{money}, by: {by}, among: {among}, residual: running_total}}"
EVERYBODY = POOL.format(money="amount: 100000", by="points", among="everybody")
Person = tuple[str, str, str, object, object, object]
"""Number, department, position, points, days worked, sales."""


def scheme(first: str, second: str = "", *, step: str = "0.01", ties: str = "half_up", missing: str = "error") -> str:
    return SCHEME.format(first=first, second=second or first, step=step, ties=ties, missing=missing)


def sheets(people: list[Person]) -> dict[str, list[list[object]]]:
    return {
        "Employees": [["Personnel number", "Name", "Department", "Position", "Days worked"]]
        + [[number, f"N{number}", department, position, days] for number, department, position, _, days, _ in people],
        "Actuals": [["Personnel number", "Points", "Sales"]]
        + [[number, points, sales] for number, _, _, points, _, sales in people],
    }


def persons(*points: object) -> list[Person]:
    return [(f"{at:03}", "D", "PQ"[at % 2], point, 20, 0) for at, point in enumerate(points)]


COEFFICIENTS = st.lists(st.decimals(min_value=0, max_value=50, places=3), min_size=1, max_size=9)
MANNERS = st.tuples(
    st.sampled_from(["0.01", "1", "10", "0.001"]), st.sampled_from(["half_up", "half_even", "down", "up"])
)


@PROPERTY
@given(
    amount=st.decimals(min_value=0, max_value=10**6, places=2),
    points=COEFFICIENTS,
    manner=MANNERS,
    among=st.sampled_from(["everybody", "department"]),
    chance=st.randoms(use_true_random=False),
)
def test_parts_sum_to_the_whole(
    amount: Decimal,
    points: list[Decimal],
    manner: tuple[str, str],
    among: str,
    chance: random.Random,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """And a part is a running total's difference, whichever way the rows stand."""
    assume(any(points))
    step, ties = manner
    text = scheme(POOL.format(money=f"amount: {amount}", by="points", among=among), step=step, ties=ties)
    people = persons(*map(float, points))
    chance.shuffle(people)
    found = totals(paid(tmp_path_factory.mktemp("pool"), text, sheets(people)))
    whole = rounded(Fraction(amount), Fraction(step), ties)
    assert sum(map(Fraction, found.values())) == whole
    expected, so_far = {}, Fraction(0)
    for at, point in enumerate(points):
        share = [
            rounded(whole * part / sum(map(Fraction, points)), Fraction(step), ties)
            for part in (so_far, so_far + Fraction(point))
        ]
        so_far += Fraction(point)
        expected[f"{at:03}"] = share[1] - share[0]
    assert {number: Fraction(part) for number, part in found.items()} == expected


def test_a_part_is_within_a_kopeck_of_the_exact_one(tmp_path: Path) -> None:
    """Nobody loses to the residual more than the smallest coin."""
    points = [1, 1, 1, 7, 0.3, 2.25, 13]
    found = totals(paid(tmp_path, scheme(EVERYBODY), sheets(persons(*points))))
    whole = sum(Fraction(str(point)) for point in points)
    for at, point in enumerate(points):
        assert abs(Fraction(found[f"{at:03}"]) - 100000 * Fraction(str(point)) / whole) <= Fraction(1, 100)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_spreadsheet_agrees(engine: type[IronCalc | LibreOffice], tmp_path: Path) -> None:
    """Departments with their own pools from their sales, coefficients of many decimals, two schemes in one pool."""
    chance = random.Random(7)
    people: list[Person] = [
        (f"{at:03}", f"D{at % 3}", "PQ"[at % 2], chance.choice([0.1 + 0.2, 1 / 3, 1.15, 0, 2]),
         chance.choice([0, 7.5, 21, 22]), chance.choice([100.035, 99999.99, 0.05, 1234567.89]))
        for at in range(60)
    ]  # fmt: skip
    chance.shuffle(people)
    text = scheme(POOL.format(money="on: dep, rate: 1/3", by="[points, days_worked]", among="department"))
    outcome = paid(tmp_path, text, sheets(people))
    assert not differences(outcome.files[0], engine)
    parts, sales = defaultdict(Fraction), defaultdict(Fraction)
    for number, department, *_, sold in people:
        parts[department] += Fraction(totals(outcome)[number])
        sales[department] += Fraction(f"{sold:.15g}")
    assert dict(parts) == {key: Fraction(floor(sold / 3 * 100 + Fraction(1, 2)), 100) for key, sold in sales.items()}


COMPUTED = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}}
kpis:
  points: {title: Points}
  sales: {title: Sales, unit: RUB}
  gain: {title: Gain, unit: RUB, formula: sales * 30% - points * 100}
  eligible: {title: Eligible, formula: sales >= 100000}
schemes:
  one:
    title: One
    for: {position: P}
    pay: &pay
      - pool: {id: alike, title: Alike, amount: 10000, by: eligible, among: everybody, empty: pays_nothing}
      - pool: {id: gained, title: Gained, on: gain, rate: 7%, by: "max(0, gain) / 3", among: department}
      - pool: {id: of_line, title: Of a line, amount: 777.77, by: "alike + 1", among: everybody}
  two:
    title: Two
    for: {position: Q}
    pay: *pay
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_computed_coefficients_are_shared_and_recalculated(
    engine: type[IronCalc | LibreOffice], tmp_path: Path
) -> None:
    """A condition, an expression, a line of the person; a pool of a computed result; each adds up to its whole."""
    chance = random.Random(11)
    people: list[Person] = [
        (f"{at:03}", f"D{at % 3}", "PQ"[at % 2], chance.choice([0, 1, 2.5]), 20,
         chance.choice([100000, 99999.99, 0.05, 1234567.89, 100.035]))
        for at in range(40)
    ]  # fmt: skip
    outcome = paid(tmp_path, COMPUTED, sheets(people))
    assert not differences(outcome.files[0], engine)
    pools = [sum((lines(outcome, person[0])[name] for person in people), Decimal(0)) for name in ("alike", "of_line")]
    assert pools == [Decimal(10000), Decimal("777.77")]
    gained, gains = defaultdict(Decimal), defaultdict(Fraction)
    for number, department, _, points, _, sold in people:
        gained[department] += lines(outcome, number)["gained"]
        gains[department] += Fraction(str(sold)) * 30 / 100 - Fraction(str(points)) * 100
    for department, gain in gains.items():
        assert Fraction(gained[department]) == rounded(gain * 7 / 100, Fraction(1, 100), "half_up")


def test_the_next_step_of_a_computed_coefficient_is_worth_two_runs(tmp_path: Path) -> None:
    """What a sale makes of one's part, and takes from the parts of the others, by way of the line it is made of too."""
    people: list[Person] = [
        (f"{at:03}", f"D{at % 2}", "PQ"[at % 2], at, 20, sold)
        for at, sold in enumerate([99500, 100000, 250000, 99999.5, 1000])
    ]
    outcome = paid(tmp_path, COMPUTED, sheets(people))
    assert outcome.payroll
    found = next_steps(outcome.payroll)
    assert assert_as_two_runs(outcome.payroll, (step for steps in found.values() for step in steps)) == 9


@pytest.mark.parametrize("ties", ["half_up", "half_even", "down", "up"])
@pytest.mark.parametrize("step", ["0.01", "1"])
def test_a_spreadsheet_rounds_running_totals_alike(ties: str, step: str, tmp_path: Path) -> None:
    """Two large totals differ by a float's noise, which cutting off would turn into a kopeck."""
    points = [1, 2, 3.3, 0.1 + 0.2, 7.123456789, 1, 1 / 3, 40, 0]
    text = scheme(POOL.format(money="amount: 87654321.99", by="points", among="everybody"), step=step, ties=ties)
    assert not differences(paid(tmp_path, text, sheets(persons(*points))).files[0])


def test_a_pool_too_large_for_a_spreadsheet_says_so(tmp_path: Path) -> None:
    """Each part is small, and the running totals are not."""
    text = scheme(POOL.format(money="amount: 1200000000", by="points", among="everybody"), ties="down")
    outcome = paid(tmp_path, text, sheets(persons(1, 1)))
    assert "large_amount" in {item.code for item in outcome.issues}


def test_sorting_a_calculation_changes_nobodys_part(tmp_path: Path) -> None:
    outcome = paid(tmp_path, scheme(EVERYBODY), sheets(persons(1, 2, 3, 4, 5, 6, 7, 8)))
    found = totals(outcome)
    rows_sorted(outcome.files[0], "Calculation One", random.Random(3))
    engine = IronCalc(outcome.files[0])
    shown = {engine.value("Payroll", row, 2): engine.value("Payroll", row, 7) for row in range(5, 13)}
    assert {number: Decimal(str(round(float(part or 0), 2))) for number, part in shown.items()} == found


def test_who_is_held_for_something_else_keeps_a_part(tmp_path: Path) -> None:
    """Their coefficient is known: the part waits for them, and the others' parts are what they are."""
    first = POOL.format(money="amount: 90", by="points", among="everybody")
    second = first + "\n      - commission: {on: sales, rate: 10%}"
    people = persons(1, 1, 1)
    people[1] = (*people[1][:5], None)
    outcome = pay(tmp_path, scheme(first, second, missing="hold"), sheets(people))
    assert totals(outcome) == {"000": Decimal(30), "002": Decimal(30)}
    assert outcome.payroll is not None
    assert outcome.payroll.held == (1,)


def test_without_a_coefficient_nobody_of_the_pool_is_paid(tmp_path: Path) -> None:
    """Another department has a pool of its own, and is."""
    people = [*persons(1, None, 1), ("003", "Other", "P", 1, 20, 0)]
    text = scheme(EVERYBODY.replace("everybody", "department"), missing="hold")
    outcome = pay(tmp_path, text, sheets(people))
    assert totals(outcome) == {"003": Decimal(100000)}
    assert [item.code for item in outcome.issues if item.code in ("blank_holds", "pool_holds")] == [
        "blank_holds", "pool_holds", "pool_holds",
    ]  # fmt: skip


def test_a_scheme_shares_its_own_pool(tmp_path: Path) -> None:
    """Two schemes, each with a pool of 100 000 among its own people."""
    text = scheme(EVERYBODY.replace("everybody", "scheme"))
    outcome = paid(tmp_path, text, sheets(persons(1, 1, 3)))
    assert totals(outcome) == {"000": Decimal(25000), "001": Decimal(100000), "002": Decimal(75000)}


def test_everybody_of_both_schemes_shares_one_pool(tmp_path: Path) -> None:
    outcome = paid(tmp_path, scheme(EVERYBODY), sheets(persons(1, 1, 3)))
    assert totals(outcome) == {"000": Decimal(20000), "001": Decimal(20000), "002": Decimal(60000)}
    assert lines(outcome, "001") == {"pool": Decimal(20000)}


def test_the_explanation_names_who_shares(tmp_path: Path) -> None:
    outcome = paid(tmp_path, scheme(EVERYBODY), sheets(persons(1, 2.5)))
    assert outcome.payroll is not None
    told = explanation(outcome.payroll, 1)
    assert "Points: everybody: 3.5 is the sum over those who share: 2, by personnel number\n    000 N000: 1\n" in told
    assert "Points: those before: 1\n" in told


def test_people_without_a_department_share_no_departments_pool(tmp_path: Path) -> None:
    people = [*persons(1), ("001", None, "P", 1, 20, 0)]
    outcome = pay(tmp_path, scheme(EVERYBODY.replace("everybody", "department")), sheets(people))
    assert not outcome.files
    assert "team_of_nobody" in {item.code for item in outcome.issues}


def test_a_pool_changed_on_the_scheme_sheet_is_shared_whole(tmp_path: Path) -> None:
    """Whoever tries another amount in Excel sees parts that add up to it."""
    outcome = paid(tmp_path, scheme(EVERYBODY), sheets(persons(1, 1, 1)))
    path = outcome.files[0]
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book["Scheme"].iter_rows() for cell in row if cell.value == 100000]
    assert len(cells) == 2, "each of the two schemes states it"
    for cell in cells:
        cell.value = 1000.01
    book.save(path)
    engine = IronCalc(path)
    parts = [Decimal(str(round(float(engine.value("Payroll", row, 7) or 0), 2))) for row in range(5, 8)]
    # By hand: 333.3367 -> 333.34, 666.6733 -> 666.67, 1 000.01.
    assert parts == [Decimal("333.34"), Decimal("333.33"), Decimal("333.34")]


def test_whoever_comes_inside_the_month_shares_by_the_days_since_then(tmp_path: Path) -> None:
    """22 working days in October 2026, 11 since the 16th: 66 667 and 33 333 of 100 000 in roubles; halves without."""
    by_days = scheme(POOL.format(money="amount: 100000", by="days_employed", among="everybody"), step="1")
    month = sheets(persons(1, 1))
    month["Employees"] = [[*row, value] for row, value in zip(month["Employees"], ["Days norm", 22, 22], strict=True)]
    assert list(totals(paid(tmp_path / "whole", by_days, month)).values()) == [50000, 50000]
    hired = [None, "2026-10-16"]
    month["Employees"] = [[*row, value] for row, value in zip(month["Employees"], ["Hired", *hired], strict=True)]
    with_calendar = by_days.replace("language: en", "language: en\ncalendar: RU")
    assert list(totals(paid(tmp_path / "part", with_calendar, month)).values()) == [66667, 33333]


def test_a_pool_by_a_rate_that_changes_takes_that_of_the_first_day_and_says_so(tmp_path: Path) -> None:
    by_rate = scheme(POOL.format(money="amount: 100000", by="fte", among="everybody"))
    month = sheets(persons(1, 1))
    month["Employees"] = [[*row, value] for row, value in zip(month["Employees"], ["Rate (FTE)", 1, 1], strict=True)]
    month["Changes"] = [["Personnel number", "From", "Rate (FTE)", "Days after"], ["000", "2026-10-16", 0.5, 10]]
    outcome = paid(tmp_path, by_rate, month)
    assert "changes_unused" in [found.code for found in outcome.issues]
    assert list(totals(outcome).values()) == [50000, 50000]
