"""The meaning of a heading's words: a plan or an actual, of which KPI, in which unit, or no figure of a KPI."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Literal

from kpicalc.intake.sheets.layout.extent import is_totals
from kpicalc.intake.sheets.layout.lines import JOINT
from kpicalc.intake.sheets.month_words import is_another, month_in, month_names, months_told, spellings
from kpicalc.intake.sheets.names import same_unit, words
from kpicalc.lang import LANGUAGES, catalogue
from kpicalc.model.adopted import Side
from kpicalc.model.book import Raw
from kpicalc.model.record import record
from kpicalc.model.texts import clean, fold, name_key

Kind = Literal["figure", "attainment", "derived", "span", "pay", "total", "odd", "other_month", "both", "level"]
"""A figure of a KPI; a per cent of its plan; a derived figure; a span other than a month; pay; a total; no figure of
work; another month; a plan and an actual in one heading; a norm or bound beside a plan."""

_PIECE = re.compile(r"[^\W_]+|[%₽$€№]|\+/-|\+-")
_UNIT = re.compile(r"^(.+?)\s*(?:,\s*([^,()]+)|\(([^()]+)\))$")
_ENDING = re.compile(r"(?<=[а-я]{3})(?:ов|ев|ей|ам|ям|ами|ями|ах|ях|[аеиоуыэюяйь])$")
_YEARS = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DAY = re.compile(r"\s*(\d{1,2})[./-]\d{1,2}[./-](?:20)?\d\d")
_DAYS = re.compile(r"(?<!\d)\d{1,2}\.(\d\d)\.(20\d\d)(?!\d)")
_YEAR = re.compile(r"(?:20)?(\d\d)")


@record
class Heading:
    """The meaning of a heading. `rest` are the words that name the KPI, empty if there are none."""

    kind: Kind
    side: Side | None = None
    rest: str = ""
    unit: str = ""
    led: bool = False
    """True if «План» or «Факт» stands before the KPI, whose name is then in the genitive."""


def heading_of(text: str, cell: Raw, period: str) -> Heading:
    """Return the meaning of a heading in the month that is paid."""
    if month_in(cell) is not None and JOINT not in text:
        months = {month} if (month := month_in(cell)) else set()
        if is_another(months, period):
            return Heading("other_month")
        return Heading("span") if _is_day(cell) else Heading("figure")
    if JOINT not in text and (days := _DAYS.findall(text)):
        # «Факт на 31.10.2026» names the month by its day.
        if is_another({(int(year), int(month)) for month, year in days}, period):
            return Heading("other_month")
        text = _DAYS.sub("", text)
    if (years := set(_YEARS.findall(text))) and not months_told(text, name=True):
        return Heading("span" if period[:4] in years else "other_month")
    if is_another(months_told(text, name=True), period):
        return Heading("other_month")
    parts = [without_unit(part) for part in _without_month(text).split(JOINT)]
    body, unit = JOINT.join(part for part, _ in parts), next((unit for _, unit in parts if unit), "")
    lower = body.rpartition(JOINT)[2]
    lower_pieces, every = _pieces(lower), _pieces(body)
    sides = {side for side, known in _SIDES.items() if words(known) & set(every)}
    if kind := _no_figure(lower, lower_pieces, every):
        return Heading(kind, unit=unit)
    if len(sides) == 2:
        return Heading("both")
    side = sides.pop() if sides else None
    if set(every) & words("attainment") and _is_attainment(lower_pieces, every, side):
        return Heading("attainment", unit="%")
    return Heading("figure", side, _rest(body) if side else _whole(body), unit, side is not None and _led(every))


_SIDES: dict[Side, str] = {"plan": "plan", "actual": "actual"}


def _is_day(cell: Raw) -> bool:
    """Tell whether a heading is a day; the first of a month stands for the month."""
    if isinstance(cell, date):
        return cell.day != 1
    match = _DAY.match(cell) if isinstance(cell, str) else None
    return match is not None and int(match[1]) != 1


def _no_figure(lower: str, pieces: list[str], every: list[str]) -> Kind | None:
    """Tell whether a heading is one of no KPI."""
    key = name_key(lower)
    if is_totals(clean(lower)) and not (len(pieces) > 1 and is_known_kpi(lower)):
        return "total"
    if (
        set(pieces) & words("derived")
        or (set(every) & words("derived") and not set(pieces) & (_said("plan", "actual")))
        or any(piece in ("+/-", "+-") for piece in pieces)
    ):
        return "derived"
    if set(every) & words("span"):
        return "span"
    if set(pieces) & words("pay") or key in words("salary"):
        return "pay"
    if set(pieces) & words("odd"):
        return "odd"
    if set(pieces) & words("level") and not set(pieces) & _said("plan", "actual"):
        return "level"
    return None


def _is_attainment(pieces: list[str], every: list[str], side: Side | None) -> bool:
    """Tell whether a heading is a per cent of a plan: such words alone, or «выполнение» beside «план» or a per cent."""
    others = set(pieces) - _said("attainment", "plan", "actual", "joining", "of_month")
    named = set(every) & words("attainment") - words("per_cents")
    if named and not set(pieces) & words("actual"):
        return not others or "%" in every or side == "plan"
    return not others and "%" in pieces


def _said(*groups: str) -> frozenset[str]:
    return frozenset().union(*map(words, groups))


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(fold(text))


def without_unit(text: str) -> tuple[str, str]:
    """Return a heading without its unit, which follows a comma or stands in brackets, and the unit."""
    match = _UNIT.match(clean(text))
    if match and is_unit(unit := (match[2] or match[3]).strip()):
        return match[1], unit
    return text, "%" if "%" in text else ""


def is_unit(text: str) -> bool:
    """Tell whether a text is a unit: руб., шт, %, тыс. руб."""
    key = name_key(text)
    money = any(same_unit(text, code) for code in catalogue("tables")["currencies"])
    return key == "%" or money or key in {name_key(unit) for unit in words("units")}


def _without_month(text: str) -> str:
    """Return a heading without the month that it names, and without the year beside the month."""
    parts = text.split(" ")
    kept: list[str] = []
    dropped = False
    for part in parts:
        bare = name_key(part)
        if bare in month_names():
            dropped = True
        elif dropped and _YEAR.fullmatch(bare):
            continue
        else:
            kept.append(part)
    return " ".join(kept) if dropped else text


def _led(pieces: Sequence[str]) -> bool:
    return bool(pieces) and any(pieces[0] in words(known) for known in _SIDES.values())


def _whole(body: str) -> str:
    """Return a heading as written without «План» and «Факт»; empty if only a month is left."""
    text = JOINT.join(part for part in body.split(JOINT) if name_key(part)).strip(" -–—:,.")
    return text if set(_pieces(text)) - words("of_month") - words("joining") else ""


def _rest(body: str) -> str:
    """Return the words of a heading that name the KPI, as they are written."""
    left: list[str] = []
    for part in body.split(JOINT):
        pieces = [piece for piece in part.split() if not _is_said(piece)]
        while pieces and name_key(pieces[0]) in words("joining"):
            pieces.pop(0)
        while pieces and name_key(pieces[-1]) in words("joining"):
            pieces.pop()
        if text := " ".join(pieces).strip(" -–—:,.()/"):
            left.append(text)
    return " ".join(left)


def _is_said(piece: str) -> bool:
    key = name_key(piece)
    return not key or key in words("plan") or key in words("actual") or key in words("of_month") or key == "%"


@cache
def _indicators() -> dict[str, tuple[str, str]]:
    """Return the well-known KPIs: spelling -> key, and title in the language of the spelling."""
    return {
        name_key(text): (key, entry[language][0])
        for key, entry in catalogue("tables")["indicators"].items()
        for language in reversed(LANGUAGES)
        for text in entry[language]
    }


def kpi_named(rest: str, *, led: bool = False) -> tuple[str, str]:
    """Return the title of a KPI and its key, which is empty unless the KPI is well known.

    The title is the text as written; with `led` it is a genitive, and becomes a nominative if the KPI is well known.
    """
    known = _indicators().get(name_key(rest))
    title = rest[:1].upper() + rest[1:]
    if known is None:
        return title, ""
    key, nominative = known
    return (nominative if led else title), key


def known_part(text: str) -> tuple[str, str]:
    """Return title and key of the longest well-known KPI in a text: «Продажи по дням» -> Продажи; empty without one."""
    pieces = name_key(text).split()
    for count in range(len(pieces), 0, -1):
        for start in range(len(pieces) - count + 1):
            if (span := " ".join(pieces[start : start + count])) in _indicators():
                return kpi_named(span, led=True)
    return "", ""


def stem(text: str) -> str:
    """Return the common stem of a name's cases: «Анкеты» and «анкет», «Ответ, мин» and «ответа»."""
    return " ".join(_ENDING.sub("", word) or word for word in name_key(text).split())


