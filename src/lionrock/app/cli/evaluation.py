"""``lionrock evaluate``: models scored on recordings of real cities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import click
from rich.console import Console

import lionrock as package
from lionrock.app.cli.logs import verbose_option
from lionrock.app.cli.options import json_option, print_json
from lionrock.app.cli.progress import progress_bar
from lionrock.app.cli.verb import Verb
from lionrock.app.evaluate.beside import evaluate_beside
from lionrock.app.evaluate.beside_table import render_beside
from lionrock.app.evaluate.buses import evaluate_buses
from lionrock.app.evaluate.buses_table import render_buses
from lionrock.app.evaluate.impact import FIRST_SEED, evaluate_impact
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
from lionrock.core.settings import Settings, read_settings
from lionrock.engines.forecast.baselines import NAIVE
from lionrock.engines.forecast.forecaster import BLEND
from lionrock.services.mobility.incidents.ai import CLEARANCE, DETECTION

TRAFFIC, PARKING = "traffic", "parking"
MODELS = {TRAFFIC: "speeds_ahead", PARKING: "vacancy_ahead"}
BUSES = "buses"
WEATHER = "weather"
IMPACT = "impact"
INCIDENTS = "incidents"
TWIN = "twin"
METRIC = "mean absolute error over the horizons"
WHOLE = 100


@click.command(
    cls=Verb,
    examples=(
        ("lionrock evaluate traffic --data metr-la-week1", "score on a week of Los Angeles"),
        ("lionrock evaluate traffic --data scats --json", "for a script"),
        ("lionrock evaluate traffic --data metr-la --data-dir ~/sets", "a whole set that you have"),
        ("lionrock evaluate traffic --data twin", "what rain, warnings, closures and buses are worth to it"),
        ("lionrock evaluate parking", "vacant spaces ahead, on four simulated weeks"),
        ("lionrock evaluate buses", "how well buses measure the roads"),
        ("lionrock evaluate weather", "what weather does, held against known truth"),
        ("lionrock evaluate impact --pairs 30", "what incidents cost, against simulated pairs of days"),
        ("lionrock evaluate incidents --data duration", "how well it is foretold when incidents are over"),
    ),
)
@click.argument("service", type=click.Choice([TRAFFIC, PARKING, BUSES, WEATHER, INCIDENTS, IMPACT]), metavar="SERVICE")
@click.option(
    "--data",
    metavar="NAME",
    help="Traffic: metr-la-week1, scats, metr-la, pems-bay or twin. Incidents: text, duration or detection [all].",
)
@click.option(
    "--data-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where its files lie [../shared/data/traffic].",
)
@click.option("--pairs", type=click.IntRange(2, 300), default=30, show_default=True, help="How many (impact).")
@click.option("--seed", type=int, default=FIRST_SEED, show_default=True, help="Of the first simulated city (impact).")
@click.option("--attention", is_flag=True, help="With the attention model, trained on a GPU (traffic).")
@click.option("--no-store", is_flag=True, help="Do not store the outcome for the service's rung.")
@json_option
@verbose_option
def evaluate(
    *,
    service: str,
    data: str | None,
    data_dir: Path | None,
    pairs: int,
    seed: int,
    attention: bool,
    no_store: bool,
    as_json: bool,
) -> None:
    """Score models on a real recording.

    Every model of SERVICE beside its baselines: learns and chooses on the first 80%, is scored on the
    rest, at the horizon. The outcome is stored: the service's rung on the status page comes from it.
    """
    if service == BUSES:
        _evaluate_buses(data_dir, as_json=as_json)
        return
    if service == INCIDENTS:
        _evaluate_incidents(data, data_dir, as_json=as_json, no_store=no_store)
        return
    if service == WEATHER:
        _evaluate_weather(data_dir, as_json=as_json)
        return
    if service == IMPACT:
        _evaluate_impact(pairs, seed, as_json=as_json)
        return
    if service == TRAFFIC and data is None:
        raise click.UsageError("Missing option '--data': say which recording.")
    if service == TRAFFIC and data == TWIN:
        _evaluate_beside(as_json=as_json)
        return
    with progress_bar() as watch:
        if service == TRAFFIC and data is not None:
            evaluation = evaluate_traffic(data, data_dir, _progress(watch), attention=attention)
        else:
            evaluation = evaluate_parking(_progress(watch))
    if not no_store:
        store_outcome(read_settings(), service, evaluation, real=service == TRAFFIC)
    if as_json:
        print_json(evaluation)
    else:
        Console().print(render(evaluation))


def _evaluate_buses(data_dir: Path | None, *, as_json: bool) -> None:
    """What buses measure has no rival and no rung: it is shown, not stored."""
    with progress_bar() as watch:
        evaluation = evaluate_buses(data_dir, _progress(watch))
    if as_json:
        print_json(evaluation)
        return
    console = Console()
    for look in render_buses(evaluation):
        console.print(look)


def _evaluate_beside(*, as_json: bool) -> None:
    """What other knowledge is worth is no model's score: shown, not stored. Simulated days are kept for later."""
    with progress_bar() as watch:
        evaluation = evaluate_beside(read_settings().data / "evaluate", watch)
    if as_json:
        print_json(evaluation)
        return
    console = Console()
    for look in render_beside(evaluation):
        console.print(look)


