"""Facts as other programs export them: one month of deals in every shape pays the same, and no row goes missing.

Ada (00061) closed a deal of 100 000; Ben (00062) lost one of 50 000; 70 000 are somebody's who is not here any more.
"""

import csv
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_facts import told

from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.intake.facts.sources.source import open_facts
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.sheets.staff.people import People
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import severity
from kpicalc.model.book import Book, Sheet
from kpicalc.model.inputs import Inputs, TableCount
from kpicalc.model.issue import Issue

Found = tuple[Inputs | None, list[Issue]]
HEAD = ["ID", "Название", "Ответственный", "Бюджет", "Этап сделки", "Дата закрытия"]
ROWS = [
    ["1", 'ООО "Альфа"; опт', "Орлова В.П.", "100 000,00", "Успешно реализовано", "12.10.2026 14:05:00"],
    ["2", "Бета", "Илья Громов", "50000", "Закрыто и не реализовано", "13.10.2026 10:00:00"],
    ["3", "Гамма", "Уволенный Пётр", "70000 ₽", "Успешно реализовано", "14.10.2026 10:00:00"],
    ["4", "Дельта", "Громов Илья Сергеевич", "1", "Переговоры", "не закрыта"],
]
OPTIONS = {"match": "name", "others": "skip", "undated": "skip", "blank": ["Не  закрыта"]}


def scheme(source: object, **facts: Any) -> bytes:
    import json

    stage = {"heading": "Этап сделки", "type": "text"}
    table = {"from": source, "payee": "Ответственный", "date": "Дата закрытия", "key": "ID",
             "columns": {"amount": "Бюджет", "stage": stage}} | facts  # fmt: skip
    kpi = {"title": "Продажи", "from": "deals", "sum": "amount", "where": 'stage = "Успешно реализовано"'}
    pay = [{"commission": {"on": "sales", "rate": "10%"}}]
    return json.dumps({
        "kpicalc": "1", "rules": {"money": {"round": "0.01", "ties": "half_up"}}, "facts": {"deals": table},
        "kpis": {"sales": kpi}, "schemes": {"m": {"for": {"position": "Менеджер"}, "pay": pay}},
    }, ensure_ascii=False).encode()  # fmt: skip


def people(**more: list[str]) -> Sheet:
    rows = [
        ["Табельный номер", "Сотрудник", "Подразделение", "Должность", *more],
        ["00061", "Орлова Вера Павловна", "ОП", "Менеджер", *(texts[0] for texts in more.values())],
        ["00062", "Громов Илья Сергеевич", "ОП", "Менеджер", *(texts[1] for texts in more.values())],
    ]
    return Sheet("Сотрудники", rows)


def read(text: bytes, folder: Path, *sheets: Sheet, employees: Sheet | None = None) -> Found:
    book, issues = read_scheme_text("scheme.yaml", text)
    assert book is not None
    assert [item for item in issues if severity(item) == "error"] == []
    statements, _ = compile_schemes(book)
    raw = Book(str(folder / "2026-10.xlsx"), "", (employees or people(), *sheets))
    return read_inputs(raw, book, "2026-10", earlier_months(statements))


def sales(found: Found) -> list[Decimal | None]:
    """Return what Ada and Ben sold; nothing may be wrong."""
    assert told(found[1]) == []
    assert found[0] is not None
    return list(found[0].actual["sales"].values)


def notices(found: Found) -> dict[str, dict[str, str]]:
    return {item.code: dict(item.facts) for item in found[1] if severity(item) == "notice"}


def counts(found: Found) -> TableCount:
    assert found[0] is not None
    return found[0].tables[-1]


def text_of(rows: list[list[str]], delimiter: str = ";", end: str = "\r\n", above: str = "") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([HEAD, *rows])
    return above + out.getvalue()


TEXTS = {
    "utf-8": (text_of(ROWS), "utf-8"),
    "utf-8 with a mark": (text_of(ROWS), "utf-8-sig"),
    "windows-1251": (text_of([[*row[:3], row[3].replace("₽", "руб."), *row[4:]] for row in ROWS]), "cp1251"),
    "utf-16": (text_of(ROWS, "\t"), "utf-16"),
    "commas": (text_of(ROWS, ","), "utf-8"),
    "a title above": (text_of(ROWS, end="\n", above="Выгрузка\r\n\r\n"), "utf-8"),
    "two ends of lines": (text_of(ROWS[:2]) + text_of(ROWS[2:], end="\n").partition("\n")[2], "utf-8"),
    "ends of old Macintoshes": (text_of(ROWS, end="\r"), "utf-8"),
    "a line inside quotes": (text_of([[row[0], "a\nb\r\n", *row[2:]] for row in ROWS]), "utf-8"),
    "blank lines": (text_of(ROWS, end="\n\n"), "utf-8"),
    "sep=": (text_of(ROWS, above="sep=;\r\n"), "utf-8"),
    "no last end": (text_of(ROWS).rstrip(), "utf-8"),
    "rows of delimiters": (text_of([[""] * len(HEAD), *ROWS, [" ", "\t", *[""] * (len(HEAD) - 2)]]), "utf-8"),
}


