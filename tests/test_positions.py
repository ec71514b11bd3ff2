"""People with several rows in a month: two positions, two schemes, two salaries, each on the days of its row.

In October 2026 the 22 working days of Russia are split by the weekends 3-4, 10-11, 17-18, 24-25 and 31: 11 of them
from the 1st to the 15th, 11 from the 16th to the 30th.
"""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from recalculation import IronCalc, differences, paid, pay, write_month

import kpicalc
from kpicalc import app
from kpicalc.app import Outcome, payee_in
from kpicalc.lang import severity
from kpicalc.model.progress import Range
from kpicalc.payroll.back.read import read_payroll
from kpicalc.screen.data.json import json_text
from kpicalc.screen.explanation import explanation

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
HEAD = [
    *("Табельный номер", "Сотрудник", "Подразделение", "Должность", "С", "По", "Отработано дней", "Оклад"),
    *("Доход с начала года", "НДФЛ с начала года", "Лицевой счёт"),
]
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
    # As the payroll has its columns: what is withheld stands last.
    assert list(amounts(outcome, "00001")) == ["base_salary", "commission", "kpi_bonus", "adjustments", "withholding"]
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


def test_explain_names_the_days_and_the_sum(outcome: Outcome) -> None:
    assert outcome.payroll is not None
    text = explanation(outcome.payroll, 0)
    assert "— 01.10.2026 – 15.10.2026: Розница, Продавец" in text
    assert "— 16.10.2026 – 31.10.2026: Опт, Старший" in text
    plain_text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Продажи (план) × Дней в штате / Норма дней = 500 000 × 11 / 22 = 250 000" in plain_text
    assert "Всего по строкам: 24 360,00 + 34 100,00 = 58 460,00 RUB" in plain_text


def test_the_sums_of_departments_have_each_row_in_its_own(outcome: Outcome) -> None:
    """Retail: 44 000 / 2 + 44 000, 15 000 of commission, 1 000, 3 000; wholesale: 33 000, 6 600, 1 500."""
    book = openpyxl.load_workbook(outcome.files[0], data_only=True)
    summary = [[cell.value for cell in row][:3] for row in book["Итоги"].iter_rows()]
    assert ["Розница", 85000, 3] in summary
    assert ["Опт", 41100, 2] in summary
    # Four people: Anna counts in both departments, and once in all.
    assert ["Всего", 126100, 4] in summary


def test_who_is_asked_for_is_one_person(outcome: Outcome) -> None:
    assert outcome.inputs is not None
    assert payee_in(outcome.inputs, "00001", "ru") == payee_in(outcome.inputs, "Анна", "ru") == 0


# -- two changes of salary ------------------------------------------------------------------------------------------

PLAIN = """
kpicalc: 1
language: ru
calendar: RU
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
kpis:
  sales: {title: Продажи, unit: руб%s}
%sschemes:
  all:
    title: Все
    pay:
%s
"""


def plain(*pay: str, kpi: str = "", more: str = "") -> str:
    return PLAIN % (kpi, more, "\n".join(f"      - {one}" for one in pay))


def people(*rows: list[object], head: tuple[str, ...] = ()) -> dict[str, list[list[object]]]:
    """Return Employees: rows of one person, each with its days and what follows them."""
    named = [["007", "Анна", "Отдел", "Должность", *row] for row in rows]
    return {"Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность", "С", "По", *head], *named]}


def test_three_rows_for_two_changes_of_salary(tmp_path: Path) -> None:
    """Of 22 days 7 are before the 10th, 6 from the 10th to the 19th, 9 from the 20th on.

    30 000 x 7 / 22 = 9 545.4545, 40 000 x 6 / 22 = 10 909.0909, 50 000 x 9 / 22 = 20 454.5454; each row is rounded.
    """
    sheets = people(
        [None, "09.10.2026", 30000], ["10.10.2026", "19.10.2026", 40000], ["20.10.2026", None, 50000], head=("Оклад",)
    )
    found = paid(tmp_path, plain("base_salary: {amount: salary, prorate: days}"), sheets)
    assert amounts(found, "007") == {"base_salary": Decimal("40909.09")}
    assert told(found) == []
    assert not differences(found.files[0], IronCalc)


def test_the_calculation_shows_a_full_name_with_its_days(tmp_path: Path) -> None:
    sheets = people([None, "15.10.2026", 30000], ["16.10.2026", None, 40000], head=("Оклад",))
    for row in sheets["Сотрудники"][1:]:
        row[1] = "Константинопольская Анастасия"
    found = paid(tmp_path, plain("base_salary: {amount: salary, prorate: days}"), sheets)
    sheet = openpyxl.load_workbook(found.files[0])["Расчёт"]
    names = [cell.value for cell in sheet["B"] if str(cell.value).startswith("Константинопольская")]
    assert [name.split(" (")[1] for name in names] == ["01.10.2026 – 15.10.2026)", "16.10.2026 – 31.10.2026)"]
    # 29 letters and 26 of the days.
    assert {len(name) for name in names} == {55}
    assert sheet.column_dimensions["B"].width > 55


