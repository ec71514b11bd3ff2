"""A part of the month: the production calendar, people hired and dismissed inside it, pay that changes inside it.

Working days and hours of Russia in 2026 are those of the official table of a 40-hour week: 247 days, 1972 hours. In
October 2026 the 22 working days are split by the weekends 3-4, 10-11, 17-18, 24-25 and 31: 11 of them from the 16th
to the 30th, 11 before.
"""

import datetime as dt
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from recalculation import IN_LIBREOFFICE, IronCalc, LibreOffice, differences, lines, paid, pay, totals

from kpicalc.app import Outcome
from kpicalc.intake.calendar import CHECKED, month_of
from kpicalc.lang import message, severity
from kpicalc.model.calendar import Calendar
from kpicalc.model.period import first_day, last_day
from kpicalc.screen.explanation import explanation

DAYS_2026 = [15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22]
HOURS_2026 = [120, 152, 168, 175, 151, 167, 184, 168, 176, 176, 159, 176]
RUSSIA = Calendar(country="RU", week_hours="40")


def whole(period: str, calendar: Calendar = RUSSIA) -> tuple[Decimal, Decimal | None]:
    month = month_of(calendar, period)
    return month.days(first_day(period), last_day(period)), month.hours(first_day(period), last_day(period))


# -- the calendar ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", range(1, 13))
def test_the_months_of_2026_are_those_of_the_official_table(month: int) -> None:
    assert whole(f"2026-{month:02}") == (DAYS_2026[month - 1], HOURS_2026[month - 1])


def test_the_years_that_are_called_checked() -> None:
    """2025 and 2026 have 247 working days and 1972 hours each."""
    for year in CHECKED:
        months = [whole(f"{year}-{month:02}") for month in range(1, 13)]
        assert sum(days for days, _ in months) == 247
        assert sum(hours for _, hours in months) == 1972
    assert month_of("RU", "2026-10").checked
    assert not month_of("RU", "2029-10").checked


def test_a_week_of_36_hours_has_7_2_hours_a_day_less_the_short_hours() -> None:
    # April 2026: 22 x 7.2 = 158.4, less the hour before 1 May.
    assert whole("2026-04", Calendar(country="RU", week_hours="36"))[1] == Decimal("157.4")


def test_what_the_scheme_says_comes_before_the_country() -> None:
    october = Calendar.model_validate(
        {
            "country": "RU",
            "week_hours": "40",
            "days_off": ["2026-10-12", "2026-10-13"],
            "working_days": ["2026-10-03"],
            "short_days": ["2026-10-30", "2026-10-12"],
        }
    )
    # 22 - 2 + 1 days; the short 12th is a day off, the 30th takes an hour.
    assert whole("2026-10", october) == (21, 167)


def test_a_region_has_its_own_days_off() -> None:
    # Corpus Christi, Thursday 4 June 2026, is a day off in Bavaria and none in Hamburg: 21 and 22 weekdays without
    # Whit Monday, 25 May.
    assert whole("2026-06", Calendar(country="DE-BY"))[0] == 21
    assert whole("2026-06", Calendar(country="de-hh"))[0] == 22
    assert whole("2026-06", Calendar(country="DE-HH"))[1] is None


# -- hired and dismissed --------------------------------------------------------------------------------------------

SCHEME = """\
kpicalc: 1
language: en
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
  part_month: {plan: days_employed}
calendar: RU
kpis:
  sales: {title: Sales, unit: руб}
schemes:
  manager:
    for: {position: Manager}
    pay:
      - base_salary: {amount: salary, prorate: days, fte: multiply, changes: split}
      - kpi_bonus: {kpi: sales, target: 30000, prorate: days, payout: attainment}
      - action_pay: {reward: 3000.33, prorate: days, pays: all_or_nothing, goals: {sales: 300000}}
      - adjustments
"""
HEAD = ["Personnel number", "Name", "Department", "Position", "Salary", "Rate (FTE)", "Days worked"]


def month(*people: list[object], actual: float = 200000, extra: tuple[str, ...] = ("Hired", "Dismissed")) -> dict:
    """Return a month: what of a person stands after the position, a plan of 500 000 and the same result for all."""
    ids = [f"{number:03}" for number in range(1, len(people) + 1)]
    return {
        "Employees": [
            [*HEAD, *extra],
            *([number, f"Name {number}", "D", "Manager", *row] for number, row in zip(ids, people, strict=True)),
        ],
        "Plan": [["Personnel number", "Sales"], *([number, 500000] for number in ids)],
        "Actuals": [["Personnel number", "Sales"], *([number, actual] for number in ids)],
    }


