"""What a measure against a running incident would save: the same trips moved again, once for each measure.

A simulated world can be neither copied nor saved, so every answer is run anew from its seed: without the
incident, with it and nothing done, and with each measure; and all that once for each of several seeds,
because drivers' luck at merges and turns changes a congested city by more than some measures do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from lionrock.core.vocabulary import BadInput, Refused
from lionrock.engines.simulation.network import Closure, Demand, Diversion, Doubles, Junction, Road, Slowdown
from lionrock.engines.simulation.traffic import spend_time

LIKELY_T = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415)  # Student's t, 90%, with 1, 2, ... degrees of freedom
FEWEST_SEEDS, MOST_SEEDS = 2, len(LIKELY_T) + 1
MOST_MEASURES = 6

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class LaneOpening:
    """From ``at_s`` on, ``lanes`` of those that the incident closed carry traffic again."""

    at_s: float
    lanes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What an operator proposes, by its name."""

    name: str
    openings: tuple[LaneOpening, ...] = ()
    diversions: tuple[Diversion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A city's hours with an incident in them; seconds count from the start of ``demand``.

    Time under way is counted between ``count_from_s`` and ``duration_s``. ``calibration`` says how it is known
    that this simulation moves as the city does; None where nobody has shown it. ``others`` are closures that
    no measure concerns. ``choices`` is the luck of the first seed (:func:`simulate`).
    """

    junctions: Sequence[Junction]
    roads: Sequence[Road]
    demand: Demand
    duration_s: float
    count_from_s: float
    incident: Closure
    calibration: str | None
    seed: int
    choices: int | None = None
    others: tuple[Closure, ...] = ()
    slowdowns: tuple[Slowdown, ...] = field(default=(), repr=False)
    platoon: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Vehicle-hours: the mean over seeds with its 80% interval (Student's t), and each seed's own."""

    name: str
    low: float
    middle: float
    high: float
    by_seed: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``cost`` is the incident's with nothing done; ``saved`` what each measure takes off it (negative: adds)."""

    cost: Outcome
    saved: tuple[Outcome, ...]
    platoon: int


def compare_measures(
    scenario: Scenario, measures: Sequence[Measure], *, seeds: int = 3, progress: Progress | None = None
) -> Comparison:
    """Simulate the scenario without the incident, with it, and with each measure.

    Raises Refused where the simulation is not calibrated to the city that is asked about, and BadInput
    where a measure names a road that is not there, opens lanes that are not closed, or diverts no share.
    """
    if scenario.calibration is None:
        raise Refused(
            "a measure can be tried only in a simulation that is known to move as this city does: its demand and "
            "capacities have not been calibrated to measured flows and speeds; in the simulated city it works today"
        )
    _check(scenario, measures, seeds)
    tell = progress or (lambda _done, _total, _what: None)
    plans = ["without the incident", "nothing done", *(measure.name for measure in measures)]
    spent = np.zeros((seeds, len(plans)))
    for number in range(seeds):
        for column, plan in enumerate(plans):
            tell(number * len(plans) + column, seeds * len(plans), plan)
            closures, diversions = _events(scenario, column, measures)
            spent[number, column] = _vehicle_hours(scenario, number, closures, diversions)
    tell(seeds * len(plans), seeds * len(plans), "")
    return Comparison(
        cost=_outcome("nothing done", spent[:, 1] - spent[:, 0]),
        saved=tuple(_outcome(measure.name, spent[:, 1] - spent[:, 2 + n]) for n, measure in enumerate(measures)),
        platoon=scenario.platoon,
    )


def _events(
    scenario: Scenario, column: int, measures: Sequence[Measure]
) -> tuple[list[Closure], tuple[Diversion, ...]]:
    if column == 0:
        return list(scenario.others), ()
    if column == 1:
        return [*scenario.others, scenario.incident], ()
    measure = measures[column - 2]
    return [*scenario.others, *open_lanes(scenario.incident, measure.openings)], measure.diversions


def open_lanes(closure: Closure, openings: Sequence[LaneOpening]) -> list[Closure]:
    """The closure in pieces, each with the lanes that are still closed then."""
    pieces: list[Closure] = []
    start_s, closed = closure.start_s, closure.lanes
    for opening in sorted(openings, key=lambda one: one.at_s):
        at_s = min(max(opening.at_s, closure.start_s), closure.end_s)
        pieces.append(Closure(closure.road, start_s, at_s, closed))
        start_s, closed = at_s, closed - opening.lanes
    pieces.append(Closure(closure.road, start_s, closure.end_s, closed))
    return [piece for piece in pieces if piece.lanes > 0 and piece.end_s > piece.start_s]


def _vehicle_hours(
    scenario: Scenario, number: int, closures: Sequence[Closure], diversions: Sequence[Diversion]
) -> float:
    first = scenario.seed if scenario.choices is None else scenario.choices
    return spend_time(
        scenario.junctions,
        scenario.roads,
        scenario.demand,
        duration_s=scenario.duration_s,
        from_s=scenario.count_from_s,
        platoon=scenario.platoon,
        closures=closures,
        slowdowns=scenario.slowdowns,
        diversions=diversions,
        seed=scenario.seed,
        choices=first + number,
    )


def _outcome(name: str, hours: Doubles) -> Outcome:
    doubt = LIKELY_T[len(hours) - 2] * float(hours.std(ddof=1)) / len(hours) ** 0.5
    middle = float(hours.mean())
    return Outcome(
        name=name, low=middle - doubt, middle=middle, high=middle + doubt, by_seed=tuple(float(each) for each in hours)
    )


def _check(scenario: Scenario, measures: Sequence[Measure], seeds: int) -> None:
    if not FEWEST_SEEDS <= seeds <= MOST_SEEDS:
        raise BadInput(f"{seeds} seeds", where="seeds", remedy=f"{FEWEST_SEEDS} to {MOST_SEEDS}")
    if not 1 <= len(measures) <= MOST_MEASURES:
        raise BadInput(f"{len(measures)} measures", where="measures", remedy=f"1 to {MOST_MEASURES}")
    roads = {road.name for road in scenario.roads}
    for measure in measures:
        opened = sum(opening.lanes for opening in measure.openings)
        if any(opening.lanes < 1 for opening in measure.openings) or opened > scenario.incident.lanes:
            raise BadInput(
                f"opens {opened} lanes, and {scenario.incident.lanes} are closed", where=f"measure {measure.name!r}"
            )
        for diversion in measure.diversions:
            if diversion.road not in roads:
                raise BadInput(f"there is no road {diversion.road!r}", where=f"measure {measure.name!r}")
            if not 0 < diversion.share <= 1 or diversion.end_s <= diversion.start_s:
                raise BadInput(
                    f"diverts a share of {diversion.share:g} from {diversion.start_s:.0f} to {diversion.end_s:.0f} s",
                    where=f"measure {measure.name!r}",
                    remedy="a share above 0 and up to 1, and an end after the start",
                )
