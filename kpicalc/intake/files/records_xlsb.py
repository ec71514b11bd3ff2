"""The records of an xlsb, and the cells of its sheets in the usual and in the short form ([MS-XLSB] 2.3 and 2.4)."""

from collections.abc import Iterator

from kpicalc.intake.files.parts import RefusedError

# Record numbers: the row header, and the cells from BrtCellBlank to BrtFmlaError.
ROW, _BLANK, _LAST_CELL = 0, 1, 11
# BrtShortBlank to BrtShortIsst: cells without a column, which is the one after the previous cell's. Each has the
# content of the record whose number is less by this much.
_SHORT, _LAST_SHORT, _SHORTER_BY = 12, 18, 11
_COLUMN_SIZE = 4

Cell = tuple[int, int, int, int]
"""A cell's record number in the usual form, row and column (from 0), offset of the style, which the value follows."""


def cells(data: bytes, name: str) -> Iterator[Cell]:
    """Yield the cells of a sheet, blank ones too."""
    row, column = 0, -1
    for kind, start, _ in records(data, name):
        if kind == ROW:
            row, column = u32(data, start), -1
        elif _BLANK <= kind <= _LAST_CELL:
            column = u32(data, start)
            yield kind, row, column, start + _COLUMN_SIZE
        elif _SHORT <= kind <= _LAST_SHORT:
            column += 1
            yield kind - _SHORTER_BY, row, column, start


def has_short_cells(data: bytes, name: str) -> bool:
    """Tell whether a sheet has cells that do not state their column."""
    return any(_SHORT <= kind <= _LAST_SHORT for kind, _, _ in records(data, name))


def in_long_form(data: bytes, name: str) -> bytes:
    """Return a sheet in which every cell states its column: the reading library skips cells that do not."""
    written = bytearray()
    end, column = 0, -1
    for kind, start, size in records(data, name):
        if kind == ROW:
            column = -1
        elif _BLANK <= kind <= _LAST_CELL:
            column = u32(data, start)
        if _SHORT <= kind <= _LAST_SHORT:
            column += 1
            content = column.to_bytes(_COLUMN_SIZE, "little") + data[start : start + size]
            written += bytes([kind - _SHORTER_BY, *_size(len(content))]) + content
        else:
            written += data[end : start + size]
        end = start + size
    return bytes(written)


def records(data: bytes, name: str) -> Iterator[tuple[int, int, int]]:
    """Yield each record's number, the start of its content and its size; a record beyond the end is damage."""
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
            if at + size > end or size < _least(kind):
                raise RefusedError("file_damaged", found=name)
            yield kind, at, size
            at += size
    except IndexError as error:
        raise RefusedError("file_damaged", found=name) from error


def _least(kind: int) -> int:
    """Return the least size of a record of a row or a cell; other records may be empty."""
    if kind == ROW:
        return 12
    if kind <= _LAST_CELL:
        return 8
    return 4 if kind <= _LAST_SHORT else 0


def _size(number: int) -> list[int]:
    """Return a record's size in its encoded form: seven bits a byte, the lowest first."""
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return [*parts, number]


def u32(data: bytes, start: int) -> int:
    """Read a number of four bytes."""
    return int.from_bytes(data[start : start + 4], "little")


def counted_text(data: bytes, start: int) -> tuple[str, int]:
    """Read a counted UTF-16 text; return it and where it ends."""
    length = u32(data, start)
    end = start + 4 + (0 if length == 0xFFFF_FFFF else 2 * length)
    return data[start + 4 : end].decode("utf-16-le", errors="replace"), end
