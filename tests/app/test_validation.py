"""What is asked wrongly is answered with what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
import pytest

from lionrock.app.validation import refuse_control, tell_invalid
from lionrock.core.vocabulary import BadInput


class Kind(StrEnum):
    FIRE = "fire"
    FLOOD = "flood"


@dataclass(frozen=True)
class Asked:
    state: Literal["", "open", "closed"] = ""
    kind: Kind | None = None
    hours: Annotated[float, msgspec.Meta(ge=0)] = 1
    arriving: Annotated[int, msgspec.Meta(ge=0, le=90, multiple_of=15)] = 0
    floor: Annotated[int, msgspec.Meta(ge=1, le=40, multiple_of=15)] = 15
    share: Annotated[float, msgspec.Meta(ge=0, le=1, multiple_of=0.25)] = 0
    at: datetime | None = None
    day: date | None = None
    name: Annotated[str, msgspec.Meta(min_length=2, max_length=3, pattern="^[a-z]+$")] | None = None


@pytest.mark.parametrize(
    ("given", "where", "remedy"),
    [
        ({"state": "ajar"}, "state", "one of open, closed"),
        ({"kind": "frost"}, "kind", f"one of {Kind.FIRE}, {Kind.FLOOD}"),
    ],
)
def test_a_value_that_is_none_of_those_is_answered_with_those(given: dict[str, str], where: str, remedy: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, Asked, strict=False)
    told = tell_invalid(caught.value, Asked)
    assert (told.where, told.remedy) == (where, remedy)
    assert told.told.tc


@pytest.mark.parametrize(
    ("given", "problem", "remedy"),
    [
        ({"arriving": "7"}, "it must be a multiple of 15", "one of 0, 15, 30, 45, 60, 75, 90"),
        ({"arriving": "105"}, "it must not be more than 90", "one of 0, 15, 30, 45, 60, 75, 90"),
        ({"arriving": "soon"}, "it must be a whole number", "one of 0, 15, 30, 45, 60, 75, 90"),
        ({"floor": "16"}, "it must be a multiple of 15", "one of 15, 30"),
        ({"share": "0.3"}, "it must be a multiple of 0.25", ""),
        ({"hours": "-1"}, "it must not be less than 0.0", ""),
        ({"at": "noon"}, "it is no date and time such as 2026-11-22T08:30:00+08:00", ""),
        ({"at": "99999999999999"}, "it is no date and time such as 2026-11-22T08:30:00+08:00", ""),
        ({"day": "2026-13-01"}, "it is no date such as 2026-11-22", ""),
        ({"name": "a"}, "it has fewer than 2 characters", ""),
        ({"name": "abcd"}, "it has more than 3 characters", ""),
        ({"name": "A1"}, "it does not have the form ^[a-z]+$", ""),
    ],
)
def test_a_wrong_value_is_told_in_words_of_both_languages(given: dict[str, str], problem: str, remedy: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, Asked, strict=False)
    told = tell_invalid(caught.value, Asked)
    assert str(told) == f"{next(iter(given))}: {problem}" + (f" ({remedy})" if remedy else "")
    assert told.told.tc
    assert "`" not in told.told.tc


def test_a_number_out_of_range_needs_no_list() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({"hours": -1}, Asked, strict=False)
    assert tell_invalid(caught.value, Asked).remedy == ""


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\u202e", "\u2066"])
def test_characters_that_nobody_sees_are_refused(hidden: str) -> None:
    with pytest.raises(BadInput, match="cannot be seen"):
        refuse_control({"near": f"Tai{hidden}Wo"})
    refuse_control({"near": "Tai Wo\nnorthbound", "lon": 114.1})
