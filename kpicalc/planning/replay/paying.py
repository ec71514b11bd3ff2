"""The next month of a run: the figures it takes from the months before, and its pay."""

from kpicalc.engine.payroll import compute
from kpicalc.lang import severity
from kpicalc.model.inputs import Inputs
from kpicalc.planning.replay.carried import opened
from kpicalc.planning.replay.sides import Paid, Run


def pay(run: Run, inputs: Inputs) -> Paid:
    """Pay the next month, in the order of the calendar."""
    inputs, begun = opened(run, inputs)
    payroll = compute(run.side.book, run.side.statements, inputs)
    refused = tuple(item for item in payroll.issues if severity(item) == "error")
    return run.keep(Paid(inputs.period, inputs, None if refused else payroll, refused, begun))
