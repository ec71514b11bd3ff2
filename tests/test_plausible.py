"""Warnings about figures and terms that look like slips: when they come, when they do not, and that a column is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from issues.setting import laid_out, run

from kpicalc.app import Outcome, check
from kpicalc.engine.probing.missing import missing_of
from kpicalc.lang import message, remedy, severity
from kpicalc.model.issue import Issue
from kpicalc.screen.explanation import explanation

HEAD = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}, missing: zero, zero_plan: zero}
"""
PEOPLE = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """Return what is found in a month, besides the notices that are no concern of these tests."""

    def find(pay: str, kpis: str = "{}", **sheets: list[list[Any]] | None) -> list[Issue]:
        scheme = f"{HEAD}kpis: {kpis}\nschemes:\n  manager:\n    for: {{position: Менеджер}}\n    pay:\n{pay}"
        with laid_out({"scheme": scheme, "sheets": dict(sheets)}, tmp_path) as setting:
            outcome = run(setting)
        assert outcome.files, outcome.issues
        return [found for found in outcome.issues if severity(found) in ("warning", "hold")]

    return find


@contextmanager
def month(tmp_path: Path, case: dict[str, Any]) -> Iterator[Outcome]:
    with laid_out(case, tmp_path) as setting:
        yield run(setting)


def codes(issues: list[Issue]) -> list[str]:
    return [found.code for found in issues]


def staff(*rows: list[Any], further: tuple[str, ...] = ()) -> list[list[Any]]:
    return [[*PEOPLE, *further], *([f"{number:05}", f"Имя {number}", "Юг", "Менеджер", *row]
                                   for number, row in enumerate(rows, 42))]  # fmt: skip


def actuals(heading: str, *values: Any) -> list[list[Any]]:
    return [["Табельный номер", heading], *([f"{number:05}", value] for number, value in enumerate(values, 42))]


# -- time worked --------------------------------------------------------------------------------------------------

HOURS = ("Отработано часов", "Норма часов")


def test_hours_above_the_norm(told: Any) -> None:
    people = staff([168, 168], [168.5, 168], further=HOURS)
    (found,) = told("      - base_salary: {amount: 100, prorate: hours}\n", Сотрудники=people, Факт=None)
    assert str(found.place).endswith("Сотрудники!E3")
    assert message(found, "ru") == "«Отработано часов» — больше нормы (сотрудников: 1): 00043 Имя 43 (168,5 > 168)"


@pytest.mark.parametrize(
    ("worked", "norm", "silence", "expected", "paid"),
    [
        # 15 000 x 22 / 2.2 = 150 000
        (22, 2.2, "", ["far_above_norm"], None),
        # 15 000 x 22 / 11 = 30 000: twice is told, and paid.
        (22, 11, "", ["above_norm"], 30000),
        (22, 10.9, "", ["far_above_norm"], None),
        (22, 22, "", [], 15000),
        (22, 2.2, "lint: {silence: {far_above_norm: {reason: вахта, period: 2026-10}}}\n", [], 150000),
        (22, 2.2, "lint: {silence: {far_above_norm: {reason: вахта, period: 2026-09}}}\n", ["far_above_norm"], None),
    ],
)
def test_time_of_more_than_twice_its_norm_holds_the_person(
    tmp_path: Path, worked: float, norm: float, silence: str, expected: list[str], paid: int | None
) -> None:
    people = staff([worked, norm], [22, 22], further=("Отработано дней", "Норма дней"))
    scheme = scheme_of("      - base_salary: {amount: 15000, prorate: days}\n", further=silence)
    with month(tmp_path, {"scheme": scheme, "sheets": {"Сотрудники": people, "Факт": None}}) as outcome:
        assert codes(item for item in outcome.issues if item.code.endswith("above_norm")) == expected
        (pay,) = outcome.payroll.schemes  # type: ignore[union-attr]
        assert list(pay.columns[pay.statement.total]) == [*([] if paid is None else [paid]), 15000]


def test_hours_of_a_person_paid_by_the_hour_have_no_norm_to_exceed(told: Any) -> None:
    people = staff([370, 168], further=HOURS)
    assert told("      - base_salary: {amount: 100, per: hour}\n", Сотрудники=people, Факт=None) == []


def test_hours_by_which_nobody_is_paid(told: Any) -> None:
    people = staff([999, 168], further=HOURS)
    assert told("      - base_salary: {amount: 100}\n", Сотрудники=people, Факт=None) == []


def test_five_hundred_people_are_one_finding(told: Any) -> None:
    people = staff(*([23 + (number == 300), 22] for number in range(500)), further=("Отработано дней", "Норма дней"))
    (found,) = told("      - base_salary: {amount: 100, prorate: days}\n", Сотрудники=people, Факт=None)
    assert found.fact("found") == "00042 Имя 42 (23 > 22), 00342 Имя 342 (24 > 22)"
    assert found.fact("count") == "500"


# -- actuals ------------------------------------------------------------------------------------------------------

GOALS = "      - action_pay: {reward: 100, pays: all_or_nothing, goals: {calls: 10}}\n"
PER_UNIT = "      - base_salary: {amount: 100}\n      - penalty: {on: calls, MEASURE, of: [base_salary]}\n"


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("шт", -1, ["negative_actual"]),
        ("Шт.", 0.29, ["part_of_count"]),
        ("чел", -0.5, ["negative_actual", "part_of_count"]),
        ("pcs", 12.5, ["part_of_count"]),
        ("шт", 12, []),
        ("руб", -0.5, ["negative_actual"]),
        ("руб, range: [-100, 100]", -0.5, []),
        ("руб, attainment: relative", -0.5, []),
        ("мин", 0.5, []),
        ('"%", typed: share', 0.29, []),
        # 500 % may be meant, 29 is 2 900 %.
        ('"%", typed: share', 5, []),
        ('"%", typed: share', 29, ["per_cent_sign"]),
    ],
)
def test_counts(told: Any, unit: str, value: float, expected: list[str]) -> None:
    kpis = f"{{calls: {{title: Звонки, unit: {unit}}}}}"
    goals = GOALS.replace("calls: 10", "calls: 10%") if "%" in unit else GOALS
    assert codes(told(goals, kpis, Факт=actuals("Звонки", value))) == expected


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        (GOALS, ["part_of_count"]),
        (PER_UNIT.replace("MEASURE", "per_unit: 5"), ["part_of_count"]),
        (PER_UNIT.replace("MEASURE", "rate: 1%"), []),
        ("      - commission: {on: calls, rate: 1%}\n", []),
        (GOALS + "      - commission: {on: calls, rate: 1%}\n", []),
    ],
)
def test_without_a_unit_the_use_says_what_a_kpi_is(told: Any, pay: str, expected: list[str]) -> None:
    assert codes(told(pay, "{calls: {title: Звонки}}", Факт=actuals("Звонки", 7.5))) == expected


@pytest.mark.parametrize(
    ("better", "plan", "actual", "expected"),
    [
        ("higher", 412350.57, 41235057, ["far_above_plan"]),
        ("higher", 100, 1000, []),
        ("higher", 100, 2000, ["above_plan"]),
        ("higher", 100, 2000.01, ["far_above_plan"]),
        ("higher", 0, 2000, []),
        ("higher", None, 2000, []),
        ("lower", 1, 2000, ["far_from_plan"]),
    ],
)
def test_actuals_far_above_their_plan(
    told: Any, better: str, plan: float | None, actual: float, expected: list[str]
) -> None:
    kpis = f"{{sales: {{title: Продажи, unit: руб, better: {better}}}}}"
    pay = "      - kpi_bonus: {kpi: sales, target: 100, cap: 100%, payout: attainment}\n"
    assert codes(told(pay, kpis, План=actuals("Продажи", plan), Факт=actuals("Продажи", actual))) == expected


# -- terms of the scheme ------------------------------------------------------------------------------------------

SALES = "{sales: {title: Продажи, unit: руб}, group: {title: Отдел, unit: руб, team: sum, of: sales}}"


@pytest.mark.parametrize(
    ("pay", "option", "found"),
    [
        ("commission: {on: sales, rate: 20}", "rate", "2 000 %"),
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 5%}, {from: 9, rate: 7}]}",
         "rates: rate", "700 %"),
        ("kpi_bonus: {target: 9, weights: {sales: 100}, payout: index}", "weights: sales", "10 000 %"),
        ("kpi_bonus: {target: 9, kpi: sales, payout: {bands: [{from: 0, pays: 60}, {from: 80%, pays: 70}]}}",
         "bands: pays", "6 000 %; 7 000 %"),
        ("kpi_bonus: {target: 9, kpi: sales, payout: {points: [{at: 70%, pays: 50%}, {at: 100%, pays: 100}]}}",
         "points: pays", "10 000 %"),
    ],
)  # fmt: skip
def test_terms_that_are_hardly_meant(told: Any, pay: str, option: str, found: str) -> None:
    everything = told(f"      - {pay}\n", SALES, План=actuals("Продажи", 100), Факт=actuals("Продажи", 0))
    (term,) = [item for item in everything if item.code == "large_term"]
    assert term.fact("option") == option
    assert term.fact("found").replace("\N{NO-BREAK SPACE}", " ") == found
    assert str(term.place).startswith("scheme.yaml:9:")


