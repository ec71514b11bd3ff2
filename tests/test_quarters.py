"""Quarters, half-years and years: earlier months from payrolls, the History sheet or facts, whoever came in between."""

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import rounded
from recalculation import differences, lines, write_month

from kpicalc.app import Outcome, run
from kpicalc.lang import severity
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: LANGUAGE
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
  missing: MISSING
  zero_plan: zero
  part_month: {plan: none}
kpis:
  sales: {title: Продажи, unit: руб}
schemes:
  seller:
    title: Продавец
    pay:
      - kpi_bonus:
          {kpi: sales, over: quarter, plan: sum, target: 45000, prorate: none, paid: last_month, payout: attainment}
      - kpi_bonus:
          {id: year, title: Год, kpi: sales, over: year, plan: sum, target: 100000, prorate: none, payout: attainment}
"""
Figures = Mapping[str, tuple[object, object]]
"""Plan and actual by personnel number."""


def text(missing: str = "error", language: str = "ru") -> str:
    return SCHEME.replace("MISSING", missing).replace("LANGUAGE", language)


def sheets(month: Figures, hired: Mapping[str, date] | None = None, **more: list[list[object]]) -> dict[str, object]:
    days = hired or {}
    return {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Дата приёма"]]
        + [[number, f"Человек {number}", "Юг", "Продавец", days.get(number)] for number in month],
        "План": [["Табельный номер", "Продажи"]] + [[number, plan] for number, (plan, _) in month.items()],
        "Факт": [["Табельный номер", "Продажи"]] + [[number, sold] for number, (_, sold) in month.items()],
        **{name.replace("_", " "): rows for name, rows in more.items()},
    }


def pay(
    folder: Path, period: str, content: Mapping[str, object], scheme: str | None = None, **options: object
) -> Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scheme.yaml").write_text(scheme or text(), encoding="utf-8")
    workbook = write_month(folder / f"{period}.xlsx", content)  # type: ignore[arg-type]
    return run(workbook, folder / "scheme.yaml", period=period, out=folder / f"payroll-{period}.xlsx", **options)  # type: ignore[arg-type]


def codes(outcome: Outcome) -> set[str]:
    return {item.code for item in outcome.issues if severity(item) in ("error", "hold")}


def test_a_year_of_months_run_in_order_is_the_year_at_once(tmp_path: Path) -> None:
    """Random months, each with the payrolls before it: the quarters' bonuses and the year's, by exact fractions."""
    chance = random.Random(4)
    numbers = ["001", "002", "003"]
    year: dict[str, Figures] = {
        f"2026-{month:02}": {
            number: (chance.choice([100000, 33333.33, 250000]), chance.choice([0, 99999.99, 120000.05, 310000]))
            for number in numbers
        }
        for month in range(1, 13)
    }
    paid = {}
    for period, month in year.items():
        outcome = pay(tmp_path, period, sheets(month), history=tmp_path)
        assert not codes(outcome), outcome.issues
        paid[period] = {number: lines(outcome, number) for number in numbers}
    assert not differences(tmp_path / "payroll-2026-12.xlsx")
    for number in numbers:
        for last in (3, 6, 9, 12):
            quarter = [year[f"2026-{month:02}"][number] for month in range(last - 2, last + 1)]
            assert Fraction(paid[f"2026-{last:02}"][number]["kpi_bonus"]) == due(quarter, 45000)
        assert Fraction(paid["2026-12"][number]["year"]) == due([month[number] for month in year.values()], 100000)
        nothing = [period for period in year if period[5:] not in ("03", "06", "09", "12")]
        assert not any(paid[period][number]["kpi_bonus"] for period in nothing)
        assert not any(paid[period][number]["year"] for period in year if period != "2026-12")


def due(months: list[tuple[object, object]], target: int) -> Fraction:
    plan, sold = (sum(Fraction(f"{month[at]:.15g}") for month in months) for at in (0, 1))
    return rounded(target * rounded(sold / plan, Fraction(1, 10000), "half_up"), Fraction(1, 100), "half_up")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_history_sheet_has_a_column_of_plans(language: str, tmp_path: Path) -> None:
    """By hand: (100 000 + 150 000 + 50 000) / (100 000 + 100 000 + 200 000) = 75 % of 45 000."""
    plan = "План" if language == "ru" else "Plan"
    content = sheets(
        {"001": (200000, 50000)},
        История=[
            ["Табельный номер", "Период", "Продажи", f"Продажи / {plan}"],
            ["001", "2026-01", 100000, 100000],
            ["001", "2026-02", 150000, 100000],
        ],
    )
    outcome = pay(tmp_path, "2026-03", content, text(language=language))
    assert not codes(outcome), outcome.issues
    assert lines(outcome, "001") == {"kpi_bonus": Decimal(33750), "year": Decimal(0)}
    assert not differences(outcome.files[0])


def test_a_payroll_that_the_workbook_contradicts_is_refused(tmp_path: Path) -> None:
    for period in ("2026-01", "2026-02"):
        pay(tmp_path, period, sheets({"001": (100000, 100000)}))
    history = [["Табельный номер", "Период", "Продажи / План"], ["001", "2026-02", 90000]]
    outcome = pay(tmp_path, "2026-03", sheets({"001": (100000, 100000)}, История=history), history=tmp_path)
    assert codes(outcome) == {"history_differs"}


def test_without_earlier_months_the_last_one_is_refused_and_no_other(tmp_path: Path) -> None:
    month = {"001": (100000, 100000)}
    assert not codes(pay(tmp_path / "two", "2026-02", sheets(month)))
    assert codes(pay(tmp_path / "three", "2026-03", sheets(month))) == {"no_history_sheet"}


def test_months_before_the_hiring_count_for_nothing(tmp_path: Path) -> None:
    """By hand: hired in February. (80 000 + 120 000) / (100 000 + 100 000) = 100 %; the colleague has three months."""
    days = {"002": date(2026, 2, 16)}
    pay(tmp_path, "2026-01", sheets({"001": (100000, 50000)}), history=tmp_path)
    pay(tmp_path, "2026-02", sheets({"001": (100000, 50000), "002": (100000, 80000)}, days), history=tmp_path)
    month = {"001": (100000, 50000), "002": (100000, 120000)}
    outcome = pay(tmp_path, "2026-03", sheets(month, days), history=tmp_path)
    assert not codes(outcome), outcome.issues
    assert [lines(outcome, number)["kpi_bonus"] for number in month] == [22500, 45000]


def test_a_month_that_somebody_lacks_holds_the_person_alone(tmp_path: Path) -> None:
    pay(tmp_path, "2026-01", sheets({"001": (100000, 50000)}), text("hold"), history=tmp_path)
    both = {"001": (100000, 50000), "002": (100000, 80000)}
    pay(tmp_path, "2026-02", sheets(both), text("hold"), history=tmp_path)
    outcome = pay(tmp_path, "2026-03", sheets(both), text("hold"), history=tmp_path)
    assert outcome.payroll
    assert outcome.payroll.held == (1,)
    assert lines(outcome, "001")["kpi_bonus"] == 22500


HISTORY = [
    ["Табельный номер", "Период", "Продажи", "Продажи / План"],
    ["001", "2026-01", 50000, 100000],
    ["001", "2026-02", 0, 90000],
]


def test_the_explanation_names_the_plans_of_the_earlier_months(tmp_path: Path) -> None:
    outcome = pay(tmp_path, "2026-03", sheets({"001": (100000, 100000)}, История=HISTORY))
    assert not codes(outcome), outcome.issues
    assert outcome.payroll
    text = explanation(outcome.payroll, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert "январь 2026: 50 000 [История!C2]\n    февраль 2026: 0 [История!C3]" in text
    assert "январь 2026: 100 000 [История!D2]\n    февраль 2026: 90 000 [История!D3]" in text


@pytest.mark.parametrize(
    ("plan", "january", "held"),
    [
        # January of 5 800 000 in place of 58 000: 5 900 000 of 290 000 is more than twenty times the plan.
        ("sum", 5800000, True),
        # (5 700 000 + 0 + 100 000) / 290 000 is twenty times, which is not yet too much.
        ("sum", 5700000, False),
        # Of a stated plan of 100 000 twenty times are 2 000 000.
        ("stated", 1900000, False),
        ("stated", 1900001, True),
    ],
)
def test_a_quarter_far_above_its_plan_holds_the_person(plan: str, january: int, held: bool, tmp_path: Path) -> None:
    history = [HISTORY[0], ["001", "2026-01", january, 100000], HISTORY[2]]
    scheme = (
        text()
        .replace("over: quarter, plan: sum", f"over: quarter, plan: {plan}")
        .replace("over: year", "over: quarter")
    )
    scheme = scheme if plan == "sum" else scheme.replace("plan: sum", "plan: stated")
    outcome = pay(tmp_path, "2026-03", sheets({"001": (100000, 100000)}, История=history), scheme)
    assert codes(outcome) == ({"far_above_plan"} if held else set())


@pytest.mark.parametrize(("january", "expected"), [(200000, set()), (200001, {"out_of_range"}), (-1, {"out_of_range"})])
def test_the_range_of_a_kpi_holds_for_earlier_months_too(january: int, expected: set[str], tmp_path: Path) -> None:
    history = [HISTORY[0], ["001", "2026-01", january, 100000], HISTORY[2]]
    scheme = text().replace("unit: руб}", "unit: руб, range: [0, 200000]}")
    outcome = pay(tmp_path, "2026-03", sheets({"001": (100000, 100000)}, История=history), scheme)
    assert codes(outcome) == expected


HOLDBACK = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, part_month: {plan: none}}
kpis:
  sales: {title: Продажи, unit: руб}
schemes:
  seller:
    title: Продавец
    pay:
      - commission: {on: sales, rate: 3.33%}
      - holdback: {of: [commission], share: 1/3, paid: next_quarter, dismissed: pays}
"""


