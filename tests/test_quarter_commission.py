"""Commission of a quarter: an advance every month, the account in the last one, a part held back; the months add up."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import rounded
from recalculation import differences, lines, write_month

from kpicalc.app import Outcome, check, init, run
from kpicalc.lang import severity
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: LANGUAGE
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: none}
  part_month: {plan: none}
kpis:
  sales: {title: Продажи, unit: руб, season: {1: 60%, 2: 75%, 12: 140%}}
schemes:
  seller:
    title: Продавец
    pay:
      - commission: {id: advance, title: Аванс, on: sales, rate: 3%}
      - holdback: {of: [advance], share: 20%, paid: next_quarter}
      - commission:
          on: sales
          over: quarter
          by: attainment
          plan: sum
          tiers: whole
          rates: [{from: 0%, rate: 3%}, {above: 80%, rate: 5%}, {from: 100%, rate: 7%}]
          paid: last_month
          less: [advance]
"""
SAMPLES = Path(__file__).parent.parent / "samples"
NUMBERS = ("001", "7", "007")
SEASON = {1: Fraction(3, 5), 2: Fraction(3, 4), 12: Fraction(7, 5)}
KOPECK = Fraction(1, 100)


def scheme(language: str = "ru") -> str:
    return SCHEME.replace("LANGUAGE", language)


def pay(
    folder: Path, period: str, content: dict[str, list[list[object]]], text: str = "", **options: object
) -> Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scheme.yaml").write_text(text or scheme(), encoding="utf-8")
    workbook = write_month(folder / f"{period}.xlsx", content)
    return run(workbook, folder / "scheme.yaml", period=period, out=folder / f"payroll-{period}.xlsx", **options)  # type: ignore[arg-type]


def month(figures: dict[str, tuple[object, object]], **more: list[list[object]]) -> dict[str, list[list[object]]]:
    staff = [[number, f"Человек {number}", "Юг", "Продавец"] for number in figures]
    return {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"], *staff],
        "План": [["Табельный номер", "Продажи"], *([number, plan] for number, (plan, _) in figures.items())],
        "Факт": [["Табельный номер", "Продажи"], *([number, sold] for number, (_, sold) in figures.items())],
        **more,
    }


def codes(outcome: Outcome) -> set[str]:
    return {item.code for item in outcome.issues if severity(item) in ("error", "hold")}


def money(amount: Fraction) -> Fraction:
    return rounded(amount, KOPECK, "half_up")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_random_months_in_order_is_the_year_at_once(seed: int, tmp_path: Path) -> None:
    """Whatever the months: advances and the account add up to the rate of the quarter, and what is held is paid."""
    chance = random.Random(seed)
    year = {
        number: {
            of: (chance.choice([100000, 33333.33, 70000]), round(chance.uniform(0, 130000), 2)) for of in range(1, 13)
        }
        for number in NUMBERS
    }
    paid: dict[str, list[dict[str, Decimal]]] = {number: [] for number in NUMBERS}
    for of in range(1, 13):
        outcome = pay(tmp_path, f"2026-{of:02}", month({n: year[n][of] for n in NUMBERS}), history=tmp_path)
        assert not codes(outcome), outcome.issues
        for number in NUMBERS:
            paid[number].append(lines(outcome, number))
    assert not differences(tmp_path / "payroll-2026-12.xlsx")
    for number in NUMBERS:
        held = Fraction(0)
        for first in (1, 4, 7, 10):
            own = range(first, first + 3)
            sold = sum(Fraction(str(year[number][of][1])) for of in own)
            plan = sum(Fraction(str(year[number][of][0])) * SEASON.get(of, 1) for of in own)
            share = sold / plan
            rate = Fraction(7 if share >= 1 else 5 if share > Fraction(4, 5) else 3, 100)
            advances = [money(Fraction(str(year[number][of][1])) * Fraction(3, 100)) for of in own]
            months = [paid[number][of - 1] for of in own]
            assert [Fraction(one["advance"]) for one in months] == advances
            assert sum(Fraction(one["advance"] + one["commission"]) for one in months) == money(
                sold * rate - sum(advances)
            ) + sum(advances)
            assert [one["commission"] for one in months[:2]] == [0, 0]
            # What was held back in the quarter before is paid in the first month of this one, once.
            assert [Fraction(one["holdback_paid"]) for one in months] == [held, 0, 0]
            held = sum(-Fraction(one["holdback"]) for one in months)
            assert held == sum(money(advance / 5) for advance in advances)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_history_sheet_keeps_what_a_line_paid(language: str, tmp_path: Path) -> None:
    """By hand: 250 000 of 60 000 + 75 000 + 100 000 = 235 000 is 106 %: 17 500 less 2 400 + 2 100 + 3 000."""
    plan, paid = ("План", "Выплачено") if language == "ru" else ("Plan", "Paid")
    history = [
        ["Период", "Табельный номер", "Продажи", f"Продажи / {plan}", f"Аванс / {paid}"],
        ["2026-01", "001", 80000, 100000, 2400],
        ["2026-02", "001", 70000, 100000, 2100],
    ]
    outcome = pay(tmp_path, "2026-03", month({"001": (100000, 100000)}, История=history), scheme(language))
    assert not codes(outcome), outcome.issues
    assert lines(outcome, "001")["commission"] == 10000
    assert not differences(outcome.files[0])
    assert outcome.payroll is not None
    told = explanation(outcome.payroll, 0).replace("\N{NO-BREAK SPACE}", " ")
    # The plan of January in the cell is 100 000; its season is told beside.
    assert "60 000 [История!D2 × 60 %]" in told if language == "ru" else "60,000 [История!D2 × 60%]" in told


