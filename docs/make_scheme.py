"""Write docs/scheme.md and docs/scheme.ru.md: the reference of the scheme file, from models and components themselves.

Run `python docs/make_scheme.py` after a change to an option; `tests/test_docs.py` fails while the page is out of date.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kpicalc.engine.component import Component
from kpicalc.engine.components import all_components
from kpicalc.engine.descriptions import about, first_sentence, meaning
from kpicalc.engine.tree.expression import FUNCTIONS, KPI_FUNCTIONS
from kpicalc.lang import Language
from kpicalc.model.calendar import Calendar
from kpicalc.model.deals import RatesFile, RateSheet
from kpicalc.model.facts import FactColumn, FactConnection, FactFile, FactTable, Split
from kpicalc.model.funnel import FunnelEntry, StageEntry
from kpicalc.model.scheme import (
    Audience,
    Example,
    Kpi,
    PartMonth,
    PoolExample,
    RankingExample,
    Rounding,
    Rules,
    SchemeEntry,
    SchemeFile,
    TeamExample,
    WorkbookMap,
    exact,
)
from kpicalc.model.silence import Lint, MonthSilence
from kpicalc.model.targets import KpiPlanning, Planning

DOCS = Path(__file__).parent
PAGES: dict[Language, Path] = {"en": DOCS / "scheme.md", "ru": DOCS / "scheme.ru.md"}
RUSSIAN = tomllib.loads((DOCS / "scheme_texts_ru.toml").read_text(encoding="utf-8"))
COMMON = tuple(Component.model_fields)

HEAD = """\
# The scheme file

<!-- Written by docs/make_scheme.py from the program itself. Change the models or the components, then run it. -->

A scheme file says how people are paid. It is YAML 1.2 in UTF-8, one file for a company or a department. This page
lists everything that may stand in it; [a first scheme](first-scheme.md) is explained line by line, and
[samples](../samples) hold complete ones. `kpicalc components NAME` prints the part about one component, `kpicalc
schema` the same as a JSON Schema, for completion and red lines in an editor. По-русски: [scheme.ru.md](scheme.ru.md).

Contents: {contents}

## How it is read

- **Nothing is guessed.** An unknown key, a key that stands twice, a name that does not exist: each is an error with its
  line and column and, where one is near, the name that was probably meant. All errors are shown together.
- **Numbers are exact.** `15000`, `0.1`, `20%` (= 0.2) and `1/3` are numbers. `010`, `12:30`, `1 000` and `1,5` are
  not, and are refused instead of becoming something else.
- **A choice that moves money must be stated**: how figures are rounded, whether a threshold pays the excess or the
  whole, whether tiers are marginal or whole. A scheme that leaves one open is refused, with the possible answers.
- **Keys are for the file, titles for people.** A key (`cold_calls`) names a thing inside the file; its `title` is what
  people read, and a heading by which a column of the workbook is found.
