"""A bank's answer compared with what was sent: which rows belong together, and where they contradict each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from kpicalc.lang import Language, money
from kpicalc.model.identifiers import digits
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.reconciliation import By, Exchange, Pair, Reconciliation, Sent
from kpicalc.model.registry import Credit
from kpicalc.model.texts import name_key

_Key: TypeAlias = object
_KeysOf: TypeAlias = Callable[[Sent], Iterable[_Key]]
_KeyOf: TypeAlias = Callable[[Credit], _Key]


def _number(credit: Credit) -> str:
    return digits(credit.payee)


_STEPS: tuple[tuple[By, _KeysOf, _KeyOf], ...] = (
    ("payment", lambda sent: sent.payments, lambda credit: credit.payment),
    (
        "account",
        lambda sent: [(number, sent.amount) for number in sent.numbers],
        lambda credit: (_number(credit), credit.amount) if credit.payee else "",
    ),
    ("account", lambda sent: sent.numbers, _number),
)
"""The surest key comes first; each is tried only on the people still unmatched."""


def reconciled(exchange: Exchange) -> Reconciliation:
    """Compare an answer with what was sent."""
    return Reconciliation(exchange.period, exchange.answer.number, pairs(exchange.sent, exchange.answer.credits))


def pairs(sent: Sequence[Sent], rows: Sequence[Credit]) -> tuple[Pair, ...]:
    """Match people with rows of the answer: by payment, account and amount, account, or unique name.

    People come in the order sent, then the unmatched rows of the answer.
    """
    matched: dict[int, tuple[int, By]] = {}
    taken: set[int] = set()

    def pair(person: int, row: int, by: By) -> None:
        if person not in matched and row not in taken:
            matched[person] = (row, by)
            taken.add(row)

    for by, keys, key_of in _STEPS:
        owners: dict[_Key, list[int]] = defaultdict(list)
        for person, payment in enumerate(sent):
            if person not in matched:
                for key in keys(payment):
                    owners[key].append(person)
        for row, credit in enumerate(rows):
            if row not in taken and len(candidates := owners.get(key_of(credit), [])) == 1:
                pair(candidates[0], row, by)
    people, named = _by_name(sent), defaultdict(list)
    for row, credit in enumerate(rows):
        if row not in taken and credit.name:
            named[name_key(credit.name)].append(row)
    for name, alike in named.items():
        if len(alike) == len(candidates := people.get(name, [])) == 1:
            pair(candidates[0], alike[0], "name")
    ours = [
        Pair(payment, rows[matched[at][0]], matched[at][1]) if at in matched else Pair(payment, None)
        for at, payment in enumerate(sent)
    ]
    return (*ours, *(Pair(None, credit) for row, credit in enumerate(rows) if row not in taken))


def _by_name(sent: Sequence[Sent]) -> dict[str, list[int]]:
    people: dict[str, list[int]] = defaultdict(list)
    for at, payment in enumerate(sent):
        people[name_key(payment.name)].append(at)
    return people


def contradictions(result: Reconciliation, file: str, language: Language) -> Iterator[Issue]:
    """Report every contradiction between the answer and what was sent; a rejected payment is none."""
    strangers = []
    for pair in result.pairs:
        if pair.credit is None:
            continue
        place = Place(file, line=pair.credit.line)
        if pair.sent is None:
            strangers.append((pair.credit, place))
        else:
            yield from _differences(pair.sent, pair.credit, place, language)
            if pair.state == "unclear":
                yield issue("answer_result", place, who=pair.sent, found=pair.credit.result or "—")
    if strangers:
        yield from _strangers(strangers, result, language)


def _differences(sent: Sent, credit: Credit, place: Place, language: Language) -> Iterator[Issue]:
    if credit.amount != sent.amount:
        facts = {"found": money(credit.amount, language), "sent": money(sent.amount, language)}
        yield issue("answer_amount", place, who=sent, **facts)
    number = digits(credit.payee)
    # An account is compared with an account, a card with a card: the length tells them apart.
    same_kind = [ours for ours in sent.numbers if len(ours) == len(number)]
    if number and same_kind and number not in same_kind:
        yield issue("answer_account", place, who=sent, found=number, sent=same_kind)
    if credit.name and name_key(credit.name) != name_key(sent.name):
        yield issue("answer_name", place, who=sent, found=credit.name)


def _strangers(
    strangers: Sequence[tuple[Credit, Place]], result: Reconciliation, language: Language
) -> Iterator[Issue]:
    """Report unmatched rows that are a second row of a person, or fit several people."""
    answered = {pair.sent for pair in result.pairs if pair.credit and pair.sent}
    sure: dict[str, list[Sent]] = defaultdict(list)
    named: dict[str, list[Sent]] = defaultdict(list)
    for pair in result.pairs:
        if pair.sent:
            named[name_key(pair.sent.name)].append(pair.sent)
            for key in pair.sent.payments | pair.sent.numbers:
                sure[key].append(pair.sent)
    for credit, place in strangers:
        near = sure.get(credit.payment) or sure.get(_number(credit)) or []
        if not near:
            namesakes = named.get(name_key(credit.name), []) if credit.name else []
            # A person with a matched row and a namesake with another account are two people.
            near = [] if credit.payee and answered.issuperset(namesakes) else namesakes
        facts = {"found": credit.name or _number(credit) or "—", "amount": money(credit.amount, language)}
        if near:
            yield issue("answer_twice" if answered.issuperset(near) else "answer_ambiguous", place, **facts, who=near)
        else:
            yield issue("answer_stranger", place, **facts)
