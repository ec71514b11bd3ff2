"""Places of a ranking as live formulas: how many people of the group stand higher, on whichever calculation sheet."""

from collections.abc import Mapping, Sequence

from kpicalc.engine.excel import ROW
from kpicalc.engine.result import Payroll
from kpicalc.engine.sources import Given, OfRanking, key_of
from kpicalc.engine.statement import DEPARTMENT as BY_DEPARTMENT
from kpicalc.engine.statement import Ranking
from kpicalc.payroll.calculation_sheet import DEPARTMENT, Laid


def places_look_up(laid: Laid, sheets: Sequence[Laid], payroll: Payroll) -> Mapping[Given, str]:
    """Return the formulas of a sheet's places; plain values where somebody who is ranked stands on no sheet."""
    paid = {index for pay in payroll.schemes for index in pay.payees}
    found: dict[Given, str] = {}
    for ranking in laid.pay.statement.rankings:
        ranked = {index for one in payroll.rankings if one.ranking.id == ranking.id for index in one.results}
        if ranked <= paid:
            found[OfRanking(ranking.id, "place")] = "1+" + _count(laid, sheets, ranking, higher=True)
            found[OfRanking(ranking.id, "tied")] = _count(laid, sheets, ranking, higher=False)
    return found


def _count(laid: Laid, sheets: Sequence[Laid], ranking: Ranking, *, higher: bool) -> str:
    """Return the formula of how many stand higher than the row, or just as high."""
    reached = key_of(OfRanking(ranking.id, "reached"))
    terms = []
    for other in sheets:
        figures = [one.figure for one in other.pay.statement.rankings if one.id == ranking.id]
        if not figures or not other.pay.payees:
            continue
        results, own = other.area(other.letters[figures[0]]), f"${laid.letters[ranking.figure]}{ROW}"
        same, better = f"({results}={own})", f"({results}{'<' if ranking.lowest else '>'}{own})"
        if ranking.ties == "earlier":
            days, day = other.area(other.letters[reached]), f"${laid.letters[reached]}{ROW}"
            better, same = f"({better}+{same}*({days}<{day}))", f"{same}*({days}={day})"
        chosen = better if higher else same
        group = f"({other.area(DEPARTMENT)}=${DEPARTMENT}{ROW})" if ranking.over == BY_DEPARTMENT else "1"
        terms.append(f"SUMPRODUCT({group}*{chosen})")
    return "+".join(terms)
