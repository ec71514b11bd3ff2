"""The manifest beside a payroll: its digest, and the files made from it, so that anybody can check them later.

The next run and the next export read the manifests of their folder: a file made from another payroll of the month is
reported, and stays on the list until it is gone.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from os.path import isdir
from pathlib import Path
from typing import Any

from kpicalc import __version__
from kpicalc.model.paid import Count, Paid
from kpicalc.model.record import record

ENDING = ".manifest.json"


@record
class Entry:
    """A released file; `target` is empty for the payroll itself, `number` for a file without one.

    `digest` is that of the payroll from which it was made; it is empty if an earlier version made the file.
    """

    name: str
    target: str
    sha256: str
    count: Count
    number: str = ""
    digest: str = ""


@record
class Manifest:
    """A manifest that was read. `paid` and `accrued` are control figures of its payroll."""

    path: Path
    period: str
    digest: str
    paid: Count
    accrued: Count
    files: tuple[Entry, ...]
    replaced: tuple[Entry, ...]
    """Payment files that a file of another number has replaced or that were taken away: the bank may have had them."""
    sheets: Mapping[str, str]
    """The sheets that were read, by their keys; empty if an earlier version wrote the manifest."""

    def is_of(self, paid: Paid, digest: str) -> bool:
        """Tell whether the manifest is of this payroll; an earlier version's is matched by its control figures."""
        if self.digest:
            return self.digest == digest
        return (self.paid, self.accrued) == (paid.paid, paid.accrued)


def manifest(
    paid: Paid,
    digest: str,
    entries: Sequence[Entry],
    older: Sequence[Entry],
    sheets: Mapping[str, str],
    replaced: Sequence[Entry] = (),
) -> bytes:
    """Return the manifest as JSON, amounts as decimal strings; `older` are files made from other payrolls.

    `replaced` are payment files in whose place there is one of another number, or none.
    """
    data = {
        "kpicalc": __version__,
        "period": paid.period,
        "currency": paid.currency,
        "digest": digest,
        "source": {"name": Path(paid.file).name, "sha256": paid.sha256},
        "paid": _count(paid.paid),
        "accrued": _count(paid.accrued),
        "held": list(paid.held),
        "files": [_written(entry) for entry in entries],
    }
    if sheets:
        data["sheets"] = dict(sheets)
    if older:
        data["older"] = [_written(entry) | {"digest": entry.digest} for entry in older]
    if replaced:
        data["replaced"] = [_written(entry) for entry in replaced]
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def beside(payroll: Path) -> Manifest | None:
    """Return the manifest that stands beside a payroll and has its name."""
    return _read(payroll.with_name(f"{payroll.stem}{ENDING}"))


def manifests_in(folder: Path, period: str) -> list[Manifest]:
    """Return a month's manifests in a folder."""
    paths = sorted(folder.glob(f"*{ENDING}")) if isdir(folder) else []
    return [manifest for path in paths if (manifest := _read(path)) is not None and manifest.period == period]


def of_other_payrolls(
    folder: Path, paid: Paid, digest: str, rewritten: Collection[str]
) -> tuple[list[Entry], list[Manifest]]:
    """Return files in a folder that were made from other payrolls of the month, and the month's manifests.

    `rewritten` are names of files that are about to be replaced.
    """
    manifests = manifests_in(folder, paid.period)
    current = {entry.name for item in manifests if item.is_of(paid, digest) for entry in item.files if not entry.digest}
    others: dict[str, Entry] = {}
    for item in manifests:
        for entry in item.files:
            same = bool(entry.digest) and entry.digest == digest
            if same or (not entry.digest and item.is_of(paid, digest)) or entry.name in {*rewritten, *current}:
                continue
            if (folder / entry.name).is_file():
                others.setdefault(entry.name, _of(entry, entry.digest or item.digest))
    return list(others.values()), manifests


def _of(entry: Entry, digest: str) -> Entry:
    return Entry(entry.name, entry.target, entry.sha256, entry.count, entry.number, digest)


def _read(path: Path) -> Manifest | None:
    """Read a manifest; return None if it is no manifest or is damaged."""
    try:
        data = json.loads(path.read_bytes())
        return Manifest(
            path=path,
            period=str(data["period"]),
            digest=str(data.get("digest") or ""),
            paid=_counted(data["paid"]),
            accrued=_counted(data["accrued"]),
            files=tuple(_entries((*data["files"], *data.get("older", ())))),
            replaced=tuple(_entries(data.get("replaced", ()))),
            sheets={str(role): str(name) for role, name in data.get("sheets", {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        return None


def _entries(items: Sequence[dict[str, Any]]) -> Iterator[Entry]:
    for item in items:
        number, digest = str(item.get("number") or ""), str(item.get("digest") or "")
        # kpicalc writes no name that has a folder in it.
        name = Path(str(item["name"])).name
        yield Entry(name, str(item["target"] or ""), str(item["sha256"]), _counted(item), number, digest)


def _written(entry: Entry) -> dict[str, object]:
    number = {"number": entry.number} if entry.number else {}
    return {"name": entry.name, "target": entry.target or None, "sha256": entry.sha256} | _count(entry.count) | number


def _count(count: Count) -> dict[str, object]:
    return {"people": count.people, "total": f"{count.total:f}"}


def _counted(data: dict[str, Any]) -> Count:
    people = data["people"]
    return Count(None if people is None else int(people), Decimal(data["total"]))
