"""Every way in which a file can be wrong is made here by hand, and has to be told apart from the others."""

# ruff: noqa: DTZ001 - a cell knows no time zone

import base64
import struct
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from kpicalc.app import check
from kpicalc.intake.files import book as files
from kpicalc.intake.files import parts
from kpicalc.intake.files.book import read_book
from kpicalc.intake.files.csv_rows import sniff_delimiter
from kpicalc.intake.files.faults_xlsx import BOX_LIMIT
from kpicalc.lang import LANGUAGES, issue_entries, message, remedy
from kpicalc.model.book import Sheet
from kpicalc.model.issue import Issue

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_PART = "xl/worksheets/sheet1.xml"


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def write_xlsx(path: Path, sheet: str | bytes, *, state: str = "", extra: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            f'<sheet name="Факт" sheetId="1" {state} r:id="rId1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(SHEET_PART, sheet)
        for name, data in (extra or {}).items():
            book.writestr(name, data)
    return path


def read_rows(path: Path, rows: str) -> Sheet:
    return read_sheet(write_xlsx(path / "book.xlsx", sheet_xml(rows)))


def read_sheet(path: Path) -> Sheet:
    book, issues = read_book(path)
    assert book is not None, issues
    return book.sheets[0]


def refusal(path: Path) -> Issue:
    book, issues = read_book(path)
    assert book is None
    (found,) = issues
    assert found.place.file.startswith(str(path))
    for language in LANGUAGES:
        assert "…" not in message(found, language) + remedy(found, language)
    return found


def code(path: Path) -> str:
    return refusal(path).code


# Good files


def test_a_workbook_of_all_types(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Факт"
    sheet["B2"] = "00042"
    sheet["C2"], sheet["D2"], sheet["E2"] = 5, 2.5, True
    sheet["F2"], sheet["G2"], sheet["H2"] = date(2026, 10, 1), datetime(2026, 10, 1, 9, 30), time(9, 30)
    sheet["I2"], sheet["J2"] = timedelta(hours=30), ""
    sheet["K2"] = "NA"
    book.save(path)

    found, issues = read_book(path)

    assert issues == []
    assert found is not None
    assert found.blanks_are_sure
    assert found.file == str(path)
    assert len(found.sha256) == 64
    row = found.sheets[0].rows[1]
    assert found.sheets[0].rows[0] == [None] * len(row)
    assert row[:5] == [None, "00042", 5.0, 2.5, True]
    assert type(row[2]) is float
    assert type(row[4]) is bool
    assert row[5:9] == [date(2026, 10, 1), datetime(2026, 10, 1, 9, 30), time(9, 30), timedelta(hours=30)]
    assert row[9:] == [None, "NA"]


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime("A1", datetime(2026, 10, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
    assert read_sheet(path).rows == [[date(2026, 10, 1)]]


def test_the_name_of_the_file_stays_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_xlsx(tmp_path / "book.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    monkeypatch.chdir(tmp_path)
    book, _ = read_book(Path("book.xlsx"))
    assert book is not None
    assert book.file == "book.xlsx"


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    one = write_xlsx(tmp_path / "1.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    two = write_xlsx(tmp_path / "2.xlsx", sheet_xml('<row r="1"><c r="A1"><v>2</v></c></row>'))
    same = tmp_path / "3.xlsx"
    same.write_bytes(one.read_bytes())
    hashes = [book.sha256 for path in (one, two, same) if (book := read_book(path)[0])]
    assert hashes[0] == hashes[2] != hashes[1]


@pytest.mark.parametrize("dimension", ["A1:B2", "D4", "A1:XFD1048576"])
def test_a_wrong_dimension_loses_nothing(tmp_path: Path, dimension: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="C3"><v>5</v></c></row>'
    path = write_xlsx(tmp_path / "book.xlsx", sheet_xml(rows, f'<dimension ref="{dimension}"/>'))
    assert read_sheet(path).rows == [[1.0, None, None], [None] * 3, [None, None, 5.0]]


def test_rows_and_cells_out_of_order(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="A3"><v>3</v></c></row><row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c></row>'
    assert read_rows(tmp_path, rows).rows == [[None, None], [1.0, 2.0], [3.0, None]]


def test_cells_and_rows_without_addresses(tmp_path: Path) -> None:
    rows = (
        '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row r="4"><c><f>1</f></c><c r="D4" t="e"><v>#REF!</v></c>'
    )
    rows += '<c><f>2</f></c></row><row hidden="true"><c><v>9</v></c></row>'
    sheet = read_rows(tmp_path, rows)
    assert sheet.faults == {(0, 1): "#N/A", (3, 0): "formula", (3, 3): "#REF!", (3, 4): "formula"}
    assert sheet.hidden_rows == {4}
    assert sheet.rows[0][0] == 1.0
    assert sheet.rows[4][0] == 9.0
    assert len(sheet.rows[3]) == 5


def test_prefixed_names(tmp_path: Path) -> None:
    xml = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        '<x:row r="1" hidden="1"><x:c r="A1"><x:v>1</x:v>'
        '</x:c><x:c r="B1" t="e"><x:v>#DIV/0!</x:v></x:c><x:c r="C1"><x:f>1+1</x:f></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    sheet = read_sheet(write_xlsx(tmp_path / "book.xlsx", xml))
    assert sheet.rows == [[1.0, None, None]]
    assert sheet.faults == {(0, 1): "#DIV/0!", (0, 2): "formula"}
    assert sheet.hidden_rows == {0}


@pytest.mark.parametrize(
    "cell", ['<x:c r="B1" t="e"><v>#N/A</v></x:c>', '<c r="B1"><x:f>1+1</x:f></c>', '<x:c r="B1"><f>1</f></x:c>']
)
def test_prefixes_here_and_there(tmp_path: Path, cell: str) -> None:
    xml = sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>').replace("xmlns=", f'xmlns:x="{MAIN}" xmlns=')
    assert list(read_sheet(write_xlsx(tmp_path / "book.xlsx", xml)).faults) == [(0, 1)]


# What looks blank and is not


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ("<c r='B2' t='e'><v>#N/A</v></c>", "#N/A"),
        ('<c r="B2" s="1" t = "e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="e"/>', "#ERROR!"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="B2"><f>1+1</f></c>', "formula"),
        ('<c r="B2"><f>1+1</f><v></v></c>', "formula"),
        ('<c r="B2"><f>1+1</f><v/></c>', "formula"),
        ('<c r="B2"><f>1+1</f>\n <v />\n</c>', "formula"),
        ('<c r="B2" t="str"><f>A1</f></c>', "formula"),
        ('<c r="B2"><f t="shared" si="0"/></c>', "formula"),
        ('<c r="B2"><f t="shared" si="0"/><v></v></c>', "formula"),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B2" t="str"><f>""</f><v/></c>', None),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', None),
        ('<c r="B2"><f t="shared" si="0"/><v>2</v></c>', None),
        ('<c r="B2"><v>2</v><f>1+1</f></c>', None),
        ('<c r="B2" s="4"/>', None),
        ('<c r="B2"/>', None),
    ],
)
def test_faults(tmp_path: Path, cell: str, what: str | None) -> None:
    others = '<c r="C2" t="str"><f>"e"</f><v>"e"</v></c><c r="D2"><f t="shared" ref="D2" si="0">1</f><v>7</v></c>'
    sheet = read_rows(tmp_path, f'<row r="2"><c r="A2"><v>1</v></c>{cell}{others}</row>')
    assert sheet.faults == ({(1, 1): what} if what else {})
    assert sheet.rows[1][0] == 1.0


def test_a_fault_at_the_edge_stands_in_the_rows(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="C3"><f>1</f><v></v></c></row>')
    assert sheet.rows[2][2] is None
    assert sheet.faults == {(2, 2): "formula"}


def test_openpyxl_stores_no_values(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = 1, "=A1*2"
    book.save(path)
    assert read_sheet(path).faults == {(0, 1): "formula"}


def test_a_fault_is_found_wherever_a_large_part_is_cut(tmp_path: Path) -> None:
    rows = [
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}"><f>A{row}*2</f><v>{row * 2}</v></c></row>'
        for row in range(1, 40_001)
    ]
    for row in (1, 20_000, 40_000):
        rows[row - 1] = f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}"><f>A{row}*2</f></c></row>'
    sheet = read_rows(tmp_path, "".join(rows))
    assert sorted(sheet.faults) == [(0, 1), (19_999, 1), (39_999, 1)]
    assert len(sheet.rows) == 40_000


def test_large_plain_sheets_take_the_fast_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Факт")
        text = book.add_format({"num_format": "@"})
        sheet.set_column("A:A", 12, text)
        sheet.autofilter("A1:AC20000")
        sheet.conditional_format("B2:B9", {"type": "cell", "criteria": ">", "value": 5, "format": text})
        for row in range(20_000):
            sheet.write_string(row, 0, f"{row:05d}", text)
            sheet.write_formula(row, 1, f"=ROW()*{row}", None, row)
            sheet.write_formula(row, 2, '=IF(1,"","x")', None, "x")
            sheet.write_number(row, 28, row)
        # What shows nothing until somebody changes something has no value, as in every payroll.
        sheet.write_formula(7, 30, '=IF(1,"","x")', None, "")

    def careful(*_: object) -> None:
        pytest.fail("the careful pass is for suspicious sheets only")

    monkeypatch.setattr("kpicalc.intake.files.guard.careful_faults", careful)
    with pytest.raises(pytest.fail.Exception):
        read_rows(tmp_path, '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>')
    found = read_sheet(path)
    assert len(found.rows) == 20_000
    assert found.faults == {(7, 30): "formula"}


def test_hidden_rows_and_sheets_are_mentioned(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{row}"{hide}><c r="A{row}"><v>{row}</v></c></row>'
        for row in range(1, 10)
        for hide in [' hidden="1"' if row in (3, 4, 5, 8) else ""]
    )
    path = write_xlsx(tmp_path / "book.xlsx", sheet_xml(rows), state='state="veryHidden"')
    book, issues = read_book(path)
    assert book is not None
    assert book.sheets[0].hidden
    assert book.sheets[0].hidden_rows == {2, 3, 4, 7}
    assert [found.code for found in issues] == ["hidden_sheet", "hidden_rows"]
    assert issues[1].fact("found") == "3–5, 8"
    assert issues[1].fact("count") == "4"
    assert str(issues[1].place) == f"{path} › Факт"
    assert {issue_entries()[found.code]["severity"] for found in issues} == {"notice"}


def test_a_hidden_column_is_not_a_hidden_row(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', '<cols><col min="1" max="1" hidden="1"/></cols>')
    assert read_book(write_xlsx(tmp_path / "book.xlsx", xml))[1] == []


def test_an_error_that_the_library_does_not_know_is_named(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row><row r="2"><c r="B2" t="e"><v>#SPILL!</v></c></row>'
    found = refusal(write_xlsx(tmp_path / "book.xlsx", sheet_xml(rows)))
    assert found.code == "cell_error_unknown"
    assert found.place.cell == "B2"
    assert found.fact("found") == "#SPILL!"
    assert found.fact("cells") == "B2"


# Not there, not a workbook


def test_missing(tmp_path: Path) -> None:
    assert code(tmp_path / "нет.xlsx") == "file_not_found"
    assert read_book(Path("bad\0name.xlsx"))[1][0].code in ("file_not_found", "file_not_readable")


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", sheet_xml(""))
    (tmp_path / "~$book.xlsx").write_bytes(b"lock")
    assert read_book(path)[0] is not None

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert code(path) == "file_locked"


def test_an_unreadable_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", sheet_xml(""))

    def fail(_: Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert refusal(path).fact("found") == "Input/output error"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"\0" * 512, "file_empty"),
        ("a.xls", "<html><table><tr><td>1</td></tr></table></html>".encode("cp1251"), "file_is_html"),
        ("a.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE HTML PUBLIC><body/>", "file_is_html"),
        ("a.xlsx", "Табельный номер;Факт\n1;2\n".encode("cp1251"), "file_is_text"),
        ("a.xlsx", "# схема\nkpicalc: 1\nkpis:\n".encode(), "file_is_scheme"),
        ("a.xls", "id\tfact\n".encode("utf-16"), "file_is_text"),
        ("a.csv", b"id;fact\n", "file_single_csv"),
        ("a.CSV", b"id;fact\n", "file_single_csv"),
        ("a.xlsx", b"%PDF-1.7", "file_not_a_workbook"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "file_not_a_workbook",
        ),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "file_not_a_workbook"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), "file_damaged"),
        ("a.xlsx", b"\x01\x02\x03\x04\x05", "file_damaged"),
        ("a.xlsx", b"PK\x03\x04 and no more", "file_damaged"),
    ],
)
def test_wrong_content(tmp_path: Path, name: str, data: bytes, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert code(path) == expected


def test_another_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("word/document.xml", "<document/>")
    assert code(path) == "file_not_a_workbook"


# Damaged and hostile


def test_every_truncation_is_an_issue(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        assert code(path) in ("file_damaged", "file_empty", "file_is_text")


def test_every_flipped_byte_is_an_issue_or_harmless(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", sheet_xml('<row r="1"><c r="A1"><v>12345</v></c></row>')).read_bytes()
    path = tmp_path / "bad.xlsx"
    for at in range(0, len(whole), 11):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        book, issues = read_book(path)
        assert book is None or book.sheets[0].rows == [[12345.0]]
        assert (book is None) == bool(issues)


def test_a_wrong_check_sum(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as book,
        zipfile.ZipFile(
            write_xlsx(tmp_path / "good.xlsx", sheet_xml('<row r="1"><c r="A1"><v>12345</v></c></row>'))
        ) as good,
    ):
        for name in good.namelist():
            book.writestr(name, good.read(name))
    path.write_bytes(path.read_bytes().replace(b"<v>12345</v>", b"<v>92345</v>"))
    found = refusal(path)
    assert found.code == "file_damaged"
    assert found.fact("found") == SHEET_PART


def test_broken_xml(tmp_path: Path) -> None:
    assert (
        code(write_xlsx(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1" t="e"><v>#N/A</c></row>')))
        == "file_damaged"
    )
    assert (
        code(write_xlsx(tmp_path / "b.xlsx", sheet_xml('<row r="1"><c r="A1" t="n"><v>abc</v></c></row>')))
        == "file_damaged"
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_listed_twice(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml(""), extra={SHEET_PART.upper(): b"<worksheet/>"})
    assert code(path) == "file_damaged"


def test_a_missing_sheet_part(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(write_xlsx(tmp_path / "b.xlsx", sheet_xml(""))) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            if name != SHEET_PART:
                bad.writestr(name, good.read(name))
    assert refusal(path).fact("found") == SHEET_PART


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = b" " * (60 << 20)
    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml(""), extra={"xl/media/image1.png": spaces})
    found = refusal(path)
    assert (found.code, found.fact("allowed")) == ("file_too_large", "1 : 300")
    path = write_xlsx(tmp_path / "b.xlsx", sheet_xml("<row/>" * (10 << 20)))
    assert code(path) == "file_too_large"
    rows = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' * 100_000)
    for limit in ("PART_LIMIT", "TOTAL_LIMIT"):
        with monkeypatch.context() as patch:
            patch.setattr(parts, limit, 3 << 20)
            assert code(write_xlsx(tmp_path / "c.xlsx", rows)) == "file_too_large"
    monkeypatch.setattr(files, "FILE_LIMIT", 100)
    assert code(tmp_path / "c.xlsx") == "file_too_large"


def test_a_header_that_lies_about_the_size(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' * 1000))
    data = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        size = struct.pack("<L", book.getinfo(SHEET_PART).file_size)
    path.write_bytes(data.replace(size, struct.pack("<L", 10)))
    assert code(path) == "file_damaged"


@pytest.mark.parametrize(
    "declaration", ["<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!DOCTYPE worksheet SYSTEM 'http://localhost/x'>"]
)
def test_dtd(tmp_path: Path, declaration: str) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace("?>", "?>" + declaration)
    assert code(write_xlsx(tmp_path / "a.xlsx", xml)) == "file_unsafe_xml"
    late = ("<?xml version='1.0'?>" + "<!-- x -->" * 300_000 + declaration + "<x/>").encode()
    assert code(write_xlsx(tmp_path / "b.xlsx", sheet_xml(""), extra={"docProps/core.xml": late})) == "file_unsafe_xml"


def test_utf_16_and_cdata_are_refused_because_the_library_reads_nothing_there(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace("UTF-8", "UTF-16")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert code(write_xlsx(tmp_path / "a.xlsx", xml.encode(encoding))) == "file_odd_xml"
    xml = sheet_xml('<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>')
    assert code(write_xlsx(tmp_path / "b.xlsx", xml)) == "file_odd_xml"
    texts = f'<?xml version="1.0"?><sst xmlns="{MAIN}"><si><t><![CDATA[x]]></t></si></sst>'.encode()
    xml = sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    path = write_xlsx(tmp_path / "c.xlsx", xml, extra={"xl/sharedStrings.xml": texts})
    assert read_sheet(path).rows == [["x"]]


@pytest.mark.parametrize(
    "part", ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"]
)
def test_a_part_in_an_encoding_that_nobody_knows_is_refused_in_words(tmp_path: Path, part: str) -> None:
    sound = write_xlsx(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(sound) as book, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as odd:
        parts = {name: book.read(name) for name in book.namelist()} | {"xl/styles.xml": b'<?xml version="1.0"?><x/>'}
        parts[part] = parts[part].replace(b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="UTF-9"?>')
        for name, content in parts.items():
            odd.writestr(name, content)
    assert code(tmp_path / "b.xlsx") in ("file_damaged", "file_odd_xml")


@pytest.mark.parametrize("cell", ["XFD1048576", "A99999999999", "AAAA9999999", "A" + "9" * 5000, "A0", "ZZ60000"])
def test_far_cells(tmp_path: Path, cell: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="{cell}"><v>1</v></c></row>'
    found = refusal(write_xlsx(tmp_path / "a.xlsx", sheet_xml(rows)))
    if len(cell) > 100 or cell == "A0":
        assert found.code == "file_damaged"
    else:
        assert found.code == "sheet_far_cell"
        assert found.place.sheet == "Факт"
        assert found.place.cell == cell


def test_far_formats_and_long_columns_are_harmless(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read_rows(tmp_path, rows).rows == [[1.0]]
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="300000"><c r="A300000"><v>2</v></c></row>'
    assert len(read_rows(tmp_path, rows).rows) == 300_000


def test_far_cells_hidden_from_the_fast_test(tmp_path: Path) -> None:
    spellings = (
        "<c s='0' r='XFD1048576'><v>1</v></c>",
        '<c\nr="XFD1048576"><v>1</v></c>',
        '<x:c r="XFD1048576"><v>1</v></x:c>',
    )
    for cell in spellings:
        path = write_xlsx(
            tmp_path / "a.xlsx",
            sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>').replace("xmlns=", 'xmlns:x="x" xmlns='),
        )
        assert code(path) == "sheet_far_cell"


def test_a_panic_of_the_library_is_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(*_: object) -> None:
        raise PanicException("index out of bounds")

    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    monkeypatch.setattr("python_calamine.load_workbook", panic)
    assert refusal(path).fact("found") == "index out of bounds"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("python_calamine.load_workbook", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read_book(path)


# OpenDocument

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS = (
    '<?xml version="1.0" encoding="UTF-8"?>{dtd}<office:document-content'
    + "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="Факт">{rows}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
FIVE = '<table:table-cell{} office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>'


def ods_row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def write_ods(path: Path, rows: str, *, dtd: str = "", manifest: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", ODS_TYPE)
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
            f"{manifest}</manifest:manifest>",
        )
        book.writestr("content.xml", ODS.format(rows=rows, dtd=dtd))
    return path


def test_ods(tmp_path: Path) -> None:
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""{}>'
        "<text:p>{}</text:p></table:table-cell>"
    )
    cell = "<table:table-cell{}>{}</table:table-cell>"
    rows = [
        ods_row(cell.format(' table:number-columns-repeated="16384"', ""), ' table:number-rows-repeated="2"'),
        ods_row(
            cell.format("", "") + FIVE.format(' table:number-columns-repeated="2"'), ' table:visibility="collapse"'
        ),
        ods_row(error.format(' calcext:value-type="error"', "#DIV/0!") + error.format("", "Err:502")),
        ods_row(
            cell.format(' table:formula="of:=1"', "")
            + cell.format(' table:formula="of:=&quot;&quot;"', "<text:p/>")
            + cell.format(
                ' office:value-type="string"',
                "<office:annotation><text:p>note</text:p></office:annotation><text:p>x</text:p>",
            )
            + cell.format(' office:value-type="time" office:time-value="PT160H30M00S"', "<text:p>160:30</text:p>")
            + cell.format("", "<office:annotation><text:p>only a note</text:p></office:annotation>"),
            ' table:number-rows-repeated="2"',
        ),
        ods_row(cell.format(' table:number-columns-repeated="16384"', ""), ' table:number-rows-repeated="1048000"'),
    ]
    book, issues = read_book(write_ods(tmp_path / "book.ods", "".join(rows)))
    assert book is not None
    assert book.blanks_are_sure
    sheet = book.sheets[0]
    assert sheet.rows[2] == [None, 5.0, 5.0, None]
    assert sheet.rows[5] == [None, None, "x", timedelta(hours=160, minutes=30)]
    assert sheet.faults == {(3, 0): "#DIV/0!", (3, 1): "Err:502", (4, 0): "formula", (5, 0): "formula"}
    assert [(found.code, found.fact("found")) for found in issues] == [("hidden_rows", "3")]


def test_ods_refusals(tmp_path: Path) -> None:
    path = tmp_path / "book.ods"
    assert code(write_ods(path, ods_row(FIVE.format("")), dtd="<!DOCTYPE x>")) == "file_unsafe_xml"
    assert code(write_ods(path, "", manifest="<manifest:encryption-data/>")) == "file_encrypted"
    assert code(write_ods(path, ods_row("<oops>"))) == "file_damaged"
    far = ods_row(FIVE.format(' table:number-columns-repeated="16384"'), ' table:number-rows-repeated="1048576"')
    assert code(write_ods(path, far)) == "sheet_far_cell"
    gap = ods_row("<table:table-cell/>", ' table:number-rows-repeated="1048575"')
    far = gap + ods_row('<table:table-cell table:number-columns-repeated="16383"/>' + FIVE.format(""))
    assert refusal(write_ods(path, far)).place.cell == "XFD1048576"


# The binary formats


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def wide(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def write_xlsb(path: Path, cells: list[tuple[int, list[bytes]]]) -> Path:
    sheet = record(129, b"") + record(148, struct.pack("<4L", 0, 9, 0, 9)) + record(145, b"")
    for row, content in cells:
        flags = 0x10 if row == 2 else 0
        sheet += record(0, struct.pack("<LLHBBBL", row, 0, 300, 0, flags, 0, 0)) + b"".join(content)
    sheet += record(146, b"") + record(130, b"")
    bundle = record(156, struct.pack("<LL", 0, 1) + wide("rId1") + wide("Факт"))
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr(
            "xl/workbook.bin", record(131, b"") + record(143, b"") + bundle + record(144, b"") + record(132, b"")
        )
        book.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
        book.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def xlsb_number(column: int, value: float) -> bytes:
    return record(5, struct.pack("<LLd", column, 0, value))


def test_xlsb(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsb"
    error = record(3, struct.pack("<LLB", 2, 0, 0x07))
    book, issues = read_book(write_xlsb(path, [(1, [xlsb_number(1, 2.5), error]), (2, [xlsb_number(0, 7)])]))
    assert book is not None, issues
    assert not book.blanks_are_sure
    assert book.sheets[0].rows == [[None] * 3, [None, 2.5, None], [7.0, None, None]]
    assert book.sheets[0].faults == {(1, 2): "#DIV/0!"}
    assert [(found.code, found.fact("found")) for found in issues] == [("hidden_rows", "3")]
    assert code(write_xlsb(path, [(0, [xlsb_number(0, 1)]), (1048575, [xlsb_number(16383, 1)])])) == "sheet_far_cell"
    assert code(write_xlsb(path, [(0, [xlsb_number(0, 1) + b"\x05\x7f"])])) == "file_damaged"


def test_cells_of_an_xlsb_that_do_not_name_their_column(tmp_path: Path) -> None:
    # BrtShortReal, BrtShortBlank, BrtShortReal, BrtShortError behind a cell that names column B.
    short = [record(16, struct.pack("<Ld", 0, 7.5)), record(12, bytes(4)), record(16, struct.pack("<Ld", 0, 9))]
    error = record(14, bytes(4) + b"\x2a")
    book, issues = read_book(write_xlsb(tmp_path / "short.xlsb", [(0, [xlsb_number(1, 2.5), *short, error])]))
    assert book is not None, issues
    assert book.sheets[0].rows[0][:5] == [None, 2.5, 7.5, None, 9]
    assert book.sheets[0].faults == {(0, 5): "#N/A"}
    assert code(write_xlsb(tmp_path / "cut.xlsb", [(0, [record(16, b"abc")])])) == "file_damaged"


# A small book saved by LibreOffice as Excel 97, deflated: B2 is the text 00042, C2 is 5, D2 is 2.5.
XLS = (
    "c-rk(Uu=_A6hHTC*L^Kx{Wh552D6eVgAG!|$c$hM1BC=L1NbLqiImzwrL0Yv341UW5g!aB8Xok4#E|U4#Kb=_(FZkbZ#+owg$Io$gD1&+_%s?r",
    "!ut6;=eu9`QMaTms8M^GbMM!4@44sR^Y5Pf&E<}n^PhBIr7C!o0#tUw6!Os&(DeRTM24o79mny=P80rBFsFOAVG#Cf0kX|owOzxyZ^C~Q_EH|d",
    "af;DS8be>C391L~g2(vRtA(dr<Gfm-DZg>~oWD7b2Y}V_&$*uCKLT6=Yy&O@wgaQ?6+j)pPT(@&a$uME1kv5V6<Sue?ip9%yBBz`rrn2rbu-8O",
    "V-PlB#ZU`<vGi*;x!C?HJmTZvwD`p};0P7iH-=KVbnNef?XriI;yp~kNw?xl(K%4t=_8?jDeYGAK0uOUgW98?Gm^6RGt#b>ww;*&bK&_;C>!C2",
    "-;0;OB|)I5RSi*!a+IZm$b(tT=%$MtU$4pxjt;d=MtIikjP?fGXp&>>iOg80n99va>`c;cPRtjlQ!%D9yU>5Fjc(LQr~e&&61rPR&;9OvyPCds",
    "5&FO)^mU8S!+)ZmH4s-Na=5oj0qHwRA?Z6yLFt#3TBToJYH<#T|DM81#h~l!`%WV?6@Jso1QP8(qiB|%=LBu<6)_>36ER1ySFrnW6D_ehgf1Wu",
    "Ogf>E@XaZeM4P1EpDj1#n@Ig8Qo8v&vi?mZevcd1MLZsV=s^dUgh`2@dr73tF5tX^yL4~xP2y%8>z0huhONDbEpv=^$Tlr3w|;2l?6rrx6E6t8",
    "H2?OX`&n-^piW?9I=D_a`lWqM=6W~LNuj+i?E@A59}{bQ-+h&DJF(XHeIA)3j9rna*MPJEwW2L_a{9nb!s``1jS-Vxkz<p3(~RnqwpVUeCHJan",
    "Sh7wK>$qtuN^?*e(_EgfkjYq1RPN6x%?9{Z{)wJqz1X{4o!F*UJTDrhfE|~)LAy`rVcS~ZzBec$e9Xi5`(s8YeHL<)Ceao-Bhe~eZ@wsCI0Ty?",
    "GW`oFuf~W}>W8uuh`2R~Wg4zuyF-unpm{QzF6NKrN5^A3kEb)a*dv?Q?@t}f<Z>A?{PyhV=-}<tKFU>c!%%iew7$T)G;`{`Uv3N^wmx{<r2aLZ",
    "e#^RkSJy^LYmaTaOV>#wS}%uny)>?Crjo9kPHT_2KIhgz%#$x<#tIY1bENAc9*^s_J*fUJZNB-&^@$&p|NBm#pDD(bOIOZq=&{begYysE_;3dY",
    "d=+g(*Lhw-uzY9Sqw7kBm>wV0<4Irb$-3HBC_IxX9?Ry(Zq*U%chiQA)P%nV?&SMV>|d1w7UE%_n9^zGSx7I^5ma2fk0W*OzZ2eKXg_i4cvo!+",
    "d2v1jxkpjq4r325H6%aadxO=&a}RKLCC?0_9?UdszX;^l`~K_EZ#Ah(X&=3e^B+ZB%C_GPFBlb@Fl8L|Y95rup-;<isYCxOffp<CcR)f~_K*<|",
    "tZzSq4V<5I(fiH!zrY`2kP_?",
)


def test_xls(tmp_path: Path) -> None:
    data = zlib.decompress(base64.b85decode("".join(XLS)))
    for name in ("book.xls", "wrongly_named.xlsx"):
        path = tmp_path / name
        path.write_bytes(data)
        book, issues = read_book(path)
        assert book is not None
        assert issues == []
        assert not book.blanks_are_sure
        assert book.sheets[0].rows == [[None] * 4, [None, "00042", 5.0, 2.5]]
        assert type(book.sheets[0].rows[1][2]) is float


# A folder of csv files

PEOPLE = "Табельный номер;ФИО;Оклад, руб\n00042;Иванов, Пётр;15000,50\n\n00043;;1 800,00\n"
ROWS = [
    ["Табельный номер", "ФИО", "Оклад, руб"],
    ["00042", "Иванов, Пётр", "15000,50"],
    [],
    ["00043", None, "1 800,00"],
]


def folder_of(path: Path, **texts: bytes) -> Path:
    path.mkdir(exist_ok=True)
    for name, data in texts.items():
        (path / f"{name}.csv").write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_encodings(tmp_path: Path, encoding: str, line_end: str) -> None:
    folder = folder_of(tmp_path / "книга", Сотрудники=PEOPLE.replace("\n", line_end).encode(encoding))
    (folder / ".~lock.Сотрудники.csv#").write_text("")
    (folder / "~$Факт.csv").write_text("")
    (folder / "readme.txt").write_text("")
    book, issues = read_book(folder)
    assert issues == []
    assert book is not None
    assert book.file == str(folder)
    assert book.blanks_are_sure
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [("Сотрудники", ROWS)]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("id;fact\n1;100,50\n2;200,50\n", ";"),
        ("id;fact, rub\n1;100,50\n", ";"),
        ("id,fact\n1,100.50\n", ","),
        ('id,name,fact\n1,"Smith; John",5\n', ","),
        ("id\tfact\n1\t100,5\n", "\t"),
        ("id\tname; rank\tfact\n1\tx\t100,5\n", "\t"),
        ("id\n1\n", ";"),
        ("", ";"),
    ],
)
def test_delimiters(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


def test_csv_details(tmp_path: Path) -> None:
    quoted = 'id;text\r\n1;"две\r\nстроки и ""кавычки"""\r\n2;ООО "Ромашка"\r\n'.encode()
    folder = folder_of(tmp_path / "a", b=quoted, a=b"sep=,\nid,fact\n1,=SUM(A1)\n", empty=b"")
    book, _ = read_book(folder)
    assert book is not None
    assert {sheet.name: sheet.rows for sheet in book.sheets} == {
        "a": [["id", "fact"], ["1", "=SUM(A1)"]],
        "b": [["id", "text"], ["1", 'две\r\nстроки и "кавычки"'], ["2", 'ООО "Ромашка"']],
        "empty": [],
    }


def test_csv_hash_follows_names_and_bytes(tmp_path: Path) -> None:
    def sha(name: str, **texts: bytes) -> str:
        book, _ = read_book(folder_of(tmp_path / name, **texts))
        assert book is not None
        return book.sha256

    first = sha("1", a=b"x;y\n", b=b"z;z\n")
    assert first == sha("2", b=b"z;z\n", a=b"x;y\n")
    assert len({first, sha("3", a=b"x;y\n", c=b"z;z\n"), sha("4", a=b"x;y\nz", b=b";z\n")}) == 3


def test_csv_refusals(tmp_path: Path) -> None:
    assert code(folder_of(tmp_path / "none")) == "folder_without_csv"
    found = refusal(folder_of(tmp_path / "quote", a=b'id;text\n1;x\n2;"open\n3;z\n'))
    assert found.code == "csv_broken"
    assert (found.place.line, found.place.column) == (3, 3)
    assert code(folder_of(tmp_path / "binary", a=b"id\0\0;")) == "csv_not_text"
    assert code(folder_of(tmp_path / "odd", a=b"\xff\xfea")) == "csv_not_text"
    book, issues = read_book(folder_of(tmp_path / "two", a=b"\0", b=b'"x" y;\n', c=b"fine;1\n"))
    assert book is None
    assert [found.code for found in issues] == ["csv_not_text", "csv_broken"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('id;text\n1;"open\n2;x\n3;"y"\n4;z\n', 2, 3),
        ('id;text\n1;"two\nlines";"open\n3;z\n', 3, 8),
        ('id;text\n1;"a ""b"" c";"open\n', 2, 15),
        ('id;text\n1;"ООО "Ромашка""\n', 2, 3),
        ('sep=;\nid;text\n1;5" pipe\n2;"open\n3;z', 4, 3),
    ],
)
def test_the_quote_that_is_never_closed_is_named(tmp_path: Path, text: str, line: int, column: int) -> None:
    found = refusal(folder_of(tmp_path, a=text.encode()))
    assert (found.code, found.place.line, found.place.column) == ("csv_broken", line, column)


def test_the_words_for_a_far_cell_state_the_limit() -> None:
    for language, mark in (("ru", " "), ("en", ",")):
        text = issue_entries()["sheet_far_cell"][language]["message"]
        assert f"{BOX_LIMIT:,}".replace(",", mark) in text


def test_a_locked_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path / "a", a=b"x;y\n")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = refusal(folder)
    assert found.code == "file_locked"
    assert found.place.file.endswith("a.csv")


def test_reading_needs_no_heavy_library() -> None:
    import subprocess

    heavy = "import sys, kpicalc.intake.files.book; print({'pandas', 'openpyxl', 'python_calamine'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_current_folder_has_no_name_and_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = check(Path(), Path("scheme.yaml"))
    assert {item.code for item in outcome.issues} >= {"folder_without_csv"}
