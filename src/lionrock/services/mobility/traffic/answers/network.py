"""The roads on the map: where they are and how fast they are when they are free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.traffic.roads import FreeFlow, Road, RoadKind, free_flow, list_roads


@dataclass(frozen=True, slots=True)
class NetworkQuery:
    """The whole network; nothing to say."""


@dataclass(frozen=True, slots=True)
class RoadProperties:
    """What a road is called. ``straight``: a line between its ends, because its shape is not known.

    ``free_flow_assumed``: so little was measured of it that its free flow is a guess.
    """

    name: Text
    direction: str
    free_flow_kmh: float | None
    free_flow_assumed: bool
    kind: RoadKind
    straight: bool


@dataclass(frozen=True, slots=True)
class RoadFeature:
    """A GeoJSON feature: a line for a segment, a point for a detector."""

    id: str
    geometry: Mapping[str, Any]
    properties: RoadProperties
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True)
class Network:
    """A GeoJSON feature collection of all roads."""

    source: str
    simulated: bool
    features: list[RoadFeature]
    type: Literal["FeatureCollection"] = "FeatureCollection"


def draw_network(city: City, _query: NetworkQuery, _caller: Caller) -> Network:
    """Answer where the segments and detectors are."""
    roads = list_roads(city)
    free = free_flow(city, roads)
    features = [
        RoadFeature(road.id, road.geometry, properties_of(road, free.get(road.id)))
        for road in roads
        if road.geometry is not None
    ]
    return Network(city.source.value, city.simulated, features)


def properties_of(road: Road, free: FreeFlow | None) -> RoadProperties:
    """The properties of one road's feature."""
    kmh, assumed = (None, False) if free is None else free
    return RoadProperties(road.name, road.direction, kmh, assumed, road.kind, road.straight)
