"""How the house fares, computed: each feed's age and errors, each service's rung on the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lionrock.app.discovery import Found
from lionrock.app.house import House
from lionrock.app.pages.words.declared import tell_declared
from lionrock.app.progress import Failure, Progress, Step
from lionrock.core.feeds.intake import read_download
from lionrock.core.manifest import Download, Feed, Service
from lionrock.core.records import FeedState, SetAside, Trials
from lionrock.core.vocabulary import Language, MalformedDownload, Source, Text, tell_place

LATE_AFTER = 3  # rhythms without a success, and a feed counts as late


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """One feed on the status page; ages are of the source's own time.

    ``silent``: what it gave last is too old to be called the present.
    """

    id: str
    service: str
    title: Text
    state: str
    last_success: datetime | None
    age_s: float | None
    last_change: datetime | None
    unchanged_s: float | None
    silent: bool
    every_s: float
    error: Text | None
    set_aside: int
    records: int


@dataclass(frozen=True, slots=True)
class Rung:
    """Where a service stands on the ladder, and why not higher."""

    rung: str
    why: Text


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service on the status page."""

    id: str
    title: Text
    owner: Text
    rung: str
    why: Text
    feeds: int


@dataclass(frozen=True, slots=True)
class SetAsideStatus:
    """A download that was set aside, and where a person finds its bytes."""

    id: int
    feed: str
    at: datetime
    reason: Text
    where: Text
    remedy: Text
    bytes: int
    href: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything on the status page."""

    source: Source
    simulated: bool
    now: datetime
    backfill: Step | None
    feeds: list[FeedStatus]
    services: list[ServiceStatus]
    set_aside: list[SetAsideStatus]
    failures: list[Failure]
    readings: int
    sealed_days: int
    conflicts: int


WITHHELD = Text(
    en="something went wrong; what, is told to nobody, for it may quote what tells of persons",
    tc="出現問題；由於原因可能引述個人資料，故不公開",
)


def describe_status(house: House, progress: Progress) -> Status:
    """Compute the status of ``house`` as it is now; ``progress`` is of the process that works in it."""
    now = house.clock.now()
    states = house.states.list_all()
    stats = house.readings.stats()
    withheld = {known for known, _, feed in house.feeds if feed.personal}
    return Status(
        source=house.settings.source,
        simulated=house.settings.source is Source.TWIN,
        now=now,
        backfill=progress.step,
        feeds=[_feed_status(known, service.id, feed, states.get(known), now) for known, service, feed in house.feeds],
        services=[_service_status(found, house.trials) for found in house.catalogue.found],
        set_aside=[_set_aside_status(kept) for kept in house.states.list_set_aside() if kept.feed not in withheld],
        failures=progress.list_failures(),
        readings=stats.readings,
        sealed_days=stats.sealed_days,
        conflicts=stats.conflicts,
    )


def list_silent(house: House, service: Service[Any]) -> list[FeedStatus]:
    """The silent feeds of what ``service`` reads and publishes.

    A recording's feeds are not asked again, so none of them falls silent.
    """
    if house.settings.source is Source.RECORDING:
        return []
    now, states = house.clock.now(), house.states.list_all()
    told = (
        _feed_status(known, owner.id, feed, states.get(known), now)
        for known, owner, feed in house.feeds
        if owner.id == service.id or {dataset.id for dataset in feed.writes} & set(service.reads)
    )
    return [one for one in told if one.silent]


_SAMPLE_PROBLEMS: dict[str, list[str]] = {}


def climb(found: Found, trials: Trials) -> Rung:
    """Compute the highest rung that stored facts support: declared, sampled, beats its baseline, evaluated.

    Of each model and data the newest trial counts: a win that was lost again is none.
    """
    key = str(found.folder)
    if key not in _SAMPLE_PROBLEMS:  # samples are part of the code: reading them once a process is enough
        _SAMPLE_PROBLEMS[key] = [
            problem for feed in found.service.feeds for problem in list_sample_problems(found, feed)
        ]
    broken = _SAMPLE_PROBLEMS[key]
    if broken:
        return Rung("declared", Text(en=f"a sample cannot be read: {broken[0]}", tc=f"樣本無法讀取：{broken[0]}"))
    rivals = [model for model in found.service.all_ai if model.baseline]
    models = {model.name for model in rivals}
    if not models:
        return Rung(
            "sampled",
            Text(en="every sample is read; it has no model to evaluate", tc="所有樣本均可讀取；沒有模型需要評估"),
        )
    won = [one for one in trials.list_newest(found.service.id) if one.model in models and one.beats_baseline]
    waiting = [model.title for model in rivals if model.name not in {one.model for one in won}]
    if waiting:
        english, chinese = (", ".join(title.en for title in waiting), "、".join(title.tc for title in waiting))
        return Rung(
            "sampled",
            Text(en=f"not tried yet, or lost lately: “{english}”", tc=f"尚未測試，或最近未能勝過基準：「{chinese}」"),
        )
    real = [one for one in won if one.real]
    if models - {one.model for one in real}:
        return Rung("beats its baseline", Text(en="not yet on real data", tc="尚未以真實數據評估"))
    newest = real[0]
    en, tc = (tell_declared(newest.metric, language) for language in (Language.EN, Language.TC))
    scores = f"{newest.score:.3g} / {newest.baseline_score:.3g}"
    return Rung("evaluated on real data", Text(en=f"{newest.data}: {en} {scores}", tc=f"{newest.data}：{tc} {scores}"))


def list_sample_problems(found: Found, feed: Feed[Any]) -> Iterator[str]:
    """Every reason why the sample of ``feed`` cannot be read as the feed's format."""
    path = found.folder / "samples" / feed.sample
    if not path.is_file():
        yield f"{path.name} is not in samples/"
        return
    try:
        read_download(feed, sample_download(found, feed))
    except MalformedDownload as error:
        yield f"{path.name}: {error}"


