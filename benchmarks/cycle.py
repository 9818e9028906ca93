"""One whole cycle of the main job: take in a detectors file, forecast 2,031 lanes, store that, publish.

The store holds five days of five-minute speeds of every lane first. Trees and networks are fitted on ten of the
lanes, which every other one repeats, so the timed cycle asks the learned model for every lane and horizon as a
running house would, after a minute of fitting and not a quarter of an hour.
Figures in seconds, median of the cycles; each cycle reads the file of a later minute.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.forecast import history, learned, widened
from benchmarks.parse import RECEIVED_AT, made_file
from lionrock.app.house import House
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.readings import ForecastColumns, ReadingColumns
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source, microseconds
from lionrock.engines.forecast.features import LOOKS_BACK
from lionrock.engines.forecast.forecaster import FittedForecaster, Prediction
from lionrock.engines.forecast.history import History
from lionrock.services.mobility.traffic.datasets import LANES, SPEED, SPEEDS_AHEAD
from lionrock.services.mobility.traffic.feeds.detectors import parse_lanes

STEP = timedelta(minutes=5)
HORIZONS = tuple(timedelta(minutes=ahead) for ahead in (0, 15, 30, 45, 60, 75, 90))
STEPS_AHEAD = tuple(horizon // STEP + 1 for horizon in HORIZONS)
CYCLES = 7
MISSING = 0.1
ZONE = timedelta(hours=8)
URL = "https://resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"
STAGES = ("store", "gather", "forecast", "publish")


def run() -> dict[str, float]:
    """Median ``seconds`` of a whole cycle, and of its stages."""
    lanes = sorted({reading.sensor for reading in parse_lanes(_download(0)) if reading.property == SPEED.id})
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), source=Source.RECORDING)
        clock = SetClock(RECEIVED_AT)
        with House.open(settings, clock) as house:
            few = history()
            _fill(house, lanes, few)
            print(f"fitting {few.series} lanes on {few.rows // 288} days ...", file=sys.stderr)
            forecaster = widened(learned(few, STEPS_AHEAD), len(lanes))
            cycles = [_cycle(house, clock, forecaster, lanes, minute) for minute in range(CYCLES)]
    figures = {"seconds": statistics.median(sum(cycle) for cycle in cycles), "lanes": float(len(lanes))}
    return figures | {f"{stage}_s": statistics.median(cycle[at] for cycle in cycles) for at, stage in enumerate(STAGES)}


def _fill(house: House, lanes: list[str], few: History) -> None:
    """The days of ``few`` stored for every lane, each with gaps of its own."""
    dice = np.random.default_rng(852)
    end = RECEIVED_AT.replace(minute=25, second=0)
    for row, values in enumerate(few.values):
        known = np.flatnonzero(dice.random(len(lanes)) >= MISSING).astype(np.int32)
        batch = ReadingColumns(
            sensors=tuple(lanes),
            properties=(SPEED.id,),
            sensor=known,
            property=np.zeros(len(known), np.int32),
            at_us=np.full(len(known), microseconds(end - STEP * (few.rows - row))),
            value=np.resize(values, len(lanes))[known].astype(np.float64),
            quality=np.zeros(len(known), np.uint16),
        )
        house.readings.append(LANES.id, batch)


def _cycle(
    house: House, clock: SetClock, forecaster: FittedForecaster, lanes: list[str], minute: int
) -> tuple[float, ...]:
    download = _download(minute)
    clock.set(download.received_at)
    _, feed = house.feed("traffic.lanes")
    marks = [time.perf_counter()]
    house.intake.take("traffic.lanes", feed, download)
    marks.append(time.perf_counter())
    end = download.received_at.replace(minute=download.received_at.minute // 5 * 5, second=0)
    seen = house.readings.aggregate(LANES.id, SPEED.id, end - LOOKS_BACK - STEP, end, STEP, lanes)
    recent = History(values=seen.mean.astype(np.float32), start=end - LOOKS_BACK - STEP, step=STEP, zone=ZONE)
    marks.append(time.perf_counter())
    told = forecaster.predict(recent)
    marks.append(time.perf_counter())
    house.readings.append_forecasts(SPEEDS_AHEAD.id, _columns(told, lanes, download.received_at))
    house.bus.publish((LANES.id, SPEEDS_AHEAD.id), download.received_at)
    marks.append(time.perf_counter())
    return tuple(later - earlier for earlier, later in pairwise(marks))


def _columns(told: Prediction, lanes: list[str], issued_at: datetime) -> ForecastColumns:
    rows, columns = np.nonzero(told.known)
    horizon_us = np.array([horizon // timedelta(microseconds=1) for horizon in HORIZONS])
    quantiles = told.quantiles[rows, columns].astype(np.float64)
    return ForecastColumns(
        sensors=tuple(lanes),
        properties=(SPEED.id,),
        models=((told.model, told.version),),
        sensor=columns.astype(np.int32),
        property=np.zeros(len(rows), np.int32),
        model=np.zeros(len(rows), np.int32),
        issued_at_us=np.full(len(rows), microseconds(issued_at)),
        horizon_us=horizon_us[rows],
        low=quantiles[:, 0],
        middle=quantiles[:, 1],
        high=quantiles[:, 2],
    )


def _download(minute: int) -> Download:
    """The made file as it was ``minute`` minutes later."""
    later = timedelta(minutes=minute)
    moments = ("21:27:00", "21:27:30", "21:28:00")
    body = made_file()
    for text in reversed(moments):
        then = (datetime.strptime(f"2024-04-06 {text}", "%Y-%m-%d %H:%M:%S") + later).strftime("%H:%M:%S")  # noqa: DTZ007 - a wall clock's text
        body = body.replace(f">{text}<".encode(), f">{then}<".encode())
    return Download(body=body, url=URL, received_at=RECEIVED_AT + later)
