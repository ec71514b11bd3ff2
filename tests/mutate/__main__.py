"""`python -m tests.mutate [CASE ...] [--part K/N]`: all changes of all samples and templates, or every N-th of them."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from .cases import cases
from .run import changes_of, judged


def main() -> int:
    """Try the changes, print what each kind came to, and every silent one that is not on the list."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument("cases", nargs="*", help="names of samples and templates, such as tabelly or sales-ru")
    parser.add_argument("--part", default="1/1", help="K/N: of every N changes the K-th one")
    parser.add_argument("--all", action="store_true", help="also print the silent changes that are on the list")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    counts: dict[str, Counter[str]] = {}
    unknown = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(Path(folder), options.cases):
            for change, verdict, reason in judged(case, changes_of(case, part, parts)):
                counts.setdefault(change.kind, Counter())[verdict] += 1
                if verdict == "silent" and (options.all or not reason):
                    say(f"{case.name}: {change.kind} at {change.at} ({change.cell}) {reason}")
                    unknown += not reason
    table(counts)
    return 1 if unknown else 0


def say(text: str) -> None:
    """Print a line at once: the run is long."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table(counts: dict[str, Counter[str]]) -> None:
    """Print how often each kind of change came to what."""
    verdicts = ("refused", "held", "told", "unchanged", "right", "silent")
    say(f"{'kind':<18}" + "".join(f"{name:>11}" for name in verdicts))
    for kind, found in counts.items():
        say(f"{kind:<18}" + "".join(f"{found[name]:>11}" for name in verdicts))
    whole = sum(counts.values(), Counter[str]())
    say(f"{'all':<18}" + "".join(f"{whole[name]:>11}" for name in verdicts))


if __name__ == "__main__":
    sys.exit(main())
