"""The written scheme compared with the old sheet, person by person and line by line, with the cause of differences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.payroll import compute
from kpicalc.forms.adopt.attempt import Attempt
from kpicalc.forms.adopt.old_pay import Old
from kpicalc.forms.adopt.pay_formula import Forms
from kpicalc.forms.adopt.trial import tried
from kpicalc.lang import severity
from kpicalc.model.adopted import DifferenceClass, OldPay, PaidDifference, Understood
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.money import from_cell

_KOPECK = Decimal("0.01")
_ROUNDED = Decimal("0.05")
"""The greatest difference between a sheet without rounding and a scheme that rounds its lines."""


def compared(attempt: Attempt, old: Old, text: str) -> OldPay:
    """Compute pay by the written scheme, and compare it person by person and line by line."""
    lines = tuple(
        Understood(line.title, old.seen.place(old.column.at if line.column is None else line.column),
                   line.component.entry)
        for line in old.lines
    )  # fmt: skip
    plain = OldPay(old.column.title, old.seen.place(old.column.at), lines)
    trial = tried(text, attempt.book, attempt.draft.period)
    if trial.schemes is None or trial.inputs is None or not old.lines:
        return plain
    statements, issues = compile_schemes(trial.schemes)
    if any(severity(item) == "error" for item in (*issues, *trial.errors)):
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
    return OldPay(plain.heading, plain.place, lines, count, count - len(differences), tuple(differences))


def _inherited(differences: Sequence[PaidDifference], total: str) -> list[PaidDifference]:
    """Give the difference of a total the cause of its lines' differences, if it has none of its own."""
    by_line: dict[str, set[DifferenceClass]] = {}
    for difference in differences:
        if difference.line != total:
            by_line.setdefault(difference.id, set()).add(difference.kind)
    causes = {"typed", "constant"}
    return [
        replace(difference, kind=next(iter(kinds)))
        if difference.line == total
        and difference.kind not in causes
        and len(kinds := by_line.get(difference.id, set())) == 1
        else difference
        for difference in differences
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
    """Return why the scheme pays another amount than the sheet."""
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
    """Tell whether a person's figure is exactly at a bound of a scale."""
    kpi, _, plan = measure.partition(" / plan(")
    actual = _value(inputs.actual, kpi, index)
    if actual is None:
        return False
    if not plan:
        return actual == bound
    planned = _value(inputs.plan, plan.rstrip(")"), index)
    return bool(planned) and planned is not None and abs(actual / planned - bound) < _KOPECK / 10


def _value(series: Mapping[str, Series], key: str, index: int) -> Decimal | None:
    figures = series.get(key)
    return figures.values[index] if figures is not None else None
