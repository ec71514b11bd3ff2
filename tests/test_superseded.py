"""A month that is run again: what pays otherwise is kept and told, and files of the old payroll are found.

Of the month in exports/month.py: 00042 with sales of 200 000 earns a commission of 20 000 in place of 30 000.
"""

import json
from decimal import Decimal
from pathlib import Path

from exports.month import ACTUALS, SCHEME, pay
from typer.testing import CliRunner

import kpicalc
from kpicalc.app import Outcome, Wanted, export, run
from kpicalc.cli import app
from kpicalc.lang import message

LESS = [ACTUALS[0], ["00042", 200000], *ACTUALS[2:]]


def codes(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues if found.code != "no_examples"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir())


def test_the_same_pay_replaces_silently(tmp_path: Path) -> None:
    pay(tmp_path)
    again = pay(tmp_path)
    assert codes(again) == []
    assert names(tmp_path) == ["payroll-2026-10.manifest.json", "payroll-2026-10.xlsx"]


def test_other_pay_keeps_the_old_payroll(tmp_path: Path) -> None:
    """Twice: the second one is kept as before-2, and both old payrolls are whole."""
    old = pay(tmp_path).files[0].read_bytes()
    less = pay(tmp_path, sheets={"Факт": LESS})
    assert codes(less) == ["paid_otherwise"]
    told = message(less.issues[-1], "ru").replace("\N{NO-BREAK SPACE}", " ")
    assert "00042 Иванова Анна Петровна −10 000,00); всего −10 000,00" in told
    assert (tmp_path / "out" / "payroll-2026-10.before-1.xlsx").read_bytes() == old
    assert codes(pay(tmp_path)) == ["paid_otherwise"]
    assert "payroll-2026-10.before-2.xlsx" in names(tmp_path)
    assert codes(export(tmp_path / "out" / "payroll-2026-10.before-1.xlsx", Wanted(("1c-csv",)))) == []


def test_a_kept_payroll_is_no_month_of_its_own(tmp_path: Path) -> None:
    """A folder is read as one October: what was paid before is not added to it."""
    pay(tmp_path)
    pay(tmp_path, sheets={"Факт": LESS})
    frame = kpicalc.read_payrolls(tmp_path / "out")
    # 51 000.50 - 10 000 + 32 846.18 + 20 000
    assert sum(frame["amount"]) == Decimal("93846.68")


def test_it_is_told_when_quiet(tmp_path: Path) -> None:
    pay(tmp_path)
    pay(tmp_path, sheets={"Факт": LESS})
    workbook, scheme = str(tmp_path / "2026-10.xlsx"), str(tmp_path / "scheme.yaml")
    (tmp_path / "scheme.yaml").write_text(SCHEME.replace("20000", "21000"), encoding="utf-8")
    told = CliRunner().invoke(app, ["run", workbook, "-s", scheme, "--out", str(tmp_path / "out"), "--quiet"])
    assert told.exit_code == 0
    assert "paid_otherwise" in told.stderr
    assert "before-2.xlsx" in told.stderr


def test_files_of_the_old_payroll_are_found_until_they_are_gone(tmp_path: Path) -> None:
    pay(tmp_path, "1c-csv")
    assert codes(pay(tmp_path, sheets={"Факт": LESS})) == ["paid_otherwise", "files_of_another_payroll"]
    payroll = tmp_path / "out" / "payroll-2026-10.xlsx"
    later = export(payroll, Wanted(("1c-xlsx",)))
    assert codes(later) == ["files_of_another_payroll"]
    assert "payroll-2026-10-1c.csv" in message(later.issues[-1], "ru")
    (tmp_path / "out" / "payroll-2026-10-1c.csv").unlink()
    assert codes(pay(tmp_path, "1c-csv", sheets={"Факт": LESS})) == []


def test_a_registry_is_replaced_under_another_number_or_by_a_word(tmp_path: Path) -> None:
    pay(tmp_path, "1c-salary-xml")
    old = (tmp_path / "out" / "9999001z.xml").read_bytes()
    assert codes(pay(tmp_path, "1c-salary-xml")) == [], "the same registry is the same payment"
    refused = pay(tmp_path, "1c-salary-xml", sheets={"Факт": LESS})
    assert (codes(refused), refused.files) == (["registry_released"], ())
    assert (tmp_path / "out" / "9999001z.xml").read_bytes() == old
    another = pay(tmp_path, "1c-salary-xml", sheets={"Факт": LESS}, number="11")
    assert codes(another) == ["paid_otherwise", "files_of_another_payroll"]
    assert (tmp_path / "out" / "9999011z.xml").is_file()
    payroll = tmp_path / "out" / "payroll-2026-10.xlsx"
    (tmp_path / "out" / "organisation.yaml").write_bytes((tmp_path / "organisation.yaml").read_bytes())
    day = "2026-11-05"
    options = ["--to", "1c-salary-xml", "--date", day, "--number", "1"]
    assert CliRunner().invoke(app, ["export", str(payroll), *options]).exit_code == 1
    assert CliRunner().invoke(app, ["export", str(payroll), *options, "--replace"]).exit_code == 0
    assert (tmp_path / "out" / "9999001z.xml").read_bytes() != old