def test_a_year_of_holdbacks_pays_the_whole_in_the_end(tmp_path: Path) -> None:
    """Every quarter is paid in the first month of the next, once; in January everything of the year is paid."""
    chance = random.Random(9)
    periods = [f"2026-{month:02}" for month in range(1, 13)] + ["2027-01"]
    sold = {period: chance.choice([0, 100000.55, 33333.33, 250000]) for period in periods}
    held, paid = {}, {}
    for period in periods:
        outcome = pay(tmp_path, period, sheets({"001": (1, sold[period])}), HOLDBACK, history=tmp_path)
        expected = {"balance_begins"} if period == "2026-01" else set()
        assert {item.code for item in outcome.issues if item.code.startswith("balance")} <= expected, outcome.issues
        own = lines(outcome, "001")
        held[period], paid[period] = -own["holdback"], own["holdback_paid"]
    for month in (1, 4, 7, 10):
        quarter = [held[f"2026-{number:02}"] for number in range(month, month + 3)]
        following = f"2026-{month + 3:02}" if month < 10 else "2027-01"
        assert paid[following] == sum(quarter)
    assert sum(paid.values()) == sum(held.values()) - held["2027-01"]
    assert not any(paid[period] for period in periods if period[5:] not in ("01", "04", "07", "10"))
    assert not differences(tmp_path / "payroll-2026-10.xlsx")


