"""How far long work has come: a bar on a terminal, nothing in pipes, in cron or where quiet is asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kpicalc.lang import Language, word


@contextmanager
def ticking(language: Language, *, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Yield what long work calls with its stage, how much is done and of how much."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _stage, _done, _count: None
        return
    from rich.progress import Progress, TaskID

    bars: dict[str, TaskID] = {}
    with Progress(console=console, transient=True) as progress:

        def tick(stage: str, done: int, count: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(word(f"replay.progress.{stage}", language), total=count)
            progress.update(bars[stage], completed=done, total=count)

        yield tick
