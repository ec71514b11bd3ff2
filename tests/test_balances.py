"""Points and debts in every output and never in the money; debts and cumulative tiers over a year."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recalculation import paid, write_month
from recalculation import pay as pay_month
from rich.console import Console

from kpicalc import app as commands
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.components import all_components
from kpicalc.engine.examples import run_examples
from kpicalc.engine.payroll import compute
from kpicalc.engine.terms.balance import closing_titles
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.model.inputs import Inputs, Payee, Series
from kpicalc.model.issue import Place
from kpicalc.model.period import months_before_in
from kpicalc.payroll.months.dropped_balances import closing_headings
from kpicalc.screen.data.json import json_text
from kpicalc.screen.explanation import explanation
from kpicalc.screen.reference import component_page
from kpicalc.screen.terminal import print_summary

HEAD = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  sales: {title: Sales, unit: RUB}
  payments: {title: Payments}
schemes:
  seller:
    title: Seller
    for: {position: P}
    pay:
"""
EVERYTHING = """\
      - true_up: {on: sales, since: quarter, against: rule, tiers: marginal, rates: [{from: 0, rate: 5%}]}
      - draw: {of: [true_up], at: 20000, recoverable: yes}
      - points: {on: {payments: 0.5}, rewards: {Day off: 3}}
  other:
    title: Other
    for: {position: Q}
    pay:
      - base_salary: {amount: 1000}
"""
SHEETS: Mapping[str, list[list[object]]] = {
    "Employees": [
        ["Personnel number", "Name", "Department", "Position", "Draw balance", "Points balance", "Points spent"],
        ["001", "Ann", "D", "P", 3000, 2, None],
        ["002", "Bob", "D", "P", 0, 10, 4],
        ["003", "Cid", "D", "Q", None, None, None],
    ],
    "Actuals": [["Personnel number", "Sales", "Payments"], ["001", 460000, 9], ["002", 100000, 3]],
    "History": [
        ["Personnel number", "Period", "KPI", "Value"],
        ["001", "2026-10", "Sales", 7],
        ["001", "2026-11", "Sales", 5],
        ["002", "November 2026", "sales", 2],
        ["002", "2026-10", "sales", 1],
        ["001", "2026-09", "Sales", 1000000],
    ],
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> commands.Outcome:
    folder = tmp_path_factory.mktemp("month")
    (folder / "scheme.yaml").write_text(HEAD + EVERYTHING, encoding="utf-8")
    workbook = write_month(folder / "month.xlsx", SHEETS)
    found = commands.run(workbook, folder / "scheme.yaml", period="2026-12", out=folder / "payroll.xlsx")
    assert found.files, found.issues
    return found


# -- the outputs ----------------------------------------------------------------------------------------------------


def test_the_payroll_shows_them_right_of_the_total(outcome: commands.Outcome) -> None:
    sheet = openpyxl.load_workbook(outcome.files[0], data_only=True)["Payroll"]
    heads, *rows = sheet.iter_rows(min_row=4, max_row=8, min_col=6, values_only=True)
    assert heads == (
        "Cumulative commission", "Draw", "Base salary", "Total",
        "Draw debt at the end of the month", "Points earned", "Points at the end of the month",
        "Signature",
    )  # fmt: skip
    # By hand: 460 000 x 5 % = 23 000 less 3 000 owed; 5 000 brought up by 15 000; 2 + 4.5; 10 + 1.5 - 4.
    assert rows == [
        (23000, -3000, "—", 20000, 0, 4.5, 6.5, None),
        (5000, 15000, "—", 20000, 15000, 1.5, 7.5, None),
        ("—", "—", 1000, 1000, "—", "—", "—", None),
        (28000, 12000, 1000, 41000, 15000, 6, 14, None),
    ]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_balance_that_is_carried_is_looked_for_in_last_months_payroll(language: str) -> None:
    """Where a scheme keeps such a balance no longer, its heading is all that is known of it."""
    text = HEAD.replace("language: en", f"language: {language}") + EVERYTHING
    text += "      - holdback: {of: [base_salary], share: 20%, paid: next_quarter}\n"
    book, issues = read_scheme_text("s.yaml", text.encode())
    assert book is not None, issues
    carried = closing_titles(compile_schemes(book)[0])
    assert set(carried) == {"draw_balance", "points_balance", "holdback_balance"}
    assert {title: name for name, title in carried.items()}.items() <= closing_headings().items()


def test_programs_that_pay_never_see_them(outcome: commands.Outcome) -> None:
    book = openpyxl.load_workbook(outcome.files[0], data_only=True)
    heads, *rows = book["For 1C"].iter_rows(min_col=6, values_only=True)
    assert heads == ("Cumulative commission", "Draw", "Base salary", "Total")
    # 1C takes no minus: the 3 000 recovered lower the commission that the draw acts on.
    assert rows == [(20000, 0, 0, 20000), (5000, 15000, 0, 20000), (0, 0, 1000, 1000)]
    assert outcome.payroll
    assert outcome.payroll.total() == 41000
    assert set(outcome.payroll.frame["id"]) == {"true_up", "draw", "base_salary"}


def test_json_keeps_them_apart(outcome: commands.Outcome) -> None:
    found = json.loads(json_text(outcome.payroll, outcome.issues, [], "en"))
    ann, _, cid = found["payees"]
    assert {tally["id"]: tally["amount"] for tally in ann["points"]} == {"points": "4.5", "points_balance": "6.5"}
    assert {tally["id"]: tally["amount"] for tally in ann["debts"]} == {"draw_debt": "0.00"}
    assert (cid["points"], cid["debts"]) == ([], [])
    assert found["totals"] == {
        "lines": {"true_up": "28000.00", "draw": "12000.00", "base_salary": "1000.00"},
        "total": "41000.00",
    }


def shown(outcome: commands.Outcome, width: int) -> str:
    assert outcome.payroll
    text = StringIO()
    print_summary(outcome.payroll, Console(file=text, width=width))
    return text.getvalue()


def test_the_terminal_shows_them_where_there_is_room(outcome: commands.Outcome) -> None:
    assert "Points at the end of the month" in shown(outcome, 200)
    assert "6.5" in shown(outcome, 80)
    narrow = shown(outcome, 50)
    assert "41,000.00" in narrow
    assert "6.5" not in narrow
    assert max(map(len, narrow.splitlines())) <= 50


def test_the_explanation_names_every_month(outcome: commands.Outcome) -> None:
    assert outcome.payroll
    text = explanation(outcome.payroll, 0)
    assert "Sales (earlier months of the quarter): 12\n    October 2026: 7 [History!D2]\n    November 2026: 5" in text
    beside = text[text.index("Beside the pay") :].partition("\n\n")[0].splitlines()
    assert beside == [
        "Beside the pay",
        "  Draw debt at the end of the month: 0.00",
        "  Points earned: 4.5",
        "  Points at the end of the month: 6.5",
    ]


def test_the_form_asks_for_balances(tmp_path: Path) -> None:
    example = "    examples:\n      - {actual: {payments: 4}, pays: {points: 2}}\n"
    (tmp_path / "t").mkdir()
    template = tmp_path / "t" / "scheme.yaml"
    template.write_text(HEAD + "      - points: {on: {payments: 0.5}}\n" + example, encoding="utf-8")
    scheme, workbook, _ = commands.init(tmp_path / "own", template, "2026-12").files
    people = openpyxl.load_workbook(workbook)["Employees"]
    assert [cell.value for cell in people[1]][4:] == ["Points balance", "Points spent", "Hired", "Dismissed"]
    assert [cell.value for cell in people[2]][4:6] == [0, 0]
    assert commands.run(workbook, scheme, out=tmp_path).files


# -- examples -------------------------------------------------------------------------------------------------------


def test_an_example_states_points_debts_and_earlier_months() -> None:
    example = (
        "actual: {sales: 100, payments: 3}, earlier: {sales: 400000}, employee: {draw_balance: 7, points_balance: 1},"
        " pays: {points: 1.5, points_balance: 2.5, draw_debt: 20002, total: 20000}"
    )
    pay, other = EVERYTHING.split("  other:")
    whole = HEAD + pay + f"    examples:\n      - {{{example}}}\n  other:" + other
    book, issues = read_scheme_text("s.yaml", whole.encode())
    assert book is not None, issues
    statements, issues = compile_schemes(book)
    assert not issues
    # By hand: 100 x 5 % = 5, brought up by 19 995; 7 + 19 995 = 20 002; 1 + 1.5.
    assert run_examples(statements["seller"], book) == []
    book, _ = read_scheme_text("s.yaml", whole.replace("points: 1.5", "points: 2").encode())
    assert book
    (failed,) = run_examples(compile_schemes(book)[0]["seller"], book)
    assert (failed.code, failed.fact("found"), failed.fact("allowed")) == ("example_failed", "1.5", "2")


# -- over a year ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "period", "months"),
    [
        ("year", "2026-01", {}),
        ("year", "2026-03", {2: "2026-01", 1: "2026-02"}),
        ("quarter", "2026-04", {}),
        ("quarter", "2026-06", {2: "2026-04", 1: "2026-05"}),
        ("quarter", "2026-12", {2: "2026-10", 1: "2026-11"}),
    ],
)
def test_earlier_months(since: str, period: str, months: dict[int, str]) -> None:
    assert months_before_in(since, period) == months
    assert list(months_before_in(since, period)) == list(months)
    assert len(months_before_in("year", "2026-12")) == 11


