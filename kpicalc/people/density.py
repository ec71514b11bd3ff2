"""How densely a statement is printed, so that it stays on one page of A4 and never below 8 pt."""

from typing import Literal

from kpicalc.model.record import record
from kpicalc.people.statement import PersonStatement

Density = Literal["", "dense", "terse"]
"""The usual type; a smaller one without steps, months and rows of facts; the same without rules in words."""
_PAGE = 735
"""The height of a page of A4 without its margins, in points, with some to spare."""


@record
class _Type:
    """The heights of the parts of a statement in a density, in points, and the signs in a line of words."""

    head: int
    section: int
    row: float
    why: float
    signs: int
    step_signs: int


_USUAL = _Type(head=150, section=27, row=16.5, why=10.8, signs=92, step_signs=62)
_DENSE = _Type(head=135, section=20, row=12.5, why=9.8, signs=98, step_signs=70)


def density_of(statement: PersonStatement) -> Density:
    """Return the roomiest density at which a statement fits on one page."""
    if _height(statement, _USUAL, steps=True) <= _PAGE:
        return ""
    return "dense" if _height(statement, _DENSE, steps=False) <= _PAGE else "terse"


def _height(statement: PersonStatement, type_: _Type, *, steps: bool) -> float:
    """Return about how high a printed statement is, in points."""
    rows, sections, why = len(statement.results) + len(statement.adjustments) + len(statement.beside), 2, 0
    for line in (*statement.earned, *statement.withheld):
        rows += 1
        for sentence in (*(line.steps if steps else ()), line.sentence):
            why += -(-len(sentence) // type_.signs)
    for title, text in statement.next_steps:
        rows += max(-(-len(text) // type_.step_signs), -(-len(title) // 28))
    sections += bool(statement.adjustments) + bool(statement.next_steps)
    height = type_.head + sections * type_.section + rows * type_.row + why * type_.why
    if steps:
        height += 105 if len(statement.months) > 1 else 0
        height += sum(type_.section + (2 + len(listing.rows)) * type_.row * 1.3 for listing in statement.listings)
    return height + 2 * type_.row
