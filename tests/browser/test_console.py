"""The console in headless Chromium, over a running Lionrock and its twin."""

from __future__ import annotations

import base64
import contextlib
import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from in_chromium import SMALL_DESK
from page_faults import listen_to
from playwright.sync_api import Browser, Locator, Page, expect
from running_lionrock import Running, wait_for

CITY = (113.86, 22.19, 114.31, 22.53)  # what the console shows at first
PADDING_PX = 12
COLOURS = """async picture => {
    const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const pixels = (top, height) => new Uint32Array(pen.getImageData(0, top, image.width, height).data.buffer);
    const colours = (top, height) => new Set(pixels(top, height)).size;
    return [colours(0, image.height - 34), colours(image.height - 34, 34)];
}"""
PRESSED = """choice => {  // and what the map says of itself at once
    document.querySelector(choice).click();
    return document.getElementById('map').dataset.drawn ?? null;
}"""


@pytest.fixture(scope="module")
def forecast(running: Running) -> None:
    """Return once the first forecast has been published."""
    wait_for(lambda: running.get("/api/v1/traffic/speeds?departure=45").json()["at"])


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One window for all tests, and what the browser complains of: a map is dear to open."""
    page = browser.new_page(viewport=SMALL_DESK, reduced_motion="reduce")
    yield page, listen_to(page)
    page.close()


@pytest.fixture
def console(window: tuple[Page, list[str]], running: Running) -> Iterator[Page]:
    """The console as it opens, with its map drawn; whatever the browser complained of fails the test."""
    page, complaints = window
    complaints.clear()
    if page.url.startswith(f"{running.base}/en/#"):
        page.evaluate("location.hash = ''")
    else:
        page.goto(f"{running.base}/en/")
    expect(page.locator("#map[data-shown]")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("departures").locator("input:checked")).to_have_value("0")
    yield page
    assert complaints == []


def _pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where the map of the whole city shows a place: the fit of CITY into the map's box, in web mercator."""
    box = page.get_by_test_id("map").bounding_box()
    assert box is not None
    (west, north), (east, south) = _mercator(CITY[0], CITY[3]), _mercator(CITY[2], CITY[1])
    scale = min((box["width"] - 2 * PADDING_PX) / (east - west), (box["height"] - 2 * PADDING_PX) / (south - north))
    x, y = _mercator(lon, lat)
    return (
        box["x"] + box["width"] / 2 + (x - (west + east) / 2) * scale,
        box["y"] + box["height"] / 2 + (y - (north + south) / 2) * scale,
    )


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    return lon / 360, -math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)


@pytest.mark.usefixtures("forecast")
def test_a_departure_shows_the_forecasts_own_numbers(console: Page, running: Running) -> None:
    with console.expect_response(re.compile(r"departure=45")) as asked:
        console.get_by_label("45").first.check(force=True)
    told = asked.value.json()
    assert told["departure_min"] == 45
    expect(console.get_by_test_id("map")).to_have_attribute("data-shown", told["at"])
    now = running.get("/api/v1/traffic/speeds?departure=0").json()
    assert told["at"] > now["at"]


def test_departures_are_walked_with_the_arrow_keys(console: Page) -> None:
    console.get_by_test_id("departures").locator("input").first.focus()
    with console.expect_response(re.compile(r"departure=15")):
        console.keyboard.press("ArrowRight")
    expect(console.get_by_test_id("departures").locator("input:checked")).to_have_value("15")


