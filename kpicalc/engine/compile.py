"""From the scheme file to statements: every component lays out its rule, in the order in which people read it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from kpicalc.engine.components.adjustments import Adjustments
from kpicalc.engine.draft import Draft, line_titles, unit_of_kpi
from kpicalc.engine.groups.circles import circles
from kpicalc.engine.groups.pools import pools_not_alike
from kpicalc.engine.groups.rankings import rankings_not_alike
from kpicalc.engine.statement import Apart, Figure, Line, Statement
from kpicalc.engine.terms.standing import paid_by_lines
from kpicalc.engine.terms.withheld import earned_elsewhere
from kpicalc.engine.tree.formula import Unit, settled, total
from kpicalc.engine.tree.sources import PAID, PLANNED, Actual, EarlierSum, MonthAgo, Pay, key_of
from kpicalc.engine.workings import Workings
from kpicalc.lang import word
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import Kpi, PayItem, Rounding, Rules, Scheme, SchemeBook

TOTAL = "total"


def compile_scheme(
    scheme: Scheme, book: SchemeBook, asked: Collection[tuple[str, ...]] = ()
) -> tuple[Statement, list[Issue]]:
    """Compile the pay rules of one role into a statement; unknown names and choices left open become issues.

    `asked` are the sets of line ids that somebody's override takes a share of.
    """
    issues: list[Issue] = []
    draft = Draft(book, issues, scheme.rules, scheme.unread)
    for item in scheme.pay:
        _lay_out(item, scheme, draft)
    desk = Workings(draft, Adjustments(), "", scheme.rules, ("schemes", scheme.key))
    earned = {ids: key for ids in sorted(asked) if (key := paid_by_lines(desk, ids)) is not None}
    withholds = any(line.withheld for line in draft.lines)
    title = word("headings.figure.to_pay" if withholds else "headings.figure.total", book.language)
    node = total(tuple(draft.figures[line.figure].column for line in draft.lines))
    draft.figures[TOTAL] = Figure(TOTAL, title, title, title, "money", node, settled=False, role=Pay())
    statement = Statement(
        scheme=scheme,
        figures=tuple(draft.figures.values()),
        lines=tuple(draft.lines),
        total=TOTAL,
        blocks=tuple(block for block in draft.blocks if block.params or block.tables),
        blanks=draft.blanks,
        teams=tuple(draft.teams.values()),
        pools=tuple(draft.pools),
        rankings=tuple(draft.rankings),
        earned=earned,
        assumptions=tuple(draft.assumptions),
        tallies=tuple(draft.tallies),
    )
    return statement, issues


def compile_schemes(book: SchemeBook) -> tuple[dict[str, Statement], list[Issue]]:
    """Compile every scheme of the file."""
    statements, issues = {}, []
    overrides = [item.component for scheme in book.schemes.values() for item in scheme.pay if item.name == "override"]
    asked = {tuple(override.of_lines) for override in overrides if override.of_lines}
    for key, scheme in book.schemes.items():
        statements[key], reported = compile_scheme(scheme, book, asked)
        issues += reported
    statements = {key: _with_apart(statement, statements, book) for key, statement in statements.items()}
    issues += circles(statements, book)
    issues += [*pools_not_alike(statements.values()), *rankings_not_alike(statements.values())]
    issues += earned_elsewhere(statements.values(), book)
    for key, kpi in book.kpis.items():
        issues += _check_kpi(key, kpi, book)
    return statements, list(dict.fromkeys(issues))


def _with_apart(statement: Statement, statements: Mapping[str, Statement], book: SchemeBook) -> Statement:
    """Add the computed KPIs that a group's figure is made of, where the scheme does not use them itself."""
    present = {figure.key for figure in statement.figures}
    summed = {team.of for other in statements.values() for team in other.teams if book.kpis[team.of].formula}
    apart, teams = {}, dict.fromkeys(statement.teams)
    for kpi in sorted(summed):
        if key_of(Actual(kpi)) not in present:
            # The compilation of the KPI itself reports the mistake in its formula.
            rules = statement.scheme.rules
            draft = Draft(book, [], rules, frozenset())
            Workings(draft, Adjustments(), kpi, rules, ("kpis", kpi)).kpi(kpi, "of")
            apart[kpi] = Apart(tuple(draft.figures.values()), draft.blanks)
            teams |= dict.fromkeys(draft.teams.values())
    return replace(statement, apart=apart, teams=tuple(teams)) if apart else statement


def _check_kpi(key: str, kpi: Kpi, book: SchemeBook) -> list[Issue]:
    """Check a computed KPI even where no scheme uses it yet, so that its formula does not break when it is needed."""
    issues: list[Issue] = []
    if kpi.formula is not None or (kpi.team is not None and kpi.of is not None):
        rules = Rules(attainment=Rounding(round="none"))
        draft = Draft(book, issues, rules, frozenset())
        Workings(draft, Adjustments(), key, rules, ("kpis", key)).kpi(key, "of")
    return issues


def earlier_months(statements: Mapping[str, Statement]) -> dict[str, set[str]]:
    """Return by key the earlier months needed: a number of months back, or all months of the `year` or `quarter`.

    Plans of earlier months stand under the KPI's key with `:plan`, payments of a line under its id with `:paid`.
    """
    months_of: dict[str, set[str]] = {}
    for statement in statements.values():
        for figure in statement.given():
            match figure.role:
                case MonthAgo(kpi, months):
                    months_of.setdefault(kpi, set()).add(str(months))
                case EarlierSum(_, since) as source:
                    months_of.setdefault(source.name, set()).add(since)
    return months_of


def earlier_title(book: SchemeBook, name: str) -> str:
    """Return the heading of a figure of earlier months: a KPI's title, «Продажи / План», or «Аванс / Выплачено»."""
    if name.endswith(PAID):
        title = line_titles(book)[name.removesuffix(PAID)][0]
        return f"{title} / {word('headings.figure.paid', book.language)}"
    title = book.kpi_title(name.removesuffix(PLANNED))
    return f"{title} / {word('headings.figure.plan', book.language)}" if name.endswith(PLANNED) else title


def earlier_unit(book: SchemeBook, name: str) -> Unit:
    """Return the unit of a figure of earlier months; what a line paid is money."""
    return "money" if name.endswith(PAID) else unit_of_kpi(book.kpis[name.removesuffix(PLANNED)])


def _lay_out(item: PayItem, scheme: Scheme, draft: Draft) -> None:
    component = item.component
    title = component.called(draft.book.language)
    rules = component.rules.over(scheme.rules) if component.rules else scheme.rules
    desk = Workings(draft, component, title, rules, (*item.path, item.name))
    if rules.money is not None and rules.money not in draft.money_rules:
        draft.money_rules.append(rules.money)
    if any(line.title == title and line.id != desk.id for line in draft.lines):
        desk.refuse("title_twice", found=title)
    node = component.compose(desk)
    if node is not None:
        if draft.lines and draft.lines[-1].withheld and not component.withholds:
            desk.refuse("after_withholding", found=title)
        if not component.rounds_itself:
            node = desk.rounded(node, rules.money, "money")
        figure = Figure(f"line.{desk.id}", title, title, title, "money", node, settled(node), Pay())
        draft.figures[figure.key] = figure
        draft.lines.append(Line(desk.id, title, component.name, figure.key, component.acts_on(), component.withholds))
    component.keep(desk)
    draft.blocks.append(desk.block())