NOWHERE = Place("month.xlsx")
AMOUNT = st.decimals(0, 1_000_000, places=2)


def month(
    pay: str, number: int, figures: Mapping[str, Decimal], history: Mapping[tuple[str, int], Decimal]
) -> dict[str, Decimal]:
    """Pay one month of the year and return its figures; the sales of the earlier months are `history`."""
    book, issues = read_scheme_text("s.yaml", (HEAD + f"      - {pay}\n").encode())
    assert book is not None, issues
    statements, issues = compile_schemes(book)
    assert not issues

    def series(value: Decimal) -> Series:
        return Series([value], "month.xlsx", "S", "A", [2])

    inputs = Inputs(
        file="month.xlsx",
        sha256="",
        period=f"2026-{number:02}",
        payees=[Payee("1", "Ann", "D", "P", "seller", NOWHERE)],
        plan={},
        actual={"sales": series(figures["sales"])},
        employee={"draw_balance": series(figures.get("draw_balance", Decimal(0)))},
        history={key: series(value) for key, value in history.items()},
        sheets={"employee": "Employees", "history": "History"},
    )
    payroll = compute(book, statements, inputs)
    assert not payroll.issues
    (own,) = payroll.schemes
    return {key: values[0] for key, values in own.columns.items()}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(AMOUNT, min_size=1, max_size=12), st.sampled_from(["marginal", "whole"]))
