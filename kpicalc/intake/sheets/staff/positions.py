"""Several rows of one person in a month: positions, schemes or salaries, each on days of its own («С», «По»).

The days of a row are kept with those of employment, so everything that counts days counts them. This module checks that
the rows belong to one person, do not overlap, and lie inside the month and the employment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from kpicalc.intake.calendar import WorkCalendar
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.names import field_title
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.staff.people import People, RowDays
from kpicalc.lang import Language, severity
from kpicalc.model.fields import DetailField
from kpicalc.model.inputs import Employment, Inputs, Payee
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import day_text, first_day, last_day, title
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key

_DAY = timedelta(days=1)
_OF_ROW: frozenset[DetailField] = frozenset({"crm_name"})
"""A CRM may have several names for one person."""


def has_days(reading: Reading, row: int) -> bool:
    """Tell whether a row of the Employees sheet states its own days."""
    fields = reading.table.fields
    return any(not is_blank(reading.table.cell(row, fields[name])) for name in ("from", "to") if name in fields)


def with_rows(who: People, employed: Mapping[int, Employment]) -> People:
    """Return the people with the days of their rows; if no row states days, everybody has one row."""
    if not any(dated.of_row for dated in employed.values()):
        return who
    rows: dict[int, list[RowDays]] = {}
    for index, payee in enumerate(who.payees):
        dated = employed.get(index)
        days = RowDays(index, dated.begins if dated else None, dated.ends if dated else None)
        rows.setdefault(who.index[payee.id], []).append(days)
    return replace(who, rows={first: tuple(indices) for first, indices in rows.items()})


def as_persons(inputs: Inputs, schemes: SchemeBook, calendar: WorkCalendar | None, issues: list[Issue]) -> Inputs:
    """Return the inputs with the rows of one person joined; rows that contradict each other are errors."""
    if not any(days.of_row for days in inputs.employed.values()):
        return inputs
    return _Rows(inputs, schemes.language, calendar, issues).together()


@record(slots=False)
class _Rows:
    inputs: Inputs
    language: Language
    calendar: WorkCalendar | None
    issues: list[Issue]

    def together(self) -> Inputs:
        inputs, by_number = self.inputs, dict[str, list[int]]()
        for index, payee in enumerate(inputs.payees):
            by_number.setdefault(payee.id, []).append(index)
        people = [rows for rows in by_number.values() if len(rows) > 1]
        # A person with one row and days works for a part of the month.
        alone = [rows for rows in by_number.values() if len(rows) == 1 and self._has_days(rows[0])]
        employed = dict(inputs.employed)
        for rows in people:
            self._employment(rows, employed)
        joint = replace(self, inputs=replace(inputs, employed=employed))
        for rows in (*people, *alone):
            joint.prove(rows)
        return replace(
            inputs,
            employed=employed,
            details={name: self._filled(name, texts, people) for name, texts in inputs.details.items()},
            payees=self._named(people),
            further={row: rows[0] for rows in people for row in rows[1:]},
        )

    def _has_days(self, index: int) -> bool:
        days = self.inputs.employed.get(index)
        return days is not None and days.of_row

    def _employment(self, rows: Sequence[int], employed: dict[int, Employment]) -> None:
        """Apply the days of hiring and dismissal, stated in any row of a person, to all rows."""
        stated: dict[str, date | None] = {}
        for name in ("hired", "dismissed"):
            days = [(row, day) for row in rows if row in employed and (day := getattr(employed[row], name))]
            stated[name] = days[0][1] if days else None
            self._alike(name, [(row, day_text(day, self.language)) for row, day in days])
        for row in rows:
            own_days = employed.get(row) or Employment(None, None, self.inputs.payees[row].place)
            employed[row] = replace(own_days, hired=stated["hired"], dismissed=stated["dismissed"])

    def _filled(self, name: DetailField, texts: Sequence[str], people: Sequence[list[int]]) -> Sequence[str]:
        """Return a column of details in which all rows of a person hold the text that any of them states."""
        filled = list(texts)
        for rows in people:
            known = [(row, texts[row]) for row in rows if texts[row]]
            if known and name not in _OF_ROW:
                self._alike(name, known)
                for row in rows:
                    filled[row] = filled[row] or known[0][1]
        return filled

    def _named(self, people: Sequence[list[int]]) -> list[Payee]:
        payees = list(self.inputs.payees)
        for rows in people:
            names = [(row, payees[row].name) for row in rows if payees[row].name]
            if len({name_key(name) for _, name in names}) > 1:
                self._alike("name", names)
            for row in rows:
                payees[row] = replace(payees[row], name=names[0][1] if names else "")
        return payees

    def _alike(self, name: str, texts: Sequence[tuple[int, str]]) -> None:
        if len({text for _, text in texts}) < 2:
            return
        row, text = next((row, text) for row, text in texts if text != texts[0][1])
        facts = {"title": field_title("employees", name, self.language), "found": text, "other": texts[0][1]}
        first = self.inputs.place_of(texts[0][0], name).cell
        self._tell("position_rows_differ", row, name, first=first, **facts)

    # -- days -----------------------------------------------------------------------------------------------------

    def prove(self, rows: Sequence[int]) -> None:
        """Check the days of a person's rows, and report days of employment that no row covers."""
        before = len(self.issues)
        for row in rows:
            self._outside(row)
        places = {self.inputs.place_of(row, name) for row in rows for name in ("from", "to")}
        # Without a day that could not be read, the others would seem to overlap.
        if len(self.issues) > before or any(item.place in places and severity(item) == "error" for item in self.issues):
            return
        whole = first_day(self.inputs.period), last_day(self.inputs.period)
        spans = sorted((*self._span(row, whole), row) for row in rows)
        (_, last, first_row), *others = spans
        for begins, ends, row in others:
            if begins <= last:
                same = self._days(begins, min(ends, last))
                self._tell("position_overlap", row, "from", found=same, first=self._place(first_row))
                return
            last, first_row = ends, row
        gaps = list(self._gaps(spans, rows[0], whole))
        if gaps:
            self._tell("position_gap", spans[0][2], "from", found=", ".join(gaps))

    def _outside(self, row: int) -> None:
        days = self.inputs.employed.get(row)
        if days is None:
            return
        for name, day in (("from", days.begins), ("to", days.ends)):
            if day is None:
                continue
            facts = {"title": field_title("employees", name, self.language), "found": day_text(day, self.language)}
            if not first_day(self.inputs.period) <= day <= last_day(self.inputs.period):
                self._tell("position_outside_month", row, name, period=self._month(), **facts)
            elif days.hired and day < days.hired:
                self._tell("position_outside_employment", row, name, day=day_text(days.hired, self.language), **facts)
            elif days.dismissed and day > days.dismissed:
                self._tell(
                    "position_outside_employment", row, name, day=day_text(days.dismissed, self.language), **facts
                )

    def _span(self, row: int, whole: tuple[date, date]) -> tuple[date, date]:
        days = self.inputs.employed.get(row)
        return (days and days.begins) or whole[0], (days and days.ends) or whole[1]

    def _gaps(self, spans: Sequence[tuple[date, date, int]], row: int, whole: tuple[date, date]) -> Iterator[str]:
        """Yield the days of employment that no row covers; gaps without a working day are ignored."""
        employment = self.inputs.employed.get(row)
        hired, dismissed = (employment.hired, employment.dismissed) if employment else (None, None)
        begins, ends = max(hired or whole[0], whole[0]), min(dismissed or whole[1], whole[1])
        for first, last, _ in (*spans, (ends + _DAY, ends + _DAY, row)):
            missed = begins, min(first - _DAY, ends)
            if missed[0] <= missed[1] and (self.calendar is None or self.calendar.days(*missed)):
                yield self._days(*missed)
            begins = max(begins, last + _DAY)

    def _days(self, first: date, last: date) -> str:
        texts = [day_text(first, self.language), day_text(last, self.language)]
        return texts[0] if first == last else " – ".join(texts)

    def _month(self) -> str:
        return title(self.inputs.period, self.language)

    def _place(self, row: int) -> str:
        return self.inputs.place_of(row, "from").cell

    def _tell(self, code: str, row: int, name: str, **facts: object) -> None:
        place = self.inputs.place_of(row, name)
        self.issues.append(issue(code, place, payee=self.inputs.payees[row], **facts))
