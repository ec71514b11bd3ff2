"""A person's statement as one offline page without scripts and links, pictures inside; it prints on a page of A4."""

from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, money, percent, word
from kpicalc.model.listing import Listing
from kpicalc.model.scheme import SchemeBook
from kpicalc.people.density import density_of
from kpicalc.people.drawing import goal_bar, month_bars
from kpicalc.people.results import Result
from kpicalc.people.statement import PersonStatement
from kpicalc.screen.fact_rows import cell_text

_PERCENT_PLACES = 4
"""A computed per cent is shown to a hundredth of a per cent."""

if TYPE_CHECKING:
    from jinja2 import Environment


def statement_page(statement: PersonStatement, book: SchemeBook) -> str:
    """Return the page of a statement; all text that people typed is escaped."""
    language = book.language
    months = [(escape(name), amount, escape(money(amount, language))) for name, amount in statement.months]
    return (
        environment()
        .get_template("statement.html")
        .render(
            **phrases(language),
            one=statement,
            css=Markup(text("style.css")),  # noqa: S704 - our own file
            density=density_of(statement),
            months=Markup(month_bars(months)),  # noqa: S704 - made of escaped texts
            listings=[_listing(listing, book) for listing in statement.listings],
        )
    )


def phrases(language: Language) -> dict[str, object]:
    """Return the functions that every template calls: words, and figures for people."""
    return {
        "language": language,
        "w": lambda name: word(f"people.page.{name}", language),
        "money": lambda value: money(value, language),
        "figure": partial(figure_text, language=language),
        "share": lambda value: "—" if value is None else percent(round(value, 3), language),
        "bar": partial(_bar, language=language),
    }


@cache
def environment() -> "Environment":
    """Return the templates of this room; all values filled into them are escaped."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    names = [item.name for item in files(__package__).joinpath("templates").iterdir()]
    loader = DictLoader({name: text(name) for name in sorted(names)})
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip


@cache
def text(name: str) -> str:
    """Return a file of the templates' folder."""
    return files(__package__).joinpath("templates").joinpath(name).read_text(encoding="utf-8")


def figure_text(value: Decimal | None, unit: Unit, language: Language) -> str:
    """Write a figure for people; an unknown one is a dash."""
    if value is None:
        return "—"
    return show(round(value, _PERCENT_PLACES) if unit == "percent" else value, unit, language)


def _bar(item: Result, language: Language) -> Markup:
    label = f"{item.title}: {'—' if item.share is None else percent(round(item.share, 3), language)}"
    return Markup(goal_bar(item.share, escape(label)))  # noqa: S704 - the label is escaped


def _listing(listing: Listing, book: SchemeBook) -> dict[str, object]:
    language, title = book.language, listing.title or book.kpi_title(listing.kpi)
    rest = listing.count - len(listing.rows)
    return {
        "title": word("people.page.listing", language).format(kpi=title, count=listing.count),
        "kpi": title,
        "headings": listing.headings,
        "rows": [
            {
                "cells": [cell_text(cell, language) for cell in row.cells],
                "value": cell_text(row.value, language),
            }
            for row in listing.rows
        ],
        "rest": word("people.page.rest", language).format(count=rest) if rest > 0 else "",
    }
