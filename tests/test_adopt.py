"""`adopt`: what it reads of workbooks that nobody described, what it asks, and that it reads nothing wrongly.

Cases stand in tests/adopt/*.yaml in the form of `tests/issues/setting.py`; a formula there has its stored value. The
workbooks of tests/workbooks, whose mapping is known, are adopted without it besides.
"""

import json
import os
import re
from decimal import Decimal
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from issues.setting import laid_out
from jsonschema_rs import Draft202012Validator
from ruamel.yaml import YAML
from test_kept_workbooks import CASES as KEPT
from test_kept_workbooks import scheme_of
from typer.testing import CliRunner

from kpicalc import app
from kpicalc.app.adopting import as_typed
from kpicalc.cli import app as command
from kpicalc.model.adopted import Adopted
from kpicalc.payroll.paid import paid_from
from kpicalc.screen.adopt_screen import adopt_text
from kpicalc.screen.schemas import schema_of

FOLDER = Path(__file__).parent / "adopt"


def cases(file: str) -> dict[str, Any]:
    found = YAML(typ="safe").load(FOLDER / file)
    return {name: case for name, case in found.items() if not name.startswith("_")}


CASES = cases("traps.yaml")
PAID = cases("paid.yaml")


def written(path: Path, sheets: dict[str, Any]) -> Path:
    """Write a workbook whose formulas have their stored values."""
    with xlsxwriter.Workbook(path) as book:
        shown = book.add_format({"num_format": "0.0%"})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, content in sheets.items():
            form = content if isinstance(content, dict) else {"rows": content}
            sheet = book.add_worksheet(name)
            for letter in form.get("hidden_columns", ()):
                sheet.set_column(f"{letter}:{letter}", None, None, {"hidden": True})
            for row, cells in enumerate(form["rows"]):
                for column, value in enumerate(cells):
                    match value:
                        case {"formula": text, "value": stored}:
                            sheet.write_formula(row, column, f"={text}", None, stored)
                        case {"percent": share}:
                            sheet.write_number(row, column, share, shown)
                        case {"date": when}:
                            sheet.write_datetime(row, column, when, day)
                        case str():
                            sheet.write_string(row, column, value)
                        case int() | float():
                            sheet.write_number(row, column, value)
    return path


def taken(case: dict[str, Any], folder: Path) -> Adopted:
    workbook = written(folder / case.get("name", "plan_2026-10.xlsx"), case["sheets"])
    before = workbook.read_bytes()
    found = app.adopt(workbook, case.get("period", "2026-10"), folder / "adopted", case.get("paid"))
    assert workbook.read_bytes() == before, "the workbook is not changed"
    assert found.adopted is not None, found.outcome.issues
    assert (folder / "adopted" / "scheme.yaml").read_text(encoding="utf-8") == found.adopted.scheme
    return found.adopted


def read(found: Adopted) -> dict[str, dict[str, list[Decimal | None]]]:
    figures: dict[str, dict[str, list[Decimal | None]]] = {}
    for one in found.people:
        for title, both in one.figures.items():
            figures.setdefault(title, {})[one.name] = [both.plan, both.actual]
    return figures


