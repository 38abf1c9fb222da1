"""Pages in a real browser: accessible, nothing cut off, nothing loaded, and printable.

These need Playwright, a Chromium (`BARGAIN_CHROMIUM`, or one on the path) and axe-core's
`axe.min.js` (`BARGAIN_AXE`); what is not there skips them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pytest

from bargaining import Chain
from bargaining.cli.demo import example
from bargaining.record import Record, Submission
from bargaining.writers import coloured_html, columns_html, exhibit, notebook, status
from bargaining.writers.coloured import coloured
from bargaining.writers.columns import columns
from bargaining.writers.redlines.html import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
).split()
WIDTHS = (320, 800, 1280)
Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
PAPERS = {"Letter": (816, 1056), "A4": (794, 1123)}  # pixels of CSS
MARGINS = 2 * 17 * 96 / 25.4  # 17 mm on each side, as the page's style has it
WIDE_OUT = """
limit => [...document.querySelectorAll("main *")]
  .filter(one => !one.closest(".said") && one.getBoundingClientRect().right > limit + 1)
  .map(one => one.outerHTML.slice(0, 120))
"""
HOSTILE = (
    '1.0 <script>document.title = "acted"</script>'
    "<img src=x onerror=\"document.title='acted'\">\n\n"
    f"2.0 {'unbreakable' * 30} \u202e000,01$ \u05e9\u05dc\u05d5\u05dd \u200b{'wide ' * 80}\n\n"
    f"3.0 (a) {'9' * 200}"
)


def chromium() -> str | None:
    stated = os.environ.get("BARGAIN_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return stated or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed.")
    path = chromium()
    if path is None:
        pytest.skip("There is no Chromium: set BARGAIN_CHROMIUM to the path of one.")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def axe() -> str:
    path = os.environ.get("BARGAIN_AXE")
    if not path or not Path(path).is_file():
        pytest.skip("BARGAIN_AXE does not name the axe.min.js of axe-core.")
    return Path(path).read_text(encoding="utf-8")


def hostile() -> Chain:
    label = "\u202eA party with a name that goes on and on" + "x" * 60 + " Counter 1-2-25"
    texts = [
        ("RTA Proposal 9-12-24", HOSTILE),
        ("RTA Verbal Counter", None),
        (label, HOSTILE[::-1]),
    ]
    return Chain.from_texts(texts, base="1.0 A word.", name="<b>" + "n" * 90)


COPIES = (
    *("coloured", "hostile coloured", "columns", "hostile columns"),
    *("status", "hostile status", "exhibit", "hostile exhibit"),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Pages as addresses of files: the example in both directions, and a hostile one."""
    with Record.in_memory() as record:
        names = sorted(example().items())
        papers = [Submission(data=data, name=n, base=n.startswith("0")) for n, data in names]
        record.file_all(papers, by="a test")
        chain = record.chain()
        written = {
            "forward": html(chain.redline("base", 8, all_rounds=True)),
            "back": html(chain.redline(8, "base", all_rounds=True)),
            "hostile": html(hostile().redline("base", 3, all_rounds=True)),
            "notebook": _notebook(chain),
            "coloured": coloured_html.html(coloured(chain, 8, struck=True)),
            "hostile coloured": coloured_html.html(coloured(hostile(), 3, struck=True)),
            "columns": columns_html.html(columns(chain, "sides")),
            "hostile columns": columns_html.html(columns(hostile(), "base,1,3")),
            "status": status.html([chain.status()]),
            "hostile status": status.html([hostile().status()]),
            "exhibit": exhibit.html(exhibit.exhibit(chain, "2.0", {}, "8 abc")),
            "hostile exhibit": exhibit.html(exhibit.exhibit(hostile(), "2.0", {}, "8 abc")),
        }
    folder = tmp_path_factory.mktemp("pages")
    for name, text in written.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in written}


def _notebook(chain: Chain) -> str:
    fragments = [
        notebook.chain_html(chain),
        notebook.redline_html(chain.redline("base", 8, all_rounds=True)),
        notebook.annotation_html(chain.blame(8, struck=True)),
    ]
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>Cells</title></head>'
    body = "".join(f"<div>{fragment}</div>" for fragment in fragments)
    host = '<h1>Cells</h1><ins id="host">of the host</ins>'
    return f"{head}<body><main>{host}{body}</main></body></html>"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["forward", "back", "hostile", "notebook", *COPIES])
def test_pages_are_accessible(
    page: Page, pages: dict[str, str], axe: str, name: str, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(pages[name])
    page.evaluate(axe)
    # A fragment is part of a page that somebody else divides into headings.
    rules = {"heading-order": {"enabled": name != "notebook"}}
    found = page.evaluate("rules => axe.run(document, {rules})", rules)
    seen = [(one["id"], [n["html"][:200] for n in one["nodes"]]) for one in found["violations"]]
    assert seen == []
    assert len(found["passes"]) > 10


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_on_any_screen(page: Page, pages: dict[str, str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("forward", "back", "hostile", *COPIES):
        page.goto(pages[name])
        page.add_style_tag(content="section{content-visibility:visible !important}")
        wide, room = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= room, name
        assert page.evaluate(WIDE_OUT, room) == [], name


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_cut_off_on_paper(page: Page, pages: dict[str, str], paper: str) -> None:
    width, height = PAPERS[paper]
    room = int(width - MARGINS)
    for name in ("forward", "hostile"):
        page.goto(pages[name])
        assert page.pdf(format=paper).startswith(b"%PDF")
        page.set_viewport_size({"width": room, "height": height})
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= room, name
        assert page.evaluate(WIDE_OUT, room) == [], name
        said = page.evaluate("getComputedStyle(document.querySelector('.said')).display")
        assert said == "none"
        page.emulate_media(media="screen")


def test_nothing_is_loaded_and_nothing_acts(page: Page, pages: dict[str, str]) -> None:
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    names = ("forward", "hostile", *COPIES)
    for name in names:
        page.goto(pages[name])
        assert page.title() != "acted"
    assert asked == [pages[name] for name in names]
    assert told == []


def test_copied_text_is_the_text_without_signs(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["forward"])
    section = page.locator("#clause-1\\.0-b .paragraphs")
    copied = page.evaluate(
        "one => { getSelection().selectAllChildren(one); return getSelection().toString(); }",
        section.element_handle(),
    )
    assert copied.strip() == section.locator("p").evaluate(
        "p => [...p.childNodes].map(one => one.nodeType === 3 ? one.data : "
        "one.textContent.replace(/^.*?: | end of insertion /g, '')).join('')"
    )
    assert "inserted by" not in copied
    assert "R5" not in copied


def test_a_fragment_leaves_the_page_around_it_alone(page: Page, pages: dict[str, str]) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(pages["notebook"])
    line = page.evaluate("getComputedStyle(document.querySelector('#host')).textDecorationLine")
    colour = page.evaluate("getComputedStyle(document.querySelector('#host')).color")
    ground = page.evaluate(
        "getComputedStyle(document.querySelector('.bargaining')).backgroundColor"
    )
    assert (line, colour, ground) == ("underline", "rgb(0, 0, 0)", "rgb(255, 255, 255)")
