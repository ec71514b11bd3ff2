"""Reads what a scheme file silences: remarks, each with its reason; nothing else can be silenced."""

from collections.abc import Iterator

from pydantic import ValidationError

from kpicalc.engine.lint import lint_codes
from kpicalc.lang import issue_codes
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import Source
from kpicalc.model.silence import MonthSilence, Silence
from kpicalc.model.texts import unknown


def read_silences(raw: object, source: Source, issues: list[Issue]) -> tuple[Silence, ...]:
    """Return the silences of the file, of its schemes and of its KPIs; a code that is no remark is an issue."""
    silences = []
    for about, code, reason, months in _stated(raw):
        place = source.place(*about, "lint", "silence", code)
        if not reason.strip():
            issues.append(issue("empty_entry", place))
        elif code in (known := lint_codes()):
            silences.append(Silence(code, reason, about, months))
        elif code in issue_codes():
            issues.append(issue("silence_not_lint", place, found=code))
        else:
            issues.append(unknown("silence_unknown", place, code, known))
    return tuple(silences)


def _stated(raw: object) -> Iterator[tuple[tuple[str, ...], str, str, tuple[str, ...]]]:
    """Yield each silence: its place, code, reason and months; the models report what has another form."""
    for about, entry in _entries(raw):
        lint = entry.get("lint") if isinstance(entry, dict) else None
        silence = lint.get("silence") if isinstance(lint, dict) else None
        if isinstance(silence, dict):
            for code, why in silence.items():
                try:
                    given = why if isinstance(why, str) else MonthSilence.model_validate(why)
                except ValidationError:
                    continue
                yield (about, code, given, ()) if isinstance(given, str) else (about, code, given.reason, given.months)


def _entries(raw: object) -> Iterator[tuple[tuple[str, ...], object]]:
    yield (), raw
    for room in ("schemes", "kpis"):
        entries = raw.get(room) if isinstance(raw, dict) else None
        if isinstance(entries, dict):
            yield from (((room, key), entry) for key, entry in entries.items())
