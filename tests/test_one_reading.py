"""A day or a number means the same wherever it is typed; what is refused is refused everywhere, in the same words."""

import csv
import os
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ruamel.yaml import YAML
from test_fact_tables import ada, every_row_is_told, of_csv, of_sheet
from test_facts import NEEDED, available

from kpicalc import app
from kpicalc.intake.facts.measuring.spelled import spelled
from kpicalc.intake.facts.sources.typed import in_steps, typed
from kpicalc.intake.facts.sources.typed_texts import cleaned
from kpicalc.intake.files.csv_folder import read_csv_folder
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.scheme.settings import open_scheme
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import message, severity
from kpicalc.model.book import Book, Sheet
from kpicalc.model.days import moment_in_text
from kpicalc.model.funnel import FunnelMonth, Passage, Stage
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.numbers import number_in_text
from kpicalc.model.period import parse
from kpicalc.model.texts import spelling_key

TABLE = YAML(typ="safe").load((Path(__file__).parent / "one_reading.yaml").read_text(encoding="utf-8"))
AMOUNTS = {text: Decimal(str(value)) for text, value in TABLE["numbers"].items()}
SHARES = {text: Decimal(str(value)) for text, value in TABLE["shares"].items()}
NEGATIVE = {text: Decimal(str(value)) for text, value in TABLE["negative"].items()}
SUMS = AMOUNTS | NEGATIVE
FIGURES = SUMS | SHARES
AMBIGUOUS: dict[str, tuple[str, str]] = {text: tuple(found) for text, found in TABLE["ambiguous"].items()}
DAYS: dict[str, date] = TABLE["days"]
SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, part_month: {plan: none}}
kpis: {sales: {title: Продажи, unit: руб, owner: x}}
schemes:
  m:
    for: {position: Менеджер}
    pay: [base_salary: {amount: 1}]
