"""Signed amounts from the Adjustments sheet, each with its reason."""

from typing import ClassVar

from kpicalc.engine.component import Component
from kpicalc.engine.tree.formula import Node
from kpicalc.engine.workings import Workings


class Adjustments(Component):
    """Signed amounts from the Adjustments sheet."""

    name: ClassVar[str] = "adjustments"
    example: ClassVar[str] = "adjustments"

    def compose(self, desk: Workings) -> Node:
        """Compose the sum of the payee's adjustments."""
        return desk.adjustments()