def is_known_kpi(rest: str) -> bool:
    """Tell whether words contain the name of a well-known KPI."""
    return bool(known_part(rest)[0])


def side_of_name(text: str) -> Side | None:
    """Return whether a sheet's name or a title announces plans or actuals; None if both or neither."""
    pieces = set(_pieces(text))
    sides = [side for side, known in _SIDES.items() if pieces & words(known)]
    return sides[0] if len(sides) == 1 else None


def speaks_of_both(text: str) -> bool:
    """Tell whether a name or title announces a plan with its attainment: «Выполнение плана», «План-факт»."""
    pieces = set(_pieces(text))
    return bool(pieces & words("plan")) and bool(pieces & _said("actual", "attainment", "results"))


def is_goal(heading: str) -> bool:
    """Tell whether a plan is called a goal, so that norms and bounds beside it may equally be the plan."""
    return not set(_pieces(heading)) & words("called_plan")


def pattern_of(text: str, period: str) -> str:
    """Return a sheet's name with the month that is paid as a pattern: «ЗП Октябрь 2026» -> `ЗП {month} {yyyy}`."""
    months = months_told(text, name=True)
    if not months or is_another(months, period):
        return text
    year, number = period[:4], int(period[5:])
    numbered = re.sub(rf"(?<!\d){year}([-._/]){number:02}(?!\d)", r"{yyyy}\1{mm}", text)
    numbered = re.sub(rf"(?<!\d){number:02}([-._/]){year}(?!\d)", r"{mm}\1{yyyy}", numbered)
    if numbered != text:
        return numbered
    for spelling in sorted(spellings(number), key=len, reverse=True):
        match = re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", text, re.IGNORECASE)
        if match:
            after = text[match.end() :]
            after = re.sub(rf"(?<!\d){year}(?!\d)", "{yyyy}", after)
            after = re.sub(rf"(?<!\d){year[2:]}(?!\d)", "{yy}", after)
            before = re.sub(rf"(?<!\d){year}(?!\d)", "{yyyy}", text[: match.start()])
            return f"{before}{{month}}{after}"
    return text
