"""KPIs from tables of facts: the cases of `facts.yaml`, on every engine that the project speaks to, with one scheme.

The sheet, csv and Parquet run on DuckDB. PostgreSQL and Spark need their servers: `.ci/run` starts them and sets
KPICALC_TEST_POSTGRES and KPICALC_TEST_SPARK; where it runs, leaving them out is a failure, not a skip.
"""

import csv
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.intake.scheme import read_scheme_text
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import severity
from kpicalc.model.book import Book, Sheet
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue

CASES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"))
TYPES = {"number": "decimal(17, 6)", "text": "string", "date": "date", "time": "timestamp", "yes_no": "boolean"}
ENGINES = ("sheet", "csv", "parquet", "postgres", "spark")


def value(text: object, kind: str) -> Any:
    """Return a cell of a case as its type."""
    if text is None:
        return None
    match kind:
        case "number":
            return Decimal(str(text))
        case "date":
            return text if isinstance(text, date) else date.fromisoformat(str(text))
        case "time":
            return text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
        case _:
            return text


class Case:
    """One case: its table with typed rows, and the scheme that reads it."""

    def __init__(self, name: str) -> None:
        entry = CASES[name]
        self.name = name
        self.facts = dict(entry.get("facts", {}))
        self.date = self.facts.pop("date", "happened")
        self.columns: dict[str, str] = entry["columns"]
        timed = any(kind == "time" for kind in self.columns.values())
        self.types = {"payee": "text", self.date: "time" if timed else "date"} | self.columns
        self.rows = [
            [value(cell, kind) for cell, kind in zip(row, self.types.values(), strict=True)] for row in entry["rows"]
        ]
        self.kpi = entry["kpi"]
        self.figures = {payee: value(figure, "number") for payee, figure in entry["figures"].items()}

    def scheme(self, source: object) -> bytes:
        """Return a scheme that computes the KPI `x` from a source."""
        columns = {name: {"heading": name, "type": kind} for name, kind in self.types.items() if name != "payee"}
        scheme = {
            "kpicalc": "1",
            "rules": {"money": {"round": "1", "ties": "half_up"}},
            "facts": {"events": {"from": source, "payee": "payee", "date": self.date, "columns": columns} | self.facts},
            "kpis": {"x": {"title": "X", "from": "events"} | self.kpi},
            "schemes": {"role": {"for": {"position": "P"}, "pay": [{"commission": {"on": "x", "rate": "1"}}]}},
        }
        import json

        return json.dumps(scheme, ensure_ascii=False).encode()


def people() -> Sheet:
    return Sheet("Employees", [["ID", "Name", "Department", "Position"], ["00042", "Ada", "S", "P"],
                               ["00043", "Bob", "S", "P"]])  # fmt: skip


def read(scheme: bytes, folder: Path, *sheets: Sheet) -> tuple[Inputs | None, list[Issue]]:
    """Read a month whose workbook stands in a folder."""
    book, issues = read_scheme_text("scheme.yaml", scheme)
    assert book is not None
    assert [item for item in issues if severity(item) == "error"] == []
    statements, _ = compile_schemes(book)
    raw = Book(str(folder / "2026-10.xlsx"), "", (people(), *sheets))
    return read_inputs(raw, book, "2026-10", earlier_months(statements))


def figures(inputs: Inputs | None, key: str = "x") -> dict[str, Decimal | None]:
    assert inputs is not None
    return {payee.id: value for payee, value in zip(inputs.payees, inputs.actual[key].values, strict=True)}


# -- engines ------------------------------------------------------------------------------------------------------


def as_sheet(case: Case, folder: Path) -> tuple[Inputs | None, list[Issue]]:
    del folder
    cells = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in case.rows]
    sheet = Sheet("Events", [["A title above"], list(case.types), *cells])
    return read(case.scheme("Events"), Path(), sheet)


def as_csv(case: Case, folder: Path) -> tuple[Inputs | None, list[Issue]]:
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow(case.types)
        for row in case.rows:
            writer.writerow("" if cell is None else spelled(cell) for cell in row)
    return read(case.scheme({"file": "events.csv", "decimal": ","}), folder)


def spelled(cell: object) -> str:
    """Write a cell as a Russian spreadsheet exports it."""
    match cell:
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case datetime():
            return f"{cell:%d.%m.%Y %H:%M:%S}"
        case date():
            return f"{cell:%d.%m.%Y}"
        case _:
            return str(cell)


def arrow(case: Case) -> Any:
    import pyarrow as pa

    kinds = {"number": pa.decimal128(17, 6), "text": pa.string(), "date": pa.date32(), "time": pa.timestamp("us"),
             "yes_no": pa.bool_()}  # fmt: skip
    columns = zip(*case.rows, strict=True)
    return pa.table(
        {
            name: pa.array(
                [cell == "yes" if kind == "yes_no" and cell is not None else cell for cell in column], kinds[kind]
            )
            for (name, kind), column in zip(case.types.items(), columns, strict=True)
        }
    )


def as_parquet(case: Case, folder: Path) -> tuple[Inputs | None, list[Issue]]:
    import pyarrow.parquet as pq

    pq.write_table(arrow(case), folder / "events.parquet")
    return read(case.scheme({"file": "events.parquet"}), folder)


def as_postgres(case: Case, folder: Path) -> tuple[Inputs | None, list[Issue]]:
    import psycopg

    address = os.environ["KPICALC_TEST_POSTGRES"]
    types = {"number": "numeric(17, 6)", "text": "text", "date": "date", "time": "timestamp", "yes_no": "boolean"}
    table = f"events_{case.name}"
    with psycopg.connect(address) as connection:
        declared = ", ".join(f'"{name}" {types[kind]}' for name, kind in case.types.items())
        connection.execute(f'drop table if exists "{table}"')
        connection.execute(f'create table "{table}" ({declared})')
        blanks = ", ".join(["%s"] * len(case.types))
        for row in arrow(case).to_pylist():
            connection.execute(f'insert into "{table}" values ({blanks})', list(row.values()))
    return read(case.scheme({"connect": "$KPICALC_TEST_POSTGRES", "table": table}), folder)


def as_spark(case: Case, folder: Path) -> tuple[Inputs | None, list[Issue]]:
    from pyspark.sql import SparkSession

    as_parquet(case, folder)
    session = SparkSession.builder.getOrCreate()
    session.read.parquet(str(folder / "events.parquet")).createOrReplaceTempView(f"events_{case.name}")
    return read(case.scheme({"connect": "pyspark://local", "table": f"events_{case.name}"}), folder)


NEEDED = {"postgres": "KPICALC_TEST_POSTGRES", "spark": "KPICALC_TEST_SPARK"}
PUT = {"sheet": as_sheet, "csv": as_csv, "parquet": as_parquet, "postgres": as_postgres, "spark": as_spark}


def available(engine: str) -> bool:
    """Tell whether an engine can be tested here; in continuous integration it must be."""
    if engine not in NEEDED or os.environ.get(NEEDED[engine]):
        return True
    assert not os.environ.get("CI"), f"{NEEDED[engine]} is not set: the engine would go untested"
    return False


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.filterwarnings("default")
def test_a_case_gives_its_figures_on_every_engine(engine: str, name: str, tmp_path: Path) -> None:
    if not available(engine):
        pytest.skip(f"{NEEDED[engine]} is not set")
    case = Case(name)
    inputs, issues = PUT[engine](case, tmp_path)
    expected = ["fact_empty"] if name == "nothing_happened" else []
    assert [item.code for item in issues if severity(item) != "notice"] == expected
    assert figures(inputs) == case.figures
