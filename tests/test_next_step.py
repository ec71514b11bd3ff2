"""The price of the next step: what a probe says is what two whole runs say that differ by that step."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from recalculation import write_month
from test_architecture import COMPANY

from kpicalc import app as commands
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.components import all_components
from kpicalc.engine.payroll import compute
from kpicalc.engine.probing.missing import computed_anew, paid_totals
from kpicalc.engine.probing.next_step import NextStep, next_steps
from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import PaidByRow
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import severity
from kpicalc.model.inputs import Adjustment, Inputs, LevelFigure, Payee, Series
from kpicalc.model.issue import Place
from kpicalc.model.scheme import SchemeBook
from kpicalc.screen.explanation import explanation

SAMPLES = Path(__file__).parents[1] / "samples"
NOWHERE = Place("month.xlsx")
PEOPLE = range(6)
"""Those whom a random scheme pays."""
MOST = {"days_worked": 22, "hours_worked": 176, "shifts": 22, "days_employed": 22}
"""What a month has room for."""
LAST = {"adjustments": 1, "withholding": 2}
"""Components that stand below the others."""


def with_more(inputs: Inputs, payee: int, kpi: str, by: Decimal) -> Inputs:
    series = inputs.actual[kpi]
    values = list(series.values)
    values[payee] = (values[payee] or Decimal(0)) + by
    return replace(inputs, actual={**inputs.actual, kpi: replace(series, values=values)})


def somebody(payroll: Payroll, step: NextStep) -> tuple[int, str]:
    """Return whose result of which KPI raises an indicator: of a department's, a colleague's."""
    if not step.of_team:
        return step.payee, step.kpi
    of = payroll.book.kpis[step.kpi].of or step.kpi
    department, series = payroll.inputs.payees[step.payee].department, payroll.inputs.actual[of]
    return next(
        (index, of)
        for index, payee in enumerate(payroll.inputs.payees)
        if payee.department == department and series.values[index] is not None
    )


def assert_as_two_runs(payroll: Payroll, steps: Iterator[NextStep]) -> int:
    """Compute the month again with each step done, and compare; return how many were compared."""
    before, compared = paid_totals(payroll), 0

    def gains(step: NextStep, by: Decimal) -> Mapping[int, Decimal] | None:
        payee, kpi = somebody(payroll, step)
        after = paid_totals(computed_anew(payroll, with_more(payroll.inputs, payee, kpi, by)))
        known = {index: after[index] - total for index, total in before.items() if index in after}
        return {index: gain for index, gain in known.items() if gain} if len(known) == len(before) else None

    for step in steps:
        found = gains(step, step.step)
        if found is None or step.gain is None:
            continue
        compared += 1
        assert step.gain == found.get(step.payee, 0), step
        if not step.of_team:
            rest = {index: gain for index, gain in found.items() if index != step.payee}
            assert (step.others, step.others_count) == (sum(rest.values()), len(rest)), step
        if step.jump and step.jump.sudden:
            whole, almost = gains(step, step.jump.more), gains(step, step.jump.more - step.step)
            assert whole is not None
            assert almost is not None
            assert step.jump.gain == whole[step.payee], step
            assert step.jump.step_gain == whole[step.payee] - almost.get(step.payee, 0), step
        if step.ceiling:
            assert found.get(step.payee, 0) == 0
    return compared


@pytest.mark.parametrize("sample", ["tabelly", "department", "brigade", "payments", "incoming", "planned-premium"])
def test_a_step_in_a_sample_is_worth_two_runs(sample: str) -> None:
    outcome = commands.check(SAMPLES / sample / "2026-10.xlsx", SAMPLES / sample / "scheme.yaml")
    assert outcome.payroll
    found = next_steps(outcome.payroll)
    assert assert_as_two_runs(outcome.payroll, (step for steps in found.values() for step in steps))


def random_month(statement: Statement, book: SchemeBook, chance: random.Random) -> Inputs:
    """Return people whose figures stand around the plans and bounds of the components' examples."""
    columns: dict[str, dict[str, list[Decimal | None]]] = {"plan": {}, "actual": {}, "employee": {}}
    fixed = {"days_norm": "22", "hours_norm": "176", "fte": "1", "tax_before": "0", "writ_share": "0.25"}
    for figure in statement.given():
        sheet, name = figure.key.split(".", 1)
        if sheet in columns:
            scale = chance.choice([20, 100, 1000, 20000])
            values = [
                Decimal(fixed.get(name) or chance.choice([1, 10, 15, 100, chance.randint(1, scale)])) for _ in PEOPLE
            ]
            if (most := MOST.get(name)) is not None:
                values = [min(value, Decimal(most)) for value in values]
            columns[sheet][name] = list(values)
    for team in statement.teams:
        columns["actual"].setdefault(team.of, [Decimal(chance.randint(0, 300)) for _ in PEOPLE])

    def series(sheet: str) -> dict[str, Series]:
        rows = [at + 2 for at in PEOPLE]
        return {name: Series(values, "month.xlsx", sheet, "A", rows) for name, values in columns[sheet].items()}

    adjusted = any(line.component == "adjustments" for line in statement.lines)
    norm = Decimal(chance.randint(100, 1500))
    levels = {"minimum": norm / 2, "norm": norm, "maximum": norm * 2}
    return Inputs(
        file="month.xlsx",
        sha256="",
        period="2026-01",
        payees=[Payee(f"{at:03}", f"N{at}", "AB"[at % 2], "P", "role", NOWHERE) for at in PEOPLE],
        plan=series("plan"),
        actual=series("actual"),
        employee=series("employee"),
        team_plan={
            (kpi, name): {level: LevelFigure(value, NOWHERE) for level, value in levels.items()}  # type: ignore[misc]
            for kpi in book.kpis
            for name in "AB"
        },
        adjustments={0: [Adjustment(Decimal(100), "because", NOWHERE)]} if adjusted else {},
        row_pay={
            figure.source.rule: Series(
                [Decimal(at) * 10 for at in PEOPLE], "month.xlsx", "deals", "A", [1] * len(PEOPLE)
            )
            for figure in statement.given()
            if isinstance(figure.source, PaidByRow)
        },
        sheets={name: name for name in ("plan", "actual", "employee", "team", "adjustments", "history")},
    )


