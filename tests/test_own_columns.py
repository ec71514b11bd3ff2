"""A person's own figures: columns of the Employees sheet that the company declares, and shares of them."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from recalculation import differences

from kpicalc.app import Outcome, run
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.sheets.staff.grouping import grouping_columns
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: none}, missing: MISSING}
employees:
  own_rate: {title: Личная ставка, unit: "%"}
  bonus_base: {title: Целевая премия, unit: руб}
kpis:
  sales: {title: Продажи, unit: руб}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: {share: 50%, of: salary}}
      - commission: {on: sales, by: attainment, threshold: 80%, pays_on: whole, rate: own_rate}
      - kpi_bonus: {kpi: sales, target: bonus_base, payout: attainment}
      - kpi_bonus: {id: second, title: Вторая, kpi: sales, target: {share: 40%, of: salary}, payout: attainment}
      - cap: {of: [commission], at: {share: 10%, of: salary}}
      - guarantee: {at: {share: 150%, of: salary}}
    examples:
      - plan: {sales: 100000}
        actual: {sales: 90000}
        employee: {salary: 40000, own_rate: 3%, bonus_base: 10000}
        pays: {commission: 2700, kpi_bonus: 9000, second: 14400, total: 60000}
"""
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад", "Личная ставка", "Целевая премия"]


def pay(tmp_path: Path, *people: list[object], missing: str = "error", head: list[str] | None = None) -> Outcome:
    book = openpyxl.Workbook()
    staff = book.active
    assert staff is not None
    staff.title = "Сотрудники"
    staff.append(head or HEAD)
    for number, row in enumerate(people, 1):
        staff.append([f"{number:05}", f"Человек {number}", "Юг", "Менеджер", *row])
    for name, figure in (("План", 100000), ("Факт", 90000)):
        sheet = book.create_sheet(name)
        sheet.append(["Табельный номер", "Продажи"])
        for number, _ in enumerate(people, 1):
            sheet.append([f"{number:05}", figure])
    book.save(tmp_path / "2026-10.xlsx")
    (tmp_path / "scheme.yaml").write_text(SCHEME.replace("MISSING", missing), encoding="utf-8")
    return run(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml", out=tmp_path / "out")


def lines(outcome: Outcome, row: int) -> list[Decimal]:
    assert outcome.payroll is not None
    (scheme,) = outcome.payroll.schemes
    return [scheme.columns[line.figure][row] for line in scheme.statement.lines]


def test_everybody_has_their_own(tmp_path: Path) -> None:
    outcome = pay(tmp_path, [40000, 0.03, 10000], [100000, 0.05, 0])
    assert outcome.files, outcome.issues
    # 20 000; 90 000 x 3 %; 10 000 x 0.9; 16 000 x 0.9; 2 700 < 4 000; 60 000 - 46 100
    assert lines(outcome, 0) == [20000, 2700, 9000, 14400, 0, 13900]
    # 50 000; 4 500; 0; 40 000 x 0.9; 4 500 < 10 000; 150 000 - 90 500
    assert lines(outcome, 1) == [50000, 4500, 0, 36000, 0, 59500]
    assert outcome.payroll is not None
    told = explanation(outcome.payroll, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert "Личная ставка: 3 % [Сотрудники!F2]" in told
    assert "Комиссия = Продажи × Личная ставка = 90 000 × 3 % = 2 700" in told
    assert "Вторая = Оклад по штату × доля × % выполнения «Продажи» = 40 000 × 40 % × 90 % = 14 400" in told
    assert differences(outcome.files[0]) == []


@pytest.mark.parametrize(("missing", "code", "paid"), [("error", "blank", 0), ("hold", "blank_holds", 1)])
def test_a_blank_follows_missing(tmp_path: Path, missing: str, code: str, paid: int) -> None:
    outcome = pay(tmp_path, [40000, 0.03, 10000], [40000, None, 10000], missing=missing)
    assert [(item.code, item.place.cell) for item in outcome.issues if item.code == code] == [(code, "F3")]
    assert len([path for path in outcome.files if path.suffix == ".xlsx"]) == paid


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    outcome = pay(tmp_path, [40000, 0.03, 10000], head=[*HEAD[:6], "Премия"])
    assert [item.code for item in outcome.issues if item.code == "no_employee_column"] == ["no_employee_column"]
    assert outcome.files == ()


def test_five_is_no_five_per_cent(tmp_path: Path) -> None:
    outcome = pay(tmp_path, [40000, 5, 10000])
    assert [(item.code, item.place.cell) for item in outcome.issues if item.code == "own_per_cent"] == [
        ("own_per_cent", "F2")
    ]
    assert outcome.files == ()


def test_a_column_with_the_name_of_a_period_is_a_figure() -> None:
    own = SCHEME.replace("MISSING", "error").replace("bonus_base", "quarter")
    text = own.replace("{kpi: sales, target: quarter,", "{kpi: sales, target: quarter, over: quarter, plan: sum,")
    assert text != own
    book, issues = read_scheme_text("scheme.yaml", text.encode())
    assert book is not None, issues
    assert grouping_columns(book) == set()
