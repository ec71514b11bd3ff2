"""Pay row by row in the payroll: the sheets of rows and rates, recalculated; explanations; months of many rows.

What the rows pay is tried by hand-typed cases in facts.yaml.
"""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from recalculation import IronCalc, Sheets, differences, pay, write_month
from typer.testing import CliRunner

from kpicalc.app import Outcome
from kpicalc.cli import app
from kpicalc.lang import NBSP, severity
from kpicalc.payroll.back.read import read_payroll

HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
PEOPLE = [["007", "Иванова Анна", "Отдел", "Менеджер"], ["7", "Петров Олег", "Отдел", "Менеджер"],
          ["7*", "Сидоров Ян", "Отдел", "Менеджер"]]  # fmt: skip
DEALS = ["Номер", "Таб", "Дата", "Сумма", "Скидка", "Товар", "Доля"]
RATES = [
    ["Товар", "Скидка от", "Ставка"],
    ["Альфа", 0, 0.05],
    ["Альфа", 0.1, 0.03],
    ["Альфа*", 0, 0.2],
    ["007", 0, 0.01],
]
SCHEME = """
kpicalc: 1
rules: {{money: {{round: 0.01, ties: half_up}}}}
facts:
  deals:
    from: Сделки
    payee: Таб
    date: Дата
    key: Номер
    columns: {{amount: Сумма, discount: Скидка, product: {{heading: Товар, type: text}}, share: Доля}}
    {facts}
rates:
  by_product:
    from: Ставки
    match: {{product: Товар}}
    steps: {{discount: Скидка от}}
    rate: Ставка
    unknown: {unknown}
schemes:
  manager:
    title: Менеджер
    for: {{position: Менеджер}}
    pay:
{pay}
"""
BY_PRODUCT = "      - deal_commission: {on: deals, amount: amount, rates: by_product, round_rows: 0.01}"
ROWS: list[list[Any]] = [
    ["1", "007", date(2026, 10, 3), 100000.1, 0, "Альфа", None],  # 5 000.005 -> 5 000.01
    ["2", "7*", date(2026, 10, 4), -200000, 0.1, " АЛЬФА ", None],  # -6 000
    ["3", "7", date(2026, 10, 5), 1000, 0, "альфа*", None],  # 200: no pattern
    ["4", "007", date(2026, 10, 6), 300, 0, "007", None],  # 3
    ["5", "7", date(2026, 9, 5), 1000, 0, "Альфа", None],  # another month
]


def tiers(options: str, rates: str) -> str:
    return f"      - deal_commission: {{on: deals, amount: amount, {options}, rates: [{rates}]}}"


def month(
    folder: Path, lines: str = BY_PRODUCT, rows: list[list[Any]] | None = None, rates: Any = None, **parts: str
) -> Outcome:
    scheme = SCHEME.format(pay=lines, facts=parts.get("facts", ""), unknown=parts.get("unknown", "error"))
    sheets: Sheets = {
        "Сотрудники": [HEAD, *PEOPLE],
        "Сделки": [DEALS, *(ROWS if rows is None else rows)],
        "Ставки": rates or RATES,
    }
    return pay(folder, scheme, sheets)


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]


def errors(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues if severity(found) == "error"]


def totals(path: Path) -> dict[str, float]:
    return {row[0]: row[-1] for row in cells(path, "Расчёт")[4:7]}


def test_the_rows_of_paid_people_stand_together_with_what_decided(tmp_path: Path) -> None:
    outcome = month(tmp_path)
    assert not outcome.errors
    rows = cells(outcome.files[0], "Сделки")
    assert rows[3] == [
        *("Табельный номер", "Сотрудник", "Строка", "Номер", "Дата", "Сумма", "Товар", "Скидка", "Ставка"),
        "Комиссия со сделок",
    ]
    assert [[row[0], row[3], row[5], row[6], row[8], row[9]] for row in rows[4:-1]] == [
        ["007", "1", 100000.1, "Альфа", 0.05, 5000.01],
        ["007", "4", 300, "007", 0.01, 3],
        ["7", "3", 1000, "Альфа*", 0.2, 200],
        ["7*", "2", -200000, "Альфа", 0.03, -6000],
    ]
    assert totals(outcome.files[0]) == {"007": 5003.01, "7": 200, "7*": -6000}


