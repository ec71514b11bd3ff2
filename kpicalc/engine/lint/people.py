"""People in a remark: how many there are, the first of them, and the one farthest from the usual figure."""

from collections.abc import Sequence
from decimal import Decimal

from kpicalc.model.inputs import Inputs
from kpicalc.model.record import record


@record
class Odd:
    """One payee's figure that looks wrong: how far from the usual it is, and how it is shown."""

    payee: int
    distance: Decimal
    shown: str


def people(odd: Sequence[Odd], inputs: Inputs) -> dict[str, object]:
    """Return the facts of a remark on people: a column makes one remark, however many people it concerns."""
    farthest = max(odd, key=lambda item: item.distance)
    named = [odd[0]] if farthest is odd[0] else [odd[0], farthest]
    payees = [(inputs.payees[item.payee], item.shown) for item in named]
    return {"found": [f"{payee} ({shown})" for payee, shown in payees], "count": len(odd)}
