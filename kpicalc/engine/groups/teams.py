"""Figures of departments and other groups: the sums of their people's results, and the levels of their plans."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.groups.everybody import Everybody, Known, apart_of, group_of
from kpicalc.engine.result import SchemePay, Team
from kpicalc.engine.statement import ALL, DEPARTMENT, Earned, Figure, Statement, TeamFigure
from kpicalc.engine.tree.sources import Actual, OfLines, OfTeam, key_of
from kpicalc.lang import Language, word
from kpicalc.model.issue import Place, issue, listed

_ZERO = Decimal(0)
_MOST_NAMES = 10
Sums = dict[str, Decimal | None]
"""The sum of each group by its name; None where a member's figure is unknown."""


def teams_of(everybody: Everybody) -> tuple[TeamFigure, ...]:
    """Return the groups' figures that somebody's pay depends on."""
    teams = [team for key in everybody.groups for team in everybody.statements[key].teams]
    return tuple(dict.fromkeys(teams))


def place_team(everybody: Everybody, team: TeamFigure) -> tuple[Sums, Known]:
    """Sum up a group's figure and place it, with the levels of its plan, in the columns of every scheme.

    Return the sums by group, and each payee's addend.
    """
    sums, figures = _sums(everybody, team)
    for key, payees in everybody.groups.items():
        statement = everybody.statements[key]
        for figure in statement.given():
            source = figure.source
            if isinstance(source, OfTeam) and (source.kpi, source.over) == (team.kpi, team.over):
                column = [_figure_of(everybody, statement, figure, source, payee, sums) for payee in payees]
                everybody.columns[key][figure.key] = column
    return sums, figures


def _sums(everybody: Everybody, team: TeamFigure) -> tuple[Sums, Known]:
    book, inputs = everybody.month.book, everybody.inputs
    series = inputs.actual.get(team.of)
    computed = book.kpis[team.of].formula is not None
    if series is None and not computed:
        _no_actual(everybody, team)
        return {}, [None] * len(inputs.payees)
    figures: Known = list(series.values) if series else [None] * len(inputs.payees)
    unknown: set[str] = set()
    groups, nothing_owed = _groups(everybody, team), []
    for key, payees in everybody.groups.items():
        members: Sequence[int] = payees
        statement, name = everybody.statements[key], key_of(Actual(team.of))
        if any(figure.key == name for figure in statement.figures):
            known = everybody.figure(key, name)
        else:
            members = [index for index in payees if group_of(inputs, index, team.over) in groups]
            # If one payee of the scheme has a figure, all must have one.
            if series and all(figures[index] is None for index in payees):
                nothing_owed += members
                continue
            if series:
                known = everybody.month.of_members(statement, team.of, series, members)
            elif (results := _apart(everybody, key, team.of, members)) is None:
                nothing_owed += members
                continue
            else:
                wanted = set(members)
                known = [value for index, value in zip(payees, results, strict=True) if index in wanted]
        for index, value in zip(members, known, strict=True):
            unsure = (Actual(team.of), index) in everybody.month.doubtful
            figures[index] = None if unsure else value
            if figures[index] is None:
                unknown.add(group_of(inputs, index, team.over))
    if nothing_owed:
        names = [str(inputs.payees[index]) for index in nothing_owed]
        facts = {"title": book.kpi_title(team.kpi), "of": book.kpi_title(team.of), "count": len(names)}
        place = series.place(nothing_owed[0]) if series else inputs.payees[nothing_owed[0]].place
        everybody.issues.append(issue("team_without", place, **facts, found=listed(names, _MOST_NAMES)))
    _watch_groups(everybody, team.over, figures)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for index, value in enumerate(figures):
        sums[group_of(inputs, index, team.over)] += value or _ZERO
    return {name: None if name in unknown else total for name, total in sums.items()}, figures


def _watch_groups(everybody: Everybody, over: str, figures: Known) -> None:
    """Refuse a result of a payee without a group in this column, as no sum would count it."""
    if over not in (DEPARTMENT, ALL):
        for index, value in enumerate(figures):
            if value and not group_of(everybody.inputs, index, over):
                _nobody(everybody, index, over)


