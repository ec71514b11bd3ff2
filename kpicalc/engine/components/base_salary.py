"""Fixed pay: the amount of the scheme or of the Salary column, for the time worked.

With `prorate: days` (or `hours`) the amount is multiplied by days worked / days norm of the Employees sheet.
With `fte: multiply` it is multiplied by the Rate (FTE) column; `ignore` says that the amount is already for the
person's own rate.

Where somebody's salary or rate changes inside the month, the Employees sheet holds what counts on its first day, and
the Changes sheet the date and what counts from then on. `changes: split` pays the days (hours) worked before and after
the date each by its own salary and rate; `ignore` pays the whole month as the Employees sheet says.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from kpicalc.engine.component import Component, Option, Titles, refuse
from kpicalc.engine.formula import ZERO, Node
from kpicalc.engine.time_worked import Changes, Fte, Prorate, for_time_worked, split_by_change
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Amount

_COLUMN = ("salary", "from the Salary column")


class BaseSalary(Component):
    """Fixed pay."""

    name: ClassVar[str] = "base_salary"
    titles: ClassVar[Titles] = {"ru": "Оклад", "en": "Base salary"}
    example: ClassVar[str] = "base_salary: {amount: 15000, prorate: days}"

    amount: Annotated[Amount | Literal["salary"], Option("сумма", "amount", "money")] = Field(
        description="the monthly amount, or `salary`: the Salary column of the Employees sheet"
    )
    prorate: Prorate = Field(
        default="none",
        description="pay for the share of the norm worked, by days or by hours; stated where anybody is hired "
        "or dismissed inside the month",
    )
    fte: Fte | None = Field(
        default=None, description="what the Rate (FTE) column does to the amount; stated where anybody's rate is not 1"
    )

    changes: Changes | None = Field(
        default=None,
        description="where the Changes sheet has another salary or rate inside the month: `split` pays each part of "
        "the month by its own, `ignore` the whole month as the Employees sheet says",
    )

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
        amount: Node = w.employee("salary") if self.amount == "salary" else w.param("amount")
        if self.changes == "split":
            return split_by_change(w, amount, self.prorate, self.fte)
        if self.changes is None and (self.amount == "salary" or self.fte == "multiply"):
            w.assume("changed", ZERO.value, "changes_open")
        return for_time_worked(w, amount, self.prorate, self.fte)
