"""Rankings: parts of places shared are the whole, a spreadsheet counts the same places, days decide ties."""

import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recalculation import ENGINES, IronCalc, LibreOffice, differences, lines, paid, pay
from test_next_step import assert_as_two_runs
from test_properties import PROPERTY

from kpicalc.engine.groups.rankings import places_of, standing_of
from kpicalc.engine.probing.next_step import next_steps
from kpicalc.engine.statement import Ranking
from kpicalc.model.issue import Place
from kpicalc.people.reveals import reveals
from kpicalc.screen.explanation import explanation

SCHEME = """
kpicalc: 1
language: en
rules: {{money: {{round: {step}, ties: {ties}}}, missing: {missing}}}
kpis:
  sales: {{title: Sales, unit: RUB}}
  complaints: {{title: Complaints, better: lower}}
  gain: {{title: Gain, formula: sales / 3}}
schemes:
  one:
    title: One
    for: {{position: P}}
    pay: &pay
{pay}
  two:
    title: Two
    for: {{position: Q}}
    pay: *pay
"""
BEST = (
    "ranked: {{on: sales, among: {among}, ties: {ties}, "
    "at: [{{place: 1, amount: {first}}}, {{place: 2, amount: {second}}}]}}"
)
Person = tuple[str, str, object, object]
"""Department, position, sales, complaints."""


def scheme(*pays: str, step: str = "0.01", ties: str = "half_up", missing: str = "error") -> str:
    return SCHEME.format(pay="\n".join(f"      - {line}" for line in pays), step=step, ties=ties, missing=missing)


def best(ties: str, *, among: str = "department", first: object = 10000, second: object = 5000) -> str:
    return BEST.format(among=among, first=first, second=second, ties=ties)


def sheets(people: list[Person]) -> dict[str, list[list[object]]]:
    return {
        "Employees": [["Personnel number", "Name", "Department", "Position"]]
        + [[f"{at:03}", f"N{at}", department, position] for at, (department, position, *_) in enumerate(people)],
        "Actuals": [["Personnel number", "Sales", "Complaints"]]
        + [[f"{at:03}", sales, complaints] for at, (*_, sales, complaints) in enumerate(people)],
    }


