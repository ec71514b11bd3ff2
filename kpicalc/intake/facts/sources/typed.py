"""Columns of a file or a database as the types of facts; a cell that cannot be read as its type is blank and bad."""

from collections.abc import Collection, Mapping
from typing import Any

from kpicalc.intake.facts.sources.typed_texts import NUMBER, Steps, TypedColumn, answers, cleaned, moments, numbers
from kpicalc.model.facts import FactType

_DIGITS, _PLACES = 11, 6
_LARGEST = 10**_DIGITS
_LONGEST = 10**15
"""A float keeps every digit of numbers up to this length."""


def typed(
    raw: Any,
    wanted: FactType,
    decimal: str | None,
    units: Collection[str],
    *,
    typed_in: bool,
    shares: bool = True,
) -> TypedColumn | Steps | None:
    """Return a column as a type, or the steps to it; None where the column's own type can never be converted.

    `units` are the words that may follow a number, as keys of names. Spaces at the ends of typed texts are ignored.
    """
    kind = raw.type()
    match wanted:
        case "number":
            if kind.is_string():
                return numbers(raw, decimal, units, shares=shares)
            if kind.is_integer() or kind.is_decimal() or kind.is_floating():
                return _number(raw)
        case "text":
            if not kind.is_boolean():
                text = raw if kind.is_string() else raw.cast("string")
                return TypedColumn((cleaned(text) if typed_in else _trimmed(text)).nullif(""))
        case "date" | "time":
            if kind.is_string():
                return moments(raw, wanted)
            if kind.is_date() or kind.is_timestamp():
                # A time with a zone becomes local time of the stated zone, which the connection has been given.
                local = raw if kind.is_date() or kind.timezone is None else raw.cast("timestamp")
                return TypedColumn(local.cast("date") if wanted == "date" else local)
        case "yes_no":
            if kind.is_boolean():
                return TypedColumn(raw)
            if kind.is_string():
                return answers(raw)
    return None


def in_steps(table: Any, columns: Mapping[str, TypedColumn | Steps]) -> tuple[Any, dict[str, TypedColumn]]:
    """Take the steps of all columns together; return the table of the last ones, and the typed columns of it."""
    done = {name: column for name, column in columns.items() if isinstance(column, TypedColumn)}
    waiting = {name: column for name, column in columns.items() if not isinstance(column, TypedColumn)}
    made: dict[str, Any] = dict.fromkeys(waiting)
    while waiting:
        asked: dict[str, Any] = {}
        for name, steps in list(waiting.items()):
            try:
                asked[name] = steps.send(made[name])
            except StopIteration as end:
                done[name] = end.value
                del waiting[name]
        if waiting:
            # No column of facts begins so: `c_amount_5` may be one.
            names = {name: f"step{len(table.columns)}_{name}" for name in asked}
            table = table.mutate(**{names[name]: step for name, step in asked.items()})
            made = {name: table[names[name]] for name in asked}
    return table, done


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
