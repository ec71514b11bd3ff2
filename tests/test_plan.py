"""Plans from earlier months: the average with growth, who lacks months, and a Plan sheet that the reader reads back."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from recalculation import ENGINES, differences, write_month
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.model.period import month_back

SCHEME = """\
kpicalc: 1
title: Маркетинг
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}}
kpis:
  new_clients:   {title: Новые клиенты, unit: шт}
  repeat_orders: {title: Повторные заказы, unit: шт}
  reviews:       {title: Отзывы, unit: шт}
  revenue:       {title: Выручка, unit: руб}
schemes:
  marketer:
    for: {position: Маркетолог}
    pay:
      - kpi_bonus: {target: 240, weights: {new_clients: 50%, repeat_orders: 25%, reviews: 25%}, payout: index}
"""
EMPLOYEES = [
    ["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
    ["00001", "Иванова Анна", "Юг", "Маркетолог"],
    ["00002", "Петров Пётр", "Юг", "Маркетолог"],
    ["00003", "Орлова Ольга", "Юг", "Маркетолог"],
]
HEAD = ["Табельный номер", "Период", "Новые клиенты", "Повторные заказы", "Отзывы", "Выручка"]
MONTHS = [f"2026-{month:02}" for month in range(4, 10)]
# Six months whose averages are the printed ones: 160, 30, 35. Their sums are 960, 180, 210.
ANNA = [
    ["00001", month, clients, orders, reviews, revenue]
    for month, clients, orders, reviews, revenue in zip(
        MONTHS,
        (150, 170, 140, 180, 155, 165),
        (25, 35, 30, 30, 28, 32),
        (30, 40, 35, 35, 34, 36),
        (100000.5, 0, 0, 0, 0, 0),
        strict=True,
    )
]
PETER = [["00002", month, 100, 10, None, None] for month in MONTHS[3:]]
HISTORY = [HEAD, ["00001", "2026-03", 999, 999, 999, 999], *ANNA, *PETER]
TERMS = {"months": Decimal(6), "growth": Decimal("0.2"), "step": Decimal(1)}


def laid_out(folder: Path, scheme: str = SCHEME, history: list = HISTORY) -> tuple[Path, Path]:
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    sheets = {"Сотрудники": EMPLOYEES, "История": history}
    return write_month(folder / "2026-10.xlsx", sheets), folder / "scheme.yaml"


def planned(folder: Path, scheme: str = SCHEME, history: list = HISTORY, **terms):
    outcome, made = commands.plan(*laid_out(folder, scheme, history), **terms)
    inputs = outcome.inputs
    assert inputs, outcome.issues
    assert made
    return {(inputs.payees[one.payee].id, one.kpi): one.plan for one in made.figures}, outcome


def test_half_a_year_and_twenty_per_cent(tmp_path: Path) -> None:
    plans, outcome = planned(tmp_path, **TERMS)
    # Printed: 160 -> 192, 30 -> 36, 35 -> 42.
    assert plans["00001", "new_clients"] == 192
    assert plans["00001", "repeat_orders"] == 36
    assert plans["00001", "reviews"] == 42
    # 100 000.50 / 6 x 1.2 = 20 000.10
    assert plans["00001", "revenue"] == 20000
    assert [found.code for found in outcome.issues] == ["planning_few_months", "planning_newcomer"]


def test_who_lacks_months_is_not_planned_unless_fewer_will_do(tmp_path: Path) -> None:
    plans, outcome = planned(tmp_path, **TERMS)
    assert plans["00002", "new_clients"] is None
    # The scheme needs reviews of Peter, and there are none at all.
    few = next(found for found in outcome.issues if found.code == "planning_few_months")
    assert few.fact("found") == "Новые клиенты (месяцев: 3), Повторные заказы (месяцев: 3), Отзывы (месяцев: 0)"
    plans, outcome = planned(tmp_path, **TERMS, available=True)
    assert plans["00002", "new_clients"] == 120
    assert plans["00002", "repeat_orders"] == 12
    assert plans["00002", "reviews"] is None
    codes = [found.code for found in outcome.issues]
    assert codes == ["planning_few_months", "planning_available", "planning_newcomer"]
    assert outcome.issues[0].fact("found") == "Отзывы (месяцев: 0)"


def test_the_scheme_says_how_and_the_command_says_otherwise(tmp_path: Path) -> None:
    scheme = SCHEME + (
        "planning:\n"
        "  months: 2\n"
        "  growth: 10%\n"
        "  rounding: {round: 1, ties: up}\n"
        "  kpis: {reviews: {growth: 0%, rounding: {round: 10, ties: down}}}\n"
    )
    plans, _ = planned(tmp_path, scheme)
    # (155 + 165) / 2 x 1.1 = 176; (28 + 32) / 2 x 1.1 = 33; 35 x 1 cut to tens is 30.
    assert plans["00001", "new_clients"] == 176
    assert plans["00001", "repeat_orders"] == 33
    assert plans["00001", "reviews"] == 30
    plans, _ = planned(tmp_path, scheme, growth=Decimal("0.5"), step=Decimal("0.1"))
    # A KPI's own terms come before everybody's.
    assert plans["00001", "new_clients"] == 240
    assert plans["00001", "reviews"] == 30


FACTS = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals: {from: Сделки, payee: Сотрудник, date: Дата, columns: {amount: Сумма}}
kpis:
  deals_count: {title: Сделки месяца, unit: шт, from: deals, count: rows}
  deals_sum:   {title: Сумма сделок, unit: руб, from: deals, sum: amount}
schemes:
  manager:
    for: {position: Маркетолог}
    pay:
      - commission: {on: deals_sum, rate: 10%}
"""


