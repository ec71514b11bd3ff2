"""Figures and terms that can be paid and yet look like a slip of the pen: warnings, which never change what is paid.

A column is one finding, however many people it concerns: the first of them is named, and the one farthest out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import median

from kpicalc.engine.balance_doubts import balance_doubts
from kpicalc.engine.components.action_pay import ActionPay
from kpicalc.engine.components.clawback import Clawback
from kpicalc.engine.components.commission import Commission
from kpicalc.engine.components.kpi_bonus import Bands, KpiBonus, Points
from kpicalc.engine.components.matrix import Matrix
from kpicalc.engine.components.override import Override
from kpicalc.engine.components.penalty import Penalty
from kpicalc.engine.components.pool import Pool
from kpicalc.engine.components.team_multiplier import TeamMultiplier
from kpicalc.engine.components.true_up import TrueUp
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.formula import Unit
from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Given
from kpicalc.engine.words import show
from kpicalc.lang import severity, word
from kpicalc.model.inputs import EmployeeField, Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook

_ZERO = Decimal(0)
_WHOLE = Decimal(1)
_MOST_SHARE = Decimal(10)
"""A band or point that pays more than 1000 % of the target: 70 instead of 0.7."""
_MOST_MULTIPLIER = Decimal(10)
_ABOVE_PLAN = 20
_ABOVE_OTHERS = 10
_ENOUGH_PEOPLE = 5
_WORKED: Mapping[EmployeeField, EmployeeField] = {"days_worked": "days_norm", "hours_worked": "hours_norm"}
_COUNTED = frozenset(
    {"шт", "штук", "штуки", "раз", "чел", "человек", "ед", "единиц", "pc", "pcs", "piece", "pieces", "times", "people"}
    | {"persons", "units"}
)
"""Units of what is counted one by one."""
_Path = tuple[str | int, ...]


def doubts(book: SchemeBook, payroll: Payroll | None) -> list[Issue]:
    """Return what looks wrong in a sound scheme and in the month's figures."""
    with exact_context():
        found = list(dict.fromkeys(_terms(book)))
        if payroll is not None:
            month = _Month(book, payroll)
            found += [*month.worked(), *month.actuals(), *month.adjustments(), *balance_doubts(book, payroll)]
            # Where a figure could not be computed, the totals mean nothing.
            if not any(severity(item) == "error" for item in payroll.issues):
                found += month.totals()
    return found


def without_examples(book: SchemeBook) -> list[Issue]:
    """Return the notice that schemes have no worked examples: all of them in one."""
    bare = [scheme.title for scheme in book.schemes.values() if not scheme.examples]
    return [issue("no_examples", book.source.place("schemes"), found=bare)] if bare else []


# -- terms of the schemes -----------------------------------------------------------------------------------------


def _terms(book: SchemeBook) -> Iterator[Issue]:
    for scheme in book.schemes.values():
        for item in scheme.pay:
            title = item.component.called(book.language)
            large = [term for term in _limited(item.component) if term[1] > term[2]]
            for option, terms in groupby(large, key=lambda term: _option(term[0])):
                path, values, most, unit = (list(part) for part in zip(*terms, strict=True))
                place = book.source.place(*item.path, item.name, *path[0])
                shown = "; ".join(show(value, unit[0], book.language) for value in values)
                allowed = show(most[0], unit[0], book.language)
                yield issue("large_term", place, title=title, option=option, found=shown, allowed=allowed)


def _option(path: _Path) -> str:
    return ": ".join(key for key in path if isinstance(key, str) and key != "payout")


