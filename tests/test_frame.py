"""The payroll as a table, for notebooks: exact, in the order of the Employees sheet, equal to what was paid."""

from decimal import Decimal
from pathlib import Path

from kpicalc import app

SAMPLE = Path(__file__).parent.parent / "samples" / "department"


def test_the_frame_says_what_is_paid() -> None:
    payroll = app.check(SAMPLE / "2026-10.xlsx", SAMPLE / "scheme.yaml").payroll
    assert payroll
    frame = payroll.frame
    assert list(frame.columns) == ["payee", "department", "scheme", "id", "title", "amount"]
    assert frame["payee"].is_monotonic_increasing
    assert all(isinstance(amount, Decimal) for amount in frame["amount"])
    # The total and the groups as the sample's README has them.
    assert sum(frame["amount"]) == Decimal("1012873.48")
    groups = {name: sum(amounts) for name, amounts in frame.groupby("department")["amount"]}
    assert groups == {
        "Активные продажи": Decimal("456396.55"),
        "Входящий поток": Decimal("232310.93"),
        "Ключевые клиенты": Decimal("324166.00"),
    }
    assert {name: amount for name, (_, amount) in payroll.by_department.items()} == groups
    lines = {key: sum(amounts) for key, amounts in frame.groupby(["id", "title"])["amount"]}
    assert lines == payroll.by_line
