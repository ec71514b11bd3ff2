"""The samples pay what their stories say: whole payrolls, the stories' own numbers, and the committed workbooks.

`expected/*.txt` was computed apart from kpicalc, in exact fractions, from the text of the rules.
"""

import importlib.util
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

from kpicalc.app import Outcome, check, funnel, plan, run
from kpicalc.engine.funnel import needed
from kpicalc.lang import LANGUAGES, message, severity
from kpicalc.screen.data.json import json_text

SAMPLES = Path(__file__).parent.parent / "samples"
PAID = {
    "tabelly": ("scheme", "payroll"),
    "planned-premium": ("scheme", "payroll"),
    "marketer": ("scheme", "payroll"),
    "marketer exact": ("scheme-exact", "payroll-exact"),
    "band-table": ("scheme", "payroll"),
    "department": ("scheme", "payroll"),
    "salary-project": ("scheme", "payroll"),
    "payments": ("scheme", "payroll"),
    "incoming": ("scheme", "payroll"),
    "points": ("scheme", "payroll"),
    "funnel": ("scheme", "payroll"),
    "brigade": ("scheme", "payroll"),
    "deals": ("scheme", "payroll"),
    "workshop": ("scheme", "payroll"),
}
NAMES = tuple(dict.fromkeys(sample.partition(" ")[0] for sample in PAID))


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", SAMPLES / "make_samples.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paid(sample: str, folder: Path) -> Outcome:
    scheme, _ = PAID[sample]
    home = SAMPLES / sample.partition(" ")[0]
    return run(home / "2026-10.xlsx", home / f"{scheme}.yaml", out=folder / "payroll.xlsx")


def payees(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """Return the payees of the JSON output by personnel number."""
    found = json.loads(json_text(outcome.payroll, outcome.issues, [], outcome.language))["payees"]
    return {payee["id"]: payee for payee in found}


def amounts(payee: dict[str, Any]) -> dict[str, str]:
    return {line["title"]: line["amount"] for line in payee["lines"]}


def dump(outcome: Outcome) -> str:
    """Write a payroll as `expected/*.txt` does: a row per person, then the totals in the order of first appearance.

    Points and debts stand behind the total, which they are no part of.
    """
    rows, totals, everything, beside = [], {}, Decimal(0), {}
    for payee in payees(outcome).values():
        parts = [payee["id"], payee["name"]]
        for line in payee["lines"]:
            parts.append(f"{line['title']}: {line['amount']}")
            totals[line["title"]] = totals.get(line["title"], Decimal(0)) + Decimal(line["amount"])
        tallies = payee["points"] + payee["debts"] + payee["owed"]
        for tally in tallies:
            beside[tally["title"]] = beside.get(tally["title"], Decimal(0)) + Decimal(tally["amount"])
        last = [f"{tally['title']}: {tally['amount']}" for tally in tallies]
        rows.append(" | ".join([*parts, f"Итого: {payee['total']}", *last]))
        everything += Decimal(payee["total"])
    last = [f"{title}: {total:.2f}" for title, total in totals.items()]
    last += [f"Итого: {everything:.2f}", *(f"{title}: {total:f}" for title, total in beside.items())]
    rows.append(" | ".join(["Итого", *last]))
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module", params=PAID)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Outcome]:
    return request.param, paid(request.param, tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, dict[str, Any]]]:
    done: dict[str, dict[str, dict[str, Any]]] = {}

    def payees_of(name: str) -> dict[str, dict[str, Any]]:
        if name not in done:
            done[name] = payees(paid(name, tmp_path_factory.mktemp("pay")))
        return done[name]

    return payees_of


# -- every sample ---------------------------------------------------------------------------------------------------


def test_payroll_is_as_expected(sample: tuple[str, Outcome]) -> None:
    name, outcome = sample
    expected = SAMPLES / name.partition(" ")[0] / "expected" / f"{PAID[name][1]}.txt"
    assert dump(outcome) == expected.read_text(encoding="utf-8")


