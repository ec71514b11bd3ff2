"""The progress of long work: a bar on a terminal, nothing in pipes, in cron or with --quiet.

Quick work shows no bar. The bar is on stderr, and it disappears when the work is done.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import Any

from kpicalc.lang import Language, word
from kpicalc.model.stage import Stage, heard

_PATIENCE = 2.0
"""Seconds of work before a bar appears."""


@contextmanager
def ticking(language: Language, *, quiet: bool = False) -> Iterator[Callable[[Stage, int, int], None]]:
    """Yield the function that long work calls with its stage, how much is done and of how much."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _done, _count: None
        return
    bar = _Bar(language)
    timer = Timer(_PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.tick
    finally:
        timer.cancel()
        bar.hide()


@contextmanager
def listening(language: Language, *, quiet: bool = False) -> Iterator[None]:
    """Show the progress that the work reports."""
    with ticking(language, quiet=quiet) as tick, heard(tick):
        yield


class _Bar:
    """The last reported stage, on a terminal once it is shown."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.lock = Lock()
        self.last: tuple[Stage, int, int] | None = None
        self.progress: Any = None
        self.done = False

    def tick(self, stage: Stage, done: int, count: int) -> None:
        with self.lock:
            self.last = stage, done, count
            self._draw()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        with self.lock:
            console = Console(stderr=True)
            if self.done or not console.is_terminal:
                return
            self.progress = Progress(console=console, transient=True)
            self.progress.start()
            self._draw()

    def hide(self) -> None:
        with self.lock:
            self.done = True
            if self.progress:
                self.progress.stop()

    def _draw(self) -> None:
        """Show the stage in the bar's one line and start its timer."""
        if self.progress is None or self.last is None:
            return
        stage, done, count = self.last
        tasks = self.progress.tasks
        if not tasks or tasks[0].fields["stage"] != stage:
            for task in tasks:
                self.progress.remove_task(task.id)
            self.progress.add_task(word(f"terminal.progress.{stage}", self.language), total=None, stage=stage)
        self.progress.update(self.progress.tasks[0].id, completed=done, total=count or None)
