"""What `kpicalc explain` and its neighbours say to a name in place of a key."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpicalc.cli import app

SAMPLE = Path(__file__).parents[1] / "samples" / "payments"


def explain(*options: str):
    files = [str(SAMPLE / "2026-10.xlsx"), "--scheme", str(SAMPLE / "scheme.yaml")]
    return CliRunner().invoke(app, ["explain", *files, *options])


def test_a_kpi_may_be_named_by_its_title() -> None:
    by_key = explain("--payee", "00061", "--kpi", "margin")
    assert by_key.exit_code == 0
    assert explain("--payee", "00061", "--kpi", "маржа оплат").stdout == by_key.stdout


def test_an_unknown_kpi_is_answered_with_all_there_are() -> None:
    told = explain("--payee", "00061", "--kpi", "выручка")
    assert told.exit_code == 1
    assert told.stderr.startswith("Показателя «выручка» в схеме нет. Есть: margin, ")


@pytest.mark.parametrize(
    ("payee", "expected"),
    [
        ("орлова", "Нужен табельный номер, а не имя. Орлова Вера Павловна — 00061.\n"),
        ("61", "Табельного номера 61 на листе сотрудников нет. Возможно, 00061 (Орлова Вера Павловна)?\n"),
        ("Никто", "Табельного номера Никто на листе сотрудников нет.\n"),
    ],
)
def test_somebody_else_s_number_is_not_guessed(payee: str, expected: str) -> None:
    told = explain("--payee", payee)
    assert (told.exit_code, told.stderr) == (1, expected)
