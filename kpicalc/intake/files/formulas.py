"""Finds the cells of a sheet that hold formulas: the reading library returns only their values."""

import re
from pathlib import Path

from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.guard import sheet_parts
from kpicalc.intake.files.kind import archive_or_kind
from kpicalc.intake.files.parts import Archive, RefusedError, pieces
from kpicalc.model.book import column_number

Cells = set[tuple[int, int]]
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f[\s/>]')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def formula_cells(path: Path, sheet: str) -> Cells | None:
    """Return the cells with formulas, by (row, column) from 0; None where the file's format does not show them."""
    try:
        kind, archive = archive_or_kind(path.read_bytes())
        if archive is not None and kind == "xlsx":
            return _of_xlsx(archive, sheet_parts(kind, archive)[sheet])
        if archive is not None and kind == "ods":
            return _of_ods(archive, sheet)
    except (RefusedError, OSError, KeyError):
        # The reader of the values reports what is wrong with the file.
        return None
    return None


def _of_xlsx(archive: Archive, part: str) -> Cells:
    """Take the cells from the bytes; a sheet written in an unusual way is read by a parser."""
    formulas: Cells = set()
    columns: dict[bytes, int] = {}
    for piece in pieces(archive, part):
        cells = _CELL.findall(piece)
        if len(cells) != len(_FORMULA.findall(piece)):
            return _parsed(archive, part)
        for letters in {letters for letters, _ in cells} - columns.keys():
            columns[letters] = column_number(letters.decode())
        formulas.update((int(row) - 1, columns[letters]) for letters, row in cells)
    return formulas


def _parsed(archive: Archive, part: str) -> Cells:
    formulas: Cells = set()
    cell = [-1, -1]

    def start(tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                cell[:] = [int(attributes["r"]) - 1 if "r" in attributes else cell[0] + 1, -1]
            case "c" if address := _ADDRESS.fullmatch(attributes.get("r", "")):
                cell[:] = [int(address[2]) - 1, column_number(address[1])]
            case "c":
                cell[1] += 1
            case "f":
                formulas.add((cell[0], cell[1]))

    parse_xml(pieces(archive, part), part, start)
    return formulas


def _of_ods(archive: Archive, sheet: str) -> Cells:
    formulas: Cells = set()
    place = {"here": 0, "row": 0, "rows": 1, "column": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "table:table":
                place.update(here=int(attributes.get("table:name") == sheet), row=0, rows=0)
            case "table:table-row":
                place["row"] += place["rows"]
                place.update(rows=int(attributes.get("table:number-rows-repeated", "1")), column=0)
            case "table:table-cell" | "table:covered-table-cell":
                if place["here"] and "table:formula" in attributes:
                    formulas.add((place["row"], place["column"]))
                place["column"] += int(attributes.get("table:number-columns-repeated", "1"))

    parse_xml(pieces(archive, "content.xml"), "content.xml", start)
    return formulas
