"""Paying, and the files for 1C and banks: prepare, run, export."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from os.path import exists
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.app.closed import closed
from kpicalc.app.month import check
from kpicalc.app.organisation import organisation_beside
from kpicalc.app.outcome import Outcome, error_count, output_path
from kpicalc.lang import language_of_environment
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.paid import Count, Paid
from kpicalc.model.period import payroll_name, title
from kpicalc.model.record import record

if TYPE_CHECKING:
    from kpicalc.engine.result import Payroll
    from kpicalc.exchange.bundle import Written
    from kpicalc.exchange.target import Order
    from kpicalc.model.funnel import FunnelMonth
    from kpicalc.model.organisation import Organisation


@record
class Wanted:
    """The files requested besides the payroll: names of targets, the organisation, the date and the number."""

    targets: tuple[str, ...]
    organisation: Path | None = None
    day: date | None = None
    number: str | None = None
    replace: bool = False
    """Whether a released registry may be replaced under its number."""


def prepare(
    workbook: Path | Sequence[Path] | None,
    scheme: Path,
    period: str | None = None,
    wanted: Wanted | None = None,
    history: Path | None = None,
    *,
    remarks: bool = False,
) -> Outcome:
    """Check a month together with its requested files: the organisation, bank details, amounts."""
    organisation, further = _organisation(wanted, [scheme.parent])
    outcome = check(workbook, scheme, period, history, remarks=remarks)
    outcome = replace(outcome, issues=(*outcome.issues, *further))
    if wanted is None or outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.exchange.bundle import vet
    from kpicalc.payroll.paid import paid_from

    order = _order(paid_from(outcome.payroll), wanted, organisation)
    return replace(outcome, issues=(*outcome.issues, *vet(order, wanted.targets)), order=order)


def run(
    workbook: Path | Sequence[Path],
    scheme: Path,
    *,
    period: str | None = None,
    out: Path | None = None,
    wanted: Wanted | None = None,
    history: Path | None = None,
) -> Outcome:
    """Pay a month from one or several workbooks: check everything, and write all outputs unless any is refused."""
    outcome = prepare(workbook, scheme, period, wanted, history)
    if outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.exchange.bundle import Written, standing
    from kpicalc.exchange.release import mend
    from kpicalc.payroll.months.gone_sheets import gone_beside
    from kpicalc.payroll.paid import paid_from
    from kpicalc.payroll.workbook import digest_of, write_workbook

    payroll = outcome.payroll
    workbooks = [workbook] if isinstance(workbook, Path) else workbook
    inputs = (*workbooks, scheme, *(Path(item.file) for item in payroll.inputs.payrolls))
    path, refused = output_path(out, payroll_name(payroll.inputs.period), inputs)
    # The organisation file names those who sign, so it is read even without files for banks.
    stated = outcome.order.organisation if outcome.order else None
    organisation, unread = (stated, []) if stated else organisation_beside(str(scheme))
    if refused := [*(refused or (*_of_another_month(path, payroll), *closed(path, payroll))), *unread]:
        return replace(outcome, issues=(*outcome.issues, *refused))
    mended = mend(path.parent)
    paid = outcome.order.paid if outcome.order else paid_from(payroll)
    digest = digest_of(payroll, paid)
    before = standing(path.parent)
    kept: Path | None = None
    known = any(item.code == "sheets_gone" for item in outcome.issues)
    remarks = [] if known else gone_beside(path, payroll)
    if replaced := exists(path):
        from kpicalc.app.superseded import superseded

        kept, otherwise = superseded(path, payroll, paid, digest)
        remarks += otherwise
    funnels: Sequence[FunnelMonth] = ()
    if payroll.book.funnels:
        from kpicalc.planning.funnel import funnels_of

        funnels = funnels_of(payroll.book, payroll.inputs)

    def write(temporary: Path) -> None:
        write_workbook(payroll, temporary, funnels, organisation, paid=paid, mark=digest)

    order = replace(outcome.order or _order(paid, Wanted(()), None), stem=path.stem, digest=digest)
    ours = Written(path, write, _counted, payroll.inputs.sheets, kept, before)
    files, faults = _released(order, wanted or Wanted(()), path.parent, inputs, ours)
    remarks = [*mended, *(remarks if files else ()), *faults]
    return replace(outcome, issues=(*outcome.issues, *remarks), files=files, replaced=replaced)


def _of_another_month(path: Path, payroll: "Payroll") -> list[Issue]:
    """Refuse to write the payroll under the name of another month, for which later months would take it."""
    from kpicalc.payroll.months.folder import month_by_name

    named, month, language = month_by_name(path), payroll.inputs.period, payroll.book.language
    if named in (None, month):
        return []
    facts = {"where": path.name, "found": title(named, language), "period": title(month, language)}
    return [issue("other_month", Place(str(path)), **facts)]


def export(workbook: Path, wanted: Wanted, *, out: Path | None = None) -> Outcome:
    """Write files from a payroll workbook that was written before; by default into its folder."""
    from kpicalc.exchange.bundle import vet
    from kpicalc.exchange.release import mend
    from kpicalc.payroll.back.read import read_payroll

    organisation, issues = _organisation(wanted, [workbook.parent, Path()])
    month, further = read_payroll(workbook)
    issues += further
    if month is None:
        return Outcome(tuple(issues), language_of_environment())
    paid = month.table
    if not paid.people:
        issues.append(issue("everybody_held", month.sheet, count=month.held))
    order = replace(_order(paid, wanted, organisation), stem=workbook.stem, digest=month.digest)
    if not error_count(issues):
        issues += mend(out or workbook.parent)
        issues += vet(order, wanted.targets)
    files: tuple[Path, ...] = ()
    if not error_count(issues):
        files, refused = _released(order, wanted, out or workbook.parent, (workbook,), None)
        issues += refused
    return Outcome(tuple(issues), paid.language, files=files, order=order)


def _organisation(wanted: Wanted | None, folders: Sequence[Path]) -> tuple["Organisation | None", list[Issue]]:
    """Read the organisation file: the stated one, else organisation.yaml in the first of the folders that has one."""
    if wanted is None:
        return None, []
    beside = (folder / "organisation.yaml" for folder in folders)
    path = wanted.organisation or next((file for file in beside if file.is_file()), None)
    if path is None:
        return None, []
    from kpicalc.intake.scheme.organisation import read_organisation

    return read_organisation(path)


def _order(paid: Paid, wanted: Wanted, organisation: "Organisation | None") -> "Order":
    from kpicalc.exchange.target import Order

    day = wanted.day or (organisation.pay_date(paid.period) if organisation else None)
    # By default the registry's number is the number of the month: one payment per month.
    number = wanted.number or str(int(paid.period[-2:]))
    return Order(paid, f"payroll-{paid.period}", number, organisation=organisation, day=day)


def _released(
    order: "Order", wanted: Wanted, folder: Path, inputs: tuple[Path, ...], payroll: "Written | None"
) -> tuple[tuple[Path, ...], list[Issue]]:
    """Write the files of an order together with the payroll's workbook, prove them, and release all or none."""
    from kpicalc.exchange.bundle import release_bundle

    if order.organisation is not None:
        inputs = (*inputs, Path(order.organisation.source.file))
    return release_bundle(replace(order, replace=wanted.replace), wanted.targets, folder, inputs, payroll)


def _counted(path: Path) -> Count:
    """Count the people of a payroll that was just written, and their total, with the general reader."""
    from kpicalc.payroll.back.read import read_payroll

    month, _ = read_payroll(path)
    return month.table.paid if month else Count(0, Decimal(0))
