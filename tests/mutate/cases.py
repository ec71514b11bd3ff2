"""What is changed: every sample that pays, the month `init` writes for every template, and months with more to them."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kpicalc.app import init, run

from .colleagues import with_colleagues
from .files import as_people_see_it
from .judge import Seen, seen
from .schemes import without_examples

ROOT = Path(__file__).parents[2]
MONTH = "2026-10"
_LATER = (("quarter", "2026-09"), ("decide", "2026-08"))
"""Samples and a month of theirs that takes figures from the payrolls before it: of a quarter, of an advance."""
_ALIKE = 3
"""The English templates are the Russian ones in other words: of their changes every third is tried."""
_SLOW = 3
"""A month whose facts stand in a csv takes a second: every third likewise."""
_SALARY, _SPLIT = "prorate: days}", "prorate: days, changes: split}"


@dataclass(frozen=True)
class Case:
    """A month that is paid: a workbook and a scheme in a folder of their own, and what the run shows unchanged.

    `texts` are the csv files of facts beside the workbook, `history` the folder of the payrolls before. Of the changes
    every `step`-th is tried.
    """

    name: str
    workbook: Path
    texts: tuple[Path, ...]
    scheme: Path
    history: Path | None
    step: int
    before: Seen


def cases(folder: Path, names: Sequence[str] = ()) -> Iterator[Case]:
    """Yield the cases, or those of these names, each in a folder of its own; their schemes have no examples."""
    for name, case in _every():
        if not names or name in names:
            yield case(folder / name)


def _every() -> Iterator[tuple[str, Callable[[Path], Case]]]:
    for sample in sorted(path.parent for path in ROOT.glob("samples/*/scheme.yaml")):
        yield sample.name, partial(_of_sample, sample)
    for template in sorted((ROOT / "templates").iterdir()):
        yield f"{template.name}-ru", partial(_of_template, template / "ru.yaml")
    for template in sorted((ROOT / "templates").iterdir()):
        yield f"{template.name}-en", partial(_of_template, template / "en.yaml", step=_ALIKE)
    for sample, month in _LATER:
        yield f"{sample}-later", partial(_of_later_month, ROOT / "samples" / sample, month)
    for language in ("ru", "en"):
        yield (
            f"premium-changes-{language}",
            partial(_of_changed_salaries, ROOT / "templates/premium" / f"{language}.yaml"),
        )


def _of_sample(sample: Path, folder: Path) -> Case:
    shutil.copytree(sample, folder)
    workbook = min(folder.glob("*.xlsx"))
    as_people_see_it(workbook)
    return _case(folder, workbook)


def _of_later_month(sample: Path, month: str, folder: Path) -> Case:
    """Pay the months before, and return this one with their payrolls as its history."""
    shutil.copytree(sample, folder)
    history = folder / "paid"
    *earlier, workbook = sorted(path for path in folder.glob("*.xlsx") if path.stem <= month)
    as_people_see_it(workbook)
    for path in earlier:
        outcome = run(path, folder / "scheme.yaml", out=history, history=history)
        if outcome.errors:
            raise AssertionError(f"{path} is to be paid: {outcome.issues[:3]}")
    return _case(folder, workbook, history=history)


def _of_template(template: Path, folder: Path, *, step: int = 1) -> Case:
    init(folder, template, MONTH)
    workbook = folder / f"{MONTH}.xlsx"
    as_people_see_it(workbook)
    with_colleagues(workbook)
    return _case(folder, workbook, step=step)


def _of_changed_salaries(template: Path, folder: Path) -> Case:
    """Return a template's month in which salaries change on a day."""
    folder.mkdir()
    split = folder / "split.yaml"
    split.write_text(template.read_text(encoding="utf-8").replace(_SALARY, _SPLIT), encoding="utf-8")
    return _of_template(split, folder)


def _case(folder: Path, workbook: Path, *, history: Path | None = None, step: int = 1) -> Case:
    scheme = folder / "scheme.yaml"
    scheme.write_text(without_examples(scheme.read_text(encoding="utf-8")), encoding="utf-8")
    before = seen(workbook, scheme, history)
    if before.refused:
        raise AssertionError(f"{folder.name} is to be paid as it is: {sorted(before.said)[:3]}")
    texts = tuple(sorted(folder.glob("*.csv")))
    step = _SLOW if texts else step
    return Case(folder.name, workbook, texts, scheme, history, step, before)
