"""Every operator of expressions over facts, standing alone, with a blank on either side: one table, every engine.

`a`, `b` are numbers 3 and 2, `p`, `q` conditions yes and no, `s`, `t` texts x and y, `d`, `e` the days 3 and 1 October,
`u`, `v` the moments 10:30 and 10:00 of 1 October. What a blank touches is blank, except where the table says otherwise:
`and` and `or` know their answer from one side where it decides, and `filled` asks for the blank itself.
"""

import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from test_facts import available

from kpicalc.intake.facts.measuring.language import FUNCTIONS, read_expression
from kpicalc.intake.facts.measuring.measure import Query
from kpicalc.model.facts import FactType

TYPES: dict[str, FactType] = {
    "a": "number", "b": "number", "p": "yes_no", "q": "yes_no", "s": "text", "t": "text", "d": "date", "e": "date",
    "u": "time", "v": "time",
}  # fmt: skip
FULL: dict[str, object] = {
    "a": Decimal(3), "b": Decimal(2), "p": True, "q": False, "s": "x", "t": "y", "d": date(2026, 10, 3),
    "e": date(2026, 10, 1),
    "u": datetime.fromisoformat("2026-10-01 10:30"), "v": datetime.fromisoformat("2026-10-01 10:00"),
}  # fmt: skip
FIRST, SECOND = ("a", "p", "s", "d", "u"), ("b", "q", "t", "e", "v")

# expression: with both, without the first, without the second, without either
OPERATORS: dict[str, tuple[object, object, object, object]] = {
    "not p": (False, None, False, None),
    "not q": (True, True, None, None),
    "not (p and q)": (True, True, None, None),
    "not (p or q)": (False, None, False, None),
    "not (a > b)": (False, None, None, None),
    "not filled(a)": (False, True, False, True),
    "not not p": (True, None, True, None),
    "p and q": (False, False, None, None),
    "p or q": (True, None, True, None),
    "p = q": (False, None, None, None),
    "p <> q": (True, None, None, None),
    "a = b": (False, None, None, None),
    "a <> b": (True, None, None, None),
    "a < b": (False, None, None, None),
    "a <= b": (False, None, None, None),
    "a > b": (True, None, None, None),
    "a >= b": (True, None, None, None),
    "s = t": (False, None, None, None),
    "s <> t": (True, None, None, None),
    "d > e": (True, None, None, None),
    "u > v": (True, None, None, None),
    "d = u": (False, None, False, None),
    "filled(p)": (True, False, True, False),
    "a + b": (5, None, None, None),
    "a - b": (1, None, None, None),
    "a * b": (6, None, None, None),
    "-a": (-3, None, -3, None),
    "-a - b": (-5, None, None, None),
    "a / 2": (Decimal("1.5"), None, Decimal("1.5"), None),
    "round(a / b, 1)": (Decimal("1.5"), None, None, None),
    "round(a * 0.5, 0)": (2, None, 2, None),
    "min(a, b)": (2, None, None, None),
    "max(a, b)": (3, None, None, None),
    "min(d, e)": (date(2026, 10, 1), None, None, None),
    "if(p, a, b)": (3, None, 3, None),
    "if(q, a, b)": (2, 2, None, None),
    "if(filled(a), a, b)": (3, 2, 3, None),
    "days(e, d)": (2, None, None, None),
    "minutes(v, u)": (30, None, None, None),
    "minutes(v, u) <= 30": (True, None, None, None),
    "minutes(v, u) = 30": (True, None, None, None),
    "30 < minutes(v, u)": (False, None, None, None),
    "minutes(v, u) <> 30": (False, None, None, None),
    'minutes(v, u, working: "10:15-18:00")': (15, None, None, None),
}
ROWS = (FULL, *({name: None if name in blank else FULL[name] for name in FULL} for blank in (FIRST, SECOND, FULL)))


def test_every_operator_and_function_stands_in_the_table() -> None:
    text = " ".join(OPERATORS)
    for word in (*FUNCTIONS, "not", "and", "or", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/"):
        assert word in text.replace("(", " ").split() or f"{word}(" in text, word


def rows() -> pa.Table:
    kinds = {"number": pa.decimal128(17, 6), "text": pa.string(), "date": pa.date32(), "time": pa.timestamp("us"),
             "yes_no": pa.bool_()}  # fmt: skip
    columns = {name: pa.array([row[name] for row in ROWS], kinds[kind]) for name, kind in TYPES.items()}
    return pa.table({"row": pa.array(range(4), pa.int32())} | columns)


def on_duckdb(folder: Path) -> tuple[Any, Any]:
    del folder
    return ibis.duckdb.connect(), ibis.memtable(rows())


def on_postgres(folder: Path) -> tuple[Any, Any]:
    del folder
    connection = ibis.connect(os.environ["KPICALC_TEST_POSTGRES"])
    kinds = {"number": "numeric(17, 6)", "text": "text", "date": "date", "time": "timestamp", "yes_no": "boolean"}
    declared = ", ".join(f"{name} {kinds[kind]}" for name, kind in TYPES.items())
    with connection.con.cursor() as cursor:
        cursor.execute(f"create temp table blanks (row integer, {declared})")
        for number, row in enumerate(ROWS):
            cursor.execute(f"insert into blanks values ({number}{', %s' * len(row)})", list(row.values()))
    return connection, connection.table("blanks")


def on_spark(folder: Path) -> tuple[Any, Any]:
    import pyarrow.parquet as pq
    from pyspark.sql import SparkSession

    pq.write_table(rows(), folder / "blanks.parquet")
    connection = ibis.pyspark.connect(SparkSession.builder.getOrCreate())
    return connection, connection.read_parquet(str(folder / "blanks.parquet"))


ENGINES = {"duckdb": on_duckdb, "postgres": on_postgres, "spark": on_spark}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.filterwarnings("default")
def test_every_operator_alone_and_a_blank(engine: str, tmp_path: Path) -> None:
    if not available(engine):
        pytest.skip(f"{engine} is not here")
    connection, table = ENGINES[engine](tmp_path)
    query = Query({name: table[name] for name in TYPES}, {"month_start": date(2026, 10, 1)}, "RU")
    values = {text: query.value(read_expression(text, TYPES, None)) for text in OPERATORS}
    asked = {f"v{number}": value for number, value in enumerate(values.values())}
    asked |= {f"b{number}": value.isnull() for number, value in enumerate(values.values())}
    answers = connection.to_pyarrow(table.select("row", **asked).order_by("row")).to_pylist()
    for number, (text, wanted) in enumerate(OPERATORS.items()):
        assert tuple(row[f"v{number}"] for row in answers) == wanted, text
        assert tuple(row[f"b{number}"] for row in answers) == tuple(item is None for item in wanted), text
