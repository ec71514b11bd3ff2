"""What incentives really reward, by hand; and what Russian law asks of a month."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import kpicalc
from issues.setting import write_workbook
from test_samples import contents, generator

from kpicalc import app
from kpicalc.model.balance import Balance, RoleBalance
from kpicalc.model.issue import Issue

DECIDE = Path(__file__).parent.parent / "samples" / "decide"


def balanced(workbook: Path | None, scheme: Path) -> Balance:
    found = app.balance(workbook, scheme)
    assert found.balance is not None, found.outcome.issues
    return found.balance


def moves(role: RoleBalance) -> dict[str, Decimal]:
    return {one.kpi: one.moves for one in role.kpis}


def test_the_sample_by_hand() -> None:
    found = balanced(DECIDE / "2026-10.xlsx", DECIDE / "balance.yaml")
    (role,) = found.roles
    # See the sample's README: sales 200 000 and 300 000 x 20 % x 10 %; each half of the bonus 10 000 x
    # 50 % x 20 %, twice.
    assert moves(role) == {"sales": 10000, "calls": 2000, "quality": 2000}
    assert [one.weight for one in role.kpis] == [None, Decimal("0.5"), Decimal("0.5")]
    shares = [one.share for one in role.kpis]
    assert [round(share, 4) for share in shares if share] == [Decimal("0.7143"), Decimal("0.1429"), Decimal("0.1429")]
    assert {kind: round(share, 4) for kind, share in role.by("kind").items()} == {
        "clients": Decimal("0.7143"), "intensity": Decimal("0.1429"), "attention": Decimal("0.1429"),
    }  # fmt: skip
    (target,) = found.targets
    assert (target.target, target.plans, target.people) == (500000, 450000, 2)


def test_without_a_workbook_the_first_example_is_probed() -> None:
    (role,) = balanced(None, DECIDE / "balance.yaml").roles
    # One person: sales 200 000 x 20 % x 10 %; 10 000 x 50 % x 20 % each.
    assert role.people == 0
    assert moves(role) == {"sales": 4000, "calls": 1000, "quality": 1000}


def test_where_nothing_more_pays_is_named_with_the_line() -> None:
    found = balanced(DECIDE / "2026-07.xlsx", DECIDE / "scheme.yaml")
    (sales,) = found.roles[0].kpis
    # 500 000 x 10 % stands above the cap of 40 000 already; 100 000 does not.
    assert [(one.id, one.why) for one in sales.stuck] == [("00043", "Потолок")]
    # Around 100 000: 9 000 and 11 000 stand below the advance of 15 000, which gives 2 000 less then: 2 000 less is
    # owed; around 500 000 the cap takes all.
    assert (sales.moves, sales.share) == (2000, 1)


def test_the_command() -> None:
    words = ["balance", "2026-10.xlsx", "--scheme", "balance.yaml", "--json"]
    done = subprocess.run([sys.executable, "-m", "kpicalc", *words], cwd=DECIDE,
                          capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [(one["kpi"], one["weight"], one["moves"]) for one in found["roles"][0]["kpis"]] == [
        ("sales", None, "10000.00"), ("calls", "0.5", "2000.00"), ("quality", "0.5", "2000.00"),
    ]  # fmt: skip
    assert found["targets"][0]["plans"] == "450000"


@pytest.mark.parametrize("name", ["2026-07.xlsx", "2026-08.xlsx", "2026-09.xlsx", "2026-10.xlsx"])
def test_the_samples_months_are_what_the_script_writes(name: str, tmp_path: Path) -> None:
    generator().PAST[name](tmp_path / name)
    assert contents(DECIDE / name) == contents(tmp_path / name)


# -- Russian law ------------------------------------------------------------------------------------------------------

LAW = """\
kpicalc: 1
language: ru
calendar: RU
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  sales: {title: Продажи, unit: руб}
  remarks: {title: Выговоры, unit: шт}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: salary, prorate: days, fte: multiply}
      - commission: {on: sales, rate: 10%}
