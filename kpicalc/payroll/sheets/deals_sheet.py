"""The Deals sheet: every row of facts that is paid, with what decides its rate, and its rate and pay as formulas.

A rate is looked up by comparison with the rows of the Rates sheet: MATCH would take * for a pattern, and 007 for 7. A
person's sum adds up all rows with the person's number, so both sheets may be sorted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.excel import ROW, Addresses, formula
from kpicalc.engine.tree.formula import Band, Column, Slices, compared
from kpicalc.engine.tree.sources import PaidByRow
from kpicalc.lang import Language, word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.deals import PaidRow, PaidRows, RateTable, RowRule
from kpicalc.model.record import record
from kpicalc.model.row_days import name_of_row
from kpicalc.payroll.layout import DEALS, totals_caption
from kpicalc.payroll.sheets.calculation_sheet import ID, NAME
from kpicalc.payroll.sheets.grid import Cell, Rows, Value, quoted, reserve, write_formula, write_headings
from kpicalc.payroll.sheets.rates_sheet import PlacedRates
from kpicalc.payroll.sheets.scheme_sheet import Placed
from kpicalc.payroll.style import MONEY, PLAIN, Styles, set_up_print

_EPOCH = date(1899, 12, 30)
_WIDTHS = {"id": 12.0, "name": 28.0, "text": 18.0, "number": 14.0}
_PERSON = 2
"""The number and the name stand before the columns of the row of facts."""


@record
class DealRows:
    """The rows of one rule on a sheet, of paid people only; those of one person stand together."""

    name: str
    rule: RowRule
    title: str
    paid: PaidRows
    rows: tuple[PaidRow, ...]
    statement: Statement
    """A scheme that uses the rule, with the place of its tiers on the Scheme sheet."""
    line: str

    def letter(self, column: str) -> str:
        """Return the column of the amount, of what decides the rate, of the rate or of the pay."""
        first = _PERSON + 1 + len(self.paid.names)
        order = ["amount", *(f"d{at}" for at in range(len(self.paid.decisive))), "rate"]
        order += ["before", "upto"] if self.paid.shared is not None else []
        return column_letter(first + [*order, "pay"].index(column))

    def area(self, letter: str) -> str:
        """Return the absolute address of a column over all rows."""
        last = DEALS.first + max(len(self.rows), 1)
        return f"{quoted(self.name)}!${letter}${DEALS.first + 1}:${letter}${last}"


def deal_rows(payroll: Payroll) -> list[DealRows]:
    """Return the rows that the payroll shows, by the rules that pay them; the sheets get their names later."""
    sheets: dict[RowRule, DealRows] = {}
    for pay in payroll.schemes:
        for line in pay.statement.lines:
            rule = rules_of(pay.statement).get(line.id)
            paid = payroll.inputs.paid_rows.get(rule) if rule and rule not in sheets else None
            if rule is not None and paid is not None and paid.listed:
                people = _paid_by(payroll, rule)
                rows = tuple(row for row in paid.rows if row.payee in people)
                sheets[rule] = DealRows("", rule, line.title, paid, rows, pay.statement, line.id)
    return list(sheets.values())


def _paid_by(payroll: Payroll, rule: RowRule) -> set[int]:
    """Return the payees paid by a rule."""
    return {index for pay in payroll.schemes if rule in rules_of(pay.statement).values() for index in pay.payees}


def rules_of(statement: Statement) -> dict[str, RowRule]:
    """Return the rules that pay rows, by the ids of the lines of a scheme."""
    return {item.source.line: item.source.rule for item in statement.figures if isinstance(item.source, PaidByRow)}


def look_up(sheets: Sequence[DealRows], *, joint: bool = False) -> dict[RowRule, str]:
    """Return the formula that adds up a payee's rows, by the rule that pays them.

    Where a person has several rows with the same number, the name tells them apart, because it includes the days.
    """

    def of_person(deals: DealRows) -> str:
        named = f"*({deals.area('B')}=${NAME}{ROW})" if joint else ""
        return f"({deals.area('A')}=${ID}{ROW}){named}"

    shown = [deals for deals in sheets if deals.rows]
    return {deals.rule: f"SUMPRODUCT({of_person(deals)}*{deals.area(deals.letter('pay'))})" for deals in shown}


def write_deals_sheet(
    sheet: Any,
    deals: DealRows,
    payroll: Payroll,
    styles: Styles,
    placed: Mapping[str, Placed],
    rates: Mapping[RateTable, PlacedRates],
    names: tuple[str, str],
) -> Rows:
    """Write the rows of a rule and return them; `names` are the names of the Rates sheet and the Calculation sheet."""
    language, paid = payroll.book.language, deals.paid
    month = period.title(payroll.inputs.period, language)
    title = word("sheets.deals.title", language).format(line=deals.title, period=month)
    hint = word("sheets.deals.hint", language).format(sheet=names[0], calculation=names[1])
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, hint, styles.note)
    headings = [word(f"sheets.payee.{name}", language) for name in ("id", "name")]
    headings += [word("sheets.deals.place", language), *paid.names, paid.amount, *paid.decisive]
    headings.append(word("sheets.deals.rate", language))
    if paid.shared is not None:
        headings += [word(f"sheets.deals.{name}", language) for name in ("before", "upto")]
    headings.append(deals.title)
    write_headings(sheet, DEALS.head, headings, styles.head)
    shape = _shape(deals, styles, placed[deals.statement.scheme.key], rates)
    values = [_values(deals, row, payroll) for row in deals.rows]
    widths = [
        _WIDTHS["id"],
        _WIDTHS["name"],
        *(_WIDTHS[cell.kind if cell.kind != "blank" else "text"] for cell in shape[2:]),
    ]
    widths = [max(width, min(len(headings[at]) + 2, 30)) for at, width in enumerate(widths)]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    rows = Rows(DEALS.first, [shape], len(values), ((0, 0, line) for line in values))
    reserve(sheet, rows)
    _totals(sheet, deals, styles, len(headings), language)
    sheet.freeze_panes(DEALS.first, _PERSON)
    if values:
        sheet.autofilter(DEALS.head, 0, DEALS.head + len(values), len(headings) - 1)
    titled = (title, DEALS.head, DEALS.first + len(values))
    set_up_print(sheet, widths, language, repeated=_PERSON, titled=titled)
    sheet.repeat_rows(DEALS.head)
    return rows


def _shape(deals: DealRows, styles: Styles, placed: Placed, rates: Mapping[RateTable, PlacedRates]) -> list[Cell]:
    """Return the cells of a row, with formulas for its rate and pay."""
    paid, first = deals.paid, deals.rows[0] if deals.rows else None
    text, plain = (
        Cell(styles.text, "text"),
        Cell(styles.bordered(num_format=PLAIN), "number"),
    )
    day = Cell(styles.bordered(num_format="dd.mm.yyyy"), "number")
    cells = [text, text, text]
    cells += [day if _is_day(deals, at) else text for at in range(len(paid.names))]
    cells.append(plain)
    cells += [plain if first and isinstance(first.decided[at], Decimal) else text for at in range(len(paid.decisive))]
    percent = styles.bordered(num_format="0.00##%")
    rate, pay = _formulas(deals, placed, rates)
    cells.append(Cell(percent, "number", rate) if rate else text)
    if paid.shared is not None:
        cells += [plain, plain]
    money = styles.bordered(num_format=MONEY if deals.rule.places is not None else "#,##0.00####", bold=True)
    cells.append(Cell(money, "number", pay))
    return cells


def _is_day(deals: DealRows, at: int) -> bool:
    return any(isinstance(row.cells[at], date) for row in deals.rows)


def _formulas(deals: DealRows, placed: Placed, rates: Mapping[RateTable, PlacedRates]) -> tuple[str | None, str]:
    """Return the formulas of a row's rate (None where parts of it have rates of their own) and of its pay."""
    rule, amount = deals.rule, f"{deals.letter('amount')}{ROW}"
    rate: str | None
    if deals.paid.rates is not None:
        rate = _looked_up(deals, rates[deals.paid.rates])
        whole = f"{amount}*{deals.letter('rate')}{ROW}"
    else:
        rate, whole = _by_tiers(deals, placed)
    if rule.places is not None:
        whole = f"ROUND({whole},{rule.places})"
    if deals.paid.shared is None:
        return rate, whole
    upto, before = (f"ROUND({whole}*{deals.letter(name)}{ROW},{deals.paid.shared})" for name in ("upto", "before"))
    return rate, f"ROUND({upto}-{before},{deals.paid.shared})"


