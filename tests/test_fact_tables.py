"""Tables of facts as other programs write them: odd spellings, odd types, odd files. No row is lost in silence."""

import os
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from recalculation import pay
from test_facts import day, figures, read, told

from kpicalc.intake.facts import findings, twins
from kpicalc.lang import severity
from kpicalc.model.book import Sheet
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue

Found = tuple[Inputs | None, list[Issue]]
AMOUNT = {"amount": "amount"}
SHARED = {"split": {"share": "share", "of": "deal"},
          "columns": {"amount": "amount", "share": "share", "deal": {"heading": "deal", "type": "text"}}}  # fmt: skip


def scheme(source: object, kpi: dict[str, str], facts: dict[str, Any]) -> bytes:
    import json

    table = {"from": source, "payee": "payee", "date": "happened", "columns": AMOUNT} | facts
    return json.dumps(
        {
            "kpicalc": "1",
            "rules": {"money": {"round": "1", "ties": "half_up"}},
            "facts": {"events": table},
            "kpis": {"x": {"title": "X", "from": "events"} | kpi},
            "schemes": {"role": {"for": {"position": "P"}, "pay": [{"commission": {"on": "x", "rate": "1"}}]}},
        }
    ).encode()


def of_sheet(rows: list[list[Any]], kpi: dict[str, str] | None = None, **facts: Any) -> Found:
    return read(scheme("Events", kpi or {"sum": "amount"}, facts), Path(), Sheet("Events", rows))


