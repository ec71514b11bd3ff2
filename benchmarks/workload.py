"""The job that is measured: N payees x 5 KPIs, the same figures on every machine.

The figures are not kind: personnel numbers have leading zeros, sums carry the noise of binary floats, and many results
stand exactly on a tie of the rounding or on a bound of the scheme. The Actuals sheet lists people in another order than
the Employees sheet, so whoever joins the sheets by row number gets wrong totals.
"""

import random
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

PERIOD = "2026-10"
PAYEES_PER_DEPARTMENT = 100
_DAYS = 22
_SURNAMES = ("Иванова", "Петрова", "Смирнова", "Кузнецова", "Попова", "Соколова", "Лебедева", "Козлова", "Новикова")
_NAMES = ("Анна", "Мария", "Елена", "Ольга", "Наталья", "Ирина", "Татьяна", "Светлана", "Юлия", "Екатерина", "Дарья")
_PATRONYMICS = ("Сергеевна", "Андреевна", "Игоревна", "Олеговна", "Павловна", "Юрьевна", "Ивановна")
_POSITIONS = ("Менеджер по продажам", "Старший менеджер")
IDENTITY = ("Табельный номер", "ФИО")
KPIS = ("Продажи, руб", "Маржа, руб", "Звонки", "Оценка качества", "Срок ответа, мин")
EMPLOYEES = (*IDENTITY, "Подразделение", "Должность", "Оклад", "Отработано дней", "Норма дней")

SCHEME = """\
kpicalc: 1
title: Отдел продаж
language: ru
currency: RUB

rules:
  money:      {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
  missing: error
  zero_plan: error
  zero_actual: error

kpis:
  sales:   {title: Продажи, unit: руб}
  margin:  {title: Маржа, unit: руб}
  calls:   {title: Звонки, unit: шт}
  quality: {title: Оценка качества}
  reply:   {title: Срок ответа, unit: мин, better: lower}

schemes:
  sales_manager:
    title: Менеджер по продажам
    for: {position: [Менеджер по продажам, Старший менеджер]}
    pay:
      - base_salary: {amount: salary, prorate: days}
      - kpi_bonus:
          target: 40000
          weights: {sales: 30%, margin: 25%, calls: 20%, quality: 15%, reply: 10%}
          index: {round: 0.0001, ties: half_up}
          payout:
            bands:
              - {from: 0%, pays: 0%}
              - {from: 70%, pays: 50%}
              - {from: 90%, pays: index}
              - {from: 120%, pays: 130%}
      - commission: {on: sales, threshold: 150000, pays_on: excess, rate: 2.5%}
      - cap: {of: [kpi_bonus, commission], at: 60000}
"""


def write_job(folder: Path, payees: int) -> None:
    """Write `plan-2026-10.xlsx` and `scheme.yaml` for so many payees."""
    import xlsxwriter

    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    source = random.Random(20261001)  # not a secret: the same figures every time
    people = [person(number, source) for number in range(1, payees + 1)]
    plans = [_plan(source) for _ in people]
    actuals = [_actual(plan, source) for plan in plans]
    order = list(range(payees))
    source.shuffle(order)
    workbook = xlsxwriter.Workbook(folder / f"plan-{PERIOD}.xlsx", {"constant_memory": True})
    write_sheet(workbook, "Сотрудники", EMPLOYEES, people)
    write_sheet(workbook, "План", (*IDENTITY, *KPIS), ((*people[at][:2], *plans[at]) for at in range(payees)))
    write_sheet(workbook, "Факт", (*IDENTITY, *KPIS), ((*people[at][:2], *actuals[at]) for at in order))
    workbook.close()


def person(number: int, source: random.Random) -> tuple[str | float, ...]:
    name = f"{source.choice(_SURNAMES)} {source.choice(_NAMES)} {source.choice(_PATRONYMICS)}"
    department = f"Отдел {(number - 1) // PAYEES_PER_DEPARTMENT + 1}"
    salary = 40000 + 500 * source.randrange(160)
    worked = _DAYS if source.random() < 0.7 else source.randrange(10, _DAYS)
    return f"{number:06}", name, department, source.choice(_POSITIONS), salary, worked, _DAYS


def _plan(source: random.Random) -> tuple[float, ...]:
    return (
        20000.0 * source.randrange(5, 60),
        4000.0 * source.randrange(5, 60),
        float(source.choice((80, 100, 120, 150, 160, 200))),
        source.choice((4.0, 4.5, 4.8)),
        float(source.choice((15, 20, 30, 45, 60))),
    )


def _actual(plan: Sequence[float], source: random.Random) -> tuple[float, ...]:
    sales, margin, calls, quality, reply = plan
    return (
        _money(sales, source),
        _money(margin, source),
        float(round(calls * source.uniform(0.4, 1.5))),
        # A mean of marks as a spreadsheet adds it up: 0.1 + 0.2 is 0.30000000000000004.
        quality * source.choice((1.0, 0.7, 0.9)) if source.random() < 0.2 else sum([0.1] * source.randrange(30, 55)),
        float(max(1, round(reply * source.uniform(0.7, 2.0)))),
    )


def _money(plan: float, source: random.Random) -> float:
    draw = source.random()
    if draw < 0.15:  # exactly on a bound of the scheme
        return plan * source.choice((0.7, 0.9, 1.0, 1.2))
    if draw < 0.35:  # the attainment lies exactly between two of its steps: 0.87645
        return plan * (source.randrange(5000, 14000) * 10 + 5) / 100000
    if draw < 0.4:  # exactly the commission's threshold
        return 150000.0
    return round(plan * source.uniform(0.4, 1.5), 2)


def write_sheet(workbook: Any, name: str, headings: Sequence[str], rows: Iterable[Sequence[str | float]]) -> None:
    sheet = workbook.add_worksheet(name)
    for row, values in enumerate(chain([headings], rows)):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value)


if __name__ == "__main__":
    write_job(Path(sys.argv[1]), int(sys.argv[2]))
