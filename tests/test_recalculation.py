"""Written payrolls, recalculated by two spreadsheet engines, and their totals, computed here in exact fractions.

The departments below are made to hurt: ties, goals hit exactly, 0.1 + 0.2 in cells, weights of thirds, a million of
millions, returns below zero, plans of zero, names that look like formulas.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from oracle import rounded, statement
from recalculation import (
    ENGINES,
    IN_LIBREOFFICE,
    IronCalc,
    LibreOffice,
    Sheets,
    corrupt,
    differences,
    libreoffice_or_skip,
    lines,
    paid,
    pay,
    totals,
)

from kpicalc.app import Outcome, run
from kpicalc.engine.components import all_components
from kpicalc.engine.statement import Statement
from kpicalc.lang import severity

SAMPLES = Path(__file__).parents[1] / "samples"
HEAD = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
EMPLOYEE = ["salary", "fte", "days_worked", "days_norm", "hours_worked", "hours_norm"]
EMPLOYEE_HEAD = ["Оклад", "Ставка", "Отработано дней", "Норма дней", "Отработано часов", "Норма часов"]
TAXED = ["income_before", "tax_before", "tax_deductions", "writ_share"]
TAXED_HEAD = ["Доход с начала года", "НДФЛ с начала года", "Вычеты по НДФЛ", "Исполнительный лист, доля"]
BALANCES = {
    "points_balance": "Остаток баллов",
    "points_spent": "Потрачено баллов",
    "draw_balance": "Долг по авансу",
    "holdback_balance": "Отложено и не выплачено",
}
HISTORY = {"sales": "Продажи", "margin": "Маржа", "paid": "Выплачено"}
TITLES = {"sales": "Продажи", "margin": "Маржа", "calls": "Звонки", "offers": "=Предложения", "defects": "Брак"}
TEAMS = {"dep_sales": ("Продажи отдела", "sales"), "dep_defects": ("Брак отдела", "defects")}
LEVELS = ("minimum", "norm", "maximum")

SCHEME = """
kpicalc: 1
title: "Завод \\"Рога и копыта\\", <2026> & Ко"
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
  missing: error
lint: {silence: {far_above_plan: these results are made up and may be any, per_cent_sign: likewise}}
kpis:
  sales: {title: Продажи, unit: руб}
  margin: {title: Маржа, unit: руб}
  calls: {title: Звонки, unit: шт, missing: hold}
  offers: {title: =Предложения, unit: шт}
  defects: {title: Брак, unit: шт, better: lower}
  conversion: {title: Конверсия, unit: "%", formula: "if(calls = 0, 0, offers / calls)"}
  paid: {title: Выплачено, unit: руб}
  dep_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}
  dep_defects: {title: Брак отдела, unit: шт, better: lower, team: sum, of: defects}
schemes:
  seller:
    title: "Продавец: [O'Neil] / 'VIP' *?"
    for: {position: Продавец}
    pay:
      - base_salary: {amount: salary, prorate: days, fte: multiply}
      - action_pay: {reward: {calls: 4000.5, offers: 6000}, pays: each, goals: {calls: 100, offers: 60}}
      - commission: {on: sales, threshold: 15000, pays_on: excess, rate: 1/3}
      - team_multiplier:
          of: [commission]
          on: dep_sales
          levels: [{reach: minimum, pays: 1.1}, {reach: norm, pays: 1.2}, {reach: maximum, pays: 1.5}]
      - penalty: {on: defects, per_unit: 500, of: [commission], limit: 30%}
      - cap: {of: [commission], at: 20000}
      - steps:
          on: sales
          pays: sum
          at: [{from: 15000, amount: 1000.05}, {above: 50000, amount: {share: 1/7, of: salary}}]
      - steps:
          id: margin_step
          title: Ступень маржи
          on: margin
          pays: highest
          at: [{from: 500, amount: 77}, {above: 500, amount: 99.99}]
      - formula: {title: Надбавка, pays: "max(0, margin - 50000) * 10% + if(conversion >= 60%, 100, 0)"}
      - adjustments
  expert:
    title: Продавец O'Neil
    for: {position: Эксперт}
    rules: {money: {round: 0.01, ties: half_even}, zero_plan: full, zero_actual: full}
    pay:
      - kpi_bonus:
          target: 30000
          weights: {sales: 1/3, margin: 1/3, defects: 1/3}
          index: {round_parts: 0.001, round: 0.01, ties: down}
          payout:
            bands:
              - {from: 0%, pays: 0}
              - {from: 70%, pays: 0.6}
              - {from: 80%, pays: index}
              - {from: 110%, pays: 1.3}
      - kpi_bonus:
          id: margin_bonus
          title: Премия за маржу
          kpi: margin
          target: 12345.67
          threshold: 60%
          cap: 150%
          payout: {points: [{at: 60%, pays: 0.1}, {at: 100%, pays: 1}, {at: 140%, pays: 1.75}]}
      - team_bonus: {on: dep_defects, levels: [{reach: minimum, pays: 1000.005}, {reach: maximum, pays: 5000}]}
      - gate:
          of: [kpi_bonus, margin_bonus]
          unless: "attainment(sales) >= 50% and not (defects > 10)"
          pays: 33%
      - matrix:
          target: 9000.99
          rows: {kpi: defects, from: [0%, 1/3, 100%]}
          columns: {kpi: defects, from: [0%, 90%]}
          pays: [[0, 10%], [1/3, 50%], [80%, 1.5]]
      - clawback: {on: defects, rate: 77.77%, limit: 0.01%}
      - guarantee: {at: 27093}
  helper:
    title: Помощник
    for: {position: Помощник}
    rules: {money: {round: 1, ties: up}, zero_plan: zero}
    pay:
      - base_salary: {amount: 100000.01, prorate: hours, fte: ignore, rules: {money: {round: 100, ties: down}}}
      - commission: {on: margin, tiers: marginal, rates: [{from: 0, rate: 5%}, {from: 15000, rate: 7.5%}]}
      - commission:
          id: whole
          title: Бонус по ступеням
          on: margin
          threshold: 500
          pays_on: whole
          tiers: whole
          rates: [{from: 0, rate: 1%}, {from: 50000, rate: 1.5%}]
      - action_pay: {id: tasks, title: Задачи, reward: 15000, pays: proportional, goals: [calls, offers]}
      - penalty: {on: defects, rate: 250%, of: [commission, whole]}
      - piecework: {on: calls, rates: [{from: 0, per_unit: 33.33}, {above: 60, per_unit: 41.5}], tiers: marginal}
      - piecework:
          id: offer
          title: Предложения
          on: offers
          rates: [{from: 0, per_unit: 7}, {above: 60, per_unit: 8.01}]
          tiers: whole
      - kpi_bonus: {kpi: sales, target: 10000, payout: attainment}
  crew:
    title: Бригада
    for: {position: Бригадир}
    pay:
      - override:
          on: dep_sales
          own: exclude
          levels: [{reach: minimum, pays: 1/3}, {reach: maximum, pays: 1%}]
          threshold: 100.05
          pays_on: excess
      - pool: {on: dep_sales, rate: 7%, by: [offers, fte], among: department, residual: running_total}
      - ranked:
          on: sales
          among: department
          at: [{place: 1, amount: 1000.01}, {place: 2, amount: 500}]
          ties: share
      - withholding: {tax: ndfl, deductions: subtract}
      - withholding: {id: writ, title: Лист, share: writ_share, of: after_tax}
  giant:
    title: "Гигант"
    for: {position: Гигант}
    rules: {money: {round: 1, ties: half_up}}
    pay:
      - commission: {on: sales, rate: 1%}
      - action_pay: {reward: 1000000000000, pays: all_or_nothing, goals: {offers: 60, calls: 100}}
  agent:
    title: Агент
    for: {position: Агент}
    pay:
      - true_up:
          on: sales
          since: year
          against: rule
          tiers: whole
          rates: [{from: 0, rate: 1%}, {from: 500000.01, rate: 1.5%}]
      - true_up:
          id: catch_up
          title: Доначисление
          on: margin
          since: year
          against: paid
          paid: paid
          tiers: marginal
          rates: [{from: 0, rate: 3.33%}, {from: 100000, rate: 1/7}]
      - draw: {of: [true_up, catch_up], at: 9000.01, recoverable: yes, limit: 1/3}
      - holdback: {of: [true_up, catch_up], share: 1/3, paid: next_quarter}
      - points:
          on: {calls: 1/3, offers: 12.5, defects: -1}
          rounding: {round: 0.1, ties: half_up}
          rewards: {"=Кино": 7, Курс: 99.9}
