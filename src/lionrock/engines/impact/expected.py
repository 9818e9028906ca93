"""The day as it would have been: usual days, corrected by what the same day says where no incident reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import BadInput
from lionrock.engines.impact.graph import Graph

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEWEST_DAYS = 3
SMOOTHED = 5  # periods over which a usual profile is averaged: its shape is wanted, not its noise
SLOWEST_KMH = 0.3  # lower speeds are read as this: a queue that stands is not infinitely long under way
LEAST_SPREAD = 0.04  # of the logarithm of a link's pace, from day to day
OWN_RATIO = (0.6, 1.6)  # how far one link's morning may differ from the usual before it is called a fault


@dataclass(frozen=True, slots=True)
class Measured:
    """A day or a part of it: arrays (periods, links), NaN where nothing was measured.

    ``speed_kmh`` is the mean over vehicles and time on the link, as probes report it; ``vehicles_h`` what passed
    at its middle, in vehicles an hour.
    """

    speed_kmh: Doubles
    vehicles_h: Doubles


@dataclass(frozen=True, slots=True)
class Expected:
    """Pace (hours per km) and flow (vehicles an hour) without the incident; ``spread`` of the logarithm of pace.

    ``slowest`` is the longest pace of all usual days within a period of the moment: what is slower is new.
    """

    pace: Doubles
    vehicles_h: Doubles
    spread: Doubles
    slowest: Doubles


def expect_day(graph: Graph, observed: Measured, usual: Sequence[Measured], before: int, far: Flags) -> Expected:
    """What ``observed`` would have shown. The incident began in period ``before``; ``far`` are links it cannot reach.

    Raises BadInput where days are too few or of another shape than ``observed``.
    """
    if len(usual) < FEWEST_DAYS:
        raise BadInput(f"{len(usual)} usual days", remedy=f"at least {FEWEST_DAYS}")
    if any(day.speed_kmh.shape != observed.speed_kmh.shape for day in usual):
        raise BadInput("usual days of another shape than the observed one", where="usual")
    paces = np.log([pace_of(day) for day in usual])
    flows = np.array([day.vehicles_h for day in usual])
    pace = smoothed(filled(median(paces), np.log([1 / link.free_kmh for link in graph.links])))
    flow = smoothed(filled(median(flows), _by_lane(graph, median(flows))))
    spread = np.maximum(filled(np.sqrt(median((paces - pace) ** 2)), LEAST_SPREAD) / 0.6745, LEAST_SPREAD)
    slower = np.log(pace_of(observed)) - pace
    quiet = np.where(far[None, :] | (np.arange(len(pace)) < before)[:, None], slower, np.nan)
    # Rain and a busy day slow all roads a little: the middle of what roads out of reach do is asked of all.
    together = filled(median(quiet, axis=1), 0.0)[:, None]
    ever = filled(np.fmax.reduce(paces), pace)
    slowest = np.max([np.roll(ever, shift, axis=0) for shift in (-1, 0, 1)], axis=0)
    return Expected(
        np.exp(pace + together), flow * _busy(observed, flow, before, far), smoothed(spread), np.exp(slowest)
    )


def _busy(observed: Measured, flow: Doubles, before: int, far: Flags) -> Doubles:
    """How many times the usual traffic each link carries: half its own hour before, half the far roads'."""
    there = ~np.isnan(observed.vehicles_h)
    counted, usual = np.where(there, observed.vehicles_h, 0.0), np.where(there, flow, 0.0)
    city = counted[:, far].sum() / usual[:, far].sum() if usual[:, far].sum() > 0 else 1.0
    own = np.full(flow.shape[1], city)
    known = usual[:before].sum(axis=0) > 0
    own[known] = counted[:before, known].sum(axis=0) / usual[:before, known].sum(axis=0)
    busy: Doubles = (np.clip(own, *OWN_RATIO) + city) / 2
    return busy


def pace_of(day: Measured) -> Doubles:
    """Hours per km, NaN where no speed was measured."""
    pace: Doubles = 1 / np.maximum(day.speed_kmh, SLOWEST_KMH)
    return pace


def median(values: Doubles, axis: int = 0) -> Doubles:
    """The median of what was measured along ``axis``, NaN where nothing was."""
    ordered = np.sort(values, axis=axis)  # what is missing comes last
    known = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=axis)
    high = np.take_along_axis(ordered, np.minimum(known // 2, values.shape[axis] - 1), axis=axis)
    middle: Doubles = ((low + high) / 2).squeeze(axis)
    return middle


def filled(values: Doubles, otherwise: Doubles | float | list[float]) -> Doubles:
    """``values`` with ``otherwise`` where they are NaN."""
    whole: Doubles = np.where(np.isnan(values), otherwise, values)
    return whole


def smoothed(values: Doubles) -> Doubles:
    """A running mean over ``SMOOTHED`` periods."""
    half = SMOOTHED // 2
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    running: Doubles = np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED, axis=0).mean(axis=-1)
    return running


def _by_lane(graph: Graph, flows: Doubles) -> Doubles:
    """A flow for links that nobody counts: the middle of what a lane carries elsewhere at that time."""
    lanes = np.array([link.lanes for link in graph.links], np.float64)
    a_lane = filled(median(flows / lanes, axis=1), 0.0)
    return a_lane[:, None] * lanes
