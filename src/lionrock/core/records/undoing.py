"""Taking one change back out of a record that may have changed elsewhere since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lionrock.core.vocabulary import Refused, Text

_ABSENT = object()


def take_back(
    before: Mapping[str, Any], after: Mapping[str, Any], now: Mapping[str, Any], *, where: str
) -> dict[str, Any]:
    """``now`` without what turned ``before`` into ``after``, field by field; raises Refused where one moved on."""
    result = dict(now)
    for name in {**before, **after}:
        old, new, current = (state.get(name, _ABSENT) for state in (before, after, now))
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping) and isinstance(current, Mapping):
            result[name] = take_back(old, new, current, where=f"{where}, {name}")
        elif current != new:
            raise Refused(
                Text(
                    en=f"{where}: {name} was changed again since; undo the later change first, or correct the field",
                    tc=f"{where} 的 {name} 其後再有更改；請先復原較後的更改，或更正該欄位",
                )
            )
        elif old is _ABSENT:
            del result[name]
        else:
            result[name] = old
    return result
