"""What every mapping of the scheme file is."""

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A mapping of the scheme file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
