"""An operator walks one incident through in Chromium: opened, corrected, put back, closed; and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from operators_at_work import add_operator, sign_in
from playwright.sync_api import Browser, Locator, Page, expect
from running_lionrock import Running, wait_for

ROAD = "Waterloo Road"


@pytest.fixture(scope="module")
def operator(running: Running) -> str:
    return add_operator(running, "chan")


@pytest.fixture
def desk(browser: Browser, running: Running, operator: str) -> Iterator[Page]:
    """The list of incidents, as the operator sees it; whatever the browser complained of fails the test."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend([said.text] if said.type == "error" else []))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, running, operator)
    yield page
    page.close()
    assert complaints == []


def deed(page: Page, label: str) -> Locator:
    """The opened form of one action."""
    form = page.locator("details", has=page.locator("summary", has_text=label)).first
    form.locator("summary").click()
    return form


def do(form: Locator, why: str, **fields: str) -> None:
    for name, value in fields.items():
        form.locator(f"input[name={name}]").fill(value)
    form.locator("input[name=why]").fill(why)
    form.get_by_role("button").click()


def test_an_incident_is_opened_corrected_put_back_and_closed_with_every_reason_in_the_journal(
    desk: Page, running: Running
) -> None:
    opening = deed(desk, "Open an incident")
    opening.get_by_label("Lanes closed").select_option("slow lane")
    do(opening, "seen on the camera", road=ROAD, direction="Sha Tin")
    expect(desk.get_by_test_id("done")).to_be_focused()
    told = wait_for(lambda: running.get(f"/api/v1/incidents?source=operator&road={ROAD}").json()["incidents"])
    assert [(one["road"], one["lanes"], one["state"]) for one in told] == [(ROAD, ["slow"], "confirmed")]
    desk.get_by_test_id("to-incident").click()
    expect(desk.get_by_test_id("state")).to_have_text("Confirmed")

    correcting = deed(desk, "Correct")
    correcting.get_by_label("Lanes closed").select_option("slow lane, middle lane")
    do(correcting, "two lanes, says the patrol")
    expect(desk.locator("#facts + dl")).to_contain_text("slow lane, middle lane")
    desk.get_by_role("link", name="Who changed it, and why").click()
    journal = desk.get_by_test_id("journal")
    expect(journal).to_contain_text("two lanes, says the patrol")
    expect(journal).to_contain_text("chan")

    do(deed(desk, "Undo"), "it was one lane after all")
    expect(desk.get_by_test_id("journal").locator("li").first).to_contain_text("Undone: Corrected")
    desk.goto(f"{running.base}/en/incident?id={told[0]['id']}")
    expect(desk.locator("#facts + dl")).not_to_contain_text("middle")

    do(deed(desk, "Close"), "towed away")
    expect(desk.get_by_test_id("state")).to_have_text("Closed")
    itself = desk.locator(f'main a[href="/en/incident?id={quote(told[0]["id"], safe="")}"]')  # others break down too
    desk.goto(f"{running.base}/en/incidents?state=closed")
    expect(itself).to_have_count(1)
    desk.goto(f"{running.base}/en/incidents?state=open")
    expect(itself).to_have_count(0)


def test_who_is_signed_out_reads_and_is_offered_no_form(browser: Browser, running: Running) -> None:
    page = browser.new_page()
    page.goto(f"{running.base}/en/incidents?state=all")
    expect(page.get_by_role("heading", name="Incidents", exact=True)).to_be_visible()
    expect(page.locator("form.act")).to_have_count(0)
    page.goto(f"{running.base}/en/journal")
    page.wait_for_url("**/en/sign-in?next=/en/journal")
    page.close()


def test_what_is_refused_is_said_beside_the_form_which_keeps_what_was_typed(
    browser: Browser, running: Running, operator: str
) -> None:
    page = browser.new_page()
    sign_in(page, running, operator)
    opening = deed(page, "Open an incident")
    opening.locator("input[name=csrf]").evaluate("(field) => { field.value = 'not ours'; }")
    do(opening, "seen on the camera", road=ROAD)
    expect(page.get_by_test_id("refused")).to_contain_text("That was not done.")
    expect(opening.locator("input[name=why]")).to_have_value("seen on the camera")
    page.close()


def test_an_operator_opens_an_incident_on_the_road_that_they_look_at(
    browser: Browser, running: Running, operator: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    sign_in(page, running, operator)
    network = running.get("/api/v1/traffic/network").json()["features"]
    segment = next(road for road in network if road["properties"]["kind"] == "segment")
    page.goto(f"{running.base}/en/#road={segment['id']}")
    expect(page.locator("#road-name")).to_have_text(segment["properties"]["name"]["en"], timeout=20_000)
    page.get_by_test_id("open-here").click()
    page.wait_for_url("**/en/incidents#open*")
    opening = page.locator("details#open[open]")
    expect(opening.locator("input[name=road]")).to_have_value(segment["properties"]["name"]["en"])
    expect(opening.get_by_label("Kind")).to_be_focused()
    page.close()
