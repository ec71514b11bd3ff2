"""The draft of an adopted workbook: the mapping, KPIs, questions, reasons."""

from collections.abc import Sequence
from dataclasses import field
from typing import Literal

from kpicalc.forms.adopt.wording import stem
from kpicalc.lang import Language, word
from kpicalc.model.adopted import Question, Side, Understood
from kpicalc.model.fields import SheetRole
from kpicalc.model.record import record
from kpicalc.model.texts import name_key

Match = Literal["number", "name"]
ROLE_OF: dict[Side, SheetRole] = {"plan": "plan", "actual": "actuals"}


@record
class Found:
    """A column or row with a KPI's plans or actuals: its sheet, heading and cells.

    `figures` are its values by person's key, to tell whether two places agree.
    """

    title: str
    key: str
    side: Side
    unit: str
    sheet: str
    heading: str
    at: int
    place: str
    why: str
    figures: tuple[tuple[str, float], ...] = ()
    named: bool = True
    """False if nothing names the KPI."""
    led: bool = False
    """True if the title is a genitive, after «План» or «Факт»."""

    @property
    def same(self) -> str:
        """Return the common part of the names of a KPI's plan and its actual, in any spelling."""
        return self.key or stem(self.title)


@record(frozen=False)
class Draft:
    """The mapping in progress. `kpis`: key -> (title, unit)."""

    language: Language
    period: str
    match: Match = "number"
    sheets: dict[SheetRole, str] = field(default_factory=dict)
    columns: dict[SheetRole, dict[str, str]] = field(default_factory=dict)
    constants: dict[SheetRole, dict[str, str]] = field(default_factory=dict)
    tables: dict[SheetRole, dict[str, str]] = field(default_factory=dict)
    kpis: dict[str, tuple[str, str]] = field(default_factory=dict)
    own: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Columns of the Employees sheet with unusual headings: key -> (title, unit)."""
    expected: dict[tuple[str, str], str] = field(default_factory=dict)
    """The letters of the columns with figures, by role and KPI, where people stand in rows."""
    planned: set[str] = field(default_factory=set)
    """The keys of KPIs that have a plan."""
    led: set[str] = field(default_factory=set)
    """The keys of KPIs whose title may be a genitive."""
    schemes: list[str] = field(default_factory=list)
    """The schemes that the people's list names."""
    same: dict[str, str] = field(default_factory=dict)
    """The keys of KPIs by the common part of their spellings."""
    homes: dict[str, str] = field(default_factory=dict)
    """The sheet (its name in this workbook) of each role whose people stand in rows."""
    questions: list[Question] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    passed: list[Understood] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    """The reason why a sheet is not read, by its name."""

    def ask(self, code: str, place: str, candidates: Sequence[str] = (), /, **facts: object) -> None:
        """Add a question, unless it is there already."""
        text = word(f"adopt.question.{code}", self.language).format(**facts)
        asked = Question(text, place, tuple(candidates))
        if asked not in self.questions:
            self.questions.append(asked)

    def tell(self, code: str, place: str, why: str = "", /, **facts: object) -> None:
        """Add a statement of what was understood."""
        text = word(f"adopt.understood.{code}", self.language).format(**facts)
        understood = Understood(text, place, why)
        if understood not in self.understood:
            self.understood.append(understood)

    def skip(self, code: str, heading: str, place: str) -> None:
        """Add a column that is not read."""
        passed = Understood(heading, place, word(f"adopt.passed.{code}", self.language))
        if passed not in self.passed:
            self.passed.append(passed)

    def reason(self, code: str, /, **facts: object) -> str:
        """Return the reason for an interpretation."""
        return word(f"adopt.why.{code}", self.language).format(**facts)

    def key_for(self, title: str, known: str) -> str:
        """Return a new key for a KPI."""
        wanted = known or latin(title) or "kpi"
        key, number = wanted, 1
        while key in self.kpis:
            number += 1
            key = f"{wanted}_{number}"
        return key


_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
         "h", "c", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"),
        strict=True,
    )
)  # fmt: skip
_RESERVED = frozenset(
    {"and", "or", "not", "if", "min", "max", "round", "sum", "abs", "month", "months_employed", "day", "days", "kpi",
     "value", "id", "period", "year", "plan", "actual", "name", "attainment", "salary", "department", "position"}
)  # fmt: skip


def latin(title: str) -> str:
    """Return a key in Latin letters: «Новые договоры» -> novye_dogovory."""
    text = "".join(_LETTERS.get(letter, letter) for letter in name_key(title))
    key = "_".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text).split())[:40]
    if key[:1].isdigit():
        key = f"kpi_{key}"
    return f"{key}_kpi" if key in _RESERVED else key
