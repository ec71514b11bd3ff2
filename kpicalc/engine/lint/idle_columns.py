"""Columns of the Plan and Actuals sheets that no pay depends on, though their KPI is used in another way."""

from collections.abc import Iterator

from kpicalc.engine.lint.indicators import funnel_kpis, used_kpis
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.sources import Actual, Plan, Role, StatedPlan, series_of
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Place


def _find(subject: Subject) -> Iterator[Remark]:
    book, inputs, statements = subject.book, subject.inputs, subject.statements.values()
    if inputs is None:
        return
    used = {key for statement in statements for key in used_kpis(statement)}
    taken: set[Role] = {Actual(team.of) for statement in statements for team in statement.teams}
    # A funnel shows conversions of the month and of the plan.
    taken |= {of(key) for key in funnel_kpis(book) for of in (Plan, Actual)}
    # Personal plans are compared with the financial plan.
    taken |= {Plan(key) for key in book.targets}
    taken |= {figure.role for statement in statements for figure in statement.given()}
    # A plan that is stated for a quarter stands in the same column.
    taken |= {Plan(role.kpi) for role in taken if isinstance(role, StatedPlan)}
    apart = [apart for statement in statements for apart in statement.apart.values()]
    taken |= {figure.role for item in apart for figure in item.figures}
    for key, kpi in book.kpis.items():
        # Figures computed from facts have no column.
        for source in (Plan(key), Actual(key)) if kpi.from_ is None else (Plan(key),):
            series = series_of(source, inputs)
            if series and key in used and source not in taken:
                facts = {"sheet": series.sheet, "found": book.kpi_title(key)}
                yield remark("column_idle", _first(series), of_kpi(key), **facts)


def _first(series: Series) -> Place:
    """Return the first cell of a column."""
    row = min((row for row in series.rows if row), default=0)
    return Place(series.file, series.sheet, f"{series.column}{row}" if row else "")


_CODES = ("column_idle",)
RULE = Rule(_CODES, _find, monthly=_CODES)
