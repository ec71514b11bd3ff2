"""A small month with bank details, and its files: what the tests of exports are made from."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from issues.setting import write_workbook

from kpicalc.app import Outcome, Wanted, run

HERE = Path(__file__).parent
SCHEME = """\
kpicalc: 1
title: Продажи
rules: {money: {round: 0.01, ties: half_up}, missing: hold}
kpis:
  sales: {title: Продажи, unit: руб}
  team_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: 20000}
      - commission: {on: sales, rate: 10%}
      - cap: {of: [commission], at: 30000}
      - team_bonus: {on: team_sales, levels: [{reach: norm, pays: 1000.5}]}
      - adjustments
"""
HEADINGS = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Лицевой счёт", "ИНН", "СНИЛС", "Номер карты"]
"""The account keys are the Bank of Russia's rule for BIC 049805746; ИНН 500100732259 and СНИЛС 112-233-445 95 are the
published examples, 4111 1111 1111 1111 is a known test card."""
INN = "500100732259"
PEOPLE = [
    [
        "00042",
        "Иванова Анна Петровна",
        "Юг",
        "Менеджер",
        "40817810700000000001",
        INN,
        "112-233-445 95",
        "4111 1111 1111 1111",
    ],
    [
        "00043",
        "Ким Ли",
        "Юг",
        "Менеджер",
        "40817 810 0 0000 0000002",
        INN,
        "00000000101",
        "5555555555554444",
    ],
    ["00044", "Яковлева Дарья Олеговна", "Север", "Менеджер", "40817810300000000003", INN, "", ""],
]
ACTUALS = [["Табельный номер", "Продажи"], ["00042", 400000], ["00043", 123456.78], ["00044", 0]]
TEAM_PLAN = [["Подразделение", "KPI", "Норма"], ["Юг", "team_sales", 100000], ["Север", "team_sales", 100000]]
ADJUSTMENTS = [["Табельный номер", "Сумма", "Причина"], ["00043", -500, "возврат"]]
# 00042: 20 000 + 40 000, capped to 30 000 (-10 000), + 1 000.50 = 51 000.50
# 00043: 20 000 + 12 345.68 + 1 000.50 - 500 = 32 846.18
# 00044: 20 000
TOTAL = "103846.68"


def pay(
    folder: Path,
    *targets: str,
    people: Sequence[Sequence[object]] = PEOPLE,
    headings: Sequence[str] = HEADINGS,
    sheets: Mapping[str, Any] = {},
    organisation: str | None = None,
    scheme: str = SCHEME,
    number: str | None = "1",
) -> Outcome:
    """Pay the month of October 2026 in a folder, with files for these targets, on 5 November."""
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    text = (HERE / "organisation.yaml").read_text(encoding="utf-8") if organisation is None else organisation
    (folder / "organisation.yaml").write_text(text, encoding="utf-8")
    book = {"Сотрудники": [list(headings), *map(list, people)], "Факт": ACTUALS, "План отдела": TEAM_PLAN}
    write_workbook(folder / "2026-10.xlsx", {**book, "Корректировки": ADJUSTMENTS, **sheets})
    wanted = Wanted(targets, None, date(2026, 11, 5), number) if targets else None
    return run(folder / "2026-10.xlsx", folder / "scheme.yaml", out=folder / "out", wanted=wanted)


def organisation(*changes: tuple[str, str]) -> str:
    """Return the organisation file with some of its texts replaced."""
    text = (HERE / "organisation.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text
