"""How far long work has come: told by the work, heard by whoever asked for it, if anybody did.

A command on a terminal listens; a library call does not, and then telling costs nothing worth measuring.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Stage = Literal["reading", "facts", "payrolls", "computing", "writing", "months", "tries"]
Listener = Callable[[Stage, int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(stage: Stage, done: int = 0, count: int = 0) -> None:
    """Say which stage the work is at, and how much of it is done; 0 of 0 where nobody can know."""
    if listener := _listener.get():
        listener(stage, done, count)


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Let somebody listen while the work lasts."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
