"""The season of a team KPI: the levels of the department's plan times the share of the month."""

from pathlib import Path

import openpyxl
import pytest
from recalculation import Sheets, differences, lines, paid

from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: LANGUAGE
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: none}}
kpis:
  sales: {title: Продажи, unit: руб}
  department_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales, season: {10: 140%, 1: 60%}}
schemes:
  seller:
    title: Продавец
    pay:
      - team_bonus: {on: department_sales, levels: [{reach: minimum, pays: 1000}, {reach: norm, pays: 5000}]}
      - commission:
          on: sales
          by: attainment(department_sales)
          tiers: whole
          rates: [{from: 0%, rate: 1%}, {from: 100%, rate: 2%}]
"""
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]


def sheets(second: float) -> Sheets:
    return {
        "Сотрудники": [HEAD, ["1", "Анна", "Юг", "Продавец"], ["2", "Олег", "Юг", "Продавец"]],
        "Факт": [["Табельный номер", "Продажи"], ["1", 700], ["2", second]],
        "План отдела": [["Подразделение", "Показатель", "Минимум", "Норма", "Максимум"],
                        ["Юг", "Продажи отдела", 500, 1000, 2000]],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_plan_of_the_department_counts_with_its_season(language: str, tmp_path: Path) -> None:
    """By hand: 1 000 x 140 % = 1 400 is the norm; 700 + 700 reach it, a kopeck less does not; 700 is the minimum."""
    text = SCHEME.replace("LANGUAGE", language)
    outcome = paid(tmp_path / "reached", text, sheets(700))
    assert lines(outcome, "1") == {"team_bonus": 5000, "commission": 14}
    assert not differences(outcome.files[0])
    assert outcome.payroll is not None
    told = explanation(outcome.payroll, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert ("['План отдела'!D2 × 140 %]" if language == "ru" else "['План отдела'!D2 × 140%]") in told
    missed = paid(tmp_path / "missed", text, sheets(699.99))
    assert lines(missed, "1") == {"team_bonus": 1000, "commission": 7}


def test_the_sheet_of_departments_has_the_plan_times_its_season(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME.replace("LANGUAGE", "ru"), sheets(700))
    formulas = [cell.value for row in openpyxl.load_workbook(outcome.files[0])["Отделы"] for cell in row]
    assert {"=500*1.4", "=1000*1.4", "=2000*1.4"} <= {str(value) for value in formulas}


def test_a_month_without_a_season_has_the_plan_as_it_stands(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME.replace("LANGUAGE", "ru").replace("10: 140%", "9: 140%"), sheets(300))
    assert lines(outcome, "1") == {"team_bonus": 5000, "commission": 14}
