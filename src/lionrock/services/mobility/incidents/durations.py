"""From incidents to how long they lasted, and back: how long one is expected to last, said at each of its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from lionrock.services.mobility.incidents.clearance import Clearance, Lasted, remaining_min
from lionrock.services.mobility.incidents.incident import Expected, Incident, Message, Origin
from lionrock.services.mobility.incidents.told import Effect
from lionrock.services.mobility.incidents.wording import read_message

LEVELS = (0.1, 0.5, 0.9)
SHORTEST_MIN = 0.5  # two words of one minute


def is_first_heard_ending(messages: Sequence[Message]) -> bool:
    """Whether the first word of an incident is already its end: it began before anybody here heard of it."""
    first = messages[0]
    began = min(message.heard or message.at for message in messages)
    return began == first.at and (first.closes or read_message(first.place, first.detail).effect is Effect.OVER)


def find_lasted(incident: Incident) -> Lasted | None:
    """How long an incident lasted by its own words; None where its first word is already its end.

    Detectors' spells are left out: they say how long a road was slow, not how long lanes were closed.
    """
    spoken = [message for message in incident.messages if message.origin is not Origin.DETECTORS]
    if not spoken or incident.merged_into:
        return None
    if is_first_heard_ending(spoken):
        return None
    began = min(message.heard or message.at for message in spoken)
    end = incident.cleared_at
    minutes = ((end or spoken[-1].at) - began).total_seconds() / 60
    return Lasted(incident.kind, began, max(minutes, SHORTEST_MIN if end else 0.0), ended=end is not None)


def expectation(clearance: Clearance) -> Callable[[Incident, datetime], Incident]:
    """What :func:`joining.live` calls when something new was said: the incident with how long it will last."""

    def expect(incident: Incident, as_of: datetime) -> Incident:
        if not incident.is_open or incident.cleared_at is not None:
            return incident
        elapsed = max(0.0, (as_of - incident.began).total_seconds() / 60)
        low, middle, high = (elapsed + left for left in remaining_min(clearance, incident.kind, elapsed, LEVELS))
        known = clearance.learned_from.get(incident.kind, 0)
        expected = Expected(
            p10_min=round(low, 1), p50_min=round(middle, 1), p90_min=round(high, 1), as_of=as_of, learned_from=known
        )
        return replace(incident, expected=expected)

    return expect
