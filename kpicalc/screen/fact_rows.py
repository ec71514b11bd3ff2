"""The rows of facts behind a figure, as a table for the terminal."""

from datetime import date, datetime, time
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.result import Payroll
from kpicalc.engine.words import show
from kpicalc.lang import Language, word
from kpicalc.model.issue import Place
from kpicalc.model.listing import Listing


def print_fact_rows(payroll: Payroll, listing: Listing, console: Console) -> None:
    """Print the figure, and below it the rows that made it."""
    language, kpi, payee = payroll.book.language, listing.kpi, listing.payee
    person = payroll.inputs.payees[payee]
    figure = payroll.inputs.actual[kpi].values[payee]
    unit = unit_of_kpi(payroll.book.kpis[kpi])
    shown = "—" if figure is None else show(figure, unit, language)
    title = word("terminal.facts.title", language)
    facts = {
        "kpi": payroll.book.kpi_title(kpi),
        "value": shown,
        "name": person.name,
        "id": person.id,
        "count": listing.count,
    }
    console.print(Text(title.format(**facts), style="bold"))
    if not listing.rows:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(word("terminal.facts.place", language), no_wrap=True)
    for heading in listing.headings:
        table.add_column(escape(heading), overflow="fold")
    table.add_column(escape(payroll.book.kpi_title(kpi)), justify="right", no_wrap=True)
    for row in listing.rows:
        table.add_row(_where(row.place), *(escape(cell_text(cell, language)) for cell in row.cells),
                      cell_text(row.value, language))  # fmt: skip
    console.print(table)
    if listing.count > len(listing.rows):
        rest = listing.count - len(listing.rows)
        console.print(Text(word("terminal.facts.more", language).format(count=rest), style="dim"))


def _where(place: Place) -> str:
    return place.cell or (str(place.line) if place.line else place.file)


def cell_text(value: object, language: Language) -> str:
    """Write a cell for people; a day without its midnight."""
    match value:
        case None:
            return "—"
        case bool():
            return word(f"terminal.facts.{'yes' if value else 'no'}", language)
        case Decimal() | int():
            return show(Decimal(value), "number", language)
        case datetime() if value.time() != time():
            return f"{value:%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
        case _:
            return str(value)
