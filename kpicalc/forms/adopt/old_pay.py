"""The old sheet's own pay: its formulas as a scheme, and what that scheme pays beside what the sheet says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.payroll import compute
from kpicalc.engine.syntax import Name, Opposite, Syntax
from kpicalc.forms.adopt.attempt import Attempt
from kpicalc.forms.adopt.draft import Draft, latin
from kpicalc.forms.adopt.pay_formula import Forms, summands, text_of, tree_of
from kpicalc.forms.adopt.pay_lines import Component, component_of
from kpicalc.forms.adopt.pay_terms import NotUnderstood, Terms
from kpicalc.forms.adopt.scheme_text import Starter, quoted
from kpicalc.forms.adopt.sight import Column, Seen
from kpicalc.forms.adopt.trial import tried
from kpicalc.lang import severity
from kpicalc.model.adopted import DifferenceClass, OldPay, PaidDifference, Understood
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.money import from_cell
from kpicalc.model.persons import name_finder
from kpicalc.model.texts import name_key

_KOPECK = Decimal("0.01")
_ROUNDED = Decimal("0.05")
"""As far as a sheet that rounds nothing, or its parts, may be from a scheme that rounds its lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of old pay: its heading, the column that shows it by itself (None: a part of the total), its component."""

    id: str
    title: str
    column: int | None
    component: Component


@dataclass
class Old:
    """The column of old pay: its table, the lines that were recognised, the amounts by the payee's index."""

    seen: Seen
    column: Column
    lines: list[Line] = field(default_factory=list)
    complete: bool = True
    zero: bool = False
    amounts: dict[int, Decimal] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    """The sheet's row of every payee."""


def old_pay(one: Attempt, heading: str) -> Old | None:
    """Return the column of old pay with its lines; None, with a question, where there is none or are several."""
    draft = one.draft
    wanted = name_key(heading)
    found = [
        (seen, column)
        for seen in one.sights.tables.values()
        for column in seen.columns
        if wanted in (name_key(column.title), *seen.line.keys[column.at]) and column.cells
    ]
    if len(found) != 1:
        code = "paid_twice" if found else "paid_absent"
        places = [seen.place(column.at) for seen, column in found]
        draft.ask(code, places[0] if places else "", places, heading=heading)
        return None
    seen, column = found[0]
    old = Old(seen, column)
    if one.trial.inputs is not None:
        _match(old, one.trial.inputs)
    _recognise(one, old)
    return old


def _match(old: Old, inputs: Inputs) -> None:
    """Find the payee of every row of the table, and the amount that stands there."""
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


def _recognise(one: Attempt, old: Old) -> None:
    """Turn the formulas of the column into lines; what is not understood is asked."""
    roster = one.sights.roster
    if roster is None:
        return
    sheets = {name_key(sheet.name): sheet for sheet in one.book.sheets}
    forms = Forms(old.seen.sheet.name)
    terms = Terms(one.draft, old.seen, roster, sheets, one.sights.tables, forms)
    form = terms.form_of(old.column)
    tree = tree_of(form) if form else None
    if form is None or tree is None:
        old.complete = False
        return
    taken: set[str] = set()
    for title, column, part in _parts(terms, tree, old.column):
        try:
            said = terms.said(part)
        except NotUnderstood:
            old.complete = False
            at = old.column.at if column is None else column
            one.draft.ask("pay_line", old.seen.place(at), [_first_formula(old.seen, at)], heading=title)
            continue
        key = _free(one.draft, title, taken)
        component = component_of(said, key, title, list(one.draft.kpis))
        if component.entry.startswith("base_salary") and text_of(said) == "salary":
            component = Component("base_salary", f"base_salary: {{id: {key}, title: {quoted(title)}, amount: salary}}")
        old.lines.append(Line(key, title, column, component))
    old.zero = terms.zero
    for at, key in terms.own.items():
        title = roster.column(at).title
        one.draft.own[key] = (title, "руб")
        one.draft.columns.setdefault("employees", {})[key] = title


def _parts(terms: Terms, tree: Syntax, column: Column) -> list[tuple[str, int | None, Syntax]]:
    """Return what the total adds up: other columns by their headings, and what is left in the total itself."""
    parts: list[tuple[str, int | None, Syntax]] = []
    rest = 0
    items = summands(tree)
    for item in items:
        inner = item.item if isinstance(item, Opposite) else item
        at = int(inner.at.text[1:]) if isinstance(inner, Name) and inner.at.text.startswith("c") else None
        other = next((one for one in terms.seen.columns if one.at == at), None)
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
    column = next((one for one in seen.columns if one.at == at), None)
    return next(iter(column.formulas.values()), "—") if column else "—"


