"""Do two payroll workbooks pay the same? Reads what stands in the files, not what the programs believe.

Compares the columns of pay (salary, bonus, commission, cap, total) of the first sheet by personnel number, and
prints as JSON how many people there are, how many are paid differently and by how much at most. Columns are found by
their headings: a payroll that is signed has a number before them and a signature behind.

    python benchmarks/compare.py one.xlsx other.xlsx
"""

import json
import sys
from decimal import Decimal

_NUMBER, _TOTAL = "Табельный номер", "Итого"
_LINES = 5


def payroll(path: str) -> dict[str, tuple[Decimal, ...]]:
    """Return the lines of pay by personnel number."""
    import python_calamine

    with python_calamine.load_workbook(path) as workbook:
        rows = iter(workbook.get_sheet_by_index(0).to_python())
    headings = next((row for row in rows if _NUMBER in row), None)
    if headings is None:
        sys.exit(f"{path}: no row of headings on the first sheet")
    number, total = headings.index(_NUMBER), headings.index(_TOTAL)
    return {
        row[number]: tuple(Decimal(f"{value:.15g}") for value in row[total - _LINES + 1 : total + 1])
        for row in rows
        if isinstance(row[number], str) and row[number].isdigit()
    }


def main() -> None:
    """Compare, and print the result."""
    one, other = payroll(sys.argv[1]), payroll(sys.argv[2])
    wrong = [number for number in one.keys() | other.keys() if one.get(number) != other.get(number)]
    totals = [abs(one[number][-1] - other[number][-1]) for number in wrong if number in one and number in other]
    print(
        json.dumps(
            {
                "people": len(one),
                "different": len(wrong),
                "largest": str(max(totals, default=0)),
                "example": min(wrong, default=""),
                "total": str(sum(lines[-1] for lines in one.values())),
            }
        )
    )


if __name__ == "__main__":
    main()
