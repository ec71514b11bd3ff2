"""Remarks on schemes and months: what each rule finds and leaves alone, when it is told, and how it is silenced."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import openpyxl
import pytest
from issues.setting import laid_out, run
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.app import Outcome
from kpicalc.cli import app
from kpicalc.engine import lint
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.doubtful import CODES
from kpicalc.engine.lint import COMPILED, all_rules, lint_codes
from kpicalc.engine.lint.places import bound_text, lines_of, place_of
from kpicalc.engine.lint.rule import Rule, Subject
from kpicalc.engine.lint.steps import steps_of
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import NBSP, catalogue, issue_entries, severity
from kpicalc.model.issue import Issue
from kpicalc.model.money import exact_context

HEAD = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}, missing: zero}
kpis:
  sales: {title: Продажи, unit: руб}
  margin: {title: Маржа, unit: руб}
  calls: {title: Звонки, unit: шт}
  offers: {title: КП, unit: шт}
  waiting: {title: Ожидание, unit: мин, better: lower}
  group: {title: Отдел, unit: руб, team: sum, of: sales}
"""
NUMBERS = ["Табельный номер", "Продажи", "Маржа", "Звонки", "КП", "Ожидание"]


def scheme(*pay: str, further: str = "") -> str:
    lines = "".join(f"      - {line}\n" for line in pay)
    return f"{HEAD}schemes:\n  manager:\n    for: {{position: Менеджер}}\n    pay:\n{lines}{further}"


def staff(count: int) -> list[list[Any]]:
    head = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
    return [head, *([f"{number:05}", f"Имя {number}", "Юг", "Менеджер"] for number in range(42, 42 + count))]


def figures(*rows: dict[str, Any]) -> list[list[Any]]:
    return [
        NUMBERS,
        *([f"{number:05}", *(row.get(name) for name in NUMBERS[1:])] for number, row in enumerate(rows, 42)),
    ]


@pytest.fixture
def month(tmp_path: Path) -> Callable[..., Outcome]:
    """Return what comes of a month: of a check, unless a run is asked for."""

    turns = count()

    def judge(text: str, *actuals: dict[str, Any], check: bool = True, **sheets: Any) -> Outcome:
        folder = tmp_path / str(next(turns))
        folder.mkdir()
        people = actuals or ({"Продажи": 100000},)
        month = {"Сотрудники": staff(len(people)), "Факт": figures(*people)} | sheets
        with laid_out({"scheme": text, "sheets": month, "check": check}, folder) as setting:
            outcome = run(setting)
        return replace(outcome, files=tuple(folder / path for path in outcome.files))

    return judge


def found(outcome: Outcome, *codes: str) -> list[Issue]:
    assert not outcome.errors, outcome.issues
    return [item for item in outcome.issues if item.code in codes]


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


# -- the rules ------------------------------------------------------------------------------------------------------


def test_every_module_of_the_room_says_what_it_is_for() -> None:
    rules = []
    assert {item.name for item in iter_modules(lint.__path__)} >= set(lint._OF_CHECK.split())
    for item in iter_modules(lint.__path__):
        module = importlib.import_module(f"{lint.__name__}.{item.name}")
        assert module.__doc__
        if hasattr(module, "RULE"):
            assert isinstance(module.RULE, Rule)
            assert module.__doc__.partition("\n\n")[0].rstrip().endswith("."), item.name
            rules.append(module.RULE)
    assert tuple(rules) == all_rules()
    assert all_rules(check=False) == tuple(rule for rule in rules if rule.when != "check")


def test_remarks_are_never_errors_and_stand_in_a_catalogue_of_their_own() -> None:
    codes = lint_codes()
    assert len(set(codes)) == len(codes)
    assert {issue_entries()[code]["severity"] for code in codes} == {"notice", "warning", "hold"}
    assert {code for code in codes if issue_entries()[code]["severity"] == "hold"} == set(CODES)
    about_silence = {code for code in catalogue("issues_lint") if code.startswith("silence")}
    assert {*codes, *about_silence} == set(catalogue("issues_lint"))


def test_what_a_monthly_run_is_told_is_a_warning() -> None:
    for rule in all_rules():
        if rule.when == "always":
            assert {issue_entries()[code]["severity"] for code in rule.codes} <= {"warning", "hold"}


