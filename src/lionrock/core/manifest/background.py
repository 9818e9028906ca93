"""What a service does by itself: jobs that write records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from lionrock.core.manifest.feed import Parsed, must_hold_records
from lionrock.core.manifest.names import MOST_OFTEN, must_be_name
from lionrock.core.vocabulary import BadDeclaration, Dataset, Text

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
