"""Announcements in Chinese, Traditional or Simplified; names come in simplified characters.

``較早前因交通意外而封閉的屯門公路往九龍方向近深井的快線現已解封。`` Every part has its mark: 因 the cause, 往…方向 the
direction, 近 the landmark, 介乎…與… the section, and the lanes stand before what became of them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from lionrock.core.vocabulary import simplify
from lionrock.services.mobility.incidents.told import Told, plain, plain_chinese, standing

CAUSE = re.compile(r"因(?:应)?(?:较早前(?:的|发生)?)?(?P<cause>[^,。\n]+?)(?:而|,|。)")
BEFORE_THE_ROAD = re.compile(
    r"^(?:较早前)?(?:由于|因)[^,。\n]+?(?:而封闭的|而(?:于|在)|,)\s*|^以下路段[^:\n]{0,16}[:\n]?\s*|^较早前封闭的"
)
LISTED = re.compile(r"^.{0,16}?以下[^:\n]{0,20}[:\n]\s*|^[-–]\s*|^(?:介乎.{2,20}[至与]\S{2,10}的一段|由|在|于)")
LANES = re.compile(
    r"(?P<lanes>(?:管道)?(?:快|中|慢)线?(?:[及、和](?:快|中|慢)线?)*线|全线|唯一行车线|部[份分]行车线|"
    r"第?\d+(?:[,及、和 ]+(?:第)?\d+)*线(?:[及、和]第?\d+线)*)"
)
END = re.compile(r"现已|仍然|现时|已恢复|恢复正常|解封|封闭|实施|的?交通(?:繁忙|现|已)|车多|[。;\n]")
DIRECTION = re.compile(
    r" ?\(?(?:往(?P<towards>[^往方]{1,16}?)方向|(?P<bare>[^()]{1,10}?)方向\)|(?P<both>双向|来回方向))\)?"
)
NEAR = re.compile(r"近(?P<near>[^,()]+?)(?=的?$|,|\(|\)|$)")
BETWEEN = re.compile(r"介乎(?P<near>.+?)(?:与|及|至)(?P<between>.+?)(?=之间|的|$)")
QUEUE_END = re.compile(r"车龙龙尾已到(?P<end>[^。\n]+)")
NAMED_LANES = (("fast", "快"), ("middle", "中"), ("slow", "慢"))
WHOLE = (("all", "全线"), ("only", "唯一"), ("part", "部"))


def read_chinese(words: str) -> Told:
    """What an announcement says."""
    said = plain_chinese(words)
    cause, queue = CAUSE.search(said), QUEUE_END.search(said)
    place = LISTED.sub("", LISTED.sub("", BEFORE_THE_ROAD.sub("", said)))
    end = END.search(place)
    place = place[: end.start()] if end else place
    lanes = LANES.search(place)
    place = (place[: lanes.start()] if lanes else place).strip(" 的,")
    between = BETWEEN.search(place)
    near = between or NEAR.search(place)
    road, direction, both = _road(place)
    return replace(
        standing(said),
        cause=cause["cause"].strip() if cause else "",
        near=_landmark(near["near"]) if near else "",
        between=between["between"].strip() if between else "",
        lanes=_lanes(lanes["lanes"]) if lanes else (),
        queue_end=queue["end"].strip() if queue else "",
        road=road,
        direction=direction,
        both=both,
    )


def as_written(name: str, words: str) -> str:
    """A name that :func:`read_chinese` found in ``words``, in the characters of those words."""
    said = plain(words)
    start = plain_chinese(words).find(name)
    alike = len(simplify(said)) == len(said)  # character by character, as nearly always
    return said[start : start + len(name)] if name and start >= 0 and alike else name


def _road(place: str) -> tuple[str, str, bool]:
    """Road, direction and whether both, of ``吐露港公路往九龙方向近大埔滘``."""
    found = DIRECTION.search(place)
    before = place[: found.start()] if found else place
    road = re.split(r"近|介乎|与|\(|通往|之间", before)[0].strip(" -的,")
    towards = (found["towards"] or found["bare"] or "") if found else ""
    return road, towards.split(",")[-1].strip(), bool(found and found["both"])


def _landmark(words: str) -> str:
    return re.split(r"往|的支路", words)[0].strip(" 的")


def _lanes(words: str) -> tuple[str, ...]:
    named = tuple(lane for lane, sign in NAMED_LANES if sign in words)
    whole = tuple(lane for lane, sign in WHOLE if sign in words)
    return named or tuple(re.findall(r"\d", words)) or whole
