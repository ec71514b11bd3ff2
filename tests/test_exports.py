"""Files for 1C and banks, read by programs that are not ours: schemas, other people's parsers, LibreOffice.

Amounts are typed by hand; the arithmetic stands in exports/month.py.
"""

import json
import shutil
import subprocess
import warnings
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import client_bank_1c
import odin_palace_py
import openpyxl
import pytest
import xmlschema
from exports.month import ACTUALS, HEADINGS, PEOPLE, SCHEME, TEAM_PLAN, TOTAL, organisation, pay
from lxml import etree
from payroll_1c import Payroll1C
from sepaxml.validation import try_valid_xml

from kpicalc.app import Outcome, Wanted, export
from kpicalc.exchange import bundle
from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.targets import all_targets
from kpicalc.exchange.targets.one_c_salary_xml import TARGET as SALARY
from kpicalc.exchange.vetting import shown_letter, unwritable
from kpicalc.model.issue import Place
from kpicalc.model.organisation import RegistryVersion
from kpicalc.model.paid import Count, Indicator, Paid, People
from kpicalc.model.registry import NotARegistry, read_registry

XSD = Path(__file__).parent / "exports" / "salary_registry_109.xsd"
SOUTH = {"Факт": ACTUALS[:3], "План отдела": TEAM_PLAN[:2]}
"""The sheets of the first two people, who have a card and an insurance number."""
PAY_DAY = date(2026, 11, 5)
SPACE = "http://v8.1c.ru/edi/edi_stnd/109"
SOFFICE = shutil.which("soffice")
SHOWN = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true"
"""LibreOffice's export of what cells show: semicolons, UTF-8."""


def written(outcome: Outcome, ending: str) -> Path:
    assert [found.code for found in outcome.issues if found.code not in ("no_examples", "held_not_exported")] == []
    return next(path for path in outcome.files if path.name.endswith(ending))


def codes(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues if found.code != "no_examples"]


def shown(path: Path, folder: Path) -> str:
    """Return the first sheet of a workbook as a person, or 1C, sees it."""
    home = f"-env:UserInstallation=file://{folder}/office"
    command = [str(SOFFICE), home, "--headless", "--convert-to", SHOWN, "--outdir", str(folder / "shown"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "shown" / f"{path.stem}.csv").read_text(encoding="utf-8")


# -- accruals for 1C ------------------------------------------------------------------------------------------------

ACCRUALS = """\
Табельный номер;Сотрудник;Подразделение;Начисление;Период;Сумма
00042;Иванова Анна Петровна;Юг;Оклад;01.10.2026;20000,00
00042;Иванова Анна Петровна;Юг;Комиссия;01.10.2026;30000,00
00042;Иванова Анна Петровна;Юг;Премия за план отдела;01.10.2026;1000,50
00043;Ким Ли;Юг;Оклад;01.10.2026;20000,00
00043;Ким Ли;Юг;Комиссия;01.10.2026;12345,68
00043;Ким Ли;Юг;Премия за план отдела;01.10.2026;500,50
00044;Яковлева Дарья Олеговна;Север;Оклад;01.10.2026;20000,00
"""
"""Nobody has a minus: the cap lowered the commission, the adjustment the line above it."""
SHEET = """\
Табельный номер;Сотрудник;Подразделение;Должность;Период;Оклад;Комиссия;Премия за план отдела;Корректировки;Итого
00042;Иванова Анна Петровна;Юг;Менеджер;01.10.2026;20000.00;30000.00;1000.50;0.00;51000.50
00043;Ким Ли;Юг;Менеджер;01.10.2026;20000.00;12345.68;500.50;0.00;32846.18
00044;Яковлева Дарья Олеговна;Север;Менеджер;01.10.2026;20000.00;0.00;0.00;0.00;20000.00
"""


def test_accruals_as_text(tmp_path: Path) -> None:
    path = written(pay(tmp_path, "1c-csv"), "-1c.csv")
    assert path.read_bytes() == ACCRUALS.replace("\n", "\r\n").encode("utf-8-sig")


@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_workbooks_show_what_1c_reads(tmp_path: Path) -> None:
    """1C reads what a cell shows, from the first sheet."""
    outcome = pay(tmp_path, "1c-xlsx", "1c-kpi", people=[row[:4] for row in PEOPLE], headings=HEADINGS[:4])
    assert shown(written(outcome, "-1c.xlsx"), tmp_path) == ACCRUALS.replace(",", ".")
    sales = "Сотрудник;Значение\nИванова Анна Петровна;400000\nКим Ли;123456.78\nЯковлева Дарья Олеговна;0\n"
    assert shown(written(outcome, "kpi-sales.xlsx"), tmp_path) == sales
    teams = "Подразделение;Значение\nЮг;523456.78\nСевер;0\n"
    assert shown(written(outcome, "kpi-team_sales.xlsx"), tmp_path) == teams
    book = openpyxl.load_workbook(outcome.files[0], data_only=True)
    for name in book.sheetnames:
        if name != "Для 1С":
            del book[name]
    book.save(tmp_path / "one.xlsx")
    assert shown(tmp_path / "one.xlsx", tmp_path) == SHEET


def test_workbooks_for_1c_are_plain(tmp_path: Path) -> None:
    outcome = pay(tmp_path, "1c-xlsx", "1c-kpi")
    for path in outcome.files[1:-1]:
        book = openpyxl.load_workbook(path)
        (sheet,) = book.worksheets
        assert not sheet.merged_cells.ranges
        assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row), "values, no formulas"
    sheet = openpyxl.load_workbook(written(outcome, "-1c.xlsx")).worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].number_format, sheet["F2"].number_format) == ("00042", "@", "0.00")


