"""`kpicalc reconcile`: a bank's answer beside what was sent.

The answers are written by hand from the format's description; the month is that of exports/month.py: 51 000.50 to
00042, 32 846.18 to 00043, 20 000.00 to 00044, 103 846.68 in all. The identifiers are uuid5 of the URL namespace and
`kpicalc:7707083893:38012345:2026-10:1`, and of that and the personnel number, computed apart.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from command import kpicalc as called
from exports.month import ADJUSTMENTS, HEADINGS, PEOPLE, organisation, pay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from kpicalc.app import Outcome, reconcile
from kpicalc.exchange.reconciliation import pairs
from kpicalc.model.issue import Issue
from kpicalc.model.paid import Count
from kpicalc.model.reconciliation import Reconciliation, Sent
from kpicalc.model.registry import Credit, NotAFigure, NotARegistry, read_registry
from kpicalc.screen.reconciliation import print_reconciliation, reconciliation_text

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "salary-project"
DOCUMENT = "c7c66899-e7ad-59f8-b81b-13293f9233b2"
PAYMENTS = [
    "3ce74400-f91c-589b-be15-5653cafe6fae", "df9af2e9-a8f2-5ec7-af95-2afac694a5d5",
    "875b9a41-b5e6-51aa-9093-631faed47186",
]  # fmt: skip
ACCOUNTS = ["40817810700000000001", "40817810000000000002", "40817810300000000003"]
NAMES = [("Иванова", "Анна", "Петровна"), ("Ким", "Ли", ""), ("Яковлева", "Дарья", "Олеговна")]
AMOUNTS = ["51000.50", "32846.18", "20000.00"]
SPACE = ' xmlns="http://v8.1c.ru/edi/edi_stnd/109"'


def row(
    at: int, result: str = "зачислено", *, payment: bool = False, account: str | None = None, name: bool = True,
    amount: str | None = None, remark: str = "",
) -> str:  # fmt: skip
    """Return the answer's row for one of the month's people."""
    last, first, middle = NAMES[at]
    account = ACCOUNTS[at] if account is None else account
    parts = [("Фамилия", last), ("Имя", first), ("Отчество", middle)] if name else []
    parts += [("ИдентификаторПлатежа", PAYMENTS[at] if payment else ""), ("ЛицевойСчет", account)]
    parts += [("Сумма", amount or AMOUNTS[at]), ("Результат", result), ("РасшифровкаРезультата", remark)]
    return (
        f'<Сотрудник Нпп="{at + 1}">'
        + "".join(f"<{key}>{text}</{key}>" for key, text in parts if text)
        + ("</Сотрудник>")
    )


def answer(
    *rows: str, count: int | None = 3, total: str = "103846.68", space: str = SPACE, encoding: str = "utf-8",
    document: str = DOCUMENT,
) -> bytes:  # fmt: skip
    control = f"<КоличествоЗаписей>{count}</КоличествоЗаписей><СуммаИтого>{total}</СуммаИтого>"
    known = 'ДатаФормирования="2026-11-05" НомерДоговора="38012345" ИНН="7707083893" НомерРеестра="1"'
    lines = [
        f'<?xml version="1.0" encoding="{encoding}"?>',
        f'<СчетаПК{space} {known} ИдПервичногоДокумента="{document}">',
        "<РезультатЗачисленияЗарплаты>",
        *rows,
        "</РезультатЗачисленияЗарплаты>",
        f"<КонтрольныеСуммы>{control}</КонтрольныеСуммы>" if count is not None else "",
        "</СчетаПК>",
    ]
    return "\n".join(lines).encode("cp1251" if encoding == "windows-1251" else encoding)


@pytest.fixture(name="folder", scope="module")
def folder_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the payroll and the registry of the month, in a version with identifiers of payments."""
    folder = tmp_path_factory.mktemp("month")
    details = organisation(("version: 3.6", "version: 3.7"))
    assert pay(folder, "1c-salary-xml", organisation=details).errors == 0
    return folder / "out"


@dataclass(frozen=True)
class Seen:
    """What a comparison found."""

    outcome: Outcome
    reconciliation: Reconciliation | None

    @property
    def issues(self) -> tuple[Issue, ...]:
        return self.outcome.issues

    @property
    def errors(self) -> int:
        return self.outcome.errors


def compared(folder: Path, data: bytes, sent: str = "payroll-2026-10.xlsx") -> Seen:
    (folder / "answer.xml").write_bytes(data)
    return Seen(*reconcile(folder / sent, folder / "answer.xml"))


