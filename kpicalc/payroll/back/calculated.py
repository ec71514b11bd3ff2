"""What the Calculation sheets of a payroll that is read back show: each person's lines, and the actuals of KPIs."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from kpicalc.lang import Language, word
from kpicalc.model.paid_month import PaidFigure
from kpicalc.model.texts import name_key
from kpicalc.payroll.back.page import Page
from kpicalc.payroll.back.rows import Computed
from kpicalc.payroll.layout import CALCULATION, FIRST_FIGURE, GROUP_ROW, columns_of, totals_caption

_ZERO = Decimal(0)
_PLANS = ("plan_due", "plan_season", "plan")
"""The plans of a month as the Calculation sheet names them; the plan that was used for pay comes first."""


def computed(page: Page, language: Language) -> Iterator[Computed]:
    """Yield the people of a Calculation sheet with their lines: the columns that have a sum in the totals row."""
    rows = list(page.people(CALCULATION.first, totals_caption(language)))
    heads = page.texts(CALCULATION.head)
    if not rows or rows[-1][1]:
        return
    last = rows.pop()[0]
    summed = [at for at in range(FIRST_FIGURE, len(heads)) if page.figure(last, at).value is not None]
    sums = columns_of([heads[at] for at in summed], 0, language)
    if sums is None:
        return
    lines = [at for index, at in enumerate(summed) if index not in (sums.accrued, sums.total)]
    for row, number, name in rows:
        by_title: dict[str, list[Decimal]] = {}
        for at in lines:
            by_title.setdefault(heads[at], []).append(page.figure(row, at).value or _ZERO)
        yield Computed(number, name, by_title, page.figure(row, summed[sums.total]))


def results(
    pages: Sequence[Page], kpis: Collection[str], language: Language, added: Collection[str] = ()
) -> dict[str, dict[str, PaidFigure]]:
    """Return the actuals that the Calculation sheets show, by KPI title and personnel number.

    `added` are the titles whose figures are added up over several rows of a person; for other titles there is no one
    figure.
    """
    figures: dict[str, dict[str, PaidFigure]] = {title: {} for title in kpis}
    for title, number, figure in _shown(pages, kpis, language):
        twin = figures[title].get(number)
        if title in added and twin and (twin.row != figure.row or twin.sheet != figure.sheet):
            # A person with two positions: the actuals of both are added up.
            both = None if None in (twin.value, figure.value) else (twin.value or _ZERO) + (figure.value or _ZERO)
            figures[title][number] = figure._replace(value=both)
        else:
            figures[title][number] = agreed(twin, figure)
    return figures


def agreed(twin: PaidFigure | None, figure: PaidFigure) -> PaidFigure:
    """Return the later of two figures of one KPI, unknown if they differ.

    Two components may round a KPI differently: nothing says which of the two figures is meant.
    """
    return figure._replace(value=None) if twin and twin.value != figure.value else figure


def together(twin: PaidFigure | None, figure: PaidFigure) -> PaidFigure:
    """Return the pay of two lines of one title: two lines of one scheme, or lines of two schemes, may have it."""
    if twin is None or twin.value is None:
        return figure
    return twin if figure.value is None else twin._replace(value=twin.value + figure.value)


def shown_results(
    pages: Sequence[Page], kpis: Collection[str], language: Language
) -> dict[str, list[tuple[str, float | None]]]:
    """Return every figure of these KPIs that the Calculation sheets show, with its personnel number."""
    figures: dict[str, list[tuple[str, float | None]]] = {title: [] for title in kpis}
    for title, number, figure in _shown(pages, kpis, language):
        figures[title].append((number, None if figure.value is None else float(figure.value)))
    return figures


def _shown(pages: Sequence[Page], kpis: Collection[str], language: Language) -> Iterator[tuple[str, str, PaidFigure]]:
    """Yield the figures of these KPIs as the Calculation sheets show them: title, personnel number, figure."""
    for page in pages:
        heads = page.texts(CALCULATION.head)
        columns = result_columns([page.text(GROUP_ROW, at) for at in range(len(heads))], heads, kpis, language)
        for row, number, _ in page.people(CALCULATION.first, totals_caption(language)) if columns else ():
            for column, title in columns if number else ():
                yield title, number, page.figure(row, column)


def result_columns(
    groups: Sequence[str], headings: Sequence[str], kpis: Collection[str], language: Language
) -> list[tuple[int, str]]:
    """Return the columns of a Calculation sheet with the actuals of KPIs, each with the requested title.

    «Продажи / План» stands for the plan used for pay: adjusted for days or season, if there is such a plan.
    """
    keys = {name_key(title): title for title in kpis}
    actual, *plans = (word(f"headings.figure.{name}", language) for name in ("actual", *_PLANS))
    group, columns = "", []
    headed: dict[tuple[str, str], int] = {}
    for column, head in enumerate(headings):
        group = groups[column] or group
        headed.setdefault((group, head), column)
        if head == actual and name_key(group) in keys:
            columns.append((column, keys[name_key(group)]))
    for title in dict.fromkeys(title for title, _ in headed):
        planned = keys.get(name_key(f"{title} / {plans[-1]}"))
        standing = [headed[title, head] for head in plans if (title, head) in headed]
        columns += [(standing[0], planned)] if planned and standing else []
    return columns
