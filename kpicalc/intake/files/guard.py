"""Checks a workbook before the reading library opens it: that it is sound and safe, and what would be hidden.

The reading library takes an error cell for a blank one and a UTF-16 sheet for an empty one, and crashes on a single
cell in a far corner. All of that is found here first.
"""

from collections.abc import Mapping
from dataclasses import field

from kpicalc.intake.files.faults_ods import ods_faults
from kpicalc.intake.files.faults_xlsb import xlsb_faults, xlsb_names
from kpicalc.intake.files.faults_xlsx import SheetFaults, careful_faults, parse_xml, plain_faults
from kpicalc.intake.files.kind import archive_or_kind
from kpicalc.intake.files.parts import Archive, Kind, RefusedError, pieces
from kpicalc.intake.files.straighten import main_part, relations, straightened
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.stage import tell


@record
class Inspection:
    """The format of a sound workbook and the faults of its sheets by name; `scanned` is None without a scan."""

    kind: Kind
    sheets: Mapping[str, SheetFaults] = field(default_factory=dict)
    scanned: bool = True
    data: bytes | None = None
    """The workbook rewritten in a form that the reading library knows, where it had another."""


def inspect(given: bytes, file: str) -> Inspection | Issue:
    """Check a workbook's bytes; the first fault that makes it unreadable is returned as an issue."""
    try:
        kind, archive = archive_or_kind(given)
        if archive is None:
            return Inspection(kind, scanned=False)
        sheets = _scan(kind, archive)
        data = straightened(archive, kind)
    except RefusedError as refused:
        facts = {name: fact for name, fact in refused.facts.items() if name not in ("sheet", "cell")}
        place = Place(file, sheet=str(refused.facts.get("sheet", "")), cell=str(refused.facts.get("cell", "")))
        return issue(refused.code, place, **facts)
    return Inspection(kind, sheets, data=data)


def _scan(kind: Kind, archive: Archive) -> dict[str, SheetFaults]:
    faults: dict[str, SheetFaults] = {}
    done: set[str] = set()
    if kind == "ods":
        faults = ods_faults(pieces(archive, "content.xml"), "content.xml")
        done.add("content.xml")
    else:
        parts = sheet_parts(kind, archive)
        for number, (sheet, part) in enumerate(parts.items()):
            # Checking takes about as long as the reading that follows: it is the first half of the work.
            tell("reading", number, 2 * len(parts))
            faults[sheet] = _xlsx_sheet(archive, part, sheet) if kind == "xlsx" else xlsb_faults(archive, part, sheet)
            done.add(part)
    for part in archive.parts:
        if part not in done:
            for _ in pieces(archive, part):
                pass
    return faults


def _xlsx_sheet(archive: Archive, part: str, sheet: str) -> SheetFaults:
    return plain_faults(pieces(archive, part), part) or careful_faults(pieces(archive, part), part, sheet)


def sheet_parts(kind: Kind, archive: Archive) -> dict[str, str]:
    """Return each sheet's part, by the sheet's name."""
    book = main_part(archive)
    related = relations(archive, book)
    if not related:
        raise RefusedError("file_damaged", found=f"{book}.rels")
    names = _xlsx_names(archive, book) if kind == "xlsx" else xlsb_names(b"".join(pieces(archive, book)), book)
    sheets: dict[str, str] = {}
    for name, identity in names:
        part = related.get(identity, ("", ""))[1]
        if part not in archive.parts:
            raise RefusedError("file_damaged", found=part or name)
        sheets[name] = part
    if not sheets:
        raise RefusedError("file_damaged", found=book)
    return sheets


def _xlsx_names(archive: Archive, book: str) -> list[tuple[str, str]]:
    names: list[tuple[str, str]] = []

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names.append((attributes.get("name", ""), identity))

    parse_xml(pieces(archive, book), book, sheet)
    return names
