"""What must hold for any month: more result never pays less, parts sum to the whole, order does not matter."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recalculation import IronCalc, paid, pay, totals, write_month

import kpicalc
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import severity
from kpicalc.model.inputs import Adjustment, Inputs, LevelFigure, Payee, Series
from kpicalc.model.issue import Place
from kpicalc.model.scheme import SchemeBook

PROPERTY = settings(max_examples=60, deadline=None, derandomize=True)
NOWHERE = Place("month.xlsx")

HEAD = """
kpicalc: 1
language: en
rules:
  money: {round: %(step)s, ties: %(ties)s}
  attainment: {round: 0.0001, ties: %(ties)s}
  missing: error
  zero_plan: zero
  zero_actual: full
kpis:
  sales: {title: Sales, unit: RUB}
  calls: {title: Calls}
  offers: {title: Offers}
  delay: {title: Delay, better: lower}
  dep: {title: Dep, unit: RUB, team: sum, of: sales}
lint: {silence: {far_above_plan: these results are made up and may be any}}
schemes:
  one:
    title: One
    for: {position: [P, R]}
    pay:
"""


def scheme(*items: str, step: str = "0.01", ties: str = "half_up") -> SchemeBook:
    book, issues = read_scheme_text("scheme.yaml", text(*items, step=step, ties=ties).encode())
    assert book is not None, issues
    return book


def text(*items: str, step: str = "0.01", ties: str = "half_up") -> str:
    return HEAD % {"step": step, "ties": ties} + "".join(f"      - {item}\n" for item in items)


def payroll(book: SchemeBook, people: list[Mapping[str, Decimal]], departments: list[str] | None = None) -> Payroll:
    """Compute a month of people whose figures are `actual.sales`, `plan.sales`, `employee.salary`, `adjustment`."""

    def series(sheet: str) -> dict[str, Series]:
        keys = {key.partition(".")[2] for person in people for key in person if key.startswith(f"{sheet}.")}
        rows = list(range(2, len(people) + 2))
        return {
            key: Series([person.get(f"{sheet}.{key}") for person in people], "month.xlsx", sheet, "A", rows)
            for key in sorted(keys)
        }

    names = departments or ["D"] * len(people)
    inputs = Inputs(
        file="month.xlsx",
        sha256="",
        period="2026-10",
        payees=[Payee(f"{at:03}", f"N{at}", name, "P", "", NOWHERE) for at, name in enumerate(names)],
        plan=series("plan"),
        actual=series("actual"),
        employee=series("employee"),
        team_plan={
            ("dep", name): {
                level: LevelFigure(Decimal(value), NOWHERE)
                for level, value in (("minimum", "99.99"), ("norm", "100"), ("maximum", "15000.005"))
            }
            for name in set(names)
        },
        adjustments={
            at: [Adjustment(person["adjustment"], "because", NOWHERE)]
            for at, person in enumerate(people)
            if "adjustment" in person
        },
    )
    statements, issues = compile_schemes(book)
    assert not [item for item in issues if severity(item) == "error"]
    found = compute(book, statements, inputs)
    assert not [item for item in found.issues if severity(item) == "error"], found.issues
    return found


def amounts(found: Payroll) -> list[Decimal]:
    """Return the totals in the order of the people."""
    (only,) = found.schemes
    return list(only.columns["total"])


RESULTS = st.one_of(
    st.sampled_from(
        [Decimal(text) for text in ("0", "0.01", "99.99", "100", "100.01", "14999.99", "15000", "15000.01")]
    ),
    st.decimals(min_value=0, max_value=10**7, places=2),
    st.integers(0, 200).map(Decimal),
)
GROWING = st.lists(RESULTS, min_size=2, max_size=30, unique=True).map(sorted)
MANNERS = st.tuples(st.sampled_from(["0.01", "1", "100"]), st.sampled_from(["half_up", "half_even", "down", "up"]))
TIERS = "rates: [{from: 0, rate: 1%}, {from: 100, rate: 1/3}, {from: 15000, rate: 40%}]"
MORE_PAYS_MORE = [
    "commission: {on: sales, rate: 1/3}",
    "commission: {on: sales, threshold: 100, pays_on: excess, rate: 7.5%}",
    "commission: {on: sales, threshold: 100, pays_on: whole, rate: 7.5%}",
    "commission: {on: sales, tiers: marginal, " + TIERS + "}",
    "commission: {on: sales, tiers: whole, " + TIERS + "}",
    "commission: {on: sales, threshold: 100, pays_on: whole, tiers: marginal, " + TIERS + "}",
    "kpi_bonus: {kpi: sales, target: 10000, payout: attainment}",
    "kpi_bonus: {kpi: sales, target: 10000, threshold: 60%, cap: 150%, payout: attainment}",
    "kpi_bonus: {kpi: sales, target: 10000, payout: {points: [{at: 80%, pays: 0}, {at: 100%, pays: 1}]}}",
    (
        "kpi_bonus: {weights: {sales: 1/3, calls: 2/3}, target: 333.33, payout: {bands: [{from: 0%, pays: 0}, "
        "{from: 70%, pays: 0.6}, {from: 80%, pays: index}]}}"
    ),
    (
        "kpi_bonus: {weights: {sales: 60%, calls: 40%}, index: {round_parts: 0.01, ties: half_even}, target: 1000, "
        "payout: index}"
    ),
    (
        "kpi_bonus: {weights: {sales: {weight: 60%, payout: {points: [{at: 80%, pays: 0}, {at: 120%, pays: 1.5}]}}, "
        "calls: {weight: 40%, payout: {bands: [{from: 0%, pays: 1/3}, {above: 90%, pays: 1}]}}}, target: 1000.01, "
        "payout: index}"
    ),
    "kpi_bonus: {kpi: sales, by: value, target: 9, payout: {bands: [{from: 100, pays: 1/3}, {above: 15000, pays: 1}]}}",
    (
        "matrix: {target: 333.33, rows: {kpi: sales, by: value, from: [99.99, {above: 100}]}, "
        "columns: {kpi: calls, from: [0%, {above: 90%}]}, pays: [[0, 0.1], [0.2, 1/3]]}"
    ),
    "steps: {on: sales, pays: highest, at: [{from: 99.99, amount: 0.01}, {above: 100, amount: 50}]}",
    "steps: {on: sales, pays: sum, at: [{from: 99.99, amount: 0.01}, {above: 100, amount: {share: 1/3, of: salary}}]}",
    "piecework: {on: sales, rates: [{from: 0, per_unit: 1/3}, {from: 100, per_unit: 0.1}], tiers: marginal}",
    "piecework: {on: sales, rates: [{from: 0, per_unit: 1/3}, {above: 100, per_unit: 1.5}], tiers: whole}",
    "action_pay: {reward: 15000, pays: all_or_nothing, goals: {sales: 100, calls: 60}}",
    "action_pay: {reward: {sales: 500, calls: 200.5}, pays: each, goals: {sales: 15000, calls: 60}}",
    "action_pay: {reward: 1000.01, pays: proportional, goals: {sales: 15000, calls: 60}}",
    "team_bonus: {on: dep, levels: [{reach: minimum, pays: 1}, {reach: norm, pays: 5}, {reach: maximum, pays: 9}]}",
]


@pytest.mark.parametrize("item", MORE_PAYS_MORE)
@settings(PROPERTY, max_examples=40)
@given(GROWING, MANNERS)
def test_more_result_never_pays_less(item: str, results: list[Decimal], manner: tuple[str, str]) -> None:
    same = {"actual.calls": Decimal(59), "plan.sales": Decimal(15000), "plan.calls": Decimal(60)}
    same["employee.salary"] = Decimal("40000.01")
    people = [{**same, "actual.sales": result} for result in results]
    # Everybody is a department of their own: its result grows with them.
    found = payroll(scheme(item, step=manner[0], ties=manner[1]), people, [f"D{at}" for at in range(len(people))])
    assert all(less <= more for less, more in pairwise(amounts(found))), amounts(found)


@settings(PROPERTY, max_examples=40)
@given(GROWING, st.sampled_from(["attainment", "{points: [{at: 80%, pays: 0}, {at: 120%, pays: 1}]}"]))
def test_less_is_better_pays_more_for_less(results: list[Decimal], payout: str) -> None:
    book = scheme(f"kpi_bonus: {{kpi: delay, target: 10000, payout: {payout}}}")
    people = [{"actual.delay": result, "plan.delay": Decimal(100)} for result in results if result]
    found = amounts(payroll(book, people))
    assert all(less >= more for less, more in pairwise(found)), found


@settings(PROPERTY, max_examples=40)
@given(GROWING)
def test_a_better_department_multiplies_no_less(results: list[Decimal]) -> None:
    book = scheme(
        "commission: {on: sales, rate: 10%}",
        "team_multiplier: {of: [commission], on: dep, levels: [{reach: norm, pays: 1.1}, {reach: maximum, pays: 2}]}",
    )
    found = payroll(book, [{"actual.sales": result} for result in results], [f"D{at}" for at in range(len(results))])
    assert all(less <= more for less, more in pairwise(amounts(found)))


EVERYTHING = (
    "base_salary: {amount: salary, prorate: days, fte: multiply}",
    "commission: {on: sales, threshold: 100, pays_on: excess, rate: 1/3}",
    (
        "kpi_bonus: {weights: {sales: 1/3, calls: 2/3}, target: 9999.99, payout: {bands: [{from: 0%, pays: 0}, "
        "{from: 70%, pays: index}]}}"
    ),
    "action_pay: {reward: 1000.01, pays: proportional, goals: {calls: 60, offers: 7}}",
    "steps: {on: sales, pays: sum, at: [{from: 100, amount: 9.995}, {above: 15000, amount: {share: 1/3, of: salary}}]}",
    "piecework: {on: calls, rates: [{from: 0, per_unit: 3.335}, {from: 60, per_unit: 1/3}], tiers: marginal}",
    "penalty: {on: delay, per_unit: 33.335, of: [commission, kpi_bonus], limit: 30%}",
    "gate: {of: [kpi_bonus], unless: attainment(sales) >= 50%, pays: 33%}",
    "cap: {of: [commission], at: 2000}",
    "formula: {title: Extra, pays: max(0, sales - calls * 7) / 3}",
    "adjustments",
    "guarantee: {at: 1500}",
)
TEAM = (
    "team_multiplier: {of: [commission], on: dep, levels: [{reach: norm, pays: 1.2}]}",
    "team_bonus: {on: dep, levels: [{reach: minimum, pays: 5}, {reach: maximum, pays: 9}]}",
)
PERSON = st.fixed_dictionaries(
    {
        **{f"actual.{key}": RESULTS for key in ("sales", "calls", "offers", "delay")},
        **{f"plan.{key}": RESULTS for key in ("sales", "calls")},
        "employee.salary": RESULTS,
        "employee.fte": st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.333333333333333")]),
        "employee.days_worked": st.integers(0, 23).map(Decimal),
        "employee.days_norm": st.integers(20, 23).map(Decimal),
        "adjustment": st.decimals(-1000, 1000, places=3),
    }
)
DEPARTMENTS = st.sampled_from(["A", "B", "C"])


@PROPERTY
@given(st.lists(st.tuples(PERSON, DEPARTMENTS), min_size=1, max_size=12), MANNERS)
def test_lines_sum_to_the_total(people: list[tuple[dict[str, Decimal], str]], manner: tuple[str, str]) -> None:
    book = scheme(*EVERYTHING, *TEAM, step=manner[0], ties=manner[1])
    found = payroll(book, [person for person, _ in people], [department for _, department in people])
    (only,) = found.schemes
    for at, total in enumerate(amounts(found)):
        assert sum(only.columns[line.figure][at] for line in only.statement.lines) == total
        for line in only.statement.lines:
            # A line is what was rounded: kopecks, roubles, hundreds.
            assert Fraction(only.columns[line.figure][at]) % Fraction(manner[0]) == 0
    assert found.total() == sum(amounts(found)) == sum(found.by_line.values())
    assert sum(amount for _, amount in found.by_department.values()) == found.total()
    assert sum(count for count, _ in found.by_department.values()) == len(people)


@PROPERTY
@given(st.lists(st.tuples(PERSON, DEPARTMENTS), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(
    people: list[tuple[dict[str, Decimal], str]], chance: random.Random
) -> None:
    book = scheme(*EVERYTHING, *TEAM)
    order = list(range(len(people)))
    chance.shuffle(order)
    mixed = [people[at] for at in order]
    before = amounts(payroll(book, [person for person, _ in people], [name for _, name in people]))
    after = amounts(payroll(book, [person for person, _ in mixed], [name for _, name in mixed]))
    assert [before[at] for at in order] == after


@PROPERTY
@given(st.lists(PERSON, min_size=2, max_size=8))
def test_one_person_alone_is_paid_as_among_all(people: list[dict[str, Decimal]]) -> None:
    book = scheme(*EVERYTHING)
    assert amounts(payroll(book, people)) == [amounts(payroll(book, [person]))[0] for person in people]


@PROPERTY
@given(st.lists(PERSON, min_size=1, max_size=6))
def test_nothing_worked_and_nothing_done_pays_the_guarantee_at_least(people: list[dict[str, Decimal]]) -> None:
    found = payroll(scheme(*EVERYTHING), people)
    assert all(amount >= 1500 for amount in amounts(found))


# -- a part of the month --------------------------------------------------------------------------------------------

BY_DAYS = (
    "kpi_bonus: {kpi: sales, target: 9999.99, payout: attainment, rules: {part_month: {plan: days_employed}}}",
    "action_pay: {reward: 500, pays: proportional, goals: [calls], rules: {part_month: {plan: days_worked}}}",
)
WHOLE = tuple(item.replace("days_employed", "none").replace("days_worked", "none") for item in BY_DAYS)


@PROPERTY
@given(st.lists(PERSON, min_size=1, max_size=6))
def test_the_whole_month_keeps_the_whole_plan(people: list[dict[str, Decimal]]) -> None:
    present = [
        person | {f"employee.{days}": person["employee.days_norm"] for days in ("days_employed", "days_worked")}
        for person in people
    ]
    assert amounts(payroll(scheme(*BY_DAYS, "adjustments"), present)) == amounts(
        payroll(scheme(*WHOLE, "adjustments"), people)
    )


@settings(PROPERTY, max_examples=40)
@given(RESULTS.filter(bool), st.integers(1, 22), st.sampled_from(["0.01", "1"]))
def test_fewer_days_of_employment_never_ask_for_more(result: Decimal, norm: int, step: str) -> None:
    """The same result pays no less to whoever has been here for fewer days: the plan falls with the days."""
    people = [
        {
            "actual.sales": result,
            "plan.sales": Decimal(15000),
            "employee.days_norm": Decimal(norm),
            "employee.days_employed": Decimal(days),
        }
        for days in range(norm, 0, -1)
    ]
    found = amounts(payroll(scheme(BY_DAYS[0], step=step), people))
    assert all(more_days <= fewer for more_days, fewer in pairwise(found)), found


@PROPERTY
@given(
    st.lists(PERSON, min_size=1, max_size=6), st.lists(st.tuples(RESULTS, st.integers(0, 23)), min_size=6, max_size=6)
)
def test_a_month_of_two_salaries_lies_between_them(
    people: list[dict[str, Decimal]], changes: list[tuple[Decimal, int]]
) -> None:
    book = scheme("base_salary: {amount: salary, prorate: days, fte: multiply, changes: split}", "adjustments")
    rest = "employee.salary_after", "employee.days_after", "employee.fte_after"
    changed = [
        person
        | dict(
            zip(rest, (salary, min(Decimal(days), person["employee.days_worked"]), person["employee.fte"]), strict=True)
        )
        for person, (salary, days) in zip(people, changes, strict=False)
    ]
    old = amounts(payroll(book, people))
    new = amounts(payroll(book, [one | {"employee.salary": one["employee.salary_after"]} for one in changed]))
    for found, *ends in zip(amounts(payroll(book, changed)), old, new, strict=True):
        assert min(ends) <= found <= max(ends)


# -- the written workbook -------------------------------------------------------------------------------------------


def sheets(seed: int, count: int = 12) -> dict[str, list[list[object]]]:
    """Return a month of people as a clerk keeps it."""
    chance = random.Random(seed)
    ids = [f"{number:04}" for number in range(count)]
    kpis = ("sales", "calls", "offers", "delay")
    positions = ["PRQ"[number % 3] for number in range(count)]
    return {
        "Employees": [
            ["Personnel number", "Name", "Department", "Position", "Salary", "Rate (FTE)", "Days worked", "Days norm"]
        ]
        + [
            [number, f"Name {number}", chance.choice("ABC"), positions[at], chance.randint(1, 9) * 1111.11, 0.5, 20, 22]
            for at, number in enumerate(ids)
        ],
        "Plan": [["Personnel number", "Sales", "Calls"]] + [[number, 15000, 60] for number in ids],
        "Actuals": [["Personnel number", *(kpi.title() for kpi in kpis)]]
        + [
            [number, chance.choice([99.99, 100, 15000, 20000.03]), chance.randint(30, 90), chance.randint(0, 9), 0.3]
            for number in ids
        ],
        "Team plan": [["Department", "KPI", "Minimum", "Norm", "Maximum"]]
        + [[name, "Dep", 1000, 20000, 50000] for name in "ABC"],
        "Adjustments": [["Personnel number", "Amount", "Reason"], [ids[1], -5.5, "late"], [ids[2], 7.25, "early"]],
    }


BOTH = text(*EVERYTHING, *TEAM) + (
    "  two:\n    title: Two\n    for: {position: Q}\n    pay:\n"
    "      - base_salary: {amount: salary, fte: ignore}\n"
    "      - commission: {on: sales, rate: 2%}\n"
    "      - adjustments\n"
)


def test_the_order_of_rows_in_the_workbook_does_not_matter(tmp_path: Path) -> None:
    before = totals(paid(tmp_path / "a", BOTH, sheets(1)))
    chance = random.Random(2)
    mixed = deepcopy(sheets(1))
    for rows in mixed.values():
        head, *body = rows
        chance.shuffle(body)
        rows[:] = [head, *body]
    assert totals(paid(tmp_path / "b", BOTH, mixed)) == before


RUN = """
import sys
from pathlib import Path
from kpicalc.app import run
outcome = run(Path("month.xlsx"), Path("scheme.yaml"), period="2026-10", out=Path("payroll.xlsx"))
sys.exit(0 if outcome.files else str(outcome.issues))
"""


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Another folder, another time of the files, another seed of hashes, another temporary folder."""
    written = []
    for number in range(3):
        folder = tmp_path / f"run{number}" / ("x" * number)
        folder.mkdir(parents=True)
        if number:
            shutil.copyfile(tmp_path / "run0" / "month.xlsx", folder / "month.xlsx")
        else:
            write_month(folder / "month.xlsx", sheets(3))
        (folder / "scheme.yaml").write_text(BOTH, encoding="utf-8")
        for name in ("month.xlsx", "scheme.yaml"):
            os.utime(folder / name, (10**9 + number * 10**6,) * 2)
        room = tmp_path / f"temporary{number}"
        room.mkdir()
        environment = os.environ | {
            "PYTHONHASHSEED": str(number * 7 + 1),
            "TMPDIR": str(room),
            "TZ": ["UTC", "Asia/Vladivostok", "America/New_York"][number],
            "PYTHONPATH": str(Path(kpicalc.__file__).parents[1]),
        }
        subprocess.run([sys.executable, "-c", RUN], cwd=folder, env=environment, check=True, timeout=60)
        written.append((folder / "payroll.xlsx").read_bytes())
    assert written[0] == written[1] == written[2]