def test_the_language_switch_keeps_the_place(console: Page) -> None:
    console.get_by_role("link", name="繁體").click()
    expect(console).to_have_url(re.compile(r"/tc/"))
    expect(console.locator("html")).to_have_attribute("lang", "zh-Hant-HK")
    expect(console.locator("#map[data-shown]")).to_be_visible(timeout=30_000)
    console.get_by_role("link", name="简体").click()
    expect(console.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(console.locator("#map[data-shown]")).to_be_visible(timeout=30_000)


def test_a_click_on_a_road_opens_its_day(console: Page, running: Running) -> None:
    network = running.get("/api/v1/traffic/network").json()["features"]
    incidents = running.get("/api/v1/incidents?state=all&hours=1").json()["incidents"]
    pins = [(one["lon"], one["lat"]) for one in incidents if one["lon"] is not None]
    segments = [road for road in network if road["properties"]["kind"] == "segment"]
    highway = max((road for road in segments if _clear_of(pins, road)), key=_length)
    panel = console.get_by_test_id("road-panel")
    _click_until_open(console, _pixel(console, *_middle(highway)), panel)
    names = {road["properties"]["name"]["en"] for road in network}
    assert panel.get_by_role("heading").first.inner_text() in names
    expect(console.get_by_test_id("road-chart")).to_be_visible()
    console.mouse.click(*_pixel(console, *_middle(highway)))  # once more: the focus is the map's now
    expect(console.locator("#map canvas")).to_be_focused()
    console.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def _click_until_open(page: Page, pixel: tuple[float, float], panel: Locator) -> None:
    """Click a place of the map until its panel opens: a slow machine may still be drawing the map."""
    for _ in range(10):
        page.mouse.click(*pixel)
        with contextlib.suppress(AssertionError):
            expect(panel.get_by_test_id("road-chart")).to_be_visible(timeout=3000)
            return
    raise AssertionError(f"nothing opened at {pixel}")


def _middle(road: dict) -> tuple[float, float]:
    (lon0, lat0), (lon1, lat1) = road["geometry"]["coordinates"][:2]
    return (lon0 + lon1) / 2, (lat0 + lat1) / 2


def _clear_of(pins: list[tuple[float, float]], road: dict) -> bool:
    """Whether no incident's pin stands where the road would be clicked."""
    lon, lat = _middle(road)
    return all(math.hypot(lon - pin_lon, lat - pin_lat) > 0.03 for pin_lon, pin_lat in pins)


def _length(road: dict) -> float:
    (lon0, lat0), (lon1, lat1) = road["geometry"]["coordinates"][:2]
    return math.hypot(lon1 - lon0, lat1 - lat0)


@pytest.mark.soak
def test_a_map_that_is_painted_anew_is_not_drawn_until_it_says_so_again(console: Page) -> None:
    drawn = console.locator("#map[data-drawn^='2']")
    for choice in ("#theme", "#measure input[value=volume]", "#measure input[value=speed]", "#theme"):
        expect(drawn).to_be_visible(timeout=30_000)
        assert console.evaluate(PRESSED, choice) is None
    expect(drawn).to_be_visible(timeout=30_000)


def test_search_finds_a_road_in_chinese_and_opens_it(console: Page) -> None:
    console.get_by_test_id("search").fill("屯門公路")
    expect(console.locator("#search-results li").first).to_be_visible()
    console.keyboard.press("Enter")
    expect(console.get_by_test_id("road-panel")).to_be_visible()


def test_search_finds_a_place_and_goes_there(console: Page) -> None:
    console.get_by_test_id("search").fill("沙田")
    expect(console.locator("#search-results li").first).to_contain_text("Sha Tin")
    console.keyboard.press("Enter")
    expect(console).to_have_url(re.compile(r"#map=1[3-9]"))


def test_an_address_pasted_over_the_page_goes_where_it_says(console: Page, running: Running) -> None:
    road = running.get("/api/v1/traffic/network").json()["features"][0]
    console.evaluate(f"location.hash = 'map=14.00/22.3700/114.1100&departure=30&road={road['id']}'")
    expect(console.locator("#road-name")).to_have_text(road["properties"]["name"]["en"])
    expect(console.get_by_test_id("departures").locator("input:checked")).to_have_value("30")
    expect(console).to_have_url(re.compile(r"#map=14\.00/.+&departure=30&road="))
    console.evaluate("location.hash = 'main'")  # a part of the page is no place
    expect(console.get_by_test_id("road-panel")).to_be_visible()
    console.evaluate("location.hash = ''")
    expect(console.get_by_test_id("road-panel")).to_be_hidden()
    expect(console.get_by_test_id("departures").locator("input:checked")).to_have_value("0")
    expect(console).not_to_have_url(re.compile("map=14"))


def test_the_past_is_one_step_of_a_slider_away(console: Page) -> None:
    slider = console.get_by_test_id("past")
    slider.focus()
    with console.expect_response(re.compile(r"speeds\?at=")) as asked:
        console.keyboard.press("ArrowLeft")
    expect(console.get_by_test_id("map")).to_have_attribute("data-shown", asked.value.json()["at"])


def test_car_parks_of_the_past_are_those_of_that_moment(console: Page) -> None:
    slider = console.get_by_test_id("past")
    slider.focus()
    with console.expect_response(re.compile(r"parking/vacancy\?at=")) as asked:
        console.keyboard.press("ArrowLeft")
    told = asked.value.json()
    assert f"at={quote(told['at'])}" in asked.value.url
    assert all(park["at"] is None or park["at"] <= told["at"] for park in told["car_parks"])
    assert any(park["vacancy"] is not None for park in told["car_parks"])


def test_the_export_is_of_the_measure_and_the_moment_that_are_shown(console: Page, running: Running) -> None:
    def exported() -> str:
        return running.get(str(console.get_by_test_id("export-csv").get_attribute("href"))).text.partition("\n")[0]

    assert exported().startswith("\ufeffid,")  # a spreadsheet knows by it what the letters are
    assert "speed_kmh" in exported()
    console.locator("#measure input[value=volume]").check(force=True)
    assert "vehicles_per_h,age_s,at" in exported()
    console.get_by_test_id("past").focus()
    console.keyboard.press("ArrowLeft")
    expect(console.get_by_test_id("export-csv")).to_have_attribute("href", re.compile(r"volumes\.csv\?at="))
    assert "vehicles_per_h" in exported()
    console.get_by_label("45").first.check(force=True)  # no volume is forecast
    assert "speed_kmh" in exported()


def test_the_shown_map_is_saved_as_a_picture_with_its_caption(console: Page, tmp_path: Path) -> None:
    console.locator("#export summary").click()
    with console.expect_download() as saved:
        console.get_by_test_id("export-png").click()
    assert re.fullmatch(r"lionrock-simulated-.+\.png", saved.value.suggested_filename)
    saved.value.save_as(tmp_path / "map.png")
    picture = base64.b64encode((tmp_path / "map.png").read_bytes()).decode()
    of_map, of_caption = console.evaluate(COLOURS, picture)
    assert of_map > 40  # land, sea, roads of every pace, their names: an empty canvas has one
    assert of_caption > 5


def test_no_two_roads_of_the_list_are_called_the_same(console: Page) -> None:
    console.get_by_test_id("roads-filter").fill("Nathan Road")
    more = console.locator("#roads-more")
    if more.is_visible():
        more.click()
    told = console.evaluate(
        """[...document.querySelectorAll('#roads-body .road-link')].map(link =>
            link.querySelector('.road-name').textContent + ', ' + link.querySelector('.quiet').textContent)"""
    )
    console.get_by_test_id("roads-filter").fill("")
    assert len(told) > 4
    assert len(set(told)) == len(told)


def test_car_parks_that_are_listed_are_on_the_map_and_their_page_leads_there(console: Page) -> None:
    layer, tab = console.get_by_test_id("layer-car_parks"), console.get_by_role("tab", name="Car parks")
    assert not layer.is_checked()
    console.evaluate("location.hash = '#map=15/22.3/114.17&list=car_parks'")
    expect(tab).to_have_attribute("aria-selected", "true")
    assert layer.is_checked()
    layer.evaluate("box => box.click()")
    tab.click()
    assert layer.is_checked()
    layer.evaluate("box => box.click()")
    console.get_by_role("tab", name="Roads").click()


def test_a_stopped_feed_is_said_on_the_status_page(browser: Browser, running: Running) -> None:
    feed = "resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"
    page = browser.new_page()
    page.goto(f"{running.base}/en/status")
    row = page.locator("tr", has_text="Raw traffic detectors")
    expect(row).to_be_visible()
    httpx.post(f"{running.twin}/twin/stop", params={"feed": feed}).raise_for_status()
    try:
        expect(row).to_contain_text("404", timeout=150_000)
    finally:
        httpx.post(f"{running.twin}/twin/start", params={"feed": feed}).raise_for_status()
    page.close()
