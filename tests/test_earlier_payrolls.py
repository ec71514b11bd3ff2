"""Payrolls of earlier months: what is written is read back, and a month takes from them what it needs and no more."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from shutil import copy

import openpyxl
import pytest
from recalculation import IN_LIBREOFFICE, lines, recalculated_by_libreoffice, totals, write_month
from typer.testing import CliRunner

from kpicalc.app import Outcome, run
from kpicalc.cli import app
from kpicalc.lang import word
from kpicalc.model.paid import Count
from kpicalc.model.paid_month import PaidMonth, Taken
from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.layout import is_deals
from kpicalc.payroll.month_by_columns import month_by_columns
from kpicalc.payroll.months.taken import read_taken, taken_by_columns
from kpicalc.screen.explanation import explanation

SAMPLES = Path(__file__).parent.parent / "samples"
SCHEME = """
kpicalc: 1
language: {language}
rules: {{money: {{round: 0.01, ties: half_up}}, missing: {missing}}}
kpis:
  sales: {{title: Sales, unit: RUB}}
  payments: {{title: Payments}}
  mean: {{title: Mean, formula: sales / payments}}
  all_sales: {{title: Sales of the department, unit: RUB, team: sum, of: sales}}
schemes:
  seller:
    title: Seller
    for: {{position: P}}
    pay:
      - true_up: {{on: sales, since: year, against: rule, tiers: marginal, rates: [{{from: 0, rate: 5%}},
                 {{from: 1000000, rate: 7%}}]}}
      - draw: {{of: [true_up], at: 20000, recoverable: yes}}
      - points: {{on: {{payments: 0.5}}}}
  keeper:
    title: Keeper
    for: {{position: Q}}
    pay:
      # Titles that a reader could take for something else: an actual, the total, a KPI.
      - formula: {{id: one, title: {actual}, pays: mean * 10}}
      - formula: {{id: two, title: {total}, pays: all_sales * 1%}}
      - commission: {{title: Sales, on: sales, rate: 1%}}
      - withholding: {{title: Dues, share: 1%, of: accrued}}
