"""Write docs/organisation.md: the reference of the organisation file and of what can be exported, from the program.

Run `python docs/make_organisation.py` after a change; a test fails while the page is out of date.
"""

import inspect
import runpy
from pathlib import Path

from pydantic import BaseModel

from kpicalc.exchange.targets import all_targets
from kpicalc.lang import word
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

PAGE = Path(__file__).parent / "organisation.md"
TABLE = runpy.run_path(str(Path(__file__).with_name("make_scheme.py")))["_table"]

HEAD = """\
# Files for 1C and the bank, and the organisation file

<!-- Written by docs/make_organisation.py from the program itself. Change the models or the targets, then run it. -->

`kpicalc run ... --export NAME` writes a file beside the payroll, `kpicalc export PAYROLL --to NAME` writes it later
from the payroll workbook. Every file is read back before it is released, and its people and total are compared with
the payroll's; all files of a run are released together or none, with a manifest of their SHA-256, people and totals.

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


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for name, target in all_targets().items():
        module = inspect.getmodule(target.write)
        about = (inspect.getdoc(module) or "").strip()
        parts.append(f"### {name}\n\n*{word(f'targets.loads.{name}', 'ru')}.*\n\n{about}\n")
    parts += [FILE]
    parts += [f"### {title}\n\n{inspect.getdoc(model)}\n\n{TABLE(model)}\n" for title, model in SECTIONS]
    return "\n".join([*parts, PEOPLE])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
