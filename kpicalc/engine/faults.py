"""Faults (figures that could not be computed), turned into issues that name the payee and the cell."""

from collections.abc import Iterable, Iterator, Sequence

from kpicalc.engine.result import Columns
from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.tree.formula import Arith, Band, Column, Node, Round, Slices, unit_of
from kpicalc.engine.tree.sources import Actual, Attainment, DuePlan, Given, GoalShare, Personal, series_of
from kpicalc.engine.tree.values import Fault
from kpicalc.engine.tree.words import show, tell
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook

_NORMS = (Personal("days_norm"), Personal("hours_norm"))


def fault_issue(
    fault: Fault, figure: Figure, payee: str, place: Place, statement: Statement, book: SchemeBook, columns: Columns
) -> Issue:
    """Turn a fault into an issue that names the payee."""
    node: Node = fault.node
    language = book.language
    if isinstance(node, Band | Slices):
        first = node.table.steps[0].bound
        return issue(
            "below_first_band",
            place,
            payee=payee,
            title=figure.title,
            table=node.table.title,
            found=show(fault.value, unit_of(node.of), language),
            allowed=show(first.value, first.unit, language),
        )
    bottom = node.right if isinstance(node, Arith) else node
    divisor = statement.figure(bottom.key).role if isinstance(bottom, Column) else None
    if isinstance(figure.role, Attainment | GoalShare):
        return issue("zero_actual" if isinstance(divisor, Actual) else "zero_plan", place, payee=payee,
                     title=figure.title)  # fmt: skip
    if isinstance(bottom, Column) and divisor in _NORMS:
        return issue("zero_norm", place, payee=payee, title=figure.title, found=bottom.title)
    named = tell(node.right, "number", columns, fault.row, language).names if isinstance(node, Arith) else ""
    return issue("division_by_zero", place, payee=payee, title=figure.title, bottom=named)


def refusals(
    faults: Iterable[tuple[Figure, Fault]],
    payees: Sequence[int],
    statement: Statement,
    inputs: Inputs,
    book: SchemeBook,
    columns: Columns,
) -> Iterator[Issue]:
    """Yield an issue for each fault of a scheme's payees, with the payee and the cell."""
    for figure, fault in faults:
        payee = inputs.payees[payees[fault.row]]
        place = origin(statement, fault.node, payees[fault.row], inputs) or payee.place
        yield fault_issue(fault, figure, str(payee), place, statement, book, columns)


def origin(statement: Statement, node: Node, index: int, inputs: Inputs) -> Place | None:
    """Return the cell of the workbook that a figure that could not be computed depends on."""
    match node:
        case Arith("/", _, right):
            return origin(statement, right, index, inputs)
        case Band(of, _) | Slices(of, _):
            return origin(statement, of, index, inputs)
        case Round(item, _, _):
            return origin(statement, item, index, inputs)
        case Column(key=key):
            figure = statement.figure(key)
            match figure.role, figure.source:
                case DuePlan(_, "season"), Arith(left=plan):
                    return origin(statement, plan, index, inputs)
                case DuePlan(), _:
                    # The plan is zero because no days count, not because the plan itself is zero.
                    return None
            if not isinstance(figure.source, Given):
                return origin(statement, figure.source, index, inputs)
            series = series_of(figure.source, inputs)
            return series.place(index) if series else None
        case _:
            return None