def test_hired_inside_the_month_and_then_promoted(tmp_path: Path) -> None:
    """Hired on Monday the 12th: 4 days to the 15th, 11 after; 22 000 x 4 / 22 + 44 000 x 11 / 22 = 4 000 + 22 000."""
    sheets = people(
        [None, "15.10.2026", 22000, "12.10.2026"], ["16.10.2026", None, 44000, None], head=("Оклад", "Принят")
    )
    found = paid(tmp_path, plain("base_salary: {amount: salary, prorate: days}"), sheets)
    assert amounts(found, "007") == {"base_salary": 26000}
    assert told(found) == []


def test_one_row_with_days_is_a_part_of_the_month(tmp_path: Path) -> None:
    """From the 16th: 11 days of 22; the days before it are told, for nobody says why they are not paid."""
    found = paid(
        tmp_path,
        plain("base_salary: {amount: salary, prorate: days}"),
        people(["16.10.2026", None, 44000], head=("Оклад",)),
    )
    assert amounts(found, "007") == {"base_salary": 22000}
    assert told(found) == ["position_gap"]


# -- facts fall to the row of their day -------------------------------------------------------------------------------

FACTS = """facts:
  deals: {from: {sheet: Сделки}, payee: Кто, date: Дата, columns: {amount: Сумма}}
"""
DEALS = [
    ["Кто", "Дата", "Сумма"],
    ["007", "30.09.2026", 7000],
    ["007", "01.10.2026", 1000],
    ["007", "15.10.2026", 500],
    ["007", "16.10.2026", 2000],
    ["007", "31.10.2026", 300],
    ["008", "16.10.2026", 50],
]
HALVES = people([None, "15.10.2026", None], ["16.10.2026", None, None], head=("Отработано дней",))
HALVES["Сотрудники"].append(["008", "Борис", "Отдел", "Должность", None, None, 22])


def test_a_row_of_facts_counts_in_the_position_of_its_day(tmp_path: Path) -> None:
    """Of the first half 1 500, of the second 2 300; 1 % above 1 000 in each row: 5 and 13. In one row it were 28."""
    scheme = plain(
        "commission: {on: sales, threshold: 1000, pays_on: excess, rate: 1%}",
        kpi=", from: deals, sum: amount",
        more=FACTS,
    )
    found = paid(tmp_path, scheme, HALVES | {"Сделки": DEALS})
    assert amounts(found, "007") == {"commission": 18}
    assert amounts(found, "008") == {"commission": 0}
    assert not differences(found.files[0], IronCalc)


def test_pay_per_deal_stands_by_rows_too(tmp_path: Path) -> None:
    """10 % of a deal below 1 000, 20 % from there: 1 000 -> 200, 500 -> 50; 2 000 -> 400, 300 -> 30; Boris 5."""
    scheme = plain(
        "deal_commission: {on: deals, amount: amount, tiers: whole, round_rows: 0.01, rates: "
        "[{from: 0, rate: 10%}, {from: 1000, rate: 20%}]}",
        more=FACTS,
    )
    found = paid(tmp_path, scheme, HALVES | {"Сделки": DEALS})
    assert amounts(found, "007") == {"deal_commission": 680}
    assert amounts(found, "008") == {"deal_commission": 5}
    assert not differences(found.files[0], IronCalc)
    month, issues = read_payroll(found.files[0])
    assert not issues, issues
    assert month is not None


# -- what is the person's counts once ---------------------------------------------------------------------------------


def test_an_actual_of_the_month_counts_in_the_row_that_uses_it(tmp_path: Path) -> None:
    """The seller's sales stand in one row of the sheet; as a guest the person is paid nothing by them."""
    scheme = SCHEME.replace("{kpi: sales, target: 22000, prorate: days, payout: attainment}",
                            "{kpi: calls, target: 22000, prorate: days, payout: attainment}")  # fmt: skip
    scheme = scheme.replace("kpis:\n", "kpis:\n  calls: {title: Звонки, unit: шт}\n")
    sheets = with_rows(ANNA, ANNA_SENIOR)
    sheets["Факт"] = [["Табельный номер", "Продажи", "Звонки"], ["00001", 100000, 30]]
    sheets["План"] = [["Табельный номер", "Звонки"], ["00001", 100]]
    found = paid(tmp_path, scheme, sheets)
    # 5 % of 100 000; 30 of 50 calls are 60 %: 22 000 x 11 / 22 x 60 % = 6 600.
    assert {key: amounts(found, "00001")[key] for key in ("commission", "kpi_bonus")} == {
        "commission": 5000,
        "kpi_bonus": 6600,
    }
    assert not differences(found.files[0], IronCalc)


