"""Translates the errors of pydantic in a scheme file into issues with a line, a column and a remedy."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from pydantic import BaseModel

from kpicalc.engine.component import Component
from kpicalc.intake.scheme.shape import allowed_keys, answers, form_at
from kpicalc.lang import issue_codes
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import NotExact, Source
from kpicalc.model.texts import unknown

Path: TypeAlias = tuple[str | int, ...]

_KINDS = {
    "model_type": "mapping", "model_attributes_type": "mapping", "dict_type": "mapping", "mapping_type": "mapping",
    "list_type": "list", "tuple_type": "list", "set_type": "list", "frozen_set_type": "list",
    "string_type": "text", "bool_type": "truth", "literal_error": "choice", "enum": "choice",
    "decimal_type": "number", "decimal_parsing": "number", "is_instance_of": "number",
    "int_type": "number", "int_parsing": "number", "int_from_float": "number", "float_type": "number",
}  # fmt: skip
_LIMITS = {"greater_than_equal": "≥", "greater_than": ">", "less_than_equal": "≤", "less_than": "<"}
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_SHAPES = {
    frozenset({"mapping"}): "needs_mapping",
    frozenset({"list"}): "needs_list",
    frozenset({"mapping", "list"}): "needs_list_or_mapping",
    frozenset({"text"}): "needs_text",
    frozenset({"text", "list"}): "needs_text_or_list",
    frozenset({"number"}): "needs_number",
    # A number may also be a column of the Employees sheet, or a share of one.
    frozenset({"number", "text"}): "needs_number",
    frozenset({"number", "text", "mapping"}): "needs_number",
}
_SHOWN_LENGTH = 60
_SAME = (
    frozenset({"over", "period", "quarter", "months"}),
    frozenset({"on", "kpi", "kpis"}),
    frozenset({"cap", "limit", "maximum"}),
    frozenset({"threshold", "minimum"}),
    frozenset({"amount", "target", "reward", "bonus"}),
    frozenset({"title", "name"}),
    frozenset({"share", "percent", "rate"}),
)
"""Keys of one sense: entries call it differently, and people take the other's word."""


@record
class _Finding:
    """One pydantic error: its path in the file, and the alternatives of a union entry that it belongs to."""

    kind: str
    path: Path
    loc: Path
    forms: tuple[tuple[Path, str], ...]
    key: str
    value: Any
    context: Mapping[str, Any]
    text: str


def translate(
    errors: Sequence[Mapping[str, Any]],
    raw: object,
    model: type[BaseModel],
    source: Source,
    base: Path = (),
) -> list[Issue]:
    """Turn the errors of validating `raw` (which is at path `base` in the file) into issues."""
    findings = [_finding(error, raw) for error in errors]
    return list(dict.fromkeys(_narrowed(findings, model, source, base)))


def _finding(error: Mapping[str, Any], raw: object) -> _Finding:
    loc: Path = tuple(error["loc"])
    kind, key = error["type"], ""
    walk = loc
    if kind == "missing":
        walk, key = loc[:-1], str(loc[-1])
    elif loc and loc[-1] == "[key]":
        walk, key = loc[:-1], str(loc[-2])
        kind = "bad_key_choice" if kind == "literal_error" else kind
    node: Any = raw
    path: list[str | int] = []
    forms: list[tuple[Path, str]] = []
    for part in walk:
        inside = part in node if isinstance(node, dict) else isinstance(node, list) and part in range(len(node))
        if inside:
            node = node[part]
            path.append(part)
        else:
            forms.append((tuple(path), str(part)))
    if kind == "extra_forbidden":
        key = str(loc[-1])
    return _Finding(kind, tuple(path), loc, tuple(forms), key, node, error.get("ctx", {}), error["msg"])


