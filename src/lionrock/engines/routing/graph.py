"""A directed road network as arrays, and where a traveller joins and leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from lionrock.core.vocabulary import BadInput


@dataclass(frozen=True, eq=False)
class Graph:
    """Directed links by number: from node ``tails[i]`` to node ``heads[i]``, ``metres[i]`` long.

    ``leaving[node]`` and ``reaching[node]`` are the links that begin and end at a node.
    Raises BadInput for lists that are not of one length and for a link without length.
    """

    nodes: int
    tails: Sequence[int]
    heads: Sequence[int]
    metres: Sequence[float]
    leaving: list[list[int]] = field(init=False)
    reaching: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        if not len(self.tails) == len(self.heads) == len(self.metres):
            raise BadInput("every link has a tail, a head and a length", where="links")
        if any(not length > 0 for length in self.metres):
            raise BadInput("a link must be longer than nothing", where="metres")
        leaving: list[list[int]] = [[] for _ in range(self.nodes)]
        reaching: list[list[int]] = [[] for _ in range(self.nodes)]
        for link, (tail, head) in enumerate(zip(self.tails, self.heads, strict=True)):
            leaving[tail].append(link)
            reaching[head].append(link)
        object.__setattr__(self, "leaving", leaving)
        object.__setattr__(self, "reaching", reaching)

    @cached_property
    def mirrored(self) -> Graph:
        """The same network driven backwards."""
        return Graph(self.nodes, self.heads, self.tails, self.metres)

    @property
    def links(self) -> int:
        """How many links there are."""
        return len(self.tails)


class Terminal(NamedTuple):
    """A place on a link where a traveller may join or leave the network.

    ``along_m`` from the link's tail; ``access_s`` is what it takes to come there from the door, or
    from there to the door.
    """

    link: int
    along_m: float
    access_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Path:
    """A way: ``metres[i]`` of ``links[i]`` are driven from ``times_s[i]`` to ``times_s[i + 1]``.

    ``depart_s`` and ``arrive_s`` are at the doors, before and after the two accesses. The first link is joined
    ``begin_m`` from its tail, all others at it.
    """

    links: tuple[int, ...]
    metres: tuple[float, ...]
    times_s: tuple[float, ...]
    depart_s: float
    arrive_s: float
    begin_m: float

    @property
    def duration_s(self) -> float:
        """From door to door."""
        return self.arrive_s - self.depart_s

    def mirrored_in(self, graph: Graph) -> Path:
        """The same way with roads and time running backwards; ``graph`` in either direction."""
        times = tuple(-moment for moment in reversed(self.times_s))
        last_begins = self.begin_m if len(self.links) == 1 else 0.0
        begin_m = graph.metres[self.links[-1]] - last_begins - self.metres[-1]
        return Path(self.links[::-1], self.metres[::-1], times, -self.arrive_s, -self.depart_s, begin_m)