def _evaluate_incidents(part: str | None, data_dir: Path | None, *, as_json: bool, no_store: bool) -> None:
    """All parts, or the one that --data names. Simulated days are kept for the next time."""
    with progress_bar() as watch:
        evaluation = evaluate_incidents(part, read_settings().data / "evaluate", data_dir, watch)
    if not no_store:
        keep_outcomes(read_settings(), incidents_scored(evaluation))
    if as_json:
        print_json(evaluation)
        return
    console = Console()
    for look in render_incidents(evaluation):
        console.print(look)


def _evaluate_weather(data_dir: Path | None, *, as_json: bool) -> None:
    """Weather effects have a truth, no rival: they are shown, not stored. Simulated days are kept for the next time."""
    with progress_bar() as watch:
        evaluation = evaluate_weather(read_settings().data / "evaluate", data_dir, watch)
    if as_json:
        print_json(evaluation)
        return
    console = Console()
    for look in render_weather(evaluation):
        console.print(look)


def _evaluate_impact(pairs: int, seed: int, *, as_json: bool) -> None:
    """What an incident cost has a truth in the twin: shown, not stored. Simulated hours are kept for the next time."""
    with progress_bar() as watch:
        evaluation = evaluate_impact(read_settings().data / "evaluate", pairs, watch, first_seed=seed)
    if as_json:
        print_json(evaluation)
        return
    console = Console()
    for look in render_impact(evaluation):
        console.print(look)


def _progress(watch: Callable[[str, int, int], None]) -> Callable[[str, float], None]:
    return lambda what, share: watch(what, round(share * WHOLE), WHOLE)


def store_outcome(settings: Settings, service: str, evaluation: dict[str, Any], *, real: bool = True) -> Scored:
    """Keep what the published forecast and the best baseline scored, in the settings' own records."""
    mae = {each["name"]: fmean(row["mae"] for row in each["horizons"]) for each in evaluation["models"]}
    scored = Scored(
        service=service,
        model=MODELS[service],
        data=evaluation["data"],
        real=real,
        metric=METRIC,
        score=mae[BLEND],
        baseline_score=min(mae[name] for name in NAIVE),
        detail=evaluation,
        at=datetime.now(UTC),
        code=package.__version__,
    )
    keep_outcomes(settings, [scored])
    return scored


def incidents_scored(evaluation: dict[str, Any]) -> Iterator[Scored]:
    """What an evaluation of incidents says of the uses of AI that have a rival: detection and clearance."""
    if methods := evaluation.get("detection", {}).get("methods"):
        missed = {one["method"]: 1 - one["tested"]["found"] for one in methods}
        rivals = {"APID", "McMaster", "CUSUM"}
        yield _scored(DETECTION, missed["boosted trees"], min(missed[name] for name in rivals), evaluation["detection"])
    if models := evaluation.get("duration", {}).get("models"):
        loss = {one["name"]: one["first"]["pinball_min"] for one in models}
        yield _scored(CLEARANCE, loss["hazards by kind"], loss["median by kind"], evaluation["duration"])


def _scored(use: AiUse, score: float, baseline_score: float, detail: dict[str, Any]) -> Scored:
    (trial,) = use.trials
    return Scored(
        service=INCIDENTS,
        model=use.name,
        data=trial.data,
        real=trial.real,
        metric=trial.metric,
        score=score,
        baseline_score=baseline_score,
        detail=detail,
        at=datetime.now(UTC),
        code=package.__version__,
    )


def keep_outcomes(settings: Settings, outcomes: Iterable[Scored]) -> None:
    """Store outcomes in the settings' own records, for rungs and the register."""
    engine = open_database(settings.home, settings.source)
    for scored in outcomes:
        Trials(engine).keep(scored)
    engine.dispose()
