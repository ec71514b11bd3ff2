"""Write docs/errors.md: every issue with an example, from the catalogues and from the cases in tests/issues."""

import re
from collections.abc import Iterator
from pathlib import Path

from kpicalc.lang import catalogue, issue_entries

DOCS = Path(__file__).parent
CASES = DOCS.parent / "tests" / "issues"
FILES = ("file_", "csv_", "hidden_", "folder_", "sheet_far_cell", "cell_error_unknown")
ROOMS = {
    "Files": "What may be wrong with a workbook before any of its tables is read.",
    "Tables": "What may be wrong with the sheets: headings, people, months, figures.",
    "Layout": "How tables lie on their sheets, who stands in them, and which month they are of.",
    "Scheme": "What may be wrong with the scheme file: how YAML is written, and what stands where.",
    "Facts": "Tables of facts: what the scheme says of them, where they are, and what stands in their rows.",
    "Rates": "Rate sheets and pay row by row: what is wrong with them, and what is told of rows without a rate.",
    "Pay": "Options that do not fit together, formulas, worked examples, and figures that cannot be computed.",
    "Payout": "Money that is shared and money that is withheld: pools, a manager's share, tax, writs.",
    "Balances": "Points, advances, and whatever else is carried from month to month beside pay.",
    "Time": "People hired and dismissed, the production calendar, plans and pay for a part of the month.",
    "Positions": "People who have several rows in a month, each with the days of its own.",
    "Earlier": "Payrolls of earlier months: figures and balances taken from them, corrections of closed months.",
    "Lint": "Remarks on schemes and months that can be paid: a scheme file may silence them, see [lint](lint.md).",
    "Exports": "What may be wrong with the files for 1C and banks: the organisation file, details of payees, amounts.",
    "Reconcile": "What may be wrong with a bank's answer to a salary registry, and where it contradicts what was sent.",
    "Planning": "Funnels, plans that follow from earlier months, and progress.",
    "Decide": "What another scheme would have paid, which value keeps the fund, and what each KPI moves.",
    "Output": "What may prevent the payroll from being written.",
}
INTRODUCTION = """\
# Errors and notices

Everything that kpicalc may find, each with an example: the place, the message in English and in Russian, and what to
do. The examples are made from the folders of `tests/issues`, and the tests hold them true. A run shows all its findings
at once.

| Severity | What it means |
| --- | --- |
| error | Nobody is paid, nothing is written; exit code 1. |
| hold | This payee is not paid until the figure is there, the others are; exit code 3. |
| warning | Pay is computed; look before you pay. Exit code 3 under `--strict`. |
| notice | Good to know. |

This page is written by `python docs/make_errors.py`.
"""


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    for room, about in ROOMS.items():
        parts.append(f"## {room}\n\n{about}\n")
        parts += [_entry(code) for code in _codes(room)]
    return "\n".join(parts)


def _codes(room: str) -> Iterator[str]:
    name = "workbook" if room in ("Files", "Tables") else room.lower()
    for code in catalogue(f"issues_{name}"):
        if name != "workbook" or (room == "Files") == (code.startswith(FILES)):
            yield code


def _entry(code: str) -> str:
    entry = issue_entries()[code]
    text = f"### `{code}`\n\n{entry['severity'].capitalize()}."
    if not (CASES / code).exists():
        # A net for what nothing brings about today has no example.
        return f"{text} {_escaped(entry['en']['message'])}\n\nWhat to do: {_escaped(entry['en']['remedy'])}\n"
    case = (CASES / code / "case.yaml").read_text(encoding="utf-8")
    place, message, remedy = _example(code, "expected.en.txt")
    _, russian, _ = _example(code, "expected.txt")
    example = "\n".join(part for part in (place, message, russian) if part)
    note = case.splitlines()[0].removeprefix("# ")
    return f"{text} {_escaped(note)}\n\n```text\n{example}\n```\n\nWhat to do: {_escaped(remedy)}\n"


def _example(code: str, name: str) -> tuple[str, str, str]:
    """Return the place, the message and the remedy of the issue of this code."""
    for block in (CASES / code / name).read_text(encoding="utf-8").split("\n\n"):
        head, message, remedy = block.strip().split("\n")
        if head.endswith(f" {code}"):
            return head.partition(" ")[2].removesuffix(code).strip(), message, remedy
    raise LookupError(f"tests/issues/{code}/{name} does not tell of {code}")


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is; what stands between backticks is code already."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*_<>#\[\]])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


if __name__ == "__main__":
    (DOCS / "errors.md").write_text(page(), encoding="utf-8", newline="\n")
