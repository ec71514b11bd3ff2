"""Reads the organisation file: text -> checked details, or all its faults at once."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from kpicalc.intake.scheme.errors import translate
from kpicalc.intake.scheme.yaml_text import read_yaml
from kpicalc.model.days import day_in_text
from kpicalc.model.identifiers import has_key, is_account, is_bic, is_iban, is_inn, is_kpp, is_ogrn
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.organisation import BankCsv, Organisation, OrganisationFile
from kpicalc.model.scheme import Source
from kpicalc.model.texts import clean


def read_organisation(path: Path) -> tuple[Organisation | None, list[Issue]]:
    """Read an organisation file; None where it has errors."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None, [issue("organisation_not_found", Place(str(path)))]
    except OSError as error:
        return None, [issue("organisation_unreadable", Place(str(path)), cause=error.strerror or str(error))]
    raw, marks, issues = read_yaml(str(path), text)
    source = Source(str(path), marks)
    if raw is None:
        return None, issues
    try:
        data = OrganisationFile.model_validate(raw)
    except ValidationError as error:
        issues += translate(error.errors(include_url=False), raw, OrganisationFile, source)
        return None, issues
    issues += _wrong_numbers(data, source)
    issues += _layout(data.bank_csv, source) if data.bank_csv else ()
    return Organisation(data, source), sorted(dict.fromkeys(issues), key=lambda item: item.place)


def _wrong_numbers(data: OrganisationFile, source: Source) -> Iterator[Issue]:
    """Check every number that has a fixed form or control digits."""
    payer = data.name

    def wrong(code: str, *path: str | int, found: str) -> Issue:
        return issue(code, source.place(*path), who=payer, found=found)

    if data.inn is not None and not is_inn(data.inn):
        yield wrong("inn_wrong", "inn", found=data.inn)
    if data.kpp is not None and not is_kpp(data.kpp):
        yield wrong("kpp_wrong", "kpp", found=data.kpp)
    if data.ogrn is not None and not is_ogrn(data.ogrn):
        yield wrong("ogrn_wrong", "ogrn", found=data.ogrn)
    if data.bic is not None and not is_bic(data.bic):
        yield wrong("bic_wrong", "bic", found=data.bic)
    if data.account is not None:
        yield from _account(data.account, data.bic or "", payer, source, "account")
    for number, bank in enumerate(data.banks):
        if not is_bic(bank.bic):
            yield issue("bic_wrong", source.place("banks", number, "bic"), who=bank.name, found=bank.bic)
        elif bank.correspondent:
            yield from _account(bank.correspondent, bank.bic, bank.name, source, "banks", number, "correspondent")
    if data.pay_day is not None and data.pay_day % 1:
        yield issue("pay_day_part", source.place("pay_day"), found=data.pay_day)
    project = data.salary_project
    if project and project.bic is not None and not is_bic(project.bic):
        yield wrong("bic_wrong", "salary_project", "bic", found=project.bic)
    if project and project.contract_date is not None and day_in_text(clean(project.contract_date)) is None:
        place = source.place("salary_project", "contract_date")
        yield issue("contract_date_wrong", place, found=project.contract_date)
    recipient = data.client_bank.recipient if data.client_bank else None
    if recipient:
        path = ("client_bank", "recipient")
        if not is_inn(recipient.inn):
            yield issue("inn_wrong", source.place(*path, "inn"), who=recipient.name, found=recipient.inn)
        if not is_bic(recipient.bic):
            yield issue("bic_wrong", source.place(*path, "bic"), who=recipient.name, found=recipient.bic)
        yield from _account(recipient.account, recipient.bic, recipient.name, source, *path, "account")
    if data.sepa and not is_iban(data.sepa.iban):
        yield issue("iban_wrong", source.place("sepa", "iban"), who=data.sepa.name, found=data.sepa.iban)


def _account(account: str, bic: str, holder: str, source: Source, *path: str | int) -> Iterator[Issue]:
    if not is_account(account):
        yield issue("account_form", source.place(*path), who=holder, found=account)
    elif is_bic(bic) and not has_key(account, bic):
        yield issue("account_key", source.place(*path), who=holder, found=account, bic=bic)


def _layout(layout: BankCsv, source: Source) -> Iterator[Issue]:
    """Check that the bank's own layout states everything that its file needs."""
    if layout.preset is None and "amount" not in layout.columns:
        yield issue("csv_no_amount", source.place("bank_csv", "columns"))
    if layout.preset is not None and layout.columns:
        yield issue("csv_preset_columns", source.place("bank_csv", "columns"), found=layout.preset)
    if layout.preset is None and layout.decimal is None:
        yield issue("missing_key", source.place("bank_csv"), key="decimal", where="docs/organisation.md")
