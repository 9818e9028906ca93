"""Challenger against champion and baseline, on data that neither learned from: who is published from now on.

The rule, in this order:

1. At least ``FIRST_BLOCKS`` blocks of three hours must have been compared (``LATER_BLOCKS`` against a champion).
2. The challenger must beat its baseline: the better of the naive rivals at each horizon.
3. Without a champion that is enough; also with one that this code cannot read, or that speaks of less than ``HARDLY``
   of what is measured now (other detectors than it learned).
4. Against a champion it must be better for sure: the mean over the horizons of (its error / the champion's) is below 1
   in ``SURE`` of ``RESAMPLES`` resamples of whole blocks, both models on the same blocks (a paired block bootstrap,
   widened by ``WIDENED``), it is below 1 by ``LEAST_GAIN`` at least, and at no horizon is it worse for sure.
5. Its 80% band must not be further from 80% than the champion's, or than ``GAP`` where that is wider.
6. One that is not surely better stands all the same when it answers ``MORE`` of the measured cells that the champion
   says nothing of (new detectors), and is not surely worse.

Every error is a mean absolute error over the same cells: measured, and forecast by all who are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from lionrock.core.hindsight import Floats, Hindcast
from lionrock.core.vocabulary import BadInput, Text

CHALLENGER, CHAMPION, BASELINE = "challenger", "champion", "baseline"
BLOCK_US = 3 * 3_600_000_000  # errors an hour apart are not independent; the evaluations use the same block
RESAMPLES = 2_000
SEED = 852
SURE = 0.95
LEAST_GAIN = 0.005
# A day has eight blocks, and so few are too sure of themselves: of two equal models one was promoted in 8 to 13 of 100
# simulated contests, widened by half in 2 to 5 (errors correlated over half an hour to two and a half hours).
WIDENED = 1.5
FIRST_BLOCKS, LATER_BLOCKS = 2, 4
GAP = 0.10
MORE = 0.02
HARDLY = 0.1
LIKELY = (0.05, 0.95)  # between the two lie nine resamples in ten
BAND = 0.80
WORST = 100.0  # times a rival's error: as much as a ratio says


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The challenger's error over a rival's, meaned over the horizons; below 1 is better.

    ``low`` and ``high`` hold nine widened resamples in ten; ``better`` is the share of resamples below 1,
    ``worse_at`` the horizons (seconds) at which the challenger is surely worse.
    """

    ratio: float
    low: float
    high: float
    better: float
    worse_at: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A contest on unseen data, as it is kept and shown: lists go by ``horizons_s``, None where nothing was compared.

    ``mae`` and ``coverage`` (of the 80% band) are by contender; ``answered`` is the share of measured cells that each
    speaks of; ``sensors`` the challenger's own error at each sensor, over all horizons.
    """

    since_us: int
    until_us: int
    horizons_s: list[int]
    cells: list[int]
    blocks: int
    mae: dict[str, list[float | None]]
    coverage: dict[str, list[float | None]]
    answered: dict[str, float]
    against: dict[str, Margin]
    sensors: dict[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the challenger stands from now on, and why (or why not)."""

    promoted: bool
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What a worker process needs to judge: fitted models and an unseen history as bytes.

    ``champion`` is None where none stands; ``foreign`` says that other code made it, so that reading it may fail in
    any way.
    """

    hindcast: Callable[[bytes, bytes, datetime], Hindcast]
    challenger: bytes
    champion: bytes | None
    history: bytes
    since: datetime
    foreign: bool = False


def judge(contest: Contest) -> tuple[Judged, bool]:
    """Let both forecast the unseen past and compare them; the flag says whether the champion had anything to say."""
    challenger = contest.hindcast(contest.challenger, contest.history, contest.since)
    if contest.champion is None:
        return compare(challenger, None), True
    try:
        champion = contest.hindcast(contest.champion, contest.history, contest.since)
    except Exception as error:
        if isinstance(error, BadInput) or contest.foreign:
            return compare(challenger, None), False
        raise
    judged = compare(challenger, champion)
    if judged.answered[CHAMPION] < HARDLY:
        return compare(challenger, None), False
    return judged, True


def compare(challenger: Hindcast, champion: Hindcast | None) -> Judged:
    """Score both, and the challenger's baselines, on the same cells.

    Raises BadInput where the two were asked at different issues or horizons.
    """
    sensors = challenger.sensors if champion is None else tuple(dict.fromkeys((*challenger.sensors, *champion.sensors)))
    truth = _truth(challenger, champion, sensors)
    quantiles = {CHALLENGER: _spread(challenger.quantiles, challenger.sensors, sensors)}
    if champion is not None:
        quantiles[CHAMPION] = _spread(champion.quantiles, champion.sensors, sensors)
    points = {name: told[..., 1] for name, told in quantiles.items()}
    points |= {name: _spread(own, challenger.sensors, sensors) for name, own in challenger.baselines.items()}
    measured = ~np.isnan(truth)
    counted = np.logical_and.reduce([measured, *(~np.isnan(own) for own in points.values())])
    block = challenger.issued_us // BLOCK_US
    seen = counted.any(axis=(1, 2))
    count = _by_block(counted.astype(np.float64), block)
    errors = {name: _by_block(np.where(counted, np.abs(own - truth), 0.0), block) for name, own in points.items()}
    mae = {name: _means(total, count) for name, total in errors.items()}
    rivals = _rivals(errors, mae, tuple(challenger.baselines), with_champion=champion is not None)
    return Judged(
        since_us=int(challenger.issued_us.min(initial=0)),
        until_us=int(challenger.issued_us.max(initial=0)),
        horizons_s=(challenger.horizons_us // 1_000_000).tolist(),
        cells=count.sum(axis=0).astype(int).tolist(),
        blocks=len(np.unique(block[seen])),
        mae=mae | ({BASELINE: _means(rivals[BASELINE], count)} if BASELINE in rivals else {}),
        coverage={name: _coverage(told, truth, counted) for name, told in quantiles.items()},
        answered={name: _share(measured & ~np.isnan(told[..., 1]), measured) for name, told in quantiles.items()},
        against={
            name: _margin(errors[CHALLENGER], rival, count, challenger.horizons_us) for name, rival in rivals.items()
        }
        if counted.any()
        else {},
        sensors=_sensor_errors(points[CHALLENGER], truth, sensors),
    )


def decide(judged: Judged, *, has_champion: bool) -> Verdict:
    """Apply the rule at the head of this module."""
    needed = LATER_BLOCKS if has_champion else FIRST_BLOCKS
    if judged.blocks < needed or not judged.against:
        return _kept(
            f"only {judged.blocks} of {needed} blocks of three unseen hours could be compared",
            f"未見過的數據只有 {judged.blocks} 段三小時可作比較，需要 {needed} 段",
        )
    baseline = judged.against.get(BASELINE)
    if baseline is not None and baseline.ratio >= 1:
        return _kept(
            f"it does not beat the baseline: its error is {baseline.ratio:.3f} of the baseline's",
            f"未能勝過基線：誤差為基線的 {baseline.ratio:.3f} 倍",
        )
    if not has_champion:
        ratio = "" if baseline is None else f" ({baseline.ratio:.3f} of its error)"
        ratio_tc = "" if baseline is None else f"（誤差為其 {baseline.ratio:.3f} 倍）"
        return Verdict(
            promoted=True,
            why=Text(en=f"the first that beats the baseline{ratio}", tc=f"首個勝過基線的版本{ratio_tc}"),
        )
    return _against_champion(judged, judged.against[CHAMPION])


def _against_champion(judged: Judged, margin: Margin) -> Verdict:
    said = f"its error is {margin.ratio:.3f} ({margin.low:.3f} to {margin.high:.3f}) of the champion's"
    said_tc = f"誤差為現用版本的 {margin.ratio:.3f} 倍（{margin.low:.3f} 至 {margin.high:.3f}）"
    gap, allowed = _gap(judged.coverage[CHALLENGER]), max(GAP, _gap(judged.coverage[CHAMPION]))
    if gap > allowed:
        return _kept(
            f"{said}, but its 80% band is {gap:.0%} off, more than {allowed:.0%}",
            f"{said_tc}，但其 80% 範圍偏離 {gap:.0%}，超過 {allowed:.0%}",
        )
    if margin.worse_at:
        minutes = ", ".join(f"{horizon / 60:g}" for horizon in margin.worse_at)
        return _kept(
            f"{said}, but it is surely worse {minutes} minutes ahead", f"{said_tc}，但在 {minutes} 分鐘後明顯較差"
        )
    if margin.better >= SURE and margin.ratio <= 1 - LEAST_GAIN:
        return Verdict(promoted=True, why=Text(en=f"surely better: {said}", tc=f"明顯較佳：{said_tc}"))
    more = judged.answered[CHALLENGER] - judged.answered[CHAMPION]
    if more >= MORE and margin.better > 1 - SURE:
        return Verdict(
            promoted=True,
            why=Text(
                en=f"it speaks of {more:.0%} more of what is measured, and is not surely worse: {said}",
                tc=f"可預測的範圍增加 {more:.0%}，且並非明顯較差：{said_tc}",
            ),
        )
    return _kept(f"not surely better: {said}", f"未能確定較佳：{said_tc}")


def _kept(en: str, tc: str) -> Verdict:
    return Verdict(promoted=False, why=Text(en=en, tc=tc))


def _truth(challenger: Hindcast, champion: Hindcast | None, sensors: Sequence[str]) -> Floats:
    truth = _spread(challenger.truth, challenger.sensors, sensors)
    if champion is None:
        return truth
    same = np.array_equal(challenger.issued_us, champion.issued_us)
    if not same or not np.array_equal(challenger.horizons_us, champion.horizons_us):
        raise BadInput("the two were asked at different issues or horizons", where="compare")
    return np.where(np.isnan(truth), _spread(champion.truth, champion.sensors, sensors), truth)


def _spread(cells: Floats, own: Sequence[str], sensors: Sequence[str]) -> Floats:
    """``cells`` with its sensors (axis 1) in the columns of ``sensors``; NaN where it has none of them."""
    if tuple(own) == tuple(sensors):
        return cells
    column = {sensor: index for index, sensor in enumerate(sensors)}
    wide = np.full((cells.shape[0], len(sensors), *cells.shape[2:]), np.nan, cells.dtype)
    wide[:, [column[sensor] for sensor in own]] = cells
    return wide


def _by_block(cells: Floats, block: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums over issues of one block and over sensors, ``[B, H]``."""
    _, index = np.unique(block, return_inverse=True)
    total = np.zeros((int(index.max(initial=-1)) + 1, cells.shape[2]))
    np.add.at(total, index, cells.sum(axis=1, dtype=np.float64))
    return total


