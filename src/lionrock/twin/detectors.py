"""The automatic incident detectors beside the roads: where they stand and which lanes they watch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lionrock.core.vocabulary import Text
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.network import Link, list_links, plane, point_along

LANE_NAMES: dict[int, tuple[str, ...]] = {
    1: ("Fast Lane",),
    2: ("Fast Lane", "Slow Lane"),
    3: ("Fast Lane", "Middle Lane", "Slow Lane"),
    4: ("Fast Lane", "Middle Lane 1", "Middle Lane 2", "Slow Lane"),
    6: ("Fast Lane", "Middle Lane 1", "Middle Lane 2", "Middle Lane 3", "Middle Lane 4", "Slow Lane"),
}
COMPASS = ("North", "North East", "East", "South East", "South", "South West", "West", "North West")
BOUND_WORDS = {"North": "北行", "East": "東行", "South": "南行", "West": "西行"}
SPACING_M = 2400.0  # one more detector for every such stretch of a link
TOLL_PLAZA, TOLL_PLAZA_LANES = "lantau-toll-plaza", 6  # the real feed too has six lanes, to "Middle Lane 4"
STREET_KMH, LANES_WORTH_WATCHING = 50, 3  # narrower streets have no detectors
PLACEHOLDER_SPEEDS_KMH = (50, 70, 80, 100, 110)


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector: ``link`` is its column in link arrays, ``first_lane`` its first row in lane arrays."""

    id: str
    link: int
    share: float
    lon: float
    lat: float
    direction: str
    rotation: int
    district: str
    road: Text
    lanes: tuple[str, ...]
    first_lane: int
    placeholder_kmh: int


@cache
def list_detectors() -> tuple[Detector, ...]:
    """Every detector in the order of lane arrays."""
    detectors: list[Detector] = []
    lanes = 0
    serial: dict[str, int] = {}
    for column, link in enumerate(list_links()):
        if link.limit_kmh == STREET_KMH and link.lanes < LANES_WORTH_WATCHING:
            continue
        count = 1 + int(link.length_m // SPACING_M)
        for number in range(count):
            detector = _place(column, link, (number + 0.5) / count, serial, lanes)
            detectors.append(detector)
            lanes += len(detector.lanes)
    return tuple(detectors)


def lane_count() -> int:
    """How many lanes all detectors watch together."""
    last = list_detectors()[-1]
    return last.first_lane + len(last.lanes)


def compass_point(bearing: float) -> str:
    """The nearest of eight compass points."""
    return COMPASS[round(bearing / 45) % 8]


def _place(column: int, link: Link, share: float, serial: dict[str, int], first_lane: int) -> Detector:
    (lon, lat), bearing = point_along(link, share)
    near = min((link.start, link.end), key=lambda name: _distance(name, lon, lat))
    junction = JUNCTIONS[near]
    heading = ("North", "East", "South", "West")[round(bearing / 90) % 4]
    lanes = TOLL_PLAZA_LANES if link.end == TOLL_PLAZA else link.lanes
    return Detector(
        id=_next_id(junction.district, heading, serial),
        link=column,
        share=share,
        lon=round(lon, 7),
        lat=round(lat, 8),
        direction=compass_point(bearing),
        rotation=round(bearing / 10) * 10 % 360,
        district=junction.district,
        road=Text(
            en=f"{link.road.en} near {junction.place.en} - {heading}bound",
            tc=f"{link.road.tc}近{junction.place.tc} - {BOUND_WORDS[heading]}",
        ),
        lanes=LANE_NAMES[lanes],
        first_lane=first_lane,
        placeholder_kmh=min(PLACEHOLDER_SPEEDS_KMH, key=lambda speed: abs(speed - link.limit_kmh)),
    )


def _distance(name: str, lon: float, lat: float) -> float:
    (x0, y0), (x1, y1) = plane((JUNCTIONS[name].lon, JUNCTIONS[name].lat)), plane((lon, lat))
    return (x1 - x0) ** 2 + (y1 - y0) ** 2


def _next_id(district: str, heading: str, serial: dict[str, int]) -> str:
    """AID, region, 1 for northbound and eastbound or 2 for the others, running number: as in the real feed."""
    region = sorted({junction.district for junction in JUNCTIONS.values()}).index(district) + 1
    prefix = f"AID{region:02d}{1 if heading in ('North', 'East') else 2}"
    serial[prefix] = serial.get(prefix, 0) + 1
    return f"{prefix}{serial[prefix]:02d}"