def test_the_payroll_holds_bank_details_for_later(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(pay(tmp_path).files[0])["Для 1С"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[10:] == ["Лицевой счёт", "Номер карты", "СНИЛС", "ИНН"]
    assert [cell.value for cell in sheet[3]][10:] == [
        "40817 810 0 0000 0000002", "5555555555554444", "00000000101", "500100732259",
    ]  # fmt: skip


def test_a_namesake_is_told(tmp_path: Path) -> None:
    people = [*PEOPLE[:2], ["00044", "Ким Ли", *PEOPLE[2][2:]]]
    outcome = pay(tmp_path, "1c-kpi", people=people)
    assert codes(outcome) == ["namesake", "namesake"]
    assert len(outcome.files) == 4


def test_the_name_that_1c_has_comes_first(tmp_path: Path) -> None:
    people = [*PEOPLE[:2], ["00044", "Ким Ли", *PEOPLE[2][2:]]]
    named = [[*row, name] for row, name in zip(people, ["", "Ким Ли (2)", ""], strict=True)]
    path = written(pay(tmp_path, "1c-kpi", people=named, headings=[*HEADINGS, "Сотрудник в 1С"]), "kpi-sales.xlsx")
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, max_col=1, values_only=True)
    assert [name for (name,) in rows] == ["Иванова Анна Петровна", "Ким Ли (2)", "Ким Ли"]


# -- the registry of a salary project -------------------------------------------------------------------------------


def with_namespace(data: bytes) -> bytes:
    """Return a registry of versions 1 and 3 as its namespaced twin, for the schema."""
    return data if SPACE.encode() in data else data.replace("<СчетаПК".encode(encoding_of(data)), (
        f'<СчетаПК xmlns="{SPACE}"'.encode(encoding_of(data))
    ), 1)  # fmt: skip


def encoding_of(data: bytes) -> str:
    return "cp1251" if b"windows-1251" in data[:60] else "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
@pytest.mark.parametrize("version", get_args(RegistryVersion))
def test_a_registry_of_every_version(tmp_path: Path, version: str, encoding: str) -> None:
    text = organisation(("version: 3.6", f"version: {version}"))
    details = text.replace("encoding: windows-1251\n", f"encoding: {encoding}\n")
    data = written(pay(tmp_path, "1c-salary-xml", organisation=details), "9999001z.xml").read_bytes()
    data.decode("cp1251" if encoding == "windows-1251" else "utf-8")
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(with_namespace(data)))
    xmlschema.XMLSchema(XSD).validate(BytesIO(with_namespace(data)))
    with warnings.catch_warnings():
        # The reader asks an element for its truth, which newer Pythons do not like.
        warnings.simplefilter("ignore", DeprecationWarning)
        assert Payroll1C(fromstring=data)["НомерДоговора"] == "38012345"
    text = data.decode(encoding)
    assert (SPACE in text) == (version not in {"1", "3"}) == ("xsi:type" in text)
    assert ("КодВидаДохода" in text) == (float(version) >= 3.6)
    assert ("ИдентификаторПлатежа" in text) == (float(version) >= 3.7)
    assert "<СуммаИтого>103846.68</СуммаИтого>" in text


