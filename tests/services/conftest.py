"""Feeds, samples and a house with real stores, for the tests of single services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from lionrock.app.discovery import Catalogue, Found, discover
from lionrock.app.house import House
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.city.city import City
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download, Feed
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source

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


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SAMPLES_RECEIVED)


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), clock, CATALOGUE) as house:
        yield house


@pytest.fixture
def take(house: House) -> Take:
    """Take the sample of a feed, or other bytes, into the house's stores, as the runner would."""

    def taken(feed_id: str, body: bytes | None = None, received_at: datetime | None = None) -> int:
        _, feed = FEEDS[feed_id]
        given = download(sample_of(feed_id) if body is None else body, received_at or house.clock.now())
        round_ = house.intake.take(feed_id, feed, given)
        closed = house.intake.close_absent(feed, [round_], given) if feed.snapshot else 0
        return round_.total + closed

    return taken


def recording(name: str) -> Path:
    """A real recording, or a skip that says that it is not here."""
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"the real recording {name} is not beside this checkout (../shared/data/hk)")
    return path
