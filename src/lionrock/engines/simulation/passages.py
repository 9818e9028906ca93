"""What roads saw of a run: passages, speeds and density by period, freed of the platoons that the engine moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lionrock.engines.simulation.network import Doubles, Road

SPREAD_S = 75.0  # a platoon's passages are spread over some minutes, or counts would come in tens
SPEED_WINDOW_S = 162.0
CALM_VEHICLES_PER_KM_PER_LANE = 8.0  # free flow for certain (Highway Capacity Manual: level of service B)


def spread_platoons(cumulative: Doubles, step_s: float, edges_s: Doubles) -> Doubles:
    """Cumulative passages at ``edges_s``, each platoon spread evenly over the gap before it.

    ``cumulative`` counts whole platoons at steps of ``step_s``. Vehicles of a platoon really pass
    one after another, so counts rise along a line from one platoon's moment to the next.
    """
    rises = np.flatnonzero(np.diff(cumulative, prepend=0.0))
    times = np.concatenate(([0.0], (rises + 1) * step_s))
    counts = np.concatenate(([0.0], cumulative[rises]))
    return np.interp(edges_s, times, counts)


def smooth_passages(values: Doubles, period_s: float) -> Doubles:
    """``values`` under a bell of ``SPREAD_S``: platoons are a tool of the engine, roads know none."""
    reach = round(3 * SPREAD_S / period_s)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) * period_s / SPREAD_S) ** 2)
    return np.convolve(np.pad(values, reach, mode="edge"), bell / bell.sum(), mode="valid")


@dataclass(frozen=True, slots=True)
class RoadSteps:
    """A road at each step of the engine: vehicles on it, their mean speed in km/h (free flow where empty).

    ``left`` is the share of its free speed that slowdowns leave it.
    """

    present: Doubles
    speed_kmh: Doubles
    left: Doubles
    step_s: float


def mean_speed_kmh(
    road: Road, steps: RoadSteps, prior: float, hindered: list[tuple[float, float]], edges_s: Doubles
) -> tuple[Doubles, Doubles]:
    """Mean speed in each period: distance over time of all vehicles within ``SPEED_WINDOW_S`` (Edie's definition).

    A platoon stands in the engine during its first step on a road, so that even free traffic seems slower
    than it is. What traffic does at low density outside ``hindered`` times is therefore taken as free
    flow, and counts as much as ``prior`` vehicles do for a step, lest a single platoon decides about a night's speed.
    Slowed traffic stands no longer than that step, so that its free flow is told from the dry one's by the pace alone.

    Returns that speed and the free speed that slowdowns leave, which no mean speed exceeds.
    """
    times_s = np.arange(len(steps.present)) * steps.step_s
    calm = steps.present < CALM_VEHICLES_PER_KM_PER_LANE * road.length_m / 1000 * road.lanes
    for start_s, end_s in hindered:
        calm &= (times_s < start_s) | (times_s > end_s + SPEED_WINDOW_S)
    weight = steps.present * calm
    usual_kmh = float((steps.speed_kmh * weight).sum() / weight.sum()) if weight.any() else road.free_flow_kmh
    window = max(1, round(SPEED_WINDOW_S / steps.step_s))
    left = _moving_sum(steps.left, window) / window
    free_as_seen = 1 / (1 / usual_kmh + (1 / left - 1) / road.free_flow_kmh)
    time, distance = (_moving_sum(values, window) for values in (steps.present, steps.present * steps.speed_kmh))
    relative = (distance + prior * free_as_seen) / (time + prior) / free_as_seen
    # Empty roads are as fast as the weather lets them be.
    relative = np.where(time > 0, np.minimum(relative, 1.0), 1.0)
    middles_s = (edges_s[1:] + edges_s[:-1]) / 2
    free_kmh = road.free_flow_kmh * np.interp(middles_s, times_s, left)
    return free_kmh * np.interp(middles_s, times_s, relative), free_kmh


def _moving_sum(values: Doubles, window: int) -> Doubles:
    return np.convolve(_padded(values, window), np.ones(window), mode="valid")


def _padded(values: Doubles, window: int) -> Doubles:
    return np.pad(values, (window // 2, window - 1 - window // 2), mode="edge")
