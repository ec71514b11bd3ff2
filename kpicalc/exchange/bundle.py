"""A payroll and the files made from it, released together: checked before, read back after, all of them or none."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from kpicalc.exchange.manifest import Entry, manifest
from kpicalc.exchange.release import Write, release_all
from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.targets import all_targets
from kpicalc.lang import money
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import from_cell
from kpicalc.model.paid import Count

_LISTED = 5


def vet(order: Order, names: Sequence[str]) -> list[Issue]:
    """Return everything that is wrong with an order for these targets, each finding once."""
    found = [item for name in names for item in all_targets()[name].check(order)]
    held = order.paid.held
    if held:
        listed = ", ".join(held[:_LISTED]) + (", …" if len(held) > _LISTED else "")
        found.append(issue("held_not_exported", Place(order.paid.file), count=len(held), names=listed))
    return list(dict.fromkeys(found))


def release_bundle(
    order: Order,
    names: Sequence[str],
    folder: Path,
    inputs: Sequence[Path],
    workbook: tuple[Path, Write, Callable[[Path], Count]] | None,
) -> tuple[tuple[Path, ...], list[Issue]]:
    """Write, prove and release the files of an order; return them, or what prevented it.

    No file is written over the inputs or over another one. `workbook` is the payroll that is written in the same run,
    and how its people and total are counted.
    """
    contents: dict[Path, tuple[Target, Content]] = {}
    # Files made later from the same payroll have a manifest of their own, beside the run's.
    last = folder / ("-".join([order.stem, *(names if workbook is None else ())]) + ".manifest.json")
    taken = {last: "manifest"} | ({} if workbook is None else {workbook[0]: "payroll"})
    for name in names:
        target = all_targets()[name]
        for content in target.write(order):
            path = folder / content.name
            if path in taken:
                facts = {"found": content.name, "first": taken[path], "second": name}
                return (), [issue("same_file_twice", Place(str(path)), **facts)]
            if any(path.resolve() == item.resolve() for item in inputs):
                return (), [issue("output_is_input", Place(str(path)))]
            contents[path], taken[path] = (target, content), name
    files: dict[Path, Write] = {} if workbook is None else {workbook[0]: workbook[1]}
    files |= {path: _writer(content.data) for path, (_, content) in contents.items()}
    digests: dict[Path, str] = {}

    def recorded(path: Path, write: Write) -> Write:
        def write_and_record(temporary: Path) -> None:
            write(temporary)
            digests[path] = sha256(temporary.read_bytes()).hexdigest()

        return write_and_record

    def expected(path: Path) -> tuple[str, Count]:
        """Return the target that a file is for, and what must be found in it."""
        if path not in contents:
            # A spreadsheet keeps 15 digits of a total.
            return "", Count(order.paid.paid.people, from_cell(float(order.paid.paid.total)))
        target, content = contents[path]
        return target.name, content.expected

    def write_manifest(temporary: Path) -> None:
        entries = [Entry(path.name, expected(path)[0], digest, expected(path)[1]) for path, digest in digests.items()]
        temporary.write_bytes(manifest(order.paid, entries))

    def proof(finished: Mapping[Path, Path]) -> list[Issue]:
        found = []
        for path in files:
            if path in contents:
                counted = contents[path][0].read(finished[path].read_bytes(), order)
            else:
                assert workbook is not None
                counted = workbook[2](finished[path])
            if not agree(counted, expected(path)[1]):
                found.append(_differs(path, counted, expected(path)[1], order))
        return found

    whole = {path: recorded(path, write) for path, write in files.items()}
    issues = release_all(whole | {last: write_manifest}, proof)
    return ((), issues) if issues else ((*files, last), [])


def agree(counted: Count, expected: Count) -> bool:
    """Tell whether a file holds what it must; where it cannot tell people, the total decides."""
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
