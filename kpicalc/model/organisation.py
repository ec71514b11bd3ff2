"""The organisation file: who pays, from which account, and what its bank requires.

It is separate from the pay scheme.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kpicalc.model.entry import Entry, no_items
from kpicalc.model.record import record
from kpicalc.model.scheme import Exact, Source

Text = Annotated[str, Field(min_length=1)]
RegistryVersion = Literal["1", "3", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8"]
CsvField = Literal[
    "row", "id", "name", "last_name", "first_name", "middle_name", "department", "account", "card", "bank_bic",
    "snils", "inn", "amount", "writs",
]  # fmt: skip
Encoding = Literal["utf-8", "windows-1251"]
DateForm = Literal["dd.mm.yyyy", "ddmmyyyy", "yyyymmdd", "ddmmyy", "yyyy-mm-dd"]


class Bank(Entry):
    """A bank, by its BIC."""

    bic: Text = Field(description="БИК, 9 digits")
    name: Text = Field(description="name, as payment orders write it")
    city: str | None = Field(default=None, description="city, as payment orders write it: г. Москва")
    correspondent: str | None = Field(default=None, description="correspondent account, 20 digits")


class SalaryProject(Entry):
    """The registry of a salary project, XML of 1C and banks."""

    contract: Text = Field(description="number of the salary-project contract")
    contract_date: str | None = Field(default=None, description="its date, 2024-03-01")
    version: RegistryVersion = Field(description="version of the format that the bank loads; 1 and 3 have no namespace")
    encoding: Encoding = Field(description="encoding that the bank loads")
    branch: str | None = Field(default=None, description="ОтделениеБанка, up to 4 signs; also begins the file's name")
    sub_branch: str | None = Field(default=None, description="ФилиалОтделенияБанка, up to 4 signs")
    kind: str | None = Field(default=None, description="ВидЗачисления, 2 signs by the bank's own list: 01")
    income: Literal["1", "2", "3", "4", "5"] = Field(default="1", description="КодВидаДохода; wages are 1 (from 3.6)")
    currency_code: Literal["643", "810"] | None = Field(default=None, description="КодВалюты; banks differ: 643 or 810")
    pays_to: Literal["account", "card", "snils"] = Field(
        default="account", description="what names the payee; card and snils from 3.7"
    )
    bic: str | None = Field(
        default=None, description="БИК of the bank where payees have their accounts, unless the organisation's own"
    )
    file_name: str | None = Field(
        default=None,
        description="a name other than 9999001z.xml; blanks: {branch} {number} {inn} {contract} {date}",
    )
    date: DateForm = Field(default="yyyymmdd", description="how {date} is written in the file's name")


class Recipient(Entry):
    """The recipient of a registry's total: the bank, on its own account."""

    name: Text = Field(description="the recipient's name")
    inn: Text = Field(description="ИНН")
    account: Text = Field(description="account, 20 digits")
    bic: Text = Field(description="БИК of the recipient's bank, one of `banks`")


class ClientBank(Entry):
    """Payment orders for the client-bank, 1CClientBankExchange 1.03."""

    pays: Literal["registry", "each"] = Field(description="one order for the registry's total, or one for each payee")
    encoding: Literal["Windows", "DOS"] = Field(default="Windows", description="windows-1251 or cp866")
    recipient: Recipient | None = Field(default=None, description="with `pays: registry`: to whom the total is paid")
    purpose: str | None = Field(
        default=None, description="purpose of payment; blanks: {period} {number} {date}, with `pays: each` also {name}"
    )
    writ_note: str = Field(
        default=" //ВЗС//{writs}",
        description="what ends the purpose of a payment from which writs were withheld; blank: {writs}, as 1500-56",
    )


class Constant(Entry):
    """A column of the bank's file with the same value in every row."""

    text: str = Field(description="what stands in it; may be empty")


