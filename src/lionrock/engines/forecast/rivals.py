"""Everything that is learned from a history before anybody judges it: usual day, decay, trees, networks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from lionrock.engines import lightgbm
from lionrock.engines.forecast.baselines import DECAYING_RESIDUAL, NAIVE, fit_decay, naive_points
from lionrock.engines.forecast.companions import choose_companions
from lionrock.engines.forecast.features import Look, Traits, differences, look_at, traits_of
from lionrock.engines.forecast.history import Floats, Halves, History, Ints
from lionrock.engines.forecast.intervals import is_young, unsteadied
from lionrock.engines.forecast.linear import Linear, fit_linear
from lionrock.engines.forecast.losses import lose_as_detectors_do
from lionrock.engines.forecast.mlp import Network, inputs_of
from lionrock.engines.forecast.training import Lessons, torch_is_installed, train_network
from lionrock.engines.forecast.trees import corrections_of, grow_trees
from lionrock.engines.forecast.usual_day import UsualDay, fold, usual_at_unseen, usual_day

BOOSTED_TREES, NETWORKS = "boosted_trees", "networks"
LINEAR, ATTENTION = "linear", "attention"  # only where they are asked for
SEEDS = 3  # networks that are averaged
PAIRS_WHOLE, PAIRS_DAMAGED = 200_000, 45_000  # to learn from: the history as it is, and a copy with losses
RARE, PAIRS_RARE = 0.05, 60_000  # what is known of so few cells alone would hardly be drawn: so many more of those
PAIRS_FOR_TREES = 120_000  # trees learn from every second pair; more made METR-LA no better and the fit slower


@dataclass(frozen=True)
class Said:
    """``points[name][P, H]``, NaN where nothing is known, and ``doubt[P, H, 2]``: how far below and above to look.

    The doubt is in the unit of the values: what the networks take for the distance to the 10% and
    90% quantile, or the series' scale where there are no networks.
    """

    points: dict[str, Floats]
    doubt: Floats


@dataclass(frozen=True)
class Rivals:
    """The fitted models, without intervals and without a judgement which is best.

    ``trees`` are one forest for each horizon, or none; ``networks`` holds the networks of each model
    that averages some: plain, with attention; ``linear`` is None where nobody asked for it.
    """

    horizons: Ints
    step_s: int
    usual: UsualDay
    decay: Floats
    traits: Traits
    companions: Ints
    trees: tuple[lightgbm.Booster, ...]
    networks: dict[str, tuple[Network, ...]]
    also_range: Floats
    each_range: Floats
    linear: Linear | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The models that can be asked for points."""
        grown = (BOOSTED_TREES,) if self.trees else ()
        fitted = (LINEAR,) if self.linear else ()
        return (*NAIVE, *grown, *fitted, *self.networks)

    def look(self, history: History, origins: Ints, series: Ints) -> Look:
        """See a history with the usual day of the training data, and nothing beside stranger than was seen there."""
        within = np.clip(history.also, *self.also_range), np.clip(history.each, *self.each_range.astype(np.float16))
        history = replace(history, also=within[0], each=within[1])
        around = (*differences(history, self._usual_at, self.traits), self.companions)
        return look_at(history, (origins, series), self.horizons, self._usual_at, self.traits, around)

    def _usual_at(self, history: History, block: slice, rows: Ints) -> tuple[Floats, Floats]:
        usual = self.usual.of(block)
        return usual.at(history, rows), usual.spread_at(history, rows)

    def say(self, look: Look) -> Said:
        """Every rival's forecasts of P pairs, and the doubt about them."""
        parts = [self._say(part) for part in look.parts()]
        points = {name: np.concatenate([part.points[name] for part in parts]) for name in parts[0].points}
        return Said(points, np.concatenate([part.doubt for part in parts]))

    def _say(self, look: Look) -> Said:
        points = naive_points(look, self.decay)
        base, scale = points[DECAYING_RESIDUAL], look.traits.scale[:, None]
        foreseen = ~np.isnan(look.ahead)
        doubt = np.broadcast_to(scale[:, :, None], (*base.shape, 2))
        if self.trees:
            told = corrections_of(self.trees, look, base, minutes_of(self.horizons, self.step_s))
            points[BOOSTED_TREES] = np.where(foreseen, base + told * scale, base)
        if not self.networks and not self.linear:
            return Said(points, doubt)
        inputs = inputs_of(look)
        if self.linear:
            points[LINEAR] = np.where(foreseen, base + self.linear.correct(inputs, look.series) * scale, base)
        for name, networks in self.networks.items():
            corrections, distances = zip(*(each.correct(inputs, look.series) for each in networks), strict=True)
            points[name] = np.where(foreseen, base + np.mean(corrections, axis=0) * scale, base)
            if name == NETWORKS:
                doubt = np.mean(distances, axis=0) * scale[:, :, None]
        return Said(points, doubt)


