"""The store of readings and forecasts."""

from lionrock.core.readings.answers import Aggregates, Appended, Conflict, Latest, StoreStats
from lionrock.core.readings.columns import READING_SCHEMA, ReadingColumns
from lionrock.core.readings.layout import NEVER_US
from lionrock.core.readings.store import ReadingStore

__all__ = [
    "NEVER_US",
    "READING_SCHEMA",
    "Aggregates",
    "Appended",
    "Conflict",
    "Latest",
    "ReadingColumns",
    "ReadingStore",
    "StoreStats",
]
