"""Workbooks as people keep them, one trap each and some together: what each person is paid, or what is refused.

Every case of `tests/workbooks/*.yaml` is a workbook in the form of `tests/issues/setting.py`. `pays` are totals by
name, worked out by hand beside the case; `rows` say what became of the rows of every sheet; `refused` are the codes of
its errors, `told` of its notices, `untold` of notices that it must not have.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from issues.setting import laid_out
from ruamel.yaml import YAML

from kpicalc import app
from kpicalc.cli.options import expanded
from kpicalc.lang import severity
from kpicalc.payroll.paid import paid_from
from kpicalc.payroll.sheets.run_sheet import rows_in_words

FOLDER = Path(__file__).parent / "workbooks"
CASES = {
    f"{path.stem}: {name}": case
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, case in YAML(typ="safe").load(path).items()
    if not name.startswith("_")
}
SCHEME = """\
kpicalc: 1
language: ru
rules: {{money: {{round: 0.01, ties: half_up}}, attainment: {{round: 0.0001, ties: half_up}}}}
kpis:
{kpis}
schemes:
  manager:
    title: Менеджер
{audience}
    pay:
{pay}
{workbook}
"""
KPIS = "  sales: {title: Продажи, unit: руб}"
PAY = "      - base_salary: {amount: salary}\n      - commission: {on: sales, rate: 5%}"
AUDIENCE = "    for: {position: Менеджер}"


def scheme_of(case: dict[str, Any]) -> str:
    workbook = case.get("workbook")
    text = f"workbook: {workbook}" if workbook else ""
    kpis, pay = case.get("kpis", KPIS), case.get("pay", PAY)
    return SCHEME.format(kpis=kpis, pay=pay, audience=case.get("for", AUDIENCE), workbook=text)


@pytest.mark.parametrize("name", CASES)
def test_a_workbook_as_people_keep_it(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    setting_case = {"scheme": scheme_of(case), "sheets": {"Факт": None, "Сотрудники": None} | case["sheets"]}
    setting_case |= {key: case[key] for key in ("name", "more", "files") if key in case}
    with laid_out(setting_case, tmp_path) as setting:
        books = [setting.workbook, *map(Path, case.get("more", {}))]
        outcome = app.check(books, setting.scheme, case.get("period", "2026-10"))
    errors = [found.code for found in outcome.issues if severity(found) == "error"]
    assert sorted(set(errors)) == sorted(case.get("refused", [])), outcome.issues
    for code in case.get("told", []):
        assert code in [found.code for found in outcome.issues], outcome.issues
    assert not {found.code for found in outcome.issues} & set(case.get("untold", []))
    if "rows" in case:
        assert outcome.payroll is not None
        counts = {count.title: rows_in_words(count, "en") for count in outcome.payroll.inputs.tables}
        assert counts == case["rows"]
    if "total" in case:
        assert outcome.payroll is not None
        assert outcome.payroll.total() == Decimal(str(case["total"]))
    if "pays" in case:
        assert outcome.payroll is not None
        paid = {person.name: person.total for person in paid_from(outcome.payroll).people}
        assert paid == {who: Decimal(str(amount)) for who, amount in case["pays"].items()}


def test_a_second_row_on_a_sheet_of_several_roles_is_told_once(tmp_path: Path) -> None:
    workbook = (
        "{match: name, sheets: {employees: ЗП, actuals: ЗП, plan: ЗП}, columns: {employees: {id: ФИО, name: ФИО}, "
        "actuals: {sales: Факт}, plan: {sales: План}}}"
    )
    rows = [["ФИО", "Подразделение", "Должность", "Оклад", "Факт", "План"]]
    rows += [[name, "Юг", "Менеджер", 50000, 400000, 400000] for name in ("Анна Белова", "Борис Юдин", "Борис Юдин")]
    sheets = {"Сотрудники": None, "Факт": None, "ЗП": rows}
    case = {"scheme": scheme_of({"workbook": workbook}), "sheets": sheets}
    with laid_out(case, tmp_path) as setting:
        outcome = app.check([setting.workbook], setting.scheme, "2026-10")
    errors = [(found.code, found.place.cell) for found in outcome.issues if severity(found) == "error"]
    assert errors == [("duplicate_payee", "A4")]


ANNA = ["00042", "Елкина-Белова Анна", "Юг", "Менеджер"]
BORIS = ["00043", "Юдин Борис", "Юг", "Менеджер"]
LIST = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        # 95 for 95 %: that it is no 9 500 % is not told besides.
        (
            {
                "kpis": "  sales: {title: Продажи, unit: '%'}",
                "sheets": {"Факт": [["Табельный номер", "Продажи"], ["00042", 95], ["00043", 80]]},
            },
            [("per_cent_open", "B2", "B3")],
        ),
        # A day that cannot be read is no first day of the month.
        (
            {
                "sheets": {
                    "Сотрудники": [[*LIST, "С", "По"], [*ANNA, None, "15.10.2026"], [*ANNA, "16.10.20 26", None]],
                    "Факт": [["Табельный номер", "Продажи"], ["00042", 100]],
                }
            },
            [("not_a_day", "E3", "")],
        ),
        # What tells two headings apart is no unit.
        (
            {
                "sheets": {
                    "Факт": {
                        "rows": [["Табельный номер", "Продажи", "Продажи, новый расчёт"], ["00042", 1, 2]],
                        "hidden_columns": ["B"],
                    }
                }
            },
            [("heading_twice_hidden", "C1", "")],
        ),
        ({"sheets": {"Факт": [["Табельный номер", "Продажи, шт"], ["00042", 1]]}}, [("heading_unit", "B1", "")]),
        # A position with a Latin p.
        (
            {"sheets": {"Сотрудники": [LIST, ANNA, [*BORIS[:3], "Менеджеp"]],
                        "Факт": [["Табельный номер", "Продажи"], ["00042", 1], ["00043", 1]]}},
            [("latin_letters", "D3", "")],
        ),
        # The surname alone, with a Latin E; so are initials and the other order of words.
        *(
            ({"workbook": "{match: name}", "sheets": {"Факт": [["Сотрудник", "Продажи"], [name, 1], ["Юдин", 1]]}},
             [("latin_letters", "A2", "")])
            for name in ("Eлкина-Белова", "Eлкина-Белова А.", "Анна Eлкина-Белова", "Eлкинa-Белова Анна")
        ),
    ],
)  # fmt: skip
def test_one_fault_is_told_once(case: dict[str, Any], told: list[tuple[str, str, str]], tmp_path: Path) -> None:
    sheets = {"Сотрудники": [LIST, ANNA, BORIS]} | case["sheets"]
    pay = "      - formula: {title: Премия, pays: 100 * sales}"
    with laid_out({"scheme": scheme_of({"pay": pay} | case), "sheets": sheets}, tmp_path) as setting:
        outcome = app.check([setting.workbook], setting.scheme, "2026-10")
    issues = [found for found in outcome.issues if severity(found) in ("error", "hold", "warning")]
    assert [(found.code, found.place.cell, found.fact("also")) for found in issues] == told


def test_a_pattern_means_files_where_the_shell_leaves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("team-1.xlsx", "team-2.xlsx", "~$team-2.xlsx", "plan[1].xlsx"):
        Path(name).touch()
    assert [path.name for path in expanded([Path("team-*.xlsx")])] == ["team-1.xlsx", "team-2.xlsx"]
    assert expanded([Path("plan[1].xlsx")]) == [Path("plan[1].xlsx")], "a file's name is itself"
    assert expanded([Path("none-*.xlsx")]) == [Path("none-*.xlsx")], "what is not there is told by its name"


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 30


def test_every_example_of_the_page_is_a_workbook_that_is_paid() -> None:
    """The page shows the part `workbook:` of cases that are paid above."""
    page = (Path(__file__).parents[1] / "docs" / "workbook.md").read_text(encoding="utf-8")
    shown = [
        YAML(typ="safe").load(text)["workbook"]
        for text in re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    ]
    paid = [YAML(typ="safe").load(case["workbook"]) for case in CASES.values() if "workbook" in case and "pays" in case]
    assert len(shown) > 10
    assert [example for example in shown if example not in paid] == []


def test_the_payroll_that_is_signed_has_no_column_of_numbers_where_nobody_has_one(tmp_path: Path) -> None:
    for name, hidden in (("layouts: names only", True), ("layouts: departments as groups of the employees", False)):
        case = CASES[name]
        setting_case = {"scheme": scheme_of(case), "sheets": {"Факт": None, "Сотрудники": None} | case["sheets"]}
        folder = tmp_path / str(hidden)
        folder.mkdir()
        with laid_out(setting_case, folder) as setting:
            out = folder / "payroll.xlsx"
            assert app.run(setting.workbook, setting.scheme, period="2026-10", out=out).payroll
        sheet = openpyxl.load_workbook(out)["Ведомость"]
        assert [sheet.cell(4, column).value for column in (1, 2, 3)] == ["№ п/п", "Табельный номер", "Сотрудник"]
        assert [sheet.column_dimensions[letter].hidden for letter in "ABC"] == [False, hidden, False]
        # What tells of the currency and of later changes is seen beside the hidden column.
        assert sheet["A3"].value == "Валюта: RUB"
        assert str(sheet["D3" if hidden else "C3"].value).startswith("=IF(AND(")
