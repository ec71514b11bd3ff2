"""References to look up: pay components and messages, from their catalogues."""

from difflib import get_close_matches

from kpicalc.engine.component import Component
from kpicalc.engine.components import all_components
from kpicalc.engine.descriptions import about, first_sentence, meaning
from kpicalc.lang import Language, issue_entries, word


def component_names() -> list[str]:
    """Return the keys of all components, in the order of the reference."""
    return list(all_components())


def components_list(language: Language) -> str:
    """Return a line about every component."""
    return "\n".join(component_line(component, language) for component in all_components().values())


def component_page_of(name: str, language: Language) -> str:
    """Return the full reference of the component of this key."""
    return component_page(all_components()[name], language)


def component_line(component: type[Component], language: Language) -> str:
    """Return one line about a component: its key, its name for people, its first sentence."""
    return f"{component.name:<16} {component.title_in(language):<24} {first_sentence(component, language)}"


def component_page(component: type[Component], language: Language) -> str:
    """Return the full reference of a component: its documentation, an example, its options."""
    lines = [f"{component.name} — {component.title_in(language)}", "", about(component, language), ""]
    lines += [f"    - {component.example}", "", word("terminal.components.options", language)]
    lines += [f"  {name}: {text}" for name, text in options(component, language)]
    return "\n".join(lines)


def options(component: type[Component], language: Language) -> list[tuple[str, str]]:
    """Return every option of a component with its meaning, the component's own options first."""
    common = set(Component.model_fields)
    names = sorted(component.model_fields, key=lambda name: name in common)
    return [(component.model_fields[name].alias or name, _meaning(component, name, language)) for name in names]


def _meaning(component: type[Component], name: str, language: Language) -> str:
    field = component.model_fields[name]
    if field.is_required():
        state = word("terminal.components.required", language)
    elif field.get_default(call_default_factory=True) in (None, {}, []):
        return meaning(component, name, language)
    else:
        state = word("terminal.components.default", language).format(value=field.default)
    return f"{meaning(component, name, language)} ({state})"


def entry_of_error(code: str, language: Language) -> str | None:
    """Return a message's text, what it means for pay, and the remedy; None if there is no such code.

    The blanks of a message (a cell, an amount) are shown as «…».
    """
    entry = issue_entries().get(code.strip().strip("`"))
    if entry is None:
        return None
    severity = entry["severity"]
    text = {part: _with_blanks(entry[language][part]) for part in ("message", "remedy")}
    lines = [
        f"{word(f'terminal.severity.{severity}', language)}  {code.strip().strip('`')}",
        f"  {text['message']}.",
        f"  → {text['remedy']}",
        "",
        word(f"terminal.error.means.{severity}", language),
    ]
    return "\n".join(lines)


def nearest_error(code: str) -> str:
    """Return the nearest code; empty if none is near."""
    near = get_close_matches(code.strip().casefold(), list(issue_entries()), n=1, cutoff=0.6)
    return near[0] if near else ""


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _with_blanks(template: str) -> str:
    return template.format_map(_Blanks())
