"""The proof that a payroll is as it was written: by person, by line, by sheet, and by its digest.

A person has one issue: its consequences are not reported again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from kpicalc.lang import LANGUAGES, Language, number
from kpicalc.model.book import cell_name
from kpicalc.model.issue import Issue, issue, listed
from kpicalc.model.paid import Paid, Person
from kpicalc.model.paid_month import PaidFigure
from kpicalc.payroll.back.page import Page
from kpicalc.payroll.back.rows import Computed, Control, Shown
from kpicalc.payroll.digest import Sheet, digest, exact_texts
from kpicalc.payroll.layout import FIRST_FIGURE, run_caption, sheet_name

_ZERO = Decimal(0)
_NOISE = Decimal("0.005")
"""Less than half a kopeck between two sums is what a spreadsheet loses after 15 digits."""
_LISTED = 8


def proved(
    table: Paid,
    heads: Sequence[str],
    shown: Sequence[Shown],
    computed: Sequence[Computed],
    control: Control,
    sheets: tuple[Page, Page, Page],
    formulas: Collection[tuple[int, int]] | None,
    before: Sequence[Issue],
) -> list[Issue]:
    """Return every contradiction in a payroll; `before` are the issues of its cells."""
    payroll, one_c, run = sheets
    issues = [*_typed(payroll, heads, shown, formulas), *_twice(payroll, shown), *_twice_loaded(table)]
    calculated: dict[str, list[Computed]] = defaultdict(list)
    for row in computed:
        calculated[row.number].append(row)
    issues += _missing(table, shown, calculated, sheets)
    paid_by_1c = {person.id: person for person in table.people}
    spoilt = {row for row, _ in payroll.spoilt}
    for person in shown:
        if person.row not in spoilt:
            other = paid_by_1c.get(person.number)
            issues += _first(_person(person, heads, other, calculated.get(person.number, ()), table))
    if not issues and not before:
        issues += _controls(table, shown, control, run, one_c)
    return issues


def _first(issues: Iterator[Issue]) -> list[Issue]:
    first = next(issues, None)
    return [] if first is None else [first]


def _typed(
    page: Page, heads: Sequence[str], shown: Sequence[Shown], formulas: Collection[tuple[int, int]] | None
) -> Iterator[Issue]:
    """Report figures of the Payroll sheet that were typed over their formulas."""
    if formulas is None:
        return
    typed = [
        (person, figure)
        for person in shown
        for figure in (*person.figures, *([person.repeated] if person.repeated else []))
        if figure.value is not None and (person.row, figure.column) not in formulas
    ]
    if typed:
        person, figure = typed[0]
        assert figure.value is not None
        cells = [cell_name(row.row, cell.column) for row, cell in typed]
        yield issue(
            "payroll_typed",
            figure.place,
            payee=person,
            title=heads[figure.column],
            found=number(figure.value, _language(page)),
            count=len(typed),
            cells=listed(cells, _LISTED),
        )


def _language(page: Page) -> Language:
    return next(language for language in LANGUAGES if page.place.sheet == sheet_name("payroll", language))


def _twice(page: Page, shown: Sequence[Shown]) -> Iterator[Issue]:
    first: dict[str, Shown] = {}
    for person in shown:
        if (twin := first.setdefault(person.number, person)) is not person:
            facts = {"number": person.number, "first": twin.total.place.cell}
            yield issue("payroll_person_twice", page.at(person.row), **facts)


def _twice_loaded(table: Paid) -> Iterator[Issue]:
    first: dict[str, Person] = {}
    for person in table.people:
        if (twin := first.setdefault(person.id, person)) is not person:
            yield issue("payroll_person_twice", person.place, number=person.id, first=twin.place.cell)


def _missing(
    table: Paid, shown: Sequence[Shown], calculated: Mapping[str, Sequence[Computed]], sheets: tuple[Page, Page, Page]
) -> Iterator[Issue]:
    """Report people who are on some of the three sheets but not on all."""
    payroll, one_c, _ = sheets
    calculation = sheet_name("calculation", table.language)
    everywhere = {
        payroll.place.sheet: {person.number: str(person) for person in shown},
        one_c.place.sheet: {person.id: str(person) for person in table.people},
        calculation: {key: f"{key} {rows[0].name}" for key, rows in calculated.items()},
    }
    for key in dict.fromkeys(key for people in everywhere.values() for key in people):
        there = [sheet for sheet, people in everywhere.items() if key in people]
        lacking = [sheet for sheet in everywhere if sheet not in there]
        if lacking:
            facts = {"payee": everywhere[there[0]][key], "found": there, "missing": lacking}
            yield issue("payroll_person_missing", payroll.place, **facts)


def _person(
    person: Shown, heads: Sequence[str], loaded: Person | None, computed: Sequence[Computed], table: Paid
) -> Iterator[Issue]:
    """Yield the contradictions between a person's Payroll row, Calculation rows and For 1C row."""
    columns, language = person.columns, table.language

    def differs(figure: PaidFigure, title: str, other: Decimal, sheet: str) -> Issue:
        facts = {"found": number(figure.value or _ZERO, language), "other": number(other, language)}
        return issue("payroll_changed", figure.place, payee=person, title=title, sheet=sheet, **facts)

    earned = sum((person.amount(at) for at in columns.earned), _ZERO)
    withheld = sum((person.amount(at) for at in columns.withheld), _ZERO)
    sums = [(person.accrued, earned), (person.total, earned + withheld)]
    sums += [(person.repeated, earned + withheld)] if person.repeated else []
    for figure, added in sums:
        if abs((figure.value or _ZERO) - added) > _NOISE:
            facts = {"found": number(added, language), "total": number(figure.value or _ZERO, language)}
            yield issue("payroll_row_sum", figure.place, payee=person, **facts)
    if computed:
        sheet = computed[0].total.sheet.sheet
        total = sum((row.total.value or _ZERO for row in computed), _ZERO)
        if abs((person.total.value or _ZERO) - total) > _NOISE:
            yield differs(person.total, heads[columns.total], total, sheet)
        lines: dict[str, list[Decimal]] = defaultdict(list)
        for row in computed:
            for title, amounts in row.lines.items():
                lines[title] += amounts
        for title, (figure, amount) in _by_title(person, heads, (*columns.earned, *columns.withheld)).items():
            # A balance may have the same title as a line.
            if all(abs(amount - other) > _NOISE for other in (sum(lines[title], _ZERO), *lines[title])):
                yield differs(figure, title, sum(lines[title], _ZERO), sheet)
    if loaded is not None:
        yield from _against_1c(person, heads, loaded, table)


