"""What a pay component is: a frozen model whose fields are its options in YAML, and one method that composes it.

A new component is one module in `kpicalc/engine/components/` with one class in it, and a catalogue of the same name in
`kpicalc/lang/components/` with its title and what it and its options mean. The scheme reader, the column, the words,
the Excel formula, the reference and the JSON Schema follow from these by themselves.
"""

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from kpicalc.engine.tree.formula import Node, Unit
from kpicalc.lang import LANGUAGES, Language, word
from kpicalc.model.entry import Entry
from kpicalc.model.record import record
from kpicalc.model.scheme import Rules

if TYPE_CHECKING:
    from kpicalc.engine.workings import Workings


@record
class Option:
    """Marks an option whose figure stands in a cell; its title is in the component's catalogue, under `terms`."""

    unit: Unit = "number"
    """How the figure is shown."""


class Component(Entry):
    """One element of pay in a scheme."""

    name: ClassVar[str]
    """The key under which it stands in a scheme's `pay:`."""
    example: ClassVar[str]
    """One line of YAML for the reference."""

    rounds_itself: ClassVar[bool] = False
    """True where the amount is limited after rounding, so that it must not be rounded again."""

    splits_by_change: ClassVar[bool] = False
    """True where the component can pay each part of a month at its own salary and rate."""

    withholds: ClassVar[bool] = False
    """True where the line is taken out of earned pay: a tax, a writ."""

    id: str | None = None
    title: str | None = None
    rules: Rules | None = None
    for_: Literal["discipline"] | None = Field(default=None, alias="for")

    def called(self, language: Language) -> str:
        """Return the title of the line."""
        return self.title or self.title_in(language)

    @classmethod
    def title_in(cls, language: Language) -> str:
        """Return the title of the line where the scheme states none."""
        return word(f"components/{cls.name}.title", language)

    @classmethod
    def titles(cls) -> tuple[str, ...]:
        """Return that title in every language."""
        return tuple(cls.title_in(language) for language in LANGUAGES)

    def compose(self, desk: "Workings") -> Node | None:
        """Compose the amount of the line, or None where there is nothing to pay.

        The caller rounds the amount by the `money` rule, unless the component `rounds_itself`.
        """
        raise NotImplementedError

    def keep(self, desk: "Workings") -> None:
        """Lay out the figures kept beside pay (points, a debt); the component's line is in the calculation by then."""

    def acts_on(self) -> tuple[str, ...]:
        """Return the ids of the lines that this component changes; empty for one that only pays."""
        return ()

    @classmethod
    def option(cls, field: str) -> Option:
        """Return how the figure of an option is shown."""
        for item in cls.model_fields[field].metadata:
            if isinstance(item, Option):
                return item
        raise LookupError(f"{cls.__name__}.{field} has no Option: people would see its key")

    @classmethod
    def term(cls, field: str, language: Language) -> str:
        """Return the title of an option's figure."""
        return word(f"components/{cls.name}.terms.{field}", language)


def refuse(code: str, *, at: tuple[str | int, ...] = (), **facts: object) -> PydanticCustomError:
    """Make the error of a component whose options do not fit together; `code` is an issue's code.

    `at` is the path to the option at fault, from the entry that is checked.
    """
    return PydanticCustomError(code, code, {name: str(value) for name, value in facts.items()} | {"at": at})


def in_order(
    bounds: Sequence[Decimal],
    first: Decimal | None,
    *,
    rows: str,
    bounds_are: Sequence[str] = (),
    percent: bool = False,
) -> None:
    """Refuse bounds that do not ascend, or do not start at `first`.

    `rows` is the key of the list, `bounds_are` the key of the bound in each row ('' where a row is a plain number). A
    bound equal to the one before is allowed if it is written as `above` and the one before is not.
    """
    keys: Sequence[tuple[str, ...]] = [(name,) if name else () for name in bounds_are] or [()] * len(bounds)
    if first is not None and bounds[0] != first:
        path: tuple[str | int, ...] = (rows, 0, *keys[0])
        raise refuse("table_start", at=path, found=_plain(bounds[0], percent), allowed=_plain(first, percent))
    for row, (lower, upper) in enumerate(itertools.pairwise(bounds), 1):
        path = (rows, row, *keys[row])
        if upper == lower and not (keys[row] == ("above",) != keys[row - 1]):
            raise refuse("table_overlap", at=path, found=_plain(upper, percent))
        if upper < lower:
            raise refuse("table_order", at=path, found=_plain(upper, percent), lower=_plain(lower, percent))


def _plain(value: Decimal, percent: bool) -> str:
    """Write a bound as it is written in a scheme file."""
    return f"{(value * 100).normalize():f}%" if percent else f"{value.normalize():f}"
