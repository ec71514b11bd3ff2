"""What each kind of pay moves between 90 % and 110 % of a result: three managers, every figure by hand."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from issues.setting import write_workbook

from kpicalc import app
from kpicalc.model.balance import Mover

HEAD = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: none}}
employees:
  region: {title: Регион, unit: text}
kpis:
  sales: {title: Продажи, unit: руб}
  calls: {title: Звонки, unit: шт}
  nps: {title: NPS, unit: балл}
  assembled: {title: Собрано, unit: шт}
  region_sales: {title: Продажи региона, unit: руб, team: sum, of: sales, over: region}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
"""
PEOPLE = [("00042", "Москва", 150000, 80, 70, 90), ("00043", "Москва", 200000, 100, 71, 100),
          ("00044", "Тула", 250000, 120, 72, 110)]  # fmt: skip
"""Number, region, sales, calls, NPS, pieces; everybody's plan is 200 000 of sales and 100 calls."""
COMMISSION = "      - commission: {on: sales, rate: 10%}\n"


def write(folder: Path, pay: str, period: str = "2026-10") -> tuple[Path, Path]:
    heads = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Регион"]
    book, scheme = folder / f"{period}.xlsx", folder / "scheme.yaml"
    write_workbook(book, {
        "Сотрудники": [heads, *([one[0], f"Имя {one[0]}", "Юг", "Менеджер", one[1]] for one in PEOPLE)],
        "План": [["Табельный номер", "Продажи", "Звонки"], *([one[0], 200000, 100] for one in PEOPLE)],
        "Факт": [["Табельный номер", "Продажи", "Звонки", "NPS", "Собрано"],
                 *([one[0], *one[2:]] for one in PEOPLE)],
    })  # fmt: skip
    scheme.write_text(HEAD + pay, encoding="utf-8")
    return book, scheme


def movers(folder: Path, pay: str, period: str = "2026-10") -> dict[str, Mover]:
    found = app.balance(*write(folder, pay, period))
    assert found.balance is not None, found.outcome.issues
    return {one.kpi: one for one in found.balance.roles[0].kpis}


BONUS = (
    "      - kpi_bonus: {kpi: sales, over: quarter, plan: PLAN, target: 30000, paid: last_month, payout: attainment}\n"
)
FIGURES: list[tuple[str, str, dict[str, str]]] = [
    # 10 % of a fifth of 150 000, 200 000 and 250 000; what is held back for later is worth as much.
    ("holdback", COMMISSION + "      - holdback: {of: [commission], share: 100%, paid: next_quarter}\n",
     {"sales": "12000"}),
    # A fifth of the month's plan is 1/15 of the quarter's: 30 000 / 15 of each, whichever month it is.
    ("quarter", BONUS.replace("PLAN", "sum"), {"sales": "6000"}),
    # Without the plan of the quarter before its last month the actuals stand for it: likewise a fifteenth of 30 000.
    ("stated", BONUS.replace("PLAN", "stated"), {"sales": "6000"}),
    # Sales: 60 % of 10 000 at 100 % or not at all; calls: 40 % x 10 000 x a fifth.
    ("scales", ("      - kpi_bonus: {target: 10000, payout: index, weights: {sales: {weight: 60%, payout: {bands: "
     "[{from: 0%, pays: 0%}, {from: 100%, pays: 100%}]}}, calls: {weight: 40%, payout: attainment}}}\n"),
     {"sales": "18000", "calls": "2400"}),
    # 63 to 77, 63.9 to 78.1, 64.8 to 79.2: nothing to 10 000.
    ("value", ("      - kpi_bonus: {kpi: nps, by: value, target: 10000, payout: {bands: [{from: 0, pays: 0}, "
     "{from: 70, pays: 1}]}}\n"), {"nps": "30000"}),
    # 200 000 stands between 180 000 and 220 000 only for the second.
    ("steps", "      - steps: {on: sales, pays: highest, at: [{from: 200000, amount: 20000}]}\n", {"sales": "20000"}),
    # 81 to 99: 18 x 300; 90 to 110: 10 x 300 + 10 x 350; 99 to 121: 300 + 21 x 350.
    ("piecework", ("      - piecework: {on: assembled, tiers: marginal, rates: [{from: 0, per_unit: 300}, "
     "{from: 100, per_unit: 350}]}\n"), {"assembled": "19550"}),
    # 30 000 x (88 / 308 - 72 / 292, 110 / 310 - 90 / 290, 132 / 312 - 108 / 288): the own part is in the sum too.
    # Shares are differences of rounded running sums, so that the second gains 10 645.16 - 9 310.35: a kopeck less.
    ("pool", "      - pool: {amount: 30000, by: calls, among: department}\n", {"calls": "3951.29"}),
    # 5 % of 30 000 x 80 / 300, 40 000 x 100 / 300, 50 000 x 120 / 300 of sales, the second 10 333.33 - 9 666.67 by
    # running sums; calls as above, of 5 % of 600 000.
    ("pool of results", "      - pool: {on: sales, rate: 5%, by: calls, among: department}\n",
     {"calls": "3951.29", "sales": "2066.66"}),
    # Others of the region sell 200 000, 150 000 and nothing: 1 % of a fifth.
    ("override", "      - override: {on: sales, over: region, own: exclude, rate: 1%}\n", {"sales": "700"}),
    # Everybody's 600 000: three times 1 % of a fifth.
    ("override of all", "      - override: {on: sales, over: all, own: include, rate: 1%}\n", {"sales": "3600"}),
    # 10 % of others' commission of 20 000, 15 000 and nothing, a fifth of it; own commission as it is.
    ("override of lines", COMMISSION + "      - override: {of_lines: [commission], over: region, own: exclude, "
     "rate: 10%}\n", {"sales": "12000", "commission": "700"}),
    # 90 % and 110 % change nobody's place; 200 000 would tie with nobody either.
    ("ranked", ("      - ranked: {on: sales, among: department, ties: share, at: [{place: 1, amount: 10000}, "
     "{place: 2, amount: 5000}]}\n"), {"sales": "0"}),
    # Around the plan, not the actual: 3 % of 180 000, 7 % of 220 000, three times.
    ("by attainment", ("      - commission: {on: sales, by: attainment, tiers: whole, rates: [{from: 0%, rate: 3%}, "
     "{from: 100%, rate: 7%}]}\n"), {"sales": "30000"}),
]  # fmt: skip


