"""Days of the twin's roads, and what else a city would have known beside their speeds, row by row.

A row is five minutes. What stands in it is what had been published and read when it ended: the nowcast
comes nine minutes late and holds for twelve, the hourly report of rain speaks of the hour before, an
incident is told some minutes after it happened, a bus tells of a road once it has left it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from lionrock.engines.forecast.history import Floats, last_known
from lionrock.services.mobility.buses.passages import Run
from lionrock.services.mobility.buses.speeds import speed_of
from lionrock.twin.buses import run_line
from lionrock.twin.buslines import CITYBUS, KMB, BusLine, lines_of, pieces_of
from lionrock.twin.calendar import is_rest_day, midnight
from lionrock.twin.catalogue import find_named
from lionrock.twin.chance import stream_for
from lionrock.twin.city import TwinCity
from lionrock.twin.cyclones import signal_at
from lionrock.twin.day import VERSION as MODEL_VERSION
from lionrock.twin.day import DayTruth, keep_day, simulate_day
from lionrock.twin.feeds.regional import HALF_HOURS, NOWCAST_LAG, nowcast_at
from lionrock.twin.incidents import list_incidents
from lionrock.twin.junctions import DISTRICTS, JUNCTIONS
from lionrock.twin.network import list_links, plane, point_along
from lionrock.twin.news import Message, list_messages
from lionrock.twin.rain import Floats as Doubles
from lionrock.twin.rain import district_points, rain_rate, rainfall_mm, rainstorm_at

FORMAT = 1
STEP = timedelta(minutes=5)
ROWS_A_DAY = timedelta(days=1) // STEP
READ_AFTER = timedelta(minutes=3)  # from a file's publication until the platform has read it
REPORT_LAG = timedelta(minutes=15)
BUS_SPEAKS_FOR = timedelta(minutes=20)
PLACED_S = 3.0  # the doubt of a bus's place when it is announced
SIGNALS = ("1", "3", "8", "9", "10")
FEW_ARRAYS = ("speed", "nowcast", "reported", "bus", "rate")


@dataclass(frozen=True, slots=True, eq=False)
class TwinRows:
    """Rows ``[row, road]`` of the twin's links from ``first``: km/h, and what was known at each row's end.

    ``nowcast[row, road, 4]`` and ``reported`` are mm, ``rate`` the true mm/h of the row (for judging alone), ``bus``
    the km/h of the last bus (NaN without one), ``storm`` and ``signal`` ``[row]`` the ranks of the warnings in
    force (0: none), ``closed`` the share of lanes that the news called closed and ``told_min`` for how long.
    ``shut`` is the share that was closed indeed, told or not: what somebody knows who planned it.
    """

    first: date
    rest_days: frozenset[date]
    speed: Floats
    nowcast: Floats
    reported: Floats
    rate: Floats
    bus: Floats
    storm: Floats
    signal: Floats
    closed: Floats
    told_min: Floats
    shut: Floats


def gather_rows(seed: int, first: date, count: int, folder: Path, tell: Callable[[str, int, int], None]) -> TwinRows:
    """Simulate (or read, where ``folder`` keeps them) ``count`` days from ``first``."""
    days = [first + timedelta(days=index) for index in range(count)]
    kept = []
    for index, day in enumerate(days):
        tell(f"twin {seed}", index, count)
        kept.append(_day(seed, day, folder))
    tell(f"twin {seed}", count, count)
    ends = [midnight(first) + STEP * (row + 1) - READ_AFTER for row in range(count * ROWS_A_DAY)]
    closed, told_min = closures_told(seed, days)
    return TwinRows(
        first=first,
        rest_days=frozenset(day for day in days if is_rest_day(day)),
        **{name: np.concatenate([one[name] for one in kept]).astype(np.float32) for name in FEW_ARRAYS},
        storm=np.array([_storm_rank(seed, end) for end in ends], np.float32),
        signal=np.array([_signal_rank(seed, end) for end in ends], np.float32),
        closed=closed,
        told_min=told_min,
        shut=closures_indeed(seed, days),
    )


def _day(seed: int, day: date, folder: Path) -> dict[str, Doubles]:
    path = folder / f"beside-v{FORMAT}-m{MODEL_VERSION}-s{seed}-{day:%Y%m%d}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    folder.mkdir(parents=True, exist_ok=True)
    city = TwinCity(seed=seed, folder=folder)
    truth = simulate_day(seed, day)
    keep_day(city.path_of(day), truth)
    bus = _bus_rows(city, day)
    city.path_of(day).unlink()
    x_m, y_m = middles_of_links()
    ends = [midnight(day) + STEP * (row + 1) for row in range(ROWS_A_DAY)]
    made = {
        "speed": _folded(truth, truth.link_speed).mean(axis=1) / 10,
        "nowcast": np.stack([nowcast_read(seed, end) for end in ends]),
        "reported": np.stack([_reported(seed, end) for end in ends]),
        "rate": np.stack([rain_rate(seed, end - STEP / 2, x_m, y_m) for end in ends]),
        "bus": bus,
    }
    partial = path.with_suffix(f".{os.getpid()}.partial.npz")
    small = {name: values.astype(np.float16) for name, values in made.items()}
    np.savez_compressed(partial, **small)
    partial.replace(path)
    return made


def _folded(truth: DayTruth, values: np.ndarray) -> Doubles:
    """Periods as ``[row, period of the row, road]``."""
    folded: Doubles = values.astype(np.float64).reshape(ROWS_A_DAY, -1, truth.link_speed.shape[1])
    return folded


@cache
def middles_of_links() -> tuple[Doubles, Doubles]:
    """The points half-way along the links, in metres of the plane."""
    points = np.array([plane(point_along(link, 0.5)[0]) for link in list_links()])
    return points[:, 0], points[:, 1]


def nowcast_read(seed: int, end: datetime) -> Doubles:
    """The newest nowcast that had been read at a row's end, ``[road, half hour]``."""
    feed = find_named("rainfall-nowcast")
    assert feed is not None  # noqa: S101 - the twin has this feed
    published = feed.published_at(seed, end - READ_AFTER)
    return nowcast_at(seed, published - NOWCAST_LAG, *middles_of_links()).reshape(HALF_HOURS, -1).T


