"""Any answer as tables and lists in the terminal."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Words

from lionrock.app.cli.moment import say_moment
from lionrock.core.vocabulary import Language, Text

MOST_ROWS = 40
NOTHING = "–"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # C0 and C1, but for the tab and the end of a line
LANGUAGES = {"zh_hk": Language.TC, "zh_tw": Language.TC, "zh_mo": Language.TC, "zh": Language.SC}


def language() -> Language:
    """The language of the terminal: LANG=zh_HK is Traditional, another zh Simplified, all else English."""
    said = os.environ.get("LANG", "").lower().partition(".")[0]
    return LANGUAGES.get(said) or LANGUAGES.get(said.partition("_")[0]) or Language.EN


def print_answer(answer: Any) -> None:
    """Print an answer's plain values for a person."""
    console = Console()
    if isinstance(answer, str):
        console.out(without_controls(answer) if console.is_terminal else answer, highlight=False)
        return
    console.print(_shown(answer))


def _shown(value: Any) -> RenderableType:
    if isinstance(value, Mapping) and not _is_text(value):
        return _fields(value)
    if _is_table(value):
        return _rows(value, [_flat(row) for row in value[:MOST_ROWS]])
    return Words(say(value))


def _fields(value: Mapping[str, Any]) -> RenderableType:
    """Plain values as a list of definitions; then every table below it, lists of one length side by side."""
    plain = Table.grid(padding=(0, 2))
    below: list[RenderableType] = []
    columns = _columns(value)
    for name, held in value.items():
        if name in columns:
            continue
        if _is_table(held) or (isinstance(held, Mapping) and not _is_text(held)):
            below += [Words(f"\n{_label(name)}", style="bold"), Padding(_shown(held), (0, 0, 0, 2))]
        else:
            plain.add_row(Words(_label(name), style="bold"), Words(say(held)))
    if columns:
        rows = list(zip(*(value[name] for name in columns), strict=True))
        below += [Words(""), _rows(rows, [dict(zip(columns, row, strict=True)) for row in rows[:MOST_ROWS]])]
    return Group(plain, *below)


def _columns(value: Mapping[str, Any]) -> list[str]:
    """The names of plain lists that have one length, more than one of them: columns of one table."""
    lists = {name: held for name, held in value.items() if _is_list(held) and held and not _is_table(held)}
    longest = max((len(held) for held in lists.values()), default=0)
    same = [name for name, held in lists.items() if len(held) == longest]
    return same if len(same) > 1 else []


def _rows(everything: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    table = Table(box=None, header_style="bold", pad_edge=False)
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        right = all(isinstance(row.get(name), int | float | None) for row in rows)
        table.add_column(_label(name), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Words(say(row.get(name))) for name in names))
    more = len(everything) - len(rows)
    return Group(table, Words(f"... and {more:,} more: --json has them all", style="dim")) if more else table


def _flat(row: Any) -> dict[str, Any]:
    """A row of a table: a list's items by number; a mapping's values, one level of mappings opened."""
    if not isinstance(row, Mapping):
        return {str(index + 1): item for index, item in enumerate(row)}
    return dict(_opened(row))


def _opened(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, held in row.items():
        if isinstance(held, Mapping) and not _is_text(held):
            yield from held.items()
        else:
            yield name, held


def say(value: Any) -> str:
    """One value in words: a text in the terminal's language, a moment in the city's time, a dash for nothing.

    What is deeper than a table can show stands on one line: ``lane 1 speed 50, lane 2 speed 62``.
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _is_text(value):
        return without_controls(Text(**value).say(language())) or NOTHING
    if isinstance(value, str):
        return without_controls(_moment(value)) or NOTHING
    if isinstance(value, Mapping) or _is_list(value):
        return _several(value)
    return f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def without_controls(words: str) -> str:
    """Words from outside, without what a terminal would obey in place of showing it."""
    return CONTROLS.sub("", words)


def _several(value: Mapping[str, Any] | Sequence[Any]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_label(name)} {say(held)}" for name, held in value.items()) or NOTHING
    between = "; " if any(isinstance(item, Mapping) and not _is_text(item) for item in value) else ", "
    return between.join(map(say, value[:MOST_ROWS])) + (" ..." if len(value) > MOST_ROWS else "")


def _moment(words: str) -> str:
    if len(words) >= len("2026-01-01T00:00Z") and words[4:5] == "-" and words[10:11] == "T":
        try:
            return say_moment(datetime.fromisoformat(words))
        except ValueError:
            return words
    return words


def _label(name: str) -> str:
    return without_controls(name.replace("_", " "))


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"en", "tc", "sc"}


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_table(value: Any) -> bool:
    return (
        _is_list(value)
        and bool(value)
        and all(_is_list(row) or (isinstance(row, Mapping) and not _is_text(row)) for row in value)
    )
