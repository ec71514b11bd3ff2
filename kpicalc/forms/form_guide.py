"""The README that `kpicalc init` puts beside a scheme and its workbook: what the scheme pays, and the commands."""

from kpicalc.engine.statement import Statement
from kpicalc.intake.sheets.names import sheet_title
from kpicalc.lang import word
from kpicalc.model.period import month_back
from kpicalc.model.scheme import SchemeBook


def guide(
    book: SchemeBook, statements: dict[str, Statement], about: str, period: str, scheme: str, workbook: str
) -> str:
    """Return the text of the README, in the language of the scheme."""
    language = book.language
    lines = [
        word("form.readme.line", language).format(
            scheme=statement.scheme.title, lines=" + ".join(line.title for line in statement.lines)
        )
        for statement in statements.values()
    ]
    more = ""
    if book.funnels:
        stages = book.funnels[0].steps()
        # Any stage but the first can be a target.
        target = f"{stages[min(3, len(stages) - 1)].kpi}=40"
        more += "\n" + word("form.readme.funnel", language).format(workbook=workbook, scheme=scheme, target=target)
    if book.planning.months:
        history = sheet_title("history", language)
        more += "\n" + word("form.readme.plan", language).format(workbook=workbook, scheme=scheme, history=history)
    return word("form.readme.text", language).format(
        title=book.title,
        about=about,
        lines="\n".join(lines),
        scheme=scheme,
        workbook=workbook,
        period=period,
        next=month_back(period, -1),
        more=more,
    )