@pytest.mark.parametrize(
    ("lines", "facts", "expected"),
    [
        (BY_PRODUCT, "", {"007": 5003.01, "7": 200, "7*": -6000}),
        # 100 000.1 x 4 % = 4 000.004 -> 4 000.00 and 300 x 3 % = 9; 1 000 x 4 %; a return at the first rate
        (
            tiers(
                "tiers: whole, below_zero: first_rate, round_rows: 0.01", "{from: 0, rate: 3%}, {above: 300, rate: 4%}"
            ),
            "",
            {"007": 4009, "7": 40, "7*": -6000},
        ),
        # 9 + 99 700.1 x 4 % = 3 997.004 -> 3 997.00, and 9; 9 + 700 x 4 % = 37; nothing
        (
            tiers("tiers: marginal, below_zero: zero, round_rows: 0.01", "{from: 0, rate: 3%}, {from: 300, rate: 4%}"),
            "",
            {"007": 4006, "7": 37, "7*": 0},
        ),
        # by the discount, not rounded row by row: 100 000.1 x 5 % + 300 x 5 % = 5 015.005 -> 5 015.01
        (
            tiers("by: discount, tiers: whole, round_rows: none", "{from: 0, rate: 5%}, {from: 10%, rate: 1%}"),
            "",
            {"007": 5015.01, "7": 50, "7*": -2000},
        ),
    ],
)
def test_a_spreadsheet_computes_the_same(lines: str, facts: str, expected: dict[str, float], tmp_path: Path) -> None:
    outcome = month(tmp_path, lines, facts=facts)
    assert not outcome.errors, outcome.issues
    assert totals(outcome.files[0]) == expected
    assert [str(one) for one in differences(outcome.files[0], IronCalc)] == []


def test_parts_of_a_shared_deal_add_up_and_are_recalculated(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["1", "7*", date(2026, 10, 1), 100.01, 0, "Альфа", 0.666667],
        ["2", "007", date(2026, 10, 1), 100.01, 0, "Альфа", 0.333333],
    ]
    outcome = month(tmp_path, rows=rows, facts="split: {share: share, of: product}")
    assert not outcome.errors, outcome.issues
    # 100.01 x 5 % = 5.0005 -> 5.00; 007 stands first: 5 x 0.333333 = 1.666665 -> 1.67, the rest is 3.33
    assert totals(outcome.files[0]) == {"007": 1.67, "7": 0, "7*": 3.33}
    assert [str(one) for one in differences(outcome.files[0], IronCalc)] == []


def test_a_changed_rate_changes_pay(tmp_path: Path) -> None:
    outcome = month(tmp_path)
    book = openpyxl.load_workbook(outcome.files[0])
    sheet = book["Ставки"]
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 0.05)
    at.value = 0.06
    book.save(tmp_path / "changed.xlsx")
    # 100 000.1 x 6 % = 6 000.006 -> 6 000.01, and 3
    assert IronCalc(tmp_path / "changed.xlsx").value("Расчёт", 5, 7) == pytest.approx(6003.01)


def test_rows_without_a_rate_stop_the_run_and_are_named(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ["6", "7", date(2026, 10, 7), 500, 0, "Гамма", None],
        ["7", "7", date(2026, 10, 8), 1, -0.5, "Альфа", None],
    ]
    outcome = month(tmp_path, rows=rows)
    assert errors(outcome) == ["fact_rate_unknown"]
    found = next(one for one in outcome.issues if one.code == "fact_rate_unknown")
    assert (found.fact("count"), found.fact("sum")) == ("2", "501")
    assert found.place.cell == "B7"


