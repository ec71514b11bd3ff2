"""What do the bounds of the plausible cost? The same month with them and without, in turns: A B A B.

    python -m benchmarks.checks [--payees 10000] [--runs 5]

Left out are the refusal of what cannot be, the figures that hold somebody, and the remarks on the month's figures. What
counts is the processor's time of whole processes.
"""

import argparse
import gc
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

_WAYS = ("with", "without")


def main() -> None:
    """Measure both in turns, and print the seconds and the share of the checks in the whole job."""
    if sys.argv[1:2] and sys.argv[1] in _WAYS:
        _pay(sys.argv[1], sys.argv[2:])
        return
    from benchmarks.shapes import processor_seconds, shapes

    parser = argparse.ArgumentParser(description="Measure what the bounds of the plausible cost.")
    parser.add_argument("--payees", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {way: [] for way in _WAYS}
    with tempfile.TemporaryDirectory(prefix="kpicalc-checks-") as name:
        folder = Path(name) / "month"
        shapes(options.payees)[0].write(folder)
        for _ in range(options.runs):
            for way in _WAYS:
                program = (str(Path(__file__).resolve()), way)
                (folder / "out.xlsx").unlink(missing_ok=True)
                seconds[way].append(processor_seconds(folder, "2026-10", "--out", "out.xlsx", program=program)[0])
    shares = [1 - less / whole for whole, less in zip(seconds["with"], seconds["without"], strict=True)]
    print(f"{options.payees} payees: {median(seconds['with']):.2f} s with the checks, ", end="")
    print(f"{median(seconds['without']):.2f} s without; their share of the whole job, minimum, median, maximum:")
    print(", ".join(f"{share:.1%}" for share in (min(shares), median(shares), max(shares))))


def _pay(way: str, arguments: Sequence[str]) -> None:
    """Run kpicalc, with the checks or with these taken out; both begin alike."""
    gc.disable()
    from kpicalc.__main__ import main as kpicalc
    from kpicalc.engine import given, payroll
    from kpicalc.engine.lint import judge

    def nothing(*_: object, **__: object) -> tuple[()]:
        return ()

    if way == "without":
        rules = tuple(rule for rule in judge.all_rules(check=False) if not rule.monthly)
        given.impossible = nothing  # type: ignore[assignment]
        payroll.unconfirmed = nothing  # type: ignore[assignment]
        judge.all_rules = lambda **_: rules  # type: ignore[assignment]
    sys.argv = ["kpicalc", *arguments]
    kpicalc()


if __name__ == "__main__":
    main()
