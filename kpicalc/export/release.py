"""Putting files in place: all of them whole, or none at all.

A file is written beside its place under a temporary name and renamed when it is complete, so a run that fails, a full
disk or a crash leaves the old file as it was.
"""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from kpicalc.model.issue import Issue, Place, issue

Write = Callable[[Path], None]


def release(path: Path, write: Write) -> list[Issue]:
    """Write a file and put it in place; return what prevented it."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix, delete=False) as handle:
            temporary = Path(handle.name)
        write(temporary)
        # Readable like any new file: a temporary one is private to its owner.
        temporary.chmod(0o666 & ~_umask())
        _sync(temporary)
        temporary.replace(path)
    except OSError as error:
        return [_explained(error, path)]
    except Exception as error:
        # The writing library wraps what the system said.
        if isinstance(error.__cause__ or error.__context__, OSError) or _is_wrapped(error):
            return [_explained(_cause(error), path)]
        raise
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return []


def _is_wrapped(error: Exception) -> bool:
    return any(isinstance(argument, OSError) for argument in error.args)


def _cause(error: Exception) -> OSError:
    candidates = (error.__cause__, error.__context__, *error.args)
    return next(item for item in candidates if isinstance(item, OSError))


def _explained(error: OSError, path: Path) -> Issue:
    place = Place(str(path))
    if error.errno == errno.ENOSPC:
        return issue("disk_full", place)
    if path.is_dir():
        return issue("output_is_folder", place)
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