def exact(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@pytest.mark.parametrize("name", CASES)
def test_a_workbook_that_nobody_described(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = taken(case, tmp_path)
    wanted = {kpi: {who: [*map(exact, both)] for who, both in own.items()} for kpi, own in case["reads"].items()}
    assert read(found) == wanted
    assert sorted(one.place for one in found.questions) == sorted(case.get("asks", [])), found.questions
    assert set(found.unread) >= set(case.get("unread", []))
    departments = {one.name: one.department for one in found.people}
    assert departments.items() >= case.get("departments", {}).items()


@pytest.mark.parametrize("name", [name for name, case in KEPT.items() if "pays" in case and "more" not in case])
def test_a_kept_workbook_is_never_read_wrongly(name: str, tmp_path: Path) -> None:
    """What adopt says of a workbook is what its own mapping reads, or it is not said."""
    case = KEPT[name]
    setting_case = {"scheme": scheme_of(case), "sheets": {"Факт": None, "Сотрудники": None} | case["sheets"]}
    setting_case |= {key: case[key] for key in ("name", "files") if key in case}
    with laid_out(setting_case, tmp_path) as setting:
        period = case.get("period", "2026-10")
        month = app.read_month(setting.workbook, setting.scheme, period)
        found = app.adopt(setting.workbook, period, tmp_path / "adopted").adopted
    assert found is not None
    assert month.book is not None
    assert month.inputs is not None
    for one in found.people:
        index = next(at for at, payee in enumerate(month.inputs.payees) if payee.name == one.name)
        for key in month.book.kpis:
            both = one.figures.get(month.book.kpi_title(key))
            for series, value in ((month.inputs.plan, both and both.plan), (month.inputs.actual, both and both.actual)):
                if value is not None:
                    assert key in series, f"{name}: {key} of {one.name} is {value}, and nobody says so"
                    assert series[key].values[index] == value


@pytest.mark.parametrize("name", PAID)
def test_an_old_sheet_that_computes_pay(name: str, tmp_path: Path) -> None:
    case = PAID[name]
    case["sheets"] = {sheet: [flat(row) for row in rows] for sheet, rows in case["sheets"].items()}
    found = taken(case, tmp_path)
    old = found.pay
    assert old is not None
    assert {one.what: one.why.partition(":")[0] for one in old.lines} == case["lines"], found.questions
    assert [one.place for one in found.questions] == case.get("asks", []), found.questions
    differs = [[one.who, one.line, one.old, one.new, one.kind] for one in old.differences]
    wanted = [[who, line, exact(was), exact(new), kind] for who, line, was, new, kind in case.get("differs", [])]
    assert differs == wanted
    assert old.equal == old.compared - len(wanted)
    if "pays" in case:
        complete = bool(case["lines"]) and not case.get("asks")
        assert old.compared >= len(case["pays"])
        outcome = app.check(tmp_path / "plan_2026-10.xlsx", tmp_path / "adopted" / "scheme.yaml", "2026-10")
        assert not outcome.errors, outcome.issues
        assert outcome.payroll is not None
        paid = {person.name: person.total for person in paid_from(outcome.payroll).people}
        if complete:
            assert paid == {who: exact(amount) for who, amount in case["pays"].items()}


def flat(row: list[Any]) -> list[Any]:
    """Return a row with the shared headings in their place."""
    return [cell for item in row for cell in (item if isinstance(item, list) else [item])]


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 30


def test_what_check_asks_next_is_pay_alone(tmp_path: Path) -> None:
    """The part `workbook:` is complete: check asks about rules of pay, and about nothing else."""
    case = CASES["two rows of headings"]
    taken(case, tmp_path)
    issues = app.check(tmp_path / "plan_2026-10.xlsx", tmp_path / "adopted" / "scheme.yaml", "2026-10").issues
    errors = {found.code for found in issues if found.place.file.endswith("scheme.yaml")}
    assert errors == {"rule_open", "missing_key", "missing_choice"}, issues


def test_the_command_prints_json_by_its_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path("book.xlsx"), CASES["everything on one sheet"]["sheets"])
    words = ["adopt", "book.xlsx", "--period", "2026-10", "--json"]
    done = CliRunner().invoke(command, words, env={"KPICALC_LANG": "ru"})
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    Draft202012Validator(schema_of("adopt")).validate(data)
    assert data["files"] == [str(Path("adopted/scheme.yaml")), str(Path("adopted/adopt.md"))]
    again = CliRunner().invoke(command, words, env={"KPICALC_LANG": "ru"})
    Draft202012Validator(schema_of("adopt")).validate(json.loads(again.stdout))
    assert data["people"][0]["figures"] == {"Продажи": {"plan": "500000", "actual": "400000"}}
    assert again.exit_code == 1, "what stands there is left alone"
    assert {one["code"] for one in json.loads(again.stdout)["issues"]} == {"adopt_exists"}


def test_whose_figures_wait_for_an_answer_is_named(tmp_path: Path) -> None:
    sheets = {"Лист1": [["ФИО", "Продажи план", "Продажи факт"], ["Анна Белова", 100, 90], ["Иван Котов", 100, "-"]]}
    found = taken({"sheets": sheets}, tmp_path)
    assert ([one.name for one in found.people], found.left) == (["Анна Белова"], ("Иван Котов",))
    assert "Иван Котов" in adopt_text(found, ["a", "b"], "c", "ru", 80)


def test_formulas_whose_amounts_no_program_has_stored_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["ФИО", "Оклад", "Продажи план", "Продажи факт", "Итого"], ["Анна Белова", 30000, 100, 90, "=B2+D2*5"]):
        sheet.append(row)
    book.save(tmp_path / "pay.xlsx")
    found = app.adopt(tmp_path / "pay.xlsx", "2026-10", tmp_path / "adopted", "Итого").adopted
    assert found is not None
    assert found.pay is not None
    # The salary, and 5 per piece sold.
    assert [one.what for one in found.pay.lines] == ["Оклад", "Итого, 1"], found.questions
    absent = app.adopt(tmp_path / "pay.xlsx", "2026-10", tmp_path / "other", "Всего").adopted
    assert absent is not None
    (asked,) = [one for one in absent.questions if "Всего" in one.about]
    assert f"? {asked.about[:20]}" in adopt_text(absent, ["a", "b"], "c", "ru", 80)