def test_a_registry_reads_as_the_published_samples_do(tmp_path: Path) -> None:
    """The sample of the format, retold: the same people, order of elements and attributes."""
    data = written(pay(tmp_path, "1c-salary-xml"), "z.xml").read_bytes()
    root = etree.fromstring(data)
    assert root.tag == f"{{{SPACE}}}СчетаПК"
    assert [etree.QName(item).localname for item in root[0][0]] == [
        "Фамилия", "Имя", "Отчество", "ОтделениеБанка", "ЛицевойСчет", "Сумма", "КодВалюты",
    ]  # fmt: skip
    assert [etree.QName(item).localname for item in root] == [
        "ЗачислениеЗарплаты", "ВидЗачисления", "КодВидаДохода", "КонтрольныеСуммы",
    ]  # fmt: skip
    assert root[0][1][0].text == "Ким"
    assert root.get("НаименованиеОрганизации") == 'ООО "Ромашка"'
    assert root.get("ДатаФормирования") == "2026-11-05"


@pytest.mark.parametrize(
    ("to", "element", "number"), [("card", "НомерКарты", "4111111111111111"), ("snils", "СНИЛС", "11223344595")]
)
def test_a_registry_by_card_or_snils(tmp_path: Path, to: str, element: str, number: str) -> None:
    details = organisation(("version: 3.6", f"version: 3.7\n  pays_to: {to}"))
    outcome = pay(tmp_path, "1c-salary-xml", organisation=details, people=PEOPLE[:2], sheets=SOUTH)
    data = written(outcome, "z.xml").read_bytes()
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(data))
    assert etree.fromstring(data).findtext(f".//{{{SPACE}}}{element}") == number


def test_a_registry_may_have_another_name(tmp_path: Path) -> None:
    """Bank 131 asks for <ИНН>Z<ddmmyy>.<nnn>.xls; the same pattern with xml."""
    details = organisation(("  kind: 01", '  kind: 01\n  file_name: "{inn}Z{date}.{number}.xml"\n  date: ddmmyy'))
    assert written(pay(tmp_path, "1c-salary-xml", organisation=details), "7707083893Z051126.1.xml")


def test_the_answer_of_a_bank_is_read() -> None:
    data = """<?xml version="1.0" encoding="windows-1251"?>
<СчетаПК xmlns="http://v8.1c.ru/edi/edi_stnd/109" ИдПервичногоДокумента="d1" НомерРеестра="1">
 <РезультатЗачисленияЗарплаты>
  <Сотрудник Нпп="1"><Фамилия>Ким</Фамилия><Имя>Ли</Имя><ИдентификаторПлатежа>p1</ИдентификаторПлатежа>
   <ЛицевойСчет>40817810000000000002</ЛицевойСчет><Сумма>32846.18</Сумма><Результат>зачислено</Результат></Сотрудник>
  <Сотрудник Нпп="2"><Фамилия>Иванова</Фамилия><Имя>Анна</Имя><ЛицевойСчет>40817810700000000001</ЛицевойСчет>
   <Сумма>51000.50</Сумма><Результат>счетЗакрыт</Результат><РасшифровкаРезультата>закрыт</РасшифровкаРезультата></Сотрудник>
 </РезультатЗачисленияЗарплаты>
</СчетаПК>""".encode("cp1251")
    answer = read_registry(data)
    assert (answer.document, answer.number, answer.count, answer.total) == ("d1", "1", None, None)
    first, second = answer.credits
    assert (first.payment, first.payee, first.amount, first.result) == (
        "p1", "40817810000000000002", Decimal("32846.18"), "зачислено",
    )  # fmt: skip
    assert (second.last_name, second.result, second.remark) == ("Иванова", "счетЗакрыт", "закрыт")


