"""Whether a payroll fits into the sheets of a spreadsheet and into the limits of the reader; checked before the work.

A payroll must be readable later: by `export`, by `compare`, by the next month.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.audience import schemes_of
from kpicalc.engine.result import Payroll, SchemePay, Team
from kpicalc.engine.statement import Statement
from kpicalc.intake.files.faults_xlsx import BOX_LIMIT
from kpicalc.intake.files.parts import PART_LIMIT, TOTAL_LIMIT
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.payroll.sheets.grid import longest_row
from kpicalc.payroll.workbook import laid_out

ROWS, COLUMNS = 1_048_576, 16_384
"""The limits of a sheet in Excel and LibreOffice."""
_AROUND = 16
"""Rows above and below a table, at most."""
_TEXTS = ("id", "name", "department", "position")
_ZERO = Decimal(0)
_MARK = "0" * 64
"""In place of the digest: one person stands for everybody in every scheme, which no digest allows."""


def lacking_room(book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> Iterator[Issue]:
    """Yield an issue for each sheet with too many people or columns, naming the limit."""
    alike = Counter((payee.scheme, payee.position, payee.department) for payee in inputs.payees)
    first = {(payee.scheme, payee.position, payee.department): payee for payee in reversed(inputs.payees)}
    people: Counter[str] = Counter()
    for by, count in alike.items():
        for key in schemes_of(book, first[by])[:1]:
            people[key] += count
    known = [key for key in book.schemes if people[key] and key in statements]
    everybody, place = len(inputs.payees), Place(inputs.file)
    texts = sum(len(getattr(payee, name).encode()) for payee in inputs.payees for name in _TEXTS) // max(everybody, 1)
    _, tables = laid_out(_sample([statements[key] for key in known], book, inputs), mark=_MARK)
    by_sheet = dict(enumerate((people[key] for key in known), 2))
    whole = 0
    for number, (sheet, rows) in tables.items():
        count, columns = by_sheet.get(number, everybody), len(rows.shapes[0])
        size = max(longest_row(shape, texts) for shape in rows.shapes)
        whole += size * count
        if columns > COLUMNS:
            yield issue("payroll_too_wide", place, sheet=sheet, found=columns, allowed=COLUMNS)
            continue
        fitting = max(min(ROWS - _AROUND, BOX_LIMIT // columns - _AROUND, PART_LIMIT // size), 0)
        if count > fitting:
            yield issue("payroll_too_large", place, sheet=sheet, count=count, allowed=fitting)
    if whole > TOTAL_LIMIT:
        yield issue("payroll_too_large", place, sheet="—", count=everybody, allowed=everybody * TOTAL_LIMIT // whole)


def _sample(statements: list[Statement], book: SchemeBook, inputs: Inputs) -> Payroll:
    """Return a payroll of zeros, one person per scheme, whose sheets have the columns and formulas of the real one."""
    schemes = [
        SchemePay(statement, (0,), {figure.key: [_ZERO] for figure in statement.figures}) for statement in statements
    ]
    teams = dict.fromkeys(team for statement in statements for team in statement.teams)
    sums = tuple(Team(team.kpi, team.of, "—", _ZERO, _ZERO, team.over) for team in teams)
    return Payroll(book, inputs, tuple(schemes), (), sums, ())