SALARY_ONLY = """
kpicalc: 1
language: ru
calendar: RU
rules: {money: {round: 0.01, ties: half_up}}
employees:
  region: {title: Регион, unit: text}
kpis:
  sales: {title: Продажи, unit: руб}
  dep_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}
  region_sales: {title: Продажи региона, unit: руб, team: sum, of: sales, over: region}
schemes:
  seller: {title: Продавец, for: {position: Продавец}, pay: [base_salary: {amount: salary, prorate: days}]}
  head: {title: Глава, for: {position: Глава}, pay: [commission: {on: %s, rate: 1%%}]}
"""


def salary_only(department: str, region: str) -> dict[str, list[list[object]]]:
    """Return a seller with two rows who is paid a salary alone, and two heads; the second row is of this group."""
    head = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "С", "По", "Оклад", "Регион"]
    return {
        "Сотрудники": [
            head,
            ["007", "Анна", "Розница", "Продавец", None, "15.10.2026", 44000, "Москва"],
            ["007", "Анна", department, "Продавец", "16.10.2026", None, 66000, region],
            ["008", "Вера", "Розница", "Глава", None, None, None, "Москва"],
            ["009", "Глеб", "Опт", "Глава", None, None, None, "Тула"],
        ],
        "Факт": [["Табельный номер", "Продажи"], ["007", 100000], ["008", 0], ["009", 0]],
    }


@pytest.mark.parametrize("team", ["dep_sales", "region_sales"])
def test_an_actual_that_only_the_head_is_paid_by_counts_once(team: str, tmp_path: Path) -> None:
    """Half of 44 000 and of 66 000; 1 % of 100 000 to the head of the one group, of nothing to that of the other."""
    found = paid(tmp_path, SALARY_ONLY % team, salary_only("Розница", "Москва"))
    assert [amounts(found, number) for number in ("007", "008", "009")] == [
        {"base_salary": 55000}, {"commission": 1000}, {"commission": 0},
    ]  # fmt: skip
    assert not differences(found.files[0], IronCalc)


@pytest.mark.parametrize(
    ("team", "department", "region"), [("dep_sales", "Опт", "Москва"), ("region_sales", "Розница", "Тула")]
)
def test_an_actual_of_the_month_that_two_groups_would_count_is_refused(
    team: str, department: str, region: str, tmp_path: Path
) -> None:
    found = pay(tmp_path, SALARY_ONLY % team, salary_only(department, region))
    assert [item.code for item in found.issues if severity(item) == "error"] == ["position_actual_open"]
    assert found.files == ()


def test_what_a_computed_result_of_a_group_needs_is_stated_by_rows(tmp_path: Path) -> None:
    """Sales less costs are computed of each row: 60 000 - 40 000 + 40 000, and 1 % of them to the head."""
    computed = """
  costs: {title: Затраты, unit: руб}
  margin: {title: Маржа, unit: руб, formula: sales - costs}
  dep_margin: {title: Маржа отдела, unit: руб, team: sum, of: margin}
schemes:"""
    scheme = (SALARY_ONLY % "dep_margin").replace("\nschemes:", computed)
    sheets = salary_only("Розница", "Москва")
    sheets["Факт"] = [["Табельный номер", "Продажи", "Затраты"], ["007", 100000, 40000], ["008", 0, 0], ["009", 0, 0]]
    found = pay(tmp_path, scheme, sheets)
    errors = [(item.code, item.place.cell) for item in found.issues if severity(item) == "error"]
    assert errors == [("position_actual_open", "B2"), ("position_actual_open", "C2")]
    sheets["Факт"] = [
        ["Табельный номер", "С", "Продажи", "Затраты"],
        ["007", "01.10.2026", 60000, 40000], ["007", "16.10.2026", 40000, 0], ["008", None, 0, 0], ["009", None, 0, 0],
    ]  # fmt: skip
    found = paid(tmp_path, scheme, sheets)
    assert [amounts(found, number)["commission"] for number in ("008", "009")] == [600, 0]


