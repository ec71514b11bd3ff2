"""Statements of pay: everybody's own figures and nobody else's, on an offline page that prints on one sheet of A4."""

import csv
import json
import re
import shutil
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from recalculation import differences, write_month
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.app import Outcome
from kpicalc.cli import app

SAMPLES = Path(__file__).parents[1] / "samples"
FIRST = ["tabelly", "department", "payments", "brigade", "incoming", "salary-project"]


def written(sample: Path, out: Path, *options: str):
    files = [str(sample / "2026-10.xlsx"), "--scheme", str(sample / "scheme.yaml"), "--out", str(out)]
    return CliRunner().invoke(app, ["statements", *files, *options])


def listed(out: Path) -> list[dict[str, str]]:
    with (out / "statements-2026-10" / "statements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(out: Path, row: dict[str, str]) -> str:
    return (out / "statements-2026-10" / row["file"]).read_text(encoding="utf-8")


def money(text: str) -> str:
    whole, _, kopecks = text.partition(".")
    return f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{kopecks}"


@pytest.mark.parametrize("name", FIRST)
def test_everybody_has_the_own_page(name: str, tmp_path: Path) -> None:
    assert written(SAMPLES / name, tmp_path).exit_code == 0
    outcome = commands.check(SAMPLES / name / "2026-10.xlsx", SAMPLES / name / "scheme.yaml")
    assert outcome.payroll
    paid = {str(pay.columns["total"][at]) for pay in outcome.payroll.schemes for at in range(len(pay.payees))}
    rows, people = listed(tmp_path), outcome.payroll.inputs.payees
    assert list(rows[0]) == ["number", "name", "file", "sha256", "total"]
    assert [(row["number"], row["name"]) for row in rows] == [(payee.id, payee.name) for payee in people]
    assert {Decimal(row["total"]) for row in rows} == {Decimal(total) for total in paid}
    for row in rows:
        assert re.fullmatch(rf"{row['number']}-[0-9A-F]{{8}}\.html", row["file"])
        text = page(tmp_path, row)
        assert sha256(text.encode()).hexdigest() == row["sha256"]
        assert f"{money(row['total'])} RUB" in text
        assert not re.search(r"<script|<link|https?:|src=|href=|url\(|@import|javascript:", text)
        others = [payee for payee in people if payee.id != row["number"]]
        found = [str(payee) for payee in others if payee.name in text or re.search(rf"\b{payee.id}\b", text)]
        assert not found, "nobody else's number or name"


def test_the_same_inputs_give_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        written(SAMPLES / "department", tmp_path / folder)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")} for name in ("one", "two"))
    assert one == two
    assert len(one) == 14


def test_a_name_cannot_be_told_from_the_number(tmp_path: Path) -> None:
    """Another workbook gives other signs to the same number."""
    month(tmp_path, [["00001", "Иванова Анна", "Юг", "Менеджер"]], [["00001", 1]])
    first = listed(run(tmp_path))[0]["file"]
    month(tmp_path, [["00001", "Иванова Анна", "Юг", "Менеджер"]], [["00001", 2]])
    second = listed(run(tmp_path))[0]["file"]
    assert first != second
    assert not (tmp_path / "statements-2026-10" / first).exists(), "a page that is not true any more is taken away"


SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, missing: hold}
kpis:
  sales: {title: "Продажи <b>&", unit: руб}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: 15000}
      - commission: {on: sales, rate: 10%}
      - adjustments
    examples:
      - {actual: {sales: 100}, pays: {total: 15010}}
