"""How days and times are written in texts: one set of forms for sheets, csv files and databases.

`01.10.2026`, `01.10.2026 9:30`, `2026-10-01`, `2026-10-01T09:30:00`. A year of two digits, a month before the day or a
time with a zone is refused: each could be taken for another day. 1C writes a blank date as 01.01.0001.
"""

import re
from datetime import datetime

_TIME = r"([ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?)?$"
DOTTED = r"^[0-9]{2}\.[0-9]{2}\.[1-9][0-9]{3}" + _TIME
ISO = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}" + _TIME
DOCUMENT = r"^.* от ([0-9]{2}\.[0-9]{2}\.[1-9][0-9]{3}([ T][0-9:]+)?)$"
"""How 1C names a document: its kind, its number, its day."""
BLANK = r"^(01\.01\.0001|0001-01-01)([ T]0?0:00(:00(\.0+)?)?)?$"


def is_blank_date(text: str) -> bool:
    """Tell whether a text is what 1C writes where there is no date."""
    return re.match(BLANK, text) is not None


def moment_in_text(text: str) -> datetime | None:
    """Return the day or time that a text states; None where it states none, or could mean another."""
    if document := re.match(DOCUMENT, text):
        text = document[1]
    if re.match(DOTTED, text):
        text = f"{text[6:10]}-{text[3:5]}-{text[:2]}{text[10:]}"
    elif not re.match(ISO, text):
        return None
    # Hours may be one digit long: Excel writes 9:30.
    text = re.sub(r"[ T]([0-9]):", r" 0\1:", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