@pytest.mark.parametrize("data", [b"", b"<a/>", b"{}", "<!DOCTYPE x><СчетаПК/>".encode(), "<СчетаПК/>".encode()])
def test_what_is_no_registry_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(NotARegistry):
        read_registry(data)


# -- payment orders -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "python"), [("Windows", "cp1251"), ("DOS", "cp866")])
def test_the_order_for_a_registry(tmp_path: Path, encoding: str, python: str) -> None:
    details = organisation(("pays: registry", f"pays: registry\n  encoding: {encoding}"))
    data = written(pay(tmp_path, "1c-client-bank", organisation=details), "kl_to_1c.txt").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    text = data.decode(python)
    assert text.startswith("1CClientBankExchange\r\n")
    assert text.endswith("КонецФайла\r\n")
    # The reader knows no DOS encoding: it gets the same text in the other one.
    statement = odin_palace_py.parse(text.encode("cp1251"))
    assert statement.warnings == []
    (order,) = statement.documents
    assert Decimal(str(order.amount)) == Decimal(TOTAL)
    assert order.payee_account == "47422810200000000025"
    assert order.purpose == "Заработная плата за октябрь 2026 г. по реестру № 1 от 05.11.2026. НДС не облагается"
    assert order.purpose_code == "1"
    if encoding == "Windows":
        loaded = client_bank_1c.load(data)
        assert [item["Сумма"] for item in loaded.documents] == [Decimal(TOTAL)]


def test_an_order_for_each_payee(tmp_path: Path) -> None:
    details = organisation(("pays: registry", "pays: each"))
    data = written(pay(tmp_path, "1c-client-bank", organisation=details, number="15"), "kl_to_1c.txt").read_bytes()
    statement = odin_palace_py.parse(data)
    assert statement.warnings == []
    assert [Decimal(str(order.amount)) for order in statement.documents] == [
        Decimal("51000.50"), Decimal("32846.18"), Decimal("20000.00"),
    ]  # fmt: skip
    assert [order.doc_number for order in statement.documents] == ["15", "16", "17"]
    assert statement.documents[1].payee_1 == "Ким Ли"
    assert statement.documents[1].payee_account == "40817810000000000002"
    assert statement.documents[1].purpose == "Заработная плата за октябрь 2026 г., Ким Ли. НДС не облагается"


# -- a bank's own layout, SEPA --------------------------------------------------------------------------------------


def test_the_published_layout_of_bystrobank(tmp_path: Path) -> None:
    """bystrobank.ru/org/salary_project/66.html: name, sum, 0, account, a blank note, sum withheld; no header."""
    assert written(pay(tmp_path, "bank-csv"), "bank.csv").read_bytes().decode("cp1251").split("\r\n") == [
        "Иванова Анна Петровна;51000,50;0;40817810700000000001;;0,00",
        "Ким Ли;32846,18;0;40817810000000000002;;0,00",
        "Яковлева Дарья Олеговна;20000,00;0;40817810300000000003;;0,00",
        "",
    ]


