"""A case of bad input, `case.yaml`, made into files, and what kpicalc says about it, as text.

Keys of a case, all optional; what is left out is good:

- `scheme`: the text of scheme.yaml;
- `sheets`: sheet name -> rows, in place of the good sheet of that name or beside it; null leaves a sheet out.
  A cell is what YAML gives; `{error: "#DIV/0!"}` is an error cell, `{formula: 1+1}` a formula without a stored value,
  `{date: 2026-10-01}` and `{time: "12:30"}` are what they say. `{percent: 0.95}` is shown as a per cent,
  `{date: 2026-10-01, shown: mmm yyyy}` as a month, `{number: 1500, shown: '0" тыс."'}` in that format.
  A sheet may also be `{rows, hidden, hidden_rows, hidden_columns, merged}`;
- `files`: file name -> text of a file beside the workbook; `encoding` of a text instead of UTF-8: {text, encoding};
- `more`: file name -> sheets of further workbooks of the month;
- `name`: the name of the workbook, plan_2026-10.xlsx unless stated;
- `period`, `out`, `date`, `number`: the options of `kpicalc run`; the date is 2026-11-05 unless stated, null: none;
- `export`: names of files for 1C and banks;
- `organisation`: the text of organisation.yaml, or texts of the good one with what replaces them; null leaves it out;
- `answer`: the name of a bank's answer among the `files`, compared with the month's payroll, or with `sent`, a registry
  among the files;
- `check`: yes where `kpicalc check` alone tells it, which writes nothing;
- `earlier`: month -> its `sheets` and `scheme`, over those of the case; they are paid into the folder `payrolls` first,
  which is the `history` of the run; `history`: another folder;
- `compare`: the two payrolls of `kpicalc compare`, and the file of `adjustments`;
- `books`: file name -> `sheets` of another workbook beside it, over those of the case;
- `command`: another command than run: `funnel`, `progress`, or with its options
  `{plan: {months: 6, growth: 0.2, step: 1}}`, `{statements: {department: Юг}}`,
  `{replay: {months: [plan_2026-10.xlsx], set: [...], with: ..., base: ..., vary: ...}}`,
  `{balance: {workbook: null}}`, `{adopt: {}}` or
  `{seek: {months: [...], path: ..., between: [5%, 20%], step: 1%}}`;
- `file`: what is done to the files besides, by name: a function of `makers.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from typing import Any

import openpyxl
import pytest
from ruamel.yaml import YAML

from kpicalc import app
from kpicalc.app import Compared, Outcome, Sought, Tried, Wanted
from kpicalc.intake.scheme.settings import setting as setting_of
from kpicalc.lang import Language, message, remedy, severity, word
from kpicalc.model.issue import Issue

CASES = Path(__file__).parent.resolve()
EXPECTED = {"ru": "expected.txt", "en": "expected.en.txt"}
OLD = b"the payroll of an earlier run"
SCHEME = """\
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
kpis:
  sales: {title: Продажи, unit: руб}
schemes:
  manager:
    for: {position: Менеджер}
    pay:
      - commission: {on: sales, rate: 10%}
    examples:
      - {actual: {sales: 100000}, pays: {total: 10000}}
"""
SHEETS: dict[str, Any] = {
    "Сотрудники": [
        ["Табельный номер", "Сотрудник", "Подразделение", "Должность"],
        ["00042", "Анна Белова", "Юг", "Менеджер"],
    ],
    "Факт": [["Табельный номер", "Продажи"], ["00042", 100000]],
}
ORGANISATION = """\
kpicalc: 1
name: ООО Ромашка
inn: 7707083893
account: 40602810700000000025
bic: 049805746
banks:
  - {bic: 049805746, name: БАНК ПРИМЕР, correspondent: 30101810800000000746}
salary_project: {contract: 38012345, version: 3.6, encoding: windows-1251, branch: 9999}
client_bank:
  pays: registry
  recipient: {name: БАНК ПРИМЕР, inn: 7707083893, account: 47422810200000000025, bic: 049805746}
