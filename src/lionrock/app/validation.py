"""What msgspec says of a value that is not as declared, in people's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import EnumMeta
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from lionrock.core.vocabulary import BadInput, Text

HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TYPES = {"float": "數字", "int": "整數", "str": "文字", "bool": "是或否", "datetime": "日期及時間", "date": "日期"}
SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"Expected `(?:\w+)(?: \| null)?` >= (\S+)", "不可小於 {0}"),
        (r"Expected `(?:\w+)(?: \| null)?` > (\S+)", "必須大於 {0}"),
        (r"Expected `(?:\w+)(?: \| null)?` <= (\S+)", "不可大於 {0}"),
        (r"Expected `(?:\w+)(?: \| null)?` < (\S+)", "必須小於 {0}"),
        (r"Expected `str(?: \| null)?` of length <= (\d+)", "最多 {0} 個字"),
        (r"Expected `str(?: \| null)?` of length >= (\d+)", "最少 {0} 個字"),
        (r"Expected `str(?: \| null)?` matching regex (.+)", "格式不符（{0}）"),
        (r"Expected `(\w+)(?: \| null)?`, got .+", "應為{type}"),
        (r"Invalid enum value (.+)", "沒有 {0} 這個選項"),
        (r"Object missing required field `(\w+)`", "請填寫 {0}"),
        (r"Invalid (?:RFC3339|RFC 3339) encoded (?:datetime|date)", "並非有效的日期或時間"),
    )
)


def tell_invalid(error: msgspec.ValidationError, form: type) -> BadInput:
    """The error with its field of ``form``, in Chinese too where it is one of msgspec's usual ones.

    Where a field takes only some values, the remedy names them: in English, whose words they are.
    """
    problem, _, place = str(error).partition(" - at ")
    where = place.strip("`").removeprefix("$.")
    values = ", ".join(map(str, _values_of(get_type_hints(form).get(where)))) if "enum" in problem else ""
    remedy = Text(en=f"one of {values}", tc="請由頁面上的選項中選取") if values else Text()
    return BadInput(Text(en=problem, tc=_in_chinese(problem)), where=where, remedy=remedy)


def _values_of(hint: Any) -> tuple[Any, ...]:
    """The values that a field may have, of a Literal or an enumeration; nothing where it takes others."""
    if isinstance(hint, EnumMeta):
        members: list[Any] = list(hint)
        return tuple(one.value for one in members)
    if get_origin(hint) is Literal:
        return tuple(value for value in get_args(hint) if value != "")
    return tuple(value for part in get_args(hint) for value in _values_of(part))


def refuse_control(given: Mapping[str, Any]) -> None:
    """Raise BadInput for text with characters that are not seen and change what is: they are nobody's words."""
    for name, value in given.items():
        if isinstance(value, str) and HIDDEN.search(value):
            problem = Text(en="it holds characters that cannot be seen", tc="含有看不見的字元")
            raise BadInput(problem, where=name, remedy=Text(en="type it anew", tc="請重新輸入"))


def _in_chinese(problem: str) -> str:
    for pattern, chinese in SAID:
        found = pattern.fullmatch(problem)
        if found is not None:
            return chinese.format(*found.groups(), type=TYPES.get(found[1] if found.groups() else "", "其他類型"))
    return ""
