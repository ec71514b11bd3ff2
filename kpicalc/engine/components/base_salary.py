"""Fixed pay: the amount of the scheme or of the Salary column, for the time worked."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import field_validator, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.own import OwnAmount, amount_of_row, own_amount
from kpicalc.engine.terms.time_worked import Changes, Fte, Per, Prorate, for_each, for_time_worked, split_by_change
from kpicalc.engine.tree.formula import ZERO, Node
from kpicalc.engine.workings import Workings
from kpicalc.lang import Language, word

_COLUMN = ("salary", "from the Salary column")


class BaseSalary(Component):
    """Fixed pay."""

    name: ClassVar[str] = "base_salary"
    example: ClassVar[str] = "base_salary: {amount: 15000, prorate: days}"
    splits_by_change: ClassVar[bool] = True

    amount: Annotated[OwnAmount, Option("money")]
    per: Per = "month"
    prorate: Prorate = "none"
    fte: Fte | None = None

    changes: Changes | None = None

    @field_validator("amount", mode="before")
    @classmethod
    def _column(cls, value: Any) -> Any:
        return "salary" if value in _COLUMN else value

    @model_validator(mode="after")
    def _split_by_time(self) -> Self:
        if self.per != "month" and self.prorate != "none":
            raise refuse("choice_idle", at=("prorate",), found=f"prorate: {self.prorate}", needs="per: month")
        if self.per != "month" and self.fte == "multiply":
            raise refuse("choice_idle", at=("fte",), found="fte: multiply", needs="per: month")
        if self.changes == "split" and self.prorate == "none" and self.per not in ("day", "hour"):
            needs = "prorate: days, prorate: hours, per: day, per: hour"
            raise refuse("choice_idle", at=("changes",), found="changes: split", needs=needs)
        return self

    def called(self, language: Language) -> str:
        """Return the title of the line."""
        if self.title or self.per == "month":
            return self.title or self.title_in(language)
        return word(f"components/base_salary.title_of.{self.per}", language)

    def compose(self, desk: Workings) -> Node:
        """Compose amount x rate x worked / norm, or amount x days, hours or shifts."""
        if self.changes is None and (self.amount == "salary" or self.fte == "multiply"):
            desk.assume("changed", ZERO.value, "changes_open")
        if self.per != "month":
            title = word(f"components/base_salary.amount_of.{self.per}", desk.language)
            return for_each(desk, amount_of_row(desk, self.amount, "amount", title, "amount"), self.per, self.changes)
        amount = own_amount(desk, "amount")
        if self.changes == "split":
            return split_by_change(desk, amount, self.prorate, self.fte)
        return for_time_worked(desk, amount, self.prorate, self.fte)
