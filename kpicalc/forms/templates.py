"""The templates that `kpicalc init` starts from: a folder each, with a scheme per language."""

from pathlib import Path

from kpicalc.lang import LANGUAGES, Language

_INSTALLED = Path(__file__).parents[1] / "templates"
_CHECKOUT = Path(__file__).parents[2] / "templates"


def templates(language: Language) -> dict[str, Path]:
    """Return the scheme file of every template by name: in the language, or in the first one that it has."""
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    paths: dict[str, Path] = {}
    for wanted in (language, *LANGUAGES):
        for path in sorted(folder.glob(f"*/{wanted}.yaml")):
            paths.setdefault(path.parent.name, path)
    return dict(sorted(paths.items()))


def about(template: Path) -> str:
    """Return what a template pays, in a sentence: the comment in its first line; empty without one."""
    with template.open(encoding="utf-8") as lines:
        first = next(lines, "")
    return first.removeprefix("#").strip() if first.startswith("#") else ""