def of_csv(text: str | bytes, folder: Path, kpi: dict[str, str] | None = None, **facts: Any) -> Found:
    (folder / "events.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return read(scheme({"file": "events.csv"}, kpi or {"sum": "amount"}, facts), folder)


def of_parquet(data: dict[str, Any], folder: Path, kpi: dict[str, str] | None = None, **facts: Any) -> Found:
    count = len(next(iter(data.values())))
    table = {"payee": ["00042"] * count, "happened": pa.array([day(1)] * count), "amount": [1] * count} | data
    pq.write_table(pa.table(table), folder / "events.parquet")
    return read(scheme({"file": "events.parquet"}, kpi or {"sum": "amount"}, facts), folder)


def every_row_is_told(patch: pytest.MonkeyPatch) -> None:
    """Tell of all rows with one fault, where a person is told of five: one reading is enough for many spellings."""
    patch.setattr(findings, "MOST", 100)


def lines_of(found: Found) -> list[tuple[str, int | None]]:
    """Return what is told of a file, with its lines."""
    return [(item.code, item.place.line) for item in found[1] if severity(item) != "notice"]


def ada(found: Found) -> Decimal | None:
    """Return the figure of 00042; nothing may be wrong."""
    assert told(found[1]) == []
    return figures(found[0])["00042"]


# -- whose ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_another_spelling_in_a_row_that_does_not_count_yet_takes_nothing_away(order: int) -> None:
    rows = [["ada", day(1), 5.0], ["Ada", None, 7.0], ["ADA", None, 9.0]][::order]
    assert ada(of_sheet([["payee", "happened", "amount"], *rows], match="name", undated="skip")) == 5


def test_a_client_called_total_is_no_totals_row() -> None:
    rows = [["Total Energies", 42.0, day(1), 5.0], ["Итого", None, None, 5.0]]
    found = of_sheet([["client", "payee", "happened", "amount"], *rows])
    assert ada(found) == 5
    assert [item.place.cell for item in found[1] if item.code == "totals_row"] == ["A3"]


@pytest.mark.parametrize("payees", [[42.0, 42.4], pa.array([Decimal(42), Decimal("42.4")], pa.decimal128(38, 10))])
def test_a_number_with_a_fraction_is_nobody_s(payees: Any, tmp_path: Path) -> None:
    inputs, issues = of_parquet({"payee": payees}, tmp_path)
    assert told(issues) == [("fact_stranger_far", "")]
    assert figures(inputs)["00042"] == 1


def test_blanks_around_texts_of_a_csv_mean_nothing(tmp_path: Path) -> None:
    text = (
        "payee;happened;amount;kind;no\n 00042;2026-10-01;1;Окна\u00a0А;1\n00042\u00a0;2026-10-01;2; Окна  А ;\u00a0\n"
    )
    columns = AMOUNT | {"kind": {"heading": "kind", "type": "text"}}
    kpi = {"sum": "amount", "where": 'kind = "Окна А"'}
    assert ada(of_csv(text, tmp_path, kpi, columns=columns, key="no")) == 3


@pytest.mark.parametrize("number", range(3, 10))
def test_a_column_may_have_a_number_in_its_name(number: int, tmp_path: Path) -> None:
    """What is made of `amount` on the way has names of its own, whatever the other columns are called."""
    text = "payee;happened;amount;other\n00042;2026-10-01;5;7\n"
    columns = AMOUNT | {f"amount_{number}": "other"}
    assert ada(of_csv(text, tmp_path, {"sum": f"amount * 10 + amount_{number}"}, columns=columns)) == 57


@pytest.mark.parametrize(
    ("written", "stated", "right"),
    [
        ("cp866", "cp866", True),
        ("cp1251", "windows-1251", True),
        ("cp1251", "", True),
        # Headings in Latin letters are found in any encoding; the texts would be of no alphabet, and match nothing.
        ("cp866", "", False),
        ("koi8-r", "", False),
        ("koi8-r", "koi8-r", True),
        ("cp866", "windows-1251", False),
        ("cp1251", "cp866", False),
    ],
)
def test_a_csv_in_another_russian_encoding_is_refused(written: str, stated: str, right: bool, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_bytes(
        "payee;happened;amount;kind\n00042;01.10.2026;5;Окна «Ёж» — №1\n00042;01.10.2026;7;Двери\n".encode(
            written, "ignore"
        )
    )
    columns = AMOUNT | {"kind": {"heading": "kind", "type": "text"}}
    file = {"file": "events.csv"} | ({"encoding": stated} if stated else {})
    found = read(scheme(file, {"sum": "amount", "where": 'kind <> "Двери"'}, {"columns": columns}), tmp_path)
    if right:
        assert ada(found) == 5
    else:
        assert told(found[1]) == [("fact_encoding", "")]


@pytest.mark.parametrize("stated", ["", "windows-1251"])
@pytest.mark.parametrize(
    ("encoding", "heading", "texts", "right"),
    [
        # Large and small letters are exchanged in KOI8, but here all are of one size.
        ("koi8-r", "kind", ["окна", "двери", "балкон"], False),
        ("koi8-r", "kind", ["ОКНА", "ДВЕРИ", "БАЛКОН"], False),
        # A small letter before a large one is no sign of it by itself.
        ("cp1251", "датаСделки", ["1", "2", "3"], True),
        ("cp1251", "kind", ["iPhone б/у", "DVD", "VHS"], True),
        ("cp1251", "kind", ["окна", "двери", "балкон"], True),
        ("cp1251", "kind", ["ОКНА", "ДВЕРИ", "БАЛКОН"], True),
        # Words of rare letters are too few to tell.
        ("cp1251", "kind", ["Цех", "Эфир", "Юбка"], True),
        ("cp1251", "kind", ["цех", "эфир", "юбка"], True),
        ("cp1251", "kind", ["руб", "рублей", "РУБ"], True),
        ("cp1251", "kind", ["руб", "уп", "чел"], True),
    ],
)
def test_letters_tell_koi8_from_windows(
    encoding: str, heading: str, texts: list[str], right: bool, stated: str, tmp_path: Path
) -> None:
    rows = "".join(f"00042;01.10.2026;{amount};{text}\n" for amount, text in zip((5, 7, 9), texts, strict=True))
    (tmp_path / "events.csv").write_bytes(f"payee;happened;amount;{heading}\n{rows}".encode(encoding))
    file = {"file": "events.csv"} | ({"encoding": stated} if stated else {})
    columns = AMOUNT | {"kind": {"heading": heading, "type": "text"}}
    found = read(scheme(file, {"sum": "amount", "where": f'kind <> "{texts[1]}"'}, {"columns": columns}), tmp_path)
    if right:
        assert ada(found) == 5 + 9
    else:
        assert told(found[1]) == [("fact_encoding", "")]


def test_words_that_begin_alike_tell_koi8_in_every_run_alike() -> None:
    """One of them is a witness, and the likelihood of «двери» and «дверей» is on two sides of the bound."""
    ask = (
        "from io import BytesIO; from kpicalc.intake.files.text_file import survey;"
        "print(survey(BytesIO('kind\\nклиент\\nдвери\\nдверей\\n'.encode('koi8-r'))).encoding or 'unknown')"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", ask], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True,
            check=True,
        ).stdout.strip()
        for seed in "1234567"
    }  # fmt: skip
    assert answers == {"unknown"}


@pytest.mark.parametrize(
    ("encoding", "kind"), [("windows-1251", "Doors, €"), ("windows-1251", "Doors®"), ("cp866", "Doors №1")]
)
@pytest.mark.parametrize("stated", [True, False])
def test_one_sign_says_nothing_of_an_encoding(encoding: str, kind: str, stated: bool, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_bytes(
        f"payee;happened;amount;kind\n00042;01.10.2026;5;{kind}\n00042;01.10.2026;7;Windows\n".encode(encoding)
    )
    columns = AMOUNT | {"kind": {"heading": "kind", "type": "text"}}
    file = {"file": "events.csv"} | ({"encoding": encoding} if stated else {})
    assert ada(read(scheme(file, {"sum": "amount", "where": 'kind <> "Windows"'}, {"columns": columns}), tmp_path)) == 5


# -- when -----------------------------------------------------------------------------------------------------------

ODD_DAYS = ["01-10-26", "26-10-01", "10/01/2026", "2026/10/01", "epoch", "2026-10-31 24:00", "31.09.2026", "20261001",
            "2026-10-31T23:00:00Z", "2026-10-31T23:00:00.000+00:00", "2026-10-31T23:00Z"]  # fmt: skip


def test_a_day_that_may_be_another_is_refused_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every_row_is_told(monkeypatch)
    refused = [("time_in_utc" if "T" in text else "not_a_day", line) for line, text in enumerate(ODD_DAYS, 2)]
    rows = "".join(f"00042;{text};1\n" for text in ODD_DAYS)
    assert lines_of(of_csv(f"payee;happened;amount\n{rows}", tmp_path)) == refused
    cells = [["00042", text, 1.0] for text in ODD_DAYS]
    found = told(of_sheet([["payee", "happened", "amount"], *cells])[1])
    assert found == [(code, f"B{line}") for code, line in refused]


LAST_MOMENTS = [
    "31.10.2026 9:30",
    "31.10.2026",
    "31.10.2026 г.",
    "2026-10-31T23:30:00-05:00",
    "2026-10-31 23:59:59.9999999",
    "2026-10-31T23:59",
]


def test_the_last_day_of_the_month_lasts_until_midnight(tmp_path: Path) -> None:
    # Amounts of 1, 10, 100, ...: a row that does not count leaves its nought in the sum.
    amounts = [10**place for place in range(len(LAST_MOMENTS))]
    rows = "".join(f"00042;{text};{amount}\n" for text, amount in zip(LAST_MOMENTS, amounts, strict=True))
    assert ada(of_csv(f"payee;happened;amount\n{rows}", tmp_path)) == 111111
    cells = [["00042", text, float(amount)] for text, amount in zip(LAST_MOMENTS, amounts, strict=True)]
    assert ada(of_sheet([["payee", "happened", "amount"], *cells])) == 111111


def test_what_1c_writes_for_no_date_is_no_date(tmp_path: Path) -> None:
    text = "payee;happened;amount\n00042;01.10.2026;1\n00042;01.01.0001 0:00:00;2\n"
    assert ada(of_csv(text, tmp_path, undated="skip")) == 1
    assert [item.place.line for item in of_csv(text, tmp_path)[1] if item.code == "fact_undated"] == [3]
    rows = [["payee", "happened", "amount"], ["00042", day(1), 1.0], ["00042", "01.01.0001 0:00:00", 2.0]]
    assert told(of_sheet(rows)[1]) == [("fact_undated", "B3")]


def test_times_with_a_zone_count_by_the_clocks_of_the_stated_one(tmp_path: Path) -> None:
    # Half past midnight of 1 November, a second before it, and half past midnight of 1 October, in Moscow (UTC+3).
    times = [datetime.fromisoformat(text) for text in ("2026-10-31 21:30", "2026-10-31 20:59:59", "2026-09-30 21:30")]
    columns = {"happened": pa.array(times, pa.timestamp("us", "UTC")), "amount": [1, 2, 4]}
    assert ada(of_parquet(columns, tmp_path, zone="Europe/Moscow")) == 6
    assert ada(of_parquet(columns, tmp_path, zone="UTC")) == 3
    assert [code for code, _ in told(of_parquet(columns, tmp_path)[1])] == ["fact_zone"]


# -- how much -------------------------------------------------------------------------------------------------------


def test_digits_that_stand_apart_are_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every_row_is_told(monkeypatch)
    texts = ["5 000 6", "1 2", "010", "1 0000", "(100)", "1e5"]
    rows = "".join(f"00042;2026-10-01;{text}\n" for text in texts)
    refused = [("not_a_number", line) for line, _ in enumerate(texts, 2)]
    assert lines_of(of_csv(f"payee;happened;amount\n{rows}", tmp_path)) == refused


def test_digits_in_groups_are_one_number(tmp_path: Path) -> None:
    # 99 999 999 999.5 and 1 800.25 with a narrow no-break space and a thin one
    rows = "00042;2026-10-01;99 999 999 999,5\n00042;2026-10-01;1\u202f800,25\n00042;2026-10-01;−1\u2009800,25\n"
    assert ada(of_csv("payee;happened;amount\n" + rows, tmp_path)) == Decimal("99999999999.5")


def test_a_float_is_what_its_fifteen_digits_show(tmp_path: Path) -> None:
    # Stored as 99999999999.9900054931640625.
    assert ada(of_parquet({"amount": [99999999999.99]}, tmp_path)) == Decimal("99999999999.99")


def test_a_narrow_float_shows_what_it_holds(tmp_path: Path) -> None:
    _, issues = of_parquet({"amount": pa.array([0.5, 0.1], pa.float32())}, tmp_path)
    assert [(item.code, dict(item.facts)["found"]) for item in issues] == [("fact_too_fine", "0.10000000149011612")]


NARROW = pa.decimal128(3, 2)
WIDE = {
    "amount + 1000000": "1000001.25",
    "max(amount, 1000000) * 2": "2000000",
    "if(amount > 2, amount, 1000000) + 1": "1000001",
    "round(amount, 6) - 1": "0.25",
    "-amount * 100 / 8": "-15.625",
    "round(amount, 1)": "1.3",
}


def test_narrow_decimals_make_room_for_what_is_computed(tmp_path: Path) -> None:
    import json

    table = {"payee": ["00042"], "happened": pa.array([day(1)]), "amount": pa.array([Decimal("1.25")], NARROW)}
    pq.write_table(pa.table(table), tmp_path / "events.parquet")
    stated = json.loads(scheme({"file": "events.parquet"}, {}, {}))
    stated["kpis"] = {f"x{at}": {"title": f"X{at}", "from": "events", "sum": text} for at, text in enumerate(WIDE)}
    pay_of = [{"commission": {"id": f"of_{key}", "on": key, "rate": "1"}} for key in stated["kpis"]]
    stated["schemes"]["role"]["pay"] = pay_of
    found = read(json.dumps(stated).encode(), tmp_path)
    assert told(found[1]) == []
    computed = {text: figures(found[0], f"x{at}")["00042"] for at, text in enumerate(WIDE)}
    assert computed == {text: Decimal(value) for text, value in WIDE.items()}


def test_a_quotient_of_too_many_digits_is_refused_never_near(tmp_path: Path) -> None:
    # 99 999 999 999 / 0.000003 = 33 333 333 333 000 000: a float no longer holds its kopecks.
    data = {"amount": [99_999_999_999], "part": [Decimal("0.000003")]}
    _, issues = of_parquet(data, tmp_path, {"sum": "round(amount / part, 2)"}, columns=AMOUNT | {"part": "part"})
    assert [code for code, _ in told(issues)] == ["fact_broken"]
    assert "LINE" not in str(dict(issues[0].facts)["found"])


# -- shared facts ---------------------------------------------------------------------------------------------------


def test_a_deal_of_several_months_is_shared_in_each() -> None:
    # 0.01 in halves is 0.01 and 0.00, in September and again in October.
    rows = [[payee, when, "D", 0.5, 0.01] for payee in ("00042", "00043") for when in (date(2026, 9, 5), day(5))]
    head = ["payee", "happened", "deal", "share", "amount"]
    for over, expected in (("month", "0.01"), ("year", "0.02")):
        inputs, issues = of_sheet([head, *rows], {"sum": "amount", "over": over}, **SHARED)
        assert told(issues) == []
        assert figures(inputs) == {"00042": Decimal(expected), "00043": 0}


def test_parts_follow_personnel_numbers_without_their_zeros_too(tmp_path: Path) -> None:
    rows = "00043;2026-10-01;D;0.5;0.01\n42;2026-10-01;D;0.5;0.01\n"
    assert ada(of_csv("payee;happened;deal;share;amount\n" + rows, tmp_path, **SHARED)) == Decimal("0.01")


def test_the_places_of_parts_may_be_stated() -> None:
    rows = [["00042", day(1), "D", 0.5, 3.0], ["00043", day(1), "D", 0.5, 3.0]]
    found = of_sheet([["payee", "happened", "deal", "share", "amount"], *rows],
                     **SHARED | {"split": SHARED["split"] | {"round": 0}})  # fmt: skip
    assert ada(found) == 2


def test_a_blank_share_and_a_blank_deal_are_named() -> None:
    head = ["payee", "happened", "deal", "share", "amount"]
    rows = [["00042", day(1), "D", None, 3.0], ["00043", day(1), "D", 1.0, 3.0], ["00043", day(1), None, 1.0, 3.0]]
    assert told(of_sheet([head, *rows], **SHARED)[1]) == [("fact_blank", "D2"), ("fact_blank", "C4")]


# -- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("above", ["", "sep=;\n", "Отчёт за октябрь;;\n;;\n", "\n\nОтчёт\n", '"От\nчёт";;\n', "\ufeff"])
def test_what_stands_above_and_below_a_csv_table_is_no_fact(above: str, tmp_path: Path) -> None:
    text = above + "payee;happened;amount\n00042;2026-10-01;1\n00042;2026-10-01;x\n;;\n;;\n"
    inputs, issues = of_csv(text, tmp_path)
    assert [(item.code, item.place.line) for item in issues] == [("not_a_number", 3 + above.count("\n"))]
    assert figures(inputs)["00042"] == 1


def test_headings_that_differ_by_case_stand_twice_in_parquet_too(tmp_path: Path) -> None:
    assert [code for code, _ in told(of_parquet({"Amount": [2]}, tmp_path)[1])] == ["fact_column_twice"]


def test_two_tables_of_one_sheet_tell_its_mistakes_once() -> None:
    import json

    own = json.loads(scheme("Events", {"sum": "amount"}, {}))
    own["facts"]["same"] = own["facts"]["events"]
    own["kpis"]["y"] = {"from": "same", "sum": "amount"}
    sheet = Sheet("Events", [["payee", "happened", "amount"], ["00042", day(1), "x"]])
    assert told(read(json.dumps(own).encode(), Path(), sheet)[1]) == [("not_a_number", "C2")]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"split": {"share": "part", "of": "amount"}}, "fact_unknown_column_far"),
        ({"zone": "Mars"}, "fact_zone_unknown"),
    ],
)
def test_a_table_of_which_the_scheme_is_wrong_is_not_read(facts: dict[str, Any], code: str, tmp_path: Path) -> None:
    month = {
        "Employees": [["Personnel number", "Name", "Department", "Position"], ["00042", "Ada", "D", "P"]],
        "Events": [["payee", "happened", "amount"], ["00042", day(1), 5.0]],
    }
    outcome = pay(tmp_path, scheme("Events", {"sum": "amount"}, facts).decode(), month)
    assert [item.code for item in outcome.issues if severity(item) == "error"] == [code]


