"""Every pay component against cases typed by hand: `tests/cases/<component>.yaml`.

A file holds `rules` and `kpis` for all its cases, and `cases` by name. A case reads as a small month of one person:

- `pay`: the scheme's components, as a scheme file has them; `rules`: the scheme's own rules; `kpis`: further KPIs;
  `company`: instead of the file's rules, where a rule is left out on purpose;
- `actual`, `plan`, `employee`, `team`, `adjustments`: what the workbook says; `blank` is an empty cell; of a department
  the figure that it comes to is given, a colleague has what the person has not;
- `colleagues`: people of the same scheme by number, with what they have in place of the person's actuals and employee's
  figures; `ranking`: the place that must come out, likewise; `reached`: KPI -> the days of the last rows, of the person
  and the colleagues; `pool`: what the coefficients of those who share a pool must come to, for the person and in the
  example; `employees`: columns that the scheme file declares; `grouped`: their texts, of the person and the colleagues;
  `members`: what lines pay the members, in the example;
- `history`: figures of earlier months, KPI -> month -> figure; `earlier`: their sum in the scheme's own example;
  `period`: the month that is paid, 2026-10 unless stated;
- `facts`, `rates`: tables of facts and rate sheets as a scheme file has them; `rows`: what the rows of a line pay;
- `pays`: what each line, or `total`, must come to, points and debts too; `figures`: the same of other figures;
- `issues`: codes of what is found, in order; `held: yes` where the person is not paid for now. Two lines with one title
  are no finding unless the case names it or tells something in words;
- `known_bug`: why the case fails today; it must, until that is mended;
- `words`, `words_en`, `excel`: a line or figure as the exact sentence and formula, names in place of addresses.

Sources in the cases: "practice" is an article or a regulation on pay whose printed example must come out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.components import all_components
from kpicalc.engine.examples import run_examples
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.row_rules import row_rules
from kpicalc.engine.statement import Figure
from kpicalc.engine.tree.excel import ROW, Addresses, formula
from kpicalc.engine.tree.sources import Given
from kpicalc.engine.tree.words import tell
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.scheme.shape import literals_in
from kpicalc.intake.scheme.yaml_text import read_yaml
from kpicalc.lang import NBSP, severity
from kpicalc.model.inputs import Adjustment, Inputs, LevelFigure, Payee, Series
from kpicalc.model.issue import Issue, Place
from kpicalc.model.period import months_between
from kpicalc.model.scheme import SchemeBook, exact

CASES = Path(__file__).parent / "cases"
_KEYS = frozenset(
    (
        *("source", "company", "rules", "kpis", "pay"),
        *("actual", "plan", "employee", "team", "adjustments", "history", "earlier", "period"),
        *("colleagues", "pool", "ranking", "reached", "employees", "grouped", "members"),
        *("facts", "rates", "rows", "pays", "figures", "issues", "held", "words", "words_en", "excel", "known_bug"),
    ),
)
_NOWHERE = Place("month.xlsx")
_SHARED_OPTIONS = frozenset(("id", "title", "rules", "for_"))
"""Options that every component has; they stand in the cases where they do something."""


@dataclass(frozen=True)
class Case:
    """One case, with what its file says of all."""

    file: str
    name: str
    rules: Any
    kpis: Any
    entry: Any

    def part(self, name: str) -> Any:
        return self.entry.get(name) or {}

    def book(self, language: str) -> tuple[SchemeBook, list[Issue]]:
        """Read the scheme file that the case describes."""
        scheme = {"rules": self.part("rules"), "pay": self.entry["pay"]}
        parts = ("actual", "plan", "employee", "team", "earlier", "pool", "ranking", "members", "rows")
        example = {name: found for name in parts if (found := self.part(name))}
        if "adjustments" in self.entry:
            example["adjustments"] = str(sum(map(_number, self.entry["adjustments"])))
        told = "earlier" in self.entry or "history" not in self.entry
        if "pays" in self.entry and "blank" not in str(example) and told:
            scheme["examples"] = [{**example, "pays": self.entry["pays"]}]
        schemes = {"role": scheme}
        if self.part("team"):
            schemes["colleague"] = {"pay": [{"base_salary": {"amount": "0"}}]}
        whole = {
            "kpicalc": "1",
            "language": language,
            "rules": self.entry.get("company", self.rules),
            "kpis": self.kpis | self.part("kpis"),
            "employees": self.part("employees"),
            "schemes": schemes,
            **{name: self.entry[name] for name in ("facts", "rates") if name in self.entry},
        }
        book, issues = read_scheme_text(self.file, json.dumps(whole).encode())
        assert book is not None, issues
        return book, issues

    def inputs(self, book: SchemeBook) -> Inputs:
        """Write the month down as it comes from a workbook: the person first, then the colleague."""
        actual = {key: [_figure(value)] for key, value in self.part("actual").items()}
        levels: dict[Any, Any] = {}
        for key, figures in self.part("team").items():
            levels[key, "Sales"] = {
                name: LevelFigure(_figure(value), _NOWHERE) for name, value in figures.items() if name != "actual"
            }
            own = actual.setdefault(book.kpis[key].of or key, [None])
            own[1:] = [_number(figures["actual"]) - (own[0] or 0)]
        people = 2 if self.part("team") else 1
        if colleagues := self.part("colleagues"):
            return self.many(colleagues)
        return Inputs(
            file="month.xlsx",
            sha256="",
            period=self.period,
            payees=[
                Payee(f"0000{number + 1}", "Ada", "Sales", "Manager", ("role", "colleague")[number], _NOWHERE)
                for number in range(people)
            ],
            plan=_table(self.part("plan"), people),
            actual={key: _series(values, people) for key, values in actual.items()},
            employee=_table(self.part("employee"), people),
            team_plan=levels,
            history=self.history(people),
            row_pay={
                rule: _series([_figure(text)], people)
                for rule, text in zip(row_rules(book), self.part("rows").values(), strict=True)
            },
            sheets={"employee": "Employees", **({"history": "History"} if "history" in self.entry else {})},
            adjustments={0: [Adjustment(_number(text), "", _NOWHERE) for text in self.part("adjustments")]},
        )

    def many(self, colleagues: dict[str, dict[str, str]]) -> Inputs:
        """Write down a month of several people of one scheme and department, the person first."""
        numbers = ["00001", *colleagues]

        def table(part: str) -> dict[Any, Series]:
            return {
                key: _series([_figure(own), *(_figure(other.get(key, own)) for other in colleagues.values())], 0)
                for key, own in self.part(part).items()
            }

        payees = [Payee(number, "Ada", "Sales", "Manager", "role", _NOWHERE) for number in numbers]
        reached = {kpi: [_day(text) for text in days] for kpi, days in self.part("reached").items()}
        tables = (table("plan"), table("actual"), table("employee"))
        grouped = {column: ["" if text == "blank" else text for text in texts]
                   for column, texts in self.part("grouped").items()}  # fmt: skip
        return Inputs("month.xlsx", "", "2026-10", payees, *tables, reached=reached, grouped=grouped)

    @property
    def period(self) -> str:
        return str(self.entry.get("period", "2026-10"))

    def history(self, people: int) -> dict[tuple[str, int], Series]:
        return {
            (kpi, months_between(month, self.period)): _series([_figure(text)], people)
            for kpi, months in self.part("history").items()
            for month, text in months.items()
        }


def _number(text: str) -> Decimal:
    value = exact(text)
    assert isinstance(value, Decimal)
    return value


def _day(text: str) -> date | None:
    return None if text == "blank" else date.fromisoformat(text)


def _figure(text: str) -> Decimal | None:
    return None if text == "blank" else _number(text)


def _table(texts: dict[str, str], people: int) -> dict[Any, Series]:
    return {key: _series([_figure(text)], people) for key, text in texts.items()}


def _series(values: list[Decimal | None], people: int) -> Series:
    padded = [*values, *[None] * (people - len(values))]
    return Series(padded, "month.xlsx", "Sheet", "A", list(range(2, 2 + len(padded))))


@cache
def cases_of(file: Path) -> tuple[Case, ...]:
    """Read a file of cases; figures stay as typed, and a name that stands twice is an error."""
    raw, _, issues = read_yaml(file.name, file.read_bytes())
    assert not issues, issues
    assert isinstance(raw, dict)
    assert set(raw) == {"rules", "kpis", "cases"}
    return tuple(Case(file.stem, name, raw["rules"], raw["kpis"], entry) for name, entry in raw["cases"].items())


def all_cases() -> Iterator[Any]:
    """Return every case of every file as a parameter of a test."""
    for file in sorted(CASES.glob("*.yaml")):
        for case in cases_of(file):
            bug = case.entry.get("known_bug")
            marks = [pytest.mark.xfail(reason=bug, raises=AssertionError)] if bug else []
            yield pytest.param(case, id=f"{case.file}::{case.name}", marks=marks)


@pytest.mark.parametrize("case", list(all_cases()))
def test_case(case: Case) -> None:
    assert not set(case.entry) - _KEYS
    assert {"pays", "issues"} & set(case.entry), "the case expects nothing"
    book, issues = case.book("ru")
    statements, found = compile_schemes(book)
    issues = [*issues, *found]
    refused = any(severity(item) == "error" for item in issues)
    payroll = None if refused else compute(book, statements, case.inputs(book))
    issues += payroll.issues if payroll else ()
    expected = case.entry.get("issues", [])
    titles_matter = "title_twice" in expected or {"words", "words_en"} & set(case.entry)
    codes = [item.code for item in issues if titles_matter or item.code != "title_twice"]
    # A case's department is mostly its own person alone, whose result it does not state.
    codes = [code for code in codes if code != "team_without" or code in expected]
    assert codes == expected, issues
    if payroll is None:
        assert "pays" not in case.entry
        return
    assert bool(payroll.held) == ("held" in case.entry)
    if "pays" in case.entry:
        _compare_pay(case, payroll)
        assert run_examples(statements["role"], book) == []
    _compare_texts(case, payroll, "words")
    if "words_en" in case.entry:
        book, _ = case.book("en")
        statements, _ = compile_schemes(book)
        _compare_texts(case, compute(book, statements, case.inputs(book)), "words_en")


def _compare_pay(case: Case, payroll: Payroll) -> None:
    (pay, *_) = payroll.schemes
    assert pay.payees[0] == 0
    assert len(pay.payees) == 1 + len(case.part("colleagues"))
    for pool, sums in case.part("pool").items():
        assert {part: pay.columns[f"pool.{pool}:{part}"][0] for part in sums} == {
            part: _number(text) for part, text in sums.items()
        }
    for ranking, parts in case.part("ranking").items():
        known = {key: pay.columns[f"ranking.{ranking}:{key}"][0] for key in parts}
        assert known == {key: _number(text) for key, text in parts.items()}
    for part in ("pays", "figures"):
        expected = {key: _number(text) for key, text in case.part(part).items()}
        assert {key: pay.columns[_figure_of(pay, key).key][0] for key in expected} == expected
    lines = [pay.columns[line.figure][0] for line in pay.statement.lines]
    assert pay.columns[pay.statement.total][0] == sum(lines)


def _compare_texts(case: Case, payroll: Payroll, voice: str) -> None:
    (pay, *_) = payroll.schemes
    names = Addresses(_Names(), _Names(), _TableNames())
    for key, sentence in case.part(voice).items():
        figure = _figure_of(pay, key)
        told = tell(_node(figure), figure.unit, pay.columns, 0, payroll.book.language).sentence(figure.title)
        assert told.replace(NBSP, " ") == sentence
    for key, text in case.part("excel").items():
        assert formula(_node(_figure_of(pay, key)), names).replace(ROW, "") == text


def _figure_of(pay: SchemePay, key: str) -> Figure:
    """Find a line by its id, points and debts likewise, or any figure by its key."""
    shown = (*pay.statement.lines, *pay.statement.tallies)
    return pay.statement.figure(next((line.figure for line in shown if line.id == key), key))


def _node(figure: Figure) -> Any:
    assert not isinstance(figure.source, Given)
    return figure.source


class _Names(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


class _TableNames(dict[str, tuple[str, str]]):
    def __missing__(self, key: str) -> tuple[str, str]:
        return f"{key}.bounds", f"{key}.pays"


def test_every_component_has_cases_and_every_file_a_component() -> None:
    assert {file.stem for file in CASES.iterdir()} == set(all_components())
    assert {file.suffix for file in CASES.iterdir()} == {".yaml"}


@pytest.mark.parametrize("name", all_components())
def test_every_option_and_every_answer_has_a_case(name: str) -> None:
    stated: dict[str, list[str]] = {}
    cases = cases_of(CASES / f"{name}.yaml")
    assert all("source" in case.entry for case in cases)
    for case in cases:
        for item in case.entry["pay"]:
            for option, value in (item.get(name) or {}).items() if isinstance(item, dict) else ():
                stated.setdefault(option, []).append(str(value))
    for key, field in all_components()[name].model_fields.items():
        if key not in _SHARED_OPTIONS:
            assert key in stated, f"no case states {key}"
            assert not set(literals_in(field.annotation)) - set(stated[key]), f"not every answer of {key} has a case"
