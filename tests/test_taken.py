"""What the next month takes by columns: the quick reader never trusts a change that the careful one refuses.

Every cell is changed in turn and the manifest made to vouch for the file, as somebody does who knows both.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from edited import edit, vouched
from exports.month import SCHEME, pay

from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.months.taken import read_taken, taken_by_columns

KPIS = ("Продажи", "Продажи отдела")
_CELL = re.compile(r'<c r="[A-Z]+[0-9]+"[^>]*?(?:/>|>.*?</c>)')
_VALUE = re.compile(r"(<v>|<t xml:space=\"preserve\">)([^<]*)(</)")


def _other(cell: str) -> str:
    """Return a cell with another value: a number that is 1 more, a text with a sign more, another shared text."""
    is_text = 't="str"' in cell or 't="inlineStr"' in cell
    return _VALUE.sub(
        lambda found: (
            f"{found[1]}{found[2] + 'я' if is_text else float(found[2] or 0) + 1:{'' if is_text else 'g'}}{found[3]}"
        ),
        cell,
    )


CHANGES = {
    "another": _other,
    "blank": lambda cell: _VALUE.sub(r"\1\3", cell),
    "error": lambda cell: re.sub(r'( t="[A-Za-z]+")?>', ' t="e">', _VALUE.sub(r"\g<1>#REF!\3", cell), count=1),
    "typed": lambda cell: re.sub(r"<f>.*?</f>", "", cell),
    "twice": lambda cell: cell * 2,
    "shared formula": lambda cell: cell.replace("<f>", '<f t="shared" ref="A1" si="0">'),
}

LEAST = {"another": 60, "blank": 60, "error": 15, "typed": 15, "twice": -1, "shared formula": -1}
"""How many of the changes the careful reader refuses, at least."""


def _changed(payroll: Path, change: str) -> Iterator[str]:
    """Change one cell after another of the sheets that are proved, and put the file back."""
    before = payroll.read_bytes()
    with zipfile.ZipFile(payroll) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for part in (name for name in parts if re.search(r"worksheets/sheet\d", name)):
        text = parts[part].decode()
        for found in _CELL.finditer(text):
            other = CHANGES[change](found[0])
            if other == found[0] or "<v>" not in found[0] + "<v>" * ("<t" in found[0]):
                continue
            with zipfile.ZipFile(payroll, "w") as archive:
                for name, data in parts.items():
                    new = text[: found.start()] + other + text[found.end() :] if name == part else None
                    archive.writestr(name, data if new is None else new)
            yield f"{part} {found[0]}"
    payroll.write_bytes(before)


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_is_trusted_that_the_careful_reader_refuses(change: str, tmp_path: Path) -> None:
    payroll = pay(tmp_path).files[0]
    sound = taken_by_columns(payroll, KPIS)
    assert sound is not None
    refused = trusted = 0
    for cell in _changed(payroll, change):
        month, issues = read_payroll(payroll, KPIS)
        with vouched(payroll):
            taken = taken_by_columns(payroll, KPIS)
        # A sheet that nothing is taken from may be of any form.
        if any(found.code.startswith("payroll_") for found in issues):
            refused += 1
            assert taken is None, (cell, issues)
        elif taken is not None:
            trusted += 1
            assert taken.names == sound.names, cell
            assert taken.results == (month.results if month else sound.results), cell
    assert (refused > LEAST[change], trusted > 0) == (True, True), (refused, trusted)


def test_a_file_that_the_manifest_does_not_name_is_read_with_care(tmp_path: Path) -> None:
    payroll = pay(tmp_path).files[0]
    edit(payroll, "Ведомость", {})
    assert taken_by_columns(payroll, KPIS) is None
    assert read_taken(payroll, KPIS)[1] == []
    payroll.with_name(f"{payroll.stem}.manifest.json").unlink()
    assert taken_by_columns(payroll, KPIS) is None
    assert read_taken(payroll, KPIS)[1] == []


@pytest.mark.parametrize(("cell", "title"), [("E5", "Продажи"), ("F6", "Продажи отдела")])
def test_a_result_that_moves_no_amount_of_its_month_is_proved_too(cell: str, title: str, tmp_path: Path) -> None:
    """Sales of 400 000 are typed over, and the department's; every amount of the month stays what it was."""
    payroll = pay(tmp_path).files[0]
    edit(payroll, "Расчёт", {cell: 900000})
    for quick in (False, True):
        if quick:
            with vouched(payroll):
                taken, issues = read_taken(payroll, KPIS)
                assert taken_by_columns(payroll, KPIS) is None
        else:
            taken, issues = read_taken(payroll, KPIS)
        assert taken is None
        assert [(found.code, dict(found.facts)["titles"]) for found in issues] == [("payroll_results", title)]
    # Whoever takes other results, or amounts alone, finds the payroll as it was written.
    assert read_taken(payroll, [one for one in KPIS if one != title])[1] == []
    assert read_taken(payroll, ())[1] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        # The marks of the results, the digest of the payroll, both; and a program that was typed over besides.
        ({"B16": ""}, "payroll_mark_cleared"),
        ({"A16": "Отпечатки"}, "payroll_mark_cleared"),
        ({"B15": ""}, "payroll_mark_cleared"),
        ({"B15": "", "B16": ""}, "payroll_mark_cleared"),
        ({"B15": "", "B16": "", "B4": ""}, "payroll_mark_cleared"),
        ({"B16": "", "B4": "kpicalc 0.2.0"}, "payroll_mark_cleared"),
    ],
)
def test_a_payroll_without_its_marks_is_none_of_an_earlier_version(
    rows: dict[str, str], told: str, tmp_path: Path
) -> None:
    payroll = pay(tmp_path).files[0]
    edit(payroll, "Протокол", rows)
    for quick in (False, True):
        if quick:
            with vouched(payroll):
                taken, issues = read_taken(payroll, KPIS)
        else:
            taken, issues = read_taken(payroll, KPIS)
        assert taken is None
        assert {found.code for found in issues} == {told}
    # Amounts alone are proved by the digest.
    assert ("B15" in rows) == bool(read_taken(payroll, ())[1])


def test_the_last_digit_of_another_program_changes_no_mark(tmp_path: Path) -> None:
    payroll = pay(tmp_path).files[0]
    edit(payroll, "Расчёт", {"E6": 123456.78000000001, "E5": 400000.00001})
    assert read_taken(payroll, KPIS)[1] == []


@pytest.mark.parametrize("sales", [99999999999, 781549713307, 67024827247009])
def test_a_result_beyond_a_float_of_four_places_is_the_one_that_was_written(sales: int, tmp_path: Path) -> None:
    """A bank's portfolio, paid at a millionth: as ten-thousandths with a half, the larger ones are no floats."""
    fact = [["Табельный номер", "Продажи"], ["00042", sales], ["00043", 0], ["00044", 0]]
    plan = [["Подразделение", "KPI", "Норма"], ["Юг", "team_sales", sales], ["Север", "team_sales", 1]]
    scheme = SCHEME.replace("rate: 10%", "rate: 0.0001%")
    payroll = pay(tmp_path, scheme=scheme, sheets={"Факт": fact, "План отдела": plan}).files[0]
    paid, issues = read_taken(payroll, KPIS)
    assert issues == []
    assert paid is not None
    assert paid.results["Продажи"]["00042"].value == sales