@pytest.mark.parametrize("unknown", ["error", "zero"])
def test_a_product_with_a_latin_letter_has_no_rate_by_mistake(unknown: str, tmp_path: Path) -> None:
    """`unknown: zero` paid nothing for it, and told of it as of products that earn nothing on purpose."""
    latin = "\u0041льфа"
    rows = [
        *ROWS,
        ["6", "7", date(2026, 10, 7), 500, 0, latin, None],
        ["7", "7", date(2026, 10, 8), 1, 0, "Гамма", None],
    ]
    outcome = month(tmp_path, rows=rows, unknown=unknown)
    (found,) = [one for one in outcome.issues if one.code == "latin_letters"]
    assert (found.fact("found"), found.fact("nearest"), found.place.cell) == (latin, "Альфа", "B7")
    assert not outcome.files


@pytest.mark.parametrize(("kind", "known", "other"), [("number", 1, 2), ("yes_no", "нет", "да")])
def test_what_is_no_text_may_have_no_rate_either(kind: str, known: object, other: object, tmp_path: Path) -> None:
    text = SCHEME.format(pay=BY_PRODUCT, facts="", unknown="error").replace("type: text", f"type: {kind}")
    rows = [[str(n), "007", date(2026, 10, 3), 100, 0, value, None] for n, value in enumerate((known, other))]
    sheets: Sheets = {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *rows], "Ставки": [RATES[0], [known, 0, 0.05]]}
    (found,) = [one for one in pay(tmp_path, text, sheets).issues if severity(one) == "error"]
    assert (found.code, found.fact("count"), found.place.cell) == ("fact_rate_unknown", "1", "B3")


@pytest.mark.parametrize(
    ("bound", "rate", "told_of"),
    [
        # A rate that is a text is read; that its bound is blank is told all the same.
        (None, "5%", [("fact_rate_blank", "C2")]),
        ("x", "y", [("not_a_number", "B2"), ("not_a_number", "C2")]),
    ],
)
def test_a_case_without_a_bound_is_told(
    bound: object, rate: object, told_of: list[tuple[str, str]], tmp_path: Path
) -> None:
    outcome = month(tmp_path, rates=[RATES[0], ["Альфа", bound, rate], *RATES[2:]])
    assert [(one.code, one.place.cell) for one in outcome.issues if severity(one) == "error"] == told_of
    assert not outcome.files


def test_so_is_a_bound_in_the_scheme_that_is_no_number(tmp_path: Path) -> None:
    rows = "rows: [{Товар: Альфа, Скидка от: x, Ставка: 5%}, {Товар: Альфа, Скидка от: 0.1, Ставка: 3%}]"
    text = SCHEME.format(pay=BY_PRODUCT, facts="", unknown="error").replace("from: Ставки", rows)
    outcome = pay(tmp_path, text, {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *ROWS[:2]]})
    assert errors(outcome) == ["fact_rate_number"]


@pytest.mark.parametrize(
    ("bounds", "told_of"),
    [
        ([(0, 0), (0, 0.5), (0.1, 0), (0.1, 0.5)], []),
        # The shares, and below each of them the discounts.
        ([(0, 0), (0.1, 0), (0, 0.5), (0.1, 0.5)], []),
        # 0.1 is a slip for 1.1: neither the discounts nor the shares rise.
        ([(0, 0), (1, 0), (0.1, 0), (0, 0.5)], ["D2"]),
    ],
)
def test_two_kinds_of_steps_stand_in_order_by_either(
    bounds: list[tuple[float, float]], told_of: list[str], tmp_path: Path
) -> None:
    two = "steps: {discount: Скидка от, share: Доля от}"
    text = SCHEME.format(pay=BY_PRODUCT, facts="", unknown="error").replace("steps: {discount: Скидка от}", two)
    rates = [["Товар", "Скидка от", "Доля от", "Ставка"], *(["Альфа", *bound, 0.05] for bound in bounds)]
    rows = [["1", "007", date(2026, 10, 3), 100, 0, "Альфа", 0.1]]
    outcome = pay(tmp_path, text, {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *rows], "Ставки": rates})
    assert not outcome.errors, outcome.issues
    assert [one.place.cell for one in outcome.issues if one.code == "fact_rate_order"] == told_of