def test_a_debt_that_stands_in_both_rows_is_one(tmp_path: Path) -> None:
    """500 are owed; 10 % of 3 000 and of 4 000 are earned, at least 100 a row: 300 - 200 in each, 100 still owed."""
    scheme = plain("commission: {on: sales, rate: 10%}", "draw: {of: [commission], at: 100, recoverable: yes}")
    sheets = people([None, "15.10.2026", 500], ["16.10.2026", None, 500], head=("Долг по авансу",))
    sheets["Факт"] = [
        ["Табельный номер", "С", "Продажи"], ["007", "01.10.2026", 3000], ["007", "16.10.2026", 4000],
    ]  # fmt: skip
    found = paid(tmp_path, scheme, sheets)
    one = entry(found, "007")
    # In the first row 300 - 500 would leave less than 100: 200 are taken, 300 stay; the second row owes nothing.
    assert amounts(found, "007") == {"commission": 700, "draw": -200}
    assert [line["amount"] for line in one["debts"]] == ["300.00"]


def test_a_row_that_waits_keeps_all_of_them_back(tmp_path: Path) -> None:
    scheme = plain("commission: {on: sales, rate: 10%}", kpi=", missing: hold")
    sheets = people([None, "15.10.2026"], ["16.10.2026", None])
    sheets["Факт"] = [
        ["Табельный номер", "С", "Продажи"], ["007", "01.10.2026", 3000], ["007", "16.10.2026", None],
    ]  # fmt: skip
    found = pay(tmp_path, scheme, sheets)
    assert entry(found, "007")["held"]
    assert entry(found, "007")["total"] is None
    assert found.payroll is not None
    assert found.payroll.held == (0,)
    assert "Ещё не начислено" in explanation(found.payroll, 0)


def test_people_without_numbers_are_one_by_name(tmp_path: Path) -> None:
    scheme = plain("base_salary: {amount: salary, prorate: days}").replace("kpis:", "workbook: {match: name}\nkpis:")
    rows = [
        ["Анна Белова", "Отдел", "А", None, "15.10.2026", 22000],
        ["Анна Белова", "Отдел", "Б", "16.10.2026", None, 44000],
    ]
    sheets = {"Сотрудники": [["Сотрудник", "Подразделение", "Должность", "С", "По", "Оклад"], *rows]}
    found = paid(tmp_path, scheme, sheets)
    assert entry(found, "Анна Белова")["total"] == "33000.00"


def test_a_day_beside_the_figures_of_one_row_means_nothing(tmp_path: Path) -> None:
    """Who has one row on the Employees sheet has one on the Actuals sheet, whatever days stand beside it."""
    sheets = people([None, None])
    sheets["Факт"] = [["Табельный номер", "С", "По", "Продажи"], ["007", "12.10.2026", "31.10.2026", 3000]]
    found = paid(tmp_path, plain("commission: {on: sales, rate: 10%}"), sheets)
    assert amounts(found, "007") == {"commission": 300}


def test_the_first_of_another_month_is_no_row_of_this_one(tmp_path: Path) -> None:
    sheets = with_rows(ANNA, ANNA_SENIOR)
    sheets["Факт"][1] = ["00001", "01.09.2026", 100000]  # copied from last month's sheet
    (found,) = [item for item in pay(tmp_path, SCHEME, sheets).issues if severity(item) == "error"]
    assert (found.code, found.place.cell, found.fact("found")) == ("position_unknown_day", "B2", "01.09.2026")
    assert found.fact("allowed") == "01.10.2026, 16.10.2026"


def test_a_person_may_stand_in_two_workbooks(tmp_path: Path) -> None:
    """One team's workbook has the first half of the month, the other's the second one; each has its own actuals."""
    half = {"Сотрудники": [HEAD, ANNA, BORIS, HEADS[0]], "План": [SHEETS["План"][0]],
            "Факт": [["Табельный номер", "Продажи"], ["00001", 100000], ["00002", 200000]],
            "Корректировки": SHEETS["Корректировки"]}  # fmt: skip
    other = {"Сотрудники": [HEAD, ANNA_SENIOR, HEADS[1]], "План": SHEETS["План"],
             "Факт": [["Табельный номер", "Продажи"], ["00001", 150000]]}  # fmt: skip
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    books = [write_month(tmp_path / "a.xlsx", half), write_month(tmp_path / "b.xlsx", other)]
    found = app.check(books, tmp_path / "scheme.yaml", "2026-10")
    assert amounts(found, "00001") == BOOK
    assert amounts(found, "00003")["share"] == 3000
    assert amounts(found, "00004")["share"] == 1500


