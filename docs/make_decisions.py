"""Number the decisions of docs/decisions.md and write its list of parts.

A decision is an entry that begins with `- ` at the margin. One without a number gets the next one, and so does the
second of two that took one number at the same time; a number that stands once never changes. Run `python
docs/renew.py`; `tests/test_decisions.py` fails while an entry has no number or a number stands twice.
"""

import re
from itertools import count
from pathlib import Path

PAGE = Path(__file__).parent / "decisions.md"
NUMBER = re.compile(r"^- D([0-9]+)\. ", re.MULTILINE)
_ENTRY = re.compile(r"^- (?:D([0-9]+)\. )?", re.MULTILINE)
_PARTS = re.compile(r"(?<=<!-- parts -->\n).*?(?=<!-- end of parts -->)", re.DOTALL)


def page(text: str) -> str:
    """Return the page with a number before every decision and the numbers of every part above them."""
    following = count(max((int(number) for number in NUMBER.findall(text)), default=0) + 1)
    taken: set[str] = set()

    def numbered(entry: re.Match[str]) -> str:
        number = entry[1] if entry[1] and entry[1] not in taken else str(next(following))
        taken.add(number)
        return f"- D{number}. "

    text = _ENTRY.sub(numbered, text)
    parts = [part.partition("\n")[::2] for part in text.split("\n## ")[1:]]
    rows = "".join(f"| {_link(title)} | {_spans(body) or 'a table'} |\n" for title, body in parts)
    return _PARTS.sub(lambda _: f"\n| part | decisions |\n|---|---|\n{rows}\n", text)


def _link(title: str) -> str:
    anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
    return f"[{title}](#{anchor})"


def _spans(body: str) -> str:
    """Return the numbers of a part as spans: D1-D5, D190."""
    spans: list[list[int]] = []
    for number in sorted(int(number) for number in NUMBER.findall(body)):
        if spans and spans[-1][-1] + 1 == number:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("-".join(f"D{number}" for number in span) for span in spans)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
