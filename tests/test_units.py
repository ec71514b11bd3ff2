"""A number keeps its per cent sign: an amount refuses it, a bound takes it by the unit of its KPI, a share wants it."""

from decimal import Decimal

import pytest

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.lint.judge import judged
from kpicalc.engine.lint.rule import Subject
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.model.entry import PerCent, exact

SCHEME = """
kpicalc: 1
language: en
rules: {{money: {{round: {step}, ties: half_up}}, attainment: {{round: none}}, missing: error}}
kpis:
  sales: {{title: Sales, unit: RUB}}
  calls: {{title: Calls}}
  conversion: {{title: Conversion, unit: "%"}}
  ratio: {{title: Ratio, formula: calls / sales}}
  dep: {{title: Dep, unit: RUB, team: sum, of: sales}}
schemes:
  one:
    for: {{position: P}}
    pay:
      - base_salary: {{id: before, amount: 1000}}
      - {pays}
"""


def told(pays: str, step: str = "0.01") -> list[str]:
    book, issues = read_scheme_text("scheme.yaml", SCHEME.format(pays=pays, step=step).encode())
    assert book is not None
    statements, found = compile_schemes(book)
    issues = judged([*issues, *found], Subject(book, statements), check=False)
    return [item.code for item in issues if item.code not in ("no_examples", "line_of_nothing")]


def test_a_number_keeps_its_sign() -> None:
    assert isinstance(exact("20%"), PerCent)
    assert exact("20%") == Decimal("0.2")
    assert not isinstance(exact("0.2"), PerCent)


AMOUNTS = (
    "base_salary: {amount: 15000%}",
    "kpi_bonus: {kpi: sales, target: 40%, payout: attainment}",
    "matrix: {target: 40%, rows: {kpi: sales, from: [0%]}, columns: {kpi: calls, from: [0%]}, pays: [[1]]}",
    "action_pay: {reward: 50%, pays: all_or_nothing, goals: {calls: 100}}",
    "action_pay: {reward: {calls: 50%}, pays: each, goals: {calls: 100}}",
    "cap: {of: [before], at: 150%}",
    "guarantee: {at: 100%}",
    "team_bonus: {on: dep, levels: [{reach: norm, pays: 20%}]}",
    "penalty: {on: calls, per_unit: 5%, of: [before]}",
    "pool: {amount: 10%, by: fte, among: department, residual: running_total}",
    "draw: {at: 50%, of: [before], recoverable: 'no'}",
    "withholding: {amount: 10%, limit: none}",
    "withholding: {tax: ndfl, rates: [{from: 0, rate: 13%}, {from: 20%, rate: 15%}], deductions: ignore}",
)


@pytest.mark.parametrize("pays", AMOUNTS)
def test_an_amount_asks_of_what(pays: str) -> None:
    assert told(pays) == ["amount_per_cent"]


BOUNDS = (
    "commission: {on: sales, threshold: 80%, pays_on: whole, rate: 5%}",
    "commission: {on: sales, tiers: whole, rates: [{from: 0%, rate: 3%}, {from: 80%, rate: 5%}]}",
    "commission: {on: sales, tiers: marginal, rates: [{from: 0, rate: 3%}, {from: 80%, rate: 5%}]}",
    "true_up: {on: sales, since: year, against: rule, tiers: whole, rates: [{from: 0, rate: 3%}, {from: 8%, rate: 0}]}",
    "override: {on: dep, own: include, threshold: 80%, pays_on: whole, rate: 5%}",
    "action_pay: {reward: 50, pays: all_or_nothing, goals: {calls: 100%}}",
)


@pytest.mark.parametrize("pays", BOUNDS)
def test_a_bound_of_an_amount_is_no_share(pays: str) -> None:
    assert told(pays) == ["bound_per_cent"]


@pytest.mark.parametrize("kpi", ["conversion", "ratio"])
def test_a_bound_of_a_share_is_one(kpi: str) -> None:
    assert told(f"action_pay: {{reward: 50, pays: all_or_nothing, goals: {{{kpi}: 40%}}}}") == []
    assert told(f"commission: {{on: {kpi}, threshold: 40%, pays_on: whole, rate: 5%}}") == []


