"""The formats of an OpenDocument spreadsheet: hidden columns, merged cells; per cents, months, thousands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cached_property

from kpicalc.intake.files.faults_ods import repeated
from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.number_formats import Look, is_plain
from kpicalc.intake.files.parts import Archive, RefusedError, pieces
from kpicalc.model.book import cell_name
from kpicalc.model.record import record

_CONTENT, _STYLES = "content.xml", "styles.xml"
_COLUMNS = 16384
"""No sheet is read beyond Excel's last column."""
_BODY, _END = b"<office:body", b"</office:document-content>"
_PLAIN = Look(1, 0, "")
_PER_CENT = "percentage"
_Block = tuple[int, int, int, int]
"""First row and number of rows, columns likewise: a repeated cell is one entry."""


@record(frozen=False)
class _Sheet:
    hidden: set[int] = field(default_factory=set)
    per_cents: list[_Block] = field(default_factory=list)
    dates: list[tuple[str, _Block]] = field(default_factory=list)
    """Dates with their styles."""
    numbers: list[tuple[Look, _Block]] = field(default_factory=list)
    """Numbers whose format adds something to them."""
    merged: list[str] = field(default_factory=list)


@record(frozen=False)
class _Format:
    """What a format shows: parts of a date, a per cent, or a number."""

    parts: set[str] = field(default_factory=set)
    look: Look = _PLAIN


_NOTHING = _Format()


@record(slots=False)
class OdsFormats:
    """The formats of an OpenDocument spreadsheet's cells."""

    archive: Archive

    def merged(self, sheet: str) -> tuple[str, ...]:
        """Return the merged ranges."""
        return tuple(self._sheets[sheet].merged) if sheet in self._sheets else ()

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Return the columns (from 0) that are hidden."""
        return frozenset(self._sheets[sheet].hidden) if sheet in self._sheets else frozenset()

    def per_cents(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns that have a per cent format."""
        return _in_columns(self._sheets[sheet].per_cents if sheet in self._sheets else [], columns)

    def months(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns whose format shows a month without a day."""
        dates = self._sheets[sheet].dates if sheet in self._sheets else []
        months = {style for style, shown in self._formats.items() if shown.parts == {"month"}}
        return _in_columns([block for style, block in dates if style in months], columns)

    def looks(self, sheet: str, columns: Collection[int]) -> Mapping[tuple[int, int], Look]:
        """Return what formats add to the numbers of the columns, by cell (row and column from 0)."""
        if all(is_plain(shown.look) for shown in self._formats.values()):
            return {}
        numbers = self._sheets[sheet].numbers if sheet in self._sheets else []
        return {cell: look for look, block in numbers for cell in _in_columns([block], columns)}

    @cached_property
    def _sheets(self) -> dict[str, _Sheet]:
        """Return the formats of each sheet from the content part, which is read once."""
        sheets: dict[str, _Sheet] = {}
        sheet = _Sheet()
        row = column = number = 0
        rows = 1
        # The styles of columns, from the first of each.
        usual: list[tuple[int, str]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal sheet, row, column, number, rows
            match tag.rpartition(":")[2]:
                case "table" if tag.startswith("table:"):
                    sheet = sheets[attributes.get("table:name", "")] = _Sheet()
                    row = column = number = 0
                    rows = 0
                    usual.clear()
                case "table-column":
                    count = repeated(attributes.get("table:number-columns-repeated"))
                    if attributes.get("table:visibility", "visible") != "visible":
                        sheet.hidden.update(range(number, min(number + count, _COLUMNS)))
                    usual.append((number, attributes.get("table:default-cell-style-name", "")))
                    number += count
                case "table-row":
                    row, column = row + rows, 0
                    rows = repeated(attributes.get("table:number-rows-repeated"))
                case "table-cell" | "covered-table-cell":
                    count = repeated(attributes.get("table:number-columns-repeated"))
                    kind = attributes.get("office:value-type")
                    own = attributes.get("table:style-name")
                    own = own or next((name for first, name in reversed(usual) if first <= column), "")
                    shown, block = self._formats.get(own, _NOTHING), (row, rows, column, count)
                    if kind == _PER_CENT or (kind == "float" and _PER_CENT in shown.parts):
                        sheet.per_cents.append(block)
                    elif kind == "date":
                        sheet.dates.append((own, block))
                    elif kind in ("float", "currency") and not is_plain(shown.look):
                        sheet.numbers.append((shown.look, block))
                    wide = repeated(attributes.get("table:number-columns-spanned"))
                    high = repeated(attributes.get("table:number-rows-spanned"))
                    if wide > 1 or high > 1:
                        last = cell_name(row + high - 1, column + wide - 1)
                        sheet.merged.append(f"{cell_name(row, column)}:{last}")
                    column += count

        parse_xml(pieces(self.archive, _CONTENT), _CONTENT, start)
        return sheets

    @cached_property
    def _formats(self) -> Mapping[str, _Format]:
        """Return what every cell style shows."""
        formats: dict[str, _Format] = {}
        shown = _Format()
        inside = ""

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal shown, inside
            name, inside = attributes.get("style:name", ""), tag
            match tag.rpartition(":")[2]:
                case "month" | "day" | "hours" as part:
                    shown.parts.add(part)
                case "number":
                    divided = repeated(attributes.get("number:display-factor"))
                    places = attributes.get("number:decimal-places", "")
                    shown.look = Look(divided, int(places) if places.isdecimal() else 0, shown.look.text)
                case "map":
                    # A format of several sections shows dates and numbers by one of them, a style of its own.
                    other = formats.get(attributes.get("style:apply-style-name", ""), _Format())
                    shown.parts |= other.parts
                    shown.look = other.look if is_plain(shown.look) else shown.look
                case "style":
                    shown = _Format()
                    formats[name] = formats.get(attributes.get("style:data-style-name", ""), shown)
                case kind if kind.endswith("-style"):
                    shown = formats[name] = _Format({_PER_CENT} if kind.startswith(_PER_CENT) else set())

        def text(characters: str) -> None:
            if inside in ("number:text", "number:currency-symbol") and _PER_CENT not in shown.parts:
                words = f"{shown.look.text} {characters}".split()
                shown.look = Look(shown.look.divided, shown.look.places, " ".join(words))

        def end(_: str) -> None:
            nonlocal inside
            inside = ""

        for part in (_STYLES, _CONTENT):
            # The reading library does not look at styles: where they are damaged, only formats are lost.
            with suppress(RefusedError):
                if part in self.archive.parts:
                    parse_xml(_without_body(pieces(self.archive, part)), part, start, end, text)
        return formats


def _without_body(given: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a part up to the sheets, which its styles stand before."""
    for piece in given:
        head, body, _ = piece.partition(_BODY)
        yield head
        if body:
            yield _END
            return


def _in_columns(blocks: Sequence[_Block], columns: Collection[int]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (line, column)
        for row, rows, first, count in blocks
        for column in columns
        if first <= column < first + count
        for line in range(row, row + rows)
    )