def codes(outcome: Seen) -> list[str]:
    return [found.code for found in outcome.issues]


def found_by(outcome: Seen) -> list[str | None]:
    assert outcome.reconciliation
    return [pair.by for pair in outcome.reconciliation.pairs]


def states(outcome: Seen) -> list[str]:
    assert outcome.reconciliation
    return [pair.state for pair in outcome.reconciliation.pairs]


def shown(result: Reconciliation | None, width: int = 80) -> str:
    assert result
    text = StringIO()
    print_reconciliation(result, "ru", Console(file=text, width=width))
    return text.getvalue().replace("\N{NO-BREAK SPACE}", " ")


# -- everybody has the money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["payroll-2026-10.xlsx", "9999001z.xml"])
@pytest.mark.parametrize("space", [SPACE, ""])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16"])
def test_everybody_is_credited(folder: Path, encoding: str, space: str, sent: str) -> None:
    rows = [row(at, payment=True, account="", name=False) for at in range(3)]
    outcome = compared(folder, answer(*rows, space=space, encoding=encoding), sent)
    assert codes(outcome) == []
    assert found_by(outcome) == ["payment", "payment", "payment"]
    assert outcome.reconciliation
    assert outcome.reconciliation.complete
    whole = Count(3, Decimal("103846.68"))
    assert outcome.reconciliation.sent == outcome.reconciliation.answered == whole
    assert outcome.reconciliation.count("credited") == whole


def test_an_account_tells_where_no_payment_does(folder: Path) -> None:
    rows = [row(2, name=False), row(0, name=False), row(1, name=False)]
    outcome = compared(folder, answer(*rows))
    assert (codes(outcome), found_by(outcome)) == ([], ["account", "account", "account"])


def test_a_name_tells_where_nothing_else_does(folder: Path) -> None:
    data = answer(*(row(at, account="") for at in range(3))).replace("Ким".encode(), "КИМ".encode())
    outcome = compared(folder, data)
    assert (codes(outcome), found_by(outcome)) == ([], ["name", "name", "name"])


def test_the_identifier_is_surer_than_the_account(folder: Path) -> None:
    """The bank took two accounts for each other: the payments are known, and each account is told to be wrong."""
    rows = [row(0, payment=True, account=ACCOUNTS[1]), row(1, payment=True, account=ACCOUNTS[0]), row(2)]
    outcome = compared(folder, answer(*rows))
    assert found_by(outcome) == ["payment", "payment", "account"]
    assert codes(outcome) == ["answer_account", "answer_account"]


# -- somebody has not -----------------------------------------------------------------------------------------------


def test_who_has_no_money_and_why(folder: Path) -> None:
    rows = [row(0), row(1, "ошибкаВФИО", remark="в банке: Ким Лия")]
    outcome = compared(folder, answer(*rows, count=2, total="83846.68"))
    assert codes(outcome) == []
    assert states(outcome) == ["credited", "refused", "missing"]
    assert outcome.reconciliation
    # By hand: 103 846.68 = 51 000.50 + 32 846.18 + 20 000.00.
    assert outcome.reconciliation.count("credited") == Count(1, Decimal("51000.50"))
    assert outcome.reconciliation.count("refused") == Count(1, Decimal("32846.18"))
    assert outcome.reconciliation.count("missing") == Count(1, Decimal(20000))
    text = shown(outcome.reconciliation)
    assert "ошибка в ФИО: в банке: Ким Лия" in shown(outcome.reconciliation, 120)
    assert text.index("Иванова") < text.index("Ким"), "who has no money stands nearest to the totals"
    assert [line.split() for line in text.splitlines()[-4:]] == [
        ["Отправлено", "3", "103", "846,68"],
        ["Зачислено", "1", "51", "000,50"],
        ["Не", "зачислено", "1", "32", "846,18"],
        ["Нет", "в", "ответе", "1", "20", "000,00"],
    ]


@pytest.mark.parametrize(
    "result",
    ["неЗачислено", "счетОтсутствует", "счетЗакрыт", "ошибкаВФИО", "ОшибкаЗаполненияДанных", "счетНеОткрыт",
     "счетОткрыт"],
)  # fmt: skip
def test_every_result_of_the_format_is_known(folder: Path, result: str) -> None:
    outcome = compared(folder, answer(row(0, result), row(1), row(2)))
    assert (codes(outcome), states(outcome)) == ([], ["refused", "credited", "credited"])
    assert result not in shown(outcome.reconciliation), "it is said in words"