def _limited(component: object) -> Iterator[tuple[_Path, Decimal, Decimal, Unit]]:
    """Yield the terms of a component that are hardly ever larger than something: path, value, the most, unit."""
    match component:
        case Commission(rate=rate, rates=rates):
            if rate is not None:
                yield ("rate",), rate, _WHOLE, "percent"
            for row, tier in enumerate(rates or ()):
                yield ("rates", row, "rate"), tier.rate, _WHOLE, "percent"
        case TrueUp(rates=rates):
            for row, tier in enumerate(rates):
                yield ("rates", row, "rate"), tier.rate, _WHOLE, "percent"
        case (
            Penalty(rate=Decimal() as rate)
            | Clawback(rate=rate)
            | Pool(rate=Decimal() as rate)
            | Override(rate=Decimal() as rate)
        ):
            yield ("rate",), rate, _WHOLE, "percent"
        case Override(levels=list() as shares_of_levels):
            for row, reached in enumerate(shares_of_levels):
                yield ("levels", row, "pays"), reached.pays, _WHOLE, "percent"
        case Matrix(pays=pays):
            for row, shares in enumerate(pays):
                for column, share in enumerate(shares):
                    yield ("pays", row, column), share, _MOST_SHARE, "percent"
        case KpiBonus(weights=weights, payout=payout):
            for key, weight in (weights or {}).items():
                yield ("weights", key), weight, _WHOLE, "percent"
            if isinstance(payout, Bands):
                for row, band in enumerate(payout.bands):
                    if isinstance(band.pays, Decimal):
                        yield ("payout", "bands", row, "pays"), band.pays, _MOST_SHARE, "percent"
            elif isinstance(payout, Points):
                for row, point in enumerate(payout.points):
                    yield ("payout", "points", row, "pays"), point.pays, _MOST_SHARE, "percent"
        case TeamMultiplier(levels=levels):
            for row, level in enumerate(levels):
                yield ("levels", row, "pays"), level.pays, _MOST_MULTIPLIER, "number"


def _counted(book: SchemeBook) -> set[str]:
    """Return the KPIs that are counts: by their unit or, where none is stated, because actions are counted by them."""
    by_use: set[str] = set()
    amounts: set[str] = set()
    for scheme in book.schemes.values():
        for item in scheme.pay:
            match item.component:
                case ActionPay(goals=dict() as goals):
                    by_use |= {key for key, goal in goals.items() if goal == goal.to_integral_value()}
                case Penalty(on=on, rate=None):
                    by_use.add(on)
                case Penalty(on=on) | Commission(on=on) | Clawback(on=on) | TrueUp(on=on):
                    amounts.add(on)
                case KpiBonus(kpi=kpi, weights=weights):
                    amounts |= {kpi or "", *(weights or ())}
                case Matrix(rows=rows, columns=columns):
                    amounts |= {rows.kpi, columns.kpi}
    units = {key: (kpi.unit or "").strip().rstrip(".").casefold() for key, kpi in book.kpis.items()}
    return {key for key, unit in units.items() if unit in _COUNTED or (not unit and key in by_use - amounts)}


def _returned(book: SchemeBook) -> set[str]:
    """Return the KPIs that are paid by the piece or taken back: returns may put them below zero."""
    components = (item.component for scheme in book.schemes.values() for item in scheme.pay)
    return {component.on for component in components if isinstance(component, Commission | Clawback | TrueUp)}


# -- the month's figures ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Odd:
    """One person's figure that looks wrong: how far out it is, and how it is shown."""

    payee: int
    distance: Decimal
    shown: str


