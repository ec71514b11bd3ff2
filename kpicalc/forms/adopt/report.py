"""The text of adopt.md: what was understood of a workbook and why, the questions, and the next commands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.lang import Language, in_quotes, message, money, number, word
from kpicalc.model.adopted import Adopted, OldPay
from kpicalc.model.period import title


def report(result: Adopted, file: str, commands: Sequence[str], language: Language) -> str:
    """Return the text of adopt.md; `commands` are the commands for checking and paying."""
    return "\n".join(_lines(result, file, commands, language)) + "\n"


def _lines(result: Adopted, file: str, commands: Sequence[str], language: Language) -> Iterator[str]:
    def say(name: str, **facts: object) -> str:
        return word(f"adopt.report.{name}", language).format(**facts)

    yield f"# {say('title', file=file)}"
    yield ""
    yield say("period", month=title(result.period, language))
    yield ""
    yield f"## {say('questions')}"
    yield ""
    if result.questions:
        yield say("asked")
        yield ""
        for at, asked in enumerate(result.questions, 1):
            yield f"{at}. " + (f"**{asked.place}**: " if asked.place else "") + _ended(asked.about)
            yield from (f"   - {text}" for text in asked.candidates)
    else:
        yield say("no_questions")
    yield ""
    yield f"## {say('understood')}"
    yield ""
    yield from (f"- {item.what}: {item.place}" + (f" ({item.why})" if item.why else "") for item in result.understood)
    yield ""
    yield f"## {say('people')}"
    yield ""
    yield from _people(result, language) if result.people else [say("nobody")]
    if result.left:
        yield from ("", say("left", names=", ".join(result.left)))
    if result.pay is not None:
        yield from _old_pay(result.pay, language)
    sheets = [f"- {name}" + (f": {result.notes[name]}" if name in result.notes else "") for name in result.unread]
    remarks = [f"- {replace(item.place, file='')}: {_ended(message(item, language))}".replace("- : ", "- ")
            for item in result.told]  # fmt: skip
    for name, lines in (
        ("passed", [f"- {item.what}: {item.place} ({item.why})" for item in result.passed]),
        ("unread", sheets),
        ("told", remarks),
    ):
        if lines:
            yield from ("", f"## {word(f'adopt.report.{name}', language)}", "", *lines)
    yield from ("", f"## {say('next')}", "")
    steps = [say("step_questions")] if result.questions else []
    if result.hints:
        steps.append(say("step_paid", headings=", ".join(in_quotes(text, language) for text in result.hints)))
    steps += [say("step_check", command=commands[0]), say("step_run", command=commands[1])]
    yield from (f"{at}. {step}" for at, step in enumerate(steps, 1))


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "…")) else f"{text}."


def _people(result: Adopted, language: Language) -> Iterator[str]:
    kpis = list(dict.fromkeys(name for person in result.people for name in person.figures))
    sides = [(kpi, side) for kpi in kpis for side in ("plan", "actual")]
    paid = any(person.paid is not None for person in result.people)
    heads = [word("adopt.report.member", language)]
    heads += [f"{kpi}: {word(f'adopt.why.{side}', language)}" for kpi, side in sides]
    heads += [word("adopt.report.paid", language)] if paid else []
    yield _row(heads)
    yield _row(["---", *["---:"] * (len(heads) - 1)])
    for person in result.people:
        label = person.name if person.id == person.name else f"{person.id} {person.name}"
        cells = [_figure(getattr(person.figures.get(kpi), side, None), language) for kpi, side in sides]
        yield _row([label, *cells, *([_figure(person.paid, language)] if paid else [])])


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
    yield from (f"- {item.what}: {item.place} ({item.why})" for item in pay.lines)
    others = len(pay.differences)
    yield from ("", say("compared", compared=pay.compared, equal=pay.equal, others=others))
    if others:
        yield ""
        yield _row([say(name) for name in ("member", "line", "old", "new", "why", "cell")])
        yield _row(["---", "---", "---:", "---:", "---", "---"])
        for item in pay.differences:
            kind = word(f"adopt.kind.{item.kind}", language)
            yield _row([item.who, item.line, money(item.old, language), money(item.new, language), kind, item.place])