def minutes_of(horizons: Ints, step_s: int) -> Floats:
    """Horizons in steps as minutes."""
    return (horizons * step_s / 60).astype(np.float32)


def learn(
    history: History,
    horizons: Ints,
    seed: int,
    *,
    models: bool,
    identities: bool = False,
    besides: Collection[str] = (),
) -> Rivals:
    """Fit the baselines on a history, and trees and networks (``models``) if there is anything to learn from.

    With ``identities`` the networks learn what is particular to each series. ``besides`` names models to fit
    besides: LINEAR, ATTENTION.
    """
    usual = usual_day(fold(history))
    traits = traits_of(history.values)
    if is_young(history):
        traits = unsteadied(traits)
    now, lately = differences(history, _unseen, traits)
    companions = choose_companions(now, history)
    rivals = Rivals(
        horizons=horizons,
        step_s=history.step_s,
        usual=usual,
        decay=np.zeros(len(horizons), np.float32),
        traits=traits,
        companions=companions,
        trees=(),
        networks={},
        also_range=range_of(history.also),
        each_range=range_of(history.each.reshape(history.values.size, history.each.shape[2]).astype(np.float32)),
    )
    last = history.rows - int(horizons.max())
    if last <= 0:
        return rivals
    pairs = with_rare_pairs(history, last, sample_pairs(0, last, history.series, PAIRS_WHOLE, seed), seed)
    whole = look_at(history, pairs, horizons, _unseen, traits, (now, lately, companions))
    rivals = replace(rivals, decay=fit_decay(whole))
    if not models:
        return rivals
    del now, lately  # memory: what is learned from is in the looks
    looks = [whole, look_damaged(history, rivals, seed)]
    del whole
    return with_models(rivals, looks, seed, besides, identities=identities)


def range_of(also: Floats) -> Floats:
    """The lowest and highest ``[2, C]`` of each column of ``also[T, C]``; zeros where nothing was known."""
    known = ~np.isnan(also).all(axis=0)
    found = np.zeros((2, also.shape[1]), np.float32)
    if known.any() and len(also):
        found[:, known] = np.nanmin(also[:, known], axis=0), np.nanmax(also[:, known], axis=0)
    return found


def look_damaged(history: History, rivals: Rivals, seed: int) -> Look:
    """Pairs seen with losses and judged by what was lost: the truth and the usual day are the whole history's."""
    damaged = lose_as_detectors_do(history, seed)

    def unseen(_damaged: History, block: slice, rows: Ints) -> tuple[Floats, Floats]:
        return _unseen(history, block, rows)

    around = (*differences(damaged, unseen, rivals.traits), rivals.companions)
    last = history.rows - int(rivals.horizons.max())
    pairs = sample_pairs(0, last, history.series, PAIRS_DAMAGED, seed + 1)
    look = look_at(damaged, pairs, rivals.horizons, unseen, rivals.traits, around)
    origins, series = pairs
    return replace(look, truth=history.values[origins[:, None] + rivals.horizons, series[:, None]])


