"""Joins several workbooks of one month, such as one per team: each is read separately; the people form one payroll."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from kpicalc.intake.sheets.staff.people import People, people
from kpicalc.intake.sheets.staff.positions import with_rows
from kpicalc.model.fields import Level
from kpicalc.model.inputs import Change, Employment, FactSource, Inputs, LevelFigure, Payee, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record


@record
class Part:
    """What the sheets of one workbook hold: the inputs without facts, the people with those left out, the changes."""

    inputs: Inputs
    who: People
    changes: Mapping[int, Change]


def joined(parts: Sequence[Part], issues: list[Issue]) -> Part:
    """Join the workbooks of one month; people are identified by number, or by name and department."""
    every = [part.inputs for part in parts]
    first = every[0]
    starts = [sum(len(one.payees) for one in every[:at]) for at in range(len(every))]
    by_payee: dict[str, Any] = {name: _shifted(starts, [getattr(one, name) for one in every]) for name in _by_payee()}
    employed = by_payee["employed"]
    payees = _told_apart([payee for one in every for payee in one.payees], employed, issues)
    inputs = replace(
        first,
        sha256=sha256("".join(one.sha256 for one in every).encode()).hexdigest(),
        books=tuple(FactSource(Path(one.file).name, one.sha256) for one in every),
        payees=payees,
        plan=_columns(every, lambda one: one.plan),
        actual=_columns(every, lambda one: one.actual),
        employee=_columns(every, lambda one: one.employee),
        history=_columns(every, lambda one: one.history),
        retyped=_columns(every, lambda one: one.retyped),
        team_plan=_team_plans(every, issues),
        **by_payee,
        blanks_are_sure=all(one.blanks_are_sure for one in every),
        sheets={name: text for one in reversed(every) for name, text in one.sheets.items()},
        details=_texts([(one.details, len(one.payees)) for one in every]),
        grouped=_texts([(one.grouped, len(one.payees)) for one in every]),
        called=_texts([(one.called, len(one.payees)) for one in every]),
        tables=tuple(table for one in every for table in one.tables),
        # A column letter is valid for everybody only where all workbooks have it.
        columns={
            key: text for key, text in first.columns.items() if all(one.columns.get(key) == text for one in every)
        },
        unread_sheets=tuple(f"{Path(one.file).name}: {name}" for one in every for name in one.unread_sheets),
    )
    left_out = {number: name for part in parts for number, name in part.who.left_out.items()}
    asked = {number: text for part in parts for number, text in part.who.asked.items()}
    who = with_rows(replace(people(payees, left_out, asked), called=inputs.called), employed)
    return Part(inputs, who, _shifted(starts, [part.changes for part in parts]))


def _told_apart(payees: Sequence[Payee], employed: Mapping[int, Employment], issues: list[Issue]) -> list[Payee]:
    """Return the payees; people without a number who share a name are identified by their departments.

    Several rows with days of their own are one person's.
    """
    count = Counter(payee.id for payee in payees)
    dated = {index for index, days in employed.items() if days.of_row}
    one_person = {payees[index].id for index in dated}
    named = {payee.id for payee in payees if count[payee.id] > 1 and payee.id == payee.name} - one_person
    kept = [replace(payee, id=f"{payee.id} ({payee.department})") if payee.id in named else payee for payee in payees]
    first: dict[str, int] = {}
    for at, payee in enumerate(kept):
        other = kept[first.setdefault(payee.id, at)]
        if other is not payee and not dated.intersection((first[payee.id], at)):
            row = "".join(filter(str.isdigit, payee.place.cell))
            issues.append(issue("duplicate_payee", payee.place, number=payee.id, first=other.place, row=row))
    return kept


def _by_payee() -> list[str]:
    """Return the fields of a month's inputs that are kept by the payee's index.

    Rows of one person (`further`) are found among all people, after the workbooks are joined.
    """
    return [one.name for one in fields(Inputs) if get_origin(one.type) is Mapping and get_args(one.type)[0] is int]


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _shifted(starts: Sequence[int], parts: Sequence[Mapping[int, _Value]]) -> dict[int, _Value]:
    """Return values by the payee's index in each workbook as values by the index among all payees."""
    return {start + index: value for start, part in zip(starts, parts, strict=True) for index, value in part.items()}


def _texts(every: Sequence[tuple[Mapping[_Key, Sequence[str]], int]]) -> dict[_Key, list[str]]:
    """Return text columns of all workbooks, with the number of people in each; blank where a workbook lacks one."""
    keys = dict.fromkeys(key for columns, _ in every for key in columns)
    return {key: [text for columns, count in every for text in columns.get(key, [""] * count)] for key in keys}


def _columns(every: Sequence[Inputs], pick: Callable[[Inputs], Mapping[_Key, Series]]) -> dict[_Key, Series]:
    """Return the columns of all workbooks; people whose workbook lacks a column have blanks in it."""
    keys = dict.fromkeys(key for inputs in every for key in pick(inputs))
    return {key: _series(every, [pick(inputs).get(key) for inputs in every]) for key in keys}


def _series(every: Sequence[Inputs], columns: Sequence[Series | None]) -> Series:
    first = next(series for series in columns if series is not None)
    values: list[Decimal | None] = []
    rows: list[int] = []
    origins: dict[int, Place] = {}
    for inputs, series in zip(every, columns, strict=True):
        for index in range(len(inputs.payees)):
            place = series.place(index) if series else replace(inputs.payees[index].place, cell="")
            origins[len(values)] = place
            values.append(series.values[index] if series else None)
            rows.append(series.rows[index] if series else 0)
    return replace(first, values=values, rows=rows, origins=origins)


def _team_plans(every: Sequence[Inputs], issues: list[Issue]) -> dict[tuple[str, str], Mapping[Level, LevelFigure]]:
    """Return the plans of all departments; a plan in two workbooks is refused."""
    plans: dict[tuple[str, str], Mapping[Level, LevelFigure]] = {}
    for inputs in every:
        for key, levels in inputs.team_plan.items():
            if key in plans:
                places = [next(iter(item.values())).place for item in (plans[key], levels) if item]
                place = places[-1] if places else Place(inputs.file)
                facts = {"kpi": key[0], "department": key[1], "first": places[0] if places else "—"}
                issues.append(issue("team_plan_again", place, **facts))
            plans[key] = levels
    return plans
