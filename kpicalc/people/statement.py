"""One person's statement: all contents of the page and the printed sheet, and nothing about anybody else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.probing.missing import Worth, missing_of, statement_of
from kpicalc.engine.probing.next_step import NextStep
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Line
from kpicalc.engine.tree.formula import Param
from kpicalc.engine.tree.sources import Given
from kpicalc.engine.tree.words import show, tell
from kpicalc.lang import money, word
from kpicalc.model.listing import Listing
from kpicalc.model.period import title as month_title
from kpicalc.model.record import record
from kpicalc.model.row_days import days_of_row
from kpicalc.people.results import Result, Results
from kpicalc.screen.next_steps import steps_of_rows, told_steps
from kpicalc.screen.person import in_full
from kpicalc.screen.waiting import worth_in_words

LEAST_OTHERS = 3
"""With fewer colleagues than this, what a step gives them would reveal their pay."""
_VERSION = 8


@record
class PaidLine:
    """A line of pay: its amount, the rule in words, and its intermediate steps, such as an index or a share."""

    title: str
    amount: Decimal
    sentence: str
    steps: tuple[str, ...]


@record
class PersonStatement:
    """The contents of a person's statement. `total` is None if the pay is not known yet; `missing` says why."""

    payee: int
    heading: str
    organisation: str
    number: str
    name: str
    person: str
    where: str
    month: str
    scheme: str
    currency: str
    results: tuple[Result, ...]
    earned: tuple[PaidLine, ...]
    withheld: tuple[PaidLine, ...]
    accrued: Decimal | None
    total: Decimal | None
    beside: tuple[tuple[str, str], ...]
    adjustments: tuple[tuple[str, Decimal], ...]
    next_steps: tuple[tuple[str, str], ...]
    months: tuple[tuple[str, Decimal], ...]
    """The last months, the earliest first, with the amount paid."""
    listings: tuple[Listing, ...]
    missing: tuple[str, ...]
    worth: str


@record
class Beside:
    """What statements need besides the payroll: prices of steps, earlier months, rows of facts, ranges of pay."""

    steps: Mapping[int, Sequence[NextStep]]
    months: Mapping[int, Sequence[tuple[str, Decimal]]]
    listings: Mapping[int, Sequence[Listing]]
    worths: Mapping[int, Worth]
    organisation: str
    approved: bool
    """True if the organisation has approved this form as its payslip."""


def statements_of(payroll: Payroll, people: Sequence[int], beside: Beside) -> Iterator[PersonStatement]:
    """Yield the statements of these people, in this order."""
    results = Results(payroll)
    by_payee = {index: pay for pay in payroll.schemes for index in pay.payees}
    for index in people:
        rows = payroll.inputs.rows_of(index)
        parts = [_statement(payroll, row, by_payee.get(row), results, beside) for row in rows]
        yield _together(payroll, rows, parts) if len(parts) > 1 else parts[0]


def _together(payroll: Payroll, rows: Sequence[int], parts: Sequence[PersonStatement]) -> PersonStatement:
    """Return one statement of a person who has several rows: the lines of each with its days, and the sums."""
    language, person = payroll.book.language, payroll.inputs.person(rows[0])
    days = [days_of_row(payroll.inputs, row, language) for row in rows]
    dated = list(zip(days, parts, strict=True))
    accrued, totals = [one.accrued for one in parts], [one.total for one in parts]
    return replace(
        parts[0],
        where=", ".join(part for part in (person.department, person.position) if part),
        scheme="; ".join(dict.fromkeys(one.scheme for one in parts)),
        results=tuple(replace(item, title=f"{item.title} ({text})") for text, one in dated for item in one.results),
        earned=tuple(replace(line, title=f"{line.title} ({text})") for text, one in dated for line in one.earned),
        withheld=tuple(replace(line, title=f"{line.title} ({text})") for text, one in dated for line in one.withheld),
        accrued=None if None in accrued else sum((value for value in accrued if value is not None), Decimal(0)),
        total=None if None in totals else sum((value for value in totals if value is not None), Decimal(0)),
        beside=tuple((f"{title} ({text})", value) for text, one in dated for title, value in one.beside),
        adjustments=tuple(item for one in parts for item in one.adjustments),
        next_steps=tuple((f"{title} ({text})", told) for text, one in dated for title, told in one.next_steps),
        listings=tuple(item for one in parts for item in one.listings),
        missing=tuple(dict.fromkeys(text for one in parts for text in one.missing)),
        worth=" ".join(dict.fromkeys(f"{text}: {one.worth}" for text, one in dated if one.worth)),
    )


