"""What runs from month to month inside a replay: by hand over four months, and against real runs of both schemes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from issues.setting import write_workbook

from kpicalc import app
from kpicalc.model.replay import Replay

HEAD = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}, part_month: {plan: none}}
kpis:
  sales: {title: Продажи, unit: руб}
  returned: {title: Возвраты, unit: руб}
  paid: {title: Выплачено, unit: руб}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
"""
AUTUMN = ("2026-08", "2026-09", "2026-10", "2026-11")
COMMISSION = "      - commission: {on: sales, rate: 10%}\n"
HOLDBACK = COMMISSION + "      - holdback: {of: [commission], share: 20%, paid: next_quarter, dismissed: pays}\n"


@dataclass(frozen=True)
class Case:
    """A scheme, the same with another option, months with (plan, sales, returned) of one person, and what is paid."""

    pay: str
    was: str
    now: str
    months: Sequence[str]
    figures: Sequence[tuple[int, int, int]]
    old: Sequence[int]
    new: Sequence[int]
    ends: Mapping[str, tuple[int, int]]


SALES = [(200000, 100000, 0), (200000, 200000, 0), (200000, 300000, 0), (200000, 150000, 0)]
CASES = {
    # 10 000 - 2 000; 20 000 - 4 000; 30 000 - 6 000 and the quarter's 2 000 + 4 000; 15 000 - 3 000. At 12 %: 12 000 -
    # 2 400; 24 000 - 4 800; 36 000 - 7 200 + 7 200; 18 000 - 3 600. Left after November: 6 000 + 3 000; 7 200 + 3 600.
    "holdback": Case(HOLDBACK, "rate: 10%", "rate: 12%", AUTUMN, SALES, [8000, 16000, 30000, 12000],
                     [9600, 19200, 36000, 14400], {"holdback_balance": (9000, 10800)}),
    # What each month keeps back the next one pays: 8 000; 16 000 + 2 000; 24 000 + 4 000; 12 000 + 6 000.
    "another term": Case(HOLDBACK, "next_quarter", "next_month", AUTUMN, SALES, [8000, 16000, 30000, 12000],
                         [8000, 18000, 28000, 18000], {"holdback_balance": (9000, 3000)}),
    # July to September: 315 000 of 300 000 are 105 % of 30 000, or of 36 000, in September; October waits for December.
    "quarter": Case(
        "      - kpi_bonus: {kpi: sales, over: quarter, plan: sum, target: 30000, prorate: none, paid: last_month, "
        "payout: attainment}\n", "target: 30000", "target: 36000", ("2026-07", "2026-08", "2026-09", "2026-10"),
        [(100000, 90000, 0), (100000, 120000, 0), (100000, 105000, 0), (100000, 80000, 0)], [0, 0, 31500, 0],
        [0, 0, 37800, 0], {}),
    # The half-year's last month is June: 585 000 of 600 000 are 97.5 %.
    "half-year": Case(
        "      - kpi_bonus: {kpi: sales, over: half_year, plan: sum, target: 30000, prorate: none, paid: last_month, "
        "payout: attainment}\n", "target: 30000", "target: 40000", [f"2026-0{number}" for number in range(1, 7)],
        [(100000, sales, 0) for sales in (90000, 120000, 105000, 75000, 95000, 100000)], [0, 0, 0, 0, 0, 29250],
        [0, 0, 0, 0, 0, 39000], {}),
    # 200 000 x 5 %; then 400 000 x 5 % + 100 000, 200 000, 300 000 x 7 % less what was paid before. At 9 % likewise.
    "true-up": Case(
        "      - true_up: {on: sales, since: year, against: paid, paid: paid, tiers: marginal, "
        "rates: [{from: 0, rate: 5%}, {from: 400000, rate: 7%}]}\n", "rate: 7%", "rate: 9%",
        ("2026-01", "2026-02", "2026-03", "2026-04"),
        [(0, 200000, 0), (0, 300000, 0), (0, 100000, 0), (0, 100000, 0)], [10000, 17000, 7000, 7000],
        [10000, 19000, 9000, 9000], {}),
    # 10 % of what came back, at most a fifth of the month's commission: 5 000 > 4 000 of 20 000; 15 000 > 3 000 of
    # 15 000. Without the limit all of it.
    "clawback": Case(
        COMMISSION + "      - clawback: {on: returned, rate: 10%, limit: 20%}\n", "limit: 20%", "limit: none", AUTUMN,
        [(0, 100000, 0), (0, 200000, 50000), (0, 300000, 0), (0, 150000, 150000)], [10000, 16000, 30000, 12000],
        [10000, 15000, 30000, 0], {}),
}  # fmt: skip


