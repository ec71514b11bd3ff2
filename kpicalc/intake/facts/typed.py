"""Columns of a file or a database as the types of facts; a cell that cannot be read as its type is blank and bad.

Texts of csv files are read as in a workbook: `1 800,50` is a number, `01.10.2026` and `2026-10-01 12:30` are days and
times; `1,234`, which may be a thousand or not, is refused until the scheme states the decimal mark.
"""

import re
from collections.abc import Collection
from typing import Any

from kpicalc.intake.sheets.names import words
from kpicalc.model.days import BLANK, DOTTED, MOMENT, REWRITES, TURNED
from kpicalc.model.facts import FactType
from kpicalc.model.numbers import AMBIGUOUS, MINUS, forms, without_marks
from kpicalc.model.record import record

NUMBER = "decimal(17, 6)"
"""Figures of facts: up to eleven digits and six decimal places."""
_SPACES = "[\\s\u00a0\u2000-\u200a\u202f\u3000]+"
_INVISIBLE = "[\u200b\ufeff\u2060\u00ad]"
_DIGITS, _PLACES = 11, 6
_LARGEST = 10**_DIGITS
_FIGURE, _SHARE = r"^[-+]?[0-9]{1,11}(?:\.[0-9]{0,6})?$", r"^[-+]?[0-9]{1,11}(?:\.[0-9]{0,4})?$"
_LONGEST = 10**15
"""A float keeps every digit of numbers up to this length."""


@record
class TypedColumn:
    """A column as its type, and the condition that a cell was unreadable (None: no cell can be)."""

    value: Any
    bad: Any = None


def typed(
    raw: Any, wanted: FactType, decimal: str | None, units: Collection[str], *, typed_in: bool
) -> TypedColumn | None:
    """Return a column as a type; None where the column's own type can never be converted.

    `units` are the words that may follow a number, as keys of names. Spaces at the ends of typed texts are ignored.
    """
    kind = raw.type()
    match wanted:
        case "number":
            if kind.is_string():
                return _number_from_text(raw, decimal, units)
            if kind.is_integer() or kind.is_decimal() or kind.is_floating():
                return _number(raw)
        case "text":
            if not kind.is_boolean():
                text = raw if kind.is_string() else raw.cast("string")
                return TypedColumn((cleaned(text) if typed_in else _trimmed(text)).nullif(""))
        case "date" | "time":
            value = _moment(raw)
            if value is not None and wanted == "date":
                return TypedColumn(value.value.cast("date"), value.bad)
            return value
        case "yes_no":
            if kind.is_boolean():
                return TypedColumn(raw)
            if kind.is_string():
                return _yes_or_no(raw)
    return None


def identity(raw: Any, *, typed_in: bool) -> Any:
    """Return a column of names or numbers of things as text: a whole number loses its decimals."""
    import ibis

    kind = raw.type()
    if kind.is_floating() or kind.is_decimal():
        # 42.5 identifies nobody: the text stays as it is, and matches nothing.
        known = ibis.cases(((raw < _LONGEST) & (raw > -_LONGEST), raw))
        whole = known.cast("int64")
        return ibis.ifelse(known == whole, whole.cast("string"), raw.cast("string"))
    text = raw if kind.is_string() else raw.cast("string")
    return cleaned(text).nullif("") if typed_in else text


def _trimmed(text: Any) -> Any:
    """Return a text without the spaces at its ends; few texts have any, and DuckDB tests faster than it trims."""
    import ibis

    if text.get_backend().name != "duckdb":
        return text.strip()
    # Every blank sorts before the first visible character.
    return ibis.ifelse((text < "!") | (text.right(1) < "!"), text.strip(), text)


def _rewritten(text: Any, pattern: str, replacement: str) -> Any:
    """Return a text with what fits a pattern replaced; Spark, as Java, writes a group of the pattern as `$1`."""
    if text.get_backend().name == "pyspark":
        replacement = re.sub(r"\\([0-9])", r"$\1", replacement)
    return text.re_replace(pattern, replacement)


def cleaned(text: Any) -> Any:
    """Return a text as people see it: every run of spaces is one, and none at the ends."""
    return text.re_replace(_INVISIBLE, "").re_replace(_SPACES, " ").strip()


