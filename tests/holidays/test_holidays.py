"""General holidays: read strictly, merged from three languages, and asked by other services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.web.sessions import NOBODY
from lionrock.city.holidays import is_public_holiday, is_rest_day, list_holidays
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Feature, Language, MalformedDownload, NotYet, Source, UndeclaredRead
from lionrock.services.people.holidays.answers import HolidaysQuery, tell_holidays
from lionrock.services.people.holidays.feeds import parse_holidays
from lionrock.services.people.holidays.service import SERVICE
from lionrock.twin.calendar import HOLIDAYS
from lionrock.twin.feeds.holidays import render_holidays

NOON = datetime(2026, 12, 25, 4, tzinfo=UTC)
FEED = SERVICE.feeds[0]


def download(body: bytes, language: str) -> Download:
    return Download(body=body, url="https://example.org/ical", received_at=NOON, params={"lang": language})


def one_event(start: str, end: str, summary: str = "A day") -> Download:
    event = f'{{"dtstart":["{start}",{{"value":"DATE"}}],"dtend":["{end}",{{"value":"DATE"}}],"summary":"{summary}"}}'
    return download(f'\ufeff{{"vcalendar":[{{"vevent":[{event}]}}]}}'.encode(), "en")


def read(language: Language) -> dict[str, Feature]:
    return {day.id: day for day in parse_holidays(download(render_holidays(language), language))}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that has read the twin's three files."""
    settings = Settings(data=tmp_path_factory.mktemp("holidays"), source=Source.TWIN)
    with House.open(settings, SetClock(NOON), discover()) as house:
        for language in Language:
            house.intake.take("holidays.days", FEED, download(render_holidays(language), language))
        yield house


@pytest.mark.parametrize("language", list(Language))
def test_the_twins_file_comes_back_as_the_twins_calendar(language: Language) -> None:
    assert {date.fromisoformat(day): feature.title.say(language) for day, feature in read(language).items()} == {
        day: name.say(language) for day, name in HOLIDAYS.items()
    }


def test_three_files_become_one_name_in_three_languages(house: House) -> None:
    assert list_holidays(house.cities["holidays"]) == dict(sorted(HOLIDAYS.items()))


def test_christmas_is_a_holiday_and_the_day_before_is_not(house: House) -> None:
    city = house.cities["holidays"]
    assert is_public_holiday(city, date(2026, 12, 25))
    assert not is_public_holiday(city, date(2026, 12, 24))


def test_a_sunday_is_a_rest_day_without_being_on_the_list(house: House) -> None:
    city = house.cities["holidays"]
    assert not is_public_holiday(city, date(2026, 11, 22))
    assert is_rest_day(city, date(2026, 11, 22))


def test_a_year_that_nobody_announced_is_not_a_year_without_holidays(house: House) -> None:
    with pytest.raises(NotYet, match="2031"):
        is_public_holiday(house.cities["holidays"], date(2031, 12, 25))


def test_a_service_that_does_not_declare_the_holidays_cannot_ask(house: House) -> None:
    with pytest.raises(UndeclaredRead):
        is_public_holiday(replace(house.cities["parking"], allowed=frozenset()), date(2026, 12, 25))


def test_the_answer_knows_today_and_the_next_holiday(house: House) -> None:
    told = tell_holidays(house.cities["holidays"], HolidaysQuery(), NOBODY)
    assert (told.today, told.rest_day, told.simulated) == (date(2026, 12, 25), True, True)
    assert told.next is not None
    assert told.next.date == date(2026, 12, 26)
    assert [day.date for day in told.days] == sorted(day for day in HOLIDAYS if day.year == 2026)


def test_asking_for_a_year_without_a_list_says_so(house: House) -> None:
    with pytest.raises(NotYet, match="2040"):
        tell_holidays(house.cities["holidays"], HolidaysQuery(year=2040), NOBODY)


def test_an_event_of_three_days_is_three_holidays() -> None:
    assert [day.id for day in parse_holidays(one_event("20260217", "20260220"))] == [
        "2026-02-17",
        "2026-02-18",
        "2026-02-19",
    ]


@pytest.mark.parametrize(
    ("start", "end", "summary"),
    [
        ("20260101", "20260101", "ends before it begins"),
        ("20260102", "20260101", "runs backwards"),
        ("20260101", "20270101", "lasts a year"),
        ("2026-01-01", "20260102", "another form"),
        ("20261301", "20261302", "no such month"),
        ("", "20260102", "nothing"),
        ("20260101", "20260102", " "),
    ],
)
def test_a_wrong_date_or_name_sets_the_file_aside(start: str, end: str, summary: str) -> None:
    with pytest.raises(MalformedDownload):
        list(parse_holidays(one_event(start, end, summary)))


def test_an_empty_calendar_is_no_news() -> None:
    with pytest.raises(MalformedDownload, match="no holiday"):
        list(parse_holidays(download(b'{"vcalendar":[{"vevent":[]}]}', "en")))


def test_reading_a_year_again_after_it_left_the_file_keeps_it(house: House, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, source=Source.TWIN)
    with House.open(settings, SetClock(NOON), house.catalogue) as other:
        other.intake.take("holidays.days", FEED, one_event("20240101", "20240102"))
        other.intake.take("holidays.days", FEED, one_event("20270101", "20270102"))
        assert [day.year for day in list_holidays(other.cities["holidays"])] == [2024, 2027]


def test_a_holiday_that_was_moved_is_one_no_more_and_past_years_stay(tmp_path: Path) -> None:
    def told(days: list[str]) -> bytes:
        events = [one_event(day, f"{int(day) + 1}").body.decode().partition('"vevent":[')[2][:-4] for day in days]
        return f'\ufeff{{"vcalendar":[{{"vevent":[{",".join(events)}]}}]}}'.encode()

    with House.open(Settings(data=tmp_path, source=Source.TWIN), SetClock(NOON), discover()) as house:
        for days in (["20250101", "20260101", "20270206"], ["20260101", "20270217"]):
            given = download(told(days), "en")
            taken = house.intake.take("holidays.days", FEED, given)
            house.intake.close_absent("holidays.days", FEED, [taken], given)
        assert [str(day) for day in list_holidays(house.cities["holidays"])] == [
            "2025-01-01",
            "2026-01-01",
            "2027-02-17",
        ]


def test_a_known_year_is_told_though_nothing_of_this_one_was_announced(house: House) -> None:
    later = replace(house.cities["holidays"], now=lambda: datetime(2030, 1, 2, 4, tzinfo=UTC))
    told = tell_holidays(later, HolidaysQuery(year=2026), NOBODY)
    assert (told.rest_day, told.year, len(told.days) > 10) == (None, 2026, True)