BONUS = "kpi_bonus: {kpi: sales, target: 100, "
SHARES = (
    BONUS + "threshold: 60, payout: attainment}",
    BONUS + "cap: 120, payout: attainment}",
    BONUS + "payout: {bands: [{from: 0, pays: 0}, {from: 70, pays: 1}]}}",
    BONUS + "payout: {points: [{at: 0.7, pays: 0}, {at: 100, pays: 1}]}}",
    "matrix: {target: 9, rows: {kpi: sales, from: [0, 90]}, columns: {kpi: calls, from: [0]}, pays: [[1], [1]]}",
    "action_pay: {reward: 50, pays: all_or_nothing, goals: {conversion: 40}}",
    "gate: {of: [before], unless: attainment(sales) >= 80, pays: 0}",
    "formula: {pays: 'if(attainment(sales) > 70, 500, 0)'}",
    # Bounds of a KPI that is itself in per cents: conversion from 5 is from 500 %.
    "kpi_bonus: {kpi: conversion, by: value, target: 9, payout: {bands: [{from: 0, pays: 0}, {from: 5, pays: 1}]}}",
    "kpi_bonus: {kpi: conversion, by: value, target: 9, threshold: 3, payout: {bands: [{from: 0, pays: 1}]}}",
    "matrix: {target: 9, rows: {kpi: conversion, by: value, from: [5]}, columns: {kpi: calls, from: [0]}, pays: [[1]]}",
    "steps: {on: conversion, pays: highest, at: [{from: 5, amount: 500}]}",
    # Forty salaries, two hundred, a hundred.
    "kpi_bonus: {kpi: sales, target: {share: 40, of: salary}, payout: attainment}",
    "cap: {of: [before], at: {share: 200, of: salary}}",
    "guarantee: {by: months_employed, at: [{from: 1, amount: {share: 100, of: salary}}]}",
    # 95 % rounded to 1 is 100 %, 49 % is nothing.
    BONUS + "payout: attainment, rules: {attainment: {round: 1, ties: half_up}}}",
    "kpi_bonus: {weights: {sales: 1}, target: 9, payout: index, index: {round: 1, ties: half_up}}",
    "formula: {pays: 'min(attainment(sales), 150) * 500'}",
    "formula: {pays: 'attainment(sales) / 100 * 500'}",
    "formula: {pays: 'max(0, conversion - 5) * 500'}",
)


@pytest.mark.parametrize("pays", SHARES)
def test_a_share_above_two_wants_its_sign(pays: str) -> None:
    assert told(pays) == ["share_without_sign"]


@pytest.mark.parametrize(
    "pays",
    [
        "kpi_bonus: {kpi: calls, by: value, target: 9, payout: {bands: [{from: 0, pays: 0}, {from: 5, pays: 1}]}}",
        "steps: {on: conversion, pays: highest, at: [{from: 300%, amount: 500}]}",
        "cap: {of: [before], at: {share: 300%, of: salary}}",
        "cap: {of: [before], at: {share: 2, of: salary}}",
        BONUS + "payout: attainment, rules: {attainment: {round: 0.1, ties: half_up}}}",
        "formula: {pays: 'max(0, attainment(sales) - 80%) * 500'}",
        "formula: {pays: 'conversion / 4 * 500 + min(calls, 150)'}",
    ],
)
def test_numbers_that_need_no_sign(pays: str) -> None:
    assert told(pays) == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("sales >= 80%", ["formula_per_cent"]),
        ("80% <= plan(sales)", ["formula_per_cent"]),
        ("before > 50%", ["formula_per_cent"]),
        ("min(sales, 50%) > 0", ["formula_per_cent"]),
        ("if(calls > 5, sales, 10%) > 0", ["formula_per_cent"]),
        ("sales / plan(sales) >= 80%", []),
        ("sales >= 0%", []),
        ("attainment(sales) >= 80%", []),
        ("conversion >= 80%", []),
        ("sales >= 80% * plan(sales)", []),
    ],
)
def test_an_amount_beside_per_cents_in_a_formula(condition: str, expected: list[str]) -> None:
    pays = f"gate: {{of: [before], unless: '{condition}', pays: 0}}"
    assert [code for code in told(pays) if code.startswith("formula")] == expected


