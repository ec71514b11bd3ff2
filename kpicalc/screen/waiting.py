"""Texts about pay that is not known yet: the two sums between which it lies, and errors without a person."""

from collections.abc import Sequence

from kpicalc.engine.probing.missing import Worth
from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, message, money, word
from kpicalc.model.issue import Issue


def errors_of_nobody(errors: Sequence[Issue], language: Language) -> str:
    """Report that there are errors that may concern any person, with the first of them."""
    first = f"{errors[0].place}: {message(errors[0], language)}"
    return word("terminal.explain.unowned", language).format(count=len(errors), first=first)


def worth_in_words(worth: Worth | None, payroll: Payroll) -> str:
    """Write the two sums between which the pay of a person with missing figures lies."""
    language = payroll.book.language
    if worth is None or worth.low is None:
        return word("terminal.explain.worth_unknown", language)
    if worth.high is None:
        low = money(worth.low, language)
        return word("terminal.explain.worth_unplanned", language).format(low=low, currency=payroll.book.currency)
    sums = {name: money(value, language) for name, value in (("low", worth.low), ("high", worth.high))}
    phrase = "worth_one" if worth.low == worth.high else "worth"
    return word(f"terminal.explain.{phrase}", language).format(**sums, currency=payroll.book.currency)
