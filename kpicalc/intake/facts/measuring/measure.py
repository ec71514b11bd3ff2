"""Expressions over facts as queries: one tree for every database.

Every number is a decimal with a known number of places, so sums are exact in every engine. A result with a blank
argument is blank; least and greatest are built from conditions, because databases disagree about blanks in them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, assert_never

from kpicalc.intake.calendar import work_days
from kpicalc.intake.facts.measuring.language import MINUTE_PLACES, Term
from kpicalc.intake.facts.measuring.spelled import spelled
from kpicalc.intake.facts.measuring.working import parts, working_days, working_rest
from kpicalc.model.calendar import Calendar
from kpicalc.model.record import record

if TYPE_CHECKING:
    import ibis.expr.types as ir

_DIGITS = 38
_NARROW = 18
_GUESSED = 15
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@record
class Query:
    """The columns of a table of facts by their names in expressions, and the days of the month that is queried."""

    columns: Mapping[str, "ir.Value"]
    days: Mapping[str, date]
    calendar: str | Calendar | None = None
    """The production calendar of the scheme file; needed only for working time."""

    def value(self, term: Term) -> Any:
        """Return a term as an expression of the database; numbers as decimals of the term's places."""
        import ibis

        items = [self.value(item) for item in term.items]
        match term.op:
            case "column":
                return self.columns[str(term.value)]
            case "number":
                return _literal(Decimal(str(term.value)), term.places)
            case "text":
                return ibis.literal(str(term.value), "string")
            case "date":
                return ibis.literal(self.days[str(term.value)], "date")
            case "negative":
                return stated(-items[0], items[0].type().precision, items[0].type().scale)
            case "+":
                return _sum(items[0], items[1])
            case "-":
                return difference(items[0], items[1])
            case "*":
                return product(items[0], items[1])
            case "round":
                return _rounded(items[0], term.places)
            case "quotient":
                return quotient(items[0], items[1], term.places)
            case "min":
                return reduce(_least, items)
            case "max":
                return reduce(lambda left, right: _least(right, left, greatest=True), items)
            case "if":
                # A blank condition gives a blank.
                chosen, otherwise = _agreed(items[1], items[2])
                return ibis.cases((items[0], chosen), (denied(items[0]), otherwise))
            case "days":
                first, last = (item.cast("date") for item in items)
                return last.delta(first, unit="day").cast("decimal(9, 0)")
            case "day":
                return ibis.literal(date.fromisoformat(str(term.value)), "date")
            case "month":
                return _literal(Decimal(self.days["month_start"].month), 0)
            case "minutes":
                return minutes(items[1].delta(items[0], unit="microsecond").cast("int64"))
            case "working":
                assert self.calendar is not None  # The scheme's own checks refuse working time without a calendar.
                days = work_days(self.calendar, self.days["month_start"])
                opens, closes = map(int, str(term.value).split("-"))
                whole = working_days(items[0], items[1], days).cast("decimal(9, 0)")
                rest = minutes(working_rest(items[0], items[1], opens, closes, days))
                return _sum(product(whole, _literal(Decimal(closes - opens), 0)), rest)
            case "filled":
                # The result may be tested for blank again, and Spark cannot parse `x IS NOT NULL IS NULL`.
                return denied(items[0].isnull())
            case "cases":
                values = _alike([*items[1:-1:2], items[-1]])
                return ibis.cases(*zip(items[:-1:2], values, strict=False), else_=values[-1])
            case "spelled":
                return spelled(items[0])
            case "among":
                assert isinstance(term.value, tuple)
                # The result may be compared or tested for blank, and Spark cannot parse `x IN (...) IS NULL`.
                return items[0].isin(term.value) | ibis.literal(False)
            case "unknown":
                return ibis.null().cast("decimal(18, 0)")
            case "=" | "<>" | "<" | "<=" | ">" | ">=":
                return self.compared(term, items)
            case "and":
                return reduce(lambda left, right: left & right, items)
            case "or":
                return reduce(lambda left, right: left | right, items)
            case "not":
                return denied(items[0])
            case _:
                assert_never(term.op)

    def compared(self, term: Term, items: list[Any]) -> Any:
        """Return a comparison.

        Days and times are compared as days, minutes with a constant as whole microseconds, texts in any spelling.
        """
        left, right = items
        if (bound := minutes_bound(term)) is not None:
            op, (begin, end), at_most = bound
            return compared_minutes(op, self.value(end).delta(self.value(begin), unit="microsecond"), at_most)
        if {item.type for item in term.items} == {"date", "time"}:
            left, right = left.cast("date"), right.cast("date")
        one, other = term.items
        if one.type == "text" and one != other:
            left, right = spelled(left, right), spelled(right, left)
        return compared(term.op, left, right)


def denied(condition: Any) -> Any:
    """Return the opposite of a condition, as a comparison.

    The library writes `NOT x IS NULL`, which databases read as `NOT (x IS NULL)`: a test for blank in place of a
    negation.
    """
    import ibis

    return condition == ibis.literal(False)


def minutes(microseconds: Any) -> Any:
    """Convert microseconds into minutes with six places, a half rounded away from zero, in whole numbers only."""
    import ibis

    whole = microseconds.abs()
    rest = whole % 60_000_000
    millionths = parts(whole, 60_000_000) * 1_000_000 + parts(rest + 30, 60)
    signed = (millionths * ibis.ifelse(microseconds < 0, -1, 1)).cast("decimal(18, 0)")
    return product(signed, _literal(Decimal(1).scaleb(-MINUTE_PLACES), MINUTE_PLACES))


