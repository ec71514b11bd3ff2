"""What comes out of a printer: LibreOffice prints whole payrolls, and pages, paper and the smallest type are measured.

A department of 12 with 14 lines of pay, one of 60 in five parts, and a scheme of 25 components.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from recalculation import recalculated_by_libreoffice, write_month
from typer.testing import CliRunner

from kpicalc import app as commands
from kpicalc.cli import app

SAMPLES = Path(__file__).parents[1] / "samples"
if not os.environ.get("KPICALC_TEST_PRINTS"):
    pytest.skip("LibreOffice prints where KPICALC_TEST_PRINTS=1 is set, as .ci/run does", allow_module_level=True)
A4 = (595, 842)
LEAST_TYPE = 8.0
HEADS = ["Табельный номер", "Сотрудник", "Подразделение", "Должность"]
PARTS = ["Активные продажи", "Входящий поток", "Ключевые клиенты", "Розничная сеть", "Северо-Западный регион"]
NAMES = ["Константинопольский Вячеслав Александрович", "Ким Ли", "Богданова Светлана Ивановна", "Иванова-Петрова Анна"]
SCHEME = """\
kpicalc: 1
title: Отдел продаж
language: ru
rules: {{money: {{round: 0.01, ties: half_up}}, missing: error}}
kpis:
  sales: {{title: Продажи, unit: руб}}
schemes:
  manager:
    title: Менеджер
    for: {{position: Менеджер по работе с клиентами}}
    pay:
      - adjustments
      - base_salary: {{amount: 50000}}
{lines}
    examples:
      - {{actual: {{sales: 0}}, pays: {{base_salary: 50000}}}}
"""
ORGANISATION = """\
kpicalc: 1
name: ООО «Ромашка и партнёры»
signatures:
  composed: {post: Бухгалтер, name: Белова А. С.}
  approved: {post: Генеральный директор, name: Котов О. Н.}