@pytest.mark.parametrize(
    "pay",
    [
        "commission: {on: sales, rate: 100%}",
        "kpi_bonus: {target: 9, weights: {sales: 100%}, payout: index}",
        "kpi_bonus: {target: 9, kpi: sales, payout: {bands: [{from: 0%, pays: 0}, {from: 70%, pays: 1000%}]}}",
    ],
)
def test_terms_at_the_limit(told: Any, pay: str) -> None:
    assert told(f"      - {pay}\n", SALES, План=actuals("Продажи", 100), Факт=actuals("Продажи", 0)) == []


def test_a_multiplier_of_more_than_ten(told: Any) -> None:
    pay = (
        "      - commission: {on: sales, rate: 1%}\n"
        "      - team_multiplier: {of: [commission], on: group, levels: [{reach: norm, pays: 10},"
        " {reach: maximum, pays: 99}]}\n"
    )
    levels = [["Подразделение", "Показатель", "Норма", "Максимум"], ["Юг", "Отдел", 10000, 20000]]
    found = told(pay, SALES, **{"План отдела": levels})
    assert [(item.code, item.fact("found")) for item in found] == [("large_term", "99")]


# -- sheets that nobody reads -------------------------------------------------------------------------------------

ADJUSTED = "      - commission: {on: sales, rate: 1%}\n      - adjustments\n"


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({}, []),
        ({"Справка": []}, []),
        ({"Справка": [["Итог"]]}, ["adjustments_unread"]),
        ({"Справка": [["Итог"]], "Корректировки": [["Табельный номер", "Сумма", "Причина"]]}, []),
    ],
)
def test_adjustments_on_a_sheet_that_nobody_reads(told: Any, sheets: dict[str, Any], expected: list[str]) -> None:
    assert codes(told(ADJUSTED, SALES, **sheets)) == expected


def test_unread_sheets_of_a_scheme_without_adjustments(told: Any) -> None:
    assert told("      - commission: {on: sales, rate: 1%}\n", SALES, Справка=[["Итог"]]) == []


# -- far from a plan ----------------------------------------------------------------------------------------------

ROUBLES = "{sales: {title: Продажи, unit: руб}}"


@pytest.mark.parametrize(
    ("kpis", "plan", "actual", "expected"),
    [
        # A fiftieth of 600 000 is 12 000.
        (ROUBLES, 600000, 12000, ["far_from_plan"]),
        (ROUBLES, 600000, 12001, []),
        (ROUBLES, 600000, 600, ["far_from_plan"]),
        (ROUBLES, 600000, 0, []),
        (ROUBLES, 0, 12, []),
        # Of minutes that had better be few, fifty times 15 is 750; a fiftieth is 0.3.
        ("{sales: {title: Продажи, unit: мин, better: lower}}", 15, 750, ["far_from_plan"]),
        ("{sales: {title: Продажи, unit: мин, better: lower}}", 15, 749, []),
        ("{sales: {title: Продажи, unit: мин, better: lower}}", 15, 0.3, ["far_from_plan"]),
        ("{sales: {title: Продажи, unit: мин, better: lower}}", 15, 0.31, []),
        # 100 x a season of 200 % = 200; a fiftieth is 4.
        ("{sales: {title: Продажи, unit: руб, season: {10: 200%}}}", 100, 4, ["far_from_plan"]),
        ("{sales: {title: Продажи, unit: руб, season: {10: 200%}}}", 100, 5, []),
    ],
)
def test_far_from_a_plan(told: Any, kpis: str, plan: float, actual: float, expected: list[str]) -> None:
    pay = "      - kpi_bonus: {kpi: sales, target: 1000, cap: 100%, payout: attainment}\n"
    assert codes(told(pay, kpis, План=actuals("Продажи", plan), Факт=actuals("Продажи", actual))) == expected


# -- totals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sales", "expected"),
    [
        ([100, 100, 100, 100, 1000], []),
        ([100, 100, 100, 100, 1001], ["far_above_others"]),
        ([100, 100, 100, 1001], []),
        # Among four people a total is told above twenty times the middle one of the others: 20 x 100 = 2 000.
        ([100, 90, 200, 2000], []),
        ([100, 90, 200, 2001], ["far_above_others"]),
        ([100, 2001], ["far_above_others"]),
        ([2001], []),
        ([0, 0, 0, 0, 1001], []),
        ([-5, 100, -7, -1], ["negative_actual", "negative_total"]),
    ],
)
def test_totals(told: Any, sales: list[float], expected: list[str]) -> None:
    found = told(
        "      - commission: {on: sales, rate: 100%}\n",
        SALES,
        Сотрудники=staff(*([] for _ in sales)),
        Факт=actuals("Продажи", *sales),
    )
    assert codes(found) == expected
    if "negative_total" in expected:
        assert found[1].fact("found") == "00042 Имя 42 (−5), 00044 Имя 44 (−7)"


# -- examples, positions, norms -----------------------------------------------------------------------------------


def test_schemes_without_examples_are_one_notice(tmp_path: Path) -> None:
    pay = "pay: [{base_salary: {amount: 100}}]"
    shown = "examples: [{pays: {total: 100}}]"
    path = tmp_path / "scheme.yaml"
    path.write_text(
        f"{HEAD}schemes:\n  a: {{{pay}}}\n  b: {{{pay}, {shown}}}\n  c: {{title: Третья, {pay}}}\n", encoding="utf-8"
    )
    (found,) = check(None, path).issues
    assert (found.code, found.fact("found"), severity(found)) == ("no_examples", "a, Третья", "notice")


def test_who_the_schemes_are_for_stands_in_quotes(tmp_path: Path) -> None:
    pay = "pay: [{commission: {on: sales, rate: 1%}}]"
    scheme = (
        f"{HEAD}kpis: {SALES}\nschemes:\n"
        f"  a: {{for: {{position: [Менеджер, Стажёр], department: Север}}, {pay}}}\n"
        f"  b: {{for: {{department: [Запад, Восток]}}, {pay}}}\n"
        f"  c: {{{pay}}}\n"
    )
    with month(tmp_path, {"scheme": scheme}) as outcome:
        (found,) = outcome.issues
    assert found.code == "no_scheme"
    assert remedy(found, "ru").startswith(
        "Схемы есть для: «Менеджер» («Север»), «Стажёр» («Север»), «Запад», «Восток». "
    )


def test_a_norm_of_zero_hours_has_a_remedy_of_its_own(tmp_path: Path) -> None:
    scheme = (
        f"{HEAD}schemes:\n  manager:\n    for: {{position: Менеджер}}\n"
        "    pay: [{base_salary: {amount: 100, prorate: hours}}]\n"
    )
    sheets = {"Сотрудники": staff([10, 0], further=HOURS), "Факт": None}
    with month(tmp_path, {"scheme": scheme, "sheets": sheets}) as outcome:
        assert [found.code for found in outcome.issues] == ["zero_norm"]


# -- bounds of the plausible --------------------------------------------------------------------------------------

DAYS = ("Отработано дней", "Норма дней")
BY_DAYS = "      - base_salary: {amount: 22000, prorate: days}\n"


def scheme_of(pay: str, kpis: str = "{}", further: str = "") -> str:
    return f"{HEAD}{further}kpis: {kpis}\nschemes:\n  manager:\n    for: {{position: Менеджер}}\n    pay:\n{pay}"


@pytest.mark.parametrize(
    ("worked", "norm", "found"),
    [
        (22, 31, []),
        (22, 32, ["Сотрудники!F2"]),
        (22, 0.5, ["Сотрудники!F2"]),
        # A quarter of a day is the least; 22 days that lost their decimal point are none.
        (0.25, 22, []),
        (0.22, 22, ["Сотрудники!E2"]),
        (0, 22, []),
        # October has 31 days.
        (31, 31, []),
        (31.5, 31, ["Сотрудники!E2"]),
        (220, 220, ["Сотрудники!E2", "Сотрудники!F2"]),
    ],
)
def test_days_that_a_month_cannot_have(tmp_path: Path, worked: float, norm: float, found: list[str]) -> None:
    sheets = {"Сотрудники": staff([worked, norm], further=DAYS), "Факт": None}
    with month(tmp_path, {"scheme": scheme_of(BY_DAYS), "sheets": sheets}) as outcome:
        refused = [item for item in outcome.issues if item.code == "impossible_figure"]
    assert sorted(str(item.place).rpartition(" ")[2] for item in refused) == found


@pytest.mark.parametrize(("norm", "refused"), [(744, False), (744.5, True)])
def test_hours_that_a_month_cannot_have(tmp_path: Path, norm: float, refused: bool) -> None:
    # 31 days x 24 hours = 744.
    sheets = {"Сотрудники": staff([160, norm], further=HOURS), "Факт": None}
    pay = "      - base_salary: {amount: 100, prorate: hours}\n"
    with month(tmp_path, {"scheme": scheme_of(pay), "sheets": sheets}) as outcome:
        assert ("impossible_figure" in codes(list(outcome.issues))) is refused


BY_SHIFTS = "      - base_salary: {amount: 2500, per: shift}\n"
BY_HOURS = "      - base_salary: {amount: 350, per: hour}\n"


