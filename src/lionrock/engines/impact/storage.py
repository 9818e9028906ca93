"""How many vehicles are on each link, from its speed and the count at its middle.

In steady traffic it is flow times length over speed. Where a queue stands, flow and speed both go to nothing and
their ratio says nothing. Two things are known there still, and their mean is taken:

- what entered and what left are together about twice the count at the middle, so that the number on the link
  grows and shrinks by no more than that, whether one looks from before the queue or from after it;
- all vehicles times their speed over the length is the mean flow on the link, and it is more than the count at
  its middle while the queue grows. From the end of the queue backwards the number follows from that.
"""

from __future__ import annotations

import numpy as np

from lionrock.engines.impact.expected import Doubles, Expected, Flags, Measured, filled, pace_of
from lionrock.engines.impact.graph import Graph

STANDING_KMH = 20.0  # below it a link is taken to hold a queue
UNREAD_KMH = 10.0  # below it flow over speed says nothing of the number of vehicles
HOLDING_KMH = 3.0  # below it as many come as go, where nobody knows yet how the queue ends
SLOWEST_KMH = 0.5  # what is slower is read as this
MOVING_SHARE = 0.2  # of a queue's growth is what its mean flow has more than the count; fitted to links' true numbers
JAM_VEHICLES_PER_KM = 140.0  # on a lane
WAVE_KMH = 17.0  # how fast a queue's start moves backwards


def flow_on_links(graph: Graph, observed: Measured, expected: Expected) -> Doubles:
    """What passed (periods, links), vehicles an hour; where nobody counted, the share of the expected flow around then.

    Uncounted traffic is never more than a queue of the measured speed lets through.
    """
    share = observed.vehicles_h / np.maximum(expected.vehicles_h, 1.0)
    known = ~np.isnan(share)
    moments = np.arange(len(share))
    for link in np.flatnonzero(~known.all(axis=0)):
        here = known[:, link]
        share[:, link] = np.interp(moments, moments[here], share[here, link]) if here.any() else 1.0
    speed_kmh = 1 / filled(pace_of(observed), expected.pace)
    lanes = np.array([link.lanes for link in graph.links], np.float64)
    queue = JAM_VEHICLES_PER_KM * lanes * speed_kmh * WAVE_KMH / (speed_kmh + WAVE_KMH)
    flow: Doubles = np.where(known, observed.vehicles_h, np.minimum(share * expected.vehicles_h, queue))
    return flow


def count_on_links(
    graph: Graph, flow: Doubles, observed: Measured, expected: Expected, first: int, last: int, period_s: float
) -> Doubles:
    """Vehicles on each link (periods, links); queues are looked for from period ``first`` until ``last``."""
    period_h = period_s / 3600
    lanes = np.array([link.lanes for link in graph.links], np.float64)
    most = JAM_VEHICLES_PER_KM * graph.length_km * lanes
    speed_kmh = 1 / filled(pace_of(observed), expected.pace)
    steady = flow * graph.length_km / np.maximum(speed_kmh, SLOWEST_KMH)
    stands = speed_kmh < STANDING_KMH
    hours = range(max(first, 1), min(last, len(flow)))
    bounded = _bounded(steady, flow * period_h, speed_kmh, stands, most, hours)
    followed = steady.copy()
    followed[hours.stop - 1] = bounded[hours.stop - 1]
    for period in reversed(hours[:-1]):
        grown = period_h / MOVING_SHARE
        before = (followed[period + 1] + grown * flow[period]) / (1 + grown * speed_kmh[period] / graph.length_km)
        followed[period] = np.where(stands[period], before, steady[period])
    present: Doubles = np.minimum((bounded + followed) / 2, most)
    return present


def _bounded(
    steady: Doubles, passed: Doubles, speed_kmh: Doubles, stands: Flags, most: Doubles, hours: range
) -> Doubles:
    """The number within what ``passed`` in each period allows from before and from after; ``most`` if that is all."""
    present = np.minimum(steady, most)
    so_far = present[hours.start - 1]  # as far as it can be told without what came later
    for period in hours:
        change = passed[period - 1] + passed[period]
        here = np.where(speed_kmh[period] < UNREAD_KMH, most, present[period])
        told = np.where(speed_kmh[period] < HOLDING_KMH, so_far, present[period])
        so_far = np.where(stands[period], np.clip(told, so_far - change, so_far + change), present[period])
        inside = np.clip(here, present[period - 1] - change, present[period - 1] + change)
        present[period] = np.where(stands[period], inside, here)
    present[hours.stop - 1] = so_far
    for period in reversed(hours[:-1]):
        change = passed[period] + passed[period + 1]
        inside = np.clip(present[period], present[period + 1] - change, present[period + 1] + change)
        present[period] = np.where(stands[period], inside, present[period])
    return np.clip(present, 0.0, most)
