"""Finds the table of people on a sheet by its looks: the line of headings, and the rows of people."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from kpicalc.forms.adopt.formulas import Cell
from kpicalc.forms.adopt.seen import Column, Seen, is_number
from kpicalc.forms.adopt.wording import heading_of
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.layout.extent import is_totals
from kpicalc.intake.sheets.layout.lines import JOINT, Line, candidates
from kpicalc.intake.sheets.month_words import is_another, month_in
from kpicalc.intake.sheets.names import field_names, words
from kpicalc.model.book import Raw, Sheet
from kpicalc.model.texts import clean, name_key

_NAME = re.compile(
    r"[А-ЯЁA-Z][а-яёa-z’'-]+(?:-[А-ЯЁA-Z][а-яёa-z]+)?"
    r"(?: [А-ЯЁA-Z][а-яёa-z’'-]+(?:-[А-ЯЁA-Z][а-яёa-z]+)?){1,3}(?: (?:оглы|кызы))?"
    r"|[А-ЯЁA-Z][а-яёa-z-]+(?:-[А-ЯЁA-Z][а-яёa-z]+)? [А-ЯЁA-Z]\. ?(?:[А-ЯЁA-Z]\.?)?"
    r"|[А-ЯЁA-Z]\. ?(?:[А-ЯЁA-Z]\. ?)?[А-ЯЁA-Z][а-яёa-z-]+"
)
_PARTICLES = frozenset({"оглы", "кызы", "ибн", "бен", "van", "von", "der", "de", "da", "di", "el", "al", "и"})
_MOST_LOOKED = 2000


def looks_like_a_name(text: Raw) -> bool:
    """Tell whether a text looks like a person's name: words with capitals, or a surname with initials."""
    return isinstance(text, str) and bool(_NAME.fullmatch(clean(text))) and not is_totals(clean(text))


def is_no_person(text: str) -> bool:
    """Tell whether a row's name is no person's: «План», «Отдел продаж», «Вакансия», a number."""
    pieces = name_key(text).split()
    known = words("plan") | words("actual") | words("attainment") | words("derived") | words("pay") | words("level")
    units = words("unit_of_people") | words("not_people")
    lower = [piece for piece in clean(text).split()[1:] if piece[:1].islower() and piece not in _PARTICLES]
    return not any(map(str.isalpha, text)) or set(pieces) <= known or pieces[0] in units or bool(lower)


def person_headings() -> frozenset[str]:
    """Return the headings of columns that identify a row's person, as keys."""
    known = {key for key, name in field_names("actuals").items() if name in ("id", "name")}
    return frozenset(known | {name_key(text) for text in words("person")})


def table_of(sheet: Sheet, period: str, formulas: Mapping[Cell, str], hidden: frozenset[int]) -> Seen | None:
    """Return the table of people on a sheet whose headings fit best, or None."""
    heads = person_headings()
    best: tuple[int, Seen] | None = None
    for stated in (False, True):
        for line in candidates(sheet, 2 if stated else None, heads.__contains__):
            seen = _seen(sheet, line, stated, period, formulas, hidden)
            if seen is None:
                continue
            score = _score(seen)
            if best is None or score > best[0]:
                best = score, seen
    return best[1] if best else None


def _score(seen: Seen) -> int:
    """Return a score of how well headings fit: known fields, and figures under headings that differ."""
    titles = Counter(name_key(column.title) for column in seen.columns if column.cells)
    useful = sum(1 for title in titles if title)
    twice = sum(count - 1 for title, count in titles.items() if title and count > 1)
    sides = sum(column.heading.side is not None for column in seen.columns)
    return 4 * len(seen.fields) + 2 * useful + sides - 3 * twice - seen.stated


