"""The Python API: tables that add up to what is paid, exact, with numbers as text; importing it costs nothing."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from test_docs import blocks

import kpicalc
from kpicalc import app

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
COLUMNS = ["period", "payee", "name", "department", "position", "scheme", "line", "title", "amount"]


def test_importing_is_cheap() -> None:
    code = "import kpicalc, sys; print(kpicalc.__version__); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == kpicalc.__version__
    loaded = set(done.stdout.split())
    assert not loaded & {"pandas", "numpy", "pydantic", "typer", "ruamel.yaml", "kpicalc.api", "kpicalc.app"}


def test_asking_for_something_else_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'pay'"):
        kpicalc.pay  # noqa: B018


@pytest.mark.parametrize("name", ["department", "tabelly", "brigade", "points", "incoming"])
def test_a_frame_is_the_payroll(name: str, tmp_path: Path) -> None:
    home = SAMPLES / name
    result = kpicalc.run(home / "2026-10.xlsx", home / "scheme.yaml")
    table = result.frame()
    assert list(table.columns) == COLUMNS
    assert all(type(amount) is Decimal for amount in table["amount"])
    assert all(type(number) is str for number in table["payee"])
    assert set(table["period"]) == {result.period} == {"2026-10"}
    outcome = app.run(home / "2026-10.xlsx", home / "scheme.yaml", out=tmp_path)
    assert outcome.payroll
    assert sum(table["amount"]) == result.total == outcome.payroll.total()
    # What was written says the same, person by person and title by title.
    paid = kpicalc.read_payroll(outcome.files[0])
    assert list(paid.columns) == COLUMNS
    assert all(type(amount) is Decimal for amount in paid["amount"])
    for keys in (["payee", "title"], ["department"], ["position"]):
        assert paid.groupby(keys)["amount"].sum().to_dict() == table.groupby(keys)["amount"].sum().to_dict()
    assert kpicalc.read_payrolls(tmp_path).equals(paid)


def test_the_department_by_hand() -> None:
    table = kpicalc.run(SAMPLES / "department/2026-10.xlsx", SAMPLES / "department/scheme.yaml").frame()
    # The sample's README: 00102 earns 68 400 of commission on margin; everybody together 1 012 873.48.
    own = table[(table["payee"] == "00102") & (table["line"] == "commission")]
    assert own["amount"].tolist() == [Decimal("68400.00")]
    assert own["title"].tolist() == ["Комиссия с маржи"]
    assert own["scheme"].tolist() == ["active"]
    assert sum(table["amount"]) == Decimal("1012873.48")


def test_a_person_is_explained_by_number_or_name() -> None:
    result = kpicalc.run(SAMPLES / "tabelly/2026-10.xlsx", SAMPLES / "tabelly/scheme.yaml")
    assert result.explain("00042") == result.explain("Иванова")
    assert "00042" in result.explain("00042").splitlines()[0]
    with pytest.raises(ValueError, match="00099"):
        result.explain("00099")


def test_what_is_refused_has_issues_and_no_amounts(tmp_path: Path) -> None:
    result = kpicalc.run(tmp_path / "none.xlsx", SAMPLES / "tabelly/scheme.yaml")
    assert result.refused
    (found,) = result.issues
    assert found.severity == "error"
    assert found.message
    assert found.remedy
    for asked in (result.frame, lambda: result.total, lambda: result.explain("00042")):
        with pytest.raises(kpicalc.Refused) as refused:
            asked()
        assert refused.value.issues == result.issues
        assert found.message in str(refused.value)
    with pytest.raises(kpicalc.Refused):
        kpicalc.read_payroll(SAMPLES / "tabelly/2026-10.xlsx")
    with pytest.raises(FileNotFoundError):
        kpicalc.read_payrolls(tmp_path)


def test_payrolls_that_are_wrong_are_all_named(tmp_path: Path) -> None:
    for month in ("2026-08", "2026-09"):
        (tmp_path / f"payroll-{month}.xlsx").write_bytes((SAMPLES / "tabelly/2026-10.xlsx").read_bytes())
    with pytest.raises(kpicalc.Refused) as refused:
        kpicalc.read_payrolls(tmp_path)
    assert {Path(found.place.partition(" › ")[0]).name for found in refused.value.issues} == {
        "payroll-2026-08.xlsx",
        "payroll-2026-09.xlsx",
    }


def test_a_copy_under_another_month_is_not_counted_twice(tmp_path: Path) -> None:
    october = tmp_path / "payroll-2026-10.xlsx"
    assert app.run(SAMPLES / "tabelly/2026-10.xlsx", SAMPLES / "tabelly/scheme.yaml", out=october).files
    (tmp_path / "payroll-2026-09.xlsx").write_bytes(october.read_bytes())
    with pytest.raises(kpicalc.Refused) as refused:
        kpicalc.read_payrolls(tmp_path)
    assert [found.code for found in refused.value.issues] == ["payroll_other_month"]
    assert "payroll-2026-09.xlsx" in refused.value.issues[0].place


def test_a_replay_is_tables_that_add_up() -> None:
    home = SAMPLES / "department"
    what_if = kpicalc.replay(
        home / "2026-10.xlsx", home / "scheme.yaml", settings={"active.cap.at": 110000}, base="margin",
        vary=("margin", [Decimal(0), Decimal("0.1")]),
    )  # fmt: skip
    # 00102 stands 1 576.67 above the cap of 100 000, the sample's README says: all of it is paid below 110 000.
    assert what_if.totals["difference"] == Decimal("1576.67")
    people = what_if.people()
    assert people[people["difference"] != 0]["payee"].tolist() == ["00102"]
    for table in (what_if.frame(), people, what_if.lines(), what_if.months()):
        for side, amount in what_if.totals.items():
            assert sum(table[side]) == amount
            assert all(type(value) is Decimal for value in table[side])
    assert what_if.varied()["old"].tolist()[0] == what_if.totals["old"]
    assert [found.code for found in what_if.issues if found.severity == "error"] == []
    with pytest.raises(TypeError):
        kpicalc.replay(home / "2026-10.xlsx", home / "scheme.yaml")
    with pytest.raises(kpicalc.Refused, match="comission"):
        kpicalc.replay(home / "2026-10.xlsx", home / "scheme.yaml", settings={"active.comission.rate": "1%"})


def test_a_balance_is_a_table_per_role_and_kpi() -> None:
    home = SAMPLES / "decide"
    found = kpicalc.balance(home / "2026-10.xlsx", home / "balance.yaml")
    table = found.frame()
    # The sample's README: 10 000 of sales, 2 000 of each half of the bonus.
    assert table["moves"].tolist() == [Decimal(10000), Decimal(2000), Decimal(2000)]
    assert table["weight"].tolist() == [None, Decimal("0.5"), Decimal("0.5")]
    assert found.targets()[["target", "plans", "people"]].values.tolist() == [[Decimal(500000), Decimal(450000), 2]]
    assert found.funnels().empty
    assert kpicalc.balance(None, home / "balance.yaml").frame()["moves"].tolist() == [4000, 1000, 1000]
    with pytest.raises(kpicalc.Refused):
        kpicalc.balance(home / "none.xlsx", home / "balance.yaml")


def test_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    found = [block for block in blocks(ROOT / "docs" / "python.md") if block.kind == "python"]
    assert len(found) == 5
    for block in found:
        exec(compile(block.body, str(block), "exec"), names)


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    notebook = json.loads((ROOT / "docs" / "months.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) == 6
    names: dict[str, object] = {}
    for number, cell in enumerate(cells):
        assert cell["outputs"] == [], "a notebook is kept without outputs"
        exec(compile("".join(cell["source"]), f"months.ipynb, cell {number}", "exec"), names)
