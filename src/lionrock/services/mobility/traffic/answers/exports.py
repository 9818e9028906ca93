"""The speeds and the volumes that the map shows, to take away: CSV and GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from lionrock.city.city import City
from lionrock.city.moments import past_moment
from lionrock.core.manifest import Caller
from lionrock.core.spreadsheets import csv_text
from lionrock.services.mobility.traffic.answers.network import NetworkQuery, draw_network
from lionrock.services.mobility.traffic.answers.speeds import Speeds, SpeedsQuery, ages_s, list_speeds
from lionrock.services.mobility.traffic.answers.volumes import DetectorVolumes, EachQuery, count_each
from lionrock.services.mobility.traffic.datasets import VOLUME
from lionrock.services.mobility.traffic.measured import newest_of_lanes_us, step_before
from lionrock.services.mobility.traffic.roads import Road, list_roads

ROAD = ("id", "kind", "name_en", "name_tc", "name_sc", "direction")
SPEEDS = ("speed_kmh", "low_kmh", "high_kmh", "age_s", "at", "issued_at", "source", "simulated")
VOLUMES = ("vehicles_per_h", "age_s", "at", "source", "simulated")


def speeds_as_csv(city: City, query: SpeedsQuery, caller: Caller) -> str:
    """Answer the speeds as CSV, one road a line; an unknown value is an empty cell."""
    speeds = list_speeds(city, query, caller)
    at, issued = (moment.isoformat() if moment else "" for moment in (speeds.at, speeds.issued_at))
    told = (at, issued, speeds.source, speeds.simulated)
    return _as_csv(city, SPEEDS, ((road, *values, *told) for road, values in by_road(speeds).items()))


def speeds_as_geojson(city: City, query: SpeedsQuery, caller: Caller) -> str:
    """Answer the speeds as GeoJSON: the network with a speed on every road that has one."""
    speeds = list_speeds(city, query, caller)
    network: dict[str, Any] = msgspec.to_builtins(draw_network(city, NetworkQuery(), caller))
    values = by_road(speeds)
    for feature in network["features"]:
        speed, low, high, age = values.get(feature["id"], (None, None, None, None))
        feature["properties"] |= {"speed_kmh": speed, "low_kmh": low, "high_kmh": high, "age_s": age}
    told = {"at": speeds.at, "issued_at": speeds.issued_at, "departure_min": speeds.departure_min}
    return msgspec.json.encode(network | told).decode()


def volumes_as_csv(city: City, query: EachQuery, _caller: Caller) -> str:
    """Answer what every detector counts as CSV, one a line; an unknown value is an empty cell."""
    told, ages = _counted(city, query)
    rows = zip(told.ids, told.vehicles_per_h, ages, strict=True)
    ends = (told.at.isoformat(), city.source.value, city.simulated)
    return _as_csv(city, VOLUMES, ((*row, *ends) for row in rows))


def volumes_as_geojson(city: City, query: EachQuery, caller: Caller) -> str:
    """Answer what every detector counts as GeoJSON: the network's detectors, each with its count where it has one."""
    told, ages = _counted(city, query)
    network: dict[str, Any] = msgspec.to_builtins(draw_network(city, NetworkQuery(), caller))
    network["features"] = [one for one in network["features"] if one["properties"]["kind"] == "detector"]
    values = {road: each for road, *each in zip(told.ids, told.vehicles_per_h, ages, strict=True)}
    for feature in network["features"]:
        vehicles, age = values.get(feature["id"], (None, None))
        feature["properties"] |= {"vehicles_per_h": vehicles, "age_s": age}
    return msgspec.json.encode(network | {"at": told.at}).decode()


Row = tuple[float | None, float | None, float | None, float | None]


def by_road(speeds: Speeds) -> dict[str, Row]:
    """Speed, low, high and age of each road."""
    nothing: list[float | None] = [None] * len(speeds.ids)
    rows = zip(
        speeds.ids, speeds.speed_kmh, speeds.low_kmh or nothing, speeds.high_kmh or nothing, speeds.age_s, strict=True
    )
    return {road: (speed, low, high, age) for road, speed, low, high, age in rows}


def _counted(city: City, query: EachQuery) -> tuple[DetectorVolumes, list[float | None]]:
    """What every detector counts, and how long ago it last did; of a past moment that is not told."""
    now = city.now()
    told = count_each(city, step_before(now if query.at is None else past_moment(city, query.at)))
    if query.at is not None:
        return told, [None] * len(told.ids)
    return told, ages_s(tuple(told.ids), newest_of_lanes_us(city, VOLUME), now)


def _as_csv(city: City, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    """Rows that begin with a road's id, the road's words put in after it."""
    roads = {road.id: road for road in list_roads(city)}

    def words(road: Road | None) -> tuple[str, ...]:
        return (road.kind, road.name.en, road.name.tc, road.name.sc, road.direction) if road else ("",) * 5

    return csv_text((*ROAD, *columns), ((road_id, *words(roads.get(road_id)), *values) for road_id, *values in rows))