"""


def month(folder: Path, people: int, components: int, parts: int) -> Path:
    """Pay a made-up month: everybody 50 000, and per cents of the own sales for every further line."""
    lines = [
        f"      - commission: {{id: c{at}, title: Премия за показатель {at}, on: sales, rate: {at}%}}"
        for at in range(1, components - 1)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scheme.yaml").write_text(SCHEME.format(lines="\n".join(lines)), encoding="utf-8")
    (folder / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    numbers = [f"{number:05}" for number in range(1, people + 1)]
    rows = [
        [number, NAMES[at % 4] + f" {at}", PARTS[at * parts // people], "Менеджер по работе с клиентами"]
        for at, number in enumerate(numbers)
    ]
    sheets = {
        "Сотрудники": [HEADS, *rows],
        "Факт": [["Табельный номер", "Продажи"], *([number, 1000.5 * at] for at, number in enumerate(numbers))],
        "Корректировки": [["Табельный номер", "Сумма", "Основание"], [numbers[0], -100, "возврат"]],
    }
    done = commands.run(
        write_month(folder / "2026-10.xlsx", sheets), folder / "scheme.yaml", out=folder / "payroll-2026-10.xlsx"
    )
    assert done.files, done.issues
    return done.files[0]


def sample(folder: Path) -> Path:
    shutil.copytree(SAMPLES / "department", folder)
    (folder / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    done = commands.run(folder / "2026-10.xlsx", folder / "scheme.yaml", out=folder / "payroll-2026-10.xlsx")
    assert done.files, done.issues
    return done.files[0]


MADE = {
    "twelve": sample,
    "sixty": lambda folder: month(folder, 60, 8, 5),
    "wide": lambda folder: month(folder, 14, 25, 2),
}
MOST_PAGES = {"twelve": 3, "sixty": 8, "wide": 4}
"""Of the payroll that is signed: 12 people with 14 lines; 60 people, about 20 under each other; 25 lines, about 8 side
by side with the number, the name and the total."""


@dataclass(frozen=True)
class Page:
    """What is on a page: its size, its text, and how large each sign of the text is, in points."""

    size: tuple[int, int]
    text: str
    types: frozenset[float]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Page]]:
    """Print every payroll, all at once: one start of the program serves them all."""
    folder = tmp_path_factory.mktemp("prints")
    made = {name: make(folder / name) for name, make in MADE.items()}
    files = recalculated_by_libreoffice(list(made.values()), folder / "pdf", "pdf")
    return {name: list(pages(path)) for name, path in zip(made, files, strict=True)}


def pages(path: Path) -> Iterator[Page]:
    from pdfminer.high_level import extract_pages

    for page in extract_pages(path):
        signs = [sign for sign in of_text(page) if sign.get_text().strip()]
        text = " ".join("".join(one.get_text() for one in page if hasattr(one, "get_text")).split())
        size = sorted((round(page.width), round(page.height)))
        yield Page((size[0], size[1]), text, frozenset(round(sign.size, 1) for sign in signs))


def of_text(item: Any) -> Iterator[Any]:
    from pdfminer.layout import LTChar

    if isinstance(item, LTChar):
        yield item
    elif hasattr(item, "__iter__"):
        for part in item:
            yield from of_text(part)


def payroll(printed: list[Page]) -> list[Page]:
    """Return the pages of the Payroll sheet, which come first: each bears its headings."""
    first = next(at for at, page in enumerate(printed) if "№ п/п" not in page.text)
    assert not any("№ п/п" in page.text for page in printed[first:])
    return printed[:first]


@pytest.mark.parametrize("name", MADE)
def test_everything_is_printed_on_a4_in_type_that_can_be_read(name: str, printed: dict[str, list[Page]]) -> None:
    for number, page in enumerate(printed[name], 1):
        assert page.size == A4, number
        # LibreOffice rounds the place of a sign, not its size: a tenth of a point is noise.
        assert min(page.types) >= LEAST_TYPE - 0.1, (number, page.text[:80])
        assert "###" not in page.text, number
        assert str(number) in page.text, "every page bears its number"


@pytest.mark.parametrize("name", MADE)
def test_the_payroll_takes_few_pages(name: str, printed: dict[str, list[Page]]) -> None:
    found = payroll(printed[name])
    assert 1 < len(found) <= MOST_PAGES[name]
    for page in found:
        # Who, and how much in all, stand on every page; so does the way to the signatures.
        assert all(text in page.text for text in ("Табельный номер", "Сотрудник", "Итого"))
    signed = [page for page in found if "Составил: Бухгалтер" in page.text]
    assert signed
    assert all("Утвердил: Генеральный директор" in page.text and "Всего" in page.text for page in signed)
    assert any("Подпись" in page.text for page in found)


def test_everybody_is_numbered_on_every_page_across(printed: dict[str, list[Page]]) -> None:
    for page in payroll(printed["wide"]):
        assert all(f"{number:05}" in page.text for number in range(1, 15))
        assert page.text.count("Константинопольский") == 4


def test_everybodys_statement_takes_one_page(tmp_path: Path) -> None:
    made = {name: make(tmp_path / name).parent for name, make in MADE.items() if name != "sixty"}
    books = []
    for name, folder in made.items():
        words = [
            str(folder / "2026-10.xlsx"),
            "--scheme",
            str(folder / "scheme.yaml"),
            "--out",
            str(tmp_path / "out" / name),
        ]
        assert CliRunner().invoke(app, ["statements", *words]).exit_code in {0, 3}
        books.append(tmp_path / "out" / name / "statements-2026-10" / "statements-2026-10.xlsx")
    found = [list(pages(path)) for path in recalculated_by_libreoffice(books, tmp_path / "pdf", "pdf")]
    assert [len(one) for one in found] == [12, 14]
    for page in (page for one in found for page in one):
        assert page.size == A4
        assert min(page.types) >= LEAST_TYPE - 0.1, page.text[:80]
        assert "###" not in page.text


def test_a_chart_of_many_people_shows_the_others_too(printed: dict[str, list[Page]]) -> None:
    # 60 people: 24 and the other 36.
    assert any("Остальные (36)" in page.text and "наибольшее" in page.text for page in printed["sixty"])
