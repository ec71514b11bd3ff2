"""Circular pay: figures that several people share, each of which depends on the other."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.sources import Actual, Given, OfLines, OfPool, OfRanking, OfTeam, key_of
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import SchemeBook

_Place: TypeAlias = tuple[str, str]
"""A figure of a scheme: the scheme's key and the figure's key."""


def circles(statements: Mapping[str, Statement], book: SchemeBook) -> Iterator[Issue]:
    """Yield an issue for each circle of dependent figures, once, with the figures on the way."""
    search = _Search(statements)
    for key, statement in statements.items():
        for figure in statement.figures:
            circle = search.circle((key, figure.key))
            if circle:
                names = list(dict.fromkeys(search.figures[place].title for place in circle))
                place = book.source.place("schemes", key, "pay")
                yield issue("pay_circle", place, found=" → ".join([*names, names[0]]))


class _Search:
    """A depth-first walk over the figures of all schemes."""

    def __init__(self, statements: Mapping[str, Statement]) -> None:
        self.statements = statements
        self.figures = {(key, figure.key): figure for key, item in statements.items() for figure in item.figures}
        self.done: set[_Place] = set()
        self.way: list[_Place] = []

    def circle(self, place: _Place) -> tuple[_Place, ...]:
        """Return the first circle on the way from a figure; empty if there is none or it was returned before."""
        if place in self.way:
            circle = tuple(self.way[self.way.index(place) :])
            self.done |= {*circle}
            return circle
        if place in self.done or place not in self.figures:
            return ()
        self.way.append(place)
        for behind in self.behind(place):
            if circle := self.circle(behind):
                self.way.pop()
                self.done.add(place)
                return circle
        self.way.pop()
        self.done.add(place)
        return ()

    def behind(self, place: _Place) -> Iterator[_Place]:
        """Yield the figures that a figure depends on, of every scheme that has a part in it."""
        key, figure = place[0], self.figures[place]
        if not isinstance(figure.source, Given):
            yield from ((key, column.key) for column in columns_in(figure.source))
        else:
            yield from self.made_of(key, figure)

    def made_of(self, key: str, figure: Figure) -> Iterator[_Place]:
        """Yield the figures that a common figure is made of."""
        for other, statement in self.statements.items():
            match figure.source:
                case OfTeam(kpi, "actual", over):
                    teams = self.statements[key].teams
                    of = next((team.of for team in teams if (team.kpi, team.over) == (kpi, over)), kpi)
                    yield other, key_of(Actual(of))
                case OfLines(lines) if lines in statement.earned:
                    yield other, statement.earned[lines]
                case OfRanking(ranking_id):
                    yield from ((other, ranking.figure) for ranking in statement.rankings if ranking.id == ranking_id)
                case OfPool(pool_id):
                    for pool in statement.pools:
                        if pool.id == pool_id:
                            yield other, pool.coefficient
                case _:
                    return