def test_the_months_add_up_to_the_year(year: list[Decimal], tiers: str) -> None:
    """What every month's true-up paid is, to the kopeck, what the tiers give for the whole year."""
    rates = "rates: [{from: 0, rate: 3.33%}, {from: 1000000, rate: 1/7}]"
    pay = f"true_up: {{on: sales, since: year, against: rule, tiers: {tiers}, {rates}}}"
    lines = []
    for number, sales in enumerate(year, 1):
        history = {("sales", number - back): year[back - 1] for back in range(1, number)}
        figures = month(pay, number, {"sales": sales}, history)
        lines.append(figures["line.true_up"])
    assert sum(lines) == figures["true_up.due"]
    assert figures["true_up.sum"] == sum(year)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(AMOUNT, min_size=1, max_size=12),
    st.sampled_from(["", ", limit: 1/3", ", rules: {money: {round: 100, ties: up}}"]),
    st.sampled_from(["20000", "0", "12345.67"]),
    st.sampled_from([Decimal(0), Decimal("77777.77")]),
)
def test_a_debt_is_what_was_drawn_and_not_recovered(year: list[Decimal], more: str, at: str, debt: Decimal) -> None:
    """Carried from month to month it never turns negative, and recovering never takes the lines below the level."""
    level = Decimal(at)
    pay = f"commission: {{on: sales, rate: 5%}}\n      - draw: {{of: [commission], at: {at}, recoverable: yes{more}}}"
    drawn, opening = Decimal(0), debt
    for sales in year:
        figures = month(pay, 5, {"sales": sales, "draw_balance": debt}, {})
        earned, draw = figures["line.commission"], figures["line.draw"]
        assert earned + draw >= level
        assert draw >= 0 if earned < level else draw <= 0
        assert figures["draw.debt"] == debt + draw >= 0
        debt, drawn = figures["draw.debt"], drawn + draw
    assert debt == opening + drawn


