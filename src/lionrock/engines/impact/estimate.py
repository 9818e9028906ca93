"""What an incident cost: vehicle-hours against the day as it would have been, and where its queue stood when.

The cost has three parts, all from measured speeds and counts:

- *queue*: on the incident's own link and slowed links upstream, vehicles more than its counts would put there at
  the expected speed;
- *spread*: the same on the links that the ways around it use, each by the share of the diverted traffic that
  would use it, as far as it is more than the link shows on usual days;
- *detours*: vehicles that were expected on the link and never passed it, times the usual extra time of
  the ways around it.

The weights of the parts were fitted on simulated pairs of days with and without an incident, of other
seeds than the published figures come from (docs/models/impact.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lionrock.core.vocabulary import BadInput
from lionrock.engines.impact.around import Around, ways_around
from lionrock.engines.impact.expected import (
    FEWEST_DAYS,
    Doubles,
    Expected,
    Flags,
    Measured,
    expect_day,
    filled,
    pace_of,
)
from lionrock.engines.impact.graph import Graph, away_km
from lionrock.engines.impact.storage import count_on_links, flow_on_links

FEWEST_USUAL_DAYS = FEWEST_DAYS + 1  # each of them is also judged by the others, for the doubt
NEAR_KM = 6.0  # by road: beyond it nothing is put down to an incident
STARTS_KM, SPREADS_KMH = 2.0, 40.0  # how far an incident can be felt at once, and how fast that grows
LEAST_SLOWER, SPREADS = 0.2, 2.0  # a link is slowed by a fifth at least, and beyond its usual spread
NEWLY_SLOWER, BEFORE = 1.05, 3  # times the slowest of usual days, and of so many periods before the incident
QUEUE_PACE = 0.28  # of free flow: the speed at which a queue moves up
QUEUE_WEIGHT, SPREAD_WEIGHT, DETOUR_WEIGHT = 1.12, 3.0, 0.75  # fitted on simulated pairs; docs/models/impact.md
RELATIVE_DOUBT, LEAST_DOUBT = 0.2, 12.0  # a standard deviation of what is left out: of the cost, and vehicle-hours
LIKELY_Z = 1.2816  # 80% of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Incident:
    """Where it is, as a place in the graph's links, and when it began, in seconds from the first period."""

    link: int
    start_s: float


