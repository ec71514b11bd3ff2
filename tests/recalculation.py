"""Recalculate a written workbook with engines that are not ours, and compare every formula cell with its stored value.

People and programs that do not recalculate (pandas, 1C, previews) read the stored value; a spreadsheet shows its own.
Money must be the same to the kopeck in both, texts letter by letter.
"""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import ironcalc
import openpyxl
import pytest

from kpicalc.app import Outcome, run
from kpicalc.lang import message, severity

Cell = str | float | int | bool | None
Sheets = Mapping[str, Sequence[Sequence[object]]]
KOPECK = 0.005
DIGITS = 1e-14
"""A spreadsheet keeps 15 significant digits: of an amount above 10^12 the last ones are noise."""
_OOO = "http://openoffice.org/2001/registry"
_RECALCULATE_ALWAYS = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="{_OOO}" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Difference:
    """A formula cell whose recalculated value is not the stored one."""

    sheet: str
    cell: str
    formula: str
    stored: Cell
    recalculated: Cell

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} ={self.formula[1:]}: stored {self.stored!r}, gives {self.recalculated!r}"


# -- the month, from a table of cells to a payroll ------------------------------------------------------------------


def write_month(path: Path, sheets: Sheets) -> Path:
    """Write a workbook of plain cells, as a clerk would keep it; texts that start with `=` stay texts."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    cell = sheet.cell(row, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    book.save(path)
    return path


def pay(folder: Path, scheme: str, sheets: Sheets, *, period: str = "2026-10") -> Outcome:
    """Pay a month from a scheme's text and a table of cells; refused months come back with their issues."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    workbook = write_month(folder / "month.xlsx", sheets)
    return run(workbook, folder / "scheme.yaml", period=period, out=folder / "payroll.xlsx")


def paid(folder: Path, scheme: str, sheets: Sheets) -> Outcome:
    """Pay a month that must be paid."""
    outcome = pay(folder, scheme, sheets)
    refused = [
        f"{item.code} {item.place}: {message(item, 'en')}" for item in outcome.issues if severity(item) == "error"
    ]
    assert not refused, refused
    assert outcome.files
    return outcome


def totals(outcome: Outcome) -> dict[str, Decimal]:
    """Return every payee's total by personnel number."""
    assert outcome.payroll is not None
    people = outcome.payroll.inputs.payees
    return {
        people[index].id: pay.columns[pay.statement.total][at]
        for pay in outcome.payroll.schemes
        for at, index in enumerate(pay.payees)
    }


def lines(outcome: Outcome, payee: str) -> dict[str, Decimal]:
    """Return one payee's lines by id."""
    assert outcome.payroll is not None
    people = outcome.payroll.inputs.payees
    return next(
        {line.id: pay.columns[line.figure][at] for line in pay.statement.lines}
        for pay in outcome.payroll.schemes
        for at, index in enumerate(pay.payees)
        if people[index].id == payee
    )


# -- two engines ----------------------------------------------------------------------------------------------------


class IronCalc:
    """A workbook recalculated in this process."""

    name = "IronCalc"

    def __init__(self, path: Path) -> None:
        self.model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self.model.evaluate()
        self.sheets = {item["name"]: index for index, item in enumerate(_properties(self.model))}

    def value(self, sheet: str, row: int, column: int) -> Cell:
        """Return what a cell shows after recalculation; rows and columns count from 1."""
        found: Cell = self.model.get_cell_value(self.sheets[sheet], row, column)
        return found


def _properties(model: object) -> list[dict[str, str]]:
    found = model.get_worksheets_properties()  # type: ignore[attr-defined]
    return [item if isinstance(item, dict) else {"name": item.name} for item in found]


