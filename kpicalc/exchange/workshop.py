"""The hidden folder in which a run writes its files: its lock, its journal, and what killed runs left of theirs.

A lock on the hidden folder distinguishes a running program from a killed one.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from tempfile import mkdtemp

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such locks: there age tells what was left behind
    fcntl = None  # type: ignore[assignment]

Move = tuple[str, str]
"""A rename, from and to; with an empty `from` the file is removed."""
JOURNAL, PREFIX = "journal.json", ".kpicalc-"
_LOCK = "lock"
STALE_SECONDS = 3600


def journal(shop: Path) -> list[Move]:
    """Return the renames that a run recorded before the first of them; none without a whole journal."""
    try:
        return [(str(source), str(target)) for source, target in json.loads((shop / JOURNAL).read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Make the hidden folder in which files are written, and lock it while this run works there."""
    shop = Path(mkdtemp(prefix=PREFIX, dir=folder))
    with (shop / _LOCK).open("w") as lock:
        _take(lock.fileno(), wait=True)
        try:
            yield shop
        finally:
            clear(shop)


@contextmanager
def held(shop: Path) -> Iterator[bool]:
    """Take the lock of a hidden folder that another run left; yield False if that run is still at work."""
    try:
        lock = (shop / _LOCK).open("r+")
    except OSError:
        yield False
        return
    with lock:
        yield _take(lock.fileno(), wait=False)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Keep other runs from putting files into a folder meanwhile; a system without such locks does not wait: False."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        yield _take(handle, wait=True)
    finally:
        os.close(handle)


def _take(handle: int, *, wait: bool) -> bool:
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def clear(shop: Path) -> None:
    """Remove a hidden folder, unless its journal is still to be carried out by the next run."""
    if journal(shop):
        return
    shutil.rmtree(shop, ignore_errors=True)


def sweep(folder: Path, *, locked: bool) -> None:
    """Remove the hidden folders that killed runs left.

    Where the folder around them is locked, nobody is making one: one without a lock is that of a killed run.
    """
    for shop in folder.glob(f"{PREFIX}*"):
        unlocked = locked and not (shop / _LOCK).exists()
        with held(shop) as ours:
            if ours or unlocked or _is_stale(shop):
                clear(shop)


def sweep_drafts(path: Path) -> None:
    """Remove what runs of an earlier version left, which had no lock: after an hour."""
    for stale in path.parent.glob(f".{escape(path.stem)}-*{escape(path.suffix)}"):
        if _is_stale(stale):
            with suppress(OSError):
                stale.unlink()


def _is_stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STALE_SECONDS
    except OSError:
        return False
