"""What the reading library hides in an OpenDocument spreadsheet: errors, values without a type, hidden rows."""

from collections.abc import Iterator

from kpicalc.intake.files.faults_xlsx import FORMULA, Box, SheetFaults, add_fault, parse_xml


def ods_faults(pieces: Iterator[bytes], name: str) -> dict[str, SheetFaults]:
    """Read `content.xml` with an XML parser; repeated cells and rows count as often as they are repeated."""
    reader = _Reader()
    parse_xml(pieces, name, reader.start, reader.end, reader.characters)
    return reader.sheets


class _Reader:
    """The parser's position: the sheet, the row and how often it repeats, the cell and its text."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFaults] = {}
        self.sheet = ""
        self.box = Box()
        self.faults: dict[tuple[int, int], str] = {}
        self.hidden: set[int] = set()
        self.row = self.column = 0
        self.row_repeat = self.repeat = 1
        self.row_faults: list[tuple[int, int, str]] = []
        self.row_width = 0
        self.row_hidden = False
        self.cell: dict[str, str] | None = None
        self.note_depth = self.text_depth = 0
        self.text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "table" if tag.startswith("table:"):
                self.sheet = attributes.get("table:name", "")
                self.box, self.faults, self.hidden = Box(), {}, set()
                self.row = 0
            case "table-row":
                self.row_repeat = repeated(attributes.get("table:number-rows-repeated"))
                self.row_hidden = attributes.get("table:visibility", "visible") != "visible"
                self.column = self.row_width = 0
                self.row_faults = []
            case "table-cell" | "covered-table-cell":
                self.cell, self.text = attributes, []
                self.repeat = repeated(attributes.get("table:number-columns-repeated"))
            case "annotation":
                self.note_depth += 1
            case "p" if self.cell is not None and not self.note_depth:
                self.text_depth += 1
                # An empty paragraph is a stored value too: a formula with the value "".
                self.text.append("")

    def characters(self, text: str) -> None:
        if self.text_depth:
            self.text.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "annotation":
                self.note_depth -= 1
            case "p" if self.text_depth and not self.note_depth:
                self.text_depth -= 1
            case "table-cell" | "covered-table-cell" if self.cell is not None:
                self.close_cell(self.cell)
                self.cell = None
            case "table-row":
                self.close_row()
            case "table" if tag.startswith("table:"):
                self.box.refuse_too_large(self.sheet)
                self.sheets[self.sheet] = SheetFaults(self.faults, frozenset(self.hidden))

    def close_cell(self, cell: dict[str, str]) -> None:
        text = "".join(self.text)
        what = _fault(cell, text, stored=bool(self.text))
        if what:
            self.row_faults.append((self.column, self.repeat, what))
        if what or text or "office:value-type" in cell:
            self.row_width = self.column + self.repeat
        self.column += self.repeat

    def close_row(self) -> None:
        if self.row_width:
            self.box.cover(self.row + self.row_repeat - 1, self.row_width - 1)
            # Before repeated faults are listed one by one, the size of the sheet is checked.
            self.box.refuse_too_large(self.sheet)
            rows = range(self.row, self.row + self.row_repeat)
            for column, repeat, what in self.row_faults:
                for row in rows:
                    for at in range(column, column + repeat):
                        add_fault(self.faults, row, at, what)
            if self.row_hidden:
                self.hidden.update(rows)
        self.row += self.row_repeat


def _fault(cell: dict[str, str], text: str, *, stored: bool) -> str:
    kind = cell.get("office:value-type", "")
    formula = "table:formula" in cell
    if cell.get("calcext:value-type") == "error" or (formula and kind == "string" and text.startswith(("#", "Err:"))):
        return text or "#ERROR!"
    if kind:
        return ""
    # The sheet shows a text without a type, but the reading library drops it.
    return text or (FORMULA if formula and not stored else "")


def repeated(text: str | None) -> int:
    """Return how often a cell, a row or a column is repeated, by its attribute; 1 without one."""
    return max(int(text[:12]), 1) if text and text.isdecimal() else 1
