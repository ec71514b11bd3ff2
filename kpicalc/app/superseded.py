"""The payroll that a new one replaces: if it pays otherwise, it is kept under another name and reported."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import file_digest
from os.path import isfile
from pathlib import Path

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Line, Tally
from kpicalc.lang import Language, about, money
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.money import exact_context, from_cell
from kpicalc.model.paid import Paid
from kpicalc.model.paid_month import PaidFigure, PaidMonth
from kpicalc.model.period import title
from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.comparison import compare_months
from kpicalc.payroll.manifest import beside
from kpicalc.payroll.month_by_columns import Figure, PeopleByColumns, month_by_columns

_LISTED = 5


def superseded(path: Path, payroll: Payroll, paid: Paid, digest: str) -> tuple[Path | None, list[Issue]]:
    """Return the path for keeping the present payroll, and who is paid otherwise; None if it may be replaced.

    A file that is no payroll, or pays the same, may be replaced.
    """
    if not isfile(path) or _is_the_same(path, digest):
        return None, []
    quick = month_by_columns(path)
    old, faults = (quick, []) if quick else read_payroll(path)
    kept = _free(path)
    language = payroll.book.language
    if old is None:
        # A file that never was a payroll need not be kept; an edited payroll may be the one that was paid.
        edited = [item for item in faults if about(item) == "payroll"]
        if not edited:
            return None, []
        return kept, [issue("replaced_edited", Place(str(path)), kept=kept.name, found=edited[0].code)]
    if old.digest == digest:
        return None, []
    if old.period != payroll.inputs.period:
        return kept, [
            issue("replaced_other_month", Place(str(path)), kept=kept.name, found=title(old.period, language))
        ]
    with exact_context():
        comparison = compare_months(old, _month(payroll, paid, old))
    if not comparison.changed:
        accounts = _other_details(old.table, paid)
        facts = {"kept": kept.name, "count": len(accounts), "names": _listed(accounts)}
        return (kept, [issue("details_changed", Place(str(path)), **facts)]) if accounts else (None, [])
    changed = [f"{person.id} {person.name} {_more(person.total.difference, language)}" for person in comparison.changed]
    total = _more(comparison.total.difference, language)
    facts = {"kept": kept.name, "count": len(changed), "names": _listed(changed), "total": total}
    return kept, [issue("paid_otherwise", Place(str(path)), **facts)]


def _is_the_same(path: Path, digest: str) -> bool:
    """Tell from the manifest alone, without reading the workbook, that it is unchanged and pays the same."""
    manifest = beside(path)
    if manifest is None or manifest.digest != digest:
        return False
    with path.open("rb") as file:
        sha = file_digest(file, "sha256").hexdigest()
    return any(entry.name == path.name and entry.sha256 == sha for entry in manifest.files)


def _free(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.stem}.before-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _month(payroll: Payroll, paid: Paid, old: PaidMonth) -> PaidMonth:
    """Return the new payroll in the form of one that was read back, for the comparison with the old one."""
    place = Place(payroll.inputs.file)

    def figures(columns: Iterable[Line | Tally]) -> dict[str, Figure]:
        by_title: dict[str, list[list[Decimal | None]]] = {}
        for shown in columns:
            own = payroll.by_person(pay.columns.get(pay.figure_of(shown) or "") for pay in payroll.schemes)
            by_title.setdefault(shown.title, []).append(own)
        return {title: _figure(of_title, place) for title, of_title in by_title.items()}

    lines, tallies = figures(line for line, _ in payroll.lines), figures(payroll.tallies)
    total = payroll.by_person(pay.columns[pay.statement.total] for pay in payroll.schemes)
    people = [payroll.inputs.payees[index] for index in payroll.persons]
    ids, names = [payee.id for payee in people], [payee.name for payee in people]
    return replace(
        old,
        file=payroll.inputs.file,
        lines=tuple(lines),
        withheld=frozenset(line.title for line in payroll.withheld),
        beside=tuple(tallies),
        people=PeopleByColumns(ids, names, lines, _figure([total], place), tallies),
        table=paid,
    )


def _figure(columns: Sequence[Sequence[Decimal | None]], place: Place) -> Figure:
    """Return the figures of one title, of one line or several, as cells keep them: 15 digits."""

    def of(row: int) -> PaidFigure:
        known = [value for column in columns if (value := column[row]) is not None]
        return PaidFigure(from_cell(float(sum(known, Decimal(0)))) if known else None, place)

    return of


def _more(amount: Decimal, language: Language) -> str:
    text = money(amount, language)
    return f"+{text}" if amount > 0 else text


def _other_details(old: Paid, new: Paid) -> list[str]:
    """Return the people whose account or other bank detail differs."""
    before = {person.id: {key: text for key, text in person.details.items() if text} for person in old.people}
    return [
        str(person)
        for person in new.people
        if {key: text for key, text in person.details.items() if text} != before.get(person.id, {})
    ]


def _listed(names: list[str]) -> str:
    return listed(names, _LISTED, "; ")