@pytest.mark.parametrize("result", ["", "исполнено", "зачислено частично"])
def test_a_result_that_is_not_known_is_no_crediting(folder: Path, result: str) -> None:
    outcome = compared(folder, answer(row(0, result), row(1), row(2)))
    assert (codes(outcome), states(outcome)[0]) == (["answer_result"], "unclear")
    assert outcome.reconciliation
    assert not outcome.reconciliation.complete


# -- contradictions -------------------------------------------------------------------------------------------------


def test_an_amount_that_differs_is_counted_apart(folder: Path) -> None:
    outcome = compared(folder, answer(row(0, amount="50000.50"), row(1), row(2), total="102846.68"))
    assert codes(outcome) == ["answer_amount"]
    assert outcome.reconciliation
    # 103 846.68 sent = 102 846.68 credited + 1 000.00 that is lacking.
    assert outcome.reconciliation.count("credited").total == Decimal("102846.68")
    assert outcome.reconciliation.difference == Decimal(1000)
    assert shown(outcome.reconciliation).splitlines()[-1].split() == ["Расхождение", "сумм", "1", "000,00"]


def test_a_row_too_many(folder: Path) -> None:
    name = "<Фамилия>Орлов</Фамилия><Имя>Пётр</Имя>"
    stranger = f"<Сотрудник>{name}<Сумма>700.00</Сумма><Результат>зачислено</Результат></Сотрудник>"
    outcome = compared(folder, answer(row(0), row(1), row(2), stranger, row(1), count=5, total="137392.86"))
    assert codes(outcome) == ["answer_stranger", "answer_twice"]
    assert [found.place.line for found in outcome.issues] == [7, 8]
    assert outcome.reconciliation
    # 700.00 + 32 846.18
    assert outcome.reconciliation.count("extra") == Count(2, Decimal("33546.18"))
    assert outcome.reconciliation.count("credited") == Count(3, Decimal("103846.68"))


def test_namesakes_are_told_apart_by_their_accounts_only(tmp_path: Path) -> None:
    people = [PEOPLE[0], [PEOPLE[1][0], PEOPLE[0][1], *PEOPLE[1][2:]], PEOPLE[2]]
    assert pay(tmp_path, people=people).errors == 0
    name = "<Фамилия>Ким</Фамилия><Имя>Ли</Имя>"
    other = "<Фамилия>Иванова</Фамилия><Имя>Анна</Имя><Отчество>Петровна</Отчество>"
    data = answer(row(0), row(1), row(2)).replace(name.encode(), other.encode())
    outcome = compared(tmp_path / "out", data)
    assert (codes(outcome), found_by(outcome)) == ([], ["account", "account", "account"])
    outcome = compared(tmp_path / "out", data.replace(ACCOUNTS[1].encode(), b""))
    assert codes(outcome) == ["answer_ambiguous"]
    assert states(outcome) == ["credited", "missing", "credited", "extra"]


@pytest.mark.parametrize(("count", "total"), [(2, "103846.68"), (3, "103846.67")])
def test_control_figures_that_differ_from_the_rows(folder: Path, count: int, total: str) -> None:
    outcome = compared(folder, answer(row(0), row(1), row(2), count=count, total=total))
    assert codes(outcome) == ["registry_control"]
    assert outcome.errors


def test_without_control_figures_it_is_said(folder: Path) -> None:
    outcome = compared(folder, answer(row(0), row(1), row(2), count=None))
    assert codes(outcome) == ["registry_no_control"]
    assert outcome.errors == 0


def test_the_answer_of_another_month_is_not_compared(folder: Path) -> None:
    """The same people, accounts and amounts: only the registry's identifier, that of September, tells."""
    data = answer(row(0), row(1), row(2), document="e326f6e5-97a4-5aff-8647-11f0b8db367a")
    outcome = compared(folder, data)
    assert codes(outcome) == ["answer_other_month"]
    assert outcome.issues[0].fact("found") == "сентябрь 2026"
    assert outcome.reconciliation is None
    assert codes(compared(folder, data, "9999001z.xml")) == ["answer_other_document"]


@pytest.mark.parametrize("document", ["", "17", "0b0fa0ce-62c4-4d1f-9d51-6a40ed3f2f86"])
def test_an_answer_to_a_registry_of_others_is_compared_with_a_warning(folder: Path, document: str) -> None:
    outcome = compared(folder, answer(row(0), row(1), row(2), document=document))
    assert codes(outcome) == ["answer_unproved"]
    assert (outcome.errors, found_by(outcome)) == (0, ["account", "account", "account"])


