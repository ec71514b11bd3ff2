"""Steps of pay against the engine, for every case of every component: pay just below a bound and at it.

What the lint says a bound is worth is read from two halves of a tree; here the whole scheme is computed on both sides.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from test_cases import Case, all_cases

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.lint.judge import judged
from kpicalc.engine.lint.rule import Subject
from kpicalc.engine.lint.steps import Step, steps_of
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import SchemePay
from kpicalc.engine.statement import Line
from kpicalc.engine.tree.formula import Both
from kpicalc.engine.tree.sources import Given
from kpicalc.engine.tree.values import Rows, numbers, truths
from kpicalc.lang import severity
from kpicalc.model.money import exact_context

_CLOSE = Decimal("1e-9")
_ROUNDED_TWICE = Decimal("0.02")
_CASES = [pytest.param(*item.values, id=item.id) for item in all_cases()]


@pytest.mark.parametrize("case", _CASES)
def test_steps_are_worth_what_the_engine_pays(case: Case) -> None:
    book, issues = case.book("ru")
    statements, found = compile_schemes(book)
    if any(severity(item) == "error" for item in [*issues, *found]):
        return
    payroll = compute(book, statements, case.inputs(book))
    # No remark stands in the way of paying, whatever is judged.
    judged([*issues, *found, *payroll.issues], Subject(book, statements, payroll), check=True)
    judged([*issues, *found], Subject(book, statements), check=True)
    pay = payroll.schemes[0]
    if not pay.payees or any(severity(item) == "error" for item in payroll.issues):
        return
    # Of several people one is looked at: the others' results stay as they are.
    pay = replace(pay, payees=pay.payees[:1], columns={key: values[:1] for key, values in pay.columns.items()})
    with exact_context():
        for line in pay.statement.lines:
            steps = [step for step in steps_of(pay.statement, line) if step.column and not step.gradual]
            bounds = Counter((step.result, step.bound) for step in steps)
            for step in steps:
                if bounds[step.result, step.bound] == 1:
                    compare(pay, line, step)


def compare(pay: SchemePay, line: Line, step: Step) -> None:
    assert step.column
    (bound,) = numbers(step.bound, Rows(pay.columns, 1))
    sides = (bound - _CLOSE, bound) if step.included else (bound, bound + _CLOSE)
    below, above = (computed(pay, step.column.key, result) for result in sides)
    if above is None or below is None or not all(truths(Both(step.guards), Rows(side, 1))[0] for side in (below, above)
                                                 if step.guards):  # fmt: skip
        return
    (gain,) = step.gains(above, [0])
    assert abs(above[line.figure][0] - below[line.figure][0] - gain) <= _ROUNDED_TWICE, (line.id, step.bound)


def computed(pay: SchemePay, key: str, result: Decimal) -> Mapping[str, Sequence[Decimal]] | None:
    """Return everything that comes of another result of the person; None where it cannot be computed."""
    columns: dict[str, Sequence[Decimal]] = {}
    for figure in pay.statement.figures:
        if figure.key == key:
            columns[key] = [result]
        elif isinstance(figure.source, Given):
            columns[figure.key] = pay.columns[figure.key]
        else:
            rows = Rows(columns, 1)
            columns[figure.key] = numbers(figure.source, rows)
            if rows.faults:
                return None
    return columns
