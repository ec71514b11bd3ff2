"""Terms that may be personal: a number of the scheme, a column of the Employees sheet, or a share of one."""

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from kpicalc.engine.draft import EMPLOYEE_FIELDS
from kpicalc.engine.terms.time_worked import watch_changes
from kpicalc.engine.tree.formula import ZERO, Arith, Node, Unit, unit_of
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Amount, Exact, NonNegative, NotExact

_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def _named(text: str) -> str:
    """Refuse a text that is no name, such as a mistyped number."""
    if not _IDENTIFIER.fullmatch(text):
        raise NotExact(text)
    return text


ColumnName = Annotated[str, AfterValidator(_named)]
"""A figure of the Employees sheet by its key: `salary`, or a column that the scheme file declares."""


class ShareOf(Entry):
    """A share of a person's own figure: {share: 40%, of: salary}."""

    share: NonNegative
    of: ColumnName


OwnAmount: TypeAlias = Amount | ShareOf | ColumnName
"""Money for everybody, a column of the Employees sheet, or a share of one."""
OwnRate: TypeAlias = Exact | ColumnName
"""A rate for everybody, or a column of the Employees sheet."""


def own_amount(desk: Workings, option: str) -> Node:
    """Return an option that is an amount: a parameter of the scheme or the payee's own figure."""
    value = getattr(desk.component, option)
    if isinstance(value, ShareOf | str):
        return amount_of_row(desk, value, option, "", option)
    return desk.param(option)


def amount_of_row(desk: Workings, value: OwnAmount, name: str, title: str, *path: str | int) -> Node:
    """Return an amount at any path of the component: a parameter with this title and key, or the payee's own figure."""
    if isinstance(value, ShareOf):
        share = desk.term(f"{name}.share", desk.word("figure.share"), value.share, "percent")
        return Arith("*", _own(desk, value.of, "money", *path, "of"), share)
    return _own(desk, value, "money", *path) if isinstance(value, str) else desk.term(name, title, value, "money")


def own_rate(desk: Workings, option: str = "rate") -> Node:
    """Return an option that is a rate: a parameter of the scheme or the payee's own figure."""
    value = getattr(desk.component, option)
    return _own(desk, value, "percent", option) if isinstance(value, str) else desk.param(option)


def _own(desk: Workings, name: str, unit: Unit, *path: str | int) -> Node:
    """Return a figure of the Employees sheet; refuse one whose unit is not the needed one."""
    node: Node
    if name in desk.book.employees:
        node = desk.own_column(name)
    elif field := next((field for field in EMPLOYEE_FIELDS if field == name), None):
        if field in ("salary", "fte"):
            watch_changes(desk)
        node = desk.employee(field)
    else:
        desk.refuse_name("unknown_column", name, [*desk.book.employees, *EMPLOYEE_FIELDS], *path)
        return ZERO
    if unit_of(node) not in (unit, "number"):
        facts = {"title": getattr(node, "title", name), "needed": desk.word(f"units.{unit}")}
        desk.refuse("column_unit", *path, found=name, **facts)
    return node
