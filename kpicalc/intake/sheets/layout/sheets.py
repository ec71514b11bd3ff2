"""Finds the sheet of each role: by its Russian or English name, or by the name in the scheme file."""

import re
from collections.abc import Collection, Mapping, Sequence

from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.layout.patterns import PAYEE, payee_in, shown_pattern, texts_of
from kpicalc.intake.sheets.month_words import Month, is_another, months_told, years_in
from kpicalc.intake.sheets.names import field_names, sheet_aliases, sheet_names, sheet_title, words
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.lang import LANGUAGES, word
from kpicalc.model.book import Book, Raw, Sheet
from kpicalc.model.deals import sheets_of_rows
from kpicalc.model.fields import ROLES, SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.texts import LIKE, clean, fold, name_key, nearest, wrong_alphabet
from kpicalc.model.workbook_map import ABSENT

_COPY = re.compile(r"^(.+?)\s*(?:\(\d+\)|[2-9]|[-–—(]?\s*(?:копия|copy)\)?)$", re.IGNORECASE)
_ENOUGH_HEADINGS = 3
_COMPARED: tuple[SheetRole, ...] = ("plan", "actuals")


@record
class RoleSheets:
    """The sheet of a role; `more` are the others where every person has a sheet."""

    sheet: Sheet
    more: tuple[Sheet, ...] = ()


def find_sheets(workbook: Workbook) -> dict[SheetRole, RoleSheets]:
    """Return the sheets by role. Only Employees must exist; two sheets for one role are an error."""
    book, issues = workbook.book, workbook.issues
    if titles := _of_a_payroll(book):
        issues.append(issue("file_is_payroll", Place(book.file), sheets=titles, run=titles[-1]))
        return {}
    mapped = _mapped(workbook)
    free = [sheet for sheet in book.sheets if name_key(sheet.name) not in mapped]
    sheets_by_role: dict[SheetRole, RoleSheets] = {}
    absent: list[SheetRole] = []
    for role in ROLES:
        wanted = _wanted(workbook, role)
        if wanted == ABSENT:
            continue
        if wanted is not None and PAYEE in wanted:
            sheets = _of_people(workbook, wanted, mapped)
            if sheets:
                sheets_by_role[role] = RoleSheets(sheets[0], sheets[1:])
            else:
                issues.append(_missing(workbook, role, wanted))
            continue
        if wanted is not None:
            keys = texts_of(wanted, workbook.period)
            candidates = [sheet for sheet in book.sheets if name_key(sheet.name) in keys]
        else:
            candidates = _called(role, free, workbook.period)
            if role == "employees" and not candidates:
                # One sheet may have several roles.
                candidates = _called(role, book.sheets, workbook.period)
        if len(candidates) == 1:
            sheets_by_role[role] = RoleSheets(candidates[0])
        elif candidates:
            names = [sheet.name for sheet in candidates]
            issues.append(issue("sheet_twice", Place(book.file), role=_title(role, workbook), sheets=names))
        elif wanted is not None or role == "employees":
            issues.append(_missing(workbook, role, wanted))
        else:
            absent.append(role)
    _mention_likes(workbook, sheets_by_role, free, absent)
    return sheets_by_role


def sheets_of(by_role: Mapping[SheetRole, RoleSheets]) -> list[Sheet]:
    """Return the sheets that are read, each once."""
    every = [sheet for item in by_role.values() for sheet in (item.sheet, *item.more)]
    return list({id(sheet): sheet for sheet in every}.values())


def _wanted(workbook: Workbook, role: SheetRole) -> str | None:
    """Return a sheet's name in the scheme file; on sheets per person, plans may stand beside the actuals."""
    stated = workbook.map.sheets.get(role)
    if role == "plan" and stated is None and "plan" in workbook.map.columns.get("actuals", {}):
        return workbook.map.sheets.get("actuals")
    return stated


def _mapped(workbook: Workbook) -> frozenset[str]:
    """Return the keys of all names of sheets in the scheme file, patterns of people aside."""
    names = [text for text in workbook.map.sheets.values() if text != ABSENT and PAYEE not in text]
    return frozenset(key for text in names for key in texts_of(text, workbook.period))


