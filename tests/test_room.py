"""Limits told before the work: a payroll that could not be written, or not be read again, is not begun."""

import re
import zipfile
from pathlib import Path

import pytest

from kpicalc.app import check, run
from kpicalc.lang import LANGUAGES, message
from kpicalc.payroll import room
from kpicalc.payroll.sheets.grid import longest_row
from kpicalc.payroll.workbook import laid_out, write_workbook

SAMPLES = Path(__file__).parents[1] / "samples"
MONTHS = sorted(path.parent.name for path in SAMPLES.glob("*/scheme.yaml") if (path.parent / "2026-10.xlsx").is_file())
ROW = re.compile(rb'<row r="([0-9]+)".*?</row>', re.DOTALL)


@pytest.mark.parametrize("sample", MONTHS)
def test_no_row_is_longer_than_foreseen(sample: str, tmp_path: Path) -> None:
    payroll = check(SAMPLES / sample / "2026-10.xlsx", SAMPLES / sample / "scheme.yaml").payroll
    assert payroll is not None
    write_workbook(payroll, tmp_path / "payroll.xlsx")
    _, tables = laid_out(payroll)
    with zipfile.ZipFile(tmp_path / "payroll.xlsx") as file:
        for number, (name, rows) in tables.items():
            own = range(rows.first_row + 1, rows.first_row + 1 + rows.count)
            text = file.read(f"xl/worksheets/sheet{number}.xml")
            written = [found[0] for found in ROW.finditer(text) if int(found[1]) in own]
            assert len(written) == rows.count, name
            # 120 bytes of texts: a number, a name, a department and a position in Russian have about as many.
            foreseen = max(longest_row(shape, 120) for shape in rows.shapes)
            assert sum(map(len, written)) <= foreseen * rows.count, name
            assert foreseen * rows.count <= 2 * sum(map(len, written)), name


def test_the_sample_has_the_sheets_of_the_payroll() -> None:
    payroll = check(SAMPLES / "brigade" / "2026-10.xlsx", SAMPLES / "brigade" / "scheme.yaml").payroll
    assert payroll is not None
    sample = room._sample([pay.statement for pay in payroll.schemes], payroll.book, payroll.inputs)
    (_, real), (_, foreseen) = laid_out(payroll), laid_out(sample, mark="0" * 64)
    assert [(name, [len(shape) for shape in rows.shapes]) for name, rows in foreseen.values()] == [
        (name, [len(shape) for shape in rows.shapes]) for name, rows in real.values()
    ]


@pytest.mark.parametrize(
    ("limit", "room_for", "code", "found"),
    [
        ("ROWS", 18, "payroll_too_large", {"sheet": "Расчёт", "count": "5", "allowed": "2"}),
        ("TOTAL_LIMIT", 1, "payroll_too_large", {"sheet": "—", "count": "5", "allowed": "0"}),
        ("PART_LIMIT", 1, "payroll_too_large", {"sheet": "Расчёт", "count": "5", "allowed": "0"}),
        ("BOX_LIMIT", 100, "payroll_too_large", {"sheet": "Расчёт", "count": "5", "allowed": "0"}),
        ("COLUMNS", 5, "payroll_too_wide", {"allowed": "5"}),
    ],
)
def test_what_finds_no_room_is_refused_before_it_is_computed(
    limit: str, room_for: int, code: str, found: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpicalc.app.month._LARGE", 0)
    monkeypatch.setattr(room, limit, room_for)
    monkeypatch.setattr("kpicalc.app.month.compute", lambda *_: pytest.fail("nothing is computed"))
    outcome = run(SAMPLES / "tabelly" / "2026-10.xlsx", SAMPLES / "tabelly" / "scheme.yaml", out=tmp_path)
    assert not outcome.files
    assert list(tmp_path.iterdir()) == []
    told = [item for item in outcome.issues if item.code == code]
    assert told
    assert found.items() <= dict(told[0].facts).items()
    assert all(told[0].fact("allowed") in message(told[0], language) for language in LANGUAGES)


@pytest.mark.parametrize("sample", ["tabelly", "brigade", "points", "salary-project"])
def test_a_usual_month_has_room(sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpicalc.app.month._LARGE", 0)
    assert run(SAMPLES / sample / "2026-10.xlsx", SAMPLES / sample / "scheme.yaml", out=tmp_path).files