def test_who_is_dismissed_is_paid_what_was_held_back(tmp_path: Path) -> None:
    """By hand: a third of 3.33 % of 100 000 = 1 110 in February; in March it is paid and nothing is held back."""
    pay(tmp_path, "2026-02", sheets({"001": (1, 100000)}), HOLDBACK, history=tmp_path)
    content = sheets({"001": (1, 100000)})
    content["Сотрудники"] = [
        ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Дата увольнения"],
        ["001", "Человек 001", "Юг", "Продавец", date(2026, 3, 20)],
    ]
    outcome = pay(tmp_path, "2026-03", content, HOLDBACK, history=tmp_path)
    assert not codes(outcome), outcome.issues
    assert lines(outcome, "001") == {"commission": 3330, "holdback": 0, "holdback_paid": 1110}


FACTS = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}}
facts:
  deals: {from: Сделки, payee: Менеджер, date: Дата, columns: {amount: {heading: Сумма, type: number}}}
kpis:
  sales: {title: Продажи, unit: руб, from: deals, sum: amount}
schemes:
  seller:
    title: Продавец
    pay:
      - kpi_bonus: {kpi: sales, over: quarter, plan: stated, target: 45000, payout: attainment}
"""


def test_facts_know_the_months_of_the_quarter_by_themselves(tmp_path: Path) -> None:
    """By hand: 10 000 + 20 000 + 30 000 of a stated 120 000 is half of 45 000; last December is no part of it."""
    content = {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"], ["001", "Анна", "Юг", "П"]],
        "План": [["Табельный номер", "Продажи"], ["001", 120000]],
        "Сделки": [["Менеджер", "Дата", "Сумма"]]
        + [["001", date(2026, month, 15), month * 10000] for month in (1, 2, 3)]
        + [["001", date(2025, 12, 31), 999]],
    }
    outcome = pay(tmp_path, "2026-03", content, FACTS)
    assert not codes(outcome), outcome.issues
    assert lines(outcome, "001")["kpi_bonus"] == 22500


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        # The quarter's 60 000 are a fiftieth of 3 000 000; of a plan of one person nothing else is known.
        ([3000000], ["far_from_plan"]),
        ([2999999], []),
        ([-1], ["negative_input"]),
        # Of colleagues one has ten times the plan of the other.
        ([120000, 1200000], ["odd_salaries"]),
        ([120000, 1199999], []),
    ],
)
def test_a_stated_plan_of_a_quarter_is_as_plausible_as_that_of_a_month(
    plans: list[int], expected: list[str], tmp_path: Path
) -> None:
    numbers = ["001", "002"][: len(plans)]
    content = {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"]]
        + [[number, f"Человек {number}", "Юг", "Продавец"] for number in numbers],
        "План": [["Табельный номер", "Продажи"], *([*row] for row in zip(numbers, plans, strict=True))],
        "Сделки": [["Менеджер", "Дата", "Сумма"]]
        + [[number, date(2026, month, 15), month * 10000] for month in (1, 2, 3) for number in numbers],
    }
    outcome = pay(tmp_path, "2026-03", content, FACTS)
    watched = ("far_from_plan", "negative_input", "odd_salaries")
    assert [item.code for item in outcome.issues if item.code in watched] == expected


def test_the_quarter_of_a_real_team(tmp_path: Path) -> None:
    """October is no last month of a quarter: the line stands as 0, and December pays the three months together."""
    month = {"00042": (400000, 100000), "00043": (400000, 180000)}
    october = pay(tmp_path, "2026-10", sheets(month), history=tmp_path)
    assert [lines(october, number)["kpi_bonus"] for number in month] == [0, 0]
    pay(tmp_path, "2026-11", sheets(month), history=tmp_path)
    scheme = text().split("      - kpi_bonus:\n          {id: year")[0]
    december = pay(tmp_path, "2026-12", sheets(month), scheme, history=tmp_path)
    # 300 000 / 1 200 000 = 25 %, 540 000 / 1 200 000 = 45 %.
    assert [lines(december, number)["kpi_bonus"] for number in month] == [11250, 20250]
