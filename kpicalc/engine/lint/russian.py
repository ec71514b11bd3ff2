"""The country whose law applies: that of the scheme's production calendar."""

from kpicalc.model.scheme import SchemeBook


def is_russian(book: SchemeBook) -> bool:
    """Tell whether the scheme is for people in Russia."""
    country = book.calendar if isinstance(book.calendar, str) else book.calendar.country if book.calendar else ""
    return country.upper() == "RU" or country.upper().startswith("RU-")
