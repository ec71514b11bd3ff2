"""The documents agree with the program: every command in them is run and its output compared.

A block fenced as `console` is run, in this process, in a copy of its own of the samples that it names. A line
`$ kpicalc ...` is a command, the lines below it are what it prints, messages included; `$ echo $?` prints the exit
code of the command above. A line `…` stands for any lines. A comment `<!-- change FILE: OLD -> NEW -->` right above the
block first changes a text of a file in the copy, and `<!-- change FILE: Sheet!A1 -> VALUE -->` a cell of a workbook
(without VALUE the cell is blanked).

`python tests/test_docs.py` writes the outputs of the blocks without `…` anew.
"""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from kpicalc import __version__
from kpicalc.app import check
from kpicalc.cli import app
from kpicalc.lang import LANGUAGES

ROOT = Path(__file__).parents[1]
READMES = (ROOT / "README.md", ROOT / "README.ru.md")
PAGES = (*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
COMMANDS = tuple(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
ELLIPSIS = "…"
SETTING = {"COLUMNS": "100", "NO_COLOR": "1", "KPICALC_LANG": "ru", "PYTHONIOENCODING": "utf-8"}

_BLOCK = re.compile(
    r"(?P<changes>(?:^<!-- change .*? -->\n)*)^```(?P<kind>\S*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_CHANGE = re.compile(r"^<!-- change (?P<file>\S+): (?P<old>.*?) ->(?: (?P<new>.*?))? -->$", re.MULTILINE)
_CELL = re.compile(r"^(?P<sheet>[^!]+)!(?P<cell>[A-Z]+[0-9]+)$")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: where its body starts (as an offset and a line), what is changed before it."""

    page: Path
    start: int
    line: int
    kind: str
    body: str
    changes: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        changes = tuple((item["file"], item["old"], item["new"] or "") for item in _CHANGE.finditer(match["changes"]))
        start = match.start("body")
        yield Block(page, start, text.count("\n", 0, start) + 1, match["kind"], match["body"], changes)


def dialogue(block: Block) -> list[tuple[str, list[str]]]:
    """Return the commands of a block, each with the lines that follow it."""
    said: list[tuple[str, list[str]]] = []
    for line in block.body.splitlines():
        if line.startswith("$ "):
            said.append((line[2:], []))
        else:
            assert said, f"{block}: a console block starts with a command"
            said[-1][1].append(line.rstrip())
    return said


def played(block: Block, folder: Path) -> list[tuple[str, list[str]]]:
    """Run the commands of a block in a copy of the samples they name, and return them with what they print."""
    for sample in named_samples(block):
        shutil.copytree(ROOT / "samples" / sample, folder / "samples" / sample)
    for file, old, new in block.changes:
        change(folder / file, old, new)
    code, said = 0, []
    for command, _ in dialogue(block):
        words = shlex.split(command)
        if words == ["echo", "$?"]:
            said.append((command, [str(code)]))
            continue
        assert words[0] == "kpicalc", f"{block}: only kpicalc is run, not {words[0]}"
        with chdir(folder):
            done = CliRunner().invoke(app, words[1:], env=SETTING, prog_name="kpicalc")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        code = done.exit_code
        said.append((command, [line.rstrip() for line in done.output.replace("\\", "/").splitlines()]))
    return said


def named_samples(block: Block) -> set[str]:
    """Return the folders of samples that the commands and changes of a block speak of."""
    spoken = [block.body, *(file for file, _, _ in block.changes)]
    return {name for text in spoken for name in re.findall(r"samples/([\w-]+)", text)}


def change(path: Path, old: str, new: str) -> None:
    if path.suffix == ".xlsx":
        where = _CELL.match(old)
        assert where, f"not a cell: {old}"
        book = openpyxl.load_workbook(path)
        sheet = book[where["sheet"]]
        assert sheet[where["cell"]].value is not None, f"{old} is blank already"
        sheet[where["cell"]].value = new or None
        book.save(path)
        return
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds “{old}” {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def agrees(written: list[str], printed: list[str]) -> bool:
    """Tell whether an output is as written, where a line … stands for any lines."""
    pattern = "".join("(?:.*\n)*" if line.strip() == ELLIPSIS else re.escape(line) + "\n" for line in written)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


CONSOLE = [block for page in PAGES for block in blocks(page) if block.kind == "console"]


@pytest.mark.parametrize("block", CONSOLE, ids=str)
def test_what_a_page_shows_is_what_the_program_prints(block, tmp_path):
    for (command, written), (_, printed) in zip(dialogue(block), played(block, tmp_path), strict=True):
        if not agrees(written, printed):
            assert written == printed, command


def test_every_readme_shows_the_program_at_work():
    for page in READMES:
        assert any(block.page == page for block in CONSOLE), page.name


# -- commands -----------------------------------------------------------------------------------------------------


def test_every_command_is_in_the_readme():
    text = READMES[0].read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"kpicalc {name}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_page_exists(page):
    text = page.read_text(encoding="utf-8")
    # A command stands in backticks or in a fenced block.
    said = re.findall(r"(?:[`/\\$&] ?)kpicalc ([a-z]+)\b", text, re.MULTILINE)
    assert sorted(set(said) - set(COMMANDS)) == []


HELP = """
import sys
from typer.testing import CliRunner
from kpicalc.cli import app
for command in sys.argv[1:]:
    done = CliRunner().invoke(app, [command, "--help"], prog_name="kpicalc")
    print(done.output, end=chr(0))
"""


@cache
def helps(language: str) -> dict[str, str]:
    """Return the help of every command; the language of help is settled when the program starts."""
    done = subprocess.run(
        [sys.executable, "-c", HELP, *COMMANDS],
        env={**os.environ, **SETTING, "KPICALC_LANG": language},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return dict(zip(COMMANDS, done.stdout.split(chr(0)), strict=False))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_starts_with_an_example(command, language):
    usage, _, rest = helps(language)[command].partition("\n\n")
    assert f"kpicalc {command}" in usage
    assert rest.lstrip().startswith({"ru": "Пример: ", "en": "Example: "}[language] + f"kpicalc {command}")


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_two_commands_for_a_fresh_machine_are_marked(name):
    """The block after a comment `<!-- run -->` is one command; the checks of a change run it as it stands."""
    text = READMES[0].read_text(encoding="utf-8")
    found = re.findall(rf"^<!-- {name} -->\n```sh\n(.+)\n```$", text, re.MULTILINE)
    assert len(found) == 1
    assert found[0].startswith("python3 -m venv .venv && ")
    for path in re.findall(r"samples/\S+", found[0]):
        assert (ROOT / path).is_file(), path


# -- pages in two languages ---------------------------------------------------------------------------------------

TOLD_OTHERWISE = {"cron", "files-for-1c-and-banks", "first-scheme", "messages", "months"}
"""Pages whose Russian twin is a text of its own, with examples of its own; all others are translations."""
TRANSLATED = sorted(
    name for page in (ROOT / "docs").glob("*.ru.md") if (name := page.name.removesuffix(".ru.md")) not in TOLD_OTHERWISE
)


def shown_in(page: Path) -> list[tuple[str, str]]:
    """Return the blocks of a page, comments of YAML apart."""
    return [
        (block.kind, re.sub(r" *# .*$", "", block.body, flags=re.MULTILINE) if block.kind == "yaml" else block.body)
        for block in blocks(page)
    ]


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translation_shows_the_same_blocks(name):
    assert shown_in(ROOT / "docs" / f"{name}.ru.md") == shown_in(ROOT / "docs" / f"{name}.md")


@pytest.mark.parametrize("name", sorted({*TRANSLATED, *TOLD_OTHERWISE}))
def test_a_page_names_its_twin(name):
    assert f"По-русски: [{name}.ru.md]({name}.ru.md)" in (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


# -- the scheme reference, the picture, links ---------------------------------------------------------------------


@cache
def generator(name: str) -> dict[str, object]:
    return runpy.run_path(str(ROOT / "docs" / f"{name}.py"))


@pytest.mark.parametrize(("language", "name"), [("en", "scheme.md"), ("ru", "scheme.ru.md")])
def test_the_scheme_reference_is_current(language, name):
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert generator("make_scheme")["page"](language) == written, "run: python docs/renew.py"


def test_the_page_of_the_lint_is_current():
    written = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
    assert generator("make_lint")["page"]() == written, "run: python docs/make_lint.py"


def test_schemes_in_pages_are_accepted(tmp_path):
    schemes = [block for page in PAGES for block in blocks(page) if block.body.startswith("kpicalc: ")]
    assert schemes
    for block in schemes:
        assert block.kind == "yaml", block
        path = tmp_path / "scheme.yaml"
        path.write_text(block.body, encoding="utf-8")
        outcome = check(None, path)
        assert outcome.issues == (), block
        assert outcome.examples, f"{block}: a scheme has an example"


def test_the_picture_shows_the_summary_of_today():
    written = (ROOT / "docs" / "summary.svg").read_text(encoding="utf-8")
    assert letters(generator("make_picture")["picture"]()) == letters(written), "run: python docs/make_picture.py"
    assert "url(http" not in written, "a picture loads nothing from elsewhere"


def letters(picture: str) -> list[str]:
    """Return the text of a picture; its frame depends on the version of the library that draws it."""
    return re.findall(r"<text[^>]*>(.*?)</text>", picture)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in _LINK.findall(text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings}


def test_the_changelog_tells_of_this_version():
    assert f"## {__version__}" in (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")


# -- writing outputs anew -----------------------------------------------------------------------------------------


def transcript(said: list[tuple[str, list[str]]]) -> str:
    return "".join(f"{line}\n" for command, lines in said for line in (f"$ {command}", *lines))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def rewrite(page: Path) -> None:
    """Put what the program prints today into the blocks of a page that leave nothing out."""
    text = page.read_text(encoding="utf-8")
    for block in reversed(list(blocks(page))):
        if block.kind != "console":
            continue
        with tempfile.TemporaryDirectory() as folder:
            said = played(block, Path(folder))
        same = all(agrees(written, out) for (_, written), (_, out) in zip(dialogue(block), said, strict=True))
        if same:
            continue
        if ELLIPSIS in (line.strip() for line in block.body.splitlines()):
            say(f"{block}: differs; it leaves lines out, so correct it by hand:\n{transcript(said)}")
            continue
        text = text[: block.start] + transcript(said) + text[block.start + len(block.body) :]
        say(f"{block}: written anew")
    page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for written_page in PAGES:
        rewrite(written_page)
