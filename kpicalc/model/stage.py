"""The progress of long work, reported to a listener.

A command on a terminal listens; a library call does not, and then reporting costs next to nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Stage = Literal["reading", "facts", "payrolls", "computing", "writing", "months", "tries"]
Listener = Callable[[Stage, int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(stage: Stage, done: int = 0, count: int = 0) -> None:
    """Report the stage of the work and how much of it is done; 0 of 0 where that is unknown."""
    if listener := _listener.get():
        listener(stage, done, count)


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Call a listener while the work lasts."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