"""
HEADS = {"en": {"actual": "Actual", "total": "Total"}, "ru": {"actual": "Факт", "total": "Итого"}}
PEOPLE = [["001", "Ann", "D", "P"], ["002", "Bob", "D", "P"], ["003", "Cid", "D", "Q"]]
EMPLOYEES = ["Personnel number", "Name", "Department", "Position"]
OPENING = ["Draw balance", "Points balance"]
SALES = {
    "2026-01": {"001": (300000, 4), "002": (900000, 3), "003": (1000, 3)},
    "2026-02": {"001": (600000, 5), "002": (200000, 6), "003": (2000, 7)},
    "2026-03": {"001": (500000, 7), "002": (100000, 9), "003": (4000, 11)},
}
PAID = {
    # By hand. Ann: 5 % of 300 000 = 15 000, up to 20 000, 5 000 owed; 30 000 of which 5 000 recovered; 45 000 + 7 % of
    # 400 000 less 45 000 = 5 % of 100 000 + 7 % of 400 000 = 33 000.
    # Bob: 45 000; 5 % of 100 000 + 7 % of 100 000 = 12 000, up to 20 000, 8 000 owed; 7 000, up to 20 000, 21 000 owed.
    "2026-01": {"001": ("15000", "5000", "5000", "2"), "002": ("45000", "0", "0", "1.5")},
    "2026-02": {"001": ("30000", "-5000", "0", "4.5"), "002": ("12000", "8000", "8000", "4.5")},
    "2026-03": {"001": ("33000", "0", "0", "8"), "002": ("7000", "13000", "21000", "9")},
}
"""The cumulative commission, the draw, the debt and the points at the end of each month."""


def sheets(month: str, *, opening: bool = False, **more: list[list[object]]) -> dict[str, list[list[object]]]:
    people: list[list[object]] = [EMPLOYEES + (OPENING if opening else [])]
    people += [[*row, *([0, 0] if opening and row[3] == "P" else [])] for row in PEOPLE]
    actuals = [[number, *figures] for number, figures in SALES[month].items()]
    return {"Employees": people, "Actuals": [["Personnel number", "Sales", "Payments"], *actuals], **more}


def pay(
    folder: Path,
    month: str,
    content: Mapping[str, list[list[object]]],
    language: str = "en",
    missing: str = "error",
    without: str = "",
) -> Outcome:
    """Pay a month into the folder, with the payrolls that stand there as its history; `without` a component."""
    scheme = folder / "scheme.yaml"
    text = SCHEME.format(language=language, missing=missing, **HEADS[language])
    kept = [line for line in text.splitlines() if not without or f"- {without}:" not in line]
    scheme.write_text("\n".join(kept), encoding="utf-8")
    workbook = write_month(folder / f"{month}.xlsx", content)
    return run(workbook, scheme, out=folder, history=folder)


def codes(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues if found.code != "no_examples"]


@pytest.fixture(scope="module", params=["en", "ru"])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome]]:
    """A quarter in which only January states balances; the rest comes from payroll to payroll."""
    folder = tmp_path_factory.mktemp("year")
    paid = {month: pay(folder, month, sheets(month, opening=month == "2026-01"), request.param) for month in SALES}
    return folder, paid


# -- a month takes what it needs ------------------------------------------------------------------------------------


def test_a_quarter_is_paid_from_payroll_to_payroll(year: tuple[Path, dict[str, Outcome]]) -> None:
    for month, outcome in year[1].items():
        assert outcome.files, outcome.issues
        assert codes(outcome) == []
        assert outcome.payroll
        columns = outcome.payroll.schemes[0].columns
        for at, number in enumerate(("001", "002")):
            keys = ("line.true_up", "line.draw", "draw.debt", "points.balance")
            assert tuple(columns[key][at] for key in keys) == tuple(map(Decimal, PAID[month][number]))


def test_typed_figures_pay_the_same(tmp_path: Path) -> None:
    """March with a History sheet and typed balances pays what it pays from the payrolls."""
    history: list[list[object]] = [["Personnel number", "Period", "Sales"]]
    history += [[number, month, SALES[month][number][0]] for month in ("2026-01", "2026-02") for number in SALES[month]]
    content = sheets("2026-03", History=history)
    content["Employees"] = [EMPLOYEES + OPENING, [*PEOPLE[0], 0, 4.5], [*PEOPLE[1], 8000, 4.5], PEOPLE[2]]
    outcome = pay(tmp_path, "2026-03", content)
    assert codes(outcome) == []
    assert lines(outcome, "002") == {"true_up": Decimal(7000), "draw": Decimal(13000)}


def test_the_run_sheet_and_the_explanation_name_the_payrolls(year: tuple[Path, dict[str, Outcome]]) -> None:
    folder, paid = year
    march = paid["2026-03"]
    assert march.payroll
    assert [Path(found.file).name for found in march.payroll.inputs.payrolls] == [
        "payroll-2026-02.xlsx", "payroll-2026-01.xlsx",
    ]  # fmt: skip
    book = openpyxl.load_workbook(folder / "payroll-2026-03.xlsx")
    run_sheet = [row[1].value for row in book[word("sheets.name.run", march.language)].iter_rows(max_row=14)]
    hashes = [found.sha256 for found in march.payroll.inputs.payrolls]
    assert [value for value in run_sheet if value in hashes] == hashes
    text = explanation(march.payroll, 1)
    assert "payroll-2026-01.xlsx › " in text
    assert text.count("payroll-2026-02.xlsx › ") == 3, "the sales, the debt and the points of February"


def test_the_folder_leaves_no_trace_in_the_bytes(year: tuple[Path, dict[str, Outcome]], tmp_path: Path) -> None:
    folder, paid = year
    for month in ("2026-01", "2026-02"):
        copy(folder / f"payroll-{month}.xlsx", tmp_path)
    again = run(folder / "2026-03.xlsx", folder / "scheme.yaml", out=tmp_path / "out", history=tmp_path)
    assert again.files[0].read_bytes() == paid["2026-03"].files[0].read_bytes()


def test_only_the_months_that_are_needed_are_opened(tmp_path: Path) -> None:
    """A year starts in January: what stands in the folder for other months is not even looked at."""
    (tmp_path / "payroll-2025-11.xlsx").write_text("no workbook at all", encoding="utf-8")
    pay(tmp_path, "2026-01", sheets("2026-01", opening=True))
    (tmp_path / "payroll-2026-04.xlsx").write_text("no workbook at all", encoding="utf-8")
    assert codes(pay(tmp_path, "2026-02", sheets("2026-02"))) == []


def test_nobody_who_is_paid_needs_it(tmp_path: Path) -> None:
    """The sellers' scheme needs earlier months, and there are no sellers: no payroll is missed."""
    content = sheets("2026-02")
    content["Employees"] = [EMPLOYEES, PEOPLE[2]]
    content["Actuals"] = [content["Actuals"][0], content["Actuals"][3]]
    outcome = pay(tmp_path, "2026-02", content)
    assert codes(outcome) == []
    assert outcome.files


