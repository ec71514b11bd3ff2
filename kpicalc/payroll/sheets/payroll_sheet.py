"""The Payroll sheet, which people sign.

All figures, names and numbers are live absolute references to a Calculation row. So after sorting either sheet, every
row still shows the figures of one person.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Line, Tally
from kpicalc.engine.tree.excel import ROW
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.payroll.layout import CURRENCY_ROW, DASH, PAYROLL, currency_line, identity_headings, totals_caption
from kpicalc.payroll.sheets.calculation_sheet import DEPARTMENT, ID, NAME, POSITION, Laid
from kpicalc.payroll.sheets.grid import (
    SOURCE_ROW,
    Cell,
    Rows,
    Value,
    literal,
    quoted,
    reserve,
    write_formula,
    write_headings,
)
from kpicalc.payroll.sheets.payroll_columns import Column, Entry, Shape, columns_of_payroll, heading_lines
from kpicalc.payroll.sheets.payroll_foot import write_foot
from kpicalc.payroll.style import LEAST_SCALE, Styles, page_height, printed_scale, set_up_print

if TYPE_CHECKING:
    from kpicalc.model.organisation import Organisation

_HEADING_LINE, _LINE, _TOP = 13.5, 15.0, 50.0
"""Heights in points: of a line of a heading, of an ordinary row, of the rows above the headings."""
_KEPT = 2
"""How many people stand on the page of the sums, where these begin a page."""
_SIGNS_OF_DIGEST = 8
_SAME = "1E-11"
"""As a share of the sum of squares: a spreadsheet keeps 15 digits."""


def write_payroll_sheet(
    sheet: Any,
    payroll: Payroll,
    rows: Sequence[Entry],
    shape: Shape,
    organisation: "Organisation | None",
    styles: Styles,
    mark: str,
) -> Rows:
    """Write the payroll and return its rows: one per payee, a column per line, the total, room for signatures.

    `mark` is the payroll's digest: the line that reports later changes names it.
    """
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    sheet.write_string(0, 0, word("sheets.payroll.title", language).format(period=month), styles.title)
    names = [organisation.data.name] if organisation else []
    sheet.write_string(1, 0, ". ".join([*names, payroll.book.title]), styles.note)
    sheet.write_string(CURRENCY_ROW, 0, currency_line(payroll.book.currency, language), styles.note)
    _changed(sheet, payroll, rows, shape, styles, mark)
    for index, width in enumerate(shape.widths):
        sheet.set_column(index, index, width)
    if shape.lead.numbered and _nobody_has_a_number(payroll, rows):
        # The names would stand twice beside each other.
        number = shape.lead.identity[0]
        sheet.set_column(number, number, shape.widths[number], None, {"hidden": True})
    headings = shape.headings(payroll)
    head = _HEADING_LINE * max(2, heading_lines(headings, shape.widths)) + 4
    sheet.set_row(PAYROLL.head, head)
    write_headings(sheet, PAYROLL.head, headings, styles.head)
    table = _live_rows(payroll, rows, shape, styles)
    reserve(sheet, table)
    row = PAYROLL.first + len(rows)
    high = 0.0
    if shape.lead.numbered:
        row, high = _departments(sheet, payroll, rows, shape, styles, row)
    _totals(sheet, payroll, rows, shape, styles, row)
    high += _LINE + write_foot(sheet, payroll, shape, organisation, styles, row)
    if breaks := _break_before_sums(shape, len(rows), head, high):
        sheet.set_h_pagebreaks(breaks)
    sheet.freeze_panes(PAYROLL.first, shape.lead.identity[1] + 1)
    if rows:
        sheet.autofilter(PAYROLL.head, 0, PAYROLL.first + len(rows) - 1, shape.end - 1)
    set_up_print(sheet, shape.widths, language, repeated=shape.repeated)
    sheet.repeat_rows(PAYROLL.head)
    sheet.hide_gridlines(2)
    return table


def _nobody_has_a_number(payroll: Payroll, rows: Sequence[Entry]) -> bool:
    return bool(rows) and not any(payroll.inputs.person(entry.payee).has_number for entry in rows)


def _break_before_sums(shape: Shape, people: int, head: float, sums: float) -> list[int]:
    """Return the row of a page break that keeps sums and signatures on one page with the last people.

    `head` and `sums` are the heights of the headings and of all rows below the people.
    """
    if shape.height is None or not people:
        return []
    page = page_height(printed_scale(shape.widths) or LEAST_SCALE)
    used = _TOP + head
    for _ in range(people):
        used = used + shape.height if used + shape.height <= page else head + shape.height
    kept = min(people - 1, _KEPT)
    fits = used + sums <= page or head + sums + kept * shape.height > page
    return [] if fits else [PAYROLL.first + people - kept]


def columns_shown(payroll: Payroll, rows: Sequence[Entry]) -> tuple[list[str], list[list[Decimal | None]]]:
    """Return the headings of people and figures, and the columns of figures for the digest."""
    columns = columns_of_payroll(payroll)
    headings = [*identity_headings(payroll.book.language), *(column.heading for column in columns)]
    sheets = {id(entry.laid): entry.laid.pay for entry in rows}

    def amounts(column: Column) -> list[Decimal | None]:
        figures = {at: pay.columns.get(column.figure(pay) or "") for at, pay in sheets.items()}
        return [
            entry.amount(column) if entry.more else None if (own := figures[id(entry.laid)]) is None else own[entry.at]
            for entry in rows
        ]

    return headings, [amounts(column) for column in columns]


def _live_rows(payroll: Payroll, rows: Sequence[Entry], shape: Shape, styles: Styles) -> Rows:
    """Return every row in the shape of its Calculation sheet."""
    # Shapes without people are left out: each would write a row.
    sheets = list({id(entry.laid): entry.laid for entry in rows if not entry.more}.values())
    numbers = {id(laid): number for number, laid in enumerate(sheets)}
    pays = [laid.pay for laid in sheets]
    figures = [[pay.columns.get(column.figure(pay) or "") for column in shape.columns] for pay in pays]
    totals = [pay.columns[pay.statement.total] for pay in pays]
    joint = {entry.payee: len(sheets) + at for at, entry in enumerate(entry for entry in rows if entry.more)}
    payees, total_at = payroll.inputs.payees, shape.at("total") - shape.lead.first

    def table() -> Iterator[tuple[int, int, Sequence[Value]]]:
        for row, entry in enumerate(rows, 1):
            if entry.more:
                number, payee = joint[entry.payee], payroll.inputs.person(entry.payee)
                sums = (entry.amount(column) for column in shape.columns)
                amounts: list[Value] = [DASH if amount is None else amount for amount in sums]
                total = amounts[total_at]
            else:
                number, payee, at = numbers[id(entry.laid)], payees[entry.payee], entry.at
                amounts = [DASH if series is None else series[at] for series in figures[number]]
                total = totals[number][at]
            values: list[Value] = [total] * shape.lead.first
            if shape.lead.numbered:
                values[0] = Decimal(row)
            texts = (payee.id, payee.name, payee.department, payee.position)
            for column, text in zip(shape.lead.identity, texts, strict=True):
                values[column] = text
            yield number, entry.row, [*values, *amounts]

    cells = [_cells(laid, shape, styles) for laid in sheets]
    cells += [_joint_cells(entry, shape, styles) for entry in rows if entry.more]
    return Rows(PAYROLL.first, cells, len(rows), table(), shape.height)


def _cells(laid: Laid, shape: Shape, styles: Styles) -> list[Cell]:
    """Return the cells of a payee with one Calculation row: live references, and a place to sign."""
    reference = f"{quoted(laid.name)}!${{letter}}${SOURCE_ROW}"
    total = Cell(styles.result, "number", f"{shape.letter('total')}{ROW}")
    cells = [Cell(styles.counted, "number", f"ROW()-{PAYROLL.first}"), *[total] * (shape.lead.first - 1)]
    # A reference to an empty cell gives 0; joined to an empty text it gives the empty text.
    text = styles.live_wrapped if shape.lead.numbered else styles.live_text
    for at, letter in zip(shape.lead.identity, (ID, NAME, DEPARTMENT, POSITION), strict=True):
        cells[at] = Cell(text, "text", reference.format(letter=letter) + '&""')
    for column in shape.columns:
        key = column.figure(laid.pay)
        is_line = isinstance(column.shows, Line | Tally)
        if key is None:
            cells.append(Cell(styles.dash, "text"))
        else:
            style = styles.figure(column.unit, column.values) if is_line else styles.result
            cells.append(Cell(style, "number", reference.format(letter=laid.letters[key])))
    return [*cells, Cell(styles.live_text, "blank")] if shape.lead.numbered else cells


def _joint_cells(entry: Entry, shape: Shape, styles: Styles) -> list[Cell]:
    """Return the cells of a person with several Calculation rows: each figure is the sum of these."""
    cells = _cells(entry.laid, shape, styles)
    text = Cell(styles.live_wrapped if shape.lead.numbered else styles.live_text, "text")
    for at in shape.lead.identity:
        cells[at] = text
    for at, column in enumerate(shape.columns, shape.lead.first):
        is_line = isinstance(column.shows, Line | Tally)
        style = styles.figure(column.unit, column.values) if is_line else styles.result
        formula = entry.sum_of(column.figure)
        cells[at] = Cell(style, "number", formula) if formula else Cell(styles.dash, "text")
    return cells


def _departments(
    sheet: Any, payroll: Payroll, rows: Sequence[Entry], shape: Shape, styles: Styles, row: int
) -> tuple[int, float]:
    """Write a row of sums per department, if there are several; return the next row, and their height.

    They stand below all people, so sorting or filtering people leaves them alone.
    """
    payees = payroll.inputs.payees
    whole = 0.0
    # A person whose rows are of several departments is listed with all of them.
    apart = [entry for entry in rows if len({payees[part.payee].department for part in entry.parts}) > 1]
    of, last = column_letter(shape.lead.identity[2]), PAYROLL.first + len(rows)
    caption = word("sheets.payroll.subtotal", payroll.book.language)
    people: dict[str, list[Entry]] = {}
    for entry in rows:
        for part in entry.parts:
            people.setdefault(payees[part.payee].department, []).append(part)
    if len(people) < 2:
        return row, 0.0
    for department, entries in people.items():
        text = f"{caption} {department or DASH}"
        _sum_row(sheet, shape, styles, row, text)
        high = _HEADING_LINE * heading_lines([text], [sum(shape.widths[: shape.lead.identity[1] + 1])]) + 2
        sheet.set_row(row, high)
        whole += high
        area = f"${of}${PAYROLL.first + 1}:${of}${last}"
        for at, column in enumerate(shape.columns, shape.lead.first):
            letter = column_letter(at)
            # SUMIFS takes some names for patterns and 007 for 7; a comparison takes whole texts.
            same = f"({area}=({literal(department)}))*1"
            formula = f"=SUMPRODUCT({same},{letter}${PAYROLL.first + 1}:{letter}${last})"
            for entry in apart:
                theirs = [part for part in entry.parts if payees[part.payee].department == department]
                formula += "".join(f"+{text}" for part in theirs if (text := part.sum_of(column.figure)))
            amount = sum(
                (entry.laid.pay.columns[key][entry.at] for entry in entries if (key := column.figure(entry.laid.pay))),
                Decimal(0),
            )
            write_formula(sheet, row, at, formula, styles.total(column.unit, column.values), float(amount))
            if column.shows == "total" and shape.lead.repeated is not None:
                write_formula(sheet, row, shape.lead.repeated, f"={letter}{row + 1}", styles.total(), float(amount))
        row += 1
    return row, whole


def _totals(sheet: Any, payroll: Payroll, rows: Sequence[Entry], shape: Shape, styles: Styles, row: int) -> None:
    _sum_row(sheet, shape, styles, row, totals_caption(payroll.book.language))
    for index, column in enumerate(shape.columns, shape.lead.first):
        letter, style = column_letter(index), styles.total(column.unit, column.values)
        if rows:
            area = f"{letter}{PAYROLL.first + 1}:{letter}{PAYROLL.first + len(rows)}"
            write_formula(sheet, row, index, f"=SUM({area})", style, float(column.amount))
        else:
            sheet.write_number(row, index, 0, style)
    if shape.lead.repeated is not None:
        total = f"={shape.letter('total')}{row + 1}"
        write_formula(sheet, row, shape.lead.repeated, total, styles.total(), float(payroll.total()))


def _sum_row(sheet: Any, shape: Shape, styles: Styles, row: int, caption: str) -> None:
    """Write the caption of a row of sums, and its cells without a figure."""
    for index in range(len(shape.widths)):
        sheet.write_blank(row, index, None, styles.total_text)
    if shape.lead.numbered:
        sheet.merge_range(row, 0, row, shape.lead.identity[1], "", styles.total_wrapped)
    sheet.write_string(row, 0, caption, styles.total_wrapped if shape.lead.numbered else styles.total_text)


def _changed(sheet: Any, payroll: Payroll, rows: Sequence[Entry], shape: Shape, styles: Styles, mark: str) -> None:
    """Write a formula that shows a red line if a rate or a figure was changed after the run.

    The sum of squares reveals a change that leaves the total as it was.
    """
    if not rows:
        return
    language = payroll.book.language
    total, last = shape.letter("total"), PAYROLL.first + len(rows)
    sum_, was = f"SUM({total}{PAYROLL.first + 1}:{total}{last})", f"{payroll.total():f}"
    area = f"{column_letter(shape.lead.first)}{PAYROLL.first + 1}:{total}{last}"
    sheets = {id(entry.laid): entry.laid.pay for entry in rows}
    squared_columns = shape.columns[: shape.at("total") - shape.lead.first + 1]
    square = sum(
        float(series[entry.at]) ** 2
        for column in squared_columns
        for columns in [{at: pay.columns.get(column.figure(pay) or "") for at, pay in sheets.items()}]
        for entry in rows
        if not entry.more and (series := columns[id(entry.laid)])
    )
    joint = [entry for entry in rows if entry.more]
    square += sum(float(entry.amount(column) or 0) ** 2 for column in squared_columns for entry in joint)
    facts = {"period": period.title(payroll.inputs.period, language), "digest": mark[:_SIGNS_OF_DIGEST]}
    texts = {
        name: word(f"sheets.payroll.{name}", language).format(**facts).replace('"', '""')
        for name in ("changed_by", "changed_same", "changed")
    }
    squared = f"{square:.15g}".upper()
    as_it_was = f"AND(ABS({sum_}-{was})<0.005,ABS(SUMSQ({area})-{squared})<={squared}*{_SAME}+0.00005)"
    by = f'IF(ABS({sum_}-{was})<0.005,"{texts["changed_same"]}","{texts["changed_by"]} "&ROUND({sum_}-{was},2))'
    formula = f'=IF({as_it_was},"",{by}&"{texts["changed"]}")'
    column = 3 if shape.lead.numbered and _nobody_has_a_number(payroll, rows) else 2
    write_formula(sheet, CURRENCY_ROW, column, formula, styles.alarm, "")
