"""Which way of a road is meant, in any language: towards a place, to a point of the compass, or both ways."""

from __future__ import annotations

import re

from lionrock.core.vocabulary import Text, simplify

BOTH = Text(en="both", tc="雙向")
COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
HEADINGS = tuple(
    Text(en=f"{point.capitalize()}bound", tc=f"{chinese}行")
    for point, chinese in zip(COMPASS, ("北", "東北", "東", "東南", "南", "西南", "西", "西北"), strict=True)
)
EITHER_WAY = re.compile(r"both(?: (?:bounds?|directions|ways))?|双|双向|双方向|两个?方向|来回(?:方向)?")
CHINESE = re.compile(
    r"[往向](?P<towards>[东西]?[南北]|[东西])(?:行|面|方向)?|(?P<going>[东西]?[南北]|[东西])行(?:方向)?"
)


def as_direction(words: str) -> str:
    """The direction under one name: ``both``, a heading such as ``Eastbound``, or the words as they were said."""
    plain = simplify(words).strip().lower()
    if EITHER_WAY.fullmatch(plain):
        return BOTH.en
    bearing = bearing_of(plain)
    return words.strip() if bearing is None else HEADINGS[round(bearing / 45)].en


def bearing_of(words: str) -> float | None:
    """The degrees from north of a direction that is a point of the compass; None for any other."""
    plain = simplify(words).strip().lower()
    point = re.sub(r"[ -]", "", plain).removesuffix("bound")
    if point in COMPASS:
        return COMPASS.index(point) * 45.0
    said = CHINESE.fullmatch(plain)
    towards = said and (said["towards"] or said["going"])
    return next((place * 45.0 for place, each in enumerate(HEADINGS) if simplify(each.tc) == f"{towards}行"), None)