@pytest.mark.parametrize(
    ("pay", "heading", "worked", "expected"),
    [
        (BY_SHIFTS, "Отработано смен", 15, []),
        # 15 shifts a hundredfold too few.
        (BY_SHIFTS, "Отработано смен", 0.15, ["impossible_figure"]),
        (BY_SHIFTS, "Отработано смен", 0.25, ["hardly_worked"]),
        (BY_SHIFTS, "Отработано смен", 0.49, ["hardly_worked"]),
        (BY_SHIFTS, "Отработано смен", 0.5, []),
        (BY_SHIFTS, "Отработано смен", 0, ["nothing_worked"]),
        # 168 hours a hundredfold too few.
        (BY_HOURS, "Отработано часов", 1.68, ["hardly_worked"]),
        (BY_HOURS, "Отработано часов", 2.5, []),
        (BY_HOURS, "Отработано часов", 0.24, ["impossible_figure"]),
        (BY_HOURS, "Отработано часов", 0, ["nothing_worked"]),
        # 31 days a hundredfold too few.
        ("      - base_salary: {amount: 2500, per: day}\n", "Отработано дней", 0.31, ["hardly_worked"]),
    ],
)
def test_a_hundredth_of_the_time_worked(
    tmp_path: Path, pay: str, heading: str, worked: float, expected: list[str]
) -> None:
    sheets = {"Сотрудники": staff([worked], further=(heading,)), "Факт": None}
    with month(tmp_path, {"scheme": scheme_of(pay), "sheets": sheets}) as outcome:
        assert [item.code for item in outcome.issues if severity(item) != "notice"] == expected


@pytest.mark.parametrize(
    ("pay", "heading", "most"),
    [
        # From the 29th to the 31st: 3 days, 3 x 24 hours, 3 x 3 shifts.
        ("      - base_salary: {amount: 2500, per: day}\n", "Отработано дней", 3),
        (BY_HOURS, "Отработано часов", 72),
        (BY_SHIFTS, "Отработано смен", 9),
    ],
)
def test_time_that_days_of_employment_cannot_have(tmp_path: Path, pay: str, heading: str, most: int) -> None:
    rows = [[date(2026, 10, 29), most], [date(2026, 10, 29), most + 0.5], [date(2024, 2, 1), most + 0.5]]
    sheets = {"Сотрудники": staff(*rows, further=("Принят", heading)), "Факт": None}
    with month(tmp_path, {"scheme": scheme_of(pay), "sheets": sheets}) as outcome:
        refused = [item for item in outcome.issues if severity(item) == "error"]
    assert [(item.code, str(item.place).rpartition(" ")[2]) for item in refused] == [
        ("impossible_figure", "Сотрудники!F3")
    ]
    assert message(refused[0], "ru").endswith(f"от 0,25 до {most} (с 29.10.2026 по 31.10.2026)")


TAXED = "      - base_salary: {amount: 100000}\n      - withholding: {tax: ndfl}\n"
YEAR = ("Доход с начала года", "НДФЛ с начала года")


def test_a_tax_above_its_income(tmp_path: Path) -> None:
    sheets = {"Сотрудники": staff([305500, 2350000], further=YEAR), "Факт": None}
    with month(tmp_path, {"scheme": scheme_of(TAXED), "sheets": sheets}) as outcome:
        (found,) = [item for item in outcome.issues if item.code == "impossible_figure"]
    assert str(found.place).endswith("Сотрудники!F2")
    said = message(found, "ru").replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("00042 Имя 42: «Налог до этого месяца» — 2 350 000, а может быть не больше, чем ")
    assert said.endswith("«Доход до этого месяца»: 305 500")


@pytest.mark.parametrize(
    ("income", "tax", "expected"),
    [
        # 13 % of 900 000 are 117 000; a tenth and 100 roubles away are 128 800 and 105 200.
        (900000, 117000, []),
        (900000, 128800, []),
        (900000, 128801, ["odd_taxes"]),
        (900000, 105200, []),
        (900000, 105199, ["odd_taxes"]),
        # 13 % of 2 400 000 and 15 % of 600 000 are 402 000.
        (3000000, 402000, []),
        # 13 % of 1 000 000 are 130 000: nothing is left to withhold.
        (900000, 130001, ["odd_taxes", "tax_overpaid"]),
    ],
)
def test_the_tax_of_the_year_so_far(told: Any, income: float, tax: float, expected: list[str]) -> None:
    assert codes(told(TAXED, Сотрудники=staff([income, tax], further=YEAR), Факт=None)) == expected


MONTHS = "lint: {silence: {far_above_plan: {reason: один большой договор, period: PERIOD}}}\n"


@pytest.mark.parametrize(
    ("silence", "held", "standing"),
    [
        (MONTHS.replace("PERIOD", "2026-10"), False, False),
        (MONTHS.replace("PERIOD", "октябрь 2026"), False, False),
        (MONTHS.replace("PERIOD", "[2026-07, 2026-10]"), False, False),
        # A slip of October is not confirmed by what was right in September.
        (MONTHS.replace("PERIOD", "2026-09"), True, False),
        ("lint: {silence: {far_above_plan: один большой договор}}\n", False, True),
        ("", True, False),
    ],
)
def test_figures_are_confirmed_for_their_month(tmp_path: Path, silence: str, held: bool, standing: bool) -> None:
    sheets = {"План": actuals("Продажи", 100), "Факт": actuals("Продажи", 2001)}
    with month(tmp_path, {"scheme": scheme_of(BONUS, SALES, silence), "sheets": sheets}) as outcome:
        told = codes(list(outcome.issues))
    assert ("far_above_plan" in told, outcome.attention) == (held, held)
    assert ("silence_of_all_months" in told) is standing


def test_a_standing_confirmation_of_nothing_says_nothing(tmp_path: Path) -> None:
    sheets = {"План": actuals("Продажи", 100), "Факт": actuals("Продажи", 100)}
    silence = "lint: {silence: {far_above_plan: один большой договор}}\n"
    with month(tmp_path, {"scheme": scheme_of(BONUS, SALES, silence), "sheets": sheets}) as outcome:
        assert codes(list(outcome.issues)) == ["no_examples"]


def test_deductions_explain_a_smaller_tax(told: Any) -> None:
    # 13 % of 900 000 - 500 000 are 52 000.
    pay = TAXED.replace("tax: ndfl", "tax: ndfl, deductions: subtract")
    people = staff([900000, 52000, 500000], further=(*YEAR, "Вычеты по НДФЛ"))
    assert told(pay, Сотрудники=people, Факт=None) == []


@pytest.mark.parametrize(
    ("pay", "rows", "expected"),
    [
        (BY_DAYS, [[11, 22]], []),
        (BY_DAYS, [[0, 22]], ["nothing_worked"]),
        ("      - base_salary: {amount: 100}\n", [[11, 22], [22, 22]], ["time_unpaid"]),
        ("      - base_salary: {amount: 100}\n", [[22, 22]], []),
        (BY_DAYS, [[12, 12], [22, 22], [22, 22]], ["odd_norms"]),
        (BY_DAYS, [[12, 12], [22, 22]], []),
        (BY_DAYS, [[12, 12], [13, 13], [22, 22]], []),
    ],
)
def test_time_and_norms(told: Any, pay: str, rows: list[list[float]], expected: list[str]) -> None:
    assert codes(told(pay, Сотрудники=staff(*rows, further=DAYS), Факт=None)) == expected


@pytest.mark.parametrize(
    ("per", "heading", "worked", "expected"),
    [
        ("hour", "Отработано часов", [0, 160], ["nothing_worked"]),
        ("day", "Отработано дней", [0, 20], ["nothing_worked"]),
        ("shift", "Отработано смен", [0, 15], ["nothing_worked"]),
        ("hour", "Отработано часов", [160, 160], []),
    ],
)
def test_nothing_worked_without_a_norm(
    told: Any, per: str, heading: str, worked: list[float], expected: list[str]
) -> None:
    pay = f"      - base_salary: {{amount: 300, per: {per}}}\n"
    people = staff(*([done] for done in worked), further=(heading,))
    assert codes(told(pay, Сотрудники=people, Факт=None)) == expected


def test_a_rate_of_employment_of_a_hundredth(told: Any) -> None:
    pay = "      - base_salary: {amount: salary, fte: multiply}\n"
    people = staff([50000, 1], [50000, 0.01], [50000, 0.5], further=("Оклад", "Ставка"))
    found = [item for item in told(pay, Сотрудники=people, Факт=None) if item.code == "odd_salaries"]
    assert [item.fact("found") for item in found] == ["00043 Имя 43 (0,01)"]