def test_one_inn_under_two_numbers_and_two_rows_is_one_base(tmp_path: Path) -> None:
    """Anna has another number too: 2 350 000 in the rows of one number count once, 100 000 of the other besides.

    The year is 2 450 000 with 319 500 due (312 000 + 15 % of 50 000) against 318 500 that were withheld apart; what
    joining them would have taxed before, 1 000, is told. With 66 600 and 22 000 of October it is 2 538 600:
    312 000 + 20 790 = 332 790, less 319 500.
    """
    inn = "500100732259"
    head = [*HEAD, "ИНН"]
    second = ["00009", "Анна", "Розница", "Продавец", None, None, 11, 44000, 100000, 13000, None, inn]
    sheets = {
        "Сотрудники": [head, [*ANNA, inn], [*ANNA_SENIOR, None], second],
        "План": SHEETS["План"],
        "Факт": [*SHEETS["Факт"][:3], ["00009", None, 0]],
    }
    found = paid(tmp_path, SCHEME, sheets)
    tax = amounts(found, "00001")["withholding"] + amounts(found, "00009")["withholding"]
    assert tax == -13290
    assert "tax_of_one_person" in [item.code for item in found.issues]


# -- what is of the whole month in each of the rows -------------------------------------------------------------------

TEAM = "}\n  dep: {title: Продажи отдела, unit: руб, team: sum, of: sales"
SOLD = [
    ["Табельный номер", "С", "Продажи"],
    ["007", "01.10.2026", 1000], ["007", "16.10.2026", 2000], ["008", None, 5000],
]  # fmt: skip


def team_of_two(second: str = "Отдел") -> dict[str, list[list[object]]]:
    sheets = people([None, "15.10.2026"], ["16.10.2026", None])
    sheets["Сотрудники"][2][2] = second
    sheets["Сотрудники"].append(["008", "Борис", "Отдел", "Должность", None, None])
    return sheets | {"Факт": SOLD}


@pytest.mark.parametrize(
    "line",
    [
        "commission: {on: dep, rate: 10%}",
        "override: {on: sales, over: department, own: include, rate: 10%}",
        "override: {on: sales, over: department, own: exclude, rate: 10%}",
        'formula: {title: Доля, pays: "max(dep - 100, 0) * 10%"}',
    ],
)
def test_one_result_of_a_group_is_not_paid_in_two_rows(line: str, tmp_path: Path) -> None:
    """The department has 8 000; 10 % of it are 800, and two rows of Anna would be paid 1 600."""
    found = pay(tmp_path, plain(line, kpi=TEAM), team_of_two())
    assert found.files == ()
    assert "position_group_twice" in told(found)


def test_what_members_earned_is_not_paid_in_two_rows(tmp_path: Path) -> None:
    lines = "override: {of_lines: [commission], over: department, own: include, rate: 10%}"
    found = pay(tmp_path, plain("commission: {on: sales, rate: 10%}", lines), team_of_two())
    assert "position_group_twice" in told(found)


def test_results_of_two_groups_are_paid_and_told(tmp_path: Path) -> None:
    """10 % of 1 000 + 5 000 of the one department and of 2 000 of the other: each is the whole month's."""
    found = paid(tmp_path, plain("commission: {on: dep, rate: 10%}", kpi=TEAM), team_of_two("Другой"))
    assert amounts(found, "007") == {"commission": 800}
    assert amounts(found, "008") == {"commission": 600}
    assert "position_in_full" in told(found)


def test_a_share_by_the_result_of_a_group_is_of_each_row(tmp_path: Path) -> None:
    """8 000 of 10 000 are 80 %: 2 200 x 11 / 22 x 80 % in each row, and 2 200 x 80 % in a whole month."""
    bonus = "kpi_bonus: {kpi: dep, target: 2200, prorate: days, payout: attainment}"
    sheets = team_of_two() | {"План подразделений": [
        ["Подразделение", "Показатель", "Норма"], ["Отдел", "Продажи отдела", 10000],
    ]}  # fmt: skip
    sheets["Сотрудники"] = [[*row, worked] for row, worked in zip(
        sheets["Сотрудники"], ("Отработано дней", 11, 11, 22), strict=True)]  # fmt: skip
    found = pay(tmp_path, plain(bonus, kpi=TEAM), sheets)
    assert "position_group_twice" not in told(found)
    assert amounts(found, "007") == {"kpi_bonus": 1760}


