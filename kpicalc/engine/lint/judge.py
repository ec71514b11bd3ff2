"""The run of all rules: their remarks, without those that the scheme file silences, and a report of the silences."""

from collections.abc import Iterable, Sequence

from kpicalc.engine.doubtful import CODES
from kpicalc.engine.lint import COMPILED, all_rules
from kpicalc.engine.lint.rule import Path, Remark, Subject
from kpicalc.lang import severity
from kpicalc.model.issue import Issue, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.silence import Silence

_OF_A_NUMBER = ("large_term", "mixed_units", "share_without_sign")
"""Remarks on a number of the scheme that lacks its per cent sign."""


def judged(issues: Sequence[Issue], subject: Subject, *, check: bool) -> list[Issue]:
    """Return the issues with the remarks of all rules added, and without silenced ones.

    `check` adds the remarks that a monthly run does not repeat, what is silenced, and which silences are no longer
    needed.
    """
    book = subject.book
    used: set[Silence] = set()
    remaining = [
        item for item in issues if not (item.code in COMPILED and _silenced(_compiled(item, book), subject, used))
    ]
    refused = any(severity(item) == "error" for item in issues)
    with exact_context():
        for rule in all_rules(check=check):
            if refused and rule.when != "always":
                continue
            heard = [item for item in rule.find(subject) if not _silenced(item, subject, used)]
            told = [*_together(heard)] if rule.together else [item.issue for item in heard]
            remaining += [item for item in told if not _told_already(item, remaining)]
    remaining += _standing(book, used)
    if check and not refused:
        remaining += _silences(subject, used)
    return remaining


def _told_already(item: Issue, told: Sequence[Issue]) -> bool:
    """Tell whether another rule has found fault with the one number of a remark; were that silenced, this is told."""
    if item.code not in _OF_A_NUMBER or any(mark in item.fact("found") for mark in (", ", "; ")):
        return False
    others = {other.code for other in told if other.place == item.place} - {item.code}
    return not others.isdisjoint(_OF_A_NUMBER)


def _silenced(item: Remark, subject: Subject, used: set[Silence]) -> bool:
    """Tell whether a remark is silenced, for the whole file or for its subject, and note the silence as used."""
    period = subject.inputs.period if subject.inputs else None
    silent = [
        silence
        for silence in subject.book.silences
        if silence.code == item.issue.code and silence.about in ((), item.about) and silence.holds(period)
    ]
    used.update(silent)
    return bool(silent)


def _compiled(item: Issue, book: SchemeBook) -> Remark:
    """Return a component's remark with the scheme that it is about."""
    mark = (item.place.line, item.place.column)
    about: Path = next(
        (("schemes", str(path[1])) for path, at in book.source.marks.items() if at == mark and path[0] == "schemes"),
        (),
    )
    return Remark(item, about)


def _together(remarks: Sequence[Remark]) -> Iterable[Issue]:
    """Join the remarks of one code into one, at the place of the first."""
    for code in dict.fromkeys(item.issue.code for item in remarks):
        alike = [item.issue for item in remarks if item.issue.code == code]
        facts = dict(alike[0].facts) | {"found": list(dict.fromkeys(item.fact("found") for item in alike))}
        yield issue(code, alike[0].place, **facts)


def _standing(book: SchemeBook, used: set[Silence]) -> Iterable[Issue]:
    """Report silences without months that confirm figures of this month, as they will confirm those of all others."""
    for item in book.silences:
        if item in used and item.code in CODES and not item.months:
            place = book.source.place(*item.about, "lint", "silence", item.code)
            yield issue("silence_of_all_months", place, found=item.code, reason=item.reason)


def _silences(subject: Subject, used: set[Silence]) -> Iterable[Issue]:
    """Report what is silenced, and the silences of the scheme file that silence nothing any more."""
    book = subject.book
    if used:
        silenced = [f"{item.code} ({item.reason})" for item in book.silences if item in used]
        first = next(item for item in book.silences if item in used)
        yield issue("silenced", book.source.place(*first.about, "lint", "silence"), found=", ".join(silenced))
    lasting = {code for rule in all_rules() for code in rule.codes if code not in rule.monthly} | set(COMPILED)
    by_rates = {code for rule in all_rules() for code in rule.by_rates if book.rates}
    for item in book.silences:
        if item.code in by_rates and not item.about:
            continue
        if item.code in lasting and item not in used and not item.months:
            yield issue("silence_stale", book.source.place(*item.about, "lint", "silence", item.code), found=item.code)