def test_a_typed_figure_fills_what_a_payroll_lacks(tmp_path: Path) -> None:
    """Who is new has no payroll: the History sheet says 0 for them, and the others need no row there."""
    january = sheets("2026-01", opening=True)
    for name in ("Employees", "Actuals"):
        january[name] = [row for row in january[name] if row[0] != "002"]
    assert pay(tmp_path, "2026-01", january).files
    february = sheets("2026-02")
    refused = pay(tmp_path, "2026-02", february)
    assert codes(refused) == ["payroll_blank"] * 3
    assert {str(found.place) for found in refused.issues if found.code == "payroll_blank"} == {
        f"{tmp_path / 'payroll-2026-01.xlsx'} › Payroll"
    }
    february["History"] = [["Personnel number", "Period", "Sales"], ["002", "2026-01", 0]]
    february["Employees"] = [EMPLOYEES + OPENING, PEOPLE[0], [*PEOPLE[1], 0, 0], PEOPLE[2]]
    outcome = pay(tmp_path, "2026-02", february)
    assert codes(outcome) == []
    # Bob: 5 % of 200 000 = 10 000, brought up to 20 000. Ann as in the quarter above.
    assert lines(outcome, "002") == {"true_up": Decimal(10000), "draw": Decimal(10000)}
    assert lines(outcome, "001") == {"true_up": Decimal(30000), "draw": Decimal(-5000)}


def test_a_change_of_scheme_loses_no_debt(tmp_path: Path) -> None:
    assert pay(tmp_path, "2026-01", sheets("2026-01", opening=True)).files
    february = sheets("2026-02")
    february["Employees"] = [EMPLOYEES, [*PEOPLE[0][:3], "Q"], *PEOPLE[1:]]
    outcome = pay(tmp_path, "2026-02", february)
    # Ann closed January with 2 points and 5 000 owed.
    left_out = [str(found.place) for found in outcome.issues if found.code == "balance_left_out"]
    assert [place.rpartition(" › ")[2] for place in left_out] == ["Payroll!P5", "Payroll!N5"]


def test_a_component_that_is_taken_out_of_the_scheme_loses_no_debt(tmp_path: Path) -> None:
    assert pay(tmp_path, "2026-01", sheets("2026-01", opening=True)).files
    outcome = pay(tmp_path, "2026-02", sheets("2026-02"), without="draw")
    # Ann closed January with 5 000 owed, Bob with nothing.
    (dropped,) = [found for found in outcome.issues if found.code == "balance_dropped"]
    assert dropped.fact("found").replace("\N{NO-BREAK SPACE}", " ") == "001 Ann (5,000)"
    assert dropped.place.cell == "N5"
    assert "balance_dropped" not in codes(pay(tmp_path, "2026-03", sheets("2026-03"), without="draw"))


def test_the_debt_of_somebody_dismissed_before_the_month_is_told(tmp_path: Path) -> None:
    assert pay(tmp_path, "2026-01", sheets("2026-01", opening=True)).files
    february = sheets("2026-02")
    dismissed = ["Dismissed", "2026-01-31", None, None]
    february["Employees"] = [[*row, day] for row, day in zip(february["Employees"], dismissed, strict=True)]
    outcome = pay(tmp_path, "2026-02", february)
    # Ann closed January with 2 points and 5 000 owed, and still stands on the sheet.
    told = [str(found.place) for found in outcome.issues if found.code == "balance_of_leaver"]
    assert sorted(place.rpartition(" › ")[2] for place in told) == ["Payroll!N5", "Payroll!P5"]


def test_another_person_under_an_old_number_is_told(tmp_path: Path) -> None:
    assert pay(tmp_path, "2026-01", sheets("2026-01", opening=True)).files
    february = sheets("2026-02")
    february["Employees"][1] = ["001", "Zoe Petrova", "D", "P"]
    assert codes(pay(tmp_path, "2026-02", february)) == ["name_differs"]


def test_a_month_in_between_may_be_typed(tmp_path: Path) -> None:
    """January was not paid here: the History sheet has it, February comes from its payroll."""
    history: list[list[object]] = [["Personnel number", "Period", "Sales"]]
    history += [[number, "2026-01", figures[0]] for number, figures in SALES["2026-01"].items()]
    february = sheets("2026-02", opening=True, History=history)
    assert codes(pay(tmp_path, "2026-02", february)) == []
    march = pay(tmp_path, "2026-03", sheets("2026-03", History=history))
    assert codes(march) == []
    assert lines(march, "001")["true_up"] == 33000
    # February's payroll was made with a History sheet: that it is gone now is told beside.
    assert codes(pay(tmp_path, "2026-03", sheets("2026-03"))) == ["payroll_not_found", "sheets_gone"]


