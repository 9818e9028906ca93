"""How well announcements are read and placed: on the recorded news, and on the twin's, whose places are known.

The recorded messages name road, direction and landmark in fields of their own, beside the sentences: the
sentences alone are read, and held against the fields. None of them has coordinates, so that places are
held against bus stops of the landmark's name, which the matcher never sees. In the twin every incident's place is
known; its messages' coordinates are held back.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any

from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Event, Feature, NotFound, Text, moment_of, simplify
from lionrock.services.mobility.incidents.atlas import Atlas, build_atlas, name_key
from lionrock.services.mobility.incidents.chinese import read_chinese
from lionrock.services.mobility.incidents.english import read_english
from lionrock.services.mobility.incidents.matching import Match, match
from lionrock.services.mobility.incidents.metres import Point, distance_m
from lionrock.services.mobility.incidents.told import Told
from lionrock.services.mobility.incidents.wording import read_message, read_place
from lionrock.services.mobility.traffic.feeds.detectors import parse_detectors
from lionrock.services.mobility.traffic.irn import parse_irn
from lionrock.services.mobility.traffic.recordings import parse_news_versions
from lionrock.twin.detectors import list_detectors
from lionrock.twin.incidents import list_incidents
from lionrock.twin.network import list_links
from lionrock.twin.news import describe

NEWS, NETWORK = "td_special_traffic_news/traffic_accident_*.xlsx", "td_irn_network/RdNet_IRNP.gdb"
PLACES, STOPS = "td_detectors/traffic_speed_volume_occ_info.csv", "eta_kmb/kmb_all_stops_*.csv.gz"
ROAD_INCIDENT = "road_incident"
ONE_PLACE_M = 400.0  # stops of one name that lie within this are one place
TWIN_SEED, TWIN_DAYS, TWIN_FROM = 7, 30, date(2026, 3, 1)
ONE_WAY = {"travel_direction": 3}
LOOSE = re.compile(r"\W|_|flyover|天桥|支路")
PARTS = ("road", "direction", "near")
READERS: dict[str, Callable[[str], Told]] = {"en": read_english, "sc": read_chinese}


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded news of a folder, the roads and detectors beside it, and bus stops by name."""

    events: list[Event]
    atlas: Atlas
    stops: dict[str, Point]


def evaluate_text(folder: Path) -> dict[str, Any]:
    """Read and place every message of the recording in ``folder``, and those of a month of the twin.

    Without the recording the twin's part alone is there.
    """
    try:
        recorded: dict[str, Any] | None = _score_recorded(read_recorded(folder))
    except NotFound as absent:
        recorded = {"absent": str(absent)}
    return {"recorded": recorded, "twin": _score_twin()}


def read_recorded(folder: Path) -> Recorded:
    """The recording's messages about roads, and what places them; raises NotFound where they are absent."""
    events = [
        event
        for _, _, records in parse_news_versions(_only(folder, NEWS))
        for event in records
        if isinstance(event, Event) and event.kind == ROAD_INCIDENT and "closed_by" not in event.properties
    ]
    roads = [record for _, _, records in parse_irn(_only(folder, NETWORK)) for record in records]
    places = _only(folder, PLACES)
    download = Download(body=places.read_bytes(), url=places.name, received_at=moment_of(0))
    atlas = build_atlas((road for road in roads if isinstance(road, Feature)), parse_detectors(download))
    return Recorded(events, atlas, _stops(_only(folder, STOPS)))


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise NotFound(f"no {pattern} in {folder}; say where it lies with --data-dir")
    return found[0]


def _stops(path: Path) -> dict[str, Point]:
    """Bus stops by the key of their English name, where all stops of the name lie together."""
    places: dict[str, list[Point]] = {}
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            name = re.sub(r"\(.*?\)", "", row["name_en"]).strip()
            places.setdefault(name_key(name), []).append((float(row["long"]), float(row["lat"])))
    middles = {key: (fmean(p[0] for p in points), fmean(p[1] for p in points)) for key, points in places.items()}
    return {
        key: middle
        for key, middle in middles.items()
        if key and all(distance_m(point, middle) <= ONE_PLACE_M for point in places[key])
    }