def test_a_bound_that_is_too_fine_is_named_by_its_own_heading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_row_pay.RATES", [*RATES, ["Бета", 0.1234567, 0.05]])
    found = next(one for one in month(tmp_path).issues if one.code == "fact_too_fine")
    assert (found.fact("heading"), found.fact("found")) == ("Скидка от", "0.1234567")


def test_a_blank_of_what_decides_is_no_case_of_its_own(tmp_path: Path) -> None:
    outcome = month(tmp_path, rows=[*ROWS, ["6", "7", date(2026, 10, 7), 500, 0, None, None]], unknown="zero")
    assert errors(outcome) == ["fact_blank"]


def test_a_month_of_many_rows_has_no_sheet_and_says_so(tmp_path: Path) -> None:
    rows = [[str(number), "007", date(2026, 10, 1), 0.1, 0, "Альфа", None] for number in range(20_001)]
    outcome = month(tmp_path, rows=rows)
    assert not outcome.errors
    assert "fact_rows_not_listed" in [found.code for found in outcome.issues]
    assert "Сделки" not in openpyxl.load_workbook(outcome.files[0]).sheetnames
    assert totals(outcome.files[0])["007"] == 200.01  # 0.005 -> 0.01 each, 20 001 times
    told = explain(tmp_path, "--payee", "007").stdout.replace(NBSP, " ")
    assert told.count("0,1 × 5 % (Товар Альфа, Скидка 0) = 0,01") == 15
    assert "ещё строк: 19986, вместе 199,86" in told


def explain(folder: Path, *options: str) -> Any:
    files = [str(folder / "month.xlsx"), "--scheme", str(folder / "scheme.yaml"), "--period", "2026-10"]
    return CliRunner().invoke(app, ["explain", *files, *options])


def test_explain_tells_every_row(tmp_path: Path) -> None:
    month(tmp_path)
    told = explain(tmp_path, "--payee", "007").stdout.replace(NBSP, " ")
    assert "B2 · 1 · 03.10.2026: 100 000,1 × 5 % (Товар Альфа, Скидка 0) = 5 000,01" in told
    rows = json.loads(explain(tmp_path, "--payee", "007", "--json").stdout)["payees"][0]["rows"]
    assert [(one["line"], one["count"], one["amount"]) for one in rows] == [("deal_commission", 2, "5003.01")]
    assert (rows[0]["rows"][0]["amount"], rows[0]["rows"][0]["rate"]) == ("100000.1", "0.05")
    assert rows[0]["rows"][0]["decided"] == {"Товар": "Альфа", "Скидка": "0"}


def test_every_row_of_the_table_is_accounted_for(tmp_path: Path) -> None:
    lines = BY_PRODUCT.replace("amount: amount", 'amount: amount, where: "amount > 0"')
    outcome = month(tmp_path, lines)
    unused = next(found for found in outcome.issues if found.code == "fact_unused")
    assert (unused.fact("count"), unused.fact("sums")) == ("1", "Сумма -200000, Скидка 0.1")
    run = [row for row in cells(outcome.files[0], "Протокол") if row[0] in ("Сделки", "Ставки")]
    assert [row[1] for row in run] == [
        "4 = посчитано 4",
        "5 = посчитано 3 + пропущено 1 (не считает ни один показатель или ставка 1) + других месяцев 1",
    ]