def test_a_copy_under_last_month_is_compared_with_nothing_and_told(tmp_path: Path) -> None:
    sample = SAMPLES / "tabelly"
    october = tmp_path / "payroll-2026-10.xlsx"
    assert run(sample / "2026-10.xlsx", sample / "scheme.yaml", out=october).files
    october.rename(tmp_path / "payroll-2026-09.xlsx")
    found = run(sample / "2026-10.xlsx", sample / "scheme.yaml", out=october, history=tmp_path)
    told = [(item.code, item.fact("found")) for item in found.issues if item.place.file.endswith("2026-09.xlsx")]
    assert told == [("last_month_unread", "payroll_other_month")]
    assert found.files


def test_a_second_format_of_last_month_is_named_once(tmp_path: Path) -> None:
    # Figures are taken from January.
    pay(tmp_path, "2026-01", sheets("2026-01", opening=True))
    copy(tmp_path / "payroll-2026-01.xlsx", tmp_path / "payroll-2026-01.xls")
    assert codes(pay(tmp_path, "2026-02", sheets("2026-02"))) == ["payroll_in_two_formats"]
    # Nothing is taken from September, and it is compared only.
    october, scheme = SAMPLES / "tabelly/2026-10.xlsx", SAMPLES / "tabelly/scheme.yaml"
    copy(october, tmp_path / "2026-09.xlsx")
    assert run(tmp_path / "2026-09.xlsx", scheme, out=tmp_path).files
    copy(tmp_path / "payroll-2026-09.xlsx", tmp_path / "payroll-2026-09.xls")
    assert codes(run(october, scheme, out=tmp_path, history=tmp_path)).count("payroll_in_two_formats") == 1


def test_facts_know_their_earlier_months_themselves(tmp_path: Path) -> None:
    scheme = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals: {from: Deals, payee: Personnel number, date: paid,
          columns: {paid: {heading: Paid, type: date}, amount: {heading: Amount, type: number}}}
kpis:
  sales: {title: Sales, from: deals, sum: amount}
schemes:
  seller: {for: {position: P}, pay: [formula: {title: Growth, pays: sales - previous(sales)}]}
