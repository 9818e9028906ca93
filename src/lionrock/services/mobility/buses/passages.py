"""When a bus passed a stop, from what was announced there minute after minute. Pure; times in seconds.

The announcements of one stop are followed as tracks, one a bus: between two answers the queue of
arrivals moves up when the first bus has passed, and the tracks are matched in order. The last time
that was announced of a bus that is gone is when it passed; how long before that moment it was last
announced is the doubt of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EARLY_S = 45.0  # a bus that vanishes earlier than so long before its time was taken off, not seen to pass
JUMP_S = 240.0  # an arrival that moves by more between two answers is another bus
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


def follow(answers: Iterable[Told]) -> list[Track]:
    """The tracks of one stop of one route, in the order in which their buses came."""
    finished: list[Track] = []
    waiting: list[Track] = []
    before_s: float | None = None
    for answer in answers:
        if before_s is not None and answer.at_s - before_s > SILENCE_S:
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
    """Join the tracks of neighbouring stops. ``least_s`` is what the fastest bus could need between them.

    A bus is known again by its place in one and the same answer: when the first stop last announced
    it, the second one announced it for the earliest time that is not before ``least_s`` later, and
    that no bus before it has taken (one still stands between the stops).
    """
    runs = []
    taken: set[int] = set()
    for track in first:
        said_s, arrival_s = track.said[-1]
        told = [(other.arrival_told_at(said_s), number) for number, other in enumerate(second)]
        ahead = [
            (arrival, number)
            for arrival, number in told
            if arrival is not None and arrival >= arrival_s + least_s and number not in taken
        ]
        if not ahead:
            continue
        _, number = min(ahead)
        taken.add(number)
        same = second[number]
        if track.passed and same.passed and same.arrival_s - arrival_s >= least_s:
            runs.append(Run(arrival_s, same.arrival_s - arrival_s, track.doubt_s + same.doubt_s))
    return runs
