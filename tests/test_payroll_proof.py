"""Nothing typed by hand reaches the bank: what can be changed in a payroll, and what finds it.

Every reader gives the same verdict: export, compare, reconcile and the history of the next month.
"""

import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from edited import edit, vouched
from exports.month import ACTUALS, SCHEME, pay
from recalculation import IN_LIBREOFFICE, recalculated_by_libreoffice

from kpicalc.app import Wanted, compare, export, reconcile
from kpicalc.lang import message
from kpicalc.model.issue import Issue
from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.months.taken import read_taken

# The month of exports/month.py: 00042 is paid 20 000 + 30 000 + 1 000.50, 00043 20 000 + 12 345.68 + 500.50, 00044
# 20 000. On the Payroll sheet F to K: salary, commission, cap, team bonus, adjustments, total.
PAYROLL, CALCULATION, FOR_1C, RUN = "Ведомость", "Расчёт", "Для 1С", "Протокол"


@pytest.fixture(name="payroll")
def payroll_fixture(tmp_path: Path) -> Path:
    return pay(tmp_path).files[0]


def heads(payroll: Path, sheet: str, row: int) -> dict[str, str]:
    page = openpyxl.load_workbook(payroll, data_only=True)[sheet]
    return {str(cell.value): cell.column_letter for cell in page[row] if cell.value is not None}


def found(payroll: Path) -> list[Issue]:
    """Return what is wrong with a payroll, after making sure that every command says the same and writes nothing."""
    _, issues = read_payroll(payroll)
    codes = [item.code for item in issues]
    before = sorted(payroll.parent.iterdir())
    assert [item.code for item in export(payroll, Wanted(("1c-csv",))).issues] == codes
    assert [item.code for item in compare(payroll, payroll).issues] == codes * 2
    assert [item.code for item in reconcile(payroll, payroll.parent / "no.xml")[0].issues][: len(codes)] == codes
    # The next month says the same, also where the manifest vouches for the file as it is now.
    assert [item.code for item in read_taken(payroll, ())[1]] == codes
    with vouched(payroll):
        assert [item.code for item in read_taken(payroll, ())[1]] == codes
    assert sorted(payroll.parent.iterdir()) == before
    return issues


def codes(payroll: Path) -> list[str]:
    return [item.code for item in found(payroll)]


def test_a_payroll_as_it_was_written(payroll: Path) -> None:
    month, issues = read_payroll(payroll)
    assert issues == []
    assert month
    assert {number: person.total.value for number, person in month.people.items()} == {
        "00042": Decimal("51000.5"), "00043": Decimal("32846.18"), "00044": Decimal(20000),
    }  # fmt: skip
    assert month.table.paid.total == Decimal("103846.68")


@pytest.mark.parametrize(
    ("sheet", "heading", "row", "code"),
    [
        (PAYROLL, "Комиссия", 5, "payroll_row_sum"),
        (PAYROLL, "Итого", 5, "payroll_row_sum"),
        (CALCULATION, "Комиссия", 5, "payroll_changed"),
        (CALCULATION, "Итого", 5, "payroll_changed"),
        (FOR_1C, "Комиссия", 2, "payroll_changed"),
        (FOR_1C, "Итого", 2, "payroll_changed"),
    ],
)
def test_one_amount_on_one_sheet(payroll: Path, sheet: str, heading: str, row: int, code: str) -> None:
    """A raise of 1 000 that the other sheets do not know, with the formula kept."""
    letter = heads(payroll, sheet, 1 if sheet == FOR_1C else 4)[heading]
    edit(payroll, sheet, {f"{letter}{row}": 61000.5})
    (item,) = found(payroll)
    assert item.code == code
    assert "00042 Иванова Анна Петровна" in message(item, "ru")


def test_an_amount_typed_over_a_formula(payroll: Path) -> None:
    """The same value typed as a number: nothing has changed yet, but it is no formula any more."""
    edit(payroll, PAYROLL, {"K6": 32846.18}, typed=True)
    (item,) = found(payroll)
    assert item.code == "payroll_typed"
    assert str(item.place).endswith(f"{PAYROLL}!K6")
    assert "00043" in message(item, "ru")


def test_50_000_typed_into_payroll_and_for_1c(payroll: Path) -> None:
    own, loaded = heads(payroll, PAYROLL, 4), heads(payroll, FOR_1C, 1)
    edit(payroll, PAYROLL, {f"{own['Оклад']}7": 70000, f"{own['Итого']}7": 70000}, typed=True)
    edit(payroll, FOR_1C, {f"{loaded['Оклад']}4": 70000, f"{loaded['Итого']}4": 70000})
    assert codes(payroll) == ["payroll_typed", "payroll_changed"]


def raised(payroll: Path, number: int = 50000) -> None:
    """Raise a salary on every sheet alike, sums and controls too, as somebody does who knows the workbook well."""
    own, worked, loaded = heads(payroll, PAYROLL, 4), heads(payroll, CALCULATION, 4), heads(payroll, FOR_1C, 1)
    salary, total = 20000 + number, 103846.68 + number
    edit(payroll, PAYROLL, {f"{own['Оклад']}7": salary, f"{own['Итого']}7": salary})
    page = openpyxl.load_workbook(payroll, data_only=True)[CALCULATION]
    (line,) = [cell.column_letter for cell in page[4] if cell.value == "Оклад" and cell.column_letter != "E"][-1:]
    edit(payroll, CALCULATION, {f"{line}7": salary, f"{worked['Итого']}7": salary})
    edit(payroll, FOR_1C, {f"{loaded['Оклад']}4": salary, f"{loaded['Итого']}4": salary})
    rows = {row[0].value: row[0].row for row in openpyxl.load_workbook(payroll)[RUN].iter_rows()}
    edit(payroll, RUN, {f"B{rows['Начислено всего']}": total})
    edit(payroll, RUN, {f"B{rows['Контроль: сумма по листу «Для 1С»']}": total})


