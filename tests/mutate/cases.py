"""What is changed: every sample that pays, and the month that `init` writes for every template."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicalc.app import init

from .colleagues import with_colleagues
from .files import as_people_see_it
from .judge import Seen, seen
from .schemes import without_examples

ROOT = Path(__file__).parents[2]
MONTH = "2026-10"


@dataclass(frozen=True)
class Case:
    """A month that is paid: a workbook and a scheme in a folder of their own, and what the run shows unchanged.

    `texts` are the csv files of facts beside the workbook.
    """

    name: str
    workbook: Path
    texts: tuple[Path, ...]
    scheme: Path
    before: Seen


def cases(folder: Path, names: Sequence[str] = ()) -> Iterator[Case]:
    """Yield the cases, or those of these names, each in a folder of its own; their schemes have no examples."""
    for sample in sorted(path.parent for path in ROOT.glob("samples/*/scheme.yaml")):
        own = folder / sample.name
        if names and own.name not in names:
            continue
        shutil.copytree(sample, own)
        yield from _case(sample.name, own)
    for template in sorted(path.name for path in (ROOT / "templates").iterdir()):
        own = folder / f"{template}-ru"
        if names and own.name not in names:
            continue
        init(own, ROOT / "templates" / template / "ru.yaml", MONTH)
        yield from _case(own.name, own, alone=True)


def _case(name: str, folder: Path, *, alone: bool = False) -> Iterator[Case]:
    scheme, workbook = folder / "scheme.yaml", min(folder.glob("*.xlsx"))
    scheme.write_text(without_examples(scheme.read_text(encoding="utf-8")), encoding="utf-8")
    as_people_see_it(workbook)
    if alone:
        with_colleagues(workbook)
    before = seen(workbook, scheme)
    if before.refused:
        raise AssertionError(f"{name} is to be paid as it is: {sorted(before.said)[:3]}")
    yield Case(name, workbook, tuple(sorted(folder.glob("*.csv"))), scheme, before)
