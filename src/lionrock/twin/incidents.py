"""Incidents: what closes lanes on a day, where and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from lionrock.core.vocabulary import Text
from lionrock.twin.calendar import is_rest_day, midnight
from lionrock.twin.chance import stream_for
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.network import list_links, point_along
from lionrock.twin.rain import list_cells

# What happens and how often, as in the city's news of September to December 2020.
CAUSES: tuple[tuple[Text, float, tuple[float, float]], ...] = (
    (Text(en="Traffic Accident", tc="交通意外"), 0.66, (15, 75)),
    (Text(en="Vehicle Breakdown", tc="車輛故障"), 0.22, (12, 45)),
    (Text(en="Watermain emergency works", tc="水管緊急維修"), 0.05, (60, 240)),
    (Text(en="Emergency Repairing Works", tc="緊急維修"), 0.04, (45, 180)),
    (Text(en="Vehicle On Fire", tc="車輛著火"), 0.03, (30, 90)),
)
INCIDENTS_A_DAY = 11.0
BUSY_HOURS = np.array(
    [1, 1, 0.6, 0.5, 0.6, 1.2, 3, 6, 7, 6, 5, 5, 5, 5, 5.5, 6, 6.5, 8, 8, 6, 4.5, 3.5, 3, 2], np.float64
)
LATEST_START_H = 23.5  # so that every incident ends within its day
SEVERITY = (0.03, 0.22, 0.75)  # all lanes closed, all but one, one
LONG, UPDATED_SHARE = timedelta(minutes=40), 0.4  # some long incidents get news in between
GENERAL_LIMIT_KMH = 50
HALF_WAY = 0.5


@dataclass(frozen=True, slots=True)
class Incident:
    """Lanes closed on a link from ``start`` until ``end``.

    ``lanes_closed`` counts from the ``side`` (Fast Lane or Slow Lane); ``announced`` and
    ``end_announced`` are when the news says so, a few minutes late; ``share`` is where along the link.
    """

    number: str
    cause: Text
    link: int
    share: float
    lon: float
    lat: float
    landmark: Text
    start: datetime
    end: datetime
    lanes_closed: int
    side: str
    announced: datetime
    updated: datetime | None
    end_announced: datetime


@lru_cache(maxsize=64)
def list_incidents(seed: int, day: date) -> tuple[Incident, ...]:
    """The incidents that begin on ``day``, by the time of their announcement; all end before midnight."""
    rng = stream_for(seed, day, "incidents")
    links = list_links()
    wet = 1.4 if list_cells(seed, day) else 1.0
    count = int(rng.poisson(INCIDENTS_A_DAY * wet * (0.75 if is_rest_day(day) else 1.0)))
    weights = np.array(
        [link.length_m * link.lanes * (1 if link.limit_kmh > GENERAL_LIMIT_KMH else 0.4) for link in links]
    )
    starts_h = rng.choice(24, count, p=BUSY_HOURS / BUSY_HOURS.sum()) + rng.random(count)
    starts_h = np.sort(np.minimum(starts_h, LATEST_START_H))
    places = rng.choice(len(links), count, p=weights / weights.sum())
    incidents: list[Incident] = []
    for order, (start_h, place) in enumerate(zip(starts_h, places, strict=True)):
        incidents.append(_incident(rng, day, order, float(start_h), int(place)))
    return tuple(sorted(incidents, key=lambda incident: incident.announced))


def _incident(rng: np.random.Generator, day: date, order: int, start_h: float, place: int) -> Incident:
    link = list_links()[place]
    cause, _, minutes = CAUSES[int(rng.choice(len(CAUSES), p=[share for _, share, _ in CAUSES]))]
    start = midnight(day) + timedelta(seconds=int(start_h * 3600) // 30 * 30)
    latest = midnight(day) + timedelta(hours=23, minutes=45)
    end = max(start + timedelta(minutes=5), min(start + timedelta(minutes=int(rng.uniform(*minutes))), latest))
    closed = int(rng.choice((link.lanes, max(1, link.lanes - 1), 1), p=SEVERITY))
    share = float(rng.uniform(0.3, 0.95))
    (lon, lat), _ = point_along(link, share)
    announced = _whole_minute(start + timedelta(minutes=float(rng.uniform(3, 9))))
    length = end - start
    updated = _whole_minute(start + length * 0.6) if length > LONG and rng.random() < UPDATED_SHARE else None
    # One incident's place among the day's keeps its messages off the others' minutes more often than not.
    return Incident(
        number=f"IN-{day:%y}-{day.timetuple().tm_yday * 25 % 100_000 + order:05d}",
        cause=cause,
        link=place,
        share=share,
        lon=round(lon, 6),
        lat=round(lat, 6),
        landmark=JUNCTIONS[link.start if share < HALF_WAY else link.end].place,
        start=start,
        end=end,
        lanes_closed=closed,
        side=("Fast Lane", "Slow Lane")[int(rng.integers(2))],
        announced=announced,
        updated=updated,
        end_announced=_whole_minute(end + timedelta(minutes=float(rng.uniform(1, 7)))),
    )


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
