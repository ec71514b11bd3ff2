"""The benchmark compares two payrolls: it fails where they differ, so what it reads must be what people are paid."""

from pathlib import Path

import pytest

from benchmarks.compare import payroll
from benchmarks.run import measure

pytestmark = pytest.mark.slow


def test_kpicalc_and_the_floor_pay_a_small_month_alike(tmp_path: Path) -> None:
    _, floor, script = measure(20, 1, tmp_path)
    assert (floor["people"], floor["different"], floor["largest"]) == (20, 0, "0")
    assert script["people"] == 20
    paid = payroll(str(tmp_path / "kpicalc.xlsx"))
    assert list(paid) == [f"{number:06}" for number in range(1, 21)]
    for *lines, total in paid.values():
        assert sum(lines) == total