"""

AMOUNTS = [
    0, 0.1 + 0.2, 100.035, 500, 500.01, 14999.99, 15000, 15000.01, 15000.03, 49999.99, 50000, 50000.05,
    100000, 33333.33, 66666.67, 99999.995, 4.35 * 100, 1.1 * 1.1, 80000.03, 75000.015, 150000, 20000.2,
]  # fmt: skip
COUNTS = [0, 30, 59, 60, 61, 99, 100, 101, 70, 85, 7, 3]
DEFECTS = [0, 1, 2, 3, 5, 10, 11, 0.3, 7.5]
PLANS = [15000, 50000, 100000, 0.3, 33333.33, 75000, 3, 142857.15]
NAMES = ["=1+1", 'Иванов "Ваня" О\'Нил', "@SUM(A1)", "-Петров", "+7 999", "<b>&amp;", "TRUE", "1e5", "Ёлкин", "#Н/Дов"]


@dataclass
class Month:
    """A month as a clerk would type it, and what the tests know of it."""

    people: list[dict[str, object]] = field(default_factory=list)
    levels: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    adjustments: list[tuple[str, float, str]] = field(default_factory=list)
    history: list[tuple[str, str, dict[str, float]]] = field(default_factory=list)

    def sheets(self) -> Sheets:
        plan = [key for key in TITLES if any(f"plan.{key}" in person for person in self.people)]
        return {
            "Сотрудники": [
                [*HEAD, *EMPLOYEE_HEAD, *BALANCES.values(), *TAXED_HEAD],
                *(
                    [person[key] for key in ("id", "name", "department", "position")]
                    + [person[f"employee.{key}"] for key in EMPLOYEE]
                    + [person.get(f"employee.{key}") for key in (*BALANCES, *TAXED)]
                    for person in self.people
                ),
            ],
            "План": [
                ["Табельный номер", *(TITLES[key] for key in plan)],
                *([person["id"], *(person.get(f"plan.{key}") for key in plan)] for person in self.people),
            ],
            "Факт": [
                ["Табельный номер", *TITLES.values()],
                *([person["id"], *(person[f"actual.{key}"] for key in TITLES)] for person in self.people),
            ],
            "План отдела": [
                ["Подразделение", "Показатель", "Минимум", "Норма", "Максимум"],
                *([department, TEAMS[kpi][0], *levels] for (kpi, department), levels in self.levels.items()),
            ],
            "Корректировки": [["Табельный номер", "Сумма", "Причина"], *self.adjustments],
            "История": [
                ["Табельный номер", "Период", *HISTORY.values()],
                *([number, month, *(figures[key] for key in HISTORY)] for number, month, figures in self.history),
            ],
        }

    def given(self, person: Mapping[str, object]) -> dict[str, Fraction]:
        """Return what the month says of a person, by the keys of a statement's figures."""
        known = {key: cell(value) for key, value in person.items() if "." in key and value is not None}
        for (kpi, department), levels in self.levels.items():
            if department == person["department"]:
                known[f"team.{kpi}:actual"] = self.team(TEAMS[kpi][1], department)
                known |= {f"team.{kpi}:{name}": cell(level) for name, level in zip(LEVELS, levels, strict=True)}
        if person["position"] == "Бригадир":
            known |= self.pool(person) | self.place(person)
        known["adjustments.sum"] = sum(
            (cell(amount) for number, amount, _ in self.adjustments if number == person["id"]), Fraction(0)
        )
        known.setdefault("employee.points_spent", Fraction(0))
        known |= {"employee.month": Fraction(10), "employee.leaves": Fraction(0)}
        for key in HISTORY:
            own = [cell(figures[key]) for number, _, figures in self.history if number == person["id"]]
            known[f"history.{key}:year"] = sum(own, Fraction(0))
        return known

    def pool(self, person: Mapping[str, object]) -> dict[str, Fraction]:
        """Return the coefficients of the crew of a department: of those before a person by number, and of all."""
        crew = [
            (str(one["id"]), coefficient(cell(one["actual.offers"]), cell(one["employee.fte"])))
            for one in self.people
            if (one["department"], one["position"]) == (person["department"], "Бригадир")
        ]
        before = sum((own for number, own in crew if number < str(person["id"])), Fraction(0))
        return {"pool.pool:before": before, "pool.pool:all": sum((own for _, own in crew), Fraction(0))}

    def place(self, person: Mapping[str, object]) -> dict[str, Fraction]:
        """Return a crew member's place by sales in the department, with how many, and which of them by number."""
        crew = [
            (str(one["id"]), cell(one["actual.sales"]))
            for one in self.people
            if (one["department"], one["position"]) == (person["department"], "Бригадир")
        ]
        own, number = cell(person["actual.sales"]), str(person["id"])
        alike = [other for other, sales in crew if sales == own]
        return {
            "ranking.ranked:place": Fraction(1 + sum(sales > own for _, sales in crew)),
            "ranking.ranked:tied": Fraction(len(alike)),
            "ranking.ranked:order": Fraction(1 + sum(other < number for other in alike)),
        }

    def team(self, kpi: str, department: str) -> Fraction:
        """Return a department's result: of everybody in it, the held ones too."""
        members = [person for person in self.people if person["department"] == department]
        return sum((cell(person[f"actual.{kpi}"]) for person in members), Fraction(0))


