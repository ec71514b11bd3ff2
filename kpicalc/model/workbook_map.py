"""What the workbook in use calls things, so that nobody has to change a sheet they already keep."""

from pydantic import Field

from kpicalc.model.entry import Entry
from kpicalc.model.fields import SheetRole


class WorkbookMap(Entry):
    """What the workbook in use calls its sheets and columns."""

    sheets: dict[SheetRole, str] = Field(default_factory=dict, description="sheet: its name in the workbook")
    columns: dict[SheetRole, dict[str, str]] = Field(
        default_factory=dict, description="sheet: {field or KPI: its heading in the workbook}"
    )
