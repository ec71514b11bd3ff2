"""The production calendar that a scheme file states: the country, and the differences from its law."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kpicalc.model.days import day_in_text
from kpicalc.model.entry import Entry, no_items
from kpicalc.model.texts import clean


def _day(value: object) -> object:
    """Turn YAML's text into a day."""
    if isinstance(value, str) and (day := day_in_text(clean(value))):
        return day
    raise PydanticCustomError("calendar_day", "calendar_day", {"found": str(value)})


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, written 2026-05-11."""
WeekHours = Annotated[
    Literal["40", "39", "36", "35", "33", "30", "24"], WithJsonSchema({"enum": [40, 39, 36, 35, 33, 30, 24]})
]


class Calendar(Entry):
    """A production calendar: that of a country, and the differences from it."""

    country: str = Field(description="RU, BY, KZ and so on (ISO 3166); a region after a hyphen: DE-BY")
    week_hours: WeekHours | None = Field(
        default=None, description="hours of the working week: the norm of hours follows; unstated: no norm of hours"
    )
    days_off: list[Day] = Field(
        default_factory=no_items, description="days off that the country's calendar does not have"
    )
    working_days: list[Day] = Field(default_factory=no_items, description="working days that it has as days off")
    short_days: list[Day] = Field(
        default_factory=no_items, description="days shortened by an hour; in Russia the days before holidays are known"
    )
