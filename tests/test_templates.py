"""`kpicalc init` and `kpicalc templates`: every template runs as it is and pays what its example says."""

import errno
import re
import shlex
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.draft import EMPLOYEE_FIELDS
from kpicalc.forms.form import FOLLOWS_DATES, form_sheets
from kpicalc.forms.templates import about, templates
from kpicalc.intake.facts.sources.headers import declared
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.intake.sheets.kpis import kpi_finder
from kpicalc.intake.sheets.names import field_names, sheet_names
from kpicalc.lang import LANGUAGES, Language, severity, word
from kpicalc.model.fields import ROLES, BalanceField, WithheldField
from kpicalc.model.texts import name_key

# Typed from the pay rules of each template: the arithmetic stands beside it.
TOTALS = {
    ("sales", "ru"): 47000,  # 15 000 + 15 000 + (100 000 - 15 000) x 20 %
    ("sales", "en"): 4700,  # 1 500 + 1 500 + (10 000 - 1 500) x 20 %
    ("premium", "ru"): 55000,  # 40 000 + 10 000 x 90 % + 5 000 x 120 %
    ("premium", "en"): 5500,  # 4 000 + 1 000 x 90 % + 500 x 120 %
    ("marketer", "ru"): 86000,  # 56 000 + 30 000 x 1 at an index of 100 %
    ("marketer", "en"): 8600,
    ("team", "ru"): 55400,  # 30 000 + 22 000 + 22 000 x 0.2 - 2 x 500
    ("team", "en"): 5540,  # 3 000 + 2 200 + 2 200 x 0.2 - 2 x 50
    ("active_sales", "ru"): 94000,  # 40 000 + 20 000 x 100 % + 300 000 x 8 % + 100 000 x 10 %
    ("active_sales", "en"): 9400,  # 4 000 + 2 000 + 30 000 x 8 % + 10 000 x 10 %
    ("incoming", "ru"): 65000,  # 35 000 + 15 000 + 5 000 + 500 000 x 2 %
    ("incoming", "en"): 6500,  # 3 500 + 1 500 + 500 + 50 000 x 2 %
    ("vip", "ru"): 95000,  # 50 000 + 2 x 10 000 + 15 000 x (18 / 20) / 90 % + 200 000 x 5 %
    ("vip", "en"): 9500,  # 5 000 + 2 x 1 000 + 1 500 + 20 000 x 5 %
    ("travelling", "ru"): 85000,  # 40 000 + 15 000 + 5 000 + 10 000 + 300 000 x 5 %
    ("travelling", "en"): 8500,  # 4 000 + 1 500 + 500 + 1 000 + 30 000 x 5 %
    # Two people: 40 000 + 20 000 + 150 000 x 10 %, and 40 000 + 5 000 + 20 000 x 110 % / 110 %
    ("business_development", "ru"): 140000,
    ("business_development", "en"): 14000,
    ("chief_accountant", "ru"): 109000,  # 80 000 + 30 000 - 10 000 x 10 %
    ("chief_accountant", "en"): 10900,  # 8 000 + 3 000 - 1 000 x 10 %
    ("accountant", "ru"): 63850,  # 50 000 + 15 000 x (0.5 x 98 % + 0.5) - 2 x 500
    ("accountant", "en"): 6385,  # 5 000 + 1 500 x 99 % - 2 x 50
    ("head_of_legal", "ru"): 150000,  # 100 000 + 40 000 x 100 % at 16 / 20 of 80 % + 2 x 5 000
    ("head_of_legal", "en"): 15000,  # 10 000 + 4 000 + 2 x 500
    ("lawyer", "ru"): 85000,  # 60 000 + 500 000 x 3 % + 100 000 x 5 % + 5 000
    ("lawyer", "en"): 8500,  # 6 000 + 50 000 x 3 % + 10 000 x 5 % + 500
    # 40 000 + (100 000 + 40 000 x 50 %) x 10 % - 50 000 x 10 days x 0.1 % - 500 000 x 6 days x 0.1 %
    ("payments", "ru"): 48500,
    ("payments", "en"): 4850,
    # 40 000 + 100 000 x 5 % + 200 000 x 3 % + 50 000 x 7 % + 30 000 x 7 % - 20 000 x 5 %
    ("by_product", "ru"): 55600,
    ("by_product", "en"): 5560,
    ("points", "ru"): 45000,  # the salary; 100 + 5 x 50 + 3 x 20 points are no money
    ("points", "en"): 4500,
    ("kpi-card", "ru"): 69250,  # 40 000 + 30 000 x (0.5 x 1.25 + 0.3 x 0.5 + 0.2 x 1)
    ("kpi-card", "en"): 6925,
    ("hourly", "ru"): 80400,  # 350 x 160 + 500 x 40 + 100 x 50 - 3 x 200
    ("hourly", "en"): 8040,
    ("head_of_marketing", "ru"): 204800,  # 120 000 + 60 000 x (0.4 x 1.2 + 0.3 + 0.3) + 20 000
    ("head_of_marketing", "en"): 20480,
    ("commercial_back_office", "ru"): 67400,  # 45 000 + 200 x 40 + 50 x 60 + 12 000 - 2 x 300
    ("commercial_back_office", "en"): 6740,
    ("manufacturing", "ru"): 61100,  # 15 x 2 500 + 1 000 x 15 + 200 x 20 + 5 000 - 4 x 100
    ("manufacturing", "en"): 6110,
    # Two people: 100 000 + 200 000 x 5 % + 800 000 x 1 %, and 70 000 + 800 000 x 5 % + 200 000 x 0.5 %
    ("head_of_sales", "ru"): 229000,
    ("head_of_sales", "en"): 22900,
    ("retail", "ru"): 50000,  # 35 000 + 15 000 x 100 %: 5 000 an hour, 2 000 a receipt, 2.5 items, 20 %
    ("retail", "en"): 5000,  # 3 500 + 1 500
}

