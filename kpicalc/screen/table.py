"""One look for every table in a terminal: names at the left, which may break, figures at the right, which never do."""

from rich import box
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

DASH = "—"
"""Stands where there is no figure."""


def texts(title: str, *, width: int | None = None, widest: int | None = None, breaks: bool = True) -> Column:
    """Return a column of words; unless `breaks`, no line of it is ever broken."""
    return Column(header=escape(title), width=width, max_width=widest, overflow="fold", no_wrap=not breaks)


def figures(title: str, *, width: int | None = None, widest: int | None = None, style: str = "") -> Column:
    """Return a column of figures; with a width stated, its heading breaks between words."""
    whole = width is None and widest is None
    return Column(
        header=escape(title),
        justify="right",
        width=width,
        max_width=widest,
        overflow="fold",
        no_wrap=whole,
        style=style,
    )


def table_of(*columns: Column) -> Table:
    """Return an empty table of these columns."""
    return Table(
        *columns, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )


def add_row(table: Table, *cells: str, style: str = "", last: bool = False) -> None:
    """Add a row of plain text, whatever signs stand in it; `last` of its section."""
    # A text that is no markup need not be looked through for any.
    table.add_row(*map(Text, cells), style=style or None, end_section=last)