def _free(draft: Draft, title: str, taken: set[str]) -> str:
    key = wanted = latin(title) or "line"
    number = 1
    while key in taken or key in draft.kpis:
        number += 1
        key = f"{wanted}_{number}"
    taken.add(key)
    return key


def starter_of_old(old: Old) -> Starter:
    """Return the pay of a scheme that pays as the old sheet does, as far as it was understood."""
    return Starter([("", line.component.entry) for line in old.lines], complete=True, zero=old.zero)


def compared(one: Attempt, old: Old, text: str) -> OldPay:
    """Pay the written scheme by the engine, and compare it person by person and line by line."""
    told = tuple(
        Understood(line.title, old.seen.place(old.column.at if line.column is None else line.column),
                   line.component.entry)
        for line in old.lines
    )  # fmt: skip
    plain = OldPay(old.column.title, old.seen.place(old.column.at), told)
    trial = tried(text, one.book, one.draft.period)
    if trial.schemes is None or trial.inputs is None or not old.lines:
        return plain
    statements, issues = compile_schemes(trial.schemes)
    if any(severity(found) == "error" for found in (*issues, *trial.errors)):
        return plain
    payroll = compute(trial.schemes, statements, trial.inputs)
    if not payroll.schemes:
        return plain
    pay = payroll.schemes[0]
    count, differences = 0, []
    columns = {line.title: pay.columns[line.figure] for line in pay.statement.lines}
    for at, index in enumerate(pay.payees):
        payee = trial.inputs.payees[index]
        row = old.rows.get(index)
        if row is None:
            continue
        amounts = [(line.title, line.column, columns[line.title][at], line.component.bounds)
                   for line in old.lines if line.column is not None and line.column != old.column.at]  # fmt: skip
        if old.complete:
            bounds = tuple(bound for line in old.lines for bound in line.component.bounds)
            amounts.append((old.column.title, old.column.at, pay.columns[pay.statement.total][at], bounds))
        for title, column, new, limits in amounts:
            value = old.seen.column(column).numbers.get(row)
            if value is None:
                continue
            was = from_cell(value)
            count += 1
            if was.quantize(_KOPECK, ROUND_HALF_UP) == new:
                continue
            kind = _kind(old, column, row, (was, new), limits, trial.inputs, index)
            place = old.seen.place(column, row)
            differences.append(PaidDifference(payee.id, payee.name, title, was, new, kind, place))
    differences = _inherited(differences, old.column.title)
    return OldPay(plain.heading, plain.place, told, count, count - len(differences), tuple(differences))


def _inherited(found: Sequence[PaidDifference], total: str) -> list[PaidDifference]:
    """Give the difference of a total the class of the lines that differ, where it has no reason of its own."""
    by_line: dict[str, set[DifferenceClass]] = {}
    for one in found:
        if one.line != total:
            by_line.setdefault(one.id, set()).add(one.kind)
    own = {"typed", "constant"}
    return [
        replace(one, kind=next(iter(kinds)))
        if one.line == total and one.kind not in own and len(kinds := by_line.get(one.id, set())) == 1
        else one
        for one in found
    ]


def _kind(
    old: Old,
    at: int,
    row: int,
    amounts: tuple[Decimal, Decimal],
    bounds: Sequence[tuple[str, Decimal]],
    inputs: Inputs,
    index: int,
) -> DifferenceClass:
    """Say why the scheme pays another amount than the sheet."""
    column = old.seen.column(at)
    if column.formulas and row not in column.formulas:
        return "typed"
    forms = Forms(old.seen.sheet.name)
    every = {other: forms.form(text, other) for other, text in column.formulas.items()}
    mine = every.get(row)
    texts = [form.text for form in every.values() if form]
    usual = max(set(texts), key=texts.count) if texts else ""
    if mine is not None and mine.text != usual:
        bare = next(form.bare for form in every.values() if form and form.text == usual)
        return "constant" if mine.bare == bare else "other"
    if abs(amounts[0] - amounts[1]) <= _ROUNDED:
        return "rounding"
    return "bound" if any(_stands_at(measure, bound, inputs, index) for measure, bound in bounds) else "other"


def _stands_at(measure: str, bound: Decimal, inputs: Inputs, index: int) -> bool:
    """Tell whether a person's figure is just at a bound of a scale."""
    kpi, _, plan = measure.partition(" / plan(")
    actual = _value(inputs.actual, kpi, index)
    if actual is None:
        return False
    if not plan:
        return actual == bound
    planned = _value(inputs.plan, plan.rstrip(")"), index)
    return bool(planned) and planned is not None and abs(actual / planned - bound) < _KOPECK / 10


def _value(series: Mapping[str, Series], key: str, index: int) -> Decimal | None:
    found = series.get(key)
    return found.values[index] if found is not None else None
