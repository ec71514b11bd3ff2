"""Formats that the reading library does not return: hidden columns, per cents, months, thousands, merged cells.

They are looked up in the file's own parts, only where they matter; for csv, and without a file they are unknown.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.guard import sheet_parts
from kpicalc.intake.files.kind import archive_or_kind
from kpicalc.intake.files.number_formats import Look, StyledFormats
from kpicalc.intake.files.parts import Archive, RefusedError, pieces
from kpicalc.model.book import column_number
from kpicalc.model.record import record

_STYLES = "xl/styles.xml"
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")
_ATTRIBUTE = re.compile(rb'(\w+)\s*=\s*["\']([^"\']*)["\']')
_STYLED = rb"<(?:\w+:)?c\s(?=[^>]*?\bs\s*=\s*[\"'](STYLES)[\"'])[^>]*?\br\s*=\s*[\"']([A-Z]+)(\d+)[\"'][^>]*>"


class Formats(Protocol):
    """The formats of a workbook's cells."""

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Return the columns (from 0) that are hidden."""

    def per_cents(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns that have a per cent format."""

    def months(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns whose format shows a month without a day."""

    def looks(self, sheet: str, columns: Collection[int]) -> Mapping[tuple[int, int], Look]:
        """Return what formats add to the numbers of the columns, by cell (row and column from 0)."""

    def merged(self, sheet: str) -> tuple[str, ...]:
        """Return the merged ranges, as `C2:C3`; only the first cell of each holds a value."""


@record(slots=False)
class XlsxFormats(StyledFormats):
    """The formats of an xlsx workbook's cells."""

    archive: Archive

    @cached_property
    def parts(self) -> dict[str, str]:
        """Return each sheet's part by its name."""
        return sheet_parts("xlsx", self.archive)

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Return the columns (from 0) that are hidden."""
        columns: set[int] = set()
        for piece in self._pieces(sheet):
            head, data, _ = piece.partition(b"<sheetData")
            for match in _COLUMN.finditer(head):
                attributes = dict(_ATTRIBUTE.findall(match[1]))
                if attributes.get(b"hidden") in (b"1", b"true"):
                    first, last = int(attributes.get(b"min", b"1")), int(attributes.get(b"max", b"1"))
                    columns.update(range(first - 1, min(last, 16384)))
            if data:
                break
        return frozenset(columns)

    def styled(self, sheet: str, styles: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Yield row and column (from 0) and style of the cells that have one of these styles."""
        numbers = "|".join(map(str, sorted(styles))).encode()
        # Cells of other styles are passed over by the search itself.
        cell = re.compile(_STYLED.replace(b"STYLES", numbers))
        letters: dict[bytes, int] = {}
        for piece in self._pieces(sheet):
            for style, letter, row in cell.findall(piece):
                if letter not in letters:
                    letters[letter] = column_number(letter.decode())
                yield int(row) - 1, letters[letter], int(style)

    def merged(self, sheet: str) -> tuple[str, ...]:
        """Return the merged ranges."""
        return tuple(match[1].decode() for piece in self._pieces(sheet) for match in _MERGED.finditer(piece))

    def _pieces(self, sheet: str) -> Iterator[bytes]:
        part = self.parts.get(sheet)
        return pieces(self.archive, part) if part else iter(())

    def styles(self) -> tuple[dict[int, str], list[int]]:
        """Return the workbook's own formats by number, and the format number of every cell style."""
        codes: dict[int, str] = {}
        styles: list[int] = []
        if _STYLES not in self.archive.parts:
            return codes, styles
        inside: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            name = tag.rpartition(":")[2]
            inside.append(name)
            number = attributes.get("numFmtId", "")
            if name == "numFmt" and number.isdecimal():
                codes[int(number)] = attributes.get("formatCode", "")
            elif name == "xf" and "cellXfs" in inside:
                styles.append(int(number) if number.isdecimal() else 0)

        parse_xml(pieces(self.archive, _STYLES), _STYLES, start, lambda _: inside.pop())
        return codes, styles


def formats_of(file: str) -> Formats | None:
    """Open a workbook's formats; None where the file has none that can be read."""
    path = Path(file)
    try:
        if not path.is_file():
            return None
        data = path.read_bytes()
        kind, archive = archive_or_kind(data)
    except (OSError, RefusedError):
        return None
    if archive is None:
        from kpicalc.intake.files.formats_xls import XlsFormats

        return XlsFormats(data)
    match kind:
        case "xlsx":
            return XlsxFormats(archive)
        case "xlsb":
            from kpicalc.intake.files.formats_xlsb import XlsbFormats

            return XlsbFormats(archive)
        case "ods":
            from kpicalc.intake.files.formats_ods import OdsFormats

            return OdsFormats(archive)
    return None
