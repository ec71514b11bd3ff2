"""The KPIs of a table of people: columns that are plans or actuals, columns that are neither, doubtful columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kpicalc.forms.adopt.draft import ROLE_OF, Draft, Found
from kpicalc.forms.adopt.formulas import derived
from kpicalc.forms.adopt.rivals import NEAR, each_once, without_results, without_rivals
from kpicalc.forms.adopt.seen import Column, Seen
from kpicalc.forms.adopt.wording import (
    is_goal,
    is_known_kpi,
    is_unit,
    known_part,
    kpi_named,
    pattern_of,
    side_of_name,
    speaks_of_both,
    stem,
)
from kpicalc.intake.sheets.layout.lines import JOINT
from kpicalc.intake.sheets.names import currency_words, field_names, sheet_names, words
from kpicalc.model.adopted import Side
from kpicalc.model.record import record
from kpicalc.model.texts import LIKE, clean, likeness, name_key

_LISTED = 3


@record(slots=False)
class _Look:
    seen: Seen
    draft: Draft
    per_cents: frozenset[int]
    """Columns whose cells are formatted as per cents."""

    @property
    def side(self) -> Side | None:
        """Return what kind of figures the sheet's name announces."""
        for side, role in ROLE_OF.items():
            if name_key(self.seen.sheet.name) in sheet_names(role):
                return side
        sides = {named for text in self._texts if (named := side_of_name(text)) and not speaks_of_both(text)}
        return sides.pop() if len(sides) == 1 else None

    @property
    def _texts(self) -> tuple[str, ...]:
        return (self.seen.sheet.name, *self.seen.above)

    @property
    def unsure(self) -> bool:
        """Tell whether the sheet shows plans with their attainment, so that a bare heading may be either."""
        return self.side is None and any(speaks_of_both(text) for text in self._texts)

    @property
    def of_work(self) -> bool:
        """Tell whether the sheet is one of results, so that a column under any other heading is a KPI."""
        name = self.seen.sheet.name
        key = set(name_key(name).split())
        return self.side is not None or is_known_kpi(name) or bool(key & words("results"))


def kpis_of(seen: Seen, draft: Draft, per_cents: frozenset[int]) -> list[Found]:
    """Return the plans and actuals of a table; report other columns, and ask about doubtful ones."""
    look = _Look(seen, draft, per_cents)
    known = field_names("employees")
    taken = {seen.id, seen.name, *(at for name in ("period", "year", "kpi") for at in seen.fields.get(name, ()))}
    columns = [
        column
        for column in seen.columns
        if column.at not in taken and name_key(column.title) not in known and (column.cells or _is_stated(column))
    ]
    planned = any(column.heading.side == "plan" and column.heading.kind == "figure" for column in columns)
    before = len(draft.questions)
    kpis = [kpi for column in columns if (kpi := _found(look, column, planned=planned))]
    levels = [column for column in columns if column.heading.kind == "level" and column.is_figures]
    if goals := [kpi for kpi in kpis if levels and kpi.side == "plan" and is_goal(kpi.heading)]:
        for kpi in goals:
            draft.ask("goal", kpi.place, [kpi.place, *(seen.place(column.at) for column in levels)], title=kpi.title)
        kpis = [kpi for kpi in kpis if kpi not in goals]
    else:
        for column in levels:
            draft.ask("unknown", seen.place(column.at), [draft.reason("kpi_or_pay")], heading=column.title)
    figures = [seen.place(column.at) for column in columns if column.is_figures]
    if figures and not kpis and len(draft.questions) == before and not seen.fields.keys() & {"department", "position"}:
        draft.ask("no_kpi", seen.sheet.name, figures, sheet=seen.sheet.name)
    rivals = [(column.heading.side, f"{seen.place(column.at)} ({column.title})") for column in columns
              if column.heading.kind == "figure" and column.is_figures and _is_qualified(column)]  # fmt: skip
    kpis = without_rivals(kpis, rivals, draft)
    return without_results(each_once(_with_plan(kpis, look), draft), draft)


