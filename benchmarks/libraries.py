"""What the libraries of a small month take when each does one thing: no program that uses them is faster.

    python benchmarks/libraries.py plan-2026-10.xlsx scheme.yaml out.xlsx

A command of typer, a workbook opened by calamine, one line of YAML read by ruamel.yaml, one model of pydantic, one cell
written by xlsxwriter, one row of a table of rich. To import pydantic makes nothing ready; to use it does.
"""

import pydantic
import python_calamine
import ruamel.yaml
import typer
import xlsxwriter
from rich.console import Console
from rich.table import Table


class Title(pydantic.BaseModel):
    """The one entry that is read of a scheme."""

    title: str


def main(book: str, scheme: str, out: str) -> None:
    """Do one thing with each library."""
    with python_calamine.load_workbook(book) as workbook:
        sheets = len(workbook.sheet_names)
    with open(scheme, encoding="utf-8") as lines:  # noqa: PTH123 - pathlib is not what is measured
        line = next(line for line in lines if line.startswith("title:"))
    read = Title(**ruamel.yaml.YAML(typ="rt").load(line))
    with xlsxwriter.Workbook(out) as written:
        written.add_worksheet().write(0, 0, read.title)
    table = Table("title", "sheets")
    table.add_row(read.title, str(sheets))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
