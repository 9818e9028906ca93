"""Segment speeds (``irnAvgSpeed-all.xml``) and the road network whose ROUTE_ID they name."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from lionrock.twin.calendar import HONG_KONG, local_day
from lionrock.twin.chance import number_for
from lionrock.twin.city import TwinCity
from lionrock.twin.network import Link, list_links

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><segment_speed_list xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="https://static.data.gov.hk/td/traffic-data-strategic-major-roads/info/SpeedSegments-BR.xsd">'
)
IRN_VERSION = "20221210"
LAG_MINUTES = 4
NULL_EN, NULL_TC = "-99", "-９９"  # how the network's table writes that there is no value
ONE_WAY = 3  # TRAVEL_DIRECTION: traffic runs as the line is drawn
ALWAYS_OFFLINE_PER_MILLE = 8
OFFLINE_PER_MILLE = 6
FASTEST_KMH = 121.0
GENERAL_LIMIT_KMH = 50


def content_time(published: datetime) -> datetime:
    """The minute that a file published at ``published`` speaks of."""
    return published - timedelta(minutes=LAG_MINUTES)


def is_offline(seed: int, link: Link, moment: datetime) -> bool:
    """Whether a segment is marked not valid: some always are, others for an hour at a time."""
    if number_for(seed, link.route_id, "always offline") % 1000 < ALWAYS_OFFLINE_PER_MILLE:
        return True
    return number_for(seed, link.route_id, int(moment.timestamp() // 3600), "offline") % 1000 < OFFLINE_PER_MILLE


def segment_speeds(city: TwinCity, at: datetime) -> list[float]:
    """Mean speed of every link in km/h, to a tenth, over the two minutes that end at ``at``."""
    rows = [
        truth.link_speed[period]
        for truth, period in (city.period_at(at - timedelta(seconds=s)) for s in (30, 60, 90, 120))
    ]
    means = np.mean(rows, axis=0) / 10
    return [min(round(float(mean), 1), FASTEST_KMH) for mean in means]


def render_speeds(city: TwinCity, published: datetime) -> bytes:
    """The segment speeds file published at ``published``; speeds not valid are whole numbers, valid ones decimals."""
    at = content_time(published)
    local = at.astimezone(HONG_KONG)
    parts = [
        HEAD,
        f"<date>{local_day(at).isoformat()}</date><time>{local:%H:%M:%S}</time>",
        f"<irn_version>{IRN_VERSION}</irn_version><segments>",
    ]
    for link, speed in zip(list_links(), segment_speeds(city, at), strict=True):
        offline = is_offline(city.seed, link, at)
        shown, valid = (str(link.limit_kmh), "N") if offline else (f"{speed:.1f}", "Y")
        parts.append(
            f"<segment><segment_id>{link.route_id}</segment_id><speed>{shown}</speed><valid>{valid}</valid></segment>"
        )
    parts.append("</segments></segment_speed_list>")
    return "".join(parts).encode()


def render_segment_list() -> bytes:
    """``speed_segments_info.csv``: which route each segment belongs to."""
    lines = ["irn_id,ucase(route)"]
    lines += [f"{link.route_id},{link.route or link.road.en.upper()}" for link in list_links()]
    return ("\n".join(lines) + "\n").encode()


def render_centerlines() -> bytes:
    """The network's CENTERLINE layer as GeoJSON, with the columns of the real table.

    SPEED_LIMIT and LANES are ours: in the real network limits are another layer and lanes are nowhere.
    """
    return _collection(
        "CENTERLINE", [_feature(number, link, _centerline(link)) for number, link in enumerate(list_links(), 1)]
    )


def render_speed_limits() -> bytes:
    """The network's SPEED_LIMIT layer: only limits other than the general 50 km/h are listed there."""
    limited = [link for link in list_links() if link.limit_kmh != GENERAL_LIMIT_KMH]
    rows = [
        _feature(number, link, {"ROAD_ROUTE_ID": link.route_id, "SPEED_LIMIT": str(link.limit_kmh)})
        for number, link in enumerate(limited, 1)
    ]
    return _collection("SPEED_LIMIT", rows)


def _centerline(link: Link) -> dict[str, Any]:
    return {
        "STREET_ENAME": link.road.en.upper(),
        "STREET_CNAME": link.road.tc,
        "ELEVATION": -1 if link.tunnel else 1 if link.limit_kmh > GENERAL_LIMIT_KMH else 0,
        "ST_CODE": str(10_000 + int(link.route_id)),
        "EXIT_NUM": NULL_EN,
        "ROUTE_NUM": link.route or NULL_EN,
        "REMARKS": NULL_EN,
        "ROUTE_ID": link.route_id,
        "TRAVEL_DIRECTION": ONE_WAY,
        "CRE_DATE": "2022-12-10T00:00:00",
        "LAST_UPD_DATE_V": "2022-12-10T00:00:00",
        "ALIAS_ENAME": NULL_EN,
        "ALIAS_CNAME": NULL_TC,
        "SHAPE_Length": link.length_m,
        "SPEED_LIMIT": str(link.limit_kmh),
        "LANES": link.lanes,
    }


def _feature(number: int, link: Link, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": number,
        "geometry": {"type": "MultiLineString", "coordinates": [[list(point) for point in link.points]]},
        "properties": {"OBJECTID": number, **properties},
    }


def _collection(name: str, features: list[dict[str, Any]]) -> bytes:
    body = {
        "type": "FeatureCollection",
        "name": name,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        "features": features,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
