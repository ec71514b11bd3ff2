"""A correction of a closed month: who is paid differently, and the rows that pay the difference next month."""

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from recalculation import lines, write_month
from rich.console import Console
from typer.testing import CliRunner

from kpicalc.app import Compared, Outcome, compare, run
from kpicalc.cli import app
from kpicalc.screen.comparison import comparison_json, print_comparison

SCHEME = """
kpicalc: 1
language: {language}
rules: {{money: {{round: 0.01, ties: half_up}}}}
kpis:
  sales: {{title: Sales, unit: RUB}}
schemes:
  seller:
    title: Seller
    for: {{position: P}}
    pay:
      - base_salary: {{title: Salary, amount: 50000}}
      - commission: {{title: Commission, on: sales, rate: 10%}}
      - draw: {{title: Draw, of: [commission], at: 10000, recoverable: yes}}
      - adjustments: {{title: Adjustments}}
      - withholding: {{title: Dues, share: 1%, of: accrued}}
"""
PEOPLE = {"001": "Ann", "002": "Bob", "003": "Cid", "004": "Dee"}
PAID = {"001": 200000, "002": 300000, "003": 80000}
ANEW = {"001": 212345.6, "002": 300000, "003": 70000.05, "004": 100000}
"""Ann and Cid were wrong, Dee was forgotten. By hand, of 10 %: 20 000 -> 21 234.56; 8 000 -> 7 000.01 (a half goes up),
and the draw, up to 10 000, 2 000 -> 2 999.99; Dee 50 000 + 10 000. Dues of 1 %: Ann 700 -> 712.35."""


def pay(folder: Path, month: str, sales: dict[str, float], language: str = "en", rows: object = None) -> Outcome:
    folder.mkdir(exist_ok=True)
    (folder / "scheme.yaml").write_text(SCHEME.format(language=language), encoding="utf-8")
    people = [["Personnel number", "Name", "Department", "Position", "Draw balance"]]
    people += [[number, PEOPLE[number], "D", "P", 0] for number in sales]
    sheets = {"Employees": people, "Actuals": [["Personnel number", "Sales"], *map(list, sales.items())]}
    if rows:
        sheets["Adjustments"] = rows
    return run(write_month(folder / f"{month}.xlsx", sheets), folder / "scheme.yaml", out=folder)


@pytest.fixture(name="files")
def files_fixture(tmp_path: Path) -> tuple[Path, Path]:
    old, new = pay(tmp_path / "paid", "2026-10", PAID), pay(tmp_path / "anew", "2026-10", ANEW)
    return old.files[0], new.files[0]


def shown(found: Compared, width: int = 80) -> str:
    assert found.comparison, found.issues
    text = StringIO()
    print_comparison(found.comparison, found.language, Console(file=text, width=width))
    return text.getvalue()


def test_who_is_paid_differently(files: tuple[Path, Path]) -> None:
    found = json.loads(comparison_json(compare(*files).comparison, [], [], "en"))
    assert found["period"] == "2026-10"
    assert [person["id"] for person in found["payees"]] == ["001", "003", "004"]
    ann, cid, dee = found["payees"]
    assert ann["lines"] == [
        {"title": "Commission", "old": "20000.00", "new": "21234.56", "difference": "1234.56"},
        {"title": "Dues", "old": "-700.00", "new": "-712.35", "difference": "-12.35"},
    ]
    # 70 000 - 700; 71 234.56 - 712.35.
    assert ann["total"] == {"old": "69300.00", "new": "70522.21", "difference": "1222.21"}
    assert [(line["title"], line["difference"]) for line in cid["lines"]] == [
        ("Commission", "-999.99"), ("Draw", "999.99"),
    ]  # fmt: skip
    assert cid["total"]["difference"] == "0.00"
    assert [(kept["old"], kept["new"]) for kept in cid["beside"]] == [("2000.00", "2999.99")]
    assert dee["total"] == {"old": None, "new": "59400.00", "difference": "59400.00"}
    # 69 300 + 79 200 + 59 400 and, with Dee, 70 522.21 + 79 200 + 59 400 + 59 400.
    assert found["total"] == {"old": "207900.00", "new": "268522.21", "difference": "60622.21"}


def test_it_fits_a_terminal(files: tuple[Path, Path]) -> None:
    text = shown(compare(*files))
    assert max(map(len, text.splitlines())) <= 80
    assert "Changed for 3 of 4." in text
    assert "+1,234.56" in text
    narrow = shown(compare(*files), 50)
    assert "268,522.21" in narrow
    assert max(map(len, narrow.splitlines())) <= 50


def test_the_other_way_round(files: tuple[Path, Path]) -> None:
    old, new = files
    found = compare(new, old).comparison
    assert found
    assert found.total.difference == Decimal("-60622.21")
    assert found.changed[-1].total.new is None


