"""The page of journeys in headless Chromium: on a phone, by keyboard, without scripts, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from page_faults import listen_to
from playwright.sync_api import Browser, Locator, Page, Route, expect
from running_lionrock import Running, wait_for

from lionrock.city.moments import minutes_later, tell_clock

PHONE = (390, 844)
TRIP = "start=Sha+Tin&end=Central&when=now"
WITHIN_MS = 30_000


@pytest.fixture(scope="module")
def base(running: Running) -> str:
    """The address of a Lionrock that has a journey to tell."""
    wait_for(lambda: running.get(f"/api/v1/journeys/plan?{TRIP}").json()["route"])
    return running.base


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One window on a phone for all tests, and what the browser complains of: a map is dear to open."""
    page = browser.new_page(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        has_touch=True,
        reduced_motion="reduce",
        geolocation={"latitude": 22.3193, "longitude": 114.1694},
        permissions=["geolocation"],
    )
    yield page, listen_to(page)
    page.close()


@pytest.fixture
def page(phone: tuple[Page, list[str]]) -> Iterator[Page]:
    """The window without trips; whatever the browser complained of fails the test."""
    page, complaints = phone
    complaints.clear()
    yield page
    page.evaluate("localStorage.clear()")
    page.unroute_all()
    assert complaints == []


@pytest.fixture
def form(page: Page, base: str) -> Page:
    """The page as it opens, with nothing filled in."""
    page.goto(f"{base}/en/journeys")
    return page


def test_a_journey_is_planned_by_keyboard_from_names_that_are_offered(form: Page) -> None:
    start = form.get_by_test_id("start")
    start.press_sequentially("sha t")
    expect(form.get_by_role("option", name=re.compile("Sha Tin")).first).to_be_visible()
    start.press("ArrowDown")
    assert start.get_attribute("aria-activedescendant") == "start-found-0"
    start.press("Enter")
    expect(start).to_have_value("Sha Tin")
    expect(form.locator("#start-found")).to_be_hidden()
    form.get_by_test_id("end").fill("中環")
    form.get_by_test_id("end").press("Enter")
    expect(form.get_by_test_id("minutes")).to_have_text(re.compile(r"^\d+$"), timeout=WITHIN_MS)
    expect(form.get_by_test_id("range")).to_have_text(re.compile(r"likely \d+–\d+ min"))
    expect(form.locator("#announcements")).to_have_text(re.compile(r"\d+ minutes, likely"))
    expect(form).to_have_url(re.compile("start=Sha"))