@pytest.mark.parametrize(
    ("salaries", "odd"),
    [
        ([50000, 500000, 45000], ["00043 Имя 43 (500 000)"]),
        ([50000, 499999, 50000], []),
        ([50000, 5000, 50000], ["00043 Имя 43 (5 000)"]),
        ([50000, 0, 50000], ["00043 Имя 43 (0)"]),
        # The other two of three are far from one of each other only.
        ([50000, 2000000, 50000], ["00043 Имя 43 (2 000 000)"]),
        ([50000, 1000, 50000], ["00043 Имя 43 (1 000)"]),
        # Of two nobody knows which one is wrong.
        ([50000, 500000], ["00042 Имя 42 (50 000)", "00043 Имя 43 (500 000)"]),
        ([50000], []),
    ],
)
def test_salaries_of_a_position(told: Any, salaries: list[float], odd: list[str]) -> None:
    pay = "      - base_salary: {amount: salary}\n"
    people = staff(*([salary] for salary in salaries), further=("Оклад",))
    found = [item for item in told(pay, Сотрудники=people, Факт=None) if item.code == "odd_salaries"]
    assert [item.fact("count") for item in found] == ([str(len(odd))] if odd else [])
    for item in found:
        # People and the farthest of them are named; two are as far from each other.
        assert odd[0] == item.fact("found").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("pay", "stated", "expected"),
    [
        ("kpi_bonus: {kpi: sales, target: 5000, payout: attainment}", "full", []),
        ("kpi_bonus: {kpi: sales, target: 5000, payout: attainment}", "zero", []),
        # A goal of zero is always reached, and no rule says what that comes to.
        ("action_pay: {reward: 5000, pays: all_or_nothing, goals: [sales]}", "full", ["odd_salaries"]),
    ],
)
def test_a_plan_of_zero_that_the_scheme_foresees(tmp_path: Path, pay: str, stated: str, expected: list[str]) -> None:
    scheme = scheme_of(f"      - {pay}\n", kpis=SALES).replace("zero_plan: zero", f"zero_plan: {stated}")
    plans = {"План": actuals("Продажи", 0, 500, 500), "Факт": actuals("Продажи", 400, 450, 510)}
    with month(tmp_path, {"scheme": scheme, "sheets": {"Сотрудники": staff([], [], []), **plans}}) as outcome:
        assert [item.code for item in outcome.issues if item.code == "odd_salaries"] == expected


def by_the(per: str, amount: str = "salary") -> str:
    return f"      - base_salary: {{amount: {amount}, per: {per}}}\n"


@pytest.mark.parametrize(
    ("pay", "further", "salary", "expected"),
    [
        # 70 000 a month for each of 160 hours would be 11 200 000.
        (by_the("hour"), "", 70000, ["month_for_hour"]),
        # 24 999 x 160 = 3 999 840, above 1 000 000
        (by_the("hour"), "", 24999, ["unlikely_totals"]),
        (by_the("hour"), "", 25000, ["month_for_hour"]),
        (by_the("day"), "", 70000, ["month_for_hour"]),
        (by_the("shift"), "", 70000, ["month_for_hour"]),
        (by_the("month"), "", 70000, []),
        # 50 % of 40 000 are 20 000, and 160 times that 3 200 000.
        (by_the("hour", "{share: 50%, of: salary}"), "", 40000, ["unlikely_totals"]),
        (by_the("hour", "{share: 50%, of: salary}"), "", 50000, ["month_for_hour"]),
        # Forty times 80 000 are 3 200 000.
        (by_the("hour"), "minimum_wage: 80000\n", 70000, ["unlikely_totals"]),
        # About 80 000 tenge and 8 000 hryvnias a month; of yen nothing is known.
        (by_the("hour"), "currency: KZT\n", 2000, []),
        (by_the("hour"), "currency: KZT\n", 250000, ["month_for_hour"]),
        (by_the("hour"), "currency: UAH\n", 20000, ["month_for_hour"]),
        (by_the("hour"), "currency: BYN\n", 1500, ["month_for_hour"]),
        (by_the("hour"), "currency: JPY\n", 70000, []),
        (by_the("hour"), "lint: {silence: {month_for_hour: приглашённые эксперты}}\n", 70000, ["unlikely_totals"]),
        # An amount of the scheme is everybody's.
        (by_the("hour", "70000"), "", 1, ["large_term", "unlikely_totals"]),
        (by_the("month", "70000"), "", 1, []),
    ],
)
def test_a_month_s_pay_for_every_hour(
    tmp_path: Path, pay: str, further: str, salary: float, expected: list[str]
) -> None:
    headings = ("Оклад", "Отработано часов", "Отработано дней", "Отработано смен")
    sheets = {"Сотрудники": staff([salary, 160, 20, 20], further=headings), "Факт": None}
    with month(tmp_path, {"scheme": scheme_of(pay, further=further), "sheets": sheets}) as outcome:
        told = [item.code for item in outcome.issues if severity(item) != "notice"]
        assert told == expected, outcome.issues
        assert (outcome.attention, bool(outcome.files)) == ("month_for_hour" in expected, True)


@pytest.mark.parametrize(
    ("plans", "results", "odd"),
    [
        ([100, 100, 100], [95, 1100, 120], ["00043 Имя 43 (1 100 > 100)"]),
        ([100, 100, 100], [95, 500, 120], []),
        ([100, 100, 100], [95, 501, 200], ["00043 Имя 43 (501 > 100)"]),
        # Somebody else is at 2.01 plans: figures of this KPI differ by as much.
        ([100, 100, 100], [95, 1100, 201], []),
        ([100, 100, 100, 100, 100], [95, 1100, 900, 100, 110], ["00043 Имя 43 (1 100 > 100)"]),
        ([100, 100], [600, 700], []),
        # Alone: from ten times on.
        ([100], [1000], []),
        ([100], [1001], ["00042 Имя 42 (1 001 > 100)"]),
        ([0], [1001], []),
    ],
)
def test_an_actual_above_everybody_s(told: Any, plans: list[float], results: list[float], odd: list[str]) -> None:
    sheets = {"Сотрудники": staff(*([] for _ in plans)), "План": actuals("Продажи", *plans)}
    found = told(BONUS, SALES, **sheets, Факт=actuals("Продажи", *results))
    found = [item for item in found if item.code == "above_plan"]
    assert [item.fact("found").replace("\N{NO-BREAK SPACE}", " ").split("), ")[0].rstrip(")") + ")"
            for item in found] == odd  # fmt: skip


# 1 100 is not above twice the 550 of September.
@pytest.mark.parametrize(("earlier", "expected"), [(550, []), (549, ["above_plan"])])
def test_an_actual_above_its_plan_as_in_an_earlier_month(told: Any, earlier: float, expected: list[str]) -> None:
    kpis = SALES[:-1] + ", before: {title: Месяц назад, unit: руб, formula: previous(sales)}}"
    pay = BONUS + "      - commission: {on: before, rate: 1%}\n"
    history = [["Табельный номер", "Период", "Продажи"], ["00042", "2026-09", earlier]]
    found = told(pay, kpis, План=actuals("Продажи", 100), Факт=actuals("Продажи", 1100), История=history)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("pay", "option", "found"),
    [
        ("kpi_bonus: {target: 9, kpi: sales, payout: {bands: [{from: 0, pays: 70%}, {from: 80%, pays: 1}]}}",
         "bands: pays", "1"),
        ("kpi_bonus: {target: 9, kpi: sales, payout: {points: [{at: 1, pays: 50%}, {at: 120%, pays: 60%}]}}",
         "points: at", "1"),
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 0.05}, {from: 9, rate: 7%}]}",
         "rates: rate", "0.05"),
        ("kpi_bonus: {target: 9, weights: {sales: 40%, group: 0.6}, payout: index}", "weights: group", "0.6"),
        ("kpi_bonus: {target: 9, weights: {sales: 40%, group: 60%}, payout: index}", "", ""),
        # Nothing is nothing, and a third cannot be written in per cents.
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 0}, {from: 9, rate: 7%}]}", "", ""),
        ("kpi_bonus: {target: 9, weights: {sales: 1/3, group: 66.666666%}, payout: index}", "", ""),
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 0.05}, {from: 9, rate: 0.07}]}", "", ""),
    ],
)  # fmt: skip
def test_two_ways_of_writing_a_share_in_one_table(told: Any, pay: str, option: str, found: str) -> None:
    levels = [["Подразделение", "Показатель", "План"], ["Юг", "Отдел", 100]]
    issues = told(f"      - {pay}\n", SALES, План=actuals("Продажи", 100), Факт=actuals("Продажи", 0),
                  **{"План отдела": levels})  # fmt: skip
    mixed = [item for item in issues if item.code == "mixed_units"]
    assert [(item.fact("option"), item.fact("found")) for item in mixed] == ([(option, found)] if option else [])


# -- figures that hold a person -----------------------------------------------------------------------------------

BONUS = "      - kpi_bonus: {kpi: sales, target: 10000, payout: attainment}\n"
GROUP = "      - team_bonus: {on: group, levels: [{reach: norm, pays: 500}]}\n"
FAR = {"План": actuals("Продажи", 100, 100), "Факт": actuals("Продажи", 90, 9000)}
TWO = {"Сотрудники": staff([], [])}


def paid_of(outcome: Outcome) -> list[tuple[int, str]]:
    assert outcome.payroll is not None
    return [
        (payee, str(total))
        for pay in outcome.payroll.schemes
        for payee, total in zip(pay.payees, pay.columns[pay.statement.total], strict=True)
    ]


def test_an_actual_far_above_its_plan_holds_the_person(tmp_path: Path) -> None:
    with month(tmp_path, {"scheme": scheme_of(BONUS, SALES), "sheets": TWO | FAR}) as outcome:
        assert outcome.attention
        # 90 of 100 are 90 % of 10 000; nobody knows what the other one has.
        assert paid_of(outcome) == [(0, "9000.00")]
    assert outcome.payroll is not None
    assert outcome.payroll.held == (1,)
    (found,) = [item for item in outcome.issues if severity(item) == "hold"]
    assert (found.code, str(found.place).rpartition(" ")[2]) == ("far_above_plan", "Факт!B3")