def _narrowed(
    findings: Sequence[_Finding],
    model: type[BaseModel],
    source: Source,
    base: Path,
    level: int = 0,
) -> Iterable[Issue]:
    """For an entry with several forms, keep the errors of the form that was meant."""
    either: dict[Path, dict[str, list[_Finding]]] = {}
    for error in findings:
        if len(error.forms) <= level:
            yield _issue(error, model, source, base)
        else:
            at, form = error.forms[level]
            either.setdefault(at, {}).setdefault(form, []).append(error)
    for at, forms in either.items():
        fitting = {form: group for form, group in forms.items() if not any(_misfit(error, at) for error in group)}
        if not fitting:
            yield _mismatch([error for group in forms.values() for error in group], source.place(*base, *at))
            continue
        strangers = {form: sum(_foreign(error, at) for error in group) for form, group in fitting.items()}
        best = [form for form in fitting if strangers[form] == min(strangers.values())]
        if len(best) > 1 and strangers[best[0]]:
            words = [
                word for group in forms.values() for error in group if error.path == at for word in _expected(error)
            ]
            yield from _no_form_chosen([fitting[form] for form in best], model, source, (*base, *at), len(base), words)
        else:
            yield from _narrowed(fitting[best[0]], model, source, base, level + 1)


def _misfit(error: _Finding, path: Path) -> bool:
    return error.path == path and (error.kind in _KINDS or _is_number_error(error))


def _foreign(error: _Finding, path: Path) -> bool:
    inside = error.path if error.kind == "missing" else error.path[:-1]
    return error.kind in ("missing", "extra_forbidden") and inside == path


def _no_form_chosen(
    groups: Sequence[Sequence[_Finding]],
    model: type[BaseModel],
    source: Source,
    place: Path,
    base: int,
    words: Sequence[str],
) -> Iterable[Issue]:
    known: dict[str, None] = {}
    foreign: dict[str, None] = {}
    for group in groups:
        for error in group:
            if error.kind == "missing":
                known[error.key] = None
            if error.kind == "extra_forbidden":
                foreign[error.key] = None
                known |= dict.fromkeys(allowed_keys(form_at(model, error.loc[:-1])))
    strangers = [key for key in foreign if key not in known]
    for key in strangers:
        yield _unknown_key(source.place(*place, key), key, list(known))
    if not strangers:
        entry = place[-1] if len(place) > base else "…"
        if foreign:
            yield issue("only_one_of", source.place(*place), allowed=list(known), key=entry)
        else:
            yield issue("missing_one_of", source.place(*place), allowed=list(known), key=entry, words=words or "—")


def _unknown_key(place: Place, key: str, known: list[str]) -> Issue:
    """Return the issue for an unknown key; one that another entry has in the same sense is no slip of the pen."""
    meant = [name for names in _SAME if key in names for name in known if name in names]
    if len(meant) == 1:
        return issue("unknown_key", place, found=key, nearest=meant[0], allowed=known)
    return unknown("unknown_key", place, key, known)


def _issue(error: _Finding, model: type[BaseModel], source: Source, base: Path) -> Issue:
    place = source.place(*base, *error.path)
    if error.kind == "missing":
        choices = answers(model, error.loc)
        facts = {"key": error.key, "where": _meaning_of(model)}
        if choices:
            return issue("missing_choice", place, **facts, allowed=choices, example=choices[0])
        return issue("missing_key", place, **facts)
    if error.kind == "extra_forbidden":
        return _unknown_key(place, error.key, list(allowed_keys(form_at(model, error.loc[:-1]))))
    if error.kind == "bad_key_choice":
        return unknown("unknown_key", place, error.key, _expected(error))
    if error.kind in _LIMITS:
        bound = next(iter(error.context.values()))
        # What goes up to 1 is a share: who typed 20 meant 20%.
        of_all = " (100%)" if error.kind == "less_than_equal" and bound == 1 else ""
        return issue("number_out_of_range", place, found=error.value, limit=f"{_LIMITS[error.kind]} {bound}{of_all}")
    if error.kind in ("too_short", "string_too_short"):
        return issue("empty_entry", place)
    if (*base, *error.path) == ("currency",) and error.kind == "string_pattern_mismatch":
        return issue("currency_code", place, found=error.value)
    if (*base, *error.path) == ("kpicalc",) and isinstance(error.value, str):
        return issue("format_version", place, found=error.value, allowed=_expected(error))
    if error.kind in _KINDS or _is_number_error(error):
        return _mismatch([error], place)
    if error.kind in issue_codes():
        facts = dict(error.context)
        return issue(error.kind, source.place(*base, *error.path, *facts.pop("at", ())), **facts)
    return issue("invalid_value", place, found=shown(error.value), cause=str(error.context.get("error", error.text)))


