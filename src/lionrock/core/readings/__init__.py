"""The store of readings and forecasts."""

from lionrock.core.readings.answers import Aggregates, Appended, Conflict, Latest, StoreStats
from lionrock.core.readings.columns import READING_SCHEMA, ReadingColumns
from lionrock.core.readings.forecast_columns import FORECAST_SCHEMA, ForecastColumns
from lionrock.core.readings.layout import NEVER_US
from lionrock.core.readings.sealed import read_sealed
from lionrock.core.readings.store import ReadingStore

__all__ = [
    "FORECAST_SCHEMA",
    "NEVER_US",
    "READING_SCHEMA",
    "Aggregates",
    "Appended",
    "Conflict",
    "ForecastColumns",
    "Latest",
    "ReadingColumns",
    "ReadingStore",
    "StoreStats",
    "read_sealed",
]
