"""Measure kpicalc beside the fastest correct program and the script that a user would write.

    python benchmarks/run.py [--sizes 1000,10000,100000] [--runs 3]

Everything is measured in child processes, in turns, in one folder that is deleted afterwards; medians are printed. If
kpicalc and the floor do not pay everybody the same to the kopeck, the run fails: the speed of a wrong answer is worth
nothing. This process imports nothing heavy, because a child's peak memory never shows less than its parent's.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
PYTHON = sys.executable
BOOK, SCHEME = "plan-2026-10.xlsx", "scheme.yaml"
STAGES = {"read": "reading", "compute": "computing", "write": "writing"}
WHOLE = "whole job"
KPICALC, FLOOR, SCRIPT = "kpicalc", "floor", "script"
IMPORTS = "python -c 'import' its libraries"
SMALL = 20
START_UPS = {
    IMPORTS: ("-c", "import typer, pydantic, xlsxwriter, ruamel.yaml, python_calamine"),
    "each library used once": (str(HERE / "libraries.py"), BOOK, SCHEME, "libraries.xlsx"),
    "python -c pass": ("-c", "pass"),
    "kpicalc --version": ("-m", "kpicalc", "--version"),
    "kpicalc --help": ("-m", "kpicalc", "--help"),
    f"kpicalc run, {SMALL} payees": ("-m", "kpicalc", "run", BOOK, "--scheme", SCHEME, "--out", "kpicalc.xlsx"),
}
_START_UP_RUNS = 11


@dataclass
class Measured:
    """What several runs of one thing took."""

    seconds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    @property
    def time(self) -> float:
        """Return the median time in seconds."""
        return median(self.seconds)

    def add(self, seconds: float, peak: float | None) -> None:
        """Note one run."""
        self.seconds.append(seconds)
        if peak is not None:
            self.peaks.append(peak)

    def peak(self) -> str:
        """Return the median peak in MB; a dash where the platform does not tell."""
        return f"{median(self.peaks):.0f}" if self.peaks else "—"


Table = dict[tuple[str, str], Measured]
"""By program and stage."""


def child(arguments: Sequence[str], folder: Path) -> tuple[float, float | None, str]:
    """Run Python with these arguments; return its wall time, peak memory in MB and what it printed."""
    output = folder / "stdout.txt"
    with output.open("wb") as stream:
        start = time.perf_counter()
        process = subprocess.Popen([PYTHON, *arguments], stdout=stream, stderr=subprocess.PIPE, cwd=folder)
        errors = process.stderr.read() if process.stderr else b""
        peak = None
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        else:
            process.wait()
        seconds = time.perf_counter() - start
        if process.stderr:
            process.stderr.close()
    if process.returncode:
        sys.exit(f"{' '.join(arguments)}\nended with {process.returncode}:\n{errors.decode(errors='replace')}")
    return seconds, peak, output.read_text(encoding="utf-8", errors="replace")


def measure(payees: int, runs: int, folder: Path) -> tuple[Table, dict[str, Any], dict[str, Any]]:
    """Return the times of one size, and how the floor's and the script's payrolls differ from kpicalc's."""
    _say(f"{payees} payees: making the workbook")
    child([str(HERE / "workload.py"), str(folder), str(payees)], folder)
    table: Table = {}

    def note(program: str, stage: str, seconds: float, peak: float | None) -> None:
        table.setdefault((program, stage), Measured()).add(seconds, peak)

    def note_stages(program: str, printed: str) -> None:
        stages: Mapping[str, Mapping[str, float]] = json.loads(printed)
        for stage, figures in stages.items():
            note(program, stage, figures["seconds"], figures.get("peak"))

    for run in range(1, runs + 1):
        _say(f"{payees} payees: run {run} of {runs}")
        seconds, peak, printed = child([str(HERE / "floor.py"), BOOK, "floor.xlsx"], folder)
        note(FLOOR, WHOLE, seconds, peak)
        note_stages(FLOOR, printed)
        command = ["-m", "kpicalc", "run", BOOK, "--scheme", SCHEME, "--out", "kpicalc.xlsx"]
        seconds, peak, _ = child(command, folder)
        note(KPICALC, WHOLE, seconds, peak)
        note_stages(KPICALC, child([str(HERE / "stages.py"), BOOK, SCHEME, "stages.xlsx"], folder)[2])
        seconds, peak, printed = child([str(HERE / "naive_script.py"), BOOK, "script.xlsx"], folder)
        note(SCRIPT, WHOLE, seconds, peak)
        note_stages(SCRIPT, printed)
    differences = [
        json.loads(child([str(HERE / "compare.py"), "kpicalc.xlsx", f"{other}.xlsx"], folder)[2])
        for other in (FLOOR, SCRIPT)
    ]
    return table, differences[0], differences[1]


