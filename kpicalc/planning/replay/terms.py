"""The terms of a replay: the schemes, the digests of the months, the differences, assumptions, people left out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kpicalc.lang import Language, message, money, word
from kpicalc.model import period
from kpicalc.model.replay import Replay
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.replay.differences import differences


def terms(
    replay: Replay, old: SchemeBook, new: SchemeBook, settings: Sequence[object], language: Language
) -> Iterator[tuple[str, str]]:
    """Yield the compared schemes and files, the assumptions and what was left out: caption and text."""

    def text(path: str, **facts: object) -> str:
        return word(f"replay.{path}", language).format(**facts)

    for name, book in (("old", old), ("new", new)):
        file = Path(book.source.file.removesuffix(" (--set)")).name
        yield text(f"terms.{name}"), text("terms.digest", file=file, sha=book.sha256)
    for one in settings:
        yield text("terms.set"), str(one)
    for found in differences(old, new):
        yield text("terms.changed"), found
    for month in replay.months:
        caption = text("terms.month", month=period.title(month.period, language))
        yield caption, text("terms.digest", file=Path(month.file).name, sha=month.sha256)
        if month.left_out:
            names = ", ".join(f"{one.id} {one.name}" for one in month.left_out)
            yield text("terms.left_out", month=period.title(month.period, language)), names
    for out in replay.months_out:
        caption = text("terms.month_out", month=period.title(out.period, language))
        reasons = "; ".join(message(found, language) for found in out.issues)
        yield caption, f"{text(f'side.{out.by}')}: {reasons}"
    for failed in replay.examples:
        yield text("terms.example"), message(failed, language)
    yield text("terms.assumed"), text("text.act_as_they_did")
    yield text("terms.assumed"), text("text.accrued")
    yield text("terms.assumed"), text("terms.carried")
    for when, by, balance in replay.begun:
        title = word(f"headings.employee.{balance}", language)
        facts = {"title": title, "month": period.title(when, language), "side": text(f"side.{by}")}
        yield text("terms.assumed"), text("terms.begins", **facts)
    for name, closed in replay.ends:
        shown = {side: money(getattr(closed, side), language) for side in ("old", "new")}
        last = period.title(replay.months[-1].period, language)
        yield text("terms.beside"), text("terms.ends", title=text(f"ends.{name}"), month=last, **shown)