def test_a_layout_of_ones_own(tmp_path: Path) -> None:
    layout = """
bank_csv:
  columns: [row, account, amount, last_name, first_name, {text: RUR}]
  separator: tab
  encoding: utf-8
  decimal: "."
  header: "START;{date};CREDIT;{organisation}"
  trailer: "END;{count};{total};RUR"
  date: ddmmyyyy
  file_name: "Z_{contract}_{number}.txt"
"""
    text = organisation(('bank_csv: {preset: bystrobank, separator: ";", encoding: windows-1251}\n', "")) + layout
    assert written(pay(tmp_path, "bank-csv", organisation=text), "Z_38012345_1.txt").read_text(encoding="utf-8") == (
        'START;05112026;CREDIT;ООО "Ромашка"\n'
        "1\t40817810700000000001\t51000.50\tИванова\tАнна\tRUR\n"
        "2\t40817810000000000002\t32846.18\tКим\tЛи\tRUR\n"
        "3\t40817810300000000003\t20000.00\tЯковлева\tДарья\tRUR\n"
        "END;3;103846.68;RUR\n"
    )


@pytest.mark.parametrize("version", ["pain.001.001.03", "pain.001.001.09"])
def test_a_sepa_salary_transfer(tmp_path: Path, version: str) -> None:
    """DE89 3704 0044 0532 0130 00 and its like are the registry's own examples of IBANs."""
    section = f"sepa: {{name: Romashka GmbH, iban: DE89370400440532013000, version: {version}}}\n"
    ibans = ["FR1420041010050500013M02606", "NL91ABNA0417164300", "BE68539007547034"]
    people = [[*row[:4], iban] for row, iban in zip(PEOPLE, ibans, strict=True)]
    scheme = SCHEME.replace("title: Продажи\n", "title: Продажи\ncurrency: EUR\n", 1)
    outcome = pay(
        tmp_path,
        "sepa",
        organisation=organisation() + section,
        people=people,
        headings=[*HEADINGS[:4], "IBAN"],
        scheme=scheme,
    )
    data = written(outcome, "sepa.xml").read_bytes()
    try_valid_xml(data, version)
    root = etree.fromstring(data)
    space = f"{{urn:iso:std:iso:20022:tech:xsd:{version}}}"
    assert len(list(root.iter(f"{space}CtgyPurp"))) == 1
    assert root.findtext(f".//{space}CtgyPurp/{space}Cd") == "SALA"
    assert [item.text for item in root.iter(f"{space}InstdAmt")] == ["51000.50", "32846.18", "20000.00"]
    assert [item.text for item in root.iter(f"{space}CtrlSum")] == [TOTAL, TOTAL]
    assert root.findtext(f".//{space}CreDtTm") == "2026-11-05T00:00:00"


# -- one proof, one release -----------------------------------------------------------------------------------------

OF_RUBLES = ("1c-client-bank", "1c-csv", "1c-kpi", "1c-salary-xml", "1c-xlsx", "bank-csv")


def test_every_target_is_tested_here() -> None:
    assert tuple(all_targets()) == (*OF_RUBLES, "sepa")


def test_the_manifest_names_every_file(tmp_path: Path) -> None:
    outcome = pay(tmp_path, *OF_RUBLES)
    *files, manifest = outcome.files
    data = json.loads(manifest.read_text(encoding="utf-8"))
    assert data["paid"] == {"people": 3, "total": TOTAL}
    assert data["source"]["sha256"] == sha256((tmp_path / "2026-10.xlsx").read_bytes()).hexdigest()
    assert [(item["name"], item["sha256"]) for item in data["files"]] == [
        (path.name, sha256(path.read_bytes()).hexdigest()) for path in files
    ]
    assert {item["total"] for item in data["files"] if "kpi" not in item["name"]} == {TOTAL}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in outcome.files)


