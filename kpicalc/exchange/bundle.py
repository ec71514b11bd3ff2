"""A payroll and the files made from it, released together: checked before, read back after, all of them or none."""

import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

from kpicalc.exchange.release import Write, is_one_of, release_all
from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.targets import all_targets
from kpicalc.lang import money
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.money import from_cell
from kpicalc.model.paid import Count
from kpicalc.model.period import title
from kpicalc.model.record import record
from kpicalc.payroll.manifest import ENDING, Entry, Manifest, manifest, of_other_payrolls

_LISTED = 5


def vet(order: Order, names: Sequence[str]) -> list[Issue]:
    """Return the issues of an order for these targets, each once."""
    issues = [item for name in names for item in all_targets()[name].check(order)]
    held = order.paid.held
    if held:
        issues.append(issue("held_not_exported", Place(order.paid.file), count=len(held), names=listed(held, _LISTED)))
    return list(dict.fromkeys(issues))


def standing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return inode, time and size of each file in a folder by name; empty for a folder yet to be made."""
    if not os.path.isdir(folder):
        return {}
    states = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                state = entry.stat()
                states[entry.name] = (state.st_ino, state.st_mtime_ns, state.st_size)
    return states


@record
class Written:
    """A payroll written in the same run: its path, its writer, and how its people and total are counted.

    `sheets` are the sheets of the workbook that were read. `kept` is the path for the payroll that it replaces; None if
    there is none, or it pays the same. `before` is the folder's state when that was decided. A payroll without files
    beside it is not counted.
    """

    path: Path
    write: Write
    counted: Callable[[Path], Count]
    sheets: Mapping[str, str]
    kept: Path | None = None
    before: Mapping[str, tuple[int, int, int]] | None = None


def release_bundle(
    order: Order,
    names: Sequence[str],
    folder: Path,
    inputs: Sequence[Path],
    workbook: Written | None,
) -> tuple[tuple[Path, ...], list[Issue]]:
    """Write, prove and release the files of an order, the manifest last; return them, and the issues.

    No file replaces an input or another file of the order. If anything is refused, no file is released.
    """
    contents: dict[Path, tuple[Target, Content]] = {}
    before = standing(folder) if workbook is None or workbook.before is None else workbook.before
    # Files made later from the same payroll have a manifest of their own, beside the run's.
    last = folder / ("-".join([order.stem, *(names if workbook is None else ())]) + ENDING)
    taken = {last: "manifest"} | ({} if workbook is None else {workbook.path: "payroll"})
    for name in names:
        target = all_targets()[name]
        for content in target.write(order):
            path = folder / content.name
            if path in taken:
                facts = {"found": content.name, "first": taken[path], "second": name}
                return (), [issue("same_file_twice", Place(str(path)), **facts)]
            if is_one_of(path, inputs):
                return (), [issue("output_is_input", Place(str(path)))]
            contents[path], taken[path] = (target, content), name
    others, manifests = of_other_payrolls(folder, order.paid, order.digest, {path.name for path in taken})
    same = _made_before(folder, order, [item for item in manifests if item.path == last], taken)
    if refused := _released_before(order, contents, manifests):
        return (), refused
    files: dict[Path, Write] = {}
    if workbook is not None and workbook.kept is not None:
        files[workbook.kept] = _copied(workbook.path)
    if workbook is not None:
        files[workbook.path] = workbook.write
    files |= {path: _writer(content.data) for path, (_, content) in contents.items()}
    digests: dict[Path, str] = {}

    def recorded(path: Path, write: Write) -> Write:
        def write_and_record(temporary: Path) -> None:
            write(temporary)
            with temporary.open("rb") as written:
                digests[path] = file_digest(written, "sha256").hexdigest()

        return write_and_record

    def expected(path: Path) -> tuple[str, Count]:
        """Return the target of a file, and the count and total that must be read back from it."""
        if path not in contents:
            # A spreadsheet keeps 15 digits of a total.
            return "", Count(order.paid.paid.people, from_cell(float(order.paid.paid.total)))
        target, content = contents[path]
        return target.name, content.expected

    def write_manifest(temporary: Path) -> None:
        entries = [
            Entry(path.name, expected(path)[0], digest, expected(path)[1], _number(order, contents.get(path)))
            for path, digest in digests.items()
            if workbook is None or path != workbook.kept
        ]
        sheets = workbook.sheets if workbook else {}
        gone = _gone(order, contents, manifests, last, {entry.name for entry in (*same, *others)})
        temporary.write_bytes(manifest(order.paid, order.digest, [*entries, *same], others, sheets, gone))

    def proof(finished: Mapping[Path, Path]) -> list[Issue]:
        if differing := _written_meanwhile(folder, before, [path.name for path in (*files, last)]):
            return differing
        for path in files:
            if path in contents:
                counted = contents[path][0].read(finished[path].read_bytes(), order)
            elif contents and workbook is not None and path == workbook.path:
                counted = workbook.counted(finished[path])
            else:
                continue
            if not agree(counted, expected(path)[1]):
                differing.append(_differs(path, counted, expected(path)[1], order))
        return differing

    whole = {path: recorded(path, write) for path, write in files.items()}
    if issues := release_all(whole | {last: write_manifest}, proof):
        return (), issues
    remarks = [_of_another(folder, others, order)] if others else []
    # The payroll comes first, and the payroll that was kept last.
    made = sorted(files, key=lambda path: workbook is not None and path == workbook.kept)
    return (*made, last), remarks


def _released_before(
    order: Order, contents: Mapping[Path, tuple[Target, Content]], manifests: Sequence[Manifest]
) -> list[Issue]:
    """Refuse to replace a payment file that was released under the same number, unless the two are identical."""
    if order.replace:
        return []
    released = {(entry.target, entry.number): entry for item in manifests for entry in item.files if entry.number}
    numbers = {entry.name: entry.number for entry in released.values()}
    gone = {(entry.target, entry.number): entry for item in manifests for entry in item.replaced}
    issues = []
    for path, (target, content) in contents.items():
        if not target.numbered:
            continue
        before = released.get((target.name, order.number))
        there = path.with_name(before.name) if before else path
        other_number = before is None and numbers.get(path.name, order.number) != order.number
        earlier = None if before else gone.get((target.name, order.number))
        differs = there.is_file() and not other_number and there.read_bytes() != content.data
        if differs or (earlier and earlier.sha256 != sha256(content.data).hexdigest()):
            facts = {
                "found": there.name,
                "number": order.number,
                "month": title(order.paid.period, order.paid.language),
            }
            issues.append(issue("registry_released", Place(str(there)), **facts))
    return issues


def _made_before(
    folder: Path, order: Order, manifests: Sequence[Manifest], taken: Mapping[Path, object]
) -> list[Entry]:
    """Return files made from this same payroll by an earlier run, which still stand and are not made anew."""
    of_it = [item for item in manifests if item.is_of(order.paid, order.digest)]
    entries = [entry for item in of_it for entry in item.files if entry.target and not entry.digest]
    return [entry for entry in entries if (path := folder / entry.name) not in taken and path.is_file()]


def _gone(
    order: Order,
    contents: Mapping[Path, tuple[Target, Content]],
    manifests: Sequence[Manifest],
    anew: Path,
    listed: Collection[str],
) -> list[Entry]:
    """Return the payment files that stand here no longer under their number: the bank may have had them.

    `anew` is the manifest that is written, `listed` are names that it keeps.
    """
    made = {path.name: (target.name, order.number) for path, (target, _) in contents.items() if target.numbered}
    known = [entry for item in manifests for entry in item.replaced]
    for item in manifests:
        lost = {entry.name for entry in item.files if item.path == anew} - set(listed)
        known += [entry for entry in item.files if entry.number and entry.name in {*made, *lost}]
    others = {(entry.target, entry.number): entry for entry in known}
    return [entry for key, entry in others.items() if key not in made.values()]


def _written_meanwhile(folder: Path, before: Mapping[str, tuple[int, int, int]], names: Sequence[str]) -> list[Issue]:
    """Refuse if another run has put files here since this run looked at what it replaces."""
    now = standing(folder)
    changed = [name for name in names if now.get(name) != before.get(name)]
    return [issue("written_meanwhile", Place(str(folder)), found=", ".join(changed))] if changed else []


def _number(order: Order, content: tuple[Target, Content] | None) -> str:
    return order.number if content is not None and content[0].numbered else ""


def _of_another(folder: Path, others: Sequence[Entry], order: Order) -> Issue:
    named = listed([entry.name for entry in others], _LISTED)
    month = title(order.paid.period, order.paid.language)
    return issue("files_of_another_payroll", Place(str(folder)), count=len(others), names=named, month=month)


def _copied(path: Path) -> Write:
    def write(temporary: Path) -> None:
        shutil.copyfile(path, temporary)

    return write


def agree(counted: Count, expected: Count) -> bool:
    """Tell whether a file has the expected count and total; the total decides where people are not counted."""
    same_people = counted.people is None or expected.people is None or counted.people == expected.people
    return same_people and counted.total == expected.total


def _writer(data: bytes) -> Write:
    def write(path: Path) -> None:
        path.write_bytes(data)

    return write


def _differs(path: Path, counted: Count, expected: Count, order: Order) -> Issue:
    language = order.paid.language
    return issue(
        "proof_failed",
        Place(str(path)),
        people=expected.people if expected.people is not None else "—",
        total=money(expected.total, language),
        found_people=counted.people if counted.people is not None else "—",
        found=money(counted.total, language),
    )