def test_rows_that_were_changed_by_hand_are_found(tmp_path: Path) -> None:
    outcome = month(tmp_path)
    path = outcome.files[0]
    assert read_payroll(path)[1] == []
    book = openpyxl.load_workbook(path, data_only=True)
    assert book["Сделки"]["J5"].value == 5000.01
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name, data in parts.items() if b"<v>5000.01</v>" in data)
    parts[name] = parts[name].replace(b"<v>5000.01</v>", b"<v>9000.01</v>", 1)
    with zipfile.ZipFile(tmp_path / "edited.xlsx", "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    paid, issues = read_payroll(tmp_path / "edited.xlsx")
    assert paid is None
    assert [(found.code, found.fact("payee"), found.fact("sheet")) for found in issues] == [
        ("payroll_changed", "007 Иванова Анна", "Сделки")
    ]


def test_facts_after_the_day_do_not_count_and_a_pace_is_kept(tmp_path: Path) -> None:
    month(tmp_path, rows=[*ROWS[:2], ["9", "7", date(2026, 10, 20), 1000, 0, "Альфа", None]])
    files = [str(tmp_path / "month.xlsx"), "--scheme", str(tmp_path / "scheme.yaml"), "--period", "2026-10"]
    told = json.loads(CliRunner().invoke(app, ["progress", *files, "--on", "2026-10-03", "--json"]).stdout)
    pay_of = {one["id"]: one["pay"] for one in told["payees"]}
    # Nothing more comes: 5 000.01; at the pace 5 000.01 x 31 / 3 = 51 666.77.
    assert (pay_of["007"]["now"], pay_of["007"]["pace"]) == ("5000.01", "51666.77")
    assert pay_of["7"]["now"] == "0.00"


def test_statements_show_the_rows(tmp_path: Path) -> None:
    month(tmp_path)
    files = [str(tmp_path / "month.xlsx"), "--scheme", str(tmp_path / "scheme.yaml"), "--period", "2026-10"]
    done = CliRunner().invoke(app, ["statements", *files, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (page,) = (tmp_path / "statements-2026-10").glob("007-*.html")
    text = page.read_text(encoding="utf-8").replace(NBSP, " ")
    assert "<td>Альфа</td><td>0</td><td>5 %</td>" in text
    assert "Петров" not in text


def test_a_rate_tried_by_replay_is_read_anew(tmp_path: Path) -> None:
    month(tmp_path, tiers("tiers: whole, below_zero: first_rate, round_rows: 0.01", "{from: 0, rate: 3%}"))
    (tmp_path / "months").mkdir()
    (tmp_path / "month.xlsx").rename(tmp_path / "months" / "2026-10.xlsx")
    setting = "manager.deal_commission.rates.0.rate=4%"
    options = ["--scheme", str(tmp_path / "scheme.yaml"), "--set", setting, "--json"]
    told = json.loads(CliRunner().invoke(app, ["replay", str(tmp_path / "months"), *options]).stdout)
    # 3 % of (100 000.1 + 300 + 1 000 - 200 000) row by row: 3 000.00 + 9 + 30 - 6 000; 4 %: 4 000.00 + 12 + 40 - 8 000
    assert told["totals"] == {"old": "-2961.00", "new": "-3948.00", "difference": "-987.00"}


def test_a_rate_typed_as_text_below_a_blank_row_is_a_rate_and_a_note_is_none(tmp_path: Path) -> None:
    """By hand: 1 000 at a discount of 15 % has the step from 10 %, so 3 %: 30.00; the first step would pay 50.00."""
    rates = [*RATES[:2], [], ["Альфа", "10%", "3%"], ["Утверждено приказом 12"]]
    rows = [["1", "007", date(2026, 10, 1), 1000, 0.15, "Альфа", None]]
    outcome = month(tmp_path, rows=rows, rates=rates)
    assert not outcome.errors, outcome.issues
    assert totals(outcome.files[0])["007"] == 30


@pytest.mark.parametrize("sheet", ["", ", sheet: ставки"])
def test_a_rate_sheet_in_a_file_of_its_own(sheet: str, tmp_path: Path) -> None:
    """The same rates in a file beside the workbook pay the same; the Run sheet has the file's name and bytes."""
    write_month(tmp_path / "rates.xlsx", {"Ставки": RATES, **({"Архив": [["Товар", "Ставка"]]} if sheet else {})})
    scheme = SCHEME.format(pay=BY_PRODUCT, facts="", unknown="error")
    scheme = scheme.replace("from: Ставки", f"from: {{file: rates.xlsx{sheet}}}")
    outcome = pay(tmp_path, scheme, {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *ROWS]})
    assert not outcome.errors, outcome.issues
    assert totals(outcome.files[0]) == {"007": 5003.01, "7": 200, "7*": -6000}
    assert not differences(outcome.files[0])
    assert any("rates.xlsx" in f"{row[0]}{row[1]}" for row in cells(outcome.files[0], "Протокол"))


def test_what_is_wrong_in_the_file_of_rates_is_told_there(tmp_path: Path) -> None:
    text = SCHEME.format(pay=BY_PRODUCT, facts="", unknown="error")
    sheets: Sheets = {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *ROWS]}

    def told(source: str) -> list[tuple[str, str, str]]:
        outcome = pay(tmp_path, text.replace("from: Ставки", f"from: {source}"), sheets)
        return [(item.code, Path(item.place.file).name, item.place.cell) for item in outcome.issues
                if severity(item) == "error"]  # fmt: skip

    assert told("{file: rates.xlsx}") == [("fact_file", "scheme.yaml", "")]
    write_month(tmp_path / "rates.xlsx", {"Ставки": [*RATES, ["Бета", 0, None]], "Архив": [["Товар"]]})
    assert told("{file: rates.xlsx}") == [("fact_which_sheet", "rates.xlsx", "")]
    assert told("{file: rates.xlsx, sheet: Ставка}") == [("fact_rates_sheet", "rates.xlsx", "")]
    assert told("{file: rates.xlsx, sheet: Ставки}") == [("fact_rate_blank", "rates.xlsx", "C6")]


def test_a_case_in_letters_of_another_alphabet_is_told(tmp_path: Path) -> None:
    """«Альфa» with a Latin a would match no deal, and those at 10 % would be paid by the step below."""
    outcome = month(tmp_path, rates=[RATES[0], RATES[1], ["Альф\N{LATIN SMALL LETTER A}", 0.1, 0.03], *RATES[3:]])
    told = [(item.code, item.place.sheet, item.place.cell) for item in outcome.issues if severity(item) == "error"]
    assert told == [("latin_letters", "Ставки", "C3")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([["Бетон", 0, 0.05], ["Бетон", 0.1, 0.03], ["Бетонн", 0.2, 0.01]], [("fact_rate_near", "C8")]),
        (
            [["Бетон", 0, 0.05], ["Бетонн", 0, 0.01], ["Бетонн", 0.2, 0.005]],
            [],
        ),  # two products, each from its first step
        ([["Бетон 12", 0, 0.05], ["Бетон 13", 0.1, 0.03]], []),  # digits are names
        ([["Бетон", 0, "100%"]], [("fact_rate_far", "C6")]),
        ([["Бетон", 0, "99%"]], []),
        # Four are parts of the amount, and four are not; three of these are told in one line.
        (
            [["Бетон", 0, "150%"], *([f"Кирпич {n}", 0, "100%"] for n in range(3))],
            [("fact_rate_far", "C6"), ("fact_rate_far", "C7")],
        ),
        ([["Бетон", 0, "150%"], *([f"Кирпич {n}", 0, "100%"] for n in range(4))], []),
        ([["Бетон", 0, 0.05], ["Бетон", "200%", 0.03]], []),
        # Steps rise down the sheet: 0, −0.1, 0.2 lacks its second one, and 0.1, 0.01 its first.
        ([["Бетон", 0, 0.05], ["Бетон", -0.1, 0.03], ["Бетон", 0.2, 0.01]], [("fact_rate_order", "C6")]),
        ([["Бетон", 0.1, 0.05], ["Бетон", 0.01, 0.03]], [("fact_rate_order", "C6")]),
        ([["Бетон", 0.1, 0.05], ["Кирпич", 0.01, 0.03], ["Бетон", 0.2, 0.05]], []),
        # A dash is a text that no deal has; «007» has no letter and is a product.
        ([["-", 0, 0.05]], [("fact_rate_dash", "C6")]),
        ([["—", 0, 0.05], ["*", 0, 0.05]], [("fact_rate_dash", "C6"), ("fact_rate_dash", "C7")]),
    ],
)
def test_a_rate_sheet_with_a_slip_is_told(
    more: list[list[Any]], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    outcome = month(tmp_path, rates=[*RATES, *more])
    assert not outcome.errors, outcome.issues
    assert [(item.code, item.place.cell) for item in outcome.issues if item.code.startswith("fact_")] == expected


def test_a_bound_in_per_cents_for_amounts_is_told(tmp_path: Path) -> None:
    """200% is 2: deals of 300 reach it, where 200 was meant. A discount of 250 % beside it may be one."""
    rates = [RATES[0], ["Альфа", 0, 0.05], ["Альфа", "200%", 0.03], *RATES[3:]]
    for discount, expected in ((300, ["fact_steps_unit"]), (2.5, [])):
        rows = [["1", "007", date(2026, 10, 3), 1000, discount, "Альфа", None]]
        told = [item.code for item in month(tmp_path, rows=rows, rates=rates).issues]
        assert [code for code in told if code.startswith("fact_steps")] == expected


def test_steps_in_thousands_are_refused(tmp_path: Path) -> None:
    rates = [["Товар", "Сумма от, тыс. руб", "Ставка"], ["Альфа", 0, 0.05], ["Альфа", 0.2, 0.03]]
    scheme = SCHEME.replace("{{discount: Скидка от}}", "{{amount: 'Сумма от, тыс. руб'}}")
    text = scheme.format(pay=BY_PRODUCT, facts="", unknown="error")
    rows = [["1", "007", date(2026, 10, 3), 300, 0, "Альфа", None]]
    outcome = pay(tmp_path, text, {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *rows], "Ставки": rates})
    assert errors(outcome) == ["heading_unit"]