def test_the_same_month_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    first = pay(tmp_path / "first", *OF_RUBLES)
    second = pay(tmp_path / "second", *OF_RUBLES)
    for one, other in zip(first.files[1:-1], second.files[1:-1], strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_payroll_gives_the_same_files_later(tmp_path: Path) -> None:
    later = tuple(name for name in OF_RUBLES if name != "1c-kpi")
    now = {path.name: path.read_bytes() for path in pay(tmp_path, *later).files}
    payroll = pay(tmp_path).files[0]
    shutil.copy(tmp_path / "organisation.yaml", payroll.parent)
    wanted = Wanted(later, None, PAY_DAY, "1")
    outcome = export(payroll, wanted, out=tmp_path / "later")
    assert codes(outcome) == []
    *files, manifest = outcome.files
    assert len(files) == 5
    assert {path.name: path.read_bytes() for path in files}.items() <= now.items()
    assert json.loads(manifest.read_text(encoding="utf-8"))["source"]["name"] == payroll.name


def test_actuals_are_not_in_a_payroll(tmp_path: Path) -> None:
    payroll = pay(tmp_path).files[0]
    outcome = export(payroll, Wanted(("1c-kpi",)))
    assert codes(outcome) == ["no_indicators"]
    assert outcome.files == ()


def test_a_plan_is_no_payroll(tmp_path: Path) -> None:
    pay(tmp_path)
    assert codes(export(tmp_path / "2026-10.xlsx", Wanted(("1c-csv",)))) == ["not_a_payroll"]


def test_a_file_that_does_not_prove_itself_is_not_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(order: Any) -> list[Content]:
        (content,) = SALARY.write(order)
        return [Content(content.name, content.data.replace(b"32846.18", b"32846.17"), content.expected)]

    broken = Target(SALARY.name, SALARY.check, lossy, SALARY.read)
    monkeypatch.setattr(bundle, "all_targets", lambda: all_targets() | {SALARY.name: broken})
    outcome = pay(tmp_path, "1c-csv", "1c-salary-xml")
    assert codes(outcome) == ["proof_failed"]
    assert (outcome.files, list((tmp_path / "out").iterdir())) == ((), [])


@pytest.mark.parametrize(("old", "new"), [("103846.68", "103846.69"), ("КоличествоЗаписей>3<", "КоличествоЗаписей>4<")])
def test_control_sums_that_do_not_fit_fail_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    def wrong(order: Any) -> list[Content]:
        (content,) = SALARY.write(order)
        text = content.data.decode("cp1251")
        assert old in text
        return [Content(content.name, text.replace(old, new).encode("cp1251"), content.expected)]

    broken = Target(SALARY.name, SALARY.check, wrong, SALARY.read)
    monkeypatch.setattr(bundle, "all_targets", lambda: all_targets() | {SALARY.name: broken})
    assert codes(pay(tmp_path, "1c-salary-xml")) == ["proof_failed"]


def test_where_people_cannot_be_told_the_total_decides() -> None:
    assert bundle.agree(Count(None, Decimal(5)), Count(3, Decimal(5)))
    assert not bundle.agree(Count(None, Decimal(5)), Count(3, Decimal(6)))
    assert not bundle.agree(Count(2, Decimal(5)), Count(3, Decimal(5)))


def test_who_is_held_is_in_no_file(tmp_path: Path) -> None:
    actuals = [*ACTUALS[:2], ["00043", None], ACTUALS[3]]
    scheme = SCHEME.replace("      - team_bonus: {on: team_sales, levels: [{reach: norm, pays: 1000.5}]}\n", "")
    outcome = pay(tmp_path, "1c-csv", "1c-salary-xml", sheets={"Факт": actuals, "Корректировки": None}, scheme=scheme)
    assert codes(outcome) == ["blank_holds", "held_not_exported"]
    text = next(path for path in outcome.files if path.suffix == ".xml").read_bytes().decode("cp1251")
    assert "Ким" not in text
    # 20 000 + 30 000, and 20 000.
    assert "<СуммаИтого>70000.00</СуммаИтого>" in text
    assert json.loads(outcome.files[-1].read_text(encoding="utf-8"))["held"] == ["00043 Ким Ли"]


def test_what_is_withheld_is_paid_to_nobody_and_accrued_by_1c_itself(tmp_path: Path) -> None:
    """Two writs: 4 000 of 51 000.50, 1 234.57 of 32 846.18."""
    scheme = SCHEME + "      - withholding: {title: Удержано, amount: writ_amount, limit: none}\n"
    details = organisation(("name: ООО", "writs: [Удержано]\nname: ООО"))
    people = [[*row, writ] for row, writ in zip(PEOPLE, (4000, 1234.57, 0), strict=True)]
    month: dict[str, Any] = {"scheme": scheme, "people": people, "headings": [*HEADINGS, "Исполнительный лист, сумма"]}
    outcome = pay(tmp_path, "1c-csv", "1c-salary-xml", "bank-csv", organisation=details, **month)
    assert codes(outcome) == []
    data = json.loads(outcome.files[-1].read_text(encoding="utf-8"))
    assert data["accrued"] == {"people": 3, "total": TOTAL}
    # 103 846.68 - 4 000 - 1 234.57
    assert data["paid"] == {"people": 3, "total": "98612.11"}
    csv = next(path for path in outcome.files if path.name.endswith("-1c.csv"))
    assert csv.read_bytes() == ACCRUALS.replace("\n", "\r\n").encode("utf-8-sig")
    text = next(path for path in outcome.files if path.suffix == ".xml").read_bytes().decode("cp1251")
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(text.encode("cp1251")))
    assert "<Сумма>47000.50</Сумма>\n\t\t\t<КодВалюты>643</КодВалюты>\n\t\t\t<ОбщаяСуммаУдержаний>4000.00<" in text
    bank = next(path for path in outcome.files if path.name.endswith("bank.csv")).read_text(encoding="cp1251")
    assert bank.splitlines()[1] == "Ким Ли;31611,61;0;40817810000000000002;;1234,57"
    each = details.replace("pays: registry", "pays: each")
    outcome = pay(tmp_path, "1c-client-bank", organisation=each, **month)
    text = next(path for path in outcome.files if path.suffix == ".txt").read_bytes()
    purposes = [order.purpose for order in odin_palace_py.parse(text).documents]
    assert purposes[1] == "Заработная плата за октябрь 2026 г., Ким Ли. НДС не облагается //ВЗС//1234-57"
    assert purposes[2] == "Заработная плата за октябрь 2026 г., Яковлева Дарья Олеговна. НДС не облагается"
    later = export(
        outcome.files[0], Wanted(("1c-csv", "bank-csv"), tmp_path / "organisation.yaml", PAY_DAY, "1"), out=tmp_path
    )
    assert codes(later) == []
    assert later.files[1].read_text(encoding="cp1251") == bank


