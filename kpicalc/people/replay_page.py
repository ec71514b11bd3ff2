"""A replay as one offline page for decision makers: months, people, lines, the terms, and the people left out."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from kpicalc.lang import Language, money, percent, word
from kpicalc.model.period import title as month_title
from kpicalc.model.record import record
from kpicalc.model.replay import Amounts, Replay
from kpicalc.people.drawing import change_bar
from kpicalc.people.page import environment, phrases, text


@record
class _Row:
    """A row of a table: its title, both amounts, more cells, a bar of the difference; or the sum of the others."""

    name: str
    amounts: Amounts
    bar: Markup
    more: Sequence[str] = ()
    whole: bool = False


@record
class _Table:
    """A table of the page; `more` are the headings of its additional columns."""

    title: str
    first: str
    rows: Sequence[_Row]
    more: Sequence[str] = ()


def replay_page(
    replay: Replay,
    terms: Iterable[tuple[str, str]],
    settings: Sequence[object],
    language: Language,
    base: str = "",
    varied: str = "",
) -> str:
    """Return the page; `terms` are the schemes and assumptions, `base` and `varied` the titles of the requested KPIs.

    It shows all people and all lines: a page has room that a terminal lacks.
    """
    page = _Page(replay, language, base, varied)
    same = len(replay.by_person) - replay.winners - replay.losers
    facts = {"winners": replay.winners, "losers": replay.losers, "same": same}
    return (
        environment()
        .get_template("replay.html")
        .render(
            **phrases(language),
            r=page.word,
            css=Markup(text("style.css")),  # noqa: S704 - our own file
            settings=[str(setting) for setting in settings],
            total=replay.total,
            signed=page.signed,
            winners=page.word("text.winners", **facts),
            tables=[table for table in page.tables() if table.rows],
            break_even=page.break_even(),
            terms=list(terms),
        )
    )


@record
class _Page:
    """The words of a replay in one language."""

    replay: Replay
    language: Language
    base: str
    varied: str

    def word(self, path: str, **facts: object) -> str:
        return word(f"replay.{path}", self.language).format(**facts)

    def signed(self, amount: Decimal) -> str:
        """Write a difference with its sign."""
        return f"+{money(amount, self.language)}" if amount > 0 else money(amount, self.language)

    def tables(self) -> Iterator[_Table]:
        replay = self.replay
        yield self.months()
        people = sorted(replay.by_person.items(), key=lambda item: (item[1].difference, item[0]))
        named = [(f"{number} {replay.people[number].name}", amounts) for number, amounts in people]
        yield self.table("people", "payee", named)
        none = self.word("head.no_department")
        if len(replay.by_department) > 1:
            departments = [(name or none, amounts) for name, amounts in replay.by_department.items()]
            yield self.table("departments", "department", departments)
        paid = [(name, amounts) for (_, name), amounts in replay.by_line.items() if amounts.old or amounts.new]
        yield self.table("lines", "line", paid)
        moved = [(f"{'+' if one.by > 0 else ''}{percent(one.by, self.language)}", one.fund) for one in replay.varied]
        rows = self.rows(moved)
        yield _Table(self.word("title.varied", kpi=self.varied), self.word("head.varied"), rows)

    def months(self) -> _Table:
        """Return a row per month with the number of people left out and, with a base, both shares of it."""
        replay = self.replay
        funds = [(month_title(month.period, self.language), month.fund) for month in replay.months]
        more = [self.word("head.left_out")]
        cells = [[str(len(month.left_out))] for month in replay.months]
        bases = [month.base for month in replay.months]
        if len(funds) > 1:
            funds.append((self.word("head.all"), replay.total))
            cells.append([str(sum(len(month.left_out) for month in replay.months))])
            bases.append(replay.base)
        if replay.base is not None:
            more += [self.word("head.base", kpi=self.base), self.word("head.old_share"), self.word("head.new_share")]
            shares = zip(cells, funds, bases, strict=True)
            cells = [[*row, *self.shares(amounts, base)] for row, (_, amounts), base in shares]
        rows = self.rows(funds, cells, whole=len(replay.months))
        return _Table(self.word("title.months"), self.word("head.month"), rows, more)

    def table(self, title: str, first: str, amounts: Sequence[tuple[str, Amounts]]) -> _Table:
        """Return a table with its sum below."""
        rows = self.rows([*amounts, (self.word("head.all"), self.replay.total)], whole=len(amounts))
        return _Table(self.word(f"title.{title}"), self.word(f"head.{first}"), rows)

    def rows(
        self,
        amounts: Sequence[tuple[str, Amounts]],
        cells: Sequence[Sequence[str]] = (),
        whole: int | None = None,
    ) -> list[_Row]:
        """Return rows with bars of one scale; row number `whole` is their sum and has none."""
        own = [one for at, (_, one) in enumerate(amounts) if at != whole]
        largest = max((abs(one.difference) for one in own), default=Decimal(0))
        return [
            _Row(
                name,
                one,
                Markup() if at == whole else self.bar(name, one, largest),
                cells[at] if cells else (),
                at == whole,
            )
            for at, (name, one) in enumerate(amounts)
        ]

    def bar(self, name: str, amounts: Amounts, largest: Decimal) -> Markup:
        label = escape(f"{name}: {self.signed(amounts.difference)}")
        return Markup(change_bar(amounts.difference, largest, label))  # noqa: S704 - the label is escaped

    def shares(self, amounts: Amounts, base: Decimal | None) -> list[str]:
        if not base:
            return ["—" if base is None else money(base, self.language), "—", "—"]
        shares = (percent(round(amount / base, 4), self.language) for amount in (amounts.old, amounts.new))
        return [money(base, self.language), *shares]

    def break_even(self) -> str:
        even_share = self.replay.break_even if self.replay.varied and self.replay.base is not None else None
        if even_share is None:
            return ""
        share, growth = even_share
        facts = {"share": percent(round(share, 6), self.language), "kpi": self.varied}
        facts["growth"] = "" if growth is None else percent(growth, self.language)
        return self.word("text.no_break_even" if growth is None else "text.break_even", **facts)