# -- steps of pay ---------------------------------------------------------------------------------------------------

LEVELS = "levels: [{reach: minimum, pays: 3000}, {reach: norm, pays: 5000}]"
WEIGHTS = "weights: {sales: 60%, margin: 40%}"


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        # 100 000 x (9 % - 5 %)
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 5%}, {from: 100000, rate: 9%}]}",
         [("100 000", 4000, "from")]),
        ("commission: {on: sales, tiers: marginal, rates: [{from: 0, rate: 5%}, {from: 100000, rate: 9%}]}", []),
        # 15 000 x 20 %; of the excess there is nothing at the threshold
        ("commission: {on: sales, threshold: 15000, pays_on: whole, rate: 20%}", [("15 000", 3000, "threshold")]),
        ("commission: {on: sales, threshold: 15000, pays_on: excess, rate: 20%}", [("15 000", 0, "threshold")]),
        # below the threshold of 50 000 nobody sees the tier at 30 000; at 50 000: 50 000 x 9 %
        (("commission: {on: sales, threshold: 50000, pays_on: whole, tiers: whole, "
          "rates: [{from: 0, rate: 5%}, {from: 30000, rate: 9%}]}"), [("50 000", 4500, "threshold")]),
        # 30 000 x 0.6; 30 000 x (0.7 - 0.6)
        ((f"kpi_bonus: {{target: 30000, {WEIGHTS}, payout: {{bands: [{{from: 0%, pays: 0}}, {{from: 70%, pays: 0.6}}, "
          "{from: 80%, pays: 0.7}]}}"), [("70 %", 18000, "from"), ("80 %", 3000, "from")]),
        # 240 x 70 %
        ((f"kpi_bonus: {{target: 240, {WEIGHTS}, payout: {{bands: [{{from: 0%, pays: 0}}, "
          "{from: 70%, pays: index}]}}"), [("70 %", 168, "from")]),
        # 10 000 x 60 %
        ("kpi_bonus: {target: 10000, kpi: sales, threshold: 60%, payout: attainment}", [("60 %", 6000, "threshold")]),
        ("kpi_bonus: {target: 10000, kpi: sales, cap: 150%, payout: attainment}", []),
        # half of 20 000 at the threshold; the bends of the curve are gradual
        ((f"kpi_bonus: {{target: 20000, {WEIGHTS}, threshold: 70%, payout: {{points: [{{at: 70%, pays: 50%}}, "
          "{at: 100%, pays: 100%}]}}"), [("70 %", 10000, "threshold")]),
        ("action_pay: {reward: 15000, pays: all_or_nothing, goals: {calls: 100, offers: 60}}",
         [("100", 15000, "calls"), ("60", 15000, "offers")]),
        ("action_pay: {reward: {calls: 4000, offers: 6000}, pays: each, goals: {calls: 100, offers: 60}}",
         [("100", 4000, "calls"), ("60", 6000, "offers")]),
        ("action_pay: {reward: 9000, pays: proportional, goals: {calls: 100, offers: 60}}", []),
        ("action_pay: {reward: 9000, pays: all_or_nothing, goals: [calls]}", [("Звонки (план)", 9000, "goals")]),
        (f"team_bonus: {{on: group, {LEVELS}}}", [("Отдел: норма", 2000, "reach: norm"),
                                                  ("Отдел: минимум", 3000, "reach: minimum")]),
        # the other side at 100 %: 30 000 x (1 - 0.2), 30 000 x (1 - 0.5)
        (("matrix: {target: 30000, rows: {kpi: sales, from: [0%, 90%]}, columns: {kpi: margin, from: [0%, 100%]}, "
          "pays: [[0, 0.2], [0.5, 1]]}"), [("90 %", 24000, "90%"), ("100 %", 15000, "100%"), ("100 %", 6000, "100%")]),
        ('formula: {pays: "if(sales >= 100000 and calls > 10, 5000, 1000)"}',
         [("100 000", 4000, "pays"), ("10", 4000, "pays")]),
        # a step of the year pays for its earlier months too: 1 000 000 x (7 % - 5 %)
        (("true_up: {on: sales, since: year, against: rule, tiers: whole, "
          "rates: [{from: 0, rate: 5%}, {from: 1000000, rate: 7%}]}"), [("1 000 000", 20000, "from")]),
        # the whole month worked: 30 000 x 60 %; a goal for the days of each person
        ("kpi_bonus: {target: 30000, prorate: days, kpi: sales, threshold: 60%, payout: attainment}",
         [("60 %", 18000, "threshold")]),
        (("action_pay: {reward: 9000, pays: all_or_nothing, goals: {calls: 100}, "
          "rules: {part_month: {plan: days_worked}}}"), [("Звонки (цель по дням)", 9000, "goals")]),
        ('formula: {pays: "if(sales > previous(sales), 500, 0)"}', [("Продажи (Месяц назад)", 500, "pays")]),
        ("penalty: {on: calls, per_unit: 500, of: [base]}", []),
    ],
)  # fmt: skip
def test_steps_are_priced_by_the_schemes_own_terms(pay: str, expected: list[tuple[str, int, str]]) -> None:
    """The expected jumps are computed by hand, beside each."""
    text = scheme("base_salary: {id: base, amount: 1000}", pay)
    book, issues = read_scheme_text("scheme.yaml", text.encode())
    assert book is not None
    assert not issues
    statements, issues = compile_schemes(book)
    assert not issues
    statement = statements["manager"]
    *_, (line, item) = lines_of(statement)
    lines = text.splitlines()
    steps = []
    with exact_context():
        for step in steps_of(statement, line):
            if not step.gradual:
                place = place_of(Subject(book, statements), item, step)
                steps.append((plain(bound_text(step, "ru")), step.jump(), lines[place.line - 1][place.column - 1 :]))
    assert [(bound, jump) for bound, jump, _ in steps] == [(bound, Decimal(jump)) for bound, jump, _ in expected]
    for (_, _, at), (_, _, key) in zip(steps, expected, strict=True):
        assert at.lstrip("{").startswith(key), "the place of a step is its bound in the file"


