"""Pay by a formula of your own, written as in a spreadsheet.

`+ - * / ( )`, `= <> < <= > >=`, `and or not`, `min max if round`, per cents. A KPI's name is its actual; `plan(kpi)`,
`attainment(kpi)`, `team(kpi)` and `previous(kpi)` are its other figures, the last one of a month ago from the History
sheet (`previous(kpi, 3)`: three months ago); the id of a line above is its amount; `salary`, `fte`, `days_worked`,
`days_norm`, `hours_worked`, `hours_norm`, `days_employed` come from the Employees sheet, `salary_after`, `fte_after`,
`days_after`, `hours_after` are what counts after a change inside the month. An unknown name is refused.
"""

from typing import ClassVar

from pydantic import Field

from kpicalc.engine.component import Component, Titles
from kpicalc.engine.formula import Node
from kpicalc.engine.workings import Workings


class Formula(Component):
    """Pay by a formula of your own."""

    name: ClassVar[str] = "formula"
    titles: ClassVar[Titles] = {"ru": "По формуле", "en": "By formula"}
    example: ClassVar[str] = 'formula: {title: Надбавка, pays: "max(0, margin - 50000) * 10%"}'

    pays: str = Field(description="the formula")

    def compose(self, w: Workings) -> Node:
        """Read the formula."""
        return w.formula(self.pays, "pays")
