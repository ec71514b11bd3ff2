"""One look for every table in a terminal: names at the left may break, figures at the right never do."""

from rich import box
from rich.table import Column, Table
from rich.text import Text

DASH = "—"
"""It stands where there is no figure."""


def texts(title: str, *, width: int | None = None, widest: int | None = None, breaks: bool = True) -> Column:
    """Return a column of words; only with `breaks` may a line of it break."""
    return Column(header=Text(title), width=width, max_width=widest, overflow="fold", no_wrap=not breaks)


def figures(title: str, *, width: int | None = None, widest: int | None = None, style: str = "") -> Column:
    """Return a column of figures; if a width is stated, its heading breaks between words."""
    whole = width is None and widest is None
    return Column(
        header=Text(title),
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
    """Add a row of plain text, without interpreting markup; `last` ends a section."""
    # A text without brackets needs no escaping.
    table.add_row(*map(Text, cells), style=style or None, end_section=last)
