"""Figures of earlier months: the History sheet, wide and long, and previous() in formulas."""

from decimal import Decimal

import pytest

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.payroll import compute
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.tables import read_inputs
from kpicalc.model.book import Book, Sheet

SCHEME = """
kpicalc: 1
language: ru
rules: {{money: {{round: 0.01, ties: half_up}}, missing: {missing}}}
kpis:
  sales: {{title: Продажи, unit: руб}}
schemes:
  manager:
    for: {{position: Менеджер}}
    pay:
      - formula: {{title: Рост, pays: "{pays}"}}
"""
EMPLOYEES = [
    ["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
    ["001", "Иванова", "A", "Менеджер"],
    ["002", "Петров", "A", "Менеджер"],
]
ACTUALS = [["Табельный номер", "Продажи"], ["001", 120.0], ["002", 50.0]]
WIDE = [
    ["Табельный номер", "Период", "Продажи"],
    ["001", "2026-09", 100.0],
    ["002", "сентябрь 2026", 80.0],
    ["001", "2026-07", 60.0],
    ["002", "07.2026", 40.0],
    # Who has left since may stand in the history.
    ["777", "2026-09", 999.0],
    # The month itself and later ones are not earlier months.
    ["001", "2026-10", 5.0],
    ["001", "2027-09", 7.0],
    ["002", "2024-09", 7.0],
]
LONG = [
    ["Табельный номер", "Период", "Показатель", "Значение"],
    ["002", "2026-09", "Продажи", 80.0],
    ["001", "2026-09", "sales", 100.0],
]


def pay(pays: str, history: list[list[object]] | None, missing: str = "error"):
    book, issues = read_scheme_text("s.yaml", SCHEME.format(pays=pays, missing=missing).encode())
    assert not issues
    assert book
    statements, issues = compile_schemes(book)
    assert not issues
    sheets = [Sheet("Сотрудники", EMPLOYEES), Sheet("Факт", ACTUALS)]
    sheets += [Sheet("История", history)] if history else []
    inputs, issues = read_inputs(Book("2026-10.xlsx", "0", tuple(sheets)), book, "2026-10")
    assert inputs, issues
    payroll = compute(book, statements, inputs)
    totals = {
        inputs.payees[index].id: amount
        for paid in payroll.schemes
        for index, amount in zip(paid.payees, paid.columns["total"], strict=True)
    }
    return totals, [found.code for found in payroll.issues], payroll


@pytest.mark.parametrize("history", [WIDE, LONG])
def test_last_month(history) -> None:
    # 120 - 100 = 20; 50 - 80 = -30
    totals, codes, _ = pay("sales - previous(sales)", history)
    assert totals == {"001": Decimal(20), "002": Decimal(-30)}
    assert not codes


def test_three_months_ago() -> None:
    # 60 and 40 in July
    assert pay("previous(sales, 3)", WIDE)[0] == {"001": Decimal(60), "002": Decimal(40)}


def test_an_average_of_months_is_written_out() -> None:
    # (100 + 60) / 2 = 80; (80 + 40) / 2 = 60
    totals, _, _ = pay("(previous(sales) + previous(sales, 3)) / 2", WIDE)
    assert totals == {"001": Decimal(80), "002": Decimal(60)}


@pytest.mark.parametrize(("missing", "code", "paid"), [("error", "blank", 1), ("hold", "blank_holds", 1)])
def test_who_was_not_there_is_not_paid_from_a_guess(missing: str, code: str, paid: int) -> None:
    totals, codes, payroll = pay("previous(sales)", [LONG[0], LONG[2]], missing)
    assert codes == [code]
    assert len(totals) == paid
    assert str(payroll.issues[0].place) == "2026-10.xlsx › История"


def test_zero_where_the_scheme_says_so() -> None:
    totals, codes, _ = pay("previous(sales)", [LONG[0], LONG[2]], "zero")
    assert totals == {"001": Decimal(100), "002": Decimal(0)}
    assert codes == ["blank_is_zero"]


@pytest.mark.parametrize(
    ("pays", "code"),
    [("previous(sales, 0)", "formula_months"), ("previous(sales, 25)", "formula_months"),
     ("previous(salse)", "unknown_kpi"), ("previous(1)", "formula_needs_kpi")],
)  # fmt: skip
def test_what_cannot_be_looked_up_is_refused(pays: str, code: str) -> None:
    book, _ = read_scheme_text("s.yaml", SCHEME.format(pays=pays, missing="error").encode())
    assert book
    assert [found.code for found in compile_schemes(book)[1]] == [code]
