"""Common figures: what many payees' figures make together, placed in the order of their dependencies."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from kpicalc.engine.given import GivenFigures
from kpicalc.engine.groups.everybody import Everybody, Known
from kpicalc.engine.groups.pools import place_pool
from kpicalc.engine.groups.rankings import place_ranking
from kpicalc.engine.groups.teams import Sums, hold_takers, place_earned, place_team, teams_of
from kpicalc.engine.result import CommonFigure, PaidByLines, Summed
from kpicalc.engine.statement import Earned, Statement, TeamFigure
from kpicalc.engine.tree.sources import Given, OfLines, OfPool, OfRanking, OfTeam
from kpicalc.model.record import record


@record(frozen=False, slots=False)
class Joint:
    """The common figures of a month: each is placed in the columns of every scheme once, on first use."""

    month: GivenFigures
    statements: Mapping[str, Statement]
    groups: Mapping[str, tuple[int, ...]]
    columns: Mapping[str, dict[str, Known]]
    sums: dict[TeamFigure, Sums] = field(default_factory=dict)
    """The sums of each common figure by group."""
    common: list[CommonFigure] = field(default_factory=list)
    """All common figures, each after those that it depends on."""
    _asked: set[object] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.everybody = Everybody(self.month, self.statements, self.groups, self.columns, self.find)

    def find_all(self) -> None:
        """Place every common figure that somebody's pay depends on."""
        for team in teams_of(self.everybody):
            self._team(team.kpi, team.over)
        for key in self.groups:
            for figure in self.statements[key].given():
                if isinstance(figure.source, Given):
                    self.find(figure.source)

    def hold_takers(self) -> None:
        """Hold everybody whose pay includes a share of a held payee's lines, as these are not paid yet."""
        waiting = True
        while waiting:
            earned = [paid for paid in self.common if isinstance(paid, PaidByLines)]
            waiting = any(hold_takers(self.everybody, paid.earned, paid.figures) for paid in earned)

    def find(self, source: Given) -> None:
        """Place one common figure, after those that it depends on."""
        match source:
            case OfTeam(kpi, _, over):
                self._team(kpi, over)
            case OfLines(lines, over) if (earned := Earned(lines, over)) not in self._asked:
                self._asked.add(earned)
                self.common.append(PaidByLines(earned, place_earned(self.everybody, earned)))
            case OfPool(pool) if ("pool", pool) not in self._asked:
                self._asked.add(("pool", pool))
                self.common += place_pool(self.everybody, pool)
            case OfRanking(ranking) if ("ranking", ranking) not in self._asked:
                self._asked.add(("ranking", ranking))
                self.common += place_ranking(self.everybody, ranking)
            case _:
                pass

    def _team(self, kpi: str, over: str) -> None:
        for team in teams_of(self.everybody):
            if (team.kpi, team.over) == (kpi, over) and team not in self._asked:
                self._asked.add(team)
                self.sums[team], figures = place_team(self.everybody, team)
                self.common.append(Summed(team, figures))

    def apart(self) -> dict[tuple[str, str], dict[int, Decimal]]:
        """Return the figures computed apart from the schemes' calculations, by scheme and key, then by payee."""
        return {
            (key, figure.key): {
                index: value
                for index, value in zip(payees, self.columns[key][figure.key], strict=True)
                if value is not None
            }
            for key, payees in self.groups.items()
            for apart in self.statements[key].apart.values()
            for figure in apart.figures
            if figure.key in self.columns[key]
        }