def test_steps_that_all_fall_down_the_sheet_are_in_order(tmp_path: Path) -> None:
    outcome = month(tmp_path, rates=[RATES[0], RATES[2], RATES[1], *RATES[3:], ["Бета", 0.1, 0.02], ["Бета", 0, 0.04]])
    assert [item.code for item in outcome.issues if item.code.startswith("fact_")] == []


def test_a_product_that_is_a_dash_in_the_deals_too_has_its_rate(tmp_path: Path) -> None:
    outcome = month(tmp_path, rows=[["1", "007", date(2026, 10, 1), 200, 0, "-", None]], rates=[*RATES, ["-", 0, 0.05]])
    assert [item.code for item in outcome.issues if item.code.startswith("fact_")] == []
    assert totals(outcome.files[0])["007"] == 10  # 200 × 5 %


@pytest.mark.parametrize(
    ("more", "silence", "expected"),
    [
        ([["Бета", 0, -0.03]], "", [("mixed_signs", "C6", "−3\N{NO-BREAK SPACE}%")]),
        ([["Бета", 0, 0]], "", []),
        ([["Бета", 0, -0.03]], "lint: {silence: {mixed_signs: возврат тары удерживают}}\n", []),
    ],
)
def test_a_minus_at_a_rate_beside_others_is_told(
    more: list[list[Any]], silence: str, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    text = silence + SCHEME.format(pay=BY_PRODUCT, facts="", unknown="error").lstrip()
    outcome = pay(tmp_path, text, {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *ROWS], "Ставки": [*RATES, *more]})
    assert not outcome.errors, outcome.issues
    found = [(item.code, item.place.cell, item.fact("found")) for item in outcome.issues if item.code == "mixed_signs"]
    assert found == expected


