"""Signed amounts from the Adjustments sheet, each with its reason.

The line is their sum; the reasons stand in the calculation and in the explanation.
"""

from typing import ClassVar

from kpicalc.engine.component import Component, Titles
from kpicalc.engine.formula import Node
from kpicalc.engine.workings import Workings


class Adjustments(Component):
    """Signed amounts from the Adjustments sheet."""

    name: ClassVar[str] = "adjustments"
    titles: ClassVar[Titles] = {"ru": "Корректировки", "en": "Adjustments"}
    example: ClassVar[str] = "adjustments"

    def compose(self, w: Workings) -> Node:
        """Compose the sum of the payee's adjustments."""
        return w.adjustments()
