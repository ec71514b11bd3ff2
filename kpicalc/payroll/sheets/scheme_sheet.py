"""The Scheme sheet: every parameter in a cell of its own, to which all formulas refer."""

from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.formula import Param, Table
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.record import record
from kpicalc.model.scheme import Rounding
from kpicalc.payroll.sheets.grid import quoted, write_formula
from kpicalc.payroll.style import Styles, set_up_print

_TITLE, _BOUND, _VALUE = 0, 1, 2
_WIDTHS = (54, 20, 20)
_HINT_HEIGHT = 28


@record
class Placed:
    """The places of the parameters of one scheme."""

    params: dict[str, str] = field(default_factory=dict)
    tables: dict[str, tuple[str, str]] = field(default_factory=dict)


def write_scheme_sheet(
    sheet: Any, name: str, styles: Styles, statements: Sequence[Statement], language: Language
) -> dict[str, Placed]:
    """Write the parameters of every scheme and return their addresses by scheme key."""
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    writer = _Writer(sheet, quoted(name), styles, language)
    placed = {}
    for statement in statements:
        placed[statement.scheme.key] = writer.scheme(statement)
    sheet.hide_gridlines(2)
    set_up_print(sheet, _WIDTHS, language, upright=True)
    sheet.print_area(0, 0, writer.row, _VALUE)
    sheet.repeat_rows(0)
    return placed


@record(frozen=False)
class _Writer:
    sheet: Any
    reference: str
    styles: Styles
    language: Language
    row: int = 0

    def word(self, path: str, **blanks: str) -> str:
        return word(f"sheets.scheme.{path}", self.language).format(**blanks)

    def scheme(self, statement: Statement) -> Placed:
        placed = Placed()
        self.sheet.write_string(self.row, _TITLE, self.word("title", title=statement.scheme.title), self.styles.title)
        self.sheet.set_row(self.row + 1, _HINT_HEIGHT)
        self.sheet.merge_range(self.row + 1, _TITLE, self.row + 1, _VALUE, "", self.styles.soft_wrapped)
        self.sheet.write_string(self.row + 1, _TITLE, self.word("hint"), self.styles.soft_wrapped)
        self.row += 3
        for block in statement.blocks:
            self.heads(block.title, self.word("bound") if block.tables else "", self.word("value"))
            for param in block.params:
                self.text(param.title)
                placed.params[param.key] = self.number(_VALUE, param)
                self.row += 1
            for table in block.tables:
                self.table(table, placed)
            self.row += 1
        self.rules(statement)
        return placed

    def heads(self, *titles: str) -> None:
        for index, title in enumerate(titles):
            self.sheet.write_string(self.row, index, title, self.styles.head)
        self.row += 1

    def text(self, text: str) -> None:
        self.sheet.write_string(self.row, _TITLE, text, self.styles.text)
        self.sheet.write_blank(self.row, _BOUND, None, self.styles.text)

    def number(self, column: int, param: Param) -> str:
        style = self.styles.term(param.unit, param.value)
        self.sheet.write_number(self.row, column, float(param.value), style)
        return f"{self.reference}!${'ABC'[column]}${self.row + 1}"

    def table(self, table: Table, placed: Placed) -> None:
        first = self.row + 1
        for step in table.steps:
            self.text(self.word("above", title=table.title) if step.excluded else table.title)
            if shared := placed.params.get(step.bound.key):
                # Another table has this bound too, and it is to be changed there.
                style = self.styles.figure(step.bound.unit, (step.bound.value,))
                write_formula(self.sheet, self.row, _BOUND, f"={shared}", style, float(step.bound.value))
            else:
                placed.params[step.bound.key] = self.number(_BOUND, step.bound)
            placed.params[step.pays.key] = self.number(_VALUE, step.pays)
            self.row += 1
        placed.tables[table.key] = (
            f"{self.reference}!$B${first}:$B${self.row}",
            f"{self.reference}!$C${first}:$C${self.row}",
        )

    def rules(self, statement: Statement) -> None:
        rules = statement.scheme.rules
        self.heads(self.word("rules"))
        for name, rounding in (("money", rules.money), ("attainment", rules.attainment)):
            if rounding is not None:
                self.sheet.write_string(self.row, _TITLE, self.rounding(name, rounding), self.styles.text)
                self.row += 1
        if rules.part_month is not None:
            text = self.word(f"part_month.{rules.part_month.plan}")
            self.sheet.write_string(self.row, _TITLE, text, self.styles.text)
            self.row += 1
        self.row += 1

    def rounding(self, name: str, rounding: Rounding) -> str:
        if not isinstance(rounding.round, Decimal):
            step, ties = "—", self.word("exact")
        else:
            step = show(rounding.round, "percent" if name == "attainment" else "number", self.language)
            ties = self.word(rounding.ties or "half_up")
        return self.word(name, step=step, ties=ties)