def _apart(everybody: Everybody, key: str, kpi: str, members: Sequence[int]) -> Sequence[Decimal | None] | None:
    """Return a computed KPI of a scheme that does not use it; None where none of its payees has a result behind it."""
    statement, columns, payees = everybody.statements[key], everybody.columns[key], everybody.groups[key]
    apart = apart_of(statement, kpi)
    results = [everybody.inputs.actual.get(figure.source.kpi) for figure in apart.given()
               if isinstance(figure.source, Actual)]  # fmt: skip
    if results and all(series is None or series.values[index] is None for series in results for index in payees):
        return None
    place = {index: row for row, index in enumerate(payees)}
    for name, values in everybody.month.columns(apart, members).items():
        if name not in columns:
            column: Known = [None] * len(payees)
            for index, value in zip(members, values, strict=True):
                column[place[index]] = value
            columns[name] = column
    return everybody.apart(key, kpi)


def _groups(everybody: Everybody, team: TeamFigure) -> set[str]:
    """Return the names of the groups whose figure somebody's pay depends on."""
    takers = [key for key in everybody.groups if team in everybody.statements[key].teams]
    groups = {group_of(everybody.inputs, index, team.over) for key in takers for index in everybody.groups[key]}
    # A payee whose column is blank may belong to any of them.
    return groups if team.over == DEPARTMENT else groups | {""}


def _no_actual(everybody: Everybody, team: TeamFigure) -> None:
    book, place = everybody.month.book, everybody.inputs.sheet("actual")
    title = book.kpi_title(team.of)
    if place.sheet:
        facts = {"sheet": place.sheet, "found": team.of, "title": title, "kpi": book.kpi_title(team.kpi)}
        everybody.issues.append(issue("no_team_actual", place, **facts))
    else:
        everybody.month.absent.no_sheet("actual", title)


def _figure_of(
    everybody: Everybody,
    statement: Statement,
    figure: Figure,
    source: OfTeam,
    index: int,
    sums: Sums,
) -> Decimal | None:
    """Return a payee's figure of the group."""
    inputs = everybody.inputs
    group = group_of(inputs, index, source.over)
    if not group:
        _nobody(everybody, index, source.over)
        return None
    if source.part == "actual":
        return _sum_of(everybody, statement, figure, index, source.over, sums)
    level = inputs.team_plan.get((source.kpi, group), {}).get(source.part)
    if level is None or level.value is None:
        _no_level(everybody, statement, figure, index, group, level.place if level else inputs.sheet("team"))
    return level.value if level else None


def _sum_of(
    everybody: Everybody, statement: Statement, figure: Figure, index: int, over: str, sums: Sums
) -> Decimal | None:
    """Return the sum of a payee's group; report one that is unknown and return None."""
    group = group_of(everybody.inputs, index, over)
    if not group:
        _nobody(everybody, index, over)
        return None
    if (value := sums.get(group)) is None:
        _unknown_team(everybody, statement, figure, index, group_name(group, everybody.month.book.language))
    return value


def group_name(group: str, language: Language) -> str:
    """Return the name of a group for people; the group `all` has a translated name."""
    return word("headings.everybody", language) if group == ALL else group


def _nobody(everybody: Everybody, index: int, over: str) -> None:
    payee, place = everybody.inputs.payees[index], everybody.inputs.place_of(index, over)
    if over == DEPARTMENT:
        everybody.issues.append(issue("team_of_nobody", place, payee=payee))
    else:
        title = everybody.month.book.employees[over].title or over
        everybody.issues.append(issue("group_of_nobody", place, payee=payee, title=title))