def with_models(rivals: Rivals, looks: list[Look], seed: int, besides: Collection[str], *, identities: bool) -> Rivals:
    """The rivals with trees and networks that correct the decaying residual of the pairs of ``looks``, emptied here.

    Both minimise the absolute error in the series' own unit: targets are divided by the series'
    scale and weighted by it. None where no pair has a usual day and a truth; no networks where
    they cannot be trained. With ``identities`` networks learn what is particular to each series.
    """
    if all(np.isnan(corrections_to(look, rivals.decay)).all() for look in looks):
        return rivals
    some = slice(None, None, max(1, sum(len(look.series) for look in looks) // PAIRS_FOR_TREES))
    look = Look.joined([look.of(some) for look in looks])
    base, target = naive_points(look, rivals.decay)[DECAYING_RESIDUAL], corrections_to(look, rivals.decay)
    trees = grow_trees(look, base, target, minutes_of(rivals.horizons, rivals.step_s), seed)
    del look, base, target
    rivals = replace(rivals, trees=trees)
    if LINEAR not in besides and not torch_is_installed():
        return rivals
    lessons = lessons_of(looks, rivals)
    if LINEAR in besides:
        rivals = replace(rivals, linear=fit_linear(lessons))
    if not torch_is_installed():
        return rivals
    seeds = [seed * SEEDS + number for number in range(SEEDS)]
    networks = {NETWORKS: tuple(train_network(lessons, each, identities=identities) for each in seeds)}
    if ATTENTION in besides:
        networks[ATTENTION] = (train_network(lessons, seed, identities=identities, attention=True),)
    return replace(rivals, networks=networks)


def corrections_to(look: Look, decay: Floats) -> Floats:
    """What would have made the decaying residual right, in scales, ``[P, H]``; NaN where that is not known."""
    base = naive_points(look, decay)[DECAYING_RESIDUAL]
    wanted: Floats = (look.truth - base) / look.traits.scale[:, None]
    return np.where(np.isnan(look.ahead), np.float32(np.nan), wanted)


def lessons_of(looks: list[Look], rivals: Rivals) -> Lessons:
    """What networks learn from the pairs of ``looks``, which is emptied: each look goes when it is read."""
    pairs, columns = sum(len(look.series) for look in looks), inputs_of(looks[0].of(slice(1))).shape[1]
    inputs: Halves = np.empty((pairs, columns), np.float16)  # a thousandth of a scale says nothing
    taken, first = [], 0
    while looks:
        look = looks.pop(0)
        taken.append((look.series, corrections_to(look, rivals.decay), look.traits.scale))
        for part in look.parts():
            inputs[first : first + len(part.series)] = inputs_of(part)
            first += len(part.series)
    series, target, scale = (np.concatenate(parts) for parts in zip(*taken, strict=True))
    lasting = rivals.traits.scale
    return Lessons(inputs, series, target, scale / lasting.mean(), len(lasting))


def _unseen(history: History, block: slice, rows: Ints) -> tuple[Floats, Floats]:
    return usual_at_unseen(history.narrowed(block), rows)


def sample_pairs(first: int, last: int, series: int, at_most: int, seed: int) -> tuple[Ints, Ints]:
    """Pairs of origin row in [first, last) and series: all of them, or ``at_most`` drawn by seed."""
    cells = (last - first) * series
    if cells <= at_most:
        chosen = np.arange(cells)
    else:
        chosen = np.sort(np.random.default_rng(seed).choice(cells, at_most, replace=False))
    return first + chosen // series, chosen % series


def with_rare_pairs(history: History, last: int, pairs: tuple[Ints, Ints], seed: int) -> tuple[Ints, Ints]:
    """The pairs, and at most PAIRS_RARE more where something was known of a series that is rarely known.

    Lanes are closed ahead of one road in a thousand: of pairs drawn by chance alone nobody could learn
    what comes of it. The pairs come in order, none twice.
    """
    told = np.nan_to_num(history.each[:last]) != 0
    rows, series = np.nonzero(told[:, :, told.mean(axis=(0, 1)) < RARE].any(axis=2))
    if not len(rows):
        return pairs
    chosen = np.arange(len(rows))
    if len(rows) > PAIRS_RARE:
        chosen = np.random.default_rng(seed).choice(chosen, PAIRS_RARE, replace=False)
    cells = np.union1d(pairs[0] * history.series + pairs[1], rows[chosen] * history.series + series[chosen])
    return cells // history.series, cells % history.series
