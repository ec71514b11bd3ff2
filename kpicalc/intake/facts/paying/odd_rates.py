"""Rates of a sheet that are probably slips: beside others of the sheet they stand out."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.model.deals import RateRow, RateSheet
from kpicalc.model.entry import PerCent, written
from kpicalc.model.issue import Issue, issue
from kpicalc.model.texts import fold, slips

_WHOLE = Decimal(1)


def late_twins(rows: Sequence[RateRow], spec: RateSheet) -> Iterator[Issue]:
    """Yield the cases that begin above one of almost the same texts: a slip there pays its rows by the step below."""
    lowest: dict[str, RateRow] = {}
    for row in rows:
        lowest.setdefault(fold(" ".join(row.match)), row)
    for name, meant in slips(lowest, lowest).items():
        late, twin = lowest[name], lowest[meant]
        if late.bounds > twin.bounds:
            facts = {"found": late.match, "meant": twin.match, "headings": list(spec.steps.values())}
            yield issue("fact_rate_near", late.place, **facts, first=twin.place.cell or twin.place.line)


def far_above(rows: Sequence[RateRow]) -> Iterator[Issue]:
    """Yield the rates of the whole amount or more, where half are a part of it: a hundred times too much, perhaps."""
    parts = [row.rate for row in rows if row.rate < _WHOLE]
    if 2 * len(parts) >= len(rows):
        large = [row for row in rows if row.rate >= _WHOLE]
        most = written(PerCent(max(parts, default=_WHOLE)))
        yield from (issue("fact_rate_far", row.place, found=written(PerCent(row.rate)), allowed=most) for row in large)