def _means(total: NDArray[np.float64], count: NDArray[np.float64]) -> list[float | None]:
    return [float(t) / float(c) if c else None for t, c in zip(total.sum(axis=0), count.sum(axis=0), strict=True)]


def _rivals(
    errors: Mapping[str, NDArray[np.float64]],
    mae: Mapping[str, list[float | None]],
    baselines: Sequence[str],
    *,
    with_champion: bool,
) -> dict[str, NDArray[np.float64]]:
    """The champion's errors, and at each horizon those of the best baseline."""
    rivals = {CHAMPION: errors[CHAMPION]} if with_champion else {}
    if baselines:
        best = [min(baselines, key=lambda name: _or_infinite(mae[name][h])) for h in range(len(mae[CHALLENGER]))]
        rivals[BASELINE] = np.stack([errors[name][:, h] for h, name in enumerate(best)], axis=1)
    return rivals


def _or_infinite(error: float | None) -> float:
    return float("inf") if error is None else error


def _margin(
    own: NDArray[np.float64], rival: NDArray[np.float64], count: NDArray[np.float64], horizons_us: NDArray[np.int64]
) -> Margin:
    """The paired block bootstrap of own / rival; a rival without any error is lost to, by WORST at the most."""
    there = np.flatnonzero(count.sum(axis=0) > 0)
    drawn = np.random.default_rng(SEED).integers(0, len(own), (RESAMPLES, len(own)))
    tiny = np.finfo(np.float64).tiny  # a resample may hold no cell of a horizon: 0 / 0 is then no difference
    ratios = _ratio(own[:, there][drawn].sum(axis=1) + tiny, rival[:, there][drawn].sum(axis=1) + tiny)
    told = _ratio(own[:, there].sum(axis=0) + tiny, rival[:, there].sum(axis=0) + tiny)
    ratios = told + WIDENED * (ratios - told)
    overall = ratios.mean(axis=1)
    low, high = np.quantile(overall, LIKELY)
    worse = (ratios > 1).mean(axis=0) >= SURE
    return Margin(
        ratio=float(told.mean()),
        low=float(low),
        high=float(high),
        better=float((overall < 1).mean()),
        worse_at=(horizons_us[there][worse] // 1_000_000).tolist(),
    )


def _ratio(own: NDArray[np.float64], rival: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        bounded: NDArray[np.float64] = np.minimum(own / rival, WORST)
    return bounded


def _coverage(told: Floats, truth: Floats, counted: NDArray[np.bool_]) -> list[float | None]:
    inside = counted & (told[..., 0] <= truth) & (truth <= told[..., 2])
    count = counted.sum(axis=(0, 1))
    return [float(i) / float(c) if c else None for i, c in zip(inside.sum(axis=(0, 1)), count, strict=True)]


def _gap(coverage: Sequence[float | None]) -> float:
    """How far the band's coverage is from 80%, meaned over the horizons."""
    known = [abs(share - BAND) for share in coverage if share is not None]
    return sum(known) / len(known)


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _sensor_errors(points: Floats, truth: Floats, sensors: Sequence[str]) -> dict[str, float]:
    error = np.abs(points - truth)
    known = ~np.isnan(error)
    count, total = known.sum(axis=(0, 2)), np.where(known, error, 0.0).sum(axis=(0, 2), dtype=np.float64)
    return {sensor: float(t / c) for sensor, t, c in zip(sensors, total, count, strict=True) if c}
