"""How far long work has come: a bar on a terminal after two seconds, and nothing anywhere else."""

import re
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from kpicalc.app import run
from kpicalc.model.stage import Stage, heard, tell
from kpicalc.screen import ticking

MONTH = Path(__file__).parents[1] / "samples" / "tabelly"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: StringIO, monkeypatch: pytest.MonkeyPatch, *, patience: float = 0.0, quiet: bool = False) -> str:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(ticking, "_PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", stream)
    with ticking.listening("ru", quiet=quiet):
        tell("reading", 0, 4)
        time.sleep(0.5 if not patience else 0)
        tell("writing", 3, 4)
        time.sleep(0.5 if not patience else 0)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", stream.getvalue())


def test_a_terminal_sees_the_stage_and_the_share(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(Terminal(), monkeypatch)
    assert re.search(r"Читаю книгу .* 0%", text)
    assert re.search(r"Пишу ведомость .* 75%", text)


def test_nothing_is_shown_of_work_that_is_soon_done(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(Terminal(), monkeypatch, patience=60) == ""


def test_pipes_and_quiet_see_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(StringIO(), monkeypatch) == ""
    assert shown(Terminal(), monkeypatch, quiet=True) == ""


def test_a_run_tells_its_stages_in_order(tmp_path: Path) -> None:
    told: list[tuple[Stage, int, int]] = []
    with heard(lambda *what: told.append(what)):
        assert run(MONTH / "2026-10.xlsx", MONTH / "scheme.yaml", out=tmp_path).files
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["reading", "computing", "writing"]
    assert all(0 <= done <= count for _, done, count in told)
    for stage in ("reading", "writing"):
        shares = [done for name, done, _ in told if name == stage]
        assert shares == sorted(shares)
        assert shares[0] == 0