@pytest.mark.parametrize(("pay", "expected"), [one[1:] for one in FIGURES], ids=[one[0] for one in FIGURES])
def test_what_each_kind_of_pay_moves(pay: str, expected: dict[str, str], tmp_path: Path) -> None:
    found = {kpi: one.moves for kpi, one in movers(tmp_path, pay).items()}
    assert found == {kpi: Decimal(amount) for kpi, amount in expected.items()}


def stuck(found: Mover) -> Sequence[str]:
    return [one.id for one in found.stuck]


@pytest.mark.parametrize("period", ["2026-10", "2026-11"])
def test_a_quarter_is_not_dead_before_its_last_month(period: str, tmp_path: Path) -> None:
    pay = BONUS.replace("PLAN", "sum").replace("payout: attainment", "payout: {bands: [{from: 0%, pays: 0%}, "
                                               "{from: 110%, pays: 100%}]}")  # fmt: skip
    # The month stands for the quarter: 75 %, 100 %, 125 % of the plan, and twice as much; the last has all.
    assert stuck(movers(tmp_path, pay, period)["sales"]) == ["00044"]


def test_others_results_pay_a_manager_whose_own_do_not(tmp_path: Path) -> None:
    pay = "      - override: {on: sales, over: region, own: exclude, rate: 1%}\n"
    assert stuck(movers(tmp_path, pay)["sales"]) == []


def test_whoever_is_first_gets_no_more_for_more(tmp_path: Path) -> None:
    # 300 000 would be the first place of 00042, 400 000 that of 00043; 00044 has it.
    assert stuck(movers(tmp_path, FIGURES[-2][1])["sales"]) == ["00044"]


def test_alone_in_a_pool_a_larger_coefficient_is_worth_nothing(tmp_path: Path) -> None:
    pay = "      - pool: {amount: 30000, by: calls, among: department}\n"
    book, scheme = write(tmp_path, pay)
    alone = [["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Регион"],
             ["00042", "Имя 00042", "Юг", "Менеджер", "Тула"]]  # fmt: skip
    write_workbook(book, {"Сотрудники": alone, "План": [["Табельный номер", "Звонки"], ["00042", 100]],
                          "Факт": [["Табельный номер", "Звонки"], ["00042", 80]]})  # fmt: skip
    found = app.balance(book, scheme)
    assert found.balance is not None, found.outcome.issues
    (calls,) = found.balance.roles[0].kpis
    assert (calls.moves, stuck(calls)) == (0, ["00042"])


