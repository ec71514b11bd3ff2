"""A payroll changed by hand: values of cells as a spreadsheet stores them, with their formulas kept or typed over."""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl


def edit(path: Path, sheet: str, cells: Mapping[str, object], *, typed: bool = False) -> None:
    """Store other values in cells of a sheet; a formula stays what it was unless its cell is typed over."""
    number = openpyxl.load_workbook(path, read_only=True).sheetnames.index(sheet) + 1
    part, other = f"xl/worksheets/sheet{number}.xml", path.with_suffix(".edited")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                text = data.decode()
                for cell, value in cells.items():
                    text, count = re.subn(
                        rf'<c r="{cell}"((?: s="\d+")?)[^>]*>(<f>.*?</f>)?.*?</c>',
                        lambda found, cell=cell, value=value: _cell(cell, found[1], found[2], value, typed=typed),
                        text,
                    )
                    assert count == 1, (sheet, cell)
                data = text.encode()
            new.writestr(name, data)
    shutil.move(other, path)


def _cell(cell: str, style: str, formula: str | None, value: object, *, typed: bool) -> str:
    formula = "" if typed or formula is None else formula
    if isinstance(value, int | float):
        return f'<c r="{cell}"{style}>{formula}<v>{value}</v></c>'
    if formula:
        return f'<c r="{cell}"{style} t="str">{formula}<v>{escape(str(value))}</v></c>'
    return f'<c r="{cell}"{style} t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


@contextmanager
def vouched(payroll: Path) -> Iterator[None]:
    """Let the manifest beside a payroll name the file as it is now, as somebody does who knows manifests."""
    manifest = payroll.with_name(f"{payroll.stem}.manifest.json")
    before = manifest.read_bytes() if manifest.exists() else None
    if before is not None:
        data = json.loads(before)
        own = {"name": payroll.name, "sha256": sha256(payroll.read_bytes()).hexdigest()}
        data["files"] = [entry | own if entry["target"] is None else entry for entry in data["files"]]
        manifest.write_text(json.dumps(data), encoding="utf-8")
    yield
    if before is not None:
        manifest.write_bytes(before)
