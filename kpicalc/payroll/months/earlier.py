"""Earlier months from earlier payrolls: figures for `previous()` and `true_up`, and balances carried to this month.

Only the payrolls of the needed months are opened. Nothing is guessed: figures on the History sheet must agree, figures
that neither source has follow the `missing` rule, and an absent or altered payroll is refused.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from os.path import exists, isdir
from pathlib import Path

from kpicalc.engine.audience import alone, fits
from kpicalc.engine.compile import earlier_months, earlier_title, earlier_unit
from kpicalc.engine.draft import line_titles
from kpicalc.engine.positions.positions import added_titles
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.balance import closing_titles
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.sources import PAID
from kpicalc.engine.tree.words import show
from kpicalc.lang import severity
from kpicalc.model.fields import BalanceField
from kpicalc.model.inputs import EarlierPayroll, Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.paid_month import PaidFigure, Taken
from kpicalc.model.period import month_back, months_back, payroll_name, title
from kpicalc.model.persons import same_person
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.stage import tell
from kpicalc.payroll.months.dropped_balances import closing_headings, dropped
from kpicalc.payroll.months.earlier_columns import Joining
from kpicalc.payroll.months.folder import in_two_formats, of_other_month, payrolls_in
from kpicalc.payroll.months.last_month import since_last_month
from kpicalc.payroll.months.taken import read_taken


def join_payrolls(
    inputs: Inputs,
    book: SchemeBook,
    statements: Mapping[str, Statement],
    folder: Path,
    *,
    carried: Collection[BalanceField] | None = None,
) -> tuple[Inputs, list[Issue]]:
    """Return the month's inputs with the figures of earlier months that its schemes need, and the issues.

    `folder` holds the payrolls. With `carried`, past months are replayed and only these balances were carried then; an
    absent payroll is no fault then, because its month may be among the replayed ones.
    """
    used = _in_use(inputs, book, statements)
    months: dict[int, set[str]] = {}
    for kpi, spans in earlier_months(used).items():
        # Facts give the actuals of earlier months, but not the plans.
        if kpi not in book.kpis or book.kpis[kpi].from_ is None:
            for span in spans:
                for back in months_back(span, inputs.period):
                    months.setdefault(back, set()).add(kpi)
    closing = {name: text for name, text in closing_titles(used).items() if carried is None or name in carried}
    if closing:
        months.setdefault(1, set())
    issues: list[Issue] = []
    joint = _Joint(inputs, book, folder, Joining(inputs, book, issues), issues, tried=carried is not None)
    for number, (back, kpis) in enumerate(sorted(months.items())):
        tell("payrolls", number, len(months))
        joint.month(back, sorted(kpis), closing if back == 1 else {})
    if carried is None and (last := joint.last_month()):
        leavers = {dict(item.facts)["payee"] for item in joint.issues if item.code == "balance_of_leaver"}
        joint.issues += since_last_month(joint.inputs(), book, last, leavers)
        joint.issues += dropped(inputs, book, last, closing)
    if not isdir(folder) and not any(item.code == "history_folder" for item in joint.issues):
        # As in a first month, no figure is missing without the folder; but its name may be mistyped.
        joint.issues.append(issue("history_no_folder", Place(str(folder)), found=folder.name))
    return joint.inputs(), joint.issues


def _in_use(inputs: Inputs, book: SchemeBook, statements: Mapping[str, Statement]) -> dict[str, Statement]:
    """Return the schemes that pay somebody this month: other schemes need no earlier months."""
    people = {(payee.scheme, payee.position, payee.department) for payee in inputs.payees}
    return {
        key: statement
        for key, statement in statements.items()
        if any(own == key or (not own and (alone(book) or fits(book.schemes[key], *where))) for own, *where in people)
    }


@record(frozen=False)
class _Joint:
    """The month's inputs, joined with one payroll after another, and the issues."""

    given: Inputs
    book: SchemeBook
    folder: Path
    columns: Joining
    issues: list[Issue]
    tried: bool = False
    history: dict[tuple[str, int], Series] = field(default_factory=dict)
    employee: dict[str, Series] = field(default_factory=dict)
    payrolls: list[EarlierPayroll] = field(default_factory=list)
    renamed: set[str] = field(default_factory=set)
    """Personnel numbers whose names differ: reported once, for the latest payroll."""
    last: Taken | None = None
    """Last month's payroll, once it has been read."""
    looked: bool = False
    """Whether last month's payroll was opened; its faults are reported then."""

    def inputs(self) -> Inputs:
        before = month_back(self.given.period, 1)
        return replace(
            self.given,
            history={**self.given.history, **self.history},
            employee={**self.given.employee, **self.employee},
            unread=self.given.unread | self.columns.unread,
            payrolls=tuple(self.payrolls),
            paid_before=self.last.totals if self.last and self.last.period == before else {},
        )

    def last_month(self) -> Taken | None:
        """Return last month's payroll even if no figure is taken from it; any fault of it is then only reported."""
        month = month_back(self.given.period, 1)
        paths = payrolls_in(self.folder).get(month)
        if not self.looked and paths:
            self.issues += in_two_formats(paths)
            added = added_titles(self.book)
            self.last, issues = read_taken(paths[0], self._titles(), list(closing_headings()), added=added)
            errors = [item.code for item in issues if severity(item) == "error"]
            if self.last is not None and self.last.period != month:
                errors.append("payroll_other_month")
            if errors:
                facts = {"month": title(month, self.book.language), "found": errors[0]}
                self.issues.append(issue("last_month_unread", Place(str(paths[0])), **facts))
        return self.last if self.last is not None and self.last.period == month else None

    def _titles(self) -> list[str]:
        return [self.book.kpi_title(key) for key in self.given.actual]

    def month(self, back: int, kpis: list[str], closing: Mapping[BalanceField, str]) -> None:
        """Join one payroll: the actuals of these KPIs, and its closing balances."""
        month = month_back(self.given.period, back)
        paths = payrolls_in(self.folder).get(month, [self.folder / payroll_name(month)])
        path = paths[0]
        if self.tried and not exists(path):
            return
        self.issues += in_two_formats(paths)
        if self._begins(month):
            # Before the first payroll nothing was carried: balances open at 0, and this is reported.
            closing = {balance: heading for balance, heading in closing.items() if balance != "holdback_balance"}
        wanted = {(key, back): earlier_title(self.book, key) for key in kpis}
        paid = self._read(path, month, wanted, closing)
        for name, kpi in wanted.items():
            unit = earlier_unit(self.book, name[0])
            typed = self.given.history.get(name)
            figures = _of_payroll(paid, name[0], kpi, self.book) if paid else {}
            if series := self.columns.joined(paid, path, kpi, typed, figures, unit, "history_differs"):
                self.history[name] = series
        for balance, heading in closing.items():
            unit = "number" if balance.startswith("points") else "money"
            typed = self.given.employee.get(balance)
            figures = {}
            if paid and heading in paid.balances:
                figures = paid.balances[heading]
                self.issues += _leavers(self.given, paid, heading, figures, unit)
            if series := self.columns.joined(paid, path, heading, typed, figures, unit, "balance_differs"):
                self.employee[balance] = series

    def _begins(self, month: str) -> bool:
        """Tell whether the folder exists and holds no payroll of this month or the month before."""
        return isdir(self.folder) and not any(known <= month for known in payrolls_in(self.folder))

    def _read(
        self, path: Path, month: str, wanted: Mapping[tuple[str, int], str], closing: Mapping[BalanceField, str]
    ) -> Taken | None:
        """Return a payroll; report one that is not reliable, or is absent though its figures are needed."""
        if not exists(path):
            lacking = [kpi for name, kpi in wanted.items() if name not in self.given.history]
            lacking += [heading for balance, heading in closing.items() if balance not in self.given.employee]
            if lacking:
                self._lacking(path, title(month, self.book.language), lacking)
            return None
        is_last = month == month_back(self.given.period, 1)
        kpis = dict.fromkeys([*wanted.values(), *(self._titles() if is_last else ())])
        lines = [line for name, _ in wanted for line in _lines(name, self.book)]
        balances = list(closing_headings() if is_last else closing.values())
        paid, issues = read_taken(path, kpis, balances, lines, added_titles(self.book))
        if is_last:
            self.last, self.looked = paid, True
        self.issues += issues
        if paid is None:
            return None
        if paid.period != month:
            self.issues.append(of_other_month(path, month, paid.period, self.book.language))
            return None
        self.payrolls.append(EarlierPayroll(paid.file, paid.period, paid.sha256))
        for payee in self.given.payees:
            known_name = paid.names.get(payee.id, payee.name)
            if known_name != payee.name and payee.id not in self.renamed and not same_person(known_name, payee.name):
                self.renamed.add(payee.id)
                facts = {"number": payee.id, "name": payee.name, "found": known_name}
                self.issues.append(issue("name_differs", paid.sheet, **facts))
        return paid

    def _lacking(self, path: Path, month: str, titles: list[str]) -> None:
        """Report an absent payroll; report an absent folder once."""
        if isdir(self.folder):
            facts = {"found": path.name, "month": month, "titles": titles}
            self.issues.append(issue("payroll_not_found", Place(str(path)), **facts))
        elif not any(item.code == "history_folder" for item in self.issues):
            self.issues.append(issue("history_folder", Place(str(self.folder)), found=self.folder.name))


