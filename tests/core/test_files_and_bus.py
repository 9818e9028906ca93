from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lionrock.core.bus import Bus
from lionrock.core.files import Files
from lionrock.core.vocabulary import BadInput, NotFound

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_file_is_given_back_as_it_was_put(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put("models/traffic/3f2a", b"one")
    files.put("models/traffic/3f2a", b"two")
    assert files.get("models/traffic/3f2a") == b"two"
    assert list(files.list_keys("models")) == ["models/traffic/3f2a"]


def test_a_power_cut_loses_neither_a_files_bytes_nor_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, really_sync = [], os.fsync

    def sync_and_note(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        really_sync(handle)

    monkeypatch.setattr(os, "fsync", sync_and_note)
    Files(tmp_path).put("models/traffic/one", b"fitted")
    above, folder = tmp_path / "models", tmp_path / "models" / "traffic"
    assert [path if path.is_dir() else path.parent for path in synced] == [tmp_path, above, folder, folder]
    assert "one" in synced[2].name


def test_a_file_that_many_threads_put_at_once_is_one_of_theirs_and_whole(tmp_path: Path) -> None:
    files, bodies = Files(tmp_path), [bytes([number]) * 300_000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            list(threads.map(lambda body: files.put("models/one", body), bodies))
            assert files.get("models/one") in bodies
    assert list(files.list_keys()) == ["models/one"]


def test_a_file_that_was_never_put_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Files(tmp_path).get("a")


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a/../../b", "", "a//b", "a\nb", "a/"])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadInput):
        Files(tmp_path / "inside").put(key, b"x")


def test_notices_are_kept_and_numbered_through_restarts(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    bus.publish(("traffic.lanes",), NOW)
    bus.close()
    again = Bus(tmp_path)
    assert again.publish(("weather.rain",), NOW).number == 2
    assert [notice.datasets for notice in again.since(1)] == [("weather.rain",)]
    again.close()


def test_a_line_cut_short_by_a_crash_loses_only_itself(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    bus.publish(("a.b",), NOW)
    bus.close()
    with (tmp_path / "notices.jsonl").open("ab") as log:
        log.write(b'{"number":2,"at":"2026')
    again = Bus(tmp_path)
    again.publish(("c.d",), NOW)
    assert [notice.datasets for notice in again.since(0)] == [("a.b",), ("c.d",)]
    again.close()


def test_a_line_whose_letters_are_spoilt_loses_only_itself(tmp_path: Path) -> None:
    (tmp_path / "notices.jsonl").write_bytes(b'{"number":1,"at":"2026-11-21T00:00:00Z","datasets":["a.\xff"]}\n')
    bus = Bus(tmp_path)
    bus.publish(("c.d",), NOW)
    assert [notice.datasets for notice in bus.since(0)] == [("c.d",)]
    bus.close()


def test_a_listener_is_told_first_what_it_missed_and_nothing_that_it_knows(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    known, *_ = [bus.publish((name,), NOW) for name in ("a.b", "c.d", "e.f", "c.d")]

    async def first(after: int | None) -> tuple[int, tuple[str, ...]]:
        heard = bus.listen(after)
        waiting = asyncio.ensure_future(anext(heard))
        await asyncio.sleep(0)
        bus.publish(("new.one",), NOW)
        notice = await asyncio.wait_for(waiting, 5)
        await heard.aclose()
        return notice.number, notice.datasets

    assert asyncio.run(first(known.number)) == (4, ("c.d", "e.f"))
    assert asyncio.run(first(bus.newest)) == (6, ("new.one",))
    assert asyncio.run(first(None)) == (7, ("new.one",))
    bus.close()


def test_a_listener_hears_what_another_thread_publishes_and_ends_when_the_bus_closes(tmp_path: Path) -> None:
    bus = Bus(tmp_path)

    async def listen() -> list[tuple[str, ...]]:
        async def publish() -> None:
            await asyncio.sleep(0.05)
            await asyncio.to_thread(bus.publish, ("a.b",), NOW)
            await asyncio.to_thread(bus.publish, ("c.d",), NOW)
            await asyncio.to_thread(bus.close)

        publishing = asyncio.create_task(publish())
        heard = [notice.datasets async for notice in bus.listen()]
        await publishing
        return heard

    assert asyncio.run(asyncio.wait_for(listen(), 5)) == [("a.b",), ("c.d",)]


def test_the_stamp_of_data_sets_moves_only_with_them(tmp_path: Path) -> None:
    bus = Bus(tmp_path)
    before = bus.changes(["a.b"])
    bus.publish(("c.d",), NOW)
    assert bus.changes(["a.b"]) == before
    bus.publish(("a.b",), NOW)
    assert bus.changes(["a.b"]) == before + 1
    bus.close()
