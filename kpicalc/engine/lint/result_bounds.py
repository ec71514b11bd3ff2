"""The bounds of attainments and indexes that an entry of a scheme states: thresholds, caps, `from` and `at`."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from kpicalc.engine.lint.rule import Keys
from kpicalc.model.entry import IsResult


def result_bounds(form: Any, value: object, path: Keys = ()) -> Iterator[tuple[Keys, Decimal]]:
    """Yield the bounds of attainments and indexes inside an entry of the scheme, by their models.

    An entry with `by: value` has none.
    """
    if value is None or isinstance(value, str):
        return
    if get_origin(form) is Annotated:
        if isinstance(value, Decimal) and IsResult() in get_args(form)[1:]:
            yield path, value
            return
        form = get_args(form)[0]
    if isinstance(value, BaseModel):
        if getattr(value, "by", None) == "value":
            return
        for name, field in type(value).model_fields.items():
            inner = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            yield from result_bounds(inner, getattr(value, name), (*path, field.alias or name))
    elif get_origin(form) in (Union, UnionType):
        results = {pair for member in get_args(form) for pair in result_bounds(member, value, path)}
        yield from sorted(results, key=lambda pair: [str(part) for part in pair[0]])
    elif isinstance(value, Mapping) and get_args(form):
        for name, inner_value in value.items():
            yield from result_bounds(get_args(form)[-1], inner_value, (*path, name))
    elif isinstance(value, Sequence) and not isinstance(value, str) and get_args(form):
        for number, inner_value in enumerate(value):
            yield from result_bounds(get_args(form)[0], inner_value, (*path, number))
