"""Accrued, withheld, to be paid: what every output says of the three, and that they agree."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from recalculation import ENGINES, IronCalc, LibreOffice, differences, paid, pay

from kpicalc.app import Outcome, init, run
from kpicalc.engine.terms.ndfl import BRACKETS
from kpicalc.screen.data.json import json_text
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, missing: error}
kpis:
  sales: {title: Продажи, unit: руб}
schemes:
  staff:
    title: Штат
    for: {position: Штат}
    pay:
      - base_salary: {amount: salary, fte: ignore}
      - withholding: {tax: ndfl, deductions: subtract}
      - withholding: {id: writ, title: Лист, share: writ_share, of: after_tax, rules: {missing: zero}}
  guest:
    title: Гость
    for: {position: Гость}
    pay:
      - commission: {on: sales, rate: 10%}
"""
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад", "Доход с начала года",
        "НДФЛ с начала года", "Вычеты по НДФЛ", "Исполнительный лист, доля"]  # fmt: skip
SHEETS = {
    "Сотрудники": [
        HEAD,
        ["00001", "Анна", "А", "Штат", 100000, 2350000, 305500, 0, None],
        ["00002", "Борис", "Б", "Штат", 50000, 0, 0, 1400, 0.25],
        ["00003", "Вера", "Б", "Гость", None, None, None, None, None],
    ],
    "Факт": [["Табельный номер", "Продажи"], ["00003", 80000]],
}
ACCRUED, TAX, WRIT, PAID = Decimal(158000), Decimal(-20318), Decimal("-10920.50"), Decimal("126761.50")
"""By hand: 100 000 + 50 000 + 8 000; 14 000 + 13 % of 48 600 = 6 318; a quarter of 43 682; what is left."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return paid(tmp_path_factory.mktemp("withheld"), SCHEME, SHEETS)


def rows(outcome: Outcome, sheet: str, first: int, last: int) -> list[list[object]]:
    table = openpyxl.load_workbook(outcome.files[0], data_only=True)[sheet]
    return [[cell.value for cell in row] for row in table.iter_rows(first, last)]


def test_the_payroll_reads_from_accrued_to_paid(outcome: Outcome) -> None:
    head, *people = rows(outcome, "Ведомость", 4, 10)
    assert head[5:] == ["Оклад", "Комиссия", "Начислено", "НДФЛ", "Лист", "К выплате", "Подпись"]
    # Three people, the sums of two departments, the total.
    assert [row[7:11] for row in people] == [
        [100000, -14000, 0, 86000],
        [50000, -6318, -10920.5, 32761.5],
        [8000, "—", "—", 8000],
        [100000, -14000, 0, 86000],
        [58000, -6318, -10920.5, 40761.5],
        [float(ACCRUED), float(TAX), float(WRIT), float(PAID)],
    ]


def test_1c_is_given_what_is_accrued(outcome: Outcome) -> None:
    head, *people = rows(outcome, "Для 1С", 1, 4)
    # Behind what is accrued stands what files for banks are made of later.
    assert head[5:] == ["Оклад", "Комиссия", "Начислено", "НДФЛ", "Лист", "К выплате"]
    assert [row[7] for row in people] == [100000, 50000, 8000]
    assert [sum(row[7:10]) for row in people] == [row[10] for row in people]


def test_the_control_totals_are_of_accruals(outcome: Outcome) -> None:
    found = {row[0]: row[1] for row in rows(outcome, "Протокол", 1, 20)}
    assert found["Начислено всего"] == found["Контроль: сумма по листу «Для 1С»"] == float(ACCRUED)
    assert found["Расхождение (должно быть 0)"] == 0
    assert found["К выплате всего"] == float(PAID)


def test_the_summary_reads_from_accrued_to_paid(outcome: Outcome) -> None:
    found = [row[:2] for row in rows(outcome, "Итоги", 1, 60)]
    at = found.index(["От начисленного к выплате", "Сумма"])
    assert found[at + 1 : at + 5] == [
        ["Начислено", float(ACCRUED)],
        ["НДФЛ", float(TAX)],
        ["Лист", float(WRIT)],
        ["К выплате", float(PAID)],
    ]
    assert found[3:6] == [["А", 100000], ["Б", 58000], ["Всего", float(ACCRUED)]]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_spreadsheet_agrees(engine: type[IronCalc | LibreOffice], outcome: Outcome) -> None:
    assert not differences(outcome.files[0], engine)


def test_the_brackets_stand_on_the_scheme_sheet(outcome: Outcome) -> None:
    table = rows(outcome, "Схема", 1, 30)
    at = next(number for number, row in enumerate(table) if row[0] == "НДФЛ")
    assert [(row[1], row[2]) for row in table[at + 1 : at + 6]] == [
        (0, 0.13), (2400000, 0.15), (5000000, 0.18), (20000000, 0.2), (50000000, 0.22),
    ]  # fmt: skip


def test_json_says_all_three(outcome: Outcome) -> None:
    found = json.loads(json_text(outcome.payroll, outcome.issues, [], "ru"))
    assert found["totals"]["accrued"] == "158000.00"
    assert found["totals"]["total"] == "126761.50"
    assert [(payee["accrued"], payee["total"]) for payee in found["payees"]] == [
        ("100000.00", "86000.00"),
        ("50000.00", "32761.50"),
        ("8000.00", "8000.00"),
    ]


def test_the_explanation_ends_with_what_is_to_be_paid(outcome: Outcome) -> None:
    assert outcome.payroll is not None
    told = explanation(outcome.payroll, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith("Начислено 100 000,00 RUB\n  НДФЛ: −14 000,00\n  Лист: 0,00\nК выплате 86 000,00 RUB")
    pay = explanation(outcome.payroll, 2).partition("\n\nСколько стоит следующий шаг")[0]
    assert pay.endswith("Итого 8\N{NO-BREAK SPACE}000,00 RUB")


def test_the_constants_of_the_law_follow_from_its_rates() -> None:
    """Article 224 prints 312 000, 702 000, 3 402 000 and 9 402 000: the tax of each bracket filled to its end."""
    constants, so_far = [], Decimal(0)
    for (start, rate), (end, _) in pairwise(BRACKETS):
        so_far += (end - start) * rate
        constants.append(so_far)
    assert constants == [312_000, 702_000, 3_402_000, 9_402_000]


def test_a_tax_of_many_is_that_of_the_law(tmp_path: Path) -> None:
    """Across every bound, with kopecks, in a workbook that a spreadsheet recalculates."""
    incomes = ["0", "2399999.99", "2400000", "2400000.01", "4999900", "19999999.5", "49999990", "73000000.33"]
    # By hand, the tax before as the law's constants give it, whole roubles.
    before = [0, 312000, 312000, 312000, 701985, 3402000, 9401998, 14462000]
    month = 1000
    # The tax of the year with the month: 13 % of 1 000; 312 000 + 15 % of 999.99; 312 000 + 15 % of 1 000; of 1 000.01;
    # 702 000 + 18 % of 900; 3 402 000 + 20 % of 999.50; 9 402 000 + 22 % of 990; 9 402 000 + 22 % of 23 001 000.33.
    year = [130, 312150, 312150, 312150, 702162, 3402200, 9402218, 14462220]
    sheet = [
        [f"0000{at}", f"N{at}", "А", "Штат", month, float(income), tax, 0, 0]
        for at, (income, tax) in enumerate(zip(incomes, before, strict=True))
    ]
    outcome = pay(tmp_path, SCHEME, {"Сотрудники": [HEAD, *sheet], "Факт": SHEETS["Факт"][:1]})
    assert outcome.payroll is not None
    (only,) = outcome.payroll.schemes
    assert list(only.columns["withholding.of_year"]) == year
    assert list(only.columns["line.withholding"]) == [was - now for was, now in zip(before, year, strict=True)]
    assert not differences(outcome.files[0])


def test_the_form_asks_for_the_figures_of_the_year(tmp_path: Path) -> None:
    """`kpicalc init` writes a workbook that the scheme pays as its own example."""
    example = (
        "    examples:\n      - employee: {salary: 100000, income_before: 2350000, tax_before: 305500,"
        " tax_deductions: 0, writ_share: 0}\n        pays: {accrued: 100000, withholding: -14000, total: 86000}\n"
    )
    (tmp_path / "template.yaml").write_text(SCHEME.replace("  guest:", example + "  guest:"), encoding="utf-8")
    made = init(tmp_path / "new", tmp_path / "template.yaml", "2026-10")
    assert not made.issues
    scheme, workbook, _ = made.files
    head = [cell.value for cell in openpyxl.load_workbook(workbook)["Сотрудники"][1]]
    assert head[4:] == [*HEAD[4:], "Принят", "Уволен"]
    book = openpyxl.load_workbook(workbook)
    book["Факт"].cell(3, 3, 80000)
    book.save(workbook)
    outcome = run(workbook, scheme, out=tmp_path / "payroll.xlsx")
    assert outcome.payroll is not None, outcome.issues
    assert outcome.payroll.schemes[0].columns["total"] == [Decimal(86000)]


def test_nothing_is_withheld_from_less_than_nothing(tmp_path: Path) -> None:
    """50 000 less 50 490 is -490; the tax of 100 000 earned before is 13 000 - 64 = 12 936 (99 510 x 13 %)."""
    text = SCHEME.replace("      - withholding: {tax", "      - adjustments\n      - withholding: {tax", 1)
    month = {
        **SHEETS,
        "Сотрудники": [HEAD, ["00001", "Анна", "А", "Штат", 50000, 100000, 0, 0, None]],
        "Корректировки": [["Табельный номер", "Сумма", "Основание"], ["00001", -50490, "Возврат"]],
        "Факт": [["Табельный номер", "Продажи"], ["00001", 0]],
    }
    outcome = pay(tmp_path, text, month)
    assert not outcome.files
    assert "withheld_too_much" in [found.code for found in outcome.issues]


# -- one person in several rows -------------------------------------------------------------------------------------

TAXED = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, missing: error}
schemes:
  staff:
    title: Штат
    for: {position: Штат}
    pay:
      - base_salary: {amount: salary, fte: ignore}
      - withholding: {tax: ndfl, deductions: subtract}
"""