def test_pay_row_by_row_moves_money_without_a_kpi(tmp_path: Path) -> None:
    scheme = HEAD.replace(
        "schemes:", "facts: {deals: {from: Сделки, payee: payee, date: date, columns: {amount: amount}}}\nschemes:"
    ) + (
        "      - deal_commission: {title: Со сделок, on: deals, amount: amount, round_rows: 0.01, tiers: whole, "
        "rates: [{from: 0, rate: 5%}]}\n"
    )
    book, path = write(tmp_path, "")
    write_workbook(book, {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Регион"],
                       ["00042", "Имя 00042", "Юг", "Менеджер", "Тула"]],
        "Сделки": [["payee", "amount", "date"], ["00042", 100000, "2026-10-05"], ["00042", 300000, "2026-10-06"]],
    })  # fmt: skip
    path.write_text(scheme, encoding="utf-8")
    found = app.balance(book, path)
    assert found.balance is not None, found.outcome.issues
    (rows,) = found.balance.roles[0].kpis
    # 5 % of 400 000 is 20 000; a fifth of it.
    assert (rows.kpi, rows.moves, rows.share) == ("deal_commission", 4000, 1)
    assert rows.title.startswith("Со сделок")


def test_one_result_by_place_and_by_commission_is_counted_twice(tmp_path: Path) -> None:
    pay = COMMISSION + FIGURES[-2][1]
    found = app.check(*write(tmp_path, pay), remarks=True)
    (twice,) = [one for one in found.issues if one.code == "counted_twice"]
    assert twice.fact("title") == "Продажи"


def test_whose_pay_cannot_be_computed_around_the_plan_is_told(tmp_path: Path) -> None:
    """At 90 calls, which are 90 % of those of 00043, the quotient cannot be computed."""
    found = movers(tmp_path, COMMISSION + "      - formula: {title: Отдача, pays: 'sales / (calls - 90)'}\n")
    told = {kpi: [(who.id, who.why) for who in one.unknown] for kpi, one in found.items()}
    assert told == {"sales": [], "calls": [("00043", "Отдача")]}
    # Sales: 30 000 x (10 % - 1 / 10), 40 000 x (10 % + 1 / 10), 50 000 x (10 % + 1 / 30). Calls of 72 and 88:
    # 150 000 / -18 and / -2; of 108 and 132: 250 000 / 18 and / 42.
    expected = {"sales": Decimal("8000.00") + Decimal("6666.67"), "calls": Decimal("66666.67") + Decimal("7936.51")}
    assert {kpi: one.moves for kpi, one in found.items()} == expected


def test_whose_month_cannot_be_computed_at_plan_is_told_and_taken_as_it_is(tmp_path: Path) -> None:
    """At 100 calls, which are the plan, the quotient cannot be computed; 00043 has none of it."""
    pay = (
        COMMISSION
        + "      - kpi_bonus: {kpi: calls, target: 10000, payout: attainment}\n"
        + "      - formula: {title: Отдача, pays: 'if(nps = 71, 0, sales / (calls - 100))'}\n"
    )
    found = app.balance(*write(tmp_path, pay))
    assert found.balance is not None, found.outcome.issues
    (role,) = found.balance.roles
    assert [(who.id, who.why) for who in role.as_is] == [("00042", "Отдача"), ("00044", "Отдача")]
    # Sales at 80, 100 and 120 calls: 30 000 x (10 % - 1 / 20), 40 000 x 10 %, 50 000 x (10 % + 1 / 20). Calls of 72 and
    # 88: 150 000 / -28 and / -12, and 16 % of 10 000; 20 % of 10 000; of 108 and 132: 250 000 / 8 and / 32, and 24 %.
    calls = (Decimal("7142.86") - 1600) + 2000 + (Decimal("23437.50") - 2400)
    assert {one.kpi: one.moves for one in role.kpis} == {"sales": 13000, "calls": calls, "nps": 0}
