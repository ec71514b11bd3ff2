"""Write docs/summary.svg: what the terminal shows after paying the department of samples/department.

Run `python docs/make_picture.py` after a change to the summary; `tests/test_docs.py` compares the text in the picture.
"""

import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from kpicalc.app import check
from kpicalc.screen.terminal import print_summary

PICTURE = Path(__file__).parent / "summary.svg"
SAMPLE = Path(__file__).parents[1] / "samples" / "department"
WIDTH = 100
"""Columns, as many as in the README's text of the same summary."""
COMMAND = "kpicalc run samples/department/2026-10.xlsx --scheme samples/department/scheme.yaml"
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")


def picture() -> str:
    """Return the picture: the same program gives the same bytes."""
    text = recorded().export_svg(title=COMMAND, theme=MONOKAI, unique_id="summary")
    # Fonts of another site would not load where pictures are shown; the reader's own are as good.
    text = _FONT_FACE.sub("", text).replace("Fira Code", "Menlo, Consolas, DejaVu Sans Mono")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def recorded() -> Console:
    """Return a console on which the summary was printed."""
    paper = StringIO()
    console = Console(
        record=True, width=WIDTH, file=paper, force_terminal=True, color_system="truecolor", no_color=False
    )
    outcome = check(SAMPLE / "2026-10.xlsx", SAMPLE / "scheme.yaml")
    if outcome.payroll is None or outcome.errors:
        sys.exit("the department's sample is not paid: " + ", ".join(found.code for found in outcome.issues))
    print_summary(outcome.payroll, console)
    return console


if __name__ == "__main__":
    main()
