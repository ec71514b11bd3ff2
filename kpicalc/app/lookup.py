"""Lists to choose from: files for 1C and banks, templates, and the JSON Schema of the scheme file."""

from pathlib import Path
from typing import Any

from kpicalc.exchange.targets import all_targets
from kpicalc.forms.templates import about
from kpicalc.forms.templates import templates as template_files
from kpicalc.intake.scheme.json_schema import json_schema
from kpicalc.lang import Language, word
from kpicalc.model.record import record


@record
class Template:
    """A template: its scheme file, and what it pays in a sentence."""

    path: Path
    about: str


def targets(language: Language) -> dict[str, str]:
    """Return the description of every target by its name."""
    return {name: word(f"targets.loads.{name}", language) for name in all_targets()}


def templates(language: Language) -> dict[str, Template]:
    """Return the templates of a language by their names."""
    return {name: Template(path, about(path)) for name, path in template_files(language).items()}


def scheme_schema(language: Language) -> dict[str, Any]:
    """Return the JSON Schema of the scheme file, with descriptions in a language."""
    return json_schema(language)
