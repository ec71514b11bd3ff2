"""Texts as numbers, days, yes and no, read as in a workbook; a text that cannot be read is blank and bad.

`1 800,50` is a number, `01.10.2026` and `2026-10-01 12:30` are days and times; `1,234`, which may be a thousand or not,
is refused until the scheme states the decimal mark.

Patterns are dear, and most cells are written in a common form. So one look tells whether a cell is, and only the rest
goes through the patterns, in steps: what a step yields becomes a column, and no expression is written twice.
"""

import re
from collections.abc import Collection, Generator
from typing import Any

from kpicalc.intake.sheets.names import words
from kpicalc.model.days import BLANK, DOTTED, MOMENT, REWRITES
from kpicalc.model.facts import FactType
from kpicalc.model.numbers import AMBIGUOUS, MINUS, forms, without_marks
from kpicalc.model.record import record
from kpicalc.model.texts import INVISIBLE, SPACES

NUMBER = "decimal(17, 6)"
"""Figures of facts: up to eleven digits and six decimal places."""
_FIGURE, _SHARE = r"^[-+]?[0-9]{1,11}(?:\.[0-9]{0,6})?$", r"^[-+]?[0-9]{1,11}(?:\.[0-9]{0,4})?$"
_SPACES = "[\\s\u00a0\u2000-\u200a\u202f\u3000]+"
_INVISIBLE = "[\u200b\ufeff\u2060\u00ad]"
_UNCLEAN = f"[{SPACES}{INVISIBLE}]|  |^ | $"
_NBSP = "\u00a0"
_ENDS = {"pyspark": r"\z", "mysql": r"\z", "sqlite": r"\Z"}
"""How databases write the end of a text in which `$` is also the place before a last line break."""


@record
class TypedColumn:
    """A column as its type, and the condition that a cell was unreadable (None: no cell can be)."""

    value: Any
    bad: Any = None


Steps = Generator[Any, Any, TypedColumn]
"""Yields expressions, is sent each as a column of a new table, and returns the typed column."""


def cleaned(text: Any) -> Any:
    """Return a text as people see it: every run of spaces is one, and none at the ends."""
    import ibis

    # Most texts are clean: one look tells, where cleaning makes three copies.
    return ibis.ifelse(_fits(text, _UNCLEAN), _cleaned(text), text)


def numbers(raw: Any, decimal: str | None, units: Collection[str], *, shares: bool) -> Steps:
    """Read texts as numbers; `units` are the words that may follow, as keys of names.

    Without `shares` a per cent is unreadable: of an amount its base is unknown.
    """
    import ibis

    nothing = ibis.null().cast("string")
    mark = re.escape(decimal) if decimal else "[.,]"
    # Three places alone may be a thousand.
    part = rf"(?:{mark}(?:[0-9]{{1,2}}|[0-9]{{4,6}}))?$"
    plain, spaced = rf"^-?(?:0|[1-9][0-9]{{0,10}}){part}", rf"^-?[1-9][0-9]{{0,2}}(?:[ {_NBSP}][0-9]{{3}}){{1,2}}{part}"
    text = _cleaned(raw).replace(MINUS, "-").nullif("")
    names = "|".join(_in_any_case(unit) for unit in sorted(units, key=len, reverse=True))
    with_unit = rf"^([-+]?[0-9][0-9 .,]*[0-9]|[-+]?[0-9]) ?({names})[ .]*$"
    alone = _rewritten(text, with_unit, r"\1") if names else text
    body = yield ibis.ifelse(_fits(raw, f"{plain}|{spaced}"), nothing, alone.re_replace(" ?%$", ""))
    unclear = [] if decimal else [(_fits(body, AMBIGUOUS), nothing)]
    ways = [(_fits(body, form), without_marks(body, *marks)) for form, *marks in forms(decimal)]
    known = yield _rewritten(ibis.cases(*unclear, *ways, else_=nothing), r"(\.[0-9]*?)0+$", r"\1")
    share = raw.contains("%")
    pointed = raw.replace(",", ".")
    value = yield ibis.cases(
        (_fits(raw, plain), pointed),
        (_fits(raw, spaced), pointed.replace(" ", "").replace(_NBSP, "")),
        *([(share & _fits(known, _SHARE), known + "e-2")] if shares else []),
        (~share & _fits(known, _FIGURE), known),
        else_=nothing,
    ).cast(NUMBER)
    return TypedColumn(value, body.notnull() & value.isnull())


def moments(raw: Any, wanted: FactType) -> Steps:
    """Read texts as days or times."""
    import ibis

    nothing = ibis.null().cast("string")
    text = _cleaned(raw).nullif("")
    for pattern, replacement in REWRITES:
        text = _rewritten(text, pattern, replacement)
    known = yield ibis.ifelse(_fits(raw, f"{MOMENT}|{DOTTED}"), nothing, text)
    turned = raw.substr(6, 4) + "-" + raw.substr(3, 2) + "-" + raw.substr(0, 2) + raw.substr(10)
    found = ((_fits(raw, MOMENT), raw), (_fits(raw, DOTTED), turned), (_fits(known, MOMENT), known))
    value = ibis.cases(*found, else_=nothing).try_cast("timestamp")
    bad = known.notnull() & ~_fits(known, f"{MOMENT}|{BLANK}")
    return TypedColumn(value.cast("date") if wanted == "date" else value, bad)


def answers(raw: Any) -> Steps:
    """Read texts as yes and no."""
    import ibis

    text = yield cleaned(raw).lower().nullif("")
    yes, no = (text.isin(sorted(words(group))) for group in ("yes", "no"))
    value = yield ibis.cases((yes, ibis.literal(True)), (no, ibis.literal(False)), else_=ibis.null().cast("boolean"))
    return TypedColumn(value, text.notnull() & value.isnull())


def _fits(text: Any, pattern: str) -> Any:
    return text.re_search(pattern.replace("$", _ENDS.get(text.get_backend().name, "$")))


def _rewritten(text: Any, pattern: str, replacement: str) -> Any:
    """Return a text with what fits a pattern replaced; Spark, as Java, writes a group of the pattern as `$1`."""
    if text.get_backend().name == "pyspark":
        replacement = re.sub(r"\\([0-9])", r"$\1", replacement)
    return text.re_replace(pattern, replacement)


def _cleaned(text: Any) -> Any:
    return text.re_replace(_INVISIBLE, "").re_replace(_SPACES, " ").strip()


def _in_any_case(unit: str) -> str:
    """Return a pattern of a unit in large and small letters: not every database knows those of every alphabet."""
    return "".join(
        "[ .]+" if sign == " " else f"[{sign}{sign.upper()}]" if sign.isalpha() else re.escape(sign) for sign in unit
    )
