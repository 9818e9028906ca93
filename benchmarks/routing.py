"""How long a journey takes to plan, and whether it is the quickest: the twin's strategic network and the city's own.

A thousand random journeys over speeds that a working day's peaks bend, from anywhere to anywhere. The
city's network is the one whose speeds are published (3,945 lines of the saved RdNet_IRNP.gdb, both
ways open); it is timed where the recording lies beside the checkout. ``wrong`` counts journeys that a
label-correcting search in steps of a second (no bounds, no heap, no formula of the engine) finds an
earlier arrival for. Times are milliseconds of the processor, so that other work beside it does not count; an
outlook is the speeds of all roads, with forecasts and a usual day, as arrays and as the search's lists.
"""

from __future__ import annotations

import gc
import re
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from lionrock.commons.spatial.roads import Roads, build_roads
from lionrock.core.manifest import Download
from lionrock.core.records import Kept
from lionrock.core.vocabulary import Feature
from lionrock.engines.routing.alternatives import list_ways
from lionrock.engines.routing.field import SpeedField
from lionrock.engines.routing.graph import Graph, Terminal
from lionrock.engines.routing.search import Task, find_earliest, find_latest
from lionrock.services.mobility.journeys.outlook import build_outlook
from lionrock.services.mobility.journeys.sensed import Measured, Sensed
from lionrock.services.mobility.journeys.usual import SLOTS, UsualDays
from lionrock.services.mobility.traffic.feeds.network import parse_road_network
from lionrock.services.mobility.traffic.irn import parse_irn
from lionrock.twin.feeds.segments import render_centerlines

HK = Path(__file__).resolve().parents[2] / "shared" / "data" / "hk"
IRN = HK / "td_irn_network" / "RdNet_IRNP.gdb"
NOW = datetime.fromisoformat("2026-11-20T07:00:00+08:00")
JOURNEYS = 1000
CHECKED = 1000
STEP_S = 1.0
HORIZON_S = 6 * 3600.0
CLOSE_S = 2.0  # what stepping a second at a time may be off
MILLISECONDS = 1000


def run() -> dict[str, float]:
    """Time both networks and check the strategic one."""
    strategic = build_roads(_kept(_twin_features()), frozenset())
    figures = _timed("twin", strategic)
    figures["twin_wrong"] = float(_count_wrong(strategic))
    if IRN.exists():
        figures |= _timed("irn", build_roads(_kept(_irn_features()), frozenset()))
    return figures


def _timed(name: str, roads: Roads) -> dict[str, float]:
    field, took = _some_field(roads)
    graph = roads.graph
    trips = _some_trips(graph, JOURNEYS)
    _ = field.speeds, field.mirrored.speeds
    figures = {f"{name}_links": float(graph.links), f"{name}_outlook_ms": took}
    plans: dict[str, Callable[[Terminal, Terminal, float], object]] = {
        "earliest": lambda start, end, at: find_earliest(Task(graph, field, [start], [end]), at),
        "latest": lambda start, end, at: find_latest(Task(graph, field, [start], [end]), at + 7200),
        "three_ways": lambda start, end, at: list_ways(Task(graph, field, [start], [end]), at),
    }
    for what, plan in plans.items():
        spans = []
        gc.collect()
        for start, end, at in trips:
            begun = time.thread_time()
            plan(start, end, at)
            spans.append((time.thread_time() - begun) * MILLISECONDS)
        figures[f"{name}_{what}_p50_ms"] = round(float(np.percentile(spans, 50)), 2)
        figures[f"{name}_{what}_p99_ms"] = round(float(np.percentile(spans, 99)), 2)
    return figures


def _some_field(roads: Roads) -> tuple[SpeedField, float]:
    """An outlook of a working day's morning: every road has its own peak; and how long it took to make."""
    rng = np.random.default_rng(852)
    names = tuple(dict.fromkeys(link.road for link in roads.links))
    free = rng.uniform(45, 95, len(names))
    depth = rng.uniform(0.1, 0.75, len(names))
    peak_h = rng.choice([8.3, 18.2], len(names)) + rng.normal(0, 0.5, len(names))
    slot_h = (np.arange(SLOTS) + 0.5) * 24 / SLOTS
    usual = free * (1 - depth * np.exp(-(((slot_h[:, None] - peak_h) / 1.1) ** 2)))
    table = np.stack([usual * share for share in (0.85, 1.0, 1.1)], axis=1)
    now_s = NOW.timestamp()
    hours = NOW.hour + np.arange(15, 91, 15) / 60
    ahead = free * (1 - depth * np.exp(-(((hours[:, None] - peak_h) / 1.1) ** 2)))
    moments = now_s + np.arange(15, 91, 15) * 60.0
    points = {
        name: np.vstack([moments, ahead[:, place] * 0.8, ahead[:, place], ahead[:, place] * 1.15])
        for place, name in enumerate(names)
    }
    measured = {name: Measured(float(ahead[0, place]), now_s) for place, name in enumerate(names)}
    sensed = Sensed(measured, points, NOW, NOW, NOW)
    begun = time.thread_time()
    outlook = build_outlook(roads, sensed, UsualDays(names, np.stack([table, table]), 10), now_s)
    _ = outlook.middle.speeds
    return outlook.middle, round((time.thread_time() - begun) * MILLISECONDS, 1)


