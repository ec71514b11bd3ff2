"""What is taken out of pay that has been earned: income tax, a writ of execution, union dues."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, in_order, refuse
from kpicalc.engine.statement import ACCRUED, Figure, Line
from kpicalc.engine.terms.ndfl import BRACKETS
from kpicalc.engine.tree.formula import (
    ZERO,
    Arith,
    Choose,
    Column,
    Greatest,
    Least,
    Minus,
    Node,
    Round,
    Slices,
    compare,
    total,
)
from kpicalc.engine.workings import Workings
from kpicalc.lang import Language, word
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Amount, NonNegative

Share = Annotated[NonNegative, Field(le=1)]
_BASE = "base"
"""The option whose figure only a tax has."""
_ROUBLE = Decimal(1)


class Bracket(Entry):
    """From this base of the year on, this rate."""

    from_: Amount = Field(alias="from")
    rate: Share


class Withholding(Component):
    """What is taken out of pay that has been earned."""

    name: ClassVar[str] = "withholding"
    withholds: ClassVar[bool] = True
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "withholding: {tax: ndfl}"

    tax: Literal["ndfl"] | None = None
    rates: list[Bracket] | None = Field(default=None, min_length=1)
    deductions: Literal["subtract", "ignore"] | None = None
    exempt: list[str] | None = Field(default=None, min_length=1)
    share: Annotated[Share | Literal["writ_share"] | None, Option("percent")] = None
    amount: Annotated[Amount | Literal["writ_amount"] | None, Option("money")] = None
    of: Literal["accrued", "after_tax"] | None = None
    limit: Annotated[Share | Literal["none"] | None, Option("percent")] = None

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if sum(option is not None for option in (self.tax, self.share, self.amount)) != 1:
            raise refuse("withholding_what")
        if self.rates is not None:
            names = ["from"] * len(self.rates)
            in_order([bracket.from_ for bracket in self.rates], ZERO.value, rows="rates", bounds_are=names)
        if self.amount is not None and self.limit is None:
            raise refuse("choice_open", at=("amount",), found="limit", allowed="50%, none")
        based = self.share is not None or self.limit not in (None, "none")
        if based and self.of is None:
            raise refuse("choice_open", found="of", allowed="accrued, after_tax")
        needs = {"rates": "tax", "deductions": "tax", "exempt": "tax"} if self.tax is None else {"limit": "amount"}
        idle = [name for name in needs if getattr(self, name) is not None]
        if idle:
            raise refuse("choice_idle", at=(idle[0],), found=idle[0], needs=needs[idle[0]])
        if self.of is not None and not based:
            raise refuse("choice_idle", at=("of",), found="of", needs="share")
        return self

    def called(self, language: Language) -> str:
        """Return the stated title; for a tax the tax's own title."""
        standard = word("components/withholding.title_of_tax", language) if self.tax else self.title_in(language)
        return self.title or standard

    def compose(self, desk: Workings) -> Node:
        """Compose -(tax of the year - tax before), or -(share x base), or -amount."""
        accrued = _accrued(desk)
        if self.tax is not None:
            return Minus(self._tax(desk, accrued))
        base = self._base(desk, accrued)
        if self.share is not None:
            share = desk.employee("writ_share") if self.share == "writ_share" else desk.param("share")
            taken: Node = Arith("*", base, share)
        else:
            taken = desk.employee("writ_amount") if self.amount == "writ_amount" else desk.param("amount")
        if self.limit not in (None, "none"):
            above = tuple(
                desk.draft.column(line) for line in desk.draft.lines if line.withheld and not _is_tax(desk, line)
            )
            room = total((Arith("*", base, desk.param("limit")), *above))
            taken = Greatest((Least((taken, room)), ZERO)) if above else Least((taken, room))
        return Choose(compare(">", base, ZERO), Minus(desk.rounded(taken, desk.rules.money, "money")), ZERO)

    def _tax(self, desk: Workings, accrued: Column) -> Node:
        if desk.book.currency != "RUB":
            desk.refuse("tax_currency", "tax", found=desk.book.currency)
        base: Node = total((desk.employee("income_before"), accrued))
        if self.exempt is not None:
            base = Arith("-", base, desk.standing(self.exempt, "exempt"))
        if self.deductions == "subtract":
            base = Arith("-", base, desk.employee("tax_deductions"))
        elif self.deductions is None:
            desk.assume("tax_deductions", ZERO.value, "deductions_open")
        base = desk.figure(_BASE, desk.say("tax_base_year"), Greatest((base, ZERO)), "money")
        rows = [(bracket.from_, bracket.rate) for bracket in self.rates] if self.rates else list(BRACKETS)
        table = desk.table("rates", desk.say("tax_rate"), rows, ("money", "percent"))
        of_year = Round(Slices(base, table), _ROUBLE, "half_up")
        due = desk.figure("of_year", desk.say("tax_year"), of_year, "money")
        return Greatest((Arith("-", due, desk.employee("tax_before")), ZERO))

    def _base(self, desk: Workings, accrued: Column) -> Node:
        """Return the sum of which the share or the limit is taken."""
        if self.of != "after_tax":
            return accrued
        taxes = [desk.draft.column(line) for line in desk.draft.lines if _is_tax(desk, line)]
        if not taxes:
            desk.refuse("choice_idle", "of", found="of: after_tax", needs="tax: ndfl")
        title = desk.say("after_tax")
        return desk.figure("after_tax", title, total((accrued, *taxes)), "money")


def _is_tax(desk: Workings, line: Line) -> bool:
    return f"{line.id}.{_BASE}" in desk.draft.figures


def _accrued(desk: Workings) -> Column:
    """Return the sum of the earned lines."""
    title = desk.word("figure.accrued")
    earned = tuple(desk.draft.column(line) for line in desk.draft.lines if not line.withheld)
    return desk.draft.add(Figure(ACCRUED, title, title, title, "money", total(earned), settled=False))
