"""What a service asks of a model, the trials that decide about it, and its entry in the public register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from lionrock.core.hindsight import Hindcast, Measured
from lionrock.core.manifest.names import MOST_OFTEN, hours, must_be_name
from lionrock.core.vocabulary import BadDeclaration, Dataset, Field, Forecast, Json, Kind, Text

C = TypeVar("C")

ALERT_FIELDS = (
    Field("times", Json.NUMBER, Text(en="how many times the error is what it was", tc="誤差為先前的倍數")),
    Field("horizons_min", Json.ARRAY, Text(en="how many minutes ahead it fails", tc="失準的預測時距（分鐘）")),
    Field("coverage", Json.NUMBER, Text(en="share of values inside the 80% band", tc="落在 80% 範圍內的比例")),
    Field("sensors", Json.ARRAY, Text(en="sensors that it is about", tc="所涉感應器")),
    Field("sensor", Json.STRING, Text(en="the sensor that it is about", tc="所涉感應器")),
    Field("mae", Json.NUMBER, Text(en="mean absolute error of late", tc="近期平均絕對誤差")),
    Field("before", Json.NUMBER, Text(en="mean absolute error before", tc="先前平均絕對誤差"), unknown=True),
    Field("missing", Json.NUMBER, Text(en="share of inputs that is missing", tc="缺失輸入的比例")),
    Field("shift", Json.NUMBER, Text(en="distance of the inputs from those learned from", tc="輸入與學習數據的差距")),
)


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
class AiUse:
    """A use of AI that is no :class:`Model`: it ships fitted, or a job learns it; the public register lists it too.

    ``learns`` says from what it learned, and when it learns again. ``baseline`` is the naive rival of the trials,
    empty where there is none: then no trial can be won.
    """

    name: str
    title: Text
    writes: tuple[Dataset, ...]
    learns: Text
    baseline: str
    trials: tuple[Trial, ...]
    ai: AiRecord

    def __post_init__(self) -> None:
        must_be_name(self.name, "the name of a use of AI")
        if not self.writes:
            raise BadDeclaration(f"the use of AI {self.name} must name what it writes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Generic[C]):
    """Training and prediction as functions, the naive rival, and the trial that decides.

    ``gather(city, now, span)`` collects what the model sees; ``fit(history)`` returns the fitted
    model as bytes and runs in a worker process; ``predict(fitted, recent)`` gives forecasts from
    those bytes, or from ``None`` (nothing learned yet: what the baseline can say). Both are pure.
    Histories cross the process boundary as bytes too, by ``pack``.

    ``hindcast(fitted, history, since)`` says what those bytes would have forecast at moments from
    ``since`` on, on a packed history that they did not learn from; pure, in a worker process, and
    BadInput for bytes that today's code cannot read. By it a newly fitted model is judged against
    the one in use: a retraining learns from all but the newest ``holds_back``, and is judged there.
    ``measured(city, start, end)`` is what came true of the data set's first property. A model
    without the two is neither judged nor watched: its newest version is used.
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
    hindcast: Callable[[bytes, bytes, datetime], Hindcast] | None = None
    measured: Callable[[C, datetime, datetime], Measured] | None = None
    holds_back: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        must_be_name(self.name, "a model's name")
        if self.writes.kind is not Kind.FORECASTS:
            raise BadDeclaration(f"model {self.name} writes {self.writes.id}, which holds no forecasts")
        if not self.horizons or min(self.horizons) < timedelta():
            raise BadDeclaration(f"model {self.name} must say how far ahead it looks: horizons, none of them negative")
        if self.every < MOST_OFTEN or self.retrain_every < MOST_OFTEN:
            raise BadDeclaration(f"model {self.name} forecasts and learns at most once in 5 seconds")
        if (self.hindcast is None) != (self.measured is None):
            raise BadDeclaration(f"model {self.name} is judged by hindcast and measured together: declare both or none")

    @property
    def alerts(self) -> Dataset:
        """The data set of the alerts that watching this model raises."""
        return Dataset(
            id=f"{self.writes.id}_alerts",
            title=Text(en=f"Alerts about the forecast: {self.title.en}", tc=f"預測警示：{self.title.tc}"),
            description=Text(
                en="Raised when the error, the 80% band, single sensors or the inputs of the forecast drift away from "
                "what they were when its version was promoted; cleared when that ends.",
                tc="當預測的誤差、80% 範圍、個別感應器或輸入數據偏離該版本獲選用時的水平即發出，恢復後解除。",
            ),
            kind=Kind.ALERTS,
            rhythm=hours(1),
            licence=self.writes.licence,
            fields=ALERT_FIELDS,
        )
