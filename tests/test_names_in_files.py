"""Names in the files for 1C and banks: what another program would read otherwise is refused in each of them."""

from pathlib import Path

import pytest
from issues.setting import laid_out, run

PEOPLE = ["Табельный номер", "Сотрудник", "Подразделение", "Должность", "Лицевой счёт", "ИНН", "IBAN"]
ACCOUNTS = ["40817810700000000001", "500100732259", "DE89370400440532013000"]
OF_TEXT = ("1c-csv", "1c-xlsx", "1c-kpi", "bank-csv")
OF_PARTS = ("1c-salary-xml",)


@pytest.mark.parametrize(
    ("name", "code", "targets"),
    [
        ("+Белова Анна Юрьевна", "formula_in_text", (*OF_TEXT, *OF_PARTS)),
        ("-Белова Анна Юрьевна", "formula_in_text", (*OF_TEXT, *OF_PARTS)),
        ("@Белова Анна Юрьевна", "formula_in_text", (*OF_TEXT, *OF_PARTS)),
        ('Белова "Анна Юрьевна', "formula_in_text", (*OF_TEXT, *OF_PARTS)),
        # A Latin e inside, and a whole word of Latin letters that look like Russian ones.
        ("Бeлова Анна Юрьевна", "name_letters", (*OF_TEXT, *OF_PARTS)),
        ("Белова AHHA Юрьевна", "name_letters", (*OF_TEXT, *OF_PARTS)),
        ("Белова А. Ю.", "name_initials", ("bank-csv", *OF_PARTS)),
        ("Белова А.Ю.", "name_initials", ("bank-csv", *OF_PARTS)),
        # No part of a name: the bank took «(декрет)» for the middle one.
        ("Белова Анна (декрет)", "name_initials", ("bank-csv", *OF_PARTS)),
        ("Белова Анна 2", "name_initials", ("bank-csv", *OF_PARTS)),
        ("Белова, Анна", "name_initials", ("bank-csv", *OF_PARTS)),
        ("Белова-Котова Анна", "", (*OF_TEXT, *OF_PARTS)),
        ("Белова\N{EN DASH}Котова Анна", "", (*OF_TEXT, *OF_PARTS)),
        ("Д’Артаньян О'Анна", "", (*OF_TEXT, *OF_PARTS)),
        ("И Анна", "name_initials", ("bank-csv", *OF_PARTS)),
        ("Белова Анна Юрьевна", "", (*OF_TEXT, *OF_PARTS)),
        ("Белова Анна", "", (*OF_TEXT, *OF_PARTS)),
    ],
)
def test_names(name: str, code: str, targets: tuple[str, ...], tmp_path: Path) -> None:
    known = {"formula_in_text", "name_letters", "name_initials"}
    for target in (*OF_TEXT, *OF_PARTS):
        folder = tmp_path / target
        folder.mkdir()
        sheets = {"Сотрудники": [PEOPLE, ["00042", name, "Юг", "Менеджер", *ACCOUNTS]]}
        with laid_out({"sheets": sheets, "export": [target]}, folder) as setting:
            found = {item.code for item in run(setting).issues} & known
        assert found == ({code} if code and target in targets else set()), target


@pytest.mark.parametrize("target", ["bank-csv", *OF_PARTS])
@pytest.mark.parametrize(
    ("parts", "expected"),
    [(("И", "Анна"), []), (("Белова", "А"), ["name_initials"]), (("Белова", "Анна 2"), ["name_initials"])],
)
def test_a_surname_of_one_letter_has_its_own_column(
    parts: tuple[str, str], expected: list[str], target: str, tmp_path: Path
) -> None:
    head, row = [*PEOPLE, "Фамилия", "Имя"], ["00042", " ".join(parts), "Юг", "Менеджер", *ACCOUNTS, *parts]
    with laid_out({"sheets": {"Сотрудники": [head, row]}, "export": [target]}, tmp_path) as setting:
        assert [item.code for item in run(setting).issues if item.code.startswith("name")] == expected