"""


def month(folder: Path, people: list[list[object]], actual: list[list[object]]) -> None:
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    write_month(
        folder / "2026-10.xlsx",
        {
            "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"], *people],
            "План": [["Табельный номер", "Продажи <b>&"], *([row[0], 200] for row in people)],
            "Факт": [["Табельный номер", "Продажи <b>&"], *actual],
            "Корректировки": [["Табельный номер", "Сумма", "Основание"], [people[0][0], 10, "<i>за помощь</i>"]],
        },
    )


def run(folder: Path, *options: str, code: int = 0) -> Path:
    done = written(folder, folder, *options)
    assert done.exit_code == code, done.stderr
    return folder


def test_what_people_typed_is_escaped(tmp_path: Path) -> None:
    month(tmp_path, [["00001", "Д'Артаньян <script>", "Юг & Ко", "Менеджер"]], [["00001", 100]])
    text = page(tmp_path, listed(run(tmp_path))[0])
    assert "Д&#39;Артаньян &lt;script&gt;" in text
    assert "Юг &amp; Ко" in text
    assert "Продажи &lt;b&gt;&amp;" in text
    assert "&lt;i&gt;за помощь&lt;/i&gt;" in text
    assert "<script" not in text
    assert "<i>" not in text


def test_who_is_held_reads_what_is_missing(tmp_path: Path) -> None:
    people = [["00001", "Иванова Анна", "Юг", "Менеджер"], ["00002", "Петров Олег", "Юг", "Менеджер"]]
    month(tmp_path, people, [["00001", 100], ["00002", None]])
    first, second = listed(run(tmp_path, code=3))
    # 15 000 + 100 × 10 % + 10 = 15 020.
    assert (first["total"], second["total"]) == ("15020.00", "")
    text = page(tmp_path, second)
    assert "Ещё не начислено, не хватает:" in text
    assert "Продажи &lt;b&gt;&amp; (Факт, B3)" in text
    # Nothing sold: 15 000; as planned: 15 000 + 200 × 10 % = 15 020.
    sums = "от 15 000,00 RUB (если по этим показателям ничего) до 15 020,00 RUB (если по плану)"
    assert sums in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_refused_month_has_no_statements(tmp_path: Path) -> None:
    month(tmp_path, [["00001", "Иванова Анна", "Юг", "Менеджер"]], [["00001", "много"]])
    assert written(tmp_path, tmp_path).exit_code == 1
    assert not (tmp_path / "statements-2026-10").exists()


def test_some_people_only(tmp_path: Path) -> None:
    written(SAMPLES / "department", tmp_path / "one", "--payee", "Соколов")
    assert [row["number"] for row in listed(tmp_path / "one")] == ["00103"]
    written(SAMPLES / "department", tmp_path / "two", "--department", "ключевые клиенты")
    assert [row["number"] for row in listed(tmp_path / "two")] == ["00301", "00302", "00303"]


def with_history(folder: Path, month: str) -> dict[str, object]:
    """Return what `statements` tells of the sample with the payrolls of a folder."""
    sample = SAMPLES / "tabelly"
    options = ["--scheme", str(sample / "scheme.yaml"), "--period", month, "--out", str(folder), "--history"]
    done = CliRunner().invoke(app, ["statements", str(sample / "2026-10.xlsx"), *options, str(folder), "--json"])
    found: dict[str, object] = json.loads(done.stdout)
    return found | {"code": done.exit_code}


def paid_before(folder: Path) -> Path:
    """Pay the sample's figures in September: a payroll of 253 278,82, 47 000,00 of them to the first person."""
    workbook = folder / "september.xlsx"
    shutil.copy(SAMPLES / "tabelly" / "2026-10.xlsx", workbook)
    paid = commands.run(workbook, SAMPLES / "tabelly" / "scheme.yaml", period="2026-09", out=folder)
    assert isinstance(paid, Outcome)
    return folder / "payroll-2026-09.xlsx"


def test_the_last_months_are_shown(tmp_path: Path) -> None:
    paid_before(tmp_path)
    found = with_history(tmp_path, "2026-10")
    assert found["code"] == 0
    assert [one["number"] for one in found["pages"]] == ["00042", "00043", "00044", "00045", "00046"]
    text = page(tmp_path, listed(tmp_path)[0])
    assert "сен 26" in text
    assert "окт 26" in text


def test_a_payroll_under_the_name_of_another_month_is_no_bar(tmp_path: Path) -> None:
    """September's payroll, copied as August's: two bars of one payroll would show pay that nobody had."""
    shutil.copy(paid_before(tmp_path), tmp_path / "payroll-2026-08.xlsx")
    found = with_history(tmp_path, "2026-10")
    assert found["code"] == 1
    assert [one["code"] for one in found["issues"] if one["severity"] == "error"] == ["payroll_other_month"]
    assert not (tmp_path / "statements-2026-10").exists()


