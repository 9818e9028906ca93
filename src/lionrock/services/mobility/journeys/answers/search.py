"""Places by name, for whoever writes where to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.services.mobility.journeys.desk import know_places
from lionrock.services.mobility.journeys.places import Place, find_places

MOST = 8


@dataclass(frozen=True, slots=True)
class PlacesQuery:
    """Words to look for, in any of the three languages."""

    text: Annotated[str, Meta(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """At most eight places, the likeliest first."""

    places: list[Place]


def search_places(city: City, query: PlacesQuery, _caller: Caller) -> FoundPlaces:
    """Answer which places, roads and car parks are called like this."""
    return FoundPlaces(find_places(know_places(city), query.text, MOST))
