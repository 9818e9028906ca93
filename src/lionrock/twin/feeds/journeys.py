"""Journey time indicators: ``Journeytimev2.xml``, minutes from a sign beside the road to a tunnel's far end.

Format as captured from the first version in 2017; the second has the same elements.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

from lionrock.twin.calendar import HONG_KONG
from lionrock.twin.chance import number_for
from lionrock.twin.city import TwinCity
from lionrock.twin.feeds.segments import segment_speeds
from lionrock.twin.network import list_links

HEAD = (
    '<jtis_journey_list xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://data.one.gov.hk/td"'
    ' xsi:schemaLocation="http://data.one.gov.hk/td http://data.one.gov.hk/xsd/td/journeytime.xsd">\n'
)
LAG_MINUTES = 2
LONGEST_MINUTES = 90  # beyond it the sign shows a bitmap instead of a number
RED, AMBER, GREEN, UNKNOWN = 1, 2, 3, -1
CONGESTED_BITMAP = 1
UNAVAILABLE_PER_MILLE = 4


@dataclass(frozen=True, slots=True)
class Journey:
    """From the sign ``location`` at the first junction through ``via`` to ``destination``."""

    location: str
    destination: str
    via: tuple[str, ...]


CROSS, EAST, WEST = ("cross-harbour-south", "hung-hom"), ("quarry-bay", "lam-tin"), ("western", "west-kowloon")
TO_ISLAND = {"CH": CROSS[::-1], "EH": EAST[::-1], "WH": WEST[::-1]}
TO_KOWLOON = {"CH": CROSS, "EH": EAST, "WH": WEST}
OTHERS = {
    "LRT": ("lion-rock-north", "lion-rock-south", "kowloon-tong"),
    "SMT": ("sha-tin", "shing-mun-west", "chai-wan-kok"),
    "TCT": ("siu-lek-yuen", "diamond-hill"),
    "TSCA": ("tai-wai", "lai-chi-kok"),
    "TKTL": ("au-tau", "kam-tin", "ting-kau"),
    "TKTM": ("au-tau", "lam-tei", "siu-hong", "so-kwun-wat", "ting-kau"),
    "TWTM": ("so-kwun-wat", "sham-tseng", "chai-wan-kok"),
    "TKOT": ("po-lam", "lam-tin"),
    "TKOLTT": ("tseung-kwan-o", "yau-tong"),
}
SIGNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("H1", "wan-chai", ("CH", "WH")),
    ("H2", "canal-road", ("CH", "EH", "WH")),
    ("H3", "shau-kei-wan", ("CH", "EH", "WH")),
    ("H11", "north-point", ("CH", "EH")),
    ("K01", "olympic", ("CH", "WH")),
    ("K02", "jordan", ("CH", "EH")),
    ("K03", "ho-man-tin", ("CH", "EH", "WH")),
    ("K04", "kowloon-tong", ("CH", "WH")),
    ("K05", "kai-tak", ("CH", "EH")),
    ("K06", "to-kwa-wan", ("CH", "EH")),
    ("N08", "tseung-kwan-o", ("TKOT", "TKOLTT")),
    ("SJ1", "fo-tan", ("LRT", "SMT", "TCT")),
    ("SJ2", "siu-lek-yuen", ("TCT", "LRT", "TSCA")),
    ("SJ3", "ma-liu-shui", ("LRT", "SMT", "TCT", "TSCA")),
    ("SJ4", "fairview", ("TKTL", "TKTM")),
    ("SJ5", "siu-hong", ("TWTM",)),
)


@cache
def list_journeys() -> tuple[Journey, ...]:
    """Every pair of sign and destination."""
    journeys: list[Journey] = []
    for sign, start, destinations in SIGNS:
        crossings = TO_KOWLOON if sign.startswith("H") else {**TO_ISLAND, **OTHERS}
        journeys += [Journey(sign, name, (start, *crossings[name])) for name in destinations]
    return tuple(journeys)


def render_journeys(city: TwinCity, published: datetime) -> bytes:
    """The journey times published at ``published``."""
    at = published - timedelta(minutes=LAG_MINUTES)
    speeds = segment_speeds(city, at)
    captured = f"{at.astimezone(HONG_KONG):%Y-%m-%dT%H:%M:%S}"
    parts = [HEAD]
    for journey in list_journeys():
        kind, shown, colour = _shown(city.seed, journey, at, speeds)
        parts.append(
            f"<jtis_journey_time>\n<LOCATION_ID>{journey.location}</LOCATION_ID>\n"
            f"<DESTINATION_ID>{journey.destination}</DESTINATION_ID>\n<CAPTURE_DATE>{captured}</CAPTURE_DATE>\n"
            f"<JOURNEY_TYPE>{kind}</JOURNEY_TYPE>\n<JOURNEY_DATA>{shown}</JOURNEY_DATA>\n"
            f"<COLOUR_ID>{colour}</COLOUR_ID>\n<JOURNEY_DESC/>\n</jtis_journey_time>\n"
        )
    parts.append("</jtis_journey_list>\n")
    return "".join(parts).encode()


def journey_minutes(journey: Journey, speeds_kmh: list[float]) -> float:
    """Minutes a journey takes when links have these speeds."""
    return sum(list_links()[link].length_m / max(speeds_kmh[link], 3) * 0.06 for link in _links_of(journey))


def _shown(seed: int, journey: Journey, at: datetime, speeds: list[float]) -> tuple[int, int, int]:
    """JOURNEY_TYPE, JOURNEY_DATA and COLOUR_ID."""
    if number_for(seed, journey, int(at.timestamp() // 600), "dark") % 1000 < UNAVAILABLE_PER_MILLE:
        return 1, -1, UNKNOWN
    minutes = journey_minutes(journey, speeds)
    if minutes > LONGEST_MINUTES:
        return 2, CONGESTED_BITMAP, UNKNOWN
    ratio = minutes / journey_minutes(journey, [float(link.limit_kmh) for link in list_links()])
    colour = GREEN if ratio < 1.5 else AMBER if ratio < 2.2 else RED  # noqa: PLR2004 - the signs' own thresholds are not public
    return 1, math.ceil(minutes), colour


@cache
def _links_of(journey: Journey) -> tuple[int, ...]:
    """The columns of the links that a journey takes: the fastest way, at free flow, between its points."""
    columns: list[int] = []
    for start, end in pairwise(journey.via):
        columns += fastest_links(start, end)
    return tuple(columns)


def fastest_links(start: str, end: str) -> list[int]:
    """The columns of the links of the fastest way at free flow between two junctions."""
    best: dict[str, tuple[float, list[int]]] = {}
    waiting: list[tuple[float, str, list[int]]] = [(0.0, start, [])]
    while waiting:
        hours, here, way = heapq.heappop(waiting)
        if here in best:
            continue
        best[here] = (hours, way)
        for column, link in enumerate(list_links()):
            if link.start == here and link.end not in best:
                heapq.heappush(waiting, (hours + link.length_m / link.limit_kmh, link.end, [*way, column]))
    return best[end][1]
