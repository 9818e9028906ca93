"""Announcements in English.

``Due to traffic accident , the fast lane of Tolo Highway Kowloon bound near Tai Po Kau is closed to all
traffic.`` Road and direction run together, so that a road's name is taken to end with the first word
that ends one (Highway, with what belongs to it: ``West``, ``flyover``, ``- Sha Tin``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from lionrock.services.mobility.incidents.told import Told, plain, standing

WAY = (
    r"Road|Street|Highways?|Corridor|By-?[Pp]ass|Tunnel|Bridge|Way|Drive|Avenue|Lane|Path|Crossing|Circuit|"
    r"Interchange|Expressway|Terrace|Praya|Viaduct|Roundabout|Row|Crescent|Link|Boulevard|Flyover|Section|Twisk"
)
# Sections of the roads that go round half of the territory, as messages write them: "Tai Po Road - Sha Tin".
SECTION = r"\s*[-–]\s*(?:Sha Tin Heights|Sha Tin|Tai Po Kau|Tai Po|Yuen Chau Tsai|Tai Wo|Kwai Chung|Ting Kau|"
SECTION += r"Tsuen Wan|Sham Tseng|Castle Peak Bay|San Hui|Lam Tei|Hung Shui Kiu|Ping Shan|Yuen Long|Tam Mi|San Tin|"
SECTION += r"Mai Po|Chau Tau|So Kwun Wat|Tai Lam|Lingnan|Tsing Lung Tau|Kwu Tung|Piper's Hill|Tai Hang|Ma Liu Shui|"
SECTION += r"Ma Mei Ha|Shek Chung Au|Wo Hang)(?: Section)?"
ROAD = re.compile(
    rf"(?P<road>(?:Route Twisk|.*?\b(?:{WAY})(?: (?:{WAY}))*)(?: (?:East|West|North|South)\b| Central(?= \w))?"
    rf"(?:{SECTION})?(?: (?:[Ff]lyover|[Rr]oundabout|[Uu]nderpass))?)(?P<rest> .*)?$"
)
CAUSE = re.compile(
    r"\b(?:[Dd]ue to|[Bb]ecause of) (?:an? )?(?P<cause>[^.\n]+?)"
    r"(?= ?,| (?:is|are) (?:now )?(?:re-opened|cancelled|still|closed)|[.\n]|$)"
)
LANES = re.compile(
    r"(?P<lanes>all lanes|the only lane|part of the lanes?|(?:the )?lanes? no\. ?[\d ,and]+|"
    r"the (?:tunnel tube )?(?:fast|middle|slow)(?:(?:,| and) (?:fast|middle|slow))* lanes?) of ",
    re.IGNORECASE,
)
BEFORE_THE_ROAD = re.compile(
    r"^(?:the |traffic (?:at|on|of) |section of |tunnel tube of |slip road leading from |junction (?:of|between) |"
    r"following road sections?[^:-]*[:-]|road sections?[^:\n]*:|"
    r"one-lane-two-way traffic arrangement (?:which was |is )?(?:now |still )?implemented on |[-– ])+",
    re.IGNORECASE,
)
AFTER_THE_PLACE = re.compile(
    r" which (?:was|were) "
    r"| (?:is|are|was|were) (?:still |now |very )*(?:closed|re-opened|busy|congested|implemented|been)\b"
    r"| (?:has|have) (?:still )?(?:resumed|been)| (?:due to|because of) |[;\n]|\.(?= |$)(?<!St\.)(?<!\b[A-Z]\.)"
)
BOUND = re.compile(r"(?P<before>.+?) ?\(?(?P<word>\b[Bb]oth [Bb]ounds?|[NSEWnsew]\w+bound|(?<=[\w)] )[Bb]ound)\b\)?")
NEAR = re.compile(r"\bnear (?P<near>.+?)(?=,(?! Hong Kong)|\)| between |$)")
BETWEEN = re.compile(r"\bbetween (?P<near>.+?) and (?P<between>.+?)(?=,|\)|$)")
PLACE_WORD = re.compile(r",? ?\b(?:near|between|from|to|leading)\b| \(")
QUEUE_END = re.compile(r"Traffic queues? .{0,80}?ends? (?:at|on) (?P<end>[^.\n]+)")
NAMED_LANES, WHOLE = ("fast", "middle", "slow"), ("all", "only", "part")


def read_english(words: str) -> Told:
    """What an announcement says."""
    said = plain(words)
    cause, lanes, queue = CAUSE.search(said), LANES.search(said), QUEUE_END.search(said)
    place = _place(said, lanes)
    road, direction, both, rest = _road(place)
    near = BETWEEN.search(rest) or NEAR.search(rest)
    between = near.groupdict().get("between") if near else None
    return replace(
        standing(said),
        cause=cause["cause"].strip() if cause else "",
        road=road,
        direction=direction,
        both=both,
        near=near["near"].strip() if near else "",
        between=between.strip() if between else "",
        lanes=_lanes(lanes["lanes"]) if lanes else (),
        queue_end=queue["end"].strip() if queue else "",
    )


def _place(said: str, lanes: re.Match[str] | None) -> str:
    """The words between the lanes (or the cause) and what became of them."""
    if lanes:
        start = lanes.end()
    else:
        cause = re.match(r"[Dd]ue to [^,.\n]+,", said)
        start = cause.end() if cause else 0
    words = said[start:].lstrip()
    listed = re.search(r"sections?\b[^:\n]{0,60}(?:[:\n]|busy-|closed\.)\s*[-–]?\s*", words[:140])
    if listed:
        words = words[listed.end() :]
    elif not lanes:
        arranged = re.search(r"implemented on ", words)
        words = words[arranged.end() :] if arranged else words
    words = BEFORE_THE_ROAD.sub("", words.lstrip())
    end = AFTER_THE_PLACE.search(words)
    return (words[: end.start()] if end else words).strip()


def _road(place: str) -> tuple[str, str, bool, str]:
    """Road, direction, whether both, and what follows, of ``Lung Cheung Road flyover Kwun Tong bound near X``."""
    bound = BOUND.match(place)
    if not bound:
        end = PLACE_WORD.search(place)
        return (place[: end.start()] if end else place).strip(" -,"), "", False, place[end.start() :] if end else ""
    before, word, after = bound["before"], bound["word"].lower(), place[bound.end() :]
    if word != "bound":
        end = PLACE_WORD.search(before)
        road, rest = (before[: end.start()], before[end.start() :]) if end else (before, "")
        return road.strip(" -,("), "" if "both" in word else word.title(), "both" in word, rest + after
    inside = re.match(r"(?P<road>[^(]+?) ?\((?P<inside>.*)$", before)
    if inside:
        road = re.split(PLACE_WORD, inside["road"])[0]
        return road.strip(" -,"), inside["inside"].split(",")[-1].strip(), False, place[len(road) :]
    split = ROAD.match(before)
    if split is None or not (split["rest"] or "").strip():
        return before.strip(), "", False, after
    leading = re.match(r"(?: to | near ).*?\b(?:Road|Street|Highway) ", split["rest"])
    return split["road"].strip(), split["rest"][leading.end() if leading else 0 :].strip(), False, after


def _lanes(words: str) -> tuple[str, ...]:
    lower = words.lower()
    named = tuple(lane for lane in NAMED_LANES if lane in lower)
    whole = tuple(lane for lane in WHOLE if re.search(rf"\b{lane}\b", lower))
    return named or tuple(re.findall(r"\d", lower)) or whole
