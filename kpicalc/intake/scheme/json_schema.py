"""The JSON Schema of the scheme file: an editor completes, describes and underlines before kpicalc is run."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from kpicalc.engine.components import all_components
from kpicalc.engine.descriptions import about, first_sentence, meaning, models_within
from kpicalc.lang import Language
from kpicalc.model.scheme import SchemeFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/{model}"


def json_schema(language: Language = "en") -> dict[str, Any]:
    """Return the schema of the file, pay components included (draft 2020-12), described in a language."""
    schema = SchemeFile.model_json_schema(by_alias=True, ref_template=_REF)
    _describe(schema, SchemeFile, language)
    definitions: dict[str, Any] = schema.pop("$defs")
    items: list[dict[str, Any]] = []
    for name, component in all_components().items():
        options = component.model_json_schema(by_alias=True, ref_template=_REF)
        _describe(options, component, language)
        options["description"] = first_sentence(component, language)
        prefix = f"{name}."
        for inner, definition in options.pop("$defs", {}).items():
            definitions[prefix + inner] = _prefixed(definition, prefix)
        definitions[name] = _prefixed(options, prefix)
        items.append(_item(name, definitions[name]))
        if not options.get("required"):
            items.append({"const": name, "description": definitions[name].get("description", name)})
    definitions["SchemeEntry"]["properties"]["pay"]["items"] = {"oneOf": items}
    # An unquoted 1 is a number to an editor, and a text to kpicalc.
    schema["properties"]["kpicalc"] |= {"enum": [1, "1"]}
    schema["properties"]["kpicalc"].pop("const", None)
    schema["properties"]["kpicalc"].pop("type", None)
    return {"$schema": _DIALECT, **schema, "$defs": definitions}


def _describe(schema: dict[str, Any], whole: type[BaseModel], language: Language) -> None:
    """Add the descriptions of an entry, of the entries inside it, and of all their options to their schema."""
    entries = {model.__name__: model for model in models_within(whole)}
    for name, definition in [(whole.__name__, schema), *schema.get("$defs", {}).items()]:
        model = entries.get(name)
        if model is None:
            continue
        definition["description"] = about(model, language)
        for field, option in model.model_fields.items():
            definition["properties"][option.alias or field]["description"] = meaning(model, field, language)


def _item(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"$ref": f"#/$defs/{name}"}
    if not options.get("required"):
        entry = {"anyOf": [entry, {"type": "null"}]}
    return {
        "type": "object",
        "description": options.get("description", name),
        "properties": {name: entry},
        "required": [name],
        "additionalProperties": False,
    }


def _prefixed(value: Any, prefix: str) -> Any:
    """Rename references to a component's own definitions: two components may both have a `Band`."""
    if isinstance(value, dict):
        return {
            key: inner.replace("#/$defs/", f"#/$defs/{prefix}") if key == "$ref" else _prefixed(inner, prefix)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_prefixed(inner, prefix) for inner in value]
    return value
