"""Explains a YAML syntax error in plain words: one issue with the place and the likely cause."""

import re

from ruamel.yaml.error import MarkedYAMLError

from kpicalc.model.issue import Issue, Place, issue

NO_BREAK_SPACES = ("\u00a0", "\u202f", "\u2007")
"""Spaces that come with pasted text."""

_NO_SPACE = re.compile(r"^\s*(?:-\s+)?([^\s:#'\"{}\[\]]+):([^\s:/].*)$")
_SECOND_COLON = re.compile(r"^\s*(?:-\s+)?[^\s:]+:\s+(.*:(?:\s.*)?)$")
_FIRST_COLON = re.compile(r"^\s*(?:-\s+)?[^:]*$")
_CANNOT_START = re.compile(r"character '(.)' that cannot start")
_EXTRA = re.compile(r"but found \(?'([,:?\[\]{}-])'")
_SIGNS = {
    "scanning an alias": "*",
    "scanning an anchor": "&",
    "scanning a tag": "!",
    "parsing a tag": "!",
    "a block scalar": "| >",
}


def explain_syntax(file: str, text: str, error: MarkedYAMLError) -> Issue:
    """Turn the parser's exception into an issue."""
    lines = text.splitlines() or [""]
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    opened = error.context_mark
    problem, context = str(error.problem or error), str(error.context or "")
    shown = _line(lines, line)

    if "quoted scalar" in context and "end of stream" in problem and opened:
        return issue("yaml_quote", Place(file, line=opened.line + 1, column=opened.column + 1))
    if tab := _tab(lines, line):
        return issue("yaml_tab", Place(file, line=tab[0], column=tab[1]))
    if space := _no_break_space(lines, line):
        return issue("yaml_no_break_space", Place(file, line=space[0], column=space[1]))
    if ("mapping values are not allowed" in problem or "could not find expected ':'" in problem) and (
        missing := _missing_space(lines, (line - 1, line - 2, line))
    ):
        number, start, entry = missing
        return issue("yaml_colon_space", Place(file, line=number, column=start), found=entry, fixed=_spaced(entry))
    if "mapping values are not allowed" in problem:
        if mark and _FIRST_COLON.match(shown[: mark.column]):
            # The line itself is correct: to YAML it continues the plain text of the line above.
            if above := _without_colon(lines, line):
                number, start, entry = above
                return issue("yaml_colon_missing", Place(file, line=number, column=start), found=entry)
            return issue("yaml_indent", Place(file, line=line, column=_first_column(shown)))
        if second := _SECOND_COLON.match(shown):
            return issue("yaml_colon_in_value", Place(file, line=line, column=column), found=second[1].strip())
        return issue("yaml_indent", Place(file, line=line, column=_first_column(shown)))
    if "could not find expected ':'" in problem and opened:
        entry = _line(lines, opened.line + 1).strip()
        return issue("yaml_colon_missing", Place(file, line=opened.line + 1, column=opened.column + 1), found=entry)
    if "'\\t'" in problem:
        return issue("yaml_tab", Place(file, line=line, column=column))
    if sign := next((sign for words, sign in _SIGNS.items() if words in context), ""):
        return issue("yaml_needs_quotes", Place(file, line=line, column=column), found=sign)
    if starts := _CANNOT_START.search(problem):
        return issue("yaml_needs_quotes", Place(file, line=line, column=column), found=starts[1])
    if ("flow sequence" in context or "flow mapping" in context) and opened:
        kind = "[" if "sequence" in context else "{"
        return issue(
            "yaml_bracket", Place(file, line=line, column=column), found=kind, opened=opened.line + 1,
            closing="]" if kind == "[" else "}",
        )  # fmt: skip
    if extra := _EXTRA.search(problem):
        return issue("yaml_extra_sign", Place(file, line=line, column=column), found=extra[1])
    if "<block end>" in problem or "not allowed here" in problem or "<document start>" in problem:
        return issue("yaml_indent", Place(file, line=line, column=column))
    return issue("yaml_syntax", Place(file, line=line, column=column), cause=problem)


def first_bad_line(text: bytes) -> int:
    """Return the first line (from 1) that is not in UTF-8."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return text.count(b"\n", 0, error.start) + 1
    return 1


def broken_space(key: str) -> int:
    """Return the index (from 0) of a no-break space before a key or behind its colon; -1 where there is none."""
    if key.startswith(NO_BREAK_SPACES):
        return 0
    return next((index for index, sign in enumerate(key) if sign in NO_BREAK_SPACES and key[index - 1] == ":"), -1)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 1 <= number <= len(lines) else ""


def _first_column(line: str) -> int:
    return len(line) - len(line.lstrip()) + 1


def _tab(lines: list[str], number: int) -> tuple[int, int] | None:
    line = _line(lines, number)
    margin = line[: len(line) - len(line.lstrip())]
    return (number, margin.index("\t") + 1) if "\t" in margin else None


def _no_break_space(lines: list[str], number: int) -> tuple[int, int] | None:
    """Return the place of a no-break space where YAML needs a plain one, in the line or the one above it."""
    for line_number in (number, number - 1):
        line = _line(lines, line_number)
        margin = line[: len(line) - len(line.lstrip())]
        for column, sign in enumerate(line, 1):
            if sign in NO_BREAK_SPACES and (column <= len(margin) or line[column - 2] in ":-"):
                return line_number, column
    return None


def _without_colon(lines: list[str], below: int) -> tuple[int, int, str] | None:
    """Return the nearest less indented line above that lacks a colon, though its options follow."""
    for number in range(below - 1, 0, -1):
        line = _line(lines, number)
        entry = line.partition(" #")[0].strip()
        if entry and not entry.startswith("#"):
            left = _first_column(line) < _first_column(_line(lines, below))
            start = _first_column(line) + (len(entry) - len(entry.removeprefix("- ").lstrip()))
            return (number, start, entry.removeprefix("- ").lstrip()) if left and ":" not in entry else None
    return None


def _missing_space(lines: list[str], numbers: tuple[int, ...]) -> tuple[int, int, str] | None:
    for number in numbers:
        line = _line(lines, number)
        if match := _NO_SPACE.match(line):
            return number, match.start(1) + 1, line[match.start(1) :].strip()
    return None


def _spaced(entry: str) -> str:
    return entry.replace(":", ": ", 1)
