"""Names that people type: the same name, the nearest one, the person who is meant. All answers are typed by hand."""

import pytest

from kpicalc.engine.compile import compile_schemes
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import message, remedy
from kpicalc.model.persons import find_people
from kpicalc.model.texts import certain, clean, hint, is_slip, name_key, nearest, nearest_number, spelling_key

PEOPLE = [
    "Иванова Анна Сергеевна",  # 0
    "Петров Олег Николаевич",  # 1
    "Петров Олег Иванович",  # 2
    "Сидорова-Белая Мария Павловна",  # 3
    "Ким Ирина",  # 4
    "Мамедов Али Гусейн оглы",  # 5
    "Лебедев Артём Юрьевич",  # 6
    "Иванов Сергей Андреевич",  # 7
]


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("Иванова Анна Сергеевна", [0]),
        ("ИВАНОВА  АННА\u00a0СЕРГЕЕВНА", [0]),
        ("Иванова А.С.", [0]),
        ("Иванова А. С.", [0]),
        ("Иванова АС", [0]),
        ("А.С. Иванова", [0]),
        ("Иванова Анна", [0]),
        ("Анна Иванова", [0]),
        ("Анна Сергеевна Иванова", [0]),
        ("Иванова, Анна", [0]),
        ("Иванова А", [0]),
        ("Иванова", [0]),
        # Initials stand in their order: Сергей Андреевич is no А.С.
        ("Иванов А.С.", []),
        ("Иванов С.А.", [7]),
        ("Петров О. Н.", [1]),
        ("Петров О.", [1, 2]),
        ("Петров", [1, 2]),
        ("Петров Олег", [1, 2]),
        ("Сидорова - Белая М. П.", [3]),
        ("Сидорова\u2011Белая", [3]),
        ("Ким И.", [4]),
        ("Ким Ирина Львовна", [4]),
        ("Мамедов А. Г.", [5]),
        ("Лебедев Артем", [6]),
        ("Лебедев Арте\u0308м", [6]),
        # A given name, a patronymic or initials are no name; a slip fits nobody.
        ("Анна", []),
        ("Анна Сергеевна", []),
        ("А.С.", []),
        ("Ивонова Анна", []),
        ("Иванова Ольга", []),
        ("Иванова Анна Сергеевна (уволена)", []),
        ("", []),
    ],
)
def test_who_is_meant(text, fitting):
    assert find_people(text, PEOPLE) == fitting


def test_a_whole_name_is_its_owners_and_namesakes_are_told_apart_by_nobody():
    assert find_people("Белова Анна", ["Белова Анна Ивановна", "Белова Анна"]) == [1]
    assert find_people("Белова Анна", ["Анна Белова", "белова анна"]) == [0, 1]


@pytest.mark.parametrize("text", ["Smith", "John Smith", "Smith, John", "Smith J.", "J. Smith"])
def test_english_names_stand_either_way(text):
    assert find_people(text, ["John Smith", "Mary Jones"]) == [0]


def test_where_names_come_first_the_patronymics_say_so():
    people = ["Анна Сергеевна Белова", "Иван Ильич Котов", "Ирина Ким"]
    assert [find_people(text, people) for text in ("Белова А.С.", "Котов", "Ким И.", "Ирина")] == [[0], [1], [2], []]


def test_what_nobody_sees_makes_no_other_name():
    assert clean("\u200eИванова\u200b  \u00adАнна\t\n") == "Иванова Анна"
    # macOS writes й and ё in two pieces.
    assert name_key("Валерии\u0306, Фе\u0308дор") == "валерий федор"
    assert spelling_key("Отдел № 1") == spelling_key("отдел №1") != spelling_key("отдел 1")
    assert spelling_key("C++") != spelling_key("C")


def test_the_nearest_name_is_near_or_none():
    assert nearest("Продожи", ["Продажи", "Звонки"]) == "Продажи"
    assert nearest("Бюджет", ["Продажи", "Звонки"]) == ""
    assert nearest(["Сотрудники", "Персонал"], ["Лист1", "Персанал"]) == "Персанал"
    assert nearest_number("00142", ["00042", "00143"]) == ""
    assert nearest_number("0042", ["00042", "00917"]) == "00042"


@pytest.mark.parametrize(
    ("found", "code", "letters"),
    [
        ("sаles", "russian_letters", ["а"]),
        ("ѕales", "russian_letters", ["ѕ"]),
        ("SАLES", "russian_letters", ["А"]),
        ("Выpучка", "latin_letters", ["p"]),
        ("ВЫPУЧКА", "latin_letters", ["P"]),
        ("учëт", "latin_letters", ["ë"]),
    ],
)
def test_letters_of_the_other_alphabet(found, code, letters):
    slip = certain(found, ["sales", "Выручка", "Учёт"])
    assert slip is not None
    assert (slip[0], slip[1]["letters"]) == (code, letters)


