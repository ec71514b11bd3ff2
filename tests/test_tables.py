"""The room that turns raw cells into typed inputs: one test per rule, expectations typed by hand."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from kpicalc.intake.tables import read_inputs
from kpicalc.lang import LANGUAGES, catalogue, message, remedy, severity
from kpicalc.model.book import Book, Sheet
from kpicalc.model.numbers import number_in_text
from kpicalc.model.persons import same_person
from kpicalc.model.scheme import Audience, Kpi, Rules, Scheme, SchemeBook, Source
from kpicalc.model.workbook_map import WorkbookMap

KPIS = {
    "sales": Kpi(title="Продажи", unit="руб"),
    "calls": Kpi(title="Холодные звонки", unit="шт"),
    "response": Kpi(title="Время ответа", unit="мин", better="lower"),
    "conversion": Kpi(title="Конверсия", unit="%", typed="share", formula="sales / calls"),
    "team_sales": Kpi(title="Продажи отдела", unit="руб", team="sum", of="sales"),
}
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
ANNA = ["00042", "Анна Белова", "Продажи", "Менеджер"]
IVAN = ["00043", "Иван Котов", "Продажи", "Менеджер"]


def schemes(sheets=None, columns=None, language="ru"):
    keys = {"manager": "Менеджер по продажам", "marketer": "Маркетолог"}
    made = {key: Scheme(key, title, Audience(), Rules(), (), ()) for key, title in keys.items()}
    workbook = WorkbookMap(sheets=sheets or {}, columns=columns or {})
    return SchemeBook("Тест", language, "RUB", KPIS, made, workbook, Source("scheme.yaml"), "")


def employees(*rows, head=HEAD, name="Сотрудники", faults=None):
    return Sheet(name, [list(head), *map(list, rows or (ANNA, IVAN))], faults=faults or {})


def facts(*rows, head=("Табельный номер", "Продажи", "Холодные звонки"), name="Факт", faults=None):
    return Sheet(name, [list(head), *map(list, rows)], faults=faults or {})


def read(*sheets, period="2026-10", book=None, file="plan.xlsx"):
    return read_inputs(Book(file, "hash", sheets), book or schemes(), period)


def clean_read(*sheets, **options):
    inputs, issues = read(*sheets, **options)
    assert [item.code for item in issues if severity(item) == "error"] == []
    return inputs


def found(code, *sheets, **options):
    """Return the only issue of a code; an error leaves no inputs, or inputs that know which cells are unread."""
    inputs, issues = read(*sheets, **options)
    own = [item for item in issues if item.code == code]
    assert len(own) == 1, [(item.code, item.facts) for item in issues]
    errors = {item.place for item in issues if severity(item) == "error"}
    assert inputs is None or inputs.unread == errors
    assert inputs is not None or errors
    for language in LANGUAGES:
        assert "…" not in message(own[0], language).replace(", …", "")
        assert "…" not in remedy(own[0], language)
    return own[0]


# Sheets and headings


def test_russian_workbook():
    inputs = clean_read(employees(), facts(["00043", 100.5, 7.0], ["00042", None, 0.1 + 0.2]))
    assert [payee.id for payee in inputs.payees] == ["00042", "00043"]
    assert inputs.payees[1].name == "Иван Котов"
    assert str(inputs.payees[1].place) == "plan.xlsx › Сотрудники!A3"
    assert inputs.actual["sales"].values == [None, Decimal("100.5")]
    assert inputs.actual["calls"].values == [Decimal("0.3"), Decimal(7)]
    assert str(inputs.actual["sales"].place(0)) == "plan.xlsx › Факт!B3"
    assert inputs.plan == {}
    assert inputs.period == "2026-10"


def test_english_headings_in_any_case_and_order():
    people = employees(
        ["Clerk", "Sales", 30000.0, "Ann Lee", "A-1"],
        head=["POSITION", " department ", "Salary", "Name", "Personnel  number"],
        name="EMPLOYEES ",
    )
    plan = facts(["A-1", 5.0], head=("personnel number", "CALLS"), name="plan")
    actuals = facts(["A-1", 4.0], head=("ID", "calls"), name="Actuals")
    inputs = clean_read(people, plan, actuals)
    assert inputs.payees[0].position == "Clerk"
    assert inputs.employee["salary"].values == [Decimal(30000)]
    assert inputs.plan["calls"].values == [Decimal(5)]
    assert inputs.actual["calls"].values == [Decimal(4)]


def test_yo_spaces_and_line_breaks_in_headings():
    book = schemes(columns={"actuals": {"sales": "Отчёт"}})
    inputs = clean_read(employees(), facts(["00042", 5.0], head=("Табельный\nномер", "ОТЧЕТ ")), book=book)
    assert inputs.actual["sales"].values == [Decimal(5), None]


def test_header_below_a_title():
    sheet = Sheet("Сотрудники", [["Список сотрудников"], [], [None, *HEAD], [None, *ANNA]])
    inputs = clean_read(sheet)
    assert str(inputs.payees[0].place) == "plan.xlsx › Сотрудники!B4"
    assert str(inputs.place_of(0, "position")) == "plan.xlsx › Сотрудники!E4"
    assert str(inputs.place_of(0, "salary")) == "plan.xlsx › Сотрудники!B4", "there is no such column"
    assert [str(inputs.sheet(name)) for name in ("employee", "actual")] == ["plan.xlsx › Сотрудники", "plan.xlsx"]


def test_header_beyond_thirty_rows_is_not_found():
    sheet = Sheet("Сотрудники", [*[[None]] * 30, list(HEAD), list(ANNA)])
    assert found("header_missing", sheet).place.sheet == "Сотрудники"


def test_sheet_name_with_a_month():
    inputs = clean_read(employees(), facts(["00042", 5.0, 1.0], name="Факт за октябрь 2026"))
    assert inputs.actual["sales"].values == [Decimal(5), None]


def test_sheet_name_with_another_month():
    item = found("other_month", employees(), facts(["00042", 5.0, 1.0], name="Факт 2026-09"))
    assert item.fact("found") == "сентябрь 2026"


@pytest.mark.parametrize(
    "name",
    [
        *("ЗП сентябрь 2026", "ЗП 09.2026", "ЗП 9.2026", "сентябрь", "202609", "план 2026 09", "Sep 2026", "sept26"),
        *("ЗП_сен_26", "ЗП 01.09.2026-30.09.2026", "ЗП октябрь 2025", "ЗП июль-сентябрь 2026"),
        *("ЗП 3 кв 2026", "ЗП_1_полугодие_2026"),
    ],
)
def test_a_workbook_named_by_another_month_is_not_paid(name):
    item = found("other_month", employees(), facts(["00042", 5.0, 1.0]), file=f"{name}.xlsx")
    assert item.fact("period") == "октябрь 2026"


@pytest.mark.parametrize(
    "name",
    [
        *("ЗП октябрь 2026", "ЗП 10.2026", "202610", "ЗП октябрь 2026 от 03.11.2026", "ЗП сентябрь-октябрь"),
        *(
            "ЗП август – декабрь 2026",
            "ЗП от 05.11.2026",
            "ЗП v9.11",
            "ЗП 30.09.2026",
            "План 12",
            "ЗП с сентября 2026",
            "ЗП 4 кв 2026",
        ),
    ],
)
def test_a_workbook_named_by_this_month_or_by_none_is_paid(name):
    clean_read(employees(), facts(["00042", 5.0, 1.0]), file=f"{name}.xlsx")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Отчетный период: 01.09.26-30.09.26", True),
        ("Период с 1 по 30 сентября 2026 г.", True),
        ("Показатели 1–30 сентября", True),
        ("Отчёт: сентябрь", True),
        ("Отчётный месяц сентябрь", True),
        ("Период с 1 по 31 октября 2026 г.", False),
        ("Отчёт: октябрь", False),
        ("Утверждено 28 сентября", False),
        ("Приказ от 01.09.26 № 3", False),
    ],
)
def test_titles_with_days_of_a_month(title, told):
    sheet = facts(["00042", 5.0, 1.0])
    _, issues = read(employees(), Sheet("Факт", [[title], *sheet.rows]))
    assert [item.code for item in issues if severity(item) == "error"] == ["other_month"] * told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Отчёт с 01.01.2026 по 31.10.2026", True),
        ("Отчёт за 10 месяцев 2026 г.", True),
        ("Продажи за январь – октябрь 2026", True),
        ("Продажи с начала года по октябрь 2026", True),
        ("Отчёт за 10 мес. 2026 г.", True),
        ("Report for 10 months of 2026", True),
        ("Sales, YTD", True),
        ("Заявки за 10 местных выставок", False),
        # A month of accounts from the 26th to the 25th, one month, a paper.
        ("Период: 26.09.2026 - 25.10.2026", False),
        ("Отчёт с 01.10.2026 по 31.10.2026", False),
        ("Отчёт за октябрь 2026", False),
        ("Норма — 10 месяцев работы", False),
    ],
)
def test_a_title_of_several_months_above_actuals(title, told):
    _, issues = read(employees(), Sheet("Факт", [[title], *facts(["00042", 5.0, 1.0]).rows]))
    assert [item.code for item in issues if severity(item) != "notice"] == ["title_longer"] * told


def test_a_title_of_several_months_above_columns_of_months():
    book = schemes(columns={"actuals": {"sales": "{month}"}})
    rows = [["Продажи за январь – октябрь 2026"], ["Табельный номер", "сентябрь", "октябрь"], ["00042", 4.0, 5.0]]
    inputs, issues = read(employees(), Sheet("Факт", rows), book=book)
    assert [item.code for item in issues if severity(item) != "notice"] == []
    assert inputs.actual["sales"].values == [Decimal(5), None]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        # The month in the place of the unit is no unit.
        ("Продажи (октябрь)", []),
        ("Продажи, октябрь 2026", []),
        ("Продажи (сентябрь)", ["other_month"]),
        ("Продажи, октябрь 2025", ["other_month"]),
        ("Продажи (тыс. руб)", ["heading_unit"]),
    ],
)
def test_a_month_in_the_heading_of_a_kpi(heading, expected):
    _, issues = read(employees(), facts(["00042", 5.0, 1.0], head=("Табельный номер", heading, "Холодные звонки")))
    assert [item.code for item in issues if severity(item) == "error"] == expected


@pytest.mark.parametrize(
    ("heading", "unit", "name", "code"),
    [
        ("Продажи (план)", None, "Факт", "no figures"),
        ("Продажи (прошлый месяц)", None, "Факт", "no figures"),
        ("Продажи, прогноз", None, "Факт", "no figures"),
        ("Продажи (отклонение)", None, "Факт", "no figures"),
        ("Продажи (факт)", None, "Факт", ""),
        ("Продажи (факт)", "руб", "Факт", ""),
        ("Продажи (план)", None, "План", ""),
        ("Продажи (план)", "руб", "План", ""),
        ("Продажи (факт)", "руб", "План", "no figures"),
        ("Продажи (без НДС)", None, "Факт", ""),
        ("Продажи, %", None, "Факт", ""),
        ("Продажи (прогноз)", "руб", "Факт", "heading_unit"),
    ],
)
def test_what_a_heading_says_of_its_figures(heading, unit, name, code):
    book = schemes()
    object.__setattr__(book, "kpis", KPIS | {"sales": Kpi(title="Продажи", unit=unit)})
    sheet = facts(["00042", 5.0, 1.0], head=("Табельный номер", heading, "Холодные звонки"), name=name)
    inputs, issues = read(employees(), sheet, book=book)
    assert [item.code for item in issues if severity(item) == "error"] == [code] * (code == "heading_unit")
    if inputs and code != "heading_unit":
        read_figures = inputs.plan if name == "План" else inputs.actual
        assert ("sales" in read_figures) is not (code == "no figures")


def test_a_month_in_the_heading_of_a_kpi_without_a_unit():
    book = schemes()
    object.__setattr__(book, "kpis", KPIS | {"sales": Kpi(title="Продажи")})
    sheet = facts(["00042", 5.0, 1.0], head=("Табельный номер", "Продажи (сентябрь)", "Холодные звонки"))
    assert found("other_month", employees(), sheet, book=book).fact("found") == "сентябрь"


def test_sheet_name_with_other_words_is_another_sheet():
    inputs = clean_read(employees(), facts(["нет такого", 5.0, 1.0], name="Факт продаж"))
    assert inputs.actual == {}


def test_two_sheets_for_one_role():
    assert found("sheet_twice", employees(), employees(name="Employees")).fact("sheets") == "Сотрудники, Employees"
    two_months = (facts(name="Факт октябрь 2026"), facts(name="Факт октябрь"))
    found("sheet_twice", employees(), *two_months)


def test_of_the_sheets_of_several_months_the_one_that_is_paid_is_read():
    october, september = (
        facts(["00042", at, 1.0], name=f"Факт {month} 2026") for at, month in ((2.0, "октябрь"), (9.0, "сентябрь"))
    )
    assert clean_read(employees(), october, september).actual["sales"].values[0] == Decimal(2)


def test_plain_sheet_name_wins_over_one_with_a_month():
    sheets = facts(["00042", 1.0, 1.0]), facts(["00042", 2.0, 2.0], name="Факт сентябрь 2026")
    assert clean_read(employees(), *sheets).actual["sales"].values[0] == Decimal(1)


def test_missing_sheet_names_the_nearest():
    item = found("sheet_missing", employees(name="Сотрудникии"), facts(["1", 1.0, 1.0]))
    assert item.fact("nearest") == "Сотрудникии"


def test_nearest_names_are_sought_in_both_languages_among_what_is_nothing_else():
    english = schemes(language="en")
    item = found("sheet_missing", facts(["1", 1.0, 1.0]), employees(name="Сотрудник"), book=english)
    assert (item.fact("sheet"), item.fact("nearest")) == ("Employees", "Сотрудник")
    found("sheet_missing_far", facts(["1", 1.0, 1.0]), employees(name="Табель"))
    item = found("column_missing", employees(head=[*HEAD[:2], "Подразделние", HEAD[3]]), book=english)
    assert (item.fact("heading"), item.fact("nearest"), item.place.cell) == ("Department", "Подразделние", "A1")
    found("column_missing_far", employees(ANNA[:3], head=HEAD[:3]))


def test_optional_sheet_with_a_slip_is_mentioned():
    assert found("sheet_like", employees(), facts(name="Корректировкии")).fact("sheet") == "Корректировки"


def test_mapping_of_sheets_and_columns_comes_first():
    book = schemes(
        sheets={"actuals": "Выгрузка"},
        columns={"actuals": {"id": "Код", "sales": "Выручка"}, "employees": {"name": "Кто"}},
    )
    people = employees(["00042", "нет", "Анна", "Отдел", "М"], head=[HEAD[0], HEAD[1], "Кто", *HEAD[2:]])
    upload = facts(["00042", 5.0, 6.0], head=("Код", "Выручка", "Продажи"), name="Выгрузка")
    inputs = clean_read(people, upload, facts(["чужой", 1.0, 1.0]), book=book)
    assert inputs.payees[0].name == "Анна"
    assert inputs.actual["sales"].values == [Decimal(5)]


def test_mapped_sheet_or_heading_that_is_not_there():
    assert found("sheet_missing_far", employees(), book=schemes(sheets={"plan": "Цели"})).fact("sheet") == "Цели"
    book = schemes(columns={"actuals": {"sales": "Выручка"}})
    item = found("column_missing_far", employees(), facts(["00042", 1.0, 1.0]), book=book)
    assert (item.fact("heading"), str(item.place)) == ("Выручка", "plan.xlsx › Факт!A1")
    wide = facts(["00042", 1.0, 1.0], head=("Табельный номер", "Выручка 2026", "Звонки"))
    assert found("column_missing", employees(), wide, book=book).fact("nearest") == "Выручка 2026"
    found("mapped_unknown", employees(), book=schemes(columns={"employees": {"nmae": "Кто"}}))


def test_a_heading_of_another_month_is_never_proposed():
    """Whoever renamed it, as the remedy says, would pay by that month."""
    book = schemes(columns={"actuals": {"sales": "Продажи {month}"}})
    slip = facts(["00042", 1.0, 1.0], head=("Табельный номер", "Прадажи октябрь", "Звонки"))
    assert found("column_missing", employees(), slip, book=book).fact("nearest") == "Прадажи октябрь"
    november = facts(["00042", 1.0, 1.0], head=("Табельный номер", "Продажи ноябрь", "Звонки"))
    assert found("column_missing_far", employees(), november, book=book).fact("heading") == "Продажи Октябрь"


def test_required_column_missing():
    _, issues = read(employees(["1", "A", "B", "C"], head=[HEAD[0], HEAD[1], "Подразделние", HEAD[3]]))
    assert [(i.code, i.fact("heading"), i.fact("nearest")) for i in issues] == [
        ("column_missing", "Подразделение", "Подразделние")
    ]


def test_same_heading_twice():
    assert found("heading_twice", employees([*ANNA, "x"], head=[*HEAD, "ФИО"])).place.cell == "E1"
    sheet = facts(["00042", 1.0, 2.0], head=("Табельный номер", "Продажи", "sales"))
    assert found("heading_twice", employees(), sheet).fact("cell") == "B1"


# Employees


def test_texts_are_trimmed_and_schemes_resolved():
    rows = (
        [" 00042\xa0", "Анна \xa0 Белова", " Отдел\n1 ", None, "менеджер по ПРОДАЖАМ"],
        ["7", "Б", "Отдел 1", " ", "marketer"],
        ["8", "В", "Отдел 1", "М", None],
    )
    inputs = clean_read(employees(*rows, head=[*HEAD, "Схема"]))
    anna = inputs.payees[0]
    assert (anna.id, anna.name, anna.department, anna.position) == ("00042", "Анна Белова", "Отдел 1", "")
    assert [payee.scheme for payee in inputs.payees] == ["manager", "marketer", ""]


def test_unknown_scheme():
    item = found("payee_unknown_scheme", employees([*ANNA, "Маркетлог"], head=[*HEAD, "Схема"]))
    assert (item.fact("nearest"), item.place.cell) == ("Маркетолог", "E2")


@pytest.mark.parametrize("word", ["нет", "None", "-", "—"])
def test_not_paid_here(word):
    people = employees([*ANNA, word], [*IVAN, None], head=[*HEAD, "Схема"])
    sheets = people, facts(["00042", 9.0, 9.0], ["00043", 1.0, 1.0])
    inputs = clean_read(*sheets)
    assert [payee.id for payee in inputs.payees] == ["00043"]
    assert inputs.actual["sales"].values == [Decimal(1)]
    assert found("not_paid_here", *sheets).fact("number") == "00042"


def test_employee_figures_and_blank_rows():
    head = [*HEAD, "Оклад", "Ставка", "Отработано дней", "Норма дней", "Отработано часов", "Норма часов"]
    row = [*ANNA, 1.5, 0.5, 20.0, 22.0, 160.0, 176.0]
    inputs = clean_read(employees([None, "  "], row, [], IVAN, head=head))
    assert {field: series.values for field, series in inputs.employee.items()} == {
        "salary": [Decimal("1.5"), None],
        "fte": [Decimal("0.5"), None],
        "days_worked": [Decimal(20), None],
        "days_norm": [Decimal(22), None],
        "hours_worked": [Decimal(160), None],
        "hours_norm": [Decimal(176), None],
        "month": [10, 10],  # October
        "month_start": [46296, 46296],  # 1 October: 273 days after 1 January, which is day 46023
        "month_end": [46326, 46326],
    }
    assert list(inputs.employee["salary"].rows) == [3, 5]


@pytest.mark.parametrize("row", [["Итого:", None], [None, "Всего по отделу"], [15.0, "Total"], [None, None, "Сумма"]])
def test_totals_rows_are_not_paid(row):
    item = found("totals_row", employees(ANNA, row, IVAN))
    assert (item.fact("rows"), severity(item)) == ("3", "notice")
    inputs, _ = read(employees(ANNA, row, IVAN))
    assert [payee.id for payee in inputs.payees] == ["00042", "00043"]


def test_a_person_called_like_a_total_is_paid():
    inputs = clean_read(employees(["00042", "Сумма Анна", "Отдел", "М"]))
    assert len(inputs.payees) == 1


def test_row_without_number():
    assert found("no_number", employees(ANNA, [None, "Иван", "Отдел", "М"])).place.cell == "A3"
    assert found("no_number", employees(), facts([None, 5.0])).fact("row") == "2"


def test_duplicate_number_names_both_rows():
    item = found("duplicate_payee", employees(ANNA, IVAN, ANNA))
    assert (item.place.cell, item.fact("first"), item.fact("row")) == ("A4", "A2", "4")


def test_numeric_personnel_numbers():
    people = employees([42.0, *ANNA[1:]], [43.0, *IVAN[1:]])
    inputs = clean_read(people, facts(["42", 1.0, 1.0], [43.0, 2.0, 2.0]))
    assert [payee.id for payee in inputs.payees] == ["42", "43"]
    assert inputs.actual["sales"].values == [Decimal(1), Decimal(2)]
    assert (found("numeric_personnel_number", people).fact("count")) == "2"


@pytest.mark.parametrize("value", [42.5, True, date(2026, 10, 1), -1.0, float("nan")])
def test_bad_personnel_number(value):
    assert found("bad_personnel_number", employees([value, *ANNA[1:]], IVAN)).place.cell == "A2"


def test_lost_leading_zeros():
    sheets = employees(), facts([42.0, 1.0, 1.0], [43.0, 2.0, 2.0])
    assert clean_read(*sheets).actual["sales"].values == [Decimal(1), Decimal(2)]
    item = found("zeros_restored", *sheets)
    assert (item.fact("count"), item.fact("found"), item.fact("number")) == ("2", "42", "00042")


def test_lost_leading_zeros_of_two_people():
    people = employees(ANNA, ["042", "Пётр", "Продажи", "М"])
    assert found("number_matches_several", people, facts([42.0, 1.0, 1.0])).fact("numbers") == "00042, 042"


def test_text_number_without_zeros_is_unknown():
    meant = found("zeros_differ", employees(), facts(["42", 1.0, 1.0]))
    assert (meant.fact("number"), meant.fact("name")) == ("00042", "Анна Белова")


def test_a_personnel_number_that_is_like_nobodys():
    found("unknown_payee_far", employees(), facts(["К-117", 1.0, 1.0]))


def test_numbers_that_cannot_be_read_leave_nobody_unknown():
    sheets = employees([42.5, *ANNA[1:]], [43.5, *IVAN[1:]]), facts(["00042", 1.0, 1.0])
    assert [item.code for item in read(*sheets)[1]] == ["bad_personnel_number"] * 2
    unsaved = employees([None, *ANNA[1:]], [43.5, *IVAN[1:]], faults={(1, 0): "formula"})
    assert [item.code for item in read(unsaved, sheets[1])[1]] == ["formula_without_value", "bad_personnel_number"]
    assert [item.code for item in read(Sheet("Сотрудники", [list(HEAD)]), sheets[1])[1]] == ["nobody_to_pay"]


def test_unknown_payee_is_found_by_name():
    sheet = facts(["9", "Иван Котов", 1.0], head=("Табельный номер", "ФИО", "Продажи"))
    item = found("unknown_payee_named", employees(), sheet)
    assert (item.fact("nearest"), item.place.cell) == ("00043 (Иван Котов)", "A2")
    short = facts(["9", "Котов И.", 1.0], head=("Табельный номер", "ФИО", "Продажи"))
    assert found("unknown_payee_named", employees(), short).fact("nearest") == "00043 (Иван Котов)"


def test_an_unknown_number_is_near_only_to_those_who_have_no_row():
    rows = ["00042", 1.0, 1.0], ["00024", 1.0, 1.0]
    found("unknown_payee_far", employees(ANNA, ["К-7", *IVAN[1:]]), facts(*rows))
    found("unknown_payee", employees(ANNA, IVAN), facts(["00045", 1.0, 1.0], rows[0]))
    found("unknown_payee_far", employees(ANNA, IVAN), facts(["00045", 1.0, 1.0]))


def test_a_finished_payroll_is_no_workbook():
    own = Sheet("Payroll", [["Name"]]), Sheet("Run", [["Run"]])
    _, issues = read(*own)
    assert [item.code for item in issues] == ["file_is_payroll"]


def test_letters_of_the_other_alphabet_in_headings_and_sheets():
    assert found("latin_letters", employees(), facts(["00042", 1.0], head=(HEAD[0], "Пpодажи"))).place.cell == "B1"
    assert found("latin_letters", employees(), facts(["00042", 1.0], head=("Tабельный номер", "Продажи")))
    assert found("latin_letters", employees(), facts(name="Фaкт")).fact("nearest") == "Факт"
    people = employees(ANNA, [*IVAN[:2], "Пpодажи", IVAN[3]])
    assert found("latin_letters", people).place.cell == "C3"


def test_letters_for_zeros_and_of_the_other_alphabet():
    assert found("letter_for_zero", employees(), facts(["ООO42", 1.0, 1.0])).fact("number") == "00042"
    people = employees(["К-42", *ANNA[1:]])
    assert found("latin_letters", people, facts(["K-42", 1.0, 1.0])).fact("nearest") == "К-42"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Иванова Анна Сергеевна", "иванова анна  сергеевна", True),
        ("Семёнова Анна", "Семенова Анна Сергеевна", True),
        ("Анна Иванова", "Иванова Анна Сергеевна", True),
        ("Иванова", "Иванова Анна Сергеевна", True),
        ("Иванова А. С.", "Иванова Анна Сергеевна", True),
        ("А.С. Иванова", "Иванова Анна Сергеевна", True),
        ("Иванова АС", "Иванова Анна Сергеевна", True),
        ("Ивановa Анна", "Иванова Анна", True),
        ("Наталия Ким", "Наталья Ким", True),
        ("Anna Ivanova", "Иванова Анна", True),
        ("—", "Иванова Анна", True),
        ("Иванова П.", "Иванова Анна Сергеевна", False),
        ("Иванова Анна", "Иванов Пётр", False),
        ("Иванова Анна Сергеевна", "Петров Олег Николаевич", False),
        ("Ли Анна", "Ли Пётр", False),
    ],
)
def test_one_person_or_two(one, other, same):
    assert same_person(one, other) is same
    assert same_person(other, one) is same


def test_a_name_beside_a_number_is_its_payees():
    head = ("Табельный номер", "ФИО", "Продажи")
    rows = ["00043", "Белова А.", 1.0], ["00042", "БЕЛОВА АННА", 1.0]
    item = found("name_differs", employees(), facts(*rows, head=head))
    assert (severity(item), item.place.cell) == ("warning", "B2")
    assert item.fact("name") == "Иван Котов"
    amounts = Sheet("Корректировки", [[head[0], head[1], "Сумма", "Причина"], ["00042", "Котов", 1.0, "Аванс"]])
    assert found("name_differs", employees(), facts(), amounts).place.sheet == "Корректировки"


@pytest.mark.parametrize("dash", ["-", "—", "…", "-- "])
def test_a_dash_is_no_department(dash: str) -> None:
    assert found("blank_department", employees(["1", "Анна", dash, None])).place.cell == "C2"


def test_blank_name_is_refused_blank_department_is_not():
    assert found("blank_name", employees(["1", " ", "Отдел", "М"])).place.cell == "B2"
    item = found("blank_department", employees(["1", "Анна", None, None]))
    assert (severity(item), item.place.cell) == ("warning", "C2")
    assert clean_read(employees(["1", "Анна", None, None])).payees[0].department == ""


@pytest.mark.parametrize(
    ("one", "two"), [("Отдел продаж", "отдел Продаж"), ("Учёт", "Учет"), ("IT-отдел", "IT - отдел")]
)
def test_department_in_two_spellings(one, two):
    item = found("department_spelling", employees(["1", "А", one, ""], ["2", "Б", two, ""], ["3", "В", two, ""]))
    assert (item.fact("found"), item.fact("first"), item.fact("cell"), item.place.cell) == (two, one, "C2", "C3")


def test_nobody_to_pay():
    found("nobody_to_pay", Sheet("Сотрудники", [list(HEAD)]))


# Numbers


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1 800,00", "1800"),
        ("1\xa0800.5", "1800.5"),
        ("1\u202f234\u202f567", "1234567"),
        ("20%", "0.2"),
        ("12,5 %", "0.125"),
        ("1 800 руб.", "1800"),
        ("1800₽", "1800"),
        ("−5", "-5"),
        ("+7", "7"),
        ("1,5", "1.5"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1 234,567", "1234.567"),
        ("1,234.50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1,234,567", "1234567"),
        ("100 шт", "100"),
    ],
)
def test_numbers_kept_as_text(text, figure):
    sheets = employees(), facts(["00042", 1.0, text])
    assert number_in_text(text, {"руб", "₽", "шт"}) == Decimal(figure)
    if "%" in text:
        # Of calls nobody knows of what.
        assert found("cell_per_cent", *sheets).place.cell == "C2"
    elif "руб" not in text:
        assert clean_read(*sheets).actual["calls"].values[0] == Decimal(figure)
    item = found("text_number", *sheets)
    assert (item.place.cell, severity(item)) == ("C2", "notice")


def test_one_notice_for_a_column():
    rows = [[str(n), "А", "Отдел", ""] for n in range(1, 8)]
    item = found("text_number", employees(*rows), facts(*[[str(n), f"{n}", 1.0] for n in range(1, 8)]))
    assert (item.fact("count"), item.fact("cells")) == ("7", "B2, B3, B4, B5, B6, …")


def test_csv_needs_no_notice():
    _, issues = read(employees(), facts(["00042", "5", "6"]), file="october")
    assert issues == []


@pytest.mark.parametrize(
    ("text", "thousands", "decimals"), [("1,234", "1\xa0234", "1,234"), ("12.345", "12\xa0345", "12,345")]
)
def test_ambiguous_number(text, thousands, decimals):
    item = found("ambiguous_number", employees(), facts(["00042", text, 1.0]))
    assert (item.fact("thousands"), item.fact("decimals")) == (thousands, decimals)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("-", "none_not_number", "-"),
        ("н/д", "not_a_number", "н/д"),
        ("Нет", "none_not_number", "Нет"),
        ("x", "not_a_number", "x"),
        ("(500)", "not_a_number", "(500)"),
        ("1 80", "not_a_number", "1 80"),
        ("010", "not_a_number", "010"),
        ("1e5", "not_a_number", "1e5"),
        ("100 USD", "not_a_number", "100 USD"),
        ("5 мин", "not_a_number", "5 мин"),
        (float("nan"), "not_a_number", "nan"),
        (float("inf"), "not_a_number", "inf"),
        (True, "logical_not_number", "TRUE"),
        (date(2026, 10, 1), "date_not_number", "2026-10-01"),
        (datetime(2026, 10, 1), "date_not_number", "2026-10-01"),  # noqa: DTZ001 - a spreadsheet knows no time zones
        (time(12, 30), "time_not_number", "12:30:00"),
        (2e15, "number_too_large", "2\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000"),
        ("#Н/Д", "error_cell", "#Н/Д"),
    ],
)
def test_what_is_no_number(value, code, shown):
    item = found(code, employees(), facts(["00042", 1.0, value]))
    assert (item.place.cell, item.fact("found")) == ("C2", shown)


def test_faults_are_never_blank():
    sheet = facts(["00042", None, None], faults={(1, 1): "#DIV/0!", (1, 2): "formula"})
    assert found("error_cell", employees(), sheet).place.cell == "B2"
    assert found("formula_without_value", employees(), sheet).place.cell == "C2"
    assert found("error_cell", employees(ANNA, [None, "Иван"], faults={(2, 0): "#N/A"})).place.cell == "A3"


def test_faults_matter_only_in_columns_that_are_read():
    head = ("Табельный номер", "Продажи", "Заметка")
    inputs = clean_read(employees(), facts(["00042", 1.0, None], head=head, faults={(1, 2): "#REF!"}))
    assert inputs.actual["sales"].values[0] == Decimal(1)


def test_a_date_where_a_name_belongs():
    found("not_a_text", employees(["1", date(2026, 1, 1), "Отдел", ""]))


# Plan and actuals


def test_heading_with_its_unit():
    inputs = clean_read(employees(), facts(["00042", 1.0], head=("Табельный номер", "Продажи, руб.")))
    assert list(inputs.actual) == ["sales"]


def test_heading_with_another_unit():
    item = found("heading_unit", employees(), facts(["00042", 1.0], head=("Табельный номер", "Продажи, тыс. руб")))
    assert (item.fact("found"), item.fact("unit")) == ("тыс. руб", "руб")


def test_computed_kpis_are_planned_but_not_reported():
    head = ("Табельный номер", "Конверсия", "Продажи отдела")
    row = ["00042", 0.2, "н/д"]
    assert clean_read(employees(), facts(["00042", 0.2], head=head, name="План")).plan["conversion"].values[0] == (
        Decimal("0.2")
    )
    assert clean_read(employees(), facts(row, head=head)).actual == {}
    assert found("computed_kpi", employees(), facts(row, head=head)).fact("headings") == (
        "Конверсия (B), Продажи отдела (C)"
    )


def test_heading_like_a_kpi():
    item = found("heading_like_kpi", employees(), facts(["00042", 1.0], head=("Табельный номер", "Холодные звонкм")))
    assert (item.fact("nearest"), severity(item)) == ("Холодные звонки", "warning")


def test_wide_duplicate_row():
    item = found("duplicate_row", employees(), facts(["00042", 1.0, 1.0], ["00043"], ["00042", 2.0, 2.0]))
    assert (item.fact("first"), item.fact("row")) == ("2", "4")


@pytest.mark.parametrize("head", [("Табельный номер", "Показатель", "Факт"), ("Personnel number", "KPI", "Value")])
def test_long_form(head):
    rows = ["00043", "продажи, руб", 5.0], ["00042", "calls", "7"], ["00043", "Холодные звонки", None]
    inputs = clean_read(employees(), facts(*rows, head=head))
    assert inputs.actual["sales"].values == [None, Decimal(5)]
    assert inputs.actual["calls"].values == [Decimal(7), None]
    assert list(inputs.actual["calls"].rows) == [3, 4]
    assert str(inputs.actual["sales"].place(1)) == "plan.xlsx › Факт!C2"


LONG = ("Табельный номер", "Показатель", "Значение")


def test_long_form_errors():
    unknown = found("unknown_kpi_name", employees(), facts(["00042", "Продажа", 1.0], head=LONG))
    assert (unknown.fact("nearest"), unknown.place.cell) == ("Продажи", "B2")
    twice = facts(["00042", "sales", 1.0], ["00042", "Продажи", 2.0], head=LONG)
    item = found("duplicate_figure", employees(), twice)
    assert (item.fact("first"), item.fact("row"), item.fact("kpi")) == ("C2", "3", "Продажи")
    found("blank_kpi", employees(), facts(["00042", None, 1.0], head=LONG))
    found("computed_kpi", employees(), facts(["00042", "Конверсия", 1.0], head=LONG))


# Periods

MONTHLY = ("Период", "Табельный номер", "Продажи")


def test_rows_of_other_months_are_skipped():
    rows = ["октябрь 2026", "00042", 1.0], ["2026-09", "00042", 2.0], [date(2026, 9, 1), "00043", "н/д"]
    assert clean_read(employees(), facts(*rows, head=MONTHLY)).actual["sales"].values == [Decimal(1), None]
    item = found("other_months", employees(), facts(*rows, head=MONTHLY))
    assert (item.fact("count"), item.fact("months")) == ("2", "2026-09")


def test_period_cell_that_is_no_month():
    assert found("not_a_month", employees(), facts(["осень", "00042", 1.0], head=MONTHLY)).place.cell == "A2"
    found("month_blank", employees(), facts([None, "00042", 1.0], head=MONTHLY))


def test_period_of_the_columns_and_of_the_file_name():
    sheet = facts(["10.2026", "00042", 1.0], head=MONTHLY)
    assert clean_read(employees(), sheet, period=None).period == "2026-10"
    assert clean_read(employees(), period=None, file="2020-01/plan_2026-11.xlsx").period == "2026-11"
    item = found("period_conflict", employees(), sheet, period=None, file="plan_2026-11.xlsx")
    assert (item.fact("found"), item.fact("months")) == ("2026-11", "2026-10")
    assert "имя файла" in remedy(item, "ru")


def test_period_unknown_or_several():
    found("period_unknown", employees(), period=None)
    rows = ["2026-09", "00042", 1.0], ["2026-10", "00042", 1.0]
    assert found("period_several", employees(), facts(*rows, head=MONTHLY), period=None).fact("months") == (
        "2026-09, 2026-10"
    )
    found("not_a_period", employees(), period="осень")


def test_period_asked_for_is_not_there():
    rows = ["2026-08", "00042", 1.0], ["2026-09", "00042", 1.0]
    item = found("period_absent", employees(), facts(*rows, head=MONTHLY))
    assert item.fact("months") == "2026-08, 2026-09"
    codes = [one.code for one in read(employees(), facts(*rows, head=MONTHLY))[1]]
    assert "other_months" not in codes, "that nothing need be done would be no help"


def test_period_asked_for_and_another_one_in_the_file_name():
    item = found("other_month", employees(), file="plan_2026-11.xlsx")
    assert (severity(item), item.fact("found")) == ("error", "ноябрь 2026")


# Team plan and adjustments

TEAM = ("Подразделение", "Показатель", "Минимум", "Норма", "Максимум")


def team(*rows, head=TEAM):
    return Sheet("План отдела", [list(head), *map(list, rows)])


def test_team_plan():
    inputs = clean_read(employees(), team(["ПРОДАЖИ", "Продажи отдела", 1.0, None, 3.0]))
    levels = inputs.team_plan["team_sales", "Продажи"]
    assert {level: figure.value for level, figure in levels.items()} == {
        "minimum": Decimal(1),
        "norm": None,
        "maximum": Decimal(3),
    }
    assert levels["maximum"].place.cell == "E2"
    english = Sheet("Team plan", [["Department", "KPI", "Norm"], ["Продажи", "team_sales", 2.0]])
    assert list(clean_read(employees(), english).team_plan["team_sales", "Продажи"]) == ["norm"]


def test_team_plan_errors():
    assert found("unknown_department", employees(), team(["Продажа", "sales", 1.0])).fact("nearest") == "Продажи"
    found("unknown_department_far", employees(), team(["Кадры", "sales", 1.0]))
    found("unknown_kpi_name_far", employees(), team(["Продажи", "Прибыль", 1.0]))
    found("blank_team_department", employees(), team([None, "sales", 1.0]))
    item = found("duplicate_team_plan", employees(), team(["Продажи", "sales", 1.0], ["Продажи", "Продажи", 2.0]))
    assert (item.fact("first"), item.fact("row")) == ("2", "3")
    assert found("levels_missing", employees(), team(["Продажи", "sales"], head=TEAM[:2])).place.cell == "A1"


def test_levels_in_order():
    item = found("levels_order", employees(), team(["Продажи", "sales", 3.0, None, 2.0]))
    assert (item.place.cell, item.fact("found")) == ("E2", "3 / 2")
    clean_read(employees(), team(["Продажи", "response", 30.0, 20.0, 20.0]))
    found("levels_order_lower", employees(), team(["Продажи", "response", 10.0, 20.0, None]))


def adjustments(*rows, head=("Табельный номер", "Сумма", "Причина")):
    return Sheet("Корректировки", [list(head), *map(list, rows)])


def test_adjustments_keep_their_order():
    sheet = adjustments(["00043", -500.0, "Аванс"], ["00042", 1.0, "Премия"], ["00043", 200.5, "Возврат"])
    inputs = clean_read(employees(), sheet)
    assert [(item.amount, item.reason, item.place.cell) for item in inputs.adjustments[1]] == [
        (Decimal(-500), "Аванс", "B2"),
        (Decimal("200.5"), "Возврат", "B4"),
    ]
    assert len(inputs.adjustments[0]) == 1


def test_adjustments_of_two_workbooks():
    one = Book("a.xlsx", "1", (employees(ANNA), adjustments(["00042", 1.0, "Премия"])))
    two = Book("b.xlsx", "2", (employees(IVAN), adjustments(["00043", 2.0, "Премия"])))
    inputs, issues = read_inputs([one, two], schemes(), "2026-10")
    assert issues == []
    amounts = {index: [item.amount for item in items] for index, items in inputs.adjustments.items()}
    assert amounts == {0: [Decimal(1)], 1: [Decimal(2)]}


def test_adjustments_of_other_months_and_in_english():
    head = ("Personnel number", "Amount", "Reason", "Period")
    sheet = Sheet("Adjustments", [list(head), ["00042", 5.0, "Late", "2026-09"]])
    assert clean_read(employees(), sheet).adjustments == {}


def test_adjustment_errors():
    assert found("blank_amount", employees(), adjustments(["00042", None, "Аванс"])).place.cell == "B2"
    assert found("blank_reason", employees(), adjustments(["00042", 5.0, " "])).place.cell == "C2"
    found("unknown_payee_far", employees(), adjustments(["99", 5.0, "Аванс"]))
    people = employees([*ANNA, "No"], [*IVAN, None], head=[*HEAD, "Схема"])
    for number in ("00042", 42.0):
        item = found("adjustment_left_out", people, adjustments([number, 5.0, "Аванс"]))
        assert (item.fact("number"), item.fact("asked")) == ("00042", "No")


# All together


def test_all_issues_are_collected():
    _, issues = read(
        employees(ANNA, ["00042", None, "продажи", ""], ["7", "", "Отдел", ""]),
        facts(["99", "x", 1.0], ["00042", "y", True]),
        adjustments(["00042", None, None]),
    )
    assert sorted(item.code for item in issues) == [
        "blank_amount",
        "blank_name",
        "blank_reason",
        "duplicate_payee",
        "logical_not_number",
        "not_a_number",
        "not_a_number",
        "unknown_payee_far",
    ]


def test_codes_belong_to_one_catalogue():
    own = set(catalogue("issues_workbook"))
    for other in ("issues_scheme", "issues_pay", "issues_output"):
        assert own & set(catalogue(other)) == set()


def test_an_unread_figure_hides_no_blank():
    """A typo in one cell and a blank in another are told in the same run, and the typo is not called blank."""
    inputs, issues = read(employees(), facts(["00042", "1O0", None]))
    assert [item.code for item in issues] == ["not_a_number"]
    assert inputs
    assert {place.cell for place in inputs.unread} == {"B2"}
