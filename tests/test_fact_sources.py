"""The file that is named is the file that is read, databases are only read, and secrets stay secret."""

import gc
import sqlite3
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_fact_tables import scheme
from test_facts import figures, read, told

from kpicalc.intake.facts import figures as figures_module
from kpicalc.intake.facts.sources.database import holds_secret
from kpicalc.intake.facts.sources.in_memory import open_in_memory
from kpicalc.lang import message
from kpicalc.model.book import Sheet

HEAD = "payee;happened;amount\n"
NAMES = ["events[1].csv", "events*.csv", "event?.csv", "[a-z]vents1.csv", "{e,x}vents.csv", "a 'quote' and ] more.csv"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["", "deals[1]", "d*"])
def test_a_name_is_no_pattern(name: str, folder: str, tmp_path: Path) -> None:
    # Beside it stand files that the name would fit as a pattern.
    for other in ("", "deals1", "dd"):
        (tmp_path / other).mkdir(exist_ok=True)
        for decoy in ("events1.csv", "events.csv", "eventx.csv"):
            (tmp_path / other / decoy).write_text(HEAD + "00042;2026-10-01;900\n")
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / name).write_text(HEAD + "00042;2026-10-01;5\n")
    inputs, issues = read(scheme({"file": f"{folder}/{name}" if folder else name}, {"sum": "amount"}, {}), tmp_path)
    assert told(issues) == []
    assert figures(inputs)["00042"] == 5