# -- rows pasted twice ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told_of"),
    [
        # Row 6 of the sheet, and its copy in row 14 below the twelve.
        ("", [("D14", "D4", "1")]),
        # The whole table: row 2 stands in row 14 again.
        ("all", [("D14", "D0", "12")]),
        # The rows differ in a cell that nobody reads.
        ("another note", []),
        # Two equal sales of one day are two sales,
        ("no number", []),
        # also where every day has the same sales twice.
        ("a day each", []),
        # With a key it is an error of its own.
        ("key", []),
    ],
)
@pytest.mark.parametrize("source", ["sheet", "csv", "csv in windows-1251", "parquet", "database"])
def test_a_row_that_was_pasted_twice_is_told(
    change: str, told_of: list[tuple[str, str, str]], source: str, tmp_path: Path
) -> None:
    days = 12 if change == "a day each" else 3
    rows: list[list[Any]] = [["00042", day(1 + n % days), 100.0, f"D{n}", "x"] for n in range(12)]
    rows += [[*row] for row in (rows if change in ("all", "a day each") else [rows[4]])]
    if change == "another note":
        rows[-1][4] = "y"
    if change in ("no number", "a day each"):
        for row in rows:
            row[3] = None
    facts = {"key": "number"} if change == "key" else {}
    found = of_source(source, [["payee", "happened", "amount", "number", "note"], *rows], tmp_path, **facts)
    twice = [item for item in found[1] if item.code == "fact_row_twice"]
    # Row 14 of the sheet is line 14 of a csv, and row 13 of Parquet, which counts no headings.
    place = {"sheet": "D14", "parquet": "13", "database": "0"}.get(source, "14")
    places = [(item.place.cell or str(item.place.line), item.fact("found"), item.fact("count")) for item in twice]
    assert places == [(place, *more) for _, *more in told_of]