def _of_payroll(paid: Taken, name: str, heading: str, book: SchemeBook) -> Mapping[str, PaidFigure]:
    """Return a payroll's figure by the name of an earlier figure: a KPI's actual or plan, or the pay of lines."""
    if not name.endswith(PAID):
        return paid.results[heading]
    figures: dict[str, PaidFigure] = {}
    for line in _lines(name, book):
        for number, figure in paid.lines.get(line, {}).items():
            if number not in figures or (figures[number].value is None and figure.value is not None):
                figures[number] = figure
    return {number: figures[number] for number in paid.names if number in figures}


def _lines(name: str, book: SchemeBook) -> list[str]:
    """Return the titles of the lines whose pay an earlier figure is."""
    return list(line_titles(book)[name.removesuffix(PAID)]) if name.endswith(PAID) else []


def _leavers(inputs: Inputs, paid: Taken, heading: str, kept: Mapping[str, PaidFigure], unit: Unit) -> Iterator[Issue]:
    """Yield an issue for each person who closed the earlier month with a balance and is no payee this month."""
    here = {payee.id for index, payee in enumerate(inputs.payees) if index not in inputs.away}
    for number, figure in kept.items():
        if number not in here and figure.value:
            facts = {
                "payee": f"{number} {paid.names[number]}",
                "title": heading,
                "found": show(figure.value, unit, paid.language),
                "month": title(paid.period, paid.language),
            }
            yield issue("balance_of_leaver", figure.place, **facts)
