"""The statements that were written, as JSON."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from kpicalc import __version__
from kpicalc.engine.result import Payroll
from kpicalc.lang import Language
from kpicalc.model.issue import Issue
from kpicalc.screen.data.json import issue_data, money_text


class Page(Protocol):
    """A person's page that was written."""

    @property
    def number(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def file(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def total(self) -> Decimal | None: ...  # noqa: D102


def statements_json(
    payroll: Payroll | None, pages: Sequence[Page], issues: Iterable[Issue], files: Sequence[Path], language: Language
) -> str:
    """Return the people with their pages and the pay on them (null: not yet), as JSON."""
    data = {
        "kpicalc": __version__,
        "period": payroll.inputs.period if payroll else None,
        "currency": payroll.book.currency if payroll else None,
        "pages": [
            {
                "number": page.number,
                "name": page.name,
                "file": page.file,
                "sha256": page.sha256,
                "total": None if page.total is None else money_text(page.total),
            }
            for page in pages
        ],
        "issues": [issue_data(item, language) for item in issues],
        "files": [str(path) for path in files],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