def of_source(source: str, rows: list[list[Any]], folder: Path, **facts: Any) -> Found:
    """Return what is told of the same rows in a sheet, a file or a database."""
    head, *cells = rows
    columns = dict(zip(head, zip(*cells, strict=True), strict=True))
    if source == "sheet":
        return of_sheet(rows, **facts)
    if source == "parquet":
        return of_parquet({name: list(column) for name, column in columns.items()}, folder, **facts)
    if source == "database":
        types = dict.fromkeys(head, "text") | {"happened": "date", "amount": "decimal(12, 2)"}
        with duckdb.connect(str(folder / "crm.duckdb")) as crm:
            crm.execute(f"create table events ({', '.join(f'{name} {types[name]}' for name in head)})")
            crm.executemany(f"insert into events values ({', '.join('?' * len(head))})", cells)
        return read(
            scheme({"connect": str(folder / "crm.duckdb"), "table": "events"}, {"sum": "amount"}, facts), folder
        )
    text = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return of_csv(text.encode("cp1251") if "1251" in source else text, folder, **facts)


@pytest.mark.parametrize("ends", ["\n;;;\n;;;\n", "\n\n", ";\n", "\n ; ;;\n"])
def test_blanks_below_a_csv_hide_no_row_that_stands_twice(ends: str, tmp_path: Path) -> None:
    """Rows of delimiters alone, a blank line, a delimiter behind the last cell."""
    rows = [f"00042;2026-10-01;100;D{n}" for n in [*range(12), 5]]
    mark = ";" if ends == ";\n" else ""
    found = of_csv("payee;happened;amount;number" + mark + "\n" + f"{mark}\n".join(rows) + ends, tmp_path)
    twice = [(item.place.line, item.fact("found")) for item in found[1] if item.code == "fact_row_twice"]
    assert twice == [(14, "D5")]