SAMPLES_RECEIVED = datetime.fromisoformat("2026-11-21T08:31:00+08:00")  # the moment all our own samples speak of


def sample_download(found: Found, feed: Feed[Any]) -> Download:
    """Make the download that a feed's sample stands for."""
    path = found.folder / "samples" / feed.sample
    url = f"https://example.org/{feed.sample}"
    return Download(body=path.read_bytes(), url=url, received_at=SAMPLES_RECEIVED, params=feed.sample_params)


def _service_status(found: Found, trials: Trials) -> ServiceStatus:
    service, rung = found.service, climb(found, trials)
    return ServiceStatus(service.id, service.title, service.owner, rung.rung, rung.why, len(service.feeds))


def _feed_status(known: str, service_id: str, feed: Feed[Any], state: FeedState | None, now: datetime) -> FeedStatus:
    state = state or FeedState(known)
    age: timedelta | None = None if state.last_success is None else now - state.last_success
    unchanged: timedelta | None = None if state.last_change is None else now - state.last_change
    stopped = _has_stopped(feed, unchanged)
    late = age is not None and age > LATE_AFTER * feed.every
    return FeedStatus(
        id=known,
        service=service_id,
        title=feed.title,
        state=_state_of(age, feed.every, state, stopped=stopped),
        last_success=state.last_success,
        age_s=None if age is None else age.total_seconds(),
        last_change=state.last_change,
        unchanged_s=None if unchanged is None else unchanged.total_seconds(),
        silent=state.error is not None if age is None else late or stopped,
        every_s=feed.every.total_seconds(),
        error=WITHHELD if state.error is not None and feed.personal else state.error,
        set_aside=state.set_aside,
        records=state.records,
    )


def _state_of(age: timedelta | None, every: timedelta, state: FeedState, *, stopped: bool) -> str:
    """One word for a feed: waiting (never asked), failing, late, unchanged (it says the same for ever), partly or ok.

    ``partly``: a few of its many addresses fail.
    """
    if state.failures:
        return "failing"
    if age is None:
        return "waiting"
    if abs(age) > LATE_AFTER * every:
        return "late"
    if stopped:
        return "unchanged"
    return "ok" if state.error is None else "partly"


def _has_stopped(feed: Feed[Any], unchanged: timedelta | None) -> bool:
    return feed.changes_within is not None and unchanged is not None and unchanged > feed.changes_within


def _set_aside_status(kept: SetAside) -> SetAsideStatus:
    return SetAsideStatus(
        id=kept.id,
        feed=kept.feed,
        at=kept.at,
        reason=kept.reason,
        where=tell_place(kept.where),
        remedy=kept.remedy,
        bytes=kept.bytes,
        href=f"/set-aside/{kept.id}",
    )
