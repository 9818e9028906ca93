"""Where the roads are: their names, places, and the district whose rain gauges speak for them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lionrock.city.city import City
from lionrock.core.vocabulary import Text

# About the middle of each district's main roads, in degrees; the ids are those of weather.rainfall's sensors.
DISTRICTS: Mapping[str, tuple[float, float]] = {
    "central_western_district": (114.150, 22.282),
    "wan_chai": (114.180, 22.276),
    "eastern_district": (114.225, 22.280),
    "southern_district": (114.160, 22.245),
    "yau_tsim_mong": (114.170, 22.312),
    "sham_shui_po": (114.160, 22.331),
    "kowloon_city": (114.188, 22.325),
    "wong_tai_sin": (114.200, 22.343),
    "kwun_tong": (114.228, 22.312),
    "kwai_tsing": (114.115, 22.352),
    "tsuen_wan": (114.100, 22.372),
    "tuen_mun": (113.975, 22.395),
    "yuen_long": (114.030, 22.445),
    "north_district": (114.145, 22.500),
    "tai_po": (114.168, 22.450),
    "sha_tin": (114.190, 22.385),
    "sai_kung": (114.265, 22.330),
    "islands_district": (113.945, 22.290),
}
DETECTORS, NETWORK = "traffic.detectors", "traffic.road_network"


@dataclass(frozen=True, slots=True)
class Place:
    """A road's name and a point of it."""

    name: Text
    lon: float
    lat: float

    @property
    def district(self) -> str:
        """The district whose middle is nearest."""
        return min(DISTRICTS, key=lambda name: _away(DISTRICTS[name], self.lon, self.lat))


def places_of_roads(city: City) -> dict[str, Place]:
    """Every detector and segment that has a place, by id."""
    places = {}
    for dataset in (NETWORK, DETECTORS):
        for kept in city.records(city.dataset(dataset)):
            if kept.record.geometry is not None:
                lon, lat = _middle(kept.record.geometry)
                places[kept.id] = Place(kept.record.title, lon, lat)
    return places


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The point half-way along the points of a Point, LineString or MultiLineString."""
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return coordinates[0], coordinates[1]
    points = coordinates if geometry["type"] == "LineString" else [point for line in coordinates for point in line]
    lon, lat = points[len(points) // 2][:2]
    return lon, lat


def _away(place: tuple[float, float], lon: float, lat: float) -> float:
    return ((place[0] - lon) * math.cos(math.radians(lat))) ** 2 + (place[1] - lat) ** 2
