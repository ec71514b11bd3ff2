"""Minutes that run backwards: rows whose end lies before their beginning are in time by any limit, and are told of."""

from pathlib import Path

import pytest
from issues.setting import laid_out, run

SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
calendar: RU
facts:
  requests:
    from: SOURCE
    payee: Кто
    date: Поступила
    columns: {asked: {heading: Поступила, type: time}, answered: {heading: Ответ, type: time}}
    OTHERS
kpis:
  fast: {title: Быстрые, unit: шт, from: requests, KPI}
schemes:
  manager:
    for: {position: Менеджер}
    pay: [piecework: {on: fast, rates: [{from: 0, per_unit: 100}], tiers: whole}]
"""
ROWS = [
    ["Кто", "Поступила", "Ответ"],
    ["00042", "05.10.2026 10:00", "05.10.2026 10:20"],
    ["00042", "05.10.2026 12:00", "05.10.2026 11:00"],
    ["00042", "06.10.2026 12:00", "06.10.2026 13:00"],
    ["00042", "06.10.2026 15:00", "05.10.2026 15:00"],
    # Of another month, of nobody here.
    ["00042", "06.09.2026 15:00", "05.09.2026 15:00"],
]
IN_TIME = 'count: rows, where: "minutes(asked, answered) <= 30"'


def told(folder: Path, kpi: str, source: str = "Заявки", others: str = "", **more: list[list[str]]) -> list[str]:
    """Return what is said of minutes below zero: the count and the place."""
    scheme = SCHEME.replace("SOURCE", source).replace("KPI", kpi).replace("OTHERS", others)
    rows = more.get("rows", ROWS)
    text = "\n".join(";".join(row) for row in rows) + "\n"
    case = {"scheme": scheme, "sheets": {"Факт": None, "Заявки": rows}, "files": {"requests.csv": text}}
    if source != "Заявки":
        case["sheets"] = {"Факт": None}
    with laid_out(case, folder) as setting:
        outcome = run(setting)
    assert outcome.files, outcome.issues
    return [f"{one.fact('count')} {one.place}" for one in outcome.issues if one.code == "fact_backwards"]


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        (IN_TIME, ["2 plan_2026-10.xlsx › Заявки!C3"]),
        ('count: rows, where: "minutes(asked, answered, working: \\"09:00-18:00\\") <= 30"',
         ["2 plan_2026-10.xlsx › Заявки!C3"]),
        ('max: "minutes(asked, answered)"', ["2 plan_2026-10.xlsx › Заявки!C3"]),
        ('share: "minutes(asked, answered) <= 30"', ["2 plan_2026-10.xlsx › Заявки!C3"]),
        # Said in the scheme: they do not count.
        ('count: rows, where: "answered >= asked and minutes(asked, answered) <= 30"', []),
        ('share: "minutes(asked, answered) >= 0 and minutes(asked, answered) <= 30"', []),
        # Of those that took longer none runs backwards.
        ('count: rows, where: "minutes(asked, answered) > 30"', []),
        # Days before a date due are honest.
        ('count: rows, where: "days(asked, answered) <= 1"', []),
        ("count: rows", []),
    ],
)  # fmt: skip
def test_rows_that_end_before_they_begin(tmp_path: Path, kpi: str, expected: list[str]) -> None:
    assert told(tmp_path, kpi) == expected


def test_rows_of_a_file(tmp_path: Path) -> None:
    assert told(tmp_path, IN_TIME, source="{file: requests.csv}") == ["2 requests.csv:3"]


def test_rows_of_people_who_are_not_paid_here(tmp_path: Path) -> None:
    rows = [*ROWS[:2], ["00077", "05.10.2026 12:00", "05.10.2026 11:00"]]
    assert told(tmp_path, IN_TIME, others="others: skip", rows=rows) == []
