"""Which sheet of the workbook is which: by its Russian or English name, or by the name in the scheme file."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpicalc.intake.alphabets import wrong_alphabet
from kpicalc.intake.sheets.names import (
    LIKE,
    clean,
    likeness,
    name_key,
    near,
    sheet_aliases,
    sheet_names,
    sheet_title,
    words,
)
from kpicalc.lang import LANGUAGES, word
from kpicalc.model.book import Book, Sheet
from kpicalc.model.fields import ROLES, SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import parse, title
from kpicalc.model.scheme import SchemeBook


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet that plays a role; `period` is the month that stands in its name."""

    sheet: Sheet
    period: str | None


def find_sheets(book: Book, schemes: SchemeBook, issues: list[Issue]) -> dict[SheetRole, Found]:
    """Return the sheets by role. Only Employees must exist; two sheets for one role are an error."""
    if own := _of_a_payroll(book):
        issues.append(issue("file_is_payroll", Place(book.file), sheets=own, run=own[-1]))
        return {}
    mapped = {name_key(text) for text in schemes.workbook.sheets.values()}
    free = [sheet for sheet in book.sheets if name_key(sheet.name) not in mapped]
    found: dict[SheetRole, Found] = {}
    absent: list[SheetRole] = []
    for role in ROLES:
        wanted = schemes.workbook.sheets.get(role)
        if wanted is not None:
            candidates = [Found(s, None) for s in book.sheets if name_key(s.name) == name_key(wanted)]
        else:
            candidates = _called(role, free)
        if len(candidates) == 1:
            found[role] = candidates[0]
        elif candidates:
            names = [item.sheet.name for item in candidates]
            issues.append(issue("sheet_twice", Place(book.file), role=_title(role, schemes), sheets=names))
        elif wanted is not None or role == "employees":
            issues.append(_missing(book, role, wanted, schemes))
        else:
            absent.append(role)
    taken = {id(item.sheet) for item in found.values()}
    spare = [sheet for sheet in free if id(sheet) not in taken]
    for role in absent:
        for sheet in spare:
            place = Place(book.file, sheet.name)
            if look_alike := wrong_alphabet(place, sheet.name, sheet_aliases(role)):
                issues.append(look_alike)
            elif max(likeness(sheet.name, name) for name in sheet_names(role)) >= LIKE:
                issues.append(issue("sheet_like", place, found=sheet.name, sheet=_title(role, schemes)))
    return found


def _of_a_payroll(book: Book) -> list[str]:
    """Return the sheets that only a payroll written by this program has together, if they are all there."""
    names = {sheet.name for sheet in book.sheets}
    return next(
        (
            own
            for language in LANGUAGES
            if names.issuperset(own := [word(f"sheets.name.{sheet}", language) for sheet in ("payroll", "run")])
        ),
        [],
    )


def _title(role: SheetRole, schemes: SchemeBook) -> str:
    return sheet_title(role, schemes.language)


def _missing(book: Book, role: SheetRole, wanted: str | None, schemes: SchemeBook) -> Issue:
    """Name a sheet that is not there, with the nearest one that is no other sheet."""
    names = [sheet.name for sheet in book.sheets]
    taken = {found.sheet.name for other in ROLES if other != role for found in _called(other, book.sheets)}
    mapped = {name_key(text) for text in schemes.workbook.sheets.values()}
    taken |= {name for name in names if name_key(name) in mapped}
    spare = [name for name in names if name not in taken]
    for name in spare:
        if look_alike := wrong_alphabet(Place(book.file, name), name, [wanted] if wanted else sheet_aliases(role)):
            return look_alike
    meant = near([wanted] if wanted else sheet_names(role), spare)
    facts = {"sheet": wanted or _title(role, schemes), "sheets": names}
    if meant:
        return issue("sheet_missing", Place(book.file), **facts, nearest=meant)
    return issue("sheet_missing_far", Place(book.file), **facts)


def _called(role: SheetRole, sheets: Sequence[Sheet]) -> list[Found]:
    """Return the sheets named exactly so; where there is none, those whose name goes on with a month only."""
    exact = [Found(sheet, None) for sheet in sheets if name_key(sheet.name) in sheet_names(role)]
    return exact or [Found(sheet, month) for sheet in sheets if (month := _month_after(role, sheet.name)) is not None]


def _month_after(role: SheetRole, sheet_name: str) -> str | None:
    """Return the month after the sheet's name: `Факт за октябрь 2026` -> 2026-10; empty where no year stands."""
    text = clean(sheet_name).casefold().replace("ё", "е")
    for alias in sheet_names(role):
        if not text.startswith(alias):
            continue
        rest = text[len(alias) :]
        if rest[:1].isalnum():
            continue
        rest = rest.strip(" _-–—,.:()[]")
        head, _, tail = rest.partition(" ")
        rest = tail if head in words("before_month") else rest
        if period := parse(rest):
            return period
        if rest in _month_names():
            return ""
    return None


def _month_names() -> frozenset[str]:
    return frozenset(
        title(f"2000-{month:02}", language).split()[0].casefold() for month in range(1, 13) for language in LANGUAGES
    )
