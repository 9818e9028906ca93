"""``lionrock evaluate buses``: how well buses are followed, and how well they measure the road.

Three looks, each at what is known of the truth:

- ``twin``: probe speeds against the simulated links' speeds (:mod:`lionrock.app.evaluate.buses_twin`);
- ``departures``: one real line polled every six minutes through a day: are its timetabled departures
  found, and how far do passages move when only every second answer is read;
- ``between_stops``: the seconds between stops that we measure on that line beside those which hkbus measured,
  and what a stop costs: hkbus's seconds between 12,000 pairs of stops against their distance.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from lionrock.app.evaluate.buses_twin import compare_with_twin, summarize
from lionrock.core.vocabulary import NotFound
from lionrock.services.mobility.buses.feeds import TIMETABLED
from lionrock.services.mobility.buses.passages import EARLY_S, Told, Track, follow, list_runs
from lionrock.services.mobility.buses.roads import to_plane
from lionrock.twin.city import TwinCity
from lionrock.twin.day import keep_day, simulate_day

SHARED = Path("../shared/data/hk")
HISTORY, TIMES, STOPS, ROUTES = (
    "eta_history/kmb278K_oneday_eta_20240918.csv.gz",
    "hkbus/times_all.json.gz",
    "hkbus/integrated_2026/operators_stops.json.gz",
    "hkbus/integrated_2026/operators_routes.json.gz",
)
LINE = "kmb|278K|O|1"
TWIN_SEED, TWIN_DAY = 1, date(2026, 11, 18)  # a Wednesday
TWIN_SPAN = (timedelta(hours=7), timedelta(hours=10))
DISTANCES_M = ((50, 200), (200, 300), (300, 400), (400, 500), (500, 700), (700, 1000), (1000, 1500))
KMB_ID_LENGTH = 16
LEAST_S = 10.0
APART_S = 1200.0  # the recording's answers come six minutes apart; twice that when every second one is read
NEAR_S = 240.0  # half of the line's headway
WHOLE_LINE_S = 1800.0

Progress = Callable[[str, float], None]


def evaluate_buses(data_dir: Path | None, progress: Progress | None = None) -> dict[str, Any]:
    """Every look that the data at hand allow; one whose recording is absent is None, with its reason."""
    tell = progress or (lambda _what, _share: None)
    folder = data_dir if data_dir is not None else SHARED
    tell("simulate a day", 0.0)
    with tempfile.TemporaryDirectory() as scratch:
        city = TwinCity(seed=TWIN_SEED, folder=Path(scratch))
        keep_day(city.path_of(TWIN_DAY), simulate_day(TWIN_SEED, TWIN_DAY))
        tell("follow its buses", 0.2)
        twin = summarize(*compare_with_twin(city, TWIN_DAY, *TWIN_SPAN))
    tell("follow a real line", 0.9)
    recorded: dict[str, Any] = {"departures": None, "between_stops": None, "stop_costs": None, "absent": None}
    try:
        answers = read_history(_found(folder, HISTORY))
        recorded["departures"] = score_departures(answers)
        recorded["between_stops"] = compare_between_stops(answers, folder)
        recorded["stop_costs"] = cost_of_stops(folder)
    except NotFound as absent:
        recorded["absent"] = str(absent)
    return {"twin": twin, **recorded}


def read_history(path: Path) -> dict[int, list[Told]]:
    """The recorded answers of one line in one direction, by position of the stop.

    Raises NotFound where the file is absent.
    """
    rows: dict[int, dict[float, list[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(list))
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            at_s = datetime.fromisoformat(row["timestamp"]).timestamp()
            arrival_s = datetime.fromisoformat(row["eta"]).timestamp()
            rows[int(row["seq"])][at_s].append((arrival_s, row["rmk"] not in TIMETABLED))
    return {
        position: [
            Told(
                at_s, tuple(arrival for arrival, _ in sorted(said[at_s])), tuple(live for _, live in sorted(said[at_s]))
            )
            for at_s in sorted(said)
        ]
        for position, said in rows.items()
    }


def standing_departures(answers: list[Told]) -> list[float]:
    """Timetabled departures that were not taken back: the last answer before each still has it."""
    told = sorted({arrival for answer in answers for arrival in answer.arrivals_s})
    kept = []
    for departure_s in told:
        before = [answer for answer in answers if answer.at_s <= departure_s]
        if before and departure_s in before[-1].arrivals_s:
            kept.append(departure_s)
    return kept


def score_departures(answers: dict[int, list[Told]]) -> dict[str, Any]:
    """How many timetabled departures are found at each stop, and how sure passages are by how often one asks.

    A departure counts as found at a stop where one bus was seen to pass within :data:`NEAR_S` of the time
    that the departure usually takes to it. ``moved_s``: how far the same passages move when only every
    second answer is read.
    """
    begin_s, end_s = answers[1][0].at_s, answers[1][-1].at_s - WHOLE_LINE_S
    departures = [one for one in standing_departures(answers[1]) if begin_s <= one <= end_s]
    stops = []
    for position in sorted(answers):
        passed = _passages(answers[position])
        usual_s = _usual_delay(departures, passed)
        found = sum(any(abs(one - departure - usual_s) <= NEAR_S for one in passed) for departure in departures)
        seldom = _passages(answers[position][::2])
        moved = [min(abs(one - other) for other in passed) for one in seldom] if passed else []
        stops.append(
            {
                "position": position,
                "passages": sum(begin_s <= one - usual_s <= end_s for one in passed),
                "found": found,
                "minutes_from_start": round(usual_s / 60, 1),
                "moved_s": round(float(np.median(moved)), 1) if moved else None,
            }
        )
    return {"departures": len(departures), "answers": len(answers[1]), "stops": stops}


def compare_between_stops(answers: dict[int, list[Told]], folder: Path) -> list[dict[str, Any]]:
    """Median seconds between neighbouring stops of the recorded line: ours, and what hkbus measured in other months."""
    stops = stops_of_line(_read_json(folder, ROUTES)[LINE]["stop_alignment"])
    times = _read_json(folder, TIMES)
    rows = []
    for position, (first, second) in enumerate(pairwise(stops), 1):
        runs = list_runs(follow(answers[position], APART_S), follow(answers[position + 1], APART_S), LEAST_S)
        rows.append(
            {
                "position": position,
                "runs": len(runs),
                "median_s": round(float(np.median([run.took_s for run in runs])), 1) if runs else None,
                "hkbus_s": round(times[first][second], 1) if second in times.get(first, {}) else None,
            }
        )
    return rows


def cost_of_stops(folder: Path) -> dict[str, Any]:
    """Seconds between stops by their distance as the crow flies, and the line through them: what a stop costs.

    The quickest tenth of pairs meets few lights, so that its line's beginning is the stop itself.
    """
    places, times = _read_json(folder, STOPS), _read_json(folder, TIMES)
    pairs = [
        (first, second, seconds)
        for first, towards in times.items()
        if len(first) == KMB_ID_LENGTH and first in places
        for second, seconds in towards.items()
        if second in places
    ]
    ends = [to_plane(*np.array([_degrees(places[pair[end]]) for pair in pairs]).T) for end in (0, 1)]
    distance_m, seconds_all = np.hypot(*(ends[0] - ends[1]).T), np.array([pair[2] for pair in pairs])
    rows = []
    for low, high in DISTANCES_M:
        here = (distance_m >= low) & (distance_m < high)
        quick, middle = np.quantile(seconds_all[here], (0.1, 0.5)).tolist()
        rows.append(
            {"from_m": low, "to_m": high, "pairs": int(here.sum()), "quick_s": round(quick), "median_s": round(middle)}
        )
    middles_m = [math.sqrt(low * high) for low, high in DISTANCES_M[:5]]
    lines = {name: np.polyfit(middles_m, [row[f"{name}_s"] for row in rows[:5]], 1) for name in ("quick", "median")}
    return {
        "pairs": len(pairs),
        "distances": rows,
        **{f"{name}_stop_s": round(float(line[1]), 1) for name, line in lines.items()},
        **{f"{name}_kmh": round(3.6 / float(line[0]), 1) for name, line in lines.items()},
    }


def stops_of_line(alignment: str) -> list[str]:
    """The operator's stops in hkbus's table of a route (``gtfs,kmb,kmb_d`` and a line a stop)."""
    return [line.split(",")[1] for line in alignment.strip().splitlines()[1:]]


def _passages(answers: list[Told]) -> list[float]:
    """When buses were gone that were due, those of the timetable too: a terminus often announces no other."""
    tracks: list[Track] = follow(answers, APART_S)
    return [one.arrival_s for one in tracks if one.gone_s is not None and one.arrival_s <= one.gone_s + EARLY_S]


def _usual_delay(departures: list[float], passed: list[float]) -> float:
    """The delay at which the most departures have a passage within half of :data:`NEAR_S`."""
    delays = np.arange(0.0, WHOLE_LINE_S, 15.0)
    apart = np.array(passed)[None, :] - np.array(departures)[:, None]
    hits = [(np.abs(apart - delay).min(axis=1) <= NEAR_S / 2).sum() for delay in delays]
    return float(delays[int(np.argmax(hits))])


def _degrees(stop: dict[str, Any]) -> tuple[float, float]:
    return stop["location"]["lng"], stop["location"]["lat"]


def _read_json(folder: Path, name: str) -> Any:
    with gzip.open(_found(folder, name), "rt", encoding="utf-8") as whole:
        return json.load(whole)


def _found(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.exists():
        raise NotFound(f"no {name} in {folder}; say where the recordings lie with --data-dir")
    return path
