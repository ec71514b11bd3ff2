"""The month of a team under way: facts cut at a day, three sums by the engine, pages for the head and for everybody."""

import csv
import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest
from recalculation import totals, write_month
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app

SAMPLES = Path(__file__).parents[1] / "samples"


def asked(folder: Path, on: str, *options: str, code: int = 0):
    files = [str(folder / "2026-10.xlsx"), "--scheme", str(folder / "scheme.yaml"), "--on", on]
    done = CliRunner().invoke(app, ["progress", *files, *options])
    assert done.exit_code == code, done.stdout + done.stderr
    return done


def found(folder: Path, on: str, *options: str, code: int = 0) -> dict[str, dict]:
    data = json.loads(asked(folder, on, "--json", *options, code=code).stdout)
    return {one["id"]: one for one in data["payees"]}


def test_facts_of_later_days_do_not_count() -> None:
    """Payments of 00061 up to 15 October give a margin of 90 000; those of the whole month 123 000."""
    (goal, _) = found(SAMPLES / "payments", "2026-10-15")["00061"]["goals"]
    assert goal["done"] == "90000"
    (goal, _) = found(SAMPLES / "payments", "2026-10-31")["00061"]["goals"]
    assert goal["done"] == "123000"


@pytest.mark.parametrize("sample", ["tabelly", "department", "payments", "incoming", "brigade", "funnel", "points"])
def test_on_the_last_day_the_forecast_is_the_payroll(sample: str) -> None:
    outcome = commands.check(SAMPLES / sample / "2026-10.xlsx", SAMPLES / sample / "scheme.yaml")
    people = found(SAMPLES / sample, "2026-10-31")
    paid = {number: str(total) for number, total in totals(outcome).items()}
    assert {number: one["pay"]["now"] for number, one in people.items()} == paid
    assert {number: one["pay"]["pace"] for number, one in people.items()} == paid


@pytest.mark.parametrize("day", [1, 9, 15, 28])
def test_a_cut_at_a_day_is_a_table_cut_by_hand(day: int, tmp_path: Path) -> None:
    copytree(SAMPLES / "payments", tmp_path / "whole")
    copytree(SAMPLES / "payments", tmp_path / "cut")
    book = openpyxl.load_workbook(tmp_path / "cut" / "2026-10.xlsx")
    sheet = book["Оплаты"]
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("Дата оплаты") + 1 if "Дата оплаты" in heads else heads.index("Оплачено") + 1
    for row in range(sheet.max_row, 1, -1):
        value = sheet.cell(row, column).value
        if value is not None and value.date() > date(2026, 10, day):
            sheet.delete_rows(row)
    book.save(tmp_path / "cut" / "2026-10.xlsx")
    whole, cut = (found(tmp_path / name, f"2026-10-{day:02}") for name in ("whole", "cut"))
    assert whole == cut


SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}, missing: error}
kpis:
  sales: {title: Продажи, unit: руб}
  conversion: {title: Конверсия, unit: "%", typed: share}
  team_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - commission: {on: sales, rate: 10%}
      - kpi_bonus: {kpi: conversion, target: 1000, payout: attainment}
  head:
    for: {position: Руководитель}
    pay:
      - team_bonus: {on: team_sales, levels: [{reach: norm, pays: 5000}]}