bank_csv: {columns: [name, account, amount], separator: ";", encoding: utf-8, decimal: "."}
"""


@dataclass
class Setting:
    """The files of one case in a folder of their own."""

    folder: Path
    patch: pytest.MonkeyPatch
    workbook: Path
    scheme: Path = Path("scheme.yaml")
    out: Path = Path("out")
    period: str | None = None
    history: Path | None = None
    wanted: Wanted | None = None
    language: Language = "ru"
    case: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Return the scheme's text; in the English run it asks for English."""
        text: str = self.case.get("scheme", SCHEME)
        return text.replace("language: ru", f"language: {self.language}")


def codes() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/case.yaml"))


@cache
def read_case(code: str) -> dict[str, Any]:
    return YAML(typ="safe").load(CASES / code / "case.yaml") or {}


@contextmanager
def laid_out(case: dict[str, Any], folder: Path, language: Language = "ru") -> Iterator[Setting]:
    """Make the files of a case in an empty folder, which becomes the current one."""
    from issues import makers

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("KPICALC_LANG", language)
        setting = Setting(folder, patch, Path(case.get("name", "plan_2026-10.xlsx")), language=language, case=case)
        setting.period = case.get("period")
        setting.out = Path(case.get("out", "out"))
        if "export" in case:
            day = case.get("date", date(2026, 11, 5))
            setting.wanted = Wanted(tuple(case["export"]), None, day, case.get("number", "1"))
            if (text := organisation(case)) is not None:
                Path("organisation.yaml").write_text(text, encoding="utf-8")
        setting.scheme.write_bytes(setting.text().encode())
        Path("out").mkdir()
        Path("out/payroll-2026-10.xlsx").write_bytes(OLD)
        write_workbook(setting.workbook, SHEETS | case.get("sheets", {}))
        for name, sheets in case.get("more", {}).items():
            write_workbook(Path(name), sheets)
        for name, content in case.get("files", {}).items():
            form = content if isinstance(content, dict) else {"text": content}
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_bytes(form["text"].encode(form.get("encoding", "utf-8")))
        for name, sheets in case.get("books", {}).items():
            write_workbook(Path(name), SHEETS | case.get("sheets", {}) | sheets)
        if "answer" in case:
            app.run(setting.workbook, setting.scheme, out=setting.out)
        if "earlier" in case or "history" in case:
            setting.history = Path(case.get("history", "payrolls"))
        for month, own in case.get("earlier", {}).items():
            pay_earlier(setting, month, case | own)
        if "file" in case:
            make: Callable[[Setting], None] = getattr(makers, case["file"])
            make(setting)
        yield setting


def pay_earlier(setting: Setting, month: str, case: dict[str, Any]) -> None:
    """Pay a month before the case's own, in a folder of its own."""
    folder = Path("before")
    folder.mkdir()
    text = Setting(folder, setting.patch, setting.workbook, language=setting.language, case=case).text()
    (folder / "scheme.yaml").write_bytes(text.encode())
    write_workbook(folder / f"{month}.xlsx", SHEETS | case.get("sheets", {}))
    paid = app.run(folder / f"{month}.xlsx", folder / "scheme.yaml", out=Path("payrolls"), history=Path("payrolls"))
    assert paid.files, told(paid.issues, setting.language)
    rmtree(folder)


def organisation(case: dict[str, Any]) -> str | None:
    """Return the text of a case's organisation file."""
    found = case.get("organisation", {})
    if not isinstance(found, dict):
        return found  # type: ignore[no-any-return]
    text = ORGANISATION
    for old, new in found.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def run(setting: Setting) -> Outcome | Compared | Tried | Sought:
    if names := setting.case.get("compare"):
        old, new, *adjustments = map(Path, names)
        return app.compare(old, new, *adjustments)
    if setting.case.get("check"):
        return app.check(setting.workbook, setting.scheme, setting.period, remarks=True)
    if "answer" in setting.case:
        return app.reconcile(Path(setting.case.get("sent", "out/payroll-2026-10.xlsx")), Path(setting.case["answer"]))[
            0
        ]
    match setting.case.get("command"):
        case "funnel":
            return app.funnel(setting.workbook, setting.scheme, setting.period)[0]
        case {"plan": options}:
            given = {name: value if isinstance(value, bool) else Decimal(str(value)) for name, value in options.items()}
            return app.plan(setting.workbook, setting.scheme, period=setting.period, out=setting.out, **given)[0]
        case "progress":
            return app.underway(setting.workbook, setting.scheme, date(2026, 10, 15), setting.period)[0]
        case {"statements": options}:
            outcome, explained = app.explain(setting.workbook, setting.scheme, setting.period, setting.history)
            assert explained, told(outcome.issues, setting.language)
            selected = app.Selected(None, options.get("department"))
            return app.statements(outcome, explained, setting.workbook, setting.out, setting.history, selected)[0]
        case {"replay": options}:
            return replayed(setting, options)
        case {"seek": options}:
            return sought(setting, options)
        case {"adopt": options}:
            return app.adopt(setting.workbook, setting.period, setting.out, options.get("paid")).outcome
        case {"balance": options}:
            return app.balance(options.get("workbook", setting.workbook), setting.scheme).outcome
    return app.run(
        [setting.workbook, *map(Path, setting.case.get("more", {}))],
        setting.scheme,
        period=setting.period,
        out=setting.out,
        wanted=setting.wanted,
        history=setting.history,
    )