def _of_people(workbook: Workbook, pattern: str, mapped: frozenset[str]) -> tuple[Sheet, ...]:
    """Return the sheets that match a pattern with {payee}, without those of other roles."""
    others = mapped | {key for role in ROLES for key in sheet_names(role)}
    return tuple(
        sheet
        for sheet in workbook.book.sheets
        if name_key(sheet.name) not in others and payee_in(pattern, sheet.name, workbook.period) is not None
    )


def _mention_likes(
    workbook: Workbook, by_role: dict[SheetRole, RoleSheets], free: Sequence[Sheet], absent: Sequence[SheetRole]
) -> None:
    """Mention sheets that are not read: those that resemble a missing role, and copies of sheets that are read."""
    book, issues = workbook.book, workbook.issues
    read = sheets_of(by_role)
    # Beside a plan that this program has made stands how it came about.
    made = {name_key(word("planning.sheet.basis", language)) for language in LANGUAGES}
    spare = [sheet for sheet in free if not any(sheet is other for other in read) and name_key(sheet.name) not in made]
    for role in absent:
        for sheet in spare:
            place = Place(book.file, sheet.name)
            if look_alike := wrong_alphabet(place, sheet.name, sheet_aliases(role)):
                issues.append(look_alike)
            elif nearest(sheet.name, sheet_names(role), LIKE) or _is_variant(sheet, role, None, workbook):
                issues.append(issue("sheet_like", place, found=sheet.name, sheet=_title(role, workbook)))
    known = {name_key(sheet.name): sheet for sheet in read}
    wanted = {name_key(name) for name in sheets_of_rows(workbook.schemes.facts, workbook.schemes.rates)}
    facts = {key: sheet for sheet in book.sheets if (key := name_key(sheet.name)) in wanted}
    for sheet in spare:
        if name_key(sheet.name) in wanted:
            continue
        copied = _COPY.match(clean(sheet.name))
        original = (known | facts).get(name_key(copied[1])) if copied else None
        variants = [one.sheet for role, one in by_role.items() if _is_variant(sheet, role, one.sheet, workbook)]
        variants += [
            one
            for title, one in facts.items()
            if _is_called_after(sheet, {title}, workbook) and _same_headings(sheet, one)
        ]
        if original := original or next(iter(variants), None):
            place = Place(book.file, sheet.name)
            issues.append(issue("sheet_copy", place, found=sheet.name, sheet=original.name))


def _is_variant(sheet: Sheet, role: SheetRole, read: Sheet | None, workbook: Workbook) -> bool:
    """Tell whether a sheet is called after a role or after the sheet `read` in it, and has a table of the role."""
    titles = {*sheet_names(role), *([name_key(read.name)] if read else [])}
    return _is_called_after(sheet, titles, workbook) and (
        any(_heads(role, row, workbook) for row in sheet.rows[:SEARCHED_ROWS])
        or (read is not None and _same_headings(sheet, read))
    )


def _is_called_after(sheet: Sheet, titles: Collection[str], workbook: Workbook) -> bool:
    """Tell whether a sheet's name is one of the titles with a word before or after it: «Старый факт».

    Other months, quarters and years may stand beside the month that is paid, and a comparison («План-факт») is neither.
    """
    years = years_in(sheet.name)
    if workbook.of_another_month(sheet.name) or (years and (workbook.period or "")[:4] not in years):
        return False
    name = name_key(sheet.name)
    parts = set(name.split())
    if parts & words("longer_spans") or all(parts.intersection(sheet_names(one)) for one in _COMPARED):
        return False
    return any(name.startswith(f"{title} ") or name.endswith(f" {title}") for title in titles)


def _same_headings(sheet: Sheet, read: Sheet) -> bool:
    """Tell whether the first row of texts is that of another sheet, or at least three texts of it."""
    own, other = _first_texts(sheet), _first_texts(read)
    return bool(own) and (own == other or (len(own) >= _ENOUGH_HEADINGS and own < other))


