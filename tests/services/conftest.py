"""A house with real stores, and a way to take samples into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from feeds_at_hand import CATALOGUE, FEEDS, Take, download, sample_of

from lionrock.app.house import House
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SAMPLES_RECEIVED)


@pytest.fixture
def source() -> Source:
    return Source.LIVE


@pytest.fixture
def house(tmp_path: Path, clock: SetClock, source: Source) -> Iterator[House]:
    with House.open(Settings(data=tmp_path, source=source), clock, CATALOGUE) as house:
        yield house


@pytest.fixture
def take(house: House) -> Take:
    """Take the sample of a feed, or other bytes, into the house's stores, as the runner would."""

    def taken(feed_id: str, body: bytes | None = None, received_at: datetime | None = None) -> int:
        _, feed = FEEDS[feed_id]
        given = download(sample_of(feed_id) if body is None else body, received_at or house.clock.now())
        round_ = house.intake.take(feed_id, feed, given)
        closed = house.intake.close_absent(feed_id, feed, [round_], given) if feed.snapshot else 0
        return round_.total + closed

    return taken
