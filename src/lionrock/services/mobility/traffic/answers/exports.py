"""The speeds that the map shows, to take away: CSV and GeoJSON."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.services.mobility.traffic.answers.network import NetworkQuery, draw_network
from lionrock.services.mobility.traffic.answers.speeds import Speeds, SpeedsQuery, list_speeds
from lionrock.services.mobility.traffic.roads import list_roads

COLUMNS = (
    "id", "kind", "name_en", "name_tc", "name_sc", "direction",
    "speed_kmh", "low_kmh", "high_kmh", "age_s", "at", "issued_at", "source", "simulated",
)  # fmt: skip


def speeds_as_csv(city: City, query: SpeedsQuery, caller: Caller) -> str:
    """Answer the speeds as CSV, one road a line; an unknown value is an empty cell."""
    speeds = list_speeds(city, query, caller)
    roads = {road.id: road for road in list_roads(city)}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for road_id, (speed, low, high, age) in by_road(speeds).items():
        road = roads.get(road_id)
        words = (road.kind, road.name.en, road.name.tc, road.name.sc, road.direction) if road else ("",) * 5
        at, issued = (moment.isoformat() if moment else "" for moment in (speeds.at, speeds.issued_at))
        writer.writerow((road_id, *words, speed, low, high, age, at, issued, speeds.source, speeds.simulated))
    return text.getvalue()


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


Row = tuple[float | None, float | None, float | None, float | None]


def by_road(speeds: Speeds) -> dict[str, Row]:
    """Speed, low, high and age of each road."""
    nothing: list[float | None] = [None] * len(speeds.ids)
    rows = zip(
        speeds.ids, speeds.speed_kmh, speeds.low_kmh or nothing, speeds.high_kmh or nothing, speeds.age_s, strict=True
    )
    return {road: (speed, low, high, age) for road, speed, low, high, age in rows}
