"""The floor: the fastest correct program for this one job that plain Python allows, and nothing besides.

calamine reads, Decimal computes exactly, rows go as XML text into a minimal xlsx with the fastest deflate. The pay rule
is hard-coded, nothing is checked, a blank cell or an unknown number crashes, and the workbook holds values only. A
program that checks its input, takes any scheme and writes live formulas cannot be as fast; the ratio tells what that
costs.

    python benchmarks/floor.py plan-2026-10.xlsx out.xlsx
"""

import json
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from pathlib import Path

import python_calamine

_KPIS = ("Продажи", "Маржа", "Звонки", "Оценка качества", "Срок ответа")
_WEIGHTS = (Decimal("0.3"), Decimal("0.25"), Decimal("0.2"), Decimal("0.15"), Decimal("0.1"))
_TARGET, _THRESHOLD, _RATE, _CAP = Decimal(40000), Decimal(150000), Decimal("0.025"), Decimal(60000)
_SHARE_LOW, _SHARE_HIGH = Decimal("0.5"), Decimal("1.3")
_BAND_LOW, _BAND_INDEX, _BAND_HIGH = Decimal("0.7"), Decimal("0.9"), Decimal("1.2")
_KOPECK, _STEP, _ZERO = Decimal("0.01"), Decimal("0.0001"), Decimal(0)
_ROWS_AT_ONCE = 2000

Row = tuple[object, ...]
PAYROLL = (
    "Табельный номер", "ФИО", "Подразделение", "Должность", "Отработано дней", "Индекс", "Доля премии",
    "Оклад", "Премия KPI", "Комиссия", "Потолок", "Итого",
)  # fmt: skip
BREAKDOWN = (
    "Табельный номер", "ФИО", "Подразделение", "Должность", "Показатель", "План", "Факт", "Выполнение", "Вес", "Часть",
)  # fmt: skip
# Styles of the minimal workbook: 0 general, 1 money, 2 per cent, 3 heading.
_PAYROLL_STYLES = (None, None, None, None, 0, 2, 2, 1, 1, 1, 1, 1)
_BREAKDOWN_STYLES = (None, None, None, None, None, 0, 0, 2, 2, 2)


def read(path: str) -> tuple[list[list[object]], dict[str, list[Decimal]], dict[str, list[Decimal]]]:
    """Return the people, and their plans and actuals by personnel number."""
    with python_calamine.load_workbook(path) as workbook:
        people = workbook.get_sheet_by_name("Сотрудники").to_python()[1:]
        plan = {row[0]: _exact(row[2:]) for row in workbook.get_sheet_by_name("План").to_python()[1:]}
        actual = {row[0]: _exact(row[2:]) for row in workbook.get_sheet_by_name("Факт").to_python()[1:]}
    return people, plan, actual


def _exact(values: Sequence[float]) -> list[Decimal]:
    return [Decimal(int(value)) if value.is_integer() else Decimal(f"{value:.15g}") for value in values]


def compute(
    people: list[list[object]], plan: dict[str, list[Decimal]], actual: dict[str, list[Decimal]]
) -> tuple[list[Row], list[Row]]:
    """Return the rows of the payroll and of the breakdown. A quotient of two cells rounds safely at 50 digits."""
    payroll: list[Row] = []
    breakdown: list[Row] = []
    whole = {number: Decimal(number) for number in range(32)}
    with localcontext(Context(prec=50, rounding=ROUND_HALF_UP)):
        for number, name, department, position, salary, worked, norm in people:
            planned, done = plan[number], actual[number]
            attained = [(top / bottom).quantize(_STEP) for top, bottom in zip(done[:4], planned[:4], strict=True)]
            attained.append((planned[4] / done[4]).quantize(_STEP))
            parts = [weight * part for weight, part in zip(_WEIGHTS, attained, strict=True)]
            index = (parts[0] + parts[1] + parts[2] + parts[3] + parts[4]).quantize(_STEP)
            if index >= _BAND_HIGH:
                share = _SHARE_HIGH
            elif index >= _BAND_INDEX:
                share = index
            else:
                share = _SHARE_LOW if index >= _BAND_LOW else _ZERO
            base = (Decimal(int(salary)) * whole[worked] / whole[norm]).quantize(_KOPECK)
            bonus = (_TARGET * share).quantize(_KOPECK)
            sales = done[0]
            commission = ((sales - _THRESHOLD) * _RATE).quantize(_KOPECK) if sales > _THRESHOLD else _ZERO
            over = bonus + commission - _CAP
            cut = -over if over > 0 else _ZERO
            total = base + bonus + commission + cut
            who = (number, name, department, position)
            payroll.append((*who, int(worked), index, share, base, bonus, commission, cut, total))
            breakdown += [
                (*who, *figures)
                for figures in zip(_KPIS, planned, done, attained, _WEIGHTS, parts, strict=True)
            ]  # fmt: skip
    return payroll, breakdown


def write(path: str, payroll: list[Row], breakdown: list[Row]) -> None:
    """Write both sheets as XML text, values only, with number formats, frozen headings and a filter."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        sheets = ((PAYROLL, _PAYROLL_STYLES, payroll), (BREAKDOWN, _BREAKDOWN_STYLES, breakdown))
        for at, (headings, styles, rows) in enumerate(sheets, 1):
            with archive.open(f"xl/worksheets/sheet{at}.xml", "w", force_zip64=True) as part:
                for text in _sheet(headings, styles, rows):
                    part.write(text.encode())


def _sheet(headings: Sequence[str], styles: Sequence[int | None], rows: list[Row]) -> Iterator[str]:
    letters = [chr(65 + at) for at in range(len(headings))]
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '</sheetView></sheetViews><sheetData><row r="1">'
    )
    heads = zip(letters, headings, strict=True)
    yield "".join(f'<c r="{letter}1" s="3" t="inlineStr"><is><t>{head}</t></is></c>' for letter, head in heads)
    yield "</row>"
    cells = [
        f'<c r="{letter}%d" t="inlineStr"><is><t>%s</t></is></c>' if style is None
        else f'<c r="{letter}%d" s="{style}"><v>%s</v></c>'
        for letter, style in zip(letters, styles, strict=True)
    ]  # fmt: skip
    template = '<row r="%d">' + "".join(cells) + "</row>"
    texts = [at for at, style in enumerate(styles) if style is None]
    slots: list[object] = [0] * (1 + 2 * len(letters))
    lines: list[str] = []
    for number, row in enumerate(rows, 2):
        slots[0] = number
        slots[1::2] = [number] * len(letters)
        slots[2::2] = row
        for at in texts:
            if "&" in row[at] or "<" in row[at]:
                slots[2 + 2 * at] = row[at].replace("&", "&amp;").replace("<", "&lt;")
        lines.append(template % tuple(slots))
        if len(lines) == _ROWS_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)
    yield f'</sheetData><autoFilter ref="A1:{letters[-1]}{len(rows) + 1}"/></worksheet>'


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="Ведомость" sheetId="1" r:id="rId1"/><sheet name="Расчёт" sheetId="2" r:id="rId2"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_LINKS}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId3" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>",
}


def main() -> None:
    """Do the job, and print the seconds of each stage as JSON."""
    start = time.perf_counter()
    inputs = read(sys.argv[1])
    reading = time.perf_counter()
    rows = compute(*inputs)
    computing = time.perf_counter()
    write(str(Path(sys.argv[2])), *rows)
    writing = time.perf_counter()
    stages = {"read": reading - start, "compute": computing - reading, "write": writing - computing}
    print(json.dumps({name: {"seconds": seconds} for name, seconds in stages.items()}))


if __name__ == "__main__":
    main()