def test_own_results_of_another_row_are_not_others(tmp_path: Path) -> None:
    """A seller becomes the head: 10 % of what the others of the department sold, and 1 000 were sold by the head."""
    scheme = SCHEME.replace("{id: share, title: Процент отдела, on: dep_sales, rate: 1%}", "{on: dep_sales, rate: 1%}")
    scheme = scheme.replace(
        "commission: {on: dep_sales, rate: 1%}", "override: {on: dep_sales, own: exclude, rate: 10%}"
    )
    head = [*ANNA_SENIOR[:2], "Розница", "Руководитель", *ANNA_SENIOR[4:]]
    found = pay(tmp_path, scheme, with_rows(ANNA, head, BORIS))
    assert "position_joint" in told(found)
    assert found.files == ()


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("steps: {on: sales, pays: highest, at: [{from: 1000, amount: 500}]}", 1000),
        ("commission: {on: sales, tiers: marginal, rates: [{from: 0, rate: 1%}, {from: 1500, rate: 10%}]}", 75),
        ("commission: {on: sales, threshold: 1500, pays_on: whole, rate: 10%}", 200),
    ],
)
def test_bounds_of_a_month_in_each_row_are_told(line: str, total: int, tmp_path: Path) -> None:
    """1 000 and 2 000: 500 twice; 1 % of 1 000 + 1 % of 1 500 + 10 % of 500; 10 % of 2 000 alone."""
    found = paid(tmp_path, plain(line), team_of_two())
    assert amounts(found, "007") == {line.partition(":")[0]: total}
    assert "position_bounds" in told(found)


def test_a_scale_of_a_month_in_each_row_is_told(tmp_path: Path) -> None:
    """2 200 from 3 000 of sales on: 11 days of 22 at a third, 11 at two thirds are 366.67 + 733.33."""
    scale = "{points: [{at: 0, pays: 0%}, {at: 3000, pays: 100%}]}"
    sheets = team_of_two()
    sheets["Сотрудники"] = [[*row, worked] for row, worked in zip(
        sheets["Сотрудники"], ("Отработано дней", 11, 11, 22), strict=True)]  # fmt: skip
    scheme = plain(f"kpi_bonus: {{kpi: sales, by: value, target: 2200, prorate: days, payout: {scale}}}")
    found = paid(tmp_path, scheme, sheets)
    assert amounts(found, "007") == {"kpi_bonus": 1100}
    assert "position_bounds" in told(found)


def test_a_share_of_a_pool_for_each_row_is_told(tmp_path: Path) -> None:
    """9 000 by the share of the post: 1 in both rows of Anna and 1 of Boris make 6 000 and 3 000."""
    sheets = team_of_two()
    sheets["Сотрудники"] = [[*row, fte] for row, fte in zip(
        sheets["Сотрудники"], ("Доля ставки", 1, 1, 1), strict=True)]  # fmt: skip
    found = paid(tmp_path, plain("pool: {amount: 9000, among: department, by: fte}"), sheets)
    assert amounts(found, "007") == {"pool": 6000}
    assert "position_in_full" in told(found)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([[None, None], [None, None]], "duplicate_payee"),
        ([[None, "16.10.2026"], ["16.10.2026", None]], "position_overlap"),
        ([[None, "15.10.2026"], [None, None]], "position_overlap"),
        ([["20.10.2026", "16.10.2026"], ["21.10.2026", None]], "position_reversed"),
        ([["01.09.2026", "15.10.2026"], ["16.10.2026", None]], "position_outside_month"),
        ([[None, "15.10.2026"], ["16.10.2026", "05.11.2026"]], "position_outside_month"),
    ],
)
def test_days_that_cannot_be_are_refused(rows: list[list[object]], code: str, tmp_path: Path) -> None:
    found = pay(tmp_path, plain("base_salary: {amount: 22000, prorate: days}"), people(*rows))
    assert code in [item.code for item in found.issues if severity(item) == "error"]
    assert found.files == ()


WITHOUT_NORM = [
    # October has 22 weekdays: 10 x 22 = 220 hours, less than 12 x 31 = 372.
    ("hour", ["hours_worked"], [[None, "15.10.2026", 160], ["16.10.2026", None, 160]], "220"),
    ("hour", ["hours_worked"], [[None, "15.10.2026", 110], ["16.10.2026", None, "110,5"]], "220"),
    ("hour", ["hours_worked"], [[None, "15.10.2026", 110], ["16.10.2026", None, 110]], None),
    ("hour", ["hours_worked"], [[None, "15.10.2026", 80], ["16.10.2026", None, 80]], None),
    # A stated norm decides by itself, above the limit and below it.
    ("hour", ["hours_worked", "hours_norm"], [[None, "15.10.2026", 120, 240], ["16.10.2026", None, 120, 240]], None),
    # Six days from the 26th to the 31st: 12 x 6 = 72 hours.
    ("hour", ["hours_worked"], [["26.10.2026", "28.10.2026", 37], ["29.10.2026", None, 36]], "72"),
    ("hour", ["hours_worked"], [["26.10.2026", "28.10.2026", 36], ["29.10.2026", None, 36]], None),
    # The same six days by the day of hiring; days of a calendar, not working days.
    ("hour", ["hours_worked", "hired"], [[None, "28.10.2026", 37, "26.10.2026"], ["29.10.2026", None, 36, None]], "72"),
    ("day", ["days_worked"], [[None, "15.10.2026", 22], ["16.10.2026", None, 22]], "31"),
    ("day", ["days_worked"], [["26.10.2026", "28.10.2026", 3], ["29.10.2026", None, 4]], "6"),
    ("day", ["days_worked"], [[None, "15.10.2026", 15], ["16.10.2026", None, 16]], None),
]


