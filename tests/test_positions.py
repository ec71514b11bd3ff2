"""People with several rows in a month: two positions, two schemes, two salaries, each on the days of its row.

In October 2026 the 22 working days of Russia are split by the weekends 3-4, 10-11, 17-18, 24-25 and 31: 11 of them
from the 1st to the 15th, 11 from the 16th to the 30th.
"""

import json
from copy import deepcopy
from decimal import Decimal

import openpyxl
import pytest
from recalculation import IronCalc, differences, paid

from kpicalc.app import Outcome
from kpicalc.lang import severity
from kpicalc.payroll.read import read_payroll
from kpicalc.screen.explanation import explanation
from kpicalc.screen.json import json_text

SCHEME = """
kpicalc: 1
language: ru
calendar: RU
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
  part_month: {plan: days_employed}
kpis:
  sales: {title: Продажи, unit: руб}
  dep_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}
schemes:
  seller:
    title: Продавец
    for: {position: Продавец}
    pay:
      - base_salary: {amount: salary, prorate: days}
      - commission: {on: sales, rate: 5%}
      - adjustments
      - withholding: {tax: ndfl, deductions: ignore}
  senior:
    title: Старший
    for: {position: Старший}
    pay:
      - base_salary: {amount: salary, prorate: days}
      - kpi_bonus: {kpi: sales, target: 22000, prorate: days, payout: attainment}
      - withholding: {tax: ndfl, deductions: ignore}
  head:
    title: Руководитель
    for: {position: Руководитель}
    pay:
      - commission: {id: share, title: Процент отдела, on: dep_sales, rate: 1%}
      - withholding: {tax: ndfl, deductions: ignore}
"""
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "С", "По", "Отработано дней", "Оклад", "Доход с начала года",
        "НДФЛ с начала года", "Лицевой счёт"]  # fmt: skip
ANNA = [
    "00001",
    "Анна",
    "Розница",
    "Продавец",
    None,
    "15.10.2026",
    None,
    44000,
    2350000,
    305500,
    "40817810000000000001",
]
ANNA_SENIOR = ["00001", "Анна", "Опт", "Старший", "16.10.2026", None, None, 66000, 2350000, 305500, None]
BORIS = ["00002", "Борис", "Розница", "Продавец", None, None, 22, 44000, 0, 0, "40817810000000000002"]
HEADS = [
    ["00003", "Вера", "Розница", "Руководитель", None, None, 22, None, 0, 0, "40817810000000000003"],
    ["00004", "Глеб", "Опт", "Руководитель", None, None, 22, None, 0, 0, "40817810000000000004"],
]
SHEETS = {
    "Сотрудники": [HEAD, ANNA, BORIS, ANNA_SENIOR, *HEADS],
    "План": [["Табельный номер", "Продажи"], ["00001", 500000]],
    "Факт": [
        ["Табельный номер", "С", "Продажи"],
        ["00001", "01.10.2026", 100000],
        ["00001", "16.10.2026", 150000],
        ["00002", None, 200000],
    ],
    "Корректировки": [["Табельный номер", "Сумма", "Причина"], ["00001", 1000, "За сентябрь"]],
}
BOOK = {"base_salary": 55000, "commission": 5000, "kpi_bonus": 6600, "adjustments": 1000, "withholding": -9140}
"""Anna by hand: 44 000 x 11 / 22 + 66 000 x 11 / 22 = 22 000 + 33 000; 5 % of 100 000; of the plan of 500 000 eleven
days of 22 are 250 000, 150 000 are 60 %, 22 000 x 11 / 22 x 60 % = 6 600; the adjustment once. The base of the year
2 350 000 counts once: with 67 600 it is 2 417 600, 312 000 + 15 % of 17 600 = 314 640, less 305 500."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return paid(tmp_path_factory.mktemp("positions"), SCHEME, SHEETS)


def with_rows(*people: list[object], **sheets: list[list[object]]) -> dict[str, list[list[object]]]:
    found = deepcopy(SHEETS)
    found["Сотрудники"] = [HEAD, *people]
    numbers = {row[0] for row in people}
    found["План"] = [row for row in found["План"] if row[0] in {HEAD[0], *numbers}]
    found["Факт"] = [row for row in found["Факт"] if row[0] in {HEAD[0], *numbers}]
    return found | sheets


def entry(outcome: Outcome, number: str) -> dict:
    data = json.loads(json_text(outcome.payroll, outcome.issues, [], "ru"))
    (found,) = [one for one in data["payees"] if one["id"] == number]
    return found


def amounts(outcome: Outcome, number: str) -> dict[str, Decimal]:
    return {line["id"]: Decimal(line["amount"]) for line in entry(outcome, number)["lines"]}


def told(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues if severity(found) in ("error", "warning", "hold")
            and found.code not in ("no_examples", "calendar_unchecked")]  # fmt: skip


def test_one_entry_with_all_lines_and_one_total(outcome: Outcome) -> None:
    one = entry(outcome, "00001")
    assert amounts(outcome, "00001") == BOOK
    assert (one["accrued"], one["total"]) == ("67600.00", "58460.00")
    assert (one["department"], one["position"], one["scheme"]) == (
        "Розница / Опт",
        "Продавец / Старший",
        "seller / senior",
    )


def test_the_department_of_each_row_has_its_results(outcome: Outcome) -> None:
    # Retail 100 000 + 200 000, wholesale 150 000; 1 % of each.
    assert amounts(outcome, "00003")["share"] == 3000
    assert amounts(outcome, "00004")["share"] == 1500


def test_good_rows_say_nothing(outcome: Outcome) -> None:
    assert told(outcome) == ["below_minimum_wage"]


def test_the_formulas_agree(outcome: Outcome) -> None:
    assert not differences(outcome.files[0], IronCalc)


def test_the_payroll_reads_back_as_one_person(outcome: Outcome) -> None:
    month, issues = read_payroll(outcome.files[0], ["Продажи"])
    assert not issues
    assert month is not None
    assert month.people["00001"].total.value == Decimal(58460)
    assert month.people["00001"].lines["Оклад"].value == 55000
    (one,) = [person for person in month.table.people if person.id == "00001"]
    assert (one.accrued, one.total, one.details["account"]) == (67600, 58460, "40817810000000000001")
    assert month.table.paid.people == 4


def test_explain_names_the_days(outcome: Outcome) -> None:
    text = explanation(outcome.payroll, 0)
    assert "01.10.2026 – 15.10.2026: Розница, Продавец" in text
    assert "16.10.2026 – 31.10.2026: Опт, Старший" in text
    print(text)


def test_dump(outcome: Outcome) -> None:
    for ws in openpyxl.load_workbook(outcome.files[0], data_only=True):
        print(ws.title)
        for row in ws.iter_rows(values_only=True):
            print([c for c in row if c is not None])
