"""Number the decisions of docs/decisions.md and write its list of parts.

A decision is an entry that begins with `- ` at the margin. One without a number gets the next one; a number that is
given never changes. Run `python docs/renew.py`; `tests/test_decisions.py` fails while an entry has no number or a
number stands twice.
"""

import re
from pathlib import Path

PAGE = Path(__file__).parent / "decisions.md"
NUMBER = re.compile(r"^- D([0-9]+)\. ", re.MULTILINE)
_NO_NUMBER = re.compile(r"^- (?!D[0-9]+\. )", re.MULTILINE)
_PARTS = re.compile(r"(?<=<!-- parts -->\n).*?(?=<!-- end of parts -->)", re.DOTALL)


def page(text: str) -> str:
    """Return the page with a number before every decision and the numbers of every part above them."""
    last = max((int(number) for number in NUMBER.findall(text)), default=0)
    numbers = iter(range(last + 1, last + 1 + len(_NO_NUMBER.findall(text))))
    text = _NO_NUMBER.sub(lambda _: f"- D{next(numbers)}. ", text)
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
