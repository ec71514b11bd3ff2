"""The Run sheet: the inputs of the computation, its issues, and whether the sums agree."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kpicalc import __version__
from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, message, remedy, severity, word
from kpicalc.model import period
from kpicalc.model.inputs import FactSource, Inputs, TableCount
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.silence import Silence
from kpicalc.payroll.layout import FOR_1C, PAYROLL, run_caption, sheet_name
from kpicalc.payroll.sheets.grid import quoted, write_formula
from kpicalc.payroll.sheets.payroll_columns import Shape
from kpicalc.payroll.style import Styles, set_up_print

_WIDTHS = (31, 49, 45, 45)
_TEXT_WIDTH = 46
"""How many signs fit into a line of a text column."""
_LINE_HEIGHT = 13


def write_run_sheet(
    sheet: Any,
    payroll: Payroll,
    shape: Shape,
    styles: Styles,
    one_c: tuple[str, str],
    paid: int,
    digest: str,
    results: str,
) -> None:
    """Write the run's data, its control figures and its issues.

    `one_c` is the For 1C sheet with its column of totals, `digest` the digest of the payroll,
    `results` the marks of its results.
    """
    language, inputs = payroll.book.language, payroll.inputs
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)

    def text(path: str, **blanks: str) -> str:
        return run_caption(path, language, **blanks)

    sheet.write_string(0, 0, text("title"), styles.title)
    texts = [
        (text("period"), period.title(inputs.period, language)),
        (text("program"), f"kpicalc {__version__}"),
        *(pair for book in _books(inputs) for pair in ((text("workbook"), book.title), (text("hash"), book.sha256))),
        (text("scheme"), Path(payroll.book.source.file).name),
        (text("hash"), payroll.book.sha256),
    ]
    texts += [pair for facts in inputs.facts for pair in ((text("facts"), facts.title), (text("hash"), facts.sha256))]
    for earlier in inputs.payrolls:
        texts += [(text("payroll"), Path(earlier.file).name), (text("hash"), earlier.sha256)]
    row = 2
    for caption, value in texts:
        sheet.write_string(row, 0, caption, styles.text)
        sheet.write_string(row, 1, _readable(value), styles.text)
        row += 1
    counts = [
        (text("people"), len(inputs.payees) - len(inputs.further)),
        (text("paid"), paid),
        (text("held"), len(payroll.held)),
    ]
    for caption, count in counts:
        sheet.write_string(row, 0, caption, styles.text)
        sheet.write_number(row, 1, count, styles.figure("number"))
        row += 1
    accrued, payroll_sheet = float(payroll.accrued()), quoted(sheet_name("payroll", language))

    def whole(letter: str) -> str:
        last = PAYROLL.first + max(paid, 1)
        return f"=SUM({payroll_sheet}!${letter}${PAYROLL.first + 1}:${letter}${last})"

    sums = [
        (text("total"), whole(shape.letter("accrued")), accrued),
        (
            text("control", sheet=one_c[0]),
            f"=SUM({quoted(one_c[0])}!${one_c[1]}${FOR_1C.first + 1}:${one_c[1]}${FOR_1C.first + max(paid, 1)})",
            accrued,
        ),
        (text("difference"), f"=ROUND(B{row + 1}-B{row + 2},2)", 0.0),
    ]
    if payroll.withheld:
        sums.append((text("to_pay"), whole(shape.letter("total")), float(payroll.total())))
    control = row + 2
    for caption, formula, amount in sums:
        sheet.write_string(row, 0, caption, styles.text)
        write_formula(sheet, row, 1, formula, styles.figure("money"), amount)
        row += 1
    sheet.write_string(row, 0, text("digest"), styles.text)
    sheet.write_string(row, 1, digest, styles.text)
    if results:
        row += 1
        sheet.write_string(row, 0, text("results"), styles.text)
        sheet.write_string(row, 1, results, styles.text)
    # After a change on the Scheme sheet, this shows that the For 1C sheet still has the old figures.
    red = styles.make(font_color="#FFFFFF", bg_color="#C00000", bold=True)
    sheet.conditional_format(control, 1, control, 1, {"type": "cell", "criteria": "!=", "value": 0, "format": red})
    row = _tables(sheet, payroll, styles, row + 2)
    row = _silenced(sheet, payroll, styles, row)
    _issues(sheet, payroll, styles, row)
    set_up_print(sheet, _WIDTHS, language)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(2)


def _tables(sheet: Any, payroll: Payroll, styles: Styles, row: int) -> int:
    """Write how the rows of every table were used; return the next free row."""
    language, tables = payroll.book.language, payroll.inputs.tables
    if not tables:
        return row
    sheet.write_string(row, 0, word("sheets.run.tables", language), styles.title)
    for index, name in enumerate(("table", "rows")):
        sheet.write_string(row + 1, index, word(f"sheets.run.{name}", language), styles.head)
    for at, table in enumerate(tables, row + 2):
        text = rows_in_words(table, language)
        sheet.set_row(at, _LINE_HEIGHT * -(-len(text) // _TEXT_WIDTH) + 2)
        sheet.write_string(at, 0, table.title, styles.wrapped)
        sheet.write_string(at, 1, text, styles.wrapped)
    return row + 3 + len(tables)


def rows_in_words(table: TableCount, language: Language) -> str:
    """Describe the use of a table's rows in one sentence: 12 = 10 counted + 1 skipped (no date 1) + 1 of others."""
    parts = [word("sheets.run.counted", language).format(count=table.counted)]
    if table.skipped:
        rules = [f"{word(f'sheets.skipped.{rule}', language)} {count}" for rule, count in table.skipped.items()]
        skipped = word("sheets.run.skipped", language)
        parts.append(skipped.format(count=sum(table.skipped.values()), rules=", ".join(rules)))
    if table.other_months:
        parts.append(word("sheets.run.other_months", language).format(count=table.other_months))
    return f"{table.rows} = {' + '.join(parts)}"


