"""The old sheet's own pay: its formulas as lines of a scheme."""

import re
from dataclasses import field, replace
from decimal import Decimal

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.tree.syntax import Name, Opposite, Syntax
from kpicalc.forms.adopt.attempt import Attempt
from kpicalc.forms.adopt.draft import latin
from kpicalc.forms.adopt.formulas import references
from kpicalc.forms.adopt.pay_formula import Forms, summands, tree_of
from kpicalc.forms.adopt.pay_lines import Component, component_of
from kpicalc.forms.adopt.pay_terms import NotUnderstood, Terms
from kpicalc.forms.adopt.scheme_text import Starter, scheme_text
from kpicalc.forms.adopt.seen import Column, Seen
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import severity
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import from_cell
from kpicalc.model.persons import name_finder
from kpicalc.model.record import record
from kpicalc.model.texts import name_key


@record
class Line:
    """A line of old pay: its heading, its own column (None: it is a part of the total), its component."""

    id: str
    title: str
    column: int | None
    component: Component


@record(frozen=False)
class Old:
    """The column of old pay: its table, the recognised lines, the amounts by the payee's index."""

    seen: Seen
    column: Column
    lines: list[Line] = field(default_factory=list)
    complete: bool = True
    zero: bool = False
    amounts: dict[int, Decimal] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    """The sheet's row of every payee."""


def old_pay(attempt: Attempt, heading: str) -> Old | None:
    """Return the column of old pay with its lines; None, with a question, if there is none or several."""
    draft = attempt.draft
    wanted = name_key(heading)
    matched = [
        (seen, column)
        for seen in attempt.sights.tables.values()
        for column in seen.columns
        if wanted in (name_key(column.title), *seen.line.keys[column.at]) and (column.cells or column.formulas)
    ]
    if len(matched) != 1:
        code = "paid_twice" if matched else "paid_absent"
        places = [seen.place(column.at) for seen, column in matched]
        draft.ask(code, places[0] if places else "", places, heading=heading)
        return None
    seen, column = matched[0]
    old = Old(seen, column)
    if attempt.trial.inputs is not None:
        _match(old, attempt.trial.inputs)
    _recognise(attempt, old)
    return old


def pay_headings(attempt: Attempt) -> tuple[str, ...]:
    """Return the headings of columns that compute pay and that no other formula of the table adds up."""
    headings: list[str] = []
    for seen in attempt.sights.tables.values():
        used = {at for column in seen.columns for text in column.formulas.values() for at in _columns_in(text)}
        headings += [
            column.title
            for column in seen.columns
            if column.heading.kind in ("pay", "total") and column.formulas and column.at not in used
        ]
    return tuple(dict.fromkeys(headings))


def _columns_in(formula: str) -> set[int]:
    return {at for area in references(formula) or () for at in range(area.first[1], area.last[1] + 1)}


def _match(old: Old, inputs: Inputs) -> None:
    """Find the payee of every row of the table, and the amount in the row."""
    find = name_finder([payee.name for payee in inputs.payees])
    numbers = {payee.id: at for at, payee in enumerate(inputs.payees)}
    for row in old.seen.people:
        at = None
        if old.seen.id is not None and (number := _text(old.seen, row, old.seen.id)) in numbers:
            at = numbers[number]
        elif old.seen.name is not None:
            likely = find(_text(old.seen, row, old.seen.name))
            at = likely[0] if len(likely) == 1 else None
        if at is None:
            continue
        old.rows[at] = row
        value = old.column.numbers.get(row)
        if value is not None:
            old.amounts[at] = from_cell(value)


def _text(seen: Seen, row: int, column: int) -> str:
    line = seen.sheet.rows[row]
    value = line[column] if column < len(line) else ""
    return f"{value:.15g}" if isinstance(value, float) else str(value or "").strip()