def _number(raw: Any) -> TypedColumn:
    import ibis

    kind = raw.type()
    if (
        kind.is_decimal()
        and kind.precision is not None
        and kind.scale <= _PLACES
        and kind.precision - kind.scale <= _DIGITS
    ):
        # Narrow decimals are added faster, and no value in them can be out of bounds.
        return TypedColumn(raw)
    if kind.is_floating():
        # A float keeps the decimals that its 15 digits leave; a narrower one is no more exact than it prints.
        raw = raw.cast("float64")
        size = raw.abs()
        raw = ibis.cases((size >= 1e10, raw.round(4)), (size >= 1e9, raw.round(5)), else_=raw)
    inside = (raw < _LARGEST) & (raw > -_LARGEST)
    value = ibis.ifelse(inside, raw, ibis.null().cast(kind)).cast(NUMBER)
    if kind.is_integer():
        same = ibis.literal(True)
    elif kind.is_floating():
        # A float means its 15 printed digits; more than six decimal places would be lost.
        same = (raw - value.cast("float64")).abs() <= (raw.abs() + 1) * 1e-12
    else:
        same = raw == value.cast(f"decimal(38, {max(kind.scale or 0, _PLACES)})")
    good = inside & same
    return TypedColumn(ibis.ifelse(good, value, ibis.null().cast(NUMBER)), raw.notnull() & ~good.fill_null(False))


def _number_from_text(raw: Any, decimal: str | None, units: Collection[str]) -> TypedColumn:
    import ibis

    text = cleaned(raw).replace(MINUS, "-").nullif("")
    names = "|".join(_in_any_case(unit) for unit in sorted(units, key=len, reverse=True))
    with_unit = rf"^([-+]?[0-9][0-9 .,]*[0-9]|[-+]?[0-9]) ?({names})[ .]*$"
    alone = _rewritten(text, with_unit, r"\1") if names else text
    body = alone.re_replace(" ?%$", "")
    ways = [(body.re_search(form), without_marks(body, *marks)) for form, *marks in forms(decimal)]
    unclear = [] if decimal else [(body.re_search(AMBIGUOUS), ibis.null().cast("string"))]
    known = _rewritten(ibis.cases(*unclear, *ways, else_=ibis.null().cast("string")), r"(\.[0-9]*?)0+$", r"\1")
    share = text.contains("%")
    fits = known.re_search(ibis.ifelse(share, _SHARE, _FIGURE))
    value = ibis.ifelse(fits, known + ibis.ifelse(share, "e-2", ""), ibis.null().cast("string"))
    # Most figures are plain: they need no other pattern.
    mark = re.escape(decimal) if decimal else "[.,]"
    plain = text.re_search(rf"^-?(?:0|[1-9][0-9]{{0,10}})(?:{mark}[0-9]{{1,2}})?$")
    value = ibis.ifelse(plain, text.replace(",", "."), value).cast(NUMBER)
    return TypedColumn(value, text.notnull() & value.isnull())


def no_per_cents(raw: Any, column: TypedColumn) -> TypedColumn:
    """Return a column of amounts in which a per cent is unreadable: its base is unknown."""
    import ibis

    share = raw.contains("%").fill_null(False)
    return TypedColumn(ibis.ifelse(share, ibis.null().cast(NUMBER), column.value), column.bad | share)


def _in_any_case(unit: str) -> str:
    """Return a pattern of a unit in large and small letters: not every database knows those of every alphabet."""
    return "".join(
        "[ .]+" if sign == " " else f"[{sign}{sign.upper()}]" if sign.isalpha() else re.escape(sign) for sign in unit
    )


def _moment(raw: Any) -> TypedColumn | None:
    import ibis

    kind = raw.type()
    if kind.is_date() or kind.is_timestamp():
        # A time with a zone becomes local time of the stated zone, which the connection has been given.
        return TypedColumn(raw if kind.is_date() or kind.timezone is None else raw.cast("timestamp"))
    if not kind.is_string():
        return None
    text = cleaned(raw).nullif("")
    rewritten = text
    for pattern, replacement in REWRITES:
        rewritten = _rewritten(rewritten, pattern, replacement)
    blank = rewritten.re_search(BLANK)
    # A column of days in one common format is converted at once.
    common = ((text.re_search(MOMENT), text), (text.re_search(DOTTED), _rewritten(text, DOTTED, TURNED)))
    known = ibis.cases(*common, else_=rewritten)
    known = ibis.ifelse(known.re_search(MOMENT), known, ibis.null().cast("string"))
    value = known.try_cast("timestamp")
    return TypedColumn(value, text.notnull() & value.isnull() & ~blank)


def _yes_or_no(raw: Any) -> TypedColumn:
    import ibis

    text = cleaned(raw).lower().nullif("")
    yes, no = (text.isin(sorted(words(group))) for group in ("yes", "no"))
    value = ibis.cases((yes, ibis.literal(True)), (no, ibis.literal(False)), else_=ibis.null().cast("boolean"))
    return TypedColumn(value, text.notnull() & value.isnull())