def _looked_up(deals: DealRows, at: PlacedRates) -> str:
    """Return the rate of the one case that matches a row: whole columns are compared for each condition."""
    cells = [f"{deals.letter(f'd{number}')}{ROW}" for number in range(len(deals.paid.decisive))]
    tests = [f"({area}={cell})" for area, cell in zip(at.match, cells, strict=False)]
    for (start, end), cell in zip(at.steps, cells[len(at.match) :], strict=True):
        tests += [f"({start}<={cell})", f"({end}>{cell})"]
    return f"SUMPRODUCT({'*'.join(tests)}*{at.rate})"


def _by_tiers(deals: DealRows, placed: Placed) -> tuple[str | None, str]:
    """Return the formulas of the rate and of the unrounded pay by the scheme's tiers."""
    rule, amount = deals.rule, Column("amount", "", "money", settled=True)
    table = next(one for block in deals.statement.blocks for one in block.tables if one.key == f"{deals.line}.rates")
    letters = {"amount": deals.letter("amount"), "rate": deals.letter("rate")}
    by = amount
    if rule.by is not None:
        letters["by"] = deals.letter("d0")
        by = Column("by", "", "number", settled=True)
    at = Addresses(letters, placed.params, placed.tables)
    first = table.steps[0].pays
    below = placed.params[first.key] if rule.below_zero == "first_rate" else "0"
    by_cell = f"{letters['by' if rule.by is not None else 'amount']}{ROW}"
    if rule.tiers == "marginal":
        pay = formula(Slices(amount, table), at)
        return None, f"IF({by_cell}<0,{letters['amount']}{ROW}*{below},{pay})"
    rate = formula(Band(compared(by), table), at)
    return f"IF({by_cell}<0,{below},{rate})", f"{letters['amount']}{ROW}*{letters['rate']}{ROW}"