def test_a_hint_knows_titles_of_slips_too():
    titles = {"новыеклиенты": "new_clients"}
    assert hint("unknown_kpi", "Новые  КЛИЕНТЫ", ["new_clients"], titles) == (
        "title_for_key",
        {"found": "Новые  КЛИЕНТЫ", "fixed": "new_clients"},
    )
    assert hint("unknown_kpi", "Новые клиенти", ["new_clients"], titles)[1]["nearest"] == "new_clients"
    assert hint("unknown_kpi", "Прибыль", ["new_clients"], titles)[0] == "unknown_kpi_far"


SCHEME = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals: {from: Сделки, payee: Менеджер, date: Дата, undated: error, columns: {amount: Сумма сделки}}
kpis:
  sales: {title: Продажи, unit: руб}
  new_clients: {title: Новые клиенты, unit: шт}
  deals_sum: {title: Сделки на сумму, from: deals, sum: COLUMN}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
      - commission: {id: plain, title: Простая комиссия, on: sales, rate: 1%}
      - formula: {id: other, title: Другая, pays: PAYS}
"""


def told(pays="sales * 10%", column="amount"):
    text = SCHEME.replace("PAYS", pays).replace("COLUMN", column)
    book, found = read_scheme_text("scheme.yaml", text.encode())
    if book is not None and not found:
        found = compile_schemes(book)[1]
    return [(item.code, item.fact("fixed") or item.fact("nearest"), item.place.column) for item in found]


@pytest.mark.parametrize(
    ("pays", "expected"),
    [
        ("Продажи * 10%", ("title_for_key", "sales")),
        ("SALES * 10%", ("title_for_key", "sales")),
        ("sаles * 10%", ("russian_letters", "sales")),
        ("Новые клиенты * 100", ("title_for_key", "new_clients")),
        ("plan(новые клиенты) * 2", ("title_for_key", "new_clients")),
        ("attainment(Продажи) * 2", ("title_for_key", "sales")),
        ("previous(Sales) * 2", ("title_for_key", "sales")),
        ("Простая комиссия * 2", ("title_for_key", "plain")),
        ("Продажы * 10%", ("unknown_name", "sales")),
    ],
)
def test_a_formula_knows_what_a_key_knows(pays, expected):
    found = told(pays)
    assert [item[:2] for item in found] == [expected]
    word = pays.partition("(")[2] or pays
    assert found[0][2] == len("      - formula: {id: other, title: Другая, pays: ") + 1 + pays.index(word)


def test_an_expression_over_facts_knows_its_headings():
    assert [item[:2] for item in told(column="Сумма сделки")] == [("title_for_key", "amount")]
    assert [item[:2] for item in told(column="AMOUNT")] == [("title_for_key", "amount")]


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Учёт", "учет", "same_title"),
        ("Новые клиенты", "Новые  Клиенты", "same_title"),
        ("Продажи (план)", "Продажи, план", "same_title"),
    ],
)
def test_titles_that_a_workbook_cannot_tell_apart(one, other, code):
    text = SCHEME.replace("title: Продажи,", f"title: '{one}',").replace("title: Новые клиенты,", f"title: '{other}',")
    _, found = read_scheme_text("scheme.yaml", text.replace("PAYS", "sales").replace("COLUMN", "amount").encode())
    assert [item.code for item in found] == [code]
    assert other in message(found[0], "ru")
    assert remedy(found[0], "en")


@pytest.mark.parametrize(
    "positions", [("Стажёр", "Стажер"), ("стажёр", "Стажёр"), ("Старший менеджер", "Старший  Менеджер")]
)
def test_two_schemes_for_positions_that_differ_by_spelling(positions):
    one, two = positions
    text = f"""
kpicalc: 1
language: ru
rules: {{money: {{round: 0.01, ties: half_up}}}}
kpis: {{sales: {{title: Продажи}}}}
schemes:
  one: {{for: {{position: "{one}"}}, pay: [{{base_salary: {{amount: 100}}}}]}}
  two: {{for: {{position: "{two}"}}, pay: [{{base_salary: {{amount: 200}}}}]}}
"""
    _, found = read_scheme_text("scheme.yaml", text.encode())
    assert [item.code for item in found] == ["two_schemes_for_position"]


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("Отдел прода", "Отдел продаж", True),
        ("Отдел прдоаж", "отдел  продаж", True),
        ("Отдел продож", "Отдел продаж", True),
        ("Отдел А", "Отдел Б", False),  # a letter is a name
        ("Магазин 12", "Магазин 13", False),
        ("Юг", "Юга", False),  # too short to be sure
        ("Отдел продаж", "Отдел закупок", False),
        ("Отдел продаж", "Отдел продаж Юг", False),
        ("Отдел продаж", "Отдел продаж", False),  # the same
    ],
)
def test_a_slip_of_the_pen(one: str, other: str, slip: bool) -> None:
    assert is_slip(one, other) is is_slip(other, one) is slip