"""
HEADS = [
    "Табельный номер",
    "Сотрудник",
    "Подразделение",
    "Должность",
    "Оклад",
    "Ставка",
    "Отработано дней",
    "Норма дней",
]


def remarks(folder: Path, people: list[list[Any]], sales: Any = 0, further: str = "", period: str = "2026-10",
            text: str = LAW, blames: int = 0) -> list[Issue]:  # fmt: skip
    """Return what a run tells of a month, errors excluded; everybody has the same sales and disciplinary actions."""
    rows = [[f"0000{at}", name, "Юг", "Менеджер", *own] for at, (name, *own) in enumerate(people, 1)]
    write_workbook(folder / f"{period}.xlsx", {
        "Сотрудники": [HEADS, *rows],
        "Факт": [["Табельный номер", "Продажи", "Выговоры"], *[[row[0], sales, blames] for row in rows]],
    })  # fmt: skip
    (folder / "scheme.yaml").write_text(text + further, encoding="utf-8")
    outcome = app.check(folder / f"{period}.xlsx", folder / "scheme.yaml")
    assert not outcome.errors, outcome.issues
    return list(outcome.issues)


def named(found: list[Issue], code: str) -> str:
    return next((item.fact("found") for item in found if item.code == code), "")


def test_a_full_month_below_the_minimum_wage(tmp_path: Path) -> None:
    people = [
        ["Ниже Полная", 27092, 1, 22, 22],
        ["Ровно Полная", 27093, 1, 22, 22],
        ["Половина Ниже", 27092, 0.5, 22, 22],
        ["Половина Ровно", 27093, 0.5, 22, 22],
        ["Часть Месяца", 27092, 1, 21, 22],
    ]
    found = named(remarks(tmp_path, people), "below_minimum_wage")
    # 27 093 in 2026; half a rate 13 546.50; whoever missed a day did not work the norm.
    assert "00001 Ниже Полная" in found
    assert "00003 Половина Ниже" in found
    assert found.count(" — ") == 2
    # A bonus counts: 27 092 + 10 % of 10.
    assert "00001" not in named(remarks(tmp_path, people, sales=10), "below_minimum_wage")


def test_the_minimum_is_that_of_the_year_or_the_region(tmp_path: Path) -> None:
    person = [["Анна Белова", 22440, 1, 22, 22]]
    assert named(remarks(tmp_path, person, period="2025-10"), "below_minimum_wage") == ""
    assert "22 440" not in named(remarks(tmp_path, [["Анна Белова", 22439, 1, 22, 22]], period="2025-10"), "x")
    assert named(remarks(tmp_path, [["Анна Белова", 22439, 1, 22, 22]], period="2025-10"), "below_minimum_wage")
    regional = LAW.replace("calendar: RU\n", "calendar: RU\nminimum_wage: 30000\n")
    assert named(remarks(tmp_path, [["Анна Белова", 29999, 1, 22, 22]], text=regional), "below_minimum_wage")
    assert not named(remarks(tmp_path, [["Анна Белова", 30000, 1, 22, 22]], text=regional), "below_minimum_wage")
    # Of no other country, and silenced with a reason.
    abroad = LAW.replace("calendar: RU\n", "")
    assert not named(remarks(tmp_path, [["Анна Белова", 100, 1, 22, 22]], text=abroad), "below_minimum_wage")
    quiet = "lint: {silence: {below_minimum_wage: доплата до МРОТ по приказу 5}}\n"
    assert not named(remarks(tmp_path, [["Анна Белова", 100, 1, 22, 22]], further=quiet), "below_minimum_wage")


@pytest.mark.parametrize(("kept", "told"), [("60%", False), ("59%", True)])
def test_discipline_takes_at_most_a_fifth(tmp_path: Path, kept: str, told: bool) -> None:
    gate = f"      - gate: {{of: [commission], unless: remarks = 0, pays: {kept}, for: discipline}}\n"
    # 50 000 + 10 % of 500 000: 40 % of the bonus is a fifth of 100 000.
    found = remarks(tmp_path, [["Анна Белова", 50000, 1, 22, 22]], sales=500000, further=gate, blames=1)
    assert bool(named(found, "discipline_over_20")) is told
    # Nobody is blamed, nothing is taken; and what is not for discipline is no matter of this article.
    clean = remarks(tmp_path, [["Анна Белова", 50000, 1, 22, 22]], sales=500000, further=gate)
    assert not named(clean, "discipline_over_20")
    other = gate.replace(", for: discipline", "")
    unmarked = remarks(tmp_path, [["Анна Белова", 50000, 1, 22, 22]], sales=500000, further=other, blames=1)
    assert not named(unmarked, "discipline_over_20")


def two_rows(folder: Path, salary: int, rates: tuple[float, float], sales: int = 0, blames: int = 0) -> list[Issue]:
    """Return what is told of somebody with 11 days of October's 22 at each of two rates; sales are of the second."""
    gate = "      - gate: {of: [commission], unless: remarks = 0, pays: 0%, for: discipline}\n"
    rows = [["00001", "Анна Белова", "Юг", "Менеджер", salary, rate, *days]
            for rate, days in zip(rates, [(None, "15.10.2026"), ("16.10.2026", None)], strict=True)]  # fmt: skip
    write_workbook(folder / "2026-10.xlsx", {
        "Сотрудники": [[*HEADS[:6], "С", "По"], *rows],
        "Факт": [["Табельный номер", "С", "Продажи", "Выговоры"],
                 ["00001", "01.10.2026", 0, 0], ["00001", "16.10.2026", sales, blames]],
    })  # fmt: skip
    (folder / "scheme.yaml").write_text(LAW + gate, encoding="utf-8")
    outcome = app.check(folder / "2026-10.xlsx", folder / "scheme.yaml")
    assert not outcome.errors, outcome.issues
    return list(outcome.issues)


