"""What a message says, by its best witness: its own fields first, then the English words, then the Chinese."""

from __future__ import annotations

import re
from functools import lru_cache

from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.chinese import read_chinese
from lionrock.services.mobility.incidents.directions import BOTH, as_direction
from lionrock.services.mobility.incidents.english import read_english
from lionrock.services.mobility.incidents.told import Told

PLACE_EN = re.compile(
    r"(?P<road>.*?)(?: ?\((?:(?P<direction>[^()]+?) bound|(?P<way>\w+bound))\))?(?:,? ?near (?P<near>.+))?"
)
PLACE_CN = re.compile(
    r"(?P<road>.*?)(?:[(（](?:往(?P<direction>[^()（）]+?)方向|(?P<way>[^()（）]{1,3}[行向]))[)）])?(?:近(?P<near>.+))?"
)
MARKED_EN = re.compile(r" bound\)|,? near ")


@lru_cache(maxsize=4096)
def read_message(place: Text, detail: Text) -> Told:
    """What a message says, from the place that it names and from its words in either language."""
    told = read_place(place.en) if place.en else Told()
    if detail.en:
        told = told.filled(read_english(detail.en))
    if not told.road and (place.tc or place.sc):
        told = told.filled(read_place(place.tc or place.sc))
    chinese = detail.tc or detail.sc
    return told.filled(read_chinese(chinese)) if chinese else told


def read_place(place: str) -> Told:
    """What the second generation's fields say as the feed joins them: ``Nathan Road (Kowloon bound), near X``."""
    # A name of the other language may stand among English marks, where only that one is known.
    pattern = PLACE_CN if re.search(r"[\u4e00-\u9fff]", place) and not MARKED_EN.search(place) else PLACE_EN
    found = pattern.fullmatch(place.strip())
    if found is None:
        return Told()
    direction = as_direction(found["direction"] or found["way"] or "")
    both = direction == BOTH.en
    return Told(
        road=(found["road"] or "").strip(" ,"),
        direction="" if both else direction,
        both=both,
        near=(found["near"] or "").strip(),
    )
