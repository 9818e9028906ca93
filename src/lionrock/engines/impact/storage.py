"""How many vehicles are on each link, from its speed and the count at its middle.

In steady traffic it is flow times length over speed. Where a queue stands, flow and speed both go to nothing
and their ratio says nothing; there conservation says more: what enters and what leaves are together about twice
the count at the middle, so the number on the link can change by no more than that, and grow by no more than the
expected arrivals leave room for.
"""

from __future__ import annotations

import numpy as np

from lionrock.engines.impact.expected import Doubles, Expected, Measured, filled, pace_of
from lionrock.engines.impact.graph import Graph

STANDING_KMH = 20.0  # below it a link is taken to hold a queue
CREEPING_KMH = 0.5  # what is slower is read as this
SLOW_KMH = 2.0  # the same where nothing bounds the number of vehicles
JAM_VEHICLES_PER_KM = 140.0  # on a lane
WAVE_KMH = 17.0  # how fast a queue's start moves backwards
MOST_ARRIVALS = 2.0  # times the expected flow
# Counts at the middle lag behind what enters and run ahead of what leaves. Fitted with the weights of the parts.
GROWS, SHRINKS = 1.3, 0.8


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


def longer_on_links(graph: Graph, flow: Doubles, observed: Measured, expected: Expected) -> Doubles:
    """How much longer all that passes each link takes than expected (periods, links): vehicles times hours an hour."""
    pace = np.minimum(filled(pace_of(observed), expected.pace), 1 / SLOW_KMH)
    longer: Doubles = flow * (pace - expected.pace) * graph.length_km
    return longer


def count_on_links(
    graph: Graph, flow: Doubles, observed: Measured, expected: Expected, first: int, last: int, period_s: float
) -> Doubles:
    """Vehicles on each link (periods, links); conservation is asked from period ``first`` until ``last``."""
    period_h = period_s / 3600
    pace = np.minimum(filled(pace_of(observed), expected.pace), 1 / CREEPING_KMH)
    present: Doubles = flow * graph.length_km * pace
    most = JAM_VEHICLES_PER_KM * graph.length_km * np.array([link.lanes for link in graph.links])
    for period in range(max(first, 1), last):
        before = present[period - 1]
        passed = 2 * flow[period] * period_h
        room = 2 * (MOST_ARRIVALS * expected.vehicles_h[period] - flow[period]) * period_h
        highest = before + GROWS * np.maximum(np.minimum(passed, room), 0.0)
        lowest = np.where(pace[period] > 1 / STANDING_KMH, before - SHRINKS * passed, 0.0)
        present[period] = np.minimum(np.clip(present[period], lowest, np.maximum(highest, lowest)), most)
    return present
