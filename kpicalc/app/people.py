"""For employees and their head: the explained calculation, and everybody's statement as a page."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.app.month import check
from kpicalc.app.organisation import organisation_beside
from kpicalc.app.outcome import Outcome
from kpicalc.app.reading import read_again
from kpicalc.engine.probing.missing import Worth, paid_totals, worth_of_missing
from kpicalc.engine.probing.next_step import next_steps
from kpicalc.engine.result import Payroll
from kpicalc.lang import money, severity
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.listing import Listing
from kpicalc.model.money import from_cell
from kpicalc.model.period import month_back, title
from kpicalc.model.record import record
from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.months.folder import in_two_formats, of_other_month, payrolls_in
from kpicalc.people.row_listings import listings_of_rows

if TYPE_CHECKING:
    from kpicalc.people.pages import PageFile

_MONTHS = 6
"""How many months a statement shows, this one included."""
_LISTED = 5
_MOST_ROWS = 12
"""How many rows of facts behind a figure a statement shows."""


@record(slots=False)
class Explained:
    """A month's payroll with the payees who are paid, and the range of pay of each payee who is not."""

    payroll: Payroll
    paid: frozenset[int]
    worths: Mapping[int, Worth]

    def errors_of_others(self, wanted: Sequence[int]) -> int:
        """Return how many errors of the month concern only other people."""
        names = {str(self.payroll.inputs.payees[index]) for index in wanted}
        whose = (item.fact("payee") for item in self.payroll.issues if severity(item) == "error")
        return sum(payee != "" and payee not in names for payee in whose)

    def errors_of_nobody(self) -> list[Issue]:
        """Return the errors of the month that name no person: a row without an owner may belong to anybody."""
        return [item for item in self.payroll.issues if severity(item) == "error" and not item.fact("payee")]


def explain(
    workbook: Path | Sequence[Path], scheme: Path, period: str | None = None, history: Path | None = None
) -> tuple[Outcome, Explained | None]:
    """Compute a month to be explained by person; None if no pay can be explained.

    One person's blank cell forbids paying the month, but not explaining the pay of others.
    """
    outcome = check(workbook, scheme, period, history)
    payroll = outcome.payroll
    if payroll is None or any(_of_everybody(item, scheme) for item in outcome.issues):
        return outcome, None
    refused = {item.fact("payee") for item in payroll.issues if severity(item) == "error"}
    paid = {index for index in paid_totals(payroll) if str(payroll.inputs.payees[index]) not in refused}
    outcome = replace(outcome, inputs=payroll.inputs)
    return outcome, Explained(payroll, frozenset(paid), worth_of_missing(payroll))


def _of_everybody(item: Issue, scheme: Path) -> bool:
    """Tell whether an error is in the pay scheme, which concerns everybody."""
    return severity(item) == "error" and item.place.file in {str(scheme), scheme.name}


@record(slots=False)
class Selected:
    """The people whose statements are wanted: by texts that identify them, or by department; else all."""

    payees: tuple[int, ...] | None = None
    department: str | None = None

    def of(self, payroll: Payroll) -> tuple[list[int], list[Issue]]:
        """Return the payees in the order of the workbook; a department without people is an error."""
        people, inputs = payroll.inputs.payees, payroll.inputs
        # A person with several rows belongs to the departments of all of them.
        everybody = (index for index in range(len(people)) if index not in inputs.further)
        chosen = list(everybody) if self.payees is None else sorted(set(self.payees))
        if self.department is None:
            return chosen, []
        wanted = self.department.strip().casefold()
        chosen = [
            index
            for index in chosen
            if any(people[row].department.casefold() == wanted for row in inputs.rows_of(index))
        ]
        known = list(dict.fromkeys(payee.department for payee in people if payee.department))
        nobody = issue("statement_nobody", Place(payroll.inputs.file), department=self.department, allowed=known)
        return chosen, [] if chosen else [nobody]


def statements(
    outcome: Outcome,
    explained: Explained,
    workbook: Path | Sequence[Path],
    out: Path,
    history: Path | None,
    selected: Selected,
) -> tuple[Outcome, tuple["PageFile", ...]]:
    """Write everybody's statement of a computed month into its own folder in `out`; all files or none.

    Returns the outcome with the files written, and the pages in the order of the workbook.
    """
    from kpicalc.exchange.release import release_all
    from kpicalc.people.pages import folder_name, left_over, statement_files
    from kpicalc.people.reveals import reveals
    from kpicalc.people.statement import Beside, statements_of

    payroll = explained.payroll
    people, issues = selected.of(payroll)
    organisation, further = organisation_beside(payroll.book.source.file)
    months, unreadable = _earlier_totals(payroll, history) if history else ({}, [])
    issues += [*further, *unreadable]
    if any(severity(item) == "error" for item in (*outcome.issues, *issues)):
        return replace(outcome, issues=(*outcome.issues, *issues)), ()
    beside = Beside(
        steps=next_steps(payroll, [row for index in people for row in payroll.inputs.rows_of(index)]),
        months=months,
        listings=_listings(payroll, workbook),
        worths=explained.worths,
        organisation=organisation.data.name if organisation else "",
        approved=bool(organisation and organisation.data.payslip_approved),
    )
    made = statement_files(payroll, list(statements_of(payroll, people, beside)))
    folder = out / folder_name(payroll.inputs.period)
    stale = left_over(folder, [*made.files])
    refused = release_all({folder / name: write for name, write in made.files.items()})
    if not refused:
        for path in stale:
            with suppress(OSError):
                path.unlink()
    files = () if refused else tuple(folder / name for name in made.files)
    remarks = (*outcome.issues, *issues, *reveals(payroll), *_paid_otherwise(payroll, people, out), *refused)
    return replace(outcome, issues=tuple(dict.fromkeys(remarks)), files=files), () if refused else made.pages


