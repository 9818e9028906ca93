"""One road: its last 24 hours, its forecast, and its usual day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import numpy as np
from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import Text, moment_of
from lionrock.engines.forecast.history import History
from lionrock.engines.forecast.usual_day import fold, usual_day
from lionrock.services.mobility.traffic.ahead import RoadAhead, forecast_of
from lionrock.services.mobility.traffic.answers.speeds import HISTORY, ages_s, tenths, usual_days
from lionrock.services.mobility.traffic.measured import (
    STEP,
    Series,
    measured_speeds,
    newest_at_us,
    step_before,
    why_unknown,
)
from lionrock.services.mobility.traffic.roads import RoadKind, free_flow, get_road

PAST = timedelta(hours=24)
AHEAD = timedelta(minutes=90)


@dataclass(frozen=True, slots=True)
class RoadQuery:
    """One segment or detector, now or as it was ``at`` a past moment."""

    id: Annotated[str, Meta(min_length=1, max_length=80)]
    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class RoadStory:
    """One road's past, forecast and usual day, in km/h.

    ``past`` is (moment, speed, quality flags) each five minutes, ``forecast`` (moment, low, middle, high),
    ``usual`` (moment, speed) over the same past and the time of the forecast. The story of a past
    moment ends there: without a forecast, and without an age.
    """

    id: str
    name: Text
    direction: str
    kind: RoadKind
    straight: bool
    source: str
    simulated: bool
    free_flow_kmh: float | None
    free_flow_assumed: bool
    age_s: float | None
    past: list[tuple[datetime, float | None, int]]
    forecast: list[tuple[datetime, float, float, float]]
    usual: list[tuple[datetime, float | None]]
    model: str | None
    version: str | None
    learning: bool


def tell_road(city: City, query: RoadQuery, _caller: Caller) -> RoadStory:
    """Answer what one road did and will do; raises NotFound, and BadInput for a moment that has not been."""
    road = get_road(city, query.id)
    now = city.now() if query.at is None else past_moment(city, query.at)
    today = step_before(now) + STEP
    learned_from = today - HISTORY
    series = measured_speeds(city, learned_from, today, STEP, road.id)
    ahead = forecast_of(city, road.id) if query.at is None else RoadAhead([], None, None)
    days = usual_days(city)
    free = free_flow(city, [road], road.id).get(road.id)
    return RoadStory(
        id=road.id,
        name=road.name,
        direction=road.direction,
        kind=road.kind,
        straight=road.straight,
        source=city.source.value,
        simulated=city.simulated,
        free_flow_kmh=None if free is None else free.kmh,
        free_flow_assumed=free is not None and free.assumed,
        age_s=ages_s((road.id,), newest_at_us(city), now)[0] if query.at is None else None,
        past=_past(city, road.id, series),
        forecast=ahead.points,
        usual=_usual(series) if days else [],
        model=ahead.model,
        version=ahead.version,
        learning=days == 0 and query.at is None,
    )


def _past(city: City, road_id: str, series: Series) -> list[tuple[datetime, float | None, int]]:
    rows = PAST // STEP
    speeds = tenths(series.speed_kmh[-rows:, 0])
    moments = [moment_of(us) for us in series.starts_us[-rows:].tolist()]
    flags = why_unknown(city, road_id, moments[0], rows).tolist()
    return [
        (moment, speed, flag if speed is None else 0)
        for moment, speed, flag in zip(moments, speeds, flags, strict=True)
    ]


def _usual(series: Series) -> list[tuple[datetime, float | None]]:
    """The usual day of the two weeks before, over the last 24 hours and the next 90 minutes."""
    start = moment_of(int(series.starts_us[0]))
    zone = start.astimezone(ZONE).utcoffset() or timedelta(0)
    history = History(values=series.speed_kmh.astype(np.float32), start=start, step=STEP, zone=zone)
    rows = np.arange(history.rows - PAST // STEP, history.rows + AHEAD // STEP)
    speeds = tenths(usual_day(fold(history)).at(history, rows)[:, 0].astype(np.float64))
    return [(start + STEP * int(row), speed) for row, speed in zip(rows, speeds, strict=True)]
