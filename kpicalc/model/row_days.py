"""Tells apart the rows of a person who has several: by their days."""

from kpicalc.model.inputs import Inputs
from kpicalc.model.period import day_text, first_day, last_day


def name_of_row(inputs: Inputs, index: int, language: str) -> str:
    """Return the name of a row's person; for a person with several rows, with the days of the row."""
    name = inputs.payees[index].name
    days = days_of_row(inputs, index, language)
    return f"{name} ({days})" if days else name


def days_of_row(inputs: Inputs, index: int, language: str) -> str:
    """Return the days of a row of a person with several; empty where the person has one."""
    if not inputs.is_joint(index):
        return ""
    days = inputs.employed.get(index)
    first, last = (days.first, days.last) if days else (None, None)
    begins, ends = max(first or first_day(inputs.period), first_day(inputs.period)), last or last_day(inputs.period)
    return " – ".join(day_text(day, language) for day in (begins, min(ends, last_day(inputs.period))))
