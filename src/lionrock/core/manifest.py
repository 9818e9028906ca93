"""What a city service declares. Everything else about a service is derived from these words.

The declarations are plain frozen dataclasses, generic in the context ``C`` that functions are
handed (``city.City``, which stands above this room). Functions are real references, never paths.

A declaration checks itself where it can (:class:`~lionrock.core.vocabulary.BadDeclaration`);
what needs the whole city (one publisher a data set, reads that somebody writes) is checked by
``app.discovery``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

from lionrock.core.vocabulary import BadDeclaration, Dataset, Forecast, Kind, Record, Text

C = TypeVar("C")
Q = TypeVar("Q")

NAME = re.compile(r"[a-z][a-z0-9_]*")


def days(count: float) -> timedelta:
    """A span of days."""
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    """A span of hours."""
    return timedelta(hours=count)


def minutes(count: float) -> timedelta:
    """A span of minutes."""
    return timedelta(minutes=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One answer of a feed's address, as a parser gets it.

    ``received_at`` is aware; formats that leave out their date are read with its help. ``params``
    are those of the request (a language, a stop).
    """

    body: bytes
    url: str
    received_at: datetime
    params: Mapping[str, str] = field(default_factory=dict)


Parsed = Iterator[Record] | Iterator[tuple[Dataset, Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[C]):
    """Addresses of one shape: ``url`` with ``{name}`` holes, filled from each mapping of ``each``.

    ``url`` begins with a host's short name from ``city.place`` (``td/...``). ``each`` is a tuple
    known in advance (languages) or a function of the city (every stop that a data set knows).
    """

    url: str
    each: tuple[Mapping[str, str], ...] | Callable[[C], Iterable[Mapping[str, str]]] = ({},)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Generic[C]):
    """Where data come from, how often, and how bytes become records.

    ``parse`` is pure and strict: a changed format raises ``MalformedDownload`` and the whole
    download is set aside. A feed of one data set yields records; one of several yields
    ``(Dataset, Record)`` pairs. With ``snapshot`` whatever a complete round of requests leaves
    out is closed; a failed download closes nothing. ``sample`` names a file in the service's
    ``samples/`` that the derived tests parse. ``keep`` is how long raw bytes stay in the archive. With
    ``backfill`` an empty store asks the source's historical archive for one download each such
    step, and a running one for the rounds that it missed.
    """

    name: str
    title: Text
    writes: tuple[Dataset, ...]
    requests: tuple[str | Request[C], ...]
    every: timedelta
    parse: Callable[[Download], Parsed]
    sample: str
    snapshot: bool = False
    keep: timedelta = timedelta(days=30)
    backfill: timedelta | None = None

    def __post_init__(self) -> None:
        _must_be_name(self.name, "a feed's name")
        if not self.writes or not self.requests:
            raise BadDeclaration(f"feed {self.name} must name what it writes and whom it asks")
        if self.every < timedelta(seconds=5):
            raise BadDeclaration(f"feed {self.name} asks every {self.every}: politeness begins at 5 seconds")
        if self.snapshot and any(dataset.kind is Kind.READINGS for dataset in self.writes):
            raise BadDeclaration(f"feed {self.name}: readings are moments, absence cannot close them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file of an older collection, in another form than any feed's; only ``replay`` reads it.

    ``matches`` is a glob on the file's (or folder's) name; ``parse`` gets its path and yields
    ``(moment of receipt, data set, records)`` in the order of time.
    """

    name: str
    title: Text
    matches: str
    parse: Callable[[Path], Iterator[tuple[datetime, Dataset, list[Record]]]]


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
        _must_be_name(self.name, "a model's name")
        if self.writes.kind is not Kind.FORECASTS:
            raise BadDeclaration(f"model {self.name} writes {self.writes.id}, which holds no forecasts")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Until people can log in (their own issue) everyone on loopback is staff."""

    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[C, Q]):
    """Something a service answers: a route under ``/api/v1``, a CLI verb, the data of pages.

    ``asks`` is a dataclass whose fields are the query (those named in ``path`` come from it);
    ``example`` is one, used by the docs and by the derived tests, so it must be answerable from
    the samples. An answer is kept for ``fresh`` or until a data set that the service sees changes.
    ``form`` other than JSON: the answer is text of that media type.
    """

    path: str
    title: Text
    asks: type[Q]
    answer: Callable[[C, Q, Caller], Any]
    example: Q
    fresh: timedelta = timedelta(seconds=30)
    form: str = "application/json"

    def __post_init__(self) -> None:
        holes = set(re.findall(r"{(\w+)}", self.path))
        unknown = holes - set(getattr(self.asks, "__dataclass_fields__", {}))
        if unknown:
            raise BadDeclaration(f"question {self.path}: {self.asks.__name__} lacks {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page in three languages at ``path`` that renders the answer of the question ``shows``.

    Without a ``template`` the answer is set as lists and tables.
    """

    path: str
    title: Text
    shows: str
    template: str = "answer.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C]):
    """One city service. ``reads`` are the only data sets of others that its City opens."""

    id: str
    title: Text
    owner: str
    area: str
    summary: Text
    reads: tuple[str, ...] = ()
    feeds: tuple[Feed[C], ...] = ()
    recordings: tuple[Recording, ...] = ()
    models: tuple[Model[C], ...] = ()
    questions: tuple[Question[C, Any], ...] = ()
    pages: tuple[Page, ...] = ()

    def __post_init__(self) -> None:
        _must_be_name(self.id, "a service's id")
        asked = {question.path for question in self.questions}
        for page in self.pages:
            if page.shows not in asked:
                raise BadDeclaration(f"service {self.id}: page {page.path} shows {page.shows!r}, which nobody answers")
        for what, names in {
            "feed": [feed.name for feed in self.feeds],
            "model": [model.name for model in self.models],
            "question": [question.path for question in self.questions],
        }.items():
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise BadDeclaration(f"service {self.id} declares the {what} {', '.join(sorted(twice))} twice")

    @property
    def publishes(self) -> tuple[Dataset, ...]:
        """Every data set that this service writes, each once, in the order of declaration."""
        written = [dataset for feed in self.feeds for dataset in feed.writes]
        written += [model.writes for model in self.models]
        return tuple({dataset.id: dataset for dataset in written}.values())


def _must_be_name(name: str, what: str) -> None:
    if not NAME.fullmatch(name):
        raise BadDeclaration(f"{what} is small letters, digits and underscores, beginning with a letter: not {name!r}")