def _totals(payroll: Payroll) -> dict[int, Decimal]:
    """Return the pay of each person by the first row, of several rows together."""
    totals: dict[int, Decimal] = {}
    for index, amount in paid_totals(payroll).items():
        first = payroll.inputs.person_of(index)
        totals[first] = totals.get(first, Decimal(0)) + amount
    return totals


def _paid_otherwise(payroll: Payroll, people: Sequence[int], folder: Path) -> list[Issue]:
    """Report the statements whose pay is not that of the month's payroll in the same folder, or cannot be compared."""
    month, language = payroll.inputs.period, payroll.book.language
    if not (paths := payrolls_in(folder).get(month)):
        return []
    from kpicalc.payroll.month_by_columns import month_by_columns

    paid = month_by_columns(paths[0]) or read_payroll(paths[0])[0]
    if paid is None or paid.period != month:
        return [issue("statement_unread", Place(str(paths[0])), found=paths[0].name)]
    totals, differing = _totals(payroll), []
    for index in people:
        person = paid.people.get(payroll.inputs.payees[index].id)
        known = person.total.value if person else None
        stated = totals.get(index)
        if (stated is None) != (known is None) or (known is not None and from_cell(float(stated or 0)) != known):
            shown = ["—" if amount is None else money(amount, language) for amount in (stated, known)]
            differing.append(f"{payroll.inputs.payees[index]} ({', '.join(shown)})")
    if not differing:
        return []
    facts = {"found": paths[0].name, "count": len(differing), "names": listed(differing, _LISTED, "; ")}
    return [issue("statement_otherwise", Place(str(paths[0])), **facts)]


def _earlier_totals(payroll: Payroll, folder: Path) -> tuple[dict[int, list[tuple[str, Decimal]]], list[Issue]]:
    """Return each person's pay in the last months from the payrolls of a folder, this month last."""
    month, language = payroll.inputs.period, payroll.book.language
    issues: list[Issue] = []
    by_payee: dict[int, list[tuple[str, Decimal]]] = {}

    def add(index: int, period: str, amount: Decimal) -> None:
        short = f"{title(period, language)[:3]} {period[2:4]}"
        by_payee.setdefault(index, []).append((short, amount))

    known = payrolls_in(folder)
    for back in range(_MONTHS - 1, 0, -1):
        period = month_back(month, back)
        if not (paths := known.get(period)):
            continue
        paid, unreadable = read_payroll(paths[0])
        issues += [*in_two_formats(paths), *unreadable]
        if paid and paid.period != period:
            issues.append(of_other_month(paths[0], period, paid.period, language))
        people = paid.people if paid else {}
        for index, payee in enumerate(payroll.inputs.payees):
            if (person := people.get(payee.id)) and person.total.value is not None:
                add(index, period, person.total.value)
    for index, amount in _totals(payroll).items():
        add(index, month, amount)
    return by_payee, issues


def _listings(payroll: Payroll, workbook: Path | Sequence[Path]) -> dict[int, list[Listing]]:
    """Return the rows of facts behind everybody's figures; empty if no figure comes from facts."""
    by_payee: dict[int, list[Listing]] = {}
    for pay in payroll.schemes if payroll.inputs.paid_rows else ():
        for index in pay.payees:
            shown = [without_others(item, payroll) for item in listings_of_rows(payroll, pay, index, _MOST_ROWS)]
            by_payee |= {index: shown} if shown else {}
    kpis = [kpi for kpi, item in payroll.book.kpis.items() if item.from_ is not None]
    if not kpis:
        return by_payee
    from kpicalc.intake.facts.listing import list_rows_of_all

    raw = read_again(workbook, payroll.book)
    for kpi in kpis if raw is not None else ():
        listed = list_rows_of_all(raw, payroll.book, payroll.inputs, kpi, _MOST_ROWS, [])  # type: ignore[arg-type]
        for index, listing in listed.items():
            by_payee.setdefault(index, []).append(without_others(listing, payroll))
    return by_payee


def without_others(listing: Listing, payroll: Payroll) -> Listing:
    """Return a listing in which the name of any other payee is replaced by "a colleague"."""
    from kpicalc.lang import word

    person = payroll.inputs.payees[listing.payee]
    others = {text.casefold() for payee in payroll.inputs.payees for text in (payee.id, payee.name)}
    others -= {person.id.casefold(), person.name.casefold()}
    colleague = word("people.page.colleague", payroll.book.language)

    def masked(cell: object) -> object:
        return colleague if isinstance(cell, str) and cell.strip().casefold() in others else cell

    return replace(listing, rows=[replace(row, cells=[masked(cell) for cell in row.cells]) for row in listing.rows])
