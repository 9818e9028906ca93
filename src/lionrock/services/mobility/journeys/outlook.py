"""How fast every road is from now on, with doubt: measured, forecast, usual, or only assumed, and which of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from lionrock.city.place import GENERAL_LIMIT_KMH
from lionrock.commons.spatial.roads import Floats, Ints, Roads
from lionrock.engines.routing.field import SpeedField
from lionrock.services.mobility.journeys.sensed import Sensed
from lionrock.services.mobility.journeys.usual import UsualDays

NEAR_S = np.arange(15, 151, 15) * 60.0
REACH = timedelta(hours=26)  # a departure a day ahead, and its journey
LATER_STEP_S = 1800.0
FADE_S = 3600.0  # after its last horizon a forecast gives way to the usual day over this long
HELD_S = 1800.0  # a measured speed without a forecast stands this long, then gives way likewise
SLOWEST_KMH = 3.0  # a queue still moves; a speed of zero would never let anyone out
STANDSTILL_KMH = 1e-6  # of a road that is wholly closed: a metre takes weeks, so that nobody passes before it opens
OPENS_WITHIN_S = 1.0

# Where nothing is known: what part of its limit a road is taken to go, and the band around that.
ASSUMED_SHARE, ASSUMED_LOW, ASSUMED_HIGH = 0.7, 0.35, 1.0
NOW_BAND = 0.08  # a speed measured just now: this much to either side
NOTHING_SHUT: Mapping[str, float] = {}
HELD_BAND = 0.35  # and one that stands in for a forecast, at the end of its time


class Basis(IntEnum):
    """What a speed rests on, the best first."""

    MEASURED = 0
    FORECAST = 1
    USUAL = 2
    ASSUMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Speeds of all links by moment (seconds since 1970): three quantiles, and ``basis[moment, column]`` of each.

    ``usual`` is the field of the usual day alone, None while there is none.
    """

    low: SpeedField
    middle: SpeedField
    high: SpeedField
    usual: SpeedField | None
    basis: NDArray[np.uint8]


def build_outlook(
    roads: Roads, sensed: Sensed, usual: UsualDays, now_s: float, shut: Mapping[str, float] = NOTHING_SHUT
) -> Outlook:
    """What is to be expected from ``now_s`` on; speeds in km/h, never below SLOWEST_KMH.

    ``shut`` are roads that are wholly closed, and until when (seconds since 1970): until then nobody gets on.
    """
    names = list(dict.fromkeys(link.road for link in roads.links))
    place = {road: column for column, road in enumerate(names)}
    columns = np.array([place[link.road] for link in roads.links])
    limits = _limits(roads, columns, len(names))
    moments = _moments(now_s, shut.values())
    known = _by_column(usual.at(moments), usual.roads, place)
    speeds = np.empty((3, len(moments), len(names)))
    basis = np.full((len(moments), len(names)), Basis.ASSUMED, np.uint8)
    assumed = limits * np.array([ASSUMED_LOW, ASSUMED_SHARE, ASSUMED_HIGH])[:, None]
    ground = np.where(np.isnan(known[1]), assumed[:, None, :], known)
    basis[~np.isnan(known[1])] = Basis.USUAL
    speeds[:] = ground
    told, weight, source = _ahead(sensed, moments, place)
    _keep_doubt(ground, told, weight)
    _lay_over(speeds, basis, ground, told, weight, source)
    np.maximum(speeds, SLOWEST_KMH, out=speeds)
    for road, until_s in shut.items():
        if road in place:
            speeds[:, moments < until_s, place[road]] = STANDSTILL_KMH
    speeds.sort(axis=0)  # a blend of two sources' quantiles keeps their order
    usual_field = None
    if usual.days and not np.isnan(known[1]).all():
        usual_field = SpeedField(moments, np.maximum(ground[1], SLOWEST_KMH), columns)
    low, middle, high = (SpeedField(moments, quantile, columns) for quantile in speeds)
    return Outlook(low, middle, high, usual_field, basis)


def _moments(now_s: float, openings_s: Collection[float]) -> Floats:
    """The moments of the outlook, and those just before and at which a closed road opens."""
    later = np.arange(NEAR_S[-1] + LATER_STEP_S, REACH.total_seconds() + 1, LATER_STEP_S)
    moments = now_s + np.concatenate([[0.0], NEAR_S, later])
    opening = np.array([at for at in openings_s if now_s + OPENS_WITHIN_S < at <= moments[-1]])
    return np.unique(np.concatenate([moments, opening - OPENS_WITHIN_S, opening]))


def _limits(roads: Roads, columns: Ints, count: int) -> Floats:
    """Every column's speed limit; the general one where the source does not say."""
    limits = np.full(count, GENERAL_LIMIT_KMH)
    for link, column in zip(roads.links, columns.tolist(), strict=True):
        if link.limit_kmh:
            limits[column] = link.limit_kmh
    return limits


