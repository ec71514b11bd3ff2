"""What a scheme file silences: remarks that are not told, each with its reason; anything else cannot be silenced."""

from collections.abc import Iterator

from kpicalc.engine.lint import lint_codes
from kpicalc.lang import issue_codes
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import Silence, Source
from kpicalc.model.texts import unknown


def read_silences(raw: object, source: Source, issues: list[Issue]) -> tuple[Silence, ...]:
    """Return the silences of the file, of its schemes and of its KPIs; a code that is no remark is an issue."""
    known = lint_codes()
    silences = []
    for about, code, reason in _stated(raw):
        place = source.place(*about, "lint", "silence", code)
        if not reason.strip():
            issues.append(issue("empty_entry", place))
        elif code in known:
            silences.append(Silence(code, reason, about))
        elif code in issue_codes():
            issues.append(issue("silence_not_lint", place, found=code))
        else:
            issues.append(unknown("silence_unknown", place, code, known))
    return tuple(silences)


def _stated(raw: object) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what is silenced: where, the code, the reason. What has another form is told by the models already."""
    for about, entry in _entries(raw):
        lint = entry.get("lint") if isinstance(entry, dict) else None
        silence = lint.get("silence") if isinstance(lint, dict) else None
        if isinstance(silence, dict):
            yield from ((about, code, reason) for code, reason in silence.items() if isinstance(reason, str))


def _entries(raw: object) -> Iterator[tuple[tuple[str, ...], object]]:
    yield (), raw
    for room in ("schemes", "kpis"):
        entries = raw.get(room) if isinstance(raw, dict) else None
        if isinstance(entries, dict):
            yield from (((room, key), entry) for key, entry in entries.items())