class _Month:
    """The month's figures, each column judged as a whole."""

    def __init__(self, book: SchemeBook, payroll: Payroll) -> None:
        self.book = book
        self.payroll = payroll
        self.inputs: Inputs = payroll.inputs

    def worked(self) -> Iterator[Issue]:
        """Judge the days and hours that somebody is paid by."""
        for worked, norm in _WORKED.items():
            odd = [
                _Odd(payee, done / most, f"{self._number(done)} > {self._number(most)}")
                for pay in self.payroll.schemes
                for payee, done, most in zip(
                    pay.payees,
                    pay.columns.get(f"employee.{worked}", ()),
                    pay.columns.get(f"employee.{norm}", ()),
                    strict=False,
                )
                if done > most > 0
            ]
            if odd:
                odd.sort(key=lambda item: item.payee)
                title = word(f"headings.employee.{worked}", self.book.language)
                place = self.inputs.employee[worked].place(odd[0].payee)
                yield issue("above_norm", place, title=title, **self._people(odd))

    def actuals(self) -> Iterator[Issue]:
        """Judge the actuals that somebody is paid by."""
        counted, returned = _counted(self.book), _returned(self.book)
        planned = {figure.key for pay in self.payroll.schemes for figure in pay.statement.given()}
        for key in self._used():
            kpi, series = self.book.kpis[key], self.inputs.actual.get(key)
            if series is None:
                continue
            known = [(payee, value) for payee, value in enumerate(series.values) if value is not None]
            unit = unit_of_kpi(kpi)
            odd: dict[str, list[_Odd]] = {}
            if key in counted:
                odd["negative_count"] = [
                    _Odd(payee, -value, self._number(value))
                    for payee, value in known
                    if value < 0 and key not in returned
                ]
                odd["part_of_count"] = [
                    _Odd(payee, abs(value % 1), self._number(value)) for payee, value in known if value % 1
                ]
            plans = self.inputs.plan.get(key)
            if plans is not None and kpi.better == "higher" and f"plan.{key}" in planned:
                odd["far_above_plan"] = [
                    _Odd(payee, value / plan, f"{self._show(value, unit)} > {self._show(plan, unit)}")
                    for payee, value in known
                    if (plan := plans.values[payee]) is not None and 0 < plan * _ABOVE_PLAN < value
                ]
            for code, people in odd.items():
                if people:
                    facts = {"title": self.book.kpi_title(key), "times": _ABOVE_PLAN} | self._people(people)
                    yield issue(code, series.place(people[0].payee), **facts)

    def adjustments(self) -> Iterator[Issue]:
        """Judge the sheets that nobody read, where adjustments are paid and have no sheet."""
        wanted = any(line.component == "adjustments" for pay in self.payroll.schemes for line in pay.statement.lines)
        if wanted and "adjustments" not in self.inputs.sheets and self.inputs.unread_sheets:
            yield issue("adjustments_unread", Place(self.inputs.file), found=self.inputs.unread_sheets)

    def totals(self) -> Iterator[Issue]:
        """Judge what people are paid: below zero, and far above the others of their scheme."""
        below: list[_Odd] = []
        above: list[Issue] = []
        for pay in self.payroll.schemes:
            totals = pay.columns[pay.statement.accrued]
            rows = list(zip(pay.payees, totals, strict=True))
            below += [_Odd(payee, -total, self._show(total, "money")) for payee, total in rows if total < 0]
            usual = [total for payee, total in rows if self._worked_half(payee)]
            middle = median(usual) if len(usual) >= _ENOUGH_PEOPLE else _ZERO
            far = [
                _Odd(payee, total, self._show(total, "money"))
                for payee, total in rows
                if 0 < middle * _ABOVE_OTHERS < total
            ]
            if far:
                facts = {"scheme": pay.statement.scheme.title, "times": _ABOVE_OTHERS} | self._people(far)
                place = self.inputs.payees[far[0].payee].place
                above.append(issue("far_above_others", place, middle=self._show(middle, "money"), **facts))
        if below:
            below.sort(key=lambda item: item.payee)
            yield issue("negative_total", self.inputs.payees[below[0].payee].place, **self._people(below))
        yield from above

    def _worked_half(self, payee: int) -> bool:
        """Tell whether somebody worked at least half the norm: a new hire's first days say nothing of the usual pay."""
        for worked, norm in _WORKED.items():
            done, most = self.inputs.employee.get(worked), self.inputs.employee.get(norm)
            if done is not None and most is not None:
                figures = done.values[payee], most.values[payee]
                if figures[0] is not None and figures[1] is not None and figures[0] * 2 < figures[1]:
                    return False
        return True

    def _used(self) -> Iterable[str]:
        """Return the KPIs whose typed actuals decide somebody's pay, in the order of the scheme file."""
        used: set[str] = set()
        for pay in self.payroll.schemes:
            used |= {team.of for team in pay.statement.teams}
            for figure in pay.statement.given():
                if isinstance(figure.source, Given) and figure.source.sheet == "actual":
                    used.add(figure.source.name)
        return [key for key in self.book.kpis if key in used]

    def _people(self, odd: Sequence[_Odd]) -> dict[str, object]:
        """Return the facts of a finding: how many people, and the first and the one farthest out with their figures."""
        farthest = max(odd, key=lambda item: item.distance)
        told = [odd[0]] if farthest is odd[0] else [odd[0], farthest]
        payees = [(self.inputs.payees[item.payee], item.shown) for item in told]
        return {"found": [f"{payee.id} {payee.name} ({shown})" for payee, shown in payees], "count": len(odd)}

    def _show(self, value: Decimal, unit: Unit) -> str:
        return show(value, unit, self.book.language)

    def _number(self, value: Decimal) -> str:
        return self._show(value, "number")
