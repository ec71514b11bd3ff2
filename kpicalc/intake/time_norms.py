"""Who works here for a part of the month; days and hours that the workbook leaves to the production calendar."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpicalc.intake.calendar import WorkCalendar
from kpicalc.lang import number
from kpicalc.model.days import day_number
from kpicalc.model.fields import WORKED, EmployeeField
from kpicalc.model.inputs import Employment, Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import day_text, first_day, last_day, months_between, title
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

Span = tuple[date, date]
_NORMS: tuple[EmployeeField, ...] = ("days_norm", "hours_norm")


def with_calendar(inputs: Inputs, schemes: SchemeBook, calendar: WorkCalendar | None, issues: list[Issue]) -> Inputs:
    """Return the inputs completed from the calendar; figures typed in the workbook stay unchanged."""
    return _Month(inputs, schemes, calendar, issues).completed()


@record(slots=False)
class _Month:
    inputs: Inputs
    schemes: SchemeBook
    calendar: WorkCalendar | None
    issues: list[Issue]

    @property
    def whole(self) -> Span:
        """Return the first and the last day of the month."""
        return first_day(self.inputs.period), last_day(self.inputs.period)

    def completed(self) -> Inputs:
        away = frozenset(self._away())
        spans = {index: self._span(one) for index, one in self.inputs.employed.items() if index not in away}
        parts = {index: span for index, span in spans.items() if self._is_part(span)}
        employee: dict[str, Series] = dict(self.inputs.employee)
        norms: dict[EmployeeField, Decimal] = {}
        if self.calendar is not None:
            whole = ((name, _count(self.calendar, name)(*self.whole)) for name in _NORMS)
            norms = {name: count for name, count in whole if count is not None}
            dated = {index: span for index, span in spans.items() if self._begins_or_ends(self.inputs.employed[index])}
            self._fill(employee, self.calendar, dated)
            self._watch(employee, self.calendar, parts)
        self._days_employed(employee, parts)
        self._months(employee)
        if parts:
            marks: list[Decimal | None] = [Decimal(index in parts) for index in range(len(self.inputs.payees))]
            employee["part_month"] = self._series(None, marks, {})
        leaving = {index for index, one in self.inputs.employed.items() if one.dismissed and index not in away
                   and one.dismissed <= self.whole[1]}  # fmt: skip
        if leaving:
            leaves: list[Decimal | None] = [Decimal(index in leaving) for index in range(len(self.inputs.payees))]
            employee["leaves"] = self._series(None, leaves, {})
        return replace(self.inputs, employee=employee, away=away, norms=norms)

    # -- who works here, and when ---------------------------------------------------------------------------------

    def _away(self) -> Iterator[int]:
        first, last = self.whole
        for index, days in self.inputs.employed.items():
            facts = {"payee": self.inputs.payees[index], "period": self._month()}
            if days.hired and days.hired > last:
                self.issues.append(issue("hired_later", days.place, found=self._day(days.hired), **facts))
                yield index
            elif days.dismissed and days.dismissed < first:
                self.issues.append(issue("dismissed_earlier", days.place, found=self._day(days.dismissed), **facts))
                yield index

    def _span(self, employment: Employment) -> Span:
        first, last = self.whole
        return max(employment.first or first, first), min(employment.last or last, last)

    def _begins_or_ends(self, employment: Employment) -> bool:
        """Tell whether a person was hired or dismissed inside the month, or the row has days of its own."""
        first, last = self.whole
        return any(day is not None and first <= day <= last for day in (employment.first, employment.last))

    def _is_part(self, span: Span) -> bool:
        """Tell whether a part of the month has fewer working days than the month."""
        if self.calendar is None:
            return span != self.whole
        return self.calendar.days(*span) < self.calendar.days(*self.whole)

    # -- what the calendar knows ----------------------------------------------------------------------------------

    def _fill(self, employee: dict[str, Series], calendar: WorkCalendar, dated: Mapping[int, Span]) -> None:
        """Fill blank norms for everybody, blank days and hours worked for those hired or dismissed inside the month.

        For other people a blank means that the timesheet is missing; no value is assumed.
        """
        everybody = dict.fromkeys(range(len(self.inputs.payees)), self.whole)
        used = [self._filled(employee, name, calendar, everybody) for name in _NORMS]
        used += [
            self._filled(employee, name, calendar, self._by_calendar(employee, calendar, name, dated))
            for name in WORKED
        ]
        if any(used) and not calendar.checked:
            days = number(calendar.days(*self.whole), self.schemes.language)
            place = self.schemes.source.place("calendar")
            self.issues.append(issue("calendar_unchecked", place, found=calendar.name, period=self._month(), days=days))

    def _filled(
        self,
        employee: dict[str, Series],
        name: EmployeeField,
        calendar: WorkCalendar,
        spans: Mapping[int, Span],
    ) -> bool:
        count = _count(calendar, name)
        old = employee.get(name)
        values: list[Decimal | None] = list(old.values) if old else [None] * len(self.inputs.payees)
        place = calendar.place(self.schemes.language)
        origins: dict[int, Place] = {}
        for index, span in spans.items():
            known = count(*span) if values[index] is None and not self._unread(old, index) else None
            if known is not None:
                values[index], origins[index] = known, place
        if origins:
            employee[name] = self._series(old, values, origins)
        return bool(origins)

    def _by_calendar(
        self,
        employee: Mapping[str, Series],
        calendar: WorkCalendar,
        name: EmployeeField,
        spans: Mapping[int, Span],
    ) -> dict[int, Span]:
        """Return the people whose days the calendar may count: those whose norm is that of the calendar."""
        norm = employee.get(WORKED[name])
        whole = _count(calendar, name)(*self.whole)
        return {index: span for index, span in spans.items() if norm and norm.values[index] == whole}

    def _watch(self, employee: Mapping[str, Series], calendar: WorkCalendar, parts: Mapping[int, Span]) -> None:
        """Warn of more days worked than working days from the hiring to the dismissal; more than days is refused."""
        worked = employee.get("days_worked")
        for index, span in self._by_calendar(employee, calendar, "days_worked", parts).items():
            done, most = worked.values[index] if worked else None, calendar.days(*span)
            if worked and done is not None and most < done <= (span[1] - span[0]).days + 1:
                facts = {"payee": self.inputs.payees[index], "found": self._shown(done), "limit": self._shown(most)}
                first, last = (self._day(day) for day in span)
                self.issues.append(issue("days_above_employed", worked.place(index), first=first, last=last, **facts))

    def _days_employed(self, employee: dict[str, Series], parts: Mapping[int, Span]) -> None:
        """Fill the working days of employment: the whole norm or, for a part of the month, the calendar's count."""
        norm, old = employee.get("days_norm"), employee.get("days_employed")
        if norm is None or (old is None and not parts):
            return
        values: list[Decimal | None] = list(old.values) if old else [None] * len(norm.values)
        origins: dict[int, Place] = {}
        for index, whole in enumerate(norm.values):
            if values[index] is not None or whole is None or self._unread(old, index):
                continue
            if index not in parts:
                values[index], origins[index] = whole, norm.place(index)
            elif self.calendar and whole == self.calendar.days(*self.whole):
                values[index] = self.calendar.days(*parts[index])
                origins[index] = self.calendar.place(self.schemes.language)
        employee["days_employed"] = self._series(old, values, origins)

    def _months(self, employee: dict[str, Series]) -> None:
        """Add the month's number and ends, the day of hiring, and the months of employment, which count from 1."""
        count, period = len(self.inputs.payees), self.inputs.period
        employee["month"] = Series([Decimal(int(period[5:]))] * count, self.inputs.file, "", "", [0] * count)
        first = first_day(period)
        for name, day in (("month_start", first), ("month_end", last_day(period))):
            employee[name] = replace(employee["month"], values=[day_number(day)] * count)
        if "hired" not in self.inputs.columns and not any(one.hired for one in self.inputs.employed.values()):
            return
        days = [one.hired if (one := self.inputs.employed.get(index)) else None for index in range(count)]
        values = [None if day is None else Decimal(months_between(f"{day:%Y-%m}", period) + 1) for day in days]
        places = {index: self.inputs.place_of(index, "hired") for index in range(count)}
        employee["months_employed"] = self._series(None, values, places)
        numbers = [None if day is None else day_number(day) for day in days]
        employee["hired"] = self._series(None, numbers, places)

    # -- figures --------------------------------------------------------------------------------------------------

    def _series(self, old: Series | None, values: list[Decimal | None], origins: Mapping[int, Place]) -> Series:
        """Return a column with new figures; a column missing on the sheet points at the personnel numbers."""
        if old is not None:
            return replace(old, values=values, origins={**old.origins, **origins})
        places = [payee.place for payee in self.inputs.payees]
        rows = [int("".join(filter(str.isdigit, place.cell))) for place in places]
        letter = self.inputs.columns["id"]
        return Series(values, self.inputs.file, self.inputs.sheets["employee"], letter, rows, origins)

    def _unread(self, old: Series | None, index: int) -> bool:
        """Tell whether a cell could not be read: it has an issue already, and is not blank."""
        return old is not None and old.place(index) in self.inputs.unread

    def _day(self, day: date) -> str:
        return day_text(day, self.schemes.language)

    def _month(self) -> str:
        return title(self.inputs.period, self.schemes.language)

    def _shown(self, value: Decimal) -> str:
        return number(value, self.schemes.language)


def _count(calendar: WorkCalendar, name: EmployeeField) -> Callable[[date, date], Decimal | None]:
    """Return how the calendar counts the column's unit: days or hours."""
    return calendar.days if name.startswith("days") else calendar.hours