def codes(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues if found.code != "no_examples"]


def test_hired_in_the_middle_of_the_month(tmp_path: Path) -> None:
    """60 000 / 22 x 11 = 30 000; plan 250 000, 200 000 are 80 %; 30 000 / 22 x 11 x 80 % = 12 000; goal 150 000."""
    outcome = paid(tmp_path, SCHEME, month([60000, 1, None, dt.date(2026, 10, 16), None]))
    assert lines(outcome, "001") == {
        "base_salary": 30000,
        "kpi_bonus": 12000,
        "action_pay": Decimal("1500.17"),  # 3 000.33 / 2 = 1 500.165
        "adjustments": 0,
    }
    assert outcome.payroll is not None
    told = explanation(outcome.payroll, 0)
    assert "Days worked: 11 [calendar RU]" in told
    assert "Sales (plan by days) = Sales (plan) × Days employed / Days norm = 500,000 × 11 / 22 = 250,000" in told


@pytest.mark.parametrize(
    ("hired", "dismissed", "days"),
    [
        ("16.10.2026", None, 11),
        ("2026-10-16", None, 11),
        (None, "15.10.2026", 11),
        (dt.date(2026, 10, 1), None, 22),
        (None, dt.date(2026, 10, 31), 22),
        # The 31st is a Saturday: until the 30th nothing is lost.
        (None, "30.10.2026", 22),
        ("30.10.2026", None, 1),
        ("31.10.2026", None, 0),
        ("12.10.2026", "16.10.2026", 5),
        ("16.10.2026", "16.10.2026", 1),
        ("01.10.2026", "30.11.2026", 22),
    ],
)
def test_days_worked_follow_from_the_dates(hired: object, dismissed: object, days: int, tmp_path: Path) -> None:
    scheme = SCHEME.replace("part_month: {plan: days_employed}", "part_month: {plan: none}")
    outcome = paid(tmp_path, scheme, month([22000, 1, None, hired, dismissed]))
    assert lines(outcome, "001")["base_salary"] == 1000 * days


def test_typed_days_come_before_the_calendar(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME, month([22000, 1, 9, "16.10.2026", None]))
    assert lines(outcome, "001")["base_salary"] == 9000
    assert "by_calendar" in codes(outcome)  # the norm only


def test_whole_month_with_and_without_dates(tmp_path: Path) -> None:
    people = [[60000 + number * 1111.11, 1, 22 - number] for number in range(4)]
    without = totals(paid(tmp_path / "a", SCHEME, month(*people, extra=())))
    dates = [(None, None), ("01.10.2026", None), (dt.date(2019, 3, 4), "31.12.2026"), (None, "31.10.2026")]
    dated = [[*person, *pair] for person, pair in zip(people, dates, strict=True)]
    assert totals(paid(tmp_path / "b", SCHEME, month(*dated))) == without


@pytest.mark.parametrize("dates", [(None, None), (dt.date(2020, 1, 15), None), ("01.09.2026", "30.11.2026")])
def test_dates_outside_the_month_do_not_give_days(dates: tuple[object, object], tmp_path: Path) -> None:
    # The timesheet of somebody who was here all the month is missing: nobody guesses that no day was.
    outcome = pay(tmp_path, SCHEME, month([60000, 1, None, *dates], [60000, 1, None, "16.10.2026", None]))
    assert "blank" in codes(outcome)
    assert not outcome.files


def test_who_does_not_work_here_is_held_and_the_others_are_paid(tmp_path: Path) -> None:
    sheets = month([60000, 1, 22, "01.11.2026", None], [60000, 1, 22, None, "30.09.2026"], [60000, 1, 22, None, None])
    outcome = paid(tmp_path, SCHEME, sheets)
    assert totals(outcome).keys() == {"003"}
    assert outcome.payroll is not None
    assert outcome.payroll.held == (0, 1)
    assert [severity(item) for item in outcome.issues].count("hold") == 2


