"""Minutes against a bound: what the database is asked in microseconds is what the minutes to a millionth say."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kpicalc.intake.facts.measuring.language import read_expression
from kpicalc.intake.facts.measuring.measure import Query, minutes_bound
from kpicalc.model.facts import FactType

BEGIN = datetime.fromisoformat("2026-10-01 10:00")
TYPES: dict[str, FactType] = {"v": "time", "u": "time"}
OPERATORS = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
# A millionth of a minute is 60 microseconds; around 0, around one and two of them, around half an hour.
TAKEN = sorted(
    sign * (base + near)
    for sign in (-1, 1)
    for base in (0, 30, 60, 90, 120, 150, 1_800_000_000)
    for near in (-31, -30, -29, -1, 0, 1, 29, 30, 31)
)
BOUNDS = ("0", "0.000001", "0.000002", "30", "29.999999")


def minutes_of(microseconds: int) -> Decimal:
    """A half away from zero, to six places."""
    return (Decimal(microseconds) / 60_000_000).quantize(Decimal("0.000001"), ROUND_HALF_UP)


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_bound_means_the_same_as_the_minutes_to_a_millionth(bound: str) -> None:
    import ibis

    times = [BEGIN + timedelta(microseconds=taken) for taken in TAKEN]
    table = ibis.memtable(pa.table({"at": range(len(times)), "v": [BEGIN] * len(times), "u": times}))
    query = Query({"v": table["v"], "u": table["u"]}, {})
    texts = {f"minutes(v, u) {op} {bound}": (op, False) for op in OPERATORS}
    texts |= {f"{bound} {op} minutes(v, u)": (op, True) for op in OPERATORS}
    terms = {text: read_expression(text, TYPES, "yes_no") for text in texts}
    assert all(minutes_bound(term) for term in terms.values())
    asked = table.order_by("at").select(**{text: query.value(term) for text, term in terms.items()})
    rows = ibis.duckdb.connect().to_pyarrow(asked).to_pylist()
    for taken, row in zip(TAKEN, rows, strict=True):
        for text, (op, turned) in texts.items():
            sides = (Decimal(bound), minutes_of(taken)) if turned else (minutes_of(taken), Decimal(bound))
            assert row[text] is OPERATORS[op](*sides), (taken, text)


def test_other_comparisons_are_left_as_they_are() -> None:
    for text in (
        "minutes(v, u) <= minutes(u, v)",
        "minutes(v, u) * 2 <= 30",
        "u > v",
        'minutes(v, u, working: "9:00-18:00") < 5',
    ):
        assert minutes_bound(read_expression(text, TYPES, "yes_no")) is None, text


def test_the_columns_of_a_parquet_file_are_those_of_the_first_level(tmp_path: Path) -> None:
    import ibis

    from kpicalc.intake.facts.sources.files import _headings, literal

    inner = pa.array([{"x": 1, "y": [{"z": 2}]}])
    table = pa.table({"Amount": [1], "nested": inner, "amount": [2], "list": pa.array([[1, 2]]), "Дата сделки": ["a"]})
    path = tmp_path / "a [1].parquet"
    pq.write_table(table, path)
    assert _headings(ibis.duckdb.connect(), literal(path)) == ["Amount", "nested", "amount", "list", "Дата сделки"]
