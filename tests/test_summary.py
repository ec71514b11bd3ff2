"""The summary in terminals of any width: nothing is cut, rows add up, and no column hides most of the pay unsaid."""

import re
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from recalculation import write_month
from rich.console import Console

from kpicalc.app import check
from kpicalc.model.issue import Place, issue
from kpicalc.screen import summary_plan
from kpicalc.screen.summary_plan import Room, amounts_of, plan_of
from kpicalc.screen.table import figures, table_of, texts
from kpicalc.screen.terminal import print_issues, print_summary

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/scheme.yaml"))
AMOUNT = re.compile(r"−?\d[\d ]*,\d\d|—")


@cache
def payroll_of(sample: str):
    outcome = check(ROOT / "samples" / sample / "2026-10.xlsx", ROOT / "samples" / sample / "scheme.yaml")
    assert outcome.payroll is not None
    return outcome.payroll


def summary(sample: str, width: int) -> list[str]:
    return printed(payroll_of(sample), width)


def printed(payroll, width: int) -> list[str]:
    text = StringIO()
    print_summary(payroll, Console(file=text, width=width, highlight=False))
    return [line.rstrip().replace("\N{NO-BREAK SPACE}", " ") for line in text.getvalue().splitlines()]


def amounts(line: str) -> list[Decimal]:
    return [
        Decimal(0) if text == "—" else Decimal(text.replace(" ", "").replace("−", "-").replace(",", "."))
        # Columns stand two spaces apart; a group of thousands one.
        for text in (found.strip() for part in re.split(r" {2,}", line) for found in AMOUNT.findall(part))
    ]


def row_of_all(lines: list[str]) -> list[Decimal]:
    return amounts(next(line for line in lines if line.startswith("Всего")))


@pytest.mark.parametrize("width", [60, 80, 100, 132, 240])
@pytest.mark.parametrize("sample", SAMPLES)
def test_nothing_is_cut_and_the_total_is_there(sample, width):
    lines = summary(sample, width)
    assert max(map(len, lines)) <= width
    assert "…" not in "".join(lines)
    assert payroll_of(sample).total() in row_of_all(lines)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_rows_add_up_in_a_narrow_terminal(width):
    *shown, total = row_of_all(summary("department", width))
    assert sum(shown) == total == Decimal("1012873.48")


# The components of samples/department: Оклад 525 454,55, Комиссия с маржи 242 400,00, Премия за активность 71 900,00.
def test_a_narrow_terminal_shows_the_largest_components():
    assert Decimal("525454.55") in row_of_all(summary("department", 60))
    assert {Decimal("525454.55"), Decimal("242400.00")} <= set(row_of_all(summary("department", 80)))


# What is kept back of samples/quarter stays 2 700,00, 3 300,00 and 1 800,00.
@pytest.mark.parametrize(("width", "shown"), [(60, False), (80, False), (120, True)])
def test_a_balance_without_room_is_told_below(width, shown):
    lines = summary("quarter", width)
    assert (Decimal("7800.00") in row_of_all(lines)) == shown
    told = "Не поместилось в таблицу: Отложено и не выплачено на конец месяца 7 800,00." in " ".join(lines)
    assert told != shown


def test_points_of_two_roles_without_room_are_both_told(tmp_path):
    """Either role's points have the same title; 7 calls of one person, 5 of the other, a point each."""
    scheme = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
kpis: {calls: {title: Звонки, unit: шт}}
schemes:
  care: {for: {position: Забота}, pay: [base_salary: {amount: 20000}, points: {id: care_points, on: {calls: 1}}]}
  sales: {for: {position: Продажи}, pay: [base_salary: {amount: 20000}, points: {id: sales_points, on: {calls: 1}}]}
