"""When a bus passed a stop, from what was announced there minute after minute. Pure; times in seconds.

The announcements of one stop are followed as tracks, one a bus: between two answers the queue of
arrivals moves up when the first bus has passed, and the tracks are matched in order. The last time
that was announced of a bus that is gone is when it passed; how long before that moment it was last
announced is the doubt of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

EARLY_S = 45.0  # a bus that vanishes earlier than so long before its time was taken off, not seen to pass
JUMP_S = 240.0  # an arrival that moves by more between two answers is another bus
GAP_S = 60.0  # a difference of gaps that is worth as much as one pair
WORST_GAP = 3.0  # pairs; no difference costs more
BEGIN_ANEW = 2.0  # pairs; what a break in the order of buses costs
SHORT_FIRST = 0.1  # pairs, for a time e times the usual one
SILENCE_S = 300.0  # answers further apart cannot tell one bus from the next


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of a stop: said ``at_s``, with the arrivals in order; ``live`` where they were not the timetable's."""

    at_s: float
    arrivals_s: tuple[float, ...]
    live: tuple[bool, ...]


@dataclass(slots=True)
class Track:
    """One bus as a stop announced it: (moment of the answer, announced arrival) of each answer."""

    said: list[tuple[float, float]] = field(default_factory=list)
    live: bool = False
    gone_s: float | None = None

    @property
    def arrival_s(self) -> float:
        """The arrival that was announced last."""
        return self.said[-1][1]

    @property
    def passed(self) -> bool:
        """Whether the bus was seen to pass: gone when it was due, and announced from the road, not the timetable."""
        return self.live and self.gone_s is not None and self.arrival_s <= self.gone_s + EARLY_S

    @property
    def doubt_s(self) -> float:
        """How far ahead the last announcement spoke: nothing where it spoke of the past."""
        return max(0.0, self.arrival_s - self.said[-1][0])

    def arrival_told_at(self, at_s: float) -> float | None:
        """What the answer of that moment announced; None where this bus was not in it."""
        return next((arrival for said, arrival in reversed(self.said) if said == at_s), None)


def follow(answers: Iterable[Told], silence_s: float = SILENCE_S) -> list[Track]:
    """The tracks of one stop of one route, in the order in which their buses came.

    Answers further apart than ``silence_s`` begin anew.
    """
    finished: list[Track] = []
    waiting: list[Track] = []
    before_s: float | None = None
    for answer in answers:
        if before_s is not None and answer.at_s - before_s > silence_s:
            finished += waiting  # nobody saw what became of them
            waiting = []
        gone = _count_gone(waiting, answer)
        for track in waiting[:gone]:
            track.gone_s = answer.at_s
        finished += waiting[:gone]
        waiting = waiting[gone:]
        for place, (arrival_s, live) in enumerate(zip(answer.arrivals_s, answer.live, strict=True)):
            if place >= len(waiting):
                waiting.append(Track())
            waiting[place].said.append((answer.at_s, arrival_s))
            waiting[place].live = live
        waiting = waiting[: len(answer.arrivals_s)]  # a bus that fell off the end of the queue comes back as another
        before_s = answer.at_s
    return [*finished, *waiting]


def _count_gone(waiting: Sequence[Track], answer: Told) -> int:
    """How many buses at the head of the queue are gone: the shift that moves the announced times least.

    Only buses that are due can have gone. Where no shift fits, all that were due are gone.
    """
    due = sum(track.arrival_s <= answer.at_s + EARLY_S for track in waiting)
    costs = {}
    for gone in range(due + 1):
        pairs = list(zip(waiting[gone:], answer.arrivals_s, strict=False))
        moved = [abs(track.arrival_s - arrival_s) for track, arrival_s in pairs]
        if moved and max(moved[:1]) <= JUMP_S:
            costs[gone] = moved[0] + 0.1 * sum(moved[1:]) / len(moved)
    if not costs:
        return due if waiting else 0
    return min(costs, key=lambda gone: costs[gone])


@dataclass(frozen=True, slots=True)
class Run:
    """A bus from one stop to the next: when it arrived at each, and the doubt of the time between."""

    arrived_s: float
    took_s: float
    doubt_s: float


def list_runs(first: Sequence[Track], second: Sequence[Track], least_s: float) -> list[Run]:
    """Join the tracks of neighbouring stops. ``least_s`` is what the fastest bus could need between them."""
    return [
        Run(first[i].arrival_s, second[j].arrival_s - first[i].arrival_s, first[i].doubt_s + second[j].doubt_s)
        for i, j in pair_tracks(first, second, least_s)
        if first[i].passed and second[j].passed and second[j].arrival_s - first[i].arrival_s >= least_s
    ]


def pair_tracks(first: Sequence[Track], second: Sequence[Track], least_s: float) -> list[tuple[int, int]]:
    """Which track of the second stop is which of the first, in order.

    In one answer two buses are announced as far apart at one stop as at the next; a pairing that is
    off by one bus shows other gaps, for no two headways are alike. The alignment with the most pairs and
    the least difference of gaps is taken; where gaps cannot tell, the one whose times are shortest.
    """
    apart = [_apart(track, second, least_s) for track in first]
    usual_s = median([min(times.values()) for times in apart if times] or [1.0])
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {}
    for i, times in enumerate(apart):
        for j, time_s in times.items():
            worth = 1.0 - SHORT_FIRST * abs(math.log(time_s / usual_s))
            before: list[tuple[float, tuple[int, int] | None]] = [(0.0, None)]
            if (i - 1, j - 1) in best:
                gap_s = _gap_difference(first[i - 1], first[i], second[j - 1], second[j])
                before.append((best[i - 1, j - 1][0] - min(gap_s / GAP_S, WORST_GAP), (i - 1, j - 1)))
            before += [(best[pair][0] - BEGIN_ANEW, pair) for pair in best if pair[0] < i and pair[1] < j]
            score, pair = max(before, key=lambda choice: choice[0])
            best[i, j] = (score + worth, pair)
    return _traced(best)


def _traced(best: Mapping[tuple[int, int], tuple[float, tuple[int, int] | None]]) -> list[tuple[int, int]]:
    """The pairs of the alignment with the best score, in order."""
    here = max(best, key=lambda pair: best[pair][0], default=None)
    pairs: list[tuple[int, int]] = []
    while here is not None:
        pairs.append(here)
        here = best[here][1]
    return pairs[::-1]


def _apart(track: Track, second: Sequence[Track], least_s: float) -> dict[int, float]:
    """Seconds between both stops by the last answer that announced ``track``, for each track it could be."""
    said_s, arrival_s = track.said[-1]
    told = ((number, other.arrival_told_at(said_s)) for number, other in enumerate(second))
    return {
        number: arrival - arrival_s
        for number, arrival in told
        if arrival is not None and arrival - arrival_s >= least_s
    }


def _gap_difference(leader: Track, follower: Track, leader_on: Track, follower_on: Track) -> float:
    """By how much the gap of two buses differs between the stops, in the last answer that told all four times."""
    for said_s, leader_s in reversed(leader.said):
        others = [track.arrival_told_at(said_s) for track in (follower, leader_on, follower_on)]
        follower_s, leader_on_s, follower_on_s = others
        if follower_s is not None and leader_on_s is not None and follower_on_s is not None:
            return abs((follower_on_s - leader_on_s) - (follower_s - leader_s))
    return GAP_S
