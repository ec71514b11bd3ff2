"""Scales over attainments and over values, and pay by the hour and the piece: numbers = fractions = the workbook."""

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import rounded
from recalculation import differences, lines, paid

from kpicalc.engine.tree.sources import Plan
from kpicalc.planning.figures import kpi_figures

SCHEME = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.001, ties: half_up}, zero_plan: zero}
kpis:
  sales: {title: Sales, unit: RUB, season: {10: 110.5%, 12: 2}, range: [0, 200000]}
  calls: {title: Calls}
  nps: {title: NPS}
schemes:
  one:
    title: One
    for: {position: P}
    pay:
      - kpi_bonus:
          id: card
          target: 30000.01
          threshold: 40%
          weights:
            sales: {weight: 1/3, payout: {points: [{at: 80%, pays: 0}, {at: 100%, pays: 1}, {at: 133.3%, pays: 1.7}]}}
            calls:
              weight: 1/3
              payout: {bands: [{from: 0%, pays: 0}, {above: 80%, pays: 0.5}, {from: 100%, pays: index}]}
            nps: {weight: 1/3, by: value, payout: {bands: [{from: 50, pays: 0.5}, {above: 70, pays: 1}]}}
          payout: index
      - kpi_bonus:
          id: value
          title: V
          kpi: nps
          by: value
          target: 777.77
          cap: 90
          payout: {points: [{at: 50, pays: 0}, {at: 80, pays: 1}]}
      - matrix:
          target: 9999.99
          rows: {kpi: nps, by: value, from: [0.5, {above: 70}]}
          columns: {kpi: calls, from: [0%, {above: 80%}]}
          pays: [[0.1, 1/3], [1, 1.5]]
      - base_salary: {id: hour, amount: salary, per: hour, changes: ignore}
      - base_salary: {id: day, amount: 1234.56, per: day}
      - base_salary: {id: shift, amount: {share: 1/3, of: salary}, per: shift, changes: ignore}
"""
FIGURES = {
    "sales": ["0", "80000", "99999.99", "100000", "120000.5", "133300", "200000"],
    "calls": ["0", "80", "80.04", "80.06", "81", "99.99", "100", "130"],
    "nps": ["0", "0.5", "49.9", "50", "70", "70.1", "90", "95", "-20"],
}
WORKED = {"salary": ["350.5", "412.33"], "hours": ["0", "160.5", "77.7"], "days": ["22", "10.5"], "shifts": ["15", "7"]}
PLANS = {"sales": ["100000", "0", "77777.77"], "calls": ["100", "7"]}


def money(value: Fraction) -> Fraction:
    return rounded(value, Fraction(1, 100), "half_up")


def attained(actual: Fraction, plan: Fraction) -> Fraction:
    return rounded(actual / plan, Fraction(1, 1000), "half_up") if plan else Fraction(0)


def card(of: dict[str, Fraction]) -> Fraction:
    sales, calls = attained(of["sales"], of["plan.sales"] * Fraction("1.105")), attained(of["calls"], of["plan.calls"])
    if sales <= 1:
        curve = max(sales - Fraction(8, 10), Fraction(0)) / Fraction(2, 10)
    else:
        curve = 1 + Fraction(7, 10) * min(sales - 1, Fraction(333, 1000)) / Fraction(333, 1000)
    band = calls if calls >= 1 else Fraction(1 if calls > Fraction(8, 10) else 0, 2)
    score = 1 if of["nps"] > 70 else Fraction(1 if of["nps"] >= 50 else 0, 2)
    index = (curve + band + score) / 3
    return money(Fraction("30000.01") * index) if index >= Fraction(4, 10) else Fraction(0)


def by_value(of: dict[str, Fraction]) -> Fraction:
    return money(Fraction("777.77") * min(max(of["nps"] - 50, Fraction(0)) / 30, Fraction(1)))


def matrix(of: dict[str, Fraction]) -> Fraction:
    if of["nps"] < Fraction(1, 2):
        return Fraction(0)
    right = attained(of["calls"], of["plan.calls"]) > Fraction(8, 10)
    low, high = (Fraction(1, 10), Fraction(1, 3)), (Fraction(1), Fraction(3, 2))
    return money(Fraction("9999.99") * (high if of["nps"] > 70 else low)[right])


@pytest.mark.parametrize("seed", range(3))
def test_scales_in_numbers_and_in_the_workbook(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    people = {
        f"{at:03}": {key: chance.choice(values) for key, values in FIGURES.items()}
        | {key: chance.choice(values) for key, values in WORKED.items()}
        | {f"plan.{key}": chance.choice(values) for key, values in PLANS.items()}
        for at in range(40)
    }
    sheets = {
        "Employees": [
            [
                "Personnel number",
                "Name",
                "Department",
                "Position",
                "Salary",
                "Hours worked",
                "Days worked",
                "Shifts worked",
            ]
        ]
        + [[number, f"N{number}", "D", "P", *(float(of[key]) for key in WORKED)] for number, of in people.items()],
        "Actuals": [["Personnel number", "Sales", "Calls", "NPS"]]
        + [[number, *(float(of[key]) for key in FIGURES)] for number, of in people.items()],
        "Plan": [["Personnel number", "Sales", "Calls"]]
        + [[number, *(float(of[f"plan.{key}"]) for key in PLANS)] for number, of in people.items()],
    }
    outcome = paid(tmp_path, SCHEME, sheets)
    for number, texts in people.items():
        of = {key: Fraction(Decimal(text)) for key, text in texts.items()}
        expected = [card(of), by_value(of), matrix(of)]
        expected += [money(of["salary"] * of["hours"]), money(Fraction("1234.56") * of["days"])]
        expected += [money(of["salary"] * of["shifts"] / 3)]
        assert [Fraction(value) for value in lines(outcome, number).values()] == expected, (number, texts)
    assert differences(outcome.files[0]) == []
    # Whoever looks at plans beside the calculation sees the one that counts.
    plans = kpi_figures(outcome.payroll.book, outcome.payroll.inputs, Plan("sales"))
    assert plans == [Decimal(of["plan.sales"]) * Decimal("1.105") for of in people.values()]