WHOLE = "commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 5%}, {from: 100000, rate: 9%}]}"


def test_people_just_before_a_bound(month: Any) -> None:
    sales = [97000, 96999.99, 99999.99, 100000, 98000, 99000]
    (near,) = found(month(scheme(WHOLE), *({"Продажи": value} for value in sales)), "cliff_near")
    # 97 000 is 3 % below; the nearest three are named.
    assert near.fact("count") == "4"
    assert plain(near.fact("found")) == "00044 Имя 44 (99 999,99), 00047 Имя 47 (99 000), 00046 Имя 46 (98 000)"
    assert plain(near.fact("jump")) == "4 000"
    assert str(near.place) == "scheme.yaml:15:77"


@pytest.mark.parametrize(
    ("pay", "actual", "expected"),
    [
        # At a critical value itself nothing is paid yet.
        ("commission: {on: sales, threshold: 15000, pays_on: whole, rate: 20%}", {"Продажи": 15000}, ["cliff_near"]),
        ("commission: {on: sales, threshold: 15000, pays_on: excess, rate: 20%}", {"Продажи": 15000}, []),
        ("action_pay: {reward: 9, pays: all_or_nothing, goals: {calls: 100}}", {"Звонки": 100}, []),
        ("action_pay: {reward: 9, pays: all_or_nothing, goals: {calls: 100}}", {"Звонки": 97}, ["cliff_near"]),
        # Who misses another goal too does not stand one call away from the reward.
        ("action_pay: {reward: 9, pays: all_or_nothing, goals: {calls: 100, offers: 60}}",
         {"Звонки": 99, "КП": 10}, []),
        # Where less is better, one stands above the bound.
        ("action_pay: {reward: 9, pays: all_or_nothing, goals: {waiting: 100}}", {"Ожидание": 103}, ["cliff_near"]),
        ("action_pay: {reward: 9, pays: all_or_nothing, goals: {waiting: 100}}", {"Ожидание": 104}, []),
        ("action_pay: {reward: 9, pays: all_or_nothing, goals: {waiting: 100}}", {"Ожидание": 99}, []),
        ('formula: {pays: "if(sales > 100000, 5000, 0)"}', {"Продажи": 100000}, ["cliff_near"]),
        ('formula: {pays: "if(sales >= 100000, 5000, 0)"}', {"Продажи": 100000}, []),
    ],
)  # fmt: skip
def test_who_stands_before_a_bound(month: Any, pay: str, actual: dict[str, Any], expected: list[str]) -> None:
    assert [item.code for item in found(month(scheme(pay), actual), "cliff_near")] == expected


