"""What people read about an entry of the scheme file and about each of its options, from the catalogues.

A component has a catalogue of its own, `lang/components/NAME.toml`. Of all other entries the English stands with the
model, and other languages in `lang/options.toml` by the names of the models; what is missing there is told in English.
"""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from kpicalc.lang import Language, catalogue

_COMPONENTS = "kpicalc.engine.components"


def about(model: type[BaseModel], language: Language) -> str:
    """Return what an entry is for; of a component all of its documentation, which starts with one sentence."""
    text: str | None = _section(model).get("about", {}).get(language)
    return text or inspect.cleandoc(model.__doc__ or "")


def meaning(model: type[BaseModel], field: str, language: Language) -> str:
    """Return what an option of an entry means."""
    key = model.model_fields[field].alias or field
    # What several entries have in common stands with the model that they are made from.
    models = [one for one in model.__mro__ if field in getattr(one, "model_fields", {})]
    sections = (_section(one).get(key, {}).get(language) for one in models)
    return next(filter(None, sections), model.model_fields[field].description or "")


def first_sentence(model: type[BaseModel], language: Language) -> str:
    """Return the first sentence of what an entry is for, in one line."""
    return about(model, language).partition("\n\n")[0].replace("\n", " ")


def models_within(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a model and the models that stand inside its options, at any depth."""
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
    own = catalogue(f"components/{name}")
    entries: Mapping[str, Mapping[str, Any]] = own.get("entries", {})
    return entries.get(model.__name__) or {"about": own["about"], **own.get("options", {})}
