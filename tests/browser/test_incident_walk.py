"""One incident from its first message to its closing, as an operator follows it on the console and its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from in_chromium import SMALL_DESK
from page_faults import listen_to
from playwright.sync_api import Browser, Page, expect
from served_lionrock import PASSWORD, Served, serve_empty

from lionrock.app.house import feed_id
from lionrock.app.jobs.background import do_job
from lionrock.app.status import SAMPLES_RECEIVED, sample_download
from lionrock.city.place import ZONE
from lionrock.core.manifest import Download
from lionrock.services.mobility.incidents.datasets import IMPACTS, INCIDENTS

NUMBER = "IN-26-00901"
BUSY = "Traffic is busy now."
STEP = timedelta(minutes=5)
TOLD_AT = SAMPLES_RECEIVED.replace(minute=5)  # by the sample's own message of it


class Newsroom:
    """The city's file of traffic news, of which each edition holds one message: here of one incident."""

    def __init__(self, served: Served) -> None:
        self._house = served.house
        found = served.house.catalogue.found
        self._traffic = next(one for one in found if one.service.id == "traffic")
        self._incidents = next(one.service for one in found if one.service.id == "incidents")
        self._feed = next(feed for feed in self._traffic.service.feeds if feed.name == "news")
        body = sample_download(self._traffic, self._feed).body.decode()
        self._message = body[: body.index("</message>")] + "</message>\n</list>"
        self._edition = 0

    def tell(self, words: str = BUSY, *, status: str = "NEW") -> None:
        """Publish an edition, and let the platform read it and think, as it does by itself twice a minute."""
        now = datetime.now(UTC)
        self._edition += 1
        changed = {
            f"{TOLD_AT:%Y-%m-%dT%H:%M:%S}": f"{now.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}",
            ">NEW<": f">{status}<",
            ">990001<": f">{990_000 + self._edition}<",
            BUSY: words,
        }
        body = self._message
        for old, new in changed.items():
            assert old in body
            body = body.replace(old, new)
        download = Download(body=body.encode(), url="https://www.td.gov.hk/news", received_at=now)
        known = feed_id(self._traffic.service, self._feed)
        self._house.intake.take(known, self._feed, download)
        self._house.intake.states.succeeded(known, now, 1)
        self._house.bus.publish(("traffic.news",), now)
        do_job(self._house, self._incidents, self._incidents.jobs[0])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A city whose roads are known."""
    with serve_empty(tmp_path_factory.mktemp("incident-walk")) as lionrock:
        for found in lionrock.house.catalogue.found:
            for feed in found.service.feeds:
                if feed.name in ("road_network", "segment_speeds"):
                    lionrock.house.intake.take(feed_id(found.service, feed), feed, sample_download(found, feed))
        lionrock.operators.add("chan.tm", PASSWORD, ["traffic-operator"])
        yield lionrock


@pytest.fixture
def page(mapless: Browser, served: Served) -> Iterator[Page]:
    page = mapless.new_page(viewport=SMALL_DESK, reduced_motion="reduce")
    heard = listen_to(page)
    page.goto(f"{served.base}/en/sign-in?next=/en/")
    page.locator("#name").fill("chan.tm")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    expect(page.get_by_test_id("person")).to_contain_text("chan.tm")
    yield page
    page.close()
    assert [said for said in heard if "WebGL" not in said] == []


def deed(page: Page, label: str, why: str, **choices: str) -> None:
    form = page.locator("details", has=page.locator("summary", has_text=label)).first
    form.locator("summary").click()
    for field, choice in choices.items():
        form.get_by_label(field.replace("_", " ").capitalize()).select_option(choice)
    form.locator("input[name=why]").fill(why)
    form.locator("button[type=submit]").click()


def test_an_operator_follows_an_incident_from_its_first_message_to_its_closing(page: Page, served: Served) -> None:
    newsroom = Newsroom(served)
    listed = page.locator(f"[id='incident-{NUMBER}']")
    expect(listed).to_have_count(0)
    newsroom.tell()
    expect(listed).to_contain_text("Waterloo Road")  # told by the stream: nobody reloads
    page.get_by_role("tab", name="Incidents").click()
    listed.get_by_role("link").first.click()

    expect(page.get_by_test_id("state")).to_have_text("Confirmed")
    facts, story = page.locator("#facts + dl"), page.get_by_test_id("timeline")
    expect(facts).to_contain_text("fast lane")
    newsroom.tell("Traffic queue ends at Kowloon Tong.", status="UPDATED")
    expect(story).to_contain_text("Kowloon Tong")

    deed(page, "Correct", "two lanes, says the patrol", lanes_closed="slow lane, middle lane")
    expect(facts).to_contain_text("slow lane, middle lane")
    newsroom.tell("Traffic is congested now.", status="UPDATED")
    expect(story).to_contain_text("congested")
    expect(facts).to_contain_text("slow lane, middle lane")  # what an operator said stays

    newsroom.tell("All lanes are re-opened to all traffic.", status="CLOSED")
    expect(page.get_by_test_id("state")).to_have_text("Closed")
    assert story.locator("li").count() >= len(["first", "queue", "corrected", "congested", "closed"])
    page.goto(f"{served.base}/en/incidents?state=closed")
    expect(page.locator("main")).to_contain_text("Waterloo Road")
    page.goto(f"{served.base}/en/journal?record={NUMBER}")
    expect(page.get_by_test_id("journal")).to_contain_text("two lanes, says the patrol")


def cost(served: Served, slowed: list[list[str]]) -> datetime:
    """Store what the incident has cost: which segments it slowed each five minutes; when it began."""
    kept = served.house.records.get(INCIDENTS.id, NUMBER).record
    start = kept.at.replace(second=0, microsecond=0)
    longest = float(max(map(len, slowed)))
    told = {
        **dict.fromkeys(("vehicle_hours", "low", "high", "queue", "spread", "detours"), 12.0),
        "as_of": start + len(slowed) * STEP,
        "links": slowed[-1],
        "queue_km": float(len(slowed[-1])),
        "longest_queue_km": longest,
        "extent": [
            {"at": start + place * STEP, "links": len(links), "queue_km": float(len(links))}
            for place, links in enumerate(slowed)
        ],
        "slowed": [
            {"link": link, "from": start + place * STEP, "until": start + (place + 1) * STEP}
            for place, links in enumerate(slowed)
            for link in links
        ],
        "cleared_at": None,
        "measured": 1.0,
    }
    served.house.records.save(IMPACTS, [replace(kept, kind="impact", properties=told)], datetime.now(UTC))
    return start.astimezone(ZONE)


def test_how_far_it_reached_is_looked_back_through_by_keyboard(browser: Browser, served: Served) -> None:
    Newsroom(served).tell()
    network = httpx.get(f"{served.base}/api/v1/traffic/network").json()
    roads = [str(one["id"]) for one in network["features"] if one["geometry"]["type"] == "LineString"]
    own = set(served.house.records.get(INCIDENTS.id, NUMBER).record.properties["links"])
    others = [road for road in roads if road not in own][:2]
    began = cost(served, [[], others, others[:1]])
    lines = [len(own & set(roads)) + more for more in (1, 2, 0)]
    page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto(f"{served.base}/en/incident?id={NUMBER}")
    drawn, slider, said = page.locator("#incident-map"), page.locator("#reach"), page.get_by_test_id("reach")
    told = (
        f"{began + 2 * STEP:%H:%M} · one road segment, queue of 1 km",
        f"{began + STEP:%H:%M} · 2 road segments, queue of 2 km",
        f"{began:%H:%M} · 0 road segments, queue of 0 km",
    )
    for count, words in zip(lines, told, strict=True):
        expect(drawn).to_have_attribute("data-drawn", str(count), timeout=30_000)
        expect(said).to_have_text(words)
        expect(slider).to_have_attribute("aria-valuetext", words)
        slider.press("ArrowLeft")
    page.close()
