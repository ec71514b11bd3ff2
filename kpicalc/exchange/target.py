"""What a target of an export is: a table and an organisation in, files out, and a reading of the files for the proof.

A new target is one module in `kpicalc/exchange/targets/` with one `Target` in it; `--export` and `--list` know it by
itself. What it writes is read back by its own `read` and compared with the source before anything is released.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpicalc.model.issue import Issue
from kpicalc.model.paid import Count, Paid
from kpicalc.model.record import record

if TYPE_CHECKING:
    from kpicalc.model.organisation import Organisation


@record
class Order:
    """What a target is asked to write. `stem` begins the names of files that have no name of their own."""

    paid: Paid
    stem: str
    number: str
    digest: str = ""
    """Of the payroll from which the files are made."""
    organisation: "Organisation | None" = None
    day: date | None = None
    replace: bool = False
    """Whether a registry that was released before may be replaced under its number."""

    @property
    def pays_on(self) -> date:
        """Return the date of payment, which the target's check has found to be stated."""
        assert self.day is not None
        return self.day

    @property
    def payer(self) -> "Organisation":
        """Return the organisation, which the target's check has found to be there."""
        assert self.organisation is not None
        return self.organisation


@record
class Content:
    """A file to be released: its name, its bytes, and what must be found when it is read back."""

    name: str
    data: bytes
    expected: Count


@record
class Target:
    """A kind of file; what loads it stands in the catalogue of targets.

    `check` finds everything that forbids writing; `write` is only called where it found no error; `read` counts a
    written file anew, by code that shares nothing with the writer.
    """

    name: str
    check: Callable[[Order], Sequence[Issue]]
    write: Callable[[Order], Sequence[Content]]
    read: Callable[[bytes, Order], Count]
    numbered: bool = True
    """Whether it pays, under the order's number: such a file is not replaced unasked."""