WON, LOST = "Успешно реализовано", "Закрыто и не реализовано"
TYPED = [
    ("1", "Орлова В.П.", datetime.fromisoformat("2026-10-12 14:05"), Decimal(100000), WON),
    ("2", "Илья Громов", datetime.fromisoformat("2026-10-13 10:00"), Decimal(50000), LOST),
    ("3", "Уволенный Пётр", datetime.fromisoformat("2026-10-14 10:00"), Decimal(70000), WON),
    ("4", "Громов Илья Сергеевич", None, Decimal(1), "Переговоры"),
]
"""The rows as every shape of the file must give them; what they pay depends on nothing else."""


@pytest.mark.parametrize("kind", TEXTS)
def test_every_csv_has_the_same_rows(kind: str, tmp_path: Path) -> None:
    text, encoding = TEXTS[kind]
    (tmp_path / "deals.csv").write_bytes(text.encode(encoding))
    book, _ = read_scheme_text("scheme.yaml", scheme({"file": "deals.csv", "decimal": ","}, **OPTIONS))
    assert book is not None
    issues: list[Issue] = []
    month = Book(str(tmp_path / "2026-10.xlsx"), "", (people(),))
    facts = open_facts("deals", month, book, People([], {}, {}, {}), "2026-10", issues)
    assert issues == []
    assert facts is not None
    rows = facts.ask(facts.table.select("key", "payee", "date", "c_amount", "c_stage", "bad_date", "bad_c_amount"))
    facts.close()
    assert [tuple(row.values()) for row in rows] == [(*row, False, False) for row in TYPED]


# Plain files are read by the database, others are first written anew; a sign of money has a word in windows-1251.
@pytest.mark.parametrize("kind", ["utf-8", "windows-1251", "rows of delimiters"])
def test_a_csv_pays_as_a_sheet_does(kind: str, tmp_path: Path) -> None:
    text, encoding = TEXTS[kind]
    (tmp_path / "deals.csv").write_bytes(text.encode(encoding))
    found = read(scheme({"file": "deals.csv", "decimal": ","}, **OPTIONS), tmp_path)
    assert sales(found) == [100000, 0]
    accounted(found)


def accounted(found: Found) -> None:
    """Four rows: one counted, one lost, one of somebody else, one not closed."""
    table = counts(found)
    assert (table.rows, table.counted, table.other_months) == (4, 1, 0)
    assert table.skipped == {"undated": 1, "others": 1, "unused": 1}
    told_of = notices(found)
    assert (told_of["fact_skipped_others"]["count"], told_of["fact_skipped_others"]["sums"]) == ("1", "Бюджет 70000")
    assert told_of["fact_skipped_others"]["found"] == "Уволенный Пётр"
    assert (told_of["fact_skipped_undated"]["count"], told_of["fact_skipped_undated"]["sums"]) == ("1", "Бюджет 1")
    assert (told_of["fact_unused"]["count"], told_of["fact_unused"]["sums"]) == ("1", "Бюджет 50000")
    assert "00061 Орлова Вера Павловна" in told_of["fact_names_fitted"]["found"]


def test_a_workbook_a_sheet_and_a_stated_encoding_pay_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Отчёт"], [], HEAD, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "deals.xlsx")
    found = read(scheme({"file": "deals.xlsx"}, **OPTIONS), tmp_path)
    assert sales(found) == [100000, 0]
    accounted(found)
    found = read(scheme({"sheet": "Сделки"}, **OPTIONS), tmp_path, Sheet("Сделки", [HEAD, *ROWS]))
    assert sales(found) == [100000, 0]
    accounted(found)
    text = text_of([[*row[:3], row[3].replace("₽", "р."), *row[4:]] for row in ROWS])
    (tmp_path / "deals.txt").write_bytes(text.encode("cp866"))
    found = read(scheme({"file": "deals.txt", "encoding": "cp866", "decimal": ","}, **OPTIONS), tmp_path)
    assert sales(found) == [100000, 0]