@pytest.mark.parametrize("folder", ["amount=5", "row=7", "[x]=1"])
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_folder_s_name_is_no_column(folder: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    name = f"{folder}/events.{kind}"
    if kind == "csv":
        (tmp_path / name).write_text(HEAD + "00042;2026-10-01;12\n")
    else:
        rows = {"payee": ["00042"], "happened": [date(2026, 10, 1)], "amount": [12]}
        pq.write_table(pa.table(rows), tmp_path / name)
    inputs, issues = read(scheme({"file": name}, {"sum": "amount"}, {}), tmp_path)
    assert told(issues) == []
    assert figures(inputs)["00042"] == 12


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "events.csv"
    path.write_text(HEAD + "00042;2026-10-01;5\n")
    asked = figures_module._figures

    def interrupted(*arguments: Any) -> Any:
        found = asked(*arguments)
        path.write_text(HEAD + "00042;2026-10-01;50\n")
        return found

    monkeypatch.setattr(figures_module, "_figures", interrupted)
    _, issues = read(scheme({"file": "events.csv"}, {"sum": "amount"}, {}), tmp_path)
    assert [code for code, _ in told(issues)] == ["fact_changed"]


# -- databases --------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("default")
def test_duckdb_and_sqlite_are_read_and_stay_as_they_are(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as duck:
        duck.sql("create table deals as select '00042' payee, date '2026-10-01' happened, 7.5::decimal(9, 2) amount")
    with sqlite3.connect(tmp_path / "crm.db") as lite:
        lite.execute("create table deals (payee text, happened date, amount integer)")
        lite.execute("insert into deals values ('00042', '2026-10-01', 8)")
    lite.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name, figure in (("crm.duckdb", Decimal("7.5")), ("crm.db", Decimal(8))):
        for address in (str(tmp_path / name), f"{'sqlite' if name == 'crm.db' else 'duckdb'}://{tmp_path / name}"):
            found = read(scheme({"connect": address, "table": "deals"}, {"sum": "amount"}, {}), tmp_path)
            assert told(found[1]) == []
            assert figures(found[0])["00042"] == figure
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("address", ["crm.duckdb", "crm.db", "duckdb://{}/crm.duckdb", "sqlite:///{}/crm.db"])
def test_a_database_that_is_not_there_is_not_made(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = {"connect": address.format(tmp_path), "table": "deals"}
    _, issues = read(scheme(source, {"sum": "amount"}, {}), tmp_path)
    assert [code for code, _ in told(issues)] == ["fact_database"]
    assert list(tmp_path.iterdir()) == []


SECRETS = [
    "postgres://ada:lovelace@db/crm", "postgres://ada:love/l@ce@db/crm", "postgres://:x@db/crm",
    "postgres://db/crm?user=ada&password=x", "mssql://db/crm?PWD=x", "host=db password = x",
    "md:crm?motherduck_token=x",
]  # fmt: skip


@pytest.mark.parametrize("address", SECRETS)
def test_a_secret_is_known(address: str) -> None:
    assert holds_secret(address)


@pytest.mark.parametrize("address", ["postgres://ada@db:5432/crm", "duckdb://crm.duckdb", "postgres://db:5432/crm"])
def test_an_address_without_one_is_not_taken_for_one(address: str) -> None:
    assert not holds_secret(address)


@pytest.mark.parametrize(
    "address", ["postgres://ada:lovelace@127.0.0.1:1/crm", "nosuch://ada:lovelace@host/crm", "duckdb://lovelace.duckdb"]
)
def test_nothing_of_an_address_from_the_environment_is_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_ADDRESS", address)
    _, issues = read(scheme({"connect": "$CRM_ADDRESS", "table": "deals"}, {"sum": "amount"}, {}), tmp_path)
    (found,) = issues
    words = message(found, "en") + repr(found.facts)
    assert found.code in ("fact_unreachable", "fact_database", "fact_driver")
    assert not any(part in words for part in ("lovelace", "ada", "127.0.0.1", "host", "nosuch"))


def test_nothing_but_the_name_of_a_variable_is_told(tmp_path: Path) -> None:
    address = "${CRM_ADDRESS:-postgres://ada@db/crm pw lovelace}"
    (found,) = read(scheme({"connect": address, "table": "deals"}, {"sum": "amount"}, {}), tmp_path)[1]
    assert (found.code, found.fact("found")) == ("fact_address", "CRM_ADDRESS")


# 600 000 texts of 32 characters cannot be sorted in 24 MB.
MANY = "SELECT md5(i::varchar) AS t FROM range(600000) r(i) ORDER BY t"


def spilling() -> Any:
    """Return a DuckDB with too little memory for `MANY`."""
    connection = open_in_memory()
    connection.raw_sql("SET memory_limit='24MB'")
    connection.raw_sql("SET threads=1")
    return connection


def test_what_does_not_fit_into_memory_is_for_the_user_alone_and_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    working, temporary = tmp_path / "working", tmp_path / "temporary"
    working.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(working)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    first, second = spilling(), spilling()
    answers = [connection.raw_sql(MANY) for connection in (first, second)]
    folders = list(temporary.iterdir())
    assert [len(folders), *map(bool, map(list, map(Path.iterdir, folders)))] == [2, True, True]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
    first.disconnect()
    del answers, first, second
    gc.collect()
    assert [*temporary.iterdir(), *working.iterdir()] == []


def test_without_a_folder_for_it_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    connection = spilling()
    with pytest.raises(duckdb.OutOfMemoryException):
        connection.raw_sql(MANY).fetchall()
    assert connection.raw_sql("SELECT 1").fetchall() == [(1,)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", ["Events", {"file": "events.csv"}])
def test_every_table_is_read_so(source: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "events.csv").write_text(HEAD + "00042;2026-10-01;5\n")
    settings: list[str] = []
    asked = figures_module._figures

    def looked(facts: Any, *arguments: Any) -> Any:
        settings.extend(*facts.connection.raw_sql("SELECT current_setting('temp_directory')").fetchall())
        return asked(facts, *arguments)

    monkeypatch.setattr(figures_module, "_figures", looked)
    sheet = Sheet("Events", [["payee", "happened", "amount"], ["00042", date(2026, 10, 1), 5.0]])
    inputs, issues = read(scheme(source, {"sum": "amount"}, {}), tmp_path, sheet)
    assert (told(issues), figures(inputs)["00042"]) == ([], 5)
    (folder,) = settings
    assert Path(folder).parent == tmp_path
