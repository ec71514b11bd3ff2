"""Decisions are found by a number that never changes; no number stands twice, none that is referred to is missing."""

import re
import runpy
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAKER = runpy.run_path(str(ROOT / "docs" / "make_decisions.py"))
PAGE = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
NUMBERS = MAKER["NUMBER"].findall(PAGE)


def test_every_decision_has_a_number_and_the_table_lists_them() -> None:
    assert MAKER["page"](PAGE) == PAGE, "run python docs/renew.py"


def test_no_number_stands_twice() -> None:
    twice = [f"D{number}" for number, count in Counter(NUMBERS).items() if count > 1]
    assert not twice, "run python docs/renew.py"


def test_what_is_referred_to_is_there() -> None:
    for path in [*ROOT.glob("kpicalc/**/*.py"), *ROOT.glob("tests/*.py"), *ROOT.glob("docs/*.md")]:
        text = path.read_text(encoding="utf-8")
        missing = set(re.findall(r"\bdecision D([0-9]+)\b", text)) - set(NUMBERS)
        assert not missing, (path, missing)


TABLE = """
| part | decisions |
|---|---|
| [Money, kept](#money-kept) | D2-D3 |
| [Words](#words) | D1, D4-D5 |

"""


def test_a_new_decision_gets_the_next_number() -> None:
    head = "# D\n\n<!-- parts -->\n{}<!-- end of parts -->\n\n"
    text = head + "## Money, kept\n\n- D2. One.\n- {}New.\n\n## Words\n\n- {}Too.\n- D1. Old.\n- {}At once.\n"
    assert MAKER["page"](text.format("", "", "", "D2. ")) == text.format(TABLE, "D3. ", "D4. ", "D5. ")