def _first_texts(sheet: Sheet) -> frozenset[str]:
    rows = (frozenset(name_key(cell) for cell in row if isinstance(cell, str)) for row in sheet.rows[:SEARCHED_ROWS])
    return next((texts for texts in rows if len(texts) > 1), frozenset())


def _heads(role: SheetRole, row: Sequence[Raw], workbook: Workbook) -> bool:
    """Tell whether a row is the headings of a role's table: of its people, and of a figure."""
    names, texts = field_names(role), [cell for cell in row if isinstance(cell, str)]
    fields = {names.get(name_key(text)) for text in texts}
    figures = {"amount", "value", "salary"} & fields or any(workbook.finder(text)[0] for text in texts)
    return bool({"id", "name"} & fields and figures)


def _of_a_payroll(book: Book) -> list[str]:
    """Return the sheets that only a payroll workbook of this program has together, if all of them exist."""
    names = {sheet.name for sheet in book.sheets}
    return next(
        (
            titles
            for language in LANGUAGES
            if names.issuperset(titles := [word(f"sheets.name.{sheet}", language) for sheet in ("payroll", "run")])
        ),
        [],
    )


def sheets_called(role: SheetRole, sheets: Sequence[Sheet], period: str | None) -> list[str]:
    """Return the sheet names of a role for which the scheme file states none."""
    return [sheet.name for sheet in _called(role, sheets, period)]


def _title(role: SheetRole, workbook: Workbook) -> str:
    return sheet_title(role, workbook.schemes.language)


def _missing(workbook: Workbook, role: SheetRole, wanted: str | None) -> Issue:
    """Return the issue for a missing sheet, with the nearest name that belongs to no other sheet."""
    book = workbook.book
    wanted = shown_pattern(wanted, workbook.period) if wanted else None
    names = [sheet.name for sheet in book.sheets]
    taken = {sheet.name for other in ROLES if other != role for sheet in _called(other, book.sheets, workbook.period)}
    taken |= {name for name in names if name_key(name) in _mapped(workbook)}
    # To rename the sheet of another month would pay that month once more.
    spare = [name for name in names if name not in taken and not workbook.of_another_month(name)]
    for name in spare:
        if look_alike := wrong_alphabet(Place(book.file, name), name, [wanted] if wanted else sheet_aliases(role)):
            return look_alike
    meant = nearest(wanted or sheet_names(role), spare)
    facts = {"sheet": wanted or _title(role, workbook), "sheets": names}
    if meant:
        return issue("sheet_missing", Place(book.file), **facts, nearest=meant)
    return issue("sheet_missing_far", Place(book.file), **facts)


def _called(role: SheetRole, sheets: Sequence[Sheet], period: str | None) -> list[Sheet]:
    """Return the sheets with exactly this name; if there is none, those whose name continues with a month only.

    Of several months the one that is paid is meant.
    """
    exact = [sheet for sheet in sheets if name_key(sheet.name) in sheet_names(role)]
    if exact:
        return exact
    dated = [(sheet, months) for sheet in sheets if (months := _months_after(role, sheet.name))]
    paid = [sheet for sheet, months in dated if period and not is_another(months, period)]
    return paid if len(paid) == 1 else [sheet for sheet, _ in dated]


def _months_after(role: SheetRole, sheet_name: str) -> set[Month]:
    """Return the month after the sheet's name, where nothing else stands there: `Факт за октябрь 2026`."""
    text = fold(sheet_name)
    for alias in sheet_names(role):
        rest = text[len(alias) :] if text.startswith(alias) else ""
        if not rest or rest[0].isalnum():
            continue
        rest = rest.strip(" _-–—,.:()[]")
        head, _, tail = rest.partition(" ")
        rest = tail if head in words("before_month") else rest
        months = months_told(rest, name=True)
        others = [part for part in name_key(rest).split() if not part.isdecimal() and not months_told(part, name=True)]
        if months and not [part for part in others if part not in ("г", "год", "года")]:
            return months
    return set()