def test_money_that_is_not_rounded_proves_itself_too(tmp_path: Path) -> None:
    """A third of 400 000.01 has no last digit; actuals may be exported, accruals may not."""
    scheme = SCHEME.replace("round: 0.01, ties: half_up", "round: none").replace("rate: 10%", "rate: 1/3")
    scheme = scheme.replace("at: 30000", "at: 3000000")
    actuals = [ACTUALS[0], ["00042", 400000.01], *ACTUALS[2:]]
    outcome = pay(tmp_path, "1c-kpi", scheme=scheme, sheets={"Факт": actuals})
    assert codes(outcome) == []
    assert codes(export(outcome.files[0], Wanted(("1c-csv",)))) == ["part_of_kopeck"]
    assert codes(pay(tmp_path, "1c-csv", scheme=scheme, sheets={"Факт": actuals})) == ["part_of_kopeck"]


def test_an_actual_without_a_last_digit_is_written_as_a_cell_keeps_it() -> None:
    """A conversion of 1 / 3, computed from facts: 15 digits, and the proof holds."""
    people = People(["1"], ["Ким Ли"], ["Юг"], [""], (), (), [Decimal(0)], {}, [Place()])
    third = Indicator("conversion", "Конверсия", of_people=((0, Decimal(1) / 3),))
    none = Count(0, Decimal(0))
    paid = Paid("f", "", "2026-10", "RUB", "ru", (), (), people, none, none, indicators=lambda: (third,))
    target = all_targets()["1c-kpi"]
    order = Order(paid, "p", "1")
    (content,) = target.write(order)
    sheet = openpyxl.load_workbook(BytesIO(content.data)).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].number_format) == (0.333333333333333, "0." + "0" * 15)
    assert target.read(content.data, order) == content.expected == Count(1, Decimal("0.333333333333333"))


