"""The tokens of a formula, and the error of a token out of place."""

import re
from collections.abc import Collection, Mapping

from kpicalc.model.record import record
from kpicalc.model.texts import certain

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:\s*%)?)|(?P<name>[^\W\d]\w*)|(?P<sign><>|<=|>=|[-+*/()=<>,;:−×])"
    r"|(?P<text>\"[^\"]*\"|'[^']*'|«[^»]*»))",
)
_WORDS = re.compile(r"[^\W\d]\w*(?:[^\S\n]+\w+)*")
WORDS = ("and", "or", "not")
_TITLED = frozenset({"formula_unexpected", "formula_expected", "fact_unknown_column", "fact_unknown_column_far"})
"""A title of several words, where the formula's language has single names."""


class FormulaError(Exception):
    """A formula that cannot be read: the offset in its text, the issue's code and its facts."""

    def __init__(self, offset: int, code: str, **facts: object) -> None:
        super().__init__(code)
        self.offset = offset
        self.code = code
        self.facts = facts


@record
class Token:
    """A number, a name, a sign or a text in quotes, with its place."""

    kind: str
    text: str
    offset: int
    length: int = 0


def tokens_of(text: str, functions: Collection[str]) -> list[Token]:
    """Cut a formula into its tokens; the case of functions and words does not matter."""
    tokens: list[Token] = []
    end = 0
    while text[end:].strip():
        match = _TOKEN.match(text, end)
        if not match:
            offset = end + len(text[end:]) - len(text[end:].lstrip())
            raise FormulaError(offset, "formula_unexpected", found=text[offset])
        kind = str(match.lastgroup)
        word = match[kind]
        # Word processors replace the minus and times signs.
        word = {"−": "-", "×": "*", ";": ","}.get(word, word)
        if kind == "name" and word.lower() in (*functions, *WORDS):
            word = word.lower()
        tokens.append(Token(kind, word, match.start(kind), len(match[kind])))
        end = match.end()
    return tokens


def title_at(text: str, error: FormulaError, titles: Mapping[str, str], known: Collection[str]) -> FormulaError:
    """Return the error about a title of several words, if one stands at the mistake; else the mistake itself."""
    here = _WORDS.finditer(text) if error.code in _TITLED else ()
    run = next((run for run in here if run.start() <= error.offset < run.end()), None)
    slip = certain(run[0], known, titles) if run else None
    return FormulaError(run.start(), slip[0], **slip[1]) if run and slip else error