def test_the_page_names_the_cells(tmp_path: Path) -> None:
    taken(CASES["everything on one sheet"], tmp_path)
    page = (tmp_path / "adopted" / "adopt.md").read_text(encoding="utf-8")
    assert "ЗП Октябрь 2026!G3" in page
    assert re.search(r"Премия: ЗП Октябрь 2026!I3 \(выплата", page)


def test_what_an_old_sheet_pays_otherwise_is_json_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = cases("paid.yaml")["a number typed among formulas"]
    written(Path("book.xlsx"), {name: [flat(row) for row in rows] for name, rows in case["sheets"].items()})
    words = ["adopt", "book.xlsx", "--period", "2026-10", "--out", "new", "--paid", "Итого", "--json"]
    done = CliRunner().invoke(command, words, env={"KPICALC_LANG": "ru"})
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    Draft202012Validator(schema_of("adopt")).validate(data)
    assert [one["paid"] for one in data["people"]] == ["70000", "65000", "55000"]
    assert [(one["line"], one["old"], one["new"], one["class"]) for one in data["differences"]] == [
        ("Комиссия", "20000.00", "15000.00", "typed"),
        ("Итого", "65000.00", "60000.00", "typed"),
    ]


def test_all_or_nothing_is_written(tmp_path: Path) -> None:
    """Where the page cannot be put in place, the scheme is not there either."""
    workbook = written(tmp_path / "book.xlsx", CASES["usual sheets"]["sheets"])
    (tmp_path / "out" / "adopt.md").mkdir(parents=True)
    found = app.adopt(workbook, "2026-10", tmp_path / "out")
    assert found.outcome.errors
    assert found.adopted is None
    assert not (tmp_path / "out" / "scheme.yaml").exists()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_same_workbook_gives_the_same_bytes(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPICALC_LANG", language)
    workbook = written(tmp_path / "book.xlsx", CASES["everything on one sheet"]["sheets"])
    for name in ("one", "two"):
        app.adopt(workbook, "2026-10", tmp_path / name)
    for file in ("scheme.yaml", "adopt.md"):
        one, two = ((tmp_path / name / file).read_text(encoding="utf-8") for name in ("one", "two"))
        assert one == two.replace(str(tmp_path / "two"), str(tmp_path / "one"))


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        (PurePosixPath("октябрь.xlsx"), "октябрь.xlsx"),
        (PurePosixPath("Зарплата 2026.xlsx"), '"Зарплата 2026.xlsx"'),
        (PurePosixPath("цена $5.xlsx"), "'цена $5.xlsx'"),
        (PureWindowsPath("C:/Мои документы/pay.xlsx"), r'"C:\Мои документы\pay.xlsx"'),
    ],
)
def test_the_command_that_comes_next_may_be_typed_on_windows_too(path: PurePath, typed: str) -> None:
    assert as_typed(path) == typed


def test_init_proposes_a_command_that_may_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(command, ["init", "моя зарплата", "--template", "sales"]).output
    typed = 'kpicalc run "моя зарплата/2026-10.xlsx" --scheme "моя зарплата/scheme.yaml"'
    assert told.splitlines()[-1].endswith(typed.replace("/", os.sep))