def cell(value: object) -> Fraction:
    """Return what a spreadsheet shows for a number: 15 digits."""
    return Fraction(f"{value:.15g}")


def coefficient(offers: Fraction, fte: Fraction) -> Fraction:
    """Return what somebody shares a pool by; it is settled to nine places."""
    return rounded(offers * fte, Fraction(1, 10**9), "half_up")


def crew(chance: random.Random) -> list[dict[str, object]]:
    """Return the people of a brigade: what they share, and the tax of their year across the law's bounds."""
    found: list[dict[str, object]] = []
    for number, income in enumerate([0, 2_399_000.5, 2_400_000, 4_999_999.99, 19_990_000, 50_000_000, 313_131.31]):
        found.append(
            {"id": f"8{number}", "name": f"Бригадир {number}", "department": "Бригада №1", "position": "Бригадир"}
            | {f"employee.{key}": 1 for key in EMPLOYEE}
            | {f"actual.{key}": 0 for key in TITLES}
            | {
                "employee.fte": chance.choice([1, 0.5, 1 / 3]),
                "actual.offers": chance.choice([1, 30, 59, 0.7]),
                "actual.sales": chance.choice([100.035, 33333.33, 80000.03, 150000]),
                "employee.income_before": income,
                "employee.tax_before": float(tax_of(cell(income))),
                "employee.tax_deductions": chance.choice([0, 1400, 2800.5]),
                "employee.writ_share": chance.choice([0, 0.25, 1 / 3, 0.5]),
            }
        )
    return found


def tax_of(base: Fraction) -> Fraction:
    """Return the tax of a year as article 224 writes it: a constant and a rate of what lies above a bound."""
    for bound, constant, rate in (
        (50_000_000, 9_402_000, 22), (20_000_000, 3_402_000, 20), (5_000_000, 702_000, 18), (2_400_000, 312_000, 15),
        (0, 0, 13),
    ):  # fmt: skip
        if base > bound:
            return rounded(constant + (base - bound) * rate / 100, Fraction(1), "half_up")
    return Fraction(0)


