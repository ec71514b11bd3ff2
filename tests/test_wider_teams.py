"""Teams wider than a department: regions and everybody, computed results, what members are paid, deputies."""

import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from oracle import rounded
from recalculation import ENGINES, IronCalc, LibreOffice, differences, lines, paid, pay
from test_next_step import assert_as_two_runs

from kpicalc.engine.probing.next_step import next_steps
from kpicalc.lang import NBSP
from kpicalc.people.reveals import reveals
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}, missing: MISSING}
employees:
  region: {title: Region}
  part: {title: Part, unit: "%"}
kpis:
  sales: {title: Sales, unit: RUB}
  costs: {title: Costs, unit: RUB}
  margin: {title: Margin, unit: RUB, formula: sales * 30% - costs}
  region_margin: {title: Margin of the region, unit: RUB, team: sum, of: margin, over: region}
  all_sales: {title: Sales of all, unit: RUB, team: sum, of: sales, over: all}
schemes:
  seller:
    title: Seller
    for: {position: Seller}
    pay:
      - commission: {on: sales, tiers: marginal, rates: [{from: 0, rate: 5%}, {from: 1000, rate: 7.77%}]}
      - cap: {of: [commission], at: 90.05}
  head:
    title: Head
    for: {position: Head}
    pay:
      - commission: {id: own, title: Own, on: sales, rate: 1%}
      - override: {of_lines: [commission, own], own: exclude, rate: part}
      - override: {id: wide, title: Wide, on: region_margin, own: exclude, rate: 1.5%}
      - team_bonus: {on: all_sales, levels: [{reach: norm, pays: 1000}]}
  chief:
    title: Chief
    for: {position: Chief}
    pay:
      - override: {id: of_heads, title: Of heads, of_lines: [override], over: region, own: include, rate: 10%}
      - override: {id: of_all, title: Of all, on: sales, over: all, own: include, rate: 0.5%}
"""
Person = tuple[str, str, str, object, object]
"""Department, region, position, sales, costs."""


def sheets(
    people: list[Person], parts: dict[int, object] | None = None, *, norm: object = 5000
) -> dict[str, list[list[object]]]:
    shares = parts or {}
    return {
        "Employees": [["Personnel number", "Name", "Department", "Position", "Region", "Part"]]
        + [
            [f"{at:03}", f"N{at}", department, position, region, shares.get(at, 0.1)]
            for at, (department, region, position, *_) in enumerate(people)
        ],
        "Actuals": [["Personnel number", "Sales", "Costs"]]
        + [[f"{at:03}", sales, costs] for at, (*_, sales, costs) in enumerate(people)],
        "Team plan": [
            ["Department", "KPI", "Minimum", "Norm", "Maximum"],
            ["everybody", "Sales of all", None, norm, None],
        ],
    }


def scheme(missing: str = "error") -> str:
    return SCHEME.replace("MISSING", missing)


TEAM: list[Person] = [
    ("D1", "West", "Seller", 1000, 100),
    ("D1", "West", "Seller", 2000, 100),
    ("D2", "West", "Seller", 3000, 100),
    ("D3", "East", "Seller", 500, 0),
    ("D1", "West", "Head", 400, 10),
    ("D1", "West", "Head", 0, 0),
    ("D2", "West", "Head", 0, 0),
    ("D9", "West", "Chief", None, None),
]


def test_deputies_share_one_department(tmp_path: Path) -> None:
    """By hand. Commissions: 50; 50 + 77.70 = 127.70, cut to 90.05; of 3 000 cut to 90.05; 25. Own: 1 % of 400 = 4.

    D1 has 50 + 90.05 = 140.05 besides the heads' own. Two heads lead it, by 6 % and 4 %:
    004: (140.05 + 0) x 6 % = 8.403; 005: (140.05 + 4) x 4 % = 5.762; 006 in D2: 90.05 x 10 % = 9.005 -> 9.01.
    The chief of the West: (8.40 + 5.76 + 9.01) x 10 % = 2.317 -> 2.32; of all 6 900: 0.5 % = 34.50.
    Margins of the West: 200, 500, 800, 110, 0, 0: 1 610. 004 without the own 110: 1 500 x 1.5 % = 22.50; 005: 24.15.
    All sales are 6 900, above the norm of 5 000.
    """
    outcome = paid(tmp_path, scheme(), sheets(TEAM, {4: 0.06, 5: 0.04}))
    assert [lines(outcome, number)["override"] for number in ("004", "005", "006")] == [
        Decimal("8.40"), Decimal("5.76"), Decimal("9.01"),
    ]  # fmt: skip
    assert lines(outcome, "007") == {"of_heads": Decimal("2.32"), "of_all": Decimal("34.50")}
    assert [lines(outcome, number)["wide"] for number in ("004", "005")] == [Decimal("22.50"), Decimal("24.15")]
    assert lines(outcome, "004")["team_bonus"] == 1000
    assert not differences(outcome.files[0])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_spreadsheet_agrees(engine: type[IronCalc | LibreOffice], tmp_path: Path) -> None:
    """Groups called 007 and 7, a star, people of three schemes, results that tie and vanish."""
    chance = random.Random(5)
    people: list[Person] = [
        (
            chance.choice(["D1", "D2", "007", "7"]),
            chance.choice(["West", "007", "7", "W*"]),
            chance.choice(["Seller", "Seller", "Head", "Chief"]),
            chance.choice([0, 0.1 + 0.2, 100.035, 999.99, 1234567.89]),
            chance.choice([0, 0.05, 33.333]),
        )
        for _ in range(40)
    ]
    outcome = paid(tmp_path, scheme(), sheets(people, norm=5000000))
    assert not differences(outcome.files[0], engine)
    margins: dict[str, Fraction] = defaultdict(Fraction)
    for _, region, _, sold, cost in people:
        margins[region] += Fraction(f"{sold:.15g}") * 30 / 100 - Fraction(f"{cost:.15g}")
    for at, (_, region, position, sold, cost) in enumerate(people):
        if position == "Head":
            own = Fraction(f"{sold:.15g}") * 30 / 100 - Fraction(f"{cost:.15g}")
            due = rounded((margins[region] - own) * 15 / 1000, Fraction(1, 100), "half_up")
            assert Fraction(lines(outcome, f"{at:03}")["wide"]) == due


def test_the_next_step_by_way_of_lines_is_worth_two_runs(tmp_path: Path) -> None:
    """A seller's sale pays the head by the seller's commission, and the chief by the head's override."""
    payroll = paid(tmp_path, scheme(), sheets([(*one[:3], one[3] or 0, one[4] or 0) for one in TEAM])).payroll
    assert payroll
    found = next_steps(payroll)
    assert assert_as_two_runs(payroll, (step for steps in found.values() for step in steps if not step.of_team)) >= 8


