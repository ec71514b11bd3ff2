"""Months employed and the number of the month: from the day of hiring in the workbook to pay, and into a new form."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from recalculation import differences, lines, paid, pay

from kpicalc.app import run
from kpicalc.engine.compile import compile_schemes
from kpicalc.forms.form_workbook import write_form
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.lang import message

SCHEME = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, missing: MISSING, part_month: {plan: none}}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: 40000, prorate: none}
      - formula: {title: За стаж, pays: "if(months_employed > 12, 500, 0) + if(month = 10, 7, 0)"}
      - guarantee:
          by: months_employed
          at: [{from: 1, amount: 70000}, {from: 2, amount: 60000}, {from: 4, amount: 0}]
          prorate: none
    examples:
      - employee: {months_employed: 2, month: 10}
        pays: {guarantee: 19993, total: 60000}
"""
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Принят"]


def people(*days: object) -> dict[str, list[list[object]]]:
    rows = [[f"{at:05}", f"Человек {at}", "Юг", "Менеджер", day] for at, day in enumerate(days, 1)]
    return {"Сотрудники": [HEAD, *rows]}


@pytest.mark.parametrize(
    ("hired", "period", "expected"),
    [
        (date(2026, 10, 1), "2026-10", [40000, 7, 29993]),  # month 1: 70 000
        (date(2026, 10, 30), "2026-10", [40000, 7, 29993]),  # the month of hiring is 1, whichever day
        (date(2026, 9, 30), "2026-10", [40000, 7, 19993]),  # month 2: 60 000
        ("01.08.2026", "2026-10", [40000, 7, 19993]),  # month 3
        ("2026-07-31", "2026-10", [40000, 7, 0]),  # month 4
        (date(2025, 10, 15), "2026-10", [40000, 507, 0]),  # month 13
        (date(2025, 12, 31), "2026-01", [40000, 0, 20000]),  # month 2, over the turn of the year
    ],
)
def test_calendar_months_count_from_the_month_of_hiring(
    hired: object, period: str, expected: list[int], tmp_path: Path
) -> None:
    outcome = pay(tmp_path, SCHEME.replace("MISSING", "error"), people(hired), period=period)
    assert outcome.files, [message(found, "ru") for found in outcome.issues]
    assert list(lines(outcome, "00001").values()) == [Decimal(amount) for amount in expected]
    assert differences(outcome.files[0]) == []


def test_who_has_no_day_of_hiring_waits_and_the_cell_is_named(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME.replace("MISSING", "hold"), people(date(2026, 9, 1), None))
    assert [(found.code, found.place.cell) for found in outcome.issues if found.code == "blank_holds"] == [
        ("blank_holds", "E3")
    ]
    assert "«Принят»" in next(message(found, "ru") for found in outcome.issues if found.code == "blank_holds")


@pytest.mark.parametrize("missing", ["error", "zero"])
def test_a_day_of_hiring_is_never_guessed(missing: str, tmp_path: Path) -> None:
    outcome = pay(tmp_path, SCHEME.replace("MISSING", missing), people(None))
    assert [found.code for found in outcome.issues] == ["blank"]
    assert not outcome.files


def test_without_the_column_its_name_is_told(tmp_path: Path) -> None:
    month = {"Сотрудники": [row[:4] for row in people(None)["Сотрудники"]]}
    outcome = pay(tmp_path, SCHEME.replace("MISSING", "hold"), month)
    (found,) = outcome.issues
    assert found.code == "no_employee_column"
    assert "«Принят»" in message(found, "ru")


def test_a_new_form_has_the_day_of_hiring_of_the_example(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(SCHEME.replace("MISSING", "error"), encoding="utf-8")
    book, _ = read_scheme(tmp_path / "scheme.yaml")
    assert book
    write_form(book, compile_schemes(book)[0], tmp_path / "2026-10.xlsx", "2026-10")
    outcome = run(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml", out=tmp_path / "out")
    assert outcome.payroll
    assert outcome.payroll.total() == 60000
