"""One incident from its first message to its closing, as an operator follows it on the console and its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from page_faults import listen_to
from playwright.sync_api import Browser, Page, expect
from served_lionrock import PASSWORD, Served, serve_empty

from lionrock.app.house import feed_id
from lionrock.app.jobs.background import do_job
from lionrock.app.status import SAMPLES_RECEIVED, sample_download
from lionrock.city.place import ZONE
from lionrock.core.manifest import Download

NUMBER = "IN-26-00901"
BUSY = "Traffic is busy now."
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
                if feed.name == "road_network":
                    lionrock.house.intake.take("traffic.road_network", feed, sample_download(found, feed))
        lionrock.operators.add("chan.tm", PASSWORD, ["traffic-operator"])
        yield lionrock


@pytest.fixture
def page(mapless: Browser, served: Served) -> Iterator[Page]:
    page = mapless.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
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
