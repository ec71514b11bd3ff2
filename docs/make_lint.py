"""Write docs/lint.md: every rule of the lint, from the rules' own docstrings.

Run `python docs/make_lint.py` after a change to a rule; `tests/test_docs.py` fails while the page is out of date.
"""

import sys
from pathlib import Path

from kpicalc.engine.lint import COMPILED, all_rules
from kpicalc.engine.lint.rule import Rule
from kpicalc.lang import issue_entries

PAGE = Path(__file__).parent / "lint.md"
TOLD = {
    "always": "In every run, and by `kpicalc check`.",
    "sound": "In every run that nothing forbids, and by `kpicalc check`.",
    "check": "By `kpicalc check` alone.",
}
HEAD = """\
# Lint

<!-- Written by docs/make_lint.py from the rules themselves. Change a rule's docstring, then run it. -->

Remarks on schemes and months that can be paid and yet deserve a look. They are never errors and change nothing that is
paid; only whoever has a figure that is probably a hundred times too much is held until it is confirmed. What concerns
this month's money is told in every run; what is said of the scheme itself, by `kpicalc check` alone, where nothing
forbids paying. Under `--strict` warnings give exit code 3, notices do not. How each remark reads stands in
[errors](errors.md#lint).

## Silencing

What was decided need not be told again. A remark is silenced by its code and a reason, for the whole file, for a scheme
or for a KPI:

```yaml
kpis:
  sales: {title: Sales, unit: usd, lint: {silence: {kpi_without_owner: every salesperson reports their own}}}
schemes:
  manager:
    pay: [commission: {on: sales, rate: 10%}]
    lint: {silence: {kpis_few: the rest is agreed by word of mouth}}
lint:
  silence:
    no_examples: the examples stand in the pay regulation
```

At the top any remark may be silenced; in a scheme what is said of it (steps of pay, how many KPIs), in a KPI what is
said of it (its unit and owner, its plan, its actuals). The reasons stand on the Run sheet of every payroll, and `check`
tells them in one line. A code that no remark has is an error, and so is the code of an error: what is wrong cannot be
silenced. What is true of one month's figures is silenced for that month: `far_above_plan: {reason: one large contract,
period: 2026-10}`; a line without a month that confirms figures which hold somebody is named in every run that it
confirms some. A silence that keeps nothing quiet any more is a notice of `check`, except for remarks that come and go
with the month.

## Rules
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(_entry(rule) for rule in all_rules()), _compiled()])


def _entry(rule: Rule) -> str:
    module = sys.modules[rule.find.__module__]
    text = (module.__doc__ or "").strip()
    return _section(rule.codes, text, TOLD[rule.when])


def _compiled() -> str:
    return _section(COMPILED, "The weights of a KPI bonus do not add up to 100 %.", TOLD["always"])


def _section(codes: tuple[str, ...], text: str, told: str) -> str:
    heading = ", ".join(f"`{code}`" for code in codes)
    return f"### {heading}\n\n{text}\n\n{_severities(codes)} {told}\n"


def _severities(codes: tuple[str, ...]) -> str:
    kinds = {code: issue_entries()[code]["severity"] for code in codes}
    if len(set(kinds.values())) == 1:
        return f"{next(iter(kinds.values())).capitalize()}."
    return "; ".join(f"`{code}` is a {kind}" for code, kind in kinds.items()) + "."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