def _score_recorded(recorded: Recorded) -> dict[str, Any]:
    read = {language: _score_reading(recorded.events, language, reader) for language, reader in READERS.items()}
    matches = [(event, match(read_message(Text(), event.detail), recorded.atlas)) for event in recorded.events]
    count = len(matches)
    found = {
        "messages": count,
        "road_named": sum(bool(read_message(Text(), event.detail).road) for event, _ in matches) / count,
        "road_on_map": sum(
            bool(recorded.atlas.find_road(read_message(Text(), event.detail).road)) for event, _ in matches
        )
        / count,
        "direction_named": sum(_has_direction(read_message(Text(), event.detail)) for event, _ in matches) / count,
        "coordinates": sum(one.lon is not None for _, one in matches) / count,
        "coordinates_by_landmark": sum(one.how == "landmark" for _, one in matches) / count,
    }
    errors = [_error(event, one, recorded.stops) for event, one in matches]
    return {"read": read, "found": found, "error_m": _spread([error for error in errors if error is not None])}


def _has_direction(told: Told) -> bool:
    return bool(told.direction) or told.both


def _error(event: Event, one: Match, stops: dict[str, Point]) -> float | None:
    """Metres from where a message was placed by its landmark to the bus stop of the landmark's name."""
    stop = stops.get(name_key(read_place(event.place.en).near))
    if stop is None or one.lon is None or one.lat is None or one.how != "landmark":
        return None
    return distance_m((one.lon, one.lat), stop)


def _score_reading(events: list[Event], language: str, reader: Callable[[str], Told]) -> dict[str, dict[str, float]]:
    """Of the messages whose fields name a part: how many sentences alone give the same, another, or nothing."""
    counts = {part: {"named": 0, "same": 0, "other": 0, "nothing": 0} for part in PARTS}
    for event in events:
        truth, told = read_place(event.place.say(language)), reader(event.detail.say(language))
        for part in PARTS:
            said, got = (LOOSE.sub("", simplify(getattr(one, part)).lower()) for one in (truth, told))
            if said:
                counts[part]["named"] += 1
                counts[part]["same" if said == got else "other" if got else "nothing"] += 1
    return {
        part: {"named": count["named"]} | {name: count[name] / count["named"] for name in ("same", "other", "nothing")}
        for part, count in counts.items()
    }


def _score_twin() -> dict[str, Any]:
    """Place a month of the twin's incidents by their words alone, in each language."""
    links = list_links()
    roads = [Feature(id=link.key, geometry=_line(link.points), title=link.road, properties=ONE_WAY) for link in links]
    detectors = [
        Feature(id=one.id, geometry={"type": "Point", "coordinates": [one.lon, one.lat]}, title=one.road)
        for one in list_detectors()
    ]
    atlas = build_atlas(roads, detectors)
    incidents = [one for day in range(TWIN_DAYS) for one in list_incidents(TWIN_SEED, TWIN_FROM + timedelta(day))]
    scored: dict[str, Any] = {"incidents": len(incidents)}
    for language in ("en", "tc", "sc"):
        reader = read_english if language == "en" else read_chinese
        told = [match(reader(describe(one, still=False).say(language)), atlas) for one in incidents]
        pairs = list(zip(incidents, told, strict=True))
        errors = [
            distance_m((found.lon, found.lat), (one.lon, one.lat))
            for one, found in pairs
            if found.lon is not None and found.lat is not None
        ]
        scored[language] = {
            "coordinates": len(errors) / len(pairs),
            "first_segment_right": fmean(found.links[:1] == (links[one.link].key,) for one, found in pairs),
            "segment_among_those_named": fmean(links[one.link].key in found.links for one, found in pairs),
            "error_m": _spread(errors),
        }
    return scored


def _line(points: Iterable[Point]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


def _spread(errors: list[float]) -> dict[str, float]:
    tenths = quantiles(errors, n=10)
    return {"count": len(errors), "median": median(errors), "p90": tenths[-1]}
