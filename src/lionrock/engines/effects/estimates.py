"""The effect of each level of a condition on all series together, with intervals that few days make wide.

Series of one hour share that hour's shocks, so hours and series are no independent witnesses: the
unit of doubt is the day (or the block of days that a caller names, a typhoon's). An interval has two
parts. What calm days leave open in the counterfactual is found by a Bayesian bootstrap of whole
days (Rubin 1981). How far single days stray is the spread between the affected days, and, because
a spread of three days is hardly known, the spread of calm days weighs in as if it had been seen
on some more of them; calm days stand in wholly where one day is all there is (after Conley and
Taber 2011, "Inference with Difference in Differences with a Small Number of Policy Changes").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lionrock.engines.effects.usual import WEEKDAY_TRUST_DAYS, Cube, Flags, Floats, Ints, Panel, Usual, fit_usual

States = NDArray[np.int8]  # [day, slot, series]: 0 calm, 1.. the levels, -1 neither (left out)

LEFT_OUT = -1
PRIOR_DAYS = 4.0  # calm days' spread counts as so many days of an affected day's
FEWEST_GROUPS = 2
GROUPS_DIFFER = 0.25  # of the whole day's effect: no evidence of a difference is no evidence of none
REPLICATES = 40
SERIES_RESAMPLED = 150  # shocks are common to all: more series would not change the doubt
FEW_DEGREES = {1.0: 12.706, 2.0: 4.303, 3.0: 3.182}  # of Student's t, where its expansion fails
FEWEST_WINDOWS = 3  # calm windows, before their spread is one; shorter windows stray more
NORMAL = 1.959964  # the normal distribution's quantile of a 95% interval
TOO_FEW_BLOCKS, FEW_BLOCKS = 3, 8


class Grade(StrEnum):
    """How much was seen of a level: never, on too few days to say, on few days, on enough."""

    NEVER = "never"
    TOO_FEW = "too_few"
    FEW = "few"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The effect of one level as a log ratio, with its 95% interval; None where it was never seen.

    ``blocks`` independent days (or typhoons) and ``hours`` of them stand behind it. With ``pooled`` the
    slots at hand had nothing of their own and the whole day's effect stands in.
    """

    level: int
    log_ratio: float | None
    error: float | None
    low: float | None
    high: float | None
    grade: Grade
    blocks: int
    days: int
    hours: int
    pooled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Effects by level over all slots (``whole``) and by group of slots, with what they were measured against.

    ``day_spread`` is the standard deviation of whole calm days around the counterfactual.
    """

    usual: Usual
    residual: Cube
    whole: tuple[Estimate, ...]
    by_group: Mapping[str, tuple[Estimate, ...]]
    day_spread: float
    _strays: _Calm
    _block: Ints

    def same_mean(self, other: Cube, mask: Flags) -> float:
        """The mean of ``other[day, slot, series]`` over ``mask``, days weighed as an effect weighs them; NaN for none.

        A known truth taken so can be held against the estimate.
        """
        seen, slots = _seen(other, mask), range(mask.shape[1])
        effect, cells = seen.blocks(slots, self._block)
        if not len(effect):
            return float("nan")
        weight = _weights(
            cells,
            self._strays.cell_variance,
            self._strays.day_variance(slots, _slots_a_block(seen, slots, self._block)),
        )
        return float((weight * effect).sum() / weight.sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Residual sums and counts of one level, ``[day, slot]``."""

    total: Floats
    count: Floats

    def blocks(self, slots: Sequence[int], block: Ints) -> tuple[Floats, Floats]:
        """Mean residual and number of cells of each block that has any."""
        total: Floats = np.bincount(block, self.total[:, slots].sum(axis=1)).astype(np.float64)
        count: Floats = np.bincount(block, self.count[:, slots].sum(axis=1)).astype(np.float64)
        some = count > 0
        return total[some] / count[some], count[some]


@dataclass(frozen=True, slots=True, eq=False)
class _Calm:
    """How calm hours stray: the common shock ``[day, slot]`` and the variance of single cells around it."""

    shock: Floats
    cell_variance: float

    def freedom(self, slots: Sequence[int]) -> float:
        """As how many affected days the calm days' spread may count: a few calm days hardly know their own."""
        days = int(np.isfinite(self.shock[:, slots]).any(axis=1).sum())
        return float(min(PRIOR_DAYS, days - 1))

    def day_variance(self, slots: Sequence[int], length: int) -> float:
        """The variance of a common shock's mean over ``length`` neighbouring slots."""
        part = self.shock[:, slots]
        for span in range(min(length, part.shape[1]), 0, -1):
            means = np.lib.stride_tricks.sliding_window_view(part, span, axis=1).mean(axis=2)
            known = means[np.isfinite(means)]
            if len(known) >= FEWEST_WINDOWS:
                return float((known**2).mean())
        return float("inf")


