"""Every column of every input sheet, described once: readers, forms, units and the reference are made from it.

The names of sheets and columns in both languages are in the catalogue `lang/tables.toml`, under the same keys.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from kpicalc.model.record import record

SheetRole = Literal["employees", "plan", "actuals", "team_plan", "adjustments", "history", "changes"]
ROLES: tuple[SheetRole, ...] = get_args(SheetRole)

EmployeeField = Literal[
    "salary", "fte", "days_worked", "days_norm", "hours_worked", "hours_norm", "shifts", "days_employed",
    "salary_after", "fte_after", "days_after", "hours_after", "months_employed", "month", "hired", "month_start",
    "month_end",
]  # fmt: skip
"""Figures of a payee.

`_after`: the value after a change of salary or rate inside the month; without a change equal, or 0. months_employed: 1
in the month of hiring; month: the number of the month that is paid, 1 to 12; hired, month_start, month_end: days, by
their numbers in a spreadsheet.
"""
WORKED: Mapping[EmployeeField, EmployeeField] = {"days_worked": "days_norm", "hours_worked": "hours_norm"}
"""Time worked, and its norm."""
WithheldField = Literal["income_before", "tax_before", "tax_deductions", "writ_share", "writ_amount"]
"""What withholding needs to know of a payee; formulas cannot use it."""
BalanceField = Literal["points_balance", "points_spent", "draw_balance", "holdback_balance"]
"""What is carried from month to month beside pay; it is no term of employment, and formulas cannot use it."""
DetailField = Literal[
    "account", "card", "bank_bic", "iban", "snils", "inn", "last_name", "first_name", "middle_name", "onec_name",
    "crm_name",
]  # fmt: skip
"""The details of a payee that files for 1C and banks need, and the names of payees in exports of a CRM."""
Level = Literal["minimum", "norm", "maximum"]
"""A department's plan has three levels."""

Kind = Literal["text", "digits", "money", "number", "percent", "day", "month", "figure"]
"""What a cell holds. digits: a number that is kept as text; figure: in the unit of the KPI."""
Need = Literal["always", "pay", "withholding", "balances", "files"]
"""Who needs a column: every run, calculations, withholding, balances, the files for 1C and banks."""


@record
class InputField:
    """A column of an input sheet; `length` is that of digits whose number is fixed.

    `constant`: the scheme file may state one value for everybody.
    """

    key: str
    kind: Kind = "text"
    need: Need = "always"
    required: bool = False
    constant: bool = False
    length: int = 0

    @property
    def unit(self) -> Literal["money", "percent", "number"]:
        """Return the unit of the column's figures in calculations."""
        return self.kind if self.kind in ("money", "percent") else "number"


@record
class InputSheet:
    """A sheet of the workbook: its name in calculations and its columns; `per_kpi` sheets also have one per KPI."""

    role: SheetRole
    calculation: str
    fields: tuple[InputField, ...]
    per_kpi: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """Return the keys of the columns without which the sheet is not read."""
        return tuple(field.key for field in self.fields if field.required)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of all columns."""
        return frozenset(field.key for field in self.fields)

    def field(self, key: str) -> InputField:
        """Return a column by its key."""
        return next(field for field in self.fields if field.key == key)


_ID = InputField("id", "digits", required=True)
_PERIOD = InputField("period", "month", constant=True)
_YEAR = InputField("year", "number")
_FROM = InputField("from", "day", "pay")
"""The first day of a row: for a person with several rows, other sheets use it to say which row they mean."""
_KPIS = (_ID, _PERIOD, _YEAR, InputField("kpi"), InputField("value", "figure"))
_POSITION = InputField("position", required=True, constant=True)
_SCHEME = InputField("scheme", constant=True)

_EMPLOYEES = (
    _ID,
    InputField("name", required=True),
    InputField("department", required=True, constant=True),
    _POSITION,
    _SCHEME,
    InputField("salary", "money", "pay"),
    InputField("fte", "number", "pay"),
    InputField("days_worked", "number", "pay"),
    InputField("days_norm", "number", "pay"),
    InputField("hours_worked", "number", "pay"),
    InputField("hours_norm", "number", "pay"),
    InputField("shifts", "number", "pay"),
    InputField("days_employed", "number", "pay"),
    InputField("hired", "day", "pay"),
    InputField("dismissed", "day", "pay"),
    _FROM,
    InputField("to", "day", "pay"),
    InputField("points_balance", "number", "balances"),
    InputField("points_spent", "number", "balances"),
    InputField("draw_balance", "money", "balances"),
    InputField("holdback_balance", "money", "balances"),
    InputField("income_before", "money", "withholding"),
    InputField("tax_before", "money", "withholding"),
    InputField("tax_deductions", "money", "withholding"),
    InputField("writ_share", "percent", "withholding"),
    InputField("writ_amount", "money", "withholding"),
    InputField("account", "digits", "files"),
    InputField("card", "digits", "files"),
    InputField("bank_bic", "digits", "files", length=9),
    InputField("iban", "digits", "files"),
    InputField("snils", "digits", "files", length=11),
    InputField("inn", "digits", "files", length=12),
    InputField("last_name", need="files"),
    InputField("first_name", need="files"),
    InputField("middle_name", need="files"),
    InputField("onec_name", need="files"),
    InputField("crm_name", need="files"),
)

SHEETS: dict[SheetRole, InputSheet] = {
    sheet.role: sheet
    for sheet in (
        InputSheet("employees", "employee", _EMPLOYEES),
        InputSheet("plan", "plan", (*_KPIS, _FROM), per_kpi=True),
        InputSheet("actuals", "actual", (*_KPIS, _FROM), per_kpi=True),
        InputSheet(
            "team_plan",
            "team",
            (
                InputField("department", required=True),
                InputField("kpi", required=True),
                *(InputField(level, "figure") for level in get_args(Level)),
                _PERIOD,
                _YEAR,
            ),
        ),
        InputSheet(
            "adjustments",
            "adjustments",
            (_ID, InputField("amount", "money", required=True), InputField("reason", required=True), _PERIOD, _YEAR),
        ),
        InputSheet(
            "history",
            "history",
            (_ID, InputField("period", "month", required=True), _YEAR, *_KPIS[3:], InputField("plan", "figure")),
            per_kpi=True,
        ),
        InputSheet(
            "changes",
            "changes",
            (
                _ID,
                InputField("from", "day", required=True),
                InputField("salary", "money", "pay"),
                InputField("fte", "number", "pay"),
                InputField("days_after", "number", "pay"),
                InputField("hours_after", "number", "pay"),
                InputField("position"),
                InputField("scheme"),
            ),
        ),
    )
}
"""By role, in reading order."""


def employee_fields(*needs: Need, figures: bool = False) -> Iterator[InputField]:
    """Return the columns of the Employees sheet that some calculation or file needs; `figures`: those with numbers."""
    for field in _EMPLOYEES:
        if field.need in needs and (not figures or field.kind in ("money", "number", "percent")):
            yield field
