"""Salaries, rates of employment, personal amounts and plans, ten times those of the same position or a tenth of them.

So are coefficients by which a pool is shared: 12 in place of 1.2 takes nearly all of it from the others. Everybody is
compared with the median of the others of their position who are paid by such a figure too. Of an even number of others
both middle ones count: beside one slip of three people the other two are not far from everybody.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.middle import far_from_middle
from kpicalc.engine.lint.people import people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.sources import Actual, Attainment, OwnColumn, Personal, Plan, StatedPlan, series_of
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import spelling_key

_TIMES = Decimal(10)
_COMPARED = frozenset({"salary", "salary_after", "fte", "fte_after"})
_Figures = dict[
    Actual | Plan | StatedPlan | Personal | OwnColumn, tuple[str, Unit, dict[str, tuple[list[int], list[Decimal]]]]
]
"""By source the title, the unit, and by position the payees with their figures."""


def _find(subject: Subject) -> Iterator[Remark]:
    payroll = subject.payroll
    if payroll is None:
        return
    seen: set[int] = set()
    for source, (title, unit, positions) in _figures(payroll, coefficients(subject.book)).items():
        odd = [
            item
            for group in positions.values()
            for item in far_from_middle(*group, unit, subject.book.language, _TIMES)
        ]
        # Without a change of pay the salary after it is the salary before, which is reported already.
        odd = sorted((item for item in odd if item.payee not in seen), key=lambda item: item.payee)
        series = series_of(source, payroll.inputs)
        if odd and series:
            seen |= {item.payee for item in odd}
            facts = {"title": title, "times": int(_TIMES)} | people(odd, payroll.inputs)
            yield remark("odd_salaries", series.place(odd[0].payee), **facts)


def coefficients(book: SchemeBook) -> set[str]:
    """Return the KPIs by which pools are shared."""
    pools = [item.component for role in book.schemes.values() for item in role.pay if item.name == "pool"]
    return {name for pool in pools for name in ([pool.by] if isinstance(pool.by, str) else pool.by)} & book.kpis.keys()


def _figures(payroll: Payroll, coefficients: set[str]) -> _Figures:
    figures: _Figures = {}
    for pay in payroll.schemes:
        groups: dict[str, list[int]] = defaultdict(list)
        for row, payee in enumerate(pay.payees):
            groups[spelling_key(payroll.inputs.payees[payee].position)].append(row)
        for figure in pay.statement.given():
            source = figure.source
            match source:
                case Personal(name) if name in _COMPARED:
                    pass
                case Actual(kpi) if kpi in coefficients:
                    pass
                case Plan() | StatedPlan():
                    pass
                case OwnColumn() if figure.unit == "money":
                    pass
                case _:
                    continue
            *_, positions = figures.setdefault(source, (figure.title, figure.unit, {}))
            column = pay.columns[figure.key]
            foreseen = isinstance(source, Plan | StatedPlan) and _zero_is_foreseen(pay.statement, source.kpi)
            for position, all_rows in groups.items():
                rows = [row for row in all_rows if column[row]] if foreseen else all_rows
                payees, values = positions.setdefault(position, ([], []))
                payees += [pay.payees[row] for row in rows]
                values += [column[row] for row in rows]
    return figures


def _zero_is_foreseen(statement: Statement, kpi: str) -> bool:
    """Tell whether the scheme says what the attainment of a plan of zero is; a goal of zero is always reached."""
    by_attainment = any(isinstance(one.role, Attainment) and one.role.kpi == kpi for one in statement.figures)
    return by_attainment and statement.scheme.rules.zero_plan in ("zero", "full")


RULE = Rule(("odd_salaries",), _find, when="always", monthly=("odd_salaries",))
