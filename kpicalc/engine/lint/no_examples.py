"""A scheme without a worked example: nothing shows that it pays what is meant."""

from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark


def _find(subject: Subject) -> Iterator[Remark]:
    place = subject.book.source.place("schemes")
    for scheme in subject.book.schemes.values():
        if not scheme.examples:
            yield remark("no_examples", place, of_scheme(scheme.key), found=scheme.title)


RULE = Rule(("no_examples",), _find, when="sound", together=True)
