"""What can be looked up at the command line: messages, components, schemas; and in which language it answers."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import typer
from jsonschema_rs import Draft202012Validator, meta
from typer.testing import CliRunner

from kpicalc.cli import app
from kpicalc.engine.component import Component
from kpicalc.engine.components import all_components
from kpicalc.engine.descriptions import about, meaning, models_within
from kpicalc.engine.terms.amount_steps import StepRow
from kpicalc.engine.terms.own import ShareOf
from kpicalc.engine.terms.payouts import BandRow, Bands, PointRow, Points
from kpicalc.engine.terms.tiers import FromRow, Tier
from kpicalc.intake.scheme.json_schema import json_schema
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import LANGUAGES, catalogue, issue_entries, remedy
from kpicalc.model.organisation import OrganisationFile
from kpicalc.model.scheme import SchemeFile
from kpicalc.screen.schemas import described_commands, schema_of

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def kpicalc(*words, language="ru"):
    return CliRunner().invoke(app, [str(word) for word in words], env={"KPICALC_LANG": language, "COLUMNS": "100"})


# -- messages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(issue_entries()))
def test_every_code_has_an_entry(code, language):
    done = kpicalc("error", code, language=language)
    assert done.exit_code == 0
    remedy = issue_entries()[code][language]["remedy"].partition("{")[0]
    assert code in done.stdout
    assert remedy in done.stdout
    assert "{" not in re.sub(r"\{[a-zа-я_]+: ", "", done.stdout) or "{" in issue_entries()[code][language]["remedy"]


def test_an_entry_reads_like_the_message():
    assert kpicalc("error", "unknown_payee", language="en").stdout.splitlines()[0] == "ERROR  unknown_payee"
    assert "exit code 1" in kpicalc("error", "unknown_payee", language="en").stdout


def test_a_code_that_is_nearly_right_is_corrected():
    done = kpicalc("error", "unknown_paye", language="en")
    assert done.exit_code == 2
    assert done.stderr == "There is no code unknown_paye. Did you mean unknown_payee?\n"
    assert "docs/errors.md" in kpicalc("error", "x").stderr


def test_a_message_names_the_page_of_its_language():
    text = b"""kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}}