def _by_column(values: Floats, roads: tuple[str, ...], place: dict[str, int]) -> Floats:
    """``values[moment, quantile, road]`` as ``[quantile, moment, column]``; NaN where a column has none."""
    found = np.full((values.shape[1], values.shape[0], len(place)), np.nan)
    pairs = [(place[road], index) for index, road in enumerate(roads) if road in place]
    if pairs:
        into, out_of = np.array(pairs).T
        found[:, :, into] = values[:, :, out_of].transpose(1, 0, 2)
    return found


def _ahead(sensed: Sensed, moments: Floats, place: dict[str, int]) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """What was measured and forecast: quantiles ``[3, moment, column]`` (NaN where unknown), weight and basis."""
    shape = (len(moments), len(place))
    told = np.full((3, *shape), np.nan)
    weight = np.zeros(shape)
    basis = np.full(shape, Basis.FORECAST, np.uint8)
    _hold(told, weight, basis, sensed, moments, place)
    measured = np.isin(np.array(list(place), object), np.array(list(sensed.measured), object))
    for known_s, roads in _by_moments(sensed, place):
        columns = np.array([place[road] for road in roads])
        points = np.stack([sensed.ahead[road][1:] for road in roads])
        before = np.clip(np.searchsorted(known_s, moments, side="right") - 1, 0, max(len(known_s) - 2, 0))
        after = np.minimum(before + 1, len(known_s) - 1)
        share = np.clip((moments - known_s[before]) / np.maximum(known_s[after] - known_s[before], 1.0), 0.0, 1.0)
        quantiles = (points[:, :, before] * (1 - share) + points[:, :, after] * share).transpose(1, 2, 0)
        fading = np.clip(1 - (moments - known_s[-1]) / FADE_S, 0.0, 1.0)
        later = np.ones((len(moments), len(columns)), bool)
        later[0] = ~measured[columns]  # what was just measured is better than what was forecast of now
        told[:, :, columns] = np.where(later, quantiles, told[:, :, columns])
        weight[:, columns] = np.where(later, fading[:, None], weight[:, columns])
        basis[:, columns] = np.where(later, Basis.FORECAST, basis[:, columns])
    return told, weight, basis


def _by_moments(sensed: Sensed, place: dict[str, int]) -> list[tuple[Floats, list[str]]]:
    """The roads whose forecasts speak of the same moments; nearly all do."""
    groups: dict[bytes, list[str]] = {}
    for road, points in sensed.ahead.items():
        if road in place:
            groups.setdefault(points[0].tobytes(), []).append(road)
    return [(sensed.ahead[roads[0]][0], roads) for roads in groups.values()]


def _hold(
    told: Floats, weight: Floats, basis: NDArray[np.uint8], sensed: Sensed, moments: Floats, place: dict[str, int]
) -> None:
    """A measured speed stands for a while from its own moment on, with growing doubt."""
    known = [(place[road], *speed) for road, speed in sensed.measured.items() if road in place]
    if not known:
        return
    columns, speeds, at_s = (np.array(part) for part in zip(*known, strict=True))
    age_s = np.maximum(moments[:, None] - at_s, 0.0)
    doubt = np.interp(age_s, [0.0, HELD_S + FADE_S], [NOW_BAND, HELD_BAND])
    told[:, :, columns] = np.stack([1 - doubt, np.ones_like(doubt), 1 + doubt]) * speeds
    weight[:, columns] = np.clip(1 - (age_s - HELD_S) / FADE_S, 0.0, 1.0)
    basis[:, columns] = Basis.MEASURED


def _keep_doubt(ground: Floats, told: Floats, weight: Floats) -> None:
    """Nobody knows more of a later hour than of the last one that was forecast: its band stays, while it fades too.

    In km/h or as a share of the speed, whichever is narrower: the band of a jam, as a share, is no free road's.
    """
    known = (weight > 0) & ~np.isnan(told[1])
    last = known.shape[0] - 1 - np.argmax(known[::-1], axis=0)
    column = np.flatnonzero(known.any(axis=0))
    low, middle, high = told[:, last[column], column]
    share = ground[1][:, column] / np.maximum(middle, SLOWEST_KMH)
    scale = np.minimum(share, 1.0)
    slower, faster = (middle - low) * scale, (high - middle) * scale
    later = weight[:, column] < 1
    usual = ground[1][:, column]
    ground[0][:, column] = np.where(later, np.fmin(ground[0][:, column], usual - slower), ground[0][:, column])
    ground[2][:, column] = np.where(later, np.fmax(ground[2][:, column], usual + faster), ground[2][:, column])


def _lay_over(
    speeds: Floats, basis: NDArray[np.uint8], ground: Floats, told: Floats, weight: Floats, source: NDArray[np.uint8]
) -> None:
    """Blend what was told into the ground by its weight; the heavier of the two gives the basis."""
    known = (weight > 0) & ~np.isnan(told[1])
    blended = ground + (np.where(known, told, ground) - ground) * weight
    speeds[:] = np.where(known, blended, ground)
    heavier = known & (weight >= 0.5)  # noqa: PLR2004 - the heavier half
    basis[heavier] = source[heavier]
