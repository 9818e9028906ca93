"""What msgspec says of a value that is not as declared, in people's words."""

from __future__ import annotations

import re

import msgspec

from lionrock.core.vocabulary import BadInput, Text

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


def tell_invalid(error: msgspec.ValidationError) -> BadInput:
    """The error with its field, in Chinese too where it is one of msgspec's usual ones."""
    problem, _, where = str(error).partition(" - at ")
    return BadInput(Text(en=problem, tc=_in_chinese(problem)), where=where.strip("`").removeprefix("$."))


def _in_chinese(problem: str) -> str:
    for pattern, chinese in SAID:
        found = pattern.fullmatch(problem)
        if found is not None:
            return chinese.format(*found.groups(), type=TYPES.get(found[1] if found.groups() else "", "其他類型"))
    return ""
