"""Putting files in place: all of them whole, or none at all.

A file is written beside its place under a temporary name and renamed when it is complete, so a run that fails, a full
disk or a crash leaves the old file as it was. Files that belong together are renamed when all of them are complete
and proved.
"""

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from kpicalc.model.issue import Issue, Place, issue

Write = Callable[[Path], None]
Proof = Callable[[Mapping[Path, Path]], list[Issue]]
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_STALE_SECONDS = 3600


def release(path: Path, write: Write) -> list[Issue]:
    """Write a file and put it in place; return what prevented it."""
    return release_all({path: write})


def release_all(files: Mapping[Path, Write], proof: Proof | None = None) -> list[Issue]:
    """Write files in order, prove them, and put all of them in place; return what prevented it: then none is.

    `proof` gets the finished files, still under their temporary names, by the path where they will go.
    """
    finished: dict[Path, Path] = {}
    try:
        for path, write in files.items():
            if found := _finish(path, write, finished):
                return [found]
        if proof is not None and (refused := proof(finished)):
            return refused
        return _put_in_place(finished)
    finally:
        for temporary in finished.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _finish(asked: Path, write: Write, finished: dict[Path, Path]) -> Issue | None:
    """Write a file under a temporary name beside its place."""
    place = Place(str(asked))
    # A link stays a link: what it points to is replaced.
    path = Path(os.path.realpath(asked))
    try:
        if path.is_file() and not path.stat().st_mode & _WRITABLE:
            return issue("output_protected", place)
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix, delete=False) as handle:
            temporary = finished[asked] = Path(handle.name)
        write(temporary)
        # A payroll that only its owner may read stays so; a new file is readable like any other new file.
        temporary.chmod(path.stat().st_mode & 0o777 if path.is_file() else 0o666 & ~_umask())
        _sync(temporary)
    except OSError as error:
        return _explained(error, path, place)
    except Exception as error:
        # The writing library wraps what the system said.
        if isinstance(error.__cause__ or error.__context__, OSError) or _is_wrapped(error):
            return _explained(_cause(error), path, place)
        raise
    return None


def _put_in_place(finished: Mapping[Path, Path]) -> list[Issue]:
    """Rename all files; where one cannot be, those before it become again what they were."""
    kept: list[tuple[Path, Path | None]] = []
    try:
        for asked, temporary in finished.items():
            path = Path(os.path.realpath(asked))
            try:
                if len(finished) > 1:
                    kept.append((path, _set_aside(path, temporary) if path.is_file() else None))
                temporary.replace(path)
            except OSError as error:
                _take_back(kept)
                return [_explained(error, path, Place(str(asked)))]
    except BaseException:
        _take_back(kept)
        raise
    finally:
        for _, old in kept:
            if old is not None:
                with suppress(OSError):
                    old.unlink(missing_ok=True)
    return []


def _set_aside(path: Path, temporary: Path) -> Path:
    """Keep an old file under a second name until all new ones stand."""
    old = temporary.with_name(f"{temporary.stem}-old{temporary.suffix}")
    try:
        os.link(path, old)
    except OSError:
        # Not every file system knows links.
        shutil.copy2(path, old)
    return old


def _take_back(kept: Sequence[tuple[Path, Path | None]]) -> None:
    for path, old in reversed(kept):
        with suppress(OSError):
            if old is None:
                path.unlink(missing_ok=True)
            else:
                old.replace(path)


def _sweep(path: Path) -> None:
    """Remove what a run that was killed long ago left behind; a younger file may be somebody's run right now."""
    for stale in path.parent.glob(f".{path.stem}-*{path.suffix}"):
        with suppress(OSError):
            if time.time() - stale.stat().st_mtime > _STALE_SECONDS:
                stale.unlink()


def _is_wrapped(error: Exception) -> bool:
    return any(isinstance(argument, OSError) for argument in error.args)


def _cause(error: Exception) -> OSError:
    candidates = (error.__cause__, error.__context__, *error.args)
    return next(item for item in candidates if isinstance(item, OSError))


def _explained(error: OSError, path: Path, place: Place) -> Issue:
    if error.errno == errno.ENOSPC:
        return issue("disk_full", place)
    if path.is_dir():
        return issue("output_is_folder", place)
    if isinstance(error, PermissionError) and not path.exists():
        return issue("output_folder", place)
    if isinstance(error, PermissionError):
        return issue("output_open", place)
    return issue("output_failed", place, found=error.strerror or str(error))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync(path: Path) -> None:
    """Make sure that the bytes are on the disk before the old file is given up."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())