def month(seed: int) -> Month:
    """Return a month of some forty people in five departments; every seed hits other combinations."""
    chance = random.Random(seed)
    found = Month()
    departments = ["Север 'А'", 'Юг "Б"', "00017", "Отдел №3 & Ко", "-Восток"]
    for number in range(40):
        position = ["Продавец", "Эксперт", "Помощник"][number % 3]
        returns = position == "Продавец" and chance.random() < 0.2
        norm = chance.choice([21, 22, 23])
        person: dict[str, object] = {
            "id": f"{number:05}" if number % 4 else f"Т-{number}",
            "name": NAMES[number % len(NAMES)] + (" " * (number // len(NAMES)) + str(number)),
            "department": departments[chance.randrange(5)],
            "position": position,
            "employee.salary": chance.choice([50000, 33333.33, 100000.01, 0]),
            "employee.fte": chance.choice([1, 0.5, 0.75, 1 / 3]),
            "employee.days_norm": norm,
            "employee.days_worked": chance.choice([norm, norm - 1, 0, 7, norm - 0.5]),
            "employee.hours_norm": norm * 8,
            "employee.hours_worked": chance.choice([norm * 8, 100, 0, 99.9]),
            "actual.sales": -chance.choice(AMOUNTS) if returns else chance.choice(AMOUNTS),
            "actual.margin": chance.choice(AMOUNTS),
            "actual.calls": chance.choice(COUNTS),
            "actual.offers": chance.choice(COUNTS),
            "actual.defects": chance.choice(DEFECTS),
        }
        if position != "Продавец":
            zeros = [0] if position in ("Эксперт", "Помощник") else []
            person |= {f"plan.{key}": chance.choice([*PLANS, *zeros]) for key in ("sales", "margin")}
            person |= {f"plan.{key}": chance.choice([60, 100, 3, *zeros]) for key in ("calls", "offers")}
            person["plan.defects"] = chance.choice([*DEFECTS[1:], *zeros])
        found.people.append(person)
    for number, sales in enumerate([99_999_999_999_950, 100_000_000_000_050, 49, 50, 1_000_000_000_000]):
        base = {key: value for key, value in found.people[0].items() if not key.startswith("plan.")}
        found.people.append(
            base | {"id": f"9{number}", "position": "Гигант", "department": "Гиганты", "actual.sales": sales}
        )
    found.people += crew(chance)
    # One person whose calls are not known is held, and their sales still count for the department.
    for number in (3, 5):
        found.people[number]["actual.calls"] = None
        found.people[number]["position"] = "Продавец"
    for name in (*departments, "Бригада №1"):
        whole, defects = found.team("sales", name), found.team("defects", name)
        # The department stands exactly on one of its levels, every time on another.
        sales = chance.choice([("0.5", 1, 2), (1, 2, 3), ("0.25", "0.5", 1)])
        limits = chance.choice([(2, 1, "0.5"), (1, "0.5", "0.25"), (4, 2, 1)])
        found.levels["dep_sales", name] = [float(whole * Fraction(part)) for part in sales] if whole > 0 else [1, 2, 3]
        found.levels["dep_defects", name] = [float(defects * Fraction(part)) for part in limits]
    for person in found.people[::3]:
        if person["position"] == "Продавец":
            for amount in (-100.005, 0.1 + 0.2, 5000)[: chance.randint(1, 3)]:
                found.adjustments.append((str(person["id"]), amount, "=Штраф; по приказу №5"))
    agents(found, random.Random(f"agents {seed}"))
    return found


def agents(found: Month, chance: random.Random) -> None:
    """Add people who carry points, debts and the months before this one."""
    for number in range(12):
        person = {key: value for key, value in found.people[0].items() if not key.startswith("plan.")}
        person |= {"id": f"А-{number:02}", "position": "Агент", "department": "Агенты"}
        person |= {f"actual.{key}": chance.choice(AMOUNTS) for key in ("sales", "margin")}
        person |= {f"actual.{key}": chance.choice(COUNTS) for key in ("calls", "offers")}
        person |= {
            "employee.points_balance": chance.choice([0, 99.9, 1000, -7, 33.3]),
            "employee.points_spent": chance.choice([None, 0, 33.3, 7]),
            "employee.draw_balance": chance.choice([0, 1000.01, 77777, 0.05]),
            "employee.holdback_balance": chance.choice([0, 1000.01, 333.33]),
        }
        found.people.append(person)
        for month_number in range(1, 10):
            figures = {key: chance.choice(AMOUNTS) for key in ("sales", "margin")}
            figures["paid"] = chance.choice([0, 1000.01, 4321.98, 777])
            found.history.append((f"А-{number:02}", f"2026-{month_number:02}", figures))


SEEDS = (1, 2, 3)


# -- the totals, from the text of the schemes -----------------------------------------------------------------------

ONE_KOPECK = Fraction(1, 100)


def half_up(value: Fraction) -> Fraction:
    return rounded(value, ONE_KOPECK, "half_up")


def attained(actual: Fraction, plan: Fraction) -> Fraction:
    return rounded(actual / plan, Fraction(1, 10000), "half_up")


def seller(of: Mapping[str, Fraction]) -> Fraction:
    base = half_up(of["employee.salary"] * of["employee.fte"] * of["employee.days_worked"] / of["employee.days_norm"])
    actions = half_up(
        (Fraction(8001, 2) if of["actual.calls"] >= 100 else 0) + (6000 if of["actual.offers"] >= 60 else Fraction(0))
    )
    sales = of["actual.sales"]
    commission = half_up((sales - 15000) / 3) if sales > 15000 else Fraction(0)
    multiplier = Fraction(1)
    for level, pays in (("minimum", "1.1"), ("norm", "1.2"), ("maximum", "1.5")):
        if of["team.dep_sales:actual"] >= of[f"team.dep_sales:{level}"]:
            multiplier = Fraction(pays)
    team = half_up(commission * (multiplier - 1))
    penalty = half_up(max(min(of["actual.defects"] * 500, (commission + team) * 30 / 100), Fraction(0)))
    cap = half_up(max(commission + team - penalty - 20000, Fraction(0)))
    steps = Fraction("1000.05") if sales >= 15000 else Fraction(0)
    steps = half_up(steps + (of["employee.salary"] / 7 if sales > 50000 else 0))
    margin_step = Fraction("99.99") if of["actual.margin"] > 500 else Fraction(77 if of["actual.margin"] == 500 else 0)
    bonus = max(of["actual.margin"] - 50000, Fraction(0)) / 10
    if of["actual.calls"] and of["actual.offers"] / of["actual.calls"] >= Fraction(6, 10):
        bonus += 100
    return (
        base
        + actions
        + commission
        + team
        - penalty
        - cap
        + steps
        + margin_step
        + half_up(bonus)
        + half_up(of["adjustments.sum"])
    )


THIRD = rounded(Fraction(1, 3), Fraction(1, 10**9), "half_up")
"""Figures are compared to nine places: an attainment of a third is a third."""


def expert(of: Mapping[str, Fraction]) -> Fraction:
    def money(value: Fraction) -> Fraction:
        return rounded(value, ONE_KOPECK, "half_even")

    def reached(kpi: str) -> Fraction:
        actual, plan = of[f"actual.{kpi}"], of[f"plan.{kpi}"]
        if kpi == "defects":
            # Less is better: a plan of zero is missed by any defect, 0 / actual = 0.
            return attained(plan, actual) if actual else Fraction(1)
        if plan == 0:
            return Fraction(1)
        return attained(actual, plan)

    parts = [rounded(reached(kpi) / 3, Fraction(1, 1000), "down") for kpi in ("sales", "margin", "defects")]
    index = rounded(sum(parts, Fraction(0)), ONE_KOPECK, "down")
    share = index
    if index < Fraction(7, 10):
        share = Fraction(0)
    elif index < Fraction(8, 10):
        share = Fraction(6, 10)
    elif index >= Fraction(11, 10):
        share = Fraction(13, 10)
    bonus = money(30000 * share)
    margin = reached("margin")
    counted = min(max(min(margin, Fraction(3, 2)), Fraction(6, 10)), Fraction(14, 10))
    if counted <= 1:
        curve = Fraction(1, 10) + Fraction(9, 10) * (counted - Fraction(6, 10)) / Fraction(4, 10)
    else:
        curve = 1 + Fraction(75, 100) * (counted - 1) / Fraction(4, 10)
    second = money(Fraction("12345.67") * curve) if margin >= Fraction(6, 10) else Fraction(0)
    team = Fraction(0)
    if of["team.dep_defects:actual"] <= of["team.dep_defects:minimum"]:
        team = money(Fraction("1000.005"))
    if of["team.dep_defects:actual"] <= of["team.dep_defects:maximum"]:
        team = Fraction(5000)
    passed = reached("sales") >= Fraction(1, 2) and of["actual.defects"] <= 10
    gate = Fraction(0) if passed else money((bonus + second) * 67 / 100)
    quality = reached("defects")
    row = 2 if quality >= 1 else 1 if rounded(quality, Fraction(1, 10**9), "half_up") >= THIRD else 0
    column = 1 if quality >= Fraction(9, 10) else 0
    shares = [[Fraction(0), Fraction(1, 10)], [Fraction(1, 3), Fraction(1, 2)], [Fraction(8, 10), Fraction(3, 2)]]
    earned = bonus + second + team - gate + money(Fraction("9000.99") * shares[row][column])
    earned -= money(min(of["actual.defects"] * Fraction("0.7777"), max(earned, Fraction(0)) / 10000))
    return earned + money(max(27093 - earned, Fraction(0)))


def helper(of: Mapping[str, Fraction]) -> Fraction:
    def money(value: Fraction) -> Fraction:
        return rounded(value, Fraction(1), "up")

    hours = of["employee.hours_worked"] / of["employee.hours_norm"]
    base = rounded(Fraction("100000.01") * hours, Fraction(100), "down")
    margin = of["actual.margin"]
    tiers = money(min(margin, Fraction(15000)) * 5 / 100 + max(margin - 15000, Fraction(0)) * 75 / 1000)
    whole = Fraction(0)
    if margin > 500:
        whole = money(margin * (Fraction(15, 1000) if margin >= 50000 else Fraction(1, 100)))
    shares = [
        min(attained(of[f"actual.{kpi}"], of[f"plan.{kpi}"]), Fraction(1)) if of[f"plan.{kpi}"] else Fraction(0)
        for kpi in ("calls", "offers")
    ]
    tasks = money(15000 * sum(shares, Fraction(0)) / 2)
    penalty = money(min(of["actual.defects"] * 5 / 2, tiers + whole))
    plan = of["plan.sales"]
    bonus = money(10000 * max(attained(of["actual.sales"], plan), Fraction(0))) if plan else Fraction(0)
    calls, offers = of["actual.calls"], of["actual.offers"]
    pieces = money(min(calls, Fraction(60)) * Fraction("33.33") + max(calls - 60, Fraction(0)) * Fraction("41.5"))
    pieces += money(offers * (Fraction("8.01") if offers > 60 else 7))
    return base + tiers + whole + tasks - penalty + pieces + bonus


def brigade(of: Mapping[str, Fraction]) -> Fraction:
    team = of["team.dep_sales:actual"]
    others, rate = team - of["actual.sales"], Fraction(0)
    for level, pays in (("minimum", Fraction(1, 3)), ("maximum", Fraction(1, 100))):
        if team >= of[f"team.dep_sales:{level}"]:
            rate = pays
    limit = Fraction("100.05")
    override = half_up((others - limit) * rate) if others > limit else Fraction(0)
    fund, before, whole = half_up(team * 7 / 100), of["pool.pool:before"], of["pool.pool:all"]
    own = coefficient(of["actual.offers"], of["employee.fte"])
    accrued = override + half_up(fund * (before + own) / whole) - half_up(fund * before / whole)
    place, tied, order = (of[f"ranking.ranked:{part}"] for part in ("place", "tied", "order"))
    taken = [Fraction("1000.01"), Fraction(500)][int(place) - 1 : int(place + tied) - 1]
    if of["actual.sales"] > 0:
        accrued += half_up(sum(taken) * order / tied) - half_up(sum(taken) * (order - 1) / tied)
    base = max(of["employee.income_before"] + accrued - of["employee.tax_deductions"], Fraction(0))
    tax = max(tax_of(base) - of["employee.tax_before"], Fraction(0))
    left = accrued - tax
    return left - half_up(left * of["employee.writ_share"])


def giant(of: Mapping[str, Fraction]) -> Fraction:
    done = of["actual.offers"] >= 60 and of["actual.calls"] >= 100
    return rounded(of["actual.sales"] / 100, Fraction(1), "half_up") + (10**12 if done else 0)


def agent(of: Mapping[str, Fraction]) -> Fraction:
    def of_year(total: Fraction) -> Fraction:
        return half_up(total * (Fraction(15, 1000) if total >= Fraction("500000.01") else Fraction(1, 100)))

    before, margin = of["history.sales:year"], of["history.margin:year"] + of["actual.margin"]
    first = of_year(before + of["actual.sales"]) - of_year(before)
    due = half_up(min(margin, Fraction(100000)) * Fraction("0.0333") + max(margin - 100000, Fraction(0)) / 7)
    variable = first + due - of["history.paid:year"]
    level = Fraction("9000.01")
    if variable < level:
        variable += half_up(level - variable)
    else:
        variable -= half_up(min((variable - level) / 3, of["employee.draw_balance"]))
    # October is the first month of a quarter: what was held back before is paid.
    return variable - half_up(variable / 3) + of["employee.holdback_balance"]


BY_HAND: dict[str, Callable[[Mapping[str, Fraction]], Fraction]] = {
    "Продавец": seller, "Эксперт": expert, "Помощник": helper, "Гигант": giant, "Агент": agent, "Бригадир": brigade,
}  # fmt: skip


@pytest.fixture(scope="module")
def departments(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Month, Outcome]]:
    made = {seed: month(seed) for seed in SEEDS}
    return {
        seed: (one, paid(tmp_path_factory.mktemp(f"month{seed}"), SCHEME, one.sheets())) for seed, one in made.items()
    }


@pytest.fixture(params=SEEDS)
def department(request: pytest.FixtureRequest, departments) -> tuple[Month, Outcome]:
    return departments[request.param]


def test_totals_are_those_of_the_scheme_by_hand(department) -> None:
    made, outcome = department
    found = totals(outcome)
    expected = {
        str(person["id"]): BY_HAND[str(person["position"])](made.given(person))
        for person in made.people
        if person["actual.calls"] is not None
    }
    assert {key: Fraction(value) for key, value in found.items()} == expected
    assert len(outcome.payroll.held) == len(made.people) - len(expected) == 2


def test_every_figure_is_that_of_the_oracle(department) -> None:
    made, outcome = department
    people = outcome.payroll.inputs.payees
    for pay_ in outcome.payroll.schemes:
        for at, index in enumerate(pay_.payees):
            person = made.people[index]
            assert people[index].id == person["id"]
            figures = statement(pay_.statement, of_statement(pay_.statement, made.given(person)))
            for item in pay_.statement.figures:
                found = pay_.columns[item.key][at]
                assert abs(Fraction(found) - figures[item.key]) < Fraction(1, 10**25), (person["id"], item.key)
            for line in (*(line.figure for line in pay_.statement.lines), pay_.statement.total):
                assert Fraction(pay_.columns[line][at]) == figures[line], (person["id"], line)


def of_statement(compiled: Statement, known: Mapping[str, Fraction]) -> dict[str, Fraction]:
    keys = {item.key for item in compiled.given()}
    return {key: known[key] for key in keys}


def test_every_component_is_paid_somewhere(departments) -> None:
    """And every line of it pays different people differently: numbers drawn by chance may miss what they are for."""
    paid_by: dict[tuple[str, str], set[Decimal]] = {}
    used: set[str] = set()
    for _, outcome in departments.values():
        for pay_ in outcome.payroll.schemes:
            used |= {item.name for item in pay_.statement.scheme.pay}
            for line in pay_.statement.lines:
                paid_by.setdefault((pay_.statement.scheme.key, line.id), set()).update(pay_.columns[line.figure])
    # What is paid by rows is recalculated in test_row_pay.py.
    paid_here = set(all_components()) - {"deal_commission"}
    assert used == paid_here, "a component that nobody here is paid by is not recalculated"
    assert not {line: amounts for line, amounts in paid_by.items() if len(amounts) < 2}


def test_a_spreadsheet_agrees(department) -> None:
    _, outcome = department
    assert not differences(outcome.files[0], IronCalc)


@IN_LIBREOFFICE
def test_libreoffice_agrees(departments, tmp_path: Path) -> None:
    paths = [outcome.files[0] for _, outcome in departments.values()]
    LibreOffice.ahead(paths, tmp_path)
    found = {path: differences(path, LibreOffice) for path in paths}
    assert not any(found.values()), found


def test_texts_of_the_payroll_are_those_of_the_month(department) -> None:
    made, outcome = department
    engine = IronCalc(outcome.files[0])
    paid_people = [person for person in made.people if person["actual.calls"] is not None]
    heads = [engine.value("Ведомость", 4, column) for column in range(1, 8)]
    columns = [heads.index(head) + 1 for head in HEAD]
    for row, person in enumerate(paid_people, 5):
        cells = [engine.value("Ведомость", row, column) for column in columns]
        name = " ".join(str(person["name"]).split())
        assert cells == [person["id"], name, person["department"], person["position"]]


# -- samples --------------------------------------------------------------------------------------------------------


def samples() -> list[tuple[Path, Path]]:
    """Return every sample's scheme with the first month beside it, but for schemes that are there to be refused.

    The months after a first one take balances from the payroll before: a replay pays them.
    """
    schemes = [path for path in sorted(SAMPLES.glob("*/scheme*.yaml")) if "as-printed" not in path.name]
    return [(scheme, book) for scheme in schemes for book in sorted(scheme.parent.glob("*.xlsx"))[:1]]


@pytest.fixture(scope="module")
def sample_payrolls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("samples")
    found = {}
    for number, (scheme, book) in enumerate(samples()):
        outcome = run(book, scheme, out=folder / f"{number}.xlsx")
        assert not [item for item in outcome.issues if severity(item) == "error"], (scheme, outcome.issues)
        found[name_of(scheme, book)] = outcome.files[0]
    return found


def name_of(scheme: Path, book: Path) -> str:
    return f"{scheme.parent.name}/{scheme.stem}/{book.stem}"


@pytest.mark.parametrize("name", [name_of(*sample) for sample in samples()])
def test_samples_recalculate(name: str, sample_payrolls: dict[str, Path]) -> None:
    assert not differences(sample_payrolls[name], IronCalc)


@IN_LIBREOFFICE
def test_samples_recalculate_in_libreoffice(sample_payrolls: dict[str, Path], tmp_path: Path) -> None:
    LibreOffice.ahead(list(sample_payrolls.values()), tmp_path)
    found = {name: differences(path, LibreOffice) for name, path in sample_payrolls.items()}
    assert not any(found.values()), found


# -- the check itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "value"),
    [*product([IronCalc], ["1.01", "-7", "1e99"]), pytest.param(LibreOffice, "1.01", marks=IN_LIBREOFFICE)],
)
def test_a_wrong_stored_amount_is_found(engine, value: str, tmp_path: Path) -> None:
    outcome = paid(tmp_path, small("base_salary: {amount: 1}"), people(2))
    path = outcome.files[0]
    with_total = openpyxl.load_workbook(path)["Calculation"]
    target = next(cell.coordinate for row in with_total.iter_rows() for cell in row if cell.data_type == "f")
    corrupt(path, sheet_part(path, "Calculation"), target, value)
    found = differences(path, engine)
    assert [(item.sheet, item.cell, item.stored) for item in found] == [("Calculation", target, float(value))]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wrong_stored_text_is_found(engine, tmp_path: Path) -> None:
    path = paid(tmp_path, small("base_salary: {amount: 1}"), people(2)).files[0]
    corrupt(path, sheet_part(path, "Payroll"), "B6", "01")
    (found,) = differences(path, engine)
    assert (found.cell, found.stored, found.recalculated) == ("B6", "01", "001")


