"""Putting files in place: all of them whole, or none at all.

Files are written in a hidden folder beside their places and renamed when all of them are complete and proved, so a run
that fails, a full disk or a crash leaves the old files as they were. Before the first of several renames a journal
records all of them: if the run is killed between two renames, the next run in that folder finishes them. A lock on the
hidden folder distinguishes a running program from a killed one, whose remains are removed.
"""

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from kpicalc.exchange.workshop import (
    JOURNAL,
    PREFIX,
    Move,
    alone,
    clear,
    held,
    journal,
    sweep,
    sweep_drafts,
    workshop,
)
from kpicalc.model.issue import Issue, Place, issue

Write = Callable[[Path], None]
Proof = Callable[[Mapping[Path, Path]], list[Issue]]
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def is_one_of(path: Path, others: Iterable[Path]) -> bool:
    """Tell whether a path leads to one of these files through links; a circle of links leads to none."""
    return os.path.realpath(path) in {os.path.realpath(other) for other in others}


def release(path: Path, write: Write) -> list[Issue]:
    """Write a file and put it in place; return the issue that prevented it, else None."""
    return release_all({path: write})


def release_all(files: Mapping[Path, Write], proof: Proof | None = None) -> list[Issue]:
    """Write files in order, prove them, and put all in place; if an issue is returned, none of them is.

    `proof` gets the finished files, still in the hidden folder, by their final paths; meanwhile no other run can put
    files into these folders.
    """
    finished: dict[Path, Path] = {}
    shops: dict[Path, Path] = {}
    with ExitStack() as stack:
        for asked, write in files.items():
            if fault := _finish(asked, write, finished, shops, stack):
                return [fault]
        for folder in sorted(shops):
            stack.enter_context(alone(folder))
        if proof is not None and (refused := proof(finished)):
            return refused
        return _put_in_place(finished, next(iter(shops.values())))


def mend(folder: Path) -> list[Issue]:
    """Finish the renames of a killed run in a folder, and report them."""
    issues = []
    for shop in folder.glob(f"{PREFIX}*") if os.path.isdir(folder) else ():
        with held(shop) as ours:
            if not ours:
                continue
            moves = journal(shop)
            names = ", ".join(Path(to).name for _, to in moves)
            try:
                _carry_out(moves)
                (shop / JOURNAL).unlink(missing_ok=True)
            except OSError as error:
                issues.append(issue("release_cut", Place(str(folder)), found=names, cause=error.strerror or str(error)))
                continue
            if moves:
                issues.append(issue("release_mended", Place(str(folder)), found=names))
            clear(shop)
    return issues


def _finish(
    asked: Path, write: Write, finished: dict[Path, Path], shops: dict[Path, Path], stack: ExitStack
) -> Issue | None:
    """Write a file in the hidden folder beside its place."""
    place = Place(str(asked))
    # A link stays a link: what it points to is replaced.
    path = Path(os.path.realpath(asked))
    try:
        if path.is_file() and not path.stat().st_mode & _WRITABLE:
            return issue("output_protected", place)
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep_drafts(path)
        if path.parent not in shops:
            with alone(path.parent) as locked:
                sweep(path.parent, locked=locked)
                shops[path.parent] = stack.enter_context(workshop(path.parent))
        temporary = finished[asked] = shops[path.parent] / path.name
        write(temporary)
        # The new file keeps the permissions of the old one; a first file gets the usual ones.
        temporary.chmod(path.stat().st_mode & 0o777 if path.is_file() else 0o666 & ~_umask())
        _sync(temporary)
    except OSError as error:
        return _explained(error, path, place)
    except Exception as error:
        # The writing library wraps the system's error.
        if isinstance(error.__cause__ or error.__context__, OSError) or _is_wrapped(error):
            return _explained(_cause(error), path, place)
        raise
    return None


def _put_in_place(finished: Mapping[Path, Path], shop: Path) -> list[Issue]:
    """Rename all files; if one rename fails, undo the earlier ones."""
    moves = [(temporary, Path(os.path.realpath(asked)), asked) for asked, temporary in finished.items()]
    back: list[Move] = []
    try:
        if len(moves) > 1:
            for temporary, path, asked in moves:
                try:
                    back.append((str(_set_aside(path, temporary)) if path.is_file() else "", str(path)))
                except OSError as error:
                    return [_explained(error, path, Place(str(asked)))]
            try:
                _write_journal(shop, [(str(temporary), str(path)) for temporary, path, _ in moves])
            except OSError as error:
                return [_explained(error, moves[0][1], Place(str(moves[0][2])))]
        for done, (temporary, path, asked) in enumerate(moves):
            try:
                temporary.replace(path)
            except OSError as error:
                _take_back(shop, back[:done])
                return [_explained(error, path, Place(str(asked)))]
    except BaseException:
        _take_back(shop, back)
        raise
    with suppress(OSError):
        (shop / JOURNAL).unlink(missing_ok=True)
    return []


def _set_aside(path: Path, temporary: Path) -> Path:
    """Keep an old file under a second name until all new ones are in place."""
    old = temporary.with_name(f"{temporary.name}.old")
    try:
        os.link(path, old)
    except OSError:
        # Not every file system supports links.
        shutil.copy2(path, old)
    return old


def _take_back(shop: Path, moves: list[Move]) -> None:
    """Undo the renames; a journal lets the next run finish them if this one is killed meanwhile."""
    with suppress(OSError):
        _write_journal(shop, moves)
    with suppress(OSError):
        _carry_out(moves)
        (shop / JOURNAL).unlink(missing_ok=True)


def _carry_out(moves: list[Move]) -> None:
    """Carry out the moves of a journal that are still to be done."""
    for source, target in moves:
        if not source:
            Path(target).unlink(missing_ok=True)
        elif Path(source).is_file():
            Path(source).replace(Path(target))


def _write_journal(shop: Path, moves: list[Move]) -> None:
    draft = shop / f"{JOURNAL}.new"
    draft.write_text(json.dumps(moves), encoding="utf-8")
    _sync(draft)
    draft.replace(shop / JOURNAL)


def _is_wrapped(error: Exception) -> bool:
    return any(isinstance(argument, OSError) for argument in error.args)


def _cause(error: Exception) -> OSError:
    candidates = (error.__cause__, error.__context__, *error.args)
    return next(item for item in candidates if isinstance(item, OSError))


def _explained(error: OSError, path: Path, place: Place) -> Issue:
    if error.errno == errno.ENOSPC:
        return issue("disk_full", place)
    if os.path.isdir(path):
        return issue("output_is_folder", place)
    if isinstance(error, PermissionError) and not os.path.exists(path):
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
