"""One small month written by programs of many makers: each is paid to the kopeck, or refused in words.

`tests/writers/` keeps the files; `make.py` and `make.mjs` there wrote them from `table.json`, LibreOffice 7.4 and
Gnumeric 1.12 saved `openpyxl.xlsx` in their formats.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from kpicalc import app
from kpicalc.lang import severity
from kpicalc.payroll.paid import paid_from

FOLDER = Path(__file__).parent / "writers"
SCHEME = """\
kpicalc: 1
language: ru
currency: RUB
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
kpis:
  sales: {title: Продажи, unit: руб}
  conversion: {title: Конверсия, unit: "%"TYPED}
schemes:
  manager:
    title: Менеджер
    for: {position: Менеджер}
    pay:
      - base_salary: {amount: salary, prorate: days}
      - commission: {on: sales, rate: 5%}
      - kpi_bonus: {kpi: sales, target: 10000, payout: attainment}
      - formula: {title: За конверсию, pays: conversion * 10000}
"""
PAID = {
    # 50 000.10 + 400 000.05 x 5 % = 20 000.0025 + 10 000 x 1.0000 (of 1.000000125) + 12.5 % of 10 000
    "Иванова Анна Сергеевна": "81250.10",
    # 50 000 + 1 234 567.89 x 5 % = 61 728.3945 + 10 000 x 1.2346 (of 1.23456789) + 25 % of 10 000
    "Петров Олег О'Нил & <Ко>": "126574.39",
    # 45 000 + 0 + 0 + 7 % of 10 000
    "Сидорова Мария «младшая»": "45700.00",
}
PLAIN = {
    *("pylightxl.xlsx", "pyexcel-ods3.ods", "rustpy-xlsxwriter.xlsx", "tablib.xlsx"),  # these write no formats
}
"""Where only the scheme can say what a per cent means."""
REFUSED = {
    "sheetjs.xls": "not_a_day",  # it writes no formats of cells into xls: the day is the plain number 45351
    "sheetjs.ods": "not_a_day",  # nor into ods
    "gnumeric.xls": "time_not_number",  # its format of a per cent has a number that others give to a time
}
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".xlsx", ".xlsb", ".xls", ".ods"})


def paid(name: str, folder: Path, typed: str = "") -> app.Outcome:
    scheme = folder / "scheme.yaml"
    scheme.write_text(SCHEME.replace("TYPED", typed), encoding="utf-8")
    return app.check(FOLDER / name, scheme, period="2026-10")


def errors(outcome: app.Outcome) -> set[str]:
    return {item.code for item in outcome.issues if severity(item) == "error"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_writer(name: str, tmp_path: Path) -> None:
    outcome = paid(name, tmp_path, ", typed: share" if name in {*PLAIN, *REFUSED} else "")
    if name in REFUSED:
        assert errors(outcome) == {REFUSED[name]}
        return
    assert errors(outcome) == set()
    assert outcome.payroll is not None
    # pylightxl writes `&` as `&amp;amp;`: the name has it so.
    totals = {person.name.replace("&amp;", "&"): person.total for person in paid_from(outcome.payroll).people}
    assert totals == {who: Decimal(total) for who, total in PAID.items()}
    assert [person.id for person in paid_from(outcome.payroll).people] == ["00042", "00043", "00044"]


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_per_cent_without_a_format_is_asked_for(name: str, tmp_path: Path) -> None:
    assert errors(paid(name, tmp_path)) == {"per_cent_open"}


def test_there_are_many_writers() -> None:
    assert len({name.rpartition(".")[0] for name in FILES}) >= 16
