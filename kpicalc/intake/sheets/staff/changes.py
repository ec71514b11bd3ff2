"""The Changes sheet: a salary or a rate that changes on some day of the month.

The Employees sheet holds the values of the first day of the month, the Changes sheet the values from its date on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpicalc.intake.calendar import WorkCalendar
from kpicalc.intake.sheets.cells import is_blank, read_numbers, read_text
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.per_cents import as_money, without_per_cents
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.staff.employment import read_day
from kpicalc.intake.sheets.staff.odd_changes import days_employed, odd_changes
from kpicalc.lang import number
from kpicalc.model.fields import EmployeeField
from kpicalc.model.inputs import Change, Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import day_text, first_day, last_day, parse, title
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import clean

_NEW: tuple[EmployeeField, ...] = ("salary", "fte")
_WORKED: Mapping[EmployeeField, EmployeeField] = {"days_after": "days_worked", "hours_after": "hours_worked"}


def read_changes(reading: Reading, period: str, employee: Mapping[str, Series]) -> dict[int, Change]:
    """Return the month's changes by payee, at most one of salary or rate for each; rows of other months are skipped.

    The last change before the month is compared with what the Employees sheet has (`employee`).
    """
    table, issues = reading.table, reading.issues
    changes: dict[int, Change] = {}
    dated: list[tuple[int, int, date]] = []
    others: list[int] = []
    earlier: dict[int, tuple[date, int]] = {}
    for row, owner in zip(reading.rows, reading.owners, strict=True):
        column = table.fields["from"]
        before = len(issues)
        day = read_day(reading, row, column)
        if day is None:
            if len(issues) == before:
                reading.tell("change_without_day", row, column, row=row + 1)
        elif parse(day) != period:
            others.append(row)
            if owner >= 0 and owner not in reading.who.several and day < first_day(period):
                earlier[owner] = max(earlier.get(owner, (day, row)), (day, row))
        elif owner in reading.who.several:
            reading.tell("change_of_several", row, column, payee=reading.who.payees[owner])
        elif owner >= 0:
            dated.append((row, owner, day))
    if others:
        facts = {"count": len(others), "period": title(period, reading.language)}
        reading.tell("changes_of_other_months", others[0], table.fields["from"], **facts)
    _tell_not_taken(reading, earlier, employee)
    values = _values(reading, [row for row, _, _ in dated])
    for n, (row, owner, day) in enumerate(dated):
        payee, place = reading.who.payees[owner], table.place(row, table.fields["from"])
        figures = {name: column[n] for name, column in values.items()}
        _watch_scheme(reading, row, owner)
        if owner in changes:
            issues.append(issue("change_twice", place, payee=payee, first=changes[owner].place.cell))
        elif all(name not in figures or is_blank(table.cell(row, table.fields[name])) for name in _NEW):
            issues.append(issue("change_of_nothing", place, payee=payee))
        else:
            cells = {name: table.place(row, table.fields[name]) for name in figures}
            changes[owner] = Change(day, figures, cells, place)
    return changes


def _tell_not_taken(reading: Reading, earlier: Mapping[int, tuple[date, int]], employee: Mapping[str, Series]) -> None:
    """Report salaries and rates of the Employees sheet that are not those of the last change before the month."""
    unheard = replace(reading, issues=[])
    rows = [row for _, row in earlier.values()]
    for name in _NEW:
        column, known = reading.table.fields.get(name), employee.get(name)
        if column is None or known is None:
            continue
        units = currency_words(reading.schemes.currency) if name == "salary" else ()
        values = read_numbers(unheard, column, rows, units)
        for (owner, (day, row)), value in zip(earlier.items(), values, strict=True):
            stands = known.values[owner]
            if value is not None and stands is not None and value != stands:
                facts = {"payee": reading.who.payees[owner], "day": day_text(day, reading.language)}
                facts |= {"title": reading.table.heading(column), "found": number(value, reading.language)}
                reading.tell("change_not_taken", row, column, **facts, known=number(stands, reading.language))


def with_changes(
    inputs: Inputs,
    changes: Mapping[int, Change],
    calendar: WorkCalendar | None,
    schemes: SchemeBook,
    issues: list[Issue],
) -> Inputs:
    """Return the inputs with the values after a change; a payee without one keeps salary and rate."""
    if not changes:
        return inputs
    employee = dict(inputs.employee)
    for name in _NEW:
        if name in employee or any(change.new.get(name) is not None for change in changes.values()):
            employee[f"{name}_after"] = _after(inputs, name, changes)
    language = schemes.language
    for index, change in changes.items():
        facts = {
            "payee": inputs.payees[index],
            "day": day_text(change.day, language),
        }
        new = {name: value for name in _NEW if (value := change.new.get(name)) is not None}
        if new and all(name in employee and employee[name].values[index] == value for name, value in new.items()):
            issues.append(issue("change_without_effect", change.place, **facts))
        days = inputs.employed.get(index)
        if days and ((days.first and change.day < days.first) or (days.last and change.day > days.last)):
            issues.append(issue("change_outside", change.place, **facts))
    issues += odd_changes(inputs, changes, calendar, language)
    for name, worked in _WORKED.items():
        employee[name] = _worked_after(inputs, name, employee.get(worked), changes, calendar, schemes, issues)
    marks: list[Decimal | None] = [Decimal(index in changes) for index in range(len(inputs.payees))]
    employee["changed"] = replace(employee["days_after"], values=marks)
    return replace(inputs, employee=employee)


def _values(reading: Reading, rows: Sequence[int]) -> dict[EmployeeField, list[Decimal | None]]:
    values: dict[EmployeeField, list[Decimal | None]] = {}
    names: tuple[EmployeeField, ...] = (*_NEW, *_WORKED)
    table = reading.table
    for name in names:
        column = table.fields.get(name)
        if column is not None:
            units = currency_words(reading.schemes.currency) if name == "salary" else ()
            values[name] = read_numbers(reading, column, rows, units)
            if name != "fte":
                check = as_money if name == "salary" else without_per_cents
                values[name] = check(reading, column, rows, values[name])
            for row, value in zip(rows, values[name], strict=True):
                if value is not None and value < 0:
                    facts = {"heading": table.heading(column), "found": number(value, reading.language)}
                    reading.tell("change_below_zero", row, column, **facts)
    return values


def _watch_scheme(reading: Reading, row: int, owner: int) -> None:
    """Refuse a change of position or scheme: one scheme computes a month of one person."""
    payee, fields = reading.who.payees[owner], reading.table.fields
    for field in ("position", "scheme"):
        text = read_text(reading, row, fields.get(field))
        old = payee.position if field == "position" else payee.scheme
        if text and clean(text).casefold() != old.casefold():
            reading.tell("change_of_scheme", row, fields[field], payee=payee, found=text, old=old or "—")


def _after(inputs: Inputs, name: EmployeeField, changes: Mapping[int, Change]) -> Series:
    """Return the values after the changes; where the Employees sheet lacks the column, only new values are known."""
    nobody: list[Decimal | None] = [None] * len(inputs.payees)
    old = inputs.employee.get(name) or Series(nobody, inputs.file, inputs.sheets["changes"], "", [0] * len(nobody))
    new = {index: value for index, change in changes.items() if (value := change.new.get(name)) is not None}
    values = [new.get(index, value) for index, value in enumerate(old.values)]
    return replace(old, values=values, origins={**old.origins, **{index: changes[index].cells[name] for index in new}})


def _worked_after(
    inputs: Inputs,
    name: EmployeeField,
    worked: Series | None,
    changes: Mapping[int, Change],
    calendar: WorkCalendar | None,
    schemes: SchemeBook,
    issues: list[Issue],
) -> Series:
    """Return the days or hours worked since the change: stated, or counted where no working day was missed."""
    values: list[Decimal | None] = [Decimal(0)] * len(inputs.payees)
    origins: dict[int, Place] = {}
    for index, change in changes.items():
        done = worked.values[index] if worked else None
        stated = change.new.get(name)
        values[index], origins[index] = stated, change.cells.get(name, change.place)
        if stated is None and calendar is not None and done is not None:
            values[index] = _counted(inputs, index, name, done, change, calendar)
            if values[index] is not None:
                origins[index] = calendar.place(schemes.language)
        elif stated is not None:
            hours = 24 if name == "hours_after" else 1
            most = Decimal(hours * ((last_day(inputs.period) - change.day).days + 1))
            before = Decimal(hours * (change.day - first_day(inputs.period)).days)
            shown = {"payee": inputs.payees[index], "found": number(stated, schemes.language)}
            if done is not None and stated > done:
                facts = {"limit": number(done, schemes.language)}
                issues.append(issue("change_days_above", origins[index], **shown, **facts))
            elif stated > most:
                facts = {"limit": number(most, schemes.language), "day": day_text(change.day, schemes.language)}
                issues.append(issue("change_days_late", origins[index], **shown, **facts))
            elif done is not None and done - stated > before:
                facts = {"limit": number(before, schemes.language), "day": day_text(change.day, schemes.language)}
                rest = {"done": number(done, schemes.language), "rest": number(done - stated, schemes.language)}
                issues.append(issue("change_days_early", origins[index], **shown, **facts, **rest))
    return Series(values, inputs.file, inputs.sheets["changes"], "", [0] * len(values), origins)


def _counted(
    inputs: Inputs, index: int, name: EmployeeField, done: Decimal, change: Change, calendar: WorkCalendar
) -> Decimal | None:
    """Return the calendar's count since the change; None where a day was missed: before or after is unknown."""
    count = calendar.days if name.startswith("days") else calendar.hours
    first, last = days_employed(inputs, index)
    return count(max(change.day, first), last) if done == count(first, last) else None
