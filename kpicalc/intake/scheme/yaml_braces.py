"""Frequent slips inside { }, which YAML misreads: a decimal comma, a missing colon, a colon without its space."""

import re
from functools import cache
from typing import Any

from ruamel.yaml.events import ScalarEvent

_WITH_COMMA = re.compile(r"[+-]?\d+,\d+%?")
_NO_COLON = re.compile(r"([a-z_]+)\s+(\S.*)")


def stands_alone(event: Any, text: str) -> bool:
    """Tell whether a key inside { } is plain text without a value."""
    plain = isinstance(event, ScalarEvent) and event.style is None and event.anchor is None and event.tag is None
    return plain and text[event.end_mark.index :].lstrip()[:1] in (",", "}")


def cut_number(so_far: str, text: str, end: int, event: Any) -> str:
    """Return the whole number of `{pays: 0,7}`, which YAML cuts at the comma; empty where no number is cut.

    `end` is the end of the plain text read so far.
    """
    whole = so_far + text[end : event.end_mark.index]
    return whole if _WITH_COMMA.fullmatch(whole) else ""


def lost_colon(key: str) -> tuple[str, str] | None:
    """Return the key and the value of `{title: Выезды, unit шт}`; `{title: Sales, net of returns}` lacks no colon."""
    match = _NO_COLON.fullmatch(key)
    return (match[1], match[2]) if match and match[1] in _option_names() else None


@cache
def _option_names() -> frozenset[str]:
    """Return every key that any entry of a scheme file may have."""
    from kpicalc.intake.scheme.json_schema import json_schema

    names: set[str] = set()

    def walk(node: Any) -> None:
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            if key == "properties":
                names.update(inner)
            if isinstance(inner, dict | list):
                walk(inner)

    walk(json_schema())
    return frozenset(names)
