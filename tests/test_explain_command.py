"""What `kpicalc explain` and its neighbours say to a name in place of a key."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from recalculation import write_month
from typer.testing import CliRunner

from kpicalc.cli import app

SAMPLE = Path(__file__).parents[1] / "samples" / "payments"


@cache
def explain(*options: str):
    """Explain somebody of the sample; nothing is written, so that tests may share an answer."""
    files = [str(SAMPLE / "2026-10.xlsx"), "--scheme", str(SAMPLE / "scheme.yaml")]
    return CliRunner().invoke(app, ["explain", *files, *options])


def test_a_kpi_may_be_named_by_its_title() -> None:
    by_key = explain("--payee", "00061", "--kpi", "margin")
    assert by_key.exit_code == 0
    assert explain("--payee", "00061", "--kpi", "маржа оплат").stdout == by_key.stdout


def test_an_unknown_kpi_is_answered_with_all_there_are() -> None:
    told = explain("--payee", "00061", "--kpi", "выручка")
    assert told.exit_code == 1
    assert told.stderr.startswith("Показателя «выручка» в схеме нет. Есть: margin, ")


@pytest.mark.parametrize("payee", ["орлова", "Вера Орлова", "Орлова В. П.", "ОРЛОВА  ВЕРА"])
def test_a_name_that_fits_one_person_serves(payee: str) -> None:
    assert explain("--payee", payee).stdout == explain("--payee", "00061").stdout


@pytest.mark.parametrize(
    ("payee", "expected"),
    [
        ("61", "Табельного номера 61 на листе сотрудников нет. Возможно, 00061 (Орлова Вера Павловна)?\n"),
        ("Никто", "Табельного номера или имени Никто на листе сотрудников нет.\n"),
    ],
)
def test_somebody_else_s_number_is_not_guessed(payee: str, expected: str) -> None:
    told = explain("--payee", payee)
    assert (told.exit_code, told.stderr) == (1, expected)


SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, missing: MISSING}
kpis:
  sales: {title: Продажи, unit: руб}
  norm:  {title: Отгрузки, unit: руб}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: 15000}
      - commission: {on: sales, rate: 10%}
"""
SHEETS = {
    "Сотрудники": [
        ["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
        ["00001", "Иванова Анна Сергеевна", "Юг", "Менеджер"],
        ["00002", "Петров Олег Николаевич", "Юг", "Менеджер"],
        ["00003", "Иванова Мария Олеговна", "Юг", "Менеджер"],
    ],
    "План": [["Табельный номер", "Продажи"], ["00001", 100000], ["00002", 200000], ["00003", 50000]],
    "Факт": [["Табельный номер", "Продажи"], ["00001", 70000], ["00002", None], ["00003", 0]],
}


def of_month(folder: Path, missing: str, *options: str):
    (folder / "scheme.yaml").write_text(SCHEME.replace("MISSING", missing), encoding="utf-8")
    workbook = write_month(folder / "2026-10.xlsx", SHEETS)
    return CliRunner().invoke(app, ["explain", str(workbook), "--scheme", str(folder / "scheme.yaml"), *options])


@pytest.mark.parametrize("missing", ["error", "hold"])
def test_a_blank_of_one_person_leaves_the_others_explained(tmp_path: Path, missing: str) -> None:
    told = of_month(tmp_path, missing, "--payee", "00001")
    assert told.exit_code == 0
    # 15 000 + 70 000 × 10 % = 22 000.
    assert "Итого 22\N{NO-BREAK SPACE}000,00 RUB" in told.stdout


@pytest.mark.parametrize("missing", ["error", "hold"])
def test_what_is_missing_and_what_it_may_be_worth(tmp_path: Path, missing: str) -> None:
    told = of_month(tmp_path, missing, "--payee", "Петров")
    assert told.exit_code == 3
    assert "Не хватает:\n  Продажи [Факт!B3]\n" in told.stdout
    # Nothing sold: the salary of 15 000. As planned: 15 000 + 200 000 × 10 % = 35 000.
    expected = "Будет начислено от 15 000,00 RUB (если по этим показателям ничего) до 35 000,00 RUB (если по плану)."
    assert expected in told.stdout.replace("\N{NO-BREAK SPACE}", " ")


def test_everybody_at_once(tmp_path: Path) -> None:
    told = of_month(tmp_path, "hold", "--all", "--json")
    assert told.exit_code == 3
    first, second, third = json.loads(told.stdout)["payees"]
    assert [line["amount"] for line in first["lines"]] == ["15000.00", "7000.00"]
    assert (second["held"], second["worth"]) == (True, {"low": "15000.00", "high": "35000.00"})
    assert (third["total"], third["missing"], third["worth"]) == ("15000.00", [], None)
    assert of_month(tmp_path, "hold", "--payee", "00003", "--payee", "00001").stdout.count("табельный номер") == 2


def test_a_name_that_fits_two_is_not_guessed(tmp_path: Path) -> None:
    told = of_month(tmp_path, "hold", "--payee", "Иванова")
    assert told.exit_code == 1
    assert "00001 Иванова Анна Сергеевна, 00003 Иванова Мария Олеговна" in told.stderr
    assert of_month(tmp_path, "hold", "--payee", "Иванова М.").exit_code == 0


def test_nobody_named_is_wrong_usage(tmp_path: Path) -> None:
    assert of_month(tmp_path, "hold").exit_code == 2


def test_who_has_no_number_is_told_by_name(tmp_path: Path) -> None:
    sheets = {name: [row[1 if name == "Сотрудники" else 0 :] for row in rows] for name, rows in SHEETS.items()}
    names = {row[0]: row[1] for row in SHEETS["Сотрудники"]}
    for name in ("План", "Факт"):
        sheets[name] = [[names[row[0]], *row[1:]] for row in sheets[name]]
    (tmp_path / "scheme.yaml").write_text(f"{SCHEME.replace('MISSING', 'hold')}workbook: {{match: name}}\n", "utf-8")
    workbook = write_month(tmp_path / "2026-10.xlsx", sheets)
    files = [str(workbook), "--scheme", str(tmp_path / "scheme.yaml")]
    told = CliRunner().invoke(app, ["explain", *files, "--payee", "Иванова А."])
    assert told.stdout.startswith("Иванова Анна Сергеевна\nЮг, Менеджер\n"), told.output


def test_an_error_that_names_nobody_may_be_anybody_s(tmp_path: Path) -> None:
    """A row of facts whose owner is not found may be of the one who is explained."""
    deals = "facts: {deals: {from: Сделки, payee: Кто, date: Когда, columns: {amount: Сумма}}}\nkpis:\n"
    scheme = SCHEME.replace("MISSING", "hold").replace("kpis:\n", deals).replace("on: sales", "on: norm")
    scheme = scheme.replace("{title: Отгрузки, unit: руб}", "{title: Отгрузки, unit: руб, from: deals, sum: amount}")
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    october = date(2026, 10, 5)
    rows = [["Кто", "Когда", "Сумма"], ["00001", october, 100], ["00002", october, 100], ["Иванова", october, 900]]
    sheets = {"Сотрудники": SHEETS["Сотрудники"][:3], "Сделки": rows}
    files = [str(write_month(tmp_path / "2026-10.xlsx", sheets)), "--scheme", str(tmp_path / "scheme.yaml")]
    told = CliRunner().invoke(app, ["explain", *files, "--payee", "00001"])
    assert "Ошибок, которые не отнесены ни к кому: 1; они могут изменить и эти суммы" in told.stderr
    assert "Сделки!A4: «Иванова» из таблицы «Сделки»" in told.stderr
    assert "ошибок у других" not in told.stderr
    for options in ([], ["--json"], ["--kpi", "norm"]):
        told = CliRunner().invoke(app, ["explain", *files, "--payee", "00001", *options])
        assert told.exit_code == 3, options
        assert ("Ошибок, которые не отнесены ни к кому: 1" in told.stderr) == ("--json" not in options)
    rows.pop()
    write_month(tmp_path / "2026-10.xlsx", sheets)
    assert CliRunner().invoke(app, ["explain", *files, "--payee", "00001", "--kpi", "norm"]).exit_code == 0


@pytest.mark.parametrize(
    ("sales", "told"),
    [
        # 5 000 000 − 3 000 000 = 2 000 000, two thousand steps away; there 40 000 − 20 000.
        (3000000, "До 5 000 000 руб осталось 2 000 000 руб: там сразу +20 000,00"),
        (0, "До 3 000 000 руб осталось 3 000 000 руб: там сразу +20 000,00"),
        (5000000, "Продажи: Больше не платит: «Премия за ступени» выше не бывает."),
    ],
)
def test_a_far_step_is_no_ceiling(sales: int, told: str, tmp_path: Path) -> None:
    steps = "steps: {on: sales, pays: highest, at: [{from: 3000000, amount: 20000}, {from: 5000000, amount: 40000}]}"
    scheme = SCHEME.replace("MISSING", "hold").replace("commission: {on: sales, rate: 10%}", steps)
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    # The plan says that money is counted in thousands here.
    sheets = {"Сотрудники": SHEETS["Сотрудники"][:2]}
    sheets |= {name: [["Табельный номер", "Продажи"], ["00001", sales]] for name in ("План", "Факт")}
    sheets["План"][1][1] = 4000000
    files = [str(write_month(tmp_path / "2026-10.xlsx", sheets)), "--scheme", str(tmp_path / "scheme.yaml")]
    said = CliRunner().invoke(app, ["explain", *files, "--payee", "00001"]).stdout
    assert told in said.replace("\N{NO-BREAK SPACE}", " "), said
