"""The building blocks of scheme entries: exact numbers, mappings with known keys, stated roundings."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from kpicalc.model.days import day_number
from kpicalc.model.money import Ties, exact_context
from kpicalc.model.record import record

_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_NOT_PLAIN = re.compile(r"^[+-]?(0\d|[1-9]\d{0,2}\.\d\d0$)")
LARGEST = Decimal(10**15)
_FRACTION = re.compile(r"^([+-]?\d+)\s*/\s*([1-9]\d*)$")


class NotExact(ValueError):
    """A text that is not an exact number; `str()` of the exception is the text."""


class PerCent(Decimal):
    """A number that was written with a per cent sign: 20% is 0.2, and remembered as a share."""


def exact(value: object) -> Decimal:
    """Turn YAML's text into an exact number: 0.1, 20%, 1/3. Any other form is refused, never reinterpreted.

    65.000 is refused too: nobody types a zero as the third decimal place, and many people separate thousands by a
    point.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        text = value.strip()
        per_cent = text.endswith("%")
        body = text.removesuffix("%").rstrip()
        if _NUMBER.match(body) and not _NOT_PLAIN.match(body):
            return PerCent(Decimal(body) / 100) if per_cent else Decimal(body)
        if not per_cent and (parts := _FRACTION.match(body)):
            with exact_context():
                return Decimal(parts[1]) / Decimal(parts[2])
    raise NotExact(str(value))


def _exact_or_day(value: object) -> Decimal:
    try:
        return (
            day_number(date.fromisoformat(value.strip())) if isinstance(value, str) and "-" in value else exact(value)
        )
    except ValueError:
        return exact(value)


def _stored(value: object) -> Decimal:
    """Turn text into an exact number of which a spreadsheet keeps every digit before the point."""
    found = exact(value)
    if abs(found) > LARGEST:
        raise PydanticCustomError("less_than_equal", "less_than_equal", {"le": "10^15"})
    return found


_SCHEMA = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?\s*%?$|^[+-]?\d+\s*/\s*\d+$"}],
}
_PLAIN = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?$|^[+-]?\d+\s*/\s*\d+$"}]}


def _no_per_cent(value: Decimal) -> Decimal:
    if isinstance(value, PerCent):
        raise PydanticCustomError("amount_per_cent", "amount_per_cent", {"found": written(value)})
    return value


def written(value: Decimal) -> str:
    """Write a number as a scheme file does."""
    return f"{(value * 100).normalize():f}%" if isinstance(value, PerCent) else f"{value.normalize():f}"


@record
class IsResult:
    """Marks a number that is an attainment or an index: 100 % and not 100."""


# Pydantic would convert a number with a per cent sign to a plain one.
Exact = Annotated[Decimal, WrapValidator(lambda value, _: _stored(value)), WithJsonSchema(_SCHEMA)]
"""An exact number: `15000`, `0.1`, `20%`, `1/3`. It keeps whether it was written with a per cent sign."""
ExactOrDay = Annotated[
    Decimal,
    WrapValidator(lambda value, _: _exact_or_day(value)),
    WithJsonSchema({"anyOf": [*_SCHEMA["anyOf"], {"type": "string", "format": "date"}]}),
]
"""An exact number, or a day (2026-10-10) by its number in a spreadsheet."""
NonNegative = Annotated[Exact, Field(ge=0)]
"""An exact number, zero or more."""
Amount = Annotated[NonNegative, AfterValidator(_no_per_cent), WithJsonSchema(_PLAIN)]
"""Money, zero or more; a per cent is refused, as its base is unknown."""
ResultBound = Annotated[NonNegative, IsResult()]
"""A bound of an attainment or an index, zero or more."""


class Entry(BaseModel):
    """A mapping of the scheme file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def no_items() -> list[Any]:
    """Return an empty list. How `list` itself is called, Python would have to parse for each option anew."""
    return []


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


class OwnColumnEntry(Entry):
    """An additional column of the Employees sheet: a personal rate, a target bonus."""

    title: str | None = Field(default=None, description="its heading in the workbook")
    unit: str | None = Field(default=None, description='руб, шт, "%"')


class PartMonth(Entry):
    """What happens to the plan of a person who does not work the whole month."""

    plan: Literal["days_employed", "days_worked", "none"] = Field(
        description="days_employed: plan x working days from hiring to dismissal / norm; days_worked: plan x days "
        "worked / norm, so that illness and leave count too; none: the plan of the workbook stands"
    )
    rounding: Rounding | None = Field(default=None, description="rounding of that plan; unstated: it stays exact")
