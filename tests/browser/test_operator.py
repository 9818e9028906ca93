"""An operator walks one incident through in Chromium: opened, corrected, put back, closed; and the journal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import quote

import httpx
import pytest
from in_chromium import SMALL_DESK
from operators_at_work import act, add_operator, sign_in
from page_faults import OVERFLOWS, listen_to
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect
from running_lionrock import Running, wait_for

ROAD = "Waterloo Road"
REFUSAL = "the server responded with a status of 4"
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_TABS = 90
MOST_SIMULATED_MS = 300_000
SignIn = Callable[[Browser], BrowserContext]


@pytest.fixture(scope="module")
def sign_in_with(running: Running) -> SignIn:
    """An operator's window in a browser, who signs in once there; what it has loaded it keeps."""
    operator = add_operator(running, "chan")

    @cache
    def signed_in(browser: Browser) -> BrowserContext:
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        sign_in(page, running, operator)
        page.close()
        return context

    return signed_in


@contextmanager
def at_work(context: BrowserContext, address: str, size: ViewportSize) -> Iterator[Page]:
    """The list of incidents; whatever the browser complains of fails the test, but for our own refusals."""
    page = context.new_page()
    page.set_viewport_size(size)
    complaints = listen_to(page)
    page.goto(address)
    yield page
    page.close()
    assert [said for said in complaints if REFUSAL not in said] == []


@pytest.fixture
def map_desk(browser: Browser, sign_in_with: SignIn, running: Running) -> Iterator[Page]:
    with at_work(sign_in_with(browser), f"{running.base}/en/incidents", SMALL_DESK) as page:
        yield page


@pytest.fixture
def desk(mapless: Browser, sign_in_with: SignIn, running: Running) -> Iterator[Page]:
    with at_work(sign_in_with(mapless), f"{running.base}/en/incidents", SMALL_DESK) as page:
        yield page


@pytest.fixture
def phone(mapless: Browser, sign_in_with: SignIn, running: Running) -> Iterator[Page]:
    """A phone in Chinese, of an operator who has no mouse."""
    with at_work(sign_in_with(mapless), f"{running.base}/tc/incidents", PHONE) as page:
        yield page


@pytest.fixture
def map_phone(browser: Browser, sign_in_with: SignIn, running: Running) -> Iterator[Page]:
    with at_work(sign_in_with(browser), f"{running.base}/tc/incidents", PHONE) as page:
        yield page


def deed(page: Page, label: str) -> Locator:
    """The opened form of one action."""
    form = page.locator("details", has=page.locator("summary", has_text=label)).first
    form.locator("summary").click()
    return form


def do(form: Locator, why: str, **fields: str) -> None:
    for name, value in fields.items():
        form.locator(f"input[name={name}]").fill(value)
    form.locator("input[name=why]").fill(why)
    form.locator("button[type=submit]").click()


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


def test_who_is_signed_out_reads_and_is_offered_no_form(mapless: Browser, running: Running) -> None:
    page = mapless.new_page()
    page.goto(f"{running.base}/en/incidents?state=all")
    expect(page.get_by_role("heading", name="Incidents", exact=True)).to_be_visible()
    expect(page.locator("form.act")).to_have_count(0)
    page.goto(f"{running.base}/en/journal")
    page.wait_for_url("**/en/sign-in?next=/en/journal")
    page.close()


def test_what_is_refused_is_said_beside_the_form_which_keeps_what_was_typed(desk: Page) -> None:
    opening = deed(desk, "Open an incident")
    opening.locator("input[name=csrf]").evaluate("(field) => { field.value = 'not ours'; }")
    do(opening, "seen on the camera", road=ROAD)
    expect(desk.get_by_test_id("refused")).to_contain_text("That was not done.")
    expect(opening.locator("input[name=why]")).to_have_value("seen on the camera")


def test_an_operator_opens_an_incident_on_the_road_that_they_look_at(map_desk: Page, running: Running) -> None:
    network = running.get("/api/v1/traffic/network").json()["features"]
    segment = next(road for road in network if road["properties"]["kind"] == "segment")
    map_desk.goto(f"{running.base}/en/#road={segment['id']}")
    expect(map_desk.locator("#road-name")).to_have_text(segment["properties"]["name"]["en"], timeout=20_000)
    map_desk.get_by_test_id("open-here").click()
    map_desk.wait_for_url("**/en/incidents#open*")
    opening = map_desk.locator("details#open[open]")
    expect(opening.locator("input[name=road]")).to_have_value(segment["properties"]["name"]["en"])
    expect(opening.get_by_label("Kind")).to_be_focused()


