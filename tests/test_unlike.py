"""Actuals that nothing is planned for: far from those of colleagues, far from last month's payroll."""

from datetime import date
from pathlib import Path

import pytest
from issues.setting import laid_out, run

SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}, missing: zero}
kpis: {sales: {title: Продажи, unit: UNIT}}
schemes:
  manager: {for: {position: [Менеджер, Стажёр]}, pay: [{commission: {on: sales, rate: 1%}}]}
"""


def told(folder: Path, code: str, case: dict[str, object]) -> list[tuple[object, str]]:
    """Return how many figures a remark is about, and the cell of the first."""
    with laid_out(case, folder) as setting:
        outcome = run(setting)
    assert outcome.files, outcome.issues
    return [(item.fact("count"), item.place.cell) for item in outcome.issues if item.code == code]


def sheets(figures: list[float | None], positions: list[str] | None = None) -> dict[str, list[list[object]]]:
    places = positions or ["Менеджер"] * len(figures)
    numbers = [f"{number:05}" for number in range(42, 42 + len(figures))]
    people = [[number, f"Имя {number}", "Юг", place] for number, place in zip(numbers, places, strict=True)]
    return {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"], *people],
        "Факт": [["Табельный номер", "Продажи"], *([*row] for row in zip(numbers, figures, strict=True))],
    }


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # Fifty times the higher of 100 and 200 is 10 000, a fiftieth of the lower is 2.
        ([100, 200, 10000], [("1", "B4")]),
        ([100, 200, 9999], []),
        ([2, 100, 200], [("1", "B2")]),
        ([3, 100, 200], []),
        # Zero is a result, a blank none: two are left, of whom either could be the usual one.
        ([0, 200, 20000], []),
        ([None, 200, 20000], []),
        ([-100, 200, 20000], []),
    ],
)
def test_far_from_the_others(tmp_path: Path, figures: list[float | None], expected: list[tuple[str, str]]) -> None:
    case = {"scheme": SCHEME.replace("UNIT", "руб"), "sheets": sheets(figures)}
    assert [(str(count), cell) for count, cell in told(tmp_path, "unlike_others", case)] == expected


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # A newcomer's single deal beside sixty is a result: 1 x 500 is above 60. So are 9 beside 4 499.
        ([60, 70, 1], 0),
        ([4499, 4500, 9], 0),
        # 9 x 500 = 4 500, ten is no few, a part is no count, a thousand above is no little.
        ([4500, 4600, 9], 1),
        ([500, 600, 10], 1),
        ([60, 70, 1.1], 1),
        ([1, 2, 3000], 1),
    ],
)
def test_a_few_of_what_is_counted(tmp_path: Path, figures: list[float | None], expected: int) -> None:
    case = {"scheme": SCHEME.replace("UNIT", "шт"), "sheets": sheets(figures)}
    assert len(told(tmp_path, "unlike_others", case)) == expected


@pytest.mark.parametrize(
    ("column", "day", "figure", "expected"),
    [
        # Whoever came on the 28th or left on the 2nd may have done a hundredth, but no hundredfold.
        ("Дата приёма", "2026-10-28", 3000, 0),
        ("Дата увольнения", "2026-10-02", 3000, 0),
        ("Дата приёма", "2026-10-28", 40000000, 1),
        ("Дата приёма", "2024-02-01", 3000, 1),
    ],
)
def test_a_part_of_a_month_is_no_slip(tmp_path: Path, column: str, day: str, figure: float, expected: int) -> None:
    case = sheets([400000, 350000, figure])
    first, *others, last = case["Сотрудники"]
    case["Сотрудники"] = [
        [*first, column],
        *([*row, None] for row in others),
        [*last, {"date": date.fromisoformat(day)}],
    ]
    before = sheets([390000, 360000, 380000])
    setting = {"scheme": SCHEME.replace("UNIT", "руб"), "sheets": case, "earlier": {"2026-09": {"sheets": before}}}
    assert [str(count) for count, _ in told(tmp_path, "unlike_others", setting)] == ["1"] * expected
    (tmp_path / "again").mkdir()
    with laid_out(setting, tmp_path / "again") as again:
        assert sum(item.code == "unlike_last_month" for item in run(again).issues) == expected


PLAN = {"План": [["Табельный номер", "Продажи"], ["00044", 20000]]}


@pytest.mark.parametrize(
    ("unit", "more", "positions"),
    [
        # Two trainees and a manager; a plan; a range that is stated; per cents.
        ("руб", {}, ["Стажёр", "Стажёр", "Менеджер"]),
        ("руб", PLAN, None),
        ("руб, range: [0, 30000]", {}, None),
        ("'%', typed: points", {}, None),
    ],
)
def test_what_is_not_compared_with_others(
    tmp_path: Path, unit: str, more: dict[str, list[list[object]]], positions: list[str] | None
) -> None:
    figures: list[float | None] = [1, 2, 200]
    case = {"scheme": SCHEME.replace("UNIT", unit), "sheets": sheets(figures, positions) | more}
    assert told(tmp_path, "unlike_others", case) == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        # 70 000 / 50 = 1 400 and 70 000 x 50 = 3 500 000.
        (70000, 1400, 1),
        (70000, 1401, 0),
        (70000, 3500000, 1),
        (70000, 3499999, 0),
        (0, 70000, 0),
        (70000, 0, 0),
    ],
)
def test_far_from_last_month(tmp_path: Path, before: float, now: float, expected: int) -> None:
    earlier = {"2026-09": {"sheets": sheets([100, before])}}
    case = {"scheme": SCHEME.replace("UNIT", "руб"), "sheets": sheets([120, now]), "earlier": earlier}
    assert [count for count, _ in told(tmp_path, "unlike_last_month", case)] == [str(expected)] * expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        # Forty low wages are 1 000 000. A fifth of 1 200 000 is 240 000: a head who is paid so is paid so.
        (240000, []),
        (239999, ["unlikely_totals"]),
        # A hundredfold and a tenfold slip.
        (12000, ["unlikely_totals"]),
        (120000, ["unlikely_totals"]),
        # The month before is unknown: the head was not there, or there is no payroll.
        (None, ["unlikely_totals"]),
    ],
)
def test_a_head_who_is_always_paid_much(tmp_path: Path, before: float | None, expected: list[str]) -> None:
    """1 % of sales."""
    people = sheets([120000000])
    earlier = {"2026-09": {"sheets": sheets([before * 100] if before else [100, 100])}}
    if before is None:
        # The month before paid others: 00042 and 00043, and now it is 00044.
        people = {name: [rows[0], ["00044", *rows[1][1:]]] for name, rows in people.items()}
    case = {"scheme": SCHEME.replace("UNIT", "руб"), "sheets": people, "earlier": earlier}
    with laid_out(case, tmp_path) as setting:
        outcome = run(setting)
    assert outcome.files, outcome.issues
    assert [item.code for item in outcome.issues if item.code == "unlikely_totals"] == expected
