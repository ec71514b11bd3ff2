"""Tables of facts (deals, requests, calls) as the scheme file describes them: where they are, whose each row is."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kpicalc.model.entry import Entry

FactType = Literal["number", "text", "date", "time", "yes_no"]


def _whole(value: object) -> object:
    """Turn YAML's text into a whole number; anything else stays as it is, and is refused."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class FactColumn(Entry):
    """A column that expressions use."""

    heading: str = Field(description="the column's heading in the table")
    type: FactType = Field(
        default="number",
        description="number: up to six decimal places; date: a day; time: a day with its time; yes_no: yes or no",
    )


class FactFile(Entry):
    """A file of facts beside the workbook."""

    file: str = Field(description="a .csv or .parquet file; a relative path starts from the workbook's folder")
    decimal: Literal[",", "."] | None = Field(
        default=None, description="decimal mark of a csv file; stated where 1,234 could be read in two ways"
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
    match: Literal["number", "name"] = Field(
        default="number", description="what stands in it: the personnel number, or the full name"
    )
    date: str = Field(description="heading of the date that decides the month of the row")
    zone: str | None = Field(
        default=None,
        description="the time zone in which days begin, such as Europe/Moscow; stated where times carry a zone",
    )
    undated: Literal["error", "skip"] = Field(
        default="error", description="rows without that date: an error, or not yet anybody's (a deal not paid yet)"
    )
    key: str | None = Field(default=None, description="heading of the row's own number: the same twice is an error")
    columns: dict[str, str | FactColumn] = Field(
        default_factory=dict, description="name in expressions: heading of a column of numbers, or {heading, type}"
    )
    split: Split | None = Field(default=None, description="where rows share a fact between payees")
    example: list[dict[str, str]] = Field(
        default_factory=list,
        description="rows with which `init` begins the sheet, {heading: text}; payees as 1, 2 …, dates as days",
    )

    def column(self, key: str) -> FactColumn:
        """Return a column; a bare heading is one of numbers."""
        found = self.columns[key]
        return FactColumn(heading=found) if isinstance(found, str) else found