OF_ROWS = {"cliff_near", "dead_incentive", "dead_incentive_own", "fact_skipped_undated", "fact_skipped_where"}
"""An example row may well stand just before a bound, where nothing more pays, or be skipped by a stated rule."""


def test_every_template_is_here_in_both_languages() -> None:
    assert {(name, language) for language in LANGUAGES for name in templates(language)} == set(TOTALS)


@pytest.mark.parametrize(("name", "language"), TOTALS)
def test_a_template_runs_as_it_is_and_as_its_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, language: Language
) -> None:
    scheme, workbook, readme = commands.init(tmp_path / "own", templates(language)[name], "2026-10").files
    assert workbook == tmp_path / "own" / "2026-10.xlsx"
    text = readme.read_text(encoding="utf-8")
    assert about(templates(language)[name]) in text
    monkeypatch.chdir(tmp_path / "own")
    told = re.findall(r"^```sh\nkpicalc (.*)\n```$", text, re.MULTILINE)
    assert [line.split()[0] for line in told[:3]] == ["check", "run", "explain"]
    outcomes = []
    prepare = commands.prepare
    monkeypatch.setattr(
        commands, "prepare", lambda *given, **more: outcomes.append(prepare(*given, **more)) or outcomes[-1]
    )
    for line in told:
        done = CliRunner().invoke(app, [*shlex.split(line), *(["--strict"] if line.startswith("run") else [])])
        assert done.exit_code == 0, (line, done.output)
    # A check tells the remarks on a scheme as well: a template deserves none but what its example rows bring.
    (outcome,) = outcomes
    assert {found.code for found in outcome.issues} - OF_ROWS <= {"silenced"}
    assert [found for found in outcome.issues if severity(found) != "notice" and found.code not in OF_ROWS] == []
    assert outcome.payroll
    assert outcome.payroll.total() == Decimal(TOTALS[name, language])
    assert outcome.examples == len(outcome.payroll.book.schemes)
    assert ("funnel" in text) == ("funnel:" in scheme.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "language"), TOTALS)
def test_the_reader_knows_every_heading_of_the_form(name: str, language: str) -> None:
    """The form is made from the scheme in every run, so it cannot fall behind: but it must be the reader's own."""
    book, _ = read_scheme(templates(language)[name])  # type: ignore[index,arg-type]
    assert book
    find = kpi_finder(book)
    own = [column.title for column in book.employees.values()]
    for sheet in form_sheets(book, compile_schemes(book)[0], "2026-10"):
        role = next((role for role in ROLES if name_key(sheet.title) in sheet_names(role)), None)
        facts = next((table for table in book.facts.values() if table.from_ == sheet.title), None)
        rates = next((table for table in book.rates.values() if table.from_ == sheet.title), None)
        assert (role is None) == (facts is not None or rates is not None)
        for heading in sheet.headings:
            if rates is not None:
                assert heading.title in (*rates.match.values(), *rates.steps.values(), rates.rate)
            elif facts is not None:
                assert heading.title in declared(facts).values()
            elif role is not None:
                known = field_names(role).get(name_key(heading.title)) or find(heading.title)[0]
                assert known or heading.title in own, heading.title
            assert heading.note.endswith("."), heading.title
            assert "{" not in heading.note
        assert all(len(row) == len(sheet.headings) for row in sheet.rows)


