"""Fixed pay: the amount of the scheme or of the Salary column, for the time worked."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import field_validator, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.formula import ZERO, Node
from kpicalc.engine.own import OwnAmount, own_amount
from kpicalc.engine.time_worked import Changes, Fte, Prorate, for_time_worked, split_by_change
from kpicalc.engine.workings import Workings

_COLUMN = ("salary", "from the Salary column")


class BaseSalary(Component):
    """Fixed pay."""

    name: ClassVar[str] = "base_salary"
    example: ClassVar[str] = "base_salary: {amount: 15000, prorate: days}"

    amount: Annotated[OwnAmount, Option("money")]
    prorate: Prorate = "none"
    fte: Fte | None = None

    changes: Changes | None = None

    @field_validator("amount", mode="before")
    @classmethod
    def _column(cls, value: Any) -> Any:
        return "salary" if value in _COLUMN else value

    @model_validator(mode="after")
    def _split_by_time(self) -> Self:
        if self.changes == "split" and self.prorate == "none":
            raise refuse("choice_idle", at=("changes",), found="changes: split", needs="prorate: days, prorate: hours")
        return self

    def compose(self, w: Workings) -> Node:
        """Compose amount x rate x worked / norm."""
        amount = own_amount(w, "amount")
        if self.changes == "split":
            return split_by_change(w, amount, self.prorate, self.fte)
        if self.changes is None and (self.amount == "salary" or self.fte == "multiply"):
            w.assume("changed", ZERO.value, "changes_open")
        return for_time_worked(w, amount, self.prorate, self.fte)