class LibreOffice:
    """A workbook recalculated by LibreOffice, which is told to distrust what the file says."""

    name = "LibreOffice"
    known: ClassVar[dict[Path, Path]] = {}
    """Workbooks that `ahead` has recalculated already: one start of the program serves many."""

    def __init__(self, path: Path) -> None:
        with TemporaryDirectory() as folder:
            found = self.known.pop(path, None) or recalculated_by_libreoffice([path], Path(folder))[0]
            self.book = openpyxl.load_workbook(found, data_only=True)

    def value(self, sheet: str, row: int, column: int) -> Cell:
        """Return what a cell shows after recalculation; rows and columns count from 1."""
        found: Cell = self.book[sheet].cell(row, column).value
        return found

    @classmethod
    def ahead(cls, paths: Sequence[Path], folder: Path) -> None:
        """Recalculate several workbooks at once, for the next comparison of each."""
        cls.known |= dict(zip(paths, recalculated_by_libreoffice(paths, folder), strict=True))


Engine = Callable[[Path], IronCalc | LibreOffice]
IN_LIBREOFFICE = pytest.mark.libreoffice
"""It takes seconds to start: `.ci/run` asks for these tests beside the others, `pytest -m libreoffice`."""
ENGINES = [IronCalc, pytest.param(LibreOffice, marks=IN_LIBREOFFICE)]


def recalculated_by_libreoffice(paths: Sequence[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """Return the workbooks as LibreOffice saves them after a full recalculation."""
    libreoffice_or_skip()
    profile, given, out = folder / "profile", folder / "in", folder / "out"
    (profile / "user").mkdir(parents=True)
    given.mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE_ALWAYS, encoding="utf-8")
    copies = [Path(shutil.copy(path, given / f"{number}.xlsx")) for number, path in enumerate(paths)]
    command = ["soffice", f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(out), *map(str, copies)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    found = [out / f"{path.stem}.{kind}" for path in copies]
    assert all(path.exists() for path in found), f"soffice converted nothing: {done.stdout} {done.stderr}"
    return found


def libreoffice_or_skip() -> None:
    """Skip a test where LibreOffice is not installed; in CI it has to be, so there the test fails."""
    if shutil.which("soffice") is None:
        if os.environ.get("CI"):
            pytest.fail("soffice is missing: CI recalculates with LibreOffice too")
        pytest.skip("LibreOffice is not installed")


# -- the comparison -------------------------------------------------------------------------------------------------


def differences(path: Path, engine: Engine = IronCalc) -> list[Difference]:
    """Return every formula cell whose stored value is not what the engine computes; none is what a payroll needs."""
    formulas = openpyxl.load_workbook(path)
    stored = openpyxl.load_workbook(path, data_only=True)
    calculated = engine(path)
    found = []
    seen = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                seen += 1
                was = stored[sheet.title].cell(cell.row, cell.column).value
                now = calculated.value(sheet.title, cell.row, cell.column)
                if not same(was, now):
                    found.append(Difference(sheet.title, cell.coordinate, str(cell.value), was, now))
    assert seen, "a payroll without formulas was checked for nothing"
    return found


def same(stored: Cell, now: Cell) -> bool:
    """Tell whether two values are one: amounts to the kopeck within 15 digits, texts letter by letter."""
    if isinstance(stored, bool) or isinstance(now, bool):
        return stored is now
    if isinstance(stored, int | float) and isinstance(now, int | float):
        # Below a kopeck lie shares and attainments, which are held to a millionth.
        limit = max(DIGITS * abs(stored), min(KOPECK, 1e-6 * max(abs(stored), 1e-3)))
        return abs(stored - now) <= limit
    return (stored or "") == (now or "") and not isinstance(stored or now or "", int | float)


def corrupt(path: Path, sheet_part: str, cell: str, value: str) -> None:
    """Overwrite the stored value of one formula cell in the file, as a bug of ours would."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    text = parts[sheet_part].decode()
    pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f><v>)[^<]*(</v>)'
    changed, count = re.subn(pattern, rf"\g<1>{value}\g<2>", text)
    assert count == 1, f"{cell} of {sheet_part} holds no formula with a stored value"
    parts[sheet_part] = changed.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
