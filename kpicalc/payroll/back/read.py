"""The reader: it reads and proves a payroll workbook that kpicalc wrote, and refuses an altered or foreign one.

A payroll says three times who was paid what: with formulas on the Payroll sheet, as computed on the Calculation sheets,
and as plain values on the For 1C sheet. All three must agree, and match the digest of the run.
"""

from collections.abc import Collection, Iterator
from dataclasses import field
from decimal import Decimal
from pathlib import Path

from kpicalc.intake.files.book import read_book
from kpicalc.intake.files.formulas import formula_cells
from kpicalc.lang import Language, severity
from kpicalc.model.book import Book, Sheet, column_letter
from kpicalc.model.fields import DetailField
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context
from kpicalc.model.paid import Count, Paid, People
from kpicalc.model.paid_month import PaidFigure, PaidMonth, PaidPerson
from kpicalc.model.period import parse
from kpicalc.model.record import record
from kpicalc.payroll.back.calculated import computed, results, shown_results, together
from kpicalc.payroll.back.deals_proof import rows_differ
from kpicalc.payroll.back.page import Page
from kpicalc.payroll.back.proof import digest_of, proved
from kpicalc.payroll.back.rows import Control, Shown
from kpicalc.payroll.layout import (
    CURRENCY_ROW,
    FIRST_ACCRUAL,
    FIRST_FIGURE,
    FOR_1C,
    PAYROLL,
    Columns,
    Lead,
    SheetKey,
    columns_of,
    currency_line,
    detail_columns,
    identity_headings,
    is_calculation,
    is_deals,
    language_of,
    lead_of,
    run_caption,
    sheet_name,
    totals_caption,
    without_signature,
)
from kpicalc.payroll.manifest import beside
from kpicalc.payroll.result_marks import changed_results

_ZERO = Decimal(0)
_SHEETS: tuple[SheetKey, ...] = ("payroll", "for_1c", "run")


def read_payroll(
    path: Path, kpis: Collection[str] = (), added: Collection[str] = ()
) -> tuple[PaidMonth | None, list[Issue]]:
    """Read a payroll, and the actuals of the KPIs of these titles; without a month the issues say why.

    `added` are the titles whose figures are added up over several rows of a person; other titles have no one figure.
    """
    book, issues = read_book(path)
    if book is None:
        return None, issues
    named = {sheet.name: sheet for sheet in book.sheets}
    language = language_of(list(named))
    if language is None:
        return None, [*issues, issue("not_a_payroll", Place(book.file), found=", ".join(named))]
    missing = [name for key in _SHEETS if (name := sheet_name(key, language)) not in named]
    if missing:
        return None, [*issues, issue("payroll_sheet_missing", Place(book.file), missing=missing, found=list(named))]
    with exact_context():
        month, further = _Written(book, language, named, formula_cells(path, sheet_name("payroll", language))).month(
            kpis, added
        )
    issues += further
    return (None if any(severity(item) == "error" for item in issues) else month), issues