@pytest.mark.parametrize(("per", "head", "rows", "limit"), WITHOUT_NORM)
def test_time_of_the_whole_month_in_each_row_is_refused_without_a_norm(
    per: str, head: list[str], rows: list[list[object]], limit: str | None, tmp_path: Path
) -> None:
    titles = {
        "hours_worked": "Отработано часов", "hours_norm": "Норма часов", "days_worked": "Отработано дней",
        "hired": "Принят",
    }  # fmt: skip
    scheme = plain(f"base_salary: {{amount: 350, per: {per}}}").replace("calendar: RU\n", "")
    found = pay(tmp_path, scheme, people(*rows, head=tuple(titles[name] for name in head)))
    limits = [dict(item.facts)["limit"] for item in found.issues if item.code == "position_time_unlikely"]
    assert limits == ([limit] if limit else [])
    assert (found.files == ()) is bool(limit)


WHOLE_MONTHS = [
    # 22 shifts do not fit into 15 and 16 days; 15 + 15 are more than 22 weekdays; 8 + 8 are two days in four.
    ("shift", "Отработано смен", [[None, "15.10.2026", 22], ["16.10.2026", None, 22]], "position_time_whole"),
    ("shift", "Отработано смен", [[None, "15.10.2026", 15], ["16.10.2026", None, 15]], "position_time_whole"),
    ("shift", "Отработано смен", [[None, "02.10.2026", 15], ["03.10.2026", None, 14]], "position_time_whole"),
    ("shift", "Отработано смен", [[None, "15.10.2026", 8], ["16.10.2026", None, 8]], ""),
    ("shift", "Отработано смен", [[None, "15.10.2026", 11], ["16.10.2026", None, 11]], ""),
    ("shift", "Отработано смен", [[None, "15.10.2026", 14], ["16.10.2026", None, 16]], ""),
    # 160 + 20 are below 220; from the 1st to the 15th 11 weekdays are 110 hours, from the 16th to the 31st too.
    ("hour", "Отработано часов", [[None, "15.10.2026", 160], ["16.10.2026", None, 20]], "position_time_whole"),
    ("hour", "Отработано часов", [[None, "15.10.2026", 20], ["16.10.2026", None, 160]], "position_time_whole"),
    ("hour", "Отработано часов", [[None, "15.10.2026", 88], ["16.10.2026", None, 88]], ""),
    # A weekend alone: 12 x 2 = 24 hours.
    ("hour", "Отработано часов", [["03.10.2026", "04.10.2026", 22], ["05.10.2026", None, 150]], ""),
    ("hour", "Отработано часов", [["03.10.2026", "04.10.2026", 30], ["05.10.2026", None, 150]], "position_time_whole"),
    # 15 of 2 days; all together 22, as many as the month has weekdays.
    ("day", "Отработано дней", [[None, "02.10.2026", 15], ["03.10.2026", None, 7]], "position_row_days"),
    ("day", "Отработано дней", [[None, "02.10.2026", 2], ["03.10.2026", None, 20]], ""),
]


@pytest.mark.parametrize(("per", "title", "rows", "code"), WHOLE_MONTHS)
def test_what_hardly_fits_into_the_days_of_a_row_is_told(
    per: str, title: str, rows: list[list[object]], code: str, tmp_path: Path
) -> None:
    scheme = plain(f"base_salary: {{amount: 350, per: {per}}}").replace("calendar: RU\n", "")
    found = pay(tmp_path, scheme, people(*rows, head=(title,)))
    codes = {"position_time_whole", "position_row_days", "position_time_unlikely"} & set(told(found))
    assert codes == ({code} if code else set())
    assert (found.files == ()) is (code == "position_row_days")


# -- beside the payroll ---------------------------------------------------------------------------------------------