class BankCsv(Entry):
    """A text file of the bank's own layout."""

    preset: Literal["bystrobank"] | None = Field(
        default=None, description="columns of a bank whose layout is published"
    )
    columns: list[CsvField | Constant] = Field(default_factory=no_items, description="columns in order")
    separator: Literal[";", ",", "tab", "|"] = Field(description="what separates columns")
    encoding: Encoding = Field(description="encoding that the bank loads")
    decimal: Literal[",", "."] | None = Field(default=None, description="decimal mark of amounts")
    header: str | None = Field(
        default=None, description="first line; blanks: {organisation} {inn} {contract} {date} {number} {count} {total}"
    )
    trailer: str | None = Field(default=None, description="last line, with the same blanks")
    date: DateForm = Field(default="dd.mm.yyyy", description="how {date} is written")
    file_name: str | None = Field(default=None, description="name of the file, with the same blanks")


class Sepa(Entry):
    """SEPA credit transfer, pain.001, for wages."""

    name: Text = Field(description="the payer's name")
    iban: Text = Field(description="the payer's IBAN")
    bic: str | None = Field(default=None, description="BIC of the payer's bank (SWIFT), if the bank wants it")
    purpose: Text = Field(default="Salary {period}", description="remittance information")
    version: Literal["pain.001.001.03", "pain.001.001.09"] = Field(
        default="pain.001.001.09", description="version that the bank loads"
    )


class Signatory(Entry):
    """Who signs a payroll."""

    post: Text = Field(description="the post: Бухгалтер")
    name: Text = Field(description="the name, as it stands beside the signature")


class Signatures(Entry):
    """The person who prepares and the person who approves the signed payroll; without a name there is a blank line."""

    composed: Signatory | None = Field(default=None, description="who composed it")
    approved: Signatory | None = Field(default=None, description="who approved it")


class OrganisationFile(Entry):
    """The whole file."""

    kpicalc: Literal["1"] = Field(description="version of the format")
    name: Text = Field(description="the organisation's name, as the bank writes it")
    inn: str | None = Field(default=None, description="ИНН, 10 digits (12 of a sole trader)")
    kpp: str | None = Field(default=None, description="КПП")
    ogrn: str | None = Field(default=None, description="ОГРН or ОГРНИП")
    account: str | None = Field(default=None, description="account from which wages are paid, 20 digits")
    bic: str | None = Field(default=None, description="БИК of its bank")
    pay_day: Annotated[Exact, Field(ge=1, le=28)] | None = Field(
        default=None, description="day of the next month on which wages are paid, unless --date is stated"
    )
    writs: list[str] = Field(
        default_factory=no_items, description="titles of lines withheld by writs, as on the payroll"
    )
    banks: list[Bank] = Field(default_factory=no_items, description="banks of the organisation and of payees")
    signatures: Signatures | None = Field(default=None, description="who signs the payroll")
    payslip_approved: str | None = Field(
        default=None,
        description="the order by which the statement of pay is approved as the payslip: Приказ № 5 от 12.01.2026; "
        "with it, statements of a scheme that withholds are headed «Расчётный лист»",
    )
    salary_project: SalaryProject | None = Field(default=None, description="for 1c-salary-xml")
    client_bank: ClientBank | None = Field(default=None, description="for 1c-client-bank")
    bank_csv: BankCsv | None = Field(default=None, description="for bank-csv")
    sepa: Sepa | None = Field(default=None, description="for sepa")


@record
class Organisation:
    """An organisation file, read and checked: its data, and the place of each entry."""

    data: OrganisationFile
    source: Source

    def bank(self, bic: str) -> Bank | None:
        """Return a bank by its BIC."""
        return next((bank for bank in self.data.banks if bank.bic == bic), None)

    @property
    def payees_bic(self) -> str:
        """Return the BIC of the bank of payees who do not state their own."""
        project = self.data.salary_project
        return (project.bic if project else None) or self.data.bic or ""

    def pay_date(self, period: str) -> date | None:
        """Return the usual pay day for a month, in the month after it."""
        if self.data.pay_day is None:
            return None
        year, month = map(int, period.split("-"))
        return date(year + month // 12, month % 12 + 1, int(self.data.pay_day))
