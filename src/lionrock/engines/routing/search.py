"""The earliest arrival and the latest departure in a network whose speeds change while one drives.

A* whose lower bounds are exact for the fastest speed that each link reaches within the hours
searched: they are consistent, and with FIFO links the first time a node is settled is the best.
The latest departure is the earliest arrival in the same network with roads and time running backwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from lionrock.engines.routing.field import M_PER_S, SpeedField, leave_s
from lionrock.engines.routing.graph import Graph, Path, Terminal

HOURS_SEARCHED_S = 4 * 3600.0  # bounds hold for journeys that end within; longer ones are searched again over all
NEVER = float("inf")
Closed = frozenset[int]
OPEN: Closed = frozenset()


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least time from every node to the ends at any moment between ``since_s`` and ``until_s``.

    They hold for longer links too, so that one set serves several searches to the same ends.
    """

    least_s: list[float]
    since_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class Task:
    """What is searched: from any of ``starts`` to any of ``ends`` over links that are not ``closed``.

    ``metres`` are the links' lengths as the search sees them: longer ones are less attractive.
    """

    graph: Graph
    field: SpeedField
    starts: Sequence[Terminal]
    ends: Sequence[Terminal]
    closed: Closed = OPEN
    metres: Sequence[float] | None = None

    @property
    def mirrored(self) -> Task:
        """The same task with roads and time running backwards: who arrives earliest in it leaves latest in this one."""
        starts = [_mirrored(self.graph, end) for end in self.ends]
        ends = [_mirrored(self.graph, start) for start in self.starts]
        return Task(self.graph.mirrored, self.field.mirrored, starts, ends, self.closed, self.metres)

    def stretched(self, link: int, metres: float) -> float:
        """A part of a link, as long as the search sees it."""
        return metres if self.metres is None else metres * self.metres[link] / self.graph.metres[link]


@dataclass(frozen=True, slots=True)
class _Way:
    """A found way, not yet timed; ``arrive_s`` by the lengths that the search saw."""

    links: list[int]
    start: Terminal
    end: Terminal
    arrive_s: float


def find_earliest(task: Task, depart_s: float, bounds: Bounds | None = None) -> Path | None:
    """The way that arrives earliest when leaving the door at ``depart_s``; None where there is no way.

    Lengths other than the links' own steer the choice; the path's lengths and times are the true ones.
    """
    known = bounds if bounds is not None and bounds.since_s <= depart_s else None
    for until_s in (depart_s + HOURS_SEARCHED_S, NEVER):
        known = known or bounds_of(task, depart_s, until_s)
        way = _settle(task, depart_s, known.least_s)
        if way is None or way.arrive_s <= known.until_s:
            return None if way is None else _timed(task, way, depart_s)
        known = None
    raise AssertionError("no journey ends after for ever")


def find_latest(task: Task, arrive_s: float) -> Path | None:
    """The way that leaves the door latest and is there by ``arrive_s``; None where there is no way."""
    found = find_earliest(task.mirrored, -arrive_s)
    return None if found is None else found.mirrored_in(task.graph)


def retimed(field: SpeedField, path: Path, depart_s: float) -> Path:
    """The same way, left at ``depart_s``, with the times that ``field`` gives it."""
    times = [depart_s + path.times_s[0] - path.depart_s]
    for link, length in zip(path.links, path.metres, strict=True):
        times.append(leave_s(field.moments, field.speeds[link], times[-1], length))
    arrive_s = times[-1] + path.arrive_s - path.times_s[-1]
    return Path(path.links, path.metres, tuple(times), depart_s, arrive_s, path.begin_m)


def _mirrored(graph: Graph, place: Terminal) -> Terminal:
    return Terminal(place.link, graph.metres[place.link] - place.along_m, place.access_s)