def _against_1c(person: Shown, heads: Sequence[str], loaded: Person, table: Paid) -> Iterator[Issue]:
    """Compare a person with the For 1C row, where reductions are folded into the lines that they act on."""
    columns, language = person.columns, table.language
    sheet = person.total.sheet.sheet

    def differs(title: str, one: object, other: object) -> Issue:
        shown = {
            name: number(value, language) if isinstance(value, Decimal) else value
            for name, value in (("found", one), ("other", other))
        }
        return issue("payroll_changed", loaded.place, payee=person, title=title, sheet=sheet, **shown)

    if name := next((pair for pair in zip(_texts(loaded), person.texts, strict=True) if pair[0] != pair[1]), None):
        yield differs(heads[_texts(loaded).index(name[0])], *name)
    total, accrued = person.total.value or _ZERO, person.accrued.value or _ZERO
    if abs(loaded.total - total) > _NOISE:
        yield differs(heads[columns.total], loaded.total, total)
    if abs(loaded.accrued - accrued) > _NOISE:
        yield differs(heads[columns.accrued], loaded.accrued, accrued)
    if abs(loaded.accrued + sum(loaded.withheld) - loaded.total) > _NOISE:
        facts = {
            "found": number(loaded.accrued + sum(loaded.withheld), language),
            "total": number(loaded.total, language),
        }
        yield issue("payroll_row_sum", loaded.place, payee=person, **facts)
    spans = ((columns.withheld, table.withheld, loaded.withheld), (columns.earned, table.lines, loaded.accruals))
    for span, titles, amounts in spans:
        shown_by_title = _by_title(person, heads, span)
        theirs: dict[str, Decimal] = defaultdict(Decimal)
        for title, amount in zip(titles, amounts, strict=True):
            theirs[title] += amount
        folded = span is columns.earned and any(person.amount(at) < 0 for at in span)
        for title in dict.fromkeys((*shown_by_title, *theirs)):
            amount = shown_by_title[title][1] if title in shown_by_title else _ZERO
            taken = folded and (0 <= theirs[title] <= max(amount, _ZERO) + _NOISE or accrued < 0)
            if not taken and abs(theirs[title] - amount) > _NOISE:
                yield differs(title, theirs[title], amount)


def _texts(person: Person) -> tuple[str, str, str, str]:
    return person.id, person.name, person.department, person.position


def _by_title(person: Shown, heads: Sequence[str], span: Sequence[int]) -> dict[str, tuple[PaidFigure, Decimal]]:
    """Return the sums of columns by title, with the first cell of each; two lines may have one title."""
    sums: dict[str, tuple[PaidFigure, Decimal]] = {}
    for at in span:
        if heads[at]:
            figure, amount = sums.get(heads[at], (person.figure(at), _ZERO))
            sums[heads[at]] = figure, amount + person.amount(at)
    return sums


def _controls(table: Paid, shown: Sequence[Shown], control: Control, run: Page, one_c: Page) -> Iterator[Issue]:
    """Compare the control figures of the Run sheet with the sums of the other sheets."""
    language = table.language
    if control.difference.value:
        yield issue("payroll_edited", control.difference.place, found=number(control.difference.value, language))
        return
    stated = [
        (control.people, "paid", {}, Decimal(len(shown))),
        (control.total, "total", {}, table.accrued.total),
        (control.loaded, "control", {"sheet": one_c.place.sheet}, table.accrued.total),
        (control.difference, "difference", {}, _ZERO),
    ]
    if table.withheld:
        stated.append((control.to_pay, "to_pay", {}, table.paid.total))
    for figure, name, blanks, expected in stated:
        if figure.value is None or abs(figure.value - expected) > _NOISE * (1 + abs(expected) / 10**12):
            caption = run_caption(name, language, **blanks)
            stated_figure = "—" if figure.value is None else number(figure.value, language)
            facts = {"title": caption, "found": stated_figure, "other": number(expected, language)}
            yield issue("payroll_control", figure.place if figure.row is not None else run.place, **facts)
            return


def digest_of(table: Paid, heads: Sequence[str], loaded: Sequence[str], shown: Sequence[Shown]) -> str:
    """Return the digest of what the sheets say now."""
    texts = [[row.texts[at] for row in shown] for at in range(FIRST_FIGURE)]
    figures = zip(*([figure.value for figure in row.figures] for row in shown), strict=True)
    people = table.table
    sheets: list[Sheet] = [
        ("payroll", texts, map(exact_texts, figures)),
        ("for_1c", (*people.texts, *people.details.values()), map(exact_texts, people.amounts())),
    ]
    return digest(table.period, table.currency, (heads, loaded), sheets)