def _values(deals: DealRows, row: PaidRow, payroll: Payroll) -> list[Value]:
    payee = payroll.inputs.payees[row.payee]
    place = row.place.cell or (str(row.place.line) if row.place.line else row.place.file)
    name = name_of_row(payroll.inputs, row.payee, payroll.book.language)
    values: list[Value] = [payee.id, name, place]
    values += [_cell(value, payroll.book.language) for value in (*row.cells, row.amount, *row.decided)]
    values.append(row.rate if row.rate is not None else word("sheets.deals.slices", payroll.book.language))
    if deals.paid.shared is not None:
        values += row.share or (Decimal(0), Decimal(1))
    return [*values, row.pay]


def _cell(value: object, language: Language) -> Value:
    match value:
        case None:
            return ""
        case bool():
            return word(f"terminal.facts.{'yes' if value else 'no'}", language)
        case Decimal() | str():
            return value
        case int():
            return Decimal(value)
        case datetime():
            return Decimal((value.date() - _EPOCH).days)
        case date():
            return Decimal((value - _EPOCH).days)
        case _:
            return str(value)


def _totals(sheet: Any, deals: DealRows, styles: Styles, width: int, language: Language) -> None:
    row = DEALS.first + len(deals.rows)
    sheet.write_string(row, 0, totals_caption(language), styles.total_text)
    for column in range(1, width - 1):
        sheet.write_blank(row, column, None, styles.total_text)
    if deals.rows:
        area = f"{deals.letter('pay')}{DEALS.first + 1}:{deals.letter('pay')}{row}"
        whole = float(sum(deal.pay for deal in deals.rows))
        write_formula(sheet, row, width - 1, f"=SUM({area})", styles.total("money"), whole)
