"""The days of a row in the month; they tell apart the rows of a person who has several."""

from datetime import date

from kpicalc.model.inputs import Inputs
from kpicalc.model.period import day_text, first_day, last_day


def span_of(inputs: Inputs, index: int) -> tuple[date, date]:
    """Return the first and the last day of the month on which a row counts, by its own days and those of employment."""
    days, whole = inputs.employed.get(index), (first_day(inputs.period), last_day(inputs.period))
    first, last = (days.first, days.last) if days else (None, None)
    return max(first or whole[0], whole[0]), min(last or whole[1], whole[1])


def name_of_row(inputs: Inputs, index: int, language: str) -> str:
    """Return the name of a row's person; for a person with several rows, with the days of the row."""
    name = inputs.payees[index].name
    days = days_of_row(inputs, index, language)
    return f"{name} ({days})" if days else name


def days_of_row(inputs: Inputs, index: int, language: str) -> str:
    """Return the days of a row of a person with several; empty where the person has one."""
    if not inputs.is_joint(index):
        return ""
    return " – ".join(day_text(day, language) for day in span_of(inputs, index))
