"""The scheme file of an adopted workbook, as text: the mapping, the KPIs, and pay with its open choices."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from kpicalc.forms.adopt.draft import Draft
from kpicalc.lang import word
from kpicalc.model.fields import SheetRole
from kpicalc.model.record import record
from kpicalc.model.texts import clean

_PLAIN = re.compile(r"[^\W\d_][\w ]*")
_TAKEN = frozenset({"none", "null", "true", "false", "yes", "no", "on", "off", "да", "нет", "y", "n"})


@record
class Starter:
    """The pay of the scheme: YAML entries with comments, without their dash. `complete`: nothing is left open."""

    pay: Sequence[tuple[str, str]]
    complete: bool = False
    zero: bool = False
    """A plan of zero is 0 %."""


def scheme_text(draft: Draft, title: str, starter: Starter) -> str:
    """Return the text of scheme.yaml."""
    say = _speaker(draft)
    lines = [f"# {say('scheme_head')}", "kpicalc: 1", f"title: {quoted(title)}", f"language: {draft.language}", ""]
    if starter.complete:
        lines += [f"# {say('rules_of_old')}", "rules:", "  money: {round: 0.01, ties: half_up}",
                  "  attainment: {round: 0.000000001, ties: half_up}", "  missing: error",
                  f"  zero_plan: {'zero' if starter.zero else 'error'}", ""]  # fmt: skip
    else:
        lines += [f"# {say('rules_open')}", ""]
    if draft.kpis:
        lines.append("kpis:")
        lines += [f"  {key}: {{{_kpi(title, unit)}}}" for key, (title, unit) in draft.kpis.items()]
        lines.append("")
    if draft.own:
        lines += ["employees:", *(f"  {key}: {{{_kpi(t, unit)}}}" for key, (t, unit) in draft.own.items()), ""]
    lines.append("schemes:")
    for number, name in enumerate(draft.schemes or [title], 1):
        lines += [f"  {'main' if number == 1 else f'scheme_{number}'}:", f"    title: {quoted(name)}"]
        lines += [f"    # {say('one_scheme' if not draft.schemes else 'own_schemes')}"] if number == 1 else []
        lines.append("    pay:")
        for comment, entry in starter.pay:
            lines += [f"      # {comment}"] if comment and number == 1 else []
            lines.append(f"      - {entry}")
    lines += ["", f"# {say('workbook')}", *_workbook(draft)]
    return "\n".join(lines) + "\n"


def _speaker(draft: Draft) -> Callable[[str], str]:
    return lambda name: word(f"adopt.scheme.{name}", draft.language)


def starter_of(draft: Draft, *, salary: bool) -> Starter:
    """Return a first version of pay; `check` asks for what usual components still need."""
    say = _speaker(draft)
    pay = [("", "base_salary: {amount: salary}")] if salary else []
    for key, (title, _) in draft.kpis.items():
        if key in draft.planned:
            pay.append(
                (f"{title}: {say('bonus_open')}", f"kpi_bonus: {{id: {key}_bonus, title: {quoted(title)}, kpi: {key}}}")
            )
        else:
            pay.append(
                (
                    f"{title}: {say('commission_open')}",
                    f"commission: {{id: {key}_pay, title: {quoted(title)}, on: {key}}}",
                )
            )
    return Starter(pay or [(say("nothing"), "base_salary: {amount: salary}")])


def _kpi(title: str, unit: str) -> str:
    return f"title: {quoted(title)}" + (f", unit: {quoted(unit)}" if unit else "")


def _workbook(draft: Draft) -> list[str]:
    lines = ["workbook:", f"  match: {draft.match}"]
    if draft.sheets:
        lines.append("  sheets:")
        lines += [f"    {role}: {name if name == 'none' else quoted(name)}" for role, name in draft.sheets.items()]
    parts: Sequence[tuple[str, Mapping[SheetRole, Mapping[str, str]]]] = (
        ("columns", draft.columns), ("constants", draft.constants), ("tables", draft.tables),
    )  # fmt: skip
    for name, by_role in parts:
        filled = {role: places for role, places in by_role.items() if places}
        if filled:
            lines.append(f"  {name}:")
            lines += [f"    {role}: {{{_pairs(places)}}}" for role, places in filled.items()]
    return lines


def _pairs(places: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {quoted(value)}" for key, value in places.items())


def quoted(text: str) -> str:
    """Return a text as YAML keeps it: bare if none of its signs is special, else in double quotes."""
    bare = clean(text)
    if bare == text and _PLAIN.fullmatch(text) and text.casefold() not in _TAKEN:
        return text
    return json.dumps(text, ensure_ascii=False)
