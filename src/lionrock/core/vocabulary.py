"""The words every room of the house uses, and the errors they can meet.

Errors (only ``app`` turns them into HTTP statuses and log lines)::

    LionrockError
    ├── BadInput               what was asked is wrong: says what, where, and what to do
    │   └── MalformedDownload  a feed's bytes are not in the format that was declared
    ├── Refused                it may not be done as things stand, and what to do instead
    ├── NotFound               a thing that was named does not exist
    ├── NotYet                 it will exist: the reason and what it waits for
    ├── SignedOut              nobody is signed in, and somebody must be
    ├── NotAllowed             who asks lacks the role, or did not ask from our own page
    ├── TooManyTries           guessing: says how long to wait
    ├── UndeclaredRead         a service opened a data set that it did not declare
    ├── BadDeclaration         a service's declaration contradicts itself
    ├── BadSetting             a setting cannot be used: its name and why
    ├── DownloadFailed         a feed's address gave nothing usable
    ├── WrongSource            a store of one source was offered another's data
    └── StoreClosed            a store was used after it was closed
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntFlag, StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

import opencc


class LionrockError(Exception):
    """The root of every error that Lionrock raises on purpose.

    ``told`` says it in the languages that it was given in; what a person can meet on a page is given in all.
    ``str`` of it is English.
    """

    def __init__(self, said: str | Text = "") -> None:
        self.told = said if isinstance(said, Text) else Text(en=said)
        super().__init__(self.told.en)


class BadInput(LionrockError):
    """Something given from outside is wrong.

    ``problem`` says what is wrong, ``where`` in which field, line or file, ``remedy`` what to do; the ``_text``
    of both is in the languages that they were given in. ``why`` is the whole without the place.
    """

    def __init__(self, problem: str | Text, *, where: str = "", remedy: str | Text = "") -> None:
        what, then = (said if isinstance(said, Text) else Text(en=said) for said in (problem, remedy))
        self.problem_text, self.remedy_text = what, then
        self.problem, self.where, self.remedy = what.en, where, then.en
        whole = what.tc and (then.tc or not then.en)  # half a sentence in each language is none in either
        self.why = Text(
            en=what.en + f" ({then.en})" * bool(then.en), tc=what.tc + f"（{then.tc}）" * bool(then.tc) if whole else ""
        )
        english, chinese = (f"{where}: ", f"{tell_place(where).tc}：") if where else ("", "")
        super().__init__(Text(en=english + self.why.en, tc=chinese + self.why.tc if whole else ""))


class MalformedDownload(BadInput):
    """A feed's bytes are not in the declared format; the whole download is set aside."""


class Refused(LionrockError):
    """Something may not be done as things stand; the message says why and what to do instead."""


class NotFound(LionrockError):
    """A thing that was named does not exist."""


class NotYet(LionrockError):
    """A thing does not exist yet; the message says what it waits for."""


class SignedOut(LionrockError):
    """Nobody is signed in, or not rightly, and somebody must be."""


class NotAllowed(LionrockError):
    """Who asks lacks the role for it, or did not ask from a page of ours."""


class TooManyTries(LionrockError):
    """Too many wrong passwords were given; the next try is heard after ``wait``."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        seconds = f"{wait.total_seconds():.0f}"
        super().__init__(
            Text(
                en=f"too many wrong passwords; the next try is heard in {seconds} s",
                tc=f"密碼錯誤次數過多，{seconds} 秒後方可再試",
            )
        )


class UndeclaredRead(LionrockError):
    """A service opened a data set that its declaration does not name in ``reads``."""


class BadDeclaration(LionrockError):
    """A service's declaration contradicts itself or the house's rules."""


class BadSetting(LionrockError):
    """A setting cannot be used; the message names it and says why."""


class DownloadFailed(LionrockError):
    """A feed's address gave no usable answer (network, status, size, time-out)."""


class WrongSource(LionrockError):
    """A store that keeps one source's data (twin, recording, live) was opened for another."""