def estimate(
    panel: Panel,
    states: States,
    levels: int,
    groups: Mapping[str, Sequence[int]],
    *,
    block: Ints | None = None,
    seed: int,
) -> Estimates:
    """Effects of levels 1..``levels`` of ``states`` on ``panel``; ``groups`` names slots that belong together.

    ``block[day]`` numbers the independent blocks (each day its own, without).
    """
    blocks = np.arange(len(panel.kind)) if block is None else block
    calm = states == 0
    usual = fit_usual(panel, calm)
    residual: Cube = panel.values - usual.expected(panel)
    seen = [_seen(residual, states == level) for level in range(1, levels + 1)]
    strays = _strays(panel, usual, residual, calm)
    slots = {"": tuple(range(panel.values.shape[1])), **groups}
    drawn = _replicates(panel, states, levels, blocks, slots, seed)
    whole = tuple(
        _estimate(level, seen[level - 1], slots[""], blocks, strays, drawn[level - 1, 0])
        for level in range(1, levels + 1)
    )
    raw = {
        name: [
            _estimate(level, seen[level - 1], slots[name], blocks, strays, drawn[level - 1, place])
            for level in range(1, levels + 1)
        ]
        for place, name in enumerate(slots)
        if name
    }
    by_group = {
        name: tuple(_leaning(whole[i], [raw[g][i] for g in raw], raw[name][i]) for i in range(levels)) for name in raw
    }
    spread = strays.day_variance(slots[""], panel.values.shape[1]) ** 0.5
    return Estimates(usual, residual, whole, by_group, spread, strays, blocks)


def student_quantile(freedom: float) -> float:
    """Student's t for a 95% interval, whole degrees; Abramowitz and Stegun's expansion 26.7.5."""
    if freedom in FEW_DEGREES:
        return FEW_DEGREES[freedom]
    z = NORMAL
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _seen(residual: Cube, mask: Flags) -> _Seen:
    known = mask & np.isfinite(residual)
    return _Seen(np.where(known, residual, 0).sum(axis=2, dtype=np.float64), known.sum(axis=2).astype(np.float64))


def _strays(panel: Panel, usual: Usual, residual: Cube, calm: Flags) -> _Calm:
    """Calm residuals as if each day had been left out of its own counterfactual."""
    known = calm & np.isfinite(residual)
    count = known.sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        shock = np.where(known, residual, 0).sum(axis=2, dtype=np.float64) / np.where(count > 0, count, np.nan)
        of_kind = np.where(known, usual.days[panel.kind], 0).sum(axis=2) / np.where(count > 0, count, np.nan)
    alike = np.array([(panel.weekday == day).sum() for day in panel.weekday], np.float64)[:, None]
    own = 1 / (of_kind + 1) + 1 / (alike + WEEKDAY_TRUST_DAYS)
    within = np.where(known, residual - np.nan_to_num(shock).astype(np.float32)[:, :, None], 0)
    variance = float((within**2).sum() / max(int(known.sum()) - int((count > 0).sum()), 1))
    return _Calm(shock / np.maximum(1 - own, 0.25), variance)


def _estimate(level: int, seen: _Seen, slots: Sequence[int], block: Ints, strays: _Calm, drawn: Floats) -> Estimate:
    effect, cells = seen.blocks(slots, block)
    hours = int((seen.count[:, slots] > 0).sum())
    days = int((seen.count[:, slots] > 0).any(axis=1).sum())
    if not len(effect):
        return _never(level)
    prior, known = strays.day_variance(slots, _slots_a_block(seen, slots, block)), strays.freedom(slots)
    freedom = known + len(effect) - 1
    if not np.isfinite(prior) or freedom <= 0:
        return replace(_never(level), grade=Grade.TOO_FEW, blocks=len(effect), days=days, hours=hours)
    weight = _weights(cells, strays.cell_variance, prior)
    middle = float((weight * effect).sum() / weight.sum())
    between = float((weight * (effect - middle) ** 2).sum() / weight.sum()) * len(effect)
    expected = prior + strays.cell_variance / float(np.median(cells))
    variance = (known * expected + between) / freedom
    independent = float(weight.sum() ** 2 / (weight**2).sum())
    unsure = float(np.nanvar(drawn)) if np.isfinite(drawn).any() else prior
    error = float(np.sqrt(variance / independent + unsure))
    reach = student_quantile(freedom) * error
    grade = Grade.TOO_FEW if len(effect) < TOO_FEW_BLOCKS else Grade.FEW if len(effect) < FEW_BLOCKS else Grade.ENOUGH
    return Estimate(
        level=level,
        log_ratio=middle,
        error=error,
        low=middle - reach,
        high=middle + reach,
        grade=grade,
        blocks=len(effect),
        days=days,
        hours=hours,
    )