"""
    deals = [["Personnel number", "Paid", "Amount"], ["001", "2026-01-10", 5], ["001", "2026-02-10", 12]]
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    workbook = write_month(tmp_path / "2026-02.xlsx", {"Employees": [EMPLOYEES, PEOPLE[0]], "Deals": deals})
    outcome = run(workbook, tmp_path / "scheme.yaml", out=tmp_path, history=tmp_path)
    assert totals(outcome) == {"001": Decimal(7)}, outcome.issues


# -- what is written is read back -----------------------------------------------------------------------------------


def agree(paid: PaidMonth, outcome: Outcome) -> None:
    """Compare what was read with what was computed: every line, total and tally, and the actual of every KPI."""
    assert outcome.payroll
    inputs, book = outcome.payroll.inputs, outcome.payroll.book
    assert paid.period == inputs.period
    assert list(paid.people) == [
        inputs.payees[index].id for index in sorted(at for pay in outcome.payroll.schemes for at in pay.payees)
    ]
    seen = 0
    for pay in outcome.payroll.schemes:
        for at, index in enumerate(pay.payees):
            person = paid.people[inputs.payees[index].id]
            own = {line.title: pay.columns[line.figure][at] for line in pay.statement.lines}
            assert {title: figure.value for title, figure in person.lines.items() if figure.value is not None} == own
            assert person.total.value == pay.columns[pay.statement.total][at]
            kept = {tally.title: pay.columns[tally.figure][at] for tally in pay.statement.tallies}
            assert {name: found.value for name, found in person.beside.items() if found.value is not None} == kept
            for key in book.kpis:
                for name in (f"actual.{key}", f"team.{key}:actual"):
                    if name in pay.columns:
                        figure = paid.results[book.kpi_title(key)][person.id]
                        # A ratio that nobody rounded keeps the 15 digits of a cell.
                        assert figure.value is not None
                        assert round(figure.value, 9) == round(pay.columns[name][at], 9)
                        seen += 1
    assert seen


def taken_alike(paid: PaidMonth, outcome: Outcome) -> None:
    """Compare what the next month takes by columns with what was read person by person."""
    path, asked = outcome.files[0], (titles(outcome), [*paid.beside, "No such"], [*paid.lines, "No such"])
    taken = taken_by_columns(path, *asked)
    # Rows that are paid one by one are proved against their own sheet, cell by cell.
    assert (taken is None) == any(is_deals(name, paid.language) for name in openpyxl.load_workbook(path).sheetnames)
    assert read_taken(path, *asked) == (as_taken(paid), [])
    if taken:
        assert taken == as_taken(paid)
        month = month_by_columns(path)
        assert month
        assert dict(month.people) == paid.people
        assert replace(month.table, table=replace(month.table.table, places=paid.table.table.places)) == replace(
            paid.table, columns={}
        )
        assert replace(month, people=paid.people, table=paid.table, results=paid.results) == paid


def as_taken(paid: PaidMonth) -> Taken:
    people = paid.people.items()
    return Taken(
        paid.file, paid.sha256, paid.period, paid.language, paid.sheet, {key: person.name for key, person in people},
        {key: float(person.total.value or 0) for key, person in people},
        {title: {key: person.beside[title] for key, person in people} for title in paid.beside},
        {title: {key: person.lines[title] for key, person in people} for title in paid.lines},
        paid.results,
    )  # fmt: skip


def titles(outcome: Outcome) -> list[str]:
    assert outcome.payroll
    return [outcome.payroll.book.kpi_title(key) for key in outcome.payroll.book.kpis]


def test_every_figure_is_read_back(year: tuple[Path, dict[str, Outcome]]) -> None:
    for outcome in year[1].values():
        paid, issues = read_payroll(outcome.files[0], titles(outcome))
        assert paid, issues
        agree(paid, outcome)
        taken_alike(paid, outcome)
        assert paid.withheld == {"Dues"}
        # By hand: 1 000 / 3 and the like, to the 15 digits of a cell.
        mean = Decimal(SALES[paid.period]["003"][0]) / SALES[paid.period]["003"][1]
        found = paid.results["Mean"]["003"].value
        assert found is not None
        assert abs(found - mean) < Decimal("1e-9")
        assert "001" not in paid.results["Mean"], "the sellers are not paid by it"


PAYABLE = [path for path in sorted(SAMPLES.glob("*/scheme*.yaml")) if path.stem != "scheme-as-printed"]


@pytest.mark.parametrize("path", PAYABLE, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_the_samples_are_read_back(path: Path, tmp_path: Path) -> None:
    outcome = run(min(path.parent.glob("2026-*.xlsx")), path, out=tmp_path)
    paid, issues = read_payroll(outcome.files[0], titles(outcome))
    assert paid, issues
    agree(paid, outcome)
    taken_alike(paid, outcome)


@IN_LIBREOFFICE
def test_a_payroll_that_libreoffice_saved_is_the_same(year: tuple[Path, dict[str, Outcome]], tmp_path: Path) -> None:
    outcome = year[1]["2026-02"]
    (saved,) = recalculated_by_libreoffice(outcome.files[:1], tmp_path)
    paid, issues = read_payroll(saved, titles(outcome))
    assert paid, issues
    agree(paid, outcome)


def test_check_and_explain_take_the_folder_too(year: tuple[Path, dict[str, Outcome]]) -> None:
    folder, _ = year
    month = [str(folder / "2026-02.xlsx"), "--scheme", str(folder / "scheme.yaml")]
    history = ["--history", str(folder)]
    assert CliRunner().invoke(app, ["check", *month, *history]).exit_code == 0
    assert CliRunner().invoke(app, ["check", *month]).exit_code == 1
    told = CliRunner().invoke(app, ["explain", *month, *history, "--payee", "002"])
    assert told.exit_code == 0
    assert "payroll-2026-01.xlsx › " in told.stdout


@pytest.mark.parametrize(
    # Totals as the READMEs of the samples print them.
    ("name", "people", "total"),
    [("department", 12, "1012873.48"), ("tabelly", 5, "253278.82"), ("salary-project", 3, "177345.68")],
)
def test_a_payroll_that_version_0_2_wrote(name: str, people: int, total: str) -> None:
    month, issues = read_payroll(Path(__file__).parent / "payrolls_of_0_2" / f"{name}.xlsx")
    assert month is not None
    assert {item.code for item in issues} == {"payroll_without_digest"}
    assert month.table.paid == Count(people, Decimal(total))
