"""Who is paid by which scheme."""

from kpicalc.lang import in_quotes
from kpicalc.model.inputs import Payee
from kpicalc.model.scheme import Scheme, SchemeBook
from kpicalc.model.texts import spelling_key


def fits(scheme: Scheme, position: str, department: str) -> bool:
    """Tell whether a scheme is for this position and department; if it names neither, only the Scheme column counts."""
    audience = scheme.audience
    if audience.position is None and audience.department is None:
        return False
    return _among(audience.position, position) and _among(audience.department, department)


def schemes_of(book: SchemeBook, payee: Payee) -> list[str]:
    """Return the keys of the schemes that fit a payee: exactly one where the workbook is in order."""
    if payee.scheme:
        return [payee.scheme]
    if (only := alone(book)) is not None:
        return [only]
    return [key for key, scheme in book.schemes.items() if fits(scheme, payee.position, payee.department)]


def alone(book: SchemeBook) -> str | None:
    """Return the only scheme of a file if it does not say whom it is for: then it is for everybody."""
    keys = list(book.schemes)
    audience = book.schemes[keys[0]].audience if len(keys) == 1 else None
    return keys[0] if audience and audience.position is None and audience.department is None else None


def audiences(book: SchemeBook) -> str:
    """Name the positions and departments of all schemes, in quotes, so that a stray space or letter can be seen."""
    names: dict[str, None] = {}
    for scheme in book.schemes.values():
        departments = [in_quotes(name, book.language) for name in _names(scheme.audience.department)]
        positions = [in_quotes(name, book.language) for name in _names(scheme.audience.position)]
        if positions:
            inside = f" ({', '.join(departments)})" if departments else ""
            names |= dict.fromkeys(name + inside for name in positions)
        else:
            names |= dict.fromkeys(departments)
    return ", ".join(names) or "—"


def positions_of(book: SchemeBook) -> list[str]:
    """Return the positions of all schemes, as the file writes them."""
    return [name for scheme in book.schemes.values() for name in _names(scheme.audience.position)]


def _names(allowed: str | list[str] | None) -> list[str]:
    return [allowed] if isinstance(allowed, str) else allowed or []


def _among(allowed: str | list[str] | None, name: str) -> bool:
    if allowed is None:
        return True
    return spelling_key(name) in {spelling_key(other) for other in _names(allowed)}
