"""The rows of facts behind a figure, as a table for the terminal."""

from datetime import date, datetime, time
from decimal import Decimal

from rich.console import Console
from rich.text import Text

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.issue import Place
from kpicalc.model.listing import Listing
from kpicalc.screen.person import in_full
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts


def print_fact_rows(payroll: Payroll, listing: Listing, console: Console) -> None:
    """Print the figure, and below it the rows that it is computed from."""
    language, kpi, payee = payroll.book.language, listing.kpi, listing.payee
    person = payroll.inputs.payees[payee]
    figure = payroll.inputs.actual[kpi].values[payee]
    unit = unit_of_kpi(payroll.book.kpis[kpi])
    shown = DASH if figure is None else show(figure, unit, language)
    title = word("terminal.facts.title", language)
    facts = {
        "kpi": payroll.book.kpi_title(kpi),
        "value": shown,
        "person": in_full(person, language),
        "count": listing.count,
    }
    console.print(Text(title.format(**facts), style="bold"))
    if not listing.rows:
        return
    place = texts(word("terminal.facts.place", language), breaks=False)
    columns = (texts(heading) for heading in listing.headings)
    table = table_of(place, *columns, figures(payroll.book.kpi_title(kpi)))
    for row in listing.rows:
        add_row(table, where(row.place), *(cell_text(cell, language) for cell in (*row.cells, row.value)))
    console.print(table)
    if listing.count > len(listing.rows):
        rest = listing.count - len(listing.rows)
        console.print(Text(word("terminal.facts.more", language).format(count=rest), style="dim"))


def where(place: Place) -> str:
    """Write the place of a row: its cell, its line, or the row of a database."""
    return place.cell or (str(place.line) if place.line else place.file)


def cell_text(value: object, language: Language) -> str:
    """Write a cell for people; a date is written without midnight as its time."""
    match value:
        case None:
            return DASH
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