def lines(payees: int, table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the printed table: every stage of kpicalc and the whole, then what it is compared with."""
    for stage in (*STAGES, WHOLE):
        own = table[KPICALC, stage]
        ratios = [f"{own.time / table[other, stage].time:.2f}" for other in (FLOOR, SCRIPT)]
        yield f"{payees}", f"kpicalc, {STAGES.get(stage, stage)}", _seconds(own.time), *ratios, own.peak()
    floor, script = table[FLOOR, WHOLE], table[SCRIPT, WHOLE]
    ratio = f"{floor.time / script.time:.2f}"
    yield f"{payees}", "floor, whole job", _seconds(floor.time), "1.00", ratio, floor.peak()
    ratio = f"{script.time / floor.time:.2f}"
    yield f"{payees}", "pandas + openpyxl script, whole job", _seconds(script.time), ratio, "1.00", script.peak()


def start_ups(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield the rows of start-up times."""
    child([str(HERE / "workload.py"), str(folder), str(SMALL)], folder)
    found: dict[str, Measured] = {name: Measured() for name in START_UPS}
    for _ in range(_START_UP_RUNS):
        for name, arguments in START_UPS.items():
            seconds, peak, _ = child(arguments, folder)
            found[name].add(seconds, peak)
    for name, measured in found.items():
        yield name, f"{measured.time * 1000:.0f}", f"{measured.time / found[IMPORTS].time:.2f}", measured.peak()


def _wrong(payees: int, floor: Mapping[str, Any]) -> str:
    people, first, largest = floor["different"], floor["example"], floor["largest"]
    return (
        f"{payees} payees: WRONG: kpicalc and the floor pay {people} people differently, the first is {first}, "
        f"at most by {largest}"
    )


def _right(payees: int, floor: Mapping[str, Any], script: Mapping[str, Any]) -> str:
    return (
        f"{payees} payees: kpicalc and the floor pay everybody the same, {floor['total']} in all; the script pays "
        f"{script['different']} people differently, at most by {script['largest']}"
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 100 else f"{seconds:.3g}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that is also Markdown."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    rule = ["-" * (width - 1) + ":" for width in widths]
    for row in (headings, rule, *rows):
        print("| " + " | ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + " |")
    sys.stdout.flush()


def main() -> int:
    """Measure and print; return 1 where the two correct programs disagree."""
    parser = argparse.ArgumentParser(description="Measure kpicalc beside the fastest correct program and a script.")
    parser.add_argument("--sizes", default="1000,10000,100000", help="payees, separated by commas")
    parser.add_argument("--runs", type=int, default=3, help="how many times everything is measured")
    options = parser.parse_args()
    rows: list[tuple[str, ...]] = []
    wrong = 0
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kpicalc-benchmark-") as name:
        folder = Path(name)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {options.runs}\n")
        begun = list(start_ups(folder))
        for size in map(int, options.sizes.split(",")):
            table, floor, script = measure(size, options.runs, folder)
            rows += lines(size, table)
            if floor["different"]:
                wrong += floor["different"]
                notes.append(_wrong(size, floor))
            else:
                notes.append(_right(size, floor, script))
    _print(("payees", "what", "seconds", "to the floor", "to the script", "peak MB"), rows)
    print()
    _print(("start-up", "ms", "to the imports", "peak MB"), begun)
    print("\n" + "\n".join(notes))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
