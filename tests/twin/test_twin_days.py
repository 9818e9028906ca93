"""The twin's days: repeatable, different by weekday, slowed by incidents and rain."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from twin_days import SCALE, SEED, SUNDAY, WEDNESDAY

from lionrock.twin.calendar import midnight
from lionrock.twin.city import TwinCity
from lionrock.twin.cyclones import find_cyclone_signal, list_cyclone_signals
from lionrock.twin.day import PERIOD_S, list_slowdowns, move_traffic, path_of, simulate_day, stands_still
from lionrock.twin.demand import cyclone_factor, day_factor, expected_trips
from lionrock.twin.detectors import lane_count, list_detectors
from lionrock.twin.incidents import Incident, list_incidents
from lionrock.twin.lanes import LaneDay, Moved, measure_lanes
from lionrock.twin.network import list_links
from lionrock.twin.news import list_current, list_messages
from lionrock.twin.rain import district_points, list_cells, list_rainstorms, rain_rate, rainstorm_at

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def test_another_process_makes_the_same_day(city: TwinCity, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lionrock.twin.make_day", str(tmp_path), str(SEED), str(SCALE)]
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([*command, WEDNESDAY.isoformat()], check=True, env=environment)
    ours, theirs = np.load(city.path_of(WEDNESDAY)), np.load(path_of(tmp_path, SEED, WEDNESDAY, SCALE))
    assert ours.files == theirs.files
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours.files)


def test_a_working_morning_is_busier_than_a_sunday_one(city: TwinCity) -> None:
    rush = slice(120 * 8, 120 * 9)
    working, resting = (city.truth_of(day).volume[rush].sum(dtype=int) for day in (WEDNESDAY, SUNDAY))
    assert working > 1.8 * resting


def test_nights_are_quiet(city: TwinCity) -> None:
    volume = city.truth_of(WEDNESDAY).volume
    assert volume[120 * 3 : 120 * 4].sum(dtype=int) < 0.08 * volume[120 * 8 : 120 * 9].sum(dtype=int)


def test_demand_differs_by_weekday_and_on_holidays() -> None:
    def trips(day: date) -> float:
        return float(expected_trips(SEED, midnight(day), 96).sum())

    christmas, friday, wednesday = trips(date(2026, 12, 25)), trips(date(2026, 11, 20)), trips(WEDNESDAY)
    assert christmas < 0.85 * wednesday < wednesday < friday
    assert day_factor(SEED, WEDNESDAY) != day_factor(SEED, WEDNESDAY + timedelta(days=7))


def test_counts_are_spread_like_traffic_and_not_in_platoons(city: TwinCity) -> None:
    counts = city.truth_of(WEDNESDAY).volume
    shares = np.bincount(counts.ravel(), minlength=31) / counts.size
    assert 0.15 < shares[0] < 0.6
    assert shares[12] < 1.4 * (shares[11] + shares[13]) / 2


def test_a_detector_counts_what_its_link_carries(city: TwinCity) -> None:
    truth = city.truth_of(WEDNESDAY)
    carried, counted = truth.link_volume[:, 0].sum(dtype=int) / 10, truth.volume[:, :2].sum(dtype=int)
    assert 0.9 < counted / carried < 1.1


def column_of(road: str) -> int:
    """The last link of a road towards Kowloon."""
    return next(i for i, link in enumerate(list_links()) if link.road.en == road and link.bound.en == "Kowloon")


def lion_rock_incident(start: datetime) -> Incident:
    template = next(incident for day in YEAR for incident in list_incidents(SEED, day))
    end = start + timedelta(hours=1)
    column = column_of("Lion Rock Tunnel")
    return replace(template, link=column, share=0.8, start=start, end=end, lanes_closed=1, side="Fast Lane")


def test_an_incident_slows_its_road_and_sends_drivers_to_others() -> None:
    incident = lion_rock_incident(midnight(WEDNESDAY) + timedelta(hours=7, minutes=30))
    until_s = 9 * 3600
    calm = move_traffic(SEED, WEDNESDAY, scale=0.9, incidents=(), until_s=until_s)
    struck = move_traffic(SEED, WEDNESDAY, scale=0.9, incidents=(incident,), until_s=until_s)
    after = slice(120 * 8 + 20, 120 * 8 + 60)
    others = [column_of(road) for road in ("Tate's Cairn Tunnel", "Eagle's Nest Tunnel", "Tai Po Road")]
    assert struck.speed_kmh[after, incident.link].mean() < 0.65 * calm.speed_kmh[after, incident.link].mean()
    assert struck.vehicles[after, incident.link].sum() < 0.75 * calm.vehicles[after, incident.link].sum()
    assert struck.vehicles[after][:, others].sum() > calm.vehicles[after][:, others].sum()


@pytest.mark.soak
def test_a_day_whose_trips_would_jam_the_city_for_good_still_moves() -> None:
    seed, friday, until_s, crowded = 206, date(2026, 3, 6), 11 * 3600, 1.12
    jammed = move_traffic(seed, friday, scale=crowded, incidents=list_incidents(seed, friday), until_s=until_s)
    assert stands_still(jammed, crowded)
    truth = simulate_day(seed, friday, scale=crowded, until_s=until_s)
    hour = slice(until_s // PERIOD_S - 120, until_s // PERIOD_S)
    assert truth.link_speed[hour].mean() / 10 > 1.05 * jammed.speed_kmh[hour].mean()


@pytest.mark.parametrize(("ahead_m", "seen"), [(1500.0, False), (300.0, True), (-300.0, True), (-1500.0, False)])
def test_a_closed_lane_is_empty_near_its_incident_and_full_far_from_it(ahead_m: float, *, seen: bool) -> None:
    detector = next(one for one in list_detectors() if len(one.lanes) == 3 and list_links()[one.link].length_m > 6000)
    template = next(incident for day in YEAR for incident in list_incidents(SEED, day))
    share = detector.share + ahead_m / list_links()[detector.link].length_m
    start = midnight(WEDNESDAY)
    incident = replace(
        template, link=detector.link, share=share, start=start, end=start + timedelta(minutes=30),
        lanes_closed=1, side="Fast Lane",
    )  # fmt: skip
    shape = (40, len(list_links()))
    moved = Moved(*(np.full(shape, value, np.float32) for value in (30, 60, 68, 1, 15)))
    lanes = LaneDay.empty(40, lane_count(), len(list_detectors()))
    measure_lanes(SEED, WEDNESDAY, lanes, moved, (incident,))
    counts = lanes.volume[:, detector.first_lane : detector.first_lane + 3].sum(axis=0)
    assert (counts[0] < 0.1 * counts[1]) == seen


def test_incidents_end_within_their_day_and_are_announced_minutes_late() -> None:
    incidents = [incident for day in YEAR[:60] for incident in list_incidents(SEED, day)]
    assert 5 < len(incidents) / 60 < 20
    delays = [(i.announced - i.start).total_seconds() / 60 for i in incidents]
    assert 2 <= min(delays) < max(delays) <= 9
    assert all(i.start < i.end < midnight(i.start.date()) + timedelta(days=1) for i in incidents)
    assert all(1 <= i.lanes_closed <= list_links()[i.link].lanes for i in incidents)


def test_messages_of_an_incident_run_from_new_to_closed_one_at_a_time() -> None:
    messages = list_messages(SEED, WEDNESDAY)
    by_incident: dict[str, list[str]] = {}
    for message in messages:
        by_incident.setdefault(message.incident.number, []).append(message.status)
    assert {tuple(statuses) for statuses in by_incident.values()} <= {
        ("NEW", "UPDATED", "CLOSED"),
        ("NEW", "UPDATED", "UPDATED", "CLOSED"),
    }
    shown = [message.shown for message in messages]
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in itertools.pairwise(shown))
    assert not [m for m in list_current(SEED, midnight(WEDNESDAY) + timedelta(days=2)) if m.status == "CLOSED"]


def test_rainstorm_signals_follow_heavy_rain_and_are_rare() -> None:
    storms = [storm for day in YEAR for storm in list_rainstorms(SEED, day)]
    counts = Counter(storm.colour for storm in storms)
    assert 4 <= counts["A"] <= 45
    assert counts["A"] > counts["R"] >= counts["B"]
    wettest = [rain_rate(SEED, s.start + (s.end - s.start) / 3, *district_points()).max() for s in storms]
    assert float(np.median(wettest)) > 20
    assert all(rainstorm_at(SEED, s.start + timedelta(seconds=1)) is not None for s in storms)


def test_rain_slows_roads_and_tunnels_less() -> None:
    heavy = next(s for day in YEAR for s in list_rainstorms(SEED, day) if s.colour == "R")
    slowdowns = list_slowdowns(SEED, heavy.start, 3600)
    factors = {s.road: s.factor for s in slowdowns}
    tunnels = {link.key for link in list_links() if link.tunnel}
    assert min(factors.values()) < 0.8
    assert all(0.6 < factor < 1 for factor in factors.values())
    assert min(f for road, f in factors.items() if road in tunnels) > 0.85


def test_most_days_are_dry() -> None:
    assert 60 < sum(bool(list_cells(SEED, day)) for day in YEAR) < 200


def test_cyclone_signals_climb_and_fall_step_by_step_and_empty_the_roads() -> None:
    signals = [s for seed in range(30) for s in list_cyclone_signals(seed, 2026)]
    ranks = {"1": 0, "3": 1, "8": 2, "9": 3, "10": 4}
    followed = [(a, b) for a, b in itertools.pairwise(signals) if a.end == b.start]
    assert followed
    assert all(abs(ranks[a.number] - ranks[b.number]) == 1 for a, b in followed)
    seed, gale = next((seed, s) for seed in range(30) for s in list_cyclone_signals(seed, 2026) if s.number == "8")
    assert find_cyclone_signal(seed, gale.end - timedelta(minutes=1)) == gale
    assert cyclone_factor(seed, (gale.end - timedelta(minutes=1)).astimezone(midnight(WEDNESDAY).tzinfo)) < 0.2


def test_another_process_renders_the_same_bytes(city: TwinCity) -> None:
    code = (
        "import hashlib, sys\n"
        "from datetime import datetime\n"
        "from pathlib import Path\n"
        "from lionrock.twin.catalogue import list_feeds\n"
        "from lionrock.twin.city import TwinCity\n"
        "seed, scale, moment = int(sys.argv[2]), float(sys.argv[3]), datetime.fromisoformat(sys.argv[4])\n"
        "city = TwinCity(seed=seed, folder=Path(sys.argv[1]), scale=scale)\n"
        "for feed in list_feeds():\n"
        "    body = feed.render(city, feed.published_at(seed, moment))\n"
        "    print(feed.id, hashlib.sha256(body).hexdigest())\n"
    )
    moment = midnight(WEDNESDAY) + timedelta(hours=17, minutes=12)
    told = [
        subprocess.run(
            [sys.executable, "-c", code, str(city.folder), str(SEED), str(SCALE), moment.isoformat()],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": salt},
        ).stdout
        for salt in ("1", "2")
    ]
    assert told[0] == told[1]
    assert len(told[0].splitlines()) > 25