@dataclass(frozen=True, slots=True)
class Extent:
    """How far an incident reaches at one time: links it slows, and the queue that stands on them and moves up."""

    at_s: float
    links: tuple[int, ...]
    queue_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What an incident cost until the moment asked for: vehicle-hours, with their 80% interval.

    ``queue``, ``spread`` and ``detours`` sum up to ``middle``. ``cleared_s`` is when nothing near was slowed any
    more, None where that is still to come or nothing ever was.
    ``measured`` is the share of speeds near it that were measured and not assumed to be as expected.
    """

    low: float
    middle: float
    high: float
    queue: float
    spread: float
    detours: float
    extent: tuple[Extent, ...]
    cleared_s: float | None
    measured: float


@dataclass(frozen=True, slots=True)
class _Parts:
    queue: float
    spread: float
    detours: float

    @property
    def sum(self) -> float:
        return self.queue + self.spread + self.detours


@dataclass(frozen=True, slots=True)
class _Found:
    """Unweighted vehicle-hours: in the queue, on each link outside of it, and on detours."""

    queue: float
    elsewhere: Doubles
    detours: float

    def beyond(self, usual: Doubles, around: Around) -> _Parts:
        """Weighted, with only that much of each link outside the queue as lies beyond what is ``usual`` there."""
        spread = float((np.maximum(0.0, self.elsewhere - usual) * around.use).sum())
        return _Parts(QUEUE_WEIGHT * self.queue, SPREAD_WEIGHT * spread, DETOUR_WEIGHT * self.detours)


def estimate_impact(
    graph: Graph,
    observed: Measured,
    usual: Sequence[Measured],
    incident: Incident,
    until_s: float,
    *,
    period_s: float = 300.0,
) -> Impact:
    """Estimate an incident's extent and cost until ``until_s`` seconds after the first period.

    ``usual`` are the same hours of more than three past days of the same kind. An hour before the incident makes
    the estimate better. Raises BadInput where the link is not in the graph, the hours end before the incident
    begins, no speed was measured on its link, or the arrays do not fit.
    """
    _check(graph, observed, incident, until_s)
    if len(usual) < FEWEST_USUAL_DAYS:
        raise BadInput(f"{len(usual)} usual days", where="usual", remedy=f"at least {FEWEST_USUAL_DAYS}")
    first = int(incident.start_s // period_s)
    last = min(len(observed.speed_kmh), int(np.ceil(until_s / period_s)))
    away = away_km(graph, incident.link)
    near = away <= NEAR_KM
    look = _Look(graph, incident.link, first, last, period_s, away, near)
    expected = expect_day(graph, observed, usual, first, ~near)
    slowed = look.find_slowed(observed, expected)
    around = ways_around(graph, expected.pace[first:last].mean(axis=0) * graph.length_km, incident.link)
    found = look.find_longer(observed, expected, slowed, around)
    quiet = look.quiet(usual, around)
    level = _around_zero([day.elsewhere for day in quiet])
    parts = found.beyond(level, around)
    noise = float(_around_zero([day.beyond(level, around).sum for day in quiet]))
    own = slowed[first:last, incident.link]
    felt = bool(own.any()) and parts.sum > noise
    extent = tuple(look.extents(observed, slowed)) if felt else ()
    middle = parts.sum if felt else 0.0
    doubt = LIKELY_Z * float(np.sqrt(noise**2 + LEAST_DOUBT**2 + (RELATIVE_DOUBT * middle) ** 2))
    ended = first + int(np.flatnonzero(slowed[first:last].any(axis=1)).max()) + 1 if felt else None
    known = ~np.isnan(observed.speed_kmh[first:last, near])
    return Impact(
        low=middle - doubt,
        middle=middle,
        high=middle + doubt,
        queue=parts.queue if felt else 0.0,
        spread=parts.spread if felt else 0.0,
        detours=parts.detours if felt else 0.0,
        extent=extent,
        cleared_s=None if ended is None or ended >= last else ended * period_s,
        measured=float(known.mean()),
    )


def _around_zero(said: Sequence[float] | Sequence[Doubles]) -> Doubles:
    """The standard deviation around zero of what should be zero."""
    deviation: Doubles = np.sqrt(np.mean(np.square(said), axis=0))
    return deviation


def _check(graph: Graph, observed: Measured, incident: Incident, until_s: float) -> None:
    if not 0 <= incident.link < len(graph.links):
        raise BadInput(f"there is no link {incident.link} among {len(graph.links)}", where="incident")
    if observed.speed_kmh.shape != observed.vehicles_h.shape or observed.speed_kmh.shape[1] != len(graph.links):
        raise BadInput(f"speeds {observed.speed_kmh.shape}, counts {observed.vehicles_h.shape}", where="observed")
    if until_s <= incident.start_s or incident.start_s < 0:
        raise BadInput(f"from {incident.start_s:.0f} s until {until_s:.0f} s", where="incident")
    if np.isnan(observed.speed_kmh[:, incident.link]).all():
        raise BadInput("no speed was measured on the incident's link", where="observed")


@dataclass(frozen=True, slots=True)
class _Look:
    """Where and when effects of one incident are looked for."""

    graph: Graph
    link: int
    first: int
    last: int
    period_s: float
    away: Doubles
    near: Flags

    def find_slowed(self, observed: Measured, expected: Expected) -> Flags:
        """Which links (periods, links) the incident slows, within its reach by then."""
        pace = filled(pace_of(observed), expected.pace)
        beyond = pace > expected.pace * (1 + np.maximum(LEAST_SLOWER, SPREADS * expected.spread))
        hours = (np.arange(len(pace)) - self.first + 1) * self.period_s / 3600
        reach = np.minimum(NEAR_KM, STARTS_KM + SPREADS_KMH * hours)
        within = (self.away[None, :] <= reach[:, None]) & (hours > 0)[:, None]
        within[self.last :] = False
        slowed = self._connected(beyond & within)
        just_before = filled(pace, expected.pace)[max(0, self.first - BEFORE) : max(1, self.first)].max(axis=0)
        new = (pace > NEWLY_SLOWER * expected.slowest) & (pace > NEWLY_SLOWER * just_before)
        new[:, self.link] = False
        slowed |= new & within & (pace > expected.pace * (1 + LEAST_SLOWER))
        return slowed

    def _connected(self, slowed: Flags) -> Flags:
        """Of the slowed links, those that touch the incident's link, or what it slowed just before, without a gap."""
        kept = np.zeros_like(slowed)
        held: set[int] = set()
        for period in range(self.first, self.last):
            here = set(np.flatnonzero(slowed[period]).tolist())
            ahead = [self.link, *held]
            reached: set[int] = set()
            while ahead:
                link = ahead.pop()
                if link in here and link not in reached:
                    reached.add(link)
                    ahead += self.graph.beside(link)
            kept[period, sorted(reached)] = True
            held = reached
        return kept

    def find_longer(self, observed: Measured, expected: Expected, slowed: Flags, around: Around) -> _Found:
        """What stood or crept longer than expected, and what went another way."""
        hours = slice(self.first, self.last)
        flow = flow_on_links(self.graph, observed, expected)
        period_h = self.period_s / 3600
        present = count_on_links(self.graph, flow, observed, expected, self.first, self.last, self.period_s)
        longer = ((present - flow * expected.pace * self.graph.length_km) * period_h)[hours]
        queued = self.queued(slowed)
        missing = (expected.vehicles_h - flow)[hours, self.link].sum() * period_h
        return _Found(
            queue=max(0.0, float(longer[queued].sum())),
            elsewhere=np.where(queued, 0.0, longer).sum(axis=0),
            detours=max(0.0, float(missing)) * around.longer_h,
        )

    def queued(self, slowed: Flags) -> Flags:
        """Of the slowed links (periods of the look, links), the incident's and those upstream without a gap."""
        queued = np.zeros((self.last - self.first, len(self.graph.links)), np.bool_)
        for period, here in enumerate(queued, self.first):
            here[sorted(self._queued(set(np.flatnonzero(slowed[period]).tolist())))] = True
        queued[:, self.link] = True
        return queued

    def quiet(self, usual: Sequence[Measured], around: Around) -> list[_Found]:
        """What the estimate says of each usual day without the incident, when judged by the others."""
        said = []
        for number, day in enumerate(usual):
            others = [other for place, other in enumerate(usual) if place != number]
            expected = expect_day(self.graph, day, others, self.first, ~self.near)
            said.append(self.find_longer(day, expected, self.find_slowed(day, expected), around))
        return said

    def extents(self, observed: Measured, slowed: Flags) -> list[Extent]:
        """Period by period, the links that are slowed, and the queue on the incident's link and what feeds it."""
        free = np.array([link.free_kmh for link in self.graph.links])
        speed = np.minimum(filled(observed.speed_kmh, free[None, :] * np.ones_like(observed.speed_kmh)), free)
        standing = (1 / np.maximum(speed, 1.0) - 1 / free) / (1 / (QUEUE_PACE * free) - 1 / free)
        length = np.clip(standing, 0.0, 1.0) * self.graph.length_km
        found = []
        for period in range(self.first, self.last):
            here = np.flatnonzero(slowed[period])
            queued = self._queued(set(here.tolist()))
            found.append(
                Extent(period * self.period_s, tuple(here.tolist()), float(length[period, sorted(queued)].sum()))
            )
        return found

    def _queued(self, slowed: set[int]) -> set[int]:
        """The incident's link and those upstream that are slowed without a gap."""
        queued: set[int] = set()
        ahead = [self.link]
        while ahead:
            link = ahead.pop()
            if link in slowed and link not in queued:
                queued.add(link)
                ahead += self.graph.feeders(link)
        return queued
