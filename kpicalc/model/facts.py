"""Tables of facts (deals, requests, calls) as the scheme file describes them: their location, the payee of each row."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from kpicalc.model.entry import Entry, no_items

FactType = Literal["number", "text", "date", "time", "yes_no"]
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "amocrm": {"match": "name", "undated": "skip", "blank": ["не закрыта"]},
}
"""The known properties of other programs' exports, by their names under `like:`."""


def _whole(value: object) -> object:
    """Turn YAML's text into a whole number; any other value is returned unchanged, and refused later."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class FactColumn(Entry):
    """A column that expressions use."""

    heading: str = Field(description="the column's heading in the table")
    type: FactType = Field(
        default="number",
        description="number: up to six decimal places; date: a day; time: a day with its time; yes_no: yes or no",
    )


class FactFile(Entry):
    """A file of facts beside the workbook, as another program wrote it."""

    file: str | None = Field(
        default=None,
        description="a csv, xlsx, xls, xlsb, ods or Parquet file; its name is literal, a relative path starts from the "
        "workbook's folder; without it a sheet of the workbook itself",
    )
    sheet: str | None = Field(default=None, description="the sheet of a workbook; stated where it has several")
    newest: str | None = Field(
        default=None,
        description="`pattern`: the name is a pattern (`leads_*.csv`) of which the newest file is taken, and named; or "
        "the pattern itself, in place of `file`",
    )
    encoding: str | None = Field(
        default=None,
        description="encoding of a csv file; utf-8, utf-16 and windows-1251 are recognised where it is not stated",
    )
    decimal: Literal[",", "."] | None = Field(
        default=None, description="decimal mark of a csv file; stated where 1,234 could be read in two ways"
    )
    like: Literal["amocrm"] | None = Field(
        default=None,
        description="amocrm: people are named, «не закрыта» is a blank, and rows without the date are skipped, unless "
        "the table says otherwise",
    )


class FactConnection(Entry):
    """A table of facts in a database."""

    connect: str = Field(
        description="address, such as postgres://crm.example.com/sales, or $NAME: the environment variable that holds "
        "it; a password never stands in the scheme"
    )
    table: str = Field(description="name of the table or view; schema.table where it is not in the default schema")


class Split(Entry):
    """One fact shared by several payees: a row for each of them, with the whole figures and the payee's share."""

    share: str = Field(description="the column with the share of the payee; the shares of one fact add up to 1")
    of: str = Field(description="the column that says which fact it is: the number of the deal")
    round: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=6)] = Field(
        default=2, description="decimal places of the parts; they always add up to the whole"
    )


class FactTable(Entry):
    """A table of facts, a row per event."""

    title: str | None = Field(default=None, description="the name that people see")
    from_: str | FactFile | FactConnection = Field(
        alias="from", description="a sheet of the workbook, a file beside it, or a table in a database"
    )
    payee: str = Field(description="heading of the column that says whose the row is")
    match: Literal["number", "name"] | None = Field(
        default=None,
        description="what stands in it: the personnel number, or the name, in full or shortened so that it fits one "
        "person (Иванова А.С.); unstated: as `workbook: match` says",
    )
    aliases: dict[str, str] | str = Field(
        default_factory=dict,
        description="text in that column: the personnel number or the name that it means; or the heading of a column "
        "of the Employees sheet with such texts (Имя в CRM, which is read unasked)",
    )
    others: Literal["error", "skip"] = Field(
        default="error", description="rows of people who are not on the Employees sheet: an error, or counted and left"
    )
    unowned: Literal["error", "skip"] = Field(
        default="error", description="rows in which nobody is named: an error, or counted and left"
    )
    groups: Literal["payee"] | None = Field(
        default=None,
        description="a report grouped by person: a row without the date names the person of the rows below it, and its "
        "figures are subtotals that must agree",
    )
    date: str = Field(description="heading of the date that decides the month of the row")
    zone: str | None = Field(
        default=None,
        description="the time zone in which days begin, such as Europe/Moscow; stated where times carry a zone",
    )
    undated: Literal["error", "skip"] = Field(
        default="error", description="rows without that date: an error, or not yet anybody's (a deal not paid yet)"
    )
    empty: Literal["error", "zero"] = Field(
        default="error",
        description="no row of anybody paid here in the month: an error, or nothing happened and sums are 0",
    )
    blank: list[str] = Field(default_factory=no_items, description="texts that mean an empty cell: не закрыта, -")
    where: str | None = Field(
        default=None,
        description="only rows for which this condition holds are read at all: nothing else is asked of others",
    )
    key: str | None = Field(default=None, description="heading of the row's own number: the same twice is an error")
    columns: dict[str, str | FactColumn] = Field(
        default_factory=dict, description="name in expressions: heading of a column of numbers, or {heading, type}"
    )
    order: dict[str, str] = Field(
        default_factory=dict,
        description="name in expressions: a column, such as the client; which row of its client a row is, by the date: "
        "1 is the first, and rows of one moment share their number",
    )
    split: Split | None = Field(default=None, description="where rows share a fact between payees")
    example: list[dict[str, str]] = Field(
        default_factory=no_items,
        description="rows with which `init` begins the sheet, {heading: text}; payees as 1, 2 …, dates as days",
    )

    @model_validator(mode="before")
    @classmethod
    def _as_others_write_it(cls, raw: object) -> object:
        """Complete the table with the known properties of another program's export; its own entries have priority."""
        source = raw.get("from") if isinstance(raw, dict) else None
        like = source.get("like") if isinstance(source, dict) else None
        if not isinstance(raw, dict) or not isinstance(like, str) or like not in PRESETS:
            return raw
        preset = dict(PRESETS[like])
        own = raw.get("blank")
        blank = {"blank": [*preset["blank"], *(own if isinstance(own, list) else [])]} if "blank" in preset else {}
        return preset | raw | (blank if own is None or isinstance(own, list) else {})

    def own_sheet(self) -> str:
        """Return the sheet of the workbook that holds the table; empty where it is elsewhere."""
        match self.from_:
            case str(name):
                return name
            case FactFile(file=None, newest=None, sheet=str(name)):
                return name
            case _:
                return ""

    def column(self, key: str) -> FactColumn:
        """Return a column; a heading alone declares a column of numbers."""
        column = self.columns[key]
        return FactColumn(heading=column) if isinstance(column, str) else column