def test_no_norm_of_their_own_calendar_is_taken(tmp_path: Path) -> None:
    """A shift worker's 15 shifts are no working days of the calendar: nothing is counted for them."""
    sheets = month([60000, 1, None, "16.10.2026", None, 15], extra=("Hired", "Dismissed", "Days norm"))
    outcome = pay(tmp_path, SCHEME, sheets)
    assert {"blank", "days_employed_unknown"} <= set(codes(outcome))
    sheets["Employees"][0].append("Days employed")
    sheets["Employees"][1] = [*sheets["Employees"][1][:6], 8, "16.10.2026", None, 15, 6]
    outcome = paid(tmp_path, SCHEME, sheets)
    # 60 000 x 8 / 15; 200 000 of 500 000 x 6 / 15 are 100 %, of 30 000 x 8 / 15; the goal of 120 000 is reached.
    assert lines(outcome, "001") == {
        "base_salary": 32000,
        "kpi_bonus": 16000,
        "action_pay": Decimal("1600.18"),  # 3 000.33 x 8 / 15 = 1 600.176
        "adjustments": 0,
    }


def test_without_a_calendar_nothing_is_counted(tmp_path: Path) -> None:
    outcome = pay(tmp_path, SCHEME.replace("calendar: RU\n", ""), month([60000, 1, 11, "16.10.2026", None]))
    assert codes(outcome) == ["no_calendar"]


def test_hours_by_the_calendar(tmp_path: Path) -> None:
    """April 2026 has 175 hours, 8 x 22 less one; from the 16th: 11 days, 87 hours."""
    scheme = SCHEME.replace("calendar: RU", "calendar: {country: RU, week_hours: 40}").replace(
        "prorate: days", "prorate: hours"
    )
    scheme = scheme.replace("changes: split", "changes: ignore").replace("{plan: days_employed}", "{plan: none}")
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    outcome = pay(tmp_path, scheme, month([17500, 1, None, "16.04.2026", None]), period="2026-04")
    assert lines(outcome, "001")["base_salary"] == 8700


def test_a_half_rate_counts_days_as_everybody(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME, month([60000, 0.5, None, "16.10.2026", None]))
    assert lines(outcome, "001")["base_salary"] == 15000


# -- pay that changes inside the month ------------------------------------------------------------------------------

CHANGES = ["Personnel number", "From", "New salary", "New rate", "Days worked since"]


def with_changes(sheets: dict, *rows: list[object]) -> dict:
    return {**deepcopy(sheets), "Changes": [CHANGES, *rows]}


def test_a_raise_in_the_middle_of_the_month(tmp_path: Path) -> None:
    """60 000 / 22 x 11 + 72 000 / 22 x 11 = 66 000; nobody else is touched."""
    sheets = month([60000, 1, 22, None, None], [60000, 1, 22, None, None])
    outcome = paid(tmp_path, SCHEME, with_changes(sheets, ["001", "16.10.2026", 72000]))
    assert lines(outcome, "001")["base_salary"] == 66000
    assert lines(outcome, "002")["base_salary"] == 60000
    assert outcome.payroll is not None
    assert "Salary after the change: 72,000 [Changes!C2]" in explanation(outcome.payroll, 0)


def test_a_change_of_somebody_hired_inside_the_month(tmp_path: Path) -> None:
    """Hired on the 12th with half a rate, a full one from the 19th: 15 days, 5 of them before. 22 000 / 22 = 1 000."""
    sheets = month([22000, 0.5, None, "12.10.2026", None])
    outcome = paid(tmp_path, SCHEME, with_changes(sheets, ["001", "19.10.2026", None, 1]))
    assert lines(outcome, "001")["base_salary"] == 5 * 500 + 10 * 1000


def test_days_missed_ask_for_the_days_since_the_change(tmp_path: Path) -> None:
    sheets = month([22000, 1, 20, None, None])
    assert "change_days" in codes(pay(tmp_path, SCHEME, with_changes(sheets, ["001", "16.10.2026", 44000])))
    outcome = paid(tmp_path, SCHEME, with_changes(sheets, ["001", "16.10.2026", 44000, None, 9]))
    assert lines(outcome, "001")["base_salary"] == 11 * 1000 + 9 * 2000


def test_a_new_rate_is_not_overlooked_where_nobody_has_a_rate(tmp_path: Path) -> None:
    sheets = month([22000, 1, 22, None, None])
    for row in sheets["Employees"]:
        row.pop(5)
    change = with_changes(sheets, ["001", "16.10.2026", None, 0.5])
    assert codes(pay(tmp_path, SCHEME.replace("fte: multiply, ", ""), change)).count("fte_open") == 1


