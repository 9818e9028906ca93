"""What one announcement says, whatever its language."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from lionrock.core.vocabulary import simplify


class Effect(StrEnum):
    """What the road suffers, by the newest announcement."""

    CLOSED = "closed"  # lanes, or all of them
    SLOW = "slow"
    OVER = "over"  # lanes open again, or traffic normal
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one announcement says; "" and () where it does not say.

    Names are in the language of the words (Chinese ones simplified). ``lanes`` holds fast, middle,
    slow, lane numbers, all, only or part; ``congestion`` busy, congested or very_congested.
    """

    cause: str = ""
    road: str = ""
    direction: str = ""
    both: bool = False
    near: str = ""
    between: str = ""
    lanes: tuple[str, ...] = ()
    effect: Effect = Effect.UNSAID
    congestion: str = ""
    queue_end: str = ""

    def filled(self, other: Told) -> Told:
        """This, with what it leaves unsaid taken from ``other``."""
        empty = ("", (), False, Effect.UNSAID)
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        return Told(**{name: getattr(other, name) if value in empty else value for name, value in mine.items()})


OVER = re.compile(
    r"re-?opened|resumed? (?:to )?normal|(?:now|been) (?:cancelled|cleared|lifted|removed)|"
    r"解封|恢复正常|已(?:经)?取消|重新开放|已清理"
)
STILL = re.compile(r"still (?:been )?closed|remains? closed|仍然封闭|仍未解封|\b(?:is|are) closed\b|现已封闭")
CLOSED = re.compile(r"\bclosed\b|two-way traffic arrangement is|封闭|实施单[线管]双程")
CONGESTION = (
    ("very_congested", re.compile(r"very congested|非常挤塞")),
    ("congested", re.compile(r"congested|挤塞")),
    ("busy", re.compile(r"\bbusy\b|繁忙")),
)


def plain(words: str) -> str:
    """The words with one space where there were many; lines are kept, because a list of roads has one a line."""
    mended = words.replace("_x000D_", "").replace("\r", "").replace("&amp;", "&")
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in mended.splitlines() if line.strip())


def plain_chinese(words: str) -> str:
    """The same, in simplified characters and with half-width brackets."""
    return simplify(plain(words)).translate(str.maketrans("（）：；，", "():;,"))


def standing(words: str) -> Told:
    """Whether lanes are closed, traffic is slow or all is over, from plain words of either language."""
    congestion = next((level for level, pattern in CONGESTION if pattern.search(words)), "")
    if OVER.search(words) and not STILL.search(words):
        effect = Effect.OVER
    elif CLOSED.search(words):
        effect = Effect.CLOSED
    else:
        effect = Effect.SLOW if congestion else Effect.UNSAID
    return Told(effect=effect, congestion=congestion)