def minutes_bound(term: Term) -> tuple[str, Sequence[Term], int] | None:
    """Return the operator, the moments and the bound in millionths of minutes compared with a constant, or None."""
    left, right = term.items
    op, taken, bound = (term.op, left, right) if left.op == "minutes" else (_TURNED.get(term.op, term.op), right, left)
    millionths = Decimal(str(bound.value)).scaleb(MINUTE_PLACES) if bound.op == "number" else None
    if taken.op != "minutes" or millionths is None or millionths != int(millionths):
        return None
    return op, taken.items, int(millionths)


def compared_minutes(op: str, taken: Any, bound: int) -> Any:
    """Return the comparison of minutes, rounded to millionths (a half away from zero), with a bound in millionths.

    A millionth of a minute is 60 microseconds. The bound is converted to microseconds once, so no row is divided.
    """
    taken = taken.cast("int64")
    within, below = taken <= _most_microseconds(bound), taken <= _most_microseconds(bound - 1)
    match op:
        case "=":
            return within & denied(below)
        case "<>":
            return denied(within) | below
        case "<":
            return below
        case "<=":
            return within
        case ">":
            return denied(within)
        case _:
            return denied(below)


def _most_microseconds(millionths: int) -> int:
    """Return the largest number of microseconds that rounds to these millionths: 29 rounds down, -30 away from 0."""
    return 60 * millionths + (29 if millionths >= 0 else 30)


def _least(left: Any, right: Any, *, greatest: bool = False) -> Any:
    import ibis

    left, right = _agreed(left, right)
    chosen = ibis.ifelse(left >= right if greatest else left <= right, left, right)
    return ibis.ifelse(left.isnull() | right.isnull(), ibis.null(), chosen)


def _agreed(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two values as one type: of decimals, one that holds both."""
    one, other = left.type(), right.type()
    if not (one.is_decimal() and other.is_decimal()) or one == other:
        return left, right
    places = max(one.scale, other.scale)
    width = max(one.precision - one.scale, other.precision - other.scale) + places
    return stated(left, width, places), stated(right, width, places)


def _alike(values: Sequence[Any]) -> list[Any]:
    """Return decimals as one type that holds all of them."""
    kinds = [value.type() for value in values]
    places = max(kind.scale for kind in kinds)
    width = max(kind.precision - kind.scale for kind in kinds) + places
    return [stated(value, width, places) for value in values]


def _sum(left: Any, right: Any) -> Any:
    left, right = _agreed(left, right)
    return stated(left + right, left.type().precision + 1, left.type().scale)


def difference(left: Any, right: Any) -> Any:
    """Return the difference of two decimals, exactly."""
    left, right = _agreed(left, right)
    return stated(left - right, left.type().precision + 1, left.type().scale)


def _rounded(value: Any, places: int) -> Any:
    kind = value.type()
    rounded = value.round(places) if places < kind.scale else value
    return stated(rounded, kind.precision - kind.scale + 1 + places, places)


def product(left: Any, right: Any) -> Any:
    """Return the product of two decimals, exactly."""
    one, other = left.type(), right.type()
    if one.precision + other.precision > _NARROW:
        # A database that keeps short decimals in 64 bits would keep their product in 64 bits too.
        left = stated(left, _DIGITS, one.scale)
    # The library multiplies only types one of which holds the other; the decimal places need not grow for that.
    width = max(left.type().precision, other.precision)
    if one.scale >= other.scale:
        left = stated(left, width, one.scale)
    else:
        right = stated(right, width, other.scale)
    return stated(left * right, one.precision + other.precision, one.scale + other.scale)


def stated(value: Any, width: int, places: int) -> Any:
    """State the width of a decimal: the library would give a product the type of one factor."""
    return value.cast(f"decimal({min(width, _DIGITS)}, {places})")


def _literal(value: Decimal, places: int) -> Any:
    import ibis

    digits = len(f"{abs(value):.{places}f}".replace(".", ""))
    return ibis.literal(value, f"decimal({digits}, {places})")


def quotient(top: Any, bottom: Any, places: int) -> Any:
    """Divide and round, a half away from zero, exactly: a float gives an estimate, decimals correct it.

    An estimate of up to 15 digits is off by at most one; a longer one is out of range, and the database refuses it. A
    division by zero gives a blank.
    """
    import ibis

    zero, one, two = (_literal(Decimal(number), 0) for number in (0, 1, 2))
    # Of absolute values: floor(top x 10^places / bottom + 1/2) = floor((2 x top x 10^places + bottom) / (2 x bottom)).
    whole = _sum(product(top.abs(), _literal(2 * Decimal(10) ** places, 0)), bottom.abs())
    part = product(bottom.abs(), two)
    part = ibis.ifelse(compared("=", part, zero), ibis.null().cast(part.type()), part)
    guess = (whole.cast("float64") / part.cast("float64")).floor().cast("int64").cast(f"decimal({_GUESSED}, 0)")
    above = compared(">", product(guess, part), whole)
    below = compared("<=", product(_sum(guess, one), part), whole)
    lower, upper = (stated(guess - one, 18, 0), stated(guess + one, 18, 0))
    exact = ibis.ifelse(above, lower, ibis.ifelse(below, upper, guess))
    result = stated(product(exact, _literal(Decimal(1).scaleb(-places), places)), 18 + places, places)
    negative = compared("<", top, zero) != compared("<", bottom, zero)
    return ibis.ifelse(negative, stated(-result, 18 + places, places), result)


def compared(op: str, left: Any, right: Any) -> Any:
    """Return the comparison of two values; decimals are first given one type."""
    left, right = _agreed(left, right)
    match op:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right
