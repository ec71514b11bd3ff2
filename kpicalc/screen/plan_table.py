"""Plans in a terminal: a row per payee and KPI, from the average to the plan."""

from decimal import Decimal

from rich.console import Console
from rich.text import Text

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, percent, word
from kpicalc.model import period
from kpicalc.model.inputs import Inputs
from kpicalc.model.scheme import Rounding, SchemeBook
from kpicalc.model.targets import PlanFromHistory
from kpicalc.screen.summary_plan import short_name
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_ROWS = 60
_NAME_WIDTH = 22
_KPI_WIDTH = 26


def print_plan(plan: PlanFromHistory, book: SchemeBook, inputs: Inputs, console: Console) -> None:
    """Print the plans, or the first ones if there are very many."""
    language, terms = book.language, plan.terms
    when = [period.title(month, language) for month in (inputs.period, plan.months[0], plan.months[-1])]
    title = _word("title", language).format(period=when[0], months=len(plan.months), first=when[1], last=when[2])
    console.print(Text(title, style="bold"))
    console.print(Text(_rounding(terms.rounding, language)))
    titles = [book.kpi_title(kpi) for kpi in plan.kpis if kpi in terms.kpis]
    if titles:
        console.print(Text(_word("own", language).format(kpis=", ".join(titles))))
    if not plan.figures:
        console.print(Text(_word("nothing", language)))
        return
    table = table_of(
        texts(_word("name", language), widest=_NAME_WIDTH),
        texts(_word("kpi", language), widest=_KPI_WIDTH),
        *(figures(_word(name, language)) for name in ("average", "growth", "plan")),
    )
    last = -1
    for figure in plan.figures[:_MOST_ROWS]:
        unit = unit_of_kpi(book.kpis[figure.kpi])
        name = inputs.payees[figure.payee].name if figure.payee != last else ""
        last = figure.payee
        name = name if len(name) <= _NAME_WIDTH else short_name(name)
        average, planned = (
            DASH if value is None else show(round(value, 2), unit, language) for value in (figure.average, figure.plan)
        )
        add_row(table, name, book.kpi_title(figure.kpi), average, _signed(figure.growth, language), planned)
    console.print(table)
    if len(plan.figures) > _MOST_ROWS:
        console.print(Text(_word("more", language).format(shown=_MOST_ROWS, count=len(plan.figures)), style="dim"))


def _rounding(rounding: Rounding, language: Language) -> str:
    if not isinstance(rounding.round, Decimal):
        return _word("exact", language)
    ties = word(f"sheets.scheme.{rounding.ties or 'half_up'}", language)
    return _word("rounding", language).format(step=show(rounding.round, "number", language), ties=ties)


def _signed(growth: Decimal, language: Language) -> str:
    return ("+" if growth > 0 else "") + percent(growth, language)


def _word(name: str, language: Language) -> str:
    return word(f"planning.plan.{name}", language)
