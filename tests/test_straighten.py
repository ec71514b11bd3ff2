"""Workbooks that other programs write: the same cells in other forms of the file, made here part by part."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from kpicalc.intake.files.book import read_book

MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Ёлкин &amp; Ко</t></is></c><c r="B1"><v>100</v></c></row>'
EXPECTED = [["Ёлкин & Ко", 100.0]]


def links(**targets):
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{KIND}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{LINKS_NS}">{inside}</Relationships>'


def workbook(
    path, *, cells=CELLS, target="worksheets/sheet1.xml", part="xl/worksheets/sheet1.xml", main="xl/workbook.xml",
    encoding="UTF-8",
):  # fmt: skip
    folder, _, name = main.rpartition("/")
    divider = "\\" if "\\" in part else "/"
    prefix = f"{folder}{divider}" if folder else ""
    sheet = f'<worksheet xmlns="{MAIN_NS}"><sheetData>{cells}</sheetData></worksheet>'
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        f"_rels{divider}.rels": links(officeDocument=main),
        f"{prefix}_rels{divider}{name}.rels": links(worksheet=target),
        f"{prefix}{name}": f'<workbook xmlns="{MAIN_NS}" xmlns:r="{KIND[:-1]}"><sheets>'
        '<sheet name="Факт" sheetId="1" r:id="r1"/></sheets></workbook>',
        part: f'<?xml version="1.0" encoding="{encoding}"?>{sheet}'.encode(encoding),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in parts.items():
            archive.writestr(one, data)
    return path


def rows(path):
    book, issues = read_book(path)
    assert book is not None, issues
    return book.sheets[0].rows


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"target": "./worksheets/sheet1.xml"},
        {"target": "../xl/worksheets/sheet1.xml"},
        {"target": "/xl/worksheets/sheet1.xml"},
        {"target": "worksheets\\sheet1.xml"},
        {"target": "worksheets/sheet1.xml", "part": "xl\\worksheets\\sheet1.xml"},
        {"main": "xl/workbook2.xml"},
        {"main": "book/main.xml", "target": "first.xml", "part": "book/first.xml"},
        {"main": "workbook.xml", "target": "xl/worksheets/sheet1.xml"},
        {"encoding": "windows-1251"},
        {"encoding": "koi8-r", "target": "./worksheets/sheet1.xml"},
    ],
)
def test_parts_are_found_and_read_whatever_the_writer(tmp_path, form):
    assert rows(workbook(tmp_path / "a.xlsx", **form)) == EXPECTED


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1&#48;0", 100.0),
        ("1&#x30;0", 100.0),
        ("1<!-- one hundred -->00", 100.0),
        ("<?note?>100", 100.0),
        ("1<!-- > -->0&#48;", 100.0),
        ("100", 100.0),
    ],
)
def test_a_number_in_several_pieces_is_one_number(tmp_path, value, read):
    cells = CELLS.replace("<v>100</v>", f"<v>{value}</v>")
    assert rows(workbook(tmp_path / "a.xlsx", cells=cells)) == [["Ёлкин & Ко", read]]
    prefixed = cells.replace("<v>", "<v >")
    assert rows(workbook(tmp_path / "b.xlsx", cells=prefixed)) == [["Ёлкин & Ко", read]]


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        (CELLS.replace("</row>", '<c r="B1"><v>5</v></c></row>'), "B1"),
        (CELLS + '<row r="1"><c r="C1"><v>5</v></c></row>', ""),
        (CELLS + '<row r="2"><c r="A2"><v>5</v></c></row><row r="2"><c r="B2"><v>5</v></c></row>', ""),
        (CELLS + '<row r="2"><c r="B1"><v>5</v></c></row>', "B1"),
    ],
)
def test_what_stands_twice_is_refused(tmp_path, cells, cell):
    book, issues = read_book(workbook(tmp_path / "a.xlsx", cells=cells))
    assert book is None
    assert [(item.code, item.place.sheet, item.place.cell) for item in issues] == [("cell_twice", "Факт", cell)]


def test_a_document_of_another_program_is_no_workbook(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = b"<w:document/>"
    parts["_rels/.rels"] = links(officeDocument="word/document.xml").encode()
    del parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    _, issues = read_book(path)
    assert [item.code for item in issues] != []


def test_an_opendocument_sheet_with_line_breaks_between_cells(tmp_path):
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{two}:1.0"' for one, two in names.items())
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Факт">
  <table:table-row>
    <table:table-cell office:value-type="string"><text:p>Ёлкин &amp; Ко</text:p></table:table-cell>
    <table:table-cell office:value-type="float" office:value="100"><text:p>100</text:p></table:table-cell>
  </table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    path = Path(tmp_path / "a.ods")
    path.write_bytes(data.getvalue())
    assert rows(path) == EXPECTED


def test_elapsed_hours_are_hours_and_minutes_where_the_kpi_counts_minutes():
    from kpicalc.intake.sheets.cells import number_or_code

    assert number_or_code(timedelta(hours=120, minutes=30), ()) == pytest.approx(120.5)
    assert str(number_or_code(timedelta(days=5), ("ч",))) == "120"
    assert str(number_or_code(timedelta(hours=1, minutes=30), ("мин",))) == "90"