def _some_trips(graph: Graph, count: int) -> list[tuple[Terminal, Terminal, float]]:
    """From anywhere to anywhere, leaving within three hours."""
    rng = np.random.default_rng(7)

    def somewhere() -> Terminal:
        link = int(rng.integers(graph.links))
        return Terminal(link, float(rng.uniform(0, graph.metres[link])))

    return [(somewhere(), somewhere(), NOW.timestamp() + float(rng.uniform(0, 10_800))) for _ in range(count)]


def _count_wrong(roads: Roads) -> int:
    """Journeys whose arrival differs from the label-correcting search's."""
    field, _ = _some_field(roads)
    clock = NOW.timestamp() + np.arange(0, HORIZON_S, STEP_S)
    middles = clock[:-1] + STEP_S / 2
    by_column = [
        np.concatenate([[0.0], np.cumsum(np.interp(middles, field.times_s, column) / 3.6 * STEP_S)])
        for column in field.speed_kmh.T
    ]
    gone = [by_column[column] for column in field.columns.tolist()]
    wrong = 0
    for start, end, depart_s in _some_trips(roads.graph, CHECKED):
        found = find_earliest(Task(roads.graph, field, [start], [end]), depart_s)
        least = _corrected(roads.graph, gone, clock, start, end, depart_s)
        wrong += (found is None) != (least is None)
        if found is not None and least is not None:
            wrong += abs(found.arrive_s - least) > CLOSE_S
    return wrong


def _corrected(
    graph: Graph, gone: Sequence[np.ndarray], clock: np.ndarray, start: Terminal, end: Terminal, depart_s: float
) -> float | None:
    """The earliest arrival by correcting labels until none changes (Bellman and Ford), by steps of a second."""

    def leave(link: int, entered: float, metres: float) -> float:
        place = (entered - clock[0]) / STEP_S
        whole = int(place)
        before = gone[link][whole] + (gone[link][whole + 1] - gone[link][whole]) * (place - whole)
        after = int(np.searchsorted(gone[link], before + metres))
        rest = (before + metres - gone[link][after - 1]) / (gone[link][after] - gone[link][after - 1])
        return float(clock[0] + (after - 1 + rest) * STEP_S)

    arrivals = []
    if start.link == end.link and end.along_m >= start.along_m:
        arrivals.append(leave(start.link, depart_s, end.along_m - start.along_m))
    labels = {graph.heads[start.link]: leave(start.link, depart_s, graph.metres[start.link] - start.along_m)}
    changed = list(labels)
    while changed:
        node = changed.pop(0)
        for link in graph.leaving[node]:
            there, head = leave(link, labels[node], graph.metres[link]), graph.heads[link]
            if head not in labels or there < labels[head] - 1e-6:
                labels[head] = there
                changed.append(head)
    tail = graph.tails[end.link]
    if tail in labels:
        arrivals.append(leave(end.link, labels[tail], end.along_m))
    return min(arrivals, default=None)


def _twin_features() -> list[Feature]:
    body = render_centerlines()
    return list(parse_road_network(Download(body=body, url="https://example.org/CENTERLINE", received_at=NOW)))


def _irn_features() -> list[Feature]:
    """The routes that report speeds; the file that names them lies beside the network."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the recording's measures along lines are not read
        _, _, features = next(iter(parse_irn(IRN)))
    told = next((HK / "td_irn_speed").glob("*.xml")).read_text()
    reporting = set(re.findall(r"<segment_id>(\d+)</segment_id>", told))
    return [one for one in features if isinstance(one, Feature) and one.id in reporting]


def _kept(features: Sequence[Feature]) -> list[Kept]:
    seen = datetime.now(UTC) - timedelta(days=1)
    return [Kept(one.id, one, seen, seen, None, 1) for one in features]
