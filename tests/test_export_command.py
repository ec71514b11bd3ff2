"""`--export` and `kpicalc export` as they are called: what is written, what is said, which exit code comes back."""

import json
import runpy
import shutil
from pathlib import Path

import pytest
from command import kpicalc

from kpicalc.lang import LANGUAGES

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "salary-project"
PAY = ["run", str(SAMPLE / "2026-10.xlsx"), "--scheme", str(SAMPLE / "scheme.yaml")]
WRITTEN = [
    "9999010z.xml", "payroll-2026-10-1c.csv", "payroll-2026-10-kl_to_1c.txt", "payroll-2026-10.manifest.json",
    "payroll-2026-10.xlsx",
]  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_with_exports(tmp_path: Path) -> None:
    done = kpicalc(
        *PAY, "--out", tmp_path, "--export", "1c-salary-xml", "--export", "1c-client-bank", "--export", "1c-csv"
    )
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == WRITTEN
    assert done.stderr.count("Записано: ") == 5
    # pay_day of the organisation file, and the month's number.
    text = (tmp_path / "9999010z.xml").read_text(encoding="cp1251")
    assert 'ДатаРеестра="2026-11-05"' in text
    assert 'НомерРеестра="10"' in text
    assert "<СуммаИтого>177345.68</СуммаИтого>" in text


def test_the_date_and_the_number_are_stated(tmp_path: Path) -> None:
    options = ["--export", "1c-salary-xml", "--date", "06.11.2026", "--number", "1234"]
    assert kpicalc(*PAY, "--out", tmp_path / "p.xlsx", *options).returncode == 0
    assert names(tmp_path) == ["9999234z.xml", "p.manifest.json", "p.xlsx"]
    assert 'ДатаРеестра="2026-11-06"' in (tmp_path / "9999234z.xml").read_text(encoding="cp1251")


def test_a_check_looks_at_bank_details_too(tmp_path: Path) -> None:
    details = (SAMPLE / "organisation.yaml").read_text(encoding="utf-8").replace("pay_day: 5", "# pay_day: 5")
    (tmp_path / "organisation.yaml").write_text(details, encoding="utf-8")
    options = ["--export", "1c-salary-xml", "--organisation", tmp_path / "organisation.yaml"]
    done = kpicalc("check", *PAY[1:], *options)
    assert done.returncode == 1
    assert "date_open" in done.stderr
    assert kpicalc("check", *PAY[1:], *options, "--date", "2026-11-05").returncode == 0
    assert names(tmp_path) == ["organisation.yaml"]


def test_json_lists_every_file(tmp_path: Path) -> None:
    done = kpicalc(*PAY, "--out", tmp_path, "--export", "1c-csv", "--json")
    assert [Path(name).name for name in json.loads(done.stdout)["files"]] == [
        "payroll-2026-10.xlsx", "payroll-2026-10-1c.csv", "payroll-2026-10.manifest.json",
    ]  # fmt: skip


def test_files_from_a_payroll(tmp_path: Path) -> None:
    kpicalc(*PAY, "--out", tmp_path)
    payroll = tmp_path / "payroll-2026-10.xlsx"
    shutil.copy(SAMPLE / "organisation.yaml", tmp_path)
    done = kpicalc("export", payroll, "--to", "1c-salary-xml", "--out", tmp_path / "bank")
    assert done.returncode == 0, done.stderr
    assert names(tmp_path / "bank") == ["9999010z.xml", "payroll-2026-10-1c-salary-xml.manifest.json"]
    assert done.stdout == ""


@pytest.mark.parametrize(("language", "word"), [("ru", "клиент-банк"), ("en", "client-banks")])
def test_the_list_says_what_loads_each_file(language: str, word: str) -> None:
    done = kpicalc("export", "--list", language=language)
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        "1c-client-bank", "1c-csv", "1c-kpi", "1c-salary-xml", "1c-xlsx", "bank-csv", "sepa",
    ]  # fmt: skip
    assert word in lines[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*PAY, "--export", "1c-sap"], "1c-sap"),
        ([*PAY, "--export", "1c-csv", "--date", "31.11.2026"], "31.11.2026"),
        ([*PAY, "--export", "1c-csv", "--number", "12a"], "12a"),
        (["export"], "kpicalc export --list"),
        (["export", "payroll.xlsx"], "kpicalc export --list"),
        (["export", "payroll.xlsx", "--to", "sap"], "sap"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = kpicalc(*arguments, *(["--out", str(tmp_path / "new")] if arguments[0] == "run" else []))
    assert done.returncode == 2
    assert said in done.stderr
    assert names(tmp_path) == []


def test_a_payroll_that_is_not_there(tmp_path: Path) -> None:
    done = kpicalc("export", tmp_path / "payroll.xlsx", "--to", "1c-csv")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "file_not_found" in done.stderr


def test_what_is_wrong_everywhere_comes_at_once(tmp_path: Path) -> None:
    """The scheme, the month and the organisation file have one slip each; nothing is written."""
    scheme = (SAMPLE / "scheme.yaml").read_text(encoding="utf-8").replace("at: 50000", "att: 50000")
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    details = (
        (SAMPLE / "organisation.yaml").read_text(encoding="utf-8").replace("bic: 049805746\npay", "bic: 49805746\npay")
    )
    (tmp_path / "organisation.yaml").write_text(details, encoding="utf-8")
    done = kpicalc(
        "run", SAMPLE / "2026-10.xlsx", "--scheme", tmp_path / "scheme.yaml", "--export", "1c-csv", "--out", tmp_path
    )
    assert done.returncode == 1
    assert "unknown_key" in done.stderr
    assert "bic_wrong" in done.stderr
    assert names(tmp_path) == ["organisation.yaml", "scheme.yaml"]


def test_the_pages_about_exports_are_current() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_organisation.py"))
    assert set(made["PAGES"]) == set(LANGUAGES)
    for language, path in made["PAGES"].items():
        assert path.read_text(encoding="utf-8") == made["page"](language), "run docs/make_organisation.py"