def test_what_depends_on_the_person_is_priced_by_the_month(month: Any) -> None:
    pay = (
        "commission: {on: sales, rate: 10%}",
        "team_multiplier: {of: [commission], on: group, levels: [{reach: norm, pays: 1.2}]}",
        'gate: {of: [commission], unless: "calls >= 100", pays: 0%}',
    )
    plan = [["Подразделение", "Показатель", "Норма"], ["Юг", "Отдел", 100000]]
    people = ({"Продажи": 40000, "Звонки": 99}, {"Продажи": 59000, "Звонки": 200}, {"Продажи": 0, "Звонки": 99})
    multiplier, gate = found(month(scheme(*pay), *people, **{"План отдела": plan}), "cliff_near")
    # 99 000 of 100 000: 20 % of 4 000 and of 5 900; who has nothing to multiply is not concerned.
    assert plain(multiplier.fact("jump")) == "800–1 180"
    assert multiplier.fact("bound") == "Отдел: норма"
    assert multiplier.fact("count") == "2"
    # One call more, and 4 000 would not be taken away.
    assert (plain(gate.fact("jump")), gate.fact("count")) == ("4 000", "1")


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 9%}, {from: 100000, rate: 5%}]}",
         [("pay_falls", "4 000")]),
        ("commission: {on: sales, tiers: marginal, rates: [{from: 0, rate: 9%}, {from: 100000, rate: 5%}]}", []),
        # 10 000 x (1 - 0.8), also where it falls little by little
        ("kpi_bonus: {target: 10000, kpi: sales, payout: {bands: [{from: 0%, pays: 1}, {from: 90%, pays: 0.8}]}}",
         [("pay_falls", "2 000")]),
        ("kpi_bonus: {target: 10000, kpi: sales, payout: {points: [{at: 0%, pays: 1}, {at: 90%, pays: 0.8}]}}",
         [("pay_falls", "2 000")]),
        ('formula: {pays: "if(calls > 3, 0, 1000)"}', [("pay_falls", "1 000")]),
        ('formula: {pays: "if(waiting > 3, 0, 1000)"}', []),
        ('formula: {pays: "if(waiting > 3, 1000, 0)"}', [("pay_falls", "1 000")]),
        ("commission: {on: waiting, rate: 10%}", [("worse_pays_more", "Ожидание")]),
        ("commission: {on: waiting, rate: -10%}", []),
        ("penalty: {on: waiting, per_unit: 5, of: [base]}", []),
        ("team_multiplier: {of: [base], on: group, levels: [{reach: norm, pays: 1.2}, {reach: maximum, pays: 1.1}]}",
         [("multiplier_falls", "1,1")]),
        ("team_multiplier: {of: [base], on: group, levels: [{reach: norm, pays: 0.9}]}", [("multiplier_falls", "0,9")]),
    ],
)  # fmt: skip
def test_pay_that_falls(month: Any, pay: str, expected: list[tuple[str, str]]) -> None:
    sheets = {
        "План": figures({"Продажи": 100000}),
        "План отдела": [["Подразделение", "Показатель", "Норма", "Максимум"], ["Юг", "Отдел", 100, 200]],
    }
    outcome = month(scheme("base_salary: {id: base, amount: 1000}", pay), check=False, **sheets)
    falls = found(outcome, "pay_falls", "worse_pays_more", "multiplier_falls")
    assert [(item.code, plain(item.fact("found"))) for item in falls] == expected


