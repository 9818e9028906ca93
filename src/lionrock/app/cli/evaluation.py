"""``lionrock evaluate``: models scored on recordings of real cities."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lionrock.app.cli.logs import verbose_option
from lionrock.app.cli.options import json_option, print_json
from lionrock.app.cli.progress import progress_bar
from lionrock.app.cli.verb import Verb
from lionrock.core.settings import read_settings

SERVICES = ("traffic", "parking", "buses", "weather", "incidents", "impact")
NAMES_DATA = ("traffic", "incidents")


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
@click.argument("service", type=click.Choice(SERVICES), metavar="SERVICE")
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
@click.option("--seed", type=int, default=None, help="Of the first simulated city (impact).")
@click.option(
    "--demand", type=click.FloatRange(0.3, 1.0), default=None, help="Share of the twin's traffic that drives (impact)."
)
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
    seed: int | None,
    demand: float | None,
    attention: bool,
    no_store: bool,
    as_json: bool,
) -> None:
    """Score models on a real recording.

    Every model of SERVICE beside its baselines: learns and chooses on the first 80%, is scored on the
    rest, at the horizon. The outcome is stored: the service's rung on the status page comes from it.
    """
    if service == "traffic" and data is None:
        raise click.UsageError("Missing option '--data': say which recording.")
    if service not in NAMES_DATA and data is not None:
        raise click.UsageError(f"Option '--data' is for {' and '.join(NAMES_DATA)}: {service} has one set of data.")
    subjects: Any = importlib.import_module("lionrock.app.evaluate.subjects")  # heavy: only for those who evaluate
    settings = read_settings()
    wish = subjects.Wish(
        folder=settings.data / "evaluate", data=data, data_dir=data_dir, pairs=pairs, attention=attention,
        **({} if seed is None else {"seed": seed}), **({} if demand is None else {"demand": demand}),
    )  # fmt: skip
    subject = subjects.subject_of(service, data)
    with progress_bar() as watch:
        evaluation = subject.run(wish, watch)
    if not no_store:
        subjects.keep_outcomes(settings, subject.keep(evaluation))
    if as_json:
        print_json(evaluation)
        return
    console = Console()
    for look in subject.show(evaluation):
        console.print(look)
