"""The references of an old pay formula in the terms of a scheme: KPIs, plans, salaries, constants, tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from kpicalc.engine.tree.syntax import Call, Comparison, Denied, Joined, Name, Numeral, Opposite, Quoted, Span, Syntax
from kpicalc.engine.tree.syntax import Operation as Op
from kpicalc.forms.adopt.draft import Draft
from kpicalc.forms.adopt.formulas import Reference
from kpicalc.forms.adopt.pay_formula import HERE, Form, Forms, added, summands, tree_of
from kpicalc.forms.adopt.seen import Column, Seen
from kpicalc.model.book import Raw, Sheet, column_number
from kpicalc.model.money import from_cell
from kpicalc.model.record import record
from kpicalc.model.texts import name_key

_KEPT = frozenset({"min", "max", "if", "round"})
_TIME = ("days_worked", "days_norm", "hours_worked", "hours_norm", "fte")
_DEEPEST = 12


class NotUnderstood(Exception):
    """A part of a formula that no scheme can express."""


@record(frozen=False)
class Terms:
    """The cells of a table's rows as a scheme names them."""

    draft: Draft
    seen: Seen
    roster: Seen
    sheets: Mapping[str, Sheet]
    tables: Mapping[str, Seen]
    forms: Forms
    own: dict[int, str] = field(default_factory=dict)
    """Columns that become columns of the Employees sheet, by number."""
    lines: set[str] = field(default_factory=set)
    """The keys of the lines of pay so far: no column may have the same key."""
    constant: bool = False
    """True if a column with one value for all people is read as a number: a formula cannot name its column."""
    zero: bool = False
    """True if the sheet gives 0 for a division by a plan of zero."""

    def form_of(self, column: Column) -> Form | None:
        """Return the formula that most cells of a column have; None if no single formula has a majority."""
        forms = Counter(self.forms.form(text, row) for row, text in column.formulas.items())
        if not forms:
            return None
        form, count = forms.most_common(1)[0]
        return form if form is not None and 2 * count > len(column.cells) else None

    def said(self, item: Syntax, depth: int = 0) -> Syntax:
        """Return a tree in the terms of a scheme; raise NotUnderstood if it cannot be expressed."""
        if depth > _DEEPEST:
            raise NotUnderstood
        match item:
            case Numeral():
                return _plain(item)
            case Name(at):
                return self._named(at.text, depth)
            case Opposite(_, inner):
                return Opposite(HERE, self.said(inner, depth))
            case Op(_, op, left, right):
                return Op(HERE, op, self.said(left, depth), self.said(right, depth))
            case Comparison(_, op, left, right):
                return Comparison(HERE, op, self.said(left, depth), self.said(right, depth))
            case Joined(_, joint, items):
                return Joined(HERE, joint, tuple(self.said(one, depth) for one in items))
            case Denied(_, inner):
                return Denied(HERE, self.said(inner, depth))
            case Call():
                return self._called(item, depth)
            case Quoted():
                raise NotUnderstood
        raise NotUnderstood

    def _called(self, call: Call, depth: int) -> Syntax:
        name, arguments = call.function, call.arguments
        if name == "sum":
            return added([self.said(one, depth) for one in summands(call)])
        if name == "iferror" and len(arguments) == 2:
            # The value that the sheet shows in place of an error becomes the scheme's rule for a plan of zero.
            self.zero = True
            return self.said(arguments[0], depth)
        if name in ("all_of", "any_of"):
            joint = "and" if name == "all_of" else "or"
            return Joined(HERE, joint, tuple(self.said(one, depth) for one in arguments))
        if name == "ifs" and len(arguments) % 2 == 0:
            node: Syntax = _number("0")
            for at in range(len(arguments) - 2, -1, -2):
                condition = self.said(arguments[at], depth) if not _is_true(arguments[at]) else None
                value = self.said(arguments[at + 1], depth)
                node = value if condition is None else Call(HERE, "if", (condition, value, node))
            return node
        if name in ("vlookup", "lookup"):
            return self._looked_up(call, depth)
        if name == "if" and len(arguments) == 2:
            arguments = (*arguments, _number("0"))
        if name not in _KEPT:
            raise NotUnderstood
        return Call(HERE, name, tuple(self.said(one, depth) for one in arguments))

    def _named(self, name: str, depth: int) -> Syntax:
        if name.startswith("c"):
            return self._own_cell(int(name[1:]), depth)
        other = self.forms.others.get(name)
        if other is None:
            raise NotUnderstood
        if name.startswith("o"):
            return self._elsewhere(other)
        cell = other.single
        value = self._value(other.sheet, *cell) if cell else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotUnderstood
        return _number(f"{from_cell(float(value)):f}")

    def _value(self, sheet: str, row: int, column: int) -> Raw:
        rows = self.sheets[name_key(sheet)].rows if name_key(sheet) in self.sheets else []
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else None

    def _own_cell(self, at: int, depth: int) -> Syntax:
        if figure := self._figure(self.seen, at):
            return figure
        column = next((candidate for candidate in self.seen.columns if candidate.at == at), None)
        if column is None:
            raise NotUnderstood
        form = self.form_of(column)
        tree = tree_of(form) if form else None
        if tree is not None:
            return self.said(tree, depth + 1)
        if column.formulas or not column.is_figures or self.seen is not self.roster:
            raise NotUnderstood
        if self.constant:
            values = set(column.numbers.values())
            if len(values) != 1 or len(column.numbers) != len(self.seen.people):
                raise NotUnderstood
            return _number(f"{from_cell(values.pop()):f}")
        return Name(Span(0, self._declared(column)))

    def _figure(self, seen: Seen, at: int) -> Syntax | None:
        """Return the KPI's plan or actual, or the salary, that a column holds."""
        name = seen.sheet.name
        for (role, key), letter in self.draft.expected.items():
            if column_number(letter) == at and self.draft.homes.get(role) == name:
                return Name(Span(0, key)) if role == "actuals" else Call(HERE, "plan", (Name(Span(0, key)),))
        salary = seen.fields.get("salary") or [
            column.at
            for column in seen.columns
            if column.title == self.draft.columns.get("employees", {}).get("salary")
        ]
        if seen is self.roster and at in salary:
            return Name(Span(0, "salary"))
        time = next((field for field in _TIME if at in seen.fields.get(field, ())), None)
        if seen is self.roster and time is not None:
            return Name(Span(0, time))
        return None

    def _elsewhere(self, referred: Reference) -> Syntax:
        """Return a figure of another sheet's table."""
        seen = self.tables.get(referred.sheet)
        figure = self._figure(seen, referred.first[1]) if seen else None
        if figure is None:
            raise NotUnderstood
        return figure

    def _declared(self, column: Column) -> str:
        key = self.own.get(column.at)
        if key is None:
            taken = {*self.draft.kpis, *self.own.values(), *self.lines}
            key = self.draft.key_for(column.title, "")
            while key in taken:
                key += "_own"
            self.own[column.at] = key
        return key

    def _looked_up(self, call: Call, depth: int) -> Syntax:
        """Turn a table of bounds and values into steps: VLOOKUP and LOOKUP take the last bound that is reached."""
        sought, place = call.arguments[0], call.arguments[1]
        other = self.forms.others.get(place.at.text) if isinstance(place, Name) else None
        exact = call.function == "vlookup" and len(call.arguments) == 4 and call.arguments[3].at.text in ("0", "false")
        index = call.arguments[2].at.text if call.function == "vlookup" and len(call.arguments) > 2 else "2"
        if other is None or exact or not index.isdigit() or other.first[0] is None or other.last[0] is None:
            raise NotUnderstood
        left = other.first[1]
        rows = [
            (self._value(other.sheet, row, left), self._value(other.sheet, row, left + int(index) - 1))
            for row in range(other.first[0], other.last[0] + 1)
        ]
        pairs = [(a, b) for a, b in rows if isinstance(a, int | float) and isinstance(b, int | float)]
        if len(pairs) != len(rows) or not pairs or pairs != sorted(pairs) or pairs[0][0] > 0:
            raise NotUnderstood
        measure = self.said(sought, depth)
        node: Syntax = _number(f"{from_cell(float(pairs[0][1])):f}")
        for bound, value in pairs[1:]:
            reached = Comparison(HERE, ">=", measure, _number(f"{from_cell(float(bound)):f}"))
            node = Call(HERE, "if", (reached, _number(f"{from_cell(float(value)):f}"), node))
        return node


def _plain(item: Numeral) -> Numeral:
    text = item.at.text.replace(" ", "")
    return _number(f"{Decimal(text[:-1]) / 100:f}" if text.endswith("%") else text)


def _number(text: str) -> Numeral:
    return Numeral(Span(0, text))


def _is_true(item: Syntax) -> bool:
    return isinstance(item, Numeral) and item.at.text == "1"
