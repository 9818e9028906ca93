"""The store of readings and forecasts.

Other processes read its sealed days by :mod:`lionrock.core.readings.sealed`, which is not imported here: the
library by which it reads brings pandas along, a third of a second and 40 MiB that the writing process has no use for.
"""

from lionrock.core.readings.answers import Aggregates, Appended, Conflict, Latest, StoreStats
from lionrock.core.readings.columns import READING_SCHEMA, ReadingColumns
from lionrock.core.readings.forecast_columns import FORECAST_SCHEMA, ForecastColumns
from lionrock.core.readings.layout import NEVER_US
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
]
