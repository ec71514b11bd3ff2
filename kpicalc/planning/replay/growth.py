"""Break-even: by how much a result must grow so that the other scheme takes no larger share of the base than now."""

from decimal import Decimal

from kpicalc.planning.replay.result import Replay


def break_even(replay: Replay) -> tuple[Decimal, Decimal | None] | None:
    """Return the share of the base that the scheme as it is takes, and the least growth tried that keeps it.

    The growth is None where none of those tried does; the whole is None where nothing grows or there is no base.
    """
    growths = sorted((one for one in replay.varied if one.by >= 0), key=lambda one: one.by)
    if not replay.base or not growths:
        return None
    share = replay.total.old / replay.base
    # fund / base <= share, without dividing.
    kept = (one.by for one in growths if one.base and one.fund.new * replay.base <= replay.total.old * one.base)
    return share, next(kept, None)
