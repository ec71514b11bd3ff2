"""Entries of the scheme file that no pay depends on: tables of facts, rate sheets, columns of the Employees sheet.

A table of facts is used by a KPI or by pay per row, a rate sheet by pay per row; a column by anything that names it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.row_rules import row_rules

_NAME = re.compile(r"[^\W\d]\w*")


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    components = [item.component for scheme in book.schemes.values() for item in scheme.pay]
    rules = row_rules(book)
    headings = {table.aliases for table in book.facts.values() if isinstance(table.aliases, str)}
    named = {name for text in _texts([components, book.kpis, book.facts]) for name in _NAME.findall(text)}
    columns = named | {key for key, column in book.employees.items() if column.title in headings}
    used: dict[str, tuple[Mapping[str, object], set[str]]] = {
        "facts": (book.facts, {kpi.from_ or "" for kpi in book.kpis.values()} | {rule.facts for rule in rules}),
        "rates": (book.rates, {rule.rates for rule in rules if isinstance(rule.rates, str)}),
        "employees": (book.employees, columns),
    }
    for room, (entries, taken) in used.items():
        unused = [key for key in entries if key not in taken]
        if unused:
            yield remark("entries_unused", book.source.place(room, unused[0]), room=room, found=unused)


def _texts(entry: object) -> Iterator[str]:
    """Yield every text inside an entry."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, BaseModel):
        yield from _texts([getattr(entry, name) for name in type(entry).model_fields])
    elif isinstance(entry, Mapping):
        yield from _texts([*entry.keys(), *entry.values()])
    elif isinstance(entry, Sequence):
        for item in entry:
            yield from _texts(item)


RULE = Rule(("entries_unused",), _find)
