"""The command line as people call it, in the tests' own process: a new Python for each call takes a second or two.

What a process of its own proves is proved by `test_the_command_line_starts_light`, by the kills, and by the wheel that
CI installs.
"""

from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from kpicalc.cli import app

ROOT = Path(__file__).parent.parent


class Done(NamedTuple):
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


def kpicalc(*arguments: object, language: str = "ru", columns: int = 100, folder: Path = ROOT) -> Done:
    """Call a command in a folder."""
    setting = {"COLUMNS": str(columns), "NO_COLOR": "1", "KPICALC_LANG": language}
    with chdir(folder):
        done = CliRunner().invoke(app, [str(word) for word in arguments], env=setting, prog_name="kpicalc")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)