def test_a_member_who_waits_keeps_the_head_waiting(tmp_path: Path) -> None:
    people = [*TEAM]
    people[0] = ("D1", "West", "Seller", None, 100)
    outcome = paid(tmp_path, scheme("hold"), sheets(people))
    assert outcome.payroll
    # The seller, the heads of the department and of the region, whose margin is not known, and the chief of all.
    assert outcome.payroll.held == (0, 4, 5, 6, 7)


def test_whoever_is_paid_by_lines_of_somebody_held_waits_too(tmp_path: Path) -> None:
    """The heads wait for the norm of their bonus: the chief has a share of lines that nobody is paid yet."""
    outcome = paid(tmp_path, scheme("hold"), sheets([(*one[:3], one[3] or 0, one[4] or 0) for one in TEAM], norm=None))
    assert outcome.payroll
    assert outcome.payroll.held == (4, 5, 6, 7)
    assert not differences(outcome.files[0])


def test_a_sum_of_two_peoples_lines_is_told(tmp_path: Path) -> None:
    """The commissions of a department of a seller and a head; three in the West, and nobody can tell whose is whose."""
    people: list[Person] = [
        ("D1", "West", "Seller", 100, 0),
        ("D1", "West", "Head", 50, 0),
        ("D2", "West", "Head", 10, 0),
    ]
    payroll = paid(tmp_path, scheme(), sheets(people)).payroll
    assert payroll
    told = [(item.fact("title"), item.fact("names")) for item in reveals(payroll) if item.code == "statement_reveals"]
    assert ("Commission, Own", "000 N0, 001 N1") in told


def test_who_is_in_a_group_is_explained(tmp_path: Path) -> None:
    payroll = paid(tmp_path, scheme(), sheets(TEAM, {4: 0.06, 5: 0.04})).payroll
    assert payroll
    text = explanation(payroll, 7).replace(NBSP, " ")
    assert "Sales: everybody: 6,900 is the sum of everybody, people: 7" in text
    assert "004 N4: 8.40" in text


def test_a_group_stands_on_the_calculation_and_the_teams_sheet(tmp_path: Path) -> None:
    outcome = paid(tmp_path, scheme(), sheets(TEAM))
    book = openpyxl.load_workbook(outcome.files[0], data_only=True)
    rows = [[cell for cell in row if cell is not None] for row in book["Departments"].iter_rows(values_only=True)]
    assert [row[0] for row in rows if row][1:] == ["Region", "West", "East", "everybody", "everybody"]
    calculation = next(sheet for sheet in book.worksheets if sheet.title.endswith("Seller"))
    assert [calculation.cell(4, calculation.max_column).value, calculation.cell(5, calculation.max_column).value] == [
        "Region",
        "West",
    ]


def test_a_blank_region_is_refused_with_its_cell(tmp_path: Path) -> None:
    people = [*TEAM]
    people[3] = ("D3", "", "Seller", 500, 0)
    outcome = pay(tmp_path, scheme(), sheets(people))
    # A seller's own pay hangs on no region; nobody's region may be left out of the sum unsaid.
    assert {(item.code, item.place.cell) for item in outcome.issues if item.code == "group_of_nobody"} == {
        ("group_of_nobody", "E5")
    }
    assert not outcome.files
