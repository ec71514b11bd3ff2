"""Slips in a scheme: kinds of change of one scalar or one key of its YAML text, everything else left as it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")
_LATIN = str.maketrans("аеорсух", "aeopcyx")


@dataclass(frozen=True)
class Rewrite:
    """One change of a scheme: its path for people, and the whole text after it."""

    kind: str
    path: str
    text: str
    honest: bool = False


def rewrites(text: str) -> Iterator[Rewrite]:
    """Yield every change of a scheme's text."""
    whole = YAML().compose(text)
    for path, entries in _lists(whole, ()):
        yield from _of_list(text, ".".join(path), entries)
    for path, key, value in _pairs(whole, ()):
        where = ".".join(path)
        if key is not None:
            start, end = key.start_mark.index, key.end_mark.index
            name = text[start:end]
            yield Rewrite("key_short", where, text[:start] + (name[:-1] or "x") + text[end:])
            yield Rewrite("key_gone", where, without(text, key, value))
        if isinstance(value, ScalarNode):
            yield from _of_scalar(text, where, value)


def without_examples(text: str) -> str:
    """Return a scheme without its worked examples, which would catch what nobody else tells of."""
    while True:
        for path, key, value in _pairs(YAML().compose(text), ()):
            if path[-1] == "examples" and key is not None:
                text = without(text, key, value)
                break
        else:
            return text


def without(text: str, key: Node, value: Node) -> str:
    """Return a text without a key and its value, in block or flow style."""
    start, end = key.start_mark.index, value.end_mark.index
    line = text.rfind("\n", 0, start) + 1
    if not text[line:start].strip():  # a pair of its own in block style: its lines go
        if isinstance(value, ScalarNode) or value.flow_style:
            end = text.find("\n", end) + 1 or len(text)
        return text[:line] + text[end - (len(text[:end]) - len(text[:end].rstrip(" "))) :]
    after = re.match(r"\s*,\s*", text[end:])
    if after:
        return text[:start] + text[end + after.end() :]
    return text[:start].rstrip(", ") + text[end:]


def _of_scalar(text: str, where: str, node: ScalarNode) -> Iterator[Rewrite]:
    start, end = node.start_mark.index, node.end_mark.index
    old = text[start:end]
    if not old.strip():
        return

    def rewrite(kind: str, new: str, *, honest: bool = False) -> Rewrite:
        return Rewrite(kind, where, text[:start] + new + text[end:], honest)

    yield rewrite("value_blank", "")
    yield rewrite("quoted", f'"{old}"') if '"' not in old and "'" not in old else rewrite("unquoted", old.strip("\"'"))
    if _NUMBER.fullmatch(old):
        bare, sign = old.rstrip("%"), "%" if old.endswith("%") else ""
        whole, _, places = bare.partition(".")
        yield rewrite("another_value", f"{int(whole) + 1}{'.' + places if places else ''}{sign}", honest=True)
        yield rewrite("sign_gone", bare) if sign else rewrite("sign_added", bare + "%")
        yield rewrite("tenfold", f"{float(bare) * 10:.10g}{sign}")
        yield rewrite("hundredfold", f"{float(bare) * 100:.10g}{sign}")
        yield rewrite("hundredth", f"{float(bare) / 100:.10g}{sign}")
        yield rewrite("minus", f"-{bare}{sign}")
        yield rewrite("letter_for_zero", bare.replace("0", "О") + sign if "0" in bare else f"{bare}О{sign}")
        if len(whole) > 3:
            yield rewrite("grouped", f"{int(whole):,}".replace(",", " ") + sign)
            yield rewrite("comma_groups", f"{int(whole):,}" + sign)
            yield rewrite("point_groups", f"{int(whole):,}".replace(",", ".") + sign)
        yield rewrite("decimal_comma", '"' + (bare if places else bare + ".5").replace(".", ",") + sign + '"')
    elif '"' not in old and "'" not in old and "\n" not in old:
        yield rewrite("last_letter", old[:-1] or "x")
        yield rewrite("capitals", old.swapcase())
        if (latin := old.translate(_LATIN)) != old:
            yield rewrite("latin", latin)


def _of_list(text: str, where: str, node: SequenceNode) -> Iterator[Rewrite]:
    """Yield what may happen to the entries of a list in flow style, or of one with an entry in each line."""
    spans = [(entry.start_mark.index, entry.end_mark.index) for entry in node.value]
    lines = any("\n" in text[start:end] for start, end in spans)
    if lines or len(spans) < 2:
        return
    for at, ((start, end), (after, last)) in enumerate(pairwise(spans)):
        one, other, between = text[start:end], text[after:last], text[end:after]
        if one == other:
            continue
        name = f"{where}.{at}"
        yield Rewrite("entry_gone", name, text[:start] + text[after:])
        yield Rewrite("entry_twice", name, text[:start] + one + between + text[start:])
        yield Rewrite("entries_exchanged", name, text[:start] + other + between + one + text[last:])


def _lists(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], SequenceNode]]:
    if isinstance(node, SequenceNode):
        yield path, node
    entries = enumerate(node.value) if isinstance(node, SequenceNode) else ()
    pairs = ((key.value, value) for key, value in node.value) if isinstance(node, MappingNode) else entries
    for name, value in pairs:
        yield from _lists(value, (*path, str(name)))


def _pairs(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node | None, Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            own = (*path, str(key.value))
            yield own, key, value
            if not isinstance(value, ScalarNode):
                yield from _pairs(value, own)
    elif isinstance(node, SequenceNode):
        for at, value in enumerate(node.value):
            own = (*path, str(at))
            if isinstance(value, ScalarNode):
                yield own, None, value
            else:
                yield from _pairs(value, own)
