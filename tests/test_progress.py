"""Progress at a date: the share of the month that has passed, what is done of each goal, what is left per day."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from recalculation import write_month
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app
from kpicalc.model.progress import Progress

SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}}
kpis:
  cold_calls:    {title: Холодные звонки, unit: шт}
  offers:        {title: Предложения, unit: шт}
  payments:      {title: Оплаты, unit: шт}
  response_time: {title: Время ответа, unit: мин, better: lower}
  conversion:    {title: Конверсия, unit: "%", typed: share, formula: payments / offers}
  sales:         {title: Продажи, unit: руб}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - action_pay: {reward: 15000, pays: all_or_nothing, goals: {cold_calls: 100, offers: 60}}
      - kpi_bonus: {kpi: conversion, target: 1000, payout: attainment}
      - commission: {on: sales, rate: 1%}
"""
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Норма дней"]
ACTUAL = ["Табельный номер", "Холодные звонки", "Предложения", "Оплаты", "Время ответа", "Продажи"]
SHEETS = {
    "Сотрудники": [HEAD, ["00001", "Иванова Анна", "Юг", "Менеджер", 22]],
    "Факт": [ACTUAL, ["00001", 45, 60, 15, 12, 5000]],
    "План": [["Табельный номер", "Оплаты", "Время ответа", "Конверсия"], ["00001", 0, 10, 0.5]],
}
MIDDLE = date(2026, 10, 15)


def progress(folder: Path, on: date = MIDDLE, **sheets: object) -> Progress:
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    workbook = write_month(folder / "2026-10.xlsx", SHEETS | sheets)  # type: ignore[arg-type]
    return only(workbook, folder / "scheme.yaml", on)


def only(workbook: Path, scheme: Path, on: date) -> Progress:
    outcome, under = commands.underway(workbook, scheme, on)
    assert under, outcome.issues
    team, _ = commands.team_progress(under, commands.Selected())
    assert team
    return team.people[0].progress


def people(norm: object) -> list[list[object]]:
    return [HEAD, ["00001", "Иванова Анна", "Юг", "Менеджер", norm]]


@pytest.mark.parametrize(
    ("on", "norm", "passed", "whole", "left"),
    [
        # October 2026 has 22 days from Monday to Friday; 1 October is a Thursday, 11 of them are over on the 15th.
        (MIDDLE, 22, "11", "22", 11),
        (date(2026, 10, 1), 22, "1", "22", 21),
        (date(2026, 10, 30), 22, "22", "22", 0),
        (date(2026, 10, 31), 22, "22", "22", 0),
        # A norm of 21, one of the days is a holiday: half the norm is over, 10.5 are left, 10 whole ones.
        (MIDDLE, 21, "10.5", "21", 10),
        # 22 of 22 but one: 0.68 of a day of 15 is left, which is that day.
        (date(2026, 10, 29), 15, str(Decimal(21) * 15 / 22), "15", 1),
        # No norm: calendar days.
        (MIDDLE, None, "15", "31", 16),
        # Before and after the month.
        (date(2026, 9, 1), 22, "0", "22", 22),
        (date(2026, 12, 1), 22, "22", "22", 0),
    ],
)
def test_days(tmp_path: Path, on: date, norm: object, passed: str, whole: str, left: int) -> None:
    days = progress(tmp_path, on, Сотрудники=people(norm)).days
    assert round(days.passed, 9) == round(Decimal(passed), 9)
    assert days.whole == Decimal(whole)
    assert days.left == left
    assert days.by == ("all" if norm is None else "week")


def test_days_of_a_calendar(tmp_path: Path) -> None:
    """November 2026 in Russia: 20 working days, the 4th is a holiday; five are over on the 9th: 2, 3, 5, 6, 9."""
    scheme = SCHEME + "calendar: RU\n"
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    workbook = write_month(tmp_path / "2026-11.xlsx", SHEETS | {"Сотрудники": people(20)})
    days = only(workbook, tmp_path / "scheme.yaml", date(2026, 11, 9)).days
    assert (days.passed, days.whole, days.left, days.by) == (5, 20, 15, "calendar")


def test_goals(tmp_path: Path) -> None:
    found = {goal.kpi: goal for goal in progress(tmp_path).goals}
    assert list(found) == ["cold_calls", "offers", "payments", "response_time", "conversion", "sales"]
    calls = found["cold_calls"]
    # The scheme's own goal: 45 of 100, 55 left for 11 days.
    assert (calls.goal, calls.actual, calls.share, calls.missing, calls.per_day) == (100, 45, Decimal("0.45"), 55, 5)
    assert (found["offers"].missing, found["offers"].per_day) == (0, None)
    # A plan of zero has no share; what is above it is done.
    assert (found["payments"].share, found["payments"].missing) == (None, -15)
    # Less is better: the plan is a limit, nothing is missing.
    assert (found["response_time"].share, found["response_time"].missing) == (Decimal("1.2"), None)
    # 15 / 60 of 50 %: per cents are not collected day by day.
    conversion = found["conversion"]
    assert (conversion.share, conversion.missing, conversion.per_day) == (Decimal("0.5"), Decimal("0.25"), None)
    assert found["sales"].goal is None


def test_a_blank_is_no_zero(tmp_path: Path) -> None:
    found = {goal.kpi: goal for goal in progress(tmp_path, Факт=[ACTUAL, ["00001", None, 60, 15, 12, 1]]).goals}
    calls = found["cold_calls"]
    assert (calls.goal, calls.actual, calls.share, calls.missing, calls.per_day) == (100, None, None, None, None)


def test_a_plan_beside_the_schemes_goal_is_a_second_row(tmp_path: Path) -> None:
    plan = [["Табельный номер", "Холодные звонки"], ["00001", 120]]
    found = progress(tmp_path, План=plan)
    assert [goal.goal for goal in found.goals if goal.kpi == "cold_calls"] == [120, 100]


def test_the_command(tmp_path: Path) -> None:
    progress(tmp_path)

    def invoke(*options: str):
        files = [str(tmp_path / "2026-10.xlsx"), "--scheme", str(tmp_path / "scheme.yaml")]
        return CliRunner().invoke(app, ["progress", *files, *options])

    done = invoke("--payee", "00001", "--on", "2026-10-15")
    assert done.exit_code == 0
    assert "Прошло рабочих дней: 11 из 22 (50\N{NO-BREAK SPACE}%), осталось полных: 11." in done.stdout
    rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Холодные звонки 100 45 45 % 55 5" in rows
    assert "Предложения 60 60 100 % выполнено —" in rows
    assert "Меньше — лучше, план здесь — предел: Время ответа." in rows
    assert done.stdout.splitlines()[0].endswith(", табельный номер 00001: октябрь 2026, на 15.10.2026")
    assert invoke("--payee", "00001", "--on", "15.10.2026").stdout == done.stdout
    assert invoke("--payee", "00001").exit_code == 0
    assert invoke("--payee", "7").exit_code == 1
    assert invoke("--payee", "00001", "--on", "2026-11-01").exit_code == 2
    assert invoke("--payee", "00001", "--on", "вчера").exit_code == 2
