"""Places by name: where a journey may begin and end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from lionrock.city.gazetteer import list_places
from lionrock.city.place import in_city
from lionrock.commons.spatial.roads import plane
from lionrock.core.records import Kept
from lionrock.core.vocabulary import BadInput, Language, NotFound, Text
from lionrock.services.mobility.journeys.words import WORDS

Kind = Literal["place", "road", "car_park", "point"]
KINDS: tuple[Kind, ...] = ("place", "road", "car_park")
TWO_NUMBERS = re.compile(r"(-?\d{1,3}\.\d+)\s*[,，; ]\s*(-?\d{1,3}\.\d+)")
NEAR_M = 1500.0  # what lies farther off names no point
NAMES_OF_ANY_POINT = frozenset(
    WORDS[key].say(language) for key in ("journeys.here", "journeys.map_point") for language in Language
)
NAMES_REMEMBERED = 20_000  # all of a city's roads and places in its languages
HALF_A_CIRCLE = 90.0  # no latitude is larger


@dataclass(frozen=True, slots=True)
class Place:
    """A named point, WGS 84."""

    name: Text
    kind: Kind
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Index:
    """Every known place with its names as they are compared."""

    entries: tuple[tuple[Place, tuple[str, ...]], ...]


def index_places(features: list[Kept], car_parks: list[Kept]) -> Index:
    """The places of the gazetteer, the named roads and the car parks."""
    places = [*_gazetteer(), *_roads(features), *_car_parks(car_parks)]
    return Index(tuple((place, tuple(plain(name) for name in _names(place))) for place in places))


def find_places(index: Index, text: str, most: int) -> list[Place]:
    """Places whose name in any language contains ``text``: those called so, then those that begin so, then others."""
    wanted = plain(text)
    if not wanted:
        return []
    ranked = [(rank, place) for place, names in index.entries if (rank := _rank(names, wanted)) is not None]
    ranked.sort(key=lambda one: (one[0], KINDS.index(one[1].kind), len(one[1].name.en), one[1].name.en))
    named: dict[tuple[str, str], Place] = {}
    for _, place in ranked:
        named.setdefault((place.kind, place.name.en or place.name.tc), place)
    return list(named.values())[:most]


def get_place(index: Index, text: str, where: str) -> Place:
    """The place that somebody means: two coordinates in either order, or a name.

    Raises BadInput for nothing and for coordinates outside the city, NotFound for a name that nobody bears.
    """
    point = TWO_NUMBERS.search(text)
    if point is not None:
        return _point(index, text, float(point[1]), float(point[2]), where)
    if not plain(text):
        raise BadInput(
            Text(en="no place is named", tc="沒有填寫地點"),
            where=where,
            remedy=Text(
                en="a name, or coordinates such as 22.2811, 114.1705", tc="可填名稱或座標，例如 22.2811, 114.1705"
            ),
        )
    found = find_places(index, text, 1)
    if not found or (plain(text).isdecimal() and plain(text) not in map(plain, _names(found[0]))):  # a bare number
        raise NotFound(
            Text(en=f"no place or road known here is called {text!r}", tc=f"沒有名為「{text}」的已知地方或道路")
        )
    return found[0]


@lru_cache(maxsize=NAMES_REMEMBERED)
def plain(words: str) -> str:
    """Letters and digits alone, in one case and one width."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", words).casefold() if letter.isalnum())


def _point(index: Index, text: str, first: float, second: float, where: str) -> Place:
    """The point, called as whoever typed it calls it, else by what is near: a page's own words name every point."""
    lon, lat = (first, second) if abs(first) > HALF_A_CIRCLE else (second, first)
    if not in_city(lon, lat):
        raise BadInput(Text(en=f"{lat}, {lon} lies outside the city", tc=f"{lat}, {lon} 在本市範圍以外"), where=where)
    words = TWO_NUMBERS.sub("", text).strip(" ()（）")
    if words and words not in NAMES_OF_ANY_POINT:
        return Place(Text(en=words, tc=words, sc=words), "point", lon, lat)
    if (near := _nearest(index, lon, lat)) is not None:
        return Place(Text(en=f"near {near.en or near.tc}", tc=f"{near.tc or near.en}附近"), "point", lon, lat)
    words = f"{lat:.4f}, {lon:.4f}"
    return Place(Text(en=words, tc=words, sc=words), "point", lon, lat)


def _nearest(index: Index, lon: float, lat: float) -> Text | None:
    """What the nearest place or car park within NEAR_M is called; a road is named at one point of many kilometres."""
    known = [place for place, _ in index.entries if place.kind != "road"]
    points = plane(np.array([(lon, lat), *((place.lon, place.lat) for place in known)]))
    apart_m = np.hypot(*(points[1:] - points[0]).T)
    return known[int(apart_m.argmin())].name if known and apart_m.min() <= NEAR_M else None


def _names(place: Place) -> tuple[str, str, str]:
    return place.name.en, place.name.tc, place.name.sc


def _rank(names: tuple[str, ...], wanted: str) -> int | None:
    """0 where one is ``wanted``, 1 where one begins with it, 2 where one contains it, None elsewhere."""
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    return 2 if any(wanted in name for name in names) else None


def _gazetteer() -> Iterator[Place]:
    return (Place(place.name, "place", place.lon, place.lat) for place in list_places() if place.travelled)


def _car_parks(features: list[Kept]) -> Iterator[Place]:
    for kept in features:
        if kept.record.geometry is not None:
            yield Place(kept.record.title, "car_park", *kept.record.geometry["coordinates"])


def _roads(features: list[Kept]) -> Iterator[Place]:
    """Every named road once, at the middle of the feature in the middle."""
    by_name: dict[str, list[Kept]] = {}
    for kept in features:
        if kept.record.geometry is not None and (kept.record.title.en or kept.record.title.tc):
            by_name.setdefault(kept.record.title.en or kept.record.title.tc, []).append(kept)
    for pieces in by_name.values():
        record = pieces[len(pieces) // 2].record
        lines = record.geometry["coordinates"]
        line = lines[len(lines) // 2] if record.geometry["type"] == "MultiLineString" else lines
        lon, lat = line[len(line) // 2][:2]
        yield Place(record.title, "road", lon, lat)
