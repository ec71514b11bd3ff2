"""From a file to a book of raw cells. Any fault of the file is an issue, never an exception."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from kpicalc.intake.files.faults_xlsx import FORMULA, SheetFaults
from kpicalc.intake.files.guard import Inspection, inspect
from kpicalc.intake.files.parts import FILE_LIMIT, MIB
from kpicalc.model.book import Book, Raw, Sheet, cell_name
from kpicalc.model.issue import Issue, Place, issue, ranges
from kpicalc.model.stage import tell

_Found = TypeVar("_Found")
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_KNOWN_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#ERROR!"}
_LONG_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S")
_RANGES_SHOWN = 20


def read_book(path: Path) -> tuple[Book | None, list[Issue]]:
    """Read a workbook or a folder of csv files. Without a book the issues say why; with one they are notices."""
    file = str(path)
    try:
        if path.is_dir():
            from kpicalc.intake.files.csv_folder import read_csv_folder

            return read_csv_folder(path)
        if not path.exists():
            return None, [issue("file_not_found", Place(file), found=file)]
        if not path.is_file():
            return None, [issue("file_not_a_workbook", Place(file), found="—")]
        if path.suffix.lower() in _TEXT_SUFFIXES:
            return None, [issue("file_single_csv", Place(file), found=path.name)]
        size = path.stat().st_size
        if size > FILE_LIMIT:
            return None, [issue("file_too_large", Place(file), found=path.name, allowed=f"{FILE_LIMIT // MIB} MiB")]
        data = path.read_bytes()
    except PermissionError:
        return None, [issue("file_locked", Place(file))]
    except FileNotFoundError:
        return None, [issue("file_not_found", Place(file), found=file)]
    except (OSError, ValueError) as error:
        return None, [issue("file_not_readable", Place(file), found=getattr(error, "strerror", None) or error)]
    return _read_bytes(data, file)


def _read_bytes(data: bytes, file: str) -> tuple[Book | None, list[Issue]]:
    inspection = inspect(data, file)
    if isinstance(inspection, Issue):
        return None, [inspection]
    sheets = _guarded(lambda: _sheets(inspection.data or data, file, inspection), file)
    if isinstance(sheets, Issue):
        return None, [sheets]
    # A zipped binary workbook is scanned for errors, but a formula without a value cannot be detected there.
    sure = inspection.kind in ("xlsx", "ods")
    book = Book(file, hashlib.sha256(data).hexdigest(), tuple(sheets), blanks_are_sure=sure)
    return book, [notice for sheet in sheets for notice in _notices(sheet, file)]


def _sheets(data: bytes, file: str, inspection: Inspection) -> list[Sheet] | Issue:
    import python_calamine

    sheets: list[Sheet] = []
    with python_calamine.load_workbook(BytesIO(data)) as workbook:
        for number, meta in enumerate(workbook.sheets_metadata):
            tell("reading", len(workbook.sheets_metadata) + number, 2 * len(workbook.sheets_metadata))
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            if inspection.scanned and meta.name not in inspection.sheets:
                return issue("file_damaged", Place(file, meta.name), found=meta.name)
            faults = inspection.sheets.get(meta.name, SheetFaults())
            rows = _guarded(lambda name=meta.name: _rows(workbook, name, inspection.kind), file)  # type: ignore[misc]
            if isinstance(rows, Issue):
                return _unknown_error(faults, Place(file, meta.name)) or replace(rows, place=Place(file, meta.name))
            _make_room(rows, faults)
            hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
            sheets.append(Sheet(meta.name, rows, hidden, faults.hidden_rows, faults.faults))
    if not sheets:
        return issue("file_damaged", Place(file), found="0")
    return sheets


def _rows(workbook: Any, name: str, kind: str) -> list[list[Raw]]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    if kind == "xlsx":
        # Numbers are floats already; only blanks are replaced, in place, as sheets may be large.
        for row in rows:
            if "" in row:
                row[:] = [None if value == "" else value for value in row]
        return rows  # type: ignore[no-any-return]
    return [[_raw(value) for value in row] for row in rows]


def _raw(value: Any) -> Raw:
    if value == "":
        return None
    if type(value) is int:
        return float(value)
    if isinstance(value, str) and (long := _LONG_TIME.fullmatch(value)):
        # The library returns a time of a day or more in an OpenDocument sheet as the text in the file.
        return timedelta(hours=int(long[1]), minutes=int(long[2]), seconds=float(long[3]))
    return value  # type: ignore[no-any-return]


def _make_room(rows: list[list[Raw]], faults: SheetFaults) -> None:
    """Lengthen rows so that every faulty cell is inside them: the library drops such cells at the edges."""
    for row, column in faults.faults:
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column + 1 - len(rows[row])))


def _unknown_error(faults: SheetFaults, place: Place) -> Issue | None:
    """List the cells with a newer kind of error (#SPILL!), which makes the library reject the whole sheet."""
    cells = [(at, what) for at, what in sorted(faults.faults.items()) if what not in _KNOWN_ERRORS and what != FORMULA]
    if not cells:
        return None
    place = replace(place, cell=cell_name(*cells[0][0]))
    return issue(
        "cell_error_unknown", place, found=cells[0][1], cells=[cell_name(*at) for at, _ in cells[:_RANGES_SHOWN]]
    )


def _guarded(read: Callable[[], _Found], file: str) -> _Found | Issue:
    """Call the reading library: its errors become issues, its panics too, which do not derive from `Exception`."""
    from python_calamine import PasswordError

    try:
        return read()
    except PasswordError:
        return issue("file_encrypted", Place(file))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library derives from BaseException
        return issue("file_damaged", Place(file), found=str(error) or type(error).__name__)


def _notices(sheet: Sheet, file: str) -> list[Issue]:
    place = Place(file, sheet.name)
    notices = [issue("hidden_sheet", place, found=sheet.name)] if sheet.hidden else []
    rows = sorted(
        row for row in sheet.hidden_rows if row < len(sheet.rows) and any(v is not None for v in sheet.rows[row])
    )
    if rows:
        notices.append(issue("hidden_rows", place, found=ranges(rows, _RANGES_SHOWN), count=len(rows)))
    return notices
