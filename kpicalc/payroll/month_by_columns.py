"""A payroll as `back/read.py` returns it, from its columns: a person's figures are put together where somebody asks.

It serves comparisons of whole payrolls. The file must be that of its manifest, and its sheets are proved as
`months/taken.py` does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from pathlib import Path

from kpicalc.model.issue import Place
from kpicalc.model.money import from_cell
from kpicalc.model.paid import Count, Paid, People
from kpicalc.model.paid_month import PaidFigure, PaidMonth, PaidPerson
from kpicalc.payroll.back.by_columns import Amounts
from kpicalc.payroll.back.calculated import together
from kpicalc.payroll.layout import FIRST_FIGURE, PAYROLL, detail_columns, run_caption, sheet_name
from kpicalc.payroll.months.taken import proved_by_columns

Figure = Callable[[int], PaidFigure]
"""From a person's place in the list to one figure."""


class PeopleByColumns(Mapping[str, PaidPerson]):
    """The people of a payroll by personnel number; `lines` and `beside` are figures by title."""

    def __init__(
        self,
        numbers: Sequence[str],
        names: Sequence[str],
        lines: Mapping[str, Figure],
        total: Figure,
        beside: Mapping[str, Figure],
    ) -> None:
        """Hold the columns."""
        self.at = {number: at for at, number in enumerate(numbers)}
        self.names, self.lines, self.total, self.beside = names, lines, total, beside

    def __getitem__(self, number: str) -> PaidPerson:
        at = self.at[number]
        lines, beside = ({title: of(at) for title, of in part.items()} for part in (self.lines, self.beside))
        return PaidPerson(number, self.names[at], lines, self.total(at), beside)

    def __iter__(self) -> Iterator[str]:
        return iter(self.at)

    def __len__(self) -> int:
        return len(self.at)


def month_by_columns(path: Path) -> PaidMonth | None:
    """Return a payroll whose file is that of its manifest, proved; None for any other file.

    The people of its table stand on the For 1C sheet, without a cell of their own.
    """
    found = proved_by_columns(path)
    if found is None:
        return None
    shown, loaded, language = found.shown, found.loaded, found.language
    place = Place(found.file, sheet_name("payroll", language))
    columns, heads = shown.columns, shown.heads

    def figure(at: int) -> Figure:
        amounts = shown.amounts[at]
        return lambda row: PaidFigure(_decimal(amounts[row]), place, PAYROLL.first + row, at)

    def line(title: str) -> Figure:
        figures = [figure(at) for at in (*columns.earned, *columns.withheld) if heads[at] == title]
        return lambda row: reduce(together, (of(row) for of in figures))

    numbers, names, *_ = shown.texts
    lines = dict.fromkeys(heads[at] for at in (*columns.earned, *columns.withheld))
    beside = [at for at in columns.beside if heads[at]]
    held = found.run.get(run_caption("held", language))
    details = zip(detail_columns(loaded.heads, language), loaded.texts[FIRST_FIGURE:], strict=True)
    one_c = Place(found.file, sheet_name("for_1c", language))
    ids, whose, departments, positions, *_ = loaded.texts
    table = People(
        ids=ids,
        names=whose,
        departments=departments,
        positions=positions,
        accruals=[_decimals(loaded.amounts[at]) for at in loaded.columns.earned],
        withheld=[_decimals(loaded.amounts[at]) for at in loaded.columns.withheld],
        totals=_decimals(loaded.amounts[loaded.columns.total]),
        details=dict(details),
        places=[one_c] * len(ids),
    )
    return PaidMonth(
        file=found.file,
        sha256=found.sha256,
        period=found.period,
        language=language,
        sheet=place,
        lines=tuple(lines),
        withheld=frozenset(heads[at] for at in columns.withheld),
        beside=tuple(heads[at] for at in beside),
        people=PeopleByColumns(
            numbers,
            names,
            {title: line(title) for title in lines},
            figure(columns.total),
            {heads[at]: figure(at) for at in beside},
        ),
        results=found.results,
        table=Paid(
            file=found.file,
            sha256=found.sha256,
            period=found.period,
            currency=shown.currency,
            language=language,
            lines=tuple(loaded.heads[at] for at in loaded.columns.earned),
            withheld=tuple(loaded.heads[at] for at in loaded.columns.withheld),
            table=table,
            accrued=_count(shown.amounts[columns.accrued]),
            paid=_count(shown.amounts[columns.total]),
        ),
        held=int(held) if isinstance(held, float) else 0,
        digest=found.digest,
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else from_cell(value)


def _decimals(values: Amounts) -> list[Decimal]:
    return [from_cell(value or 0.0) for value in values]


def _count(values: Amounts) -> Count:
    amounts = _decimals(values)
    return Count(sum(map(bool, amounts)), sum(amounts, Decimal(0)))
