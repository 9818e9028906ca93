"""The page about weather and traffic in Chromium: the map says what the list says, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from page_faults import OVERFLOWS, list_barriers, listen_to
from playwright.sync_api import BrowserContext, Page, expect
from served_lionrock import Served, serve_empty

from lionrock.core.vocabulary import Feature, Reading, Text
from lionrock.services.mobility.traffic.datasets import ROAD_NETWORK, SEGMENT_SPEEDS
from lionrock.services.mobility.weather_effects.datasets import EFFECTS
from lionrock.services.mobility.weather_effects.levels import HOUR_GROUPS
from lionrock.services.mobility.weather_effects.measures import KINDS

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WITHIN_MS = 30_000
ASKED = "level=heavy_rain&day=2026-11-24&hour=18"
OWN_DAYS = {"900001": 9, "900002": 1, "900003": 9}
UNKNOWN = "900003"


def effects() -> Iterator[Feature]:
    """What was learned of heavy rain: 10% in the city, 15% on the first road; the third has no usual speeds."""
    effect = {"effect_pct": -10.0, "low_pct": -12.0, "high_pct": -8.0}
    yield Feature(
        id="city/usual",
        geometry=None,
        properties={
            "usual_kmh": dict.fromkeys(KINDS, [60.0] * 24),
            "days": dict.fromkeys(KINDS, 30),
            "day_spread_pct": 1.0,
            "learned_from": "2026-09-01",
            "learned_until": "2026-11-20",
            "roads": 2,
        },
    )
    yield Feature(
        id="city/speed/heavy_rain",
        geometry=None,
        properties={
            "grade": "enough", "independent_days": 9, "days": 9, "hours": 30, **effect, "seen": None,
            "by_hours": {name: {**effect, "days": 9, "hours": 30, "borrowed": False} for name in HOUR_GROUPS},
        },
    )  # fmt: skip
    for road, days in OWN_DAYS.items():
        kmh = [None if road == UNKNOWN else 60] * 24
        apart = -5.5 if road == "900001" else 0.0
        yield Feature(
            id=f"road/{road}",
            geometry={"type": "Point", "coordinates": [114.15, 22.3]},
            title=Text(en=f"Rain Road {road[-1]}", tc=f"雨路{road[-1]}"),
            properties={
                "road": road,
                "usual_kmh": dict.fromkeys(KINDS, kmh),
                "deviation": {"speed": {"heavy_rain": [apart, 1.0, days]}},
            },
        )


def segment(road: str, lat: float) -> Feature:
    return Feature(
        id=road,
        geometry={"type": "LineString", "coordinates": [[114.0, lat], [114.25, lat]]},
        title=Text(en=f"Rain Road {road[-1]}", tc=f"雨路{road[-1]}"),
        properties={"speed_limit_kmh": 80, "straight": False, "travel_direction": None},
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_empty(tmp_path_factory.mktemp("weather-page")) as lionrock:
        now = datetime.now(UTC)
        roads = [segment(road, 22.3 + 0.05 * index) for index, road in enumerate(OWN_DAYS)]
        lionrock.house.records.save(ROAD_NETWORK, roads, now)
        lionrock.house.records.save(EFFECTS, list(effects()), now)
        speeds = [Reading(road, "speed_kmh", now, 60.0) for road in OWN_DAYS]
        lionrock.house.readings.append(SEGMENT_SPEEDS.id, speeds)
        yield lionrock


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of which the browser has nothing to complain."""
    page = context.new_page()
    heard = listen_to(page)
    yield page
    assert heard == []


def draw(page: Page, served: Served, language: str) -> None:
    page.goto(f"{served.base}/{language}/weather-effects?{ASKED}")
    expect(page.locator("[data-testid=map]")).to_have_attribute("data-drawn", "2", timeout=WITHIN_MS)


@pytest.mark.parametrize(
    ("context", "language", "counts"),
    [
        ({"viewport": DESK}, "en", "1 roads from days of their own, 1 as the city"),
        ({"viewport": PHONE, "has_touch": True, "color_scheme": "dark"}, "tc", "1 條道路以本身日數估算，1 條按全市計"),
        ({"viewport": PHONE, "has_touch": True}, "sc", "1 条道路以本身日数估算，1 条按全市计"),
    ],
    indirect=["context"],
)
def test_the_map_says_of_which_roads_it_knows_by_themselves_of_which_not_and_fits_the_screen(
    served: Served, page: Page, language: str, counts: str
) -> None:
    draw(page, served, language)
    expect(page.locator("[data-testid=map-counts]")).to_contain_text(counts)
    assert page.evaluate(OVERFLOWS) == 0


@pytest.mark.parametrize("context", [{"viewport": DESK}], indirect=True)
def test_the_list_beside_the_map_says_the_same_and_nothing_is_out_of_reach(served: Served, page: Page) -> None:
    draw(page, served, "en")
    rows = page.locator("[data-testid=most-affected] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("−14.9%")
    expect(rows.first).to_contain_text("enough days (9)")
    expect(rows.last).to_contain_text("as the city (1)")
    assert list_barriers(page) == []


@pytest.mark.parametrize("context", [{"viewport": DESK}], indirect=True)
def test_a_road_that_is_clicked_tells_its_change_its_interval_and_its_days(served: Served, page: Page) -> None:
    draw(page, served, "en")
    place = page.locator("[data-testid=map]")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    for share in range(20, 90):  # downwards over the map until a road answers
        page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * share / 100)
        if "Speed" in page.locator(".maplibregl-popup").all_inner_texts()[:1].__str__():
            break
    told = page.locator(".maplibregl-popup")
    expect(told).to_contain_text("95% interval")
    expect(told).to_contain_text("Own days")
    expect(told.get_by_role("link")).to_have_attribute("href", "/en/weather-effects?" + ASKED + "&road=900002")


@pytest.mark.parametrize("context", [{"viewport": DESK, "java_script_enabled": False}], indirect=True)
def test_without_scripts_the_list_stands_alone(served: Served, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{served.base}/en/weather-effects?{ASKED}")
    expect(page.locator("[data-testid=most-affected] tbody tr")).to_have_count(2)
    expect(page.locator("[data-testid=map]")).to_be_hidden()
