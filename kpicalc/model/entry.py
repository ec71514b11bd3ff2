"""What every entry of the scheme file is made of: exact numbers, closed mappings, stated roundings."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from kpicalc.model.money import Ties, exact_context

_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_FRACTION = re.compile(r"^([+-]?\d+)\s*/\s*([1-9]\d*)$")


class NotExact(ValueError):
    """A text that is not an exact number; `str()` of it is the text that was found."""


def exact(value: object) -> object:
    """Turn YAML's text into an exact number: 0.1, 20%, 1/3. Anything else is refused, never reinterpreted."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        text = value.strip()
        per_cent = text.endswith("%")
        body = text.removesuffix("%").rstrip()
        if _NUMBER.match(body) and not re.match(r"^[+-]?0\d", body):
            return Decimal(body) / 100 if per_cent else Decimal(body)
        if not per_cent and (parts := _FRACTION.match(body)):
            with exact_context():
                return Decimal(parts[1]) / Decimal(parts[2])
    raise NotExact(str(value))


_SCHEMA = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?\s*%?$|^[+-]?\d+\s*/\s*\d+$"}],
}
Exact = Annotated[Decimal, BeforeValidator(exact), WithJsonSchema(_SCHEMA)]
"""An exact number: `15000`, `0.1`, `20%`, `1/3`."""
NonNegative = Annotated[Exact, Field(ge=0)]
"""An exact number, zero or more."""


class Entry(BaseModel):
    """A mapping of the scheme file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Rounding(Entry):
    """Where and how a figure is rounded."""

    round: Exact | Literal["none"] = Field(
        description="the step, a power of ten: 0.01, 1, 100; `none` keeps the figure exact",
    )
    ties: Ties | None = Field(
        default=None,
        description="half_up: a half goes away from zero; half_even: to the even neighbour; "
        "down: cut off; up: always away from zero",
    )