def taxes(outcome: Outcome) -> list[Decimal]:
    assert outcome.payroll is not None
    return [-value for pay in outcome.payroll.schemes for value in pay.columns[pay.statement.lines[-1].figure]]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Before: 13 % of 2 400 000 + 15 % of 200 000 = 342 000. Of the month 15 % of 200 000, twice.
        ([[200000, 1300000, 169000, 0, "500100732259"], [200000, 1300000, 169000, 0, "500100732259"]],
         [30000, 30000]),
        # 2 300 000 before: 100 000 at 13 %, the rest of the first row and the whole second one at 15 %.
        ([[150000, 1150000, 149500, 0, "500100732259"], [50000, 1150000, 149500, 0, "500100732259"]],
         [20500, 7500]),
        # Deductions of 100 000 in one row count once: 117 000 are withheld of 900 000, then 13 000.
        ([[0, 500000, 52000, 100000, "500100732259"], [100000, 500000, 65000, 0, "500100732259"]],
         [0, 13000]),
        # Others are others.
        ([[200000, 1300000, 169000, 0, "500100732259"], [200000, 1300000, 169000, 0, "7707083893"]],
         [26000, 26000]),
        # A third row goes on from the second one: 2 350 000, 2 400 000, 2 450 000, 2 500 000.
        ([[50000, 2350000, 305500, 0, "500100732259"], [50000, 0, 0, 0, "500100732259"],
          [50000, 0, 0, 0, "500100732259"]], [6500, 7500, 7500]),
    ],
)  # fmt: skip
def test_the_base_of_the_tax_is_the_persons(rows: list[list[object]], expected: list[int], tmp_path: Path) -> None:
    people = [[f"{at:05}", "Анна", "А", "Штат", *row] for at, row in enumerate(rows)]
    outcome = paid(tmp_path, TAXED, {"Сотрудники": [[*HEAD[:-1], "ИНН"], *people]})
    assert taxes(outcome) == expected
    assert not differences(outcome.files[0], IronCalc)


def test_snils_tells_who_is_one_person_too(tmp_path: Path) -> None:
    rows = [["00001", "Анна", "А", "Штат", 200000, 1300000, 169000, 0, "112-233-445 95"],
            ["00901", "Анна", "Б", "Штат", 200000, 1300000, 169000, 0, "11223344595"]]  # fmt: skip
    outcome = paid(tmp_path, TAXED, {"Сотрудники": [[*HEAD[:-1], "СНИЛС"], *rows]})
    assert taxes(outcome) == [30000, 30000]
    assert {item.code for item in outcome.issues} >= {"tax_of_earlier_months", "tax_of_one_person"}
