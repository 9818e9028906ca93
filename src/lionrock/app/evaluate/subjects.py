"""What ``lionrock evaluate`` can score: how each subject is run, what people are shown, what the register keeps of it.

Heavy on purpose in one place: the command line imports it only when something is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import lionrock as package
from lionrock.app.evaluate.beside import evaluate_beside
from lionrock.app.evaluate.beside_table import render_beside
from lionrock.app.evaluate.buses import evaluate_buses
from lionrock.app.evaluate.buses_table import render_buses
from lionrock.app.evaluate.impact import FIRST_SEED, SCALE, evaluate_impact
from lionrock.app.evaluate.impact_table import render_impact
from lionrock.app.evaluate.incidents import evaluate_incidents
from lionrock.app.evaluate.incidents_table import render_incidents
from lionrock.app.evaluate.parking import evaluate_parking
from lionrock.app.evaluate.table import render
from lionrock.app.evaluate.traffic import evaluate_traffic
from lionrock.app.evaluate.weather import evaluate_weather
from lionrock.app.evaluate.weather_table import render_weather
from lionrock.core.manifest import AiUse
from lionrock.core.records import Scored, Trials
from lionrock.core.records.database import open_database
from lionrock.core.settings import Settings
from lionrock.engines.forecast.baselines import NAIVE
from lionrock.engines.forecast.forecaster import BLEND
from lionrock.services.mobility.incidents.ai import CLEARANCE, DETECTION, IMPACT
from lionrock.services.mobility.weather_effects.ai import WEATHER_EFFECTS

INCIDENTS, TWIN = "incidents", "twin"
METRIC = "mean absolute error over the horizons"
WHOLE = 100

Watch = Callable[[str, int, int], None]
Evaluation = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asked for: which ``data`` and where its files lie; ``folder`` keeps what is simulated."""

    folder: Path
    data: str | None = None
    data_dir: Path | None = None
    pairs: int = 30
    seed: int = FIRST_SEED
    demand: float = SCALE
    attention: bool = False


def nothing_kept(_evaluation: Evaluation) -> Iterator[Scored]:
    """What is shown and stored nowhere: no use of AI is judged by it."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Subject:
    """``run`` evaluates, ``show`` tells people, ``keep`` yields the outcomes that rungs and the register rest on."""

    run: Callable[[Wish, Watch], Evaluation]
    show: Callable[[Evaluation], Iterable[Any]]
    keep: Callable[[Evaluation], Iterator[Scored]] = nothing_kept


def subject_of(service: str, data: str | None) -> Subject:
    """The subject of a service; the traffic of the twin is one of its own: what other knowledge is worth."""
    return BESIDE if (service, data) == ("traffic", TWIN) else SUBJECTS[service]


def keep_outcomes(settings: Settings, outcomes: Iterable[Scored]) -> None:
    """Store outcomes in the settings' own records; where there are none, nothing is made."""
    if not (kept := list(outcomes)):
        return
    engine = open_database(settings.home, settings.source)
    for scored in kept:
        Trials(engine).keep(scored)
    engine.dispose()


def forecast_scored(service: str, model: str, evaluation: Evaluation, *, real: bool) -> Iterator[Scored]:
    """What the published forecast and the best naive rival scored."""
    mae = {each["name"]: fmean(row["mae"] for row in each["horizons"]) for each in evaluation["models"]}
    of = {"service": service, "model": model, "data": evaluation["data"], "metric": METRIC, "real": real}
    yield _scored(of, mae[BLEND], min(mae[name] for name in NAIVE), evaluation)


def incidents_scored(evaluation: Evaluation) -> Iterator[Scored]:
    """What an evaluation of incidents says of the uses of AI that have a rival: detection and clearance."""
    if methods := evaluation.get("detection", {}).get("methods"):
        missed = {one["method"]: 1 - one["tested"]["found"] for one in methods}
        rivals = {"APID", "McMaster", "CUSUM"}
        best = min(missed[name] for name in rivals)
        yield _scored(of_use(INCIDENTS, DETECTION), missed["boosted trees"], best, evaluation["detection"])
    if models := evaluation.get("duration", {}).get("models"):
        loss = {one["name"]: one["first"]["pinball_min"] for one in models}
        ours, median = loss["hazards by kind"], loss["median by kind"]
        yield _scored(of_use(INCIDENTS, CLEARANCE), ours, median, evaluation["duration"])


def impact_scored(evaluation: Evaluation) -> Iterator[Scored]:
    """How far the estimates of what incidents cost were off; they have no rival."""
    yield _scored(of_use(INCIDENTS, IMPACT), evaluation["median_error"], None, evaluation)


def weather_scored(evaluation: Evaluation) -> Iterator[Scored]:
    """How many intervals of the whole day's effects miss the truth; the estimates have no rival."""
    days = [measure["whole_day"] for measure in evaluation["covered"].values()]
    if known := sum(one["of"] for one in days):
        missed = 1 - sum(one["inside"] for one in days) / known
        yield _scored(of_use("weather_effects", WEATHER_EFFECTS), missed, None, evaluation["covered"])


def of_use(service: str, use: AiUse) -> dict[str, Any]:
    """What a score is of: a use of AI, by its one trial."""
    (trial,) = use.trials
    return {"service": service, "model": use.name, "data": trial.data, "metric": trial.metric, "real": trial.real}


def _scored(of: dict[str, Any], score: float, rival: float | None, detail: Evaluation) -> Scored:
    at, code = datetime.now(UTC), package.__version__
    return Scored(**of, score=score, baseline_score=rival, detail=detail, at=at, code=code)


def _in_hundredths(watch: Watch) -> Callable[[str, float], None]:
    return lambda what, share: watch(what, round(share * WHOLE), WHOLE)


BESIDE = Subject(lambda wish, watch: evaluate_beside(wish.folder, watch), render_beside)
SUBJECTS = {
    "traffic": Subject(
        lambda wish, watch: evaluate_traffic(
            str(wish.data), wish.data_dir, _in_hundredths(watch), attention=wish.attention
        ),
        lambda evaluation: (render(evaluation),),
        lambda evaluation: forecast_scored("traffic", "speeds_ahead", evaluation, real=True),
    ),
    "parking": Subject(
        lambda _wish, watch: evaluate_parking(_in_hundredths(watch)),
        lambda evaluation: (render(evaluation),),
        lambda evaluation: forecast_scored("parking", "vacancy_ahead", evaluation, real=False),
    ),
    "buses": Subject(lambda wish, watch: evaluate_buses(wish.data_dir, _in_hundredths(watch)), render_buses),
    "weather": Subject(
        lambda wish, watch: evaluate_weather(wish.folder, wish.data_dir, watch), render_weather, weather_scored
    ),
    "incidents": Subject(
        lambda wish, watch: evaluate_incidents(wish.data, wish.folder, wish.data_dir, watch),
        render_incidents,
        incidents_scored,
    ),
    "impact": Subject(
        lambda wish, watch: evaluate_impact(wish.folder, wish.pairs, watch, first_seed=wish.seed, demand=wish.demand),
        render_impact,
        impact_scored,
    ),
}