def _found(look: _Look, column: Column, *, planned: bool) -> Found | None:
    """Return the KPI of a column, or report or ask why there is none."""
    heading, draft, place = column.heading, look.draft, look.seen.place(column.at)
    if heading.kind == "attainment" and not planned and not _follows(look, column) and column.is_figures:
        draft.ask("attainment", place, [draft.reason("kpi_or_attainment")], heading=column.title)
        return None
    bare = name_key(column.title) in words("sums")
    of_group = JOINT in column.title and not column.formulas and not _is_sum(look, column)
    if heading.kind == "total" and column.is_figures and (bare or of_group):
        draft.ask("unknown", place, [draft.reason("kpi_or_pay")], heading=column.title)
        return None
    if heading.kind != "figure":
        if column.is_figures or heading.kind in ("attainment", "total"):
            draft.skip(heading.kind, column.title, place)
        return None
    if not column.is_figures and column.cells:
        if heading.side or not all(isinstance(value, str) for value in column.cells.values()):
            draft.ask("texts", place, _texts(column), heading=column.title)
        else:
            draft.skip("text", column.title, place)
        return None
    if column.hidden:
        draft.ask("hidden", place, [place], heading=column.title)
        return None
    if heading.side is None and (follows := _follows(look, column)) is not False:
        shown = f"{column.title} {next(iter(column.formulas.values()))}"
        if follows:
            draft.skip("formula", shown, place)
        else:
            draft.ask("unknown", place, [draft.reason("kpi_or_pay")], heading=shown)
        return None
    if _is_qualified(column):
        draft.ask("whose", place, [], heading=column.title)
        return None
    if heading.side is None and (sums := _is_sum(look, column)):
        draft.ask("sum", place, sums, heading=column.title)
        return None
    if heading.rest and heading.side is None and not (look.of_work or _is_kpi(heading.rest)):
        draft.ask("unknown", place, [draft.reason("kpi_or_pay")], heading=column.title)
        return None
    if heading.side is None and look.unsure:
        draft.ask("side", place, [draft.reason("plan"), draft.reason("actual")], heading=column.title)
        return None
    return _kpi(look, column, heading.rest, heading.side or look.side or "actual", heading.unit)


def _is_qualified(column: Column) -> bool:
    """Tell whether a heading only distinguishes one of several plans or actuals: «Факт (корр.)»."""
    heading = column.heading
    return bool(heading.side and heading.rest) and set(name_key(heading.rest).split()) <= words("qualifier")


def _is_stated(column: Column) -> bool:
    """Tell whether a plan or an actual has not been filled in yet."""
    return column.heading.kind == "figure" and column.heading.side is not None and bool(column.heading.rest)


def _texts(column: Column) -> list[str]:
    """Return the first cells of a column."""
    texts = dict.fromkeys(clean(str(value)) for value in column.cells.values())
    return list(texts)[:_LISTED]


def _is_kpi(rest: str) -> bool:
    return is_known_kpi(rest) or bool(set(name_key(rest).split()) & words("results"))


def _kpi(look: _Look, column: Column, rest: str, side: Side, unit: str) -> Found:
    seen, draft = look.seen, look.draft
    title, key = kpi_named(rest, led=column.heading.led) if rest else _title_of_sheet(look)
    named = bool(title)
    title = title or draft.reason("indicator")
    if column.at in look.per_cents or set(name_key(title).split()) & words("ratios"):
        unit = unit or "%"
    why = draft.reason("heading", heading=column.title)
    if column.heading.side is None:
        why += ", " + draft.reason(f"sheet_{look.side}" if look.side else "plain", sheet=seen.sheet.name)
    figures = tuple((name_key(seen.people[row]), value) for row, value in column.numbers.items())
    pattern = _pattern(column, draft.period)
    return Found(title, key, side, unit or _money(column), seen.sheet.name, pattern, column.at,
                 seen.place(column.at), why, figures, named, column.heading.led)  # fmt: skip


def _pattern(column: Column, period: str) -> str:
    """Return the heading for the scheme file, with the month as a pattern."""
    from kpicalc.intake.sheets.month_words import month_in

    if month_in(column.cell) is not None and JOINT not in column.title:
        return "{month}"
    return JOINT.join(pattern_of(part, period) for part in column.title.split(JOINT))


def _money(column: Column) -> str:
    """Return the unit that follows the numbers in the cells' texts."""
    tails = {clean(value).lstrip("0123456789 .,-") for value in column.cells.values() if isinstance(value, str)}
    known = {tail for tail in tails if tail and is_unit(tail)}
    return "руб" if any(name_key(tail) in currency_words("RUB") for tail in known) else ""