def test_paying_leaves_nothing_behind(tmp_path: Path) -> None:
    paid(tmp_path, BOTH, sheets(4))
    assert {path.name for path in tmp_path.iterdir()} == {
        "month.xlsx",
        "scheme.yaml",
        "payroll.xlsx",
        "payroll.manifest.json",
    }
    with TemporaryDirectory() as folder:
        refused = pay(Path(folder), BOTH.replace("rate: 2%", "rate: 2 %%"), sheets(4))
        assert not refused.files
        assert {path.name for path in Path(folder).iterdir()} == {"month.xlsx", "scheme.yaml"}


def rows_sorted(path: Path, sheet: str, order: random.Random) -> None:
    """Sort the payees of a Calculation sheet as a clerk would: cells move, and formulas keep to their own row."""
    book = openpyxl.load_workbook(path)
    table = book[sheet]
    first = 5
    last = first
    while str(table.cell(last, 1).value or "").startswith("0"):
        last += 1
    old = list(range(first, last))
    new = old[:]
    order.shuffle(new)
    assert new != old
    width = table.max_column
    kept = {row: [table.cell(row, column).value for column in range(1, width + 1)] for row in old}
    for source, target in zip(old, new, strict=True):
        for column, value in enumerate(kept[source], 1):
            moved = value
            if isinstance(value, str) and value.startswith("="):
                moved = openpyxl.formula.translate.Translator(value, f"A{source}").translate_formula(f"A{target}")
            table.cell(target, column).value = moved
    book.save(path)


