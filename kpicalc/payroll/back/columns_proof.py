"""The fast proof: whether a payroll is as it was written, checked by columns instead of person by person.

It accepts nothing that `proof.py` would refuse, and reports no faults itself: any deviation raises `OtherwiseError`.
Its bounds are slightly tighter, because it adds binary floats in place of exact decimals.
"""

from collections.abc import Mapping, Sequence
from math import fsum

from kpicalc.intake.files.columns import OtherwiseError
from kpicalc.lang import Language
from kpicalc.payroll.back.by_columns import Calculated, Listed, added
from kpicalc.payroll.digest import Sheet, amount_texts, digest
from kpicalc.payroll.layout import identity_headings, run_caption, sheet_name

_NOISE = 0.004
_LARGEST_SUM = 1e12


def prove_rows(shown: Listed) -> None:
    """Prove that nobody appears twice on the Payroll sheet, and that every row adds up."""
    numbers, names = shown.texts[:2]
    if len(set(numbers)) != len(numbers) or "" in numbers or "" in names:
        raise OtherwiseError
    columns = shown.columns
    earned = added([shown.known(at) for at in columns.earned], len(numbers))
    whole = added([earned, *(shown.known(at) for at in columns.withheld)], len(numbers))
    _alike(shown.known(columns.accrued), earned)
    _alike(shown.known(columns.total), whole)
    if shown.repeated is not None:
        _alike([value or 0.0 for value in shown.repeated], whole)


def in_order(loaded: Listed, numbers: Sequence[str]) -> Listed:
    """Return the For 1C sheet in the order of the Payroll sheet; both must list the same people, each once."""
    present = loaded.texts[0]
    if present == numbers:
        return loaded
    at = {number: index for index, number in enumerate(present)}
    if len(at) != len(present) or len(present) != len(numbers) or at.keys() != set(numbers):
        raise OtherwiseError
    order = [at[number] for number in numbers]
    return Listed(
        loaded.heads,
        [[column[index] for index in order] for column in loaded.texts],
        loaded.columns,
        {name: [column[index] for index in order] for name, column in loaded.amounts.items()},
        loaded.first,
    )


def prove_loaded(shown: Listed, loaded: Listed) -> None:
    """Compare the For 1C sheet with the Payroll sheet, where reductions are folded into the lines that they reduce."""
    count = len(shown.texts[0])
    if loaded.texts[: len(shown.texts)] != shown.texts:
        raise OtherwiseError
    ours, theirs = shown.columns, loaded.columns
    accrued = added([loaded.known(at) for at in theirs.earned], count)
    _alike(loaded.known(theirs.total), shown.known(ours.total))
    _alike(accrued, shown.known(ours.accrued))
    _alike(added([accrued, *(loaded.known(at) for at in theirs.withheld)], count), loaded.known(theirs.total))
    nothing = [0.0] * count
    amounts, other = shown.by_title(ours.withheld), loaded.by_title(theirs.withheld)
    for title in amounts.keys() | other.keys():
        _alike(amounts.get(title, nothing), other.get(title, nothing))
    amounts, other = shown.by_title(ours.earned), loaded.by_title(theirs.earned)
    takes = [False] * count
    for at in ours.earned:
        takes = [before or value < 0 for before, value in zip(takes, shown.known(at), strict=True)]
    for title in amounts.keys() | other.keys():
        pairs = zip(amounts.get(title, nothing), other.get(title, nothing), takes, accrued, strict=True)
        for amount, part, folded, whole in pairs:
            taken = folded and (0 <= part <= max(amount, 0.0) + _NOISE or whole < -_NOISE)
            if not taken and abs(amount - part) > _NOISE:
                raise OtherwiseError


def prove_calculated(shown: Listed, calculated: Calculated, order: Mapping[str, int]) -> None:
    """Compare a Calculation sheet with the Payroll rows of its people: the total, and every line by title."""
    if not set(calculated.numbers) <= order.keys():
        raise OtherwiseError
    at = [order[number] for number in calculated.numbers]

    def own(column: list[float]) -> list[float]:
        return [column[index] for index in at]

    columns = shown.columns
    _alike(own(shown.known(columns.total)), calculated.total)
    for title, amounts in shown.by_title((*columns.earned, *columns.withheld)).items():
        lines = calculated.lines.get(title, [])
        # A balance may have the same title as a line.
        for other in (added(lines, len(at)), *lines):
            if _are_alike(own(amounts), other):
                break
        else:
            raise OtherwiseError


def prove_controls(shown: Listed, loaded: Listed, run: Mapping[str, str | float | None], language: Language) -> None:
    """Compare the control figures of the Run sheet with the sums of the other sheets."""
    accrued = fsum(shown.known(shown.columns.accrued))
    stated = {
        run_caption("paid", language): len(shown.texts[0]),
        run_caption("total", language): accrued,
        run_caption("control", language, sheet=sheet_name("for_1c", language)): accrued,
        run_caption("difference", language): 0.0,
    }
    if loaded.columns.withheld:
        stated[run_caption("to_pay", language)] = fsum(shown.known(shown.columns.total))
    for caption, expected in stated.items():
        value = run.get(caption)
        if not isinstance(value, float) or not abs(value - expected) <= _NOISE or abs(expected) > _LARGEST_SUM:
            raise OtherwiseError
    if run.get(run_caption("difference", language)) != 0.0:
        raise OtherwiseError


def digest_of_columns(shown: Listed, loaded: Listed, period: str, language: Language) -> str:
    """Return the digest of the columns."""
    columns, count = loaded.columns, len(loaded.texts[0])
    earned = [loaded.known(at) for at in columns.earned]
    paid = [loaded.known(at) for at in (*columns.withheld, *([columns.total] if columns.withheld else []))]
    figures = [shown.amounts[at] for at in range(shown.first, len(shown.heads))]
    headings = [*identity_headings(language), *shown.heads[shown.first :]]
    sheets: list[Sheet] = [
        ("payroll", shown.texts, map(amount_texts, figures)),
        ("for_1c", loaded.texts, map(amount_texts, [*earned, added(earned, count), *paid])),
    ]
    return digest(period, shown.currency, (headings, loaded.heads), sheets)


def _alike(ours: list[float], theirs: list[float]) -> None:
    if not _are_alike(ours, theirs):
        raise OtherwiseError


def _are_alike(ours: list[float], theirs: list[float]) -> bool:
    return ours == theirs or all(abs(our - their) <= _NOISE for our, their in zip(ours, theirs, strict=True))
