"""What is done to a case's files that its tables and its scheme cannot say: one function per `file:` of a case."""

import errno
import os
import re
import struct
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from issues.setting import SHEETS, Setting, write_workbook

from kpicalc import app
from kpicalc.app import Wanted

SHEET = "xl/worksheets/sheet2.xml"


def _patched(workbook: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Rewrite the parts of a zipped workbook; None leaves a part out."""
    with zipfile.ZipFile(workbook) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            if (changed := change(name, data)) is not None:
                book.writestr(name, changed)


def _in_sheet(workbook: Path, old: bytes, new: bytes) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != SHEET:
            return data
        assert old in data
        return data.replace(old, new, 1)

    _patched(workbook, change)


def _failing(setting: Setting, method: str, file: Path, error: OSError) -> None:
    """Let a method of Path fail for one file, as the system would."""
    honest = getattr(Path, method)

    def fail(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == file:
            raise error
        return honest(path, *arguments, **options)

    setting.patch.setattr(Path, method, fail)


# The workbook


def missing(setting: Setting) -> None:
    setting.workbook.unlink()


def locked(setting: Setting) -> None:
    _failing(setting, "read_bytes", setting.workbook, PermissionError(errno.EACCES, "Permission denied"))


def unreadable_drive(setting: Setting) -> None:
    _failing(setting, "read_bytes", setting.workbook, OSError(errno.EIO, "Input/output error"))


def empty(setting: Setting) -> None:
    setting.workbook.write_bytes(b"")


def csv_file(setting: Setting) -> None:
    setting.workbook.write_text("Табельный номер;Продажи\n00042;100000\n", encoding="utf-8")


def folder(setting: Setting) -> None:
    setting.workbook = Path("plan_2026-10")
    setting.workbook.mkdir()
    (setting.workbook / "notes.txt").write_text("...", encoding="utf-8")


def pdf(setting: Setting) -> None:
    setting.workbook.write_bytes(b"%PDF-1.7")


def html(setting: Setting) -> None:
    setting.workbook.write_text("<html><table><tr><td>00042</td></tr></table></html>", encoding="utf-8")


def workbook_of_yaml(setting: Setting) -> None:
    setting.workbook.write_bytes(setting.scheme.read_bytes())


def encrypted(setting: Setting) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    setting.workbook.write_bytes(head + "EncryptedPackage".encode("utf-16-le"))


def truncated_zip(setting: Setting) -> None:
    whole = setting.workbook.read_bytes()
    setting.workbook.write_bytes(whole[: len(whole) // 2])


def zip_bomb(setting: Setting) -> None:
    with zipfile.ZipFile(setting.workbook, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", b" " * (60 << 20))


def dtd(setting: Setting) -> None:
    _in_sheet(setting.workbook, b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet")


def cdata(setting: Setting) -> None:
    _in_sheet(setting.workbook, b"<v>100000</v>", b"<v><![CDATA[100000]]></v>")


def cell_twice(setting: Setting) -> None:
    _in_sheet(setting.workbook, b"<v>100000</v></c>", b'<v>100000</v></c><c r="B2"><v>100</v></c>')


def far_cell(setting: Setting) -> None:
    _in_sheet(setting.workbook, b"</row></sheetData>", b'<c r="XFD1048576"><v>1</v></c></row></sheetData>')


def spill(setting: Setting) -> None:
    # A kind of error younger than the reading library.
    def change(name: str, data: bytes) -> bytes:
        return re.sub(rb'<c r="B2"[^>]*><v>[^<]*</v></c>', b'<c r="B2" t="e"><v>#SPILL!</v></c>', data) if (
            name == SHEET
        ) else data  # fmt: skip

    _patched(setting.workbook, change)


def csv_folder(setting: Setting, **changed: bytes) -> None:
    """Every good sheet as a csv file of a folder."""
    setting.workbook.unlink()
    setting.workbook = Path("csv_2026-10")
    setting.workbook.mkdir()
    for name, rows in SHEETS.items():
        lines = "".join(";".join(str(cell) for cell in row) + "\n" for row in rows)
        (setting.workbook / f"{name}.csv").write_bytes(changed.get(name, lines.encode()))


def csv_of_bytes(setting: Setting) -> None:
    csv_folder(setting, Факт=b"\x00\x01\x02\x98")


def csv_wide(setting: Setting) -> None:
    csv_folder(setting, Факт="Табельный номер,Продажи\n00042,100,000\n".encode())


def csv_open_quote(setting: Setting) -> None:
    csv_folder(setting, Факт='Табельный номер;Продажи\n00042;"100000\n00043;5000\n'.encode())


def xlsb(setting: Setting) -> None:
    """The sheets of the case as a binary workbook, in which a formula without a value looks blank."""

    def record(kind: int, content: bytes) -> bytes:
        head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size = len(content)
        return head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + content

    def wide(words: str) -> bytes:
        return struct.pack("<L", len(words)) + words.encode("utf-16-le")

    def cell(column: int, value: Any) -> bytes:
        at = struct.pack("<LL", column, 0)
        return record(6, at + wide(value)) if isinstance(value, str) else record(5, at + struct.pack("<d", value))

    setting.workbook = setting.workbook.with_suffix(".xlsb")
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    bundle, links = b"", ""
    with zipfile.ZipFile(setting.workbook, "w") as book:
        for number, (name, rows) in enumerate((SHEETS | setting.case.get("sheets", {})).items(), 1):
            content = record(129, b"") + record(148, struct.pack("<4L", 0, len(rows) - 1, 0, 9)) + record(145, b"")
            for at, row in enumerate(rows):
                content += record(0, struct.pack("<LLHBBBL", at, 0, 300, 0, 0, 0, 0))
                content += b"".join(cell(column, value) for column, value in enumerate(row) if value is not None)
            book.writestr(f"xl/worksheets/sheet{number}.bin", content + record(146, b"") + record(130, b""))
            bundle += record(156, struct.pack("<LL", 0, number) + wide(f"rId{number}") + wide(name))
            links += f'<Relationship Id="rId{number}" Type="{kind}" Target="worksheets/sheet{number}.bin"/>'
        book.writestr("[Content_Types].xml", "<Types/>")
        whole = record(131, b"") + record(143, b"") + bundle + record(144, b"") + record(132, b"")
        book.writestr("xl/workbook.bin", whole)
        book.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{package}">{links}</Relationships>')


# The scheme file


def no_scheme(setting: Setting) -> None:
    setting.scheme.unlink()


def scheme_folder(setting: Setting) -> None:
    setting.scheme.unlink()
    setting.scheme = Path("schemes")
    setting.scheme.mkdir()


def locked_scheme(setting: Setting) -> None:
    _failing(setting, "read_bytes", setting.scheme, PermissionError(errno.EACCES, "Permission denied"))


def scheme_of_bytes(setting: Setting) -> None:
    setting.scheme.write_bytes(setting.workbook.read_bytes())


def scheme_cp1251(setting: Setting) -> None:
    setting.scheme.write_bytes(setting.text().encode("cp1251"))


# The output


def output_locked(setting: Setting) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(source), None, str(target))

    setting.patch.setattr(Path, "replace", refuse)


def output_folder(setting: Setting) -> None:
    setting.out = Path("another")
    (setting.out / "payroll-2026-10.xlsx").mkdir(parents=True)
    (setting.out / "payroll-2026-10.xlsx" / "notes.txt").write_text("...", encoding="utf-8")


def output_protected(setting: Setting) -> None:
    (setting.out / "payroll-2026-10.xlsx").chmod(0o444)


def output_no_entry(setting: Setting) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    setting.out = Path("closed")
    setting.patch.setattr(Path, "mkdir", refuse)


def _failing_disk(setting: Setting, number: int, words: str) -> None:
    def fail(_: int) -> None:
        raise OSError(number, words)

    setting.patch.setattr(os, "fsync", fail)


def disk_full(setting: Setting) -> None:
    _failing_disk(setting, errno.ENOSPC, "No space left on device")


def output_drive(setting: Setting) -> None:
    _failing_disk(setting, errno.EIO, "Input/output error")


def without_sepa(setting: Setting) -> None:
    setting.patch.setattr("kpicalc.exchange.targets.sepa.find_spec", lambda _: None)


def locked_organisation(setting: Setting) -> None:
    _failing(setting, "read_bytes", Path("organisation.yaml"), PermissionError(errno.EACCES, "Permission denied"))
    setting.wanted = Wanted(("1c-csv",), Path("organisation.yaml"))


def no_organisation(setting: Setting) -> None:
    setting.wanted = Wanted(("1c-csv",), Path("реквизиты.yaml"))


def no_driver(setting: Setting) -> None:
    """Take the driver of PostgreSQL away."""
    setting.patch.setitem(sys.modules, "psycopg", None)


def facts_on_two_sheets(setting: Setting) -> None:
    del setting
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Архив")):
        sheet.append(["Менеджер", "Оплачено", "Сумма", "Затраты"])
    book.save("deals.xlsx")


def parquet(setting: Setting) -> None:
    """Put a table of deals whose amounts are days beside the workbook."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    day = pa.array([date(2026, 10, 1)])
    table = pa.table({"Менеджер": ["00042"], "Оплачено": day, "Сумма": day, "Затраты": [1]})
    pq.write_table(table, setting.folder / "deals.parquet")


def parquet_with_zone(setting: Setting) -> None:
    """Put a table of deals whose times carry a zone beside the workbook."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paid = pa.array([datetime(2026, 10, 31, 21, 30)], pa.timestamp("us", "UTC"))  # noqa: DTZ001 - the zone is arrow's
    table = pa.table({"Менеджер": ["00042"], "Оплачено": paid, "Сумма": [3], "Затраты": [1]})
    pq.write_table(table, setting.folder / "deals.parquet")


# -- payrolls of earlier months -------------------------------------------------------------------------------------

PAYROLL = Path("payrolls/payroll-2026-09.xlsx")
PAYROLL_PART, RUN_PART = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet6.xml"


def _in_payroll(part: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> None:
    _patched_at(PAYROLL, part, pattern, new)


def _patched_at(path: Path, part: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        text, count = re.subn(pattern, new, data.decode(), count=1, flags=re.DOTALL)
        assert count == 1, pattern
        return text.encode()

    _patched(path, change)


def payroll_is_a_workbook(setting: Setting) -> None:
    PAYROLL.write_bytes(setting.workbook.read_bytes())


def payroll_renamed(setting: Setting) -> None:
    del setting
    PAYROLL.rename("payrolls/payroll-2026-08.xlsx")


def payroll_difference(setting: Setting) -> None:
    """The difference is a rounded one: B13 shows 500."""
    del setting
    _in_payroll(RUN_PART, r"(<f>ROUND\(B\d+-B\d+,2\)</f><v>)0(?:\.0)?(</v>)", r"\g<1>500\2")


def payroll_total(setting: Setting) -> None:
    del setting
    _in_payroll(PAYROLL_PART, r'(<c r="G5"[^>]*>)<f>.*?</f><v>10000(?:\.0+)?</v>', r"\g<1><v>12000</v>")


def payroll_text(setting: Setting) -> None:
    del setting
    _in_payroll(PAYROLL_PART, r'<c r="F5"( s="\d+")>.*?</c>', r'<c r="F5"\1 t="inlineStr"><is><t>уточнить</t></is></c>')


def payroll_without_values(setting: Setting) -> None:
    del setting
    book = openpyxl.load_workbook(PAYROLL)
    book.save(PAYROLL)


def payroll_row_twice(setting: Setting) -> None:
    del setting
    _in_payroll(PAYROLL_PART, r'(<row r="5".*?</row>)<row r="6".*?</row>', _twice)


def _twice(found: re.Match[str]) -> str:
    return found[1] + re.sub(r'r="([A-Z]*)5"', r'r="\g<1>6"', found[1])


def payroll_row_deleted(setting: Setting) -> None:
    del setting
    _in_payroll(PAYROLL_PART, r'<row r="5".*?</row>', "")


def payroll_sheet_renamed(setting: Setting) -> None:
    own, other = ("Ведомость", "Октябрь") if setting.language == "ru" else ("Payroll", "October")
    _in_payroll("xl/workbook.xml", f'name="{own}"', f'name="{other}"')


def payroll_loaded(setting: Setting) -> None:
    """Raise the amount and the total on the For 1C sheet."""
    del setting
    _in_payroll("xl/worksheets/sheet5.xml", r'(<c r="F2".*?<v>)10000(.*?<c r="G2".*?<v>)10000', r"\g<1>11000\g<2>11000")


def payroll_people(setting: Setting) -> None:
    """Say on the Run sheet that two people were paid."""
    del setting
    _in_payroll(RUN_PART, r'(<c r="B10"[^>]*><v>)1(</v>)', r"\g<1>2\2")


def payroll_position(setting: Setting) -> None:
    """Change the department on the Payroll, Calculation and For 1C sheets alike, values and formulas kept."""
    del setting
    _in_payroll(PAYROLL_PART, r'(<c r="D5".*?<v>)Юг', r"\1Север")
    _in_payroll("xl/worksheets/sheet2.xml", r'(<c r="C5".*?<t[^>]*>)Юг', r"\1Север")
    _in_payroll("xl/worksheets/sheet5.xml", r'(<c r="C2".*?<t[^>]*>)Юг', r"\1Север")


def payroll_result(setting: Setting) -> None:
    """Type another actual over the one on the Calculation sheet of last month's payroll."""
    del setting
    _in_payroll("xl/worksheets/sheet2.xml", r'(<c r="E5".*?<v>)[^<]*', r"\g<1>50000")


def payroll_copied_as_ods(setting: Setting) -> None:
    del setting
    PAYROLL.with_suffix(".ods").write_bytes(PAYROLL.read_bytes())


def payroll_of_an_earlier_version(setting: Setting) -> None:
    del setting
    _in_payroll(RUN_PART, r'<row r="15".*?</row><row r="16".*?</row>', "")
    _in_payroll("xl/sharedStrings.xml", r"kpicalc \d[\d.]*", "kpicalc 0.2.0")


def payroll_mark_cleared(setting: Setting) -> None:
    """Clear the marks of the results, as if an earlier version had written last month's payroll."""
    del setting
    _in_payroll(RUN_PART, r'<row r="16".*?</row>', "")


def payroll_without_its_manifest(setting: Setting) -> None:
    """Put the manifest of another payroll beside last month's."""
    del setting
    manifest = PAYROLL.with_name("payroll-2026-09.manifest.json")
    manifest.write_text(
        re.sub('"digest": "[0-9a-f]{64}"', f'"digest": "{"0" * 64}"', manifest.read_text("utf-8")), "utf-8"
    )


# -- a payroll that stands there already ----------------------------------------------------------------------------


def _paid_before(setting: Setting, *, sales: float = 90000, account: str = "", period: str | None = None) -> None:
    """Pay the month before, with other sales or another account, into the same place."""
    sheets = SHEETS | setting.case.get("sheets", {})
    rows = [list(row) for row in sheets["Сотрудники"]]
    if account:
        rows[1][4] = account
    other = setting.folder / (f"plan_{period}.xlsx" if period else setting.workbook.name.replace("plan", "old"))
    actuals = [["Табельный номер", "Продажи"], ["00042", sales]]
    write_workbook(other, sheets | {"Сотрудники": rows, "Факт": actuals})
    out = Path("out/payroll-2026-10.xlsx")
    written = out.with_name(f"payroll-{period}.xlsx") if period else out
    found = app.run(other, setting.scheme, out=written, wanted=setting.wanted)
    assert found.files, found.issues
    written.replace(out)
    other.unlink()


def paid_otherwise_before(setting: Setting) -> None:
    _paid_before(setting)


def paid_to_another_account_before(setting: Setting) -> None:
    _paid_before(setting, sales=100000, account="40817810300000000003")


def another_month_before(setting: Setting) -> None:
    _paid_before(setting, period="2026-09")


def paid_and_edited_before(setting: Setting) -> None:
    _paid_before(setting)
    out = Path("out/payroll-2026-10.xlsx")
    _patched_at(out, PAYROLL_PART, r'(<c r="G5"[^>]*>)<f>.*?</f><v>9000(?:\.0+)?</v>', r"\g<1><v>12000</v>")


def files_of_before(setting: Setting) -> None:
    """Write accruals for 1C with the old payroll; this run writes none."""
    setting.wanted = Wanted(("1c-csv",))
    _paid_before(setting)
    setting.wanted = None
