"""Every page there is, found by walking the links from the first one: nothing overflows, is missing or is foreign."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from every_page import ISLANDS, kind_of, walk_pages
from playwright.sync_api import Browser, Page, expect
from running_lionrock import Running
from shown_words import list_strays

from lionrock.core.vocabulary import Language

PHONE, DESK = (390, 844), (1440, 900)
OVERFLOWS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NO_VALUE = re.compile(r"\b(?:NaN|undefined|None|null|Infinity)\b|</?[a-z]+[ >]")  # nor markup
SHOWN = """[...document.querySelectorAll('main :not(code, script, noscript)')]
    .flatMap(one => [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data)).join('\\n')"""


@pytest.fixture(scope="module")
def paths(running: Running) -> list[str]:
    return walk_pages(running.base)


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(reduced_motion="reduce")
    yield page
    page.close()


def test_the_walk_finds_the_pages_that_people_use(paths: list[str]) -> None:
    kinds = {kind_of(path) for path in paths}
    assert {"", "journeys", "incidents", "weather", "weather-effects", "parking", "status", "datasets/…"} <= kinds


@pytest.mark.parametrize(
    ("language", "width", "height"),
    [(Language.EN, *PHONE), (Language.TC, *PHONE), (Language.SC, *PHONE), (Language.EN, *DESK), (Language.TC, *DESK)],
)
def test_no_page_overflows_complains_shows_what_is_no_value_or_speaks_another_language(
    reader: Page, running: Running, paths: list[str], language: Language, width: int, height: int
) -> None:
    reader.set_viewport_size({"width": width, "height": height})
    heard: list[str] = []
    reader.on("console", lambda said: heard.extend([f"{reader.url}: {said.text}"] if said.type == "error" else []))
    reader.on("pageerror", lambda error: heard.append(f"{reader.url}: {error}"))
    flaws: list[tuple[str, object]] = []
    for path in paths:
        answer = reader.goto(f"{running.base}/{language}/{path}", wait_until="load")
        assert answer is not None
        flaws += [(path, answer.status)] * (answer.status != 200)
        flaws += [(path, "overflows")] * (reader.evaluate(OVERFLOWS) > 0)
        expect(reader.locator(ISLANDS.get(path, "main"))).to_be_visible(timeout=30_000)
        flaws += [(path, said) for said in NO_VALUE.findall(str(reader.evaluate(SHOWN)))]
        flaws += [(path, words) for words in list_strays(reader, language)]
    assert flaws == []
    assert heard == []


def test_a_language_switch_stays_with_what_was_asked(reader: Page, running: Running) -> None:
    reader.goto(f"{running.base}/en/incidents?state=all")
    reader.get_by_role("link", name="繁體").click()
    assert reader.url == f"{running.base}/tc/incidents?state=all"
    assert reader.locator("nav.links a[aria-current]").inner_text() == "全部"
