"""The output of `adopt`: the files written, how much was understood, and the questions."""

from textwrap import wrap

from kpicalc.lang import Language, in_quotes, word
from kpicalc.model.adopted import Adopted

_LEAST = 40


def adopt_text(result: Adopted, files: list[str], command: str, language: Language, width: int) -> str:
    """Return what was understood, in a few lines of the terminal's width; adopt.md has the rest."""

    def say(name: str, **facts: object) -> str:
        return word(f"adopt.done.{name}", language).format(**facts)

    kpis = {title for person in result.people for title in person.figures}
    counts = say("counts", people=len(result.people), kpis=len(kpis), questions=len(result.questions))
    lines = [say("files", scheme=files[0], report=files[1]), counts]
    if result.left:
        lines += wrap(say("left", names=", ".join(result.left)), max(width, _LEAST))
    for asked in result.questions:
        text = f"{asked.place}: {asked.about}" if asked.place else asked.about
        lines += wrap(text, max(width, _LEAST), initial_indent="  ? ", subsequent_indent="    ")
    if result.pay is not None:
        pay = result.pay
        others = len(pay.differences)
        lines.append(
            word("adopt.report.compared", language).format(compared=pay.compared, equal=pay.equal, others=others)
        )
    elif result.hints:
        lines += wrap(
            say("paid", headings=", ".join(in_quotes(text, language) for text in result.hints)), max(width, _LEAST)
        )
    lines += [say("next", report=files[1]), f"  {command}"]
    return "\n".join(lines) + "\n"
