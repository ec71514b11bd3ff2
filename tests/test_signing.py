"""The payroll that is signed: people by department, sums in words, signatures, on pages of A4."""

from pathlib import Path
from shutil import copytree

import openpyxl
import pytest
from recalculation import differences

from kpicalc import app as commands
from kpicalc.payroll.signing_sheet import in_words

SAMPLES = Path(__file__).parents[1] / "samples"


def written(sample: str, folder: Path, organisation: str = "") -> Path:
    copytree(SAMPLES / sample, folder / "month")
    if organisation:
        (folder / "month" / "organisation.yaml").write_text(organisation, encoding="utf-8")
    done = commands.run(folder / "month" / "2026-10.xlsx", folder / "month" / "scheme.yaml", out=folder / "out.xlsx")
    assert done.files, done.issues
    return done.files[0]


def rows(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["К подписи"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_people_stand_by_department_with_subtotals(tmp_path: Path) -> None:
    path = written("department", tmp_path)
    found = rows(path)
    assert found[5][:3] == ["№ п/п", "Таб. №", "Фамилия, имя, отчество"]
    assert found[5][5:7] == ["К выплате", "Подпись"]
    assert [row[0] for row in found if isinstance(row[0], int)] == list(range(1, 13))
    sums = {row[0]: row[5] for row in found if isinstance(row[0], str) and row[0].startswith(("Итого", "Всего"))}
    # 456 396.55 + 232 310.93 + 324 166.00 = 1 012 873.48, by the payroll of the sample.
    assert sums == {
        "Итого: Активные продажи": 456396.55,
        "Итого: Входящий поток": 232310.93,
        "Итого: Ключевые клиенты": 324166,
        "Всего к выплате": 1012873.48,
    }
    words = "К выплате: Один миллион двенадцать тысяч восемьсот семьдесят три рубля, 48 копеек."
    assert words in [row[0] for row in found]
    assert differences(path) == []


def test_the_total_of_many_departments_fits_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A formula holds 8 192 signs: of more departments than that the total is half of everybody and every subtotal.
    monkeypatch.setattr("kpicalc.payroll.signing_sheet._MOST_ADDED", 2)
    path = written("department", tmp_path)
    assert [row[5] for row in rows(path) if row[0] == "Всего к выплате"] == [1012873.48]
    sheet = openpyxl.load_workbook(path)["К подписи"]
    assert [row[5].value for row in sheet.iter_rows() if row[0].value == "Всего к выплате"] == ["=SUM(F7:F24)/2"]
    assert differences(path) == []


def test_who_signs_comes_from_the_organisation_file(tmp_path: Path) -> None:
    text = """\
kpicalc: 1
name: ООО Ромашка
signatures:
  composed: {post: Бухгалтер, name: Белова А. С.}
  approved: {post: Генеральный директор, name: Котов О. Н.}
"""
    cells = {cell for row in rows(written("tabelly", tmp_path, text)) for cell in row if isinstance(cell, str)}
    expected = {"Составил: Бухгалтер", "/ Белова А. С. /", "Утвердил: Генеральный директор", "/ Котов О. Н. /"}
    assert {"ООО Ромашка", *expected} <= cells


def test_a_broken_organisation_file_is_told(tmp_path: Path) -> None:
    copytree(SAMPLES / "tabelly", tmp_path / "month")
    (tmp_path / "month" / "organisation.yaml").write_text("kpicalc: 1\nnam: ООО\n", encoding="utf-8")
    done = commands.run(tmp_path / "month" / "2026-10.xlsx", tmp_path / "month" / "scheme.yaml", out=tmp_path / "out")
    assert done.errors
    assert not done.files


@pytest.mark.parametrize("sample", ["department", "salary-project", "funnel"])
def test_every_sheet_is_printed_on_a4_in_type_that_can_be_read(sample: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(sample, tmp_path))
    for sheet in book.worksheets:
        if sheet.title == "Для 1С":
            continue
        assert sheet.page_setup.paperSize in (9, "9"), sheet.title
        assert sheet.oddFooter.center.text or sheet.oddFooter.right.text, sheet.title
        if not sheet.sheet_properties.pageSetUpPr:
            assert int(sheet.page_setup.scale or 100) >= 80, sheet.title


def test_a_change_after_the_run_is_told_by_formula(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written("tabelly", tmp_path))["Ведомость"]
    assert "Изменено после расчёта" in str(sheet["C3"].value)
    assert str(sheet["C3"].value).startswith("=IF(ABS(")


def test_sums_in_words() -> None:
    from decimal import Decimal

    assert in_words(Decimal("47000.00"), "RUB", "ru") == "Сорок семь тысяч рублей, 00 копеек"
    assert in_words(Decimal("1.01"), "RUB", "en") == "One rouble, 01 kopek"
    assert in_words(Decimal("12.5"), "XAF", "ru") == "Двенадцать XAF 50"