@pytest.mark.parametrize(
    ("source", "others", "count"),
    [
        # 64 000 different rows, of which a part of the values is looked at; the first 1 000 stand again.
        ("csv", 0, ["1000"]),
        ("parquet", 0, ["1000"]),
        # A number that repeats in rows that differ is none of a row's own: D5 of September, for example.
        ("csv", 1, []),
        ("parquet", 1, []),
        # Nor is a client's, whose rows are many.
        ("csv", 5, []),
        ("parquet", 5, []),
    ],
)
def test_rows_loaded_twice_are_found_among_very_many(
    source: str, others: int, count: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twins, "_MANY", 60_000)
    numbers = [f"D{n}" for n in range(64_000)]
    again = numbers[:1000] + [number for number in numbers[1000:5000] for _ in range(others)]
    if others == 5:
        numbers, again = numbers[:2000] * 32, []
    amounts = [100 + n for n in range(len(numbers))] + [100 + n % 1000 for n in range(len(again))]
    rows = [["00042", day(1), amount, number] for amount, number in zip(amounts, numbers + again, strict=True)]
    found = of_source(source, [["payee", "happened", "amount", "number"], *rows], tmp_path)
    assert [item.fact("count") for item in found[1] if item.code == "fact_row_twice"] == count


@pytest.mark.parametrize(("rows", "told_of"), [(20_000, ["1"]), (20_001, [])])
def test_an_amount_tells_no_more_than_20_000_rows_apart(rows: int, told_of: list[str], tmp_path: Path) -> None:
    amounts = [*range(1, rows), 1]
    found = of_parquet({"amount": amounts}, tmp_path)
    assert [item.fact("count") for item in found[1] if item.code == "fact_row_twice"] == told_of


@pytest.mark.parametrize(
    ("again", "told_of"),
    [
        # Two people share D3: its row in the second group is no copy of that in the first.
        ("00043", []),
        # One person in two groups: headings in row 1, the person in 2 and 16, deals in 3 to 15, a copy in 17.
        ("00042", [("D17", "D3", "1")]),
    ],
)
def test_a_deal_of_two_people_in_groups_is_no_copy(again: str, told_of: list[tuple[str, str, str]]) -> None:
    deals = [[None, day(1 + n % 3), 100.0, f"D{n}"] for n in range(13)]
    rows = [["00042", None, None, None], *deals, [again, None, None, None], [*deals[3]]]
    found = of_sheet([["payee", "happened", "amount", "number"], *rows], groups="payee")
    twice = [item for item in found[1] if item.code == "fact_row_twice"]
    assert [(item.place.cell, item.fact("found"), item.fact("count")) for item in twice] == told_of