@pytest.mark.parametrize("seed", [5, 6])
def test_sorting_a_calculation_leaves_every_row_one_persons(seed: int, tmp_path: Path) -> None:
    """Whatever a clerk sorts, the number, the name, the position and the amounts of a row belong together."""
    outcome = paid(tmp_path, BOTH, sheets(seed))
    path = outcome.files[0]
    assert outcome.payroll is not None
    people = outcome.payroll.inputs.payees
    expected = {
        people[index].id: [
            people[index].name,
            people[index].department,
            people[index].position,
            *[
                float(one.columns[key][at]) if (key := own.get((line.id, line.title))) else 0
                for line, _ in outcome.payroll.lines
            ],
            float(one.columns["total"][at]),
        ]
        for one in outcome.payroll.schemes
        for own in [{(line.id, line.title): line.figure for line in one.statement.lines}]
        for at, index in enumerate(one.payees)
    }
    for name in ("Calculation One", "Calculation Two"):
        rows_sorted(path, name, random.Random(seed))
    engine = IronCalc(path)
    heads = [engine.value("Payroll", 4, column) for column in range(1, 9 + len(outcome.payroll.lines))]
    own = [heads.index(head) for head in ("Personnel number", "Name", "Department", "Position")]
    columns = [at + 1 for at in (*own, *range(own[-1] + 1, own[-1] + 2 + len(outcome.payroll.lines)))]
    found = {}
    for row in range(5, 5 + len(people)):
        number, *cells = (engine.value("Payroll", row, column) for column in columns)
        cells = [0 if cell == "—" else cell for cell in cells]
        found[number] = [cell if isinstance(cell, str) and cell else round(cell or 0, 2) for cell in cells]
    assert found == expected