def test_an_incident_is_shown_on_a_map_that_stays_while_the_page_is_told_anew(map_desk: Page, running: Running) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        number = act(client, "chan", "incidents/open", kind="breakdown", near="深井", **TUEN_MUN_ROAD)
        map_desk.goto(f"{running.base}/en/incident?id={number}")
        shown = map_desk.get_by_test_id("incident-map")
        expect(shown).to_have_attribute("data-drawn", "1", timeout=30_000)
        drawn = shown.locator("canvas").element_handle()
        act(client, "chan", "incidents/correct", id=number, lanes="fast", lon=114.03900, lat=22.37250)
    expect(map_desk.locator("#facts + dl")).to_contain_text("fast lane", timeout=30_000)
    expect(map_desk.locator("#incident-place")).to_have_attribute("data-lon", "114.039")
    assert drawn is not None
    assert drawn.evaluate("canvas => canvas.isConnected")


def test_an_incident_is_opened_at_a_place_picked_on_the_map(map_desk: Page, running: Running) -> None:
    opening = deed(map_desk, "Open an incident")
    opening.get_by_role("button", name="Pick it on the map").click()
    shown = opening.get_by_test_id("pick-map")
    expect(shown).to_have_attribute("data-drawn", "yes", timeout=30_000)
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    assert box is not None
    map_desk.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45)
    expect(opening.get_by_test_id("picked")).to_contain_text("Taken: 22.")
    lat, lon = (float(opening.locator(f"input[name={name}]").input_value()) for name in ("lat", "lon"))
    do(opening, "seen from the air", road="Lantau Link")
    expect(map_desk.get_by_test_id("done")).to_be_focused()
    told = running.get("/api/v1/incidents?source=operator&road=Lantau Link").json()["incidents"]
    assert [(one["lat"], one["lon"], one["located_by"]) for one in told] == [(lat, lon, "message")]


TUEN_MUN_ROAD = {"road": "屯門公路", "direction": "九龍"}


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on with the tabulator until ``wanted`` has the focus, as somebody without a mouse."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is out of the keyboard's reach")


def choose_by_keyboard(page: Page, select: Locator, value: str) -> None:
    """Go down the options of ``select`` to the one of that value."""
    tab_to(page, select)
    for _ in range(select.locator("option").count()):
        page.keyboard.press("ArrowDown")
        if select.input_value() == value:
            return
    raise AssertionError(f"{select} offers no {value}")


def do_by_keyboard(
    page: Page, label: str, why: str, *, within: Locator | None = None, into: str = "", **typed: str
) -> None:
    """Open the form of that label, fill it and send it, all by keyboard; then the page says what was done."""
    place = page.locator("main") if within is None else within
    form = place.locator("details.deed, details.undo", has=page.locator("summary", has_text=label)).first
    tab_to(page, form.locator("summary"))
    page.keyboard.press("Enter")
    if into:
        choose_by_keyboard(page, form.locator("[name=into]"), into)
    for name, value in typed.items():
        tab_to(page, form.locator(f"[name={name}]"))
        page.keyboard.type(value)
    tab_to(page, form.locator("[name=why]"))
    page.keyboard.type(why)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("done")).to_be_focused()


def incident_at(page: Page, running: Running, number: str) -> Locator:
    """The page of one incident, and where it says its state."""
    page.goto(f"{running.base}/tc/incident?id={number}")
    return page.get_by_test_id("state")


def test_two_incidents_are_merged_separated_and_each_is_undone_by_keyboard_on_a_phone(
    phone: Page, running: Running
) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        gone = act(client, "chan", "incidents/open", kind="breakdown", **TUEN_MUN_ROAD)
        survivor = act(client, "chan", "incidents/open", kind="breakdown", near="深井", **TUEN_MUN_ROAD)
    state = incident_at(phone, running, gone)
    do_by_keyboard(phone, "併入另一事故", "同一輛車", into=survivor)
    expect(state).to_have_text("已合併")
    expect(phone.get_by_test_id("done")).to_contain_text(f"已將 {gone} 併入 {survivor}。")
    expect(phone.get_by_test_id("merged-into")).to_contain_text("近深井")
    phone.goto(f"{running.base}/tc/incidents")
    listed = phone.get_by_test_id("incidents")
    expect(listed.locator(f"[id='incident-{survivor}']")).to_have_count(1)
    expect(listed.locator(f"[id='incident-{gone}']")).to_have_count(0)

    incident_at(phone, running, survivor)
    expect(phone.locator("#facts + dl")).to_contain_text("併入此事故")
    do_by_keyboard(phone, "分拆", "其實是兩輛")
    expect(phone.get_by_test_id("done")).to_contain_text(f"已將 {gone} 與 {survivor} 分拆。")
    expect(incident_at(phone, running, gone)).to_have_text("已確認")

    phone.goto(f"{running.base}/tc/journal?record={gone}")
    do_by_keyboard(phone, "復原", "看錯了")
    expect(incident_at(phone, running, gone)).to_have_text("已合併")
    phone.goto(f"{running.base}/tc/journal?record={gone}")
    merging = phone.get_by_test_id("journal").locator("li", has_text="保留的事故")
    expect(merging).to_contain_text("「同一輛車」")
    do_by_keyboard(phone, "復原", "確定是兩輛", within=merging)
    expect(incident_at(phone, running, gone)).to_have_text("已確認")
    assert phone.evaluate(OVERFLOWS) == 0