def test_nothing_has_changed(files: tuple[Path, Path]) -> None:
    found = compare(files[0], files[0])
    assert shown(found) == "The payrolls for October 2026 agree: 3 people, 207,900.00 in all.\n"
    assert found.comparison
    assert found.comparison.changed == ()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_difference_is_paid_next_month(suffix: str, language: str, tmp_path: Path) -> None:
    """The rows are read as they are; what is withheld is withheld from them, not listed among them."""
    old = pay(tmp_path / "paid", "2026-10", PAID, language).files[0]
    new = pay(tmp_path / "anew", "2026-10", ANEW, language).files[0]
    path = tmp_path / f"rows.{suffix}"
    assert compare(old, new, path).files == (path,)
    first = path.read_bytes()
    compare(old, new, path)
    assert path.read_bytes() == first, "the same payrolls give the same bytes"
    if suffix == "xlsx":
        (sheet,) = openpyxl.load_workbook(path).worksheets
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";" if language == "ru" else ","))
    more, less = (
        ("Доплата за октябрь 2026", "Излишне начислено за октябрь 2026")
        if language == "ru"
        else ("Back pay for October 2026", "Overpaid for October 2026")
    )
    assert [(row[0], row[1], row[3]) for row in rows[1:]] == [
        ("001", "Ann", f"{more}: Commission"),
        ("003", "Cid", f"{less}: Commission"),
        ("003", "Cid", f"{more}: Draw"),
        ("004", "Dee", f"{more}: Salary"),
        ("004", "Dee", f"{more}: Commission"),
    ]
    november = pay(tmp_path / "next", "2026-11", ANEW, language, rows)
    assert november.files, november.issues
    assert lines(november, "001")["adjustments"] == Decimal("1234.56")
    assert lines(november, "003")["adjustments"] == 0
    assert lines(november, "004")["adjustments"] == 60000
    # 1 % of 50 000 + 21 234.56 + 1 234.56 = 724.6912
    assert lines(november, "001")["withholding"] == Decimal("-724.69")


def test_a_damaged_payroll_is_not_compared(files: tuple[Path, Path]) -> None:
    old, new = files
    new.write_bytes(new.read_bytes()[:3000])
    found = compare(old, new)
    assert found.errors
    assert found.comparison is None
    both = compare(old.with_name("none.xlsx"), new)
    assert [item.code for item in both.issues] == ["file_not_found", found.issues[0].code]


def test_adjustments_never_replace_a_payroll(files: tuple[Path, Path]) -> None:
    old, new = files
    before = old.read_bytes()
    assert [found.code for found in compare(old, new, old).issues] == ["output_is_input"]
    assert old.read_bytes() == before


def test_the_command_line(files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    old, new = map(str, files)
    rows = tmp_path / "rows.csv"
    told = CliRunner().invoke(app, ["compare", old, new, "--adjustments", str(rows)])
    assert told.exit_code == 0
    assert "Whole payroll" in told.stdout
    assert f"Rows for the Adjustments sheet written: {rows}" in told.stderr
    quiet = CliRunner().invoke(app, ["compare", old, new, "--quiet", "--json"])
    assert json.loads(quiet.stdout)["total"]["difference"] == "60622.21"
    refused = CliRunner().invoke(app, ["compare", old, old + "x"])
    assert refused.exit_code == 1
    assert refused.stdout == ""


def test_a_month_is_closed_by_a_later_one(tmp_path: Path) -> None:
    """Until November is paid, October may be run again; after it, also where a month lies between, only elsewhere."""
    folder = tmp_path / "paid"
    assert pay(folder, "2026-10", PAID).files
    assert pay(folder, "2026-10", PAID).replaced
    assert pay(folder, "2026-12", PAID).files
    before = (folder / "payroll-2026-10.xlsx").read_bytes()
    refused = pay(folder, "2026-10", ANEW)
    assert [found.code for found in refused.issues if found.code != "no_examples"] == ["month_closed"]
    assert (folder / "payroll-2026-10.xlsx").read_bytes() == before
    assert pay(folder, "2026-11", PAID).files, "a month that was left out may still be paid"


def test_two_lines_of_one_name_are_compared_together(tmp_path: Path) -> None:
    """Ann: a salary of 50 000 and a commission of 20 000, then 21 234.56; together 70 000 and 71 234.56."""
    found = []
    for name, sales in (("paid", 200000), ("anew", 212345.6)):
        pay(tmp_path / name, "2026-10", {"001": sales})
        scheme = tmp_path / name / "scheme.yaml"
        scheme.write_text(SCHEME.format(language="en").replace("Commission", "Salary"), encoding="utf-8")
        found += run(tmp_path / name / "2026-10.xlsx", scheme, out=tmp_path / name / "twins.xlsx").files[:1]
    comparison = compare(*found).comparison
    assert comparison
    salary = comparison.changed[0].lines[0]
    assert (salary.title, salary.old, salary.new) == ("Salary", 70000, Decimal("71234.56"))