SCALES = [
    (
        "kpi_bonus: {id: card, target: 10000, payout: index, weights: {sales: {weight: 50%, payout: {points: "
        "[{at: 80%, pays: 0}, {at: 120%, pays: 1.5}]}}, offers: {weight: 50%, by: value, payout: {bands: "
        "[{from: 5, pays: 0.5}, {above: 15, pays: 1}]}}}}"
    ),
    "kpi_bonus: {id: c, kpi: sales, by: value, target: 9, payout: {bands: [{from: 9, pays: 0}, {above: 90, pays: 1}]}}",
    (
        "matrix: {target: 30000, rows: {kpi: sales, by: value, from: [10, {above: 100}]}, "
        "columns: {kpi: margin, from: [0%, {above: 90%}]}, pays: [[0, 0.2], [0.5, 1]]}"
    ),
    "steps: {on: sales, pays: sum, at: [{from: 10, amount: 5}, {above: 100, amount: {share: 10%, of: salary}}]}",
    "piecework: {on: offers, rates: [{from: 0, per_unit: 3}, {above: 10, per_unit: 3.5}], tiers: whole}",
    "base_salary: {amount: salary, per: hour, changes: ignore}",
    "guarantee: {by: months_employed, at: [{from: 1, amount: 7000}, {from: 20, amount: 600}]}",
]
"""Forms of components that their examples do not show."""


def random_payroll(component: str, seed: int, line: str = "") -> Payroll | None:
    chance = random.Random(f"{component} {seed}")
    known = all_components()
    others = chance.sample(sorted(set(known) - {component}), chance.randint(0, 3))
    names = sorted(
        {"commission", "kpi_bonus", component, *others}, key=lambda name: (LAST.get(name, 0), chance.random())
    )
    names.sort(key=lambda name: (LAST.get(name, 0), name not in ("commission", "kpi_bonus")))
    lines = {"kpi_bonus": "kpi_bonus: {kpi: sales, target: 10000, payout: attainment}"}
    if line:
        # The bonus by a card stands beside the other one.
        names = [name for name in names if name != component or component == "kpi_bonus"]
    written = [lines.get(name, known[name].example) for name in names]
    text = COMPANY + "".join(f"      - {one}\n" for one in (*written, *([line] if line else [])))
    book, issues = read_scheme_text("scheme.yaml", text.encode())
    if book is None or any(severity(found) == "error" for found in issues):
        return None
    statements, issues = compile_schemes(book)
    if any(severity(found) == "error" for found in issues):
        return None
    payroll = compute(book, statements, random_month(statements["role"], book, chance))
    return None if any(severity(found) == "error" for found in payroll.issues) else payroll


@pytest.mark.parametrize("component", sorted(all_components()))
def test_a_step_in_a_random_scheme_is_worth_two_runs(component: str) -> None:
    compared = 0
    for seed in range(12):
        if payroll := random_payroll(component, seed):
            assert (
                any(line.component == component for line in payroll.schemes[0].statement.lines) or component == "points"
            )
            compared += assert_as_two_runs(payroll, (one for steps in next_steps(payroll).values() for one in steps))
    assert compared >= 10, "too few random schemes could be paid"


@pytest.mark.parametrize("line", SCALES)
def test_a_step_on_any_scale_is_worth_two_runs(line: str) -> None:
    compared = 0
    for seed in range(12):
        if payroll := random_payroll(line.partition(":")[0], seed, line):
            compared += assert_as_two_runs(payroll, (one for steps in next_steps(payroll).values() for one in steps))
    assert compared >= 10, "too few random schemes could be paid"


def test_pay_that_grows_by_less_than_a_rouble_at_a_time_is_not_said_to_stand_still(tmp_path: Path) -> None:
    # 0.01 % of 5 000 is 0.50: what 35 more of 350 000 pay; one more pays nothing yet.
    text = """
kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}}
kpis: {sales: {title: Продажи}}
schemes:
  seller:
    pay: [{kpi_bonus: {kpi: sales, target: 5000, payout: attainment}}]
"""
    (tmp_path / "scheme.yaml").write_text(text, encoding="utf-8")
    people = [["Табельный номер", "Сотрудник", "Подразделение"], ["1", "Анна Белова", "Юг"]]
    stated = {"План": 350000, "Факт": 700000}
    figures = {sheet: [["Табельный номер", "Продажи"], ["1", value]] for sheet, value in stated.items()}
    workbook = write_month(tmp_path / "month.xlsx", {"Сотрудники": people, **figures})
    payroll = commands.check(workbook, tmp_path / "scheme.yaml", "2026-10").payroll
    assert payroll is not None
    (step,) = next_steps(payroll)[0]
    assert (step.gain, step.jump, step.ceiling) == (0, None, None)
    assert explanation(payroll, 0).rstrip().endswith("Продажи: Ещё 1 пока ничего не даёт.")