def test_rates_of_which_most_are_amounts_for_a_unit_are_no_slips(tmp_path: Path) -> None:
    """2 × 300 % = 6.00: a price of 3 for each piece is written so, and one of 50 % beside it is no reason to ask."""
    rates = [RATES[0], ["Альфа", 0, "300%"], ["Бета", 0, "250%"], ["Гамма", 0, "50%"]]
    outcome = month(tmp_path, rows=[["1", "007", date(2026, 10, 1), 2, 0, "Альфа", None]], rates=rates)
    assert [item.code for item in outcome.issues if item.code.startswith("fact_")] == []
    assert totals(outcome.files[0])["007"] == 6


def test_a_row_of_no_client_is_no_row_of_a_chain(tmp_path: Path) -> None:
    """Which deal of its client it is decides, and a blank is never guessed; nor is a column that is not declared."""
    lines = tiers("where: nth = 1, tiers: whole, round_rows: 0.01", "{from: 0, rate: 3%}")
    rows = [["1", "007", date(2026, 10, 3), 100, 0, "Альфа", None], ["2", "7", date(2026, 10, 4), 100, 0, None, None]]
    outcome = month(tmp_path, lines, rows, facts="order: {nth: product}")
    assert [(item.code, item.place.cell) for item in outcome.issues if severity(item) == "error"] == [
        ("fact_blank", "F3")
    ]
    for order, code in (("nth: produkt", "fact_unknown_column"), ("amount: product", "reserved_key")):
        assert code in errors(month(tmp_path, lines.replace("nth", order[:3]), rows, facts=f"order: {{{order}}}"))


