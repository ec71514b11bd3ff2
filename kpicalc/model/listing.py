"""The rows of facts behind a figure."""

from collections.abc import Sequence

from kpicalc.model.issue import Place
from kpicalc.model.record import record


@record
class FactRow:
    """One row: where it stands, its cells in the order of the listing's headings, and what it gives to the figure."""

    place: Place
    cells: Sequence[object]
    value: object


@record
class Listing:
    """The rows behind a payee's figure: the first of them, and how many there are.

    It is a figure of a KPI or, with a `title`, what rows pay under a line of that name.
    """

    kpi: str
    payee: int
    headings: Sequence[str]
    rows: Sequence[FactRow]
    count: int
    title: str = ""