@PROPERTY
@given(
    results=st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=9),
    amounts=st.tuples(*[st.decimals(min_value=0, max_value=10**5, places=2)] * 2),
    manner=st.tuples(st.sampled_from(["0.01", "1"]), st.sampled_from(["half_up", "half_even", "down", "up"])),
)
def test_parts_of_shared_places_are_the_places(
    results: list[int],
    amounts: tuple[Decimal, Decimal],
    manner: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Everything that is to be had is paid, to the kopeck, unless too few have done anything."""
    step, ties = manner
    whole = [amount.quantize(Decimal(step)) for amount in amounts]
    text = scheme(best("share", first=whole[0], second=whole[1]), step=step, ties=ties)
    people: list[Person] = [("D", "PQ"[at % 2], result, 0) for at, result in enumerate(results)]
    outcome = paid(tmp_path_factory.mktemp("ranked"), text, sheets(people))
    parts = [lines(outcome, f"{at:03}")["ranked"] for at in range(len(results))]
    winners = sum(result > 0 for result in results)
    # One winner has the first place, two or more have both.
    due = [Decimal(0), whole[0], whole[0] + whole[1]][min(winners, 2)]
    assert sum(parts) == due
    for result in results:
        same = [part for part, own in zip(parts, results, strict=True) if own == result]
        assert max(same) - min(same) <= Decimal(step)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_spreadsheet_counts_the_same_places(engine: type[IronCalc | LibreOffice], tmp_path: Path) -> None:
    """Two schemes in one ranking, departments called 007 and 7, results that tie, results that are computed."""
    chance = random.Random(3)
    people: list[Person] = [
        (chance.choice(["007", "7", "D*"]), "PQ"[at % 2], chance.choice([100, 100.1, 0.1 + 0.2, 0.3, 0]), at % 4)
        for at in range(40)
    ]
    text = scheme(
        best("share"),
        "ranked: {id: few, title: Few, on: complaints, among: all, at: [{place: 1, amount: 999.99}], ties: share}",
        "ranked: {id: gained, title: Gained, on: gain, among: all, at: [{place: 1, amount: 100}], ties: both}",
    )
    outcome = paid(tmp_path, text, sheets(people))
    assert not differences(outcome.files[0], engine)
    least = sum((lines(outcome, f"{at:03}")["few"] for at in range(40)), Decimal(0))
    assert least == Decimal("999.99")


def test_places_are_values_where_somebody_is_held(tmp_path: Path) -> None:
    """Who waits for another figure is ranked all the same, and stands on no calculation sheet."""
    people: list[Person] = [("D", "P", 300, 1), ("D", "P", 200, 1), ("D", "P", 400, None)]
    text = scheme(best("both"), "penalty: {on: complaints, per_unit: 1, of: [ranked]}", missing="hold")
    outcome = paid(tmp_path, text, sheets(people))
    assert outcome.payroll
    assert outcome.payroll.held == (2,)
    assert not differences(outcome.files[0])
    assert [lines(outcome, f"{at:03}")["ranked"] for at in range(2)] == [5000, 0]


def test_the_next_step_of_a_place_is_worth_two_runs(tmp_path: Path) -> None:
    """One more sale overtakes a colleague, who loses what one gains, or shares with him."""
    for ties in ("share", "both"):
        people: list[Person] = [("D", "PQ"[at % 2], sales, at) for at, sales in enumerate([9, 10, 10, 8, 0])]
        payroll = paid(tmp_path / ties, scheme(best(ties, first=300, second=100)), sheets(people)).payroll
        assert payroll
        found = next_steps(payroll)
        assert assert_as_two_runs(payroll, (step for steps in found.values() for step in steps)) == 5


FACTS = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals: {from: deals, payee: Manager, date: Date, columns: {amount: {heading: Amount, type: number}}}
kpis:
  sales: {title: Sales, unit: RUB, from: deals, sum: amount}
schemes:
  one:
    title: One
    pay:
      - ranked: {on: sales, among: all, at: [{place: 1, amount: 10000}, {place: 2, amount: 5000}], ties: earlier}
"""


def deals(*rows: tuple[str, str, int]) -> dict[str, list[list[object]]]:
    return {
        "Employees": [["Personnel number", "Name", "Department", "Position"]]
        + [[number, f"N{number}", "D", "P"] for number in ("001", "002", "003")],
        "deals": [["Manager", "Date", "Amount"], *map(list, rows)],
    }


def test_the_day_of_the_last_row_decides_a_tie(tmp_path: Path) -> None:
    """By hand: both have 300; 002 has it on the 20th, 001 on the 25th. 003 sold nothing and has nothing."""
    rows = [("001", "2026-10-01", 200), ("001", "2026-10-25", 100), ("002", "2026-10-20", 300)]
    outcome = paid(tmp_path, FACTS, deals(*rows))
    assert [lines(outcome, number)["ranked"] for number in ("001", "002", "003")] == [5000, 10000, 0]
    assert not differences(outcome.files[0])


def test_rows_of_one_day_decide_nothing(tmp_path: Path) -> None:
    outcome = pay(tmp_path, FACTS, deals(("001", "2026-10-05", 100), ("002", "2026-10-05", 100)))
    assert "ranked_tie" in {item.code for item in outcome.issues}
    assert not outcome.files


def test_what_a_place_tells_is_told(tmp_path: Path) -> None:
    """Of two, each learns whether the other has more; of three nobody is sure who."""
    for count, expected in ((2, ["ranking_reveals"]), (3, [])):
        people: list[Person] = [("D", "P", sales, 0) for sales in range(1, count + 1)]
        payroll = paid(tmp_path / str(count), scheme(best("both")), sheets(people)).payroll
        assert payroll
        assert [item.code for item in reveals(payroll)] == expected


def test_who_is_ranked_is_explained(tmp_path: Path) -> None:
    people: list[Person] = [("D", "P", sales, 0) for sales in (100, 300, 300)]
    payroll = paid(tmp_path, scheme(best("both")), sheets(people)).payroll
    assert payroll
    text = explanation(payroll, 0)
    assert "place: 3 among those who take part: 3" in text
    assert "1. 001 N1: 300" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "3. 000 N0: 100" in text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("lowest", "standings"),
    [
        # 200 first; of the three with 100 the one of day 4, then two of day 5 who share the third place; 50 last.
        (False, {1: (3, 2, 1), 2: (1, 1, 1), 3: (3, 2, 2), 4: (2, 1, 1), 5: (5, 1, 1)}),
        # 50 first, 200 last; the earlier day is the better one here too.
        (True, {1: (3, 2, 1), 2: (5, 1, 1), 3: (3, 2, 2), 4: (2, 1, 1), 5: (1, 1, 1)}),
    ],
)
def test_a_place_asked_for_alone_is_that_among_all(lowest: bool, standings: dict[int, tuple[int, int, int]]) -> None:
    place = Place("scheme.yaml", "", "1")
    ranking = Ranking("best", "Лучший", "sales", "actual.sales", "everybody", "earlier", lowest, 1, (), place)
    typed = {1: (100, 5), 2: (200, 3), 3: (100, 5), 4: (100, 4), 5: (50, 1)}
    results = {payee: (Decimal(value), Decimal(day)) for payee, (value, day) in typed.items()}
    assert places_of(ranking, results) == standings
    assert {payee: standing_of(ranking, results, payee) for payee in results} == standings
