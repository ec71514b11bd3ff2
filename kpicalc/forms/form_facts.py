"""The sheets of facts on the form: the columns that the scheme names, with the rows of its own example."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from kpicalc.forms.form_sheet import FormSheet, Heading
from kpicalc.intake.facts.sources.headers import DATE, KEY, PAYEE, declared
from kpicalc.lang import Language, word
from kpicalc.model.deals import RateSheet
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.period import first_day
from kpicalc.model.scheme import SchemeBook, exact

_KINDS: Mapping[FactType, str] = {
    "number": "number", "text": "text", "date": "day", "time": "moment", "yes_no": "text",
}  # fmt: skip


def fact_sheets(book: SchemeBook, period: str) -> list[FormSheet]:
    """Return a sheet for every table of facts in the workbook; two tables of one sheet share it."""
    sheets: dict[str, FormSheet] = {}
    for table in book.facts.values():
        if isinstance(table.from_, str):
            sheet = _sheet(table, book, period)
            first = sheets.setdefault(sheet.title, sheet)
            known = {heading.title for heading in first.headings}
            first.headings += [heading for heading in sheet.headings if heading.title not in known]
    return list(sheets.values())


def rate_sheets(book: SchemeBook) -> list[FormSheet]:
    """Return a sheet for every rate sheet in the workbook."""
    return [_rates(sheet, sheet.own_sheet, book.language) for sheet in book.rates.values() if sheet.own_sheet]


def _rates(sheet: RateSheet, title: str, language: Language) -> FormSheet:
    def heading(text: str, note: str, kind: str, column: str = "") -> Heading:
        return Heading(text, word(f"form.note.rates.{note}", language).format(column=column), kind)

    headings = [heading(text, "match", "text", column) for column, text in sheet.match.items()]
    shares = {text for row in sheet.example for text, cell in row.items() if cell.rstrip().endswith("%")}
    for column, text in sheet.steps.items():
        headings.append(heading(text, "step", "percent" if text in shares else "number", column))
    headings.append(heading(sheet.rate, "rate", "percent"))
    titles = [one.title for one in headings]
    texts = set(sheet.match.values())
    rows: list[list[object]] = [
        [None if text not in row else row[text] if text in texts else exact(row[text]) for text in titles]
        for row in sheet.example
    ]
    return FormSheet(title, headings, rows)


def _sheet(table: FactTable, book: SchemeBook, period: str) -> FormSheet:
    names = {heading: name for name, heading in reversed(list(declared(table).items()))}
    order = [table.key, table.payee, *(table.column(name).heading for name in table.columns), table.date]
    headings = list(dict.fromkeys(heading for heading in order if heading))
    sheet = FormSheet(
        str(table.from_), [_heading(table, names[heading], heading, book.language) for heading in headings]
    )
    for row in table.example:
        cells = {heading: _cell(table, names[heading], row[heading], period) for heading in headings if heading in row}
        sheet.rows.append([cells.get(heading) for heading in headings])
    return sheet


def _heading(table: FactTable, name: str, heading: str, language: Language) -> Heading:
    choices: tuple[str, ...] | Literal["ids"] = ()
    if name == PAYEE:
        note, kind = f"payee_{table.match}", "text"
        choices = "ids" if table.match == "number" else ()
    elif name == DATE:
        note, kind = f"date_{table.undated}", "day"
    elif name == KEY:
        note, kind = "key", "text"
    else:
        note = table.column(name.removeprefix("c_")).type
        kind = _KINDS[table.column(name.removeprefix("c_")).type]
        if note == "yes_no":
            choices = (word("terminal.facts.yes", language), word("terminal.facts.no", language))
    return Heading(heading, word(f"form.note.facts.{note}", language), kind, choices)


def _cell(table: FactTable, name: str, text: str, period: str) -> object:
    kind = "date" if name == DATE else "text" if name in (PAYEE, KEY) else table.column(name.removeprefix("c_")).type
    if name == PAYEE:
        return f"{int(text):05}" if text.isdigit() else text
    if kind == "date" and text.isdigit():
        first = first_day(period)
        return date(first.year, first.month, int(text))
    if kind == "number":
        value = exact(text)
        assert isinstance(value, Decimal)
        return value
    return text
