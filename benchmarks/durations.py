"""What happens to foretold durations when incidents suddenly last otherwise: with tails that follow, and without.

The recorded incidents of 2020 until November, whose last three weeks are made more diverse, shorter or longer
about the median of their kind. Needs the recording (``../shared/data/hk``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import median

from lionrock.app.evaluate.duration import (
    HELD_OUT_FROM,
    LEARNS_EACH,
    LEVELS,
    Foretell,
    read_lasted,
    score_duration,
)
from lionrock.app.evaluate.incidents import RECORDINGS
from lionrock.city.place import ZONE
from lionrock.services.mobility.incidents.clearance import Clearance, Lasted, learn, remaining_min
from lionrock.services.mobility.incidents.tails import Tails

CHANGED_FROM = datetime(2020, 11, 9, tzinfo=ZONE)
CHANGES = {"as it was": (1.0, 1.0), "more diverse": (1.3, 1.0), "shorter": (1.0, 0.7), "longer": (1.0, 1.4)}


def run() -> dict[str, float]:
    """Shares covered by 80% intervals, and pinball losses at the first word in minutes."""
    recorded = [one for one in read_lasted(RECORDINGS) if one.began < HELD_OUT_FROM]
    figures: dict[str, float] = {}
    for name, (spread, scale) in CHANGES.items():
        lasted = _changed(recorded, spread, scale)
        asked = [one for one in lasted if one.began >= CHANGED_FROM]
        for way, follows in (("follow", True), ("still", False)):
            judged = score_duration(_foretold(lasted, follows=follows), asked)
            figures |= {
                f"{name}, {way}: first": judged["first"]["covered_80"],
                f"{name}, {way}: later": judged["later"]["covered_80"],
                f"{name}, {way}: loss": judged["first"]["pinball_min"],
            }
    return figures


def _changed(recorded: Sequence[Lasted], spread: float, scale: float) -> list[Lasted]:
    usual = {
        kind: median([each.minutes for each in recorded if each.kind is kind])
        for kind in {one.kind for one in recorded}
    }
    return [
        replace(one, minutes=max(1.0, scale * usual[one.kind] * (one.minutes / usual[one.kind]) ** spread))
        if one.began >= CHANGED_FROM and usual[one.kind] > 0
        else one
        for one in recorded
    ]


def _foretold(lasted: Sequence[Lasted], *, follows: bool) -> Foretell:
    learned: dict[int, Clearance] = {}

    def foretell(one: Lasted, elapsed: float, now: datetime) -> list[float]:
        turn = (now - CHANGED_FROM) // LEARNS_EACH
        if turn not in learned:
            found = learn(lasted, CHANGED_FROM + turn * LEARNS_EACH)
            learned[turn] = found if follows else replace(found, first=Tails(), later=Tails())
        return remaining_min(learned[turn], one.kind, elapsed, LEVELS)

    return foretell
