"""Where the roads are, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lionrock.city.city import City
from lionrock.core.vocabulary import Text

DETECTORS, NETWORK = "traffic.detectors", "traffic.road_network"


@dataclass(frozen=True, slots=True)
class Place:
    """A road's name and a point of it."""

    name: Text
    lon: float
    lat: float


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