def _seen(
    sheet: Sheet, line: Line, stated: bool, period: str, formulas: Mapping[Cell, str], hidden: frozenset[int]
) -> Seen | None:
    fields: dict[str, list[int]] = {}
    known = field_names("actuals")
    for column, _, keys, _ in line:
        if name := next((known[key] for key in keys if key in known), None):
            fields.setdefault(name, []).append(column)
    numbers, names = fields.get("id", []), _names(sheet, line, fields)
    if not numbers and not names:
        return None
    key = names[0] if names else numbers[0]
    if looks_like_a_name(line.titles[key].rpartition(JOINT)[2]) and not person_headings().intersection(line.keys[key]):
        # The first person of the list is not taken for a heading.
        return None
    people = dict(_people(sheet, line, key, fields, period))
    if not people or (not numbers and not _are_names(people.values(), line, key)):
        return None
    columns = [
        Column(
            at,
            title,
            cell,
            heading_of(title, cell, period),
            {row: value for row in people if not is_blank(value := _cell(sheet, row, at))},
            {row: formulas[row, at] for row in people if (row, at) in formulas},
            at in hidden,
        )
        for at, title, _, cell in line
    ]
    above = [clean(cell) for row in sheet.rows[: line.row] for cell in row if isinstance(cell, str) and clean(cell)]
    rest = list(names) if len(names) > 1 and not _same(sheet, people, names) else []
    number = numbers[0] if len(numbers) == 1 else None
    first = names[0] if names else None
    return Seen(sheet, line, stated, number, first, rest, people, columns, fields, above)


def _has_letters(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _same(sheet: Sheet, people: Mapping[int, str], names: Sequence[int]) -> bool:
    first, *others = names
    return all(_cell(sheet, row, first) == _cell(sheet, row, at) for row in people for at in others)


def _names(sheet: Sheet, line: Line, fields: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the columns that may hold people's names: by a known heading, by a usual one, else by their looks."""
    if sure := fields.get("name") or fields.get("last_name"):
        return list(sure)
    usual = {name_key(text) for text in words("person")}
    likely = [at for at, _, keys, _ in line if usual.intersection(keys)]
    texts = {at: _texts(sheet, line, at) for at, _, _, _ in line}
    named = [at for at in likely if texts[at] and not any(map(is_number, texts[at]))]
    if named:
        return named
    taken = {at for columns in fields.values() for at in columns}
    return [
        at
        for at, cells in texts.items()
        if at not in taken and len(cells) > 1 and sum(map(looks_like_a_name, cells)) * 5 >= len(cells) * 4
    ]


def _texts(sheet: Sheet, line: Line, at: int) -> list[Raw]:
    """Return the cells below a heading, without totals and blanks."""
    rows = sheet.rows[line.row + 1 : line.row + 1 + _MOST_LOOKED]
    cells = [row[at] for row in rows if at < len(row) and not is_blank(row[at])]
    return [cell for cell in cells if not (isinstance(cell, str) and is_totals(clean(cell)))]


def _are_names(texts: Collection[str], line: Line, key: int) -> bool:
    """Tell whether a column without numbers beside it holds people: by its heading, or by the looks of its texts."""
    headed = person_headings().intersection(line.keys[key])
    return bool(headed) or sum(map(looks_like_a_name, texts)) * 5 >= len(texts) * 4


def _people(
    sheet: Sheet, line: Line, key: int, fields: Mapping[str, Sequence[int]], period: str
) -> Iterator[tuple[int, str]]:
    """Yield the rows of people with the value of their key column, without those of another month."""
    period_at, year_at = (next(iter(fields.get(name, ())), None) for name in ("period", "year"))
    number = next(iter(fields.get("id", ())), None)
    for row in range(line.row + 1, min(len(sheet.rows), line.row + 1 + _MOST_LOOKED * 50)):
        value = _cell(sheet, row, key)
        if key != number and not (isinstance(value, str) and _has_letters(value)):
            # A number is never a name, and a text without a digit is never a number.
            value = None if number is None else _cell(sheet, row, number)
            value = value if any(sign.isdigit() for sign in str(value)) else None
        first = next((cell for cell in sheet.rows[row] if not is_blank(cell)), None)
        if is_blank(value) or (isinstance(first, str) and is_totals(clean(first))):
            continue
        text = clean(str(value)) if not isinstance(value, float) else f"{value:.15g}"
        filled = sum(not is_blank(cell) for cell in sheet.rows[row])
        if is_totals(text) or name_key(text) in line.keys[key] or (filled == 1 and len(sheet.rows[row]) > 1):
            continue
        if period_at is not None:
            month = month_in(_cell(sheet, row, period_at), None if year_at is None else _cell(sheet, row, year_at))
            if month is None or is_another({month}, period):
                continue
        yield row, text


def _cell(sheet: Sheet, row: int, column: int) -> Raw:
    line = sheet.rows[row]
    return line[column] if column < len(line) else None