def test_every_command_has_one_entry(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME, SHEETS)
    book, scheme = tmp_path / "month.xlsx", tmp_path / "scheme.yaml"
    told, explained = app.explain(book, scheme, "2026-10")
    assert explained is not None
    _, pages = app.statements(told, explained, book, tmp_path, None, app.Selected())
    # Boris: 44 000 + 5 % of 200 000, less 13 % of 54 000.
    assert [(page.number, page.total) for page in pages][:2] == [("00001", 58460), ("00002", 46980)]
    assert len(pages) == 4
    page = next((tmp_path / "statements-2026-10").glob("00001-*.html")).read_text(encoding="utf-8")
    assert page.count("<tr><td>Оклад (") == 2
    assert "58\N{NO-BREAK SPACE}460,00" in page

    _, month = app.underway(book, scheme, date(2026, 10, 31), "2026-10")
    assert month is not None
    team, issues = app.team_progress(month, app.Selected())
    assert team is not None
    assert not issues
    assert [one.payee for one in team.people] == [0, 1, 3, 4]
    anna = team.people[0]
    assert anna.pay.now == Range(Decimal(58460), Decimal(58460))
    # A plan of 250 000 for the days as a senior, of which 150 000 are done.
    assert [(goal.goal, goal.actual) for goal in anna.progress.goals] == [(250000, 150000)]
    assert outcome.payroll is not None

    dated = book.rename(tmp_path / "2026-10.xlsx")
    replayed = kpicalc.replay(dated, scheme, settings={"seller.commission.rate": "6%"})
    frame = replayed.people()
    (row,) = [row for row in frame.to_dict("records") if row["payee"] == "00001"]
    # One more per cent of 100 000.
    assert (row["old"], row["new"]) == (67600, 68600)


def test_next_month_reads_both_rows_as_one_result(tmp_path: Path) -> None:
    """Sales of October were 100 000 + 150 000; in November 10 % of the growth to 300 000 are paid."""
    paid(tmp_path, SCHEME, SHEETS)
    (tmp_path / "payroll.xlsx").rename(tmp_path / "payroll-2026-10.xlsx")
    scheme = plain('formula: {title: Рост, pays: "(sales - previous(sales)) * 10%"}')
    (tmp_path / "next.yaml").write_text(scheme, encoding="utf-8")
    sheets = {
        "Сотрудники": [
            ["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
            ["00001", "Анна", "Опт", "Старший"],
        ],
        "Факт": [["Табельный номер", "Продажи"], ["00001", 300000]],
    }
    book = write_month(tmp_path / "november.xlsx", sheets)
    found = app.check(book, tmp_path / "next.yaml", "2026-11", tmp_path)
    assert amounts(found, "00001") == {"formula": 5000}


@pytest.mark.parametrize(("second", "was"), [("40%", 0), ("30%", 300)])
def test_a_share_of_both_rows_is_not_added_up(second: str, was: int, tmp_path: Path) -> None:
    """A replay and a run with --history agree: 30 % and 40 % are no 70 %, and the same share in both rows is known.

    Anna: 20 % of November pay 20, 30 % of October 300. Boris: 50 % of both pay 50 and 500.
    """
    before, after = (
        plain(f'formula: {{title: Премия, pays: "{pays}"}}').replace(
            "kpis:\n", "kpis:\n  conv: {title: Конверсия, unit: '%', missing: zero}\n", 1
        )
        for pays in ("conv * 100", "conv * 100 + previous(conv) * 1000")
    )
    for name, text in (("before", before), ("after", after)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    people = [["Табельный номер", "Сотрудник", "Подразделение", "Должность", "С", "По"],
              ["00002", "Борис", "Опт", "Старший", None, None]]  # fmt: skip
    october = [*people, ["00001", "Анна", "Розница", "Старший", None, "15.10.2026"],
               ["00001", "Анна", "Опт", "Старший", "16.10.2026", None]]  # fmt: skip
    shares = [["Табельный номер", "С", "Конверсия"], ["00001", "01.10.2026", "30%"], ["00001", "16.10.2026", second]]
    shares.append(["00002", None, "50%"])
    earlier = [["Табельный номер", "Период", "Конверсия"], ["00002", "2026-09", "10%"]]
    write_month(tmp_path / "2026-10.xlsx", {"Сотрудники": october, "Факт": shares, "История": earlier})
    november = [*people, ["00001", "Анна", "Опт", "Старший", None, None]]
    shares = [["Табельный номер", "Конверсия"], ["00001", "20%"], ["00002", "50%"]]
    write_month(tmp_path / "2026-11.xlsx", {"Сотрудники": november, "Факт": shares})
    run = app.run(tmp_path / "2026-10.xlsx", tmp_path / "before.yaml", out=tmp_path / "payroll-2026-10.xlsx")
    assert run.files
    found = app.check(tmp_path / "2026-11.xlsx", tmp_path / "after.yaml", "2026-11", tmp_path)
    assert amounts(found, "00001") == {"formula": 20 + was}
    months = [tmp_path / "2026-10.xlsx", tmp_path / "2026-11.xlsx"]
    replayed = kpicalc.replay(months, tmp_path / "before.yaml", other=tmp_path / "after.yaml")
    paid_by = {row.payee: (row.old, row.new) for row in replayed.people().itertuples()}
    assert paid_by == {"00001": (20, 20 + was), "00002": (50, 550)}
