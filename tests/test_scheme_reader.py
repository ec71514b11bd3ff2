"""The scheme file: what it gives, and every finding with its line and column, typed by hand."""

import re
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel, ConfigDict, Field

from kpicalc import app
from kpicalc.engine.components import all_components
from kpicalc.intake.scheme import read as reader
from kpicalc.intake.scheme.errors import translate
from kpicalc.intake.scheme.json_schema import json_schema
from kpicalc.intake.scheme.read import read_scheme, read_scheme_text
from kpicalc.intake.scheme.yaml_text import read_yaml
from kpicalc.lang import LANGUAGES, catalogue, message, remedy, severity
from kpicalc.model.entry import Entry
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import Exact, Source

TWINS = """\
kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}}
schemes:
  a: {title: Стажёр, pay: [base: {amount: 5}]}
  b: {title: Стажер, pay: [base: {amount: 5}]}
"""
EXAMPLE = """\
kpicalc: 1                       # format version
title: Отдел продаж, 2026
language: ru
currency: RUB
rules:
  money:      {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
  missing: error
  zero_plan: error

kpis:
  cold_calls:      {title: Холодные звонки, unit: шт}
  decision_makers: {title: Разговоры с ЛПР, unit: шт}
  offers:          {title: Коммерческие предложения, unit: шт}
  payments:        {title: Оплаты, unit: шт}
  sales:           {title: Продажи, unit: руб}
  response_time:   {title: Время ответа, unit: мин, better: lower}
  conversion:      {title: Конверсия, unit: "%", formula: payments / cold_calls}
  activity:        {title: Активность, formula: cold_calls + 3 * offers}
  department_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}

schemes:
  sales_manager:
    title: Менеджер по продажам
    for: {position: Менеджер по продажам}
    pay:
      - base_salary: {amount: 15000, prorate: days}
      - action_pay:
          reward: 15000
          pays: all_or_nothing
          goals: {cold_calls: 100, decision_makers: 70, offers: 60}
      - commission:
          title: Бонус с продаж
          on: sales
          threshold: 15000
          pays_on: excess
          rate: 20%
    examples:
      - title: Пример из положения об оплате
        actual: {cold_calls: 100, decision_makers: 70, offers: 60, sales: 100000}
        pays: {base_salary: 15000, action_pay: 15000, commission: 17000, total: 47000}

  marketer:
    title: Маркетолог
    for: {position: Маркетолог}
    pay:
      - base_salary: {amount: 560}
      - kpi_bonus:
          target: 240
          weights: {new_clients: 50%, repeat_orders: 25%, reviews: 25%}
          index: {round_parts: 0.001, ties: down}
          payout:
            bands:
              - {from: 0%, pays: 0}
              - {from: 70%, pays: index}
"""

HEAD = """\
kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  sales: {title: Продажи}
  plan_sales: {title: План}
"""
ONE = HEAD + "schemes:\n  a:\n    pay: [base]\n"  # `pay` stands in line 8