def place_earned(everybody: Everybody, earned: Earned) -> Known:
    """Sum up what groups are paid by lines, place it in the columns of every scheme, and return each payee's addend."""
    inputs = everybody.inputs
    figures: Known = [None] * len(inputs.payees)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    unknown: set[str] = set()
    for key, payees in everybody.groups.items():
        if name := everybody.statements[key].earned.get(earned.lines):
            for index, value in zip(payees, everybody.figure(key, name), strict=True):
                figures[index] = value
                group = group_of(inputs, index, earned.over)
                sums[group] += value or _ZERO
                if value is None:
                    unknown.add(group)
    _watch_groups(everybody, earned.over, figures)
    known: Sums = {group_of(inputs, index, earned.over): _ZERO for index in range(len(inputs.payees))}
    known |= sums
    known |= dict.fromkeys(unknown)
    for key, payees in everybody.groups.items():
        statement = everybody.statements[key]
        for figure in statement.given():
            source = figure.source
            if isinstance(source, OfLines) and (source.lines, source.over) == (earned.lines, earned.over):
                column: Known = []
                for index in payees:
                    value = _sum_of(everybody, statement, figure, index, earned.over, known)
                    excluded = (figures[index] or _ZERO) if source.own == "exclude" else _ZERO
                    column.append(None if value is None else value - excluded)
                everybody.columns[key][figure.key] = column
    return figures


def hold_takers(everybody: Everybody, earned: Earned, figures: Sequence[Decimal | None]) -> bool:
    """Hold everybody whose pay includes a share of held payees' lines; tell whether there was anybody."""
    inputs, held = everybody.inputs, everybody.month.held
    waiting = {index for index in held if figures[index] is not None}
    groups = {group_of(inputs, index, earned.over) for index in waiting}
    any_held = False
    for key, payees in everybody.groups.items():
        for figure in everybody.statements[key].given():
            source = figure.source
            if isinstance(source, OfLines) and (source.lines, source.over) == (earned.lines, earned.over):
                for index in payees:
                    group = group_of(inputs, index, earned.over)
                    if group in groups and index not in held:
                        held.add(index)
                        any_held = True
                        name = group_name(group, everybody.month.book.language)
                        facts = {"payee": inputs.payees[index], "title": figure.title, "department": name}
                        everybody.issues.append(issue("team_holds", inputs.payees[index].place, **facts))
    return any_held


def _unknown_team(everybody: Everybody, statement: Statement, figure: Figure, index: int, group: str) -> None:
    """Hold a payee whose pay depends on a group's figure that is unknown.

    A scheme that stops at a blank stops here too, unless a member's own blank stops the run already.
    """
    payee, held = everybody.inputs.payees[index], everybody.month.held
    facts = {"payee": payee, "title": figure.title, "department": group}
    if statement.blanks[figure.key] != "error" or (everybody.month.doubtful and not everybody.month.absent.refuses()):
        if index not in held:
            held.add(index)
            everybody.issues.append(issue("team_holds", payee.place, **facts))
    elif not everybody.month.absent.refuses():
        everybody.issues.append(issue("team_unknown", payee.place, **facts))


def _no_level(everybody: Everybody, statement: Statement, figure: Figure, index: int, group: str, place: Place) -> None:
    hold = statement.blanks[figure.key] == "hold"
    if hold:
        everybody.month.held.add(index)
    code = "no_team_plan_holds" if hold else "no_team_plan"
    everybody.issues.append(issue(code, place, title=figure.title, department=group))


def team_rows(everybody: Everybody, sums: Mapping[TeamFigure, Sums], schemes: Sequence[SchemePay]) -> Iterable[Team]:
    """Yield the figure of every group, with the part of it that stands on no calculation sheet."""
    for team, groups in sums.items():
        inside: dict[str, Decimal] = defaultdict(Decimal)
        for pay in schemes:
            if (key := key_of(Actual(team.of))) in pay.columns:
                for index, value in zip(pay.payees, pay.columns[key], strict=True):
                    inside[group_of(everybody.inputs, index, team.over)] += value
        for name, actual in groups.items():
            outside = _ZERO if actual is None else actual - inside[name]
            yield Team(team.kpi, team.of, name, actual, outside, team.over)
