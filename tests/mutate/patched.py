"""New values in cells of a workbook as its bytes: the XML of their rows, everything else as it is."""

import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import to_excel

_ROW = re.compile(r'<row r="(\d+)"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def patched(data: bytes, sheet: int, values: Mapping[str, Any]) -> bytes:
    """Return a workbook that openpyxl wrote with other values in cells of its sheet of this number."""
    parts = _parts(data)
    name = f"xl/worksheets/sheet{sheet}.xml"
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        for part, content in parts.items():
            book.writestr(part, _sheet(content.decode(), values) if part == name else content)
    return target.getvalue()


@lru_cache(maxsize=1)
def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def _sheet(text: str, values: Mapping[str, Any]) -> str:
    rows: dict[int, dict[str, Any]] = {}
    for place, value in values.items():
        column, row = _PLACE.fullmatch(place).groups()  # type: ignore[union-attr]
        rows.setdefault(int(row), {})[column] = value

    def row_of(found: re.Match[str]) -> str:
        number, cells = int(found[1]), found[2] or ""
        return _row(number, cells, rows.pop(number)) if number in rows else found[0]

    text = _ROW.sub(row_of, text)
    further = "".join(_row(number, "", changed) for number, changed in sorted(rows.items()))
    return text.replace("</sheetData>", f"{further}</sheetData>")


def _row(number: int, cells: str, changed: Mapping[str, Any]) -> str:
    known = {found[1]: (found[2], found[0]) for found in _CELL.finditer(cells)}
    for column, value in changed.items():
        style = known.get(column, ("", ""))[0]
        known[column] = style, _cell(f'r="{column}{number}"{style}', value)
    return (
        f'<row r="{number}">'
        + "".join(known[column][1] for column in sorted(known, key=column_index_from_string))
        + "</row>"
    )


def _cell(head: str, value: Any) -> str:
    match value:
        case None:
            return f"<c {head}/>"
        case bool():
            return f'<c {head} t="b"><v>{value:d}</v></c>'
        case int() | float():
            return f"<c {head}><v>{value!r}</v></c>"
        case date():
            return f"<c {head}><v>{to_excel(value)!r}</v></c>"
        case str() if value == "#N/A":
            return f'<c {head} t="e"><v>{value}</v></c>'
        case _:
            return f'<c {head} t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
