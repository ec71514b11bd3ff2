"""What incentives really reward: the share of money that each KPI moves, beside its declared weight."""

from decimal import Decimal

from kpicalc.model.record import record

_ZERO = Decimal(0)


@record
class Whose:
    """A person about whom something is said: number, name, the title of the line or figure that causes it, if any."""

    id: str
    name: str
    why: str


@record
class Mover:
    """One KPI of a role.

    moves: the difference in everybody's pay between 90 % and 110 % of the plan, all other results being at their plans;
    for a KPI without a plan, around the actual. share: the part of what all KPIs move; None where nothing moves.
    weight: as declared in a bonus, None where there is none. stuck: to whom a higher result pays nothing, with the line
    that cancels the increase. unknown: whose part is not in `moves`, with the figure that cannot be computed there.
    """

    kpi: str
    title: str
    kind: str | None
    level: str | None
    source: str | None
    weight: Decimal | None
    moves: Decimal
    share: Decimal | None
    stuck: tuple[Whose, ...] = ()
    unknown: tuple[Whose, ...] = ()


@record
class RoleBalance:
    """A role: the number of people behind the figures (0: its first worked example), and its KPIs."""

    scheme: str
    title: str
    people: int
    kpis: tuple[Mover, ...]
    as_is: tuple[Whose, ...] = ()
    """Whose month cannot be computed at plan, with the figure: their results are moved from where they are."""

    def by(self, name: str) -> dict[str, Decimal]:
        """Return the shares by `kind` or `level`; KPIs that state none are under an empty text."""
        shares: dict[str, Decimal] = {}
        for kpi in self.kpis:
            key = getattr(kpi, name) or ""
            shares[key] = shares.get(key, _ZERO) + (kpi.share or _ZERO)
        return shares


@record
class Target:
    """A figure of the financial plan beside the sum of personal plans; `plans` is None where nobody has such a plan."""

    kpi: str
    title: str
    target: Decimal
    plans: Decimal | None
    people: int


@record
class NormStage:
    """A stage of a funnel: its norm, the sum of personal plans and of how many people, and the required figures.

    `needed` is required by the norms for the plans of the lowest planned stage, `for_target` for the financial plan of
    that stage; `target` is the financial plan's own figure of this stage.
    """

    kpi: str
    title: str
    norm: Decimal | None
    plans: Decimal | None
    people: int
    needed: int | None
    for_target: int | None
    target: Decimal | None


@record
class Short:
    """A person whose plan of a stage is below what the norms require for that person's plan of the lowest stage."""

    id: str
    name: str
    kpi: str
    title: str
    plan: Decimal
    needed: int


@record
class FunnelNorms:
    """A funnel's norms beside the plans; `planned` and `aimed` are the stages from which they are applied upwards."""

    title: str
    planned: str | None
    aimed: str | None
    stages: tuple[NormStage, ...]
    short: tuple[Short, ...]


@record
class Balance:
    """The roles, the financial plan and the funnels of a scheme, and of a month where there is one."""

    roles: tuple[RoleBalance, ...]
    targets: tuple[Target, ...]
    funnels: tuple[FunnelNorms, ...] = ()
