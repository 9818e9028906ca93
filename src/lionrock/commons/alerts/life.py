"""The life of an alert: raised when a condition is first seen, updated while it changes, cleared when it stays away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lionrock.core.vocabulary import Alert, BadDeclaration, Severity, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that a watch sees now and that people should know; ``key`` tells it from others of the same watch."""

    key: str
    event: str
    severity: Severity
    headline: Text
    description: Text = field(default_factory=Text)
    area: Text = field(default_factory=Text)
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """What one look comes to: alerts to save, ids to clear, and when each alert still open was last seen."""

    raised: tuple[Alert, ...]
    cleared: frozenset[str]
    last_seen: Mapping[str, datetime]


def settle(
    watch: str,
    seen: Iterable[Condition],
    standing: Mapping[str, Alert],
    last_seen: Mapping[str, datetime],
    now: datetime,
    clears_after: timedelta,
) -> Settled:
    """Compare the conditions ``seen`` now with the alerts ``standing`` open, both of the one ``watch``.

    A standing alert that ``last_seen`` does not know (after a restart) counts as seen now. Raises
    BadDeclaration where two conditions have the same key.
    """
    conditions = list(seen)
    alerts = {alert_id(watch, condition.key): condition for condition in conditions}
    if len(alerts) != len(conditions):
        raise BadDeclaration(f"watch {watch} sees two conditions of the same key")
    raised = tuple(
        _alert(known, condition, standing[known].onset if known in standing else now)
        for known, condition in alerts.items()
    )
    seen_at = {known: now if known in alerts else last_seen.get(known, now) for known in {*standing, *alerts}}
    cleared = frozenset(known for known, at in seen_at.items() if now - at >= clears_after and known not in alerts)
    return Settled(raised, cleared, {known: at for known, at in seen_at.items() if known not in cleared})


def alert_id(watch: str, key: str) -> str:
    """The id of the alert that a watch raises for a condition."""
    return f"{watch}/{key}"


def _alert(known: str, condition: Condition, onset: datetime) -> Alert:
    return Alert(
        id=known,
        event=condition.event,
        severity=condition.severity,
        headline=condition.headline,
        onset=onset,
        description=condition.description,
        area=condition.area,
        properties=condition.properties,
    )
