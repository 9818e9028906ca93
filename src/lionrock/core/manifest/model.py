"""What a service asks of a model, the trials that decide about it, and its entry in the public register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from lionrock.core.manifest.names import must_be_name
from lionrock.core.vocabulary import BadDeclaration, Dataset, Forecast, Kind, Text

C = TypeVar("C")


class Risk(StrEnum):
    """How much can go wrong for a person when a use of AI is wrong (HK Ethical AI Framework)."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Review(StrEnum):
    """When a person looks at what a model says: before anything is published, after, or never."""

    BEFORE = "before"
    AFTER = "after"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AiRecord:
    """The public register entry of one use of AI (after the UK's ATRS).

    ``decides`` says what follows from the model's words and who decides it; ``limits`` where it
    fails; ``appeal`` where a person turns. At moderate or high risk ``human_review`` must say who
    looks, and ``review`` when.
    """

    purpose: Text
    risk: Risk
    decides: Text
    limits: Text
    appeal: Text
    human_review: Text = field(default_factory=Text)
    review: Review = Review.NONE
    personal_data: bool = False

    def __post_init__(self) -> None:
        if self.risk is not Risk.LOW and (self.review is Review.NONE or not self.human_review.en):
            raise BadDeclaration(f"a use of AI at {self.risk} risk must say which person reviews it, and when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What decides about a model: scored on ``data``, split by time as ``split`` says, by ``metric``.

    ``command`` reproduces it; ``real`` says that the data were measured in a real city.
    """

    data: str
    split: str
    metric: str
    command: str
    real: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Generic[C]):
    """Training and prediction as functions, the naive rival, and the trial that decides.

    ``gather(city, now, span)`` collects what the model sees; ``fit(history)`` returns the fitted
    model as bytes and runs in a worker process; ``predict(fitted, recent)`` gives forecasts from
    those bytes, or from ``None`` (nothing learned yet: what the baseline can say). Both are pure.
    Histories cross the process boundary as bytes too, by ``pack``.
    """

    name: str
    title: Text
    writes: Dataset
    every: timedelta
    retrain_every: timedelta
    horizons: tuple[timedelta, ...]
    gather: Callable[[C, datetime, timedelta], Any]
    learns_from: timedelta
    looks_back: timedelta
    pack: Callable[[Any], bytes]
    fit: Callable[[bytes], bytes]
    predict: Callable[[bytes | None, Any], list[Forecast]]
    baseline: str
    trials: tuple[Trial, ...]
    ai: AiRecord

    def __post_init__(self) -> None:
        must_be_name(self.name, "a model's name")
        if self.writes.kind is not Kind.FORECASTS:
            raise BadDeclaration(f"model {self.name} writes {self.writes.id}, which holds no forecasts")