def _reported(seed: int, end: datetime) -> Doubles:
    """The rain of the last hourly report that had been read at a row's end, of each road's district."""
    record = (end - READ_AFTER).replace(minute=0, second=0, microsecond=0)
    until = record - REPORT_LAG
    by_district = _hour_of_rain(seed, until)
    return by_district[_districts()]


@cache
def _hour_of_rain(seed: int, until: datetime) -> Doubles:
    return rainfall_mm(seed, until - timedelta(hours=1), until, *district_points()).round()


@cache
def _districts() -> list[int]:
    return [list(DISTRICTS).index(JUNCTIONS[link.start].district) for link in list_links()]


def _storm_rank(seed: int, moment: datetime) -> float:
    storm = rainstorm_at(seed, moment)
    return 0.0 if storm is None else float("ARB".index(storm.colour) + 1)


def _signal_rank(seed: int, moment: datetime) -> float:
    number = signal_at(seed, moment)
    return 0.0 if number is None else float(SIGNALS.index(number) + 1)


def closures_told(seed: int, days: list[date]) -> tuple[Floats, Floats]:
    """What the news called closed: the share of a link's lanes, and for how many minutes it has been said."""
    start, rows = midnight(days[0]), len(days) * ROWS_A_DAY
    closed, told_min = (np.zeros((rows, len(list_links())), np.float32) for _ in range(2))
    for day in days:
        by_incident: dict[str, list[Message]] = {}
        for message in list_messages(seed, day):
            by_incident.setdefault(message.incident.number, []).append(message)
        for messages in by_incident.values():
            incident = messages[0].incident
            share = incident.lanes_closed / list_links()[incident.link].lanes
            opened = [message.shown for message in messages if message.status == "UPDATED"][-1]
            begin, end = (_row_that_knows(moment, start) for moment in (messages[0].shown, opened))
            for row in range(begin, min(end, rows)):
                if share >= closed[row, incident.link]:
                    closed[row, incident.link] = share
                    told_min[row, incident.link] = (row - begin + 1) * 5
    return closed, told_min


def closures_indeed(seed: int, days: list[date]) -> Floats:
    """The largest share of a link's lanes that was closed at any moment of a row."""
    start = midnight(days[0])
    shut = np.zeros((len(days) * ROWS_A_DAY, len(list_links())), np.float32)
    for incident in (one for day in days for one in list_incidents(seed, day)):
        rows = slice((incident.start - start) // STEP, -((start - incident.end) // STEP))
        share = incident.lanes_closed / list_links()[incident.link].lanes
        shut[rows, incident.link] = np.maximum(shut[rows, incident.link], share)
    return shut


def _row_that_knows(moment: datetime, start: datetime) -> int:
    """The first row at whose end a message of ``moment`` has been read."""
    return -((start - moment - READ_AFTER) // STEP) - 1


def _bus_rows(city: TwinCity, day: date) -> Doubles:
    """The last bus's speed on each road at each row's end, as the platform would measure it; NaN where none was."""
    rows = np.full((ROWS_A_DAY, len(list_links())), np.nan, np.float32)
    for line in (*lines_of(KMB), *lines_of(CITYBUS)):
        for at_s, column, kmh in _probes(city, day, line):
            row = int((at_s + READ_AFTER.total_seconds()) // STEP.total_seconds())
            if row < ROWS_A_DAY:
                rows[row, column] = kmh
    lasting: Doubles = last_known(rows, BUS_SPEAKS_FOR // STEP)[0].astype(np.float64)
    return lasting


def _probes(city: TwinCity, day: date, line: BusLine) -> Iterator[tuple[float, int, float]]:
    """Every run of a line between two stops: when it ended, the road it was mostly on, and its speed."""
    trips, pieces = run_line(city, day, line), pieces_of(line)
    chance = stream_for(city.seed, day, line.operator, line.route, line.bound, "probes")
    arrived_s = trips.arrived_s + PLACED_S * chance.standard_normal(trips.arrived_s.shape)
    for section in range(arrived_s.shape[1] - 1):
        here = pieces.section == section
        length_m, column = float(pieces.length_m[here].sum()), int(pieces.column[here][pieces.length_m[here].argmax()])
        for first_s, second_s in arrived_s[:, section : section + 2].tolist():
            told = next(speed_of("probe", length_m, Run(first_s, second_s - first_s, 2 * PLACED_S)), None)
            if told is not None and told.value is not None:
                yield second_s, column, told.value
