"""kpicalc's own stages in one process of their own: reading, computing, writing, each with its peak memory so far.

python benchmarks/stages.py plan-2026-10.xlsx scheme.yaml out.xlsx
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Imports are start-up, not work: all of them stand before the clock starts.
import pandas  # noqa: F401, ICN001
import python_calamine  # noqa: F401
import xlsxwriter  # noqa: F401

from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.model.inputs import Inputs
from kpicalc.model.scheme import SchemeBook
from kpicalc.payroll.workbook import write_workbook


def read(workbook: Path, scheme: Path) -> tuple[SchemeBook, Inputs]:
    """Read both files; a refused one ends the measurement."""
    book, issues = read_scheme(scheme)
    raw, found = read_book(workbook)
    issues += found
    if book is None or raw is None:
        sys.exit(f"refused: {issues}")
    inputs, found = read_inputs(raw, book, None)
    if inputs is None:
        sys.exit(f"refused: {found[:5]}")
    return book, inputs


def pay(book: SchemeBook, inputs: Inputs) -> Payroll:
    """Compute the month."""
    statements, issues = compile_schemes(book)
    payroll = compute(book, statements, inputs)
    if issues or payroll.issues:
        sys.exit(f"refused: {[*issues, *payroll.issues][:5]}")
    return payroll


def main() -> None:
    """Run the stages one after the other, and print seconds and peaks as JSON."""
    workbook, scheme, out = map(Path, sys.argv[1:4])
    figures: dict[str, dict[str, float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        figures[name] = {"seconds": time.perf_counter() - start}
        if peak := _peak():
            figures[name]["peak"] = peak
        return result

    book, inputs = timed("read", lambda: read(workbook, scheme))
    payroll = timed("compute", lambda: pay(book, inputs))
    timed("write", lambda: write_workbook(payroll, out))
    print(json.dumps(figures))


def _peak() -> float | None:
    """Return the largest memory of this process so far, in MB; None where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
