"""The results of a month as its payroll shows them: the actuals and plans of the Calculation sheets, by person."""

from collections.abc import Collection
from decimal import Decimal

from kpicalc.lang import Language, word
from kpicalc.model.paid_month import PaidFigure
from kpicalc.model.texts import name_key
from kpicalc.payroll.layout import CALCULATION, GROUP_ROW, totals_caption
from kpicalc.payroll.page import Page

_ZERO = Decimal(0)
_PLANS = ("plan_due", "plan_season", "plan")
"""The plans of a month as the Calculation sheet has them, the one that counted first."""


def results_of(
    pages: list[Page], kpis: Collection[str], added: Collection[str], language: Language
) -> dict[str, dict[str, PaidFigure]]:
    """Return the actuals that the Calculation sheets show, by KPI title and personnel number.

    «Продажи / План» asks for the plan that counted: for the days, or with its season, where there is such a one.
    """
    found: dict[str, dict[str, PaidFigure]] = {title: {} for title in kpis}
    keys = {name_key(title): title for title in kpis}
    actual, *plans = (word(f"headings.figure.{name}", language) for name in ("actual", *_PLANS))
    for page in pages:
        group, columns = "", []
        headed: dict[tuple[str, str], int] = {}
        for column, head in enumerate(page.texts(CALCULATION.head)):
            group = page.text(GROUP_ROW, column) or group
            headed.setdefault((group, head), column)
            if head == actual and name_key(group) in keys:
                columns.append((column, keys[name_key(group)]))
        for title in dict.fromkeys(title for title, _ in headed):
            planned = keys.get(name_key(f"{title} / {plans[-1]}"))
            standing = [headed[title, head] for head in plans if (title, head) in headed]
            columns += [(standing[0], planned)] if planned and standing else []
        for row, number, _ in page.people(CALCULATION.first, totals_caption(language)) if columns else ():
            for column, title in columns if number else ():
                figure = page.figure(row, column)
                twin = found[title].get(number)
                if title in added and twin and (twin.row != row or twin.sheet != figure.sheet):
                    # Two positions of one person: what was done in both is what was done.
                    both = (
                        None if None in (twin.value, figure.value) else (twin.value or _ZERO) + (figure.value or _ZERO)
                    )
                    found[title][number] = figure._replace(value=both)
                    continue
                # One KPI, rounded in two ways by two components: which of them is meant is not ours to say.
                differ = twin and twin.value != figure.value
                found[title][number] = figure._replace(value=None) if differ else figure
    return found
