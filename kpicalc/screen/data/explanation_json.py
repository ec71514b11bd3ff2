"""Explained pay for other programs: one JSON object, money as decimal strings, rules as sentences."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.engine.probing.missing import Worth, missing_of, statement_of
from kpicalc.engine.probing.next_step import next_steps
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Figure
from kpicalc.engine.tree.formula import Param
from kpicalc.engine.tree.sources import Given
from kpicalc.engine.tree.words import tell
from kpicalc.lang import Language
from kpicalc.model.days import day_of_number
from kpicalc.model.issue import Issue
from kpicalc.model.row_days import days_of_row
from kpicalc.screen.data.json import issue_data, joined_lines, money_text
from kpicalc.screen.next_steps import steps_data
from kpicalc.screen.paid_rows import rows_data


def explanation_json(
    payroll: Payroll | None,
    people: Sequence[int],
    worths: Mapping[int, Worth],
    issues: Iterable[Issue],
    language: Language,
) -> str:
    """Return the calculation of payees as JSON; for those not paid yet, the missing figures and the range of pay.

    A month that is refused has no payees.
    """
    rows = [row for index in people for row in payroll.inputs.rows_of(index)] if payroll else []
    steps = next_steps(payroll, rows) if payroll else {}
    data = {
        "kpicalc": __version__,
        "period": payroll.inputs.period if payroll else None,
        "currency": payroll.book.currency if payroll else None,
        "payees": [
            _person(payroll, index, worths)
            | {
                "next": steps_data(
                    [step for row in payroll.inputs.rows_of(index) for step in steps.get(row, [])], payroll.book
                )
            }
            for index in people
        ]
        if payroll
        else [],
        "issues": [issue_data(item, language) for item in issues],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _person(payroll: Payroll, index: int, worths: Mapping[int, Worth]) -> dict[str, Any]:
    """Return one person's entry; several rows give all inputs and steps, with the row's days, and every line once."""
    first, *others = [_payee(payroll, row, worths) for row in payroll.inputs.rows_of(index)]
    if not others:
        return first
    person = payroll.inputs.person(index)
    entry = first | {"department": person.department, "position": person.position}
    rows = payroll.inputs.rows_of(index)
    days = [days_of_row(payroll.inputs, row, payroll.book.language) for row in rows]
    for name in ("inputs", "steps"):
        pairs = zip(days, (first, *others), strict=True)
        entry[name] = [item | {"title": f"{item['title']} ({when})"} for when, row in pairs for item in row[name]]
    for name in ("rows", "missing"):
        entry[name] = [item for row in (first, *others) for item in row[name]]
    return entry | joined_lines(payroll, [first, *others]) | {"worth": _worth([first, *others])}


def _worth(rows: Sequence[dict[str, Any]]) -> dict[str, str | None] | None:
    """Return the two sums between which the pay of all rows lies; None if the pay is known."""
    sums = [row["worth"] or {"low": row["total"], "high": row["total"]} for row in rows]
    if all(row["worth"] is None for row in rows):
        return None
    ends = {name: [range_[name] for range_ in sums] for name in ("low", "high")}
    return {
        name: None if None in values else money_text(sum((Decimal(end) for end in values), Decimal(0)))
        for name, values in ends.items()
    }


def _payee(payroll: Payroll, index: int, worths: Mapping[int, Worth]) -> dict[str, Any]:
    person, statement = payroll.inputs.payees[index], statement_of(payroll, index)
    pay = next((pay for pay in payroll.schemes if index in pay.payees), None)
    entry: dict[str, Any] = {
        "id": person.id,
        "name": person.name,
        "department": person.department,
        "position": person.position,
        "scheme": statement.scheme.key if statement else None,
        "held": pay is None,
    }
    if pay is not None:
        return entry | _calculation(payroll, pay, pay.payees.index(index))
    worth = worths.get(index)
    missing = [{"title": item.title, "place": str(item.place)} for item in missing_of(payroll, index)]
    ends = {} if worth is None else {"low": worth.low, "high": worth.high}
    sums = {name: None if end is None else money_text(end) for name, end in ends.items()}
    nothing: dict[str, Any] = {"inputs": [], "steps": [], "rows": [], "lines": [], "accrued": None, "total": None}
    return entry | nothing | {"missing": missing, "worth": sums or None}


def _calculation(payroll: Payroll, pay: SchemePay, at: int) -> dict[str, Any]:
    statement, language = pay.statement, payroll.book.language

    def figure_data(figure: Figure) -> dict[str, str]:
        value = pay.columns[figure.key][at]
        shown = money_text(value) if figure.unit == "money" else f"{value:f}"
        if figure.unit == "day":
            shown = day_of_number(value).isoformat()
        return {"key": figure.key, "title": figure.title, "unit": figure.unit, "value": shown}

    steps = [
        figure_data(figure)
        | {"sentence": tell(figure.source, figure.unit, pay.columns, at, language).sentence(figure.title)}
        for figure in statement.figures
        if not isinstance(figure.source, Given | Param) and figure.key != statement.total
    ]
    return {
        "inputs": [figure_data(figure) for figure in statement.given()],
        "steps": steps,
        "rows": rows_data(payroll, pay, pay.payees[at]),
        "lines": [
            {"id": line.id, "title": line.title, "amount": money_text(pay.columns[line.figure][at])}
            for line in statement.lines
        ],
        "accrued": money_text(pay.columns[statement.accrued][at]),
        "total": money_text(pay.columns[statement.total][at]),
        "missing": [],
        "worth": None,
    }
