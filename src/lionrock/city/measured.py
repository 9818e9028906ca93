"""On which days something was measured: nobody learns what a day is like from a part of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.vocabulary import Dataset, moment_of

SAMPLED, HALF_A_DAY = 20, 12  # sensors that are asked, and hours that make a day
HOUR = timedelta(hours=1)


def midnight(day: date) -> datetime:
    """The aware moment at which ``day`` begins in the city."""
    return datetime.combine(day, time(), ZONE)


def list_measured_days(city: City, dataset: Dataset, property_id: str, looks_back: int) -> list[date]:
    """Of the last ``looks_back`` days before today those in half of whose hours a few sensors were measured."""
    sensors = city.latest(dataset, property_id).sensors
    sample = sensors[:: max(1, len(sensors) // SAMPLED)]
    if not sample:
        return []
    today = city.now().astimezone(ZONE).date()
    since, until = midnight(today - timedelta(days=looks_back)), midnight(today)
    hours = city.aggregate(dataset, property_id, since, until, HOUR, sample)
    heard = hours.starts_us[(hours.count > 0).any(axis=1)]
    by_day = Counter(moment_of(int(start)).astimezone(ZONE).date() for start in heard)
    return sorted(day for day, count in by_day.items() if count >= HALF_A_DAY)