def test_a_payroll_that_a_spreadsheet_saved_as_ods_is_a_bar_too(tmp_path: Path) -> None:
    """Of two formats one is read, and the other is named."""
    payroll = paid_before(tmp_path)
    shutil.copy(payroll, payroll.with_suffix(".ods"))
    found = with_history(tmp_path, "2026-10")
    assert "payroll_in_two_formats" in [one["code"] for one in found["issues"]]
    shutil.rmtree(tmp_path / "statements-2026-10")
    payroll.unlink()
    # An .xlsx under the name .ods is read as what it is.
    assert with_history(tmp_path, "2026-10")["code"] == 0
    text = page(tmp_path, listed(tmp_path)[0])
    assert "сен 26" in text


def test_the_workbook_for_the_printer(tmp_path: Path) -> None:
    written(SAMPLES / "salary-project", tmp_path)
    path = tmp_path / "statements-2026-10" / "statements-2026-10.xlsx"
    assert differences(path) == []
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [row["number"] for row in listed(tmp_path)]
    for sheet in book.worksheets:
        # Fitted to one page across and down, which the format leaves unsaid.
        assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)


# -- several workbooks of one month ---------------------------------------------------------------------------------

OF_DEALS = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals:
    from: Сделки
    payee: Табельный номер
    date: Дата
    columns: {amount: {heading: Сумма, type: number}}
kpis:
  sales: {title: Продажи, unit: руб, from: deals, sum: amount}
schemes:
  manager: {title: Менеджер, for: {position: Менеджер}, pay: [commission: {on: sales, rate: 10%}]}
"""
HEADS = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]


def test_several_workbooks_make_one_month(tmp_path: Path) -> None:
    """A workbook per team; the deals of both stand in the second one."""
    (tmp_path / "scheme.yaml").write_text(OF_DEALS, encoding="utf-8")
    first = {"Сотрудники": [HEADS, ["00001", "Иванова Анна", "Юг", "Менеджер"]]}
    deals = [["00001", "2026-10-05", 1000], ["00002", "2026-10-06", 2500], ["00002", "2026-10-20", 500]]
    second = {
        "Сотрудники": [HEADS, ["00002", "Петров Олег", "Север", "Менеджер"]],
        "Сделки": [["Табельный номер", "Дата", "Сумма"], *deals],
    }
    write_month(tmp_path / "team-1.xlsx", first)
    write_month(tmp_path / "team-2.xlsx", second)
    month = [str(tmp_path / "team-*.xlsx"), "--scheme", str(tmp_path / "scheme.yaml"), "--period", "2026-10"]

    done = CliRunner().invoke(app, ["statements", *month, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    rows = listed(tmp_path)
    # 10 % of 1 000; 10 % of 2 500 + 500.
    assert [(row["number"], row["total"]) for row in rows] == [("00001", "100.00"), ("00002", "300.00")]
    assert "05.10.2026" in page(tmp_path, rows[0]), "the rows of facts, wherever they stand"

    done = CliRunner().invoke(app, ["progress", *month, "--on", "2026-10-10", "--json"])
    assert done.exit_code == 0, done.stderr
    found = {one["id"]: one["goals"][0]["done"] for one in json.loads(done.stdout)["payees"]}
    assert found == {"00001": "1000", "00002": "2500"}

    done = CliRunner().invoke(app, ["explain", *month, "--payee", "00002", "--kpi", "sales"])
    assert done.exit_code == 0, done.stderr
    assert "20.10.2026" in done.stdout


def test_a_page_is_not_written_over_any_of_the_workbooks(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(OF_DEALS, encoding="utf-8")
    for number in "12":
        sheets = {
            "Сотрудники": [HEADS, [f"0000{number}", f"Ким Ли {number}", "Юг", "Менеджер"]],
            **({"Сделки": [["Табельный номер", "Дата", "Сумма"], ["00001", "2026-10-05", 1]]} if number == "1" else {}),
        }
        write_month(tmp_path / f"team-{number}.xlsx", sheets)
    second = tmp_path / "team-2.xlsx"
    before = second.read_bytes()
    month = [str(tmp_path / "team-1.xlsx"), str(second), "--scheme", str(tmp_path / "scheme.yaml")]
    words = ["progress", *month, "--period", "2026-10", "--on", "2026-10-10", "--html", str(second)]
    assert CliRunner().invoke(app, words).exit_code == 1
    assert second.read_bytes() == before
