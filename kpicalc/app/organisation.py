"""Who signs and who pays: the organisation file that stands beside a scheme."""

from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.model.issue import Issue

if TYPE_CHECKING:
    from kpicalc.model.organisation import Organisation


def organisation_beside(scheme: str) -> tuple["Organisation | None", list[Issue]]:
    """Read organisation.yaml beside a scheme file, where there is one."""
    path = Path(scheme).parent / "organisation.yaml"
    if not path.is_file():
        return None, []
    from kpicalc.intake.scheme.organisation import read_organisation

    return read_organisation(path)