def test_nothing_to_correct(sample: tuple[str, Outcome]) -> None:
    name, outcome = sample
    assert [found for found in outcome.issues if severity(found) != "notice"] == []
    assert not outcome.attention
    home = SAMPLES / name.partition(" ")[0]
    checked = check(home / "2026-10.xlsx", home / f"{PAID[name][0]}.yaml")
    assert checked.errors == 0
    assert checked.examples >= 3


def test_written_workbook_adds_up(sample: tuple[str, Outcome]) -> None:
    _, outcome = sample
    assert outcome.payroll
    path = outcome.files[0]
    sheets = openpyxl.load_workbook(path, data_only=True)
    heads, *rows = sheets["Для 1С"].iter_rows(values_only=True)
    total = Decimal(str(outcome.payroll.accrued()))
    # Behind the total stand what is withheld and bank details, where there are any.
    column = heads.index("Начислено" if outcome.payroll.withheld else "Итого")
    assert sum(Decimal(str(row[column])) for row in rows) == total
    # Every row adds up too: number, name, department, position and period stand before the lines.
    for row in rows:
        assert sum(Decimal(str(value)) for value in row[5:column]) == Decimal(str(row[column]))
    assert [row[0] for row in rows] == list(payees(outcome))


@pytest.mark.parametrize("name", NAMES)
def test_readme_names_the_total(name: str, pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    total = sum(Decimal(payee["total"]) for payee in pay(name).values())
    shown = f"{total:,.2f}".replace(",", " ").replace(".", ",").removesuffix(",00")
    assert shown in (SAMPLES / name / "README.md").read_text(encoding="utf-8")


# -- the committed workbooks ----------------------------------------------------------------------------------------


def contents(path: Path) -> dict[str, Any]:
    """Return everything of a workbook that a reader may see."""
    book = openpyxl.load_workbook(path)
    stored = openpyxl.load_workbook(path, data_only=True)
    found: dict[str, Any] = {}
    for sheet in book:
        cells = {
            cell.coordinate: (
                cell.value,
                stored[sheet.title][cell.coordinate].value,
                cell.number_format,
                cell.comment.text if cell.comment else None,
            )
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        hidden = sorted(letter for letter, column in sheet.column_dimensions.items() if column.hidden)
        found[sheet.title] = (sheet.sheet_state, hidden, sorted(map(str, sheet.merged_cells.ranges)), cells)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_committed_workbook_is_what_the_script_writes(name: str, tmp_path: Path) -> None:
    fresh = tmp_path / "2026-10.xlsx"
    generator().SAMPLES[name](fresh)
    assert contents(SAMPLES / name / "2026-10.xlsx") == contents(fresh)


def test_script_writes_the_same_bytes_twice(tmp_path: Path) -> None:
    first, second = (generator().write_all(tmp_path / folder) for folder in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


# -- the stories' own numbers ---------------------------------------------------------------------------------------


def test_salary_actions_and_bonus(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("tabelly")
    # Tabelly's article: 15 000 + 15 000 + (100 000 - 15 000) x 20 % = 47 000.
    assert amounts(people["00042"]) == {"Оклад": "15000.00", "За действия": "15000.00", "Бонус с продаж": "17000.00"}
    assert people["00042"]["total"] == "47000.00"
    # The set is not whole: 59 offers of 60.
    assert amounts(people["00043"])["За действия"] == "0.00"
    # Sales at the critical value pay no bonus.
    assert amounts(people["00044"])["Бонус с продаж"] == "0.00"
    # By hand: 15 000 x 13 / 22 = 8 863.636...
    assert amounts(people["00045"])["Оклад"] == "8863.64"


def test_planned_premium_equals_two_per_cent(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("planned-premium")
    # The article on planned premiums: 10 000 at a plan of 500 000 is 2 % of revenue, at any revenue.
    assert people["0101"]["total"] == "10000.00"
    for premium, commission in (("0101", "0104"), ("0102", "0105"), ("0103", "0106")):
        assert people[premium]["total"] == people[commission]["total"]
    assert [people[number]["total"] for number in ("0102", "0103")] == ["14600.00", "6666.67"]
    # A minimum standard of 60 %: 300 000 is on it, a kopeck less pays nothing.
    assert [people[number]["total"] for number in ("0107", "0108", "0109")] == ["6000.00", "0.00", "11500.00"]
    # Each KPI has a target of its own; by hand, see the sample's README.
    assert list(amounts(people["0112"]).values()) == ["15000.00", "0.00", "4000.00"]


def test_weighted_index(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    # The article on a marketer's KPI: parts cut to 0.550, 0.212, 0.375, index 113.7 %, 560 + 240 + 32.88 = 832.88.
    assert pay("marketer")["0007"]["total"] == "832.88"
    # Exact arithmetic: index 113.75 %, 560 + 273.
    assert pay("marketer exact")["0007"]["total"] == "833.00"
    # The same article: below 70 % of the plan there is no bonus; on 70 % there is, 240 x 70 % = 168.
    for name in ("marketer", "marketer exact"):
        assert amounts(pay(name)["0010"])["Переменная часть"] == "168.00"
        assert amounts(pay(name)["0011"])["Переменная часть"] == "0.00"


def test_band_edges(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    # The article's table with lower bounds included, times 30 000; the index of each person stands in the generator.
    table = (
        ("1.10", 45000), ("1.06", 42000), ("1.02", 39000), ("0.99", 30000), ("0.96", 27000), ("0.90", 24000),
        ("0.80", 21000), ("0.70", 18000), ("0", 0),
    )  # fmt: skip
    people = {payee["name"]: payee["total"] for payee in pay("band-table").values()}
    edges = dict((name, Decimal(index)) for index, name in generator().EDGES)  # noqa: C402 - turned round
    assert people.keys() == edges.keys()
    for name, index in edges.items():
        paid_here = next(amount for bound, amount in table if index >= Decimal(bound))
        assert people[name] == f"{paid_here}.00", name
    assert {Decimal(bound) for bound, _ in table} <= set(edges.values())


def test_table_as_printed_is_refused(tmp_path: Path) -> None:
    # As printed, 80 stands in two bands and 110 in none.
    home = SAMPLES / "band-table"
    outcome = run(home / "2026-10.xlsx", home / "scheme-as-printed.yaml", out=tmp_path / "payroll.xlsx")
    assert outcome.errors == 1
    assert outcome.payroll is None or not outcome.files
    assert list(tmp_path.iterdir()) == []
    (found,) = [item for item in outcome.issues if severity(item) == "error"]
    assert found.code == "bands_as_printed"
    assert found.place.line
    for language in LANGUAGES:
        text = message(found, language)
        assert "80%" in text
        assert "110%" in text


def test_brigade(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("brigade")
    # By hand, see the sample's README: 100 000 among three equals, 156 000 by КТУ x days.
    parts = [amounts(people[number])["Доля бригадного фонда"] for number in ("0206", "0207", "0208")]
    assert parts == ["33333.33", "33333.34", "33333.33"]
    assert amounts(people["0203"])["Доля бригадного фонда"] == "56899.70"
    # 1.5 % of what the others did: 1 000 000 and 700 000.
    assert [amounts(people[number])["Надбавка бригадира"] for number in ("0201", "0205")] == ["15000.00", "10500.00"]
    # Article 224: 312 000 + 15 % of 25 000, less 305 500.
    assert amounts(people["0201"])["НДФЛ"] == "-10250.00"
    assert (people["0204"]["accrued"], people["0204"]["total"]) == ("86942.25", "56730.19")


def test_department(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("department")
    assert len(people) == 12
    # By hand, see the sample's README: tiers, points, the group's norm, overdue days, a complaint, the cap.
    assert amounts(people["00102"]) == {
        "Оклад": "40000.00",
        "Комиссия с маржи": "68400.00",
        "Премия за активность": "25166.67",
        "Маржа ниже половины плана": "0.00",
        "Коэффициент группы": "10260.00",
        "Проценты за просрочку": "-1250.00",
        "Удержание за жалобы": "-1000.00",
        "Потолок переменной части": "-1576.67",
        "Доплата до гарантии": "0.00",
        "Корректировки": "5000.00",
    }
    # The gate takes the whole bonus; the guarantee tops up 43 740 to 45 000.
    assert amounts(people["00105"])["Маржа ниже половины плана"] == "-15833.33"
    assert amounts(people["00105"])["Доплата до гарантии"] == "1260.00"
    # Groups: the norm is passed, the minimum is reached exactly, the minimum is missed by a kopeck.
    bonuses = {number: amounts(people[number])["Премия за план группы"] for number in ("00101", "00201", "00301")}
    assert bonuses == {"00101": "30000.00", "00201": "15000.00", "00301": "0.00"}
    # Nine complaints cost 4 500, but not more than 30 % of 13 404.90; this month's two adjustments: 1 500 - 800.50.
    assert amounts(people["00203"])["Удержание за жалобы"] == "-4021.47"
    assert amounts(people["00203"])["Корректировки"] == "699.50"
    # A text with no-break spaces is the number: 1 000 000 x 7 %.
    assert amounts(people["00302"])["Комиссия с маржи"] == "70000.00"


def test_the_way_from_a_call_to_a_second_purchase(tmp_path: Path) -> None:
    home = SAMPLES / "funnel"
    outcome, (month,) = funnel(home / "2026-10.xlsx", home / "scheme.yaml")
    inputs = outcome.inputs
    assert inputs
    anna = dict(month.people)[0]
    # Tabelly's article: 100 calls, 70 decision makers, 60 offers, 20 payments, 5 second purchases.
    assert anna.actual == (100, 70, 60, 20, 5)
    assert needed(anna.actual, Decimal(40), 3) == (200, 140, 120, 40, 10)
    # By hand, see the sample's README: 450, 280, 192, 66, 14 in all; 90 / 66 of each.
    assert month.total.actual == (450, 280, 192, 66, 14)
    assert needed(month.total.actual, Decimal(90), 3) == (614, 382, 262, 90, 19)
    outcome, made = plan(home / "2026-10.xlsx", home / "scheme.yaml", out=tmp_path)
    assert made
    plans = {(inputs.payees[one.payee].id, one.kpi): one.plan for one in made.figures}
    assert [plans["00042", kpi] for kpi in made.kpis] == [110, 66, 22]
    assert plans["00043", "payments"] == 17
    assert plans["00045", "payments"] is None
    assert [found.code for found in outcome.issues] == ["planning_few_months"]


def test_a_quarter_month_after_month(tmp_path: Path) -> None:
    home, out = SAMPLES / "quarter", tmp_path / "out"
    out.mkdir()
    dumps = {}
    for month in ("2026-07", "2026-08", "2026-09", "2026-10"):
        outcome = run(home / f"{month}.xlsx", home / "scheme.yaml", out=out / f"payroll-{month}.xlsx", history=out)
        assert [found for found in outcome.issues if severity(found) != "notice"] == [], outcome.issues
        dumps[month] = dump(outcome)
        assert dumps[month] == (home / "expected" / f"payroll-{month}.txt").read_text(encoding="utf-8")
        total = dumps[month].splitlines()[-1].partition("Итого: ")[2].split(" | ")[0]
        shown = f"{Decimal(total):,.2f}".replace(",", " ").replace(".", ",").removesuffix(",00")
        assert shown in (home / "README.md").read_text(encoding="utf-8")
        people = payees(outcome)
    # What the three months held back of the advances is paid in October, once.
    assert amounts(people["0301"])["Отложено до срока: выплата прежнего"] == "8100.00"
    # 5 % of 2 700 000.50 is 135 000.025: the advances and the account come to it, rounded once.
    lines = [line for dumped in dumps.values() for line in dumped.splitlines() if line.startswith("0301")]
    parts = dict.fromkeys(("Аванс с продаж", "Расчёт за квартал"), Decimal(0))
    for line in lines[:3]:
        for title, amount in (part.split(": ") for part in line.split(" | ") if ": " in part and part.count(": ") == 1):
            if title in parts:
                parts[title] += Decimal(amount)
    assert sum(parts.values()) == Decimal("135000.03")
    # The attainment of a quarter is known in its last month: (96.43 + 100 + 72.22) / 3, (100 + 60 + 114.29) / 3.
    averages = {month: attainments(out / f"payroll-{month}.xlsx") for month in dumps}
    ended = {"Продажи за квартал": "89.55%", "Новые клиенты за квартал": "91.43%"}
    assert averages == {"2026-07": {}, "2026-08": {}, "2026-09": ended, "2026-10": {}}


def attainments(payroll: Path) -> dict[str, str]:
    """Return the averages that the Summary sheet shows beside the KPIs."""
    rows = [row[:2] for row in openpyxl.load_workbook(payroll, data_only=True)["Итоги"].iter_rows(values_only=True)]
    heads = [at for at, row in enumerate(rows) if row == ("Показатель", "Средний % выполнения")]
    found = [row for at in heads for row in rows[at + 1 :] if isinstance(row[1], float)]
    return {str(title): f"{value:.2%}" for title, value in found}


def test_committed_months_of_the_quarter_are_what_the_script_writes(tmp_path: Path) -> None:
    for month in generator().QUARTER:
        fresh = tmp_path / f"{month}.xlsx"
        generator().quarter(fresh)
        assert contents(SAMPLES / "quarter" / fresh.name) == contents(fresh)


def test_deals_and_their_rates(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("deals")
    # By hand, see the sample's README: 12 500 + 2 400.01 - 2 500, and 1 % of what came in time.
    assert amounts(people["0401"])["Комиссия со сделок"] == "12400.01"
    assert amounts(people["0402"])["За оплату в срок"] == "5133.33"


def test_the_hour_the_shift_and_the_piece(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("workshop")
    # By hand: 320.50 x 151.5; 500 x 40 + 100 x 50; 10 x 200, at most 20 % of 4 800; 999 pieces at the lower price.
    assert amounts(people["0502"])["Почасовая оплата"] == "48555.75"
    assert amounts(people["0501"])["Сдельная оплата"] == "25000.00"
    assert amounts(people["0503"])["За брак"] == "-960.00"
    assert people["0512"]["total"] == "49985.00"


def test_department_mentions_what_it_saw(tmp_path: Path) -> None:
    codes = {found.code for found in paid("department", tmp_path).issues}
    assert {"text_number", "totals_row", "other_months"} <= codes


def test_points(pay: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    people = pay("points")

    def points(number: str) -> list[str]:
        return [tally["amount"] for tally in people[number]["points"]]

    # By hand: 140 + 6 x 50 + 3 x 20 = 500; 420 + 500 - 300 = 620. The salary is all the money.
    assert points("00501") == ["500", "620"]
    assert people["00501"]["lines"] == [{"id": "base_salary", "title": "Оклад", "amount": "60000.00"}]
    assert people["00501"]["total"] == "60000.00"
    # Five complaints take 150 points and no money: 300 - 150 - 150 = 0.
    assert points("00504") == ["-150", "0"]
    assert people["00504"]["total"] == "50000.00"
    # 60 000 x 11 / 22; 70 + 150 + 20 - 30 = 210; 1 440 + 210.
    assert (people["00503"]["total"], points("00503")) == ("30000.00", ["210", "1650"])