def test_a_history_of_rows_has_a_plan_beside_every_actual(tmp_path: Path) -> None:
    """By hand: as above, by 7 %, without an advance."""
    text = scheme().replace("          less: [advance]\n", "")
    history = [
        ["Период", "Табельный номер", "Показатель", "План", "Факт"],
        ["2026-01", "001", "Продажи", 100000, 80000],
        ["2026-02", "001", "Продажи", 100000, 70000],
    ]
    outcome = pay(tmp_path, "2026-03", month({"001": (100000, 100000)}, История=history), text)
    assert not codes(outcome), outcome.issues
    assert lines(outcome, "001")["commission"] == 17500
    blank = [history[0], [*history[1][:3], None, 80000], history[2]]
    outcome = pay(tmp_path / "blank", "2026-03", month({"001": (100000, 100000)}, История=blank), text)
    assert [(item.code, item.place.cell) for item in outcome.issues if item.code == "blank"] == [("blank", "D2")]


def test_a_payroll_that_says_otherwise_than_the_history_sheet_is_refused(tmp_path: Path) -> None:
    for period in ("2026-01", "2026-02"):
        assert not codes(pay(tmp_path, period, month({"001": (100000, 80000)}), history=tmp_path))
    history = [["Период", "Табельный номер", "Аванс / Выплачено"], ["2026-02", "001", 2500]]
    outcome = pay(tmp_path, "2026-03", month({"001": (100000, 80000)}, История=history), history=tmp_path)
    assert codes(outcome) == {"history_differs"}
    agreed = [history[0], ["2026-02", "001", 2400]]
    outcome = pay(tmp_path, "2026-03", month({"001": (100000, 80000)}, История=agreed), history=tmp_path)
    assert not codes(outcome), outcome.issues


def test_a_plan_typed_without_its_season_agrees_with_the_payroll_that_counted_it(tmp_path: Path) -> None:
    for period in ("2026-01", "2026-02"):
        assert not codes(pay(tmp_path, period, month({"001": (100000, 80000)}), history=tmp_path))
    history = [["Период", "Табельный номер", "Продажи / План"], ["2026-01", "001", 100000]]
    outcome = pay(tmp_path, "2026-03", month({"001": (100000, 80000)}, История=history), history=tmp_path)
    assert not codes(outcome), outcome.issues


def test_a_line_that_no_payroll_has_is_told(tmp_path: Path) -> None:
    """The advance is new in March: nothing is known of it before, and nothing is guessed."""
    old = scheme().replace("id: advance, title: Аванс", "id: advance, title: Комиссия за месяц")
    for period in ("2026-01", "2026-02"):
        pay(tmp_path, period, month({"001": (100000, 80000)}), old, history=tmp_path)
    outcome = pay(tmp_path, "2026-03", month({"001": (100000, 80000)}), history=tmp_path)
    assert codes(outcome) == {"payroll_lacks_figure"}


def test_before_the_last_month_the_next_step_says_what_counts_later(tmp_path: Path) -> None:
    """In February sales pay the advance and count in March too; paid by the quarter alone they pay nothing now."""
    for period in ("2026-01", "2026-02"):
        outcome = pay(tmp_path, period, month({"001": (100000, 80000)}), history=tmp_path)
    assert outcome.payroll is not None
    assert "Считается и за период, который оплачивается в своём последнем месяце." in explanation(outcome.payroll, 0)
    text = scheme().replace("      - commission: {id: advance, title: Аванс, on: sales, rate: 3%}\n", "")
    text = text.replace("      - holdback: {of: [advance], share: 20%, paid: next_quarter}\n", "")
    alone = pay(
        tmp_path / "alone", "2026-02", month({"001": (100000, 80000)}), text.replace("          less: [advance]\n", "")
    )
    assert alone.payroll is not None
    told = explanation(alone.payroll, 0)
    assert "В этом месяце не оплачивается: считается за период, оплата — в его последнем месяце." in told
    last = pay(tmp_path, "2026-03", month({"001": (100000, 80000)}), history=tmp_path)
    assert last.payroll is not None
    assert "за период" not in explanation(last.payroll, 0)