def write(folder: Path, case: Case) -> None:
    (folder / "months").mkdir()
    for period, (plan, sales, returned) in zip(case.months, case.figures, strict=True):
        month(folder / "months" / f"{period}.xlsx", {"00042": (plan, sales, returned)})
    pay = HEAD + case.pay
    assert pay.count(case.was) == 1
    (folder / "scheme.yaml").write_text(pay, encoding="utf-8")
    (folder / "other.yaml").write_text(pay.replace(case.was, case.now), encoding="utf-8")


def month(
    path: Path, figures: Mapping[str, tuple[int, int, int | None]], hired: Mapping[str, date] | None = None
) -> None:
    heads = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Дата приёма"]
    people = [[number, f"Имя {number}", "Юг", "Менеджер", (hired or {}).get(number)] for number in figures]
    write_workbook(path, {
        "Сотрудники": [heads, *people],
        "План": [["Табельный номер", "Продажи"], *([number, own[0]] for number, own in figures.items())],
        "Факт": [["Табельный номер", "Продажи", "Возвраты"], *([number, *own[1:]] for number, own in figures.items())],
    })  # fmt: skip


def replayed(folder: Path, months: Sequence[Path] | None = None, **options: Any) -> Replay:
    tried = app.replay(months or [folder / "months"], folder / "scheme.yaml", other=folder / "other.yaml", **options)
    assert tried.replay is not None, "\n".join(map(str, tried.issues))
    return tried.replay


def runs(folder: Path, scheme: str, months: Sequence[str]) -> list[Decimal]:
    """Pay the months one after another with `--history`, and return what each accrues."""
    found = []
    out = folder / f"paid by {scheme}"
    out.mkdir()
    for period in months:
        outcome = app.run(folder / "months" / f"{period}.xlsx", folder / scheme, out=out, history=out)
        assert outcome.files, outcome.issues
        assert outcome.payroll
        found.append(outcome.payroll.accrued())
    return found


