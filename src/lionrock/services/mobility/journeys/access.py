"""From a door to the roads that are known, and back: the local streets between are not known, and said so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lionrock.commons.spatial.roads import Floats, Ints, Roads, plane
from lionrock.core.vocabulary import NotFound, Text
from lionrock.engines.routing.graph import Terminal

FARTHEST_M = 3000.0
AS_NEAR_M = (
    120.0  # links this much farther than the nearest are as good a place to join: the other carriageway, a corner
)
MOST_LINKS = 10
WINDING = 1.3  # streets are this much longer than the straight line
LOCAL_KMH = 20.0  # through local streets with their lights; assumed, not measured
M_PER_S = LOCAL_KMH / 3.6


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where a traveller may join or leave the network; ``nearest_m`` is the straight way to it."""

    terminals: tuple[Terminal, ...]
    nearest_m: float


def doorway(roads: Roads, lon: float, lat: float, farthest_m: float = FARTHEST_M) -> Doorway:
    """The nearest places on links to join at; raises NotFound where no known road is within ``farthest_m``."""
    here = plane(np.array([lon, lat]))
    distance_m, along_m = _distances(roads.pieces, here)
    order = np.argsort(distance_m)
    nearest_m = float(distance_m[order[0]])
    if nearest_m > farthest_m:
        raise NotFound(
            Text(
                en=f"no known road is within {farthest_m / 1000:g} km of {lat:.4f}, {lon:.4f}",
                tc=f"{lat:.4f}, {lon:.4f} 的 {farthest_m / 1000:g} 公里內沒有已知道路",
            )
        )
    chosen = _chosen(roads, order, distance_m, farthest_m)
    return Doorway(
        tuple(
            Terminal(
                int(roads.piece_link[piece]),
                float(roads.piece_along_m[piece] + along_m[piece]),
                float(distance_m[piece]) * WINDING / M_PER_S,
            )
            for piece in chosen
        ),
        nearest_m,
    )


def _chosen(roads: Roads, order: Ints, distance_m: Floats, farthest_m: float) -> list[int]:
    """The nearest piece of each near link, and of each near link of the part where one can come and go."""
    chosen: dict[int, int] = {}
    for among in (order, order[roads.main[roads.piece_link[order]]]):
        if not len(among) or distance_m[among[0]] > farthest_m:
            continue
        reach = distance_m[among[0]] + AS_NEAR_M
        near: dict[int, int] = {}
        for piece in among[: np.searchsorted(distance_m[among], reach, side="right")].tolist():
            near.setdefault(int(roads.piece_link[piece]), piece)
            if len(near) == MOST_LINKS:
                break
        chosen = near | chosen
    return list(chosen.values())


def _distances(pieces: Floats, here: Floats) -> tuple[Floats, Floats]:
    """How far each straight piece is from ``here``, and how far along it the nearest point lies."""
    begin, step = pieces[:, :2], pieces[:, 2:] - pieces[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    along = np.einsum("ij,ij->i", here - begin, step)
    along = np.clip(np.divide(along, length, out=np.zeros_like(length), where=length > 0), 0.0, length)
    share = np.divide(along, length, out=np.zeros_like(length), where=length > 0)
    gap = begin + step * share[:, None] - here
    distance: Floats = np.hypot(gap[:, 0], gap[:, 1])
    return distance, along
