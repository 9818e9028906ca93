"""The life of every model, as the register's pages, the API and the command line tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from lionrock.city.city import City
from lionrock.commons.governance.drift import Rolling, RollingHorizon, RollingSensor, error_growth
from lionrock.commons.governance.judging import BASELINE, CHALLENGER, CHAMPION, Judged
from lionrock.commons.governance.lately import judged_of, rolling_of
from lionrock.commons.governance.scoring import LAST_VALUE, WEEK_BEFORE
from lionrock.core.manifest import Model, Service
from lionrock.core.records import Kept, ModelVersion, RecordStore, Trials
from lionrock.core.records.model_scores import HourScore, ModelScores
from lionrock.core.records.standing import Decision, Standing
from lionrock.core.vocabulary import Dataset, Text

SHOWN_OVER = timedelta(days=7)
MOST_SENSORS = 15
MOST_DECISIONS = 60
MOST_VERSIONS = 30  # two weeks


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """One decision: what was decided of ``version``, and what stands since (None where nothing changed)."""

    at: datetime
    what: str
    version: str
    stands: str | None
    by: str
    why: Text
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEntry:
    """One version with the scores of its contest: errors by horizon, None where it was never judged."""

    version: str
    stands: bool
    barred: bool
    what: str | None
    trained_at: datetime
    learned_from: datetime
    learned_until: datetime
    seed: int
    code: str
    engine: str | None
    data: str | None
    libraries: dict[str, str]
    mae: list[float | None] | None
    champion_mae: list[float | None] | None
    baseline_mae: list[float | None] | None
    coverage: list[float | None] | None
    cells: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonNow:
    """One horizon over the last day; ``at_promotion`` and the rivals' errors are for comparison.

    ``mae_low`` and ``mae_high`` are the 95% interval of ``mae``, by a bootstrap of blocks of hours.
    """

    minutes: float
    issued: int
    scored: int
    mae: float | None
    mae_low: float | None
    mae_high: float | None
    at_promotion: float | None
    last_value: float | None
    week_before: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourPoint:
    """One hour at one horizon, all versions together: mean errors, None where nothing was scored."""

    hour: datetime
    mae: float | None
    last_value: float | None
    coverage: float | None
    scored: int


@dataclass(frozen=True, slots=True)
class HorizonPast:
    """One horizon's hours, oldest first."""

    minutes: float
    hours: list[HourPoint]


@dataclass(frozen=True, slots=True)
class ModelAlert:
    """An alert about a model that stands open."""

    id: str
    severity: str
    headline: Text
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLife:
    """All that is known of one model. ``champion`` is None while only the baseline speaks."""

    service: str
    service_title: Text
    model: str
    title: Text
    dataset: str
    unit: str
    property: Text
    baseline: str
    champion: str | None
    since: datetime | None
    by: str | None
    why: Text | None
    held: bool
    training_asked: bool
    last_training: datetime | None
    retrain_every_s: float
    alerts: list[ModelAlert]
    scored_hours: int
    error_growth: float | None
    now: list[HorizonNow]
    missing: float | None
    shift: float | None
    sensors: list[RollingSensor]
    past: list[HorizonPast]
    versions: list[VersionEntry]
    decisions: list[DecisionEntry]


def describe_model(engine: Engine, now: datetime, service: Service[City], model: Model[City]) -> ModelLife:
    """Collect the life of one model; the newest comes first in ``versions`` and ``decisions``."""
    standing = Standing(engine)
    stands, key = standing.champion(service.id, model.name), (service.id, model.name)
    last = standing.last_training(*key)
    rolling, reference = rolling_of(engine, now, *key)
    before: Mapping[int, float] = reference.mae if reference else {}
    what = model.writes.properties[0]
    return ModelLife(
        service=service.id,
        service_title=service.title,
        model=model.name,
        title=model.title,
        dataset=model.writes.id,
        unit=what.unit,
        property=what.title,
        baseline=model.baseline,
        champion=(stands.stands or None) if stands else None,
        since=stands.at if stands else None,
        by=stands.by if stands else None,
        why=stands.why if stands else None,
        held=stands.held if stands else False,
        training_asked=standing.asked(*key) is not None,
        last_training=last.at if last else None,
        retrain_every_s=model.retrain_every.total_seconds(),
        alerts=list_alerts(engine, model),
        scored_hours=0 if rolling is None else rolling.hours,
        error_growth=None if rolling is None or reference is None else error_growth(rolling.horizons, reference),
        now=[_horizon_now(one, before) for one in rolling.horizons] if rolling else [],
        missing=None if rolling is None else rolling.missing,
        shift=None if rolling is None else rolling.shift,
        sensors=_worst(rolling),
        past=_past(ModelScores(engine).list_hours(*key, now - SHOWN_OVER)),
        versions=_versions(engine, standing, key, stands),
        decisions=[_decision(one) for one in standing.list_decisions(*key, MOST_DECISIONS)],
    )


