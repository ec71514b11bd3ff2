"""Write docs/organisation.md and organisation.ru.md: the organisation file and what can be exported, from the program.

Run `python docs/make_organisation.py` after a change; a test fails while a page is out of date.
"""

import inspect
import runpy
import tomllib
from pathlib import Path

from pydantic import BaseModel

from kpicalc.engine.descriptions import about
from kpicalc.exchange.targets import all_targets
from kpicalc.lang import Language, word
from kpicalc.model.organisation import (
    Bank,
    BankCsv,
    ClientBank,
    Constant,
    OrganisationFile,
    Recipient,
    SalaryProject,
    Sepa,
    Signatory,
    Signatures,
)

DOCS = Path(__file__).parent
PAGES: dict[Language, Path] = {"en": DOCS / "organisation.md", "ru": DOCS / "organisation.ru.md"}
RUSSIAN = tomllib.loads((DOCS / "organisation_texts_ru.toml").read_text(encoding="utf-8"))
SCHEME = runpy.run_path(str(DOCS / "make_scheme.py"))

HEAD = """\
# Files for 1C and the bank, and the organisation file

<!-- Written by docs/make_organisation.py from the program itself. Change the models or the targets, then run it. -->

`kpicalc run ... --export NAME` writes a file beside the payroll, `kpicalc export PAYROLL --to NAME` writes it later
from the payroll workbook. Every file is read back before it is released, and its people and total are compared with
the payroll's; all files of a run are released together or none, with a manifest of their SHA-256, people and totals.
По-русски: [organisation.ru.md](organisation.ru.md).

## What can be exported
"""

FILE = """\
## The organisation file

Who pays, from which account, and what the bank wants. It stands apart from the pay scheme: `organisation.yaml` beside
the scheme file, or any file with `--organisation`. It is YAML, read as strictly as the scheme; numbers with control
digits (INN, OGRN, account with BIC, IBAN) are checked whenever the file is read. A whole one:
[samples/salary-project/organisation.yaml](../samples/salary-project/organisation.yaml).
"""

PEOPLE = """\
## What stands on the Employees sheet

Optional columns, found by their Russian or English headings: Лицевой счёт / Account, Номер карты / Card, БИК банка /
Bank BIC, IBAN, СНИЛС / SNILS, ИНН / INN, Фамилия, Имя, Отчество / Last name, First name, Middle name, Сотрудник в 1С
/ Name in 1C. They are read as text, with leading zeros; accounts must be entered as text, as a number keeps 15 digits
only. They are checked when a file needs them: the form, the control digits, an account that stands twice. The payroll
workbook keeps them on its sheet for 1C, so that files can be made later.
"""

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("The file", OrganisationFile),
    ("banks", Bank),
    ("salary_project", SalaryProject),
    ("client_bank", ClientBank),
    ("recipient", Recipient),
    ("bank_csv", BankCsv),
    ("A constant column", Constant),
    ("sepa", Sepa),
    ("signatures", Signatures),
    ("Who signs", Signatory),
)


def page(language: Language = "en") -> str:
    """Return the whole page in a language."""
    SCHEME["Speech"].language = language
    parts = [_text("HEAD", HEAD, language)]
    for name, target in all_targets().items():
        told = (inspect.getdoc(inspect.getmodule(target.write)) or "") if language == "en" else RUSSIAN["targets"][name]
        # Those who load these files read Russian.
        parts.append(f"### {name}\n\n*{word(f'targets.loads.{name}', 'ru')}.*\n\n{told.strip()}\n")
    parts += [_text("FILE", FILE, language)]
    for section, model in SECTIONS:
        title = section if language == "en" else RUSSIAN["sections"].get(section, section)
        parts.append(f"### {title}\n\n{about(model, language)}\n\n{SCHEME['_table'](model)}\n")
    return "\n".join([*parts, _text("PEOPLE", PEOPLE, language)])


def _text(name: str, english: str, language: Language) -> str:
    return english if language == "en" else str(RUSSIAN[name])


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8", newline="\n")
