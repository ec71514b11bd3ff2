"""The descriptions of a scheme file's entries and options, taken from the catalogues.

A component has a catalogue of its own, `lang/components/NAME.toml`. For every other entry the English text stands with
the model, other languages in `lang/options.toml` by the model's name; a missing translation falls back to English.
"""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from kpicalc.lang import Language, catalogue

_COMPONENTS = "kpicalc.engine.components"


def about(model: type[BaseModel], language: Language) -> str:
    """Return the purpose of an entry; for a component its whole documentation, which starts with one sentence."""
    text: str | None = _section(model).get("about", {}).get(language)
    return text or inspect.cleandoc(model.__doc__ or "")


def meaning(model: type[BaseModel], field: str, language: Language) -> str:
    """Return the meaning of an entry's option."""
    key = model.model_fields[field].alias or field
    # Options that several entries share are described with the model that declares them.
    models = [parent for parent in model.__mro__ if field in getattr(parent, "model_fields", {})]
    sections = (_section(parent).get(key, {}).get(language) for parent in models)
    return next(filter(None, sections), model.model_fields[field].description or "")


def first_sentence(model: type[BaseModel], language: Language) -> str:
    """Return the first sentence of an entry's purpose, on one line."""
    return about(model, language).partition("\n\n")[0].replace("\n", " ")


def models_within(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a model and the models nested in its options, at any depth."""
    yield model
    for field in model.model_fields.values():
        for inner in _models_of(field.annotation):
            yield from models_within(inner)


def _models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_of(part)


def _section(model: type[BaseModel]) -> Mapping[str, Any]:
    room, _, name = model.__module__.rpartition(".")
    if room != _COMPONENTS:
        section: Mapping[str, Any] = catalogue("options").get(model.__name__, {})
        return section
    texts = catalogue(f"components/{name}")
    entries: Mapping[str, Mapping[str, Any]] = texts.get("entries", {})
    return entries.get(model.__name__) or {"about": texts["about"], **texts.get("options", {})}
