"""Every issue once: a minimal bad input in `tests/issues/<code>/`, and the words that people read, in both languages.

`python tests/test_issues.py` writes the expected texts anew; read them in the diff: does the place point at what is
wrong, does the message say it, does the remedy mend it?
"""

import re
import runpy
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest
from issues.setting import CASES, EXPECTED, OLD, SCHEME, SHEETS, codes, laid_out, read_case, run, told
from rich.console import Console

from kpicalc.app import Outcome
from kpicalc.lang import LANGUAGES, About, Language, issue_entries, issue_entry, message, remedy, severity, word
from kpicalc.screen.terminal import print_issues

UNREACHED = {
    "fact_broken": "what a driver finds wrong, in its own words; test_fact_tables.py has a division that overflows",
    "fact_changed": "a file that changes while it is read; test_fact_sources.py makes one",
    "fact_rows_not_listed": "a month of more rows than a sheet is to hold; test_row_pay.py makes one",
    "invalid_value": "the net for whatever pydantic may yet find wrong; nothing in today's models does",
    "proof_failed": "the net for a mistake of the program; test_exports.py makes one",
    "no_indicators": "brought about by `kpicalc export` alone; its test stands in test_exports.py",
    "everybody_held": "likewise",
    "release_mended": "a run that was killed; its tests stand in test_release.py",
    "release_cut": "likewise",
    "written_meanwhile": "two runs at once; its tests stand in test_release.py",
    "payroll_too_large": "a million people; test_room.py makes it of fewer, with less room",
    "payroll_too_wide": "likewise",
    "init_exists": "brought about by `kpicalc init` alone; its test stands in test_templates.py",
}
"""Codes that no input of a run brings about, and why they stay."""

ROOT = Path(__file__).parent.parent
KEYS = {
    *("scheme", "sheets", "files", "more", "name", "period", "out", "file", "check", "command"),
    *("export", "organisation", "date", "number", "answer", "sent", "earlier", "history", "compare", "books"),
}
BLANK = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def blanks(text: str) -> set[str]:
    return set(BLANK.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", codes())
def test_a_bad_input_is_told(code: str, language: Language, tmp_path: Path) -> None:
    with laid_out(read_case(code), tmp_path, language) as setting:
        before = files_in(tmp_path)
        outcome = run(setting)
        after = files_in(tmp_path)

    assert code in [found.code for found in outcome.issues]
    assert told(outcome.issues, language) == (CASES / code / EXPECTED[language]).read_text(encoding="utf-8")
    if outcome.errors or setting.case.get("check"):
        assert outcome.files == ()
        assert after == before, "a refused run and a check write nothing, and leave an old payroll as it was"
    else:
        written = {str(path) for path in outcome.files}
        assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == written
    every_blank_is_filled(outcome)
    the_terminal_says_the_same(outcome, language)


def every_blank_is_filled(outcome: Outcome) -> None:
    for found in outcome.issues:
        entry = issue_entry(found.code)
        facts = {name for name, text in found.facts if text}
        for language in LANGUAGES:
            assert blanks(entry[language]["message"]) | blanks(entry[language]["remedy"]) <= facts, found


def the_terminal_says_the_same(outcome: Outcome, language: Language) -> None:
    text = StringIO()
    print_issues(outcome.issues, language, Console(file=text, width=80))
    for found in outcome.issues:
        weight = word(f"terminal.severity.{severity(found)}", language)
        head = " ".join(part for part in (weight, str(found.place)) if part)
        assert f"{head}  {found.code}\n  {message(found, language)}.\n" in text.getvalue()
        assert f"  → {remedy(found, language)}\n" in text.getvalue()


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert sorted([*codes(), *UNREACHED]) == sorted(issue_entries())
    for code in codes():
        assert {path.name for path in (CASES / code).iterdir()} == {"case.yaml", *EXPECTED.values()}
        assert read_case(code).keys() <= KEYS
        assert (CASES / code / "case.yaml").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("code", issue_entries())
def test_an_entry_is_whole_in_both_languages(code: str) -> None:
    entry = issue_entry(code)
    assert entry.keys() - {"about"} == {"severity", *LANGUAGES}
    assert entry.get("about", "figure") in get_args(About)
    # Whatever is wrong in rows of facts leaves the rest of the workbook to be checked.
    assert entry.get("about") == "figure" or entry["severity"] != "error" or not code.startswith("fact_")
    assert entry["severity"] in ("error", "hold", "warning", "notice")
    for language in LANGUAGES:
        assert entry[language].keys() == {"message", "remedy"}
        assert not entry[language]["message"].endswith((".", "…")), "the terminal ends the sentence itself"
        assert entry[language]["remedy"].endswith((".", "…"))
        # Every brace is a blank, or doubled because YAML writes it.
        for text in entry[language].values():
            assert text.format_map(dict.fromkeys(blanks(text), "")) is not None
    assert blanks(entry["ru"]["message"]) == blanks(entry["en"]["message"])
    assert blanks(entry["ru"]["remedy"]) == blanks(entry["en"]["remedy"])


def test_the_good_inputs_of_the_cases_are_good(tmp_path: Path) -> None:
    with laid_out({}, tmp_path) as setting:
        outcome = run(setting)
    assert outcome.issues == ()
    assert outcome.files == (Path("out/payroll-2026-10.xlsx"), Path("out/payroll-2026-10.manifest.json"))
    assert (tmp_path / "out/payroll-2026-10.xlsx").read_bytes() != OLD


def test_all_that_is_wrong_comes_at_once(tmp_path: Path) -> None:
    """Both files are full of slips, and one run lists them all, each at its place."""
    head, anna = SHEETS["Сотрудники"]
    case = {
        "scheme": SCHEME.replace("0.01", "0.05").replace("rate: 10%", "rate: 10%, treshold: 5"),
        "sheets": {
            "Сотрудники": [head, anna, ["00043", None, "юг", "Водитель"], anna],
            "Факт": [["Табельный номер", "Продажи"], ["00042", "нет"], ["00043", {"error": "#N/A"}], ["7", 5]],
        },
    }
    with laid_out(case, tmp_path) as setting:
        outcome = run(setting)
    assert outcome.files == ()
    assert {(found.code, str(found.place).rpartition(" › ")[2]) for found in outcome.issues} == {
        ("bad_step", "scheme.yaml:3:17"),
        ("unknown_key", "scheme.yaml:10:44"),
        ("blank_name", "Сотрудники!B3"),
        ("department_spelling", "Сотрудники!C3"),
        ("duplicate_payee", "Сотрудники!A4"),
        ("none_not_number", "Факт!B2"),
        ("error_cell", "Факт!B3"),
        ("unknown_payee_far", "Факт!A4"),
    }


def test_two_files_that_cannot_be_read_are_both_named(tmp_path: Path) -> None:
    with laid_out({"scheme": "", "file": "html"}, tmp_path) as setting:
        outcome = run(setting)
    assert {found.code for found in outcome.issues} == {"yaml_empty", "file_is_html"}


def test_the_page_of_errors_is_current() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "make_errors.py"))["page"]()
    assert (ROOT / "docs" / "errors.md").read_text(encoding="utf-8") == page, "run python docs/make_errors.py"
    assert sorted(re.findall(r"^### `(\w+)`$", page, re.MULTILINE)) == sorted(issue_entries())


def write_expected() -> None:
    for code in codes():
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as folder, laid_out(read_case(code), Path(folder), language) as setting:
                text = told(run(setting).issues, language)
            (CASES / code / EXPECTED[language]).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_expected()
    sys.exit(0)