facts: {deals: {from: Deals, payee: Who, columns: {}}}
schemes: {m: {for: {position: M}, pay: [points: {on: {a: 1}}]}}
"""
    _, (missing,) = read_scheme_text("scheme.yaml", text)
    assert (missing.code, missing.fact("key")) == ("missing_key", "date")
    assert remedy(missing, "ru").endswith("docs/scheme.ru.md.")
    assert remedy(missing, "en").endswith("docs/scheme.md.")


# -- components ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(all_components()))
def test_the_reference_of_components_speaks_the_language(name):
    russian, english = kpicalc("components", name).stdout, kpicalc("components", name, language="en").stdout
    assert CYRILLIC.search(russian.splitlines()[2])
    assert not CYRILLIC.search(english.replace("(КТУ)", "").splitlines()[2])
    assert len(russian.splitlines()) >= 8
    # Options are named alike in both.
    named = re.compile(r"^  (\w+): ", re.MULTILINE)
    assert named.findall(russian) == named.findall(english)


def test_every_option_of_a_scheme_and_of_the_organisation_is_told_in_russian():
    """English stands with the models; what the Russian reference would show in English is listed here."""
    told = catalogue("options")
    within = (*models_within(SchemeFile), *models_within(OrganisationFile))
    models = {model for model in within if model.__module__.startswith("kpicalc.model")}
    silent = [
        f"{model.__name__}.{field.alias or name}"
        for model in models
        for name, field in model.model_fields.items()
        if not CYRILLIC.search(meaning(model, name, "ru"))
    ]
    assert silent == [], "put them into lang/options.toml"
    assert all(CYRILLIC.search(about(model, "ru")) for model in models)
    known = {model.__name__: {field.alias or name for name, field in model.model_fields.items()} for model in models}
    rows = (Component, FromRow, Tier, ShareOf, StepRow, BandRow, Bands, PointRow, Points)
    known |= {model.__name__: {field.alias or name for name, field in model.model_fields.items()} for model in rows}
    assert {name: set(entry) - {"about"} - known.get(name, set()) for name, entry in told.items()} == {
        name: set() for name in told
    }, "said of nothing"


# -- schemas ------------------------------------------------------------------------------------------------------


def commands_with_json():
    known = typer.main.get_command(app).commands
    return sorted(name for name, command in known.items() if any("--json" in item.opts for item in command.params))


def test_every_command_that_prints_json_has_a_schema():
    message = "a schema stands in kpicalc/screen/schemas, and `fits` holds the JSON to it"
    assert described_commands() == commands_with_json(), message


@pytest.mark.parametrize("name", described_commands())
def test_a_schema_is_one(name):
    done = kpicalc("schema", "--of", name)
    assert json.loads(done.stdout) == schema_of(name)
    meta.validate(schema_of(name))


def test_another_word_is_wrong_usage():
    done = kpicalc("schema", "--of", "plan", language="en")
    assert done.exit_code == 2
    assert "there are: " in done.stderr


def test_the_scheme_file_is_described_in_the_language():
    assert json.loads(kpicalc("schema", language="en").stdout) == json_schema("en")
    assert CYRILLIC.search(json_schema("ru")["$defs"]["commission"]["properties"]["on"]["description"])


def fits(name, *words):
    """Run a command with --json, and hold what it prints against its schema."""
    done = kpicalc(name, *words, "--json")
    data = json.loads(done.stdout)
    assert [str(error) for error in validator(name).iter_errors(data)] == []
    return data


@cache
def validator(name):
    return Draft202012Validator(schema_of(name))


MONTHS = sorted(path.parent.name for path in SAMPLES.glob("*/scheme.yaml") if (path.parent / "2026-10.xlsx").exists())


@pytest.mark.parametrize("sample", MONTHS)
def test_what_is_paid_fits_its_schema(sample, tmp_path):
    home = SAMPLES / sample
    scheme = ("--scheme", home / "scheme.yaml")
    data = fits("run", home / "2026-10.xlsx", *scheme, "--out", tmp_path)
    assert data["payees"]
    assert fits("check", home / "2026-10.xlsx", *scheme)["totals"] == data["totals"]
    assert len(fits("explain", home / "2026-10.xlsx", *scheme, "--all")["payees"]) == len(data["payees"])
    assert fits("progress", home / "2026-10.xlsx", *scheme, "--on", "2026-10-15")["days"]
    assert fits("statements", home / "2026-10.xlsx", *scheme, "--out", tmp_path)["pages"]


def test_what_is_refused_fits_its_schema():
    bad = ("--scheme", SAMPLES / "band-table" / "scheme-as-printed.yaml")
    for name in ("run", "check", "explain", "funnel", "progress", "statements"):
        everybody = ("--all",) if name == "explain" else ()
        data = fits(name, SAMPLES / "band-table" / "2026-10.xlsx", *bad, *everybody)
        assert [issue["code"] for issue in data["issues"]] == ["bands_as_printed"], name
    assert fits("compare", SAMPLES / "nothing.xlsx", SAMPLES / "none.xlsx")["issues"]
    assert fits("reconcile", SAMPLES / "nothing.xlsx", SAMPLES / "none.xml")["issues"]


def test_other_commands_fit_their_schemas(tmp_path):
    home = SAMPLES / "funnel"
    workbook, scheme = home / "2026-10.xlsx", ("--scheme", home / "scheme.yaml")
    assert fits("funnel", workbook, *scheme, "--target", "payments=40")["funnels"]
    assert fits("funnel", workbook, *scheme, "--payee", "00042")["funnels"]
    kpicalc("run", workbook, *scheme, "--out", tmp_path / "payroll-2026-10.xlsx")
    assert fits("compare", tmp_path / "payroll-2026-10.xlsx", tmp_path / "payroll-2026-10.xlsx")["total"]


DECIDE = SAMPLES / "decide"
RATE = "manager.commission.rate"


@pytest.mark.parametrize("more", [(), ("--base", "sales"), ("--vary", "sales=-20%:20%:10%")])
def test_a_replay_fits_its_schema(more):
    scheme = ("--scheme", DECIDE / "scheme.yaml")
    data = fits("replay", DECIDE, *scheme, "--set", f"{RATE}=12%", *more)
    assert data["months"]
    assert data["payees"]
    assert bool(data["varied"]) == ("--vary" in more)
    assert fits("replay", DECIDE, *scheme, "--set", "manager.comission.rate=12%")["issues"]


def test_a_search_fits_its_schema():
    words = ("--scheme", DECIDE / "scheme.yaml", "--fund", "302000", "--between", "10%:13%", "--step", "1%")
    assert fits("seek", DECIDE, *words, "--set", f"{RATE}=?")["tries"]
    assert fits("seek", DECIDE, *words, "--set", "manager.comission.rate=?")["issues"]


def test_a_balance_fits_its_schema():
    data = fits("balance", DECIDE / "2026-10.xlsx", "--scheme", DECIDE / "balance.yaml")
    assert data["roles"][0]["kpis"]
    assert data["targets"]
    assert fits("balance", "--scheme", DECIDE / "balance.yaml")["roles"]
    assert fits("balance", DECIDE / "nothing.xlsx", "--scheme", DECIDE / "balance.yaml")["issues"]


def test_the_banks_answer_fits_its_schema(tmp_path):
    home = SAMPLES / "salary-project"
    kpicalc("run", home / "2026-10.xlsx", "--scheme", home / "scheme.yaml", "--out", tmp_path)
    answers = sorted(home.glob("*y.xml"))
    assert answers
    for answer in answers:
        assert fits("reconcile", tmp_path / "payroll-2026-10.xlsx", answer)["people"]


# -- the command line's own words ---------------------------------------------------------------------------------

WRONG = [
    "run", "run x --schema y", "run --nope", "ran x", "plan a --scheme b --months 99", "plan a --scheme b --months x",
    "run a --scheme", "funnel a b --scheme c", "check", "run a --scheme b --json=1", "--nope",
    "templates --language fr", "plan a --scheme b --months 0",
]  # fmt: skip
TERM = re.compile(
    r"--?[a-z_-]+|'[^']*'|\{\w+\}|\[\w+\]|\b(kpicalc|root|run|plan|funnel|check|templates|ran|fr|ru|en|b)\b"
)


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_is_told_in_russian(words):
    done = kpicalc(*words.split())
    assert done.exit_code == 2
    left = re.findall("[A-Za-z]{2,}", TERM.sub("", done.stderr))
    assert left == [], done.stderr
    assert done.stderr.splitlines()[-1].startswith("Ошибка: ")


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_is_told_in_english(words):
    done = kpicalc(*words.split(), language="en")
    assert done.exit_code == 2
    assert not CYRILLIC.search(done.stderr)
    assert done.stderr.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize("command", ["", *sorted(typer.main.get_command(app).commands)])
def test_help_has_no_english_of_the_library(command):
    text = kpicalc(*([command] if command else []), "--help").stdout
    said = [entry["en"] for entry in catalogue("typer")["help"].values() if entry["en"] in text]
    assert said == []
    assert text.startswith("Вызов: ")
