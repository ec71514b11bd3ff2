"""A language is what the catalogues hold: a third one is put into a copy of them, and the program speaks it.

The copy of the package gets `xx` beside ru and en in every entry (the English text after "Xx"), and conventions of its
own. No line of code is changed. All commands run in one process on that copy.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import kpicalc
from kpicalc.lang import NBSP

PACKAGE = Path(kpicalc.__file__).parent
SAMPLE = PACKAGE.parent / "samples" / "tabelly"
MONTHS = [[f"Xmonth{number}", f"Xm{number}"] for number in range(1, 13)]
CONVENTIONS = {
    "decimal": "·", "thousands": "'", "percent": " pct", "quotes": ["‹", "›"], "day": "%Y/%m/%d", "separator": ";",
    "pages": ".md", "months": MONTHS,
}  # fmt: skip
LISTS = {"words", "currencies"}
"""Spellings that are recognised in any language."""
PROGRAM = """
import json, sys
from kpicalc.cli import app
for command in json.loads(sys.argv[1]):
    print(f"$ {command[0]}", flush=True)
    print("exit", app(command, standalone_mode=False), flush=True)
"""


def spoken(english: Any) -> Any:
    """Return what stands in English in the made-up language: a text, a list of spellings, a message and its remedy."""
    if isinstance(english, str):
        # Paragraphs are shown by themselves; blanks at the ends join phrases.
        return re.sub(r"(^|\n\n)(\s*)(?=\S)", r"\1\2Xx ", english)
    if isinstance(english, list):
        return [spoken(text) for text in english]
    return {key: spoken(value) for key, value in english.items()}


def with_third(entry: Any) -> Any:
    """Return a part of a catalogue with the third language in all its entries."""
    if not isinstance(entry, dict):
        return entry
    if "en" in entry:
        return entry | {"xx": spoken(entry["en"])}
    return {key: value if key in LISTS else with_third(value) for key, value in entry.items()}


def toml(value: Any) -> str:
    """Write a value of a catalogue; texts of TOML and of JSON are spelled alike."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def written(catalogue: dict[str, Any]) -> str:
    """Write a catalogue: what stands before the first section, and a section for every group of entries."""
    top = {key: value for key, value in catalogue.items() if "severity" not in value and "xx" in value}
    lines = [f"{key} = {toml(value)}" for key, value in top.items()]
    for name, section in catalogue.items():
        if name not in top:
            lines += [f"[{name}]", *(f"{json.dumps(key)} = {toml(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module", name="home")
def home_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package in which only catalogues differ."""
    home = tmp_path_factory.mktemp("third")
    shutil.copytree(PACKAGE, home / "kpicalc", ignore=shutil.ignore_patterns("__pycache__"))
    (home / "templates").symlink_to(PACKAGE.parent / "templates")
    for path in (home / "kpicalc" / "lang").rglob("*.toml"):
        catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
        catalogue = catalogue | {"xx": CONVENTIONS} if path.stem == "conventions" else with_third(catalogue)
        path.write_text(written(catalogue), encoding="utf-8")
    return home


def run(home: Path, *commands: list[str]) -> str:
    """Run commands one after another; return all that they show."""
    environment = os.environ | {"PYTHONPATH": str(home), "KPICALC_LANG": "xx", "COLUMNS": "200", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        cwd=home, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def month_in_the_language(folder: Path) -> None:
    """Write the sample's month and scheme with the sheets, headings and the month called in the made-up language."""
    names = {
        "Сотрудники": "Xx Employees", "Факт": "Xx Actuals", "Табельный номер": "Xx Personnel number",
        "Сотрудник": "Xx Name", "Подразделение": "Xx Department", "Должность": "Xx Position",
        "Отработано дней": "Xx Days worked", "Норма дней": "Xx Days norm",
    }  # fmt: skip
    book = openpyxl.load_workbook(SAMPLE / "2026-10.xlsx")
    for sheet in book:
        sheet.title = names[sheet.title]
        for cell in sheet[1]:
            cell.value = names.get(cell.value, cell.value)
    book.save(folder / "2026-10.xlsx")
    scheme = (SAMPLE / "scheme.yaml").read_text(encoding="utf-8")
    assert "language: ru" in scheme
    (folder / "scheme.yaml").write_text(scheme.replace("language: ru", "language: xx"), encoding="utf-8")


SCHEME = ["--scheme", "scheme.yaml"]
PAYROLL = "out/payroll-2026-10.xlsx"


@pytest.fixture(scope="module", name="shown")
def shown_fixture(home: Path) -> str:
    """Pay a month in the made-up language and do with the payroll what people do; return what is shown."""
    month_in_the_language(home)
    copied = ["init", "own", "--template", "sales"]
    return run(
        home,
        ["run", "2026-10.xlsx", *SCHEME, "--out", "out"],
        ["check", "2026-10.xlsx", *SCHEME],
        ["explain", "2026-10.xlsx", *SCHEME, "--payee", "00042"],
        ["statements", "2026-10.xlsx", *SCHEME, "--out", "out"],
        ["progress", "2026-10.xlsx", *SCHEME, "--on", "2026-10-15", "--payee", "00042"],
        ["export", PAYROLL, "--to", "1c-csv"],
        ["compare", PAYROLL, PAYROLL],
        ["error", "nothing_of_that"],
        ["components", "commission"],
        ["--help"],
        ["export", "--list"],
        copied,
    )


def test_a_month_is_paid_in_a_language_of_the_catalogues(home, shown):
    """00042: 15 000 salary + 15 000 actions + (100 000 - 15 000) x 20 % = 47 000, as tabelly prints it."""
    assert "Xx Payroll for Xmonth10 2026" in shown
    assert "47'000·00" in shown
    assert "‹Xx Action pay›" in shown
    assert "(100'000 − 15'000) × 20 pct = 17'000" in shown
    book = openpyxl.load_workbook(home / PAYROLL, data_only=True)
    assert "Xx Payroll" in book.sheetnames
    assert all(name.startswith("Xx ") or name == "Менеджер по продажам" for name in book.sheetnames), book.sheetnames
    texts = [str(cell.value) for row in book["Xx Payroll"].iter_rows() for cell in row if cell.value is not None]
    assert any(text.startswith("Xx ") and "253'278·82" in text for text in texts), "the sum in words stands in figures"


@pytest.mark.parametrize(
    "text",
    [
        "Xx The payrolls for Xmonth10 2026 agree: 5 people, 253'278·82 in all.",
        "Xmonth10 2026, at 2026/10/15",
        "Xx Usage: ",
        "Xx Pay a month: read the workbook",
        "Xx accruals (csv): an external loader in 1C",
        "Xx A share of a result: of sales",
        "Xx There is no code nothing_of_that.",
    ],
)
def test_every_part_of_the_program_speaks_it(shown, text):
    assert text in shown.replace(NBSP, " ")


def test_pages_and_files_speak_it(home, shown):
    page = next((home / "out" / "statements-2026-10").glob("00042-*.html")).read_text(encoding="utf-8")
    assert '<html lang="xx">' in page
    assert "Xmonth10 2026" in page
    assert (home / "out" / "payroll-2026-10-1c.csv").is_file()
    # A template that nobody wrote in this language is offered in the first one that has it.
    assert (home / "own" / "scheme.yaml").read_text(encoding="utf-8").count("language: ru") == 1, shown


def test_a_scheme_in_another_language_is_refused_with_all_that_there_are(home):
    text = (SAMPLE / "scheme.yaml").read_text(encoding="utf-8").replace("language: ru", "language: yy")
    (home / "other.yaml").write_text(text, encoding="utf-8")
    told = run(home, ["check", "--scheme", "other.yaml"])
    assert "exit 1" in told
    assert "ru" in told and "en" in told and "xx" in told


def test_no_language_is_named_in_code():
    """Which languages there are, and how they write, stands in the catalogues alone."""
    named = re.compile(r"""["'](?:ru|en)["']""")
    allowed = {
        "exchange/": "1C speaks Russian, a SEPA bank English",
        "cli/spoken.py": "the library's own words are English",
        "intake/facts/table.py": "a default that every caller states",
        "intake/scheme/json_schema.py": "editors read the schema in English unless asked otherwise",
    }
    found = {
        path.relative_to(PACKAGE).as_posix(): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := [line for line in path.read_text(encoding="utf-8").splitlines() if named.search(line)])
    }
    assert {name: lines for name, lines in found.items() if not name.startswith(tuple(allowed))} == {}
