"""A sheet that an earlier payroll was made from and this month's workbook has not: told once, by its manifest."""

import json
from pathlib import Path
from typing import Any

import pytest
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
