"""Other ways worth knowing, by the penalty method: what was found counts as longer, and is searched again.

After Bader, Dees, Geisberger and Sanders, Alternative route graphs in road networks (2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lionrock.engines.routing.graph import Path
from lionrock.engines.routing.search import HOURS_SEARCHED_S, Task, bounds_of, find_earliest

PENALTY = 1.4  # a used link counts as this much longer
TRIES = 4  # searches after the first
MOST_SHARED = 0.7  # of an alternative's length may lie on a better way
MOST_DETOUR = 1.4  # times the best duration


def list_ways(task: Task, moment_s: float, *, arrive: bool = False, most: int = 3) -> list[Path]:
    """The best way and up to ``most - 1`` that differ from it, the quickest first; empty where there is none.

    ``moment_s`` is the departure, or with ``arrive`` the moment by which to be there.
    """
    if arrive:
        return [way.mirrored_in(task.graph) for way in list_ways(task.mirrored, -moment_s, most=most)]
    bounds = bounds_of(task, moment_s, moment_s + HOURS_SEARCHED_S)
    best = find_earliest(task, moment_s, bounds)
    if best is None:
        return []
    ways = [best]
    metres = list(task.graph.metres)
    used = best
    for _ in range(TRIES if most > 1 else 0):
        for link in set(used.links):
            metres[link] *= PENALTY
        other = find_earliest(replace(task, metres=metres), moment_s, bounds)
        if other is None:
            break
        used = other
        if _is_worth_telling(other, best, ways):
            ways.append(other)
        if len(ways) == most:
            break
    return [best, *sorted(ways[1:], key=lambda way: way.duration_s)]


def _is_worth_telling(other: Path, best: Path, ways: Sequence[Path]) -> bool:
    if other.duration_s > best.duration_s * MOST_DETOUR or len(set(other.links)) < len(other.links):
        return False
    return all(_shared(other, way) <= MOST_SHARED for way in ways)


def _shared(way: Path, known: Path) -> float:
    """The share of ``way``'s length that lies on ``known``."""
    length = sum(way.metres)
    common = set(known.links)
    on_both = sum(metres for link, metres in zip(way.links, way.metres, strict=True) if link in common)
    return on_both / length if length > 0 else 1.0
