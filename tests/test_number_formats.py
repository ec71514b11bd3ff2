"""What formats of cells say of the numbers in them, in each kind of workbook: thousands, words, signs, months."""

import zipfile
from pathlib import Path

import pytest
from test_merged import patched, shown_as_months
from test_writers import FOLDER

from kpicalc.intake.files.formats import formats_of
from kpicalc.intake.files.number_formats import Look, look_of
from kpicalc.intake.sheets.names import times_in


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ('0" тыс."', Look(1, 0, "тыс.")),
        ("#,##0,", Look(1000, 0, "")),
        ('#,##0.0,," млн"', Look(1000000, 1, "млн")),
        (r"#,##0\ \т\ы\с\.", Look(1, 0, "тыс.")),
        ('"~"0,"K"', Look(1000, 0, "~K")),
        ("#,##0 [$тыс. руб.-419]", Look(1, 0, "тыс. руб.")),
        ('General" тыс."', Look(1, 0, "тыс.")),
        ('[>=1000000]0.0,," млн";0', Look(1000000, 1, "млн")),
        ('0;-0" тыс."', Look(1, 0, "тыс.")),
        ('0"%"', Look(1, 0, "%")),
        (r"0.0\%", Look(1, 1, "%")),
        # A blank typed between the thousands is a text of its own, and the digits go on behind it.
        (r"#\ ##0,", Look(1000, 0, "")),
        (r'#\ ##0.0," тыс."', Look(1000, 1, "тыс.")),
        (r'#\ ###\ ##0.0" тыс."', Look(1, 1, "тыс.")),
        # Nothing is added to a number, or it is no number that is shown.
        ("#,##0", None),
        ("#,##0.00", None),
        ("0.0%", None),
        ("0.00E+00", None),
        ('#,##0.00\\ "₽"', None),
        ("[$₽-419]#,##0", None),
        (r"#\ ##0.00", None),
        ('_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', None),
        ("#,##0_-;-#,##0_-", None),
        ("[Red]-#,##0", None),
        ("General", None),
        ("@", None),
        ("dd.mm.yyyy", None),
    ],
)
def test_what_a_format_adds(code: str, look: Look | None) -> None:
    assert look_of(code) == look


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("тыс.", 1000), ("тысяч рублей", 1000), ("т. р.", 1000), ("т.р.", 1000), ("k€", 1000), ("К", 1000),
        ("млн ₽", 1000000), ("million", 1000000), ("млрд", 1000000000),
        ("руб", 1), ("шт.", 1), ("кг", 1), ("т", 1), ("m", 1), ("%", 1), ("", 1), ("км", 1),
    ],
)  # fmt: skip
def test_what_a_unit_is_times(unit: str, times: int) -> None:
    assert times_in(unit) == times


THOUSANDS = {(row, 2): Look(1000, 1, "") for row in (1, 2, 3)}
"""The cells C2:C4 of the actuals, which the writers were told to show as 0.0%."""


@pytest.mark.parametrize(
    ("name", "part", "encoding"),
    [
        ("openpyxl.xlsx", "xl/styles.xml", "utf-8"),
        ("sheetjs.xlsb", "xl/styles.bin", "utf-16-le"),
        ("xlwt.xls", None, "ascii"),
    ],
)
def test_thousands_in_files_of_microsoft(name: str, part: str | None, encoding: str, tmp_path: Path) -> None:
    old, new = "0.0%".encode(encoding), "0.0,".encode(encoding)
    if part:
        path = patched(name, part, tmp_path, lambda data: data.replace(old, new))
    else:
        path = tmp_path / name
        path.write_bytes((FOLDER / name).read_bytes().replace(old, new))
    before, after = formats_of(str(FOLDER / name)), formats_of(str(path))
    assert before is not None
    assert after is not None
    assert before.looks("Факт", range(9)) == {}
    assert before.per_cents("Факт", range(9)) == THOUSANDS.keys()
    assert after.looks("Факт", range(9)) == THOUSANDS
    assert after.looks("Факт", [0, 1]) == {}
    assert after.per_cents("Факт", range(9)) == frozenset()


