"""Funnels: conversions, drop-out, targets; in numbers, in the terminal, as JSON and on a sheet that recalculates."""

import json
import random
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from recalculation import ENGINES, IronCalc, differences, pay, write_month
from rich.console import Console
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app
from kpicalc.engine.funnel import Target, conversions, flow, narrowest, needed, norm_profile, takes
from kpicalc.model.entry import exact
from kpicalc.model.funnel import Passage, Stage
from kpicalc.screen.funnel_table import print_funnel

NB = "\N{NO-BREAK SPACE}"
# The funnel of the practice: 100 cold calls, 70 decision makers, 60 offers, 20 payments, 5 second purchases.
PRACTICE = tuple(map(Decimal, (100, 70, 60, 20, 5)))

SCHEME = """\
kpicalc: 1
title: Отдел
language: ru
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  cold_calls:       {title: Холодные звонки, unit: шт}
  decision_makers:  {title: Разговоры с ЛПР, unit: шт}
  offers:           {title: Коммерческие предложения, unit: шт}
  payments:         {title: Оплаты, unit: шт}
  second_purchases: {title: Вторые покупки, unit: шт}
  warm:             {title: Тёплые контакты, formula: "offers / decision_makers"}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - commission: {on: payments, rate: 100%}
    examples:
      - {actual: {payments: 20}, pays: {total: 20}}
funnel:
  title: Воронка продаж
  stages:
    - cold_calls
    - {kpi: decision_makers, norm: 70%}
    - {kpi: offers, norm: 80%}
    - {kpi: payments, norm: 1/3}
    - second_purchases
"""
PEOPLE = [
    ["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
    ["00001", "Иванова Анна Сергеевна", "Юг", "Менеджер"],
    ["00002", "Петров Пётр Петрович", "Юг", "Менеджер"],
    ["00003", "Сидоров Семён Семёнович", "Север", "Менеджер"],
    ["00004", "Орлова Ольга Олеговна", "Север", "Менеджер"],
]
HEAD = [
    "Табельный номер", "Холодные звонки", "Разговоры с ЛПР", "Коммерческие предложения", "Оплаты", "Вторые покупки",
]  # fmt: skip
FACT = [
    HEAD,
    ["00001", 100, 70, 60, 20, 5],
    ["00002", 80, 30, 0, 0, 0],
    ["00003", 90, 50, 20, 10, None],
    # Somebody who has nothing to do with the funnel but his pay.
    ["00004", None, None, None, 1, None],
]
PLAN = [HEAD[:5], ["00001", 100, 70, 60, 20], ["00002", 100, 70, 60, 20]]
SHEETS = {"Сотрудники": PEOPLE[:4], "Факт": FACT[:4], "План": PLAN}


def laid_out(folder: Path, scheme: str = SCHEME, sheets: dict = SHEETS) -> tuple[Path, Path]:
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    return write_month(folder / "2026-10.xlsx", sheets), folder / "scheme.yaml"


def month_of(folder: Path, scheme: str = SCHEME, sheets: dict = SHEETS):
    outcome, funnels = commands.funnel(*laid_out(folder, scheme, sheets))
    inputs = outcome.inputs
    assert inputs, outcome.issues
    return funnels, inputs


# -- arithmetic ---------------------------------------------------------------------------------------------------


def test_the_conversions_of_the_practice() -> None:
    shares = [share.value for share in conversions(PRACTICE)[1:] if share]
    # 70 / 100, 60 / 70, 20 / 60, 5 / 20
    assert [round(share * 100, 1) for share in shares if share] == [
        Decimal("70.0"), Decimal("85.7"), Decimal("33.3"), Decimal("25.0"),
    ]  # fmt: skip
    assert flow(PRACTICE, 3, 0).value == Decimal("0.2")
    assert flow(PRACTICE, 4, 0).value == Decimal("0.05")
    assert narrowest(PRACTICE) == 4


def test_what_forty_payments_take() -> None:
    # 40 / 20 = twice the funnel.
    assert needed(PRACTICE, Decimal(40), 3) == (200, 140, 120, 40, 10)
    # 7 payments: 7 x 100 / 20 = 35; 24.5 -> 25; 21; then 7 x 5 / 20 = 1.75 -> 1.
    assert needed(PRACTICE, Decimal(7), 3) == (35, 25, 21, 7, 1)


def test_norms_make_an_exact_chain() -> None:
    norms = (None, Decimal("0.7"), Decimal("0.8"), exact("1/3"), None)
    stages = [Stage(str(at), str(at), norm) for at, norm in enumerate(norms)]
    # 40 x 3 = 120; 120 / 0.8 = 150; 150 / 0.7 = 214.29 -> 215; the last stage has no norm.
    assert needed(norm_profile(stages, 3), Decimal(40), 3) == (215, 150, 120, 40, None)
    # The other way: from 150 decision makers follow 120 offers and 40 payments.
    assert needed(norm_profile(stages, 1), Decimal(150), 1) == (215, 150, 120, 40, None)
    assert norm_profile(stages, 4)[:4] == [None] * 4


def test_a_third_written_as_a_decimal_takes_no_call_too_many() -> None:
    stages = [Stage("a", "a", None), Stage("b", "b", exact("1/3"))]
    assert Fraction(stages[1].norm or 0) != Fraction(1, 3)
    assert needed(norm_profile(stages, 1), Decimal(40), 1) == (120, 40)


def test_zero_and_blank_divide_nothing() -> None:
    figures = (Decimal(10), Decimal(0), Decimal(0), None, Decimal(2))
    found = conversions(figures)
    assert [(share.value, share.absence) for share in found[1:] if share] == [
        (Decimal(0), None), (None, "zero"), (None, "blank"), (None, "above"),
    ]  # fmt: skip
    assert narrowest(figures) == 1
    assert narrowest((None, Decimal(1))) is None
    # Nothing was needed at a stage with zero: unknown, not 0 actions.
    assert needed(figures, Decimal(4), 4) == (20, None, None, None, 4)
    assert needed(figures, Decimal(4), 1) == (None, 4, None, None, None)


def test_a_basis_that_knows_of_no_other_stage_is_left_out() -> None:
    stages = [Stage("a", "a", None), Stage("b", "b", None)]
    passage = Passage("", (Decimal(10), Decimal(5)), (None, None))
    assert dict(takes(stages, passage, Target(1, Decimal(1)))) == {"actual": (2, 1)}


# -- a month ------------------------------------------------------------------------------------------------------


def test_people_departments_and_all_of_them(tmp_path: Path) -> None:
    (month,), _ = month_of(tmp_path)
    assert [index for index, _ in month.people] == [0, 1, 2]
    south, north = month.departments
    assert (south.name, south.actual) == ("Юг", (180, 100, 60, 20, 5))
    # A blank is no zero: without Sidorov's figure the north has none, and neither have all together.
    assert north.actual == (90, 50, 20, 10, None)
    assert month.total.actual == (270, 150, 80, 30, None)
    assert month.total.lacking[4] == ("Сидоров Семён Семёнович",)
    # Not everybody has a plan: the plan of all is not known.
    assert month.total.plan == (None,) * 5
    assert south.plan == (200, 140, 120, 40, None)


def test_a_computed_kpi_as_a_stage(tmp_path: Path) -> None:
    scheme = SCHEME.replace("    - second_purchases\n", "    - warm\n")
    (month,), _ = month_of(tmp_path, scheme)
    people = dict(month.people)
    assert round(people[0].actual[4], 9) == Decimal("0.857142857")  # 60 / 70
    assert people[1].actual[4] == 0
    sheets = SHEETS | {"Факт": [HEAD, ["00001", 100, 0, 0, 20, 5]]}
    (month,), _ = month_of(tmp_path, scheme, sheets)
    # Division by zero: no figure, and the run goes on.
    assert month.total.actual[4] is None


def test_nobody_in_the_funnel(tmp_path: Path) -> None:
    (month,), inputs = month_of(tmp_path, sheets={"Сотрудники": PEOPLE[:2]})
    assert (month.people, month.departments) == ((), ())
    assert "Данных по этапам воронки нет ни у кого." in shown(month, inputs)


def shown(month, inputs, payee: int | None = None, target: Target | None = None, width: int = 80) -> str:
    text = StringIO()
    print_funnel(month, inputs, "ru", Console(file=text, width=width), payee, target)
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    return "\n".join(line.rstrip() for line in lines)


def test_the_table_of_one_person_is_that_of_the_practice(tmp_path: Path) -> None:
    (month,), inputs = month_of(tmp_path)
    text = shown(month, inputs, 0, Target(3, Decimal(40)))
    plain = text.replace(NB, " ")
    assert "2  Разговоры с ЛПР             70       70 %     30 %        30 %     70 %" in plain
    assert "3  Коммерческие предложения    60     85,7 %   14,3 %        20 %     60 %" in plain
    assert "4  Оплаты                      20     33,3 %   66,7 %      66,7 %     20 %" in plain
    assert "5  Вторые покупки               5       25 %     75 %           —      5 %" in plain
    assert "Узкое место: Вторые покупки, доходит 25 %." in plain
    assert "Отсев выше" not in plain
    assert "1  Холодные звонки                      200             200            215" in plain
    assert "По нормативам: прочерк там, где у этапа не указан норматив." in plain


def test_the_table_of_all_says_why_there_is_a_dash(tmp_path: Path) -> None:
    (month,), inputs = month_of(tmp_path)
    plain = shown(month, inputs).replace(NB, " ")
    assert "Вторые покупки: прочерк, потому что не у всех есть данные (Сидоров Семён" in plain
    # 150 of 270 get there, 44.4 % drop out where 30 % may.
    assert "Отсев выше допустимого: Разговоры с ЛПР, 44,4 % при допустимых 30 %." in plain
    rows = [" ".join(line.split()) for line in plain.splitlines()]
    assert "Петров Пётр Петрович 80 37,5 % 0 % — — 0 % 2→3" in rows
    assert "Юг 180 55,6 % 60 % 33,3 % 25 % 2,8 % 4→5" in rows


def test_zero_at_the_stage_above_is_told(tmp_path: Path) -> None:
    (month,), inputs = month_of(tmp_path)
    plain = shown(month, inputs, 1)
    assert "Оплаты: на этапе выше ноль, делить не на что." in plain
    sheets = SHEETS | {"Факт": [HEAD, ["00001", 0, 0, None, 20, 5]]}
    (month,), inputs = month_of(tmp_path, sheets=sheets)
    plain = shown(month, inputs, 0)
    assert "От первого этапа: на первом этапе ноль, делить не на что." in plain
    assert "Коммерческие предложения: нет данных." in plain


def test_many_people_are_shown_by_department_and_a_narrow_terminal_drops_steps(tmp_path: Path) -> None:
    people = [["Табельный номер", "Сотрудник", "Подразделение", "Должность"]]
    people += [[f"{at:05}", f"Сотрудник {at}", f"Отдел {at % 2}", "Менеджер"] for at in range(40)]
    fact = [HEAD, *([f"{at:05}", 10, 5, 4, 2, 1] for at in range(40))]
    (month,), inputs = month_of(tmp_path, sheets={"Сотрудники": people, "Факт": fact})
    text = shown(month, inputs)
    assert "Сотрудник 7" not in text
    assert "Отдел 1" in text
    (month,), inputs = month_of(tmp_path)
    assert "1→5" in shown(month, inputs, width=60)
    assert "2→3 " not in shown(month, inputs, width=60).splitlines()[-12]


def test_several_funnels(tmp_path: Path) -> None:
    scheme = SCHEME[: SCHEME.index("funnel:")] + (
        "funnel:\n  - {title: Первая, stages: [cold_calls, offers]}\n  - {title: Вторая, stages: [offers, payments]}\n"
    )
    funnels, _ = month_of(tmp_path, scheme)
    assert [month.title for month in funnels] == ["Первая", "Вторая"]
    outcome = pay(tmp_path / "paid", scheme, SHEETS)
    names = openpyxl.load_workbook(outcome.files[0]).sheetnames
    assert [name for name in names if name.startswith("Воронка")] == ["Воронка Первая", "Воронка Вторая"]
    assert not differences(outcome.files[0], IronCalc)


# -- the command --------------------------------------------------------------------------------------------------


def invoke(folder: Path, *options: str):
    workbook, scheme = laid_out(folder)
    return CliRunner().invoke(app, ["funnel", str(workbook), "--scheme", str(scheme), *options])


def test_the_command(tmp_path: Path) -> None:
    done = invoke(tmp_path, "--target", "Оплаты=40", "--payee", "00001")
    assert done.exit_code == 0
    assert "Сколько нужно, чтобы получить: Оплаты — 40" in done.output
    assert invoke(tmp_path, "--payee", "1").exit_code == 1
    for wrong in ("payments", "payments=x", "payments=-1", "payments=NaN", "paymnts=40"):
        assert invoke(tmp_path, "--target", wrong).exit_code == 2, wrong
    assert "payments" in invoke(tmp_path, "--target", "paymnts=40").output


def test_a_scheme_that_cannot_be_read_is_not_said_to_have_no_funnel(tmp_path: Path) -> None:
    outcome, _ = commands.funnel(*laid_out(tmp_path, SCHEME.replace("norm: 80%", "nrm: 80%")))
    inputs = outcome.inputs
    assert inputs is None
    assert [found.code for found in outcome.issues] == ["unknown_key"]


def test_json(tmp_path: Path) -> None:
    found = json.loads(invoke(tmp_path, "--json", "--target", "payments=40").stdout)
    (funnel,) = found["funnels"]
    assert funnel["total"]["stages"][1]["conversion"] == "0.5555555556"
    assert funnel["total"]["stages"][4] == {
        "kpi": "second_purchases", "actual": None, "plan": None, "conversion": None, "dropout": None, "overall": None,
        "unknown": "blank",
    }  # fmt: skip
    # 40 x 270 / 30
    assert funnel["total"]["target"]["takes"]["actual"]["cold_calls"] == 360
    assert [one["id"] for one in funnel["people"]] == ["00001", "00002", "00003"]
    one = json.loads(invoke(tmp_path, "--json", "--payee", "00001", "--target", "payments=40").stdout)["funnels"][0]
    assert one["people"][0]["target"]["takes"]["norm"]["cold_calls"] == 215
    assert "total" not in one
    (tmp_path / "scheme.yaml").write_text(SCHEME[: SCHEME.index("funnel:")], encoding="utf-8")
    files = [str(tmp_path / "2026-10.xlsx"), "--scheme", str(tmp_path / "scheme.yaml")]
    refused = CliRunner().invoke(app, ["funnel", *files, "--json"])
    assert refused.exit_code == 1
    assert [found["code"] for found in json.loads(refused.stdout)["issues"]] == ["funnel_none"]


# -- the sheet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sheet_recalculates(tmp_path: Path, engine: type) -> None:
    outcome = pay(tmp_path, SCHEME, {"Сотрудники": PEOPLE, "Факт": FACT, "План": PLAN})
    assert outcome.files, outcome.issues
    assert differences(outcome.files[0], engine) == []


def test_gaps_and_zeros_anywhere_recalculate(tmp_path: Path) -> None:
    chance = random.Random(20261015)
    people = [PEOPLE[0], *([f"{at:05}", f"Сотрудник {at}", f"Отдел {at % 4}", "Менеджер"] for at in range(30))]
    fact = [HEAD]
    for at in range(30):
        figures = [chance.choice((None, 0, 1, 3, 7, 10, 0.5)) for _ in HEAD[1:]]
        # Pay needs the payments; a department without a gap is wanted too.
        figures[3] = figures[3] or 0
        fact.append([f"{at:05}", *(figures if at % 4 else [9, 7, 5, 3, 0])])
    outcome = pay(tmp_path, SCHEME, {"Сотрудники": people, "Факт": fact})
    assert outcome.files, outcome.issues
    assert differences(outcome.files[0], IronCalc) == []
    (_, (month,)) = commands.funnel(tmp_path / "month.xlsx", tmp_path / "scheme.yaml", "2026-10")
    whole = next(one for one in month.departments if one.name == "Отдел 0")
    assert whole.actual == (72, 56, 40, 24, 0)
    assert None in month.total.actual


def test_the_sheet_is_there_only_with_a_funnel(tmp_path: Path) -> None:
    outcome = pay(tmp_path / "a", SCHEME, SHEETS)
    book = openpyxl.load_workbook(outcome.files[0], data_only=True)
    sheet = book["Воронка"]
    cells = {row[1].value: [cell.value for cell in row] for row in sheet.iter_rows() if row[1].value}
    assert cells["Холодные звонки"][2] == 270
    assert cells["Вторые покупки"][2:4] == ["—", "—"]
    assert cells["Сидоров Семён Семёнович"][7] is None, "a blank stays blank"
    assert cells["Иванова Анна Сергеевна"][3:8] == [100, 70, 60, 20, 5]
    assert sheet._charts
    without = SCHEME[: SCHEME.index("funnel:")]
    outcome = pay(tmp_path / "b", without, SHEETS)
    assert "Воронка" not in openpyxl.load_workbook(outcome.files[0]).sheetnames


def test_the_same_month_gives_the_same_bytes(tmp_path: Path) -> None:
    first = pay(tmp_path, SCHEME, SHEETS).files[0]
    # The same input file: openpyxl writes the second in which it was made into another one.
    again = commands.run(
        tmp_path / "month.xlsx", tmp_path / "scheme.yaml", period="2026-10", out=tmp_path / "again.xlsx"
    )
    assert first.read_bytes() == again.files[0].read_bytes()
