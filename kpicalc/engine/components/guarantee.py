"""The least that all lines above pay together: a top-up to it.

The line is what is missing to the guarantee, and stands there as 0 where nothing is missing.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.component import Component, Option, Titles
from kpicalc.engine.formula import ZERO, Arith, Greatest, Node
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import NonNegative


class Guarantee(Component):
    """The least that all lines above pay together."""

    name: ClassVar[str] = "guarantee"
    titles: ClassVar[Titles] = {"ru": "Доплата до гарантии", "en": "Guarantee top-up"}
    example: ClassVar[str] = "guarantee: {at: 27093}"

    at: Annotated[NonNegative, Option("гарантия", "guarantee", "money")] = Field(description="the guaranteed total")

    def compose(self, w: Workings) -> Node:
        """Compose guarantee - total so far, not below 0."""
        return Greatest((Arith("-", w.param("at"), w.all_above()), ZERO))