def test_a_blank_in_the_condition_of_a_line_is_told(tmp_path: Path) -> None:
    """Whether the row is paid cannot be told: it was left out without a word."""
    lines = tiers("where: 'product = \"Альфа\"', tiers: whole, round_rows: 0.01", "{from: 0, rate: 3%}")
    rows = [["1", "007", date(2026, 10, 3), 100, 0, "Альфа", None], ["2", "7", date(2026, 10, 4), 100, 0, None, None]]
    outcome = month(tmp_path, lines, rows)
    assert [(item.code, item.place.cell) for item in outcome.issues if severity(item) == "error"] == [
        ("fact_blank", "F3")
    ]


def test_later_deals_of_a_client_are_recalculated(tmp_path: Path) -> None:
    """By hand: the first of «Альфа» 10 %, the second 5 %; the first of «Бета» 10 %."""
    sheet = "rates:\n  by_product:\n    rows: [{No: 1, R: 10%}, {No: 2, R: 5%}]\n    steps: {nth: No}\n    rate: R\n"
    rows = [["1", "007", date(2026, 9, 3), 100, 0, "Альфа", None], ["2", "7", date(2026, 10, 4), 100, 0, "Альфа", None],
            ["3", "7", date(2026, 10, 5), 100, 0, "Бета", None]]  # fmt: skip
    scheme = SCHEME.format(pay=BY_PRODUCT, facts="order: {nth: product}", unknown="error")
    head, tail = scheme.split("rates:\n")[0], "schemes:" + scheme.split("schemes:")[1]
    outcome = pay(tmp_path, head + sheet + tail, {"Сотрудники": [HEAD, *PEOPLE], "Сделки": [DEALS, *rows]})
    assert not outcome.errors, outcome.issues
    assert totals(outcome.files[0]) == {"007": 0, "7": 15, "7*": 0}
    assert not differences(outcome.files[0])