@pytest.mark.parametrize("where", ["file", "kpi", "scheme"])
def test_a_reason_in_the_scheme_confirms_the_figure(tmp_path: Path, where: str) -> None:
    silence = "lint: {silence: {far_above_plan: один большой договор}}"
    kpis = SALES.replace("unit: руб}", f"unit: руб, {silence}}}", 1) if where == "kpi" else SALES
    scheme = scheme_of(BONUS, kpis, f"{silence}\n" if where == "file" else "")
    scheme += f"    {silence}\n" if where == "scheme" else ""
    with month(tmp_path, {"scheme": scheme, "sheets": TWO | FAR, "check": True}) as outcome:
        # 9 000 of 100 are 9 000 % of 10 000.
        assert paid_of(outcome) == [(0, "9000.00"), (1, "900000.00")]
        assert [item.code for item in outcome.issues if item.code in ("silenced", "far_above_plan")] == ["silenced"]


def test_colleagues_wait_for_a_department_with_a_doubtful_figure(tmp_path: Path) -> None:
    levels = [["Подразделение", "Показатель", "Норма"], ["Юг", "Отдел", 1000]]
    sheets = TWO | FAR | {"План отдела": levels}
    with month(tmp_path, {"scheme": scheme_of(BONUS + GROUP, SALES), "sheets": sheets}) as outcome:
        assert paid_of(outcome) == []
    assert [item.code for item in outcome.issues if severity(item) == "hold"] == ["far_above_plan", "team_holds"]


def test_a_departments_result_far_above_its_plan_holds_its_people(tmp_path: Path) -> None:
    levels = [["Подразделение", "Показатель", "Норма", "Максимум"], ["Юг", "Отдел", 1, 9]]
    sheets = TWO | {"Факт": actuals("Продажи", 90, 100), "План отдела": levels}
    # 190 is more than 20 x 9.
    with month(tmp_path, {"scheme": scheme_of(GROUP, SALES), "sheets": sheets}) as outcome:
        assert paid_of(outcome) == []
    assert [item.code for item in outcome.issues if severity(item) == "hold"] == ["far_above_plan"] * 2


def test_what_holds_is_said_where_people_ask(tmp_path: Path) -> None:
    with month(tmp_path, {"scheme": scheme_of(BONUS, SALES), "sheets": TWO | FAR}) as outcome:
        assert outcome.payroll is not None
        (missing,) = missing_of(outcome.payroll, 1)
        shown = explanation(outcome.payroll, 1)
    assert missing.title.replace("\N{NO-BREAK SPACE}", " ") == "Продажи: 9 000 > 100"
    assert "9 000 > 100 [Факт!B3]" in shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("plan", "actual", "expected"),
    [
        # 0.95 of 100 points is far below a twentieth of the plan; 1 is a point, far from it; 0.5 of 10 is a twentieth.
        (100, 0.95, ["points_as_share"]),
        (100, 1, ["far_from_plan"]),
        (100, 0, []),
        (10, 0.5, []),
        (10, 0.49, ["points_as_share"]),
    ],
)
def test_a_share_among_points_is_told(told: Any, plan: float, actual: float, expected: list[str]) -> None:
    found = told(
        "      - kpi_bonus: {kpi: sales, target: 1000, payout: attainment}",
        kpis='{sales: {title: Продажи, unit: "%", typed: points}}',
        План=actuals("Продажи", plan),
        Факт=actuals("Продажи", actual),
    )
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("minimum", "norm", "expected"),
    [
        (100, 999, []),
        # Ten times 100 is 1 000.
        (100, 1000, ["levels_far"]),
        (100, 100, ["levels_same"]),
        (0, 1000, []),
        (-5, 1000, ["levels_signs"]),
        (-5, 0, []),
        (-5, -1, []),
    ],
)
def test_levels_of_a_department(told: Any, minimum: float, norm: float, expected: list[str]) -> None:
    pay = "      - team_bonus: {on: group, levels: [{reach: minimum, pays: 1}, {reach: norm, pays: 2}]}\n"
    levels = [["Подразделение", "Показатель", "Минимум", "Норма"], ["Юг", "Отдел", minimum, norm]]
    found = told(pay, SALES, **{"Факт": actuals("Продажи", 100), "План отдела": levels})
    assert [code for code in codes(found) if code.startswith("levels")] == expected


@pytest.mark.parametrize(
    ("coefficients", "expected"),
    [
        # The middle one of the others is 1: 10 is ten times it, 0.1 a tenth.
        ([1, 1.2, 0.9, 10], ["odd_salaries"]),
        ([1, 1.2, 0.9, 9.99], []),
        ([1, 1, 1, 0.1], ["odd_salaries"]),
        ([1, 1, 1, 0.11], []),
    ],
)
def test_coefficients_of_a_pool(told: Any, coefficients: list[float], expected: list[str]) -> None:
    pay = "      - pool: {amount: 1000, by: share_of_work, among: scheme}\n"
    people = staff(*([] for _ in coefficients))
    found = told(pay, "{share_of_work: {title: КТУ}}", Сотрудники=people, Факт=actuals("КТУ", *coefficients))
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("departments", "expected"),
    [
        (["Бригада 1", "Бригада 1", "Бригада 2", "Бригада 2", "Бригада"], ["department_near"]),
        (["Бригада № 1", "Бригада № 1", "Бригада"], ["department_near"]),
        (["Бригада 1", "Бригада 2", "Бригада"], []),
        (["Бригада 1", "Бригада 1", "Бригада", "Бригада"], []),
        (["12", "12", "1"], []),
    ],
)
def test_a_department_that_lost_its_number(told: Any, departments: list[str], expected: list[str]) -> None:
    people = [
        PEOPLE,
        *([f"{number:05}", f"Имя {number}", one, "Менеджер"] for number, one in enumerate(departments, 42)),
    ]
    found = told("      - base_salary: {amount: 100}\n", Сотрудники=people, Факт=None)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("pay", "salary", "expected"),
    [
        # About the least for a month is 25 000 roubles; a twentieth of it is 1 250.
        ("base_salary: {amount: salary}", 1250, ["unlikely_salary"]),
        ("base_salary: {amount: salary}", 1250.01, []),
        ("base_salary: {amount: salary}", 40, ["unlikely_salary"]),
        # Fifty times it is 1 250 000.
        ("base_salary: {amount: salary}", 1250000, ["unlikely_salary"]),
        ("base_salary: {amount: salary}", 1249999, []),
        ("base_salary: {amount: {share: 40%, of: salary}}", 40, ["unlikely_salary"]),
        ("base_salary: {amount: salary}", 0, []),
        # 25 000 / 22 shifts / 20 = 56.82; 25 000 / 176 hours / 20 = 7.10.
        ("base_salary: {amount: salary, per: shift}", 56, ["unlikely_salary"]),
        ("base_salary: {amount: salary, per: shift}", 57, []),
        ("base_salary: {amount: salary, per: hour}", 7.1, ["unlikely_salary"]),
        ("base_salary: {amount: salary, per: hour}", 7.11, []),
        # By the month and, a hundredth of it, by the hour: as by the month, whichever stands last.
        (
            "base_salary: {amount: salary}, base_salary: {id: b, amount: {share: 1%, of: salary}, per: hour}",
            40,
            ["unlikely_salary"],
        ),
        (
            "base_salary: {id: b, amount: {share: 1%, of: salary}, per: hour}, base_salary: {amount: salary}",
            40,
            ["unlikely_salary"],
        ),
        (
            "base_salary: {amount: salary, per: shift}, base_salary: {id: b, amount: salary, per: hour}",
            30,
            ["unlikely_salary"],
        ),
    ],
)
def test_a_salary_in_thousands_or_kopecks(tmp_path: Path, pay: str, salary: float, expected: list[str]) -> None:
    case = {
        "scheme": f"{HEAD}currency: RUB\nschemes:\n  a:\n    for: {{position: Менеджер}}\n    pay: [{pay}]\n",
        "sheets": {
            "Сотрудники": staff(
                [salary, 15, 160], [salary, 15, 160], further=("Оклад", "Отработано смен", "Отработано часов")
            ),
            "Факт": None,
        },
    }
    with month(tmp_path, case) as outcome:
        assert outcome.files, outcome.issues
    assert [found.code for found in outcome.issues if found.code == "unlikely_salary"] == expected
    assert all(found.fact("count") == "2" for found in outcome.issues if found.code == "unlikely_salary")


@pytest.mark.parametrize(
    ("worked", "norm", "expected"),
    [
        # October has 31 x 12 = 372 hours; a norm says more than they do.
        (372, None, []),
        (373, None, ["long_hours"]),
        (373, 380, []),
    ],
)
def test_hours_of_the_longest_shift_every_day(
    tmp_path: Path, worked: int, norm: int | None, expected: list[str]
) -> None:
    pay = BY_HOURS + ("      - base_salary: {id: b, amount: 1, prorate: hours}\n" if norm else "")
    sheets = {"Сотрудники": staff([worked, norm], further=HOURS), "Факт": None}
    with month(tmp_path, {"scheme": scheme_of(pay), "sheets": sheets}) as outcome:
        assert [item.code for item in outcome.issues if item.code == "long_hours"] == expected


