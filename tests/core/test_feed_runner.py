"""The runner against a real HTTP server: what it keeps, what it closes, what it sets aside."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from city_on_tls import serve_city
from http_site import Answer, serve

from lionrock.core.bus import Bus
from lionrock.core.clock import SetClock
from lionrock.core.feeds import fetch
from lionrock.core.feeds.archive import Archive
from lionrock.core.feeds.fetch import AT_ONCE_PER_HOST, CIRCUIT_OPENS_AFTER, TRIES, Fetcher, circuit_open_s
from lionrock.core.feeds.formats import json_as
from lionrock.core.feeds.intake import Intake
from lionrock.core.feeds.runner import FeedRunner, Gap, next_round, next_try
from lionrock.core.manifest import Download, Feed, Request, minutes
from lionrock.core.readings import ReadingStore
from lionrock.core.records import FeedState, FeedStates, RecordStore
from lionrock.core.records.database import open_database
from lionrock.core.records.feed_states import PageSeen
from lionrock.core.vocabulary import (
    Alert,
    Dataset,
    DownloadFailed,
    Kind,
    Property,
    Reading,
    Severity,
    Source,
    Text,
)

T0 = datetime(2026, 11, 21, 8, tzinfo=UTC)
TITLE = Text(en="Test", tc="測試")
LEVEL = Property(id="level", title=TITLE, unit="m")
LEVELS = Dataset(
    id="tide.levels", title=TITLE, kind=Kind.READINGS, rhythm=minutes(1), licence="open", properties=(LEVEL,)
)
WARNINGS = Dataset(id="tide.warnings", title=TITLE, kind=Kind.ALERTS, rhythm=minutes(1), licence="open")


def parse_levels(download: Download) -> Iterator[Reading]:
    for sensor, value in json_as(download, dict[str, float]).items():
        yield Reading(f"{sensor}{download.params.get('lang', '')}", LEVEL.id, T0, value)


def parse_warnings(download: Download) -> Iterator[Alert]:
    for code, words in json_as(download, dict[str, str]).items():
        headline = Text(**{download.params["lang"]: words})
        yield Alert(id=code, event=code, severity=Severity.MINOR, headline=headline, onset=T0)


LEVEL_FEED: Feed[None] = Feed(
    name="levels",
    title=TITLE,
    writes=(LEVELS,),
    requests=("levels",),
    every=minutes(1),
    parse=parse_levels,
    sample="levels.json",
)
WARNING_FEED: Feed[None] = Feed(
    name="warnings",
    title=TITLE,
    writes=(WARNINGS,),
    requests=(Request(url="warnings-{lang}", each=({"lang": "en"}, {"lang": "tc"})),),
    every=minutes(1),
    parse=parse_warnings,
    sample="warnings.json",
    snapshot=True,
    may_be_empty=True,
)


@dataclass
class Publisher:
    """A real HTTP server whose pages a test changes."""

    pages: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    base: str = ""

    def publish(self, name: str, value: object, status: int = 200) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.pages[f"/{name}"] = (status, body)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    site = Publisher()

    def answer(path: str, headers: Message) -> Answer:
        known = headers.get("If-None-Match")
        site.asked.append((path, known))
        status, body = site.pages.get(path, (404, b""))
        etag = f'"{hash(body)}"'
        return (304, {"ETag": etag}, b"") if known == etag else (status, {"ETag": etag}, body)

    with serve(answer) as site.base:
        yield site


@dataclass
class Desk:
    """A runner with its stores."""

    runner: FeedRunner[None]
    intake: Intake
    clock: SetClock
    bus: Bus

    def round(self, feed: Feed[None]) -> int:
        async def once() -> int:
            fetcher = Fetcher()
            runner: FeedRunner[None] = FeedRunner(self.intake, self.bus, self.clock, fetcher, self.runner.address)
            try:
                return await runner.run_round(f"tide.{feed.name}", feed, None)
            finally:
                await fetcher.close()

        return asyncio.run(once())

    def values(self) -> dict[str, float]:
        latest = self.intake.readings.latest(LEVELS.id, LEVEL.id)
        return dict(zip(latest.sensors, latest.value.tolist(), strict=True))

    def state(self, feed: Feed[None]) -> FeedState:
        return self.intake.states.get(f"tide.{feed.name}")


@pytest.fixture
def desk(tmp_path: Path, publisher: Publisher) -> Iterator[Desk]:
    clock = SetClock(T0)
    engine = open_database(tmp_path, Source.LIVE)
    datasets = {LEVELS.id: LEVELS, WARNINGS.id: WARNINGS}
    with ReadingStore.open(tmp_path / "readings", Source.LIVE, clock.now) as readings:
        intake = Intake(
            readings,
            RecordStore(engine, datasets),
            FeedStates(engine),
            Archive(tmp_path / "archive"),
            Archive(tmp_path / "aside"),
        )
        bus = Bus(tmp_path / "bus")
        runner: FeedRunner[None] = FeedRunner(intake, bus, clock, Fetcher(), lambda short: f"{publisher.base}/{short}")
        yield Desk(runner, intake, clock, bus)
        bus.close()
    engine.dispose()


def test_a_download_is_stored_archived_and_told(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels", {"quarry_bay": 1.4})
    assert desk.round(LEVEL_FEED) == 1
    assert desk.values() == {"quarry_bay": 1.4}
    kept = list(desk.intake.archive.list_versions(f"{publisher.base}/levels"))
    assert [desk.intake.archive.read(one.key) for one in kept] == [b'{"quarry_bay": 1.4}']
    assert [notice.datasets for notice in desk.bus.since(0)] == [("tide.levels",)]


def test_what_did_not_change_is_asked_conditionally_and_told_to_nobody(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels", {"quarry_bay": 1.4})
    desk.round(LEVEL_FEED)
    assert desk.round(LEVEL_FEED) == 0
    assert publisher.asked[-1][1] is not None
    assert len(list(desk.bus.since(0))) == 1
    assert desk.state(LEVEL_FEED).error is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>maintenance</html>", "HTML"),
        (b'{"quarry_bay": 1.', "not whole JSON"),
        (b'{"quarry_bay": "high"}', "Expected `float`"),
        (b'{"quarry_b\xff": 1.0}', "not utf-8"),
    ],
)
def test_a_broken_download_is_set_aside_and_the_last_good_data_stay(
    desk: Desk, publisher: Publisher, body: bytes, reason: str
) -> None:
    publisher.publish("levels", {"quarry_bay": 1.4})
    desk.round(LEVEL_FEED)
    publisher.publish("levels", body)
    desk.round(LEVEL_FEED)
    desk.round(LEVEL_FEED)
    (aside,) = desk.intake.states.list_set_aside()
    assert reason in aside.reason.en
    assert desk.intake.aside.read(aside.file) == body
    published_again = [desk.intake.archive.read(one.key) for one in desk.intake.archive.list_versions(aside.url)]
    assert published_again == [b'{"quarry_bay": 1.4}'], "what cannot be read is no version of the file"
    assert desk.values() == {"quarry_bay": 1.4}
    assert (desk.state(LEVEL_FEED).set_aside, desk.state(LEVEL_FEED).last_success) == (1, T0)


def test_a_feed_of_many_addresses_is_filled_from_what_the_city_knows(desk: Desk, publisher: Publisher) -> None:
    stops = [f"stop{number}" for number in range(120)]
    for number, stop in enumerate(stops):
        publisher.publish(f"levels-{stop}", {stop: number})
    many: Feed[None] = dataclasses.replace(
        LEVEL_FEED, requests=(Request(url="levels-{stop}", each=lambda _: ({"stop": stop} for stop in stops)),)
    )
    assert desk.round(many) == 120
    assert desk.values()["stop119"] == 119


def test_a_few_of_many_addresses_that_fail_are_told_and_the_feed_stays_good(desk: Desk, publisher: Publisher) -> None:
    stops = [f"stop{number}" for number in range(20)]
    many: Feed[None] = dataclasses.replace(
        LEVEL_FEED, requests=(Request(url="levels-{stop}", each=tuple({"stop": stop} for stop in stops)),)
    )
    for stop in stops[2:]:
        publisher.publish(f"levels-{stop}", {stop: 1.0})
    assert desk.round(many) == 18
    state = desk.state(many)
    assert (state.failures, state.last_success, state.last_change) == (0, T0, T0)
    assert state.error.en.startswith("2 of 20 addresses: ")
    publisher.publish("levels-stop2", b"", 404)
    desk.clock.set(T0 + timedelta(minutes=1))
    desk.round(many)
    state = desk.state(many)
    assert (state.failures, state.last_success) == (1, T0)
    assert "3 of 20 addresses" in state.error.en
    for stop in stops:
        publisher.publish(f"levels-{stop}", {stop: 2.0})
    desk.round(many)
    assert (desk.state(many).failures, desk.state(many).error) == (0, None)


def test_a_feed_with_nothing_to_ask_waits_until_it_has_once_answered_and_is_on_time_then(
    desk: Desk, publisher: Publisher
) -> None:
    stops: list[str] = []
    asked: Feed[None] = dataclasses.replace(
        LEVEL_FEED, requests=(Request(url="levels-{stop}", each=lambda _: ({"stop": stop} for stop in stops)),)
    )
    desk.round(asked)
    assert desk.state(asked).last_success is None
    publisher.publish("levels-quay", {"quay": 1.0})
    stops.append("quay")
    desk.round(asked)
    stops.clear()
    desk.clock.set(T0 + timedelta(hours=1))
    desk.round(asked)
    assert desk.state(asked).last_success == T0 + timedelta(hours=1)


def test_a_feed_that_waits_for_another_to_name_its_addresses_looks_again_soon(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lionrock.core.feeds.runner.LOOK_AGAIN", timedelta(milliseconds=1))
    publisher.publish("levels-quay", {"quay": 1.0})
    looks = iter([(), (), ({"stop": "quay"},)])  # each later look is one too many: the rhythm is a day
    asked: Feed[None] = dataclasses.replace(
        LEVEL_FEED, requests=(Request(url="levels-{stop}", each=lambda _: next(looks)),), every=timedelta(days=1)
    )

    async def run_until_it_answers() -> None:
        fetcher = Fetcher()
        runner = dataclasses.replace(desk.runner, fetcher=fetcher)
        running = asyncio.create_task(runner.run("tide.levels", asked, None))
        while not desk.values():
            assert not running.done()
            await asyncio.sleep(0.01)
        running.cancel()
        await fetcher.close()

    asyncio.run(asyncio.wait_for(run_until_it_answers(), 10))
    assert desk.values() == {"quay": 1.0}


def test_a_fault_of_the_parser_itself_is_kept_for_a_person_too(desk: Desk, publisher: Publisher) -> None:
    def stumble(_: Download) -> Iterator[Reading]:
        raise KeyError("tide")

    publisher.publish("levels", {"quarry_bay": 1.4})
    desk.round(dataclasses.replace(LEVEL_FEED, parse=stumble))
    (aside,) = desk.intake.states.list_set_aside()
    assert "KeyError: 'tide'" in aside.reason.en
    assert desk.intake.aside.read(aside.file) == b'{"quarry_bay": 1.4}'
    assert desk.round(LEVEL_FEED) == 1, "once the parser is mended the same bytes are read"
    assert desk.state(LEVEL_FEED).error is None


def test_two_feeds_of_one_address_both_read_it(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels", {"quarry_bay": 1.4})
    other = dataclasses.replace(LEVEL_FEED, name="others", parse=lambda _: iter([Reading("other", LEVEL.id, T0, 2.0)]))
    assert (desk.round(LEVEL_FEED), desk.round(other)) == (1, 1)
    assert desk.values() == {"quarry_bay": 1.4, "other": 2.0}


def test_parameters_cannot_change_the_address(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels-a%2Fb%3Fc", {"quarry_bay": 1.4})
    odd: Feed[None] = dataclasses.replace(
        LEVEL_FEED, requests=(Request(url="levels-{stop}", each=({"stop": "a/b?c"},)),)
    )
    assert desk.round(odd) == 1


def test_a_validator_that_cannot_be_sent_back_is_let_go(publisher: Publisher) -> None:
    async def ask() -> bytes | None:
        fetcher = Fetcher()
        answer = await fetcher.fetch(f"{publisher.base}/levels", PageSeen("caf\xe9", "x\ny", "digest"))
        await fetcher.close()
        return answer.body

    publisher.publish("levels", {"quarry_bay": 1.4})
    assert asyncio.run(ask()) == b'{"quarry_bay": 1.4}'


def test_the_way_out_may_be_a_proxy_whose_authority_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "BACK_OFF_S", 0.0)

    async def ask() -> bytes | None:
        fetcher = Fetcher()
        try:
            return (await fetcher.fetch("https://data.example.gov.hk/levels")).body
        finally:
            await fetcher.close()

    with serve_city(tmp_path, lambda url, _: (200, {}, url.encode())) as way_out:
        for name, value in way_out.items():
            monkeypatch.setenv(name, value)
        assert asyncio.run(ask()) == b"https://data.example.gov.hk/levels"
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(DownloadFailed, match="certificate"):
            asyncio.run(ask())


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "WHOLE_ANSWER_S", 0.2)
    monkeypatch.setattr(fetch, "BACK_OFF_S", 0.001)

    dripped: list[asyncio.StreamWriter] = []

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dripped.append(writer)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await asyncio.sleep(0.05)

    async def ask() -> str:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        fetcher = Fetcher()
        with pytest.raises(DownloadFailed) as given_up:
            await fetcher.fetch(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await fetcher.close()
        server.close()
        for writer in dripped:
            writer.close()
        await asyncio.sleep(0.1)  # for the handlers to see it
        return str(given_up.value)

    assert "no whole answer" in asyncio.run(ask())


@pytest.mark.parametrize("path", ["/~me/a.json", "/a b", "/路線/1", "/", "/a/../b", "/a;b:c'd", "/a?x=1&y=2", "//a"])
def test_the_archive_keeps_any_address_inside_its_folder(tmp_path: Path, path: str) -> None:
    archive = Archive(tmp_path / "archive")
    archive.keep(f"https://example.org{path}", T0, b"body")
    (kept,) = archive.list_versions(f"https://example.org{path}")
    assert (archive.read(kept.key), kept.received_at) == (b"body", T0)
    assert [file.name for file in tmp_path.iterdir()] == ["archive"]


def test_an_address_below_another_has_an_archive_of_its_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for path in ("eta", "eta/1"):
        archive.keep(f"https://example.org/{path}", T0, path.encode())
    assert [archive.read(one.key) for one in archive.list_versions("https://example.org/eta")] == [b"eta"]
    assert archive.forget("https://example.org/eta", T0 + timedelta(days=2)) == 1
    assert len(list(archive.list_versions("https://example.org/eta/1"))) == 1


def test_a_feed_that_mends_is_well_again(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels", b"<html>")
    desk.round(LEVEL_FEED)
    assert "HTML" in desk.state(LEVEL_FEED).error.en
    publisher.publish("levels", {"quarry_bay": 1.5})
    desk.round(LEVEL_FEED)
    assert desk.state(LEVEL_FEED).error is None


def test_an_empty_snapshot_clears_all_and_a_failed_download_clears_nothing(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("warnings-en", {"WTS": "Thunderstorm"})
    publisher.publish("warnings-tc", {"WTS": "雷暴"})
    desk.round(WARNING_FEED)
    (warning,) = desk.intake.records.list_open(WARNINGS.id)
    assert warning.record.headline == Text(en="Thunderstorm", tc="雷暴", sc="雷暴")
    publisher.publish("warnings-en", {})
    publisher.publish("warnings-tc", b"gone", 404)
    desk.round(WARNING_FEED)
    assert len(desk.intake.records.list_open(WARNINGS.id)) == 1
    publisher.publish("warnings-tc", {})
    desk.round(WARNING_FEED)
    assert desk.intake.records.list_open(WARNINGS.id) == []


def test_a_list_that_lost_more_than_half_is_believed_after_a_day(desk: Desk, publisher: Publisher) -> None:
    listed = dataclasses.replace(
        WARNING_FEED, requests=(Request(url="places", each=({"lang": "en"},)),), may_be_empty=False
    )
    whole = {f"P{number}": "Place" for number in range(20)}
    publisher.publish("places", whole)
    desk.round(listed)
    publisher.publish("places", {"P1": "Place", "P2": "Place", "NEW": "Place"})
    desk.round(listed)
    standing = {kept.id for kept in desk.intake.records.list_open(WARNINGS.id)}
    assert standing == {*whole, "NEW"}
    (told,) = desk.intake.states.list_set_aside()
    assert told.reason.en == "it lists 3 where there were 21"
    desk.clock.set(T0 + timedelta(hours=23))
    publisher.publish("places", whole)
    desk.round(listed)
    assert "NEW" not in {kept.id for kept in desk.intake.records.list_open(WARNINGS.id)}
    for hours in (24, 47, 48):
        publisher.publish("places", {"P1": "Place", f"P{hours}": "Place"})
        desk.clock.set(T0 + timedelta(hours=hours))
        desk.round(listed)
        standing = {kept.id for kept in desk.intake.records.list_open(WARNINGS.id)}
        assert (standing == {"P1", f"P{hours}"}) == (hours == 48)


def test_a_server_that_fails_is_named_in_the_feeds_error(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels", b"no", 403)
    desk.round(LEVEL_FEED)
    assert "403" in desk.state(LEVEL_FEED).error.en
    assert desk.state(LEVEL_FEED).failures == 1


def test_a_host_that_keeps_failing_is_left_alone_for_a_while(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "BACK_OFF_S", 0.001)
    publisher.publish("nowhere", b"", 503)

    async def ask_often() -> str:
        fetcher = Fetcher()
        for _ in range(CIRCUIT_OPENS_AFTER):
            with pytest.raises(DownloadFailed, match="503"):
                await fetcher.fetch(f"{publisher.base}/nowhere")
        with pytest.raises(DownloadFailed) as refused:
            await fetcher.fetch(f"{publisher.base}/nowhere")
        await fetcher.close()
        return str(refused.value)

    refusal = asyncio.run(ask_often())
    assert "not asked" in refusal
    assert "503" in refusal
    assert len(publisher.asked) == CIRCUIT_OPENS_AFTER * TRIES


def test_a_host_that_was_gone_for_weeks_is_still_asked_every_other_minute() -> None:
    failures = [CIRCUIT_OPENS_AFTER - 1, CIRCUIT_OPENS_AFTER, CIRCUIT_OPENS_AFTER + 1, 100, 5000]
    assert [circuit_open_s(count) for count in failures] == [0, 30, 60, 120, 120]


def test_what_failed_together_counts_once_and_one_request_tries_a_host_again(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "BACK_OFF_S", 0.001)
    monkeypatch.setattr(fetch, "CIRCUIT_STAYS_OPEN_S", 0.2)
    publisher.publish("nowhere", b"", 503)

    async def ask_together(fetcher: Fetcher) -> list[str]:
        asked = (fetcher.fetch(f"{publisher.base}/nowhere") for _ in range(AT_ONCE_PER_HOST))
        told = await asyncio.gather(*asked, return_exceptions=True)
        return ["not asked" if "not asked" in str(one) else type(one).__name__ for one in told]

    async def outage() -> None:
        fetcher = Fetcher()
        for _ in range(CIRCUIT_OPENS_AFTER):
            assert "not asked" not in await ask_together(fetcher)
        assert await ask_together(fetcher) == ["not asked"] * AT_ONCE_PER_HOST
        publisher.publish("nowhere", b"back")
        await asyncio.sleep(0.3)
        assert sorted(await ask_together(fetcher)) == ["Answer", *["not asked"] * (AT_ONCE_PER_HOST - 1)]
        assert await ask_together(fetcher) == ["Answer"] * AT_ONCE_PER_HOST
        await fetcher.close()

    asyncio.run(outage())


def test_an_address_that_is_gone_does_not_stop_its_neighbours(publisher: Publisher) -> None:
    async def ask_often() -> None:
        fetcher = Fetcher()
        for _ in range(CIRCUIT_OPENS_AFTER + 1):
            with pytest.raises(DownloadFailed, match="404"):
                await fetcher.fetch(f"{publisher.base}/nowhere")
        await fetcher.close()

    asyncio.run(ask_often())


def test_a_failed_round_is_tried_again_soon_and_backs_off_to_the_rhythm() -> None:
    day = timedelta(days=1)
    waits = [next_try(T0, day, failures) for failures in (0, 1, 2, 3, 30)]
    assert waits == [timedelta(hours=16), *(timedelta(seconds=s) for s in (5, 10, 20)), timedelta(minutes=15)]


def test_a_gap_between_two_good_rounds_is_told_even_across_a_restart(desk: Desk, publisher: Publisher) -> None:
    publisher.publish("levels", {"quarry_bay": 1.4})
    desk.round(LEVEL_FEED)
    desk.clock.set(T0 + timedelta(minutes=10))
    gaps: list[Gap[None]] = []

    async def start_again() -> None:
        fetcher, told = Fetcher(), asyncio.Event()

        def tell(gap: Gap[None]) -> None:
            gaps.append(gap)
            told.set()

        runner: FeedRunner[None] = FeedRunner(
            desk.intake, desk.bus, desk.clock, fetcher, desk.runner.address, missed=tell
        )
        running = asyncio.create_task(runner.run("tide.levels", LEVEL_FEED, None))
        await told.wait()
        running.cancel()
        await fetcher.close()

    asyncio.run(asyncio.wait_for(start_again(), 10))
    assert [(gap.start, gap.end) for gap in gaps] == [(T0, T0 + timedelta(minutes=10))]


def test_rounds_stand_on_whole_multiples_of_the_rhythm() -> None:
    now = datetime(2026, 11, 21, 8, 0, 59, tzinfo=UTC)
    assert next_round(now, minutes(1)) == timedelta(seconds=1)
    assert next_round(now + timedelta(seconds=1), minutes(1)) == minutes(1)
