"""What the reading library hides in an xlsx sheet: error cells, formulas without a value, hidden rows.

A fast test on bytes checks every sheet; the slow pass with an XML parser follows only where the test matches.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from xml.parsers import expat

from kpicalc.intake.files.parts import RefusedError, holds
from kpicalc.model.book import cell_name, column_number
from kpicalc.model.record import record

BOX_LIMIT = 30_000_000
FAULT_LIMIT = 1_000_000
FORMULA = "formula"

# "e" in quotes may be the type of an error cell in any spelling; a prefix may hide cells and formulas.
_ODD = ((b'"e"', b"e"), (b"'e'", b"'"), (b":c", b":"), (b":f", b":"))
"""Each mark comes with its character that is rarest in a sheet."""
_CELL = re.compile(rb"<c[\s/>]")
_FORMULA = re.compile(rb"<f[\s/>]")
_ROW = re.compile(rb'<row [^>]*?\br="([0-9]{1,12})"')
_ADDRESSES = re.compile(rb'<c r="([A-Z]{1,4}[0-9]{1,12})"')
_LETTERS, _DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
_WIDE = re.compile(rb"[A-Z][A-Z]")
_NARROW = 25
_HIDDEN_ROW = re.compile(rb"row\s[^>]*hidden\s*=")
_SHARED = re.compile(rb"<f [^>]*/><v>[^<]")
_EMPTY_TEXT = re.compile(rb't="str"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)<v></v>')
_UNVALUED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]+")?><f>[^<]*</f><v></v></c>')
"""A formula without a value, as programs that compute no formulas write it; many of them need the slow pass."""
_FEW_UNVALUED = 10
_REFERENCE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,12})")


@record
class SheetFaults:
    """Cells that look blank and are not, by (row, column) from 0, and the hidden rows."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()


@record(frozen=False)
class Box:
    """The rectangle from A1 to the last used cell: the reading library reserves memory for all of it."""

    row: int = -1
    column: int = -1

    def cover(self, row: int, column: int) -> None:
        """Grow to include a cell."""
        self.row = max(self.row, row)
        self.column = max(self.column, column)

    def too_large(self) -> bool:
        """Tell whether the rectangle is larger than any real table."""
        return (self.row + 1) * (self.column + 1) > BOX_LIMIT

    def refuse_too_large(self, sheet: str) -> None:
        """Refuse a workbook with a sheet that would exhaust the memory."""
        if self.too_large():
            cell = cell_name(self.row, self.column)
            raise RefusedError("sheet_far_cell", sheet=sheet, cell=cell, found=cell)


def plain_faults(pieces: Iterator[bytes], name: str) -> SheetFaults | None:
    """Return the faults of a sheet of sane extent, if the bytes alone show them; None asks for the slow pass."""
    plain = True
    box = Box()
    faults: dict[tuple[int, int], str] = {}
    for piece in pieces:
        if holds(piece, b"<![CDATA[", b"!"):
            raise RefusedError("file_odd_xml", found=name, what="CDATA")
        # A suspect sheet is still read to its end, to verify its check sum and the limits.
        plain = plain and _plain_piece(piece, box, faults)
    return SheetFaults(faults) if plain and not box.too_large() else None


def _plain_piece(piece: bytes, box: Box, faults: dict[tuple[int, int], str]) -> bool:
    if any(holds(piece, odd, rare) for odd, rare in _ODD):
        return False
    if holds(piece, b"hidden", b"h") and _HIDDEN_ROW.search(piece):
        return False
    if holds(piece, b"<f", b"f") and not _formulas_have_values(piece, faults):
        return False
    addresses = _ADDRESSES.findall(piece)
    # Columns and formats begin with the same letter: a precise count is needed only where they occur.
    if len(addresses) != piece.count(b"<c") and len(addresses) != len(_CELL.findall(piece)):
        return False
    if addresses:
        lines = _ROW.findall(piece)
        rows, columns = _same_cells(addresses, lines) or _different_cells(addresses)
        # A repeated address is in this piece or, where row numbers start again, in another one.
        if not rows or len(lines) != len(set(lines)) or min(rows) <= box.row:
            return False
        wide = (column_number(letters.decode()) for letters in columns if len(letters) > 1)
        box.cover(max(rows), max(wide, default=_NARROW))
    return True


def _same_cells(addresses: Sequence[bytes], lines: Sequence[bytes]) -> tuple[list[int], list[bytes]] | None:
    """Return rows (from 0) and columns if all rows have cells in the same columns, which is compared as one text."""
    width = len(addresses) // max(len(lines), 1)
    text = b" ".join([*addresses, b""])
    columns = b" ".join(addresses[:width]).translate(None, _DIGITS).split()
    same = text.translate(None, _DIGITS) == b" ".join([*columns, b""]) * len(lines)
    if not same or text.translate(None, _LETTERS) != b"".join([(line + b" ") * width for line in lines]):
        return None
    return ([int(line) - 1 for line in lines], columns) if len(columns) == len(set(columns)) else None