def test_a_registry_that_another_number_has_replaced_stays_released(tmp_path: Path) -> None:
    """Number 10 went to the bank; number 11 has taken its place in the folder, and number 10 may not say otherwise."""
    pay(tmp_path, "bank-csv")
    folder = tmp_path / "out"
    assert codes(pay(tmp_path, "bank-csv", sheets={"Факт": LESS}, number="11")) == ["paid_otherwise"]
    assert [path.name for path in folder.glob("*bank*.csv")] == ["payroll-2026-10-bank.csv"]
    other = {"Факт": [ACTUALS[0], ["00042", 250000], *ACTUALS[2:]]}
    refused = pay(tmp_path, "bank-csv", sheets=other)
    assert (codes(refused), refused.files) == (["registry_released"], ())
    assert codes(pay(tmp_path, "bank-csv", sheets=other, number="12")) == ["paid_otherwise"]
    # Number 10 as it went to the bank is the same payment; number 11 is still known too.
    assert codes(pay(tmp_path, "bank-csv")) == ["paid_otherwise"]
    assert "registry_released" in codes(pay(tmp_path, "bank-csv", sheets=other, number="11"))


def test_a_number_of_one_bank_says_nothing_of_another(tmp_path: Path) -> None:
    pay(tmp_path, "bank-csv")
    pay(tmp_path, "bank-csv", sheets={"Факт": LESS}, number="11")
    pay(tmp_path, "1c-salary-xml", sheets={"Факт": LESS})
    (tmp_path / "out" / "payroll-2026-10-bank.csv").unlink()
    other = {"Факт": [ACTUALS[0], ["00042", 250000], *ACTUALS[2:]]}
    assert codes(pay(tmp_path, "bank-csv", sheets=other)) == ["registry_released"]


def test_a_registry_that_was_taken_away_stays_released(tmp_path: Path) -> None:
    """Number 10 went to the bank as a file that was moved; runs for nobody, or for 1C, do not set the number free."""
    pay(tmp_path, "bank-csv")
    (tmp_path / "out" / "payroll-2026-10-bank.csv").unlink()
    assert codes(pay(tmp_path)) == []
    assert codes(pay(tmp_path, sheets={"Факт": LESS})) == ["paid_otherwise"]
    assert codes(pay(tmp_path, "1c-csv", sheets={"Факт": LESS})) == []
    refused = pay(tmp_path, "bank-csv", sheets={"Факт": LESS})
    assert (codes(refused), refused.files) == (["registry_released"], ())
    assert codes(pay(tmp_path, "bank-csv", sheets={"Факт": LESS}, number="11")) == []


def test_a_run_for_another_target_does_not_forget_the_files_before_it(tmp_path: Path) -> None:
    pay(tmp_path, "bank-csv")
    assert codes(pay(tmp_path, "1c-csv")) == []
    less = pay(tmp_path, sheets={"Факт": LESS})
    assert codes(less) == ["paid_otherwise", "files_of_another_payroll"]
    told = message(less.issues[-1], "ru")
    assert "payroll-2026-10-1c.csv" in told
    assert "payroll-2026-10-bank.csv" in told
    assert "registry_released" in codes(pay(tmp_path, "bank-csv", sheets={"Факт": LESS}))


def test_a_payroll_is_not_written_under_the_name_of_another_month(tmp_path: Path) -> None:
    pay(tmp_path)
    outcome = run(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml", out=tmp_path / "payroll-2026-09.xlsx")
    assert (codes(outcome), outcome.files) == (["other_month"], ())
    # The day of writing is not taken for a month: a script may name its files so.
    for name in ("october.xlsx", "2026-11-02.xlsx", "payroll-2026-10-written-2026-11-02.xlsx"):
        assert run(tmp_path / "2026-10.xlsx", tmp_path / "scheme.yaml", out=tmp_path / name).files


def test_the_digest_stands_in_the_manifest(tmp_path: Path) -> None:
    payroll, manifest = pay(tmp_path).files
    data = json.loads(manifest.read_text(encoding="utf-8"))
    assert len(data["digest"]) == 64
    assert [item["name"] for item in data["files"]] == [payroll.name]
    manifest.write_text(json.dumps(data | {"digest": "0" * 64}), encoding="utf-8")
    assert codes(export(payroll, Wanted(("1c-csv",)))) == ["payroll_other_manifest"]
