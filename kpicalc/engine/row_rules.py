"""The rules by which a scheme file pays single rows of facts."""

from kpicalc.model.deals import RowRule
from kpicalc.model.scheme import SchemeBook


def row_rules(book: SchemeBook) -> list[RowRule]:
    """Return the rules by which rows are paid, each once, in the order of the scheme file."""
    return list(
        dict.fromkeys(
            item.component.rule(item.component.called(book.language))
            for scheme in book.schemes.values()
            for item in scheme.pay
            if item.name == "deal_commission"
        )
    )
