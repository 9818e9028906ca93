"""What msgspec says of a value that is not as declared, in people's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import EnumMeta
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from lionrock.core.vocabulary import BadInput, Text

WHY, LONGEST_WHY = "why", 1000
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TYPES = {
    "float": Text(en="a number", tc="數字"),
    "int": Text(en="a whole number", tc="整數"),
    "str": Text(en="text", tc="文字"),
    "bool": Text(en="true or false", tc="是或否"),
    "datetime": Text(en="a date and time", tc="日期及時間"),
    "date": Text(en="a date", tc="日期"),
    "array": Text(en="a list", tc="清單"),
    "object": Text(en="an object", tc="物件"),
}
SAID: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), english, chinese)
    for pattern, english, chinese in (
        (r"Expected `(?:\w+)(?: \| null)?` >= (\S+)", "it must not be less than {0}", "不可小於 {0}"),
        (r"Expected `(?:\w+)(?: \| null)?` > (\S+)", "it must be more than {0}", "必須大於 {0}"),
        (r"Expected `(?:\w+)(?: \| null)?` <= (\S+)", "it must not be more than {0}", "不可大於 {0}"),
        (r"Expected `(?:\w+)(?: \| null)?` < (\S+)", "it must be less than {0}", "必須小於 {0}"),
        (
            r"Expected `(?:\w+)(?: \| null)?` that's a multiple of (\S+)",
            "it must be a multiple of {0}",
            "必須為 {0} 的倍數",
        ),
        (r"Expected `str(?: \| null)?` of length <= (\d+)", "it has more than {0} characters", "最多 {0} 個字"),
        (r"Expected `str(?: \| null)?` of length >= (\d+)", "it has fewer than {0} characters", "最少 {0} 個字"),
        (r"Expected `str(?: \| null)?` matching regex '(.+)'", "it does not have the form {0}", "格式不符（{0}）"),
        (r"Expected `(\w+)(?: \| null)?`, got .+", "it must be {type.en}", "應為{type.tc}"),
        (r"Invalid enum value (.+)", "there is no choice {0}", "沒有 {0} 這個選項"),
        (r"Object missing required field `(\w+)`", "{0} is missing", "請填寫 {0}"),
        (
            r"Invalid (?:RFC3339|RFC 3339) encoded datetime|Timestamp is out of range ?",
            "it is no date and time such as 2026-11-22T08:30:00+08:00",
            "並非有效的日期及時間，例：2026-11-22T08:30:00+08:00",
        ),
        (
            r"Invalid (?:RFC3339|RFC 3339) encoded date",
            "it is no date such as 2026-11-22",
            "並非有效的日期，例：2026-11-22",
        ),
    )
)
MOST_VALUES = 12  # of a range with steps that an answer lists


def tell_invalid(error: msgspec.ValidationError, form: type) -> BadInput:
    """The error with its field of ``form``, in people's words where it is one of msgspec's usual ones.

    Where a field takes only some values, the remedy names them.
    """
    problem, _, place = str(error).partition(" - at ")
    where = place.strip("`").removeprefix("$.")
    told = _in_words(problem)
    values = _values_of(get_type_hints(form, include_extras=True).get(where))
    if not values:
        return BadInput(told, where=where)
    named = ", ".join(map(str, values))
    numbers = all(isinstance(value, int) for value in values)
    remedy = Text(en=f"one of {named}", tc=f"可用的有：{named}" if numbers else "請由頁面上的選項中選取")
    return BadInput(told, where=where, remedy=remedy)


def _values_of(hint: Any) -> tuple[Any, ...]:
    """The values that a field may have: a Literal's, an enumeration's, a few steps; nothing where it takes others."""
    if isinstance(hint, EnumMeta):
        members: list[Any] = list(hint)
        return tuple(one.value for one in members)
    if get_origin(hint) is Literal:
        return tuple(value for value in get_args(hint) if value != "")
    for bound in getattr(hint, "__metadata__", ()):
        if isinstance(bound, msgspec.Meta) and all(isinstance(x, int) for x in (bound.ge, bound.le, bound.multiple_of)):
            low, high, step = int(bound.ge or 0), int(bound.le or 0), int(bound.multiple_of or 1)
            steps = range(-(-low // step) * step, high + 1, step)
            return tuple(steps) if len(steps) <= MOST_VALUES else ()
    return tuple(value for part in get_args(hint) for value in _values_of(part))


def refuse_control(given: Mapping[str, Any]) -> None:
    """Raise BadInput for text with characters that are not seen and change what is: they are nobody's words."""
    for name, value in given.items():
        if isinstance(value, str) and HIDDEN.search(value):
            problem = Text(en="it holds characters that cannot be seen", tc="含有看不見的字元")
            raise BadInput(problem, where=name, remedy=Text(en="type it anew", tc="請重新輸入"))


def _in_words(problem: str) -> Text:
    for pattern, english, chinese in SAID:
        found = pattern.fullmatch(problem)
        if found is not None:
            kind = TYPES.get(found[1] if found.groups() else "", Text(en="of another type", tc="其他類型"))
            return Text(en=english.format(*found.groups(), type=kind), tc=chinese.format(*found.groups(), type=kind))
    return Text(en=problem)


def read_why(given: Mapping[str, Any]) -> str:
    """The reason that was given; raises BadInput without one."""
    why = given.get(WHY)
    if not isinstance(why, str) or not why.strip():
        words = Text(
            en="say why, in a few words: whoever reads the journal will ask", tc="請簡述原因：查閱日誌的人會問"
        )
        raise BadInput(words, where=WHY)
    refuse_control({WHY: why})
    if len(why) > LONGEST_WHY:
        words = Text(en=f"the reason has {len(why)} characters", tc=f"原因有 {len(why)} 個字")
        remedy = Text(en=f"at most {LONGEST_WHY}", tc=f"最多 {LONGEST_WHY} 個字")
        raise BadInput(words, where=WHY, remedy=remedy)
    return why.strip()
