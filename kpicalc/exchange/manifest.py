"""The manifest of a run's files: names, SHA-256, how many people and how much, so that anybody can check them later."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicalc import __version__
from kpicalc.model.paid import Count, Paid


@dataclass(frozen=True, slots=True)
class Entry:
    """A released file; `target` is empty for the payroll workbook itself."""

    name: str
    target: str
    sha256: str
    count: Count


def manifest(paid: Paid, entries: Sequence[Entry]) -> bytes:
    """Return the manifest as JSON; amounts are decimal strings."""
    data = {
        "kpicalc": __version__,
        "period": paid.period,
        "currency": paid.currency,
        "source": {"name": Path(paid.file).name, "sha256": paid.sha256},
        "paid": _count(paid.paid),
        "accrued": _count(paid.accrued),
        "held": list(paid.held),
        "files": [
            {"name": entry.name, "target": entry.target or None, "sha256": entry.sha256} | _count(entry.count)
            for entry in entries
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _count(count: Count) -> dict[str, object]:
    return {"people": count.people, "total": f"{count.total:f}"}