@pytest.mark.parametrize(
    "pays",
    [
        "kpi_bonus: {kpi: sales, target: 0.4, payout: attainment}",
        "cap: {of: [before], at: 1.5}",
        "guarantee: {at: 1}",
        "draw: {of: [before], at: 0.3, recoverable: 'no'}",
        "steps: {on: sales, pays: highest, at: [{from: 100, amount: 0.1}]}",
        "action_pay: {reward: 0.5, pays: all_or_nothing, goals: {calls: 100}}",
        "pool: {amount: 0.1, by: fte, among: department, residual: running_total}",
    ],
)
def test_a_share_typed_where_an_amount_stands(pays: str) -> None:
    assert told(pays) == ["small_term"]


@pytest.mark.parametrize(
    "pays",
    [
        "cap: {of: [before], at: 2}",
        "cap: {of: [before], at: 0}",
        "piecework: {on: calls, rates: [{from: 0, per_unit: 0.5}]}",
        "action_pay: {reward: {calls: 1}, pays: each, goals: {calls: 100}}",
    ],
)
def test_amounts_that_may_be_small(pays: str) -> None:
    assert told(pays) == []


@pytest.mark.parametrize("threshold", ["2", "200%", "300%", "0.6", "60%"])
def test_a_share_with_its_sign_says_enough(threshold: str) -> None:
    assert told(BONUS + f"threshold: {threshold}, payout: attainment}}") == []


@pytest.mark.parametrize(("step", "expected"), [("0.01", []), ("1", []), ("10", []), ("1000", []), ("none", [])])
def test_usual_roundings_of_money(step: str, expected: list[str]) -> None:
    assert told("adjustments", step) == expected


@pytest.mark.parametrize("step", ["0.1", "0.001", "0.0001"])
def test_an_odd_rounding_of_money_is_told(step: str) -> None:
    assert told("adjustments", step) == ["money_step"]


@pytest.mark.parametrize(
    ("pays", "expected"),
    [
        ("commission: {on: sales, rate: 10000000000000000000000000%}", ["number_out_of_range"]),
        ("base_salary: {amount: 1000000000000001}", ["number_out_of_range"]),
        ("formula: {pays: sales * 1000000000000001}", ["number_out_of_range"]),
        ("formula: {pays: sales * 1000000000000000}", []),
    ],
)
def test_a_number_that_no_cell_keeps_is_refused(pays: str, expected: list[str]) -> None:
    assert [code for code in told(pays) if code == "number_out_of_range"] == expected


def test_a_bound_is_refused_where_it_is_written() -> None:
    rows = "[{from: 0, rate: 3%}, {rate: 5%, above: 8%}]"
    text = SCHEME.format(
        pays=f"true_up: {{on: sales, since: year, against: rule, tiers: whole, rates: {rows}}}", step=1
    )
    book, issues = read_scheme_text("scheme.yaml", text.encode())
    assert book is not None
    (found,) = [*issues, *compile_schemes(book)[1]]
    assert found.code == "bound_per_cent"
    assert text.splitlines()[found.place.line - 1][found.place.column - 1 :].startswith("above: 8%")


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        # 0.1 is 10 %: other rates have their sign.
        (["5%", "6%", "7%", "0.1"], ["share_without_sign"]),
        (["5%", "6%", "7%", "0.1%"], []),
        (["5%", "6%", "7%", "0"], []),
        (["5%", "6%", "0.1"], ["share_without_sign"]),
        (["5%", "0.1"], []),
        (["5%", "6%", "0.07", "0.1"], []),
        (["0.05", "0.06", "0.07", "0.1"], []),
        (["1"], ["share_without_sign"]),
        (["100%"], []),
    ],
)
def test_a_rate_without_its_sign_among_others(rates: list[str], expected: list[str]) -> None:
    pay = "\n      - ".join(
        f"commission: {{id: c{number}, title: Line {number}, on: sales, rate: {rate}}}"
        for number, rate in enumerate(rates)
    )
    assert told(pay) == expected


def test_a_rate_of_one_beside_a_zero_with_a_sign() -> None:
    tiers = "commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 1}, {from: 9, rate: 0%}]}"
    assert "share_without_sign" in told(tiers)