@pytest.mark.parametrize(("ci", "expected"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_ci_never_skips_libreoffice(ci: str, expected: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(expected):
        libreoffice_or_skip()


def sheet_part(path: Path, name: str) -> str:
    return f"xl/worksheets/sheet{openpyxl.load_workbook(path).sheetnames.index(name) + 1}.xml"


# -- single traps ---------------------------------------------------------------------------------------------------

SMALL = """
kpicalc: 1
language: en
rules: {{money: {{round: 0.01, ties: {ties}}}, attainment: {{round: 0.0001, ties: half_up}}, missing: {missing}}}
kpis:
  sales: {{title: Sales, unit: RUB, missing: hold}}
  defects: {{title: Defects, better: lower}}
  deals: {{title: Deals}}
  dep: {{title: Dep, unit: RUB, team: sum, of: sales}}
schemes:
  one:
    title: {title}
    for: {{position: P}}
    pay:
"""


def small(*items: str, ties: str = "half_up", missing: str = "error", title: str = "One", rest: str = "") -> str:
    head = SMALL.format(ties=ties, missing=missing, title=title)
    return head + "".join(f"      - {item}\n" for item in items) + rest


def people(count: int, *departments: str, **figures: list[object]) -> dict[str, list[list[object]]]:
    """Return people with figures: `actual_sales=[...]`, `plan_sales=[...]`, and `norm=[...]` of their departments."""
    names = list(departments) or ["D"]
    ids = [f"{number:03}" for number in range(count)]
    sheets: dict[str, list[list[object]]] = {
        "Employees": [["Personnel number", "Name", "Department", "Position"]]
        + [[number, f"N{number}", names[at % len(names)], "P"] for at, number in enumerate(ids)]
    }
    for sheet, start in (("Actuals", "actual_"), ("Plan", "plan_")):
        columns = {key.removeprefix(start): values for key, values in figures.items() if key.startswith(start)}
        sheets[sheet] = [["Personnel number", *(key.title() for key in columns)]]
        sheets[sheet] += [[number, *(values[at] for values in columns.values())] for at, number in enumerate(ids)]
    norms = figures.get("norm", [])
    sheets["Team plan"] = [["Department", "KPI", "Norm"]] + [
        [name, "Dep", norm] for name, norm in zip(names, norms, strict=False)
    ]
    return sheets


def test_a_third_of_a_tie_is_a_tie(tmp_path: Path) -> None:
    """100.035 / 3 = 33.345: a rate of 1/3 is a third, not 28 threes."""
    outcome = paid(tmp_path, small("commission: {on: sales, rate: 1/3}"), people(1, actual_sales=[100.035]))
    assert totals(outcome) == {"000": Decimal("33.35")}


def test_three_thirds_are_whole(tmp_path: Path) -> None:
    scheme = small(
        "kpi_bonus: {target: 30000, weights: {sales: 1/3, deals: 1/3, defects: 1/3}, payout: index}", ties="down"
    )
    ones = {f"{part}_{kpi}": [1] for part in ("actual", "plan") for kpi in ("sales", "deals", "defects")}
    assert totals(paid(tmp_path, scheme, people(1, **ones))) == {"000": Decimal(30000)}


def test_three_thirds_reach_the_band_of_the_whole(tmp_path: Path) -> None:
    """The index is not rounded, and 1/3 + 1/3 + 1/3 still stands in the band from 100 %."""
    bands = "{bands: [{from: 0%, pays: 0}, {from: 100%, pays: 1}]}"
    item = f"kpi_bonus: {{target: 30000, weights: {{sales: 1/3, deals: 1/3, defects: 1/3}}, payout: {bands}}}"
    ones = {f"{part}_{kpi}": [1] for part in ("actual", "plan") for kpi in ("sales", "deals", "defects")}
    outcome = paid(tmp_path, small(item), people(1, **ones))
    assert totals(outcome) == {"000": Decimal(30000)}
    assert not differences(outcome.files[0])


@pytest.mark.parametrize(
    ("step", "expected"), [("10", "12350"), ("100", "12300"), ("1000", "12000"), ("0.1", "12345.7")]
)
def test_rounding_to_tens_and_hundreds(step: str, expected: str, tmp_path: Path) -> None:
    item = f"base_salary: {{amount: 12345.67, rules: {{money: {{round: {step}, ties: half_up}}}}}}"
    outcome = paid(tmp_path, small(item), people(1))
    assert totals(outcome) == {"000": Decimal(expected)}
    assert not differences(outcome.files[0])


TEAM_BONUS = "team_bonus: {on: dep, levels: [{reach: norm, pays: 5000}]}"
COMMISSION = "commission: {on: sales, rate: 10%}"


LOOK_ALIKES = [("01", "1"), ("1", "1.0"), ("1e3", "1000"), ("=1", "1"), ("1-2", "02.01")]


@pytest.mark.parametrize(
    ("names", "engine"),
    [*((names, IronCalc) for names in LOOK_ALIKES), pytest.param(LOOK_ALIKES[0], LibreOffice, marks=IN_LIBREOFFICE)],
)
def test_departments_that_look_like_numbers_stay_apart(names: tuple[str, str], engine, tmp_path: Path) -> None:
    """SUMIFS takes the texts 01 and 1 for one number, and pays one department for the other's sales."""
    outcome = pay(tmp_path, small(COMMISSION, TEAM_BONUS), people(2, *names, actual_sales=[100, 50], norm=[100, 100]))
    assert totals(outcome) == {"000": Decimal(5010), "001": Decimal(5)}
    assert not differences(outcome.files[0], engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_people_without_a_department(engine, tmp_path: Path) -> None:
    """Their sales are nobody's department's; a blank criterion of SUMIFS would make them 0."""
    rest = f"  two:\n    for: {{position: Q}}\n    pay:\n      - {COMMISSION}\n"
    sheets = people(3, actual_sales=[100, 50, 7], norm=[100])
    sheets["Employees"][3][2:] = [None, "Q"]
    outcome = paid(tmp_path, small(COMMISSION, TEAM_BONUS, rest=rest), sheets)
    assert totals(outcome) == {"000": Decimal(5010), "001": Decimal(5005), "002": Decimal("0.7")}
    assert not differences(outcome.files[0], engine)


def test_a_department_of_many_reaches_its_norm(tmp_path: Path) -> None:
    """A thousand times 0.1 is 99.9999999999986 in a spreadsheet's floats, and the norm is 100."""
    sheets = people(1000, actual_sales=[0.1] * 1000, norm=[100])
    outcome = paid(tmp_path, small(TEAM_BONUS), sheets)
    assert set(totals(outcome).values()) == {Decimal(5000)}
    assert not differences(outcome.files[0], IronCalc)


@pytest.mark.parametrize("missing", ["error", "hold", "zero"])
def test_nobody_is_paid_by_half_a_department(missing: str, tmp_path: Path) -> None:
    """A colleague's sales are unknown: the department's result is unknown too, and 0 would be a guess."""
    scheme = small(COMMISSION, TEAM_BONUS, missing=missing)
    outcome = pay(tmp_path, scheme, people(2, actual_sales=[1000, None], norm=[100]))
    found = totals(outcome) if outcome.files else {}
    assert found.get("000") in (None, Decimal(5100)), f"paid as if the department had sold nothing: {found}"


def test_a_month_in_which_everybody_is_held(tmp_path: Path) -> None:
    outcome = pay(tmp_path, small(COMMISSION), people(2, actual_sales=[None, None]))
    assert outcome.payroll is not None
    assert outcome.payroll.held == (0, 1)
    assert outcome.payroll.total() == 0


def test_a_plan_of_zero_where_less_is_better(tmp_path: Path) -> None:
    """No defects were planned: any defect attains 0 %, and none at all is for the scheme to say."""
    scheme = small("kpi_bonus: {kpi: defects, target: 100, payout: attainment}")
    outcome = paid(tmp_path / "some", scheme, people(1, actual_defects=[5], plan_defects=[0]))
    assert totals(outcome) == {"000": 0}
    refused = pay(tmp_path / "none", scheme, people(1, actual_defects=[0], plan_defects=[0]))
    assert not refused.files
    assert "zero_actual" in {item.code for item in refused.issues}


def test_variable_pay_is_never_negative(tmp_path: Path) -> None:
    """A penalty on both lines and then a cap on one of them take no more than there is."""
    scheme = small(
        "commission: {on: sales, rate: 100%}",
        "commission: {id: second, title: Second, on: deals, rate: 0%}",
        "penalty: {on: defects, per_unit: 50, of: [commission, second]}",
        "cap: {of: [commission], at: 20}",
    )
    outcome = paid(tmp_path, scheme, people(1, actual_sales=[100], actual_deals=[0], actual_defects=[1]))
    assert totals(outcome)["000"] >= 0, lines(outcome, "000")


def test_a_failing_example_below_all_bands_is_told(tmp_path: Path) -> None:
    rest = "    examples:\n      - {actual: {sales: -5}, pays: {commission: 5}}\n"
    scheme = small("commission: {on: sales, tiers: whole, rates: [{from: 0, rate: 5%}]}", rest=rest)
    outcome = pay(tmp_path, scheme, people(1, actual_sales=[5]))
    assert "below_first_band" in {item.code for item in outcome.issues}


def test_a_components_own_rounding_is_its_own(tmp_path: Path) -> None:
    """A KPI's formula rounds by the company's rule, whichever component asks for it first."""
    kpi = "  ratio: {title: Ratio, formula: attainment(sales)}\nschemes:"
    scheme = small(
        "formula: {pays: ratio * 1000, rules: {attainment: {round: 0.1, ties: half_up}}}",
        "formula: {id: second, title: Second, pays: ratio * 1000}",
    ).replace("schemes:", kpi)
    found = lines(paid(tmp_path, scheme, people(1, actual_sales=[1], plan_sales=[3])), "000")
    assert found["second"] == Decimal("333.30")


def test_numbers_of_a_formula_that_look_alike_stay_apart(tmp_path: Path) -> None:
    """People are shown ten places; a formula keeps what was typed."""
    scheme = small('formula: {pays: "sales * 0.00000000001 + sales * 0.00000000002"}')
    assert totals(paid(tmp_path, scheme, people(1, actual_sales=[10**12]))) == {"000": Decimal(30)}


@pytest.mark.parametrize("length", range(14, 24))
def test_sheet_names_are_legal_wherever_they_are_cut(length: int, tmp_path: Path) -> None:
    rest = "  two:\n    title: Two\n    for: {position: Q}\n    pay:\n      - base_salary: {amount: 1}\n"
    title = '"' + "x" * length + "'' yyyyyyyyyyyyyy" + '"'
    sheets = people(2)
    sheets["Employees"][2][3] = "Q"
    outcome = paid(tmp_path, small("base_salary: {amount: 2}", title=title, rest=rest), sheets)
    assert not differences(outcome.files[0])


LARGE = [1234567.1, 12345678.95, 70000000.025, 98765432.125, 300000000.355, 300000000.35, 1000000000.265,
         9999999999.995, 69999999999.965, 500000000000.25]  # fmt: skip


@pytest.mark.parametrize("ties", ["half_up", "half_even", "down", "up"])
@pytest.mark.parametrize("rate", ["100%", "70%"])
def test_large_amounts_recalculate(ties: str, rate: str, tmp_path: Path) -> None:
    """Amounts in kopecks of up to 15 digits, in every manner of rounding."""
    outcome = paid(
        tmp_path, small(f"commission: {{on: sales, rate: {rate}}}", ties=ties), people(len(LARGE), actual_sales=LARGE)
    )
    expected = [rounded(cell(sales) * Fraction(rate[:-1]) / 100, ONE_KOPECK, ties) for sales in LARGE]
    assert [Fraction(value) for value in totals(outcome).values()] == expected
    assert not differences(outcome.files[0], IronCalc)
