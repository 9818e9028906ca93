"""Every page there is, found by walking the links from the first one, as different readers see it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from every_page import ASKED, ISLANDS, kind_of, walk_pages
from page_faults import OVERFLOWS, list_barriers, listen_to
from playwright.sync_api import Browser, BrowserContext, Page, expect
from running_lionrock import Running, wait_for
from shown_words import list_strays

from lionrock.core.vocabulary import Language

PHONE, DESK = (390, 844), (1440, 900)
LOOKS: dict[Language, tuple[tuple[tuple[int, int], Any], ...]] = {  # as it opens, and then turned or drawn wider
    Language.EN: ((PHONE, "light"), (DESK, "dark")),
    Language.TC: ((PHONE, "dark"),),
    Language.SC: ((DESK, "light"),),
}
READ_BY_AXE = Language.EN
PICTURED = {"": "console", ASKED: "journeys"}  # what there is on them is laid out by hand: for a person to look at
SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
NO_VALUE = re.compile(r"\b(?:NaN|undefined|None|null|Infinity)\b|</?[a-z]+[ >]")  # nor markup
NEXT_FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SHOWN = """[...document.querySelectorAll('main :not(code, script, noscript)')]
    .flatMap(one => [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data)).join('\\n')"""


@pytest.fixture(scope="module")
def paths(running: Running) -> list[str]:
    """Every page of a Lionrock that has a forecast and a journey to tell."""
    wait_for(lambda: running.get("/api/v1/traffic/speeds?departure=45").json()["at"])
    wait_for(lambda: running.get(f"/api/v1/journeys/plan?{ASKED.partition('?')[2]}").json()["route"])
    return walk_pages(running.base)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that keeps what it has loaded."""
    context = browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def reader(window: BrowserContext) -> Iterator[Page]:
    page = window.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def pictures() -> Path:
    """The folder of what this run has seen, and nothing older."""
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir()
    return SCREENSHOTS


def look_like(page: Page, size: tuple[int, int], scheme: Any) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(NEXT_FRAME)  # by then the page has heard of it


def test_the_walk_finds_the_pages_that_people_use(paths: list[str]) -> None:
    kinds = {kind_of(path) for path in paths}
    assert {"", "journeys", "incidents", "weather", "weather-effects", "parking", "status", "datasets/…"} <= kinds


@pytest.mark.parametrize("language", list(Language))
def test_every_page_fits_speaks_its_language_shows_values_asks_nobody_else_and_shuts_nobody_out(
    reader: Page, running: Running, paths: list[str], pictures: Path, language: Language
) -> None:
    heard = listen_to(reader)
    flaws: list[tuple[str, object]] = []
    for path in paths:
        look_like(reader, *LOOKS[language][0])
        answer = reader.goto(f"{running.base}/{language}/{path}", wait_until="load")
        assert answer is not None
        flaws += [(path, answer.status)] * (answer.status != 200)
        for size, scheme in LOOKS[language]:
            look_like(reader, size, scheme)
            expect(reader.locator(ISLANDS.get(path, "main"))).to_be_visible(timeout=30_000)
            flaws += [(path, f"overflows at {size}")] * (reader.evaluate(OVERFLOWS) > 0)
            if path in PICTURED:
                name = f"{PICTURED[path]}-{language}-{size[0]}-{scheme}.png"
                reader.screenshot(path=pictures / name, full_page=path != "")
            if language is READ_BY_AXE:
                flaws += [(path, barrier) for barrier in list_barriers(reader)]
        flaws += [(path, said) for said in NO_VALUE.findall(str(reader.evaluate(SHOWN)))]
        flaws += [(path, words) for words in list_strays(reader, language)]
    assert flaws == []
    assert heard == []


def test_a_language_switch_stays_with_what_was_asked(reader: Page, running: Running) -> None:
    reader.goto(f"{running.base}/en/incidents?state=all")
    reader.get_by_role("link", name="繁體").click()
    assert reader.url == f"{running.base}/tc/incidents?state=all"
    assert reader.locator("nav.links a[aria-current]").inner_text() == "全部"
