"""Names of roads, directions and landmarks in every language, and the place that they make together."""

from __future__ import annotations

import re
from functools import lru_cache

from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.chinese import as_written, read_chinese
from lionrock.services.mobility.incidents.english import read_english
from lionrock.services.mobility.incidents.wording import read_place

PARTS = ("road", "direction", "near")
HAN = re.compile(r"[\u3400-\u9fff]")


def as_typed(words: str) -> Text:
    """Words as the language that they are written in."""
    return Text(tc=words) if HAN.search(words) else Text(en=words)


@lru_cache(maxsize=4096)
def read_names(place: Text, detail: Text) -> dict[str, Text]:
    """What a message calls its road, direction and landmark, in the languages that it speaks."""
    chinese_place, chinese = place.tc or place.sc, detail.tc or detail.sc
    fields_en, words_en = read_place(place.en), read_english(detail.en)
    fields_tc, words_tc = read_place(chinese_place), read_chinese(chinese)
    return {
        part: Text(
            en=getattr(fields_en, part) or getattr(words_en, part),
            tc=getattr(fields_tc, part) or as_written(getattr(words_tc, part), chinese),
        )
        for part in PARTS
    }


def compose_place(road: Text, direction: Text, near: Text) -> Text:
    """Road, direction and landmark as the second generation's feed joins them, in the languages of the road's name."""
    return Text(en=_place_en(road, direction, near) if road.en else "", tc=_place_tc(road, direction, near))


def _place_en(road: Text, direction: Text, near: Text) -> str:
    way, by = direction.say("en"), near.say("en")
    bound = "" if way.lower().endswith("bound") else " bound"
    return road.en + (f" ({way}{bound})" if way else "") + (f", near {by}" if by else "")


def _place_tc(road: Text, direction: Text, near: Text) -> str:
    way, by = direction.say("tc"), near.say("tc")
    towards = way if way.endswith(("行", "向")) else f"往{way}方向"
    return road.tc + (f"（{towards}）" if way else "") + (f"近{by}" if by else "") if road.tc else ""
