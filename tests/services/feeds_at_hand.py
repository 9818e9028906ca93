"""Every feed of every service with its sample, and the real recordings where they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from lionrock.app.discovery import Found, discover
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.city.city import City
from lionrock.core.feeds.intake import read_download
from lionrock.core.manifest import Download, Feed
from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import Reading

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "hk"
CATALOGUE = discover()
FEEDS: dict[str, tuple[Found, Feed[City]]] = {
    f"{found.service.id}.{feed.name}": (found, feed) for found in CATALOGUE.found for feed in found.service.feeds
}

Take = Callable[..., int]


def sample_of(feed_id: str) -> bytes:
    """The bytes of a feed's sample."""
    found, feed = FEEDS[feed_id]
    return (found.folder / "samples" / feed.sample).read_bytes()


def download(body: bytes, received_at: datetime = SAMPLES_RECEIVED) -> Download:
    """A download of ``body``."""
    return Download(body=body, url="https://example.org/feed", received_at=received_at)


def readings_in(feed_id: str, body: bytes, received_at: datetime = SAMPLES_RECEIVED) -> list[Reading]:
    """The readings that the store would keep of a download, of each moment the first; raises MalformedDownload."""
    (columns,) = read_download(FEEDS[feed_id][1], download(body, received_at)).values()
    assert isinstance(columns, ReadingColumns)
    kept: dict[tuple[str, str, datetime], Reading] = {}
    for reading in columns.readings():
        kept.setdefault(reading[:3], reading)
    return list(kept.values())


def recording(name: str) -> Path:
    """A real recording, or a skip that says that it is not here."""
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"the real recording {name} is not beside this checkout (../shared/data/hk)")
    return path