def test_what_is_known_of_amocrm_need_not_be_said(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(text_of(ROWS, ","), encoding="utf-8")
    found = read(scheme({"file": "deals.csv", "like": "amocrm", "decimal": ","}, others="skip"), tmp_path)
    assert sales(found) == [100000, 0]
    accounted(found)
    strict = read(
        scheme({"file": "deals.csv", "like": "amocrm", "decimal": ","}, others="skip", undated="error"), tmp_path
    )
    assert [code for code, _ in told(strict[1])] == ["fact_undated"]


def test_a_row_of_another_width_is_named_and_not_passed_over(tmp_path: Path) -> None:
    for row, line in (("00061;2026-10-01\n", 3), ("a;b;c;d;e;f;g\n", 3)):
        text = text_of(ROWS[:1], end="\n") + row + text_of(ROWS[1:], end="\n").partition("\n")[2]
        (tmp_path / "deals.csv").write_text(text, encoding="utf-8")
        _, issues = read(scheme({"file": "deals.csv", "decimal": ","}, **OPTIONS), tmp_path)
        assert [(item.code, item.place.line) for item in issues if severity(item) == "error"] == [("fact_width", line)]


# -- whose ------------------------------------------------------------------------------------------------------------


def of_people(texts: list[str], employees: Sheet | None = None, **facts: Any) -> Found:
    rows = [
        [str(number), "", text, 10.0**number, "Успешно реализовано", "12.10.2026"] for number, text in enumerate(texts)
    ]
    return read(scheme("Сделки", **facts), Path(), Sheet("Сделки", [HEAD, *rows]), employees=employees)


def test_aliases_name_numbers_and_names() -> None:
    aliases = {"vera@x.ru": "00061", "Илюша": "Громов И.С."}
    assert sales(of_people(["vera@x.ru", "илюша", "00061"], aliases=aliases)) == [101, 10]
    assert sales(of_people(["VERA@x.ru", "Илюша", "Вера Орлова"], aliases=aliases, match="name")) == [101, 10]


def test_the_list_of_people_may_say_what_a_crm_calls_them() -> None:
    called = people(**{"Имя в CRM": ["Вера; vera@x.ru", "ilya"]})
    assert sales(of_people(["vera@x.ru", "ilya", "вера"], called, match="name")) == [101, 10]
    called = people(Битрикс=["Вера", "ilya"])
    assert sales(of_people(["Вера", "ilya", "ilya"], called, match="name", aliases="Битрикс")) == [1, 110]


def test_one_person_in_several_spellings_is_one_person() -> None:
    texts = ["Орлова Вера Павловна", "Орлова В. П.", "Вера  Орлова", "ОРЛОВА В.П."]
    assert sales(of_people(texts, match="name")) == [1111, 0]


def test_a_name_that_fits_two_is_asked_about_even_where_others_are_skipped() -> None:
    two = people()
    two.rows.append(["00063", "Орлова Виктория Петровна", "ОП", "Менеджер"])
    _, issues = of_people(["Орлова В.П."], two, match="name", others="skip")
    (found,) = [item for item in issues if severity(item) == "error"]
    assert found.code == "fact_several"
    assert dict(found.facts)["numbers"] == "00061 Орлова Вера Павловна, 00063 Орлова Виктория Петровна"


def test_rows_that_the_table_leaves_out_trouble_nobody() -> None:
    rows = [
        ["1", "", "00061", 5.0, "Успешно реализовано", "12.10.2026"],
        ["1", "", "nobody", "a lot", "В работе", "some day"],
        ["3", "", None, None, "В работе", None],
    ]
    found = read(scheme("Сделки", where='stage = "Успешно реализовано"'), Path(), Sheet("Сделки", [HEAD, *rows]))
    assert sales(found) == [5, 0]
    assert counts(found).skipped == {"where": 2}


def test_rows_that_the_table_leaves_out_of_a_csv_trouble_nobody(tmp_path: Path) -> None:
    text = text_of(
        [["1", "", "00061", "5", "Успешно реализовано", "12.10.2026"], ["1", "", "nobody", "lots", "-", "one day"]]
    )
    (tmp_path / "deals.csv").write_text(text, encoding="utf-8")
    found = read(scheme({"file": "deals.csv"}, where='stage = "Успешно реализовано"'), tmp_path)
    assert sales(found) == [5, 0]
    assert (counts(found).rows, counts(found).counted, counts(found).skipped) == (2, 1, {"where": 1})


def test_rows_of_other_months_are_counted(tmp_path: Path) -> None:
    rows = [["1", "", "00061", "5", "Успешно реализовано", "12.10.2026"], ["2", "", "00099", "5", "", "30.09.2026"]]
    (tmp_path / "deals.csv").write_text(text_of(rows), encoding="utf-8")
    found = read(scheme({"file": "deals.csv"}), tmp_path)
    assert sales(found) == [5, 0]
    assert (counts(found).rows, counts(found).counted, counts(found).other_months) == (2, 1, 1)


# -- reports grouped by person ----------------------------------------------------------------------------------------

REPORT = [
    ["Анализ продаж", None, None, None],
    ["Период: 01.10.2026 - 31.10.2026", None, None, None],
    [None, None, None, None],
    ["Ответственный", None, "Бюджет", "Этап сделки"],
    ["Дата закрытия", "Контрагент", None, None],
    ["Орлова Вера Павловна", None, 400.0, None],
    ["Реализация 0001 от 05.10.2026", "ООО А", 150.0, "Успешно реализовано"],
    ["Реализация 0002 от 07.10.2026 12:30:00", "ООО Б", 250.0, "Успешно реализовано"],
    ["Громов Илья Сергеевич", None, 300.0, None],
    ["Реализация 0003 от 08.10.2026", "ООО В", 300.0, "Успешно реализовано"],
    ["Итого", None, 700.0, None],
]


def of_report(rows: list[list[Any]]) -> Found:
    text = scheme("TDSheet", match="name", groups="payee").replace(b'"key": "ID", ', b"")
    return read(text, Path(), Sheet("TDSheet", rows))


def test_a_report_grouped_by_person() -> None:
    found = of_report(REPORT)
    assert sales(found) == [400, 300]
    assert (counts(found).rows, counts(found).counted) == (6, 3)
    assert counts(found).skipped == {"group": 2, "total": 1}


def test_a_report_of_csv_is_read_likewise(tmp_path: Path) -> None:
    text = "\n".join(";".join("" if cell is None else f"{cell}".removesuffix(".0") for cell in row) for row in REPORT)
    (tmp_path / "report.csv").write_bytes(text.encode("cp1251"))
    scheme_text = scheme({"file": "report.csv"}, match="name", groups="payee").replace(b'"key": "ID", ', b"")
    assert sales(read(scheme_text, tmp_path)) == [400, 300]


@pytest.mark.parametrize("row", [5, 8, 10])
def test_a_subtotal_that_does_not_agree_is_refused(row: int) -> None:
    wrong = [list(cells) for cells in REPORT]
    wrong[row][2] += 1
    _, issues = of_report(wrong)
    assert [(item.code, item.place.cell) for item in issues if severity(item) == "error"] == [
        ("fact_group_sum", f"C{row + 1}")
    ]


# -- the newest of several --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (["deals_2026-10-31.csv", "deals_2026-11-02.csv", "deals_2026-09-30.csv"], "deals_2026-11-02.csv"),
        (["deals_31.10.2026.csv", "deals_02.11.2026.csv"], "deals_02.11.2026.csv"),
        (["deals_20261031.csv", "deals_20261102-0930.csv", "deals_20261102-1015.csv"], "deals_20261102-1015.csv"),
    ],
)
def test_the_newest_file_is_that_of_the_last_day_in_the_names(names: list[str], newest: str, tmp_path: Path) -> None:
    for name in names:
        row = ["1", "", "00061", "7" if name == newest else "1", "Успешно реализовано", "12.10.2026"]
        (tmp_path / name).write_text(text_of([row]), encoding="utf-8")
    for source in ({"file": "deals_*.csv", "newest": "pattern"}, {"newest": "deals_*.csv"}):
        found = read(scheme(source), tmp_path)
        assert sales(found) == [7, 0]
        assert notices(found)["fact_newest"]["found"] == newest


