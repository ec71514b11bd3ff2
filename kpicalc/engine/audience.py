"""Who is paid by which scheme."""

from kpicalc.model.scheme import Scheme


def fits(scheme: Scheme, position: str, department: str) -> bool:
    """Tell whether a scheme is for these two; one that names neither is for the Scheme column only."""
    audience = scheme.audience
    if audience.position is None and audience.department is None:
        return False
    return _among(audience.position, position) and _among(audience.department, department)


def _among(allowed: str | list[str] | None, found: str) -> bool:
    if allowed is None:
        return True
    names = [allowed] if isinstance(allowed, str) else allowed
    return _folded(found) in {_folded(name) for name in names}


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
