"""What a place of the scheme file allows, according to the models: its keys, its possible values."""

import re
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def form_at(model: Any, loc: tuple[str | int, ...]) -> Any:
    """Return the type at a pydantic location, which also names the chosen alternative of each union."""
    form = model
    for part in loc:
        form = _inside(form, part)
    return form


def allowed_keys(form: Any) -> list[str]:
    """Return the keys that a mapping may have, as the file writes them."""
    for member in _members(form):
        if isinstance(member, type) and issubclass(member, BaseModel):
            return [field.alias or name for name, field in member.model_fields.items()]
    return []


def answers(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Return the possible values of an entry that is a choice."""
    return literals_in(form_at(model, loc))


def literals_in(form: Any) -> list[str]:
    """Return the fixed words that an entry allows."""
    return [
        str(word) for member in _members(form) if get_origin(member) is Literal for word in get_args(member)
    ]  # fmt: skip


def _members(form: Any) -> list[Any]:
    """Return the alternatives of an entry, without wrapper types."""
    if get_origin(form) is Annotated:
        return _members(get_args(form)[0])
    if get_origin(form) in (Union, types.UnionType):
        return [inner for member in get_args(form) if member is not types.NoneType for inner in _members(member)]
    return [form]


def _inside(form: Any, part: str | int) -> Any:
    members = _members(form)
    if len(members) > 1:
        for member in members:
            if isinstance(part, str) and _is_name_of(part, member):
                return member
    for member in members:
        if isinstance(member, type) and issubclass(member, BaseModel):
            for name, field in member.model_fields.items():
                if part in (name, field.alias):
                    return field.annotation
        arguments = get_args(member)
        if get_origin(member) in (list, tuple, frozenset, set) and arguments and isinstance(part, int):
            return arguments[0]
        if get_origin(member) is not Literal and len(arguments) > 1 and isinstance(part, str):
            return arguments[1]
    return None


def _is_name_of(part: str, member: Any) -> bool:
    """Tell whether an alternative's name in pydantic, `function-after[check(), Bands]` or `list[str]`, is this type."""
    origin = get_origin(member)
    if origin in (list, tuple, dict):
        return re.search(rf"(?:^|\W){origin.__name__}\[", part) is not None
    return isinstance(member, type) and re.search(rf"(?:^|\W){re.escape(member.__name__)}\]*$", part) is not None