BANDS = "bands: [{from: 0%, pays: 0}, {from: 80%, pays: 0.5}, {from: 100%, pays: 1}, {from: 120%, pays: 1.5}]"


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ((f"kpi_bonus: {{target: 10000, kpi: sales, payout: {{{BANDS}}}}}",), []),
        ((f"kpi_bonus: {{target: 10000, kpi: sales, cap: 120%, payout: {{{BANDS}}}}}",), []),
        ((f"kpi_bonus: {{target: 10000, kpi: sales, cap: 119%, payout: {{{BANDS}}}}}",), ["step_above_cap"]),
        ((f"kpi_bonus: {{target: 10000, kpi: sales, threshold: 80%, payout: {{{BANDS}}}}}",), []),
        ((f"kpi_bonus: {{target: 10000, kpi: sales, threshold: 100%, payout: {{{BANDS}}}}}",),
         ["step_below_threshold"]),
        ((f"kpi_bonus: {{target: 10000, kpi: sales, payout: {{{BANDS}}}}}", "cap: {of: [kpi_bonus], at: 10001}"), []),
        ((f"kpi_bonus: {{target: 10000, kpi: sales, payout: {{{BANDS}}}}}", "cap: {of: [kpi_bonus], at: 10000}"),
         ["step_adds_nothing"]),
    ],
)  # fmt: skip
def test_steps_that_nobody_reaches(month: Any, pay: tuple[str, ...], expected: list[str]) -> None:
    outcome = month(scheme(*pay), План=figures({"Продажи": 100000}))
    steps = found(outcome, "step_above_cap", "step_below_threshold", "step_adds_nothing")
    assert [item.code for item in steps] == expected


# -- plans, KPIs, what nothing uses ---------------------------------------------------------------------------------

PLANNED = "kpi_bonus: {target: 10000, kpi: calls, payout: attainment}"


def history(*calls: int) -> list[list[Any]]:
    return [["Табельный номер", "Период", "Звонки"],
            *(["00042", f"2026-{9 - back:02}", value] for back, value in enumerate(calls))]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "actual", "past", "expected"),
    [
        (100, 99, (80, 99, 70), ["plan_out_of_reach"]),
        (100, 99, (80, 100, 70), []),
        (100, 100, (80, 99, 70), []),
        (100, 99, (80, 99), []),
        (50, 100, (100, 120), ["plan_too_low"]),
        (50, 100, (100,), []),
        (50, 100, (99, 120), []),
    ],
)
def test_plans_against_history(month: Any, plan: int, actual: int, past: tuple[int, ...], expected: list[str]) -> None:
    sheets = {"План": figures({"Звонки": plan}), "История": history(*past)}
    outcome = month(scheme(PLANNED), {"Звонки": actual}, **sheets)
    assert [item.code for item in found(outcome, "plan_out_of_reach", "plan_too_low")] == expected


def test_where_less_is_better_a_plan_is_reached_from_above(month: Any) -> None:
    pay = PLANNED.replace("calls", "waiting")
    past = [["Табельный номер", "Период", "Ожидание"], *(["00042", f"2026-0{at}", 20] for at in (7, 8, 9))]
    sheets = {"План": figures({"Ожидание": 10}), "История": past}
    (plan,) = found(month(scheme(pay), {"Ожидание": 11}, **sheets), "plan_out_of_reach", "plan_too_low")
    assert (plan.code, plan.fact("found")) == ("plan_out_of_reach", "00042 Имя 42: 11 / 10")


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        (("base_salary: {amount: 100}",), []),
        (("formula: {pays: sales}",), ["kpis_few"]),
        (("formula: {pays: sales + calls + offers}",), []),
        # A penalty, a gate and a cap earn nothing; a department's result does.
        (("formula: {pays: sales + calls}", "penalty: {on: offers, per_unit: 1, of: [formula]}"), ["kpis_few"]),
        (("formula: {pays: sales + calls}", 'gate: {of: [formula], unless: "offers > 1", pays: 0%}'), ["kpis_few"]),
        (("formula: {pays: sales + calls}", f"team_bonus: {{on: group, {LEVELS}}}"), []),
        (("formula: {pays: sales + margin + calls + offers + waiting}",), []),
        (("formula: {pays: sales + margin + calls + offers + waiting}", f"team_bonus: {{on: group, {LEVELS}}}"),
         ["kpis_many"]),
        (("formula: {pays: sales + margin}",), ["kpis_few", "only_money"]),
    ],
)  # fmt: skip
def test_how_many_kpis_pay(month: Any, pay: tuple[str, ...], expected: list[str]) -> None:
    plan = [["Подразделение", "Показатель", "Минимум", "Норма"], ["Юг", "Отдел", 100, 200]]
    outcome = month(scheme(*pay), **{"План отдела": plan})
    assert [item.code for item in found(outcome, "kpis_few", "kpis_many", "only_money")] == expected


