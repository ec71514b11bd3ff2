"""Merged cells, per cents and months of ods, xlsb and sheets of facts: seen as those of an xlsx workbook are."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from issues.setting import laid_out, run
from test_writers import FOLDER, SCHEME

from kpicalc import app
from kpicalc.intake.files.formats import formats_of
from kpicalc.intake.files.records_xlsb import in_long_form, records

_CELLS, _BLANK, _END = range(2, 12), 1, 130


def patched(name: str, part: str, folder: Path, change: Callable[[bytes], bytes]) -> Path:
    """Return a copy of a writer's file in which one part is changed."""
    path = folder / f"plan_2026-10{Path(name).suffix}"
    with zipfile.ZipFile(FOLDER / name) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, change(data) if entry.filename == part else data)
    return path


def merged_in_ods(data: bytes) -> bytes:
    """Merge C2:C3 of the first sheet, as LibreOffice writes it: a cell that spans, one that is covered."""
    cell = '<table:table-cell office:value-type="string"><text:p>Отдел продаж</text:p></table:table-cell>'
    before, between, after = data.decode().split(cell, 2)
    spanning = cell.replace("table-cell ", 'table-cell table:number-rows-spanned="2" ', 1)
    return f"{before}{spanning}{between}<table:covered-table-cell/>{after}".encode()


def merged_in_xlsb(data: bytes) -> bytes:
    """Merge C2:C3 of a sheet: the cell C3 is blank, and the ranges stand before the sheet's end."""
    data = in_long_form(data, "sheet1")
    written, row, end = bytearray(), -1, 0
    for kind, at, size in records(data, "sheet1"):
        whole = data[end : at + size]
        if kind == 0:
            row = int.from_bytes(data[at : at + 4], "little")
        if kind in _CELLS and row == 2 and int.from_bytes(data[at : at + 4], "little") == 2:
            whole = bytes([_BLANK, 8]) + data[at : at + 8]
        if kind == _END:
            # 177 begins them, 176 is one: rows 1 to 2, columns 2 to 2; 178 ends them.
            span = b"".join(number.to_bytes(4, "little") for number in (1, 2, 2, 2))
            written += b"\xb1\x01\x04" + (1).to_bytes(4, "little") + b"\xb0\x01\x10" + span + b"\xb2\x01\x00"
        written += whole
        end = at + size
    return bytes(written)


