"""A recording in headless Chromium: how much traffic there was, on the day that a reader chooses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from in_chromium import SMALL_DESK
from page_faults import listen_to
from playwright.sync_api import Browser, Page, expect
from running_lionrock import Running, stop, wait_until_ready

from lionrock.app.twin_process import free_port

LANE = (
    "<lane><lane_id>{name}</lane_id><speed>{speed}</speed><occupancy>{occupancy}</occupancy>"
    "<volume>{volume}</volume><s.d.>0</s.d.><valid>Y</valid></lane>"
)
DETECTORS = """\
AID_ID_Number,District,Road_EN,Road_TC,Road_SC,Easting,Northing,Latitude,Longitude,Direction,Rotation
AID90101,Kowloon City,Waterloo Road,窩打老道,窝打老道,836790,823000,22.3476,114.1795,North,10
TDS90002,Wan Chai,Gloucester Road,告士打道,告士打道,836200,815700,22.2806,114.1748,South East,100
"""
FULL, EMPTY = (10, 60), (0, 0)  # vehicles in 30 seconds, km/h


def lanes(day: str, begins: str, ends: str, counted: tuple[int, int]) -> str:
    """One period of two detectors of two lanes, as rawSpeedVol-all.xml has it."""
    volume, speed = counted
    both = "".join(
        LANE.format(name=name, speed=speed, occupancy=volume, volume=volume) for name in ("Fast Lane", "Slow Lane")
    )
    detectors = "".join(
        f"<detector><detector_id>{one}</detector_id><direction>North</direction><lanes>{both}</lanes></detector>"
        for one in ("AID90101", "TDS90002")
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><raw_speed_volume_list><date>{day}</date><periods><period>'
        f"<period_from>{begins}</period_from><period_to>{ends}</period_to><detectors>{detectors}</detectors>"
        "</period></periods></raw_speed_volume_list>"
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A recording of a full evening and of an empty night later, replayed and served."""
    folder = tmp_path_factory.mktemp("recording")
    given = folder / "given"
    given.mkdir()
    (given / "rawSpeedVol-all.1.xml").write_text(lanes("2023-08-31", "18:00:00", "18:00:30", FULL))
    (given / "rawSpeedVol-all.2.xml").write_text(lanes("2023-09-02", "03:00:00", "03:00:30", EMPTY))
    places = given / "traffic_speed_volume_occ_info.csv"
    places.write_text(DETECTORS, encoding="utf-8-sig")
    os.utime(places, (1_693_000_000, 1_693_000_000))  # from before, so that the clock stands at the empty night
    port = free_port()
    environment = os.environ | {"LIONROCK_PORT": str(port), "LIONROCK_DATA": str(folder / "data")}
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lionrock", "replay", str(given)], env=environment, stdout=log, stderr=log
        )
    running = Running(process, f"http://127.0.0.1:{port}", folder)
    try:
        wait_until_ready(running)
        yield running
    finally:
        if process.poll() is None:
            stop(running)


@pytest.fixture
def evening(browser: Browser, recording: Running) -> Iterator[Page]:
    """The console at the full evening, by an address in local time without seconds."""
    page = browser.new_page(viewport=SMALL_DESK, reduced_motion="reduce")
    complaints = listen_to(page)
    page.goto(f"{recording.base}/en/?at=2023-08-31T18:00")
    expect(page.get_by_test_id("map")).to_have_attribute("data-shown", "2023-08-31T10:00:00Z", timeout=30_000)
    yield page
    page.close()
    assert complaints == []


def test_the_full_evening_and_the_empty_night_are_told_apart_by_their_vehicles(evening: Page) -> None:
    evening.get_by_role("radio", name="Speed").focus()
    evening.keyboard.press("ArrowRight")
    expect(evening.get_by_role("radio", name="Volume")).to_be_checked()
    expect(evening.get_by_test_id("map")).to_have_attribute("data-measure", "volume")
    expect(evening.get_by_test_id("pulse")).to_contain_text("4,800 vehicles in this hour")
    expect(evening.locator("#roads-body tr[data-volume='4']")).to_have_count(2)
    day = evening.get_by_test_id("past-day")
    assert day.locator("option").evaluate_all("all => all.map(one => one.value)") == ["", "2023-09-02", "2023-08-31"]
    expect(day).to_have_value("2023-08-31")
    day.select_option("2023-09-02")
    expect(evening.get_by_test_id("map")).to_have_attribute("data-shown", "2023-09-01T19:00:00Z")
    expect(evening.get_by_test_id("moment")).to_have_text("03:00")
    expect(evening.get_by_test_id("pulse-figure")).to_have_text("0")
    expect(evening.locator("#roads-body tr[data-volume='1']")).to_have_count(2)
    address = evening.url
    assert "measure=volume" in address
    assert "?" not in address
