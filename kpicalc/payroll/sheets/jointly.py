"""Figures that people of all Calculation sheets share, as live formulas: places in a ranking, pay of group members."""

from collections.abc import Mapping, Sequence

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Ranking
from kpicalc.engine.tree.excel import ROW
from kpicalc.engine.tree.sources import Given, OfLines, OfRanking, key_of
from kpicalc.payroll.sheets.calculation_sheet import Laid


def common_look_up(laid: Laid, sheets: Sequence[Laid], payroll: Payroll) -> Mapping[Given, str]:
    """Return the formulas of a sheet's places in rankings and of group members' pay, by figure.

    Where a ranked person stands on no sheet, places are plain values.
    """
    formulas: dict[Given, str] = {}
    for ranking in laid.pay.statement.rankings:
        ranked = {index for places in payroll.rankings if places.ranking.id == ranking.id for index in places.results}
        if ranked.issubset(index for pay in payroll.schemes for index in pay.payees):
            formulas[OfRanking(ranking.id, "place")] = "1+" + _count(laid, sheets, ranking, higher=True)
            formulas[OfRanking(ranking.id, "tied")] = _count(laid, sheets, ranking, higher=False)
    for figure in laid.pay.statement.given():
        if isinstance(figure.source, OfLines):
            formulas[figure.source] = _earned(laid, sheets, figure.source)
    return formulas


def _earned(laid: Laid, sheets: Sequence[Laid], source: OfLines) -> str:
    """Return the formula of what lines pay the people of a row's group, with or without the row's own person."""
    terms = []
    for other in sheets:
        key = other.pay.statement.earned.get(source.lines)
        if key is not None and other.pay.payees:
            same = other.in_group(source.over, f"${laid.group(source.over)}{ROW}")
            terms.append(f"SUMPRODUCT({same}*{other.area(other.letters[key])})")
    own_key = laid.pay.statement.earned.get(source.lines)
    less = f"-${laid.letters[own_key]}{ROW}" if own_key is not None and source.own == "exclude" else ""
    return ("+".join(terms) or "0") + less


def _count(laid: Laid, sheets: Sequence[Laid], ranking: Ranking, *, higher: bool) -> str:
    """Return the formula that counts the people ranked higher than the row's person, or equal."""
    reached = key_of(OfRanking(ranking.id, "reached"))
    terms = []
    for other in sheets:
        figures = [item.figure for item in other.pay.statement.rankings if item.id == ranking.id]
        if not figures or not other.pay.payees:
            continue
        results, mine = other.area(other.letters[figures[0]]), f"${laid.letters[ranking.figure]}{ROW}"
        same, better = f"({results}={mine})", f"({results}{'<' if ranking.lowest else '>'}{mine})"
        if ranking.ties == "earlier":
            days, day = other.area(other.letters[reached]), f"${laid.letters[reached]}{ROW}"
            better, same = f"({better}+{same}*({days}<{day}))", f"{same}*({days}={day})"
        chosen = better if higher else same
        terms.append(f"SUMPRODUCT({other.in_group(ranking.over, f'${laid.group(ranking.over)}{ROW}')}*{chosen})")
    return "+".join(terms)
