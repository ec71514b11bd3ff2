"""Faults of facts that payees share: shares that do not add up, rows of one fact that state different wholes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kpicalc.intake.facts.findings import Findings, place_of
from kpicalc.intake.facts.measuring.conditions import chosen_rows, whole_value
from kpicalc.intake.facts.measuring.measures import Measure
from kpicalc.intake.facts.measuring.split import month_of
from kpicalc.intake.facts.sources.headers import PAYEE
from kpicalc.intake.facts.table import MOST
from kpicalc.model.facts import Split
from kpicalc.model.issue import issue

_WHOLE = Decimal(1)


def tell_shares(findings: Findings) -> None:
    """Report facts whose shares in a month do not add up to 1, or in which a payee occurs twice."""
    split = findings.facts.spec.split
    if split is None:
        return
    table = findings.facts.table.filter(findings.spans(findings.facts.table))
    share = table[f"c_{split.share}"]
    fact = findings.facts.same(table, f"c_{split.of}").cast("string")
    groups = table.group_by(fact=fact, month=month_of(table)).aggregate(
        total=share.sum().cast("decimal(38, 6)"), least=share.min(), rows=table.count(), payees=table[PAYEE].nunique()
    )
    wrong = groups.filter(
        groups.fact.isnull()
        | groups.total.isnull()
        | (groups.total != _WHOLE)
        | (groups.least < 0)
        | (groups.rows != groups.payees)
    )
    for group in findings.facts.ask(wrong.order_by("fact", "month").limit(MOST)):
        _tell_share(findings, split, group)
    for measure in findings.measures:
        if measure.way == "sum" and measure.value is not None:
            _tell_wholes(findings, split, measure)


def _tell_share(findings: Findings, split: Split, group: Mapping[str, Any]) -> None:
    facts, name, share = findings.facts, f"c_{split.of}", f"c_{split.share}"
    fact, total = group["fact"], group["total"]
    row = _first(findings, name, fact, group["month"])
    if fact is None:
        details = {"title": facts.title(), "headings": findings.heading(name)}
        findings.issues.append(issue("fact_blank", place_of(facts, row, name), **details))
        return
    details = {"found": fact, "total": "—" if total is None else f"{(total * 100).normalize():f} %"}
    findings.issues.append(issue("fact_split", place_of(facts, row, share), **details, title=facts.title()))


def _tell_wholes(findings: Findings, split: Split, measure: Measure) -> None:
    """Report facts whose rows state different wholes, though people share one."""
    facts, month, name = findings.facts, findings.month, f"c_{split.of}"
    chosen, _ = chosen_rows(facts, measure, month, facts.table)
    table = facts.table.filter(chosen).mutate(whole=whole_value(measure, month, facts.table))
    groups = table.group_by(fact=facts.same(table, name).cast("string"), month=month_of(table)).aggregate(
        least=table.whole.min(), most=table.whole.max()
    )
    for group in facts.ask(groups.filter(groups.least < groups.most).order_by("fact", "month").limit(MOST)):
        row = _first(findings, name, group["fact"], group["month"])
        details = {"title": measure.title, "least": _plain(group["least"]), "most": _plain(group["most"])}
        findings.issues.append(issue("fact_split_differs", place_of(facts, row, name), found=group["fact"], **details))


def _first(findings: Findings, name: str, fact: str | None, month: date) -> Mapping[str, Any] | None:
    """Return the first row of a fact in a month."""

    def of_fact(table: Any) -> Any:
        same = table[name].isnull() if fact is None else findings.facts.same(table, name).cast("string") == fact
        return (month_of(table) == month) & same

    return findings.rows(of_fact, ()).first


def _plain(value: Decimal) -> str:
    return f"{value.normalize() + 0:f}"
