"""A member's blank is no zero in a department's figure: it follows `missing`, and who owes no figure is named once."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_pools import sheets

from kpicalc.app import Outcome, run

SAMPLE = Path(__file__).parents[1] / "samples" / "brigade"
NOSOV = "C7"
"""The works of a fitter of the second brigade: 40 000."""


def brigade(tmp_path: Path, missing: str = "error", cell: str = NOSOV) -> Outcome:
    text = (SAMPLE / "scheme.yaml").read_text(encoding="utf-8")
    (tmp_path / "scheme.yaml").write_text(text.replace("missing: error", f"missing: {missing}"), encoding="utf-8")
    book: Any = openpyxl.load_workbook(SAMPLE / "2026-10.xlsx")
    assert book["Факт"][cell].value is not None
    book["Факт"][cell] = None
    book.save(tmp_path / "2026-10.xlsx")
    return run(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml", out=tmp_path / "out")


@pytest.mark.parametrize("row", range(2, 10))
def test_a_blank_of_any_member_stops_the_run(tmp_path: Path, row: int) -> None:
    outcome = brigade(tmp_path, cell=f"C{row}")
    told = [(item.code, item.place.cell) for item in outcome.issues]
    assert ("blank", f"C{row}") in told
    assert outcome.files == ()


def test_with_hold_the_whole_brigade_waits_and_the_other_one_is_paid(tmp_path: Path) -> None:
    outcome = brigade(tmp_path, "hold")
    assert outcome.payroll is not None
    held = [outcome.payroll.inputs.payees[index].department for index in outcome.payroll.held]
    assert held == ["Бригада 2"] * 4
    # Brigade 1 as it is in samples/brigade: its own works are known.
    assert outcome.payroll.by_department["Бригада 1"][1] == Decimal("347363.64")


def test_stated_as_zero_it_is_zero_and_told(tmp_path: Path) -> None:
    outcome = brigade(tmp_path, "zero")
    assert outcome.payroll is not None
    # The whole sample accrues 637 863.64; without the fitter's works 597 363.64.
    assert outcome.payroll.accrued() == Decimal("597363.64")
    assert [item.code for item in outcome.issues if item.place.cell == NOSOV] == ["blank_is_zero"]


SCHEME = """
kpicalc: 1
language: en
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  points: {title: Points}
  sales: {title: Sales, unit: RUB}
  dep: {title: Dep, unit: RUB, team: sum, of: sales}
schemes:
  one: {for: {position: P}, pay: [{commission: {on: sales, rate: 10%}}]}
  two: {for: {position: Q}, pay: [{PAY}]}
"""
TAKERS = (
    "formula: {pays: team(sales) * 1%}",
    "formula: {pays: dep * 1%}",
    "override: {on: dep, own: include, rate: 1%}",
    "pool: {on: dep, rate: 1%, by: points, among: department, residual: running_total}",
    "kpi_bonus: {kpi: dep, target: 1000, payout: attainment}",
)


@pytest.mark.parametrize("pays", TAKERS)
@pytest.mark.parametrize(("figures", "expected"), [((7000, None), ["blank"]), ((None, None), ["team_without"])])
def test_who_owes_a_figure(tmp_path: Path, pays: str, figures: tuple[object, object], expected: list[str]) -> None:
    """Two of scheme two: where one of them has sales the other owes them; where neither has, that is said once."""
    people = [("1", "D", "P", 1, 20, 500), ("2", "D", "Q", 1, 20, figures[0]), ("3", "D", "Q", 1, 20, figures[1])]
    book = openpyxl.Workbook()
    book.remove(book.active)
    plan = {"Team plan": [["Department", "KPI", "Norm"], ["D", "Dep", 1000]]} if "kpi_bonus" in pays else {}
    for name, rows in (sheets(people) | plan).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "2026-10.xlsx")
    text = SCHEME.replace("PAY", pays)
    text = text.replace("half_up}}", "half_up}, attainment: {round: none}}") if "kpi_bonus" in pays else text
    (tmp_path / "scheme.yaml").write_text(text, encoding="utf-8")
    outcome = run(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml", out=tmp_path / "out")
    told = [item.code for item in outcome.issues]
    assert [code for code in told if code in ("blank", "team_without")] == expected, outcome.issues
    assert bool(outcome.files) == (expected == ["team_without"]), outcome.issues
