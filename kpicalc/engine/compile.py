"""From the scheme file to statements: every component lays out its rule, in the order in which people read it."""

from kpicalc.engine.formula import Round, total
from kpicalc.engine.statement import Figure, Line, Statement
from kpicalc.engine.workings import Sheetful, Workings
from kpicalc.lang import word
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import PayItem, Scheme, SchemeBook

TOTAL = "total"


def compile_scheme(scheme: Scheme, book: SchemeBook) -> tuple[Statement, list[Issue]]:
    """Compile the pay rules of one role; names that do not exist and choices left open are issues."""
    issues: list[Issue] = []
    sheet = Sheetful(book, book.language, issues, scheme.unread)
    for item in scheme.pay:
        _lay_out(item, scheme, sheet)
    title = word("headings.figure.total", book.language)
    node = total(tuple(sheet.figures[line.figure].column for line in sheet.lines))
    sheet.figures[TOTAL] = Figure(TOTAL, title, title, title, "money", node, settled=False)
    statement = Statement(
        scheme=scheme,
        figures=tuple(sheet.figures.values()),
        lines=tuple(sheet.lines),
        total=TOTAL,
        blocks=tuple(block for block in sheet.blocks if block.params or block.tables),
        blanks=sheet.blanks,
        teams=tuple(sheet.teams.values()),
        assumptions=tuple(sheet.assumptions),
    )
    return statement, issues


def _lay_out(item: PayItem, scheme: Scheme, sheet: Sheetful) -> None:
    component = item.component
    title = component.title or component.titles[sheet.language]
    rules = component.rules.over(scheme.rules) if component.rules else scheme.rules
    w = Workings(sheet, component, title, rules, (*item.path, item.name))
    node = w.rounded(component.compose(w), rules.money, "money")
    figure = Figure(f"line.{w.id}", title, title, title, "money", node, isinstance(node, Round))
    sheet.figures[figure.key] = figure
    sheet.blocks.append(w.block())
    sheet.lines.append(Line(w.id, title, component.name, figure.key, component.acts_on()))