def _title_of_sheet(look: _Look) -> tuple[str, str]:
    """Return the one KPI that a sheet's name or the title above announces."""
    texts = (look.seen.sheet.name, *look.seen.above)
    return next((known for text in texts if (known := known_part(text))[0]), ("", ""))


def _follows(look: _Look, column: Column) -> bool | None:
    """Tell whether a column is computed by formulas from its row; None if its formulas are of another kind."""
    seen = look.seen
    fields = ("id", "name", "department", "position", "period", "year")
    keys = {seen.id, seen.name, *(at for name in fields for at in seen.fields.get(name, ()))}
    kinds = [derived(text, row, seen.sheet, {at for at in keys if at is not None})
             for row, text in column.formulas.items()]  # fmt: skip
    if 2 * len(kinds) <= len(column.cells):
        return False
    return True if any(kinds) else None if None in kinds else False


def _is_sum(look: _Look, column: Column) -> list[str]:
    """Return two or more columns whose sum equals, in every row, a column without formulas."""
    if len(column.numbers) < 2 or column.formulas:
        return []
    others = [
        other for other in look.seen.columns if other.at < column.at and other.is_figures and other.at != look.seen.id
    ]
    for count in range(2, len(others) + 1):
        run = others[len(others) - count :]
        rows = column.numbers
        if all(
            abs(sum(other.numbers.get(row, 0) for other in run) - value) < NEAR for row, value in rows.items()
        ) and all(any(other.numbers.values()) for other in run):
            return [look.seen.place(other.at) for other in run]
    return []


def _with_plan(kpis: list[Found], look: _Look) -> list[Found]:
    """Give a lone «План» or «Факт» beside one KPI to that KPI if a per cent of the plan proves it; else ask."""
    lone = [kpi for kpi in kpis if not kpi.named]
    named = [kpi for kpi in kpis if kpi.named]
    if not lone or not named:
        return kpis
    keys = {name_key(kpi.title) for kpi in named}
    sides = {kpi.side for kpi in named}
    if len(keys) == 1 and not sides & {kpi.side for kpi in lone} and len(lone) == 1:
        whose, other = named[0], lone[0]
        plan, actual = (other, whose) if other.side == "plan" else (whose, other)
        if proof := _proof(look, dict(plan.figures), dict(actual.figures)):
            return [*named, replace(other, title=whose.title, key=whose.key, named=True, why=proof)]
    for kpi in lone:
        look.draft.ask("whose", kpi.place, sorted({other.title for other in named}), heading=kpi.heading)
    return named


def _proof(look: _Look, plan: Mapping[str, float], actual: Mapping[str, float]) -> str:
    """Return the column that shows actual / plan for everybody, as a reason."""
    for column in look.seen.columns:
        if column.heading.kind != "attainment" or len(column.numbers) < 2:
            continue
        rows = [(name_key(look.seen.people[row]), value) for row, value in column.numbers.items()]
        shares = [(actual.get(person), plan.get(person), value) for person, value in rows]
        if all(a is not None and p and min(abs(a / p - v), abs(a / p * 100 - v) / 100) < NEAR for a, p, v in shares):
            return look.draft.reason("proved", place=look.seen.place(column.at))
    return ""


def ask_of_pairs(kpis: list[Found], draft: Draft) -> None:
    """Ask whether a plan and an actual with similar names belong to one KPI."""
    sides: dict[str, set[Side]] = defaultdict(set)
    for kpi in kpis:
        sides[kpi.same].add(kpi.side)
    plans = [kpi for kpi in kpis if sides[kpi.same] == {"plan"}]
    for plan in plans:
        for actual in (kpi for kpi in kpis if sides[kpi.same] == {"actual"}):
            words_of, others = set(stem(plan.title).split()), set(stem(actual.title).split())
            if words_of < others or others < words_of or likeness(plan.title, actual.title) >= LIKE:
                draft.ask("alike", plan.place, [plan.place, actual.place], plan=plan.heading, actual=actual.heading)


def merged(kpis: Iterable[Found]) -> dict[tuple[str, Side], list[Found]]:
    """Return the places of all tables by KPI and side."""
    groups: dict[tuple[str, Side], list[Found]] = defaultdict(list)
    for kpi in kpis:
        groups[kpi.same, kpi.side].append(kpi)
    return groups
