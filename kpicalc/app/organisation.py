"""The organisation file beside a scheme: who signs and who pays."""

from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.model.issue import Issue

if TYPE_CHECKING:
    from kpicalc.model.organisation import Organisation


def organisation_beside(scheme: str) -> tuple["Organisation | None", list[Issue]]:
    """Read organisation.yaml beside a scheme file, if there is one."""
    path = Path(scheme).parent / "organisation.yaml"
    if not path.is_file():
        return None, []
    from kpicalc.intake.scheme.organisation import read_organisation

    return read_organisation(path)
