"""The page of journeys as the server makes it: whole without scripts, in three languages, safe from hostile names."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest
from driving import City, DrivingHouse

from lionrock.app.discovery import discover
from lionrock.app.pages.render import Templates
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import Language
from lionrock.services.mobility.journeys.answers.departures import DeparturesQuery, compare_departures
from lionrock.services.mobility.journeys.answers.plan import PlanQuery, plan_trip
from lionrock.services.mobility.journeys.chart import draw_departures
from lionrock.services.mobility.journeys.service import SERVICE

HOSTILE = "<script>alert('x')</script>"
NOBODY = Caller("")
CATALOGUE = discover()
TEMPLATES = Templates(CATALOGUE.words)


def page(city: City, query: PlanQuery, language: Language = Language.EN) -> str:
    (declared,) = SERVICE.pages
    return TEMPLATES.render(
        "journeys",
        language,
        title=declared.title,
        path=declared.path,
        source="twin",
        simulated=True,
        api_href="/api/v1/journeys/plan",
        answer=msgspec.to_builtins(plan_trip(city, query, NOBODY)),
        service={"id": SERVICE.id, "title": SERVICE.title},
        question=declared.title,
        own=CATALOGUE.pages_of(SERVICE),
        silent=[],
        draw_departures=draw_departures,
    ).decode()


@pytest.mark.parametrize("language", list(Language))
def test_the_whole_answer_stands_in_the_page(city: City, language: Language) -> None:
    html = page(city, PlanQuery("Sha Tin", "Central"), language)
    assert re.search(r'data-testid="minutes">\d+<', html)
    assert html.count('class="way"') >= 2
    assert html.count("data-swap") >= 10
    assert not re.search(r"\b(NaN|nan|None|undefined)\b", html.partition('id="page-data"')[0])


def test_the_page_carries_nothing_that_the_policy_forbids(city: City) -> None:
    html = page(city, PlanQuery("Sha Tin", "Central"))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", html)
    assert all('type="application/json"' in tag for tag in inline)


def test_a_hostile_name_stays_a_name(city: City) -> None:
    for query in (PlanQuery(HOSTILE, "Central"), PlanQuery(f"{HOSTILE} (22.2811, 114.1705)", "Central")):
        assert "<script>alert" not in page(city, query)


def test_what_is_wrong_is_said_in_the_readers_language_and_at_the_field(city: City) -> None:
    html = page(city, PlanQuery("Sha Tin", "Xanadu"), Language.TC)
    assert "找不到你填寫的目的地。" in html
    assert re.search(r'id="end"[^>]*aria-invalid="true"', html)


@pytest.mark.parametrize("language", list(Language))
def test_no_markup_is_shown_and_times_of_today_are_told_without_their_day(
    free: DrivingHouse, language: Language
) -> None:
    free.announce("Lion Rock Tunnel", "IN-1", ("all",), lasts_min=60)
    for when, time in (("now", ""), ("leave", "23:55"), ("arrive", "00:30")):
        html = page(free.city, PlanQuery(start="Tai Wai", end="Kowloon Tong", when=when, time=time), language)
        shown = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
        assert "&lt;" not in shown
        times = re.search(r'class="result-times">(.*?)</p>', shown)
        assert times is not None
        if when == "now":
            assert "<time" not in times[1]


@pytest.mark.parametrize(
    ("language", "words"), [(Language.EN, "The usual way is closed since"), (Language.TC, "平常路線由")]
)
def test_the_way_round_a_closed_road_names_it_and_leads_to_the_incident(
    driving: DrivingHouse, language: Language, words: str
) -> None:
    driving.remember(4, lambda _road, _hour: None)
    driving.measure({})
    driving.forecast(lambda _road, _ahead: None)
    usual = plan_trip(driving.city, PlanQuery(start="Tai Wai", end="Kowloon Tong"), NOBODY)
    assert usual.route is not None
    (tunnel,) = {leg.road.en for leg in usual.route.journeys[0].legs if leg.tunnel}
    assert 'data-testid="avoided"' not in page(driving.city, PlanQuery(start="Tai Wai", end="Kowloon Tong"), language)
    driving.announce(tunnel, "IN-1", ("all",), lasts_min=60)
    driving.later(timedelta(seconds=30))
    html = page(driving.city, PlanQuery(start="Tai Wai", end="Kowloon Tong"), language)
    (told,) = re.findall(r'data-testid="avoided">(.*?)</p>', html)
    assert words in told
    assert f'href="/{language}/incident?id=IN-1"' in told


ROW = r'<tr><th scope="row">(\d\d):(\d\d)</th><td>(\d\d):(\d\d)</td><td class="number">(\d+)</td>'


def test_who_leaves_at_a_time_arrives_as_many_minutes_later_as_are_said(free: DrivingHouse) -> None:
    for seconds in (0, 25, 25):
        free.later(timedelta(seconds=seconds))
        rows = re.findall(ROW, page(free.city, PlanQuery("Sha Tin", "Central")))
        assert len(rows) >= 8
        for leave_h, leave_min, arrive_h, arrive_min, minutes in rows:
            apart = 60 * (int(arrive_h) - int(leave_h)) + int(arrive_min) - int(leave_min)
            assert apart % (24 * 60) == int(minutes)


def test_beyond_the_forecast_it_says_what_the_speeds_are(free: DrivingHouse, driving: DrivingHouse) -> None:
    assert "Beyond 90 minutes the prediction fades" in page(free.city, PlanQuery("Sha Tin", "Central"))
    driving.measure({})
    assert "speeds are assumed" in page(driving.city, PlanQuery("Sha Tin", "Central"))


def test_where_nothing_is_left_the_way_without_avoiding_is_offered(city: City) -> None:
    html = page(city, PlanQuery("Sha Tin", "Central", avoid_tolls=True))
    offered = re.search(r'<a href="([^"]*)" data-swap data-testid="avoid-nothing"', html)
    assert offered is not None
    assert "avoid" not in offered[1]


def test_old_data_are_said_to_be_old(free: DrivingHouse) -> None:
    assert 'data-testid="stale"' not in page(free.city, PlanQuery("Sha Tin", "Central"))
    free.clock.set(free.clock.now().replace(minute=20))
    assert 'data-testid="stale"' in page(free.city, PlanQuery("Sha Tin", "Central"))


def test_the_chart_stands_on_nothing_and_rounds_its_ranges_outwards(city: City) -> None:
    answer = msgspec.to_builtins(compare_departures(city, DeparturesQuery("Sha Tin", "Central"), NOBODY))
    chart = draw_departures(answer["departures"])
    assert [bar.y + bar.height for bar in chart.bars] == pytest.approx([chart.floor] * len(chart.bars), abs=0.2)
    assert all(bar.high_y <= bar.y <= bar.low_y for bar in chart.bars)
    for bar, one in zip(chart.bars, answer["departures"], strict=True):
        assert bar.low <= one["low_min"] <= one["high_min"] <= bar.high


def test_a_trip_that_rounds_to_no_time_is_drawn_too(city: City) -> None:
    answer = compare_departures(city, DeparturesQuery("Sha Tin", "Central"), NOBODY)
    nothing = dict.fromkeys(("duration_min", "low_min", "high_min", "usual_min"), 0.0)  # 50 m on a free highway
    drawn = draw_departures([msgspec.to_builtins(one) | nothing for one in answer.departures])
    assert {bar.height for bar in drawn.bars} == {0.0}
