"""A target of an export: it makes files from a table of pay and an organisation, and reads them back for the proof.

A new target is one module in `kpicalc/exchange/targets/` with one `Target` in it; `--export` and `--list` find it
there. Its files are read back by its own `read` and compared with the source before anything is released.
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
    """An order for files. `stem` begins the names of files that have no name of their own."""

    paid: Paid
    stem: str
    number: str
    digest: str = ""
    """The digest of the payroll from which the files are made."""
    organisation: "Organisation | None" = None
    day: date | None = None
    replace: bool = False
    """Whether a released registry may be replaced under its number."""

    @property
    def pays_on(self) -> date:
        """Return the date of payment; the target's check has made sure that it is stated."""
        assert self.day is not None
        return self.day

    @property
    def payer(self) -> "Organisation":
        """Return the organisation; the target's check has made sure that there is one."""
        assert self.organisation is not None
        return self.organisation


@record
class Content:
    """A file to be released: its name, its bytes, and the count and total that must be read back."""

    name: str
    data: bytes
    expected: Count


@record
class Target:
    """A kind of file; the catalogue of targets says which program loads it.

    `check` returns all issues; `write` is called only if none is an error; `read` counts a written file again with code
    independent of the writer.
    """

    name: str
    check: Callable[[Order], Sequence[Issue]]
    write: Callable[[Order], Sequence[Content]]
    read: Callable[[bytes, Order], Count]
    numbered: bool = True
    """Whether it is a payment under the order's number: such a file is replaced only on request."""
