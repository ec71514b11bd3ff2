"""What a month takes from an earlier payroll: results, balances, names, all of them proved.

If the file's hash is that in its manifest, kpicalc wrote this very file: then its sheets are read and proved by
columns, with the same sums, comparisons and digest. The hash vouches for the form only, never for a figure. Any other
payroll is read and proved by the general reader, which reports its faults.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

from kpicalc.intake.files.columns import OtherwiseError
from kpicalc.intake.files.parts import FILE_LIMIT, RefusedError
from kpicalc.lang import Language
from kpicalc.model.issue import Issue, Place
from kpicalc.model.money import from_cell
from kpicalc.model.paid_month import PaidFigure, PaidMonth, Taken
from kpicalc.model.period import parse
from kpicalc.model.record import record
from kpicalc.payroll.back.by_columns import Amounts, Listed, Written, opened
from kpicalc.payroll.back.calculated import agreed, together
from kpicalc.payroll.back.columns_proof import (
    digest_of_columns,
    in_order,
    prove_calculated,
    prove_controls,
    prove_loaded,
    prove_rows,
)
from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.layout import CALCULATION, PAYROLL, is_calculation, run_caption, sheet_name
from kpicalc.payroll.manifest import beside
from kpicalc.payroll.result_marks import changed_results


def read_taken(
    path: Path,
    kpis: Collection[str],
    balances: Collection[str] = (),
    lines: Collection[str] = (),
    added: Collection[str] = (),
) -> tuple[Taken | None, list[Issue]]:
    """Return what is taken from a payroll: actuals by KPI title, balances and lines by heading; or the issues.

    `added` are the titles whose figures are added up over several rows of a person.
    """
    if quick := taken_by_columns(path, kpis, balances, lines):
        return quick, []
    month, issues = read_payroll(path, kpis, added)
    return _of(month, balances, lines) if month else None, issues


def _of(month: PaidMonth, balances: Collection[str], lines: Collection[str]) -> Taken:
    return Taken(
        file=month.file,
        sha256=month.sha256,
        period=month.period,
        language=month.language,
        sheet=month.sheet,
        names={number: person.name for number, person in month.people.items()},
        totals={number: float(person.total.value or 0) for number, person in month.people.items()},
        balances={
            heading: {number: person.beside[heading] for number, person in month.people.items()}
            for heading in balances
            if heading in month.beside
        },
        lines={
            heading: {number: person.lines[heading] for number, person in month.people.items()}
            for heading in lines
            if heading in month.lines
        },
        results=month.results,
    )


def taken_by_columns(
    path: Path, kpis: Collection[str], balances: Collection[str] = (), lines: Collection[str] = ()
) -> Taken | None:
    """Return what is taken from a payroll whose file is that of its manifest, proved; None for any other file."""
    found = proved_by_columns(path, kpis)
    if found is None:
        return None
    shown, place = found.shown, Place(found.file, sheet_name("payroll", found.language))
    numbers, names, *_ = shown.texts
    paying = (*shown.columns.earned, *shown.columns.withheld)
    titles = {shown.heads[at] for at in paying}
    standing = {shown.heads[at]: at for at in shown.columns.beside}
    return Taken(
        file=found.file,
        sha256=found.sha256,
        period=found.period,
        language=found.language,
        sheet=place,
        names=dict(zip(numbers, names, strict=True)),
        totals=dict(zip(numbers, shown.known(shown.columns.total), strict=True)),
        balances={
            heading: dict(_figures(place, numbers, shown.amounts[standing[heading]], PAYROLL.first, standing[heading]))
            for heading in balances
            if heading in standing
        },
        lines={
            heading: dict(_line(place, numbers, shown, [at for at in paying if shown.heads[at] == heading]))
            for heading in lines
            if heading in titles
        },
        results=found.results,
    )


@record
class Proved:
    """A payroll proved by columns: its sheets, and the results that were asked for by KPI title."""

    file: str
    sha256: str
    period: str
    language: Language
    digest: str
    shown: Listed
    loaded: Listed
    run: Mapping[str, str | float | None]
    results: Mapping[str, Mapping[str, PaidFigure]]


def proved_by_columns(path: Path, kpis: Collection[str] = ()) -> Proved | None:
    """Return the sheets of a payroll whose file is that of its manifest, proved; None for any other file."""
    manifest = beside(path)
    if manifest is None or not manifest.digest:
        return None
    try:
        if path.stat().st_size > FILE_LIMIT:
            return None
        data = path.read_bytes()
        mark = sha256(data).hexdigest()
        if not any((entry.name, entry.target, entry.sha256) == (path.name, "", mark) for entry in manifest.files):
            return None
        return _proved(opened(data), str(path), mark, manifest.digest, kpis)
    except (OtherwiseError, RefusedError, OSError):
        return None


def _proved(written: Written, file: str, mark: str, stated: str, kpis: Collection[str]) -> Proved:
    language = written.language
    shown, run = written.payroll(), written.run()
    numbers = shown.texts[0]
    loaded = in_order(written.one_c(), numbers)
    prove_rows(shown)
    prove_loaded(shown, loaded)
    titles = {shown.heads[at] for at in (*shown.columns.earned, *shown.columns.withheld)}
    order = {number: at for at, number in enumerate(numbers)}
    results: dict[str, dict[str, PaidFigure]] = {title: {} for title in kpis}
    met: list[str] = []
    raw: dict[str, list[tuple[str, float | None]]] = {title: [] for title in kpis}
    for name in (part for part in written.parts if is_calculation(part, language)):
        calculated = written.calculation(name, titles, kpis)
        prove_calculated(shown, calculated, order)
        met += calculated.numbers
        for column, title, values in calculated.results:
            raw[title] += zip(calculated.numbers, values, strict=True)
            for number, figure in _figures(Place(file, name), calculated.numbers, values, CALCULATION.first, column):
                results[title][number] = agreed(results[title].get(number), figure)
    period = parse(run.get(run_caption("period", language)))
    if period is None or len(met) != len(numbers) or set(met) != order.keys():
        raise OtherwiseError
    prove_controls(shown, loaded, run, language)
    if not digest_of_columns(shown, loaded, period, language) == run.get(run_caption("digest", language)) == stated:
        raise OtherwiseError
    marks = run.get(run_caption("results", language))
    if next(changed_results(marks if isinstance(marks, str) else "", raw), None):
        raise OtherwiseError
    return Proved(file, mark, period, language, stated, shown, loaded, run, results)


def _figures(
    place: Place, numbers: list[str], values: Amounts, first: int, column: int
) -> list[tuple[str, PaidFigure]]:
    return [
        (number, PaidFigure(None if value is None else from_cell(value), place, row, column))
        for row, (number, value) in enumerate(zip(numbers, values, strict=True), first)
    ]


def _line(place: Place, numbers: list[str], shown: Listed, columns: list[int]) -> list[tuple[str, PaidFigure]]:
    """Return the pay of the lines of one title, added up."""
    figures: dict[str, PaidFigure] = {}
    for column in columns:
        for number, figure in _figures(place, numbers, shown.amounts[column], PAYROLL.first, column):
            figures[number] = together(figures.get(number), figure)
    return list(figures.items())