def test_thousands_in_ods(tmp_path: Path) -> None:
    """As LibreOffice writes them: divided, with a word, by one of two sections, a per cent, a sign, the usual one."""
    number = '<number:number number:decimal-places="{}"{}/>'
    divided = ' number:display-factor="1000"'
    styles = f"""
    <number:number-style style:name="N1">{number.format(0, divided)}</number:number-style>
    <number:number-style style:name="N2">{number.format(2, "")}<number:text> тыс.</number:text></number:number-style>
    <number:number-style style:name="N3P0">{number.format(1, divided)}<number:text>к</number:text></number:number-style>
    <number:number-style style:name="N3">{number.format(0, "")}
    <style:map style:condition="value()&gt;=1000" style:apply-style-name="N3P0"/></number:number-style>
    <number:percentage-style style:name="N4">{number.format(0, "")}<number:text>%</number:text>
    </number:percentage-style>
    <number:number-style style:name="N5">{number.format(0, "")}<number:text>%</number:text></number:number-style>
    <number:currency-style style:name="N6">{number.format(2, "")}<number:currency-symbol>₽</number:currency-symbol>
    </number:currency-style>"""
    styles += "".join(f'<style:style style:name="ce{n}" style:data-style-name="N{n}"/>' for n in range(1, 7))
    cell = '<table:table-cell{} office:value-type="float" office:value="1500"/>'
    cells = [cell.format(f' table:style-name="ce{n}"' if n else "") for n in (0, 1, 2, 3, 4, 5, 6)]
    body = f"""<office:body><office:spreadsheet><table:table table:name="Факт">
    <table:table-column table:number-columns-repeated="9" table:default-cell-style-name="ce2"/>
    <table:table-row>{"".join(cells)}</table:table-row></table:table></office:spreadsheet></office:body>"""
    path = tmp_path / "thousands.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        names = " ".join(f'xmlns:{name}="{name}"' for name in ("office", "style", "number", "table"))
        content = f"<office:document-content {names}>{styles}{body}</office:document-content>"
        archive.writestr("content.xml", content)
    formats = formats_of(str(path))
    assert formats is not None
    assert formats.looks("Факт", range(9)) == {
        (0, 0): Look(1, 2, "тыс."),
        (0, 1): Look(1000, 0, ""),
        (0, 2): Look(1, 2, "тыс."),
        (0, 3): Look(1000, 1, "к"),
        (0, 5): Look(1, 0, "%"),
    }
    assert formats.per_cents("Факт", range(9)) == {(0, 4)}


def test_a_date_shown_as_a_month_in_xls(tmp_path: Path) -> None:
    """Its only dates are the days of hiring, H2:H4; in the copy their format is of a month."""
    path = tmp_path / "months.xls"
    path.write_bytes((FOLDER / "xlwt.xls").read_bytes().replace(b"dd.mm.yyyy", rb"mmmm\ yyyy"))
    assert shown_as_months(FOLDER / "xlwt.xls", "Сотрудники") == []
    assert shown_as_months(path, "Сотрудники") == [(1, 7), (2, 7), (3, 7)]


@pytest.mark.parametrize("kind", [b"", b"\x00\x06\x10\x00"], ids=["the workbook", "its sheets"])
def test_formats_of_a_broken_xls_are_unknown(kind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.xls"
    # The record with which the workbook and each sheet begin; behind it stands which of them.
    begin = (b"\x09\x08\x10\x00" + kind, b"\x00\x00\x10\x00" + kind)
    path.write_bytes((FOLDER / "xlwt.xls").read_bytes().replace(*begin))
    formats = formats_of(str(path))
    assert formats is not None
    assert not formats.looks("Факт", [2])
    assert not formats.hidden_columns("Факт")
    assert formats.merged("Факт") == ()


def test_formats_of_broken_styles_are_unknown_in_ods(tmp_path: Path) -> None:
    path, whole = tmp_path / "odd.ods", FOLDER / "libreoffice.ods"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as odd:
        for name in archive.namelist():
            odd.writestr(name, b"<office:document-styles>" if name == "styles.xml" else archive.read(name))
    before, formats = formats_of(str(whole)), formats_of(str(path))
    assert before is not None
    assert formats is not None
    assert formats.looks("Факт", range(9)) == {}
    assert formats.per_cents("Факт", range(9)) == before.per_cents("Факт", range(9))