def test_a_kpi_that_serves_another_ones_formula_is_used(month: Any) -> None:
    text = scheme("formula: {pays: activity * 10}").replace(
        "  group:", "  activity: {title: Активность, formula: calls + 3 * offers}\n  group:"
    )
    (unused,) = found(month(text), "kpi_unused")
    assert unused.fact("found") == "Продажи, Маржа, Ожидание, Отдел"


def test_columns_that_pay_nobody(month: Any) -> None:
    outcome = month(scheme("formula: {pays: sales}", PLANNED), План=figures({"Продажи": 1, "Звонки": 5}))
    # The other columns are of KPIs that no scheme uses at all: that is said once.
    (idle,) = found(outcome, "column_idle")
    assert (str(idle.place).rpartition(" ")[2], idle.fact("found")) == ("План!B2", "Продажи")


# -- when remarks are told, and silenced ----------------------------------------------------------------------------


def test_a_monthly_run_is_not_reminded(month: Any) -> None:
    outcome = month(scheme(WHOLE), {"Продажи": 99000}, check=False)
    assert [item.code for item in outcome.issues] == ["no_examples"]


def test_beside_errors_nothing_is_remarked(month: Any) -> None:
    outcome = month(scheme(WHOLE), {"Продажи": "нет"})
    assert [item.code for item in outcome.issues] == ["none_not_number"]


FALLING = WHOLE.replace("9%", "1%")


@pytest.mark.parametrize(
    ("further", "silent"),
    [
        ("", False),
        ("    lint: {silence: {pay_falls: приказ 14}}\n", True),
        ("lint: {silence: {pay_falls: приказ 14}}\n", True),
        ("    lint: {silence: {cliff: приказ 14}}\n", False),
        ("  other: {pay: [base_salary: {amount: 1}], lint: {silence: {pay_falls: приказ 14}}}\n", False),
    ],
)
def test_a_silenced_warning_does_not_change_the_exit_code(tmp_path: Path, further: str, silent: bool) -> None:
    with laid_out({"scheme": scheme(FALLING, further=further), "sheets": {"Факт": figures({"Продажи": 1})}}, tmp_path):
        arguments = ["run", "plan_2026-10.xlsx", "--scheme", "scheme.yaml", "--out", "out", "--strict"]
        assert CliRunner().invoke(app, arguments).exit_code == (0 if silent else 3)


def test_notices_alone_do_not_change_the_exit_code_of_a_check(tmp_path: Path) -> None:
    with laid_out({"scheme": scheme(WHOLE), "sheets": {"Факт": figures({"Продажи": 99000})}}, tmp_path):
        told = CliRunner().invoke(app, ["check", "plan_2026-10.xlsx", "--scheme", "scheme.yaml", "--strict"])
    assert "cliff_near" in told.output
    assert told.exit_code == 0


@pytest.mark.parametrize(("share", "expected"), [("140", ["season 140"]), ("140%", []), ("300%", []), ("1.4", [])])
def test_a_season_without_its_sign_is_told(month: Any, share: str, expected: list[str]) -> None:
    text = scheme("commission: {on: sales, rate: 10%}").replace(
        "{title: Продажи, unit: руб", f"{{title: Продажи, unit: руб, season: {{10: {share}}}", 1
    )
    told = [f"{item.fact('option')} {item.fact('found')}" for item in found(month(text), "share_without_sign")]
    assert told == expected


def test_a_kpi_silences_what_is_said_of_it(month: Any) -> None:
    text = scheme("formula: {pays: sales + calls + offers}").replace(
        "{title: КП, unit: шт}", "{title: КП, unit: шт, lint: {silence: {kpi_without_owner: считает программа}}}"
    )
    outcome = month(text)
    (owner,) = found(outcome, "kpi_without_owner")
    assert owner.fact("found") == "Продажи, Маржа, Звонки, Ожидание, Отдел"
    (silenced,) = found(outcome, "silenced")
    assert silenced.fact("found") == "kpi_without_owner (считает программа)"


