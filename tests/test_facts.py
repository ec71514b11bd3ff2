"""KPIs from tables of facts: the cases of `facts.yaml`, on every engine that the project speaks to, with one scheme.

The sheet, csv and Parquet run on DuckDB. PostgreSQL and Spark are tested where KPICALC_TEST_POSTGRES holds an address
and KPICALC_TEST_SPARK is set; `.ci/run` starts both and sets KPICALC_TEST_ALL_ENGINES, which forbids leaving one out.
"""

import csv
import os
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import rounded
from ruamel.yaml import YAML

from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.intake.facts import spellings
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import severity
from kpicalc.model.book import Book, Sheet
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue

CASES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"))
TYPES = {"number": "decimal(17, 6)", "text": "string", "date": "date", "time": "timestamp", "yes_no": "boolean"}
# Parquet runs on the same engine as csv does, with other types: CI reads all cases so, `test_fact_tables` the odd ones.
ENGINES = ("sheet", "csv", pytest.param("parquet", marks=pytest.mark.slow), "postgres", "spark")


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
        self.calendar = entry.get("calendar")
        self.kpi = {option: [str(day) for day in text] if isinstance(text, list) else text
                    for option, text in entry.get("kpi", {}).items()}  # fmt: skip
        self.pay: dict[str, Any] = entry.get("pay", {})
        self.rates: dict[str, Any] = entry.get("rates", {})
        self.told: list[str] = entry.get("told", [])
        """Warnings that the rows deserve."""
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
        if self.calendar:
            scheme["calendar"] = self.calendar
        if self.pay:
            own: dict[str, Any] = {"deal_commission": {"on": "events", "amount": "amount", **self.pay}}
            del scheme["kpis"]
            scheme |= {"schemes": {"role": {"for": {"position": "P"}, "pay": [own]}}}
            scheme |= {"rates": {"sheet": {"rate": "rate", **self.rates}}} if self.rates else {}
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
    series = inputs.actual[key] if key in inputs.actual else next(iter(inputs.row_pay.values()))
    return {payee.id: value for payee, value in zip(inputs.payees, series.values, strict=True)}


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
            return f"{cell:%d.%m.%Y %H:%M:%S.%f}"
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
    """Tell whether an engine can be tested here; where all are asked for, it must be."""
    if engine not in NEEDED or os.environ.get(NEEDED[engine]):
        return True
    assert not os.environ.get("KPICALC_TEST_ALL_ENGINES"), f"{NEEDED[engine]} is not set: the engine would go untested"
    return False


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.filterwarnings("default")
def test_a_case_gives_its_figures_on_every_engine(engine: str, name: str, tmp_path: Path) -> None:
    if not available(engine):
        pytest.skip(f"{NEEDED[engine]} is not set")
    case = Case(name)
    inputs, issues = PUT[engine](case, tmp_path)
    assert [item.code for item in issues if severity(item) != "notice"] == case.told
    assert figures(inputs) == case.figures
    every_row_pays_its_part(inputs)


def every_row_pays_its_part(inputs: Inputs | None) -> None:
    """The rows that are shown add up to the sums of the database; each is amount x rate in exact fractions."""
    assert inputs is not None
    for rule, paid in inputs.paid_rows.items():
        for index, whole in enumerate(inputs.row_pay[rule].values):
            assert sum(row.pay for row in paid.of(index)) == whole
            assert len(paid.of(index)) == paid.counts.get(index, 0)
        for row in paid.rows:
            if row.rate is None:
                continue
            step = Fraction(1, 10**rule.places) if rule.places is not None else None
            whole_pay = Fraction(row.amount) * Fraction(row.rate)
            whole_pay = rounded(whole_pay, step, "half_up") if step else whole_pay
            if row.share is None:
                assert Fraction(row.pay) == whole_pay
            else:
                before, upto = (rounded(whole_pay * Fraction(one), Fraction(1, 100), "half_up") for one in row.share)
                assert Fraction(row.pay) == upto - before