# -- how details are read -------------------------------------------------------------------------------------------


def test_numbers_typed_as_numbers(tmp_path: Path) -> None:
    """A BIC and an insurance number get their zeros back; an account has lost its digits for good."""
    heads = [*HEADINGS[:5], "БИК", "СНИЛС"]
    people = [
        [*PEOPLE[0][:5], 49805746, 112.0],
        [*PEOPLE[1][:4], 40817810000000000002, "", ""],
        [*PEOPLE[2][:5], "", ""],
    ]
    details = organisation(("version: 3.6", "version: 3.7"))
    outcome = pay(tmp_path, "1c-salary-xml", organisation=details, people=people, headings=heads)
    (found,) = [found for found in outcome.issues if found.code != "no_examples"]
    assert (found.code, found.place.cell, found.fact("found")) == ("account_form", "E3", "4.081781e+19")
    people[1][4] = "40817810000000000002"
    outcome = pay(tmp_path, "1c-salary-xml", organisation=details, people=people, headings=heads)
    assert "<БИК>049805746</БИК>" in written(outcome, "z.xml").read_text(encoding="cp1251")
    book = openpyxl.load_workbook(outcome.files[0])
    heads = [cell.value for cell in book["Для 1С"][1]]
    assert [book["Для 1С"][2][heads.index(name)].value for name in ("БИК банка", "СНИЛС")] == [
        "049805746",
        "00000000112",
    ]


def test_parts_of_a_name_are_stated_where_they_cannot_be_told(tmp_path: Path) -> None:
    people = [
        [*PEOPLE[0][:5], "", "", ""],
        ["00043", "Мехмет Али Гасан оглы", *PEOPLE[1][2:5], "Мехмет", "Али", "Гасан оглы"],
        [*PEOPLE[2][:5], "Яковлева", "Дарья", ""],
    ]
    heads = [*HEADINGS[:5], "Фамилия", "Имя", "Отчество"]
    data = written(pay(tmp_path, "1c-salary-xml", people=people, headings=heads), "z.xml").read_bytes()
    found = [(item.last_name, item.first_name, item.middle_name) for item in read_registry(data).credits]
    assert found == [("Иванова", "Анна", "Петровна"), ("Мехмет", "Али", "Гасан оглы"), ("Яковлева", "Дарья", "")]


def test_an_error_in_a_cell_is_no_account(tmp_path: Path) -> None:
    people = [PEOPLE[0], [*PEOPLE[1][:4], {"error": "#N/A"}, *PEOPLE[1][5:]], PEOPLE[2]]
    outcome = pay(tmp_path, "1c-salary-xml", people=people)
    assert [(found.code, found.place.cell) for found in outcome.issues if found.code != "no_examples"] == [
        ("account_form", "E3")
    ]


def test_a_control_character_is_named_by_its_number() -> None:
    assert [unwritable(text, "utf-8") for text in ("Ким\x07", "Ким", "Қалиева")] == ["\x07", "", ""]
    assert [shown_letter(letter) for letter in ("\x07", "Қ")] == ["U+0007", "Қ (U+049A)"]


def test_a_wrong_account_stops_only_the_file_that_needs_it(tmp_path: Path) -> None:
    people = [[*PEOPLE[0][:4], "123", *PEOPLE[0][5:]], *PEOPLE[1:]]
    assert codes(pay(tmp_path, "1c-csv", people=people)) == []
    assert codes(pay(tmp_path, "1c-csv", "1c-salary-xml", people=people)) == ["account_form"]
