"""Fixed pay: the amount of the scheme or of the Salary column, for the time worked.

With `prorate: days` (or `hours`) the amount is multiplied by days worked / days norm of the Employees sheet.
With `fte: multiply` it is multiplied by the Rate (FTE) column; `ignore` says that the amount is already for the
person's own rate.
"""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from kpicalc.engine.component import Component, Option, Titles
from kpicalc.engine.formula import Arith, Node
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import NonNegative

_COLUMN = ("salary", "from the Salary column")


class BaseSalary(Component):
    """Fixed pay."""

    name: ClassVar[str] = "base_salary"
    titles: ClassVar[Titles] = {"ru": "Оклад", "en": "Base salary"}
    example: ClassVar[str] = "base_salary: {amount: 15000, prorate: days}"

    amount: Annotated[NonNegative | Literal["salary"], Option("сумма", "amount", "money")] = Field(
        description="the monthly amount, or `salary`: the Salary column of the Employees sheet"
    )
    prorate: Literal["days", "hours", "none"] = Field(
        default="none", description="pay for the share of the norm worked, by days or by hours"
    )
    fte: Literal["multiply", "ignore"] | None = Field(
        default=None, description="what the Rate (FTE) column does to the amount; stated where anybody's rate is not 1"
    )

    @field_validator("amount", mode="before")
    @classmethod
    def _column(cls, value: Any) -> Any:
        return "salary" if value in _COLUMN else value

    def compose(self, w: Workings) -> Node:
        """Compose amount x rate x worked / norm."""
        amount: Node = w.employee("salary") if self.amount == "salary" else w.param("amount")
        if self.fte is None:
            w.assume("fte", Decimal(1), "fte_open")
        if self.fte == "multiply":
            amount = Arith("*", amount, w.employee("fte"))
        if self.prorate == "days":
            amount = Arith("/", Arith("*", amount, w.employee("days_worked")), w.employee("days_norm"))
        if self.prorate == "hours":
            amount = Arith("/", Arith("*", amount, w.employee("hours_worked")), w.employee("hours_norm"))
        return amount
