"""Funnels in a terminal: the whole funnel by stages, then people by department, then what a target requires."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpicalc.engine.funnel import Target, conversions, flow, narrowest, takes
from kpicalc.lang import Language, number, percent, word
from kpicalc.model import period
from kpicalc.model.funnel import Flow, FunnelMonth, Passage
from kpicalc.model.inputs import Inputs
from kpicalc.model.record import record
from kpicalc.screen.summary_plan import short_name
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_PEOPLE = 30
_MOST_NAMES = 3
_NAME_WIDTH = 24


def print_funnel(
    month: FunnelMonth, inputs: Inputs, language: Language, console: Console, payee: int | None, target: Target | None
) -> None:
    """Print one funnel: of all people, or of one payee."""
    _Printer(month, inputs, language, console).all(payee, target)


@record(slots=False)
class _Printer:
    month: FunnelMonth
    inputs: Inputs
    language: Language
    console: Console

    def word(self, path: str, **blanks: object) -> str:
        return word(f"funnel.{path}", self.language).format(**blanks)

    def say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style=style))

    def all(self, payee: int | None, target: Target | None) -> None:
        people = dict(self.month.people)
        passage = self.month.total if payee is None else people[payee]
        when = period.title(self.inputs.period, self.language)
        self.say(self.word("heading", title=self.month.title or self.word("title"), period=when), "bold")
        if payee is None:
            self.say(f"{self.word('all')}, {self.word('people', count=len(people))}")
        else:
            self.say(f"{passage.name}, {self.inputs.payees[payee].department}".rstrip(", "))
        self.console.print(self.stages(passage))
        for note in self.notes(passage):
            self.say(note)
        if target:
            self.say("")
            self.target(passage, target)
        if payee is None and len(people) > 1:
            self.say("")
            short = len(people) <= _MOST_PEOPLE
            self.say(self.word("by_people" if short else "by_department"))
            self.console.print(self.groups(people=short))

    def stages(self, passage: Passage) -> Table:
        normed = any(stage.norm is not None for stage in self.month.stages)
        ratios = [self.word(name) for name in ("conversion", "dropout", *(["allowed"] if normed else []), "overall")]
        table = table_of(
            texts(""),
            texts(self.word("stage"), widest=_NAME_WIDTH),
            figures(self.word("actual")),
            *(figures(title, width=max(7, *map(len, title.split()))) for title in ratios),
        )
        shares = conversions(passage.actual)
        for at, stage in enumerate(self.month.stages):
            share = _value(shares[at])
            cells = [
                self.figure(passage.actual[at]),
                self.share(share),
                self.share(None if share is None else 1 - share),
            ]
            if normed:
                cells.append(self.share(None if stage.norm is None else 1 - stage.norm))
            cells.append(self.share(flow(passage.actual, at, 0).value if at else None))
            style = "bold" if at == narrowest(passage.actual) else ""
            add_row(table, str(at + 1), stage.title, *cells, style=style)
        return table

    def notes(self, passage: Passage) -> Iterator[str]:
        """Point out what a reader must not miss, and the reason for each dash."""
        stages, shares = self.month.stages, conversions(passage.actual)
        if not any(value is not None for value in passage.actual):
            yield self.word("nobody")
            return
        least = narrowest(passage.actual)
        if least is not None:
            yield self.word("note.narrow", stage=stages[least].title, share=self.share(_value(shares[least])))
        for stage, share in zip(stages, shares, strict=True):
            number = _value(share)
            if stage.norm is not None and number is not None and number < stage.norm:
                facts = {"found": self.share(1 - number), "allowed": self.share(1 - stage.norm)}
                yield self.word("note.exceeded", stage=stage.title, **facts)
        for at, (stage, share) in enumerate(zip(stages, shares, strict=True)):
            if passage.actual[at] is None:
                yield self.absent(passage, at)
            elif share and share.absence == "zero":
                yield self.word("note.zero", stage=stage.title)
        if passage.actual[0] == 0 and len(stages) > 2:
            yield self.word("note.first_zero")

    def absent(self, passage: Passage, at: int) -> str:
        title = self.month.stages[at].title
        names = passage.lacking[at] if passage.lacking else ()
        if not names:
            return self.word("note.blank", stage=title)
        shown = ", ".join(names[:_MOST_NAMES])
        if len(names) > _MOST_NAMES:
            shown = self.word("note.and_more", names=shown, count=len(names) - _MOST_NAMES)
        return self.word("note.lacking", stage=title, names=shown)

    def target(self, passage: Passage, target: Target) -> None:
        stages = self.month.stages
        bases = takes(stages, passage, target)
        self.say(self.word("target.title", stage=stages[target.stage].title, target=self.figure(target.amount)), "bold")
        table = table_of(
            texts(""),
            texts(self.word("stage"), widest=_NAME_WIDTH),
            *(figures(self.word(f"target.by_{name}"), widest=14) for name in bases),
        )
        for at, stage in enumerate(stages):
            cells = [DASH if (value := base[at]) is None else self.figure(Decimal(value)) for base in bases.values()]
            add_row(table, str(at + 1), stage.title, *cells, style="bold" if at == target.stage else "")
        self.console.print(table)
        self.say(self.word("target.rounding"))
        for name, base in bases.items():
            if None in base:
                self.say(self.word(f"target.unknown_{name}"))

    def groups(self, *, people: bool) -> Table:
        """Return a row per person or department: the first figure, conversions by stage number, the narrowest stage."""
        last = len(self.month.stages)
        steps = [(at, at + 1) for at in range(1, last)]
        if last > 2:
            steps.append((1, last))
        names = [passage.name for _, passage in self.month.people] if people else []
        names += [passage.name for passage in self.month.departments]
        room = self.console.width - _room(len(steps), self.word("narrow"))
        if room < max(len(short_name(name)) for name in names):
            steps = steps[-1:]
            room = self.console.width - _room(len(steps), self.word("narrow"))
        table = table_of(
            texts(self.word("name" if people else "department"), widest=max(room, 8)),
            figures("1"),
            *(figures(f"{upper}→{lower}") for upper, lower in steps),
            figures(self.word("narrow"), widest=max(7, _longest(self.word("narrow")))),
        )
        for group in self.month.departments:
            name = group.name or self.word("no_department")
            if people:
                for index, passage in self.month.people:
                    if self.inputs.payees[index].department == group.name:
                        fitting = passage.name if len(passage.name) <= room else short_name(passage.name)
                        add_row(table, fitting, *self.row(passage, steps))
            several = len(self.month.departments) > 1
            if several or not people:
                add_row(table, name, *self.row(group, steps), style="cyan" if people else "", last=people)
        table.add_section()
        add_row(table, self.word("all"), *self.row(self.month.total, steps), style="bold")
        return table

    def row(self, passage: Passage, steps: Sequence[tuple[int, int]]) -> list[str]:
        at = narrowest(passage.actual)
        return [
            self.figure(passage.actual[0]),
            *(self.share(flow(passage.actual, lower - 1, upper - 1).value) for upper, lower in steps),
            DASH if at is None else f"{at}→{at + 1}",
        ]

    def figure(self, value: Decimal | None) -> str:
        return DASH if value is None else number(value, self.language)

    def share(self, value: Decimal | None) -> str:
        return DASH if value is None else percent(round(value, 3), self.language)


def _value(share: Flow | None) -> Decimal | None:
    return share.value if share else None


def _room(steps: int, narrow: str) -> int:
    """Return the width of a row's figures beside the name."""
    return 9 + 8 * steps + _longest(narrow) + 2


def _longest(heading: str) -> int:
    return max(map(len, heading.split()))