def _statement(
    payroll: Payroll, index: int, pay: SchemePay | None, results: Results, beside: Beside
) -> PersonStatement:
    book, person, statement = payroll.book, payroll.inputs.payees[index], statement_of(payroll, index)
    language, at = book.language, pay.payees.index(index) if pay else 0
    lines = list(_lines(payroll, pay, at)) if pay else []
    payslip = beside.approved and statement is not None and statement.withholds
    scheme = word("people.page.scheme", language)
    titled = statement.scheme.title if statement else "—"
    return PersonStatement(
        payee=index,
        heading=word("people.page.payslip" if payslip else "people.page.heading", language),
        organisation=beside.organisation or book.title,
        number=person.id,
        name=person.name,
        person=in_full(person, language),
        where=", ".join(part for part in (person.department, person.position) if part),
        month=month_title(payroll.inputs.period, language),
        scheme=scheme.format(title=titled, version=book.sha256[:_VERSION]),
        currency=book.currency,
        results=tuple(results.of(index)),
        earned=tuple(told for line, told in lines if not line.withheld),
        withheld=tuple(told for line, told in lines if line.withheld),
        accrued=pay.columns[pay.statement.accrued][at] if pay else None,
        total=pay.columns[pay.statement.total][at] if pay else None,
        beside=tuple(_beside(payroll, pay, at)) if pay else (),
        adjustments=tuple((item.reason, item.amount) for item in payroll.inputs.adjustments.get(index, ())),
        next_steps=(
            *told_steps(beside.steps.get(index, ()), book, least_others=LEAST_OTHERS),
            *steps_of_rows(payroll, index),
        ),
        months=tuple(beside.months.get(index, ())),
        listings=tuple(beside.listings.get(index, ())),
        missing=() if pay else tuple(_missing(payroll, index)),
        worth="" if pay or index in payroll.inputs.away else worth_in_words(beside.worths.get(index), payroll),
    )


def _lines(payroll: Payroll, pay: SchemePay, at: int) -> Iterator[tuple[Line, PaidLine]]:
    """Yield the lines of pay in order, each with the steps computed for it."""
    language, statement = payroll.book.language, pay.statement
    lines = {line.figure: line for line in statement.lines}
    by_figure: dict[str, PaidLine] = {}
    steps: list[str] = []
    for figure in statement.figures:
        if isinstance(figure.source, Given | Param):
            continue
        sentence = tell(figure.source, figure.unit, pay.columns, at, language).sentence(figure.title)
        line = lines.get(figure.key)
        if line is None:
            steps.append(sentence)
            continue
        by_figure[line.figure] = PaidLine(line.title, pay.columns[figure.key][at], sentence, tuple(steps))
        steps = []
    for line in statement.lines:
        if line.figure in by_figure:
            yield line, by_figure[line.figure]
        else:
            # A line that is itself an input, such as the adjustments, has no rule to explain.
            yield line, PaidLine(line.title, pay.columns[line.figure][at], "", ())


def _beside(payroll: Payroll, pay: SchemePay, at: int) -> Iterator[tuple[str, str]]:
    language = payroll.book.language
    for tally in pay.statement.tallies:
        value = pay.columns[tally.figure][at]
        yield tally.title, money(value, language) if tally.kind != "points" else show(value, "number", language)


def _missing(payroll: Payroll, index: int) -> Iterator[str]:
    """Say why a person's pay is not known yet; other people's missing figures are reported without names."""
    language = payroll.book.language
    if index in payroll.inputs.away:
        yield word("terminal.explain.away", language)
        return
    missing = missing_of(payroll, index)
    yield from (
        f"{item.title} ({item.place.sheet}, {item.place.cell})" if item.place.cell else item.title for item in missing
    )
    if not missing:
        yield word("people.page.missing_elsewhere", language)
