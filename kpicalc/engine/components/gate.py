"""A condition on which other pay depends.

Unless the condition holds, the lines in `of` pay only `pays` of what they stand at. The line shows what is taken away.
It never takes more than is left of those lines.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.component import Component, Option, Titles
from kpicalc.engine.formula import ONE, ZERO, Arith, Choose, Greatest, Minus, Node
from kpicalc.engine.standing import taken_from
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import NonNegative


class Gate(Component):
    """A condition on which other pay depends."""

    name: ClassVar[str] = "gate"
    titles: ClassVar[Titles] = {"ru": "Стоп-фактор", "en": "Gate"}
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = 'gate: {of: [kpi_bonus], unless: "attainment(sales) >= 50%", pays: 0%}'

    of: list[str] = Field(description="ids of the lines above that depend on the condition", min_length=1)
    unless: str = Field(description="the condition, a formula that gives yes or no")
    pays: Annotated[NonNegative, Field(le=1), Option("доля без условия", "share paid otherwise", "percent")] = Field(
        description="share that is still paid where the condition fails"
    )

    def acts_on(self) -> tuple[str, ...]:
        """Return the lines that depend on the condition."""
        return tuple(self.of)

    def compose(self, w: Workings) -> Node:
        """Compose 0 where the condition holds, else what is taken away."""
        standing = w.standing(self.of, "of")
        taken = Greatest((Arith("*", standing, Arith("-", ONE, w.param("pays"))), ZERO))
        return Choose(w.condition(self.unless, "unless"), ZERO, Minus(taken_from(w, taken, standing)))