"""


def month(folder: Path, actual: Sequence[Sequence[object]]) -> None:
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    people = [["1", "Анна Белова", "Юг", "Менеджер"], ["2", "Олег Котов", "Юг", "Менеджер"]]
    people += [["3", "Вера Руль", "Юг", "Руководитель"]]
    write_month(
        folder / "2026-10.xlsx",
        {
            "Сотрудники": [
                ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Норма дней"],
                *([*person, 22] for person in people),
            ],
            "План": [["Табельный номер", "Продажи", "Конверсия"], ["1", 100000, 0.2], ["2", 60000, 0.2]],
            "Факт": [["Табельный номер", "Продажи", "Конверсия"], *actual],
            "План отдела": [
                ["Подразделение", "Показатель", "Минимум", "Норма", "Максимум"],
                ["Юг", "Продажи отдела", 100000, 150000, 200000],
            ],
        },
    )


def test_three_sums(tmp_path: Path) -> None:
    """On the 15th 11 of 22 days are over: a flow doubles, a level stays."""
    month(tmp_path, [["1", 40000, 0.1], ["2", 40000, 0.2]])
    people = found(tmp_path, "2026-10-15")
    # 40 000 × 10 % + 1 000 × 0.1 / 0.2; at pace 80 000 × 10 % + 500; at plan 100 000 × 10 % + 1 000.
    assert people["1"]["pay"] == {"now": "4500.00", "pace": "8500.00", "plan": "11000.00"}
    # 60 000 are planned, but at pace 80 000; at plan 60 000.
    assert people["2"]["pay"] == {"now": "5000.00", "pace": "9000.00", "plan": "7000.00"}
    # The department: 80 000 of 150 000 now, 160 000 at pace and at plan.
    assert people["3"]["pay"] == {"now": "0.00", "pace": "5000.00", "plan": "5000.00"}
    (goal,) = people["3"]["goals"]
    assert goal == {
        "kpi": "team_sales", "title": "Продажи отдела", "done": "80000", "goal": "150000", "left": "70000",
        "per_day": goal["per_day"],
    }  # fmt: skip
    # 70 000 in 11 days.
    assert Decimal(goal["per_day"]).quantize(Decimal("0.01")) == Decimal("6363.64")


def test_what_is_missing_gives_a_range(tmp_path: Path) -> None:
    month(tmp_path, [["1", 40000, 0.1], ["2", None, 0.2]])
    people = found(tmp_path, "2026-10-15", code=3)
    assert people["1"]["pay"]["now"] == "4500.00"
    # Nothing sold: 1 000; as planned: 6 000 + 1 000.
    assert people["2"]["pay"]["now"] == {"low": "1000.00", "high": "7000.00"}
    assert people["2"]["pay"]["plan"] == "7000.00"


def test_pages(tmp_path: Path) -> None:
    sample = SAMPLES / "department"
    html = tmp_path / "team.html"
    asked(sample, "2026-10-15", "--html", str(html), "--statements", str(tmp_path / "own"))
    team = html.read_text(encoding="utf-8")
    pages = sorted((tmp_path / "own" / "progress-2026-10-15").iterdir())
    outcome = commands.check(sample / "2026-10.xlsx", sample / "scheme.yaml")
    assert outcome.payroll
    people = outcome.payroll.inputs.payees
    assert all(payee.name in team for payee in people)
    assert [path.name[:5] for path in pages] == [payee.id for payee in people]
    for path, payee in zip(pages, people, strict=True):
        text = path.read_text(encoding="utf-8")
        assert payee.name in text
        assert not [other.name for other in people if other is not payee and (other.name in text or other.id in text)]
    for text in (team, *(path.read_text(encoding="utf-8") for path in pages)):
        assert not re.search(r"<script|<link|https?:|src=|href=|url\(|@import", text)
    before = html.read_bytes()
    asked(sample, "2026-10-15", "--html", str(html))
    assert html.read_bytes() == before


def test_days_of_facts_are_mapped(tmp_path: Path) -> None:
    html = tmp_path / "team.html"
    asked(SAMPLES / "payments", "2026-10-15", "--html", str(html))
    assert '<svg class="heat"' in html.read_text(encoding="utf-8")


def test_the_list_is_a_plain_csv(tmp_path: Path) -> None:
    """The pages' list opens in any reader of csv."""
    files = [str(SAMPLES / "tabelly" / "2026-10.xlsx"), "--scheme", str(SAMPLES / "tabelly" / "scheme.yaml")]
    CliRunner().invoke(app, ["statements", *files, "--out", str(tmp_path)])
    with (tmp_path / "statements-2026-10" / "statements.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 6


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_narrow_terminal_shows_who_and_every_sum(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    home = SAMPLES / "department"
    month = [str(home / "2026-10.xlsx"), "--scheme", str(home / "scheme.yaml")]
    done = CliRunner().invoke(app, ["progress", *month, "--on", "2026-10-15"])
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= width
    (row,) = [line for line in lines if line.startswith("Голубева")]
    # What the payroll of the sample pays if nothing more comes, and the goals that are reached.
    assert "31 135,00" in row.replace("\N{NO-BREAK SPACE}", " ")
    assert "0 из 5" in row.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 012 873,48" in done.stdout.replace("\N{NO-BREAK SPACE}", " ")


def test_no_amount_is_broken_where_there_is_little_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    month(tmp_path, [["1", 4000000, 0.1], ["2", None, 0.2]])
    shown = {}
    for width in (60, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        files = [str(tmp_path / "2026-10.xlsx"), "--scheme", str(tmp_path / "scheme.yaml")]
        done = CliRunner().invoke(app, ["progress", *files, "--on", "2026-10-15"])
        shown[width] = sorted(re.findall(r"\d[\d\xa0]*,\d\d", done.stdout))
        assert ("–" in done.stdout) and max(map(len, done.stdout.splitlines())) <= width
    assert shown[60] == shown[120]


def test_quiet_progress_says_nothing_of_a_good_month(tmp_path: Path) -> None:
    home = SAMPLES / "department"
    command = ["progress", str(home / "2026-10.xlsx"), "--scheme", str(home / "scheme.yaml"), "--on", "2026-10-15"]
    loud = CliRunner().invoke(app, command)
    page = tmp_path / "team.html"
    quiet = CliRunner().invoke(app, [*command, "--quiet", "--html", str(page)])
    assert (quiet.stdout, quiet.stderr, quiet.exit_code) == ("", "", loud.exit_code)
    assert page.is_file()
    assert CliRunner().invoke(app, [*command, "-q", "--json"]).stdout.startswith("{")
