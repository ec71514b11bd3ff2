"""The binary sheets of an xlsb: how far they reach, their error cells and hidden rows."""

from collections.abc import Iterator

from kpicalc.intake.files.faults_xlsx import Box, SheetFaults, add_fault
from kpicalc.intake.files.parts import RefusedError

# Record numbers of [MS-XLSB] 2.3.2: a row's head, and the cells from BrtCellBlank to BrtFmlaError.
_ROW, _BLANK, _LAST_CELL = 0, 1, 11
_ERRORS = (3, 11)
_BUNDLE_SHEET = 156
_ERROR_AT = 8
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


def xlsb_faults(pieces: Iterator[bytes], name: str, sheet: str) -> SheetFaults:
    """Walk through a sheet's records and note extent, errors and hidden rows."""
    data = b"".join(pieces)
    box = Box()
    faults: dict[tuple[int, int], str] = {}
    hidden: set[int] = set()
    row = 0
    for kind, at, _ in _records(data, name):
        if kind == _ROW:
            row = _u32(data, at)
            if data[at + _HIDDEN_AT] & _HIDDEN_BIT:
                hidden.add(row)
        elif _BLANK < kind <= _LAST_CELL:
            column = _u32(data, at)
            box.cover(row, column)
            if kind in _ERRORS:
                add_fault(faults, row, column, _NAMES.get(data[at + _ERROR_AT], "#ERROR!"))
    box.refuse_too_large(sheet)
    return SheetFaults(faults, frozenset(hidden))


def xlsb_names(data: bytes, name: str) -> list[tuple[str, str]]:
    """Return each sheet's name and the identity of its link, from the workbook's records."""
    names: list[tuple[str, str]] = []
    for kind, at, size in _records(data, name):
        if kind == _BUNDLE_SHEET:
            identity, rest = _text(data, at + 8)
            title, rest = _text(data, rest)
            if rest > at + size:
                raise RefusedError("file_damaged", found=name)
            names.append((title, identity))
    return names


def _records(data: bytes, name: str) -> Iterator[tuple[int, int, int]]:
    """Yield each record's number, where its content starts and its size; a record past the end is damage."""
    at, end = 0, len(data)
    try:
        while at < end:
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | data[at] << 7
                at += 1
            size = shift = 0
            while True:
                part = data[at]
                at += 1
                size |= (part & 0x7F) << shift
                shift += 7
                if not part & 0x80 or shift > 21:
                    break
            if at + size > end or (kind <= _LAST_CELL and size < (12 if kind == _ROW else 8)):
                raise RefusedError("file_damaged", found=name)
            yield kind, at, size
            at += size
    except IndexError as error:
        raise RefusedError("file_damaged", found=name) from error


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Read a counted UTF-16 text; return it and where it ends."""
    length = _u32(data, at)
    end = at + 4 + (0 if length == 0xFFFF_FFFF else 2 * length)
    return data[at + 4 : end].decode("utf-16-le", errors="replace"), end