# -- what may go wrong ----------------------------------------------------------------------------------------------


def deals(rows: list[list[Any]], **facts: Any) -> tuple[Inputs | None, list[Issue]]:
    """Read deals (payee, day, amount, number) from a sheet; the KPI `x` is the sum of their amounts."""
    case = Case("returns_lower_pay")
    case.types = {"payee": "text", "happened": "date", "amount": "number", "number": "text"}
    case.facts = facts
    return read(case.scheme("Events"), Path(), Sheet("Events", [["payee", "happened", "amount", "number"], *rows]))


def day(number: int) -> date:
    return date(2026, 10, number)


def told(issues: list[Issue]) -> list[tuple[str, str]]:
    return [(item.code, item.place.cell) for item in issues if severity(item) != "notice"]


def test_whoever_is_not_paid_here_may_have_facts() -> None:
    case = Case("returns_lower_pay")
    left = Sheet("Employees", [["ID", "Name", "Department", "Position", "Scheme"], ["00042", "Ada", "S", "P", None],
                               ["00044", "Eve", "S", "Director", "no"]])  # fmt: skip
    sheet = Sheet("Events", [["payee", "happened", "amount"], ["00044", day(1), 5.0], ["00042", day(1), 7.0]])
    book, _ = read_scheme_text("scheme.yaml", case.scheme("Events"))
    assert book is not None
    inputs, issues = read_inputs(Book("2026-10.xlsx", "", (left, sheet)), book, "2026-10")
    assert told(issues) == []
    assert figures(inputs) == {"00042": Decimal(7)}


def test_rows_of_other_months_are_nobody_s_business() -> None:
    inputs, issues = deals(
        [["00042", day(1), 5.0], ["00099", date(2026, 9, 30), 5.0], ["00042", date(2026, 9, 1), "x"]]
    )
    # A figure that cannot be read is told wherever it stands; whose a row of another month is, is not asked.
    assert told(issues) == [("not_a_number", "C4")]
    del inputs


def test_totals_and_blank_rows_are_no_facts() -> None:
    inputs, issues = deals([["00042", day(1), 5.0], [None, None, None], ["Итого", None, 5.0]])
    assert told(issues) == []
    assert figures(inputs) == {"00042": Decimal(5), "00043": Decimal(0)}


def test_numbers_of_people_kept_as_numbers_find_their_zeros() -> None:
    inputs, issues = deals([[42.0, day(1), 5.0], ["00042", day(1), 6.0]])
    assert told(issues) == []
    assert figures(inputs)["00042"] == Decimal(11)


def test_people_may_be_named() -> None:
    inputs, issues = deals([["ada", day(1), 5.0], ["Bob", day(1), 6.0]], match="name")
    assert told(issues) == []
    assert figures(inputs) == {"00042": Decimal(5), "00043": Decimal(6)}
    _, issues = deals([["Ad", day(1), 5.0]], match="name")
    assert told(issues) == [("fact_stranger_far", "A2")]


def test_a_key_of_another_month_is_no_duplicate() -> None:
    rows = [["00042", day(1), 5.0, "D1"], ["00042", date(2026, 9, 1), 5.0, "D1"]]
    assert told(deals(rows, key="number")[1]) == []
    assert told(deals([*rows, ["00043", day(2), 1.0, "D1"]], key="number")[1]) == [("fact_twice", "D4")]


