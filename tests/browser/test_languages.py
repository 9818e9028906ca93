"""What is refused, opened or typed is told in the page's own language; that of every page is test_every_page's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import httpx
import pytest
from every_page import ISLANDS
from in_chromium import SMALL_DESK
from operators_at_work import act, add_operator, sign_in
from playwright.sync_api import Browser, Page, expect
from running_lionrock import Running
from shown_words import list_strays

from lionrock.core.vocabulary import Language

LOST = (  # pages that cannot be: what they say is a reader's, too
    "nothing-here", "incident?id=NO-1", "datasets/none", "incidents?state=wrong", "holidays?year=1990",
    "weather-effects?level=heavy_rain&day=2026-11-24&hour=18&road=zzz", "volumes?detector=none", "models/traffic/none",
    "parking?strange=1", "incident-durations?elapsed_min=long", "journal?before=never",
)  # fmt: skip
ASKED = (  # and repeats what was asked
    *(f"/{language}/nothing-here" for language in Language), "NO-1", "wrong", "zzz", "strange", "long", "never",
    "traffic.none", "traffic.speeds_ahead", "none", "arriving, at",
)  # fmt: skip


@pytest.fixture(scope="module")
def operator(running: Running) -> str:
    return add_operator(running, "wong.ml")


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(reduced_motion="reduce", viewport=SMALL_DESK)
    yield page
    page.close()


@pytest.fixture
def mapless_reader(mapless: Browser) -> Iterator[Page]:
    """Somebody whose browser draws no maps; what stands beside a map is read with one by others."""
    page = mapless.new_page(reduced_motion="reduce", viewport=SMALL_DESK)
    yield page
    page.close()


def strays_on(
    page: Page, running: Running, language: Language, paths: Iterable[str], typed: Iterable[str] = ()
) -> list[tuple[str, str]]:
    found = []
    for path in paths:
        page.goto(f"{running.base}/{language}/{path}", wait_until="load")
        expect(page.locator(ISLANDS.get(path, "main"))).to_be_visible(timeout=30_000)
        found += [(path, words) for words in list_strays(page, language, typed)]
    return found


def test_no_data_set_s_page_shows_a_word_of_another_language(mapless_reader: Page, running: Running) -> None:
    every = sorted(set(re.findall(r'href="/en/(datasets/[^"#]+)"', running.get("/en/datasets").text)))
    assert len(every) > len(list(Language))
    strays = strays_on(mapless_reader, running, Language.TC, every)
    assert strays == [], "\n".join(map(str, strays))


@pytest.mark.parametrize("language", list(Language))
def test_what_a_page_refuses_is_said_in_its_language(
    mapless_reader: Page, running: Running, language: Language
) -> None:
    assert strays_on(mapless_reader, running, language, LOST, ASKED) == []


@pytest.mark.parametrize("language", [Language.TC, Language.SC])
def test_lists_beside_the_map_are_in_its_language(reader: Page, running: Running, language: Language) -> None:
    segment = running.get("/api/v1/traffic/network").json()["features"][0]["id"]
    reader.goto(f"{running.base}/{language}/#road={segment}")
    expect(reader.get_by_test_id("road-chart")).to_be_visible(timeout=30_000)
    strays = list(list_strays(reader, language))
    reader.get_by_test_id("road-close").click()
    for tab in reader.get_by_role("tab").all():
        tab.click()
        strays += list(list_strays(reader, language))
    assert strays == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.TC, {"road": "屯門公路", "direction": "九龍", "near": "深井"}),
        (Language.SC, {"road": "Tuen Mun Road", "direction": "Kowloon", "near": "Sham Tseng"}),
        (Language.EN, {"road": "屯門公路", "direction": "九龍", "near": "深井"}),
    ],
)
def test_an_incident_typed_in_one_language_is_told_in_the_page_s_own(
    mapless_reader: Page, running: Running, operator: str, language: Language, said: dict[str, str]
) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        one = act(client, operator, "incidents/open", kind="breakdown", lanes="slow middle", **said)
        other = act(client, operator, "incidents/open", kind="fire", **(said | {"near": ""}))
        act(client, operator, "incidents/correct", id=one, kind="accident", lanes="fast", lon=114.05, lat=22.366)
        act(client, operator, "incidents/override", id=one, field="lanes")
        act(client, operator, "incidents/merge", id=other, into=one)
        act(client, operator, "incidents/close", id=one)
    sign_in(mapless_reader, running, operator, language)
    told = (f"incident?id={one}", f"incident?id={other}", "incidents?state=all")
    assert strays_on(mapless_reader, running, language, told, {operator}) == []
    journal = (f"journal?record={one}", f"journal?record={other}")
    assert strays_on(mapless_reader, running, language, journal, {operator, *said.values()}) == []
