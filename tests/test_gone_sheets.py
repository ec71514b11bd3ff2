"""A sheet that an earlier payroll was made from and this month's workbook has not: told once, by its manifest."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from issues import setting as months
from recalculation import write_month

from kpicalc.app import check, run

SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
kpis: {sales: {title: Продажи, unit: руб}}
WORKBOOK
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - commission: {on: sales, rate: 10%}
      - adjustments
"""
SHEETS: dict[str, Any] = {
    "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
                   ["00042", "Анна Белова", "Юг", "Менеджер"]],
    "Факт": [["Табельный номер", "Продажи"], ["00042", 1000]],
}  # fmt: skip
ADJUSTED = {"Корректировки": [["Табельный номер", "Сумма", "Причина"], ["00042", 500, "Наставничество"]]}


@pytest.fixture
def paid(tmp_path: Path) -> Any:
    """Pay a month into `payrolls`, and return what is said of sheets that are gone."""

    def pay(
        month: str, *, adjusted: bool, workbook: str = "", history: bool = False, only_check: bool = False
    ) -> list[str]:
        scheme = tmp_path / "scheme.yaml"
        scheme.write_text(SCHEME.replace("WORKBOOK", workbook), encoding="utf-8")
        book = write_month(tmp_path / f"{month}.xlsx", SHEETS | (ADJUSTED if adjusted else {}))
        folder = tmp_path / "payrolls"
        earlier = folder if history else None
        outcome = check(book, scheme, history=earlier) if only_check else run(book, scheme, out=folder, history=earlier)
        assert outcome.errors == 0, outcome.issues
        told = [found for found in outcome.issues if found.code == "sheets_gone"]
        return [f"{found.fact('found')}: {found.fact('month')}" for found in told]

    return pay


GONE = ["Корректировки: сентябрь 2026"]


@pytest.mark.parametrize("history", [False, True])
def test_the_sheet_of_last_month_is_missed(paid: Any, history: bool) -> None:
    assert paid("2026-09", adjusted=True) == []
    assert paid("2026-10", adjusted=False, history=history) == GONE
    # A month later nobody expects it any more.
    assert paid("2026-11", adjusted=False, history=history) == []


def test_a_check_looks_into_the_history(paid: Any) -> None:
    paid("2026-09", adjusted=True)
    assert paid("2026-10", adjusted=False, history=True, only_check=True) == GONE
    assert paid("2026-10", adjusted=False, only_check=True) == []


def test_the_month_paid_again_misses_its_own_sheet(paid: Any) -> None:
    assert paid("2026-10", adjusted=True) == []
    assert paid("2026-10", adjusted=False) == ["Корректировки: октябрь 2026"]


def test_good_months_say_nothing(paid: Any) -> None:
    # With and without the sheet, a month is as the one before.
    assert [paid(month, adjusted=True, history=True) for month in ("2026-09", "2026-10")] == [[], []]
    assert paid("2026-11", adjusted=False, workbook="workbook: {sheets: {adjustments: none}}") == []


def test_a_manifest_of_an_earlier_version_says_nothing(paid: Any, tmp_path: Path) -> None:
    paid("2026-09", adjusted=True)
    manifest = tmp_path / "payrolls" / "payroll-2026-09.manifest.json"
    data = json.loads(manifest.read_bytes())
    assert data.pop("sheets")["adjustments"] == "Корректировки"
    manifest.write_text(json.dumps(data), encoding="utf-8")
    assert paid("2026-10", adjusted=False, history=True) == []


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("Факт (2)", "Факт"),
        ("Факт2", "Факт"),
        ("Факт 3", "Факт"),
        ("Факт - копия", "Факт"),
        # A sheet of facts, read for no role of the workbook, is copied as often.
        ("Сделки (2)", "Сделки"),
        # Another year is kept beside this one on purpose.
        ("Факт 2025", ""),
    ],
)
def test_a_copy_that_nobody_reads_is_told(name: str, original: str, tmp_path: Path) -> None:
    scheme = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
facts: {deals: {from: Сделки, payee: Кто, date: Когда, columns: {amount: Сумма}}}
kpis:
  sales: {title: Продажи, unit: руб}
  won: {title: Выиграно, unit: руб, from: deals, sum: amount}
schemes:
  manager:
    for: {position: Менеджер}
    pay: [commission: {on: sales, rate: 10%}, commission: {id: won, on: won, rate: 10%}]
"""
    rows = [["Кто", "Когда", "Сумма"], ["00042", date(2026, 10, 5), 1000]]
    with months.laid_out({"scheme": scheme, "sheets": {"Сделки": rows, name: rows}}, tmp_path) as setting:
        found = [item for item in months.run(setting).issues if item.code == "sheet_copy"]
    assert [(item.place.sheet, item.fact("sheet")) for item in found] == ([(name, original)] if original else [])