def test_a_million_rows_of_which_three_are_bad_name_the_three(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 1_000_000
    payees = ["00042", "00043"] * (count // 2)
    days = [day(1 + number % 31) for number in range(count)]
    amounts = pa.array([Decimal(number % 1000) / 100 for number in range(count)], pa.decimal128(17, 6)).to_pylist()
    payees[123_456], days[654_321], amounts[999_999] = "00044", None, None
    table = pa.table({"payee": payees, "happened": pa.array(days, pa.date32()), "amount": pa.array(amounts)})
    pq.write_table(table, tmp_path / "events.parquet")
    _, issues = read(Case("returns_lower_pay").scheme({"file": "events.parquet"}), tmp_path)
    assert {(item.code, item.place.line) for item in issues} == {
        ("fact_stranger_far", 123_457),
        ("fact_undated", 654_322),
        ("fact_blank", 1_000_000),
    }


def test_earlier_months_come_from_the_same_table() -> None:
    case = Case("returns_lower_pay")
    scheme = case.scheme("Events").replace(
        b'{"commission": {"on": "x", "rate": "1"}}', b'{"formula": {"title": "t", "pays": "x - previous(x, 2)"}}'
    )
    rows = [["00042", date(2026, 8, 31), 5.0], ["00042", date(2026, 9, 1), 100.0], ["00042", day(1), 7.0]]
    inputs, issues = read(scheme, Path(), Sheet("Events", [["payee", "happened", "amount"], *rows]))
    assert told(issues) == []
    assert inputs is not None
    assert [series.values[0] for series in inputs.history.values()] == [Decimal(5)]
    assert list(inputs.history) == [("x", 2)]


def test_a_csv_with_a_mark_and_quotes_is_read(tmp_path: Path) -> None:
    text = '\ufeff"payee";"happened";"amount"\r\n"00042";"01.10.2026";"1 800,50"\r\n"00042";"2026-10-02";"−0,5"\r\n'
    (tmp_path / "events.csv").write_bytes(text.encode())
    inputs, issues = read(Case("returns_lower_pay").scheme({"file": "events.csv"}), tmp_path)
    assert told(issues) == []
    assert figures(inputs)["00042"] == Decimal("1800.0")


def test_a_file_is_named_by_its_hash(tmp_path: Path) -> None:
    from hashlib import sha256

    (tmp_path / "events.csv").write_bytes(b"payee;happened;amount\n00042;2026-10-01;1\n")
    inputs, _ = read(Case("returns_lower_pay").scheme({"file": "events.csv"}), tmp_path)
    assert inputs is not None
    assert [(facts.title, facts.sha256) for facts in inputs.facts] == [
        ("events.csv", sha256((tmp_path / "events.csv").read_bytes()).hexdigest())
    ]


@given(
    amount=st.integers(-(10**9), 10**9),
    weights=st.lists(st.integers(1, 1000), min_size=2, max_size=2),
    order=st.booleans(),
)
@settings(max_examples=15, deadline=None)
def test_the_parts_of_a_shared_fact_are_the_whole_in_any_order(amount: int, weights: list[int], order: bool) -> None:
    first = round(Decimal(weights[0]) / sum(weights), 6)
    value = float(Decimal(amount) / 100)
    rows = [["00042", day(1), "D", float(first), value], ["00043", day(1), "D", float(1 - first), value]]
    case = Case("shared_deal")
    sheet = Sheet("Events", [list(case.types), *(rows if order else rows[::-1])])
    inputs, issues = read(case.scheme("Events"), Path(), sheet)
    assert told(issues) == []
    parts = figures(inputs)
    assert sum(value for value in parts.values() if value is not None) == Decimal(amount) / 100


# -- texts in several spellings ---------------------------------------------------------------------------------------


def of_kind(rows: list[list[Any]], where: str, **kpi: str) -> list[Issue]:
    """Read deals of a kind from a sheet (payee, day, kind) and return the issues."""
    case = Case("a_client_in_two_spellings_counts_once")
    case.kpi = {"count": "rows", "where": where} if where else dict(kpi)
    return read(case.scheme("Events"), Path(), Sheet("Events", [["payee", "happened", "client"], *rows]))[1]


def test_a_text_that_only_looks_like_one_of_a_condition_is_an_error() -> None:
    latin = "\u004fкна"
    rows = [["00042", day(1), "Окна"], ["00042", day(2), latin], ["00043", day(3), latin],
            ["00042", date(2026, 9, 1), "ок\u0068а"]]  # fmt: skip
    issues = of_kind(rows, 'client = "окна"')
    assert told(issues) == [("latin_letters", "C3"), ("fact_more", "")]
    assert issues[0].fact("letters") == "O"
    assert issues[1].fact("count") == "1"
    assert told(of_kind(rows, f'client = "Окна" or client = "{latin}"')) == []  # the scheme names both
    assert told(of_kind(rows, 'client = "Двери"')) == []


@pytest.mark.parametrize("where", ['client = "окна"', 'client <> "окна"'])
def test_nor_may_it_look_like_one_of_the_table_s_own(where: str, tmp_path: Path) -> None:
    latin = "\u004fкна"
    rows = [["00042", day(1), "Окна"], ["00042", day(2), latin], ["00043", day(3), latin], ["00043", day(4), "Двери"]]
    case = Case("a_client_in_two_spellings_counts_once")
    case.facts, case.kpi = {"where": where}, {"count": "rows"}
    sheet = Sheet("Events", [["payee", "happened", "client"], *rows])
    issues = [item for item in read(case.scheme("Events"), tmp_path, sheet)[1] if severity(item) != "notice"]
    assert told(issues) == [("latin_letters", "C3"), ("fact_more", "")]
    assert (issues[0].fact("letters"), issues[1].fact("count")) == ("O", "1")
    lines = "".join(f"{payee};{happened:%Y-%m-%d};{text}\n" for payee, happened, text in rows)
    (tmp_path / "events.csv").write_text(f"payee;happened;client\n{lines}", encoding="utf-8")
    issues = [item for item in read(case.scheme({"file": "events.csv"}), tmp_path)[1] if severity(item) != "notice"]
    assert [item.code for item in issues] == ["latin_letters", "fact_more"]
    assert (issues[0].place.line, issues[1].fact("count")) == (3, "1")


@pytest.mark.parametrize("most", [20_000, 3])
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("source", ["sheet", "csv"])
@pytest.mark.parametrize(
    ("stated", "text", "told_of"),
    [
        ("Окна", "Окнаа", True),
        ("Окна", "ОКН", False),  # a word of three letters is another one
        ("Двери входные", "двери входныы", True),
        ("Двери входные", "Двер и входные", False),  # only spaces differ
        ("Двери входные", "двери  взодные", True),
        ("Двери входные", "Вдери входные", True),
        ("Двери входные", "Двери вхожные ", True),
        ("Двери входные", "Двери вохдные", True),
        ("Двери входные", "Двери исходные", False),  # two letters
        ("Двери входные", "Окна входные", False),
    ],
)
def test_a_text_a_letter_away_is_told(
    stated: str, text: str, told_of: bool, source: str, own: bool, most: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Of more texts than are looked up one by one the database finds them; those of September are not asked."""
    monkeypatch.setattr(spellings, "MOST", most)
    rows = [["00042", day(1), stated], ["00043", day(2), text], ["00042", day(3), "Полы"], ["00042", day(3), "Потолки"],
            ["00042", date(2026, 9, 1), f"{stated}у"]]  # fmt: skip
    case = Case("a_client_in_two_spellings_counts_once")
    where = {"where": f'client = "{stated}"'}
    case.facts, case.kpi = (where, {"count": "rows"}) if own else ({}, {"count": "rows", **where})
    if source == "sheet":
        found = read(case.scheme("Events"), tmp_path, Sheet("Events", [["payee", "happened", "client"], *rows]))[1]
    else:
        lines = "".join(f"{payee};{happened:%Y-%m-%d};{client}\n" for payee, happened, client in rows)
        (tmp_path / "events.csv").write_text(f"payee;happened;client\n{lines}", encoding="utf-8")
        found = read(case.scheme({"file": "events.csv"}), tmp_path)[1]
    near = [item for item in found if item.code == "fact_text_near"]
    assert [(item.place.cell or item.place.line, item.fact("meant"), item.fact("count")) for item in near] == (
        [("C3" if source == "sheet" else 3, stated, "1")] if told_of else []
    )


def test_so_is_one_among_more_texts_than_are_looked_up_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four different texts three are the most that are compared here; the database compares them itself."""
    monkeypatch.setattr(spellings, "MOST", 3)
    latin = "О kна"
    rows = [["00042", day(1), "Окна"], ["00042", day(2), "Двери"], ["00043", day(3), latin], ["00042", day(3), "окна"],
            ["00043", day(4), "Полы"], ["00042", date(2026, 9, 1), "oкна"]]  # fmt: skip
    issues = of_kind(rows, 'client = "окна"')
    # Another space besides is no reason to pass it over; September's rows are not asked.
    assert told(issues) == [("latin_letters", "C4")]
    assert issues[0].fact("letters") == "k"
    lines = "".join(f"{payee};{happened:%Y-%m-%d};{text}\n" for payee, happened, text in rows)
    (tmp_path / "events.csv").write_text(f"payee;happened;client\n{lines}", encoding="utf-8")
    for facts, kpi in (({}, {"where": 'client <> "окна"'}), ({"where": 'client = "окна"'}, {})):
        case = Case("a_client_in_two_spellings_counts_once")
        case.facts, case.kpi = facts, {"count": "rows", **kpi}
        issues = read(case.scheme({"file": "events.csv"}), tmp_path)[1]
        found = [item for item in issues if item.code == "latin_letters"]
        # The table's own condition is of all months.
        assert sorted(item.place.line for item in found) == ([4] if kpi else [4, 7])


@pytest.mark.parametrize("grouped", ["distinct", "per", "order", "split"])
def test_groups_that_differ_by_latin_letters_alone_are_told(grouped: str, tmp_path: Path) -> None:
    """One client in two alphabets counts as two, and another, typed with a capital letter, as one."""
    latin = "Ромaшка"
    case = Case("a_client_in_two_spellings_counts_once")
    case.facts = {"order": {"nth": "client"}} if grouped == "order" else {}
    case.facts |= {"split": {"of": "client", "share": "share"}} if grouped == "split" else {}
    case.kpi = {
        "distinct": {"distinct": "client"},
        "per": {"count": "rows", "per": "client", "having": ">= 1"},
        "order": {"count": "rows", "where": "nth = 1"},
        "split": {"count": "rows"},
    }[grouped]
    case.types["share"] = "number"
    scheme = case.scheme("Events")
    rows = [["00042", day(1), "Ромашка", 1.0], ["00042", day(2), latin, 1.0], ["00043", day(3), "Лютик", 0.5],
            ["00043", day(3), "ЛЮТИК", 0.5]]  # fmt: skip
    issues = read(scheme, tmp_path, Sheet("Events", [["payee", "happened", "client", "share"], *rows]))[1]
    issues = [item for item in issues if severity(item) != "error"]
    assert ("fact_look_alikes", "C3") in told(issues)
    (alike,) = [item for item in issues if item.code == "fact_look_alikes"]
    assert [alike.fact(name) for name in ("found", "other", "letters", "count")] == [latin, "Ромашка", "a", "1"]
    (same,) = [item for item in issues if item.code == "fact_spellings"]
    assert (same.fact("count"), {same.fact("found"), same.fact("other")}) == ("1", {"Лютик", "ЛЮТИК"})


def test_texts_that_count_as_one_are_told_once() -> None:
    rows = [["00042", day(1), "Ромашка"], ["00042", day(2), "ромашка"], ["00043", day(3), "РОМАШКА"],
            ["00043", day(3), "Лютик"], ["00043", date(2026, 9, 3), "ЛЮТИК"]]  # fmt: skip
    (found,) = [one for one in of_kind(rows, "", distinct="client") if one.code == "fact_spellings"]
    assert (found.fact("count"), found.fact("heading")) == ("1", "client")  # September's spelling is not asked
    assert {found.fact("found"), found.fact("other")} < {"Ромашка", "ромашка", "РОМАШКА"}
    assert [one.code for one in of_kind(rows[1:2], "", distinct="client")] == []