def _meaning_of(model: type[BaseModel]) -> str:
    """Return where the options of an entry are explained."""
    from kpicalc.model.organisation import OrganisationFile

    if issubclass(model, Component):
        return f"kpicalc components {model.name}"
    return "docs/organisation.md" if issubclass(model, OrganisationFile) else "docs/scheme.md"


def _is_number_error(error: _Finding) -> bool:
    return error.kind == "value_error" and isinstance(error.context.get("error"), NotExact)


def _expected(error: _Finding) -> list[str]:
    return _QUOTED.findall(str(error.context.get("expected", "")))


def _mismatch(group: Sequence[_Finding], place: Place) -> Issue:
    """Return the issue for a value that has none of the allowed forms."""
    value = group[0].value
    kinds = {"number" if _is_number_error(error) else _KINDS.get(error.kind, "other") for error in group}
    choices = [choice for error in group for choice in _expected(error)]
    if "truth" in kinds:
        kinds, choices = {"choice"}, ["true", "false"]
    if value is None:
        return issue("empty_value_choice", place, allowed=choices) if choices else issue("empty_value", place)
    if isinstance(value, str):
        if "number" in kinds and (not choices or any(letter.isdigit() for letter in value)):
            return not_a_number(value, place)
        if choices:
            return unknown("choice_or_number" if "number" in kinds else "bad_choice", place, value, choices)
    if choices and kinds == {"choice"}:
        return issue("bad_choice_far", place, found=shown(value), allowed=choices)
    return issue(_SHAPES.get(frozenset(kinds), "wrong_shape"), place, found=shown(value))


def not_a_number(text: str, place: Place) -> Issue:
    """Return the issue for a number in a wrong form; a comma or a point that may group or divide is not guessed."""
    if parts := re.fullmatch(r"([+-]?[1-9]\d{0,2})[,.](\d{3})(%?)", text):
        whole, rest, sign = parts.groups()
        decimals = f"{whole}.{rest}".rstrip("0").rstrip(".")
        return issue("number_ambiguous", place, found=text, first=f"{whole}{rest}{sign}", second=decimals + sign)
    body = re.sub(r"[\s_'’]", "", text)
    body = re.sub(r"(?:руб(?:лей|ля|ль)?\.?|р\.|₽|rub)$", "", body, flags=re.IGNORECASE)
    body = body.replace("\N{MINUS SIGN}", "-").replace(",", ".")
    body = re.sub(r"^([+-]?)0+(?=\d)", r"\1", body)
    body = re.sub(r"^([+-]?)\.", r"\g<1>0.", body)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?%?", body):
        return issue(_number_fault(text), place, found=text, fixed=body)
    return issue("not_exact_number", place, found=shown(text))


def _number_fault(text: str) -> str:
    """Return the code of the only fault in the form of a number, or the general one where there are several."""
    sign = r"[+-]?"
    forms = {
        "number_spaces": rf"{sign}[1-9]\d*(?:[\s_'’]\d+)+(?:\.\d+)?%?",
        "number_comma": rf"{sign}(?:0|[1-9]\d*),\d+%?",
        "number_zero": rf"{sign}0\d+(?:\.\d+)?%?",
        "number_currency": rf"{sign}(?:0|[1-9]\d*)(?:\.\d+)?\s*[^\d\s%]+",
    }
    return next((code for code, form in forms.items() if re.fullmatch(form, text)), "number_form")


def shown(value: object) -> str:
    """Show a value of the file in a message, however large it is."""
    if isinstance(value, dict):
        return "{" + f"{next(iter(value), '')}: …" + "}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    text = str(value)
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…"
