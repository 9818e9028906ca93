"""Incidents to take away: GeoJSON and CSV."""

from __future__ import annotations

from typing import Any

import msgspec

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.spreadsheets import csv_text
from lionrock.services.mobility.incidents.answers.incidents import IncidentsQuery, list_incidents
from lionrock.services.mobility.incidents.answers.shown import Shown

COLUMNS = (
    "id", "state", "kind", "title_en", "title_tc", "title_sc", "road", "direction", "near", "heading", "lanes", "links",
    "lon", "lat", "error_m", "located_by", "began", "updated", "cleared_at", "closed_at", "closed_by", "sources",
    "left_p10_min", "left_p50_min", "left_p90_min", "source", "simulated",
)  # fmt: skip


def incidents_as_geojson(city: City, query: IncidentsQuery, caller: Caller) -> str:
    """Answer the incidents as GeoJSON; one whose place nobody knows has no geometry."""
    found = list_incidents(city, query, caller)
    features = [_feature(incident) for incident in found.incidents]
    collection = {"type": "FeatureCollection", "features": features, "at": found.at}
    return msgspec.json.encode(collection | {"source": found.source, "simulated": found.simulated}).decode()


def incidents_as_csv(city: City, query: IncidentsQuery, caller: Caller) -> str:
    """Answer the incidents as CSV, one a line; an unknown value is an empty cell, lists are joined by spaces."""
    found = list_incidents(city, query, caller)
    return csv_text(COLUMNS, ((*_row(one), found.source, found.simulated) for one in found.incidents))


def _row(one: Shown) -> tuple[Any, ...]:
    left = (one.left.p10_min, one.left.p50_min, one.left.p90_min) if one.left else (None, None, None)
    times = [moment.isoformat() if moment else "" for moment in (one.began, one.updated, one.cleared_at, one.closed_at)]
    return (
        *(one.id, one.state.value, one.kind, one.title.en, one.title.tc, one.title.sc, one.road, one.direction),
        *(one.near, one.heading, " ".join(one.lanes), " ".join(one.links), one.lon, one.lat, one.error_m),
        *(one.located_by, *times, one.closed_by, " ".join(one.sources), *left),
    )


def _feature(incident: Shown) -> dict[str, Any]:
    placed = incident.lon is not None and incident.lat is not None
    geometry = {"type": "Point", "coordinates": [incident.lon, incident.lat]} if placed else None
    said = msgspec.to_builtins(incident)
    properties = {name: value for name, value in said.items() if name not in ("id", "lon", "lat")}
    return {"type": "Feature", "id": incident.id, "geometry": geometry, "properties": properties}