def _books(inputs: Inputs) -> Sequence[FactSource]:
    """Return the names and digests of the workbooks that were read."""
    return inputs.books or (FactSource(Path(inputs.file).name, inputs.sha256),)


def _silenced(sheet: Any, payroll: Payroll, styles: Styles, row: int) -> int:
    """Write which remarks the scheme file silences, and why; return the next free row."""
    book, language = payroll.book, payroll.book.language
    if not book.silences:
        return row
    sheet.write_string(row, 0, word("sheets.run.silenced", language), styles.title)
    for index, name in enumerate(("remark", "reason")):
        sheet.write_string(row + 1, index, word(f"sheets.run.{name}", language), styles.head)
    for at, silence in enumerate(book.silences, row + 2):
        sheet.set_row(at, _LINE_HEIGHT * -(-len(silence.reason) // _TEXT_WIDTH) + 2)
        sheet.write_string(at, 0, _remark(silence, book), styles.wrapped)
        sheet.write_string(at, 1, silence.reason, styles.wrapped)
    return row + 3 + len(book.silences)


def _remark(silence: Silence, book: SchemeBook) -> str:
    """Return the code of a silenced remark, with its scheme or KPI."""
    months = f" ({', '.join(period.title(month, book.language) for month in silence.months)})" if silence.months else ""
    match silence.about:
        case ("schemes", key):
            return f"{silence.code}: {book.schemes[key].title}{months}"
        case ("kpis", key):
            return f"{silence.code}: {book.kpi_title(key)}{months}"
        case _:
            return f"{silence.code}{months}"


def _issues(sheet: Any, payroll: Payroll, styles: Styles, row: int) -> None:
    language = payroll.book.language
    sheet.write_string(row, 0, word("sheets.run.issues", language), styles.title)
    if not payroll.issues:
        sheet.write_string(row + 1, 0, word("sheets.run.none", language), styles.note)
        return
    for index, name in enumerate(("severity", "place", "message", "remedy")):
        sheet.write_string(row + 1, index, word(f"sheets.run.{name}", language), styles.head)
    for at, item in enumerate(payroll.issues, row + 2):
        # Without the folder: the same inputs give the same bytes in every place.
        place = replace(item.place, file=Path(item.place.file).name)
        kind = word(f"sheets.severity.{severity(item)}", language)
        cells = (kind, str(place), message(item, language), remedy(item, language))
        # Not every program adjusts the height of wrapped rows by itself.
        lines = max(-(-len(text) // _TEXT_WIDTH) for text in cells)
        sheet.set_row(at, _LINE_HEIGHT * lines + 2)
        for index, value in enumerate(cells):
            sheet.write_string(at, index, _readable(value), styles.wrapped)


def _readable(text: str) -> str:
    """Return a text with a question mark in place of bytes that are no letter, as a file's name may have."""
    return text.encode("utf-8", "replace").decode()