@pytest.mark.parametrize(
    ("name", "part", "change"),
    [
        ("pyexcel-ods3.ods", "content.xml", merged_in_ods),
        ("sheetjs.xlsb", "xl/worksheets/sheet1.bin", merged_in_xlsb),
    ],
)
def test_a_department_over_two_people(name: str, part: str, change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = patched(name, part, tmp_path, change)
    formats = formats_of(str(path))
    assert formats is not None
    assert [formats.merged(sheet) for sheet in ("Сотрудники", "Факт", "нет такого")] == [("C2:C3",), (), ()]
    scheme = tmp_path / "scheme.yaml"
    scheme.write_text(SCHEME.replace("TYPED", ", typed: share"), encoding="utf-8")
    told = [found for found in app.check(path, scheme, period="2026-10").issues if found.code == "merged_cells"]
    assert [(str(found.place.cell), found.fact("found")) for found in told] == [("C3", "C2:C3")]


def test_a_date_shown_as_a_month_in_xlsb(tmp_path: Path) -> None:
    """Its only dates are the days of hiring, H2:H4; in the copy their format is of a month."""
    path = patched(
        "sheetjs.xlsb", "xl/styles.bin", tmp_path,
        lambda data: data.replace("yyyy-mm-dd".encode("utf-16-le"), r"mmmm\ yyyy".encode("utf-16-le")),
    )  # fmt: skip
    assert [shown_as_months(file, "Сотрудники") for file in (FOLDER / "sheetjs.xlsb", path)] == [
        [],
        [(1, 7), (2, 7), (3, 7)],
    ]


def shown_as_months(path: Path, sheet: str) -> list[tuple[int, int]]:
    formats = formats_of(str(path))
    assert formats is not None
    return sorted(formats.months(sheet, range(20)))


def test_a_date_shown_as_a_month_in_ods(tmp_path: Path) -> None:
    """As LibreOffice writes them: the style of a column, a month, two sections, a day, a moment."""
    styles = """
    <number:date-style style:name="N1"><number:month number:textual="true"/><number:text>-</number:text><number:year/>
    </number:date-style><number:time-style style:name="N2"><number:hours/><number:minutes/></number:time-style>
    <number:date-style style:name="N3P0"><number:month/><number:year/></number:date-style>
    <number:text-style style:name="N3"><number:text-content/>
    <style:map style:condition="value()&lt;=1" style:apply-style-name="N3P0"/></number:text-style>"""
    own = """
    <number:date-style style:name="N4"><number:day/><number:month/><number:year/></number:date-style>
    <number:date-style style:name="N5"><number:month/><number:year/><number:hours/></number:date-style>"""
    own += "".join(f'<style:style style:name="ce{n}" style:data-style-name="N{n}"/>' for n in range(1, 6))
    date_of = '<table:table-cell{} office:value-type="date" office:date-value="2026-09-01"/>'
    cells = [date_of.format(f' table:style-name="ce{n}"' if n else "") for n in (0, 1, 3, 4, 5)]
    table = f"""<table:table table:name="Факт"><table:table-column table:number-columns-repeated="9"
    table:default-cell-style-name="ce1"/><table:table-row>{"".join(cells)}<table:table-cell/></table:table-row>
    </table:table>"""
    path = tmp_path / "months.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        for part, text in (("styles.xml", styles), ("content.xml", own + table)):
            names = " ".join(f'xmlns:{name}="{name}"' for name in ("office", "style", "number", "table"))
            archive.writestr(part, f"<office:document {names}>{text}</office:document>")
    assert shown_as_months(path, "Факт") == [(0, 0), (0, 1), (0, 2)]


FACTS = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals: {from: SOURCE, payee: Кто, date: Когда, columns: {amount: Сумма}}
kpis:
  sales: {title: Продажи, unit: руб, from: deals, sum: amount}
schemes:
  manager:
    for: {position: Менеджер}
    pay: [commission: {on: sales, rate: 10%}]
"""


@pytest.mark.parametrize("source", ["Сделки", "{file: deals.xlsx}"])
@pytest.mark.parametrize(("merged", "cell"), [("A2:A3", "A3"), ("B2:B3", "B3"), ("C2:C3", "C3")])
def test_merged_cells_of_facts_are_named(tmp_path: Path, source: str, merged: str, cell: str) -> None:
    rows = [["Кто", "Когда", "Сумма"], ["00042", date(2026, 10, 5), 1000], ["00042", date(2026, 10, 6), 7]]
    with laid_out({"scheme": FACTS.replace("SOURCE", source), "sheets": {"Факт": None}}, tmp_path) as setting:
        book = openpyxl.load_workbook(setting.workbook)
        own = book if source == "Сделки" else openpyxl.Workbook()
        sheet = own.create_sheet("Сделки", 0)
        for row in rows:
            sheet.append(row)
        sheet.merge_cells(merged)
        if source != "Сделки":
            del own["Sheet"]
        own.save(setting.workbook if source == "Сделки" else "deals.xlsx")
        outcome = run(setting)
    found = [(item.place.cell, item.fact("found")) for item in outcome.issues if item.code == "merged_cells"]
    assert found == [(cell, merged)]
    assert not outcome.files


@pytest.mark.parametrize("source", ["Сделки", "{file: deals.xlsx}"])
def test_a_hidden_column_of_facts_is_told(tmp_path: Path, source: str) -> None:
    rows = [["Кто", "Когда", "Сумма", "Заметки"], ["00042", date(2026, 10, 5), 1000, "х"]]
    case = {"scheme": FACTS.replace("SOURCE", source), "sheets": {"Факт": None}}
    if source == "Сделки":
        case["sheets"]["Сделки"] = {"rows": rows, "hidden_columns": ["C", "D"]}
    with laid_out(case, tmp_path, "ru") as setting:
        if source != "Сделки":
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            for letter in "CD":
                book.active.column_dimensions[letter].hidden = True
            book.save(setting.folder / "deals.xlsx")
        outcome = run(setting)
    # «Заметки» is not read, so nobody need know that it is hidden.
    told = [(found.place.cell, found.fact("found")) for found in outcome.issues if found.code == "hidden_columns"]
    assert told == [("C1", "Сумма (C)")]


@pytest.mark.parametrize("source", ["Сделки", "{file: deals.xlsx}"])
@pytest.mark.parametrize(("format_", "refused"), [("0%", ["A"]), ("0.00", [])])
def test_a_per_cent_in_a_column_of_roubles_of_facts(
    tmp_path: Path, source: str, format_: str, refused: list[str]
) -> None:
    rows = [["Кто", "Когда", "Сумма"], ["00042", date(2026, 10, 5), 1000], ["00042", date(2026, 10, 6), 0.2]]
    case = {"scheme": FACTS.replace("SOURCE", source), "sheets": {"Факт": None}}
    with laid_out(case, tmp_path) as setting:
        book = openpyxl.load_workbook(setting.workbook)
        own = book if source == "Сделки" else openpyxl.Workbook()
        sheet = own.create_sheet("Сделки", 0)
        for row in rows:
            sheet.append(row)
        sheet["C3"].number_format = format_
        if source != "Сделки":
            del own["Sheet"]
        own.save(setting.workbook if source == "Сделки" else "deals.xlsx")
        outcome = run(setting)
    found = [
        (item.code, item.place.cell, item.fact("found")) for item in outcome.issues if item.code == "cell_per_cent"
    ]
    assert found == ([("cell_per_cent", "C3", "20%")] if refused else [])
    assert bool(outcome.files) is not bool(refused)


@pytest.mark.parametrize(
    ("sheet", "cell", "told"),
    [
        ("Сотрудники", "E2", True),
        ("Факт", "B2", True),
        ("План", "B2", True),
        ("Корректировки", "B2", True),
        ("Сделки", "C2", True),
        # Hours are what a count of hours and the hours worked may hold.
        ("Факт", "C2", False),
        ("Сотрудники", "F2", False),
        ("Сделки", "D2", False),
    ],
)
def test_hours_are_no_money(tmp_path: Path, sheet: str, cell: str, told: bool) -> None:
    """A cell shown as `[h]:mm` holds hours, 24 to a day: 1 000 roubles of this format were 24 000."""
    sheets = {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад", "Отработано часов"],
                       ["00042", "Анна Белова", "Юг", "Менеджер", 50000, 7]],
        "План": [["Табельный номер", "Продажи"], ["00042", 1000]],
        "Факт": [["Табельный номер", "Продажи", "Часы"], ["00042", 1000, 7]],
        "Корректировки": [["Табельный номер", "Сумма", "Основание"], ["00042", 5, "за помощь"]],
        "Сделки": [["Кто", "Когда", "Сумма", "Время"], ["00042", date(2026, 10, 5), 1000, 7]],
    }  # fmt: skip
    scheme = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals: {from: Сделки, payee: Кто, date: Когда, columns: {amount: Сумма, hours: Время}}
kpis:
  sales: {title: Продажи, unit: руб}
  hours: {title: Часы, unit: ч}
  won: {title: Выиграно, unit: руб, from: deals, sum: amount}
  spent: {title: Потрачено, unit: ч, from: deals, sum: hours}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: salary}
      - commission: {on: sales, rate: 10%}
      - commission: {id: won, on: won, rate: 10%}
      - formula: {title: Часы, pays: hours + spent}
      - adjustments
"""
    with laid_out({"scheme": scheme, "sheets": sheets}, tmp_path) as setting:
        book = openpyxl.load_workbook(setting.workbook)
        book[sheet][cell].number_format = "[h]:mm"
        book.save(setting.workbook)
        outcome = run(setting)
    found = [(item.place.sheet, item.place.cell) for item in outcome.issues if item.code == "time_not_number"]
    assert found == ([(sheet, cell)] if told else [])