"""
HEAD = ("Табельный номер", "Сотрудник", "Подразделение", "Должность")
Read = tuple[list[Any], list[str]]
"""What the spellings mean, and what is told of them."""


def two_ways(text: str) -> str:
    first, second = AMBIGUOUS[text]
    return f"текст «{text}» можно прочитать двояко: {first} или {second}".replace("\u00a0", " ")


def told(issues: Sequence[Issue]) -> list[str]:
    return [message(found, "ru").replace("\u00a0", " ") for found in issues if severity(found) == "error"]


# -- numbers --------------------------------------------------------------------------------------------------------


def tables(texts: Sequence[str], heading: str) -> dict[str, list[list[str]]]:
    people = [[f"{number:05}", f"Сотрудник {number}", "Отдел", "Менеджер"] for number in range(1, len(texts) + 1)]
    columns = [[*head, text] for head, text in zip([HEAD, *people], [heading, *texts], strict=True)]
    if heading == "Принят":
        return {"Сотрудники": columns}
    figures = [[row[0], row[-1]] for row in columns]
    return {"Сотрудники": [list(HEAD), *people], "Факт": figures}


def read(book: Book | None) -> tuple[Inputs | None, list[Issue]]:
    scheme, issues = read_scheme_text("scheme.yaml", SCHEME.encode())
    assert book is not None
    assert scheme is not None, issues
    return read_inputs(book, scheme, "2026-10")


def figures(found: tuple[Inputs | None, list[Issue]]) -> Read:
    inputs, issues = found
    return [] if inputs is None else list(inputs.actual["sales"].values), told(issues)


def cells(texts: Sequence[str], folder: Path) -> Read:
    sheets = [Sheet(name, [list(row) for row in rows]) for name, rows in tables(texts, "Продажи").items()]
    return figures(read(Book(str(folder / "month.xlsx"), "", tuple(sheets))))


def folder_of(texts: Sequence[str], heading: str, folder: Path, encoding: str, mark: str) -> Book | None:
    month = folder / "month"
    month.mkdir()
    for name, rows in tables(texts, heading).items():
        with (month / f"{name}.csv").open("w", encoding=encoding, errors="replace", newline="") as handle:
            csv.writer(handle, delimiter=mark).writerows(rows)
    book, issues = read_csv_folder(month)
    assert issues == []
    return book


def csv_folder(encoding: str, mark: str) -> Callable[[Sequence[str], Path], Read]:
    return lambda texts, folder: figures(read(folder_of(texts, "Продажи", folder, encoding, mark)))


def column(texts: Sequence[str], kind: Any, engine: str = "duckdb", decimal: str | None = None) -> Read:
    """Return a column of texts as the types of facts, as a database reads it."""
    numbered = list(enumerate(texts))
    if engine == "spark":
        from pyspark.sql import SparkSession

        session = SparkSession.builder.getOrCreate()
        session.createDataFrame(numbered, "n int, t string").createOrReplaceTempView("one_reading")
        connection: Any = ibis.pyspark.connect(session)
        rows = connection.table("one_reading")
    else:
        connection = ibis.duckdb.connect() if engine == "duckdb" else ibis.connect(os.environ[NEEDED["postgres"]])
        rows = ibis.memtable(pa.table({"n": [n for n, _ in numbered], "t": list(texts)}))
    column = typed(rows.t, kind, decimal, currency_words("RUB"), typed_in=True)
    assert column is not None
    rows, columns = in_steps(rows, {"t": column})
    read_as = columns["t"]
    asked = rows.select("n", value=read_as.value, bad=read_as.bad).order_by("n")
    found = connection.to_pyarrow(asked).to_pylist()
    if engine != "spark":
        connection.disconnect()
    return [row["value"] for row in found], ["" for row in found if row["bad"]]


def fund(texts: Sequence[str], _: Path) -> Read:
    return option(app.fund_in, texts)


def option(read_one: Callable[[str], Any], texts: Sequence[str]) -> Read:
    values, said = [], []
    for text in texts:
        try:
            values.append(read_one(text))
        except app.NotUnderstood as wrong:
            said.append(str(wrong).replace("\u00a0", " "))
    return values, said


def target(texts: Sequence[str], _: Path) -> Read:
    funnel = FunnelMonth("F", (Stage("sales", "Продажи", None),), (), (), Passage("", (None,), (None,)))

    def amount(text: str) -> Decimal:
        (found,) = app.targets_in(f"sales={text}", [funnel], "ru", "RUB")
        assert found is not None
        return found.amount

    return option(amount, texts)


def setting(texts: Sequence[str], folder: Path) -> Read:
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    scheme, _ = open_scheme(folder / "scheme.yaml")
    assert scheme is not None

    def amount(text: str) -> Decimal:
        said = app.setting_in(f"m.base_salary.amount={text}")
        book, issues = scheme.changed([said])
        if book is None or told(issues):
            raise app.NotUnderstood(" ".join(told(issues)))
        return book.schemes["m"].pay[0].component.amount  # type: ignore[attr-defined,no-any-return]

    return option(amount, texts)


TABLES = {
    "cells": cells,
    "csv": csv_folder("utf-8", ";"),
    "csv with a mark": csv_folder("utf-8-sig", ","),
    "csv of utf-16": csv_folder("utf-16", "\t"),
}
OPTIONS = {"--fund": fund, "--target": target, "--set": setting}


@pytest.fixture(autouse=True)
def russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPICALC_LANG", "ru")


@pytest.mark.parametrize("entrance", TABLES)
def test_a_number_is_the_same_in_every_table(entrance: str, tmp_path: Path) -> None:
    values, said = TABLES[entrance](list(SUMS), tmp_path)
    assert (dict(zip(SUMS, values, strict=True)), said) == (SUMS, [])


@pytest.mark.parametrize("entrance", TABLES)
def test_a_share_in_the_place_of_an_amount_is_refused(entrance: str, tmp_path: Path) -> None:
    _, said = TABLES[entrance](list(SHARES), tmp_path)
    assert len(said) == len(SHARES)


@pytest.mark.filterwarnings("default")  # Spark and its drivers warn of each other
@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_a_number_is_the_same_in_every_database(engine: str) -> None:
    if not available(engine):
        pytest.skip(f"{engine} is not here")
    values, bad = column(list(FIGURES), "number", engine)
    assert (dict(zip(FIGURES, values, strict=True)), bad) == (FIGURES, [])


@pytest.mark.parametrize("entrance", OPTIONS)
def test_a_number_is_the_same_in_every_option(entrance: str, tmp_path: Path) -> None:
    values, said = OPTIONS[entrance](list(AMOUNTS), tmp_path)
    assert (dict(zip(AMOUNTS, values, strict=True)), said) == (AMOUNTS, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
def test_a_file_of_facts_says_what_its_numbers_say(encoding: str, tmp_path: Path) -> None:
    texts = [text for text in SUMS if encoding != "cp1251" or not set(text) & set("₽−\u202f")]
    rows = "".join(f"00042;2026-10-01;{text}\n" for text in texts)
    assert ada(of_csv(f"payee;happened;amount\n{rows}".encode(encoding), tmp_path)) == sum(SUMS[text] for text in texts)


def test_a_sheet_of_facts_says_what_its_numbers_say() -> None:
    rows = [["00042", date(2026, 10, 1), text] for text in SUMS]
    assert ada(of_sheet([["payee", "happened", "amount"], *rows])) == sum(SUMS.values())


@pytest.mark.parametrize("entrance", TABLES | OPTIONS)
def test_two_readings_are_told_in_the_same_words(entrance: str, tmp_path: Path) -> None:
    _, said = (TABLES | OPTIONS)[entrance](list(AMBIGUOUS), tmp_path)
    for text, one in zip(AMBIGUOUS, said, strict=True):
        assert two_ways(text) in one


def test_two_readings_of_a_fact_are_told_in_the_same_words(tmp_path: Path) -> None:
    rows = "".join(f"00042;2026-10-01;{text}\n" for text in AMBIGUOUS)
    cells = [["00042", date(2026, 10, 1), text] for text in AMBIGUOUS]
    for found in (
        of_csv(f"payee;happened;amount\n{rows}", tmp_path),
        of_sheet([["payee", "happened", "amount"], *cells]),
    ):
        for text, said in zip(AMBIGUOUS, told(found[1]), strict=True):
            assert two_ways(text) in said


@pytest.mark.parametrize("entrance", TABLES | OPTIONS)
def test_what_is_no_number_is_none_anywhere(entrance: str, tmp_path: Path) -> None:
    _, said = (TABLES | OPTIONS)[entrance](TABLE["no_numbers"], tmp_path)
    # What a fund is in is known only once the scheme is read; a test below refuses another currency.
    assert len(said) == len(TABLE["no_numbers"]) - (entrance == "--fund")


@pytest.mark.filterwarnings("default")  # Spark and its drivers warn of each other
@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_what_is_no_number_is_none_in_any_database(engine: str) -> None:
    if not available(engine):
        pytest.skip(f"{engine} is not here")
    texts = [*TABLE["no_numbers"], *AMBIGUOUS]
    assert len(column(texts, "number", engine)[1]) == len(texts)


def test_a_fact_that_is_no_number_is_told_as_a_cell_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every_row_is_told(monkeypatch)
    texts = TABLE["no_numbers"]
    _, said = cells(texts, tmp_path)
    assert len(said) == len(texts)
    rows = "".join(f'00042;2026-10-01;"{text}"\n' for text in texts)
    facts = [["00042", date(2026, 10, 1), text] for text in texts]
    for found in (
        of_csv(f"payee;happened;Продажи\n{rows}", tmp_path, columns={"amount": "Продажи"}),
        of_sheet([["payee", "happened", "Продажи"], *facts], columns={"amount": "Продажи"}),
    ):
        assert told(found[1]) == said


def test_a_fund_in_another_currency_is_refused() -> None:
    app.fund_currency("1 800 руб.", "RUB")
    app.fund_currency("1 800", "USD")
    with pytest.raises(app.NotUnderstood):
        app.fund_currency("1 800 $", "RUB")


# -- common forms ---------------------------------------------------------------------------------------------------
# A database converts cells in a common form at once; a sign without width sends the same cell through every pattern.

HEADS = ["0", "7", "12", "999", "1000", "010", "1 234", "12\u00a0345", "1\u00a0234 567", "1 234 567 890", "1 2345",
         "12345678901"]  # fmt: skip
TAILS = ["", ".", ".5", ",50", ".123", ",1234", ".123456", ",1234567", ",50 руб.", "%"]


@pytest.mark.parametrize("decimal", [None, ",", "."])
def test_a_figure_in_a_common_form_is_read_as_any_other(decimal: str | None) -> None:
    texts = [sign + head + tail for sign in ("", "-", "+") for head in HEADS for tail in TAILS]
    texts += ["123456789012", "-123456789012,5"]
    common, bad = column(texts, "number", decimal=decimal)
    assert (common, bad) == column([text + "\u200b" for text in texts], "number", decimal=decimal)
    known = [number_in_text(text, currency_words("RUB"), decimal) for text in texts]
    # Figures of facts have up to eleven digits and six decimal places; others are refused.
    fits = [isinstance(number, Decimal) and abs(number) < 10**11 and number == round(number, 6) for number in known]
    assert common == [number if fit else None for number, fit in zip(known, fits, strict=True)]
    assert 100 < len(bad) == fits.count(False) < 300


def test_a_day_in_a_common_form_is_read_as_any_other() -> None:
    years = ("2023", "2024", "2000", "1900", "0004", "0999", "10000")
    days = [(f"{day:02}", f"{month:02}", year) for day in range(33) for month in range(14) for year in years]
    whole = [form for day, month, year in days for form in (f"{day}.{month}.{year}", f"{year}-{month}-{day}")]
    times = ["00:00", "09:30", "23:59:59", "24:00", "09:60", "09:30:00.5", "09:30:00.1234567", "9:30", "09:30+03:00"]
    texts = [*whole, *(f"{day} {time}" for day in ("29.02.2024", "2024-02-29", "29.02.2023") for time in times)]
    common, bad = column(texts, "time")
    assert (common, bad) == column([text + "\u200b" for text in texts], "time")
    assert common == [moment_in_text(text) for text in texts]


def test_a_clean_text_stays_and_any_other_is_cleaned() -> None:
    texts = [
        "Окна",
        "Окна ПВХ",
        " Окна",
        "Окна ",
        "Окна  ПВХ",
        "Окна\u00a0ПВХ",
        "Окна\tПВХ",
        "О\u00adкна",
        "",
        " ",
        "\ufeffОкна",
    ]
    meant = ["Окна", "Окна ПВХ", "Окна", "Окна", "Окна ПВХ", "Окна ПВХ", "Окна ПВХ", "Окна", None, None, "Окна"]
    connection = ibis.duckdb.connect()
    rows = ibis.memtable(pa.table({"n": list(range(len(texts))), "t": texts}))
    found = connection.to_pyarrow(rows.select("n", t=cleaned(rows.t).nullif("")).order_by("n"))["t"].to_pylist()
    assert found == meant


# -- texts ----------------------------------------------------------------------------------------------------------


def keys_in(engine: str, texts: Sequence[str]) -> list[str]:
    """Return what the spellings of texts share, as a database reads them from a table of its own."""
    if engine == "spark":
        from pyspark.sql import SparkSession

        session = SparkSession.builder.getOrCreate()
        session.createDataFrame(list(enumerate(texts)), "n int, t string").createOrReplaceTempView("spellings")
        connection: Any = ibis.pyspark.connect(session)
    else:
        own = {"duckdb": ibis.duckdb.connect, "sqlite": ibis.sqlite.connect}
        connection = own[engine]() if engine in own else ibis.connect(os.environ[NEEDED["postgres"]])
        values = ", ".join(f"({number}, '{text}')" for number, text in enumerate(texts))
        connection.raw_sql("create temp table spellings (n int, t text)")
        connection.raw_sql(f"insert into spellings values {values}")
    rows = connection.table("spellings")
    found = connection.to_pyarrow(rows.select("n", key=spelled(rows.t)).order_by("n")).to_pylist()
    if engine != "spark":
        connection.disconnect()
    return [row["key"] for row in found]


@pytest.mark.filterwarnings("default")  # drivers and the library warn of each other
@pytest.mark.parametrize("engine", ["duckdb", "sqlite", "postgres", "spark"])
def test_two_spellings_are_one_text_in_every_database(engine: str) -> None:
    if not available(engine):
        pytest.skip(f"{engine} is not here")
    lines = TABLE["spellings"]
    keys = keys_in(engine, [text for line in lines for text in line])
    assert [key for line in lines for key in [spelling_key(line[0])] * len(line)] == keys
    assert len(set(keys)) == len(lines)


@pytest.mark.parametrize("line", TABLE["spellings"], ids=lambda line: line[0])
def test_two_spellings_are_one_text_here(line: list[str]) -> None:
    assert set(map(spelling_key, line)) == {spelling_key(line[0])}


# -- days -----------------------------------------------------------------------------------------------------------


def hired(found: tuple[Inputs | None, list[Issue]], count: int) -> Read:
    inputs, issues = found
    return [] if inputs is None else [inputs.employed[number].hired for number in range(count)], told(issues)


def hired_cells(texts: Sequence[str], folder: Path) -> Read:
    (rows,) = tables(texts, "Принят").values()
    book = Book(str(folder / "month.xlsx"), "", (Sheet("Сотрудники", [list(row) for row in rows]),))
    return hired(read(book), len(texts))


def hired_csv(encoding: str) -> Callable[[Sequence[str], Path], Read]:
    return lambda texts, folder: hired(read(folder_of(texts, "Принят", folder, encoding, ";")), len(texts))


def days_off(texts: Sequence[str], _: Path) -> Read:
    import json

    stated = json.dumps({"country": "RU", "days_off": list(texts)}, ensure_ascii=False)
    book, issues = read_scheme_text("scheme.yaml", f"{SCHEME}calendar: {stated}\n".encode())
    return list(getattr(book and book.calendar, "days_off", ())), told(issues)


def in_expression(texts: Sequence[str], _: Path) -> Read:
    """A row of 5 October counts where the day of the expression is that day."""
    values, said = [], []
    for text in texts:
        rows = [["payee", "happened", "amount"], ["00042", date(2026, 10, 5), 1.0], ["00042", date(2026, 10, 6), 2.0]]
        columns = {"amount": "amount", "on": {"heading": "happened", "type": "date"}}
        try:
            inputs, _ = of_sheet(rows, {"sum": "amount", "where": f'on = day("{text}")'}, columns=columns)
        except AssertionError:
            said.append("")
            continue
        assert inputs is not None
        values.append(date(2026, 10, 5) if inputs.actual["x"].values[0] == 1 else None)
    return values, said


DAY_ENTRANCES = {
    "cells": hired_cells,
    "csv": hired_csv("utf-8"),
    "csv of windows-1251": hired_csv("cp1251"),
    "calendar": days_off,
    "expression": in_expression,
    "--on, --date": lambda texts, _: (
        [day for day in map(app.day_in, texts) if day],
        [text for text in texts if app.day_in(text) is None],
    ),
    "--period": lambda texts, _: (
        [date(2026, 10, 5) if parse(text) == "2026-10" else None for text in texts if parse(text)],
        [text for text in texts if parse(text) is None],
    ),
}


@pytest.mark.parametrize("entrance", DAY_ENTRANCES)
def test_a_day_is_the_same_everywhere(entrance: str, tmp_path: Path) -> None:
    values, said = DAY_ENTRANCES[entrance](list(DAYS), tmp_path)
    assert (dict(zip(DAYS, values, strict=True)), said) == (DAYS, [])


@pytest.mark.filterwarnings("default")  # Spark and its drivers warn of each other
@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_a_day_is_the_same_in_every_database(engine: str) -> None:
    if not available(engine):
        pytest.skip(f"{engine} is not here")
    values, bad = column(list(DAYS), "date", engine)
    assert (dict(zip(DAYS, values, strict=True)), bad) == (DAYS, [])
    assert len(column(TABLE["no_days"], "date", engine)[1]) == len(TABLE["no_days"])


@pytest.mark.parametrize("entrance", DAY_ENTRANCES)
def test_what_is_no_day_is_none_anywhere(entrance: str, tmp_path: Path) -> None:
    _, said = DAY_ENTRANCES[entrance](TABLE["no_days"], tmp_path)
    assert len(said) == len(TABLE["no_days"])
    if entrance in ("cells", "csv", "csv of windows-1251", "calendar"):
        assert all(is_no_day(text, one) for text, one in zip(TABLE["no_days"], said, strict=True))


def is_no_day(text: str, said: str) -> bool:
    """Tell whether a text is said to be no day; of a time in UTC it is said why."""
    return f"«{text}» — не дата" in said or (text.endswith("Z") and f"«{text}» — время по Гринвичу" in said)


def test_a_fact_without_a_day_is_told_as_a_cell_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every_row_is_told(monkeypatch)
    rows = "".join(f"00042;{text};1\n" for text in TABLE["no_days"])
    facts = [["00042", text, 1.0] for text in TABLE["no_days"]]
    for found in (
        of_csv(f"payee;happened;amount\n{rows}", tmp_path),
        of_sheet([["payee", "happened", "amount"], *facts]),
    ):
        for text, said in zip(TABLE["no_days"], told(found[1]), strict=True):
            assert is_no_day(text, said)
