"""What is asked wrongly is answered with what would be right."""

from __future__ import annotations

from dataclasses import dataclass
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


def test_a_number_out_of_range_needs_no_list() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({"hours": -1}, Asked, strict=False)
    assert tell_invalid(caught.value, Asked).remedy == ""


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\u202e", "\u2066"])
def test_characters_that_nobody_sees_are_refused(hidden: str) -> None:
    with pytest.raises(BadInput, match="cannot be seen"):
        refuse_control({"near": f"Tai{hidden}Wo"})
    refuse_control({"near": "Tai Wo\nnorthbound", "lon": 114.1})
