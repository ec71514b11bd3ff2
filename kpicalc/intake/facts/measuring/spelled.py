"""What spellings of one text share, in the words of any database: the case, spaces and ё do not matter.

It is what `model.texts.spelling_key` is in Python. Both sides of a comparison are written so, texts of the scheme file
too: a database that knows fewer alphabets knows as few of them on either side.
"""

from typing import Any

from kpicalc.model.texts import ALIKE, CYRILLIC, LATIN, NEIGHBOURS

_RANGES = (
    (0x9, 0xD), (0x1C, 0x1F), (0x85, 0x85), (0xA0, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x2000, 0x200F),
    (0x2028, 0x202F), (0x205F, 0x2064), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_BLANKS = "".join(chr(code) for first, last in _RANGES for code in range(first, last + 1))
_SMALL = {chr(code): chr(code).lower() for code in range(0x400, 0x430)} | {sign: sign.lower() for sign in NEIGHBOURS}
"""Russian and its neighbours: a PostgreSQL or SQLite without a locale knows no small letters but the Latin ones."""
_TURNED = _SMALL | dict.fromkeys(_BLANKS, " ")


def spelled(text: Any, beside: Any = None) -> Any:
    """Return a text without spaces, in small letters, with е for ё; `beside` is what it is compared with."""
    low = text.lower()
    match _engine(text) or (_engine(beside) if beside is not None else "") or "duckdb":
        case "duckdb":
            low = low.re_replace(f"[ {_BLANKS}]+", "")
        case "mysql":
            # It knows small letters of every alphabet, and no way to change many signs at once.
            for sign in (" ", *_BLANKS):
                low = low.replace(sign, "")
        case _:
            low = low.translate("".join(_TURNED), "".join(_TURNED.values())).replace(" ", "")
    for written, read in ALIKE.items():
        low = low.replace(written, read)
    return low


def looked(spelling: Any, beside: Any = None) -> Any:
    """Return what a spelling shares with those that look the same in Latin and Russian letters, as `look` does."""
    if (_engine(spelling) or (_engine(beside) if beside is not None else "")) != "mysql":
        return spelling.translate(LATIN, CYRILLIC)
    for latin, russian in zip(LATIN, CYRILLIC, strict=True):
        spelling = spelling.replace(latin, russian)
    return spelling


def _engine(text: Any) -> str:
    """Return the database of a value; a text of the scheme file and the cells of a sheet are in none."""
    backends, _ = text._find_backends()  # noqa: SLF001 - the public way raises where there is none
    return str(backends[0].name) if backends else ""