@pytest.mark.parametrize(("shifts", "expected"), [(31, []), (32, ["many_shifts"]), (93, ["many_shifts"])])
def test_more_shifts_than_days(told: Any, shifts: int, expected: list[str]) -> None:
    people = staff([shifts], further=("Отработано смен",))
    found = told("      - base_salary: {amount: 2500, per: shift}\n", Сотрудники=people, Факт=None)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("second", "inn", "told"),
    [
        (["00142", "Имя  42", "Юг", "Менеджер"], ["", ""], True),
        (["00142", "ИМЯ 42", "Юг", "Менеджер"], ["", ""], True),
        (["00142", "Имя 42", "Юг", "Менеджер"], ["500100732259", "500100732259"], True),
        # Namesakes; somebody else; another department; the second position of one person.
        (["00142", "Имя 42", "Юг", "Менеджер"], ["500100732259", "772807592836"], False),
        (["00142", "Имя 43", "Юг", "Менеджер"], ["", ""], False),
        (["00142", "Имя 42", "Север", "Менеджер"], ["", ""], False),
    ],
)
def test_one_name_under_two_numbers(tmp_path: Path, second: list[str], inn: list[str], *, told: bool) -> None:
    rows = [[*PEOPLE, "ИНН"], ["00042", "Имя 42", "Юг", "Менеджер", inn[0]], [*second, inn[1]]]
    case = {"scheme": scheme_of("      - base_salary: {amount: 100}\n"), "sheets": {"Сотрудники": rows, "Факт": None}}
    with month(tmp_path, case) as outcome:
        assert [item.fact("count") for item in outcome.issues if item.code == "same_name"] == ["1"] * told


@pytest.mark.parametrize(
    ("salary", "raised", "cells"),
    [
        # 60 for 60 000 from the 16th on.
        (50000, 60, ["C2"]),
        (50000, 60000, []),
        # Both in thousands: one word is enough.
        (50, 60, ["E2"]),
    ],
)
def test_a_new_salary_in_thousands(tmp_path: Path, salary: int, raised: int, cells: list[str]) -> None:
    people = staff([salary, 22, 22], further=("Оклад", "Отработано дней", "Норма дней"))
    changes = [["Табельный номер", "С какой даты", "Новый оклад", "Отработано дней с этой даты"]]
    changes += [["00042", date(2026, 10, 16), raised, 11]]
    pay = "      - base_salary: {amount: salary, prorate: days, changes: split}\n"
    case = {"scheme": scheme_of(pay), "sheets": {"Сотрудники": people, "Изменения": changes, "Факт": None}}
    with month(tmp_path, case) as outcome:
        assert outcome.files, outcome.issues
    assert [found.place.cell for found in outcome.issues if found.code == "unlikely_salary"] == cells


@pytest.mark.parametrize(
    ("salary", "amount", "expected"),
    [
        # Five low wages of 25 000 RUB are 125 000, twice the salary 120 000.
        (60000, 125000, []),
        (60000, 125000.01, ["large_adjustment"]),
        (62500, 125001, ["large_adjustment"]),
        (62501, 125001, []),
        (60000, -59000, []),
        # On leave for the whole month: nothing else is paid.
        (0, 300000, []),
    ],
)
def test_an_adjustment_larger_than_all_else(told: Any, salary: float, amount: float, expected: list[str]) -> None:
    pay = "      - base_salary: {amount: salary, prorate: none}\n      - adjustments\n"
    sheets = {"Корректировки": [["Табельный номер", "Сумма", "Причина"], ["00042", amount, "Премия за год"]]}
    found = told(pay, "{}\ncurrency: RUB", Сотрудники=staff([salary], further=("Оклад",)), Факт=None, **sheets)
    assert [code for code in codes(found) if "adjustment" in code] == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        # A bonus of the year: three of five are paid more than five low wages.
        ([300000, 200000, 150000], []),
        ([300000, 200000, 125000], ["large_adjustment"]),
        ([300000, 200000], ["large_adjustment"]),
    ],
)
def test_a_bonus_of_the_year(told: Any, amounts: list[float], expected: list[str]) -> None:
    pay = "      - base_salary: {amount: salary, prorate: none}\n      - adjustments\n"
    people = staff(*[[60000]] * 5, further=("Оклад",))
    rows = [[row[0], amount, "Премия за год"] for row, amount in zip(people[1:], amounts, strict=False)]
    sheets = {"Корректировки": [["Табельный номер", "Сумма", "Причина"], *rows]}
    found = told(pay, "{}\ncurrency: RUB", Сотрудники=people, Факт=None, **sheets)
    assert [code for code in codes(found) if "adjustment" in code] == expected


SPLIT = "      - base_salary: {amount: salary, prorate: days, changes: split}\n"


def changed(told: Any, raised: float, after: float | None, worked: float = 22, norm: float = 22) -> list[str]:
    """Return what is told of a salary of 50 000 that changes on the 15th of October 2026, a Thursday."""
    people = staff([50000, worked, norm], further=("Оклад", "Отработано дней", "Норма дней"))
    changes = [["Табельный номер", "С какой даты", "Новый оклад", "Отработано дней с этой даты"]]
    changes += [["00042", date(2026, 10, 15), raised, after]]
    found = told(SPLIT, "{}\ncalendar: RU", Сотрудники=people, Изменения=changes, Факт=None)
    return [item for item in codes(found) if item.startswith("change")]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [(250000, []), (250001, ["change_far"]), (10000, []), (9999, ["change_far"]), (0, ["change_far"])],
)
def test_a_salary_that_changes_five_times(told: Any, raised: float, expected: list[str]) -> None:
    assert changed(told, raised, 12) == expected


@pytest.mark.parametrize(
    ("worked", "norm", "after", "expected"),
    [
        # October 2026 has 22 working days, 12 of them from the 15th on: 15, 16, 19-23, 26-30.
        (22, 22, 12, []),
        (22, 22, None, []),
        (22, 22, 13, ["change_days_unlike"]),
        (22, 22, 11, ["change_days_unlike"]),
        # Of 18 days worked 12 and 6, or 8 and 10, may be; 7 leave 11 for the ten days before.
        (18, 22, 12, []),
        (18, 22, 8, []),
        (18, 22, 7, ["change_days_unlike"]),
        # Who works on Saturdays, or by another norm, has other days.
        (26, 22, 15, []),
        (15, 15, 3, []),
    ],
)
def test_days_since_a_change_by_the_calendar(
    told: Any, worked: float, norm: float, after: float | None, expected: list[str]
) -> None:
    assert changed(told, 60000, after, worked, norm) == expected


@pytest.mark.parametrize(
    ("day", "after", "expected"),
    [
        # From the first on nothing is before: 11 of 22 days by the old salary were paid.
        (1, 11, ["change_days_early"]),
        (1, 22, []),
        # Two days, the 1st and the 2nd, are before the 3rd.
        (3, 19, ["change_days_early"]),
        (3, 20, []),
    ],
)
def test_days_before_a_change_that_the_month_does_not_have(
    tmp_path: Path, day: int, after: int, expected: list[str]
) -> None:
    people = staff([50000, 22, 22], further=("Оклад", "Отработано дней", "Норма дней"))
    changes = [["Табельный номер", "С какой даты", "Новый оклад", "Отработано дней с этой даты"]]
    changes += [["00042", date(2026, 10, day), 60000, after]]
    pay = "      - base_salary: {amount: salary, prorate: days, changes: split}\n"
    case = {"scheme": scheme_of(pay), "sheets": {"Сотрудники": people, "Изменения": changes, "Факт": None}}
    with month(tmp_path, case) as outcome:
        assert [found.code for found in outcome.issues if severity(found) == "error"] == expected


