"""The boundary between a sheet's contents and its file: it takes typed cells and writes rows.

The writing library makes a small skeleton of the workbook (styles, headings, totals, charts, print set-up). The many
rows of a big table bypass it: each shape of row is rendered once as text with places for the row number and the values,
and the rows are streamed into the sheet's part of the file. So a payroll of a hundred thousand people takes seconds and
bounded memory, including formulas with their stored values.
"""

import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from itertools import islice, repeat
from operator import is_
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from kpicalc.engine.tree.excel import ROW
from kpicalc.model.book import column_letter
from kpicalc.model.record import record
from kpicalc.model.stage import tell

if TYPE_CHECKING:
    from concurrent.futures import Future

SOURCE_ROW = "\1"
"""In a formula it stands for the row on another sheet that the whole row of cells refers to."""
Value = Decimal | str | None
Row = tuple[int, int, Sequence[Value]]
_CHUNK = 500
_MOST_WAITING = 2
_ROW, _SOURCE = ROW.encode(), SOURCE_ROW.encode()
_LEVEL = 1
"""Fast deflate: the file grows by a fifth, and writing takes half the time."""
_STAMP = (1980, 1, 1, 0, 0, 0)
_AS_IT_IS = "_xlfn."
"""It stands before a formula while the library has it; `assemble` takes it away."""
_BIG = 2**31
_CELL_ESTIMATE = 120
_LONGEST_TEXT = 250
"""A formula takes a text of 255 signs at most."""
_EXACT_TEXT = 16
_BLANK = str(None)
_ROW_SIGNS, _ROW_DIGITS, _CELL_SIGNS, _NUMBER_SIGNS = 60, 7, 44, 16
"""The bytes of a row without its cells, of its number, of a cell around formula and value, of a value.

A cell is `<c r="AB" s="12"><f></f><v></v></c>`.
"""
_ROW_XML = re.compile(r'<row r="(\d+)"[^>]*>(.*?)</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"/>')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


@record
class Cell:
    """One cell of a shape of rows: its format, its kind of value, and its formula without `=` if it is live.

    In a formula `ROW` stands for the row's own number and `SOURCE_ROW` for the row it refers to.
    """

    style: Any
    kind: Literal["text", "number", "blank"]
    template: str | None = None


@record
class Rows:
    """The rows of a big table, one below the other from `first_row` (from 0).

    `rows` gives for each row the number of its shape, its SOURCE_ROW (from 1) and its values; a blank cell has no
    value.
    """

    first_row: int
    shapes: Sequence[Sequence[Cell]]
    count: int
    rows: Iterable[Row]
    height: float | None = None
    """The height of each row in points; None: the default height."""


def longest_row(shape: Sequence[Cell], texts: int) -> int:
    """Return the greatest number of bytes of a row with so many bytes of text."""
    formulas = [_escaped(cell.template) for cell in shape if cell.template is not None]
    rows = len(shape) + sum(text.count(ROW) + text.count(SOURCE_ROW) for text in formulas)
    signs = sum(len(text.encode()) for text in formulas)
    return _ROW_SIGNS + texts + signs + rows * _ROW_DIGITS + len(shape) * (_CELL_SIGNS + _NUMBER_SIGNS)


def reserve(sheet: Any, rows: Rows) -> None:
    """Write one row per shape into the skeleton: it carries the styles and marks the place of the rows."""
    for number, shape in enumerate(rows.shapes if rows.count else ()):
        for column, cell in enumerate(shape):
            sheet.write_blank(rows.first_row + number, column, None, cell.style)


def write_formula(sheet: Any, row: int, column: int, formula: str, style: Any, value: object) -> None:
    """Write a formula, which begins with `=`, into a sheet of the skeleton.

    The library would search it for thirty functions of later Excels, one by one, and none of them is written here: ten
    times the work of all the rest. It does not where its author has marked such a function himself.
    """
    sheet.write_formula(row, column, _AS_IT_IS + formula, style, value)


def assemble(skeleton: BytesIO, path: Path, tables: dict[int, Rows]) -> None:
    """Write the workbook: the skeleton with its big tables filled in, by the number of the sheet (from 1)."""
    parts = {f"xl/worksheets/sheet{number}.xml": rows for number, rows in tables.items()}
    count, done = sum(rows.count for rows in tables.values()), 0
    with zipfile.ZipFile(skeleton) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            # The same inputs give the same bytes: no clock, no system in the entries.
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001
            part = source.read(name).replace(f"<f>{_AS_IT_IS}=".encode(), b"<f>")
            rows = parts.get(name)
            if rows is None or not rows.count:
                target.writestr(entry, part)
                continue
            size = rows.count * len(rows.shapes[0]) * _CELL_ESTIMATE
            with target.open(entry, "w", force_zip64=size > _BIG) as stream:
                chunks = _told(_filled(part.decode(), rows), done, rows.count, count)
                if rows.count > _CHUNK:
                    _write_behind(stream, chunks)
                else:
                    stream.writelines(chunks)
            done += rows.count


def _told(chunks: Iterable[bytes], done: int, size: int, count: int) -> Iterator[bytes]:
    """Report how many rows have been written: those of earlier tables, and of this one."""
    for number, chunk in enumerate(chunks):
        tell("writing", done + min(number * _CHUNK, size), count)
        yield chunk