class StoreClosed(LionrockError):
    """A store was used after it was closed."""


class Language(StrEnum):
    """The three languages of the city, by the short names its portals use in paths."""

    EN = "en"
    TC = "tc"
    SC = "sc"

    @property
    def tag(self) -> str:
        """The BCP 47 tag for ``lang`` attributes and headers."""
        return {"en": "en", "tc": "zh-Hant-HK", "sc": "zh-Hans"}[self.value]


MOST_REMEMBERED, LONGEST_REMEMBERED = 32_768, 400  # texts, and characters of one: names come again, a crawler's not


@cache
def _traditional_to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("hk2s")


def simplify(traditional: str) -> str:
    """Traditional Chinese as written in Hong Kong, in Simplified characters (OpenCC ``hk2s``)."""
    if len(traditional) > LONGEST_REMEMBERED:
        return str(_traditional_to_simplified().convert(traditional))
    return recall(traditional)


@lru_cache(MOST_REMEMBERED)
def recall(traditional: str) -> str:
    """The same of a text that is likely to come again."""
    return str(_traditional_to_simplified().convert(traditional))


@dataclass(frozen=True, slots=True)
class Text:
    """Words in English, Traditional and Simplified Chinese.

    Simplified is derived by OpenCC when it is not given. A source that speaks one language gives
    only that one; :meth:`merged` joins such halves, and :meth:`say` falls back English last.
    """

    en: str = ""
    tc: str = ""
    sc: str = ""

    def __post_init__(self) -> None:
        if self.tc and not self.sc:
            object.__setattr__(self, "sc", simplify(self.tc))

    def say(self, language: Language | str) -> str:
        """The words in ``language``; where that one is missing, the nearest language that has them."""
        order = {"en": (self.en, self.tc), "tc": (self.tc, self.sc, self.en), "sc": (self.sc, self.tc, self.en)}
        return next((words for words in order[str(language)] if words), "")

    def merged(self, newer: Text) -> Text:
        """This text with every language that ``newer`` has replaced by it."""
        return Text(en=newer.en or self.en, tc=newer.tc or self.tc, sc=newer.sc or self.sc)


PLACES_IN_FILES = (
    (re.compile(r"\bline (\d+), column (\d+)"), r"第 \1 行第 \2 字"),
    (re.compile(r"\bline (\d+)"), r"第 \1 行"),
    (re.compile(r"\bbyte (\d+)"), r"第 \1 位元組"),
)


def tell_place(where: str) -> Text:
    """Where in a file something is wrong, as people say it; the names of fields are the file's own."""
    told = where
    for english, chinese in PLACES_IN_FILES:
        told = english.sub(chinese, told)
    return Text(en=where, tc=told)


def said(en: str, tc: str) -> Text:
    """The words of a page, briefly: Simplified is derived."""
    return Text(en=en, tc=tc)


