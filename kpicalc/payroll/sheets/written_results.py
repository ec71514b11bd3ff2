"""The marks of the results that the Calculation sheets of a new payroll show, for its Run sheet."""

from collections.abc import Collection, Sequence

from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, word
from kpicalc.model.texts import clean_all
from kpicalc.payroll.back.calculated import result_columns
from kpicalc.payroll.digest import exact_texts
from kpicalc.payroll.layout import FIRST_FIGURE, identity_headings
from kpicalc.payroll.result_marks import result_mark
from kpicalc.payroll.sheets.calculation_sheet import Laid, group_texts


def result_marks(sheets: Sequence[Laid], payroll: Payroll) -> str:
    """Return the marks of all results that the Calculation sheets are going to show, as the Run sheet has them."""
    book, language = payroll.book, payroll.book.language
    plan = word("headings.figure.plan", language)
    titles = [book.kpi_title(key) for key in book.kpis]
    found: dict[str, tuple[list[str], list[str]]] = {}
    for laid in sheets:
        numbers = clean_all([payroll.inputs.payees[index].id for index in laid.pay.payees])
        for at, title in _columns(laid, [*titles, *(f"{one} / {plan}" for one in titles)], language):
            whose, figures = found.setdefault(title, ([], []))
            whose += numbers
            figures += exact_texts(laid.pay.columns[laid.figures[at - FIRST_FIGURE].key])
    return " ".join(result_mark(title, *figures) for title, figures in found.items() if figures[0])


def _columns(laid: Laid, titles: Collection[str], language: Language) -> list[tuple[int, str]]:
    identity = [(word("headings.employee.group", language), heading) for heading in identity_headings(language)]
    headed = [*identity, *((figure.group, figure.heading) for figure in laid.figures)]
    groups = group_texts(headed, word("headings.figure.actual", language))
    return result_columns(groups, [heading for _, heading in headed], titles, language)
