"""The payroll that is signed: numbered rows, sums by department and in words, signatures, what tells of changes."""

from decimal import Decimal
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest
from edited import edit
from recalculation import ENGINES, IronCalc, LibreOffice, differences, write_month

from kpicalc import app as commands
from kpicalc.payroll.back.read import read_payroll
from kpicalc.payroll.sheets.payroll_foot import in_words

SAMPLES = Path(__file__).parents[1] / "samples"
ORGANISATION = """\
kpicalc: 1
name: ООО Ромашка
signatures:
  composed: {post: Бухгалтер, name: Белова А. С.}
  approved: {post: Генеральный директор, name: Котов О. Н.}
"""


def written(sample: str, folder: Path, organisation: str = "") -> Path:
    copytree(SAMPLES / sample, folder / "month")
    if organisation:
        (folder / "month" / "organisation.yaml").write_text(organisation, encoding="utf-8")
    done = commands.run(folder / "month" / "2026-10.xlsx", folder / "month" / "scheme.yaml", out=folder / "out.xlsx")
    assert done.files, done.issues
    return done.files[0]


def rows(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["Ведомость"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def texts(path: Path) -> list[str]:
    return [cell for row in rows(path) for cell in row if isinstance(cell, str)]


def test_people_are_numbered_and_sign(tmp_path: Path) -> None:
    found = rows(written("department", tmp_path))
    heads = found[3]
    assert heads[:6] == ["№ п/п", "Табельный номер", "Сотрудник", "Итого", "Подразделение", "Должность"]
    assert heads[-3:] == ["Корректировки", "Итого", "Подпись"]
    assert [row[0] for row in found if isinstance(row[0], int)] == list(range(1, 13))


def test_sums_by_department_stand_below_everybody(tmp_path: Path) -> None:
    path = written("department", tmp_path)
    # 456 396.55 + 232 310.93 + 324 166.00 = 1 012 873.48, by the payroll of the sample.
    assert {
        row[0]: row[3] for row in rows(path) if isinstance(row[0], str) and row[0].startswith(("Итого", "Всего"))
    } == {
        "Итого: Активные продажи": 456396.55,
        "Итого: Входящий поток": 232310.93,
        "Итого: Ключевые клиенты": 324166,
        "Всего": 1012873.48,
    }
    assert (
        "К выплате до удержания налога: Один миллион двенадцать тысяч восемьсот семьдесят три рубля, 48 копеек."
        in texts(path)
    )
    assert differences(path) == []


def test_a_department_is_named_once_in_its_row(tmp_path: Path) -> None:
    """Whatever signs its name has, the row adds up its people: quotes, a pattern, more signs than a formula takes."""
    names = ['ООО "Юг"', "Юг*", f"Север {'дальний ' * 40}"]
    people = [[str(at), f"Ким Ли {at}", name, "Менеджер", 1000 * at] for at, name in enumerate(names, 1)]
    done = paid(tmp_path, people)
    found = {row[0]: row for row in rows(done) if isinstance(row[0], str) and row[0].startswith("Итого")}
    # Number, name, department, position, then the salary and the total of as much, and a place to sign.
    assert {text: row[1:] for text, row in found.items()} == {
        f"Итого: {name.strip()}": [None] * 4 + [1000 * at] * 2 + [None] for at, name in enumerate(names, 1)
    }
    assert differences(done) == []


def test_a_title_stands_whole_on_every_page(tmp_path: Path) -> None:
    """Where columns go to further pages, the title would be cut at the columns that are repeated there."""
    book = openpyxl.load_workbook(written("department", tmp_path))
    assert {sheet.oddFooter.center.text for sheet in book.worksheets} == {"Стр. &P из &N"}
    sheet = book["Расчёт Активные продажи"]
    # The groups of columns stand in row 3, four people in 5 to 8, their sum in 9.
    assert (sheet.print_title_cols, sheet.print_area.split("$")[2::2]) == ("$A:$B", ["3:", "9"])
    assert sheet.oddHeader.left.text.strip() == "Расчёт: Активные продажи, октябрь 2026"
    narrow = openpyxl.load_workbook(small(tmp_path))["Расчёт"]
    assert (narrow.print_title_cols, narrow.print_area, narrow.oddHeader.left.text) == (None, "", None)


def test_a_payroll_with_tax_is_what_is_paid(tmp_path: Path) -> None:
    found = texts(written("incoming", tmp_path))
    assert any(text.startswith(("К выплате: ", "К выплате до удержания")) for text in found)


def test_who_signs_comes_from_the_organisation_file(tmp_path: Path) -> None:
    found = "\n".join(texts(written("tabelly", tmp_path, ORGANISATION)))
    assert "ООО Ромашка" in found
    assert "Составил: Бухгалтер\n________________ / Белова А. С. /" in found
    assert "Утвердил: Генеральный директор\n________________ / Котов О. Н. /" in found


def test_without_the_file_the_lines_stand_blank(tmp_path: Path) -> None:
    found = texts(written("tabelly", tmp_path))
    assert "Составил: ________________\n________________ / ________________ /" in found


def test_a_broken_organisation_file_is_told(tmp_path: Path) -> None:
    copytree(SAMPLES / "tabelly", tmp_path / "month")
    (tmp_path / "month" / "organisation.yaml").write_text("kpicalc: 1\nnam: ООО\n", encoding="utf-8")
    done = commands.run(tmp_path / "month" / "2026-10.xlsx", tmp_path / "month" / "scheme.yaml", out=tmp_path / "out")
    assert done.errors
    assert not done.files


def test_what_is_no_line_of_the_payee_is_a_dash(tmp_path: Path) -> None:
    path = written("department", tmp_path)
    found = rows(path)
    head = found[4]
    # Of 14 lines a head of a department has 4: salary, two of the department, adjustments.
    assert head.count("—") == 10
    assert "«—» — такой строки в схеме сотрудника нет; 0,00 — строка есть, а за месяц по ней ничего." in texts(path)
    month, issues = read_payroll(path)
    assert (month is not None, issues) == (True, [])


def test_adjustments_stand_last(tmp_path: Path) -> None:
    """Wherever a scheme has them."""
    scheme = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
schemes:
  manager:
    for: {position: Менеджер}
    pay: [adjustments, base_salary: {amount: 100}, formula: {title: Надбавка, pays: "1"}]
"""
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    sheets = {
        "Сотрудники": [["Табельный номер", "Сотрудник", "Подразделение", "Должность"], ["1", "Ким Ли", "", "Менеджер"]],
        "Корректировки": [["Табельный номер", "Сумма", "Основание"], ["1", 5, "за помощь"]],
    }
    done = commands.run(write_month(tmp_path / "2026-10.xlsx", sheets), tmp_path / "scheme.yaml", out=tmp_path)
    assert done.files, done.issues
    assert rows(done.files[0])[3][5:9] == ["Оклад", "Надбавка", "Корректировки", "Итого"]
    month, issues = read_payroll(done.files[0])
    assert (month is not None, issues) == (True, [])


# -- what was changed after the run -----------------------------------------------------------------------------------


def small(folder: Path) -> Path:
    """Pay two people a salary of 15 000 each, which stands in E5 and E6 of their calculation."""
    return paid(folder, [["1", "Ким Ли", "Юг", "Менеджер", 15000], ["2", "Ан Ли", "Юг", "Менеджер", 15000]])


def paid(folder: Path, people: list[list[object]]) -> Path:
    """Pay people their salaries."""
    scheme = """
kpicalc: 1
language: ru
rules: {money: {round: 0.01, ties: half_up}}
schemes:
  manager: {for: {position: Менеджер}, pay: [base_salary: {amount: salary}]}
"""
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    heads = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Оклад"]
    book = write_month(folder / "2026-10.xlsx", {"Сотрудники": [heads, *people]})
    done = commands.run(book, folder / "scheme.yaml", out=folder / "out.xlsx")
    assert done.files, done.issues
    return done.files[0]


def red_line(path: Path, engine: type[IronCalc | LibreOffice]) -> str:
    return str(engine(path).value("Ведомость", 3, 3) or "")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_change_after_the_run_is_told_by_formula(tmp_path: Path, engine: type[IronCalc | LibreOffice]) -> None:
    path = small(tmp_path)
    assert red_line(path, engine) == ""
    edit(path, "Расчёт", {"E5": 16000})
    told = red_line(path, engine)
    assert told.startswith("Изменено после расчёта на 1000: в 1С и банк не пойдёт (рассчитано за октябрь 2026")
    words = [engine(path).value("Ведомость", row, 1) for row in range(7, 12)]
    assert "Изменено после расчёта (было 30 000,00): в 1С и банк не пойдёт." in [
        str(text).replace("\N{NO-BREAK SPACE}", " ") for text in words
    ]


def test_a_change_with_the_same_total_is_told_too(tmp_path: Path) -> None:
    """A thousand from one to another."""
    path = small(tmp_path)
    edit(path, "Расчёт", {"E5": 16000, "E6": 14000})
    assert red_line(path, IronCalc).startswith("Изменено после расчёта при той же сумме: в 1С и банк не пойдёт")


def test_a_total_typed_beside_the_name_is_found(tmp_path: Path) -> None:
    """Where a payroll goes on to further pages, its total stands twice: both must be what was computed."""
    path = written("department", tmp_path)
    edit(path, "Ведомость", {"D5": 130072}, typed=True)
    _, issues = read_payroll(path)
    assert {item.code for item in issues} == {"payroll_typed", "payroll_row_sum"}


def test_sums_in_words() -> None:
    assert in_words(Decimal("47000.00"), "RUB", "ru") == "Сорок семь тысяч рублей, 00 копеек"
    assert in_words(Decimal("1.01"), "RUB", "en") == "One rouble, 01 kopek"
    assert in_words(Decimal("12.5"), "XAF", "ru") == "Двенадцать XAF 50"


def test_a_payroll_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """Its people stand from the first column on, unnumbered; it says the same as one that is written now."""
    old = Path(__file__).parent / "earlier" / "salary-project-2026-10.xlsx"
    month, issues = read_payroll(old)
    assert issues == []
    assert month
    # 72 000 + 78 000 + 27 345.68 = 177 345.68, by the payroll of the sample.
    assert month.table.paid.total == Decimal("177345.68")
    again, _ = read_payroll(written("salary-project", tmp_path))
    assert again
    assert {number: person.total.value for number, person in again.people.items()} == {
        number: person.total.value for number, person in month.people.items()
    }
    assert again.digest == month.digest, "what is paid to whom is the same"