def test_plans_from_tables_of_facts(tmp_path: Path) -> None:
    """Facts begin in August: June and July are not months of zeros."""
    (tmp_path / "scheme.yaml").write_text(FACTS, encoding="utf-8")
    deals = [
        ["Сотрудник", "Дата", "Сумма"],
        ["00001", "2026-08-03", 100],
        ["00001", "2026-09-04", 200],
        ["00001", "2026-09-05", 300],
        ["00002", "2026-08-06", 50],
        ["00001", "2026-10-01", 999],
    ]
    workbook = write_month(tmp_path / "2026-10.xlsx", {"Сотрудники": EMPLOYEES[:3], "Сделки": deals})
    terms = {"growth": Decimal("0.2"), "step": Decimal(1)}
    outcome, made = commands.plan(workbook, tmp_path / "scheme.yaml", months=Decimal(2), **terms)
    assert made, outcome.issues
    # (100 + 500) / 2 x 1.2 = 360, (1 + 2) / 2 x 1.2 = 1.8; the second had no deal in September: (50 + 0) / 2 x 1.2.
    assert [(one.payee, one.kpi, one.plan) for one in made.figures] == [
        (0, "deals_count", 2), (0, "deals_sum", 360), (1, "deals_count", 1), (1, "deals_sum", 30),
    ]  # fmt: skip
    outcome, made = commands.plan(workbook, tmp_path / "scheme.yaml", months=Decimal(4), **terms)
    assert made
    assert {one.plan for one in made.figures} == {None}
    assert [found.code for found in outcome.issues if found.code.startswith("planning")] == ["planning_few_months"] * 2


def test_a_half_goes_away_from_zero(tmp_path: Path) -> None:
    history = [HEAD, ["00001", "2026-09", 1.25, 12.5, None, None]]
    plans, _ = planned(tmp_path, history=history, months=Decimal(1), growth=Decimal("0.2"), step=Decimal(1))
    assert plans["00001", "new_clients"] == 2  # 1.5
    assert plans["00001", "repeat_orders"] == 15


def test_months_before_a_month() -> None:
    assert month_back("2026-10", 6) == "2026-04"
    assert month_back("2026-01", 1) == "2025-12"
    assert month_back("2026-12", -1) == "2027-01"


def written(folder: Path) -> Path:
    outcome, _ = commands.plan(*laid_out(folder), **TERMS, out=folder / "out")
    (path,) = outcome.files
    assert path.name == "plan-2026-10.xlsx"
    return path


def test_the_reader_reads_the_plan_back(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["План", "Откуда план"]
    people = book.create_sheet("Сотрудники")
    for row in EMPLOYEES:
        people.append(row)
    month = tmp_path / "2026-10 month.xlsx"
    book.save(month)
    schemes, _ = read_scheme(tmp_path / "scheme.yaml")
    raw, _ = read_book(month)
    assert schemes
    assert raw
    # openpyxl loses the stored values of the sheet with formulas, which is not read anyway.
    inputs, issues = read_inputs(raw, schemes, "2026-10")
    assert issues == []
    assert inputs
    assert {key: series.values for key, series in inputs.plan.items()} == {
        "new_clients": [192, None, None],
        "repeat_orders": [36, None, None],
        "reviews": [42, None, None],
        "revenue": [20000, None, None],
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_where_the_plan_came_from_recalculates(tmp_path: Path, engine: type) -> None:
    path = written(tmp_path)
    assert differences(path, engine) == []
    basis = openpyxl.load_workbook(path)["Откуда план"]
    assert [basis.cell(4, column).value for column in (3, 10, 11, 12)] == [
        "Новые клиенты", "=AVERAGE(D4:I4)", 0.2, "=ROUND(J4*ROUND(1+K4,9),0)",
    ]  # fmt: skip
    assert [basis.cell(8, column).value for column in (2, 4, 7, 10, 12)] == ["Петров Пётр", None, 100, "—", "—"]


def test_the_same_history_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path).read_bytes() == written(tmp_path).read_bytes()


def invoke(folder: Path, *options: str):
    workbook, scheme = laid_out(folder)
    return CliRunner().invoke(app, ["plan", str(workbook), "--scheme", str(scheme), *options])


def test_the_command(tmp_path: Path) -> None:
    full = ("--months", "6", "--growth", "20%", "--round", "1")
    done = invoke(tmp_path, *full, "--out", str(tmp_path / "plan.xlsx"))
    assert done.exit_code == 3
    assert (tmp_path / "plan.xlsx").is_file()
    rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Иванова Анна Новые клиенты 160 +20 % 192" in rows
    assert "Петров Пётр Новые клиенты — +20 % —" in rows
    open_ = invoke(tmp_path)
    assert (open_.exit_code, open_.stderr.splitlines()[-1]) == (1, "План не составлен: ошибок 1.")
    for wrong in (
        ("--growth", "20"),
        ("--growth", "20,5"),
        ("--growth", "-100%"),
        ("--round", "3"),
        ("--round", "0"),
        ("--months", "25"),
    ):
        assert invoke(tmp_path, *wrong).exit_code == 2, wrong
    # The workbook itself is never written over.
    assert invoke(tmp_path, *full, "--out", str(tmp_path / "2026-10.xlsx")).exit_code == 1
