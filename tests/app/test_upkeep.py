"""What is past its time goes; what is not stays."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from errno import EFBIG
from pathlib import Path

import pytest

from lionrock.app.house import House
from lionrock.app.jobs.backfill import DONE, list_days
from lionrock.app.jobs.upkeep import tidy
from lionrock.app.open_data.days import list_days as days_of
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.records.feed_states import PageSeen
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Event, EventStatus, Feature, MalformedDownload, Reading, Source, Text
from lionrock.services.mobility.parking.datasets import VACANCY, VACANT_SPACES

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


def test_what_records_were_goes_in_time_but_for_what_people_did(tmp_path: Path) -> None:
    clock = SetClock(SAMPLES_RECEIVED)
    with House.open(Settings(data=tmp_path, source=Source.LIVE, keep_days=30), clock) as house:
        names = ("incidents.impacts", "incidents.rulings")
        for turn in range(3):
            words = Text(en=str(turn))
            impact = Event(id="IN-1", kind="impact", at=SAMPLES_RECEIVED, status=EventStatus.NEW, title=words)
            house.records.save(house.catalogue.datasets[names[0]], [impact], clock.now())
            ruling = Feature(id="IN-1", geometry=None, properties={"merged_into": words.en})
            house.records.save(house.catalogue.datasets[names[1]], [ruling], clock.now())
            clock.set(clock.now() + timedelta(hours=1))
        clock.set(SAMPLES_RECEIVED + timedelta(days=31))
        assert [len(days_of(house, house.catalogue.datasets[name])) for name in names] == [31, 32]
        tidy(house)
        assert [len(house.records.list_versions(name, SAMPLES_RECEIVED)) for name in names] == [1, 3]
        assert [house.records.get(name, "IN-1").version for name in names] == [3, 3]


def test_a_clock_that_leaps_is_not_believed_for_a_day(tmp_path: Path) -> None:
    clock = SetClock(SAMPLES_RECEIVED)
    with House.open(Settings(data=tmp_path, source=Source.LIVE), clock) as house:
        house.archive.keep(URL, clock.now(), b"{}")
        house.readings.append(VACANCY.id, [Reading("a", VACANT_SPACES.id, clock.now(), 1.0)])

        def kept_at(later: timedelta) -> tuple[int, int]:
            clock.set(SAMPLES_RECEIVED + later)
            tidy(house)
            return house.readings.stats().readings, len(list(house.archive.list_versions(URL)))

        assert kept_at(timedelta(hours=1)) == (1, 1)
        assert kept_at(timedelta(days=450)) == (1, 1)
        assert kept_at(timedelta(days=450, hours=23)) == (1, 1)
        assert kept_at(timedelta(hours=24)) == (1, 1)  # and it is set right again
        assert kept_at(timedelta(days=450)) == (1, 1)
        assert kept_at(timedelta(days=451)) == (0, 0)


ON_A_FULL_DISK = """
import resource, signal, sys
from datetime import datetime, timedelta
from pathlib import Path
from lionrock.app.house import House
from lionrock.app.jobs.upkeep import tidy
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Reading, Source
folder, url, now = Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with House.open(Settings(data=folder, source=Source.LIVE), SetClock(now)) as house:
    house.archive.keep(url, now - timedelta(days=400), b"old")
    house.archive.keep(url, now, b"new")
    house.readings.append("parking.vacancy", [Reading("a", "vacant_spaces", now - timedelta(days=6), 1.0)])
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, room[1]))  # no file grows beyond that
    try:
        tidy(house)
    except OSError as error:
        print(error.errno)
    print(*(house.archive.read(one.key).decode() for one in house.archive.list_versions(url)))
    resource.setrlimit(resource.RLIMIT_FSIZE, room)
    tidy(house)
    print(house.readings.stats().sealed_days)
"""


def test_on_a_full_disk_what_is_past_its_time_goes_and_the_rest_follows_once_there_is_room(tmp_path: Path) -> None:
    given = [str(tmp_path), URL, SAMPLES_RECEIVED.isoformat()]
    told = subprocess.run([sys.executable, "-c", ON_A_FULL_DISK, *given], check=True, capture_output=True, text=True)
    said = [line for line in told.stdout.splitlines() if "[" not in line]
    assert said == [str(EFBIG), "new", "1"]
