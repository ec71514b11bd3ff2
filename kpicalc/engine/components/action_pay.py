"""Pay for actions done: calls, meetings, offers, reports on time."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.terms.own import OwnAmount, own_amount
from kpicalc.engine.terms.part_month import due_goal
from kpicalc.engine.terms.time_worked import Prorate, for_time_worked
from kpicalc.engine.tree.formula import ONE, ZERO, Arith, Both, Choose, Greatest, Least, Node, Number, total
from kpicalc.engine.tree.sources import GoalShare
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Amount, Kpi, NonNegative


class ActionPay(Component):
    """Pay for actions done."""

    name: ClassVar[str] = "action_pay"
    example: ClassVar[str] = "action_pay: {reward: 15000, pays: all_or_nothing, goals: {cold_calls: 100, offers: 60}}"

    reward: Annotated[OwnAmount | dict[str, Amount], Option("money")]
    pays: Literal["all_or_nothing", "each", "proportional"]
    goals: dict[str, NonNegative] | list[str] = Field(min_length=1)
    prorate: Prorate = "none"

    @model_validator(mode="after")
    def _reward_fits(self) -> Self:
        each = isinstance(self.reward, dict)
        if each != (self.pays == "each"):
            raise refuse("reward_shape", at=("reward",), found=self.pays)
        if isinstance(self.reward, dict) and set(self.reward) != set(self.goals):
            raise refuse("reward_goals", at=("reward",), found=", ".join(self.reward), allowed=", ".join(self.goals))
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose the reward by the goals reached."""
        goals = [(key, *self._goal(desk, key)) for key in self.goals]
        if isinstance(self.reward, dict):
            amounts = []
            for key, actual, goal in goals:
                reward = desk.term(f"reward.{key}", self._reward_title(desk, key), self.reward[key], "money")
                amounts.append(Choose(desk.reached(key, actual, goal), reward, ZERO))
            return for_time_worked(desk, total(tuple(amounts)), self.prorate, "ignore")
        whole = for_time_worked(desk, own_amount(desk, "reward"), self.prorate, "ignore")
        reached = tuple(desk.reached(key, actual, goal) for key, actual, goal in goals)
        if self.pays == "all_or_nothing":
            return Choose(Both(reached) if len(reached) > 1 else reached[0], whole, ZERO)
        shares = tuple(self._share(desk, key, actual, goal) for key, actual, goal in goals)
        if len(shares) == 1:
            return Arith("*", whole, shares[0])
        return Arith("/", Arith("*", whole, total(shares)), Number(ONE.value * len(shares)))

    @staticmethod
    def _share(desk: Workings, key: str, actual: Node, goal: Node) -> Node:
        """Return a goal's attainment, counted from 0 up to 100 %."""
        title = desk.word("figure.attainment_of", kpi=desk.kpi_title(key))
        ratio = desk.ratio(actual, goal, desk.book.kpis.get(key) or Kpi())
        attainment = desk.figure(
            f"share.{key}", title, ratio, "percent", heading=desk.kpi_title(key), role=GoalShare(key)
        )
        return Greatest((Least((attainment, ONE)), ZERO))

    @staticmethod
    def _reward_title(desk: Workings, key: str) -> str:
        return desk.say("reward", kpi=desk.kpi_title(key))

    def _goal(self, desk: Workings, key: str) -> tuple[Node, Node]:
        actual = desk.kpi(key, "goals")
        if isinstance(self.goals, list):
            return actual, desk.plan(key, "goals")
        kpi = desk.book.kpis.get(key)
        title = desk.word("figure.goal_of", kpi=desk.kpi_title(key))
        value = desk.bound(key, self.goals[key], "goals", key)
        goal = desk.term(f"goal.{key}", title, value, unit_of_kpi(kpi) if kpi else "number")
        return actual, due_goal(desk, key, goal)