def test_an_advance_that_is_taken_off_is_not_paid_twice(tmp_path: Path) -> None:
    pay(tmp_path, "2026-01", month({"001": (100000, 80000)}), history=tmp_path)
    checked = check(tmp_path / "2026-01.xlsx", tmp_path / "scheme.yaml", "2026-01", tmp_path / "none", remarks=True)
    assert "counted_twice" not in {item.code for item in checked.issues}
    twice = scheme().replace("          less: [advance]\n", "")
    (tmp_path / "scheme.yaml").write_text(twice, encoding="utf-8")
    checked = check(tmp_path / "2026-01.xlsx", tmp_path / "scheme.yaml", "2026-01", remarks=True)
    assert "counted_twice" in {item.code for item in checked.issues}


def test_a_plan_that_is_stated_for_the_quarter_is_no_idle_column(tmp_path: Path) -> None:
    text = scheme().replace("plan: sum", "plan: stated")
    pay(tmp_path, "2026-02", month({"001": (100000, 80000)}), text)
    checked = check(tmp_path / "2026-02.xlsx", tmp_path / "scheme.yaml", "2026-02", remarks=True)
    assert "column_idle" not in {item.code for item in checked.issues}


@pytest.mark.parametrize(("hired", "told"), [(date(2026, 2, 16), set()), (None, {"payroll_blank"})])
def test_whoever_is_hired_this_month_opens_it_with_nothing(hired: date | None, told: set[str], tmp_path: Path) -> None:
    """Without a day of hiring the number may be mistyped, and nothing is guessed."""
    assert not codes(pay(tmp_path, "2026-01", month({"001": (100000, 80000)}), history=tmp_path))
    both = month({"001": (100000, 80000), "002": (100000, 50000)})
    people = both["Сотрудники"]
    both["Сотрудники"] = [[*people[0], "Дата приёма"], [*people[1], None], [*people[2], hired]]
    outcome = pay(tmp_path, "2026-02", both, history=tmp_path)
    assert codes(outcome) == told, outcome.issues
    if not told:
        # 3 % of 50 000, a fifth of it held back.
        assert lines(outcome, "002") == {"advance": 1500, "holdback": -300, "holdback_paid": 0, "commission": 0}


def test_the_form_of_a_quarter_pays_as_its_example(tmp_path: Path) -> None:
    """The form has the plan of the quarter, of earlier months before their season, and what the advance paid."""
    made = init(tmp_path / "own", SAMPLES / "quarter" / "scheme.yaml", "2026-09")
    folder = made.files[0].parent
    outcome = run(folder / "2026-09.xlsx", folder / "scheme.yaml", out=tmp_path / "out")
    assert not codes(outcome), outcome.issues
    # The sample's first example: Белова in September.
    assert sum(lines(outcome, "00001").values()) == Decimal("176400.03")


def test_the_form_of_a_team_with_a_season_and_of_days_pays_as_its_example(tmp_path: Path) -> None:
    """By hand: the norm that counts is 1 400, so 1 000 is typed beside 140 %; hired before July, 10 % of 1 400."""
    (tmp_path / "scheme.yaml").write_text(
        """
kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  sales: {title: Продажи, unit: руб}
  department_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales, season: {10: 140%}}
schemes:
  seller:
    title: Продавец
    pay:
      - team_bonus: {on: department_sales, levels: [{reach: norm, pays: 5000}]}
      - formula: {title: Надбавка, pays: 'sales * if(hired < day("2026-07-01"), 10%, 8%)'}
    examples:
      - actual: {sales: 1400}
        employee: {hired: 2026-06-30}
        team: {department_sales: {actual: 1400, norm: 1400}}
        pays: {team_bonus: 5000, formula: 140}
""",
        encoding="utf-8",
    )
    folder = init(tmp_path / "own", tmp_path / "scheme.yaml", "2026-10").files[0].parent
    outcome = run(folder / "2026-10.xlsx", folder / "scheme.yaml", out=tmp_path / "out")
    assert not codes(outcome), outcome.issues
    assert lines(outcome, "00001") == {"team_bonus": 5000, "formula": 140}
