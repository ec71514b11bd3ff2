"""Reports the faults in the rows of a table of facts, by file and row; no row is dropped silently."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpicalc.intake.facts.measuring.conditions import backwards, in_spans, lacks_figures
from kpicalc.intake.facts.measuring.measures import Measure, where_of
from kpicalc.intake.facts.owners import Owners, is_nobody
from kpicalc.intake.facts.sources.headers import DATE, KEY, PAYEE, heading_of
from kpicalc.intake.facts.table import MOST, Facts
from kpicalc.intake.sheets.cells import number_or_code, refusal
from kpicalc.intake.sheets.layout.rows import UNKNOWN
from kpicalc.intake.sheets.staff.strangers import in_other_letters
from kpicalc.lang import severity
from kpicalc.model.book import cell_name
from kpicalc.model.days import no_day
from kpicalc.model.facts import FactFile, FactType
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.period import month_back
from kpicalc.model.record import record
from kpicalc.model.texts import clean, nearest_number


@record
class Findings:
    """The findings of one table of facts."""

    facts: Facts
    month: str
    measures: Sequence[Measure]
    issues: list[Issue]

    def report(self, rows: Sequence[Mapping[str, Any]], owners: Owners) -> None:
        """Report the faults that the counts of a table show, with the rows that have them."""
        named = [row for row in rows if not is_nobody(row[PAYEE]) and row["rows"]]
        self.people(named, owners)
        if self.facts.spec.unowned == "error" and any(is_nobody(row[PAYEE]) and row["rows"] for row in rows):
            self.tell("fact_no_payee", lambda table: self.nobody(table) & self.spans(table), PAYEE)
        if self.facts.spec.undated == "error" and any(row["undated"] for row in rows):
            self.tell("fact_undated", self.undated, DATE)
        for name in self.facts.bad:
            if any(row[f"bad_{name}"] for row in rows):
                self.unread(name)
        for number, measure in enumerate(self.measures):
            if any(row[f"m{number}_blank"] for row in rows):
                self.blanks(measure)
        known = [row for row in named if owners.owner(row[PAYEE]) >= 0]
        self.backwards(known)
        self.empty(known)
        if self.facts.spec.key is not None:
            self.duplicates()

    def backwards(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Report rows that count although their minutes are negative: any upper limit would take them as in time."""
        reported: set[frozenset[str]] = set()
        for number, measure in enumerate(self.measures):
            count = sum(row.get(f"m{number}_backwards") or 0 for row in rows)
            names = frozenset(f"c_{name}" for term in measure.minutes() for name in term.columns())
            if count and names not in reported:
                reported.add(names)
                examples = self.rows(lambda table: backwards(self.facts, measure, self.month, table), ())  # noqa: B023
                headings = [self.heading(name) for name in sorted(names)]
                place = self._place(examples.first, min(names))
                facts = {"title": self.facts.title(), "kpi": measure.title, "count": count, "headings": headings}
                self.issues.append(issue("fact_backwards", place, **facts))

    def empty(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Report that no payee has a row in the days of a measure, unless the scheme allows it.

        A month that has not ended is not checked.
        """
        if any(measure.until for measure in self.measures):
            return
        if self.facts.spec.empty == "zero" or any(severity(item) == "error" for item in self.issues):
            return
        for code, asked in (("fact_empty", 0), ("fact_empty_before", 1)):
            months = {
                month_back(self.month, measure.months)
                for number, measure in enumerate(self.measures)
                if min(measure.months, 1) == asked
                and measure.days_asked(self.month)
                and not any(row[f"m{number}_span"] for row in rows)
            }
            if months:
                facts = {"title": self.facts.title(), "period": sorted(months)}
                self.issues.append(issue(code, self.facts.place, **facts))

    def spans(self, table: Any) -> Any:
        """Return the condition that a row belongs to the days of any measure."""
        return in_spans(self.measures, self.month, table)

    @staticmethod
    def nobody(table: Any) -> Any:
        """Return the condition that a row's payee is blank."""
        return table[PAYEE].isnull() | (table[PAYEE].strip() == "")

    def undated(self, table: Any) -> Any:
        """Return the condition that a row has no date; a date that cannot be read is reported separately."""
        blank = table[DATE].isnull()
        return blank & ~table[f"bad_{DATE}"] if DATE in self.facts.bad else blank

    def people(self, rows: Sequence[Mapping[str, Any]], owners: Owners) -> None:
        """Report payees that match nobody, and names that were matched by a shortened form."""
        strangers: list[str] = []
        fitted: list[str] = []
        for text in sorted(str(row[PAYEE]) for row in rows):
            if owners.owner(text) == UNKNOWN:
                strangers.append(text)
            elif owners.shortened(text):
                number = owners.number(clean(text))
                fitted.append(f"«{clean(text)}» = {owners.who.label(number)}")
        if fitted:
            facts = {"title": self.facts.title(), "count": len(fitted), "found": listed(fitted, MOST, "; ")}
            self.issues.append(issue("fact_names_fitted", self.facts.place, **facts))
        if self.facts.spec.others == "skip":
            strangers = [text for text in strangers if len(owners.numbers(clean(text))) > 1]
        for text in strangers[:MOST]:
            self.stranger(text, owners)
        if len(strangers) > MOST:
            facts = {"title": self.facts.title(), "count": len(strangers) - MOST}
            self.issues.append(issue("fact_strangers", self.facts.place, **facts))

    def unsure(self) -> None:
        """Report the rows for which the table's own condition is unknown, as a cell it uses is blank."""
        spec, condition = self.facts.spec, self.facts.condition
        term = where_of(spec)
        if condition is None or term is None:
            return
        names = sorted(f"c_{name}" for name in term.columns())
        asked = self.facts.whole.filter(condition.isnull())
        wanted = [name for name in ("row", KEY, *names) if name in asked.columns]
        rows = self.facts.ask(asked.select(*wanted).order_by(wanted[0]).limit(MOST))
        for row in rows:
            blank = [self.heading(name) for name in names if row[name] is None]
            name_at = next((name for name in names if row[name] is None), names[0])
            self.issues.append(
                issue("fact_where_blank", self._place(row, name_at), title=self.facts.title(), headings=blank)
            )
        if len(rows) == MOST:
            count = self.facts.ask(asked.aggregate(count=asked.count()))[0]["count"]
            self._more("fact_where_blank", Listed(rows, count))

    def stranger(self, text: str, owners: Owners) -> None:
        """Report a payee that matches nobody, with the first of its rows."""
        rows = self.rows(lambda table: (table[PAYEE] == text) & self.spans(table), ())
        several = owners.numbers(clean(text))
        if len(several) > 1:
            people = [owners.who.label(number) for number in several]
            facts = {"found": text, "title": self.facts.title(), "numbers": people, "count": rows.count}
            self.issues.append(issue("fact_several", self._place(rows.first, PAYEE), **facts))
            return
        if self.facts.spec.match != "name" and len(named := owners.by_name(clean(text))) == 1:
            facts = {"found": text, "title": self.facts.title(), "nearest": owners.who.label(named[0])}
            facts |= {"key": self.facts.key, "count": rows.count}
            self.issues.append(issue("fact_stranger_named", self._place(rows.first, PAYEE), **facts))
            return
        if self.facts.spec.match == "name" and clean(text) in owners.who.names:
            facts = {"found": text, "title": self.facts.title(), "count": rows.count, "key": self.facts.key}
            nearest = owners.who.label(clean(text))
            self.issues.append(issue("fact_stranger_number", self._place(rows.first, PAYEE), **facts, nearest=nearest))
            return
        place = self._place(rows.first, PAYEE)
        if look_alike := in_other_letters(owners.numbers, place, clean(text)):
            self.issues.append(look_alike)
            return
        near = "" if self.facts.spec.match == "name" else nearest_number(text, owners.who.ordered)
        facts = {"found": text, "title": self.facts.title(), "count": rows.count}
        if near:
            facts["nearest"] = owners.who.label(near)
        self.issues.append(issue("fact_stranger" if near else "fact_stranger_far", place, **facts))

    def unread(self, name: str) -> None:
        """Report the first cells of a column that could not be read as its type."""
        kind = "time" if name == DATE else self.facts.spec.column(name.removeprefix("c_")).type
        rows = self.rows(lambda table: table[f"bad_{name}"], (f"raw_{name}",))
        heading = self.heading(name)
        for row in rows.shown:
            self.issues.append(self._refusal(kind, row[f"raw_{name}"], self._place(row, name), heading))
        self._more(self.issues[-1].code, rows)

    def _refusal(self, kind: FactType, text: str, place: Place, heading: str) -> Issue:
        """Add the issue that a cell of a sheet with the same text would get."""
        if kind != "number":
            code = "fact_not_yes_no" if kind == "yes_no" else no_day(clean(text))
            return issue(code, place, heading=heading, found=text)
        file = self.facts.spec.from_
        known = number_or_code(text, self.facts.units, file.decimal if isinstance(file, FactFile) else None)
        if isinstance(known, Decimal) and "%" in text:
            return issue("cell_per_cent", place, heading=heading, found=clean(text))
        if isinstance(known, Decimal):
            return issue("fact_too_fine", place, heading=heading, found=f"{known.normalize():f}")
        return refusal(known, place, heading, text, self.facts.language)

    def blanks(self, measure: Measure) -> None:
        """Report the rows in which a cell that a KPI needs is blank, or a divisor is zero."""
        split = self.facts.spec.split
        shared = {split.share} if split is not None and measure.way == "sum" else set()
        names = sorted(f"c_{name}" for name in measure.columns() | shared)
        rows = self.rows(lambda table: lacks_figures(self.facts, measure, self.month, table), names)
        for row in rows.shown:
            blank = [self.heading(name) for name in names if row[name] is None]
            name_at = next((name for name in names if row[name] is None), names[0])
            code = "fact_blank" if blank else self._why_unknown(measure, row)
            self.issues.append(issue(code, self._place(row, name_at), title=measure.title, headings=blank))
        self._more("fact_blank", rows)

    def _why_unknown(self, measure: Measure, row: Mapping[str, Any]) -> str:
        """Return the code for a row without blanks: a day beyond the calendar, or a division by zero."""
        working = any(term is not None and term.asks_calendar() for term in (measure.value, measure.where))
        years = [value.year for value in row.values() if isinstance(value, date)]
        far = any(abs(year - int(self.month[:4])) > 1 for year in years)
        return "fact_beyond_calendar" if working and far else "fact_zero"

    def duplicates(self) -> None:
        """Report rows whose key occurs more than once."""
        table = self.facts.table
        keyed = table.filter(self.spans(table) & table[KEY].notnull())
        counted = keyed.group_by(KEY).aggregate(count=keyed.count())
        twice = counted.filter(counted["count"] > 1).order_by(KEY).limit(MOST)
        for key in [row[KEY] for row in self.facts.ask(twice)]:
            rows = self.rows(lambda table, key=key: (table[KEY] == key) & self.spans(table), ())  # type: ignore[misc]
            second = rows.shown[-1]
            facts = {"found": key, "heading": self.facts.spec.key, "title": self.facts.title(), "count": rows.count}
            self.issues.append(issue("fact_twice", self._place(second, KEY), **facts))

    # -- rows ---------------------------------------------------------------------------------------------------

    def tell(self, code: str, condition: Callable[[Any], Any], name: str) -> None:
        """Report rows one by one up to a limit, and the number of the others."""
        rows = self.rows(condition, ())
        for row in rows.shown:
            self.issues.append(issue(code, self._place(row, name), heading=self.heading(name)))
        self._more(code, rows)

    def rows(self, condition: Callable[[Any], Any], names: Sequence[str]) -> "Listed":
        """Look up rows that meet a condition: the first of them in order, and their number."""
        table = self.facts.table
        wanted = [name for name in ("row", KEY, *names) if name in table.columns]
        filtered = table.filter(condition(table))
        ordered = filtered.order_by("row") if "row" in wanted else filtered
        listed = self.facts.ask(ordered.select(*wanted, PAYEE, DATE).limit(MOST))
        count = len(listed)
        if count == MOST:
            count = self.facts.ask(filtered.aggregate(count=filtered.count()))[0]["count"]
        return Listed(listed, count)

    def heading(self, name: str) -> str:
        """Return the heading of a column as the scheme names it."""
        return heading_of(self.facts.spec, name)

    def _more(self, code: str, rows: "Listed") -> None:
        if rows.count > len(rows.shown):
            more = {"title": self.facts.title(), "count": rows.count - len(rows.shown), "kind": code}
            self.issues.append(issue("fact_more", self.facts.place, **more))

    def _place(self, row: Mapping[str, Any] | None, name: str) -> Place:
        return place_of(self.facts, row, name)


@record
class Listed:
    """The first rows that were looked up, and how many there are in all."""

    shown: list[dict[str, Any]]
    count: int

    @property
    def first(self) -> dict[str, Any] | None:
        """Return the first row, if there is any."""
        return self.shown[0] if self.shown else None


def place_of(facts: Facts, row: Mapping[str, Any] | None, name: str) -> Place:
    """Return the place of a column in a row: a cell, a line of a file, or a database row by its key."""
    if row is None:
        return facts.place
    number = row.get("row")
    if number is None:
        key = row.get(KEY)
        return replace(facts.place, file=f"{facts.place.file} [{key}]") if key is not None else facts.place
    if facts.place.sheet:
        return replace(facts.place, cell=cell_name(number - 1, facts.letters.get(name, 0)))
    return replace(facts.place, line=number)
