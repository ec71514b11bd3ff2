"""Reads a YAML file as plain texts with their line and column: nothing is guessed, nothing is lost.

The parser's events are read one by one instead of its finished values: `010`, `12:30`, `20%`, `on` stay as typed, and
depth and size are limited before they can do harm.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from kpicalc.intake.scheme.errors import not_a_number
from kpicalc.intake.scheme.yaml_braces import cut_number, lost_colon, stands_alone
from kpicalc.intake.scheme.yaml_errors import broken_space, explain_syntax, first_bad_line
from kpicalc.model.issue import Issue, Place, issue

Path: TypeAlias = tuple[str | int, ...]
Marks: TypeAlias = dict[Path, tuple[int, int]]

MAX_NODES = 50_000
MAX_DEPTH = 40
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_BLOCK_HEADER = re.compile(r"[^\n]*\n\s*")


class _Refused(Exception):
    """The file cannot be read any further."""

    def __init__(self, reason: Issue) -> None:
        self.issue = reason


def read_yaml(file: str, text: bytes) -> tuple[object | None, Marks, list[Issue]]:
    """Read a YAML file into dicts, lists and texts; every scalar is text as written, a plain null is None.

    The marks give line and column (from 1) by path: of a mapping's entry its key, of a list the item. Under `(*path,
    "=")` is the start of the scalar's text, without quotes and anchors.
    """
    decoded = _decode(text)
    if decoded is None:
        return None, {}, [issue("yaml_encoding", Place(file, line=first_bad_line(text), column=1))]
    if not decoded.strip():
        return None, {}, [issue("yaml_empty", Place(file))]
    reader = _Reader(file, decoded)
    value: object | None = None
    try:
        value = reader.document()
    except _Refused as refusal:
        reader.issues.append(refusal.issue)
    except ReaderError as error:
        line, column = _position(decoded, error.position)
        place = Place(file, line=line, column=column)
        reader.issues.append(issue("yaml_control_character", place, found=f"U+{ord(decoded[error.position]):04X}"))
    except MarkedYAMLError as error:
        reader.issues.append(explain_syntax(file, decoded, error))
    except (ValueError, IndexError, AttributeError, AssertionError, TypeError) as error:
        # ruamel.yaml answers some malformed texts with Python's own exceptions.
        reader.issues.append(issue("yaml_syntax", Place(file, line=1, column=1), cause=str(error)))
    return value, reader.marks, reader.issues


def _decode(text: bytes) -> str | None:
    utf_16 = text.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return text.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


class _Reader:
    """One pass over the events of a file, with the marks and issues collected so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self.marks: Marks = {}
        self.issues: list[Issue] = []
        self.anchors: dict[str, tuple[object, Path, list[Path], int] | None] = {}
        self.order: list[Path] = []
        self.nodes = 0
        self.plain_end = -1

    def document(self) -> object | None:
        value: object | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(issue("yaml_documents", self._place(event)))
                first = next(self.events)
                self._mark((), first)
                value = self._value(first, (), 0)
        if value is None and not self.issues:
            raise _Refused(issue("yaml_empty", Place(self.file)))
        return value

    def _place(self, event: Any) -> Place:
        return Place(self.file, line=event.start_mark.line + 1, column=event.start_mark.column + 1)

    def _mark(self, path: Path, event: Any) -> None:
        self._note(path, (event.start_mark.line + 1, event.start_mark.column + 1))

    def _note(self, path: Path, mark: tuple[int, int]) -> None:
        self.marks[path] = mark
        self.order.append(path)

    def _count(self, event: Any, nodes: int, depth: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise _Refused(issue("yaml_too_big", self._place(event), limit=MAX_NODES))
        if depth > MAX_DEPTH:
            raise _Refused(issue("yaml_too_deep", self._place(event), limit=MAX_DEPTH))

    def _value(self, event: Any, path: Path, depth: int) -> object | None:
        self._count(event, 1, depth)
        if isinstance(event, AliasEvent):
            return self._alias(event, path, depth)
        if event.tag is not None:
            self.issues.append(issue("yaml_tag", self._place(event), found=_short_tag(event.tag)))
        start = len(self.order)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        value: object | None
        if isinstance(event, ScalarEvent):
            value = self._scalar(event, path)
        elif isinstance(event, SequenceStartEvent):
            value = self._list(path, depth)
        else:
            value = self._mapping(event, path, depth)
        if event.anchor is not None:
            inside = self.order[start:]
            height = max((len(inner) for inner in inside), default=len(path)) - len(path)
            self.anchors[event.anchor] = (value, path, inside, height)
        return value

    def _scalar(self, event: ScalarEvent, path: Path) -> str | None:
        self.plain_end = -1 if event.style else event.end_mark.index
        if event.style is None and event.value in _NULLS:
            return None
        index = event.start_mark.index
        properties = _PROPERTIES.match(self.text, index)
        index = properties.end() if properties else index
        if event.style in ("|", ">"):
            header = _BLOCK_HEADER.match(self.text, index)
            index = header.end() if header else index
        elif event.style:
            index += 1
        # To count the lines before each text would take the square of the file's size.
        line, column, at = event.start_mark.line + 1, event.start_mark.column + 1, event.start_mark.index
        self._note((*path, "="), (line, column) if index == at else _position(self.text, index))
        return str(event.value)

    def _list(self, path: Path, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            inner = (*path, len(items))
            self._mark(inner, event)
            items.append(self._value(event, inner, depth + 1))
        return items

    def _mapping(self, opening: MappingStartEvent, path: Path, depth: int) -> dict[str, object]:
        entries: dict[str, object] = {}
        while not isinstance(key_event := next(self.events), MappingEndEvent):
            if opening.flow_style and self._continues(key_event, entries, path):
                next(self.events)
                continue
            key = self._key(key_event, depth)
            value_event = next(self.events)
            if key is None:
                self._aside(value_event, depth)
                continue
            if slip := self._no_space(key, key_event, value_event, flow=opening.flow_style):
                key, text = slip
                if (*path, key) not in self.marks:
                    self._mark((*path, key), key_event)
                    entries[key] = text
                continue
            inner = (*path, key)
            if key in entries:
                first = self.marks[inner][0]
                self.issues.append(issue("duplicate_key", self._place(key_event), found=key, first=first))
                self._aside(value_event, depth)
                continue
            self._mark(inner, key_event)
            entries[key] = self._value(value_event, inner, depth + 1)
        return entries

    def _no_space(self, key: str, event: Any, value: Any, *, flow: bool) -> tuple[str, str] | None:
        """Return the key and value that `rate:20%` means, after reporting it; None where the colon is correct.

        Inside { } YAML takes it for a key without a value; `for:{position: X}` becomes a key `for:{position`, after
        which the rest of the mapping cannot be assigned.
        """
        if event.style is not None or ":" not in key[1:]:
            return None
        meant, _, text = key.partition(":")
        place = self._place(event)
        alone = isinstance(value, ScalarEvent) and value.style is None and value.value == ""
        if flow and alone and text:
            self.issues.append(issue("yaml_colon_space", place, found=key, fixed=f"{meant}: {text}"))
            return meant, text
        opens = text or self.text[event.end_mark.index :]
        if opens.startswith(("{", "[", '"', "'")):
            line = self.text.splitlines()[event.start_mark.line][event.start_mark.column :].strip()
            raise _Refused(issue("yaml_colon_space", place, found=line, fixed=line.replace(":", ": ", 1)))
        return None

    def _continues(self, event: Any, entries: dict[str, object], path: Path) -> bool:
        """Interpret a key without a value inside { }: the rest of the value before it, or a missing colon."""
        if not stands_alone(event, self.text):
            return False
        last = next(reversed(entries), None)
        so_far = entries[last] if last is not None else None
        end, self.plain_end = self.plain_end, -1
        if last is not None and isinstance(so_far, str) and end >= 0:
            if so_far.count("(") > so_far.count(")"):
                # `{pays: max(0, margin)}`: YAML cuts a formula at the comma of its function.
                entries[last] = so_far + self.text[end : event.end_mark.index]
                self.plain_end = event.end_mark.index
                return True
            if whole := cut_number(so_far, self.text, end, event):
                line, column = self.marks[*path, last, "="]
                slip = not_a_number(whole, Place(self.file, line=line, column=column))
                self.issues.append(slip)
                entries[last] = slip.fact("fixed") or slip.fact("second")
                return True
        if (meant := lost_colon(event.value)) is None:
            return False
        key, value = meant
        self.issues.append(issue("yaml_colon_lost", self._place(event), found=event.value, fixed=f"{key}: {value}"))
        if key not in entries:
            self._mark((*path, key), event)
            entries[key] = value
        return True

    def _key(self, event: Any, depth: int) -> str | None:
        if not isinstance(event, ScalarEvent) or not event.value:
            self.issues.append(issue("yaml_key_shape", self._place(event)))
            self._aside(event, depth)
            return None
        if event.value == "<<" and event.style is None:
            self.issues.append(issue("yaml_merge_key", self._place(event)))
            return None
        if event.tag is not None:
            self.issues.append(issue("yaml_tag", self._place(event), found=_short_tag(event.tag)))
        self._count(event, 1, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (event.value, (), [], 0)
        text: str = event.value
        if (index := broken_space(text)) >= 0:
            place = self._place(event)
            raise _Refused(issue("yaml_no_break_space", replace(place, column=place.column + index)))
        return text

    def _aside(self, event: Any, depth: int) -> None:
        """Skip a value that has no place in the result, so that the following events are read correctly."""
        marks, self.marks = self.marks, {}
        self._value(event, (), depth + 1)
        self.marks = marks

    def _alias(self, event: AliasEvent, path: Path, depth: int) -> object | None:
        if event.anchor not in self.anchors:
            raise _Refused(issue("yaml_alias_unknown", self._place(event), found=event.anchor))
        anchor = self.anchors[event.anchor]
        if anchor is None:
            raise _Refused(issue("yaml_alias_loop", self._place(event), found=event.anchor))
        value, origin, inside, height = anchor
        self._count(event, len(inside), depth + height)
        for inner in inside:
            # Faults inside the repeated value are reported where it is first written.
            if mark := self.marks.get(inner):
                self._note((*path, *inner[len(origin) :]), mark)
        return value


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