"""
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    heads = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
    people = [["1", "Ким Ли", "Юг", "Забота"], ["2", "Ан Ли", "Юг", "Продажи"]]
    fact = [["Табельный номер", "Звонки"], ["1", 7], ["2", 5]]
    month = write_month(tmp_path / "2026-10.xlsx", {"Сотрудники": [heads, *people], "Факт": fact})
    payroll = check(month, tmp_path / "scheme.yaml").payroll
    told = " ".join(printed(payroll, 40))
    assert "Начислено баллов 7; Начислено баллов 5; " in told


@pytest.mark.parametrize(("departments", "left_out"), [(50, 0), (51, 2), (60, 11)])
def test_of_many_departments_the_largest_have_rows_and_the_others_a_sum(tmp_path, departments, left_out):
    """Department n pays n thousand; of 51 the two smallest are 1 + 2 thousand, of 60 the eleven are 1 + … + 11 = 66."""
    scheme = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
schemes: {care: {for: {position: Забота}, pay: [base_salary: {amount: salary}]}}
"""
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    heads = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад"]
    # The smallest stands last on the sheet: the order of the others stays.
    people = [[str(n), f"Ким Анна{n}", f"Отдел {n}", "Забота", n * 1000] for n in (*range(2, departments + 1), 1)]
    month = write_month(tmp_path / "2026-10.xlsx", {"Сотрудники": [heads, *people]})
    lines = printed(check(month, tmp_path / "scheme.yaml").payroll, 80)
    shown = [int(found[1]) for line in lines if (found := re.match(r"Отдел (\d+) ", line))]
    assert shown == [n for n in (*range(2, departments + 1), 1) if n > left_out]
    others = [line for line in lines if line.startswith("Остальные")]
    assert len(others) == bool(left_out)
    for line in others:
        # One person each.
        assert line.split()[1:3] == [f"({left_out})", f"{left_out}"]
        assert amounts(line)[-1] == {2: Decimal(3000), 11: Decimal(66000)}[left_out]


def test_half_of_the_pay_is_not_hidden_unsaid():
    said = " ".join(summary("department", 60))
    assert "В колонке «Прочее» половина сумм или больше, прежде всего: Комиссия с маржи 242 400,00;" in said
    assert "половина" not in " ".join(summary("department", 80))


def test_a_wide_terminal_is_used():
    wide = summary("department", 240)
    assert "Прочее" not in " ".join(wide)
    assert any(line.startswith("Лебедев Игорь Павлович ") for line in wide)
    # All components of the sample that pay anything, and the total.
    assert len(row_of_all(wide)) == len([line for line, _ in payroll_of("department").lines if line]) - idle() + 1


def idle() -> int:
    """Return how many components pay nobody anything: a column of zeros tells nothing."""
    payroll = payroll_of("department")
    return sum(
        all(
            not pay.columns[line.figure][at]
            for pay in payroll.schemes
            for line in pay.statement.lines
            if (line.id, line.title) == (wanted.id, wanted.title)
            for at in range(len(pay.payees))
        )
        for wanted, _ in payroll.lines
    )


def test_every_column_is_added_up_once(monkeypatch):
    """A plan for twenty components took a sum of every line for every width: of 5 000 payees that was 2.4 s."""
    columns = {
        (f"c{number}", f"Component {number}"): amounts_of([Decimal(number * payee) for payee in range(50)], "en")
        for number in range(1, 21)
    }
    sums = []

    def counted(*values):
        sums.append(1)
        return amounts_of(*values)

    monkeypatch.setattr(summary_plan, "amounts_of", counted)
    plan = plan_of(columns, ["Ann Smith"], Room(70, "Payee", "Other", "en"))
    # For each of four widths of names: the sum of all, and what is left without each of the lines.
    assert len(sums) <= 4 * (1 + len(columns))
    # The largest components, the last ones, are those that are shown.
    assert plan.shown
    assert set(plan.shown) == {(f"c{n}", f"Component {n}") for n in range(21 - len(plan.shown), 21)}
    assert plan.other is not None
    assert plan.other.total + sum(columns[line].total for line in plan.shown) == sum(
        column.total for column in columns.values()
    )


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_message_goes_on_below_its_own_words(width):
    place = Place("scheme.yaml", line=15)
    remarks = [issue("counted_twice", place, scheme="Продавец", title="Продажи", found=["Оклад"] * 9)]
    text, piped = StringIO(), StringIO()
    print_issues(remarks, "ru", Console(file=text, width=width, force_terminal=True, color_system=None))
    print_issues(remarks, "ru", Console(file=piped, width=width))
    first, *lines = text.getvalue().splitlines()
    assert first.startswith("К СВЕДЕНИЮ scheme.yaml:15")
    assert len(lines) > 2
    assert max(map(len, lines)) <= width
    at = next(at for at, line in enumerate(lines) if line.startswith("  → "))
    assert all(re.match(r"  \S", line) for line in lines[:at])
    assert all(re.match(r"    \S", line) for line in lines[at + 1 :])
    # Another program gets every message and every remedy as one line, in the same words.
    assert len(piped.getvalue().splitlines()) == 3
    assert text.getvalue().split() == piped.getvalue().split()


def test_a_title_is_shown_as_it_is_written():
    """Marks that the library knows for pictures and for type are a title's own words."""
    table = table_of(texts("Бонус :star: [b]x[/b]"), figures("Сумма"))
    text = StringIO()
    Console(file=text, width=60).print(table)
    assert text.getvalue().splitlines()[0].rstrip() == "Бонус :star: [b]x[/b]  Сумма"
