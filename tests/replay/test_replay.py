"""Replaying files: what is read, what is set aside, what is left, and that doing it again changes nothing."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from lionrock.app.discovery import OWN_SERVICES
from lionrock.app.house import House
from lionrock.app.jobs.upkeep import tidy
from lionrock.app.replay import Replayed, open_recording, replay, settings_for_recording
from lionrock.core.feeds.archive import Archive
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Language, NotFound, NotYet, Source, WrongSource
from lionrock.twin.calendar import HOLIDAYS
from lionrock.twin.feeds.holidays import render_holidays

TRAFFIC = OWN_SERVICES / "mobility" / "traffic" / "samples"
PARKING = OWN_SERVICES / "mobility" / "parking" / "samples"
WEATHER = OWN_SERVICES / "environment" / "weather" / "samples"
LANES_URL = "https://resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"
WARNINGS_URL = "https://data.weather.gov.hk/weatherAPI/opendata/weather.php?dataType=warnsum&lang=en"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for_recording(Settings(data=tmp_path / "data"))


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder


def read(settings: Settings, *paths: Path) -> Replayed:
    return replay(settings, paths, lambda _label, _done, _total: None)


def records_by_part(replayed: Replayed) -> dict[str, int]:
    return {part.name: part.records for part in replayed.parts}


def test_a_folder_is_read_by_the_feeds_whose_samples_its_files_are_named_like(
    settings: Settings, recordings: Path
) -> None:
    shutil.copy(TRAFFIC / "rawSpeedVol-all.xml", recordings / "rawSpeedVol-all.old.xml")
    (recordings / "deep").mkdir()
    shutil.copy(PARKING / "vacancy_all.json", recordings / "deep" / "vacancy_all.json")
    found = records_by_part(read(settings, recordings))
    assert set(found) == {"traffic.lanes", "parking.vacancy"}
    assert min(found.values()) > 0


def put_two_of_one_moment(recordings: Path) -> None:
    """Two downloads of the news that tell the same moment, in other words."""
    news = (TRAFFIC / "trafficnews.xml").read_bytes()
    assert b"fast lane" in news
    for number, words in enumerate((b"fast lane", b"slow lane")):
        (recordings / f"trafficnews-{number}.xml").write_bytes(news.replace(b"fast lane", words))


def test_two_downloads_that_tell_the_same_moment_are_both_remembered(settings: Settings, recordings: Path) -> None:
    put_two_of_one_moment(recordings)
    assert read(settings, recordings).parts[0].records > 0
    assert read(settings, recordings).parts[0].records == 0


def test_what_was_read_when_marks_had_no_fingerprints_is_not_read_again(settings: Settings, recordings: Path) -> None:
    put_two_of_one_moment(recordings)
    read(settings, recordings)
    with closing(sqlite3.connect(next(settings.data.rglob("records.sqlite")))) as database, database:
        marks = database.execute("SELECT url, digest FROM pages_seen WHERE url LIKE 'replayed %'").fetchall()
        former = marks[0][0].removesuffix(f" {marks[0][1]}")
        database.execute("UPDATE pages_seen SET url = ? WHERE url = ?", (former, marks[0][0]))
    assert len(marks) > 1
    assert former != marks[0][0]
    assert read(settings, recordings).parts[0].records == 0


def test_a_file_of_any_name_is_read_by_the_feed_whose_format_it_has(settings: Settings, recordings: Path) -> None:
    shutil.copy(TRAFFIC / "irnAvgSpeed-all.xml", recordings / "a.xml")
    shutil.copy(WEATHER / "warnsum.json", recordings / "b.json")
    (recordings / "c.csv.gz").write_bytes(gzip.compress((WEATHER / "latest_10min_wind.csv").read_bytes()))
    assert set(records_by_part(read(settings, recordings))) == {
        "traffic.segment_speeds",
        "weather.warnings",
        "weather.wind",
    }


def test_reading_the_same_files_again_changes_nothing(settings: Settings, recordings: Path) -> None:
    for sample in (*TRAFFIC.iterdir(), *PARKING.iterdir(), *WEATHER.iterdir()):
        shutil.copy(sample, recordings)
    first = read(settings, recordings)
    again = read(settings, recordings)
    assert [part.name for part in again.parts] == [part.name for part in first.parts]
    assert sum(records_by_part(first).values()) > 0
    assert sum(records_by_part(again).values()) == 0


def test_a_broken_file_is_set_aside_with_its_reason_and_the_others_are_read(
    settings: Settings, recordings: Path
) -> None:
    whole = (TRAFFIC / "rawSpeedVol-all.xml").read_bytes()
    (recordings / "rawSpeedVol-all.1.xml").write_bytes(whole)
    (recordings / "rawSpeedVol-all.2.xml").write_bytes(whole[: len(whole) // 2])
    (part,) = read(settings, recordings).parts
    assert part.records > 0
    assert [(path.name, "not whole XML" in reason.en) for path, reason, _ in part.problems] == [
        ("rawSpeedVol-all.2.xml", True)
    ]
    with open_recording(settings) as house:
        assert house.states.get("traffic.lanes").set_aside == 1
        assert "not whole XML" in house.states.list_set_aside()[0].reason.en


@pytest.mark.parametrize(
    ("name", "body"),
    [("eta.json", b'{"data": []}'), ("SOURCE", b"somebody kept these"), ("page.html", b"<html>"), ("x.jpg", b"\0\1\2")],
)
def test_what_no_feed_reads_is_told_with_a_reason(settings: Settings, recordings: Path, name: str, body: bytes) -> None:
    (recordings / name).write_bytes(body)
    replayed = read(settings, recordings)
    assert replayed.parts == []
    assert [(each.path.name, bool(each.reason)) for each in replayed.unread] == [(name, True)]


def test_a_store_into_which_nothing_was_read_is_not_shown_as_of_1970(settings: Settings, recordings: Path) -> None:
    (recordings / "page.html").write_bytes(b"<html>")
    read(settings, recordings)
    with pytest.raises(NotYet, match="lionrock replay PATH"):
        open_recording(settings)


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_a_packed_file_that_was_cut_short_is_told_not_raised(
    settings: Settings, recordings: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    (recordings / f"x.json{ending}").write_bytes(pack(bytes(range(256)) * 99)[:-20])
    assert "unpacked" in read(settings, recordings).unread[0].reason


def test_a_file_of_our_archive_that_was_cut_is_told_and_the_others_are_read(
    settings: Settings, recordings: Path
) -> None:
    received = datetime(2026, 11, 21, 0, 31, tzinfo=UTC)
    archive, body = Archive(recordings), (TRAFFIC / "rawSpeedVol-all.xml").read_bytes()
    archive.keep(LANES_URL, received, body)
    broken = recordings / archive.keep(LANES_URL, received + timedelta(minutes=1), body)
    broken.write_bytes(broken.read_bytes()[:-20])
    [part] = read(settings, recordings).parts
    assert part.records > 0
    assert [(path, "unpacked" in why.en) for path, why, _ in part.problems] == [(broken, True)]


def test_a_path_that_is_not_there_is_an_error(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read(settings, tmp_path / "nowhere")


def test_our_own_archive_is_read_with_the_addresses_and_moments_of_its_paths(
    settings: Settings, recordings: Path
) -> None:
    received = datetime(2026, 11, 21, 0, 31, tzinfo=UTC)
    archive = Archive(recordings / "archive")
    archive.keep(LANES_URL, received, (TRAFFIC / "rawSpeedVol-all.xml").read_bytes())
    archive.keep("https://resource.data.one.gov.hk/td/unknown.xml", received, b"<unknown/>")
    replayed = read(settings, recordings)
    assert [(part.name, part.first) for part in replayed.parts] == [("traffic.lanes", received)]
    assert [each.reason for each in replayed.unread] == ["no feed asks this address"]
    with open_recording(settings) as house:
        assert house.clock.now() == received


def test_a_warning_that_a_later_download_leaves_out_is_closed_at_that_moment(
    settings: Settings, recordings: Path
) -> None:
    raised = datetime(2026, 11, 21, 0, 31, tzinfo=UTC)
    archive = Archive(recordings)
    archive.keep(WARNINGS_URL, raised, (WEATHER / "warnsum.json").read_bytes())
    archive.keep(WARNINGS_URL, raised + timedelta(hours=2), b"{}")
    read(settings, recordings)
    with open_recording(settings) as house:
        assert house.records.list_open("weather.warnings", raised + timedelta(hours=1))
        assert house.records.list_open("weather.warnings") == []


def test_a_warning_is_not_in_force_for_ever_because_the_recording_ended(settings: Settings, recordings: Path) -> None:
    raised = datetime(2026, 11, 21, 0, 31, tzinfo=UTC)
    archive = Archive(recordings)
    archive.keep(WARNINGS_URL, raised, (WEATHER / "warnsum.json").read_bytes())
    read(settings, recordings)
    with open_recording(settings) as house:
        assert house.records.list_open("weather.warnings")
    later = (TRAFFIC / "rawSpeedVol-all.xml").read_bytes().replace(b"2026-11-21", b"2026-11-23")
    archive.keep(LANES_URL, raised + timedelta(days=2), later)
    read(settings, recordings)
    again = read(settings, recordings)
    with open_recording(settings) as house:
        assert house.records.list_open("weather.warnings", raised + timedelta(hours=23))
        assert house.records.list_open("weather.warnings", raised + timedelta(hours=25)) == []
    assert sum(part.records for part in again.parts) == 0


def test_what_was_recorded_years_ago_is_still_known_once_the_store_was_put_in_order(
    settings: Settings, recordings: Path
) -> None:
    raised = datetime(2026, 11, 21, 0, 31, tzinfo=UTC)
    archive = Archive(recordings)
    archive.keep(WARNINGS_URL, raised, (WEATHER / "warnsum.json").read_bytes())
    archive.keep(WARNINGS_URL, raised + timedelta(days=1000), b"{}")
    assert records_by_part(read(settings, recordings))["weather.warnings"] > 0
    with open_recording(settings) as house:
        tidy(house)
    assert records_by_part(read(settings, recordings)) == {"weather.warnings": 0}


def test_an_archived_file_is_read_in_the_language_that_its_address_asked_for(
    settings: Settings, recordings: Path
) -> None:
    archive = Archive(recordings)
    for minute, language in enumerate(Language):
        url = f"https://www.1823.gov.hk/common/ical/{language}.json"
        archive.keep(url, datetime(2026, 11, 21, 0, minute, tzinfo=UTC), render_holidays(language))
    read(settings, recordings)
    with open_recording(settings) as house:
        days = house.records.list_open("holidays.days")
        assert {date.fromisoformat(day.id): day.record.title for day in days} == HOLIDAYS


def test_the_simulated_citys_archive_never_passes_for_a_recording(settings: Settings, tmp_path: Path) -> None:
    twin = Settings(data=tmp_path / "data", source=Source.TWIN)
    with House.open(twin) as house:
        house.archive.keep(LANES_URL, datetime(2026, 11, 21, tzinfo=UTC), b"<raw/>")
    with pytest.raises(WrongSource, match="simulated"):
        read(settings, twin.home)


def test_a_recording_forgets_nothing_for_its_age(settings: Settings) -> None:
    assert settings.keep_days > 365 * 100
    assert settings.source is Source.RECORDING
