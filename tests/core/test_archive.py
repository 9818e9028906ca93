"""The archive of raw downloads: what lies in it by accident hinders nothing, and no file in it is believed blindly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from lionrock.core.feeds.archive import Archive, unpacked_zst
from lionrock.core.feeds.fetch import LONGEST_BODY_BYTES
from lionrock.core.vocabulary import MalformedDownload

T0 = datetime(2026, 11, 21, 8, tzinfo=UTC)
URL = "https://example.org/tides/all.json"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def test_what_else_lies_in_the_archive_is_neither_listed_nor_in_the_way_of_dropping(
    archive: Archive, tmp_path: Path
) -> None:
    kept = archive.keep(URL, T0, b"1")
    day = (tmp_path / kept).parent
    for stray in (day.parent / ".DS_Store", day.parent / "20261120", day / ".DS_Store", day / "notes.txt"):
        stray.write_bytes(b"stray")
    (day.parent / "2026").mkdir()
    (day.parent / "20261399").mkdir()
    assert [one.key for one in archive.list_versions(URL)] == [kept]
    assert archive.list_days(URL, UTC) == [T0.date()]
    assert archive.forget_others([URL], T0 + timedelta(days=9)) == 0
    assert archive.forget(URL, T0 + timedelta(days=9)) == 1
    archive.keep(URL, T0, b"1")
    assert archive.forget_others([], T0 + timedelta(days=9)) == 1
    assert list(archive.list_versions(URL)) == []


def test_of_an_address_too_long_for_a_folder_nothing_is_kept(archive: Archive) -> None:
    archive.keep(URL, T0, b"1")
    url = f"https://example.org/{'a' * 300}/all.json"
    assert (list(archive.list_versions(url)), archive.list_days(url, UTC), archive.forget(url, T0)) == ([], [], 0)


def test_a_file_that_was_cut_is_told_as_broken(archive: Archive, tmp_path: Path) -> None:
    key = archive.keep(URL, T0, bytes(range(256)) * 99)
    whole = (tmp_path / key).read_bytes()
    for cut in (whole[:-9], whole[:3], b"", b"no frame"):
        (tmp_path / key).write_bytes(cut)
        with pytest.raises(MalformedDownload, match="cannot be unpacked"):
            archive.read(key)


@pytest.mark.parametrize("says_how_long", [True, False])
def test_no_file_unpacks_to_more_than_a_download_may_have(says_how_long: bool) -> None:
    pack = zstandard.ZstdCompressor(write_content_size=says_how_long).compress
    with pytest.raises(MalformedDownload):
        unpacked_zst(pack(bytes(LONGEST_BODY_BYTES + 1)), "bomb.zst")
    assert len(unpacked_zst(pack(bytes(999_999)), "small.zst")) == 999_999


def test_a_day_that_is_dropped_while_it_is_listed_is_passed_over(archive: Archive) -> None:
    keys = [archive.keep(URL, T0 + timedelta(days=day), b"1") for day in range(3)]
    listed = archive.list_versions(URL)
    assert next(listed).key == keys[0]
    assert archive.forget(URL, T0 + timedelta(days=1, hours=20)) == 2
    assert [one.key for one in listed] == [keys[2]]
