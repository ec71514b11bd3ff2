"""The proof that rows on the Deals sheets add up to the pay that the Calculation sheets show for them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.lang import Language, number, word
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.payroll.back.page import Page
from kpicalc.payroll.layout import CALCULATION, DEALS, GROUP_ROW, totals_caption

_ZERO = Decimal(0)
_NOISE = Decimal("0.005")


def rows_differ(deals: Sequence[Page], calculations: Sequence[Page], language: Language) -> Iterator[Issue]:
    """Report, once for a person and line, rows that do not add up to the figure of the calculation.

    A line's rows are known by its title, which is the heading of their last column.
    """
    totals = totals_caption(language)
    sums: dict[str, dict[str, Decimal]] = {}
    for page in deals:
        heads = page.texts(DEALS.head)
        if not heads:
            continue
        by_person = sums.setdefault(heads[-1], defaultdict(Decimal))
        for row, person, _ in page.people(DEALS.first, totals):
            if person:
                by_person[person] += page.figure(row, len(heads) - 1).value or _ZERO
    by_rows = word("headings.figure.by_rows", language)
    # A person may have several rows, one for each position: they are added up.
    computed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, str], tuple[str, Place]] = {}
    for page in calculations:
        group, columns = "", []
        for column, head in enumerate(page.texts(CALCULATION.head)):
            group = page.text(GROUP_ROW, column) or group
            if head == by_rows and group in sums:
                columns.append((column, group))
        for row, person, name in page.people(CALCULATION.first, totals):
            for title in dict.fromkeys(title for _, title in columns) if person else ():
                at = [column for column, group in columns if group == title]
                computed[person, title] += sum((page.figure(row, column).value or _ZERO for column in at), _ZERO)
                first.setdefault((person, title), (name, page.at(row, at[0])))
    for (person, title), whole in computed.items():
        shown, (name, place) = sums[title].get(person, _ZERO), first[person, title]
        if abs(whole - shown) > _NOISE:
            facts = {"payee": f"{person} {name}", "title": title, "sheet": deals[0].place.sheet}
            amounts = {"found": number(whole, language), "other": number(shown, language)}
            yield issue("payroll_changed", place, **facts, **amounts)
