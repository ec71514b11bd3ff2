"""What every test file has in common: what takes time and proves nothing is left out or done once."""

import os
from functools import cache

import pytest
import typer.testing


def pytest_configure() -> None:
    # The commands are built from their functions at each call; they are the same at each call.
    typer.testing._get_command = cache(typer.testing._get_command)


@pytest.fixture(autouse=True)
def _no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody cuts the power in the middle of a test; `tests/kills.py` ends processes of their own."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
