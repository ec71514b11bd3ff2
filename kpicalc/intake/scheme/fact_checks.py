"""Rules between the KPIs of a scheme file and the tables of facts that they are computed from."""

from collections.abc import Iterator, Mapping

from kpicalc.engine.tree.tokens import FormulaError, title_at
from kpicalc.intake.facts.measuring.language import DATES, FUNCTIONS, read_expression
from kpicalc.intake.facts.measuring.measures import columns_of, expressions_of, having_of, types_of, ways_of
from kpicalc.intake.files.text_file import known_encoding
from kpicalc.model.facts import FactConnection, FactFile, FactTable, FactType
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import Kpi, Source
from kpicalc.model.texts import by_spelling, unknown

_ENDS = 2
_SPLIT_WAYS = frozenset({"sum", "count", "distinct"})
_RESERVED = frozenset((*DATES, *FUNCTIONS, "and", "or", "not"))
_SPANS = (None, "month", "to_date", "year")


def check_facts(
    kpis: Mapping[str, Kpi], facts: Mapping[str, FactTable | None], calendar: object, source: Source
) -> Iterator[Issue]:
    """Check the tables of facts and every KPI; a table that could not be read is None."""
    for key, table in facts.items():
        if table is not None:
            yield from check_table(key, table, source)
            if calendar is None and table.where is not None:
                yield from _working(table.where, table, "yes_no", source.place("facts", key, "where"))
    for key, kpi in kpis.items():
        yield from _kpi(key, kpi, facts, source)
        if calendar is None and (asked := facts.get(kpi.from_ or "")):
            for option, (text, wanted) in expressions_of(kpi).items():
                yield from _working(text, asked, wanted, source.place("kpis", key, option))


def _working(text: str, table: FactTable, wanted: FactType | None, place: Place) -> Iterator[Issue]:
    """Refuse working time without a calendar; expressions that cannot be read have issues of their own."""
    try:
        if read_expression(text, types_of(table), wanted).asks_calendar():
            yield issue("fact_no_calendar", place)
    except FormulaError:
        return


def check_table(key: str, table: FactTable, source: Source) -> Iterator[Issue]:
    """Check the entry of a table of facts by itself: a table with any fault is not read."""
    # Databases and time zones are imported only where there is a table.
    from zoneinfo import available_timezones

    from kpicalc.intake.facts.sources.database import holds_secret

    for option in ("columns", "order"):
        for name in getattr(table, option):
            if name in _RESERVED or (option == "order" and name in table.columns):
                yield issue("reserved_key", source.place("facts", key, option, name), found=name, fixed=f"{name}_1")
    for name, of in table.order.items():
        place = source.place("facts", key, "order", name)
        if of not in table.columns:
            yield unknown("fact_unknown_column", place, of, list(table.columns))
        elif (kind := table.column(of).type) not in ("number", "text"):
            yield issue("fact_type", place, text=of, found=kind, allowed="number / text")
    if table.zone is not None and table.zone not in available_timezones():
        yield issue("fact_zone_unknown", source.place("facts", key, "zone"), found=table.zone)
    if isinstance(table.from_, FactConnection) and holds_secret(table.from_.connect):
        yield issue("fact_secret", source.place("facts", key, "from", "connect"))
    yield from _read_how(key, table, source)
    if table.split is None:
        return
    for option, wanted in (("share", ("number",)), ("of", ("number", "text"))):
        name = getattr(table.split, option)
        place = source.place("facts", key, "split", option)
        if name not in table.columns:
            yield unknown("fact_unknown_column", place, name, list(table.columns))
        elif (kind := table.column(name).type) not in wanted:
            yield issue("fact_type", place, text=name, found=kind, allowed=" / ".join(wanted))


def _read_how(key: str, table: FactTable, source: Source) -> Iterator[Issue]:
    """Check the location of a table and the condition for its rows."""
    file = table.from_
    place = source.place("facts", key, "from")
    if isinstance(file, FactFile):
        if file.newest is not None and file.newest != "pattern" and file.file is not None:
            yield issue("only_one_of", place, key="from", allowed="file, newest")
        elif file.file is None and (file.newest == "pattern" or (file.newest is None and file.sheet is None)):
            yield issue("fact_no_file", place)
        if file.encoding is not None and not known_encoding(file.encoding):
            yield issue("fact_encoding_unknown", source.place("facts", key, "from", "encoding"), found=file.encoding)
    elif table.groups is not None and isinstance(file, FactConnection):
        yield issue("choice_idle", source.place("facts", key, "groups"), found="groups", needs="from: {file: …}")
    if table.where is not None:
        try:
            read_expression(table.where, columns_of(table), "yes_no")
        except FormulaError as error:
            yield issue(error.code, expression_place(source, ("facts", key, "where"), error), **error.facts)


def _kpi(key: str, kpi: Kpi, facts: Mapping[str, FactTable | None], source: Source) -> Iterator[Issue]:
    ways = ways_of(kpi)
    path = ("kpis", key)
    if kpi.from_ is None:
        spans = () if kpi.team else ("over",)
        idle = [*ways, *(name for name in ("where", *spans, "between", "per", "having") if getattr(kpi, name))]
        if idle:
            yield issue("choice_idle", source.place(*path, idle[0]), found=idle[0], needs="from")
        return
    if kpi.formula is not None or kpi.team is not None:
        other = "formula" if kpi.formula is not None else "team"
        yield issue("fact_kpi_source", source.place(*path, "from"), found=key, other=other)
    elif kpi.over not in _SPANS:
        allowed = [name for name in _SPANS if name]
        yield issue("kpi_over", source.place(*path, "over"), found=kpi.over, allowed=allowed)
    if len(ways) != 1:
        yield issue("fact_way", source.place(*path), found=ways or "—", key=key)
    if kpi.from_ not in facts:
        yield unknown("fact_unknown_table", source.place(*path, "from"), kpi.from_, list(facts))
        return
    table = facts[kpi.from_]
    if table is None:
        return
    if table.split is not None and not set(ways) <= _SPLIT_WAYS:
        yield issue("fact_split_way", source.place(*path, ways[0]), found=ways[0], key=key)
    yield from _grouped(path, kpi, table, source)
    types = types_of(table)
    headings = by_spelling({name: table.column(name).heading for name in table.columns})
    for option, (text, wanted) in expressions_of(kpi).items():
        try:
            read_expression(text, types, wanted)
        except FormulaError as mistake:
            error = title_at(text, mistake, headings, types)
            yield issue(error.code, expression_place(source, (*path, option), error), **error.facts)


def _grouped(path: tuple[str, str], kpi: Kpi, table: FactTable, source: Source) -> Iterator[Issue]:
    """Check what groups rows, and the days of an action."""
    if bool(kpi.per) != bool(kpi.having):
        yield issue("fact_per", source.place(*path, "per" if kpi.per else "having"))
    elif kpi.having and having_of(kpi.having) is None:
        yield issue("fact_having", source.place(*path, "having"), found=kpi.having)
    if kpi.per and table.split is not None:
        yield issue("fact_split_way", source.place(*path, "per"), found="per", key=path[1])
    if kpi.between and (len(kpi.between) != _ENDS or kpi.between[0] > kpi.between[1]):
        yield issue("fact_between", source.place(*path, "between"), found=[str(day) for day in kpi.between])


def expression_place(source: Source, path: tuple[str | int, ...], error: FormulaError) -> Place:
    """Return the place of the character at which an expression is wrong."""
    place = source.place(*path)
    mark = source.marks.get((*path, "="))
    return Place(place.file, line=mark[0], column=mark[1] + error.offset) if mark else place
