"""The list of people who are paid: the table that holds it, and the meaning of its columns."""

from collections.abc import Mapping, Sequence

from kpicalc.forms.adopt.draft import Draft
from kpicalc.forms.adopt.seen import Seen, lone_texts
from kpicalc.forms.adopt.wording import pattern_of
from kpicalc.intake.sheets.names import field_names, sheet_names, words
from kpicalc.model.persons import name_finder
from kpicalc.model.texts import clean, name_key

_WEIGHTS = {"position": 8, "department": 6, "salary": 5, "id": 4, "scheme": 4, "hired": 3, "fte": 2}
_MOST_RATE = 2


def roster_of(tables: Sequence[Seen], draft: Draft) -> Seen | None:
    """Return the table that lists each person once; ask if two lists may be it."""
    lists = [seen for seen in tables if seen.name is not None and not seen.repeated and seen.days is None]
    if not lists:
        return None
    ranked = sorted(lists, key=_rank, reverse=True)
    best = ranked[0]
    find = name_finder(list(best.people.values()))
    known = {name_key(text) for text in best.people.values()}
    for other in ranked[1:]:
        strangers = [text for text in other.people.values() if name_key(text) not in known and not find(text)]
        if 2 * len(strangers) > len(other.people) and _rank(other) >= _WEIGHTS["salary"]:
            rows = [f"{seen.sheet.name} ({len(seen.people)})" for seen in (best, other)]
            draft.ask("two_lists", other.place(other.name or 0), rows)
    return best


def _rank(seen: Seen) -> int:
    usual = name_key(seen.sheet.name) in sheet_names("employees")
    return 100 * usual + sum(weight for name, weight in _WEIGHTS.items() if name in seen.fields)


def map_roster(seen: Seen, draft: Draft) -> None:
    """Map the sheet that lists the people, and its columns."""
    draft.sheets["employees"] = pattern_of(seen.sheet.name, draft.period)
    columns = draft.columns.setdefault("employees", {})
    known, name = field_names("employees"), seen.name
    assert name is not None  # A list of people has their names.
    why = draft.reason("heading", heading=seen.column(name).title)
    draft.tell("people", f"{seen.place(name)}", why, count=len(seen.people), sheet=seen.sheet.name)
    for doubtful in seen.names[1:]:
        draft.ask("two_names", seen.place(doubtful), [seen.place(at) for at in seen.names])
    if name in seen.fields.get("last_name", ()):
        draft.ask("names_split", seen.place(name), [seen.place(name)])
    if _is_other(seen, name, known, "name"):
        columns["name"] = seen.column(name).title
    if seen.id is None:
        draft.match = "name"
        draft.tell("no_numbers", seen.place(name), draft.reason("no_heading"))
    else:
        draft.tell("number", seen.place(seen.id), draft.reason("heading", heading=seen.column(seen.id).title))
    for field in ("department", "position", "salary"):
        _field(field, seen, draft)
    if at := seen.fields.get("scheme"):
        texts = dict.fromkeys(clean(str(text)) for text in seen.column(at[0]).cells.values())
        draft.schemes = [text for text in texts if text.casefold() not in words("not_paid")]
        draft.tell("schemes", seen.place(at[0]), draft.reason("heading", heading=seen.column(at[0]).title),
                   count=len(draft.schemes))  # fmt: skip
    if "fte" in seen.fields:
        _rate(seen, draft)
    if seen.stated:
        draft.tables.setdefault("employees", {})["headings"] = "2"
    if "department" not in seen.fields and "department" not in columns:
        groups = lone_texts(seen)
        if groups:
            draft.tables.setdefault("employees", {})["groups"] = "department"
            place = seen.place(name, groups[0])
            draft.tell("groups", place, draft.reason("lone"), count=len(groups))
        else:
            likely = [
                column for column in seen.columns if set(name_key(column.title).split()) & words("unit_of_people")
            ]
            if likely := [column for column in likely if column.cells and not column.is_figures]:
                places = [f"{seen.place(column.at)} ({column.title})" for column in likely]
                draft.ask("department", seen.place(likely[0].at), places)
            text = draft.reason("department")
            draft.constants["employees"] = {"department": text}
            draft.tell("no_department", seen.sheet.name, draft.reason("no_heading"), text=text)


def _is_other(seen: Seen, at: int, known: Mapping[str, str], field: str) -> bool:
    """Tell whether a column has an unusual heading for its field."""
    return not any(known.get(key) == field for key in seen.line.keys[at])


def _field(field: str, seen: Seen, draft: Draft) -> None:
    """Map a column of the people's terms: by its usual heading, or by a synonym of it."""
    if at := seen.fields.get(field):
        why = draft.reason("heading", heading=seen.column(at[0]).title)
        draft.tell(field, seen.place(at[0]), why)
        return
    usual = {name_key(text) for text in words(field)}
    likely = [column for column in seen.columns if usual.intersection(seen.line.keys[column.at]) and column.cells]
    if field == "salary":
        likely = [column for column in likely if column.is_figures]
    if len(likely) > 1:
        draft.ask("twice", seen.place(likely[0].at), [seen.place(column.at) for column in likely],
                  title=draft.reason(field), side="")  # fmt: skip
    elif likely:
        draft.columns["employees"][field] = likely[0].title
        draft.tell(field, seen.place(likely[0].at), draft.reason("usual", heading=likely[0].title))


def _rate(seen: Seen, draft: Draft) -> None:
    """Ask whether a column «Ставка» with figures other than shares of a full job is the rate."""
    column = seen.column(seen.fields["fte"][0])
    if any(not 0 < value <= _MOST_RATE for value in column.numbers.values()):
        draft.ask("rate", seen.place(column.at), [draft.reason("rate_is")], heading=column.title)
