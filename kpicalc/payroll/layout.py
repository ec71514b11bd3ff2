"""The layout of the payroll workbook: names of sheets, their first rows, what the columns mean.

Writers place their cells by this module, and the one reader finds them by it. Payrolls of earlier versions are read by
the same names: after a change of one, old payrolls must still be readable.
"""

from collections.abc import Sequence
from typing import Literal

from kpicalc.lang import LANGUAGES, Language, word
from kpicalc.model.fields import DetailField
from kpicalc.model.paid import DETAILS
from kpicalc.model.record import record

SheetKey = Literal["payroll", "calculation", "teams", "summary", "scheme", "for_1c", "run", "deals", "rates"]
ORDER: tuple[SheetKey, ...] = ("payroll", "teams", "summary", "scheme", "for_1c", "run")
"""The sheets in reading order; the Calculation sheets follow the first."""
IDENTITY = ("id", "name", "department", "position")
"""The columns of a person on the Payroll, Calculation and For 1C sheets; figures follow them."""
CURRENCY_ROW = 2
DASH = "—"
"""It stands on the Payroll sheet where the payee's scheme has no such line."""


@record
class Table:
    """The rows of a sheet, from 0: that of the headings, and that of the first person."""

    head: int
    first: int


PAYROLL, CALCULATION, FOR_1C, TEAMS = Table(3, 4), Table(3, 4), Table(0, 1), Table(2, 3)
DEALS = Table(3, 4)
GROUP_ROW = 2
"""On a Calculation sheet, titles of groups of columns stand above the headings."""
FIRST_FIGURE = len(IDENTITY)
FIRST_ACCRUAL = FIRST_FIGURE + 1
"""On the For 1C sheet, the period stands before the amounts."""


@record
class Lead:
    """The columns of the Payroll sheet before the figures, from 0: where a person's texts stand."""

    identity: tuple[int, int, int, int]

    @property
    def first(self) -> int:
        """Return the column of the first figure."""
        return self.identity[-1] + 1

    @property
    def numbered(self) -> bool:
        """Tell whether a row number precedes the person: then the last column is for signatures."""
        return self.identity[0] > 0

    @property
    def repeated(self) -> int | None:
        """Return the column that repeats the total beside the name for further pages."""
        return self.identity[1] + 1 if self.identity[2] - self.identity[1] > 1 else None


LISTED, SIGNED, WIDE = Lead((0, 1, 2, 3)), Lead((1, 2, 3, 4)), Lead((1, 2, 4, 5))
"""The lists for many people and of earlier versions; a payroll to be signed; one that is several pages wide."""


@record
class Columns:
    """Columns of amounts, from 0. `accrued` equals `total` if nothing is withheld; `beside` are balances."""

    earned: range
    accrued: int
    withheld: range
    total: int
    beside: range


def sheet_name(key: SheetKey, language: Language) -> str:
    """Return the name of a sheet."""
    return word(f"sheets.name.{key}", language)


def is_calculation(name: str, language: Language) -> bool:
    """Tell by its name whether a sheet is a Calculation sheet; with several schemes, the scheme's name is a suffix."""
    usual = sheet_name("calculation", language)
    return name == usual or name.startswith(f"{usual} ")


def is_deals(name: str, language: Language) -> bool:
    """Tell by its name whether a sheet lists the rows paid by a line."""
    usual = sheet_name("deals", language)
    return name == usual or name.startswith(f"{usual} ")


def identity_headings(language: Language) -> list[str]:
    """Return the headings of the number, the name, the department and the position."""
    return [word(f"sheets.payee.{name}", language) for name in IDENTITY]


def lead_of(headings: Sequence[str], language: Language) -> Lead | None:
    """Find the columns of a person on a Payroll sheet by their headings; None if it has none."""
    wanted = identity_headings(language)
    for lead in (LISTED, SIGNED, WIDE):
        if len(headings) > lead.first and [headings[at] for at in lead.identity] == wanted:
            return lead
    return None


def without_signature(headings: Sequence[str], lead: Lead, language: Language) -> list[str]:
    """Return the headings without the column for signatures, if it is the last."""
    kept = list(headings)
    if lead.numbered and kept[-1] == word("sheets.payroll.signature", language):
        kept.pop()
    return kept


def sum_headings(language: Language) -> tuple[str, str, str]:
    """Return the headings of the accrued sum, the sum to be paid, and the total where nothing is withheld."""
    accrued, to_pay, total = (word(f"headings.figure.{name}", language) for name in ("accrued", "to_pay", "total"))
    return accrued, to_pay, total


def amount_headings(earned: Sequence[str], withheld: Sequence[str], language: Language) -> list[str]:
    """Return the headings of lines and sums, on the Payroll sheet and on the For 1C sheet."""
    accrued, to_pay, total = sum_headings(language)
    return [*earned, accrued, *withheld, to_pay] if withheld else [*earned, total]


def columns_of(headings: Sequence[str], first: int, language: Language) -> Columns | None:
    """Find the columns by their headings; None without a total.

    Lines may be named like sums, so the last one counts.
    """
    accrued, to_pay, total = sum_headings(language)
    ends = [at for at in range(first, len(headings)) if headings[at] in (to_pay, total)]
    if not ends:
        return None
    end = earned = ends[-1]
    if headings[end] == to_pay:
        sums = [at for at in range(first, end) if headings[at] == accrued]
        if not sums:
            return None
        earned = sums[-1]
    return Columns(range(first, earned), earned, range(earned + 1, end), end, range(end + 1, len(headings)))


def detail_columns(headings: Sequence[str], language: Language) -> dict[DetailField, int]:
    """Find the columns of bank details on a For 1C sheet by its headings."""
    at_heading = {heading: at for at, heading in enumerate(headings) if at >= FIRST_FIGURE}
    known = {name: at_heading.get(word(f"sheets.detail.{name}", language)) for name in DETAILS}
    return {name: at for name, at in known.items() if at is not None}


def totals_caption(language: Language) -> str:
    """Return the caption of a totals row."""
    return word("sheets.payroll.total", language)


def currency_line(currency: str, language: Language) -> str:
    """Return the line of the Payroll sheet that names the currency."""
    return word("sheets.payroll.currency", language).format(currency=currency)


def run_caption(name: str, language: Language, **blanks: str) -> str:
    """Return a caption of the Run sheet; its value stands beside it."""
    return word(f"sheets.run.{name}", language).format(**blanks)


def language_of(names: Sequence[str]) -> Language | None:
    """Tell the language of a workbook's sheet names; None if it is no payroll. One of the sheets may be missing."""
    for language in LANGUAGES:
        wanted = [sheet_name(key, language) for key in ("payroll", "for_1c", "run")]
        if sum(name in names for name in wanted) > 1:
            return language
    return None
