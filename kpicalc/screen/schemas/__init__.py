"""JSON Schemas of what commands print with `--json`, a file per command; `shared.json` holds common parts."""

import json
from importlib.resources import files
from typing import Any

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHARED = "shared"


def described_commands() -> list[str]:
    """Return the commands whose JSON has a schema."""
    names = (path.name for path in files(__package__).iterdir())
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json") and name != f"{_SHARED}.json")


def schema_of(command: str) -> dict[str, Any]:
    """Return the schema of a command's JSON (draft 2020-12), with all its parts included."""
    return {"$schema": _DIALECT, **_read(command), "$defs": _read(_SHARED)}


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return schema