def replayed(setting: Setting, options: dict[str, Any]) -> Tried:
    """Replay months with what is set: by default the case's own month, the rate of the commission doubled."""
    other = Path(options["with"]) if "with" in options else None
    said = options.get("set", [] if other else ["manager.commission.rate=20%"])
    vary = (options["vary"], [Decimal("0.1")]) if "vary" in options else None
    months = [Path(name) for name in options.get("months", [setting.workbook])]
    settings = [one for text in said if (one := setting_of(text))]
    return app.replay(months, setting.scheme, other=other, settings=settings, base=options.get("base"), vary=vary)


def sought(setting: Setting, options: dict[str, Any]) -> Sought:
    """Seek the rate of the commission, or what is named, for a fund of 10 000."""
    months = [Path(name) for name in options.get("months", [setting.workbook])]
    path = options.get("path", "manager.commission.rate")
    ends = [str(end) for end in options.get("between", ["8%", "12%"])]
    values, percent = app.between_in(":".join(ends), str(options.get("step", "1%")))
    return app.seek(months, setting.scheme, path=path, amount=Decimal(10000), values=values, percent=percent)


_MADE: dict[str, bytes] = {}
"""Workbooks by what is in them: most cases have the good one, and both languages have the same."""


def write_workbook(path: Path, sheets: dict[str, Any]) -> None:
    key = repr(sheets)
    if key not in _MADE:
        _MADE[key] = _workbook(sheets)
    path.write_bytes(_MADE[key])


def _workbook(sheets: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, content in sheets.items():
        if content is None:
            continue
        form = content if isinstance(content, dict) else {"rows": content}
        sheet = book.create_sheet(name)
        if form.get("hidden"):
            sheet.sheet_state = "hidden"
            book.active = 0
        for number, row in enumerate(form["rows"], 1):
            for column, value in enumerate(row, 1):
                _fill(sheet.cell(number, column), value)
        for number in form.get("hidden_rows", ()):
            sheet.row_dimensions[number].hidden = True
        for ref in form.get("merged", ()):
            sheet.merge_cells(ref)
        for letter in form.get("hidden_columns", ()):
            sheet.column_dimensions[letter].hidden = True
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _fill(cell: Any, value: Any) -> None:
    match value:
        case {"error": text}:
            cell.value, cell.data_type = text, "e"
        case {"formula": text}:
            cell.value = f"={text}"
        case {"date": day, **form}:
            cell.value, cell.number_format = day, form.get("shown", "dd.mm.yyyy")
        case {"percent": number}:
            cell.value, cell.number_format = number, "0.0%"
        case {"number": value, "shown": form}:
            cell.value, cell.number_format = value, form
        case {"time": text}:
            cell.value, cell.number_format = time.fromisoformat(text), "hh:mm"
        case str() if value.startswith("#"):
            # openpyxl would make an error cell of the text.
            cell.value, cell.data_type = value, "s"
        case _:
            cell.value = value


def told(issues: tuple[Issue, ...], language: Language) -> str:
    """Return the issues as people read them: severity, place and code; what was found; what to do."""
    return "\n".join(_block(found, language) for found in issues)


def _block(found: Issue, language: Language) -> str:
    weight = word(f"terminal.severity.{severity(found)}", language)
    place = str(found.place).replace("\\", "/")
    head = " ".join(part for part in (weight, place, found.code) if part)
    return f"{head}\n{message(found, language)}\n{remedy(found, language)}\n"
