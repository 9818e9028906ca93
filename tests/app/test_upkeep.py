"""What is past its time goes; what is not stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lionrock.app.house import House
from lionrock.app.jobs.backfill import DONE, list_days
from lionrock.app.jobs.upkeep import tidy
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.records.feed_states import PageSeen
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import MalformedDownload, Source

URL = "https://resource.data.one.gov.hk/td/carpark/vacancy_all.json"


@pytest.mark.parametrize(("archive_days", "after_days", "kept"), [(None, 29, 1), (None, 32, 0), (3, 2, 1), (3, 5, 0)])
def test_raw_bytes_and_what_was_set_aside_go_together(
    tmp_path: Path, archive_days: int | None, after_days: int, kept: int
) -> None:
    clock = SetClock(SAMPLES_RECEIVED)
    settings = Settings(data=tmp_path, source=Source.RECORDING, archive_days=archive_days)
    with House.open(settings, clock) as house:
        _, feed = house.feed("parking.vacancy")
        with pytest.raises(MalformedDownload):
            house.intake.take("parking.vacancy", feed, Download(body=b"{", url=URL, received_at=clock.now()))
        clock.set(SAMPLES_RECEIVED + timedelta(days=after_days))
        tidy(house)
        assert len(house.states.list_set_aside()) == kept
        assert len(list(house.aside.list_versions(URL))) == kept


@pytest.mark.parametrize(("archive_days", "after_days", "kept"), [(None, 29, 2), (None, 402, 0), (3, 2, 2), (3, 5, 0)])
def test_the_raw_bytes_of_an_address_that_nobody_asks_any_more_go_too(
    tmp_path: Path, archive_days: int | None, after_days: int, kept: int
) -> None:
    gone = ["https://twin/what-if?scenario=1", "https://data.etabus.gov.hk/v1/transport/kmb/route-eta/999/1"]
    clock = SetClock(SAMPLES_RECEIVED)
    settings = Settings(data=tmp_path, source=Source.RECORDING, archive_days=archive_days)
    with House.open(settings, clock) as house:
        for url in gone:
            house.archive.keep(url, clock.now(), b"{}")
            house.states.saw_page(url, PageSeen(None, None, "d"), clock.now())
        clock.set(SAMPLES_RECEIVED + timedelta(days=after_days))
        tidy(house)
        assert sum(len(list(house.archive.list_versions(url))) for url in gone) == kept
        assert sum(house.states.find_page(url) is not None for url in gone) == kept


def test_a_day_that_was_back_filled_is_not_asked_for_again_however_short_the_archive(tmp_path: Path) -> None:
    clock = SetClock(SAMPLES_RECEIVED)
    with House.open(Settings(data=tmp_path, source=Source.LIVE, archive_days=1), clock) as house:
        marks = [day.mark for day in list_days(house)]
        for mark in marks:
            house.states.saw_page(mark, DONE, clock.now())
        clock.set(SAMPLES_RECEIVED + timedelta(days=2))
        tidy(house)
        assert [house.states.find_page(mark) for mark in marks] == [DONE] * len(marks)
