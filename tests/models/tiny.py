"""A tiny service with a real forecast: levels every quarter of an hour, told from the mean of the same hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from tiny_model import HORIZONS, STEP, STEP_US, fit, hindcast, pack, predict

from lionrock.app.discovery import Catalogue, Found
from lionrock.app.house import House
from lionrock.city.city import City
from lionrock.core.hindsight import Measured
from lionrock.core.manifest import AiRecord, Download, Feed, Model, Risk, Service, days, hours, minutes
from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import (
    Dataset,
    Kind,
    NotYet,
    Property,
    Reading,
    Text,
    microseconds,
    moment_of,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SENSORS = tuple(f"gauge{number}" for number in range(1, 7))
WORDS = Text(en="Levels", tc="水位")
LEVEL = Property(id="level", title=WORDS, unit="m", low=-100, high=1000)
LEVELS = Dataset(id="tiny.levels", title=WORDS, kind=Kind.READINGS, rhythm=STEP, licence="open", properties=(LEVEL,))
AHEAD = Dataset(id="tiny.ahead", title=WORDS, kind=Kind.FORECASTS, rhythm=STEP, licence="open", properties=(LEVEL,))


def remember(house: House, since: datetime, until: datetime, *, lift: float = 0.0, seed: int = 1) -> None:
    """Levels in [since, until) that swing with the hour, with noise and holes."""
    dice = np.random.default_rng(seed)
    at_us = np.arange(microseconds(since), microseconds(until), STEP_US)
    for number, sensor in enumerate(SENSORS):
        level = 50 + 5 * number + 20 * np.sin(at_us / 3.6e9 * np.pi / 12) + dice.normal(0, 2, len(at_us)) + lift
        level[dice.random(len(at_us)) < 0.05] = np.nan
        house.readings.append(LEVELS.id, ReadingColumns.of_property("level", [sensor] * len(at_us), at_us, level))


def gather(city: City, now: datetime, span: timedelta) -> Measured:
    end = moment_of(microseconds(now) // STEP_US * STEP_US)
    seen = measured(city, end - span // STEP * STEP, end)
    if np.isnan(seen.values).all():
        raise NotYet("no level was measured")
    return seen


def measured(city: City, start: datetime, end: datetime) -> Measured:
    known = city.aggregate(LEVELS, "level", start, end, STEP)
    return Measured(known.sensors, known.starts_us, known.mean)


def parse(download: Download) -> list[Reading]:
    return [Reading("gauge1", "level", download.received_at, float(download.body))]


MODEL: Model[City] = Model(
    name="ahead",
    title=WORDS,
    writes=AHEAD,
    every=STEP,
    retrain_every=hours(12),
    horizons=HORIZONS,
    gather=gather,
    learns_from=days(14),
    looks_back=hours(1),
    pack=pack,
    fit=fit,
    predict=predict,
    hindcast=hindcast,
    measured=measured,
    baseline="the last value",
    trials=(),
    ai=AiRecord(purpose=WORDS, risk=Risk.LOW, decides=WORDS, limits=WORDS, appeal=WORDS),
)
SERVICE: Service[City] = Service(
    id="tiny",
    title=WORDS,
    owner=Text(en="Drainage Services Department", tc="渠務署"),
    area="environment",
    summary=WORDS,
    feeds=(
        Feed(
            name="levels",
            title=WORDS,
            writes=(LEVELS,),
            requests=("td/levels",),
            every=minutes(15),
            parse=parse,
            sample="levels",
        ),
    ),
    models=(MODEL,),
)


def catalogue(folder: object) -> Catalogue:
    return Catalogue((Found(SERVICE, folder),))  # type: ignore[arg-type]
