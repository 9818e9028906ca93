"""The twin's bus lines: where they run, where they stop, and how often. Numbers, ways and stops are ours.

A line follows the fastest way at the limits between its junctions. Stops stand along urban roads about
every 600 metres, at interchanges of trunk roads, and on expressways and in tunnels only where a line
begins or ends.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import Text
from lionrock.twin.feeds.journeys import fastest_links
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.network import Link, list_links, point_along

KMB, CITYBUS = "KMB", "CTB"
STOP_EVERY_M = 600.0
URBAN_KMH, FAST_KMH = 70, 80  # beyond the first one stop a link, beyond the second none
INTERCHANGE_M = 1000.0  # the shortest fast link that has a stop
FIRST_SHARE, LAST_SHARE = 0.15, 0.85  # of the first and the last link: where a line begins and ends


@dataclass(frozen=True, slots=True)
class BusStop:
    """A stop on a link; operators number their own."""

    id: str
    name: Text
    column: int
    share: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """A line's way cut at stops and junctions: ``section[i]`` is the number of the stop that piece i leaves."""

    section: NDArray[np.int64]
    column: NDArray[np.int64]
    length_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BusLine:
    """One direction of a route; ``headway_min`` between departures at midday."""

    operator: str
    route: str
    bound: str
    via: tuple[str, ...]
    headway_min: float

    @property
    def start(self) -> Text:
        """Where it begins."""
        return JUNCTIONS[self.via[0]].place

    @property
    def end(self) -> Text:
        """Where it ends."""
        return JUNCTIONS[self.via[-1]].place


TABLE: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    (KMB, "1R", 8, ("sau-mau-ping", "choi-hung", "kowloon-city", "ho-man-tin", "tsim-sha-tsui")),
    (KMB, "2R", 7, ("lai-chi-kok", "sham-shui-po", "mong-kok", "jordan", "tsim-sha-tsui")),
    (KMB, "3R", 9, ("lam-tin", "kwun-tong", "choi-hung", "tai-wo-ping", "mei-foo")),
    (KMB, "101R", 8, ("kwun-tong", "kai-tak", "hung-hom", "cross-harbour-south", "central")),
    (KMB, "58R", 8, ("tuen-mun", "so-kwun-wat", "chai-wan-kok", "kwai-fong", "lai-chi-kok")),
    (KMB, "68R", 10, ("tin-shui-wai", "yuen-long", "kam-tin", "ting-kau", "mei-foo", "olympic")),
    (KMB, "73R", 9, ("sheung-shui", "fanling", "tai-po", "ma-liu-shui", "sha-tin", "kowloon-tong", "prince-edward")),
    (KMB, "81R", 7, ("fo-tan", "sha-tin", "tai-wai", "sham-shui-po", "mong-kok")),
    (KMB, "89R", 8, ("wu-kai-sha", "ma-on-shan", "shek-mun", "siu-lek-yuen", "diamond-hill", "kwun-tong")),
    (KMB, "98R", 8, ("lohas-park", "tseung-kwan-o", "po-lam", "lam-tin", "kwun-tong")),
    (KMB, "30R", 9, ("tsuen-wan", "kwai-chung", "lai-chi-kok", "mong-kok")),
    (KMB, "E33R", 12, ("tuen-mun", "tuen-mun-south", "boundary-island", "airport")),
    (CITYBUS, "A29R", 12, ("central", "western", "west-kowloon", "mei-foo", "tsing-yi", "airport")),
    (CITYBUS, "102R", 8, ("shau-kei-wan", "quarry-bay", "lam-tin", "kwun-tong", "choi-hung")),
    (CITYBUS, "970R", 10, ("aberdeen", "pok-fu-lam", "kennedy-town", "western", "west-kowloon", "sham-shui-po")),
)  # fmt: skip


@cache
def list_lines() -> tuple[BusLine, ...]:
    """Both directions of every route."""
    lines: list[BusLine] = []
    for operator, route, headway_min, via in TABLE:
        lines.append(BusLine(operator, route, "O", via, headway_min))
        lines.append(BusLine(operator, route, "I", via[::-1], headway_min))
    return tuple(lines)


def lines_of(operator: str) -> tuple[BusLine, ...]:
    """The lines of one operator."""
    return tuple(line for line in list_lines() if line.operator == operator)


@cache
def list_stops(line: BusLine) -> tuple[BusStop, ...]:
    """The stops of a line, in order."""
    columns = way_of(line)
    shares = [share for place, column in enumerate(columns) for share in _shares(place, column, len(columns))]
    return tuple(_stop(line.operator, column, share) for column, share in shares)


@cache
def way_of(line: BusLine) -> tuple[int, ...]:
    """The columns of the links that a line runs."""
    return tuple(column for start, end in pairwise(line.via) for column in fastest_links(start, end))


@cache
def pieces_of(line: BusLine) -> Pieces:
    """A line's way as pieces of links between its stops."""
    links, stops = list_links(), list_stops(line)
    cut: list[tuple[int, int, float]] = []
    waiting = list(stops)
    left = -1
    for here in way_of(line):
        share = 0.0
        while waiting and waiting[0].column == here and waiting[0].share >= share:
            stop = waiting.pop(0)
            cut.append((left, here, (stop.share - share) * links[here].length_m))
            left, share = left + 1, stop.share
        cut.append((left, here, (1 - share) * links[here].length_m))
    between = [piece for piece in cut if 0 <= piece[0] < len(stops) - 1]
    section, column, length_m = zip(*between, strict=True)
    return Pieces(np.array(section, np.int64), np.array(column, np.int64), np.array(length_m, np.float64))


def _shares(place: int, column: int, count: int) -> list[tuple[int, float]]:
    link = list_links()[column]
    if place == 0:
        return [(column, FIRST_SHARE)]
    if place == count - 1:
        return [(column, LAST_SHARE)]
    if link.limit_kmh > FAST_KMH or link.tunnel:
        return []
    if link.limit_kmh > URBAN_KMH:
        return [(column, 0.5)] if link.length_m >= INTERCHANGE_M else []
    number = max(1, round(link.length_m / STOP_EVERY_M))
    return [(column, round((index + 0.5) / number, 3)) for index in range(number)]


@cache
def _stop(operator: str, column: int, share: float) -> BusStop:
    link = list_links()[column]
    digest = hashlib.blake2b(f"{operator}/{link.route_id}/{share}".encode(), digest_size=8).hexdigest().upper()
    lon, lat = point_along(link, share)[0]
    stop_id = digest if operator == KMB else f"{int(digest, 16) % 1_000_000:06d}"
    return BusStop(stop_id, _name(operator, link, share), column, share, round(lon, 6), round(lat, 6))


def _name(operator: str, link: Link, share: float) -> Text:
    place = JUNCTIONS[link.start if share < 0.5 else link.end].place  # noqa: PLR2004 - the nearer end
    if operator == KMB:
        code = f"({link.route_id % 1000:03d}{round(share * 10)})"
        return Text(en=f"{link.road.en}, {place.en} {code}".upper(), tc=f"{place.tc}{link.road.tc} {code}")
    return Text(en=f"{place.en}, {link.road.en}", tc=f"{place.tc}, {link.road.tc}")