@pytest.mark.parametrize(
    ("per", "heading", "worked", "expected"),
    [
        ("day", "Отработано дней", 2.2, ["part_of_day"]),
        ("day", "Отработано дней", 2.5, []),
        # An eighth is an hour of a day of eight.
        ("day", "Отработано дней", 17.125, []),
        ("day", "Отработано дней", 17.1, ["part_of_day"]),
        ("shift", "Отработано смен", 1.6, ["part_of_day"]),
        ("shift", "Отработано смен", 15, []),
        ("hour", "Отработано часов", 16.8, []),
    ],
)
def test_parts_of_days(told: Any, per: str, heading: str, worked: float, expected: list[str]) -> None:
    people = staff([worked], further=(heading,))
    found = told(f"      - base_salary: {{amount: 100, per: {per}}}\n", Сотрудники=people, Факт=None)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("calls", "deals", "expected"),
    [
        (100, 200, []),
        # Twice 100 is 200.
        (100, 201, ["funnel_order"]),
        (0, 2, []),
        (0, 3, ["funnel_order"]),
        (None, 3, []),
        (100, 0, []),
    ],
)
def test_a_stage_of_a_funnel_above_the_one_before(
    tmp_path: Path, calls: float | None, deals: float, expected: list[str]
) -> None:
    scheme = """kpis: {calls: {title: Звонки, unit: шт}, deals: {title: Сделки, unit: шт}}
funnel: {stages: [calls, deals]}
schemes:
  a: {for: {position: Менеджер}, pay: [{piecework: {on: deals, tiers: whole, rates: [{from: 0, per_unit: 5}]}}]}
"""
    rows = [["Табельный номер", "Звонки", "Сделки"], ["00042", calls, deals]]
    with month(tmp_path, {"scheme": HEAD + scheme, "sheets": {"Сотрудники": staff([]), "Факт": rows}}) as outcome:
        assert outcome.files, outcome.issues
    assert [found.code for found in outcome.issues if found.code == "funnel_order"] == expected


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        # The middle one of the others is 100: 1 000 is ten times it, 10 a tenth.
        ([100, 90, 110, 1000], ["odd_salaries"]),
        ([100, 90, 110, 999], []),
        ([100, 90, 110, 10], ["odd_salaries"]),
        ([100, 90, 110, 11], []),
        ([1000], []),
    ],
)
def test_plans_of_one_position(told: Any, plans: list[float], expected: list[str]) -> None:
    pay = "      - kpi_bonus: {kpi: sales, target: 1000, cap: 100%, payout: attainment}\n"
    found = told(
        pay,
        ROUBLES,
        Сотрудники=staff(*([] for _ in plans)),
        План=actuals("Продажи", *plans),
        Факт=actuals("Продажи", *([50] * len(plans))),
    )
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ("[{from: 0, rate: 10%}, {from: 500, rate: -14%}]", ["mixed_signs"]),
        ("[{from: 0, rate: -10%}, {from: 500, rate: 14%}]", ["mixed_signs"]),
        # A charge all through, and a first step that pays nothing.
        ("[{from: 0, rate: -10%}, {from: 500, rate: -14%}]", []),
        ("[{from: 0, rate: 0%}, {from: 500, rate: 14%}]", []),
        ("[{from: 0, rate: 0%}, {from: 500, rate: -14%}]", []),
    ],
)
def test_rates_of_both_signs(told: Any, rates: str, expected: list[str]) -> None:
    pay = f"      - commission: {{on: sales, tiers: marginal, rates: {rates}}}\n"
    found = codes(told(pay, ROUBLES, Факт=actuals("Продажи", 100)))
    assert [code for code in found if code == "mixed_signs"] == expected


@pytest.mark.parametrize(
    ("rates", "lint", "expected"),
    [
        # 70 beside 5 % is one slip, and told once; silenced as that, it is told as the other.
        ("[{from: 0, rate: 5%}, {from: 500, rate: 70}]", "", [("large_term", "7 000 %")]),
        ("[{from: 0, rate: 5%}, {from: 500, rate: 70}]", "large_term", [("mixed_units", "70")]),
        ("[{from: 0, rate: 5%}, {from: 500, rate: 0.7}]", "", [("mixed_units", "0.7")]),
        # Of two numbers each is named.
        ("[{from: 0, rate: 5%}, {from: 500, rate: 70}, {from: 900, rate: 0.7}]", "",
         [("large_term", "7 000 %"), ("mixed_units", "70, 0.7"), ("uneven_steps", "0,7")]),
        ("[{from: 0, rate: 5%}, {from: 500, rate: 70%}]", "", [("uneven_steps", "70 %")]),
    ],
)  # fmt: skip
def test_a_rate_without_its_sign_among_others_is_told_once(
    told: Any, rates: str, lint: str, expected: list[tuple[str, str]]
) -> None:
    pay = f"      - commission: {{on: sales, tiers: marginal, rates: {rates}}}\n"
    pay += f"    lint: {{silence: {{{lint}: так решено}}}}\n" if lint else ""
    found = told(pay, ROUBLES, Факт=actuals("Продажи", 100))
    assert [(item.code, item.fact("found").replace("\N{NO-BREAK SPACE}", " ")) for item in found] == expected


def test_levels_of_both_signs(told: Any) -> None:
    levels = "[{reach: minimum, pays: 1%}, {reach: norm, pays: -2%}]"
    pay = f"      - override: {{on: group, own: include, levels: {levels}}}\n"
    plans = [["Подразделение", "Показатель", "Минимум", "Норма"], ["Юг", "Отдел", 50, 90]]
    found = codes(told(pay, SALES, **{"Факт": actuals("Продажи", 100), "План отдела": plans}))
    assert [code for code in found if code == "mixed_signs"] == ["mixed_signs"]


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        # 80 a piece is ten times 8; 79 is not. 100 is eight times 12.5.
        ("piecework: {on: sales, tiers: whole, rates: [{from: 0, per_unit: 8}, {from: 9, per_unit: 80}]}", ["80 8"]),
        ("piecework: {on: sales, tiers: whole, rates: [{from: 0, per_unit: 8}, {from: 9, per_unit: 79}]}", []),
        ("piecework: {on: sales, tiers: whole, rates: [{from: 0, per_unit: 100}, {from: 9, per_unit: 12.5}]}",
         ["12,5 100"]),
        ("piecework: {on: sales, tiers: whole, rates: [{from: 0, per_unit: 100}, {from: 9, per_unit: 13}]}", []),
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 1%}, {from: 9, rate: 10%}]}", ["10 % 1 %"]),
        # Nothing is paid at first, and of nothing there are no times.
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 0%}, {from: 9, rate: 10%}]}", []),
        ("steps: {on: sales, pays: highest, at: [{from: 1, amount: 500}, {from: 9, amount: 20000}]}", ["20 000 500"]),
        ("kpi_bonus: {kpi: sales, target: 9, payout: {bands: [{from: 0, pays: 5%}, {from: 90%, pays: 100%}]}}",
         ["100 % 5 %"]),
    ],
)  # fmt: skip
def test_a_step_that_pays_ten_times_the_one_before(told: Any, pay: str, expected: list[str]) -> None:
    found = told(f"      - {pay}\n", SALES, План=actuals("Продажи", 100), Факт=actuals("Продажи", 50))
    shown = [f"{item.fact('found')} {item.fact('beside')}" for item in found if item.code == "uneven_steps"]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown] == expected


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ("kpi_bonus: {kpi: sales, target: 9, cap: 49%, payout: attainment}", ["small_term cap 49 % 50 %"]),
        ("kpi_bonus: {kpi: sales, target: 9, cap: 50%, payout: attainment}", []),
        ("kpi_bonus: {kpi: sales, target: 9, cap: 1001%, payout: attainment}", ["bound_never_reached cap 1 001 %"]),
        ("kpi_bonus: {kpi: sales, target: 9, threshold: 8000%, payout: attainment}",
         ["bound_never_reached threshold 8 000 %"]),
        ("kpi_bonus: {kpi: sales, target: 9, payout: {points: [{at: 0%, pays: 0}, {at: 12000%, pays: 1}]}}",
         ["bound_never_reached payout: points: at 12 000 %"]),
        ("penalty: {on: calls, per_unit: 1, of: [base_salary], limit: 0.3%}", ["small_term limit 0,3 % 1 %"]),
        ("penalty: {on: calls, per_unit: 1, of: [base_salary], limit: 1%}", []),
    ],
)  # fmt: skip
def test_a_bound_that_lost_its_decimal_point(told: Any, pay: str, expected: list[str]) -> None:
    kpis = SALES.replace("{sales", "{calls: {title: Звонки}, sales", 1)
    figures = [["Табельный номер", "Продажи", "Звонки"], ["00042", 50, 0]]
    pay = f"      - base_salary: {{amount: 100}}\n      - {pay}\n"
    found = told(pay, kpis, План=actuals("Продажи", 100), Факт=figures)
    odd = [item for item in found if item.code in ("small_term", "large_term", "bound_never_reached")]
    shown = [[item.code, *map(item.fact, ("option", "found", "shown", "allowed"))] for item in odd]
    assert [" ".join(filter(None, facts)).replace("\N{NO-BREAK SPACE}", " ") for facts in shown] == expected


@pytest.mark.parametrize(
    ("amount", "sales", "expected"),
    [
        # Forty times 25 000 is 1 000 000.
        (100, [1000001, 1000000, 1000001], ["unlikely_totals"]),
        (100, [1000000, 1000000, 2000000], []),
        # One of three sold as much, more than fifty times what either of the others did.
        (100, [100, 200, 1900000], ["far_above_others", "unlike_others"]),
    ],
)
def test_totals_that_nobody_is_paid(told: Any, amount: int, sales: list[float], expected: list[str]) -> None:
    pay = f"      - commission: {{on: sales, rate: {amount}%}}\n"
    found = told(pay, SALES, Сотрудники=staff(*([] for _ in sales)), Факт=actuals("Продажи", *sales))
    assert codes(found) == expected


@pytest.mark.parametrize(("amount", "expected"), [(1250001, ["large_term"]), (1250000, [])])
def test_a_salary_of_the_scheme_that_nobody_is_paid(told: Any, amount: int, expected: list[str]) -> None:
    """Fifty times 25 000 is 1 250 000."""
    found = told(f"      - base_salary: {{amount: {amount}}}\n", Факт=None)
    assert [item.code for item in found if item.code == "large_term"] == expected


