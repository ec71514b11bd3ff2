"""What is taken out of pay that has been earned: income tax, a writ of execution, union dues."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, in_order, refuse
from kpicalc.engine.formula import (
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
from kpicalc.engine.ndfl import BRACKETS
from kpicalc.engine.statement import ACCRUED, Figure, Line
from kpicalc.engine.workings import Workings
from kpicalc.lang import Language, word
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Amount, NonNegative

Share = Annotated[NonNegative, Field(le=1)]
_BASE = "base"
"""Name of the figure that only a tax has."""
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
        """Return the stated title; a tax is called by its name."""
        own = word("components/withholding.title_of_tax", language) if self.tax else self.title_in(language)
        return self.title or own

    def compose(self, w: Workings) -> Node:
        """Compose -(tax of the year - tax before), or -(share x base), or -amount."""
        accrued = _accrued(w)
        if self.tax is not None:
            return Minus(self._tax(w, accrued))
        base = self._base(w, accrued)
        if self.share is not None:
            share = w.employee("writ_share") if self.share == "writ_share" else w.param("share")
            taken: Node = Arith("*", base, share)
        else:
            taken = w.employee("writ_amount") if self.amount == "writ_amount" else w.param("amount")
        if self.limit not in (None, "none"):
            above = tuple(w.draft.column(line) for line in w.draft.lines if line.withheld and not _is_tax(w, line))
            room = total((Arith("*", base, w.param("limit")), *above))
            taken = Greatest((Least((taken, room)), ZERO)) if above else Least((taken, room))
        return Choose(compare(">", base, ZERO), Minus(w.rounded(taken, w.rules.money, "money")), ZERO)

    def _tax(self, w: Workings, accrued: Column) -> Node:
        if w.book.currency != "RUB":
            w.refuse("tax_currency", "tax", found=w.book.currency)
        base: Node = total((w.employee("income_before"), accrued))
        if self.exempt is not None:
            base = Arith("-", base, w.standing(self.exempt, "exempt"))
        if self.deductions == "subtract":
            base = Arith("-", base, w.employee("tax_deductions"))
        elif self.deductions is None:
            w.assume("tax_deductions", ZERO.value, "deductions_open")
        base = w.figure(_BASE, w.say("tax_base_year"), Greatest((base, ZERO)), "money")
        rows = [(bracket.from_, bracket.rate) for bracket in self.rates] if self.rates else list(BRACKETS)
        table = w.table("rates", w.say("tax_rate"), rows, ("money", "percent"))
        of_year = Round(Slices(base, table), _ROUBLE, "half_up")
        due = w.figure("of_year", w.say("tax_year"), of_year, "money")
        return Greatest((Arith("-", due, w.employee("tax_before")), ZERO))

    def _base(self, w: Workings, accrued: Column) -> Node:
        """Return what the share or the limit is of."""
        if self.of != "after_tax":
            return accrued
        taxes = [w.draft.column(line) for line in w.draft.lines if _is_tax(w, line)]
        if not taxes:
            w.refuse("choice_idle", "of", found="of: after_tax", needs="tax: ndfl")
        title = w.say("after_tax")
        return w.figure("after_tax", title, total((accrued, *taxes)), "money")


def _is_tax(w: Workings, line: Line) -> bool:
    return f"{line.id}.{_BASE}" in w.draft.figures


def _accrued(w: Workings) -> Column:
    """Return the sum of the lines that are earned."""
    title = w.word("figure.accrued")
    earned = tuple(w.draft.column(line) for line in w.draft.lines if not line.withheld)
    return w.draft.add(Figure(ACCRUED, title, title, title, "money", total(earned), settled=False))
