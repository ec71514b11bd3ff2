"""Income tax of a person with several rows (same ИНН, СНИЛС or number): the year has one base, whichever row pays.

Each row continues from the one above: its income before this month is that of all rows before this month plus what the
rows above have earned, and likewise its tax. The rows together then pay the tax of the person.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.terms.ndfl import BRACKETS, Rates, tax_of
from kpicalc.engine.tree.words import show
from kpicalc.model.fields import DetailField, WithheldField
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.persons import same_person
from kpicalc.model.record import record

_NUMBERS: tuple[DetailField, ...] = ("inn", "snils")
_JOINED: tuple[WithheldField, ...] = ("income_before", "tax_before", "tax_deductions")
_ZERO = Decimal(0)
_Figures = dict[WithheldField, list[Decimal | None]]


@record
class _Row:
    """A taxed row: its payee, and where the figures of its tax stand."""

    payee: int
    pay: SchemePay
    line: str
    rates: Rates

    def figure(self, name: str) -> Decimal:
        """Return a figure of the row's tax, or another figure of the row."""
        values = self.pay.columns.get(f"{self.line}.{name}") or self.pay.columns.get(name)
        return values[self.pay.payees.index(self.payee)] if values else _ZERO


def taxed_as_one(payroll: Payroll, again: Callable[[Inputs], Payroll]) -> Payroll:
    """Return the month with one tax base per person; `again` computes the month from other inputs."""
    people = _people(payroll)
    if not people:
        return payroll
    issues: list[Issue] = []
    figures: _Figures = {name: list(series.values) for name in _JOINED if (series := payroll.inputs.employee.get(name))}
    for rows in people:
        issues += _begun(payroll, rows, figures)
    # A row can be computed once the row above it is.
    for turn in range(1, max(map(len, people))):
        payroll = again(_with(payroll.inputs, figures))
        for rows in _people(payroll):
            if turn < len(rows):
                above, below = rows[turn - 1], rows[turn].payee
                deducted = figures["tax_deductions"][above.payee] if "tax_deductions" in figures else None
                earned = above.figure("base") - above.figure(f"employee.{_JOINED[0]}") + (deducted or _ZERO)
                base = earned if above.figure("base") else above.figure(above.pay.statement.accrued)
                figures["income_before"][below] = above.figure("employee.income_before") + base
                figures["tax_before"][below] = max(above.figure("of_year"), above.figure("employee.tax_before"))
    payroll = again(_with(payroll.inputs, figures))
    return replace(payroll, issues=(*payroll.issues, *issues))


def _people(payroll: Payroll) -> list[list[_Row]]:
    """Return the taxed rows of each person who has several, in the order of the workbook."""
    rows = sorted(_rows(payroll), key=lambda row: row.payee)
    rows_of: dict[str, list[_Row]] = {}
    for row in rows:
        keys = list(_keys(payroll.inputs, row.payee))
        known = next((rows_of[key] for key in keys if key in rows_of), [])
        known.append(row)
        rows_of |= dict.fromkeys(keys, known)
    several = {id(same): same for same in rows_of.values() if len(same) > 1}
    return list(several.values())


def _rows(payroll: Payroll) -> Iterator[_Row]:
    for pay in payroll.schemes:
        for item in pay.statement.scheme.pay:
            component = item.component
            if item.name == "withholding" and component.tax is not None:
                rates = [(bracket.from_, bracket.rate) for bracket in component.rates or ()] or list(BRACKETS)
                line = component.id or item.name
                yield from (_Row(payee, pay, line, rates) for payee in pay.payees)
                break


def _keys(inputs: Inputs, payee: int) -> Iterator[str]:
    if inputs.further:
        yield f"row {inputs.person_of(payee)}"
    for name in _NUMBERS:
        texts = inputs.details.get(name)
        digits = "".join(filter(str.isdigit, texts[payee])) if texts else ""
        if digits.strip("0"):
            yield f"{name} {digits}"


def _begun(payroll: Payroll, rows: Sequence[_Row], figures: _Figures) -> Iterator[Issue]:
    """Give all rows of a person the sums of their figures before this month, and report that.

    The tax that earlier months lack because the rows were taxed apart is not taken in this month, but reported.
    """
    inputs, language, rates = payroll.inputs, payroll.book.language, rows[0].rates
    # Rows of one personnel number repeat the same figures, which count once.
    numbers = list({inputs.person_of(row.payee): row for row in reversed(rows)}.values())[::-1]
    sums = {name: sum((values[row.payee] or _ZERO for row in numbers), _ZERO) for name, values in figures.items()}
    apart = sum((tax_of(row.figure("employee.income_before"), rates) for row in numbers), _ZERO)
    income = sums["income_before"]
    missed = tax_of(income, rates) - apart
    for row in rows:
        for name, total in sums.items():
            figures[name][row.payee] = total + missed if name == "tax_before" else total
    if len(numbers) < 2:
        return
    names = [str(inputs.payees[row.payee]) for row in numbers]
    place = inputs.employee["income_before"].place(rows[-1].payee)
    facts = {"found": names, "income": show(income, "money", language)}
    people = [inputs.payees[row.payee].name for row in numbers]
    alike = all(same_person(people[0], other) or same_person(other, people[0]) for other in people[1:])
    yield issue("tax_of_one_person" if alike else "tax_of_two_names", place, **facts)
    if missed:
        yield issue("tax_of_earlier_months", place, **facts, missed=show(missed, "money", language))


def _with(inputs: Inputs, figures: _Figures) -> Inputs:
    employee = dict(inputs.employee)
    for name, values in figures.items():
        employee[name] = replace(employee[name], values=list(values))
    return replace(inputs, employee=employee)
