"""How well the duration of incidents is foretold, on the recorded news of 2020.

Every message goes the product's own way: joined into lives, each life into how long it lasted. As in service
the model learns anew each six hours from what was known by then; the held-out weeks are those from
:data:`HELD_OUT_FROM` on, and settings were chosen on the weeks before them. Scored is the minutes left: at
the first word, and after so many minutes without an end. Incidents whose end nobody saw teach as censored
ones and cannot be scored; they are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from lionrock.city.place import ZONE
from lionrock.core.vocabulary import Event, EventStatus, NotFound
from lionrock.services.mobility.incidents.atlas import build_atlas
from lionrock.services.mobility.incidents.clearance import Clearance, Lasted, learn, remaining_min
from lionrock.services.mobility.incidents.durations import find_lasted
from lionrock.services.mobility.incidents.incident import Incident, Message, Origin
from lionrock.services.mobility.incidents.joining import live
from lionrock.services.mobility.incidents.kinds import IncidentKind
from lionrock.services.mobility.incidents.sources import ELSEWHERE
from lionrock.services.mobility.traffic.recordings import parse_news_versions

NEWS = "td_special_traffic_news/traffic_accident_*.xlsx"
HELD_OUT_FROM, HELD_OUT_UNTIL = datetime(2020, 12, 1, tzinfo=ZONE), datetime(2021, 1, 1, tzinfo=ZONE)
CHOSEN_FROM = datetime(2020, 10, 19, tzinfo=ZONE)  # until the held-out weeks: what settings were chosen on
LEARNS_EACH = timedelta(hours=6)  # as the service's job does
LEVELS = tuple(round(level / 20, 2) for level in range(1, 20))
ELAPSED_MIN = (0.0, 15.0, 30.0, 60.0, 120.0)
ROUTINE = (IncidentKind.ACCIDENT, IncidentKind.BREAKDOWN)
BANDS = ((0.1, 0.9), (0.25, 0.75))
Foretell = Callable[[Lasted, float, datetime], list[float]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model: the minutes that one incident has left, ``elapsed`` minutes after its first word."""

    one: Lasted
    elapsed: float


def evaluate_duration(folder: Path) -> dict[str, Any]:
    """Score the model beside its baselines; raises NotFound where the recording is absent."""
    lasted = read_lasted(folder)
    held_out = [one for one in lasted if HELD_OUT_FROM <= one.began < HELD_OUT_UNTIL]
    chosen_on = [one for one in lasted if CHOSEN_FROM <= one.began < HELD_OUT_FROM]
    ours = _in_service(lasted)
    models = {
        "hazards by kind": ours,
        "our priors alone": _in_service(()),
        "quantiles by kind": _empirical(lasted, by_kind=True, spread=True),
        "median by kind": _empirical(lasted, by_kind=True, spread=False),
        "median": _empirical(lasted, by_kind=False, spread=False),
    }
    return {
        "incidents": {
            "learned_from": sum(one.began < HELD_OUT_FROM for one in lasted),
            "held_out": len(held_out),
            "held_out_censored": sum(not one.ended for one in held_out),
        },
        "held_out": [HELD_OUT_FROM.date().isoformat(), HELD_OUT_UNTIL.date().isoformat()],
        "chosen_on": {
            "since": CHOSEN_FROM.date().isoformat(),
            "incidents": len(chosen_on),
            **score_duration(ours, chosen_on),
        },
        "models": [{"name": name, **score_duration(foretell, held_out)} for name, foretell in models.items()],
    }


def read_lasted(folder: Path) -> list[Lasted]:
    """How long every incident of the recorded news lasted, by the order of their first words."""
    found = sorted(folder.glob(NEWS))
    if not found:
        raise NotFound(f"no {NEWS} in {folder}; say where it lies with --data-dir")
    messages = [
        _message(event, at)
        for at, _, records in parse_news_versions(found[0])
        for event in records
        if isinstance(event, Event) and event.kind not in ELSEWHERE and "closed_by" not in event.properties
    ]
    now = max(message.at for message in messages) + timedelta(days=7)
    nowhere = build_atlas(())
    lives = live(messages, (), (), lambda: nowhere, now, _unexpected)
    return sorted((one for one in map(find_lasted, lives) if one is not None), key=lambda one: one.began)


def _unexpected(incident: Incident, _as_of: datetime) -> Incident:
    return incident


def _message(event: Event, at: datetime) -> Message:
    return Message(
        origin=Origin.NEWS,
        thread=event.id,
        id=str(event.properties["message_id"]),
        at=max(event.at, at),
        closes=event.status is EventStatus.CLOSED,
        title=event.title,
        detail=event.detail,
        place=event.place,
    )


def _in_service(lasted: Sequence[Lasted]) -> Foretell:
    """The service's model, which learns anew as often as its job runs, from what was known by then."""
    learned: dict[int, Clearance] = {}

    def foretell(one: Lasted, elapsed: float, now: datetime) -> list[float]:
        turn = (now - HELD_OUT_FROM) // LEARNS_EACH
        if turn not in learned:
            learned[turn] = learn(lasted, HELD_OUT_FROM + turn * LEARNS_EACH)
        return remaining_min(learned[turn], one.kind, elapsed, LEVELS)

    return foretell


def _empirical(lasted: Sequence[Lasted], *, by_kind: bool, spread: bool) -> Foretell:
    """Quantiles, or the median at every level, of what had ended before the held-out weeks and lasted as long."""
    before = [one for one in lasted if one.ended and one.began < HELD_OUT_FROM]

    def foretell(one: Lasted, elapsed: float, _now: datetime) -> list[float]:
        alike = [each.minutes for each in before if each.minutes > elapsed and (each.kind is one.kind or not by_kind)]
        alike = alike or [each.minutes for each in before if each.minutes > elapsed]
        if spread:
            return [float(left) - elapsed for left in np.quantile(alike, LEVELS)]
        return [median(alike) - elapsed] * len(LEVELS)

    return foretell


def score_duration(foretell: Foretell, held_out: list[Lasted]) -> dict[str, Any]:
    """Pinball loss in minutes and coverage: at the first word, later, and both for accidents and breakdowns alone."""
    asked = [
        Question(one, elapsed) for one in held_out if one.ended for elapsed in ELAPSED_MIN if one.minutes > elapsed
    ]
    told = [(each, foretell(each.one, each.elapsed, each.one.began)) for each in asked]
    first = [pair for pair in told if pair[0].elapsed == 0]
    later = [pair for pair in told if pair[0].elapsed > 0]
    parts = {
        "first": first,
        "later": later,
        "first_routine": [pair for pair in first if pair[0].one.kind in ROUTINE],
        "later_routine": [pair for pair in later if pair[0].one.kind in ROUTINE],
    }
    return {name: _judged(pairs) for name, pairs in parts.items()}


def _judged(pairs: list[tuple[Question, list[float]]]) -> dict[str, float]:
    lefts = np.array([each.one.minutes - each.elapsed for each, _ in pairs])[:, None]
    told, levels = np.array([quantiles for _, quantiles in pairs]), np.array(LEVELS)
    over = lefts - told
    judged = {"count": float(len(pairs)), "pinball_min": float(np.maximum(levels * over, (levels - 1) * over).mean())}
    for low, high in BANDS:
        inside = [
            quantiles[LEVELS.index(low)] <= each.one.minutes - each.elapsed <= quantiles[LEVELS.index(high)]
            for each, quantiles in pairs
        ]
        judged[f"covered_{round((high - low) * 100)}"] = fmean(inside)
    return judged