def test_only_those_to_whom_money_goes_are_expected(tmp_path: Path) -> None:
    """00044 has nothing to be paid: 20 000.00 less an adjustment of as much."""
    sheets = {"Корректировки": [*ADJUSTMENTS, ["00044", -20000, "аванс"]]}
    assert pay(tmp_path, sheets=sheets).errors == 0
    outcome = compared(tmp_path / "out", answer(row(0), row(1), count=2, total="83846.68"))
    assert (codes(outcome), states(outcome)) == ([], ["credited", "credited"])


def test_names_are_taken_from_their_parts(tmp_path: Path) -> None:
    people = [[*PEOPLE[0], "Иванова-Смит", "Анна", ""], *([*person, "", "", ""] for person in PEOPLE[1:])]
    assert pay(tmp_path, people=people, headings=[*HEADINGS, "Фамилия", "Имя", "Отчество"]).errors == 0
    given = "<Фамилия>Иванова-Смит</Фамилия><Имя>Анна</Имя>"
    data = answer(row(0, account=""), row(1), row(2)).decode()
    data = data.replace("<Фамилия>Иванова</Фамилия><Имя>Анна</Имя><Отчество>Петровна</Отчество>", given)
    outcome = compared(tmp_path / "out", data.encode())
    assert (codes(outcome), found_by(outcome)[0]) == ([], "name")


# -- files that are not what they should be -------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_a_document_type_is_refused(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "зачислено">]><СчетаПК>&a;</СчетаПК>'
    with pytest.raises(NotARegistry, match="document type"):
        read_registry(text.encode("cp1251" if encoding == "windows-1251" else encoding))


@pytest.mark.parametrize("amount", ["NaN", "1e3", "-1.00", "51 000.50", "1_000.00", "1.005", "٣.00", "Infinity"])
def test_an_amount_is_written_as_the_format_has_it(amount: str) -> None:
    with pytest.raises(NotAFigure) as wrong:
        read_registry(answer(row(0, amount=amount)))
    assert (wrong.value.element, wrong.value.found, wrong.value.line) == ("Сумма", amount, 4)


def test_a_row_without_an_amount() -> None:
    with pytest.raises(NotAFigure):
        read_registry(answer(row(0).replace("<Сумма>51000.50</Сумма>", "")))


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"PK\x03\x04", b"<a/>", b'<?xml version="1.0" encoding="x-none"?><a/>', b"<a>" * 9]
)
def test_what_is_no_answer(folder: Path, data: bytes) -> None:
    assert codes(compared(folder, data)) == ["not_a_registry"]


def test_a_list_and_an_answer_in_one_file() -> None:
    data = answer(row(0)).replace("</СчетаПК>".encode(), "<ЗачислениеЗарплаты/></СчетаПК>".encode())
    with pytest.raises(NotARegistry):
        read_registry(data)


def test_all_that_is_wrong_with_both_files_comes_at_once(folder: Path) -> None:
    assert codes(Seen(*reconcile(folder / "9999001z.xml", folder / "9999001z.xml"))) == ["registry_not_answer"]
    (folder / "other.xlsx").write_bytes(b"no workbook")
    outcome = Seen(*reconcile(folder / "other.xlsx", folder / "none.xml"))
    assert len(codes(outcome)) == 2
    assert codes(outcome)[1] == "file_not_found"
    assert codes(Seen(*reconcile(ROOT / "samples/tabelly/2026-10.xlsx", folder / "none.xml")))[0] == "not_a_payroll"


# -- many people, long words ----------------------------------------------------------------------------------------


def many(count: int, refused: Sequence[int]) -> Reconciliation:
    sent = [Sent(f"{at:05}", f"Очень Длинная-Фамилия Имя{at}", Decimal(1000), frozenset({str(at)}), frozenset())
            for at in range(count)]  # fmt: skip
    rows = [
        Credit("", "", "", "", "", str(at), Decimal(1000), "неЗачислено" if at in refused else "зачислено", "д" * 3000)
        for at in range(count)
    ]
    return Reconciliation("2026-10", "1", pairs(sent, rows))


def test_of_many_only_those_are_listed_who_have_no_money() -> None:
    text = shown(many(31, [7]))
    assert text.count("Очень") == 1
    assert "не показано: 30" in text
    assert shown(many(30, [7])).count("Очень") == 30