"""

FILE_EXAMPLE = """\
```yaml
kpicalc: 1
title: Sales department, 2026
language: en
currency: RUB
rules:
  money: {round: 0.01, ties: half_up}
  attainment: {round: 0.0001, ties: half_up}
kpis:
  sales: {title: Sales, unit: rub}
schemes:
  manager:
    title: Sales manager
    for: {position: Sales manager}
    pay:
      - base_salary: {amount: 15000, prorate: days}
      - commission: {on: sales, threshold: 15000, pays_on: excess, rate: 20%}
    examples:
      - actual: {sales: 100000}
        pays: {base_salary: 15000, commission: 17000, total: 32000}
```
"""

RULES = """\
Choices that move money. They may stand at the top, in a scheme and in a component; the nearest one counts. `money` is
required, `attainment` as soon as an attainment is used, [part_month](#part_month) as soon as anybody is hired or
dismissed inside the month. What stays unstated of the other three means `error`."""

PART_MONTH = """\
What becomes of the plans, and of the goals that a component states, of somebody who does not work the whole month. The
nearest one counts: the component's, the KPI's, the scheme's, the company's. A rule that lowers plans does not reach
shares, computed KPIs and those of which less is better: such a KPI states its own. A plan never rises above the one in
the workbook, and a department's plan is never lowered."""

CALENDAR = """\
The production calendar, by which the workbook's blank cells are filled: the norm of days; with `week_hours` the norm of
hours (hours of the week / 5 x working days, less the hours of short days); the days worked and the days employed of
whoever has a date in the columns Hired and Dismissed. `calendar: RU` is the country's calendar as it is. What is typed
in the workbook always comes first, and a notice tells what does not come from it. No calendar is used unless it is
stated."""

KPIS = """\
Indicators. Without `formula` or `team`, the actual stands in the column of the Actuals sheet that is headed by the
KPI's key or title, and the plan likewise on the Plan sheet. Attainment is actual / plan, or plan / actual with
`better: lower`. With `from` the actual is computed from a [table of facts](#facts)."""

FACTS = """\
Tables of events (deals, requests, calls) from which KPIs are computed: a sheet of the workbook, a file beside it as
another program wrote it (csv, xlsx, xls, xlsb, ods, Parquet), or a table in a database. Every row belongs to one payee
and, by its date, to one month. A row with an unknown payee, without a date, or with a number that cannot be read
is an error that names the row, unless the table says that such rows are skipped; then they are counted and summed.
`previous(kpi)` of such a KPI is computed from the same table."""

FACTS_EXAMPLE = """\
```yaml
facts:
  deals:
    from: Deals                      # or {file: deals.parquet}, or {connect: $CRM, table: deals}
    payee: Manager
    date: Paid on                    # the month of the payment decides
    undated: skip                    # not paid yet: nobody's so far
    key: Deal
    columns: {amount: Amount, cost: Cost, due: {heading: Due, type: date}}
  requests:
    from: {file: requests.csv}
    payee: Manager
    date: Received
    columns: {received: {heading: Received, type: time}, answered: {heading: Answered, type: time}}
kpis:
  margin:    {title: Margin of payments, unit: rub, from: deals, sum: amount - cost}
  in_time:
    title: Answered within 30 minutes
    unit: "%"
    from: requests
    share: filled(answered) and minutes(received, answered) <= 30
```
"""

EXPRESSIONS = """\
## Expressions over facts

`sum`, `where` and the other expressions of a KPI with `from` speak of one row of its table. They are written like
[formulas](#formulas), with the table's columns as names.

| written | meaning |
|---|---|
| `amount - cost` | numbers are exact decimals; `+ - * ( )`, `20%` |
| `round(amount * paid / total, 2)` | a division stands inside a `round`: not every database divides exactly |
| `amount / 8` | unless the division ends by itself within six places |
| `min(a, b)` `max(a, b)` `if(condition, a, b)` | of numbers, days and times |
| `days(due, paid)` | days from the first to the second; `days(due, due)` is 0 |
| `minutes(received, answered)` | minutes from the first to the second, to a millionth |
| `minutes(received, answered, working: "09:00-18:00")` | of working hours only, on the working days of `calendar` |
| `month_start` `month_end` | the first and the last day of the month that is paid |
| `day("2026-10-10")` | a day; a KPI may also state `between: [2026-10-10, 2026-10-20]`, both days included |
| `month` | the number of the month that is paid, 1 to 12 |
| `client = "Alpha"` | texts are compared sign by sign, without blanks at their ends |
| `filled(answered)` | something stands in the column |
| `= <> < <= > >=` `and or not` | conditions |

An expression with a colon stands in single quotes: `'minutes(a, b, working: "09:00-18:00") <= 30'`. Working time knows
the calendar of the year that is paid and of the years beside it; a day before a holiday has all of the stated hours.

Both roundings take a half away from zero. A blank in a row that counts is an error, unless the condition lets it pass:
`filled(paid) and paid <= due`. Columns of numbers have up to eleven digits and six decimal places. Sums are exact
whichever engine adds them up; an average and a share are kept to nine places.
"""

FOR = """\
Who is paid by a scheme. A payee whose Scheme column is blank is paid by the scheme that fits the position and the
department; no scheme, or two, is an error."""

EXAMPLES = """\
Worked examples: given these figures, the scheme must pay this. They run before every payroll, and while one does not
come out nobody is paid. State only the lines that matter; every figure that the scheme takes must be
given."""

WORKBOOK = """\
What the workbook in use calls its sheets and columns, where the names differ from the usual ones. Sheets and headings
are found by their Russian or English names, whatever the case, the order and the other columns."""

LINT = """\
Remarks of `kpicalc check` that are not told, because it was decided so. It may stand at the top, in a scheme and in a
KPI. The rules and their codes: [lint](lint.md)."""

DATABASES = """\
`postgres://…` needs `pip install 'kpicalc[postgres]'`; `pyspark://…` uses the running Spark session, or starts one in
local mode, and needs `pip install 'kpicalc[spark]'`. `duckdb://path` opens a DuckDB file. Other addresses that Ibis
knows may work and are not tested."""

RATES = """\
Rate sheets, by which the component [deal_commission](#deal_commission) pays rows of facts: a row is a case and its
rate. What is matched must be the same apart from case and spaces (ё is е); a step counts from its lower bound, itself
included, to the next one. A row below the first step, or in no case, has no rate. Two rows for one case, a blank rate
and a rate of 1 or more without a sign of per cents are errors. The payroll keeps a copy on the sheet Rates, to which
the formulas of all rows refer."""

RATES_EXAMPLE = """\
```yaml
rates:
  by_product: {from: Rates, match: {product: Product}, steps: {discount: Discount from}, rate: Rate, unknown: error}
  by_client:
    match: {client: Client}
    rate: Rate
    rows: [{Client: new, Rate: 7%}, {Client: repeat, Rate: 3%}]
schemes:
  manager:
    pay:
      - deal_commission: {on: deals, amount: amount, rates: by_product, round_rows: 0.01}
      - deal_commission:
          id: in_time
          on: deals
          amount: paid
          by: max(0, days(due, paid_on))
          tiers: whole
          rates: [{from: 0, rate: 2%}, {above: 10, rate: 1%}, {above: 30, rate: 0%}]
          round_rows: 0.01
```
"""
FUNNEL = """\
KPIs as stages, from the first contact to the last payment; `kpicalc funnel` and the Funnel sheet of the payroll show
the conversions, the drop-out and the narrowest stage. Nobody is paid by it. Several funnels stand as a list."""

FUNNEL_EXAMPLE = """\
```yaml
funnel:
  title: Sales funnel
  stages: [cold_calls, decision_makers, {kpi: offers, norm: 60%}, payments]
```
"""

PLANNING = """\
How `kpicalc plan` makes the plans of a month from the months before it: the average of the History sheet x
(1 + growth), rounded. The options of the command come before the entries here, a KPI's own before both. Where less is
better, a growth above zero is refused unless the KPI states its own."""

PLANNING_EXAMPLE = """\
```yaml
planning:
  months: 6
  growth: 20%
  rounding: {round: 1, ties: half_up}
  kpis:
    complaints: {growth: -10%}
```
"""

SECTIONS: tuple[tuple[str, str, type[BaseModel], str], ...] = (
    ("The file", "", SchemeFile, FILE_EXAMPLE),
    ("rules", RULES, Rules, ""),
    ("A rounding", "The value of `money` and `attainment` in [rules](#rules).", Rounding, ""),
    ("part_month", PART_MONTH, PartMonth, ""),
    ("kpis", KPIS, Kpi, ""),
    ("facts", FACTS, FactTable, FACTS_EXAMPLE),
    ("A column of facts", "", FactColumn, ""),
    ("A file of facts", "", FactFile, ""),
    ("A table in a database", DATABASES, FactConnection, ""),
    ("Shared facts", "", Split, ""),
    ("rates", RATES, RateSheet, RATES_EXAMPLE),
    ("A file of rates", "", RatesFile, ""),
    ("schemes", "The pay rules of a role.", SchemeEntry, ""),
    ("for", FOR, Audience, ""),
    ("examples", EXAMPLES, Example, ""),
    ("team in an example", "A department's figures for a team KPI.", TeamExample, ""),
    ("ranking in an example", "A place in a [ranking](#ranked).", RankingExample, ""),
    ("pool in an example", "The coefficients of those who share a [pool](#pool).", PoolExample, ""),
    ("calendar", CALENDAR, Calendar, ""),
    ("workbook", WORKBOOK, WorkbookMap, ""),
    ("lint", LINT, Lint, ""),
    ("A silence of some months", "", MonthSilence, ""),
    ("funnel", FUNNEL, FunnelEntry, FUNNEL_EXAMPLE),
    ("A stage of a funnel", "", StageEntry, ""),
    ("planning", PLANNING, Planning, PLANNING_EXAMPLE),
    ("planning of a KPI", "", KpiPlanning, ""),
)

LANGUAGE = """\
## Formulas

A `formula` of a KPI, `pays` of the component [formula](#formula) and `unless` of a [gate](#gate) are written as in a
spreadsheet.

| written | meaning |
|---|---|
| `+ - * / ( )` | arithmetic, with the usual precedence |
| `= <> < <= > >=` | comparisons; two in a row are joined with `and`: `a < b and b < c` |
| `and or not` | conditions |
| `min(a, b, …)` `max(a, b, …)` | the least, the greatest |
| `if(condition, then, otherwise)` | only the branch taken is explained |
| `round(x, 2)` | to 2 places, a half away from zero; `round(x, -3)` to thousands |
| `20%` | 0.2 |
| `sales` | a KPI's actual |
| `plan(sales)` `attainment(sales)` | its plan; its attainment |
| `team(sales)` | the sum of its actuals over the payee's department |
| `previous(sales)`, `previous(sales, 3)` | its figure a month ago, three months ago, from the History sheet |
| `average(sales, 6)` | the average of its figures of the last six months, this month not counted |
| `commission` | the amount of a line above, by its id |
| `salary` `fte` `days_worked` `days_norm` `hours_worked` `hours_norm` `shifts` | figures of the Employees sheet |
| `own_rate` | a column of it that the file declares under `employees:`, by its key |
| `months_employed` | calendar months of employment: the month of hiring (column Hired) is 1; a blank is never guessed |
| `month` | the number of the month that is paid, 1 to 12 |
| `day("2026-10-10")` `hired` `month_start` `month_end` | days: a written one, the hiring, the month's first and last |
| `hired < day("2026-07-01")` `days(hired, month_end)` | days are compared; how many from the first to the second |

An unknown name is an error, never 0. Division by zero is an error that names the payee. A semicolon may stand for a
comma. Literal numbers get cells of their own on the Scheme sheet of the payroll, like every other parameter.
"""

PAY = """\
## Pay components

A scheme's `pay:` is a list of components, in the order in which people read them. Every component makes one line of
pay, rounded by the `money` rule; **the total is the sum of the lines**. A component that changes other lines
(`of: [...]`) leaves them as they are and shows the change as a signed line of its own. It may refer only to lines
above it, and acts on what these stand at by then. Points and debts are no lines of pay: they stand beside the total and
join nothing.

{table}

Every component also takes these options:

{common}
"""


class Speech:
    """The language in which the page is written."""

    language: Language = "en"


def main() -> None:
    """Write both pages."""
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8", newline="\n")


def page(language: Language = "en") -> str:
    """Return the whole page in a language."""
    Speech.language = language
    known = all_components()
    titles = [title for title, *_ in SECTIONS] + ["Formulas", "Expressions over facts", "Pay components"]
    contents = " · ".join(f"[{_title(title)}](#{_anchor(_title(title))})" for title in titles)
    parts = [_text("HEAD", HEAD).format(contents=contents)]
    parts += [_section(*section) for section in SECTIONS]
    parts += [_text("LANGUAGE", LANGUAGE), _text("EXPRESSIONS", EXPRESSIONS)]
    parts += [_text("PAY", PAY).format(table=_index(known), common=_table(Component, COMMON))]
    parts += [_component(component) for component in known.values()]
    return "\n".join(parts)


def _text(name: str, english: str) -> str:
    return english if Speech.language == "en" else str(RUSSIAN[name])


def _title(english: str) -> str:
    """Return a section's title; one that is a key of the file is the same in every language."""
    return english if Speech.language == "en" else str(RUSSIAN["sections"].get(english, english))


def _word(english: str) -> str:
    return english if Speech.language == "en" else str(RUSSIAN["words"][english])


def _section(title: str, text: str, model: type[BaseModel], example: str) -> str:
    by_name = {value: name for name, value in globals().items() if isinstance(value, str) and name.isupper()}
    told = _text(by_name[text], text) if text in by_name else _word(text) if text else ""
    parts = [f"## {_title(title)}", told.strip(), example.strip(), _table(model)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _index(known: Mapping[str, type[Component]]) -> str:
    other: Language = "ru" if Speech.language == "en" else "en"
    rows = [
        (f"[{name}](#{name})", component.title_in(other), first_sentence(component, Speech.language))
        for name, component in known.items()
    ]
    return _rows(("component", "in Russian" if other == "ru" else "in English", "what it pays"), rows)


def _component(component: type[Component]) -> str:
    own = [name for name in component.model_fields if name not in COMMON]
    parts = [
        f"### {component.name}",
        f"*{component.title_in('en')} / {component.title_in('ru')}.* {about(component, Speech.language)}",
        f"```yaml\n- {component.example}\n```",
    ]
    if own:
        parts.append(_table(component, own))
        for name, model in _inner(component, own):
            entry = _word("An entry of `{name}`. {about}").format(name=name, about=about(model, Speech.language))
            parts += [entry, _table(model)]
    else:
        parts.append(_word("It has no options of its own."))
    return "\n\n".join(parts) + "\n"


def _inner(model: type[BaseModel], names: Iterable[str]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield the entries that stand inside options, with the path at which they stand."""
    for name in names:
        field = model.model_fields[name]
        for inner in _models(field.annotation):
            path = field.alias or name
            if issubclass(inner, Component) or inner in (Rules, Rounding):
                continue
            yield path, inner
            for deeper, entry in _inner(inner, inner.model_fields):
                yield f"{path}: {deeper}", entry


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _table(model: type[BaseModel], names: Iterable[str] | None = None) -> str:
    rows = []
    for name in names or model.model_fields:
        field = model.model_fields[name]
        told = meaning(model, name, Speech.language)
        rows.append((f"`{field.alias or name}`", told, _state(field), _allowed(field)))
    return _rows(("key", "meaning", "unless stated", "allowed"), rows)


def _state(field: FieldInfo) -> str:
    if field.is_required():
        return _word("**required**")
    value = field.get_default(call_default_factory=True)
    if value is None or value in ({}, []) or isinstance(value, BaseModel):
        return "—"
    return f"`{_plain(value)}`"


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _allowed(field: FieldInfo) -> str:
    return _join(_kinds(field.annotation, tuple(field.metadata)))


def _join(kinds: Iterable[str]) -> str:
    return _word(" or ").join(dict.fromkeys(kinds))


def _kinds(annotation: Any, metadata: tuple[Any, ...] = ()) -> list[str]:
    """Tell in words what a value may be; `metadata` holds the limits that stand around the annotation."""
    if annotation is type(None):
        return []
    if hasattr(annotation, "__metadata__"):
        return _kinds(annotation.__origin__, (*annotation.__metadata__, *metadata))
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return [", ".join(f"`{value}`" for value in parts)]
    if origin is list:
        return [_word("a list") if parts[0] is Any else _word("a list of {what}").format(what=_many(parts[0]))]
    if origin is dict:
        key = _join(_kinds(parts[0]))
        key = _word("name") if key == _word("text") else key
        return [_word("a mapping: {key} → {value}").format(key=key, value=_join(_kinds(parts[1])))]
    if parts:
        return [kind for part in parts for kind in _kinds(part, metadata)]
    if annotation is Decimal:
        return [_number(metadata)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        title = _title(LINKED[annotation]) if annotation in LINKED else ""
        return [f"[{title}](#{_anchor(title)})" if title else _word("an entry")]
    return [_word("a day such as `2026-05-11`" if annotation is date else "text")]


def _many(part: Any) -> str:
    kind = _join(_kinds(part))
    one = {"text": "names", "an entry": "entries", "a day such as `2026-05-11`": "days: `[2026-05-11]`"}
    return {_word(single): _word(several) for single, several in one.items()}.get(kind, kind)


def _number(metadata: Iterable[Any]) -> str:
    limits = _limits(metadata)
    above = max((item.gt for item in limits if isinstance(item, Gt)), default=None)
    least = max((item.ge for item in limits if isinstance(item, Ge)), default=None)
    most = min((item.le for item in limits if isinstance(item, Le)), default=None)
    if above is not None:
        words = "a number > {above}" if most is None else "a number > {above}, ≤ {most}"
    elif least is not None:
        words = "a number ≥ {least}" if most is None else "a number from {least} to {most}"
    else:
        words = "a number" if most is None else "a number ≤ {most}"
    return _word(words).format(above=above, least=least, most=most)


def _limits(metadata: Iterable[Any]) -> list[Any]:
    """Return the bounds that stand in metadata, those inside a Field too."""
    found: list[Any] = []
    for item in metadata:
        found += item.metadata if isinstance(item, FieldInfo) else [item]
    return found


def _rows(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (map(_word, heads), *rows)]
    columns = lines[0].count(" | ") + 1
    return "\n".join([lines[0], "|" + "---|" * columns, *lines[1:]])


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-").replace(":", "")


LINKED: dict[type[BaseModel], str] = {model: title for title, _, model, _ in SECTIONS}

# The page promises these readings; let a change to them be noticed here.
assert exact("20%") == Decimal("0.2")
assert set(FUNCTIONS) == {"min", "max", "if", "round", "day", "days"}
assert set(KPI_FUNCTIONS) == {"plan", "attainment", "team", "previous", "average"}

if __name__ == "__main__":
    main()