def _write_behind(stream: IO[bytes], chunks: Iterable[bytes]) -> None:
    """Compress chunks in a thread while the next ones are rendered; a short queue keeps the memory bounded."""
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[Future[int]] = deque()
    with ThreadPoolExecutor(1) as thread:
        for chunk in chunks:
            waiting.append(thread.submit(stream.write, chunk))
            if len(waiting) > _MOST_WAITING:
                waiting.popleft().result()
        for written in waiting:
            written.result()


def _filled(xml: str, rows: Rows) -> Iterator[bytes]:
    """Return the sheet's text with the real rows in place of the reserved ones."""
    reserved = range(rows.first_row + 1, rows.first_row + 1 + len(rows.shapes))
    matches = [match for match in _ROW_XML.finditer(xml) if int(match[1]) in reserved]
    if len(matches) != len(rows.shapes):
        raise RuntimeError("the reserved rows are not in the skeleton")
    templates = [_template(shape, match[2], rows.height) for shape, match in zip(rows.shapes, matches, strict=True)]
    last = rows.first_row + rows.count
    yield _with_dimension(xml[: matches[0].start()], last).encode()
    shapes = [(template.encode(), [cell.kind for cell in shape if cell.kind != "blank"])
              for template, shape in zip(templates, rows.shapes, strict=True)]  # fmt: skip
    number, source = rows.first_row + 1, iter(rows.rows)
    while chunk := list(islice(source, _CHUNK)):
        yield b"".join(_lines(chunk, number, shapes))
        number += len(chunk)
    yield xml[matches[-1].end() :].encode()


def _lines(chunk: Sequence[Row], first: int, shapes: Sequence[tuple[bytes, Sequence[str]]]) -> Sequence[bytes]:
    """Render consecutive rows, the first at `first`, column by column, because a column has values of one kind."""
    lines = [b""] * len(chunk)
    for number, (template, kinds) in enumerate(shapes):
        places = [at for at, (shape, _, _) in enumerate(chunk) if shape == number]
        columns = zip(*(chunk[at][2] for at in places), strict=True)
        shown = [_shown(values, kind) for values, kind in zip(columns, kinds, strict=False)]
        for at, values in zip(places, zip(*shown, strict=True) if shown else repeat(()), strict=False):
            line = template.replace(_ROW, b"%d" % (first + at))
            lines[at] = line.replace(_SOURCE, b"%d" % chunk[at][1]) % values
    return lines


def _template(shape: Sequence[Cell], reserved: str, height: float | None) -> str:
    """Render a shape: `%s` where a value goes, ROW and SOURCE_ROW where the numbers go."""
    styles = dict(_STYLE.findall(reserved))
    cells = []
    for index, cell in enumerate(shape):
        letter = column_letter(index)
        start = f'<c r="{letter}{ROW}" s="{styles[letter]}"'
        formula = "" if cell.template is None else f"<f>{_escaped(cell.template).replace('%', '%%')}</f>"
        match cell.kind:
            case "blank":
                cells.append(f"{start}/>")
            case "number":
                cells.append(f"{start}>{formula}<v>%s</v></c>")
            case "text" if formula:
                cells.append(f'{start} t="str">{formula}<v>%s</v></c>')
            case "text":
                cells.append(f'{start} t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>')
    high = f' ht="{height:g}" customHeight="1"' if height else ""
    return f'<row r="{ROW}"{high}>{"".join(cells)}</row>'


def _shown(values: Sequence[Value], kind: str) -> list[bytes]:
    """Return a column as the file stores it: numbers as text of the same floats, or escaped text."""
    if len(values) > 1 and all(map(is_, values, repeat(values[0]))):
        return _shown(values[:1], kind) * len(values)
    if kind == "text":
        texts = [_escaped_text(str(value)) for value in values]
    else:
        # Up to 15 digits, a decimal's own text denotes the same float; a longer one is cut to a float's precision.
        texts = [text if len(text) < _EXACT_TEXT else repr(float(text)) for text in map(str, values)]
        # None is searched for as text: a search among decimals would compare each of them.
        if _BLANK in texts:
            texts = ["0.0" if text == _BLANK else text for text in texts]
    # This sign occurs in no text: the file format cannot store it.
    return "\0".join(texts).encode().split(b"\0")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=10_000)
def _escaped_text(text: str) -> str:
    # The library writes a sign that the format cannot store as _x0007_, so text that looks like it is escaped.
    text = _CONTROL.sub(lambda match: f"_x{ord(match[0][0]):04X}_" + match[0][1:], text)
    return _escaped(text)


def _with_dimension(head: str, last_row: int) -> str:
    """Correct the used range, which the skeleton knew only up to its own last row."""

    def grown(match: re.Match[str]) -> str:
        return f'<dimension ref="{match[1]}:{match[2]}{max(int(match[3]), last_row)}"/>'

    return re.sub(r'<dimension ref="([A-Z]+\d+):([A-Z]+)(\d+)"/>', grown, head, count=1)


def literal(text: str) -> str:
    """Return a text as formulas quote it; a longer one than they take is put together of pieces."""
    pieces = [text[at : at + _LONGEST_TEXT] for at in range(0, len(text), _LONGEST_TEXT)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def quoted(sheet_name: str) -> str:
    """Return a sheet's name as formulas quote it: 'План отдела'."""
    return "'" + sheet_name.replace("'", "''") + "'"


def write_headings(sheet: Any, row: int, headings: Sequence[str], style: Any) -> None:
    """Write a row of headings from the first column on."""
    for index, heading in enumerate(headings):
        sheet.write_string(row, index, heading, style)