def test_the_form_protects_nothing_and_asks_for_what_is_needed(tmp_path: Path) -> None:
    _, workbook, _ = commands.init(tmp_path, templates("ru")["team"], "2026-10").files
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Сотрудники", "Факт", "План отдела", "Корректировки"]
    people = book["Сотрудники"]
    assert [cell.value for cell in people[1]] == [
        "Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад", "Отработано дней", "Норма дней",
        "Принят", "Уволен",
    ]  # fmt: skip
    assert not people.protection.sheet
    assert people.auto_filter.ref == "A1:I501"
    assert people.page_setup.paperSize == 9, "A4"
    assert people["A2"].value == "00001"
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in people.data_validations.dataValidation}
    assert rules["D2:D501"] == ("list", '"Менеджер"')
    assert rules["E2:E501"][0] == "decimal"
    assert people["E1"].comment.text == "Оклад за полный месяц на полную ставку, RUB."
    fact = {str(rule.sqref): (rule.type, rule.formula1) for rule in book["Факт"].data_validations.dataValidation}
    assert fact["A2:A501"] == ("list", "'Сотрудники'!$A$2:$A$501")
    assert book["Факт"]["C1"].comment.text == "Факт месяца, руб. Пустая ячейка — не ноль: выплата остановится."
    assert book["Факт"]["D1"].comment.text == "Факт месяца, шт. Пустая ячейка считается нулём."
    assert [cell.value for cell in book["План отдела"][2]] == ["Отдел 1", "Маржа отдела", 300000, 400000, 500000]


def test_a_form_with_history_and_several_schemes(tmp_path: Path) -> None:
    _, workbook, _ = commands.init(tmp_path / "a", templates("ru")["business_development"], "2026-10").files
    book = openpyxl.load_workbook(workbook)
    assert [cell.value for cell in book["История"][2]] == ["00002", "2026-09", 1000000]
    assert book["План"]["C1"].comment.text.endswith("Заполняется для схем: Привлечение клиентов.")
    # Plans are made from six months, so the form has room and an example for each.
    _, workbook, _ = commands.init(tmp_path / "b", templates("ru")["marketer"], "2026-10").files
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(workbook)["История"]["A2:E7"]]
    assert [row[1] for row in rows] == [f"2026-{month:02}" for month in range(4, 10)]
    assert {tuple(row[2:]) for row in rows} == {(160, 30, 35)}


@pytest.mark.parametrize("name", ["kpi-card", "kpi_card", "head-of-sales", "head_of_sales"])
def test_a_dash_or_a_low_line_in_a_template_s_name(name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["init", str(tmp_path), "--template", name])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "scheme.yaml").is_file()


def test_existing_files_are_left_alone(tmp_path: Path) -> None:
    template = templates("ru")["sales"]
    assert commands.init(tmp_path, template, "2026-10").files
    (tmp_path / "scheme.yaml").write_text("own", encoding="utf-8")
    (tmp_path / "2026-10.xlsx").unlink()
    outcome = commands.init(tmp_path, template, "2026-10")
    assert [(found.code, found.place.file) for found in outcome.issues] == [
        ("init_exists", str(tmp_path / "scheme.yaml")),
        ("init_exists", str(tmp_path / "README.md")),
    ]
    assert (tmp_path / "scheme.yaml").read_text(encoding="utf-8") == "own"
    assert not (tmp_path / "2026-10.xlsx").exists()


