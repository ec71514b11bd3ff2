"""Days and times as people and programs write them in texts, rewritten step by step into one form.

Accepted: `5.10.2026`, `05.10.2026 г.`, `05.10.2026 9:30`, `2026-10-05`, `2026-10-05T09:30:00+03:00`. Refused, as each
could mean another day: a year of two digits, a month before the day, a time in UTC (`Z`). 1C writes 01.01.0001 or dots
alone where there is no date.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

REWRITES: tuple[tuple[str, str], ...] = (
    # The name of a document in 1C: its kind, its number, its day.
    (r"^.* от ([0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}(?: [0-9:]+)?)$", r"\1"),
    (r"^([0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}) ?г\.?($|[ ,])", r"\1\2"),
    (r"^([0-9])\.", r"0\1."),
    (r"^([0-9]{2})\.([0-9])\.", r"\1.0\2."),
    (r"^([0-9]{2})\.([0-9]{2})\.([0-9]{4})", r"\3-\2-\1"),
    (r"^([0-9]{4})-([0-9])-", r"\1-0\2-"),
    (r"^([0-9]{4}-[0-9]{2})-([0-9])($|[ T])", r"\1-0\2\3"),
    (r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T|, ?)", r"\1 "),
    (r"^([0-9-]{10}) ([0-9]):", r"\1 0\2:"),
    # Programs write a day without a time as midnight in UTC; a zone written with the time does not change the clock.
    (r"^([0-9-]{10} 00:00(?::00(?:\.0+)?)?)(?:Z|\+00:?00)$", r"\1"),
    (r"^([0-9-]{10} [0-9:.]+)[-+](?:0[1-9]|1[0-4]):?[0-5][0-9]$", r"\1"),
    (r"(\.[0-9]{6})[0-9]+$", r"\1"),
)
"""Patterns and their replacements, in this order."""
BLANK = r"^(?:0001-01-01(?: 00:00(?::00(?:\.0+)?)?)?|0000-00-00|[ .:/-]*[.:/][ .:/-]*)$"
"""The rewritten text where there is no date."""
_UTC = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9:.]+ ?(?:Z|[-+]00:?00|UTC|GMT)$"
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)"
_CALENDAR = (
    r"[1-9][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DOTTED = (
    r"(?:(?:0[1-9]|[12][0-9]|3[01])\.(?:0[13578]|1[02])|(?:0[1-9]|[12][0-9]|30)\.(?:0[469]|11)"
    r"|(?:0[1-9]|1[0-9]|2[0-8])\.02)\.[1-9][0-9]{3}"
)
_TIME = r"(?: (?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)?$"
MOMENT = rf"^(?:{_CALENDAR}|{_LEAP}-02-29){_TIME}"
"""A day of the calendar, with a time or without: for 31 February some databases refuse the whole table."""
DOTTED = rf"^(?:{_DOTTED}|29\.02\.{_LEAP}){_TIME}"
"""The same as a Russian spreadsheet writes it; of the steps above it needs only that which turns it."""


_FIRST = date(1899, 12, 30)


def day_number(day: date) -> Decimal:
    """Return the number of a day in a spreadsheet."""
    return Decimal((day - _FIRST).days)


def day_of_number(number: Decimal) -> date:
    """Return the day of a number in a spreadsheet."""
    return _FIRST + timedelta(days=int(number))


def rewritten(text: str) -> str:
    """Return a clean text with a day in it as 2026-10-05 09:30; any other text unchanged, or nearly so."""
    for pattern, replacement in REWRITES:
        text = re.sub(pattern, replacement, text)
    return text


def no_day(text: str) -> str:
    """Return the code of the issue for a text that states no day: a time in UTC is a day that the zone decides."""
    return "time_in_utc" if re.match(_UTC, rewritten(text)) else "not_a_day"


def is_blank_day(text: str) -> bool:
    """Tell whether a clean text is what 1C writes where there is no date."""
    return re.match(BLANK, rewritten(text)) is not None


def moment_in_text(text: str) -> datetime | None:
    """Return the day or time that a clean text states; None where it states none, or could mean another."""
    text = rewritten(text)
    return datetime.fromisoformat(text) if re.match(MOMENT, text) else None


def day_in_text(text: str) -> date | None:
    """Return the day that a clean text states, with a time or without; None where there is none."""
    moment = moment_in_text(text)
    return moment.date() if moment else None