def test_a_name_that_was_chosen_stays_chosen_when_a_later_list_comes(form: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    form.route(re.compile(r"places\?text=sha(%20|\+)tin"), hold)
    start = form.get_by_test_id("start")
    start.press_sequentially("sha")
    expect(form.get_by_role("option", name=re.compile("Sha Tin")).first).to_be_visible()
    start.press_sequentially(" tin")
    for _ in range(10):
        start.press("ArrowDown")
        chosen = form.locator(f"#{start.get_attribute('aria-activedescendant')}")
        if "Sha Tin" in chosen.inner_text():
            break
    expect(chosen).to_contain_text("Sha Tin")
    form.wait_for_timeout(300)  # the second question is asked a moment after the last letter
    before = form.locator("#start-found").inner_text()
    held[0].continue_()
    expect(form.locator("#start-found")).not_to_have_text(before)
    start.press("Enter")
    expect(start).to_have_value("Sha Tin")


def test_another_departure_is_one_tap_on_the_chart_away(page: Page, base: str) -> None:
    page.goto(f"{base}/en/journeys?{TRIP}")
    chart = page.get_by_test_id("chart")
    expect(chart.get_by_role("link")).to_have_count(10)
    chart.get_by_role("link").nth(3).click()
    expect(page.locator("input[name=when]:checked")).to_have_value("leave", timeout=WITHIN_MS)
    expect(page.get_by_test_id("time")).to_be_visible()
    page.go_back()
    expect(page.locator("input[name=when]:checked")).to_have_value("now", timeout=WITHIN_MS)


def test_my_position_fills_the_start(form: Page) -> None:
    form.get_by_role("button", name="Start from my position").click()
    expect(form.get_by_test_id("start")).to_have_value("My position (22.31930, 114.16940)")
    form.get_by_test_id("end").fill("Kwun Tong")
    form.get_by_test_id("end").press("Enter")
    expect(form.get_by_test_id("minutes")).to_be_visible(timeout=WITHIN_MS)


def test_a_tap_on_the_map_offers_from_here_and_to_here(form: Page) -> None:
    expect(form.locator("#map[data-drawn]")).to_be_visible(timeout=WITHIN_MS)
    for choice, end in (("From here", "start"), ("To here", "end")):
        form.locator("#map canvas").click(position={"x": 190, "y": 150 if end == "start" else 120})
        form.get_by_role("button", name=choice).click()
        expect(form.get_by_test_id(end)).to_have_value(re.compile(r"Point on the map \(22\.\d+, 11[34]\.\d+\)"))
    expect(form.get_by_test_id("answer").locator("[data-testid=minutes], [data-testid=problem]")).to_be_visible(
        timeout=WITHIN_MS
    )


def test_a_saved_trip_is_kept_on_the_device_and_judged_when_the_page_opens(page: Page, base: str) -> None:
    page.goto(f"{base}/en/journeys?{TRIP}")
    page.get_by_test_id("save").press("Enter")
    expect(page.locator("[role=status]:focus")).to_have_text("Saved on this device only.")
    expect(page.get_by_test_id("trips")).to_contain_text("Sha Tin to Central")
    page.goto(f"{base}/tc/journeys")
    trips = page.get_by_test_id("trips")
    expect(trips).to_contain_text("沙田 往 中環")
    expect(trips.locator(".trip-state")).to_have_text(re.compile(r"\d+ 分鐘"), timeout=WITHIN_MS)
    trips.get_by_role("button", name=re.compile("移除")).click()
    expect(trips).to_be_hidden()


def test_a_saved_trip_that_is_slower_than_usual_warns(page: Page, base: str) -> None:
    def slowed(route: Route) -> None:
        answer = route.fetch()
        plan = answer.json()
        plan["route"]["journeys"][0]["duration_min"], plan["route"]["usual_min"] = 41.0, 25.0
        route.fulfill(response=answer, json=plan)

    page.route(re.compile("/journeys/plan"), slowed)
    page.goto(f"{base}/en/journeys?{TRIP}")
    page.get_by_test_id("save").click()
    expect(page.locator(".trip-state.is-slow")).to_have_text("Leaving now: slow, 41 min, usually 25")


def in_minutes(running: Running, minutes: int) -> str:
    """What the city's clock will show so many minutes from now."""
    return tell_clock(minutes_later(running.get("/api/v1/journeys/plan").json()["now"], minutes))


def judged(page: Page, base: str, when: str, time: str) -> Locator:
    """What is said of a trip that leaves or arrives at a time, once it is saved."""
    page.goto(f"{base}/en/journeys?start=Sha+Tin&end=Central&when={when}&time={time}")
    page.get_by_test_id("save").click()
    return page.locator(".trip-state")


def test_a_saved_trip_is_judged_at_its_own_time_and_says_it(page: Page, base: str, running: Running) -> None:
    says = r"(as usual, \d+ min|slow, \d+ min, usually \d+|\d+ min)$"
    soon, before = in_minutes(running, 100), in_minutes(running, -20)
    expect(judged(page, base, "leave", soon)).to_have_text(re.compile(f"^Leaving {soon}: {says}"), timeout=WITHIN_MS)
    page.evaluate("localStorage.clear()")
    arriving = judged(page, base, "arrive", soon)
    expect(arriving).to_have_text(re.compile(rf"^Leaving \d\d:\d\d, there by {soon}: {says}"), timeout=WITHIN_MS)
    assert soon not in arriving.inner_text().partition(",")[0]
    page.evaluate("localStorage.clear()")
    tomorrow = judged(page, base, "leave", before)
    expect(tomorrow).to_have_text(
        re.compile(f"^Tomorrow {before} is too far ahead to judge. Leaving now: {says}"), timeout=WITHIN_MS
    )


def test_one_way_is_saved_for_each_time_at_which_it_is_gone(page: Page, base: str, running: Running) -> None:
    soon, later = in_minutes(running, 60), in_minutes(running, 75)
    for known, time in enumerate((soon, later), 1):
        expect(judged(page, base, "leave", time)).to_have_count(known)
    page.reload()
    expect(page.get_by_test_id("save")).to_be_hidden()
    expect(page.locator(".trip-state").nth(0)).to_contain_text(f"Leaving {later}", timeout=WITHIN_MS)
    page.get_by_role("button", name=re.compile(f"^Remove .* {soon}$")).click()
    expect(page.locator(".trip-state")).to_have_count(1)
    expect(page.locator(".trip-state")).to_contain_text(f"Leaving {later}", timeout=WITHIN_MS)


def test_a_trip_that_leaves_now_is_saved_once_whenever_it_is_asked_for(page: Page, base: str) -> None:
    expect(judged(page, base, "now", "08:00")).to_have_count(1)
    page.goto(f"{base}/en/journeys?start=Sha+Tin&end=Central&when=now&time=08:40")
    expect(page.get_by_test_id("save")).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("^Remove .*Central$"))).to_have_count(1)


def test_a_saved_trip_that_can_no_longer_be_in_time_is_judged_now_and_says_so(
    page: Page, base: str, running: Running
) -> None:
    arrival = in_minutes(running, 120)
    expect(judged(page, base, "arrive", arrival)).to_contain_text(f"there by {arrival}", timeout=WITHIN_MS)
    soon = in_minutes(running, 8)
    page.evaluate(
        """time => {
            const [trip] = JSON.parse(localStorage.getItem('lionrock-trips'));
            localStorage.setItem('lionrock-trips', JSON.stringify([{...trip, asked: {...trip.asked, time}}]));
        }""",
        soon,
    )
    page.goto(f"{base}/tc/journeys")
    expect(page.locator(".trip-state")).to_have_text(
        re.compile(f"^已趕不及 {soon}。現在出發：.*\\d 分鐘$"), timeout=WITHIN_MS
    )


def test_what_is_wrong_is_said_at_the_field(form: Page) -> None:
    form.get_by_test_id("start").fill("Xanadu")
    form.get_by_test_id("end").fill("Central")
    form.get_by_test_id("end").press("Enter")
    expect(form.get_by_test_id("problem")).to_contain_text("No place known here", timeout=WITHIN_MS)
    expect(form.locator("#announcements")).to_contain_text("No place known here")


def test_without_scripts_the_form_is_answered_by_the_server(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto(f"{base}/tc/journeys")
    page.get_by_test_id("start").fill("Sha Tin")
    page.get_by_test_id("end").fill("觀塘")
    page.get_by_test_id("go").click()
    expect(page.get_by_test_id("minutes")).to_have_text(re.compile(r"^\d+$"))
    expect(page.get_by_test_id("chart").get_by_role("link")).to_have_count(10)
    expect(page.get_by_test_id("save")).to_be_hidden()
    context.close()
