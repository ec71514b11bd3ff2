"""Accounts for every row of a table of facts: counted, left out by a stated rule, or of another month.

Rows that a rule leaves out are reported with their number and the sums of their figures.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpicalc.intake.facts.findings import Findings
from kpicalc.intake.facts.measuring.conditions import counted, in_spans
from kpicalc.intake.facts.measuring.measure import denied
from kpicalc.intake.facts.measuring.measures import Measure
from kpicalc.intake.facts.owners import Owners, is_nobody
from kpicalc.intake.facts.sources.headers import DATE, PAYEE, heading_of
from kpicalc.intake.facts.table import MOST, Facts
from kpicalc.intake.sheets.layout.rows import LEFT_OUT, UNKNOWN
from kpicalc.lang import severity
from kpicalc.model.inputs import SkipRule, TableCount
from kpicalc.model.issue import issue, listed
from kpicalc.model.record import record
from kpicalc.model.texts import clean


@record
class Account:
    """The account of one table for one month; `rows` are the answers of the table, one per text in its payee column."""

    facts: Facts
    month: str
    measures: Sequence[Measure]
    rows: Sequence[Mapping[str, Any]]
    owners: Owners
    findings: Findings

    def table(self) -> TableCount:
        """Return what became of every row, and report the rows that were left out."""
        every, skipped, unsure = self._whole()
        if unsure:
            self.findings.unsure()
        undated = sum(row["undated"] for row in self.rows)
        if undated and self.facts.spec.undated == "skip":
            skipped["undated"] = undated
        by_rule: dict[SkipRule, int] = {"unowned": 0, "others": 0, "left_out": 0, "unused": 0}
        used = 0
        for row in self.rows:
            rule = self._rule(row[PAYEE])
            if rule is not None:
                by_rule[rule] += row["rows"]
            else:
                used += row["counted"]
                by_rule["unused"] += row["rows"] - row["counted"]
        skipped |= {rule: count for rule, count in by_rule.items() if count}
        if not any(severity(item) == "error" for item in self.findings.issues):
            self._tell(skipped)
        others = every - sum(skipped.values()) - used
        return TableCount(self.facts.title(), every, used, skipped, others)

    def _whole(self) -> tuple[int, dict[SkipRule, int], int]:
        """Return the number of rows, of those the table's condition leaves out, and of those where it is unknown."""
        if self.facts.counted is not None:
            return self.facts.counted.rows, dict(self.facts.counted.skipped), 0
        whole, condition = self.facts.whole, self.facts.condition
        if condition is None:
            return self.facts.ask(whole.aggregate(rows=whole.count()))[0]["rows"], {}, 0
        asked = whole.aggregate(
            rows=whole.count(), left=denied(condition.fill_null(True)).sum(), unsure=condition.isnull().sum()
        )
        counts = self.facts.ask(asked)[0]
        return counts["rows"], {"where": counts["left"]} if counts["left"] else {}, counts["unsure"] or 0

    def _rule(self, text: str | None) -> SkipRule | None:
        """Return the rule by which the rows with this text belong to no payee; None where they belong to one."""
        if is_nobody(text):
            return "unowned"
        owner = self.owners.owner(str(text))
        return "others" if owner == UNKNOWN else "left_out" if owner == LEFT_OUT else None

    def _tell(self, skipped: Mapping[SkipRule, int]) -> None:
        """Report the rows that were left out, one issue per rule, with the sums of their figures."""
        facts, spec = self.facts, self.facts.spec
        common = {"title": facts.title()}
        if "where" in skipped:
            self._add("fact_skipped_where", count=skipped["where"], **common)
        if "undated" in skipped:
            sums = self._sums(facts.table[DATE].isnull())
            self._add("fact_skipped_undated", count=skipped["undated"], sums=_joined(sums), **common)
        spans = in_spans(self.measures, self.month, facts.table)
        if spec.unowned == "skip" and "unowned" in skipped:
            sums = self._sums(spans, lambda text: self._rule(text) == "unowned")
            self._add("fact_skipped_unowned", count=skipped["unowned"], sums=_joined(sums), **common)
        if spec.others == "skip" and "others" in skipped:
            sums = self._sums(spans, lambda text: self._rule(text) == "others")
            names = sorted(
                {clean(row[PAYEE]) for row in self.rows if row["rows"] and self._rule(row[PAYEE]) == "others"}
            )
            shown = listed(names, MOST)
            self._add("fact_skipped_others", count=skipped["others"], sums=_joined(sums), found=shown, **common)
        if "unused" in skipped:
            unused = spans & denied(counted(facts, self.measures, self.month, facts.table))
            sums = self._sums(unused, lambda text: self._rule(text) is None)
            self._add("fact_unused", count=skipped["unused"], sums=_joined(sums), **common)

    def _add(self, code: str, **details: object) -> None:
        self.findings.issues.append(issue(code, self.facts.place, **details))

    def _sums(self, condition: Any, whose: Callable[[str | None], bool] | None = None) -> dict[str, Decimal]:
        """Return the sums of the numbers that KPIs use over rows of some payees, by heading."""
        facts = self.facts
        used = {name for measure in self.measures for name in measure.columns()}
        names = [name for name in facts.spec.columns if name in used and facts.spec.column(name).type == "number"]
        if not names:
            return {}
        rows = facts.table.filter(condition)
        asked = {f"s{number}": rows[f"c_{name}"].sum().cast("decimal(38, 6)") for number, name in enumerate(names)}
        answers = [
            row for row in facts.ask(rows.group_by(PAYEE).aggregate(**asked)) if whose is None or whose(row[PAYEE])
        ]
        return {
            heading_of(facts.spec, f"c_{name}"): sum((row[f"s{number}"] or Decimal(0) for row in answers), Decimal(0))
            for number, name in enumerate(names)
        }


def _joined(sums: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{heading} {value.normalize() + 0:f}" for heading, value in sums.items()) or "—"