def test_a_debt_without_a_column_pays_nobody(tmp_path: Path) -> None:
    sheets = {**SHEETS, "Employees": [row[:4] for row in SHEETS["Employees"]]}
    refused = pay_month(tmp_path, HEAD + EVERYTHING, sheets, period="2026-12")
    assert not refused.files
    assert [found.code for found in refused.issues if found.code != "no_examples"] == [
        "no_employee_column", "balance_begins", "history_far",
    ]  # fmt: skip


def test_points_without_a_column_start_from_zero(tmp_path: Path) -> None:
    scheme = HEAD + "      - points: {on: {payments: 0.5}}\n"
    sheets = {"Employees": [row[:4] for row in SHEETS["Employees"][:3]], "Actuals": SHEETS["Actuals"]}
    outcome = paid(tmp_path, scheme, sheets)
    assert [found.code for found in outcome.issues] == ["balance_begins", "no_examples"]
    assert outcome.payroll
    assert outcome.payroll.schemes[0].columns["points.balance"] == [Decimal("4.5"), Decimal("1.5")]


def test_earlier_months_come_from_facts_too(tmp_path: Path) -> None:
    """Deals of the quarter's earlier months are counted; those of the quarter before are not even looked at."""
    scheme = (HEAD + EVERYTHING).replace(
        "  sales: {title: Sales, unit: RUB}",
        "  sales: {title: Sales, unit: RUB, from: deals, sum: amount}",
    )
    facts = (
        "facts:\n  deals: {from: Deals, payee: Personnel number, date: paid,"
        " columns: {paid: {heading: Paid, type: date}, amount: {heading: Amount, type: number}}}\nkpis:"
    )
    deals = [
        ["001", date(2026, 9, 30), 999999], ["001", date(2026, 10, 1), 5000], ["001", date(2026, 11, 30), 7000],
        ["001", date(2026, 12, 5), 460000], ["002", date(2026, 12, 6), 100000],
    ]  # fmt: skip
    sheets = {key: value for key, value in SHEETS.items() if key != "History"}
    sheets["Actuals"] = [["Personnel number", "Payments"], ["001", 9], ["002", 3]]
    sheets["Deals"] = [["Personnel number", "Paid", "Amount"], *deals]
    outcome = pay_month(tmp_path, scheme.replace("kpis:", facts, 1), sheets, period="2026-12")
    assert outcome.payroll, outcome.issues
    figures = outcome.payroll.schemes[0].columns
    # By hand: 5 000 + 7 000 stand before December.
    assert figures["history.sales:quarter"] == [12000, 0]
    assert figures["line.true_up"] == [23000, 5000]


@pytest.mark.parametrize("name", ["points", "draw", "true_up"])
def test_the_reference_tells_of_every_option(name: str) -> None:
    text = component_page(all_components()[name], "en")
    assert "Undefined" not in text
    for key, option in all_components()[name].model_fields.items():
        assert f"  {option.alias or key}: " in text
