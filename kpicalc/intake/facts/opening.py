"""What all ways of opening a table of facts share: the context, and the conversion of columns to their types."""

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any

from kpicalc.engine.draft import unit_stated
from kpicalc.intake.facts.headers import DATE, KEY, PAYEE, find_columns
from kpicalc.intake.facts.measure import Query
from kpicalc.intake.facts.measures import days_of, where_of
from kpicalc.intake.facts.table import Facts
from kpicalc.intake.facts.typed import cleaned, identity, no_per_cents, typed
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.people import People
from kpicalc.model.book import Book
from kpicalc.model.facts import FactTable
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import clean


@record
class Opening:
    """The context of a table of facts that is being opened: workbook, scheme, people; problems go to `issues`."""

    key: str
    spec: FactTable
    book: Book
    schemes: SchemeBook
    who: People
    month: str
    issues: list[Issue]

    def where(self, *path: str) -> Place:
        """Return the place of an entry of this table in the scheme file."""
        return self.schemes.source.place("facts", self.key, *path)

    def tell(self, code: str, place: Place, **facts: object) -> None:
        """Add an issue."""
        self.issues.append(issue(code, place, **facts))

    def amounts(self) -> frozenset[str]:
        """Return the columns whose values are summed or paid as they stand and are no shares."""
        kpis = [kpi for kpi in self.schemes.kpis.values() if kpi.from_ == self.key and kpi.sum]
        names = {str(kpi.sum).strip() for kpi in kpis if unit_stated(kpi.unit) != "percent"}
        for scheme in self.schemes.schemes.values():
            paid = (item.component for item in scheme.pay if item.name == "deal_commission")
            names |= {component.amount for component in paid if component.on == self.key}
        return frozenset(f"c_{name}" for name in names)

    def condition(self, table: Any) -> Any | None:
        """Return the table's own `where` as a condition on its typed rows; None where it has none."""
        term = where_of(self.spec)
        if term is None or (term.asks_calendar() and self.schemes.calendar is None):
            return None
        columns = {name: table[f"c_{name}"] for name in term.columns()}
        return Query(columns, days_of(self.month), self.schemes.calendar).value(term)

    def count_days_in(self, connection: Any) -> None:
        """Convert times with a zone to the local time of the table's own zone."""
        if self.spec.zone is None:
            return
        spark = connection.name == "pyspark"
        setting = "spark.sql.session.timeZone" if spark else "TimeZone"
        value = self.spec.zone if spark else f"'{self.spec.zone}'"
        connection.raw_sql(f"SET {setting} = {value}")


@record
class Opened:
    """A file or database table as opened, with a column `row`: its columns, headings and how its rows are named."""

    connection: Any
    raw: Any
    numbered: Any
    headings: Sequence[str]
    typed_in: bool = False
    private: bool = False
    unchanged: Callable[[], bool] = field(default=lambda: True)
    release: Callable[[], None] = field(default=lambda: None)


def typed_table(
    opening: Opening, opened: Opened, place: Place, decimal: str | None, source: FactSource
) -> Facts | None:
    """Return a file or a database table with typed columns; None, with issues, where a column's type is impossible."""
    spec, raw, headings = opening.spec, opened.raw, opened.headings
    numbers = find_columns(spec, headings, place, opening.issues)
    if numbers is None:
        return None
    complete = True
    bad: list[str] = []
    units, amounts = currency_words(opening.schemes.currency), opening.amounts()

    def columns(table: Any) -> dict[str, Any]:
        nonlocal complete
        columns: dict[str, Any] = {}
        for name, number in numbers.items():
            own = _without_blanks(table[raw.columns[number]], spec.blank)
            if name in (PAYEE, KEY):
                columns[name] = identity(own, typed_in=opened.typed_in)
                continue
            wanted = "time" if name == DATE else spec.column(name.removeprefix("c_")).type
            if wanted in ("date", "time") and spec.zone is None and getattr(own.type(), "timezone", None) is not None:
                if table is raw:
                    opening.tell("fact_zone", opening.where(), heading=headings[number])
                complete = False
                continue
            column = typed(own, wanted, decimal, units, typed_in=opened.typed_in)
            if column is None:
                if table is raw:
                    where = opening.where(*_path(name))
                    opening.tell("fact_column_type", where, heading=headings[number], found=own.type(), allowed=wanted)
                complete = False
                continue
            if column.bad is not None and name in amounts and own.type().is_string():
                column = no_per_cents(own, column)
            columns[name] = column.value
            if column.bad is not None:
                # A narrow float prints as 0.1 and holds 0.10000000149011612.
                shown = own.cast("float64") if own.type().is_floating() else own
                columns[f"bad_{name}"], columns[f"raw_{name}"] = column.bad, shown.cast("string")
                if table is raw:
                    bad.append(name)
        return columns

    numbered = opened.numbered
    plain = columns(raw)
    if not complete:
        return None
    with_rows = columns(numbered) | ({"row": numbered["row"]} if "row" in numbered.columns else {})
    table, whole = raw.select(**plain), numbered.select(**with_rows)
    return Facts(
        key=opening.key,
        spec=spec,
        connection=opened.connection,
        table=_chosen(opening, table),
        numbered=_chosen(opening, whole),
        whole=whole,
        condition=opening.condition(whole),
        bad=bad,
        units=units,
        language=opening.schemes.language,
        place=place,
        letters={},
        source=source,
        private=opened.private,
        unchanged=opened.unchanged,
        release=opened.release,
    )


def _without_blanks(column: Any, texts: Sequence[str]) -> Any:
    """Return a column in which the texts declared as `blank` are blank."""
    if not texts or not column.type().is_string():
        return column
    return cleaned(column).lower().isin(sorted({clean(text).lower() for text in texts})).ifelse(None, column)


def _chosen(opening: Opening, table: Any) -> Any:
    """Return the rows that meet the table's own condition."""
    condition = opening.condition(table)
    return table if condition is None else table.filter(condition.fill_null(False))


def _path(name: str) -> tuple[str, ...]:
    return ("date",) if name == DATE else ("columns", name.removeprefix("c_"))