class Quality(IntFlag):
    """What is known against a value. Flags add up; 0 is a good measurement.

    Nothing is dropped for its quality: a flagged reading is stored, shown as such, and left out of
    aggregates and forecasts (those take what :attr:`is_good`).
    """

    GOOD = 0
    MISSING = 1  # the source says it has no value (-1, N/A, M, ////); the value is None
    INVALID = 2  # the source itself marks the value as not valid
    PLACEHOLDER = 4  # a default the source sends when nothing was measured (speed at zero volume)
    OUT_OF_RANGE = 8  # beyond what the property's declaration calls possible
    CONFLICT = 16  # the source gave two different values for one moment; the first was kept
    MISDATED = 32  # the source's date was wrong and was mended from the time of receipt
    REPEATED = 64  # the source gave the same value twice for one moment: it counts once, as good as said once

    @property
    def is_good(self) -> bool:
        """Whether nothing is known against the value."""
        return self in (Quality.GOOD, Quality.REPEATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What a sensor measures: an ObservedProperty with its UCUM unit and the range that is possible."""

    id: str
    title: Text
    unit: str
    low: float = -math.inf
    high: float = math.inf

    def judge(self, value: float) -> Quality:
        """``OUT_OF_RANGE`` where ``value`` is outside [low, high], else ``GOOD``."""
        return Quality.GOOD if self.low <= value <= self.high else Quality.OUT_OF_RANGE


class Reading(NamedTuple):
    """One value of one property at one place and time (SensorThings Observation).

    ``at`` is the aware moment that the value speaks of (the start of its period); ``value`` is in
    the property's unit and None only where quality says MISSING. (sensor, property, at) is its key.
    """

    sensor: str
    property: str
    at: datetime
    value: float | None
    quality: Quality = Quality.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A thing with a geometry (GeoJSON, WGS 84 lon/lat) and a life span."""

    id: str
    geometry: Mapping[str, Any] | None
    title: Text = field(default_factory=Text)
    properties: Mapping[str, Any] = field(default_factory=dict)


class EventStatus(StrEnum):
    """Where an announced thing stands in its life."""

    NEW = "new"
    UPDATED = "updated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened or was announced: an incident, a road closure.

    ``lon``/``lat`` are None where the source gives no place. A later message of the same ``id``
    is a new version of the same event.
    """

    id: str
    kind: str
    at: datetime
    status: EventStatus
    title: Text
    detail: Text = field(default_factory=Text)
    place: Text = field(default_factory=Text)
    lon: float | None = None
    lat: float | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


class Severity(StrEnum):
    """CAP 1.2 ``severity``."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A warning with a life (CAP 1.2 in its names).

    One that comes from the twin is published with CAP status Exercise; the store knows its source.
    """

    id: str
    event: str
    severity: Severity
    headline: Text
    onset: datetime
    description: Text = field(default_factory=Text)
    expires: datetime | None = None
    area: Text = field(default_factory=Text)
    properties: Mapping[str, Any] = field(default_factory=dict)


class Forecast(NamedTuple):
    """A reading about the future: quantiles in the property's unit, never NaN.

    The moment it speaks of is ``issued_at + horizon``.
    """

    sensor: str
    property: str
    issued_at: datetime
    horizon: timedelta
    low: float  # the 10% quantile
    middle: float  # the 50% quantile
    high: float  # the 90% quantile
    model: str
    version: str


class Kind(StrEnum):
    """What the records of a data set are."""

    READINGS = "readings"
    FEATURES = "features"
    EVENTS = "events"
    ALERTS = "alerts"
    FORECASTS = "forecasts"


class Json(StrEnum):
    """The type of a value in JSON."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ARRAY = "array"


@dataclass(frozen=True, slots=True)
class Field:
    """One of the own properties of a feature, event or alert; ``unknown`` says that it can be null."""

    id: str
    type: Json
    title: Text
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What one publisher offers (a DCAT dataset).

    ``id`` is ``<subject>.<name>`` and unique in the city; ``rhythm`` is how often it changes;
    ``properties`` are the observed properties of readings and forecasts, ``fields`` all that the ``properties`` of
    the other kinds' records can hold (a record may leave some out). What is ``closed_for_good`` no later download
    opens or changes; only its undoing is undone.
    """

    id: str
    title: Text
    kind: Kind
    rhythm: timedelta
    licence: str
    description: Text = field(default_factory=Text)
    properties: tuple[Property, ...] = ()
    fields: tuple[Field, ...] = ()
    personal: bool = False
    closed_for_good: bool = False


class Source(StrEnum):
    """Where a store's data come from. A store keeps one source only and refuses the others'."""

    TWIN = "twin"
    RECORDING = "recording"
    LIVE = "live"


Record = Reading | Feature | Event | Alert
"""What a feed's parser may yield; a parser of several data sets yields ``(Dataset, Record)`` pairs."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """An aware moment as whole microseconds since 1970-01-01 UTC; raises ValueError when naive."""
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone"
        raise ValueError(message)
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(us: int) -> datetime:
    """The aware UTC moment of whole microseconds since 1970-01-01 UTC."""
    return EPOCH + timedelta(microseconds=us)
