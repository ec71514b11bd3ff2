"""Days in texts: what is read, what is a blank, what is refused because it could be another day."""

from datetime import datetime

import pytest

from kpicalc.model.days import day_in_text, is_blank_day, moment_in_text
from kpicalc.model.texts import clean

DAY = datetime.fromisoformat("2026-10-05")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05.10.2026", DAY),
        ("5.10.2026", DAY),
        ("5.1.2026", datetime.fromisoformat("2026-01-05")),
        ("05.10.2026 г.", DAY),
        ("05.10.2026г", DAY),
        ("05.10.2026\u00a0г.", DAY),
        ("05.10.2026 9:30", DAY.replace(hour=9, minute=30)),
        ("05.10.2026, 09:30:15", DAY.replace(hour=9, minute=30, second=15)),
        ("2026-10-05", DAY),
        ("2026-10-5", DAY),
        ("2026-10-05T09:30:00", DAY.replace(hour=9, minute=30)),
        ("2026-10-05 09:30:00.1234567", DAY.replace(hour=9, minute=30, microsecond=123456)),
        ("2026-10-05T23:30:00+03:00", DAY.replace(hour=23, minute=30)),
        ("2026-10-05T00:00:00Z", DAY),
    ],
)
def test_a_day_is_read(text, moment):
    assert moment_in_text(clean(text)) == moment
    assert day_in_text(clean(text)) == moment.date()
    assert not is_blank_day(clean(text))


@pytest.mark.parametrize(
    "text",
    [
        "01.01.0001",
        "01.01.0001 0:00:00",
        "0001-01-01T00:00:00",
        "0001-01-01",
        "  .  .    ",
        "  .  .      :  :  ",
        "00.00.0000",
    ],
)
def test_an_empty_date_of_1c_is_a_blank(text):
    assert is_blank_day(clean(text))
    assert moment_in_text(clean(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "05.10.26",
        "10/05/2026",
        "31.02.2026",
        "2026-13-01",
        "05.10.2026 25:00",
        "2026-10-05T22:30:00Z",
        "октябрь",
        "",
        "-",
    ],
)
def test_what_could_be_another_day_is_refused(text):
    assert moment_in_text(clean(text)) is None
    assert not is_blank_day(clean(text))
