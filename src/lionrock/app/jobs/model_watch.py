"""Watching the models in use: every hour's forecasts are scored by what came true, and drift raises an alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from lionrock.app.house import House
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.city.city import City
from lionrock.commons.alerts.life import alert_id, settle
from lionrock.commons.governance.drift import ROLLS_OVER, list_conditions
from lionrock.commons.governance.lately import reference_of, rolling_of
from lionrock.commons.governance.scoring import HOUR, WEEK, Came, inputs_of, is_silent, score_hour
from lionrock.core.manifest import Model, Service
from lionrock.core.readings import ForecastColumns
from lionrock.core.records.model_scores import ModelScores
from lionrock.core.vocabulary import NotFound

log = structlog.get_logger()

LATE = timedelta(minutes=15)  # readings of an hour that come later than this after it are not waited for
FURTHEST_BACK = timedelta(hours=48)  # hours that were not scored and lie further back stay unscored
MICROSECOND = timedelta(microseconds=1)
LOOK_AGAIN = timedelta(minutes=5)
CLEARS_AFTER = timedelta(hours=2)
SENSORS_KEPT = timedelta(days=35)


async def score_for_ever(house: House, service: Service[City], model: Model[City]) -> None:
    """Score every hour once it is complete, and look for drift after each."""
    last_seen: dict[str, datetime] = {}
    while True:
        scored = await in_own_thread(score_hours, house, service, model)
        if scored:
            await in_own_thread(look_for_drift, house, service, model, last_seen)
        await house.clock.sleep(LOOK_AGAIN)


def score_hours(house: House, service: Service[City], model: Model[City]) -> int:
    """Score every hour that is complete and was not scored yet; returns how many."""
    if model.measured is None:
        return 0
    scores, now = ModelScores(house.engine), house.clock.now()
    scores.forget_future(service.id, model.name, now - LATE - HOUR + MICROSECOND)  # no such hour can be complete
    last = scores.last_hour(service.id, model.name, now)
    first = _whole_hour(now - ROLLS_OVER) if last is None else max(last + HOUR, _whole_hour(now - FURTHEST_BACK))
    hour, count = first, 0
    while hour + HOUR + LATE <= now:
        _score(house, service, model, hour)
        hour, count = hour + HOUR, count + 1
    if count:
        scores.forget(service.id, model.name, now - SENSORS_KEPT)
    return count


def look_for_drift(house: House, service: Service[City], model: Model[City], last_seen: dict[str, datetime]) -> int:
    """Raise, update and clear the model's alerts; returns how many changed. ``last_seen`` is brought up to date."""
    now = house.clock.now()
    rolling, reference = rolling_of(house.engine, now, service.id, model.name)
    seen = () if rolling is None else tuple(list_conditions(rolling, reference))
    own = alert_id(model.name, "")
    with house.turn((model.alerts,)):
        standing = {k.id: k.record for k in house.records.list_open(model.alerts.id) if k.id.startswith(own)}
        settled = settle(model.name, seen, standing, last_seen, now, CLEARS_AFTER)
        changed = house.records.save(model.alerts, settled.raised, now)
        changed += house.records.close(model.alerts, settled.cleared, now)
    last_seen.clear()
    last_seen.update(settled.last_seen)
    if changed:
        house.bus.publish((model.alerts.id,), now)
    return changed


def _score(house: House, service: Service[City], model: Model[City], hour: datetime) -> None:
    city, measured = house.cities[service.id], model.measured
    if measured is None:
        return
    lately = measured(city, hour - max(model.horizons) - HOUR, hour + HOUR)
    week_before = measured(city, hour - WEEK, hour - WEEK + HOUR)
    reference, scores = reference_of(house.engine, service.id, model.name), ModelScores(house.engine)
    inputs = inputs_of(hour, lately, None if reference is None else reference.inputs)
    before = scores.list_inputs(service.id, model.name, hour - max(model.horizons) - HOUR)
    silent = frozenset(one.hour for one in (*before, inputs) if is_silent(one))
    scored = score_hour(hour, _told(house, model, hour), Came(lately=lately, week_before=week_before, silent=silent))
    scores.keep_hour(service.id, model.name, inputs, scored.horizons, scored.sensors)
    log.info("scored", service=service.id, model=model.name, hour=hour.isoformat(), rows=len(scored.horizons))


def _told(house: House, model: Model[City], hour: datetime) -> list[ForecastColumns]:
    """The forecasts that speak of the hour, one horizon after the other."""
    (what,) = model.writes.properties[:1]
    try:
        found = [
            house.readings.forecasts(model.writes.id, what.id, hour - ahead, hour + HOUR - ahead, horizon=ahead)
            for ahead in model.horizons
        ]
    except NotFound:  # no forecast was ever issued
        return []
    return [columns for columns in found if len(columns)]


def _whole_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
