"""Pages as people open them: in a real browser, on a telephone and on a desk, and printed.

Where KPICALC_TEST_BROWSER=1 is set, as in .ci/run, every sample is opened and a browser must be there; elsewhere two
are, where there is one.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kpicalc.cli import app

SAMPLES = Path(__file__).parents[1] / "samples"
ALL = bool(os.environ.get("KPICALC_TEST_BROWSER"))
MONTHS = sorted(path.parent.name for path in SAMPLES.glob("*/scheme.yaml") if (path.parent / "2026-10.xlsx").exists())
OPENED = MONTHS if ALL else ["department", "payments"]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = {"telephone": 360, "desk": 1280}
OVERFLOWING = """
() => {
  const wide = document.documentElement.clientWidth;
  const cut = [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const hides = style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1;
    const scrolled = one.closest('.scroll');
    return box.width > 0 && (hides || (!scrolled && (box.right > wide + 1 || box.left < -1)));
  });
  return cut.slice(0, 5).map(one => one.tagName + ': ' + one.textContent.trim().slice(0, 60));
}
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    found = shutil.which("chromium")
    if not ALL and found is None:
        pytest.skip("there is no browser; .ci/run installs one")
    if not ALL:
        pytest.importorskip("playwright", reason="pip install '.[prints]' opens pages in a browser")
    assert found, "KPICALC_TEST_BROWSER=1 wants Chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        profile = tmp_path_factory.mktemp("profile")
        context = driver.chromium.launch_persistent_context(
            str(profile), executable_path=found, headless=True, args=FLAGS
        )
        yield context
        context.close()


@pytest.fixture(scope="module", params=OPENED)
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the statements, the head's page and everybody's own page of a sample."""
    out, home = tmp_path_factory.mktemp(request.param), SAMPLES / request.param
    month = [str(home / "2026-10.xlsx"), "--scheme", str(home / "scheme.yaml")]
    done = CliRunner().invoke(app, ["statements", *month, "--out", str(out)])
    assert done.exit_code in {0, 3}, done.output
    words = ["progress", *month, "--on", "2026-10-15", "--html", str(out / "team.html"), "--statements", str(out)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code in {0, 3}, done.output
    found = sorted(out.rglob("*.html"))
    if request.param == "department":
        found.append(replayed(out / "replay.html"))
    assert len(found) > 2
    return found


def replayed(page: Path) -> Path:
    """Write the page of a replay over three months."""
    home = SAMPLES / "decide"
    words = ["replay", str(home), "--scheme", str(home / "scheme.yaml"), "--set", "manager.commission.rate=12%"]
    done = CliRunner().invoke(app, [*words, "--base", "sales", "--vary", "sales=-20%:20%:10%", "--html", str(page)])
    assert done.exit_code in {0, 3}, done.output
    return page


def test_pages_are_whole_wherever_they_are_opened(browser: Any, pages: list[Path]) -> None:
    wrong = []
    for path in pages:
        page = browser.new_page()
        told: list[str] = []
        page.on("console", lambda message, told=told: told.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        page.on("request", lambda sent, told=told, own=path: _asked(sent.url, own, told))
        for name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path.as_uri())
            wrong += [f"{path.name} on a {name}: {text}" for text in page.evaluate(OVERFLOWING)]
            across = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{path.name} on a {name}: {across} px wide"] if across > width else []
        wrong += [f"{path.name}: {text}" for text in told]
        page.close()
    assert wrong == []


def _asked(url: str, own: Path, told: list[str]) -> None:
    if url != own.as_uri():
        told.append(f"asks for {url}")


def test_everybodys_page_is_printed_on_one_sheet_of_a4(browser: Any, pages: list[Path]) -> None:
    wrong = []
    for path in pages:
        page = browser.new_page()
        page.goto(path.as_uri())
        data = page.pdf(format="A4", prefer_css_page_size=True)
        count = len(re.findall(rb"/Type\s*/Page\b(?!s)", data))
        sizes = {
            tuple(round(float(side)) for side in box.split()[2:])
            for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", data)
        }
        # A head's page takes a sheet for every four people at most, as each has several goals.
        most = 1 + (len(pages) - 1) // 8 if path.name == "team.html" else 2 if path.name == "replay.html" else 1
        if not 1 <= count <= most or not sizes <= {(595, 842), (842, 595)}:
            wrong.append(f"{path.name}: {count} pages {sizes}")
        page.close()
    assert wrong == []