def test_weights_are_silenced_like_other_remarks(month: Any) -> None:
    bonus = "kpi_bonus: {target: 100, weights: {sales: 70%, margin: 70%}, payout: index}"
    plan = {"План": figures({"Продажи": 1, "Маржа": 1})}
    assert found(month(scheme(bonus), **plan), *COMPILED)
    outcome = month(scheme(bonus, further="    lint: {silence: {weights_sum: так решено}}\n"), **plan)
    assert not found(outcome, *COMPILED)
    assert found(outcome, "silenced")


def test_what_was_decided_stands_on_the_run_sheet(month: Any) -> None:
    further = "    lint: {silence: {pay_falls: приказ 14}}\nlint: {silence: {no_examples: примеры в приказе}}\n"
    outcome = month(scheme(FALLING, further=further), check=False)
    assert outcome.issues == ()
    path = outcome.files[0]
    rows = list(openpyxl.load_workbook(path)["Протокол"].iter_rows(max_col=2, values_only=True))
    at = rows.index(("Решено не напоминать", None))
    assert rows[at + 2 : at + 5] == [
        ("no_examples", "примеры в приказе"), ("pay_falls: manager", "приказ 14"), (None, None),
    ]  # fmt: skip
    assert rows[at + 5 :] == [("Замечания", None), ("замечаний нет", None)]


def test_a_silence_of_the_month_is_never_stale(month: Any) -> None:
    text = scheme("base_salary: {amount: 1}", further="lint: {silence: {far_above_plan: да, cliff: нет}}\n")
    (stale,) = found(month(text), "silence_stale")
    assert stale.fact("found") == "cliff"
    assert str(stale.place) == "scheme.yaml:16:38"


RATES = "rates: {by_product: {rate: Ставка, match: {product: Товар}, rows: [{Товар: А, Ставка: 5%}]}}\n"


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ("[{from: 0, rate: 10%}, {from: 500, rate: 14%}]", 1),
        ("[{from: 0, rate: 10%}, {from: 500, rate: -14%}]", 0),
    ],
)
@pytest.mark.parametrize("whose", ["scheme", "file", "file with rate sheets"])
def test_a_silence_of_rates_below_zero_may_be_stale(month: Any, rates: str, told: int, whose: str) -> None:
    """That of the whole file may be of a rate sheet, which is another one every month."""
    silence = "lint: {silence: {mixed_signs: возврат удерживают}}\n"
    further = f"    {silence}" if whose == "scheme" else silence + (RATES if "rate" in whose else "")
    text = scheme(f"commission: {{on: sales, tiers: marginal, rates: {rates}}}", further=further)
    outcome = month(text)
    assert not outcome.errors, outcome.issues
    stale = found(outcome, "silence_stale")
    assert [item.fact("found") for item in stale] == ["mixed_signs"] * (told if whose != "file with rate sheets" else 0)


def test_a_run_says_nothing_of_silences(month: Any) -> None:
    text = scheme(FALLING, further="lint: {silence: {pay_falls: да, cliff: нет, no_examples: да}}\n")
    assert month(text, check=False).issues == ()


@pytest.mark.parametrize(("period", "told"), [("2026-10", []), ("2026-09", ["above_plan"])])
def test_a_remark_on_a_month_is_silenced_for_it(month: Any, period: str, told: list[str]) -> None:
    further = f"lint: {{silence: {{above_plan: {{reason: один договор, period: {period}}}, no_examples: нет}}}}\n"
    text = scheme("kpi_bonus: {kpi: sales, target: 9, payout: attainment}", further=further)
    outcome = month(text, План=figures({"Продажи": 100}), Факт=figures({"Продажи": 1100}))
    assert [item.code for item in outcome.issues if item.code in ("above_plan", "silence_stale")] == told


@pytest.mark.parametrize("reason", ['""', '"  "'])
def test_a_silence_needs_a_reason(month: Any, reason: str) -> None:
    outcome = month(scheme(WHOLE, further=f"lint: {{silence: {{cliff: {reason}}}}}\n"))
    assert [item.code for item in outcome.issues] == ["empty_entry"]


def test_samples_have_nothing_worse_than_notices() -> None:
    samples = Path(__file__).parent.parent / "samples"
    for path in samples.glob("*/scheme*.yaml"):
        if path.stem != "scheme-as-printed":
            outcome = commands.check(path.with_name("2026-10.xlsx"), path, remarks=True)
            assert {severity(item) for item in outcome.issues} <= {"notice"}, path