@pytest.mark.parametrize(("goal", "expected"), [(100, ["far_from_plan"]), (99, [])])
def test_a_result_far_from_a_goal_of_the_scheme(told: Any, goal: int, expected: list[str]) -> None:
    """A fiftieth of 100 is 2."""
    pay = f"      - action_pay: {{reward: 100, pays: all_or_nothing, goals: {{calls: {goal}}}}}\n"
    assert codes(told(pay, "{calls: {title: Звонки, unit: шт}}", Факт=actuals("Звонки", 2))) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        # Fifty times 2 is 100, and so is a fiftieth of 5 000.
        (2, 100, ["history_far"]),
        (2.1, 100, []),
        (5000, 100, ["history_far"]),
        (4999, 100, []),
        (0, 100, []),
        (5000, 0, []),
        (-5, 100, ["negative_actual"]),
    ],
)
def test_a_result_of_last_month_unlike_this_one_s(told: Any, before: float, now: float, expected: list[str]) -> None:
    history = [["Табельный номер", "Период", "Продажи"], ["00042", "2026-09", before]]
    pay = "      - formula: {title: Рост, pays: sales - previous(sales)}\n"
    found = codes(told(pay, ROUBLES, Факт=actuals("Продажи", now), История=history))
    assert [code for code in found if code != "negative_total"] == expected


@pytest.mark.parametrize(("before", "now", "expected"), [(1, 60, []), (60, 1, []), (1, 500, ["history_far"])])
def test_a_few_deals_of_last_month(told: Any, before: float, now: float, expected: list[str]) -> None:
    """Somebody began at the end of September; 1 x 500 is as far as what is counted one by one may be."""
    history = [["Табельный номер", "Период", "Сделки"], ["00042", "2026-09", before]]
    pay = "      - formula: {title: Рост, pays: sales - previous(sales)}\n"
    found = codes(told(pay, "{sales: {title: Сделки, unit: шт}}", Факт=actuals("Сделки", now), История=history))
    assert [code for code in found if code == "history_far"] == expected


def test_two_odd_months_of_one_person_are_one_person(told: Any) -> None:
    history = [["Табельный номер", "Период", "Продажи"], ["00042", "2026-09", 2], ["00042", "2026-08", 1]]
    pay = "      - formula: {title: Рост, pays: sales - previous(sales) - previous(sales, 2)}\n"
    (found,) = told(pay, ROUBLES, Факт=actuals("Продажи", 100), История=history)
    assert (found.code, found.fact("count")) == ("history_far", "1")


def test_earlier_results_below_zero_that_the_scheme_expects(told: Any) -> None:
    kpis = "{sales: {title: Продажи, unit: руб, range: [-100, 1000]}}"
    history = [["Табельный номер", "Период", "Продажи"], ["00042", "2026-09", -5]]
    pay = "      - formula: {title: Рост, pays: sales - previous(sales)}\n"
    assert told(pay, kpis, Факт=actuals("Продажи", 100), История=history) == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["00042", "00043", "00101", "0010"], ["0010 Имя 3"]),
        (["00042", "00043", "00101", "001010"], ["001010 Имя 3"]),
        # One of three: which of them is right nobody knows.
        (["00042", "00043", "0010"], []),
        # Numbers without zeros in front are as long as they are.
        (["42", "43", "101", "10"], []),
        (["00042", "00043", "00101", "А-10"], []),
    ],
)
def test_a_number_that_lost_a_digit(tmp_path: Path, numbers: list[str], expected: list[str]) -> None:
    people = [PEOPLE, *([number, f"Имя {at}", "Юг", "Менеджер"] for at, number in enumerate(numbers))]
    scheme = scheme_of("      - base_salary: {amount: 100}\n")
    with month(tmp_path, {"scheme": scheme, "sheets": {"Сотрудники": people, "Факт": None}}) as outcome:
        assert outcome.files, outcome.issues
    assert [item.fact("found") for item in outcome.issues if item.code == "number_length"] == expected


@pytest.mark.parametrize(
    ("products", "expected"),
    [
        (["Окна", "Окн"], []),  # of so short a text a letter less is another one
        (["Окна", "Окнаа", "Окна"], [("fact_text_near", "D3", "Окнаа", "Окна")]),
        # Case and spaces are no slips, another product is none, and a digit is a name.
        (["Окна", "оКНА ", "Двери", "Окна 2"], []),
    ],
)
def test_a_text_a_letter_away_from_a_condition_s(
    tmp_path: Path, products: list[str], expected: list[tuple[str]]
) -> None:
    facts = """facts:
  deals: {from: Сделки, payee: Менеджер, date: День, columns: {amount: Сумма, product: {heading: Продукт, type: text}}}
"""
    kpis = '{windows: {title: Окна, unit: руб, from: deals, sum: amount, where: product = "Окна"}}'
    scheme = scheme_of("      - commission: {on: windows, rate: 5%}\n", kpis, facts)
    rows = [["00042", date(2026, 10, 5), 100, product] for product in products]
    deals = [["Менеджер", "День", "Сумма", "Продукт"], *rows]
    with month(
        tmp_path, {"scheme": scheme, "sheets": {"Сотрудники": staff([]), "Сделки": deals, "Факт": None}}
    ) as outcome:
        assert outcome.files, outcome.issues
    near = [item for item in outcome.issues if item.code == "fact_text_near"]
    assert [(item.code, item.place.cell, item.fact("found"), item.fact("meant")) for item in near] == expected


@pytest.mark.parametrize(
    ("now", "repeated", "expected"),
    [
        (100, 100, ""),
        (100, None, ""),
        (100, "сто", ""),  # nothing in such a row is used, so nothing in it is a fault
        (100.4, 100, ""),  # a history in whole amounts
        (100.4, 101.4, "101,40 ≠ 100,40"),
        (100, 90, "90 ≠ 100"),
        (None, 90, "90 ≠ —"),  # a blank counts as zero here
    ],
)
def test_the_history_of_the_month_that_is_paid(told: Any, now: Any, repeated: Any, expected: str) -> None:
    head, september, october = ["Табельный номер", "Период", "Продажи"], ["00042", "2026-09", 80], ["00042", "2026-10"]
    pay = "      - formula: {title: Рост, pays: sales - previous(sales)}\n"
    found = told(pay, ROUBLES, Факт=actuals("Продажи", now), История=[head, september, [*october, repeated]])
    shown = [item.fact("found") for item in found if item.code == "history_of_month"]
    assert shown == ([f"00042 Анна Белова ({expected})"] if expected else [])


@pytest.mark.parametrize(("repeated", "expected"), [(200, []), (150, ["history_of_month"])])
def test_a_plan_in_the_history_of_the_month_that_is_paid(told: Any, repeated: float, expected: list[str]) -> None:
    """Both are typed before the season, which makes 100 of 200."""
    kpis = "{sales: {title: Продажи, unit: руб, season: {10: 50%}}}"
    history = [["Табельный номер", "Период", "Продажи", "Продажи / План"], ["00042", "2026-10", 100, repeated]]
    pay = "      - kpi_bonus: {kpi: sales, target: 10, payout: attainment}\n"
    found = told(pay, kpis, План=actuals("Продажи", 200), Факт=actuals("Продажи", 100), История=history)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # Nobody says what a month's hours are.
        ([17.6], []),
        ([17.6, 176], []),
        # The middle one of three is 168 or 176; five to fifteen tenths of 176 are 88 and 264.
        ([17.6, 176, 168], ["tenth_of_hours E2 17,6 < 168"]),
        ([160, 16.8, 176, 176], ["tenth_of_hours E3 16,8 < 160"]),
        ([8.8, 176, 176], ["tenth_of_hours E2 8,8 < 176"]),
        ([8.7, 176, 176], []),
        ([26.5, 176, 176], []),
        # Two days of eight hours; a time of a clock; a tenth to the hour.
        ([16, 176, 176], []),
        ([17.75, 176, 176], []),
        ([16, 160, 160], ["tenth_of_hours E2 16 < 160"]),
        ([176, 176, 176], []),
    ],
)
def test_a_tenth_of_the_hours_of_the_others(told: Any, hours: list[float], expected: list[str]) -> None:
    people = staff(*([one] for one in hours), further=("Отработано часов",))
    found = told(BY_HOURS, Сотрудники=people, Факт=None)
    shown = [
        f"{item.code} {item.place.cell} {item.fact('found').partition('(')[2].rstrip(')')}"
        for item in found
        if item.code in ("tenth_of_hours", "hours_per_day")
    ]
    assert shown == expected


@pytest.mark.parametrize(
    ("row", "further", "expected"),
    [
        ([17.6, 176], HOURS, ["tenth_of_hours"]),
        # Less than an hour on each of 22 days, and more than 24 on each of 7: 22 and 168.
        ([21.9, 22], ("Отработано часов", "Отработано дней"), ["hours_per_day"]),
        ([22, 22], ("Отработано часов", "Отработано дней"), []),
        ([168, 7], ("Отработано часов", "Отработано дней"), []),
        ([168.5, 7], ("Отработано часов", "Отработано дней"), ["hours_per_day"]),
        # Two days of 8.8 hours; 11 of 1.6.
        ([17.6, 176, 2], (*HOURS, "Отработано дней"), []),
        ([17.6, 176, 11], (*HOURS, "Отработано дней"), ["tenth_of_hours"]),
        # A tenth of a rate, and a third of a week.
        ([17.6, 176, 0.1], (*HOURS, "Ставка"), []),
        ([17.6, 176, date(2026, 10, 29)], (*HOURS, "Принят"), []),
    ],
)
def test_hours_beside_a_norm_and_days(told: Any, row: list[Any], further: tuple[str, ...], expected: list[str]) -> None:
    found = codes(told(BY_HOURS, Сотрудники=staff(row, further=further), Факт=None))
    assert [code for code in found if code in ("tenth_of_hours", "hours_per_day")] == expected
