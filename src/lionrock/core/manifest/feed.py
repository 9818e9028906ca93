"""Where data come from: feeds, their requests, and the recordings that only ``replay`` reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from lionrock.core.manifest.names import MOST_OFTEN, list_holes, must_be_name
from lionrock.core.vocabulary import BadDeclaration, Dataset, Kind, Record, Text

C = TypeVar("C")


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

    ``url`` begins with a host's short name from ``city.place`` (``td/...``), or is a whole ``https://`` address.
    ``each`` is a tuple known in advance (languages) or a function of the city (every stop that a data set knows).
    What a mapping has beyond the holes is told to the parser alone.
    """

    url: str
    each: tuple[Mapping[str, str], ...] | Callable[[C], Iterable[Mapping[str, str]]] = ({},)

    def __post_init__(self) -> None:
        for params in self.each if isinstance(self.each, tuple) else ():
            empty = [hole for hole in list_holes(self.url) if hole not in params]
            if empty:
                raise BadDeclaration(f"request {self.url}: nothing fills {', '.join(empty)} where each is {params}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Generic[C]):
    """Where data come from, how often, and how bytes become records.

    ``parse`` is pure and strict: a changed format raises ``MalformedDownload`` and the whole
    download is set aside. A feed of one data set yields records; one of several yields
    ``(Dataset, Record)`` pairs. With ``snapshot`` whatever a complete round of requests leaves
    out is closed; a failed download closes nothing. Where a round speaks of a part alone, ``snapshot`` is a function
    of a record's id and of all ids listed that says whether the record would be among them. A download that lists
    nothing is set aside as well, unless the source ``may_be_empty``: no warning in force is news, no car park is a
    fault. Nor does such a source lose more than half of its list at once: that is believed after a day.
    ``sample`` names a file in the service's ``samples/`` that the derived tests parse, as the answer to
    a request with ``sample_params``. ``keep`` is how long raw bytes stay in the archive. With
    ``backfill`` an empty store asks the source's historical archive for one download each such step,
    and a running one for the rounds that it missed; only readings may come late. A source that is well
    brings something new at least every ``changes_within``; with None it may rest as long as it likes.
    """

    name: str
    title: Text
    writes: tuple[Dataset, ...]
    requests: tuple[str | Request[C], ...]
    every: timedelta
    parse: Callable[[Download], Parsed]
    sample: str
    sample_params: Mapping[str, str] = field(default_factory=dict)
    snapshot: bool | Callable[[str, Collection[str]], bool] = False
    may_be_empty: bool = False
    keep: timedelta = timedelta(days=30)
    backfill: timedelta | None = None
    changes_within: timedelta | None = None

    def __post_init__(self) -> None:
        must_be_name(self.name, "a feed's name")
        if not self.writes or not self.requests:
            raise BadDeclaration(f"feed {self.name} must name what it writes and whom it asks")
        must_hold_records(self.writes, f"feed {self.name}")
        for request in self.requests:
            if isinstance(request, str) and list_holes(request):
                raise BadDeclaration(f"feed {self.name} asks {request}: a Request(url=..., each=...) fills its holes")
        if self.keep <= timedelta() or (self.backfill is not None and self.backfill <= timedelta()):
            raise BadDeclaration(f"feed {self.name}: keep and backfill are spans of time, longer than none")
        if self.every < MOST_OFTEN:
            raise BadDeclaration(f"feed {self.name} asks every {self.every}: politeness begins at 5 seconds")
        if self.changes_within is not None and self.changes_within < self.every:
            raise BadDeclaration(f"feed {self.name} is asked every {self.every}, seldomer than it is said to change")
        if self.backfill is not None and any(dataset.kind is not Kind.READINGS for dataset in self.writes):
            raise BadDeclaration(
                f"feed {self.name}: backfill is for readings, an older record would pass for a newer one"
            )
        if self.snapshot and any(dataset.kind is Kind.READINGS for dataset in self.writes):
            raise BadDeclaration(f"feed {self.name}: readings are moments, absence cannot close them")

    @property
    def personal(self) -> bool:
        """Whether what it downloads may tell of persons."""
        return any(dataset.personal for dataset in self.writes)

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses as they are declared, short and with their holes."""
        return tuple(request if isinstance(request, str) else request.url for request in self.requests)


def must_hold_records(writes: tuple[Dataset, ...], who: str) -> None:
    """Raise BadDeclaration where one of ``writes`` holds forecasts, which only a model writes."""
    for dataset in writes:
        if dataset.kind is Kind.FORECASTS:
            raise BadDeclaration(f"{who} writes {dataset.id}, which holds forecasts: only a model writes those")


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
