"""A comparison with last month's payroll: figures unchanged or far from it, people and sheets that are gone."""

from collections.abc import Collection, Iterator
from pathlib import Path

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.middle import did_little, is_few
from kpicalc.engine.tree.words import show
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
_TIMES = 50
"""What differs so much is probably in thousands, or has lost its zeros; zero is a result."""


def since_last_month(inputs: Inputs, book: SchemeBook, last: Taken, reported: Collection[str]) -> Iterator[Issue]:
    """Yield issues: all actuals equal last month's; some far from it; people who are gone, or whose figures are.

    `reported` are the people whose absence was reported already.
    """
    month = title(last.period, book.language)
    there = Place(inputs.file)
    compared = differing = 0
    lost: list[str] = []
    far: list[str] = []
    for key, series in inputs.actual.items():
        before = last.results.get(book.kpi_title(key), {})
        # Where pay depends on earlier results, they are compared with the month's already.
        judged, unit = (key, 1) in inputs.history, unit_of_kpi(book.kpis[key])
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
                least, most = sorted((now, figure.value))
                is_far = not judged and least > 0 and least * _TIMES <= most
                if is_far and not (is_few(least, most, unit) or did_little(inputs, index, now, figure.value, unit)):
                    shown = [show(value, unit, book.language) for value in (now, figure.value)]
                    far.append(f"{payee} ({book.kpi_title(key)}: {', '.join(shown)})")
    if compared >= _FEWEST and not differing and not lost:
        yield issue("same_as_last_month", there, count=compared, month=month, found=Path(last.file).name)
    yield from gone_sheets(inputs, book, beside(Path(last.file)))
    here = {payee.id for payee in inputs.payees}
    gone = [f"{number} {name}" for number, name in last.names.items() if number not in here]
    gone = [person for person in gone if person not in reported]
    if far:
        names = listed(far, _LISTED, "; ")
        yield issue("unlike_last_month", there, count=len(far), names=names, month=month, times=_TIMES)
    for code, people in (("missing_since_last_month", gone), ("figures_missing_since_last_month", lost)):
        if people:
            yield issue(code, there, count=len(people), names=listed(people, _LISTED, "; "), month=month)