def _recognise(attempt: Attempt, old: Old) -> None:
    """Turn the formulas of the column into lines; ask about a formula that is not understood."""
    roster = attempt.sights.roster
    if roster is None:
        return
    sheets = {name_key(sheet.name): sheet for sheet in attempt.book.sheets}
    forms = Forms(old.seen.sheet.name)
    terms = Terms(attempt.draft, old.seen, roster, sheets, attempt.sights.tables, forms)
    form = terms.form_of(old.column)
    tree = tree_of(form) if form else None
    if form is None or tree is None:
        old.complete = False
        return
    for title, column, part in _parts(terms, tree, old.column):
        key = _free(terms, title)
        try:
            component = _component(terms, part, key, title, attempt)
        except NotUnderstood:
            old.complete = False
            at = old.column.at if column is None else column
            attempt.draft.ask("pay_line", old.seen.place(at), [_first_formula(old.seen, at)], heading=title)
            continue
        old.lines.append(Line(key, title, column, component))
    old.zero = terms.zero
    rates = {line.component.rate for line in old.lines}
    entries = " ".join(line.component.entry for line in old.lines)
    for at, key in terms.own.items():
        if not re.search(rf"\b{key}\b", entries):
            continue
        title = roster.column(at).title
        attempt.draft.own[key] = (title, "%" if key in rates else "руб")
        attempt.draft.columns.setdefault("employees", {})[key] = title


def _component(terms: Terms, part: Syntax, key: str, title: str, attempt: Attempt) -> Component:
    """Return the component of a part of the pay, if it compiles; else raise NotUnderstood."""
    for constant in (False, True):
        terms.constant = constant
        try:
            component = component_of(terms.said(part), key, title, list(attempt.draft.kpis))
        except NotUnderstood:
            continue
        if _compiles(terms, component, attempt):
            return component
    raise NotUnderstood


def _compiles(terms: Terms, component: Component, attempt: Attempt) -> bool:
    declared = {key: (key, "%" if key == component.rate else "руб") for key in terms.own.values()}
    draft = replace(attempt.draft, own={**attempt.draft.own, **declared}, columns={})
    starter = Starter([("", component.entry)], complete=True)
    schemes, issues = read_scheme_text("scheme.yaml", scheme_text(draft, "x", starter).encode())
    if schemes is None or any(severity(item) == "error" for item in issues):
        return False
    return not any(severity(item) == "error" for item in compile_schemes(schemes)[1])


def _parts(terms: Terms, tree: Syntax, column: Column) -> list[tuple[str, int | None, Syntax]]:
    """Return what the total adds up: other columns by their headings, and the rest of its own formula."""
    parts: list[tuple[str, int | None, Syntax]] = []
    rest = 0
    items = summands(tree)
    for item in items:
        inner = item.item if isinstance(item, Opposite) else item
        at = int(inner.at.text[1:]) if isinstance(inner, Name) and inner.at.text.startswith("c") else None
        other = next((candidate for candidate in terms.seen.columns if candidate.at == at), None)
        if other is not None:
            form = terms.form_of(other)
            own = tree_of(form) if form else None
            if other.heading.kind == "total" and own is not None and not isinstance(item, Opposite):
                parts += _parts(terms, own, other)
            else:
                parts.append((other.title, None if isinstance(item, Opposite) else other.at, item))
        else:
            rest += 1
            title = column.title if len(items) == 1 else f"{column.title}, {rest}"
            parts.append((title, column.at if len(items) == 1 else None, item))
    return parts


def _first_formula(seen: Seen, at: int) -> str:
    column = next((candidate for candidate in seen.columns if candidate.at == at), None)
    return next(iter(column.formulas.values()), "—") if column else "—"


def _free(terms: Terms, title: str) -> str:
    key = wanted = latin(title) or "line"
    number = 1
    while key in terms.lines or key in terms.draft.kpis or key in terms.own.values():
        number += 1
        key = f"{wanted}_{number}"
    terms.lines.add(key)
    return key


def starter_of_old(old: Old) -> Starter:
    """Return the pay of a scheme that pays as the old sheet does, as far as it was understood."""
    return Starter([("", line.component.entry) for line in old.lines], complete=True, zero=old.zero)
