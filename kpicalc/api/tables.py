"""Tables of pay: the same columns for a month that is computed and for payrolls that were paid."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("period", "payee", "name", "department", "position", "scheme", "line", "title", "amount")


def table(rows: Iterable[tuple[object, ...]]) -> "pd.DataFrame":
    """Return rows under the columns of every table of pay."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=object)