def list_alerts(engine: Engine, model: Model[City]) -> list[ModelAlert]:
    """The alerts about a model that stand open."""
    dataset: Dataset = model.alerts
    kept: list[Kept] = RecordStore(engine, {dataset.id: dataset}).list_open(dataset.id)
    return [
        ModelAlert(one.id, str(one.record.severity), one.record.headline, one.record.onset)
        for one in kept
        if one.id.startswith(f"{model.name}/")
    ]


def _horizon_now(one: RollingHorizon, before: Mapping[int, float]) -> HorizonNow:
    low, high = one.interval or (None, None)
    return HorizonNow(
        minutes=one.horizon_s / 60,
        issued=one.issued,
        scored=one.scored,
        mae=one.mae,
        mae_low=low,
        mae_high=high,
        at_promotion=before.get(one.horizon_s),
        last_value=one.rivals[LAST_VALUE][0] if LAST_VALUE in one.rivals else None,
        week_before=one.rivals[WEEK_BEFORE][0] if WEEK_BEFORE in one.rivals else None,
        coverage=one.coverage,
    )


def _worst(rolling: Rolling | None) -> list[RollingSensor]:
    """The sensors with the largest errors; those scored a few times only would fill the list with chance."""
    if rolling is None:
        return []
    enough = max((one.scored for one in rolling.sensors), default=0) / 4
    return [one for one in rolling.sensors if one.scored >= enough][:MOST_SENSORS]


def _past(scores: Sequence[HourScore]) -> list[HorizonPast]:
    hours: dict[int, dict[datetime, list[HourScore]]] = {}
    for one in scores:
        hours.setdefault(one.horizon_s, {}).setdefault(one.hour, []).append(one)
    return [
        HorizonPast(horizon_s / 60, [_point(hour, parts) for hour, parts in sorted(by_hour.items())])
        for horizon_s, by_hour in sorted(hours.items())
    ]


def _point(hour: datetime, parts: Sequence[HourScore]) -> HourPoint:
    scored = sum(part.scored for part in parts)
    last = [part.rivals[LAST_VALUE] for part in parts if LAST_VALUE in part.rivals]
    compared = sum(each.scored for each in last)
    return HourPoint(
        hour=hour,
        mae=sum(part.absolute for part in parts) / scored if scored else None,
        last_value=sum(each.absolute for each in last) / compared if compared else None,
        coverage=sum(part.inside for part in parts) / scored if scored else None,
        scored=scored,
    )


def _versions(engine: Engine, standing: Standing, key: tuple[str, str], stands: Decision | None) -> list[VersionEntry]:
    barred, champion = standing.barred(*key), stands.stands if stands else None
    outcome = {one.version: one.what.value for one in reversed(standing.list_decisions(*key, MOST_DECISIONS))}
    return [
        _version(one, judged_of(standing, *key, one.version), outcome.get(one.version), champion, barred)
        for place, one in enumerate(Trials(engine).list_versions(*key))
        if place < MOST_VERSIONS or one.version == champion
    ]


def _version(
    known: ModelVersion, judged: Judged | None, what: str | None, champion: str | None, barred: set[str]
) -> VersionEntry:
    mae = {} if judged is None else judged.mae
    return VersionEntry(
        version=known.version,
        stands=known.version == champion,
        barred=known.version in barred,
        what=what,
        trained_at=known.trained_at,
        learned_from=known.learned_from,
        learned_until=known.learned_until,
        seed=known.seed,
        code=known.code,
        engine=known.facts.engine if known.facts else None,
        data=known.facts.data if known.facts else None,
        libraries=known.facts.libraries if known.facts else {},
        mae=mae.get(CHALLENGER),
        champion_mae=mae.get(CHAMPION),
        baseline_mae=mae.get(BASELINE),
        coverage=None if judged is None else judged.coverage.get(CHALLENGER),
        cells=None if judged is None else sum(judged.cells),
    )


def _decision(one: Decision) -> DecisionEntry:
    return DecisionEntry(one.at, one.what.value, one.version, one.stands, one.by, one.why, one.held)