def _settle(task: Task, depart_s: float, bound: list[float]) -> _Way | None:
    """A* from the starts; ``bound`` by node is the least time that is still to go."""
    moments, speeds, heads, leaving = task.field.moments, task.field.speeds, task.graph.heads, task.graph.leaving
    lengths = task.graph.metres if task.metres is None else task.metres
    best, first, goal = _begin(task, depart_s)
    goal_s = NEVER if goal is None else goal.arrive_s
    came: dict[int, int] = {}
    queue = [(moment + bound[node], moment, node) for node, moment in best.items()]
    queue.sort()
    at_tail = _ends_by_tail(task)
    while queue:
        promise, now, node = heappop(queue)
        if promise >= goal_s:
            break
        if now > best[node]:
            continue
        for end in at_tail.get(node, ()):
            left = leave_s(moments, speeds[end.link], now, task.stretched(end.link, end.along_m)) + end.access_s
            if left < goal_s:
                links, start = _traced(task.graph, came, first, node)
                goal_s, goal = left, _Way([*links, end.link], start, end, left)
        for link in leaving[node]:
            head = heads[link]
            hope = bound[head]
            if hope == NEVER or link in task.closed:
                continue
            left = leave_s(moments, speeds[link], now, lengths[link])
            if left + hope < goal_s and left < best.get(head, NEVER):
                best[head], came[head] = left, link
                heappush(queue, (left + hope, left, head))
    return goal


def _begin(task: Task, depart_s: float) -> tuple[dict[int, float], dict[int, Terminal], _Way | None]:
    """When each first node is reached, from which start, and the best way that stays on one link."""
    moments, speeds = task.field.moments, task.field.speeds
    best: dict[int, float] = {}
    first: dict[int, Terminal] = {}
    direct: _Way | None = None
    for start in task.starts:
        link = start.link
        if link in task.closed:
            continue
        on_road = depart_s + start.access_s
        for end in task.ends:
            if end.link == link and end.along_m >= start.along_m:
                ahead = task.stretched(link, end.along_m - start.along_m)
                there = leave_s(moments, speeds[link], on_road, ahead) + end.access_s
                if direct is None or there < direct.arrive_s:
                    direct = _Way([link], start, end, there)
        left = leave_s(moments, speeds[link], on_road, task.stretched(link, task.graph.metres[link] - start.along_m))
        head = task.graph.heads[link]
        if left < best.get(head, NEVER):
            best[head], first[head] = left, start
    return best, first, direct


def _ends_by_tail(task: Task) -> dict[int, list[Terminal]]:
    found: dict[int, list[Terminal]] = {}
    for end in task.ends:
        if end.link not in task.closed:
            found.setdefault(task.graph.tails[end.link], []).append(end)
    return found


def _traced(graph: Graph, came: dict[int, int], first: dict[int, Terminal], node: int) -> tuple[list[int], Terminal]:
    """The links that led to ``node``, in the order driven, and where they begin."""
    links: list[int] = []
    while node in came:
        links.append(came[node])
        node = graph.tails[came[node]]
    start = first[node]
    return [start.link, *reversed(links)], start


def _timed(task: Task, way: _Way, depart_s: float) -> Path:
    graph, start, end = task.graph, way.start, way.end
    lengths = [graph.metres[link] for link in way.links]
    if len(lengths) == 1:
        lengths = [end.along_m - start.along_m]
    else:
        lengths[0] -= start.along_m
        lengths[-1] = end.along_m
    skeleton = (start.access_s, *(0.0 for _ in lengths))
    untimed = Path(tuple(way.links), tuple(lengths), skeleton, 0.0, end.access_s, start.along_m)
    return retimed(task.field, untimed, depart_s)


def bounds_of(task: Task, since_s: float, until_s: float) -> Bounds:
    """Bounds by Dijkstra's search from the ends over each link's fastest speed; infinite where no way leads on."""
    fastest = (task.field.fastest_kmh(since_s, until_s) * M_PER_S).tolist()
    seconds = [length / speed for length, speed in zip(task.graph.metres, fastest, strict=True)]
    least = [NEVER] * task.graph.nodes
    queue: list[tuple[float, int]] = []
    for tail, ends in _ends_by_tail(task).items():
        least[tail] = min(end.along_m / fastest[end.link] + end.access_s for end in ends)
        heappush(queue, (least[tail], tail))
    reaching, tails, closed = task.graph.reaching, task.graph.tails, task.closed
    while queue:
        cost, node = heappop(queue)
        if cost > least[node]:
            continue
        for link in reaching[node]:
            if link in closed:
                continue
            further, tail = cost + seconds[link], tails[link]
            if further < least[tail]:
                least[tail] = further
                heappush(queue, (further, tail))
    return Bounds(least, since_s, until_s)
