"""Pay by a formula written in the scheme, as in a spreadsheet."""

from typing import ClassVar

from kpicalc.engine.component import Component
from kpicalc.engine.tree.formula import Node
from kpicalc.engine.workings import Workings


class Formula(Component):
    """Pay by a formula written in the scheme."""

    name: ClassVar[str] = "formula"
    example: ClassVar[str] = 'formula: {title: Надбавка, pays: "max(0, margin - 50000) * 10%"}'

    pays: str

    def compose(self, desk: Workings) -> Node:
        """Read the formula."""
        return desk.formula(self.pays, "pays")