def _never(level: int) -> Estimate:
    return Estimate(
        level=level, log_ratio=None, error=None, low=None, high=None, grade=Grade.NEVER, blocks=0, days=0, hours=0
    )


def _slots_a_block(seen: _Seen, slots: Sequence[int], block: Ints) -> int:
    """How many slots of an affected block are affected, on average."""
    affected = seen.count[:, slots] > 0
    return max(1, round(int(affected.sum()) / len(np.unique(block[affected.any(axis=1)]))))


def _weights(cells: Floats, cell_variance: float, day_variance: float) -> Floats:
    """Less weight for days on which few cells were affected: their mean is noise of single cells."""
    return cells / (cells + cell_variance / max(day_variance, 1e-12))


def _replicates(
    panel: Panel, states: States, levels: int, block: Ints, slots: Mapping[str, Sequence[int]], seed: int
) -> Floats:
    """Effects ``[level, group, replicate]`` against counterfactuals of reweighed calm days; NaN where never seen."""
    rng = np.random.default_rng(seed)
    count = panel.values.shape[2]
    chosen = np.sort(rng.permutation(count)[:SERIES_RESAMPLED])
    part, some = panel.only(chosen), states[:, :, chosen]
    drawn = np.full((levels, len(slots), REPLICATES), np.nan)
    weight_of_block = rng.exponential(size=(REPLICATES, int(block.max()) + 1))
    for replicate in range(REPLICATES):
        usual = fit_usual(part, some == 0, weight_of_block[replicate, block])
        residual: Cube = part.values - usual.expected(part)
        for level in range(1, levels + 1):
            seen = _seen(residual, some == level)
            for place, group in enumerate(slots.values()):
                effect, cells = seen.blocks(group, block)
                if len(effect):
                    drawn[level - 1, place, replicate] = (effect * cells).sum() / cells.sum()
    return drawn


def _between(groups: Sequence[Estimate]) -> float:
    """The variance of the groups' effects beyond their own errors; none where fewer than two are known with one."""
    known = [(g.log_ratio, g.error) for g in groups if g.log_ratio is not None and g.error]
    if len(known) < FEWEST_GROUPS:
        return 0.0
    effect, error = (np.array(column) for column in zip(*known, strict=True))
    precision = 1 / error**2
    mean = (precision * effect).sum() / precision.sum()
    excess = float((precision * (effect - mean) ** 2).sum()) - (len(known) - 1)
    scale = float(precision.sum() - (precision**2).sum() / precision.sum())
    return excess / scale if scale > 0 else 0.0


def _leaning(whole: Estimate, groups: Sequence[Estimate], own: Estimate) -> Estimate:
    """One group's effect, leaning on the whole day's as far as groups do not differ (DerSimonian and Laird 1986)."""
    if whole.log_ratio is None or whole.error is None:
        return own
    between = max(_between(groups), (GROUPS_DIFFER * whole.log_ratio) ** 2)
    if not own.error or own.log_ratio is None:  # without any error it was measured nowhere twice
        trust, middle, variance = 0.0, whole.log_ratio, whole.error**2 + between
    else:
        trust = between / (between + own.error**2)
        middle = trust * own.log_ratio + (1 - trust) * whole.log_ratio
        variance = trust * own.error**2 + (1 - trust) * whole.error**2
    spread = float(np.sqrt(variance))
    reach = student_quantile(PRIOR_DAYS + whole.blocks - 1) * spread
    return replace(
        own,
        log_ratio=middle,
        error=spread,
        low=middle - reach,
        high=middle + reach,
        grade=whole.grade,
        pooled=own.blocks == 0,
    )