def test_without_days_in_the_names_the_last_that_was_written_is_the_newest(tmp_path: Path) -> None:
    import os

    for name, amount, age in (("deals.csv", "7", 2000), ("deals (1).csv", "1", 1000)):
        row = ["1", "", "00061", amount, "Успешно реализовано", "12.10.2026"]
        (tmp_path / name).write_text(text_of([row]), encoding="utf-8")
        os.utime(tmp_path / name, (age, age))
    assert sales(read(scheme({"newest": "deals*.csv"}), tmp_path)) == [7, 0]


def test_dates_of_a_workbook_are_dates() -> None:
    rows = [["1", "", "00061", 5.0, "Успешно реализовано", datetime.fromisoformat("2026-10-12 10:00")]]
    assert sales(read(scheme("Сделки"), Path(), Sheet("Сделки", [HEAD, *rows]))) == [5, 0]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, ["ok"]),
        ({"match": "name"}, ["ok"]),
        # What the table says itself comes first.
        ({"match": "number"}, ["fact_stranger_named", "fact_stranger_named"]),
    ],
)
def test_facts_find_their_people_as_sheets_do(tmp_path: Path, own: dict[str, str], expected: list[str]) -> None:
    import json

    text = json.loads(scheme("Сделки", **own))
    text["workbook"] = {"match": "name"}
    found = read(json.dumps(text, ensure_ascii=False).encode(), tmp_path, Sheet("Сделки", [HEAD, *ROWS[:2]]))
    if expected == ["ok"]:
        assert sales(found) == [Decimal(100000), Decimal(0)]
    else:
        assert [item.code for item in found[1] if severity(item) == "error"] == expected