def test_it_fits_80_columns() -> None:
    assert max(map(len, shown(many(3, [1])).splitlines())) <= 80


_NUMBERS = st.sampled_from(["", "1", "2", "3"])
_PRICES = st.sampled_from([Decimal(1), Decimal("2.50")])
_RESULTS = st.sampled_from(["зачислено", "неЗачислено", "?"])
_SENT = st.builds(
    lambda name, amount, payment, number: Sent(
        "", name, amount, frozenset(payment and [payment]), frozenset(number and [number])
    ),
    _NUMBERS, _PRICES, _NUMBERS, _NUMBERS,
)  # fmt: skip
_ROWS = st.builds(
    lambda name, amount, payment, number, result: Credit("", name, "", "", number, payment, amount, result, ""),
    _NUMBERS, _PRICES, _NUMBERS, _NUMBERS, _RESULTS,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_SENT, max_size=6), st.lists(_ROWS, max_size=6))
def test_totals_always_add_up(sent: list[Sent], rows: list[Credit]) -> None:
    """Whatever the bank answers: nobody and no row is lost or counted twice, and both sides add up."""
    result = Reconciliation("", "", pairs(sent, rows))
    assert [pair.sent for pair in result.pairs if pair.sent] == sent
    assert sorted(id(pair.credit) for pair in result.pairs if pair.credit) == sorted(map(id, rows))
    met = result.count("credited", "refused", "unclear")
    missing, extra = result.count("missing"), result.count("extra")
    assert result.sent.total == met.total + result.difference + missing.total
    assert result.answered.total == met.total + extra.total
    assert (met.people or 0) + (missing.people or 0) == len(sent)
    data = json.loads(reconciliation_text(result, (), "ru"))
    assert len(data["people"]) == len(result.pairs)


# -- the command ----------------------------------------------------------------------------------------------------


kpicalc = partial(called, columns=80)


def test_exit_codes(folder: Path) -> None:
    payroll, file = folder / "payroll-2026-10.xlsx", folder / "answer.xml"
    for rows, code, said in (
        ([row(0), row(1), row(2)], 0, "Зачислено всем: 3, 103 846,68."),
        ([row(0), row(1), row(2, "счетЗакрыт")], 3, "Зачислено не всем: 2 из 3; не хватает 20 000,00."),
        ([row(0), row(1), row(2, account=ACCOUNTS[0])], 1, "противоречит отправленному"),
    ):
        file.write_bytes(answer(*rows))
        done = kpicalc("reconcile", payroll, file)
        assert done.returncode == code, done.stderr
        assert said in done.stderr.replace("\N{NO-BREAK SPACE}", " ")
        assert "Отправлено" in done.stdout
    assert kpicalc("reconcile", payroll).returncode == 2
    done = kpicalc("reconcile", payroll, folder / "none.xml", "--json")
    assert (done.returncode, json.loads(done.stdout)["totals"]) == (1, None)


def test_the_sample_in_english_and_as_json(tmp_path: Path) -> None:
    done = kpicalc(
        "run", SAMPLE / "2026-10.xlsx", "--scheme", SAMPLE / "scheme.yaml", "--export", "1c-salary-xml", "--out",
        tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = kpicalc("reconcile", tmp_path / "9999010z.xml", SAMPLE / "9999010y.xml", language="en")
    assert done.returncode == 3
    assert "account closed" in done.stdout
    assert "78,000.00 is missing" in done.stderr
    done = kpicalc("reconcile", tmp_path / "payroll-2026-10.xlsx", SAMPLE / "9999010y.xml", "--json")
    data = json.loads(done.stdout)
    assert [(one["id"], one["state"], one["matched_by"]) for one in data["people"]] == [
        ("00042", "credited", "account"), ("00043", "refused", "account"), ("00044", "credited", "account"),
    ]  # fmt: skip
    # The sample's README: 72 000 + 27 345.68 = 99 345.68, and 78 000 to an account that is closed.
    assert data["totals"]["credited"] == {"people": 2, "total": "99345.68"}
    assert data["totals"]["refused"] == {"people": 1, "total": "78000.00"}
    assert data["issues"] == []
    printed = kpicalc("reconcile", tmp_path / "payroll-2026-10.xlsx", SAMPLE / "9999010y.xml").stdout
    story = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert "\n".join(line.rstrip() for line in printed.replace("\N{NO-BREAK SPACE}", " ").splitlines()) in story
