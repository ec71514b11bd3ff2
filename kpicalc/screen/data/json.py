"""The result for other programs: one JSON object, money as decimal strings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from kpicalc import __version__
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.lang import Language, message, remedy, severity
from kpicalc.model.inputs import JOINED
from kpicalc.model.issue import Issue

_BESIDE: Mapping[str, Literal["points", "debt", "owed"]] = {"points": "points", "debts": "debt", "owed": "owed"}
"""Balances beside pay, in JSON: the key, and the kind of tally."""


def json_text(payroll: Payroll | None, issues: Iterable[Issue], files: Sequence[str], language: Language) -> str:
    """Return the run as JSON; a refused run has no payees and null totals."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "period": payroll.inputs.period if payroll else None,
        "currency": payroll.book.currency if payroll else None,
        "payees": _payees(payroll) if payroll else [],
        "totals": _totals(payroll) if payroll else None,
        "issues": [issue_data(item, language) for item in issues],
        "files": list(files),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def issue_data(item: Issue, language: Language) -> dict[str, Any]:
    """Return an issue for programs: its code, its place and its texts."""
    return {
        "code": item.code,
        "severity": severity(item),
        "place": str(item.place),
        "file": item.place.file,
        "sheet": item.place.sheet,
        "cell": item.place.cell,
        "line": item.place.line or None,
        "column": item.place.column or None,
        "message": message(item, language),
        "remedy": remedy(item, language),
    }


def _payees(payroll: Payroll) -> list[dict[str, Any]]:
    data: dict[int, dict[str, Any]] = {}
    for pay in payroll.schemes:
        statement = pay.statement
        for at, index in enumerate(pay.payees):
            lines = [
                {"id": line.id, "title": line.title, "amount": money_text(pay.columns[line.figure][at])}
                for line in statement.lines
            ]
            total = money_text(pay.columns[statement.total][at])
            beside = {kind: _tallies(pay, at, kinds) for kind, kinds in _BESIDE.items()}
            data[index] = _payee(payroll, index, statement.scheme.key, held=False, lines=lines, total=total) | beside
            if payroll.withheld:
                data[index]["accrued"] = money_text(pay.columns[statement.accrued][at])
    for index in sorted(payroll.inputs.further):
        if index in data:
            first = payroll.inputs.person_of(index)
            data[first] = data[first] | joined_lines(payroll, [data[first], data.pop(index)])
    for index in payroll.held:
        scheme = payroll.inputs.payees[index].scheme or None
        beside = {kind: [] for kind in _BESIDE}
        data[index] = _payee(payroll, index, scheme, held=True, lines=[], total=None) | beside
    return [data[index] for index in sorted(data)]


def joined_lines(payroll: Payroll, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the pay of a person's rows together: every line once, in the payroll's order; the sums; all schemes."""
    data: dict[str, Any] = {}
    order = {(line.id, line.title): at for at, (line, _) in enumerate(payroll.lines)}
    for kind in ("lines", *_BESIDE):
        if kind not in rows[0]:
            continue
        lines: dict[tuple[str, str], dict[str, str]] = {}
        for line in (line for row in rows for line in row[kind]):
            same = lines.setdefault((line["id"], line["title"]), {**line, "amount": "0"})
            amount = Decimal(same["amount"]) + Decimal(line["amount"])
            same["amount"] = f"{amount:f}" if kind == "points" else money_text(amount)
        data[kind] = [lines[key] for key in sorted(lines, key=lambda key: order.get(key, len(order)))]
    for name in ("total", "accrued"):
        if name in rows[0]:
            entries = [row[name] for row in rows]
            data[name] = None if None in entries else money_text(sum(map(Decimal, entries), Decimal(0)))
    schemes = dict.fromkeys(key for row in rows if row["scheme"] for key in row["scheme"].split(JOINED))
    return data | {"scheme": JOINED.join(schemes) or None}


def _payee(
    payroll: Payroll, index: int, scheme: str | None, *, held: bool, lines: list[dict[str, str]], total: str | None
) -> dict[str, Any]:
    payee = payroll.inputs.person(index)
    return {
        "id": payee.id,
        "name": payee.name,
        "department": payee.department,
        "position": payee.position,
        "scheme": scheme,
        "held": held,
        "lines": lines,
        "total": total,
    }


def _tallies(pay: SchemePay, at: int, kind: Literal["points", "debt", "owed"]) -> list[dict[str, str]]:
    """Return the balances beside the pay: points as a number, debts as money."""
    write = money_text if kind != "points" else "{:f}".format
    return [
        {"id": tally.id, "title": tally.title, "amount": write(pay.columns[tally.figure][at])}
        for tally in pay.statement.tallies
        if tally.kind == kind
    ]


def _totals(payroll: Payroll) -> dict[str, Any]:
    lines: dict[str, Decimal] = {}
    for (line, _), amount in payroll.by_line.items():
        lines[line] = lines.get(line, Decimal(0)) + amount
    totals = {
        "lines": {line: money_text(amount) for line, amount in lines.items()},
        "total": money_text(payroll.total()),
    }
    return totals | ({"accrued": money_text(payroll.accrued())} if payroll.withheld else {})


def money_text(amount: Decimal) -> str:
    """Write an amount with at least two decimals: 47000.00."""
    text = f"{amount:f}"
    _, _, decimals = text.partition(".")
    return text if len(decimals) >= 2 else f"{amount:.2f}"