@pytest.mark.parametrize(("salary", "told"), [(27093, ""), (27092, "00001 Анна Белова — 20 319 < 20 319,75")])
def test_a_rate_that_changes_inside_the_month_counts_by_its_days(salary: int, told: str, tmp_path: Path) -> None:
    # 27 093 x (0.5 x 11 / 22 + 1 x 11 / 22) = 20 319.75; of 27 092 it is 20 319.
    assert named(two_rows(tmp_path, salary, (0.5, 1)), "below_minimum_wage").replace("\u00a0", " ") == told


@pytest.mark.parametrize(("sales", "told"), [(100000, ""), (120000, "00001 Анна Белова — 12 000 (21,43 %)")])
def test_discipline_is_held_against_the_wage_of_all_rows(sales: int, told: str, tmp_path: Path) -> None:
    # 10 000 of 44 000 + 10 000 are 18.52 %, though 31.25 % of the second row; 12 000 of 56 000 are 21.43 %.
    found = named(two_rows(tmp_path, 44000, (1, 1), sales, 1), "discipline_over_20")
    assert found.replace("\u00a0", " ") == told


@pytest.mark.parametrize(("reason", "amount", "told"), [
    ("Штраф за опоздание", -500, True), ("Возврат штрафа", 500, False), ("Нехватка в кассе", -500, False),
])  # fmt: skip
def test_no_adjustment_is_a_fine(reason: str, amount: int, told: bool, tmp_path: Path) -> None:
    write_workbook(tmp_path / "2026-10.xlsx", {
        "Сотрудники": [HEADS, ["00001", "Анна Белова", "Юг", "Менеджер", 50000, 1, 22, 22]],
        "Факт": [["Табельный номер", "Продажи"], ["00001", 0]],
        "Корректировки": [["Табельный номер", "Сумма", "Причина"], ["00001", amount, reason]],
    })  # fmt: skip
    (tmp_path / "scheme.yaml").write_text(LAW + "      - adjustments: {}\n", encoding="utf-8")
    outcome = app.check(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml")
    assert not outcome.errors, outcome.issues
    assert [found.place.cell for found in outcome.issues if found.code == "fine_title"] == (["B2"] if told else [])


@pytest.mark.parametrize(("more", "told"), [
    ("", ["counterweight_missing", "no_leading"]),
    ("      - gate: {of: [commission], unless: quality >= 70, pays: 50%}\n", []),
    ("      - penalty: {on: quality, per_unit: 1, of: [commission]}\n", []),
])  # fmt: skip
def test_what_only_takes_away_is_a_counterweight_too(more: str, told: list[str], tmp_path: Path) -> None:
    text = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  sales: {title: Продажи, unit: руб, kind: intensity, level: result}
  pieces: {title: Собрано, unit: шт, kind: intensity, level: result}
  quality: {title: Качество, unit: балл, kind: clients, level: leading}
schemes:
  manager:
    title: Менеджер
    pay:
      - commission: {on: sales, rate: 10%}
      - piecework: {on: pieces, tiers: whole, rates: [{from: 0, per_unit: 300}]}
"""
    (tmp_path / "scheme.yaml").write_text(text + more, encoding="utf-8")
    outcome = app.check(None, tmp_path / "scheme.yaml", remarks=True)
    assert not outcome.errors, outcome.issues
    codes = ("counterweight_missing", "no_leading")
    assert [found.code for found in outcome.issues if found.code in codes] == told


def test_no_line_is_called_a_fine(tmp_path: Path) -> None:
    line = "      - penalty: {title: Штрафы за опоздания, on: remarks, per_unit: 1, of: [commission]}\n"
    assert named(remarks(tmp_path, [["Анна Белова", 50000, 1, 22, 22]], further=line), "fine_title")
    for title in ("Снижение премии", "Надбавка за месяц без штрафов"):
        other = line.replace("Штрафы за опоздания", title)
        assert not named(remarks(tmp_path, [["Анна Белова", 50000, 1, 22, 22]], further=other), "fine_title")


def test_no_word_is_broken_on_a_narrow_terminal() -> None:
    done = kpicalc("balance", DECIDE / "2026-10.xlsx", "--scheme", DECIDE / "balance.yaml", columns=60)
    for word in ("интенсивность,", "опережающий", "клиенты,", "разговоров"):
        assert word in done.stdout.split(), done.stdout
