"""Fixed pay: the amount of the scheme or of the Salary column, for the time worked.

With `prorate: days` (or `hours`) the amount is multiplied by days worked / days norm of the Employees sheet.
With `fte: multiply` it is multiplied by the Rate (FTE) column; `ignore` says that the amount is already for the
person's own rate.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from kpicalc.engine.component import Component, Option, Titles
from kpicalc.engine.formula import Node
from kpicalc.engine.time_worked import Fte, Prorate, for_time_worked
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
    prorate: Prorate = Field(default="none", description="pay for the share of the norm worked, by days or by hours")
    fte: Fte | None = Field(
        default=None, description="what the Rate (FTE) column does to the amount; stated where anybody's rate is not 1"
    )

    @field_validator("amount", mode="before")
    @classmethod
    def _column(cls, value: Any) -> Any:
        return "salary" if value in _COLUMN else value

    def compose(self, w: Workings) -> Node:
        """Compose amount x rate x worked / norm."""
        amount: Node = w.employee("salary") if self.amount == "salary" else w.param("amount")
        return for_time_worked(w, amount, self.prorate, self.fte)