def test_a_form_that_cannot_be_written_leaves_no_scheme_behind(tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("kpicalc.forms.form_workbook.write_form", full)
    outcome = commands.init(tmp_path / "own", templates("ru")["sales"], "2026-10")
    assert [found.code for found in outcome.issues] == ["disk_full"]
    assert not outcome.files
    assert list((tmp_path / "own").iterdir()) == []


def test_the_commands(tmp_path: Path) -> None:
    runner = CliRunner()
    listed = runner.invoke(app, ["templates", "--language", "en"])
    assert listed.exit_code == 0
    names = sorted({name for name, _ in TOTALS})
    assert [line.split()[0] for line in listed.output.splitlines() if line[0] != " "] == names
    made = runner.invoke(app, ["init", str(tmp_path / "new"), "--template", "marketer", "--language", "ru"])
    assert made.exit_code == 0
    assert sorted(path.suffix for path in (tmp_path / "new").iterdir()) == [".md", ".xlsx", ".yaml"]
    again = runner.invoke(app, ["init", str(tmp_path / "new"), "--template", "marketer", "--language", "ru"])
    assert again.exit_code == 1
    unknown = runner.invoke(app, ["init", str(tmp_path), "--template", "marketr", "--language", "ru"])
    assert unknown.exit_code == 2
    assert ", ".join(names) in unknown.output
    assert runner.invoke(app, ["templates", "--language", "de"]).exit_code == 2


def test_a_form_asks_for_what_is_carried_over(tmp_path: Path) -> None:
    """Balances start at 0; the sum of earlier months stands in the last of them; facts are not typed in."""
    scheme = tmp_path / "scheme.yaml"
    scheme.write_text(
        "kpicalc: 1\n"
        "language: ru\n"
        "rules: {money: {round: 0.01, ties: half_up}}\n"
        "facts: {deals: {from: Сделки, payee: Сотрудник, date: Дата, columns: {amount: Сумма}}}\n"
        "kpis:\n"
        "  sales: {title: Продажи, unit: руб}\n"
        "  calls: {title: Звонки, unit: шт}\n"
        "  deals: {title: Сделки месяца, unit: шт, from: deals, count: rows}\n"
        "schemes:\n"
        "  manager:\n"
        "    for: {position: Менеджер}\n"
        "    pay:\n"
        "      - commission: {on: sales, rate: 1%}\n"
        "      - formula: {title: Рост, pays: deals + 0 * previous(sales, 2)}\n"
        "      - points: {on: {calls: 1}}\n"
        "    examples:\n"
        "      - actual: {sales: 100, deals: 1, calls: 2}\n"
        '        previous: {"sales:2": 90}\n'
        "        pays: {total: 2}\n",
        encoding="utf-8",
    )
    book, issues = read_scheme(scheme)
    assert book
    assert issues == []
    sheets = {sheet.title: sheet for sheet in form_sheets(book, compile_schemes(book)[0], "2026-10")}
    assert [heading.title for heading in sheets["Факт"].headings[2:]] == ["Продажи", "Звонки"]
    people = dict(zip([one.title for one in sheets["Сотрудники"].headings], sheets["Сотрудники"].rows[0], strict=True))
    assert people["Остаток баллов"] == 0
    assert [row[1:] for row in sheets["История"].rows] == [["2026-08", 90]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_that_a_form_asks_of_people_has_a_note(language: str) -> None:
    fields = {*EMPLOYEE_FIELDS, *get_args(BalanceField), *get_args(WithheldField)} - FOLLOWS_DATES
    assert [name for name in fields if not word(f"form.note.employees.{name}", language)] == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "cases"),
    [
        # Due on 20 October, 100 000: 11 days to the 31st, 30 in November, 5 in December: 46 days until the 5th.
        # A run of October after the money came says the same as one before. The last two: paid in time, and in the
        # month of the term.
        ("2026-10", {None: (0, 1_100_000), (2026, 12, 5): (0, 1_100_000), (2026, 10, 20): (0, 0),
                     (2026, 10, 31): (1_100_000, 0)}),
        ("2026-11", {None: (0, 3_000_000), (2026, 12, 5): (0, 3_000_000)}),
        ("2026-12", {(2026, 12, 5): (500_000, 0)}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_delay_is_charged_once(
    tmp_path: Path, language: Language, period: str, cases: dict[tuple[int, int, int] | None, tuple[int, int]]
) -> None:
    """Practice: a debt costs interest for every day until the money is there, month by month. A person a case."""
    scheme, workbook, _ = commands.init(tmp_path / "own", templates(language)["payments"], period).files
    book = openpyxl.load_workbook(workbook)
    people, sheet = book.worksheets[:2]
    assert sheet.title in ("Оплаты", "Payments")
    people.delete_rows(3, 20)
    sheet.delete_rows(2, 10)
    first = [cell.value for cell in people[2]]
    begun = date(int(period[:4]), int(period[-2:]), 1)
    for number, paid in enumerate(cases, 1):
        who = f"{number:05}"
        if number > 1:
            people.append([who, f"{first[1]} {number}", *first[2:]])
        day = date(*paid) if paid else None
        sheet.append([f"{who}-1", who, 100_000, 60_000, 100_000 if paid else None, date(2026, 10, 20), day])
        sheet.append([f"{who}-2", who, 100, 60, 100, date(2027, 1, 1), begun])
    book.save(workbook)
    payroll = commands.check(workbook, scheme, period).payroll
    assert payroll is not None
    figures = payroll.inputs.actual
    assert list(zip(figures["late"].values, figures["open_late"].values, strict=True)) == list(cases.values())
