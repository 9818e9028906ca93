"""Finding a road by its name in any of the three languages."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.traffic.roads import Road, RoadKind, list_roads, middle_of

MOST = 20


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Words to look for."""

    text: Annotated[str, Meta(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class Found:
    """One road; of a road of many segments, the one in its middle."""

    id: str
    name: Text
    kind: RoadKind
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class FoundRoads:
    """At most twenty: names that begin with the words first, then names that contain them; segments first."""

    results: list[Found]


def search_roads(city: City, query: SearchQuery, _caller: Caller) -> FoundRoads:
    """Answer which roads are called like this, in English or Chinese."""
    wanted = normalised(query.text)
    if not wanted:
        return FoundRoads([])
    ranked = [(rank, road) for road in list_roads(city) if (rank := _rank(road, wanted)) is not None]
    by_name: dict[tuple[int, str, str], list[Road]] = {}
    for rank, road in ranked:
        by_name.setdefault((rank, road.kind, road.name.en or road.name.tc), []).append(road)
    best = sorted(by_name.items(), key=lambda item: (item[0][0], item[0][1] != "segment", item[0][2]))[:MOST]
    return FoundRoads([_found(roads[len(roads) // 2]) for _, roads in best])


def normalised(words: str) -> str:
    """Letters and digits alone, in one case and one width."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _rank(road: Road, wanted: str) -> int | None:
    """0 where a name begins with ``wanted``, 1 where it contains it, None elsewhere."""
    names = [normalised(name) for name in (road.name.en, road.name.tc, road.name.sc)]
    if any(name.startswith(wanted) for name in names):
        return 0
    return 1 if any(wanted in name for name in names) else None


def _found(road: Road) -> Found:
    lon, lat = middle_of(road)
    return Found(road.id, road.name, road.kind, lon, lat)
