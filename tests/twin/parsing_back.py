"""Reading the twin's bytes, and the real recordings, with the services' own parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lionrock.core.manifest import Download
from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import Reading
from lionrock.twin.catalogue import find_named
from lionrock.twin.city import TwinCity

Parse = Callable[[Download], Iterable[Any]]
RECEIVED = datetime(2026, 10, 1, tzinfo=UTC)  # after every recording


def parsed(city: TwinCity, name: str, parse: Parse, moment: datetime, **params: str) -> tuple[datetime, list[Any]]:
    """When the twin published what it serves at ``moment``, and what ``parse`` reads in it."""
    feed = find_named(name)
    assert feed is not None
    published = feed.published_at(city.seed, moment)
    body = feed.render(city, published)
    return published, _once(parse(Download(body=body, url=f"https://{feed.url}", received_at=moment, params=params)))


def _once(records: Iterable[Any]) -> list[Any]:
    """What was said twice once, as the platform stores readings: the first, marked."""
    found = list(records)
    if not found or not isinstance(found[0], Reading):
        return found
    kept: dict[Any, Reading] = {}
    for reading in ReadingColumns.from_readings(found).without_repeats().readings():
        kept.setdefault(reading[:3], reading)
    return list(kept.values())


def recorded_bytes(recordings: Path, name: str) -> bytes:
    """A real recording; the test is skipped where nobody has kept one."""
    path = recordings / name
    if not path.exists():
        pytest.skip(f"no real recording {name} in {recordings}")
    return path.read_bytes()


def parsed_recording(recordings: Path, name: str, parse: Parse) -> tuple[bytes, list[Any]]:
    """A real recording's bytes, and what ``parse`` reads in them."""
    body = recorded_bytes(recordings, name)
    return body, _once(parse(Download(body=body, url="https://example.org/recording", received_at=RECEIVED)))
