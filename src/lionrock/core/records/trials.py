"""Scores of models and their versions: what the ladder and the AI register read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Engine, and_, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from lionrock.core.records.model_tables import MODEL_FACTS
from lionrock.core.records.tables import MODEL_VERSIONS, TRIALS
from lionrock.core.vocabulary import NotFound, microseconds, moment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One trial's outcome: the model's score beside its best baseline's, lower is better.

    ``baseline_score`` is None where there is no rival: such a trial cannot be won.
    """

    service: str
    model: str
    data: str
    real: bool
    metric: str
    score: float
    baseline_score: float | None
    detail: Any
    at: datetime
    code: str

    @property
    def beats_baseline(self) -> bool:
        """Whether the model did better than the best naive rival."""
        return self.baseline_score is not None and self.score < self.baseline_score


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What makes a version reproducible, and what it is watched against.

    ``data`` and ``engine`` are hashes of the packed history and of every source file that the fit can reach;
    ``libraries`` their versions. ``inputs`` describes what came in while it learned.
    """

    data: str
    engine: str
    libraries: dict[str, str]
    inputs: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A fitted model: its data window, seed and code, and the key of its file.

    ``facts`` is None for versions of the time before they were kept.
    """

    service: str
    model: str
    version: str
    trained_at: datetime
    learned_from: datetime
    learned_until: datetime
    seed: int
    code: str
    file: str
    facts: ModelFacts | None = None


class Trials:
    """Stored trials and model versions in the operational database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, scored: Scored) -> None:
        """Keep a trial's outcome."""
        row = {name: getattr(scored, name) for name in ("service", "model", "data", "real", "metric", "score", "code")}
        row |= {"baseline_score": scored.baseline_score, "detail": msgspec.json.encode(scored.detail)}
        row |= {"at_us": microseconds(scored.at)}
        with self._engine.begin() as connection:
            connection.execute(insert(TRIALS).values(row))

    def list_for(self, service: str) -> list[Scored]:
        """A service's trials, newest first."""
        wanted = select(TRIALS).where(TRIALS.c.service == service).order_by(TRIALS.c.id.desc())
        with self._engine.connect() as connection:
            return [
                Scored(
                    service=row.service,
                    model=row.model,
                    data=row.data,
                    real=row.real,
                    metric=row.metric,
                    score=row.score,
                    baseline_score=row.baseline_score,
                    detail=msgspec.json.decode(row.detail),
                    at=moment_of(row.at_us),
                    code=row.code,
                )
                for row in connection.execute(wanted)
            ]

    def list_newest(self, service: str) -> list[Scored]:
        """The newest trial of each of a service's models on each data, newest first."""
        newest: dict[tuple[str, str], Scored] = {}
        for scored in self.list_for(service):
            newest.setdefault((scored.model, scored.data), scored)
        return list(newest.values())

    def keep_version(self, version: ModelVersion) -> None:
        """Keep a fitted model's description; the same version again changes nothing."""
        row = {name: getattr(version, name) for name in ("service", "model", "version", "seed", "code", "file")}
        row |= {
            "trained_us": microseconds(version.trained_at),
            "from_us": microseconds(version.learned_from),
            "until_us": microseconds(version.learned_until),
        }
        with self._engine.begin() as connection:
            connection.execute(upsert(MODEL_VERSIONS).values(row).on_conflict_do_nothing())
            if version.facts is not None:
                key = {name: row[name] for name in ("service", "model", "version")}
                facts = key | {"body": msgspec.json.encode(version.facts)}
                connection.execute(upsert(MODEL_FACTS).values(facts).on_conflict_do_nothing())

    def list_versions(self, service: str, model: str) -> list[ModelVersion]:
        """A model's versions, newest first."""
        table, facts = MODEL_VERSIONS, MODEL_FACTS
        same = [table.c[name] == facts.c[name] for name in ("service", "model", "version")]
        wanted = select(table, facts.c.body).outerjoin(facts, and_(*same))
        wanted = wanted.where(table.c.service == service, table.c.model == model)
        with self._engine.connect() as connection:
            return [
                ModelVersion(
                    service=row.service,
                    model=row.model,
                    version=row.version,
                    trained_at=moment_of(row.trained_us),
                    learned_from=moment_of(row.from_us),
                    learned_until=moment_of(row.until_us),
                    seed=row.seed,
                    code=row.code,
                    file=row.file,
                    facts=None if row.body is None else msgspec.json.decode(row.body, type=ModelFacts),
                )
                for row in connection.execute(wanted.order_by(table.c.trained_us.desc()))
            ]

    def get_version(self, service: str, model: str, version: str) -> ModelVersion:
        """One version; raises NotFound."""
        for known in self.list_versions(service, model):
            if known.version == version:
                return known
        raise NotFound(f"{service}.{model} has no version {version!r}")
