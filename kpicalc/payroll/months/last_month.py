"""A comparison with last month's payroll: unchanged figures, and people and sheets that are gone."""

from collections.abc import Collection, Iterator
from pathlib import Path

from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.paid_month import Taken
from kpicalc.model.period import title
from kpicalc.model.scheme import SchemeBook
from kpicalc.payroll.manifest import beside
from kpicalc.payroll.months.gone_sheets import gone_sheets

_PLACES = 9
_LISTED = 5
_FEWEST = 2
"""A single figure equal to last month's is ordinary."""


def since_last_month(inputs: Inputs, book: SchemeBook, last: Taken, reported: Collection[str]) -> Iterator[Issue]:
    """Yield issues: all actuals equal last month's; people who are gone; people whose figures are now missing.

    `reported` are the people whose absence was reported already.
    """
    month = title(last.period, book.language)
    there = Place(inputs.file)
    compared = differing = 0
    lost: list[str] = []
    for key, series in inputs.actual.items():
        before = last.results.get(book.kpi_title(key), {})
        for index, payee in enumerate(inputs.payees):
            figure, now = before.get(payee.id), series.values[index]
            if figure is None or figure.value is None or index in inputs.away:
                continue
            if inputs.is_joint(index):
                # Where a person has several rows, one of them may lack a figure: it is no figure of last month's.
                known = [series.values[row] for row in inputs.rows_of(index)]
                if index in inputs.further or any(value is not None for value in known):
                    continue
            if now is None:
                if series.place(index) not in inputs.unread:
                    lost.append(f"{payee} ({book.kpi_title(key)})")
            else:
                compared += 1
                differing += round(now, _PLACES) != round(figure.value, _PLACES)
    if compared >= _FEWEST and not differing and not lost:
        yield issue("same_as_last_month", there, count=compared, month=month, found=Path(last.file).name)
    yield from gone_sheets(inputs, book, beside(Path(last.file)))
    here = {payee.id for payee in inputs.payees}
    gone = [f"{number} {name}" for number, name in last.names.items() if number not in here]
    gone = [person for person in gone if person not in reported]
    for code, names in (("missing_since_last_month", gone), ("figures_missing_since_last_month", lost)):
        if names:
            yield issue(code, there, count=len(names), names=listed(names, _LISTED, "; "), month=month)
