"""Balances kept beside pay: opening balances from the Employees sheet, and tallies that are not paid as money."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from kpicalc.engine.statement import Statement, Tally
from kpicalc.engine.tree.formula import Column, Unit
from kpicalc.engine.tree.sources import Absent, Personal, key_of
from kpicalc.model.fields import BalanceField
from kpicalc.model.scheme import Blank

if TYPE_CHECKING:
    from kpicalc.engine.desk import Desk


def balance(desk: "Desk", name: BalanceField, unit: Unit, heading: str, absent: Absent = "refused") -> Column:
    """Return an opening balance from the Employees sheet; refuse a second component that would use it too."""
    title = desk.word(f"employee.{name}")
    if absent != "none" and key_of(Personal(name)) in desk.draft.figures:
        desk.refuse("balance_twice", found=desk.component.name, title=title)
    blank: Blank = "zero" if absent == "none" else desk.rules.missing or "error"
    return desk.draft.given(Personal(name, absent), (title, heading, desk.title), unit, blank)


def tally(
    desk: "Desk",
    kind: Literal["points", "debt", "owed"],
    figure: Column,
    suffix: str = "",
    carried: BalanceField | None = None,
) -> None:
    """Show a figure beside pay under the component's id; `carried` is the column that it goes to next month."""
    desk.draft.tallies.append(Tally(f"{desk.id}{suffix}", figure.title, kind, figure.key, carried))


def closing_titles(statements: Mapping[str, Statement]) -> dict[BalanceField, str]:
    """Return the title of each closing balance by the column that it is carried to next month."""
    tallies = [tally for statement in statements.values() for tally in statement.tallies]
    return {tally.carried: tally.title for tally in tallies if tally.carried}
