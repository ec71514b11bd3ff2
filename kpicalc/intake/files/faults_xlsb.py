"""The binary sheets of an xlsb: their extent, error cells and hidden rows, and cells in the short form."""

from kpicalc.intake.files.faults_xlsx import Box, SheetFaults, add_fault
from kpicalc.intake.files.parts import Archive, RefusedError, pieces
from kpicalc.intake.files.records_xlsb import ROW, cells, counted_text, has_short_cells, records, u32

_BLANK = 1
_ERRORS = (3, 11)
_ERROR_AT = 4
"""The offset of the error code, after the style."""
_BUNDLE_SHEET = 156
_HIDDEN_AT, _HIDDEN_BIT = 11, 0x10
_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def xlsb_faults(archive: Archive, part: str, sheet: str) -> SheetFaults:
    """Go through a sheet's records and note its extent, errors and hidden rows; short cells make the part odd."""
    data = b"".join(pieces(archive, part))
    if has_short_cells(data, part):
        archive.odd.add(part)
    box = Box()
    faults: dict[tuple[int, int], str] = {}
    for kind, row, column, style_at in cells(data, part):
        if kind != _BLANK:
            box.cover(row, column)
        if kind in _ERRORS:
            add_fault(faults, row, column, _NAMES.get(data[style_at + _ERROR_AT], "#ERROR!"))
    box.refuse_too_large(sheet)
    hidden = (
        u32(data, at) for kind, at, _ in records(data, part) if kind == ROW and data[at + _HIDDEN_AT] & _HIDDEN_BIT
    )
    return SheetFaults(faults, frozenset(hidden))


def xlsb_names(data: bytes, name: str) -> list[tuple[str, str]]:
    """Return each sheet's name and the id of its relation, from the workbook's records."""
    names: list[tuple[str, str]] = []
    for kind, start, size in records(data, name):
        if kind == _BUNDLE_SHEET:
            identity, rest = counted_text(data, start + 8)
            title, rest = counted_text(data, rest)
            if rest > start + size:
                raise RefusedError("file_damaged", found=name)
            names.append((title, identity))
    return names
