"""What a person reads in the terminal: tables and lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lionrock.app.cli.moment import say_moment
from lionrock.app.cli.values import language, without_controls
from lionrock.app.replay import Replayed
from lionrock.core.settings import Settings

MOST_ROWS = 40


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: int = 0) -> None:
    """Print a table; the last ``numbers`` columns stand to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for index, column in enumerate(columns):
        right = index >= len(columns) - numbers
        table.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in rows:
        table.add_row(*(without_controls(str(cell)) for cell in row))
    console = Console()
    console.print(table, markup=False)


def print_replayed(replayed: Replayed, paths: Sequence[Path]) -> None:
    """Print what was read by which feed, what could not be read, and what nothing reads, by folder and reason."""
    rows = [
        (part.name, say_moment(part.first), say_moment(part.last), part.files, f"{part.records:,}")
        for part in replayed.parts
    ]
    print_table("Read", ("feed or collection", "from", "until", "files", "new records"), rows, numbers=2)
    broken = [
        (_short(path, paths), part.name, reason.say(language()))
        for part in replayed.parts
        for path, reason, _ in part.problems
    ]
    if broken:
        print_table("Could not be read", ("file", "feed or collection", "why"), broken[:MOST_ROWS])
    if replayed.unread:
        print_table("Not read", ("folder", "why", "files"), _by_folder(replayed, paths)[:MOST_ROWS], numbers=1)


def say_where_to_look(replayed: Replayed, settings: Settings) -> None:
    """Say where on the console the richest part of what was read is seen: the clock may stand years later."""
    richest = max(replayed.parts, key=lambda part: part.records, default=None)
    if richest is not None and richest.last is not None and richest.records:
        before = richest.last - timedelta(hours=1)
        seen = max(richest.first or before, before).astimezone(UTC)
        address = f"http://{settings.bind}:{settings.port}/#at={seen:%Y-%m-%dT%H:%M:%SZ}"
        Console().print(f"{richest.name} as it was then: {address}", markup=False, soft_wrap=True)


def _by_folder(replayed: Replayed, paths: Sequence[Path]) -> list[tuple[str, str, int]]:
    """What nothing reads, one row a folder, with every reason that occurs there."""
    reasons: dict[str, Counter[str]] = {}
    for each in replayed.unread:
        reasons.setdefault(_short(each.path.parent, paths), Counter())[each.reason] += 1
    return [(folder, "; ".join(sorted(told)), told.total()) for folder, told in sorted(reasons.items())]


def _short(path: Path, paths: Sequence[Path]) -> str:
    """A path as seen from the one that was given."""
    for given in paths:
        folder = given.resolve() if given.is_dir() else given.resolve().parent
        if path.is_relative_to(folder):
            return str(path.relative_to(folder))
    return str(path)
