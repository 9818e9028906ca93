"""What a service does by itself: jobs that write records, and watches that raise and clear alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from lionrock.core.manifest.feed import Parsed, must_hold_records
from lionrock.core.manifest.names import MOST_OFTEN, must_be_name
from lionrock.core.vocabulary import BadDeclaration, Dataset, Kind, Severity, Text

C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[C]):
    """Background work that is neither a feed nor a model.

    ``does(city)`` yields records as a parser does: of one data set, or ``(Dataset, record)`` pairs.
    They are stored as a feed's are, so that saying the same twice changes nothing; an event that
    says CLOSED closes. A NotYet is waited out; any other error is logged and tried again.
    """

    name: str
    title: Text
    writes: tuple[Dataset, ...]
    every: timedelta
    does: Callable[[C], Parsed]

    def __post_init__(self) -> None:
        must_be_name(self.name, "a job's name")
        if not self.writes:
            raise BadDeclaration(f"job {self.name} must name what it writes")
        must_hold_records(self.writes, f"job {self.name}")
        if self.every < MOST_OFTEN:
            raise BadDeclaration(f"job {self.name} runs every {self.every}: at most once in 5 seconds")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Generic[C]):
    """A look at the city on a rhythm. What ``when(city)`` sees is compared with the alerts that stand open.

    A new condition raises the alert ``<watch>/<key>``, a changed one updates it, and one that was
    not seen for ``clears_after`` clears it, so that a flickering measurement rings once.
    """

    name: str
    title: Text
    writes: Dataset
    every: timedelta
    clears_after: timedelta
    when: Callable[[C], Iterable[Condition]]

    def __post_init__(self) -> None:
        must_be_name(self.name, "a watch's name")
        if self.writes.kind is not Kind.ALERTS:
            raise BadDeclaration(f"watch {self.name} writes {self.writes.id}, which holds no alerts")
        if self.every < MOST_OFTEN:
            raise BadDeclaration(f"watch {self.name} looks every {self.every}: at most once in 5 seconds")