def _different_cells(addresses: Sequence[bytes]) -> tuple[list[int], set[bytes]]:
    """Return rows (from 0) and columns; none if an address occurs twice."""
    # Joined addresses, in their order, are split in C.
    text = b" ".join(addresses)
    rows = set(text.translate(None, _LETTERS).split()) if len(addresses) == len(set(addresses)) else ()
    return [int(row) - 1 for row in rows], set(text.translate(None, _DIGITS).split() if _WIDE.search(text) else ())


def _formulas_have_values(piece: bytes, faults: dict[tuple[int, int], str]) -> bool:
    """Tell whether every formula has its value, except a few that are plainly without one, which are noted."""
    formulas = piece.count(b"<f")
    valued = piece.count(b"</f><v>") - piece.count(b"</f><v><")
    if valued == formulas:
        return True
    formulas = len(_FORMULA.findall(piece))
    unvalued = _UNVALUED.findall(piece)
    faults |= {(int(row) - 1, column_number(letters.decode())): FORMULA for letters, row in unvalued[:_FEW_UNVALUED]}
    known = len(_SHARED.findall(piece)) + len(_EMPTY_TEXT.findall(piece)) + len(unvalued)
    return valued + known == formulas and len(unvalued) <= _FEW_UNVALUED


def careful_faults(pieces: Iterator[bytes], name: str, sheet: str) -> SheetFaults:
    """Read a sheet with an XML parser: its exact faults, hidden rows, and the extent of its non-blank cells."""
    reader = _CarefulReader(sheet)
    parse_xml(pieces, name, reader.start, reader.end, reader.characters)
    reader.box.refuse_too_large(sheet)
    return SheetFaults(reader.faults, frozenset(reader.hidden))


class _CarefulReader:
    """The parser's position: rows and cells may come without an address, out of order, with any prefix."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.rows: set[int] = set()
        self.taken: dict[int, int] = {}
        self.box = Box()
        self.faults: dict[tuple[int, int], str] = {}
        self.hidden: set[int] = set()
        self.row = self.cell_row = self.column = -1
        self.in_cell = self.in_value = self.has_formula = False
        self.kind = ""
        self.value: list[str] = []
        self.filled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self.row = _number(attributes.get("r")) if "r" in attributes else self.row + 1
                self.column = -1
                if self.row in self.rows:
                    raise RefusedError("cell_twice", sheet=self.sheet, found=self.row + 1)
                self.rows.add(self.row)
                if attributes.get("hidden", "0") in ("1", "true"):
                    self.hidden.add(self.row)
            case "c":
                self.cell_row, self.column = _address(attributes.get("r"), self.row, self.column + 1)
                bit, columns = 1 << self.column, self.taken.get(self.cell_row, 0)
                if columns & bit:
                    cell = cell_name(self.cell_row, self.column)
                    raise RefusedError("cell_twice", sheet=self.sheet, cell=cell, found=cell)
                self.taken[self.cell_row] = columns | bit
                self.kind = attributes.get("t", "")
                self.value = []
                self.in_cell, self.has_formula, self.filled = True, False, self.kind == "e"
            case "f" if self.in_cell:
                self.has_formula = self.filled = True
            case "v" if self.in_cell:
                self.in_value = self.filled = True
                # In a text formula an empty <v/> is the text ""; elsewhere no value was stored.
                self.value.append("")
            case "is" if self.in_cell:
                self.filled = True

    def characters(self, text: str) -> None:
        if self.in_value:
            self.value.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "v":
                self.in_value = False
            case "c" if self.in_cell:
                self.in_cell = False
                if self.filled:
                    self.box.cover(self.cell_row, self.column)
                    self.judge()

    def judge(self) -> None:
        text = "".join(self.value)
        if self.kind == "e":
            add_fault(self.faults, self.cell_row, self.column, text or "#ERROR!")
        elif self.has_formula and not text and not (self.kind == "str" and self.value):
            add_fault(self.faults, self.cell_row, self.column, FORMULA)


def add_fault(faults: dict[tuple[int, int], str], row: int, column: int, what: str) -> None:
    """Note a fault; a file with a million of them is refused rather than kept in memory."""
    if len(faults) >= FAULT_LIMIT:
        raise RefusedError("file_too_large", found=what, allowed=FAULT_LIMIT)
    faults[row, column] = what


def parse_xml(
    pieces: Iterator[bytes],
    name: str,
    start: object,
    end: object = None,
    characters: object = None,
) -> None:
    """Run an XML parser over a part already known to have no DTD; what is no XML or in no known encoding is damage."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.EndElementHandler = end  # type: ignore[assignment]
    parser.CharacterDataHandler = characters  # type: ignore[assignment]
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise RefusedError("file_damaged", found=f"{name}: {error}") from error


def _number(text: str | None) -> int:
    return int(text[:12]) - 1 if text and text.isdecimal() else 0


def _address(reference: str | None, row: int, column: int) -> tuple[int, int]:
    if reference is None:
        return max(row, 0), column
    match = _REFERENCE.fullmatch(reference)
    if match is None or int(match[2]) == 0:
        # The reading library would take it for another cell's address, or crash.
        raise RefusedError("file_damaged", found=f"r={reference[:20]!r}")
    return int(match[2]) - 1, column_number(match[1])
