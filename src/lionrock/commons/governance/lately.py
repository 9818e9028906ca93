"""What the store knows of a champion: what it was like when it was judged, and how it fared in the last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Engine

from lionrock.commons.governance.drift import ROLLS_OVER, Reference, Rolling, roll
from lionrock.commons.governance.inputs import InputProfile
from lionrock.commons.governance.judging import CHALLENGER, Judged
from lionrock.core.records import Trials
from lionrock.core.records.model_scores import ModelScores
from lionrock.core.records.standing import Standing


def rolling_of(engine: Engine, now: datetime, service: str, model: str) -> tuple[Rolling | None, Reference | None]:
    """The champion's last day and what it is compared with; None while nothing stands, or it was never judged."""
    stands = Standing(engine).champion(service, model)
    if stands is None or not stands.stands:
        return None, None
    reference = reference_of(engine, service, model)
    scores, since = ModelScores(engine), now - ROLLS_OVER
    rolling = roll(
        now,
        stands.stands,
        scores.list_hours(service, model, since),
        scores.list_sensors(service, model, since),
        scores.list_inputs(service, model, since),
        reference,
    )
    return rolling, reference


def reference_of(engine: Engine, service: str, model: str) -> Reference | None:
    """What the champion was like when it was judged; None where nothing stands, or it never was."""
    standing = Standing(engine)
    stands = standing.champion(service, model)
    if stands is None or not stands.stands:
        return None
    judged = judged_of(standing, service, model, stands.stands)
    if judged is None:
        return None
    facts = Trials(engine).get_version(service, model, stands.stands).facts
    return Reference(
        mae=_by_horizon(judged, judged.mae),
        coverage=_by_horizon(judged, judged.coverage),
        sensors=judged.sensors,
        inputs=None if facts is None or facts.inputs is None else msgspec.convert(facts.inputs, InputProfile),
    )


def judged_of(standing: Standing, service: str, model: str, version: str) -> Judged | None:
    """The contest by which a version was judged last; None where it never was, or by numbers that are none."""
    scores = standing.scores_of(service, model, version)
    try:
        return None if scores is None else msgspec.convert(scores, Judged)
    except msgspec.ValidationError:  # once a rival without errors was divided by
        return None


def _by_horizon(judged: Judged, values: Mapping[str, Sequence[float | None]]) -> dict[int, float]:
    pairs = zip(judged.horizons_s, values[CHALLENGER], strict=True)
    return {horizon_s: value for horizon_s, value in pairs if value is not None}
