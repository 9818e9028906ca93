"""What is derived from the declarations alone: services, data sets, the data flow, the AI register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lionrock.app.discovery import Catalogue
from lionrock.app.house import House, feed_id
from lionrock.app.model_lives import list_alerts
from lionrock.app.openapi import API
from lionrock.app.status import climb
from lionrock.city.place import address
from lionrock.core.manifest import AiRecord, AiUse, Model, Trial
from lionrock.core.records import ModelVersion, Scored
from lionrock.core.records.standing import Standing
from lionrock.core.vocabulary import Kind, Text


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service in the list."""

    id: str
    title: Text
    summary: Text
    owner: Text
    area: str
    rung: str
    why: Text
    reads: list[str]
    publishes: list[str]
    questions: list[QuestionEntry]
    pages: list[PageEntry]


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """One question of a service, and where it is asked."""

    title: Text
    href: str


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of a service, after ``/{language}/``."""

    title: Text
    path: str


@dataclass(frozen=True, slots=True)
class PropertyEntry:
    """One observed property of a data set, with its UCUM unit."""

    id: str
    title: Text
    unit: str


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """One data set in the catalogue."""

    id: str
    title: Text
    description: Text
    kind: Kind
    publisher: Text
    owner: Text
    licence: str
    rhythm_s: float
    personal: bool
    properties: list[PropertyEntry]


@dataclass(frozen=True, slots=True)
class Flow:
    """One way of data: from where, through which service, into what."""

    feed: str
    title: Text
    addresses: list[str]
    service: str
    service_title: Text
    writes: list[str]
    read_by: list[str]


@dataclass(frozen=True, slots=True)
class AiEntry:
    """One use of AI on the public register: the version in use, and the headlines of alerts about it.

    ``learns`` is said of what the platform does not train: it has no versions.
    """

    service: str
    service_title: Text
    model: str
    title: Text
    record: AiRecord
    baseline: str
    trials: list[TrialEntry]
    version: str | None
    trained_at: datetime | None
    learned_from: datetime | None
    learned_until: datetime | None
    alerts: list[Text]
    learns: Text | None


@dataclass(frozen=True, slots=True)
class TrialEntry:
    """One trial that decides about a model, and its last stored outcome."""

    data: str
    metric: str
    real: bool
    command: str
    score: float | None
    baseline_score: float | None


def list_services(house: House) -> list[ServiceEntry]:
    """Every service with what it reads, publishes and answers."""
    entries = []
    for found in house.catalogue.found:
        service, rung = found.service, climb(found, house.trials)
        entries.append(
            ServiceEntry(
                id=service.id,
                title=service.title,
                summary=service.summary,
                owner=service.owner,
                area=service.area,
                rung=rung.rung,
                why=rung.why,
                reads=list(service.reads),
                publishes=[dataset.id for dataset in service.publishes],
                questions=[QuestionEntry(question.title, f"{API}/{question.path}") for question in service.questions],
                pages=[PageEntry(page.title, page.path) for page in service.pages if "{" not in page.shows],
            )
        )
    return entries


def list_datasets(catalogue: Catalogue) -> list[DatasetEntry]:
    """Every data set that somebody publishes."""
    return [
        DatasetEntry(
            id=dataset.id,
            title=dataset.title,
            description=dataset.description,
            kind=dataset.kind,
            publisher=service.title,
            owner=service.owner,
            licence=dataset.licence,
            rhythm_s=dataset.rhythm.total_seconds(),
            personal=dataset.personal,
            properties=[PropertyEntry(what.id, what.title, what.unit) for what in dataset.properties],
        )
        for service in catalogue.services
        for dataset in service.publishes
    ]


def list_flows(catalogue: Catalogue) -> list[Flow]:
    """Every feed's way into data sets, and who reads those."""
    flows = []
    for service in catalogue.services:
        for feed in service.feeds:
            writes = [dataset.id for dataset in feed.writes]
            flows.append(
                Flow(
                    feed=feed_id(service, feed),
                    title=feed.title,
                    addresses=[address(url) for url in feed.urls],
                    service=service.id,
                    service_title=service.title,
                    writes=writes,
                    read_by=[other.id for other in catalogue.services if set(other.reads) & set(writes)],
                )
            )
    return flows


def list_ai_uses(house: House) -> list[AiEntry]:
    """Every use of AI: what was declared, and what the stored trials and versions say."""
    uses = []
    for service in house.catalogue.services:
        scored = house.trials.list_newest(service.id)
        for model in service.all_ai:
            stands = _standing_version(house, service.id, model.name)  # of a model alone: no other use has versions
            uses.append(
                AiEntry(
                    service=service.id,
                    service_title=service.title,
                    model=model.name,
                    title=model.title,
                    record=model.ai,
                    baseline=model.baseline,
                    trials=_trials(model.name, model.trials, scored),
                    version=None if stands is None else stands.version,
                    trained_at=None if stands is None else stands.trained_at,
                    learned_from=None if stands is None else stands.learned_from,
                    learned_until=None if stands is None else stands.learned_until,
                    alerts=[alert.headline for alert in list_alerts(house.engine, model)]
                    if isinstance(model, Model)
                    else [],
                    learns=model.learns if isinstance(model, AiUse) else None,
                )
            )
    return uses


def _trials(name: str, declared: tuple[Trial, ...], scored: list[Scored]) -> list[TrialEntry]:
    """Each declared trial with its last stored outcome."""
    entries = []
    for trial in declared:
        last = next((one for one in scored if one.model == name and one.data == trial.data), None)
        entries.append(
            TrialEntry(
                data=trial.data,
                metric=trial.metric,
                real=trial.real,
                command=trial.command,
                score=None if last is None else last.score,
                baseline_score=None if last is None else last.baseline_score,
            )
        )
    return entries


def _standing_version(house: House, service: str, model: str) -> ModelVersion | None:
    """The version in use; None while nothing stands."""
    stands = Standing(house.engine).champion(service, model)
    return house.trials.get_version(service, model, stands.stands) if stands and stands.stands else None