@record(frozen=False)
class _Written:
    """One payroll workbook that is being read. `formulas` are the Payroll sheet's; None if the format hides them."""

    book: Book
    language: Language
    named: dict[str, Sheet]
    formulas: set[tuple[int, int]] | None
    issues: list[Issue] = field(default_factory=list)

    def month(self, kpis: Collection[str], added: Collection[str]) -> tuple[PaidMonth | None, list[Issue]]:
        payroll, one_c, run = (self._page(self.named[sheet_name(key, self.language)]) for key in _SHEETS)
        heads, loaded = payroll.texts(PAYROLL.head), one_c.texts(FOR_1C.head)
        details = detail_columns(loaded, self.language)
        lead = lead_of(heads, self.language)
        heads = heads if lead is None else without_signature(heads, lead, self.language)
        columns = None if lead is None else columns_of(heads, lead.first, self.language)
        sums = columns_of(loaded[: min(details.values(), default=None)], FIRST_ACCRUAL, self.language)
        stated = run.row_of(run_caption("period", self.language))
        period = None if stated is None else parse(run.text(stated, 1))
        if (
            lead is None
            or columns is None
            or sums is None
            or period is None
            or loaded[:FIRST_FIGURE] != identity_headings(self.language)
        ):
            odd = run if period is None else one_c if sums is None else payroll
            return None, [issue("not_a_payroll", odd.place, found=odd.place.sheet)]
        shown = self._shown(payroll, heads, lead, columns)
        calculations = [self._page(sheet) for sheet in self.book.sheets if is_calculation(sheet.name, self.language)]
        lines = [row for page in calculations for row in computed(page, self.language)]
        people = self._loaded(one_c, sums, details, {person.number: person.row for person in shown})
        table = Paid(
            file=self.book.file,
            sha256=self.book.sha256,
            period=period,
            currency=payroll.text(CURRENCY_ROW, 0).removeprefix(currency_line("", self.language).rstrip()).strip(),
            language=self.language,
            lines=tuple(loaded[sums.earned.start : sums.earned.stop]),
            withheld=tuple(loaded[sums.withheld.start : sums.withheld.stop]),
            table=people,
            accrued=_count(person.accrued.value for person in shown),
            paid=_count(person.total.value for person in shown),
            columns={name: column_letter(column) for name, column in details.items()}
            | {"name": "B", "department": "C"},
        )
        figures = results(calculations, kpis, self.language, added) if kpis else {}
        control = self._control(run, one_c.place.sheet)
        self.issues += [item for page in (payroll, one_c, run, *calculations) for item in page.issues()]
        unsaved = [item for item in self.issues if item.code == "payroll_unsaved"]
        if unsaved:
            # A program that drops values drops all of them.
            return None, unsaved[:1]
        sheets = (payroll, one_c, run)
        self.issues += proved(table, heads, shown, lines, control, sheets, self.formulas, self.issues)
        if not self.issues:
            deals = [self._page(sheet) for sheet in self.book.sheets if is_deals(sheet.name, self.language)]
            self.issues += rows_differ(deals, calculations, self.language)
            self.issues += [item for page in deals for item in page.issues()]
        headings = [*identity_headings(self.language), *heads[lead.first :]]
        if kpis and not self.issues:
            self.issues += self._changed(calculations, kpis, control, run)
        mark = "" if self.issues else digest_of(table, headings, loaded, shown)
        if mark:
            self.issues += self._marked(mark, control, run)
        month = PaidMonth(
            file=self.book.file,
            sha256=self.book.sha256,
            period=period,
            language=self.language,
            sheet=payroll.place,
            lines=tuple(dict.fromkeys(heads[at] for at in (*columns.earned, *columns.withheld))),
            withheld=frozenset(heads[at] for at in columns.withheld),
            beside=tuple(heads[at] for at in columns.beside if heads[at]),
            people={person.number: _person(person, heads, columns) for person in shown},
            results=figures,
            table=table,
            held=int(control.held.value or 0),
            digest=mark,
        )
        return month, self.issues

    def _shown(self, page: Page, heads: list[str], lead: Lead, columns: Columns) -> list[Shown]:
        """Return the people of the Payroll sheet with all figures of their rows."""
        rows = []
        of_number, of_name, *where = lead.identity
        for row, number, name in page.people(PAYROLL.first, totals_caption(self.language), (of_number, of_name)):
            if number:
                department, position = (page.text(row, at) for at in where)
                figures = tuple(page.figure(row, at) for at in range(lead.first, len(heads)))
                twice = None if lead.repeated is None else page.figure(row, lead.repeated)
                rows.append(Shown(row, (number, name, department, position), figures, columns, lead.first, twice))
        return rows

    def _loaded(self, page: Page, columns: Columns, details: dict[DetailField, int], order: dict[str, int]) -> People:
        """Return the people of the For 1C sheet in the order of the Payroll sheet: either may have been sorted."""
        people = list(page.people(FOR_1C.first, totals_caption(self.language)))
        people.sort(key=lambda person: order.get(person[1], len(order)))
        rows = [row for row, _, _ in people]

        def amounts(at: int) -> list[Decimal]:
            return [page.figure(row, at).value or _ZERO for row in rows]

        def texts(at: int) -> list[str]:
            return [page.text(row, at) for row in rows]

        if columns.accrued != columns.total:
            amounts(columns.accrued)
        return People(
            [number for _, number, _ in people],
            [name for _, _, name in people],
            texts(2),
            texts(3),
            [amounts(at) for at in columns.earned],
            [amounts(at) for at in columns.withheld],
            amounts(columns.total),
            {key: texts(column) for key, column in details.items()},
            [page.at(row) for row in rows],
        )

    def _control(self, run: Page, one_c: str) -> Control:
        """Return the control figures of the Run sheet."""

        def figure(name: str, **blanks: str) -> PaidFigure:
            row = run.row_of(run_caption(name, self.language, **blanks))
            return PaidFigure(None, run.place) if row is None else run.figure(row, 1)

        def stated(name: str) -> str:
            row = run.row_of(run_caption(name, self.language))
            return "" if row is None else run.text(row, 1)

        return Control(
            people=figure("paid"),
            held=figure("held"),
            total=figure("total"),
            loaded=figure("control", sheet=one_c),
            difference=figure("difference"),
            to_pay=figure("to_pay"),
            digest=stated("digest"),
            results=stated("results"),
            program=stated("program") or "kpicalc",
        )

    def _changed(self, calculations: list[Page], kpis: Collection[str], control: Control, run: Page) -> Iterator[Issue]:
        """Yield that results are not as they were written; a payroll of an earlier version has no marks of them."""
        titles = list(changed_results(control.results, shown_results(calculations, kpis, self.language)))
        if titles and control.results:
            place = calculations[0].place if len(calculations) == 1 else Place(self.book.file)
            yield issue("payroll_results", place, titles=titles, sheet=run.place.sheet)
        elif titles and not control.unmarked:
            yield self._cleared("results", control, run)

    def _marked(self, mark: str, control: Control, run: Page) -> Iterator[Issue]:
        """Yield that the digest of what the sheets say is not the stated one, or that none is stated."""
        if control.unmarked:
            yield issue("payroll_without_digest", run.place)
        elif not control.digest:
            yield self._cleared("digest", control, run)
        elif mark != control.digest:
            at = run.row_of(run_caption("digest", self.language)) or 0
            yield issue("payroll_digest", run.at(at, 1))
        if mark == control.digest or control.unmarked:
            other = beside(Path(self.book.file))
            if other and other.digest not in ("", mark):
                yield issue("payroll_other_manifest", Place(str(other.path)), found=Path(self.book.file).name)

    def _cleared(self, name: str, control: Control, run: Page) -> Issue:
        """Return the issue for a mark that the version which wrote the payroll always writes."""
        return issue("payroll_mark_cleared", run.place, title=run_caption(name, self.language), found=control.program)

    def _page(self, sheet: Sheet) -> Page:
        return Page(sheet, Place(self.book.file, sheet.name))


def _person(shown: Shown, heads: list[str], columns: Columns) -> PaidPerson:
    figures: dict[str, PaidFigure] = {}
    for at in (*columns.earned, *columns.withheld):
        figures[heads[at]] = together(figures.get(heads[at]), shown.figure(at))
    kept = {heads[at]: shown.figure(at) for at in columns.beside if heads[at]}
    return PaidPerson(shown.number, shown.name, figures, shown.total, kept)


def _count(values: Iterator[Decimal | None]) -> Count:
    amounts = [value or _ZERO for value in values]
    return Count(sum(map(bool, amounts)), sum(amounts, _ZERO))
