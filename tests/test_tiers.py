"""Tiers by the share of a plan, excluded bounds and returns: numbers = exact fractions = the recalculated workbook."""

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import rounded
from recalculation import differences, lines, paid

RATES = "rates: [{from: 0%, rate: 3%}, {from: 79.5%, rate: 5%}, {above: 100%, rate: 7.3%}]"
AMOUNTS = "rates: [{from: 0, rate: 3%}, {from: 1000, rate: 4%}, {above: 1000, rate: 5%}, {above: 500000.5, rate: 7.3%}]"
SCHEME = f"""
kpicalc: 1
language: en
rules: {{money: {{round: 0.01, ties: half_up}}, attainment: {{round: 0.001, ties: half_up}}, zero_plan: full}}
lint: {{silence: {{far_above_plan: these results are made up and may be any}}}}
kpis:
  sales: {{title: Sales, unit: RUB}}
  profit: {{title: Profit, unit: RUB, attainment: relative}}
schemes:
  one:
    title: One
    for: {{position: P}}
    pay:
      - commission: {{id: whole, title: A, on: sales, by: attainment, tiers: whole, below_zero: zero, {RATES}}}
      - commission: {{id: slices, on: sales, by: attainment, tiers: marginal, below_zero: first_rate, {RATES}}}
      - commission: {{id: amounts, title: C, on: sales, tiers: whole, below_zero: first_rate, {AMOUNTS}}}
      - commission: {{id: other, on: sales, by: attainment(profit), threshold: 50%, pays_on: whole, rate: 1.1%}}
      - commission: {{id: excess, title: E, on: sales, by: attainment, threshold: 80%, pays_on: excess, rate: 2%}}
"""
PLANS = ["0", "333333.33", "1000", "1", "100000", "777777.77"]
SALES = ["0", "-20000.55", "1000", "1000.01", "999.99", "333333.33", "264999.99", "500000.5", "80000", "777777.78"]


def money(value: Fraction) -> Fraction:
    return rounded(value, Fraction(1, 100), "half_up")


def expected(sales: Fraction, plan: Fraction, profit: Fraction, target: Fraction) -> list[Fraction]:
    share = rounded(sales / plan, Fraction(1, 1000), "half_up") if plan else Fraction(1)
    rate = Fraction(3, 100)
    if share >= Fraction(795, 1000):
        rate = Fraction(5, 100)
    if share > 1:
        rate = Fraction(73, 1000)
    whole = sales * rate if sales >= 0 else Fraction(0)
    edges = [Fraction(0), plan * 795 / 1000, plan]
    steps = [(edges[0], edges[1], Fraction(3, 100)), (edges[1], edges[2], Fraction(5, 100))]
    slices = sum((max(min(sales, end) - start, Fraction(0)) * part for start, end, part in steps), Fraction(0))
    slices += max(sales - plan, Fraction(0)) * Fraction(73, 1000)
    if sales < 0:
        slices = sales * Fraction(3, 100)
    elif not plan:
        slices = sales * rate
    by_amount = Fraction(3, 100)
    for bound, over, part in ((1000, False, 4), (1000, True, 5)):
        if sales > bound or (sales == bound and not over):
            by_amount = Fraction(part, 100)
    if sales > Fraction(5000005, 10):
        by_amount = Fraction(73, 1000)
    relative = 1 + (profit - target) / abs(target) if target else Fraction(1)
    other = sales * 11 / 1000 if rounded(relative, Fraction(1, 1000), "half_up") > Fraction(1, 2) else Fraction(0)
    excess = (sales - plan * 8 / 10) * 2 / 100 if share > Fraction(8, 10) else Fraction(0)
    return [money(value) for value in (whole, slices, sales * by_amount, other, excess)]


@pytest.mark.parametrize("seed", range(3))
def test_tiers_in_numbers_and_in_the_workbook(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    people = [
        (
            f"{at:03}",
            sales,
            chance.choice(PLANS),
            chance.choice(["-50", "0", "120", "-300"]),
            chance.choice(["-100", "0", "80"]),
        )
        for at, sales in enumerate(SALES * 3)
    ]
    sheets = {
        "Employees": [["Personnel number", "Name", "Department", "Position"]]
        + [[number, f"N{number}", "D", "P"] for number, *_ in people],
        "Actuals": [["Personnel number", "Sales", "Profit"]]
        + [[number, float(sales), float(profit)] for number, sales, _, profit, _ in people],
        "Plan": [["Personnel number", "Sales", "Profit"]]
        + [[number, float(plan), float(target)] for number, _, plan, _, target in people],
    }
    outcome = paid(tmp_path, SCHEME, sheets)
    for number, *figures in people:
        sales, plan, profit, target = (Fraction(Decimal(figure)) for figure in figures)
        assert [Fraction(value) for value in list(lines(outcome, number).values())[:5]] == expected(
            sales, plan, profit, target
        ), (number, figures)
    assert differences(outcome.files[0]) == []
