"""What `adopt` prints: what it wrote, how much it understood, and its questions."""

from kpicalc.lang import Language, word
from kpicalc.model.adopted import Adopted


def adopt_text(found: Adopted, files: list[str], command: str, language: Language) -> str:
    """Return what was understood, in a few lines; the page has the rest."""

    def say(name: str, **facts: object) -> str:
        return word(f"adopt.done.{name}", language).format(**facts)

    kpis = {title for one in found.people for title in one.figures}
    counts = say("counts", people=len(found.people), kpis=len(kpis), questions=len(found.questions))
    lines = [say("files", scheme=files[0], report=files[1]), counts]
    lines += [f"  ? {one.place}: {one.about}" for one in found.questions]
    lines.append(say("next", report=files[1], command=command))
    return "\n".join(lines) + "\n"
