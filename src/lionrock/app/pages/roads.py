"""The roads as rows of the console's table, for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def rows_of_roads(network: Mapping[str, Any], speeds: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the console's table from the answers of ``traffic/network`` and ``traffic/speeds``.

    Both as plain mappings (``msgspec.to_builtins``). Roads whose speed is known come first, the slowest
    against its free flow before the others; the silent ones follow in the network's order.
    """
    told = zip(speeds["ids"], speeds["speed_kmh"], speeds["age_s"], strict=True)
    now = {road: (speed, age) for road, speed, age in told}
    rows = []
    for feature in network["features"]:
        speed, age = now.get(feature["id"], (None, None))
        said = {key: feature["properties"][key] for key in ("name", "direction", "free_flow_kmh")}
        rows.append({"id": feature["id"], **said, "speed_kmh": speed, "age_s": age})
    return sorted(rows, key=_slowness)


def _slowness(row: Mapping[str, Any]) -> float:
    speed, free = row["speed_kmh"], row["free_flow_kmh"]
    return float("inf") if speed is None or not free else speed / free