class Tail(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: ClassVar[str] = "base"
    id: str | None = None
    title: str | None = None
    amount: Exact | None = Field(default=None, ge=0, le=100000)
    ties: str | None = None


@pytest.fixture(name="_stub")
def stub(monkeypatch):
    class Fee(Tail):
        rate: Exact

    monkeypatch.setattr(reader, "all_components", lambda: {"base": Tail, "fee": Fee})
    monkeypatch.setattr(reader, "component_titles", lambda: {"комиссия": "fee"})


def found(text: str | bytes) -> list[str]:
    """Return the findings as `line:column code`, and check that both languages have words for them."""
    raw = text.encode() if isinstance(text, str) else text
    _, issues = read_scheme_text("s.yaml", raw)
    return [told(one) for one in issues]


def told(one: Issue) -> str:
    assert severity(one) == "error"
    for language in LANGUAGES:
        for words in (message(one, language), remedy(one, language)):
            assert "…" not in words.replace(": …»", "").replace(": …`", "").replace("[…]", "").replace(": …}", ""), (
                words
            )
            assert words.strip(), one
            assert "«»" not in words, words
            assert "``" not in words, words
    return f"{one.place.line}:{one.place.column} {one.code}"


def test_the_example_of_the_manual_is_read_in_full():
    book, issues = read_scheme_text("scheme.yaml", EXAMPLE.encode())
    assert issues == []
    assert book is not None
    assert (book.title, book.language, book.currency) == ("Отдел продаж, 2026", "ru", "RUB")
    assert list(book.schemes) == ["sales_manager", "marketer"]
    manager = book.schemes["sales_manager"]
    assert [item.name for item in manager.pay] == ["base_salary", "action_pay", "commission"]
    assert manager.pay[2].component.rate == Decimal("0.2")
    assert manager.audience.position == "Менеджер по продажам"
    assert manager.rules.zero_actual == "error"
    assert manager.examples[0].pays["total"] == 47000
    assert book.kpis["conversion"].formula == "payments / cold_calls"
    assert len(book.sha256) == 64
    place = book.source.place("schemes", "sales_manager", "pay", 2, "commission", "rate")
    assert str(place) == "scheme.yaml:37:11"
    assert book.source.marks["kpis", "conversion", "formula", "="] == (18, 59)


def test_titles_default_to_the_key(_stub):
    book, _ = read_scheme_text("s.yaml", ONE.encode())
    assert book is not None
    assert book.schemes["a"].title == "a"
    assert book.title == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(_stub, encoding):
    assert found(ONE.encode(encoding)) == []


def test_every_scalar_stays_text():
    text = b"[010, 12:30, 20%, on, 1_000, true, 0x1F, 1e3, 2026-01-01, ~, null, '', 'null', .inf]"
    value, _, issues = read_yaml("f", text)
    assert issues == []
    assert value == [
        "010", "12:30", "20%", "on", "1_000", "true", "0x1F", "1e3", "2026-01-01", None, None, "", "null", ".inf",
    ]  # fmt: skip


def test_marks_point_at_keys_items_and_text():
    text = "a: &x  'q'\nb: |\n\n   text\nc: *x\nd:\n  - e: 5\n"
    value, marks, _ = read_yaml("f", text.encode())
    assert value == {"a": "q", "b": "\ntext\n", "c": "q", "d": [{"e": "5"}]}
    assert marks["a",] == (1, 1)
    assert marks["a", "="] == (1, 9)
    assert marks["b", "="] == (4, 4)
    assert marks["c",] == (5, 1)
    assert marks["c", "="] == (1, 9)
    assert marks["d", 0] == (7, 5)
    assert marks["d", 0, "e", "="] == (7, 8)


def test_a_formula_in_braces_keeps_its_commas():
    value, marks, issues = read_yaml("f", b"{title: x, pays: max(0 , min(a, b - 1)) * 10%, id: y}")
    assert issues == []
    assert value == {"title": "x", "pays": "max(0 , min(a, b - 1)) * 10%", "id": "y"}
    assert marks["pays", "="] == (1, 18)


YAML = [
    ("a: \x01b", "1:4 yaml_control_character"),
    ("a: 1\n---\nb: 2\n", "2:1 yaml_documents"),
    ("a:\n\tb: 1\n", "2:1 yaml_tab"),
    ("a:\t\n  b:\t- c", "1:3 yaml_tab"),
    ("a: 1\nb:2\nc: 3\n", "2:1 yaml_colon_space"),
    ("a:1\nb: 2\n", "1:1 yaml_colon_space"),
    ("a: {rate:20%}\n", "1:5 yaml_colon_space"),
    ("a: {of:[x, y]}\n", "1:5 yaml_colon_space"),
    ("a:{b: 1}\n", "1:1 yaml_colon_space"),
    ("c: 1\na:{b: 1, d: 2}\n", "2:1 yaml_colon_space"),
    ("c:\n  - a:[b: 1]\n", "2:5 yaml_colon_space"),
    ('a:"b: c"\n', "1:1 yaml_colon_space"),
    ("a: 1\nb 2\nc: 3\n", "2:1 yaml_colon_missing"),
    ("a: 1\nb 2  # two\n\n  # deeper\n  c: 3\n", "2:1 yaml_colon_missing"),
    ("a:\n  - b\n      c: {d: 3}\n", "2:5 yaml_colon_missing"),
    ("a: 1\n  b: {c: 2}\n", "2:3 yaml_indent"),
    ("a: b: c\n", "1:5 yaml_colon_in_value"),
    ("a: 'x\nb: 2\n", "1:4 yaml_quote"),
    ("a: [1, 2\nb: 3\n", "2:2 yaml_bracket"),
    ("a: {b: 1\nc: 2\n", "2:2 yaml_bracket"),
    ("a:\n  b: 1\n c: 2\n", "3:2 yaml_indent"),
    ("a: 1\n b: 2\n", "2:2 yaml_indent"),
    ("a: %x\n", "1:4 yaml_needs_quotes"),
    ("a: * 2\n", "1:5 yaml_needs_quotes"),
    ("a: {b: 1,, c: 2}\n", "1:10 yaml_extra_sign"),
    ('a: "\\q"\n', "1:6 yaml_syntax"),
    ("a: *x\n", "1:4 yaml_alias_unknown"),
    ("a: &x [*x]\n", "1:8 yaml_alias_loop"),
    ("a: &x {b: 1}\nc:\n  <<: *x\n", "3:3 yaml_merge_key"),
    ("a: !!python/object:os.system x\n", "1:4 yaml_tag"),
    ("? [a]\n: 1\n", "1:3 yaml_key_shape"),
    ("a: 1\nb: 2\na: 3\n", "3:1 duplicate_key"),
    ("a: " + "[" * 3000 + "]" * 3000, "1:44 yaml_too_deep"),
    ("- x\n" * 60000, "50000:3 yaml_too_big"),
    ("", "0:0 yaml_empty"),
    ("# only words\n", "0:0 yaml_empty"),
    ("a: Оклад\n".encode("cp1251"), "1:1 yaml_encoding"),
]


@pytest.mark.parametrize(("text", "expected"), YAML, ids=[expected.split()[1] for _, expected in YAML])
def test_yaml_findings(text, expected):
    raw = text.encode() if isinstance(text, str) else text
    _, _, issues = read_yaml("f", raw)
    assert [told(one) for one in issues] == [expected]


def test_a_quoted_text_is_never_joined_with_what_follows():
    value, _, _ = read_yaml("f", b"{a: 'max(0', b}")
    assert value == {"a": "max(0", "b": None}


def test_many_aliases_cannot_blow_up():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    _, marks, issues = read_yaml("f", "\n".join(lines).encode())
    assert [one.code for one in issues] == ["yaml_too_big"]
    assert len(marks) < 100_000


def test_duplicate_key_names_both_lines():
    _, _, issues = read_yaml("f", b"a: 1\nb: 2\na: 3\n")
    assert message(issues[0], "ru") == "Ключ «a» повторяется: он уже есть в строке 1"


TWO = "    for: {position: Менеджер}\n  b:\n    pay: [base]\n    for: {position: [Юрист, менеджер]}\n"


def scheme(pay: str, more: str = "") -> str:
    return f"{HEAD}schemes:\n  a:\n    pay: {pay}\n{more}"


FILE = [
    (ONE.replace("kpicalc: 1", "kpicalc: 2"), "1:1 format_version"),
    (ONE + "currency: rub\n", "9:1 currency_code"),
    (ONE + "shcemes: 1\n", "9:1 unknown_key"),
    (ONE + "zzz: 1\n", "9:1 unknown_key_far"),
    (ONE + "workbook: {sheets: {plans: x}}\n", "9:21 unknown_key"),
    (HEAD, "1:1 missing_key"),
    (ONE.replace("kpicalc: 1\n", "title: x\n"), "1:1 missing_choice"),
    (ONE + "language: run\n", "9:1 bad_choice"),
    (ONE + "language: de\n", "9:1 bad_choice_far"),
    (ONE.replace("round: 0.01", "round: non"), "2:17 choice_or_number"),
    (ONE.replace("round: 0.01", "round: exact"), "2:17 choice_or_number_far"),
    (ONE.replace("round: 0.01", "round: '0,01'"), "2:17 number_comma"),
    (scheme("[base: {amount: x}]"), "8:18 not_exact_number"),
    (scheme("[base: {amount: 15 000}]"), "8:18 number_spaces"),
    (scheme("[base: {amount: 010}]"), "8:18 number_zero"),
    (scheme("[base: {amount: 500 руб.}]"), "8:18 number_currency"),
    (scheme("[base: {amount: '015 000,5'}]"), "8:18 number_form"),
    (scheme("[base: {amount: 0,7}]"), "8:26 number_comma"),
    (scheme("[base: {amount: 1,500}]"), "8:26 number_ambiguous"),
    (ONE.replace("{title: План}", "{title: План, unit руб}"), "5:29 yaml_colon_lost"),
    (ONE.replace("{title: План}", "{title: План, net of returns}"), "5:29 unknown_key_far"),
    (ONE.replace("  plan_sales", "\u00a0 plan_sales"), "5:1 yaml_no_break_space"),
    (ONE.replace("plan_sales: ", "plan_sales:\u00a0"), "5:14 yaml_no_break_space"),
    (ONE.replace("{title: План}", "{team: sum, of: Продажи}"), "5:27 title_for_key"),
    (scheme("[Комиссия]"), "8:11 title_for_key"),
    (ONE.replace("{title: План}", "{tеam: sum, of: sales}"), "5:16 russian_letters"),
    ("PK\x03\x04", "0:0 scheme_is_workbook"),
    (scheme("[base: {amount: '1,500'}]"), "8:18 number_ambiguous"),
    (scheme("[base: {amount: 65.000}]"), "8:18 number_ambiguous"),
    (scheme("[base: {amount: 1.500}]"), "8:18 number_ambiguous"),
    (scheme("[base: {amount: -5}]"), "8:18 number_out_of_range"),
    (scheme("[base: {amount: 100001}]"), "8:18 number_out_of_range"),
    (scheme("[base: {amount: [1]}]"), "8:18 needs_number"),
    (scheme("[base: {title: [x]}]"), "8:18 needs_text"),
    (scheme("[base: 5]"), "8:11 needs_mapping"),
    (scheme("5"), "8:5 needs_list"),
    (scheme("[]"), "8:5 empty_entry"),
    (ONE + "    for: {position: {x: y}}\n", "9:11 needs_text_or_list"),
    (ONE + "kpi:\n", "9:1 unknown_key"),
    (ONE + "workbook:\n", "9:1 empty_value"),
    (ONE.replace("round: 0.01", "round: "), "2:17 empty_value_choice"),
    (scheme("[bas]"), "8:11 unknown_component"),
    (TWINS, "5:7 same_scheme_title"),
    (ONE + "employees:\n  sales: {title: Личные}\n", "10:3 column_is_kpi"),
    (scheme("[qqq: {x: 1}]"), "8:11 unknown_component_far"),
    (scheme("[fee]"), "8:11 missing_key"),
    (scheme("[[x]]"), "8:11 pay_item_shape"),
    (scheme("\n      - base: {amount: 1}\n        fee: {rate: 1%}"), "9:9 pay_item_many"),
    (scheme("\n      - base:\n        amount: 1"), "9:9 pay_item_indent"),
    (scheme("[base, base: {amount: 1}]"), "8:17 duplicate_id"),
    (scheme("[base: {id: sales}]"), "8:11 id_is_kpi"),
    (scheme("[base: {id: own}]") + "employees:\n  own: {title: Личная}\n", "8:11 id_is_column"),
    (scheme("[base: {id: total}]"), "8:18 reserved_key"),
    (ONE.replace("plan_sales", "plan-sales"), "5:3 bad_key"),
    (ONE.replace("plan_sales", "Plan"), "5:3 reserved_key"),
    (ONE.replace("План", "продажи"), "5:16 same_title"),
    (ONE.replace("План", "SALES"), "5:16 same_title"),
    (ONE.replace("{title: План}", "{team: sum, of: sales, formula: sales}"), "5:16 kpi_team_or_formula"),
    (ONE.replace("{title: План}", "{team: sum}"), "5:16 kpi_team_without_of"),
    (ONE.replace("{title: План}", "{of: sales}"), "5:16 kpi_of_without_team"),
    (ONE.replace("{title: План}", "{team: sum, of: plan_sales}"), "5:27 kpi_team_of_team"),
    (ONE.replace("{title: План}", "{title: План, range: [5, 1]}"), "5:29 range_form"),
    (ONE.replace("{title: План}", "{title: План, unit: }"), "5:29 empty_value"),
    (ONE.replace("{title: План}", "{formula: sales * 2, range: [0, 5]}"), "5:36 range_of_computed"),
    (ONE.replace("{title: План}", "{team: sum, of: sale}"), "5:27 unknown_kpi"),
    (ONE.replace("{title: План}", "{team: sum, of: zzzzz}"), "5:27 unknown_kpi_far"),
    (ONE + "    examples: [{actual: {salse: 1}, pays: {total: 1}}]\n", "9:26 unknown_kpi"),
    (ONE.replace("0.01", "0.05"), "2:17 bad_step"),
    (ONE.replace(", ties: half_up", ""), "2:9 ties_open"),
    (ONE.replace("{money: {round: 0.01, ties: half_up}}", "{}"), "2:1 rule_open"),
    (
        scheme("[base]", TWO),
        "12:11 two_schemes_for_position",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FILE, ids=[f"{n}-{line.split()[1]}" for n, (_, line) in enumerate(FILE)])
def test_scheme_findings(_stub, text, expected):
    assert found(text) == [expected]


class Bands(Entry):
    bands: list[Exact]


class Points(Entry):
    points: list[Exact]


class Payout(Entry):
    payout: Bands | Points | list[str]
    pair: dict[str, Exact] | list[str] | None = None


EITHER = [
    ({"payout": {"bands": ["x"]}}, "not_exact_number"),
    ({"payout": {"bnds": []}}, "unknown_key"),
    ({"payout": {}}, "missing_one_of"),
    ({"payout": {"bands": ["1"], "points": ["1"]}}, "only_one_of"),
    ({"payout": ["x"], "pair": "x"}, "needs_list_or_mapping"),
    ({"payout": ["x"], "pair": {"a": "1.2.3"}}, "not_exact_number"),
]


@pytest.mark.parametrize(("raw", "expected"), EITHER, ids=[code for _, code in EITHER])
def test_of_an_entry_with_several_forms_the_meant_one_is_explained(raw, expected):
    with pytest.raises(ValueError) as caught:
        Payout.model_validate(raw)
    issues = translate(caught.value.errors(include_url=False), raw, Payout, Source("f"))
    assert [one.code for one in issues] == [expected]
    told(issues[0])


@pytest.mark.parametrize(
    ("component", "found", "meant"),
    [
        ("kpi_bonus: {target: 10000, kpi: plans, payout: index, period: quarter}", "period", "over"),
        ("kpi_bonus: {amount: 10000, kpi: plans, payout: index}", "amount", "target"),
        ("kpi_bonus: {target: 10000, on: plans, payout: index}", "on", "kpi"),
        ("commission: {kpi: plans, rate: 10%}", "kpi", "on"),
        ("commission: {on: plans, percent: 10%}", "percent", "rate"),
        # A slip of the pen is one, whatever other entries have.
        ("commission: {on: plans, rat: 10%}", "rat", "rate"),
    ],
)
def test_a_key_of_another_entry_means_the_one_of_this_entry(component: str, found: str, meant: str) -> None:
    kpis = "kpis: {plans: {title: План}}\n"
    scheme = f"schemes: {{a: {{for: {{position: П}}, pay: [{component}]}}}}\n"
    issues = read_scheme_text(
        "f", ("kpicalc: 1\nrules: {money: {round: 0.01, ties: half_up}}\n" + kpis + scheme).encode()
    )[1]
    told_of = {item.fact("found"): item.fact("nearest") for item in issues if item.code == "unknown_key"}
    assert told_of == {found: meant}


def test_what_pydantic_says_of_its_own_is_passed_on():
    class Odd(Entry):
        odd: str = Field(max_length=2)
        either: Exact | list[str]

    raw = {"odd": "xyz", "either": {"x": "y"}}
    with pytest.raises(ValueError) as caught:
        Odd.model_validate(raw)
    issues = translate(caught.value.errors(include_url=False), raw, Odd, Source("f"))
    assert [told(one) for one in issues] == ["0:0 invalid_value", "0:0 wrong_shape"]


@pytest.mark.parametrize(
    ("money", "others", "expected"),
    [
        ("half_up", "attainment: {round: 0.0001, ties: half_up}, part_month: {plan: days}", {"bad_choice_far"}),
        ("half_up", "attainment: {round: 0.0001, ties: half}", {"bad_choice"}),
        ("half", "attainment: {round: 0.0001, ties: half_up}", {"bad_choice"}),
        ("half_up", "part_month: {plan: days}", {"bad_choice_far", "rule_open"}),
    ],
)
def test_a_misstated_rule_is_told_and_no_stated_rule_is_called_unstated(tmp_path: Path, money, others, expected):
    text = f"""\
kpicalc: 1
rules: {{money: {{round: 0.01, ties: {money}}}, {others}}}
kpis: {{sales: {{title: Sales}}}}
schemes: {{m: {{for: {{position: M}}, pay: [{{kpi_bonus: {{kpi: sales, target: 1000, payout: attainment}}}}]}}}}
"""
    (tmp_path / "scheme.yaml").write_text(text, encoding="utf-8")
    issues = app.check(None, tmp_path / "scheme.yaml").issues
    assert {found.code for found in issues if severity(found) == "error"} == expected


@pytest.mark.parametrize(("stated", "told"), [("language: en\n", "en"), ("language: de\n", "ru"), ("", "ru")])
def test_faults_of_a_scheme_are_told_in_its_own_language(_stub, stated, told):
    book, issues = read_scheme_text("s.yaml", (ONE.replace("ties: half_up", "ties: half_op") + stated).encode())
    assert book is not None
    assert book.language == told
    assert "bad_choice" in {item.code for item in issues}


def test_all_findings_come_at_once(_stub):
    text = """\
kpicalc: 1
rules: {money: {round: 0.01, ties: halfup}}
kpis:
  sales: {titel: Продажи}
schemes:
  a:
    pay:
      - fee: {rate: 5 %x}
      - bonus: {}
      - base: {amount: '1,5'}
    examples:
      - {actual: {calls: 1}, pays: {total: x}}
"""
    assert found(text) == [
        "2:30 bad_choice",
        "4:11 unknown_key",
        "8:15 not_exact_number",
        "9:9 unknown_component_far",
        "10:16 number_comma",
        "12:19 unknown_kpi",
        "12:37 not_exact_number",
    ]


def test_a_component_refuses_options_that_do_not_fit_together():
    text = EXAMPLE.replace("          pays_on: excess\n", "")
    _, issues = read_scheme_text("s.yaml", text.encode())
    assert [told(one) for one in issues] == ["35:11 choice_open"], "at the threshold that brings the question up"


COMPONENT_PLACES = [
    ("commission: {on: sales, rate: 10%, pays_on: excess}", "choice_idle", "pays_on: excess}"),
    (
        "commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 1%}, {rate: 5%, from: 0}]}",
        "table_overlap",
        "from: 0}]",
    ),
    ("commission: {on: sales, tiers: whole, rates: [{from: 9, rate: 1%}]}", "table_start", "from: 9"),
    ("action_pay: {pays: each, goals: [sales], reward: 5}", "reward_shape", "reward: 5"),
    (
        "kpi_bonus: {kpi: sales, target: 1, payout: {points: [{at: 9, pays: 1}, {at: 5, pays: 1}]}}",
        "table_order",
        "at: 5",
    ),
    ("kpi_bonus: {kpi: sales, target: 1, payout: {bands: [{from: 0, to: 1, pays: 0}]}}", "bands_as_printed", "bands: "),
    (
        "kpi_bonus: {kpi: sales, target: 1, payout: {bands: [{from: 0, pays: 0}, {pays: 1}]}}",
        "row_bound",
        "{pays: 1}",
    ),
    ("kpi_bonus: {kpi: sales, target: 1, payout: index, index: {round: 1, ties: up}}", "choice_idle", "index: {"),
    ("kpi_bonus: {weights: {sales: 1}, target: 1, payout: index, index: {ties: up, round: 3}}", "bad_step", "round: 3"),
]


@pytest.mark.parametrize(("component", "code", "at"), COMPONENT_PLACES)
def test_a_component_points_at_the_option_at_fault(component, code, at):
    text = scheme(f"[{{{component}}}]")
    (one,) = read_scheme_text("s.yaml", text.encode())[1]
    assert one.code == code
    assert text.splitlines()[one.place.line - 1][one.place.column - 1 :].startswith(at)


def test_a_payout_left_open_may_be_a_word_too():
    _, issues = read_scheme_text("s.yaml", scheme("[kpi_bonus: {kpi: sales, target: 1, payout: {}}]").encode())
    (one,) = issues
    assert (one.code, one.fact("allowed"), one.fact("words")) == (
        "missing_one_of",
        "bands, points",
        "attainment, index",
    )


def test_a_colon_without_a_space_is_one_finding():
    assert found(scheme("[commission: {on:sales, rate:10%}]")) == ["8:24 yaml_colon_space", "8:34 yaml_colon_space"]


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch):
    assert [told(one) for one in read_scheme(tmp_path / "none.yaml")[1]] == ["0:0 scheme_not_found"]
    assert [told(one) for one in read_scheme(tmp_path)[1]] == ["0:0 scheme_is_folder"]

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [told(one) for one in read_scheme(tmp_path / "x.yaml")[1]] == ["0:0 scheme_unreadable"]


def test_a_file_on_disk(tmp_path: Path):
    path = tmp_path / "scheme.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    book, issues = read_scheme(path)
    assert issues == []
    assert book is not None


def test_every_code_of_the_catalogue_is_tested():
    here = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in catalogue("issues_scheme") if not re.search(rf"\b{code}\b", here)] == []


def test_json_schema_describes_file_and_components():
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["properties"]["kpicalc"]["enum"] == [1, "1"]
    assert "for" in schema["$defs"]["SchemeEntry"]["properties"]
    items = schema["$defs"]["SchemeEntry"]["properties"]["pay"]["items"]["oneOf"]
    by_name = {next(iter(item["properties"])): item for item in items if "properties" in item}
    bare = {item["const"] for item in items if "const" in item}
    assert set(by_name) == set(all_components())
    assert "commission" not in bare
    assert all(item["additionalProperties"] is False and item["required"] == [name] for name, item in by_name.items())
    references = set(re.findall(r"'#/\$defs/([^']+)'", str(schema)))
    assert references <= set(schema["$defs"])
    amount = schema["$defs"]["TeamExample"]["properties"]["actual"]
    assert {one["type"] for one in amount["anyOf"]} == {"number", "string"}
