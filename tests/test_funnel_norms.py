"""What a funnel's norms require against what the plans give, by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from issues.setting import write_workbook

from kpicalc import app
from kpicalc.model.balance import FunnelNorms

SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  calls: {title: Звонки, unit: шт}
  talks: {title: Разговоры, unit: шт}
  offers: {title: Предложения, unit: шт}
  payments: {title: Оплаты, unit: шт}
funnel: {title: Продажи, stages: [calls, {kpi: talks, norm: 70%}, {kpi: offers, norm: 80%}, {kpi: payments, norm: 25%}]}
targets: {payments: 40}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - action_pay: {reward: {payments: 100}, pays: each, goals: {payments: 1}}
    examples:
      - {actual: {payments: 1}, pays: {total: 100}}
"""
HEADS = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
PLANS: list[list[Any]] = [["00042", 140, 100, 80, 20], ["00043", 100, 70, 50, 14]]


def write(folder: Path, plans: list[list[Any]], scheme: str = SCHEME) -> None:
    kpis = ["Звонки", "Разговоры", "Предложения", "Оплаты"]
    write_workbook(folder / "2026-10.xlsx", {
        "Сотрудники": [HEADS, *([row[0], f"Имя {row[0]}", "Юг", "Менеджер"] for row in plans)],
        "План": [["Табельный номер", *kpis], *plans],
        "Факт": [["Табельный номер", *kpis], *([row[0], 100, 70, 56, 14] for row in plans)],
    })  # fmt: skip
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")


def norms(folder: Path, plans: list[list[Any]], scheme: str = SCHEME, *, workbook: bool = True) -> FunnelNorms:
    write(folder, plans, scheme)
    found = app.balance(folder / "2026-10.xlsx" if workbook else None, folder / "scheme.yaml")
    assert found.balance is not None, found.outcome.issues
    (funnel,) = found.balance.funnels
    return funnel


def test_the_norms_against_the_plans(tmp_path: Path) -> None:
    found = norms(tmp_path, PLANS)
    # 34 payments take 34 / 25 % = 136 offers, / 80 % = 170 talks, / 70 % = 242.86 calls; 40 take 160, 200, 285.71.
    assert [(one.plans, one.needed, one.for_target) for one in found.stages] == [
        (240, 243, 286), (170, 170, 200), (130, 136, 160), (34, 34, 40),
    ]  # fmt: skip
    # 20 payments take 80, 100 and 142.86; 14 take 56, 70 and 100.
    assert [(one.id, one.kpi, one.plan, one.needed) for one in found.short] == [
        ("00042", "calls", 140, 143), ("00043", "offers", 50, 56),
    ]  # fmt: skip
    assert (found.planned, found.aimed) == ("Оплаты", "Оплаты")


def test_the_lowest_stage_that_is_planned_decides(tmp_path: Path) -> None:
    plans = [[*row[:4], None] for row in PLANS]
    found = norms(tmp_path, plans, SCHEME.replace("targets: {payments: 40}\n", ""))
    # 130 offers take 162.5 talks and 232.14 calls; a fourth of them are payments.
    assert [one.needed for one in found.stages] == [233, 163, 130, 32]
    assert (found.planned, found.aimed) == ("Предложения", None)
    # 80 offers of the first take 143 calls still.
    assert [(one.id, one.kpi) for one in found.short] == [("00042", "calls")]


def test_beyond_a_stage_without_a_norm_nothing_is_told(tmp_path: Path) -> None:
    found = norms(tmp_path, PLANS, SCHEME.replace("{kpi: talks, norm: 70%}", "talks"))
    assert [one.needed for one in found.stages] == [None, 170, 136, 34]


def test_without_a_workbook_the_financial_plan_alone(tmp_path: Path) -> None:
    found = norms(tmp_path, PLANS, workbook=False)
    assert next((one.plans, one.needed, one.for_target) for one in found.stages) == (None, None, 286)


def test_a_funnel_without_norms_says_nothing(tmp_path: Path) -> None:
    scheme = SCHEME.replace(", norm: 70%", "").replace(", norm: 80%", "").replace(", norm: 25%", "")
    write(tmp_path, PLANS, scheme)
    found = app.balance(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml")
    assert found.balance
    assert found.balance.funnels == ()


def command(folder: Path, *words: str, width: int = 80) -> str:
    asked = [sys.executable, "-m", "kpicalc", "balance", "2026-10.xlsx", "--scheme", "scheme.yaml", *words]
    done = subprocess.run(asked, cwd=folder, capture_output=True, encoding="utf-8", check=False,
                          env={**os.environ, "COLUMNS": str(width)})  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\N{NO-BREAK SPACE}", " ")


def test_the_command_names_whose_plans_are_too_low_and_who_has_none(tmp_path: Path) -> None:
    write(tmp_path, [*PLANS, ["00044", None, None, None, 10]])
    for width in (60, 80, 120):
        text = command(tmp_path, width=width)
        assert all(len(line) <= width for line in text.splitlines() if "—" not in line)
        plain = " ".join(text.split())
        assert "00042 Имя 00042 — Звонки 140 из 143; 00043 Имя 00043 — Предложения 50 из 56" in plain
        assert "План есть не у всех: Звонки — 2, Разговоры — 2, Предложения — 2, Оплаты — 3." in plain
    found = json.loads(command(tmp_path, "--json"))["funnels"][0]
    # 44 payments take 176 offers; 130 are planned.
    assert found["stages"][2] == {"kpi": "offers", "title": "Предложения", "norm": "0.8", "plans": "130", "people": 2,
                                  "needed": 176, "lacking": "46", "for_target": 160}  # fmt: skip