@pytest.mark.parametrize("name", list(CASES))
def test_four_months_by_hand_and_by_real_runs(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    write(tmp_path, case)
    found = replayed(tmp_path)
    assert [one.fund.old for one in found.months] == case.old
    assert [one.fund.new for one in found.months] == case.new
    assert {balance: (closed.old, closed.new) for balance, closed in found.ends} == case.ends
    if name != "true-up":
        # The payroll of a true-up keeps no column of what it paid: there the History sheet is needed.
        assert runs(tmp_path, "scheme.yaml", case.months) == case.old
        assert runs(tmp_path, "other.yaml", case.months) == case.new


@pytest.mark.parametrize("name", ["holdback", "another term", "quarter", "half-year"])
def test_months_before_come_from_their_payrolls(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    write(tmp_path, case)
    paid = runs(tmp_path, "scheme.yaml", case.months)
    later = [tmp_path / "months" / f"{period}.xlsx" for period in case.months[2:]]
    found = replayed(tmp_path, later, history=tmp_path / "paid by scheme.yaml")
    # The first two months were paid by the scheme as it is, and that stays so: 2 000 + 4 000 are owed under both.
    assert [one.fund.old for one in found.months] == paid[2:]
    expected = {
        "holdback": [36000 - 7200 + 6000, 14400],
        "another term": [24000 + 6000, 18000],
        "quarter": [37800, 0],
        "half-year": [0, 0, 0, 39000],
    }
    assert [one.fund.new for one in found.months] == expected[name]
    assert found.begun == ()


def test_without_payrolls_a_quarter_that_began_before_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, CASES["quarter"])
    tried = app.replay([tmp_path / "months" / f"{period}.xlsx" for period in ("2026-09", "2026-10")],
                       tmp_path / "scheme.yaml", other=tmp_path / "other.yaml")  # fmt: skip
    assert tried.replay
    assert [(out.period, out.by) for out in tried.replay.months_out] == [("2026-09", "old"), ("2026-09", "new")]
    assert [one.period for one in tried.replay.months] == ["2026-10"]


def test_a_payroll_that_was_edited_is_no_history(tmp_path: Path) -> None:
    case = CASES["quarter"]
    write(tmp_path, case)
    runs(tmp_path, "scheme.yaml", case.months[:2])
    paid = tmp_path / "paid by scheme.yaml"
    (paid / "payroll-2026-08.xlsx").write_bytes((tmp_path / "months" / "2026-08.xlsx").read_bytes())
    tried = app.replay([tmp_path / "months" / "2026-09.xlsx"], tmp_path / "scheme.yaml",
                       other=tmp_path / "other.yaml", history=paid)  # fmt: skip
    assert tried.errors
    assert tried.replay is None
    nowhere = app.replay([tmp_path / "months"], tmp_path / "scheme.yaml", other=tmp_path / "other.yaml",
                         history=tmp_path / "nowhere")  # fmt: skip
    assert [found.code for found in nowhere.issues] == ["history_folder"]
    assert nowhere.replay is None


def test_whoever_is_hired_later_owes_nothing(tmp_path: Path) -> None:
    # 00043 stands in August's workbook already, hired on the 1st of September.
    (tmp_path / "months").mkdir()
    for period in AUTUMN[:2]:
        month(tmp_path / "months" / f"{period}.xlsx", {"00042": (0, 100000, 0), "00043": (0, 100000, 0)},
              {"00043": date(2026, 9, 1)})  # fmt: skip
    (tmp_path / "scheme.yaml").write_text(HEAD + HOLDBACK, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(HEAD + HOLDBACK.replace("20%", "10%"), encoding="utf-8")
    found = replayed(tmp_path)
    # 10 000 - 20 %, or - 10 %: one person in August, two in September.
    assert [(one.fund.old, one.fund.new) for one in found.months] == [(8000, 9000), (16000, 18000)]
    assert not found.incomplete


def test_a_search_takes_the_months_before_from_payrolls_too(tmp_path: Path) -> None:
    case = CASES["holdback"]
    write(tmp_path, case)
    runs(tmp_path, "scheme.yaml", case.months)
    values, percent = app.between_in("10%:12%", "2%")
    found = app.seek([tmp_path / "months" / "2026-10.xlsx"], tmp_path / "scheme.yaml", path="manager.commission.rate",
                     amount=Decimal(30000), values=values, percent=percent,
                     history=tmp_path / "paid by scheme.yaml")  # fmt: skip
    assert found.seek, found.issues
    # 30 000 - 6 000 + 6 000; 36 000 - 7 200 + 6 000.
    assert [one.fund for one in found.seek.tries] == [30000, 34800]


@pytest.mark.parametrize(("pay", "expected"), [
    # 10 % of the average of the two months before: 150 000 in March, 250 000 in April, 350 000 in May.
    ("formula: {pays: 'average(sales, 2) * 10%'}", {"2026-03": 15000, "2026-04": 25000, "2026-05": 35000}),
    # 10 % of last month's sales: January alone has no month before.
    ("formula: {pays: 'previous(sales) * 10%'}",
     {"2026-02": 10000, "2026-03": 20000, "2026-04": 30000, "2026-05": 40000}),
])  # fmt: skip
def test_a_month_that_cannot_be_paid_is_known_to_the_later_ones(
    pay: str, expected: Mapping[str, int], tmp_path: Path
) -> None:
    (tmp_path / "months").mkdir()
    for number in range(1, 6):
        month(tmp_path / "months" / f"2026-0{number}.xlsx", {"00042": (0, number * 100000, 0)})
    scheme = HEAD + f"      - {pay}\n"
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(scheme.replace("10%", "20%"), encoding="utf-8")
    found = replayed(tmp_path)
    assert {one.period: (one.fund.old, one.fund.new) for one in found.months} == {
        period: (fund, 2 * fund) for period, fund in expected.items()
    }
    out = [(one.period, one.by) for one in found.months_out]
    assert out == [(f"2026-0{n}", by) for n in range(1, 6 - len(expected)) for by in ("old", "new")]
    assert all(one.issues for one in found.months_out)


@pytest.mark.parametrize("prorated", [False, True])
def test_a_plan_for_the_days_that_count_is_not_known_of_a_month_that_cannot_be_paid(
    prorated: bool, tmp_path: Path
) -> None:
    """July cannot be paid for want of its returns; its plan as typed is the plan that counts only without days."""
    (tmp_path / "months").mkdir()
    for period in ("2026-07", "2026-08", "2026-09", "2026-10"):
        month(tmp_path / "months" / f"{period}.xlsx", {"00042": (100000, 110000, 0 if period > "2026-07" else None)})
    head = HEAD.replace("plan: none", "plan: days_employed") if prorated else HEAD
    scheme = head.replace("language: ru", "language: ru\ncalendar: RU") + (
        "      - kpi_bonus: {kpi: sales, over: quarter, plan: sum, target: 30000, prorate: none, paid: last_month, "
        "payout: attainment}\n      - commission: {on: returned, rate: 1%}\n"
    )
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(scheme.replace("1%", "2%"), encoding="utf-8")
    found = replayed(tmp_path)
    # 330 000 of 300 000 are 110 % of 30 000; August and October wait for the last month.
    paid = [(one.period, one.fund.old) for one in found.months]
    assert paid == [("2026-08", 0), *([] if prorated else [("2026-09", 33000)]), ("2026-10", 0)]
