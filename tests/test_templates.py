"""`kpicalc init` and `kpicalc templates`: every template runs as it is and pays what its example says."""

import errno
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app
from kpicalc.intake.templates import templates
from kpicalc.lang import LANGUAGES

# Typed from the pay rules of each template: the arithmetic stands beside it.
TOTALS = {
    ("sales", "ru"): 47000,  # 15 000 + 15 000 + (100 000 - 15 000) x 20 %
    ("sales", "en"): 4700,  # 1 500 + 1 500 + (10 000 - 1 500) x 20 %
    ("premium", "ru"): 55000,  # 40 000 + 10 000 x 90 % + 5 000 x 120 %
    ("premium", "en"): 5500,  # 4 000 + 1 000 x 90 % + 500 x 120 %
    ("index", "ru"): 86000,  # 56 000 + 30 000 x 1 at an index of 100 %
    ("index", "en"): 8600,
    ("team", "ru"): 55400,  # 30 000 + 22 000 + 22 000 x 0.2 - 2 x 500
    ("team", "en"): 5540,  # 3 000 + 2 200 + 2 200 x 0.2 - 2 x 50
}


def test_every_template_is_here_in_both_languages() -> None:
    assert {(name, language) for language in LANGUAGES for name in templates(language)} == set(TOTALS)


@pytest.mark.parametrize(("name", "language"), TOTALS)
def test_a_template_runs_as_it_is(tmp_path: Path, name: str, language: str) -> None:
    made = commands.init(tmp_path / "own", templates(language)[name], "2026-10")  # type: ignore[index,arg-type]
    scheme, workbook = made.files
    assert workbook == tmp_path / "own" / "2026-10.xlsx"
    outcome = commands.run(workbook, scheme, out=tmp_path)
    assert not outcome.issues
    assert outcome.payroll
    assert outcome.payroll.total() == Decimal(TOTALS[name, language])
    assert outcome.examples == 1


def test_the_form_protects_its_headings_and_asks_for_what_is_needed(tmp_path: Path) -> None:
    _, workbook = commands.init(tmp_path, templates("ru")["team"], "2026-10").files
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Сотрудники", "Факт", "План отдела", "Корректировки"]
    people = book["Сотрудники"]
    assert [cell.value for cell in people[1]] == [
        "Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад", "Отработано дней", "Норма дней",
    ]  # fmt: skip
    assert people.protection.sheet
    assert people["A1"].protection.locked
    assert not people["A2"].protection.locked
    assert people["A2"].value == "00001"
    assert [rule.formula1 for rule in people.data_validations.dataValidation] == ['"Менеджер"']
    assert [cell.value for cell in book["План отдела"][2]] == ["Отдел 1", "Маржа отдела", 300000, 400000, 500000]


def test_existing_files_are_left_alone(tmp_path: Path) -> None:
    template = templates("ru")["sales"]
    assert commands.init(tmp_path, template, "2026-10").files
    (tmp_path / "scheme.yaml").write_text("own", encoding="utf-8")
    (tmp_path / "2026-10.xlsx").unlink()
    outcome = commands.init(tmp_path, template, "2026-10")
    assert [(found.code, found.place.file) for found in outcome.issues] == [
        ("init_exists", str(tmp_path / "scheme.yaml"))
    ]
    assert (tmp_path / "scheme.yaml").read_text(encoding="utf-8") == "own"
    assert not (tmp_path / "2026-10.xlsx").exists()


def test_a_form_that_cannot_be_written_leaves_no_scheme_behind(tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("kpicalc.intake.form.write_form", full)
    outcome = commands.init(tmp_path / "own", templates("ru")["sales"], "2026-10")
    assert [found.code for found in outcome.issues] == ["disk_full"]
    assert not outcome.files
    assert list((tmp_path / "own").iterdir()) == []


def test_the_commands(tmp_path: Path) -> None:
    runner = CliRunner()
    listed = runner.invoke(app, ["templates", "--language", "en"])
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.output.splitlines()] == ["index", "premium", "sales", "team"]
    made = runner.invoke(app, ["init", str(tmp_path / "new"), "--template", "index", "--language", "ru"])
    assert made.exit_code == 0
    assert sorted(path.suffix for path in (tmp_path / "new").iterdir()) == [".xlsx", ".yaml"]
    again = runner.invoke(app, ["init", str(tmp_path / "new"), "--template", "index", "--language", "ru"])
    assert again.exit_code == 1
    unknown = runner.invoke(app, ["init", str(tmp_path), "--template", "indx", "--language", "ru"])
    assert unknown.exit_code == 2
    assert "index, premium, sales, team" in unknown.output
    assert runner.invoke(app, ["templates", "--language", "de"]).exit_code == 2
