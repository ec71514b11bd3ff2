"""The text of adopt.md: what was understood of a workbook and why, the questions, and the next commands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.lang import Language, in_quotes, message, money, number, word
from kpicalc.model.adopted import Adopted, OldPay
from kpicalc.model.period import title


def report(found: Adopted, file: str, commands: Sequence[str], language: Language) -> str:
    """Return the text of adopt.md; `commands` are the commands for checking and paying."""
    return "\n".join(_lines(found, file, commands, language)) + "\n"


def _lines(found: Adopted, file: str, commands: Sequence[str], language: Language) -> Iterator[str]:
    def say(name: str, **facts: object) -> str:
        return word(f"adopt.report.{name}", language).format(**facts)

    yield f"# {say('title', file=file)}"
    yield ""
    yield say("period", month=title(found.period, language))
    yield ""
    yield f"## {say('questions')}"
    yield ""
    if found.questions:
        yield say("asked")
        yield ""
        for at, asked in enumerate(found.questions, 1):
            yield f"{at}. " + (f"**{asked.place}**: " if asked.place else "") + _ended(asked.about)
            yield from (f"   - {text}" for text in asked.candidates)
    else:
        yield say("no_questions")
    yield ""
    yield f"## {say('understood')}"
    yield ""
    yield from (f"- {one.what}: {one.place}" + (f" ({one.why})" if one.why else "") for one in found.understood)
    yield ""
    yield f"## {say('people')}"
    yield ""
    yield from _people(found, language) if found.people else [say("nobody")]
    if found.left:
        yield from ("", say("left", names=", ".join(found.left)))
    if found.pay is not None:
        yield from _old_pay(found.pay, language)
    sheets = [f"- {name}" + (f": {found.notes[name]}" if name in found.notes else "") for name in found.unread]
    told = [f"- {replace(one.place, file='')}: {_ended(message(one, language))}".replace("- : ", "- ")
            for one in found.told]  # fmt: skip
    for name, lines in (
        ("passed", [f"- {one.what}: {one.place} ({one.why})" for one in found.passed]),
        ("unread", sheets),
        ("told", told),
    ):
        if lines:
            yield from ("", f"## {word(f'adopt.report.{name}', language)}", "", *lines)
    yield from ("", f"## {say('next')}", "")
    steps = [say("step_questions")] if found.questions else []
    if found.hints:
        steps.append(say("step_paid", headings=", ".join(in_quotes(text, language) for text in found.hints)))
    steps += [say("step_check", command=commands[0]), say("step_run", command=commands[1])]
    yield from (f"{at}. {step}" for at, step in enumerate(steps, 1))


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "…")) else f"{text}."


def _people(found: Adopted, language: Language) -> Iterator[str]:
    kpis = list(dict.fromkeys(name for one in found.people for name in one.figures))
    sides = [(kpi, side) for kpi in kpis for side in ("plan", "actual")]
    paid = any(one.paid is not None for one in found.people)
    heads = [word("adopt.report.member", language)]
    heads += [f"{kpi}: {word(f'adopt.why.{side}', language)}" for kpi, side in sides]
    heads += [word("adopt.report.paid", language)] if paid else []
    yield _row(heads)
    yield _row(["---", *["---:"] * (len(heads) - 1)])
    for one in found.people:
        label = one.name if one.id == one.name else f"{one.id} {one.name}"
        cells = [_figure(getattr(one.figures.get(kpi), side, None), language) for kpi, side in sides]
        yield _row([label, *cells, *([_figure(one.paid, language)] if paid else [])])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _figure(value: Decimal | None, language: Language) -> str:
    return "—" if value is None else number(value, language)


def _old_pay(pay: OldPay, language: Language) -> Iterator[str]:
    def say(name: str, **facts: object) -> str:
        return word(f"adopt.report.{name}", language).format(**facts)

    yield from ("", f"## {say('pay', heading=pay.heading, place=pay.place)}", "")
    if not pay.lines:
        yield say("nothing_recognised")
        return
    yield from (f"- {one.what}: {one.place} ({one.why})" for one in pay.lines)
    others = len(pay.differences)
    yield from ("", say("compared", compared=pay.compared, equal=pay.equal, others=others))
    if others:
        yield ""
        yield _row([say(name) for name in ("member", "line", "old", "new", "why", "cell")])
        yield _row(["---", "---", "---:", "---:", "---", "---"])
        for one in pay.differences:
            kind = word(f"adopt.kind.{one.kind}", language)
            yield _row([one.who, one.line, money(one.old, language), money(one.new, language), kind, one.place])
