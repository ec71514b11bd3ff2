"""What all ways of opening a table of facts share: the context, and the conversion of columns to their types."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from kpicalc.engine.draft import unit_stated
from kpicalc.engine.tree.formula import Unit
from kpicalc.intake.facts.measuring.language import Term
from kpicalc.intake.facts.measuring.measure import Query
from kpicalc.intake.facts.measuring.measures import days_of, where_of
from kpicalc.intake.facts.sources.headers import DATE, KEY, PAYEE, ROW, find_columns
from kpicalc.intake.facts.sources.in_memory import as_view
from kpicalc.intake.facts.sources.typed import identity, in_steps, typed
from kpicalc.intake.facts.sources.typed_texts import Steps, TypedColumn, cleaned
from kpicalc.intake.facts.table import Facts, RowsRead
from kpicalc.intake.facts.twins import records_twice
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.staff.people import People
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

    def amounts(self, *units: Unit) -> frozenset[str]:
        """Return the columns whose values are paid as they stand, or are summed for KPIs of these units."""
        kpis = [kpi for kpi in self.schemes.kpis.values() if kpi.from_ == self.key and kpi.sum]
        names = {str(kpi.sum).strip() for kpi in kpis if unit_stated(kpi.unit) in units}
        for scheme in self.schemes.schemes.values():
            paid = (item.component for item in scheme.pay if item.name == "deal_commission")
            names |= {component.amount for component in paid if component.on == self.key}
        return frozenset(f"c_{name}" for name in names)

    def condition(self, table: Any, named: Term | None = None) -> Any | None:
        """Return the table's own `where` as a condition on its typed rows; None where it has none.

        `named` is the same with the spellings that the table has of each text.
        """
        term = named or where_of(self.spec)
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
    """A file or a database table as opened: its rows, with their places in a file, and its headings."""

    connection: Any
    rows: Any
    headings: Sequence[str]
    count: int | None = None
    typed_in: bool = False
    private: bool = False
    all_once: bool = False
    """No row stands twice; otherwise nobody has looked."""
    unchanged: Callable[[], bool] = field(default=lambda: True)
    release: Callable[[], None] = field(default=lambda: None)


def typed_table(
    opening: Opening, opened: Opened, place: Place, decimal: str | None, source: FactSource
) -> Facts | None:
    """Return a file or a database table with typed columns; None, with issues, where a column's type is impossible."""
    spec, headings = opening.spec, opened.headings
    numbers = find_columns(spec, headings, place, opening.issues)
    if numbers is None:
        return None
    units, amounts = currency_words(opening.schemes.currency), opening.amounts("money", "number")
    found: dict[str, TypedColumn | Steps] = {}
    complete = True
    rows = _named(opened.rows, numbers, spec.blank)
    for name, number in numbers.items():
        own = rows[name]
        if name in (PAYEE, KEY):
            found[name] = TypedColumn(identity(own, typed_in=opened.typed_in))
            continue
        wanted = "time" if name == DATE else spec.column(name.removeprefix("c_")).type
        if wanted in ("date", "time") and spec.zone is None and getattr(own.type(), "timezone", None) is not None:
            opening.tell("fact_zone", opening.where(), heading=headings[number])
            complete = False
            continue
        column = typed(own, wanted, decimal, units, typed_in=opened.typed_in, shares=name not in amounts)
        if column is None:
            where = opening.where(*_path(name))
            opening.tell("fact_column_type", where, heading=headings[number], found=own.type(), allowed=wanted)
            complete = False
            continue
        found[name] = column
    if not complete:
        return None
    rows, columns = in_steps(rows, found)
    bad = [name for name, column in columns.items() if column.bad is not None]
    whole = rows.select(
        **{name: column.value for name, column in columns.items()},
        **{f"bad_{name}": columns[name].bad for name in bad},
        **{f"raw_{name}": _shown(rows[name]) for name in bad},
        **({"row": rows[ROW]} if ROW in rows.columns else {}),
    )
    if opened.typed_in:
        whole = as_view(opened.connection, "facts", whole)
    facts = Facts(
        key=opening.key,
        spec=spec,
        connection=opened.connection,
        table=whole,
        whole=whole,
        counted=RowsRead(opened.count, {}) if opened.count is not None and spec.where is None else None,
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
    if spec.key is None and not opened.all_once:
        opening.issues.extend(records_twice(facts, opened.rows, headings, numbers, opening.month))
    return facts


def _named(rows: Any, numbers: Mapping[str, int], blank: Sequence[str]) -> Any:
    """Return the columns that are read by the names of facts; the texts declared as `blank` are blank in them."""
    own = {name: rows[rows.columns[number]] for name, number in numbers.items()}
    texts = sorted({clean(text).lower() for text in blank})
    for name, column in own.items():
        if texts and column.type().is_string():
            own[name] = cleaned(column).lower().isin(texts).ifelse(None, column)
    return rows.select(**own, **({ROW: rows[ROW]} if ROW in rows.columns else {}))


def _shown(column: Any) -> Any:
    """Return cells as texts for messages: a narrow float prints as 0.1 and holds 0.10000000149011612."""
    return (column.cast("float64") if column.type().is_floating() else column).cast("string")


def _path(name: str) -> tuple[str, ...]:
    return ("date",) if name == DATE else ("columns", name.removeprefix("c_"))