def test_missing_zero_means_no_days_of_employment(tmp_path: Path) -> None:
    """A person whose days cannot be counted is never taken for one of no days, whose plan would be nothing."""
    scheme = SCHEME.replace("rules:", "rules:\n  missing: zero")
    sheets = month([60000, 1, 7, "16.10.2026", None, 15], extra=("Hired", "Dismissed", "Days norm"))
    assert "days_employed_unknown" in codes(pay(tmp_path, scheme, sheets))
    sheets = with_changes(month([None, 1, 22, None, None], [22000, 1, 22]), ["002", "16.10.2026", 44000])
    assert lines(paid(tmp_path, scheme, sheets), "001")["base_salary"] == 0


def test_changes_of_other_months_and_of_nobody_here(tmp_path: Path) -> None:
    sheets = month([22000, 1, 22, None, None])
    outcome = paid(tmp_path, SCHEME, with_changes(sheets, ["001", "16.09.2026", 20000], ["001", "01.11.2026", 30000]))
    assert lines(outcome, "001")["base_salary"] == 22000
    assert "changes_of_other_months" in codes(outcome)
    assert "unknown_payee_far" in codes(pay(tmp_path, SCHEME, with_changes(sheets, ["777", "16.10.2026", 20000])))


def test_who_is_not_paid_here_may_stand_on_the_sheet(tmp_path: Path) -> None:
    sheets = month(
        [22000, 1, 22, None, None, None], [1, 1, 1, None, None, "no"], extra=("Hired", "Dismissed", "Scheme")
    )
    for name in ("Plan", "Actuals"):
        sheets[name].pop()
    outcome = paid(tmp_path, SCHEME, with_changes(sheets, ["002", "16.10.2026", 20000]))
    assert totals(outcome).keys() == {"001"}


# -- the written workbook -------------------------------------------------------------------------------------------


def everybody() -> dict:
    """Return a month of everything at once, with thirds and results that lie near the goals."""
    people: list[list[object]] = [
        [60000, 1, None, "16.10.2026", None],
        [33333.33, 0.5, 22, None, None],
        [100000.01, 1, 13, "08.10.2026", "29.10.2026"],
        [45678.9, 1 / 3, None, None, "07.10.2026"],
        [51234.56, 0.75, 22, "01.02.2020", None],
        [71000, 1, 20.5, None, None],
        [60000, 1, 22, "02.11.2026", None],
    ]
    sheets = month(*people)
    for row, actual in zip(
        sheets["Actuals"][1:], [53.33, 150000, 340909.09, 1e5 + 0.1, 300000, 26.665, 0], strict=True
    ):
        row[1] = actual
    for row, plan in zip(sheets["Plan"][1:], [100, 300000, 500000.05, 10000, 299999.99, 33.33, 1], strict=True):
        row[1] = plan
    return with_changes(
        sheets,
        ["002", "13.10.2026", 44444.44, 1],
        ["005", "21.10.2026", None, 1 / 3],
        ["006", "30.10.2026", 80000, None, 0.5],
    )


@pytest.mark.parametrize(
    "rounding", ["", ", rounding: {round: 1, ties: half_even}", ", rounding: {round: 0.01, ties: down}"]
)
def test_the_workbook_recalculates(rounding: str, tmp_path: Path) -> None:
    scheme = SCHEME.replace("{plan: days_employed}", f"{{plan: days_employed{rounding}}}")
    outcome = paid(tmp_path, scheme, everybody())
    assert len(totals(outcome)) == 6
    assert not differences(outcome.files[0], IronCalc)


@IN_LIBREOFFICE
def test_libreoffice_agrees(tmp_path: Path) -> None:
    assert not differences(paid(tmp_path, SCHEME, everybody()).files[0], LibreOffice)


def test_the_notices_read_as_sentences(tmp_path: Path) -> None:
    outcome = paid(tmp_path, SCHEME, month([60000, 1, None, "16.10.2026", None], [60000, 1, 22, None, None]))
    told = {message(item, "en") for item in outcome.issues if item.code == "by_calendar"}
    assert "“Days norm” does not come from the workbook: calendar RU. The first is 001 Name 001, 22; 2 in all" in told
    assert (
        "“Days employed” does not come from the workbook: calendar RU. The first is 001 Name 001, 11; 1 in all" in told
    )
