"""What the tests of the readings store share: a noon, a data set, readings around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from lionrock.core.readings import ReadingStore
from lionrock.core.vocabulary import Quality, Reading

NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DATASET = "traffic.speeds"
OpenStore = Callable[[], ReadingStore]


def reading(
    sensor: str = "A", *, minute: float = 0, value: float | None = 50.0, of: str = "speed", day: int = 0
) -> Reading:
    """A good reading ``minute`` minutes after noon, ``day`` days on; missing where ``value`` is None."""
    quality = Quality.MISSING if value is None else Quality.GOOD
    return Reading(sensor, of, NOON + timedelta(days=day, minutes=minute), value, quality)


def values(store: ReadingStore, sensor: str = "A", days: int = 1) -> list[float | None]:
    """Every stored speed of one sensor within ``days`` of noon, in order of time."""
    window = store.window(DATASET, sensor, "speed", NOON - days * DAY, NOON + days * DAY)
    return [found.value for found in window.readings()]


def now_and_restarted(store: ReadingStore, open_store: OpenStore) -> Iterator[ReadingStore]:
    """The open store, and then the same one after a restart: both must answer alike."""
    yield store
    yield open_store()
