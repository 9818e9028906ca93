"""A page names the feeds that it rests on once they gave nothing good for long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lionrock.app.house import House
from lionrock.app.progress import Progress
from lionrock.app.status import SAMPLES_RECEIVED, describe_status, list_silent
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source, said

NEWS = "traffic.news"  # asked every minute


def silent_for(folder: Path, service_id: str, after: timedelta, source: Source = Source.TWIN) -> list[str]:
    """The silent feeds of a service so long after the news came last."""
    clock = SetClock(SAMPLES_RECEIVED)
    with House.open(Settings(data=folder, source=source), clock) as house:
        house.states.succeeded(NEWS, clock.now(), 1)
        house.states.failed(NEWS, clock.now() + after, said("the answer is empty", "回應是空的"))
        clock.set(SAMPLES_RECEIVED + after)
        service = next(service for service in house.catalogue.services if service.id == service_id)
        return [feed.id for feed in list_silent(house, service)]


@pytest.mark.parametrize("service", ["incidents", "traffic"])
def test_a_feed_is_silent_after_three_rhythms_for_who_reads_it_and_who_publishes_it(
    tmp_path: Path, service: str
) -> None:
    assert silent_for(tmp_path / "early", service, timedelta(minutes=2)) == []
    assert silent_for(tmp_path / "late", service, timedelta(minutes=4)) == [NEWS]


@pytest.mark.parametrize(
    ("feed", "service", "well", "stuck"),
    [("traffic.lanes", "traffic", timedelta(minutes=5), True), (NEWS, "incidents", timedelta(hours=9), False)],
)
def test_a_feed_that_says_the_same_for_ever_is_silent_unless_it_may_rest(
    tmp_path: Path, feed: str, service: str, well: timedelta, *, stuck: bool
) -> None:
    clock = SetClock(SAMPLES_RECEIVED)
    with House.open(Settings(data=tmp_path, source=Source.TWIN), clock) as house:
        asked = next(one for one in house.catalogue.services if one.id == service)
        house.states.succeeded(feed, clock.now(), 12)
        clock.set(SAMPLES_RECEIVED + well)
        house.states.succeeded(feed, clock.now(), 0)
        assert list_silent(house, asked) == []
        clock.set(SAMPLES_RECEIVED + well + timedelta(seconds=1))
        house.states.succeeded(feed, clock.now(), 0)
        states = {one.id: one.state for one in describe_status(house, Progress()).feeds}
        assert states[feed] == ("unchanged" if stuck else "ok")
        assert [one.id for one in list_silent(house, asked)] == ([feed] if stuck else [])
        house.states.succeeded(feed, clock.now(), 1)
        assert list_silent(house, asked) == []


def test_a_feed_that_a_service_does_not_read_is_not_named_on_its_pages(tmp_path: Path) -> None:
    assert silent_for(tmp_path, "parking", timedelta(hours=4)) == []


def test_the_feeds_of_a_recording_do_not_fall_silent(tmp_path: Path) -> None:
    assert silent_for(tmp_path, "incidents", timedelta(hours=4), Source.RECORDING) == []