def test_a_raise_on_all_sheets_alike(payroll: Path) -> None:
    raised(payroll)
    assert codes(payroll) == ["payroll_digest"]


def test_an_account_on_the_sheet_for_1c(payroll: Path) -> None:
    letter = heads(payroll, FOR_1C, 1)["Лицевой счёт"]
    edit(payroll, FOR_1C, {f"{letter}2": "40817810099910004312"})
    assert codes(payroll) == ["payroll_digest"]


def test_another_name_on_the_sheet_for_1c(payroll: Path) -> None:
    edit(payroll, FOR_1C, {"B2": "Иванов Пётр Ильич"})
    assert codes(payroll) == ["payroll_changed"]


def test_another_number(payroll: Path) -> None:
    edit(payroll, FOR_1C, {"A2": "00099"})
    assert codes(payroll) == ["payroll_person_missing"] * 2


def test_another_digest(payroll: Path) -> None:
    rows = {row[0].value: row[0].row for row in openpyxl.load_workbook(payroll)[RUN].iter_rows()}
    edit(payroll, RUN, {f"B{rows['Отпечаток ведомости']}": "0" * 64})
    assert codes(payroll) == ["payroll_digest"]


@pytest.mark.parametrize("caption", ["Начислено сотрудникам", "Начислено всего", "Контроль: сумма по листу «Для 1С»"])
def test_a_control_figure(payroll: Path, caption: str) -> None:
    rows = {row[0].value: row[0].row for row in openpyxl.load_workbook(payroll)[RUN].iter_rows()}
    edit(payroll, RUN, {f"B{rows[caption]}": 4})
    assert codes(payroll) == ["payroll_control"]


def test_rows_in_another_order_are_the_same_payroll(payroll: Path, tmp_path: Path) -> None:
    """Whoever sorts a sheet has changed nothing: the digest does not depend on the order of rows."""
    other = tmp_path / "sorted.xlsx"
    with zipfile.ZipFile(payroll) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = _swapped(text.decode(), 5, 6).encode()
            new.writestr(name, text)
    month, issues = read_payroll(other)
    assert issues == []
    assert month
    assert list(month.people) == ["00043", "00042", "00044"]
    assert [person.id for person in month.table.people] == ["00043", "00042", "00044"]


def _swapped(text: str, one: int, other: int) -> str:
    rows = {row: re.search(rf'<row r="{row}".*?</row>', text, re.DOTALL)[0] for row in (one, other)}  # type: ignore[index]
    moved = {
        row: re.sub(rf'r="([A-Z]*){was}"', rf'r="\g<1>{row}"', rows[was]) for row, was in ((one, other), (other, one))
    }
    return text.replace(rows[one] + rows[other], moved[one] + moved[other])


def test_where_everybody_is_held(tmp_path: Path) -> None:
    actuals = [ACTUALS[0], *([row[0], None] for row in ACTUALS[1:])]
    payroll = pay(tmp_path, sheets={"Факт": actuals, "Корректировки": None}, scheme=_without_team(SCHEME)).files[0]
    outcome = export(payroll, Wanted(("1c-csv",)))
    assert [item.code for item in outcome.issues] == ["everybody_held"]
    assert "ждут данных 3" in message(outcome.issues[0], "ru")


def _without_team(scheme: str) -> str:
    line = "      - team_bonus: {on: team_sales, levels: [{reach: norm, pays: 1000.5}]}\n"
    assert line in scheme
    return scheme.replace(line, "")


@IN_LIBREOFFICE
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_a_payroll_saved_in_another_format(payroll: Path, tmp_path: Path, ending: str) -> None:
    """LibreOffice saves it as something else: it is read all the same."""
    (saved,) = recalculated_by_libreoffice([payroll], tmp_path / "saved", ending)
    month, issues = read_payroll(saved)
    assert issues == []
    assert month
    assert month.table.paid.total == Decimal("103846.68")


@IN_LIBREOFFICE
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_an_edit_saved_in_another_format(payroll: Path, tmp_path: Path, ending: str) -> None:
    (letter,) = (heads(payroll, FOR_1C, 1)["Лицевой счёт"],)
    edit(payroll, FOR_1C, {f"{letter}2": "40817810099910004312"})
    (saved,) = recalculated_by_libreoffice([payroll], tmp_path / "saved", ending)
    assert codes(saved) == ["payroll_digest"]


@IN_LIBREOFFICE
def test_a_figure_typed_into_an_ods(payroll: Path, tmp_path: Path) -> None:
    edit(payroll, PAYROLL, {"K6": 32846.18}, typed=True)
    (saved,) = recalculated_by_libreoffice([payroll], tmp_path / "saved", "ods")
    assert codes(saved) == ["payroll_typed"]