def test_a_place_is_corrected_on_the_page_and_an_opening_taken_back(phone: Page, running: Running) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        number = act(client, "chan", "incidents/open", kind="breakdown", near="深井", **TUEN_MUN_ROAD)
    incident_at(phone, running, number)
    do_by_keyboard(phone, "更正", "按定位", lat="22.37250", lon="114.03900")
    facts = phone.locator("#facts + dl")
    expect(facts).to_contain_text("22.37250, 114.03900 · 來源：操作員")
    phone.get_by_test_id("on-map").click()
    expect(phone.locator("#map-failed")).to_be_visible()  # the list has what the map would show
    expect(phone.locator(f"[id='incident-{number}']")).to_contain_text("屯門公路（往九龍方向）近深井")

    incident_at(phone, running, number)
    do_by_keyboard(phone, "更正", "只有一半", lat="22.37250", lon="114.03900", title="貨車翻側")
    expect(phone.locator("h1")).to_have_text("貨車翻側")
    phone.goto(f"{running.base}/tc/journal?record={number}")
    entries = [entry.get_attribute("id") for entry in phone.get_by_test_id("journal").locator("li").all()]
    assert len(entries) == len(["opened", "corrected", "corrected again"])
    for entry in entries:  # the newest first
        phone.goto(f"{running.base}/tc/journal?record={number}")
        do_by_keyboard(phone, "復原", "全部取消", within=phone.locator(f"#{entry}"))
    phone.goto(f"{running.base}/tc/incident?id={number}")
    expect(phone.locator("main")).to_contain_text(f"{number} 的開立已被復原")
    assert phone.get_by_role("heading", level=1).inner_text() == "找不到網頁"


def test_a_place_is_picked_by_keyboard_on_a_phone(map_phone: Page, running: Running) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        number = act(client, "chan", "incidents/open", kind="breakdown", near="深井", **TUEN_MUN_ROAD)
    incident_at(map_phone, running, number)
    form = deed(map_phone, "更正")
    tab_to(map_phone, form.get_by_role("button", name="在地圖上選取"))
    map_phone.keyboard.press("Enter")
    expect(form.get_by_test_id("pick-map")).to_have_attribute("data-drawn", "yes", timeout=30_000)
    before = running.get(f"/api/v1/incidents/{number}").json()["incident"]
    map_phone.keyboard.press("ArrowRight")
    map_phone.keyboard.press("Enter")
    expect(form.get_by_test_id("picked")).to_contain_text("已選取")
    assert float(form.locator("input[name=lon]").input_value()) > before["lon"]
    tab_to(map_phone, form.locator("input[name=why]"))
    map_phone.keyboard.type("地圖上所見")
    map_phone.keyboard.press("Enter")
    expect(map_phone.locator("#facts + dl")).to_contain_text("來源：操作員")
    assert map_phone.evaluate(OVERFLOWS) == 0


def test_what_is_refused_beside_a_form_is_said_in_the_language_of_the_page(phone: Page, running: Running) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        number = act(client, "chan", "incidents/open", kind="breakdown", **TUEN_MUN_ROAD)
    incident_at(phone, running, number)
    form = deed(phone, "更正")
    do(form, "未填任何欄位")
    told = phone.get_by_test_id("refused")
    expect(told).to_contain_text("未有執行。 沒有填寫任何欄位（請填寫最少一項要更正的資料）")
    expect(told.locator("span")).to_have_attribute("lang", "zh-Hant-HK")
    do(form, "看錯位置", lon="114.17000")
    expect(told).to_contain_text("未有執行。 經度、緯度：")
    expect(form.locator("input[name=lon]")).to_be_focused()
    wrong = form.locator("[aria-invalid]")
    assert [each.get_attribute("name") for each in wrong.all()] == ["lat", "lon"]
    expect(wrong.last).to_have_accessible_description(re.compile("未有執行。 經度、緯度："))


@pytest.mark.soak
def test_measures_are_simulated_before_they_are_decided_on_and_the_decision_is_kept(
    desk: Page, running: Running
) -> None:
    with httpx.Client(base_url=running.base, timeout=30) as client:
        number = act(client, "chan", "incidents/open", kind="accident", near="深井", lanes="slow", **TUEN_MUN_ROAD)
    desk.goto(f"{running.base}/en/incident?id={number}")
    do(deed(desk, "Try measures"), "before the evening", lasts_min="60", open_lanes="1", in_min="10")
    trial = desk.locator("article.trial")
    expect(trial.get_by_role("progressbar")).to_be_visible()
    expect(trial.locator(".savings li")).to_have_count(len(["open lanes", "divert", "both"]), timeout=MOST_SIMULATED_MS)
    expect(desk.get_by_test_id("decision")).to_have_count(0)
    do(deed(desk, "Decide on this"), "a crane is near")
    expect(desk.get_by_test_id("decision")).to_contain_text("Decided: Open lanes")
    expect(desk.get_by_test_id("timeline")).to_contain_text("Decided: Open lanes")
