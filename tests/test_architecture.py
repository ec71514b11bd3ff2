"""How the house is built: imports point one way, the start is light, components are whole, words have two languages."""

import ast
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import kpicalc
from kpicalc import app, cli
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.component import Component, Option
from kpicalc.engine.components import all_components
from kpicalc.engine.descriptions import first_sentence, models_within
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.lang import LANGUAGES, catalogue, issue_entries, section, severity

PACKAGE = Path(kpicalc.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
COMPONENTS = sorted(path for path in (PACKAGE / "engine" / "components").glob("*.py") if path.stem != "__init__")
LONGEST = 300
MEANINGLESS = {"util", "utils", "helper", "helpers", "base", "common", "manager", "misc", "tools"}
HEAVY = ("pandas", "numpy", "openpyxl", "xlsxwriter", "pydantic", "rich.table", "ruamel", "python_calamine", "holidays")

ROOMS = {
    "__main__": {"cli"},
    "cli": {"app", "screen", "lang"},
    "app": {"people", "planning", "forms", "exchange", "payroll", "intake", "engine", "model", "lang"},
    "people": {"planning", "screen", "payroll", "engine", "model", "lang"},
    "planning": {"payroll", "engine", "model", "lang"},
    "screen": {"payroll", "engine", "model", "lang"},
    "forms": {"intake", "engine", "model", "lang"},
    "exchange": {"payroll", "intake", "model", "lang"},
    "payroll": {"intake", "engine", "model", "lang"},
    "intake": {"engine", "model", "lang"},
    "engine": {"model", "lang"},
    "lang": {"model"},
    "model": set(),
    "api": {"app", "payroll", "screen", "engine", "model", "lang"},
    "__init__": {"api"},
}
"""What each room may import, besides itself and the version."""


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_rooms(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every room that a module imports, wherever in it the import stands, with its line."""
    for node in ast.walk(tree_of(path)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [item.name for item in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: a relative import hides its room"
            names = [node.module or ""]
            if node.module == "kpicalc":
                names = [f"kpicalc.{item.name}" for item in node.names]
        for name in names:
            first, _, rest = name.partition(".")
            if first == "kpicalc" and rest and rest != "__version__":
                yield rest.partition(".")[0], node.lineno  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path):
    room = room_of(path)
    assert room in ROOMS, f"{room} is a new room: say in ROOMS what it may import"
    backwards = [f"line {line}: {other}" for other, line in imported_rooms(path) if other not in ROOMS[room] | {room}]
    assert not backwards, f"{name_of(path)} imports rooms to its left"


def imported_modules(path: Path) -> Iterator[Path]:
    """Yield every file that a module imports, wherever in it the import stands, those for types alone too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [item.name for item in node.names]
        elif isinstance(node, ast.ImportFrom):
            # `from kpicalc.app import month` may name a module or what stands in one.
            # The package's front names the API for type checkers; all that it gives to the inside is the version.
            names = [f"{node.module}.{item.name}" for item in node.names if item.name != "__version__"]
        else:
            continue
        for name in names:
            parts = name.split(".")
            for length in (len(parts), len(parts) - 1):
                place = ROOT.joinpath(*parts[:length])
                file = next(
                    (file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None
                )
                if file is not None and parts[0] == "kpicalc":
                    yield file
                    break


def circles(graph: dict[str, set[str]]) -> set[frozenset[str]]:
    """Return the groups of files of which each leads, by way of imports, to each."""
    reached: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        rest = [start]
        while rest:
            new = graph[rest.pop()] - seen
            seen |= new
            rest += new
        reached[start] = seen
    return {
        frozenset(other for other in reached[start] if start in reached[other])
        for start in graph
        if start in reached[start]
    }


def test_no_circle_of_files():
    graph = {name_of(path): {name_of(other) for other in imported_modules(path)} for path in MODULES}
    assert graph["cli/pay.py"] >= {"cli/report.py", "cli/options.py"}, "imports were not found"
    assert [sorted(circle) for circle in circles(graph)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_have_a_size_and_a_name(path):
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST, f"{name_of(path)} has {length} lines: split it by meaning"
    assert path.stem not in MEANINGLESS
    assert ast.get_docstring(tree_of(path)), "a module says in its docstring what it is for"


# -- start-up -----------------------------------------------------------------------------------------------------


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('modules:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8")
    return set(done.stdout.rpartition("modules:")[2].split())


def test_the_command_line_starts_light():
    loaded = modules_after("import kpicalc.cli")
    assert "kpicalc.cli" in loaded
    heavy = sorted(name for name in loaded if name in HEAVY or name.startswith(tuple(f"{item}." for item in HEAVY)))
    assert heavy == []


def test_the_version_is_told_without_the_command_line():
    loaded = modules_after("sys.argv = ['kpicalc', '--version']\nfrom kpicalc.__main__ import main\nmain()")
    assert not {"typer", "click", "rich", "typing", "kpicalc.cli"} & loaded


NOT_FOR_A_MONTH = {
    "pandas", "ibis", "duckdb", "openpyxl", "kpicalc.api", "kpicalc.app.whatif", "kpicalc.app.people",
    "kpicalc.planning.replay", "kpicalc.people", "kpicalc.forms", "kpicalc.payroll.back.read",
    "kpicalc.payroll.comparison", "kpicalc.engine.probing.next_step", "kpicalc.intake.facts.figures",
    "kpicalc.intake.facts.sources.database", "kpicalc.engine.components.draw", "kpicalc.exchange.targets.sepa",
}  # fmt: skip


def test_a_month_imports_what_it_needs(tmp_path):
    month = ROOT / "samples" / "tabelly"
    arguments = ["kpicalc", "run", str(month / "2026-10.xlsx"), "-s", str(month / "scheme.yaml"), "-o", str(tmp_path)]
    loaded = modules_after(f"sys.argv = {arguments}\nfrom kpicalc.cli import app\napp(standalone_mode=False)")
    assert "kpicalc.payroll.workbook" in loaded
    assert not NOT_FOR_A_MONTH & loaded


def test_every_command_stands_where_it_is_looked_for():
    assert all(getattr(app, name).__module__.startswith("kpicalc.app.") for name in app.__all__)


def test_every_command_that_has_words_has_a_home():
    """A command's module is imported when it is called, so nothing else tells that a command was left out."""
    assert {name for names in cli._HOMES.values() for name in names} == catalogue("cli").keys() - {"app", "option"}


# -- components ---------------------------------------------------------------------------------------------------

COMPANY = """\
kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}, attainment: {round: 0.0001, ties: half_up}}
kpis:
  cold_calls: {title: Calls}
  offers: {title: Offers}
  payments: {title: Payments}
  complaints: {title: Complaints}
  returned_sales: {title: Returned sales, unit: руб}
  overdue: {title: Overdue, unit: руб}
  sales: {title: Sales, unit: руб}
  margin: {title: Margin, unit: руб}
  department_sales: {title: Sales of the department, unit: руб, team: sum, of: sales}
facts:
  deals:
    {from: Deals, payee: Manager, date: Paid, columns: {amount: Amount, product: {heading: Product, type: text}}}
rates:
  by_product: {from: Rates, match: {product: Product}, rate: Rate}
schemes:
  role:
    pay:
"""
"""The company that the components' examples speak of."""
ABOVE = {
    "commission": "commission: {on: sales, rate: 20%}",
    "kpi_bonus": "kpi_bonus: {kpi: sales, target: 10000, payout: attainment}",
}
"""Lines that an example may act on."""


def component_of(path: Path) -> type[Component]:
    module = import_module(f"kpicalc.engine.components.{path.stem}")
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Component) and value.__module__ == module.__name__
    ]
    assert len(own) == 1, f"{path.name} holds one component, not {len(own)}"
    return own[0]


@pytest.fixture(name="component", params=COMPONENTS, ids=lambda path: path.stem)
def component_fixture(request):
    return component_of(request.param)


def test_every_component_is_registered():
    assert {path.stem: component_of(path) for path in COMPONENTS} == all_components()


def test_a_component_is_documented(component):
    module = sys.modules[component.__module__]
    assert component.name == module.__name__.rpartition(".")[2], "the module is named as the component in the scheme"
    for language in LANGUAGES:
        assert component.title_in(language)
        assert first_sentence(component, language).endswith("."), "it starts with one sentence"


def test_the_example_of_a_component_is_accepted(component):
    above = [line for name, line in ABOVE.items() if name != component.name]
    assert component.example.startswith(component.name)
    text = COMPANY + "".join(f"      - {line}\n" for line in [*above, component.example])
    book, issues = read_scheme_text("example.yaml", text.encode())
    assert book is not None
    assert issues == []
    _, issues = compile_schemes(book)
    assert [found for found in issues if severity(found) == "error"] == []


def test_people_read_a_name_for_every_parameter(component):
    path = Path(str(sys.modules[component.__module__].__file__))
    used = {
        word.value
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "param"
        for argument in call.args
        for word in ast.walk(argument)
        if isinstance(word, ast.Constant) and word.value in component.model_fields
    }
    for field in used:
        assert component.option(field).unit
        assert all(component.term(field, language) for language in LANGUAGES)


def test_the_catalogue_of_a_component_tells_of_what_it_has(component):
    """Its title, what it does, every option, the name of every figure, every entry inside: no more and no less."""
    own = [model for model in models_within(component) if model.__module__ == component.__module__]
    options = {
        model: {field.alias or name for name, field in model.model_fields.items() if name not in Component.model_fields}
        for model in own
    }
    terms = {
        name
        for name, field in component.model_fields.items()
        if any(isinstance(item, Option) for item in field.metadata)
    }
    told = catalogue(f"components/{component.name}")
    allowed = {"title", "title_of_tax", "title_of", "amount_of", "about", "options", "terms", "entries", "figures"}
    assert set(told) <= allowed
    assert set(told.get("options", {})) == options.pop(component)
    assert set(told.get("terms", {})) == terms
    entries = told.get("entries", {})
    assert {name: set(entry) for name, entry in entries.items()} == {
        model.__name__: {"about"} | names for model, names in options.items()
    }


def test_no_description_stands_in_code(component):
    stated = [
        f"{model.__name__}.{name}"
        for model in models_within(component)
        if model.__module__ == component.__module__
        for name, field in model.model_fields.items()
        if field.description
    ]
    assert stated == [], "what an option means stands in the catalogue"


def test_a_component_has_cases(component):
    cases = ROOT / "tests" / "cases" / f"{component.name}.yaml"
    assert cases.is_file(), "its cases: options and inputs, and the amounts typed by hand"


def names_of_components_in(path: Path) -> Iterator[str]:
    """Yield the names by which a module picks components: `item.name == "pool"`, `case "pool", object(rate=rate)`."""
    for node in ast.walk(tree_of(path)):
        named: list[ast.AST] = []
        if isinstance(node, ast.Compare) and ast.unparse(node.left) == "item.name":
            named += node.comparators
        if isinstance(node, ast.Match) and ast.unparse(node.subject) == "(item.name, item.component)":
            pairs = [pair for pair in ast.walk(node) if isinstance(pair, ast.MatchSequence)]
            named += [pair.patterns[0] for pair in pairs]
        texts = (text for part in named for text in ast.walk(part) if isinstance(text, ast.Constant))
        yield from (str(text.value) for text in texts)


def test_components_are_picked_by_names_that_they_have():
    """A class is not imported for its name's sake, so nothing else tells that a name is mistyped."""
    named = {name for path in MODULES for name in names_of_components_in(path)}
    assert named >= {"withholding", "penalty", "piecework", "clawback"}, "the names were not found"
    assert named <= all_components().keys()


def options_of_components_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield component and option of every `case "pool", object(rate=rate)`."""
    for match in ast.walk(tree_of(path)):
        if isinstance(match, ast.Match) and ast.unparse(match.subject) == "(item.name, item.component)":
            for pair in (pair for pair in ast.walk(match) if isinstance(pair, ast.MatchSequence)):
                names = [text.value for text in ast.walk(pair.patterns[0]) if isinstance(text, ast.Constant)]
                options = pair.patterns[1].kwd_attrs if isinstance(pair.patterns[1], ast.MatchClass) else []
                yield from ((name, option) for name in names for option in options)


def test_options_of_components_are_read_by_names_that_they_have():
    """`object(rate=rate)` fits nothing where the option has another name: a rule would be off without a word."""
    read = {pair for path in MODULES for pair in options_of_components_in(path)}
    assert read >= {("withholding", "tax"), ("penalty", "rate"), ("piecework", "on")}, "the options were not found"
    known = {(name, option) for name, kind in all_components().items() for option in kind.model_fields}
    assert read <= known


def said_in(path: Path) -> set[str]:
    """Return what a module calls its figures by: say("rate"), with * for what is filled in at run time."""
    calls = (call for call in ast.walk(tree_of(path)) if called(call) == "say")
    return {pattern for call in calls if (pattern := pattern_of(call.args[0]))}


def test_what_a_component_says_stands_in_its_catalogue(component):
    module = Path(str(sys.modules[component.__module__].__file__))
    levels = PACKAGE / "engine" / "terms" / "levels.py"
    shared = said_in(levels) if "terms.levels" in module.read_text("utf-8") else set()
    known, said = set(catalogue(f"components/{component.name}").get("figures", {})), said_in(module) | shared
    assert [name for name in said if not any(fnmatchcase(key, name) for key in known)] == []
    assert [key for key in known if not any(fnmatchcase(key, name) for name in said)] == []


# -- words --------------------------------------------------------------------------------------------------------

CATALOGUES = sorted(
    path.relative_to(PACKAGE / "lang").with_suffix("").as_posix() for path in (PACKAGE / "lang").rglob("*.toml")
)
DESCRIPTIONS = ("components/", "options", "typer.")
"""Catalogues looked up by the names of models or by what a library says, not by a path in code."""
BARE_LISTS = {"tables.words", "tables.currencies", "conventions"}
"""Lists of spellings that are recognised in any language, and how each language is written."""


def phrases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every phrase of the catalogues that are not about issues: its path, its languages."""

    def walk(path: str, entry: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        if path in BARE_LISTS:
            return
        if set(entry) & set(LANGUAGES) or not all(isinstance(value, dict) for value in entry.values()):
            yield path, entry
            return
        for key, value in entry.items():
            yield from walk(f"{path}.{key}", value)

    for name in CATALOGUES:
        if not name.startswith("issues_"):
            yield from walk(name, dict(catalogue(name)))


def pattern_of(node: ast.expr) -> str | None:
    """Return the path that an argument of word(...) states, with * for what is filled in at run time."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return None


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call) or not node.args:
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@cache
def wrappers_of(path: Path) -> dict[str, str]:
    """Return the functions of a module that look up words under a prefix: {"text": "sheets.run."}."""
    found: dict[str, str] = {}
    for function in ast.walk(tree_of(path)):
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [argument.arg for argument in function.args.args if argument.arg != "self"]
        for call in ast.walk(function):
            if called(call) == "word" and isinstance(call.func, ast.Name) and isinstance(call.args[0], ast.JoinedStr):
                parts = call.args[0].values
                tail = parts[-1]
                filled = isinstance(tail, ast.FormattedValue) and isinstance(tail.value, ast.Name)
                if len(parts) == 2 and filled and names[:1] == [tail.value.id]:
                    found[function.name] = str(parts[0].value)
    return found


def words_used() -> Iterator[tuple[str, str]]:
    """Yield every path looked up in code, and where."""
    for path in MODULES:
        wrappers = wrappers_of(path)
        if path in COMPONENTS or path.parent.name == "workings":
            wrappers = wrappers_of(desk()) | wrappers
        for call in ast.walk(tree_of(path)):
            name = called(call)
            direct = name == "word" and isinstance(call.func, ast.Name)
            pattern = pattern_of(call.args[0]) if direct or name in wrappers else None
            if pattern is not None:
                yield pattern if direct else wrappers[name] + pattern, f"{name_of(path)}:{call.lineno}"


def desk() -> Path:
    """Return the module from which components get their words."""
    return Path(str(sys.modules[import_module("kpicalc.engine.workings").Workings.word.__module__].__file__))


def test_every_word_in_code_stands_in_a_catalogue():
    known = [path for path, _ in phrases()]
    used = list(words_used())
    assert len(used) > 50, "the words of the program were not found"
    missing = [f"{where}: {path}" for path, where in used if not any(fnmatchcase(item, path) for item in known)]
    assert missing == []


def test_every_word_in_a_catalogue_is_used():
    patterns = {path for path, _ in words_used()}
    idle = [
        path
        for path, _ in phrases()
        if not path.startswith(("tables.", *DESCRIPTIONS))
        and not any(fnmatchcase(path, pattern) for pattern in patterns)
    ]
    assert idle == []


def blanks(text: str | list[str]) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} if isinstance(text, str) else set()


RUSSIAN = {
    "engine/components/formula.py": "an example as people write a scheme",
    "engine/draft.py": "spellings of units",
    "engine/lint/fines.py": "the word that is looked for",
    "engine/lint/odd_actuals.py": "spellings of units",
    "exchange/": "names of fields in formats of 1C and of banks, whatever the language of the rest",
    "forms/adopt/": "words and spellings that are looked for in people's workbooks",
    "intake/scheme/errors.py": "spellings of a currency",
    "intake/files/text_file.py": "letters by how usual they are",
    "intake/sheets/": "spellings that are looked for in people's workbooks",
    "model/": "formats of the bank's answer, spelling rules of names, days, months; examples in descriptions",
    "planning/pace.py": "spellings of units",
}
"""Where Russian stands in code, and why; every sentence that people read stands in a catalogue."""


def russian_texts(path: Path) -> list[str]:
    """Return the texts of a module in Russian, its docstrings apart."""
    told = {
        id(node.value)
        for parent in ast.walk(tree_of(path))
        for node in (getattr(parent, "body", None) if isinstance(getattr(parent, "body", None), list) else ())
        if isinstance(node, ast.Expr)
    }
    nodes = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant) and id(node) not in told)
    texts = (node.value for node in nodes if isinstance(node.value, str))
    return [text for text in texts if any("а" <= letter <= "я" for letter in text.lower())]


def test_russian_stands_in_code_only_where_it_is_no_sentence_for_people():
    found = {name_of(path): russian_texts(path) for path in MODULES}
    strange = {name: texts for name, texts in found.items() if texts and not name.startswith(tuple(RUSSIAN))}
    assert strange == {}
    assert all(any(name.startswith(place) and texts for name, texts in found.items()) for place in RUSSIAN)


def test_every_phrase_has_both_languages():
    for path, entry in phrases():
        if path.startswith("options.") and set(entry) == {"ru"}:
            # What an option means is told in English by its model.
            continue
        assert set(entry) == set(LANGUAGES), path
        assert all(entry.values()), path
        assert blanks(entry["ru"]) == blanks(entry["en"]), f"{path}: the languages are filled with different facts"


def test_every_issue_has_both_languages():
    for code, entry in issue_entries().items():
        assert set(entry) - {"about"} == {"severity", *LANGUAGES}, code
        assert entry["severity"] in {"error", "hold", "warning", "notice"}, code
        for language in LANGUAGES:
            assert set(entry[language]) == {"message", "remedy"}, code
            assert all(entry[language].values()), code
            assert not entry[language]["message"].endswith("."), f"{code}: the full stop is the printer's"
            assert entry[language]["remedy"].endswith((".", "…")), code


def test_a_section_read_by_itself_says_what_the_whole_catalogue_says():
    for name in CATALOGUES:
        text = (PACKAGE / "lang" / f"{name}.toml").read_text(encoding="utf-8")
        whole = tomllib.loads(text)
        assert catalogue(name) == whole
        assert {key: section(name, key)[key] for key in whole} == whole


def test_no_issue_stands_in_two_catalogues():
    codes = [code for name in CATALOGUES if name.startswith("issues_") for code in catalogue(name)]
    assert sorted(codes) == sorted(issue_entries())
