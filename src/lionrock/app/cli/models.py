"""``lionrock models``: who stands and why, and what a person can decide; on the store, whether Lionrock runs or not.

Whoever can write the data folder can decide: a running Lionrock follows the store within seconds.
"""

from __future__ import annotations

import asyncio
import os
import pwd
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
import msgspec
from sqlalchemy import Engine

from lionrock.app.cli.ask import web_base
from lionrock.app.cli.declared import database_of
from lionrock.app.cli.group import VerbGroup
from lionrock.app.cli.moment import say_moment
from lionrock.app.cli.options import data_option, json_option, port_option, print_json
from lionrock.app.cli.show import print_table
from lionrock.app.cli.verb import Verb
from lionrock.app.discovery import Catalogue, discover
from lionrock.app.governing import UNTRAINED, Shelf, ask_training, find_model, list_models, promote, resolve, roll_back
from lionrock.app.house import House
from lionrock.app.jobs.training import fit_again, train
from lionrock.app.model_lives import HorizonNow, ModelLife, describe_model
from lionrock.core.clock import RealClock
from lionrock.core.files import Files
from lionrock.core.records.database import open_database
from lionrock.core.records.standing import Decision, What
from lionrock.core.settings import Settings, read_settings
from lionrock.core.vocabulary import BadInput, LionrockError, NotYet, Source

F = TypeVar("F", bound=Callable[..., Any])
EXAMPLE = "traffic.speeds_ahead"
ANSWERS_WITHIN_S = 30.0
MOST_VERSIONS, MOST_SENSORS = 12, 8

model_argument = click.argument("model", metavar="MODEL")
why_option = click.option("--why", required=True, help="The reason; it is kept and shown on the public register.")
hold_option = click.option("--hold", is_flag=True, help="Let no machine promote another until a person promotes one.")
source_option = click.option("--source", type=click.Choice(list(Source)), help="Whose store [twin].")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the verbs work on: a store's database, the declared models, and the source's own time."""

    settings: Settings
    engine: Engine
    catalogue: Catalogue
    now: datetime
    runs: bool

    @property
    def shelf(self) -> Shelf:
        """The versions and decisions."""
        return Shelf(self.engine, Files(self.settings.home / "files"))


def _store_options(verb: F) -> F:
    return source_option(port_option(data_option(verb)))


@click.group(
    cls=VerbGroup,
    invoke_without_command=True,
    examples=(
        ("lionrock models", "every model, who stands, how it fares"),
        (f"lionrock models show {EXAMPLE}", "versions, scores, decisions"),
        (f"lionrock models rollback {EXAMPLE} --why 'jams are missed since noon'", "the version before stands again"),
        (f"lionrock models promote {EXAMPLE} 3f2a --why 'tried by hand'", "this one stands, whatever its scores"),
        (f"lionrock models train {EXAMPLE} --why 'new detectors'", "now, not in twelve hours"),
        (f"lionrock models reproduce {EXAMPLE}", "fit once more: is it the same, byte for byte?"),
    ),
)
@click.pass_context
def models(context: click.Context) -> None:
    """Show the models, or decide about one.

    A challenger is promoted by itself only when it beats the champion on data that neither has seen. What a
    person decides stands until it is decided again: a version that was rolled back is never promoted by itself.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_all, port=None, data=None, source=None, as_json=False)


@models.command("list", cls=Verb, examples=(("lionrock models list --json", "for a script"),))
@_store_options
@json_option
def list_all(*, port: int | None, data: Path | None, source: str | None, as_json: bool) -> None:
    """Show every model, who stands and how it fares."""
    with _desk(port, data, source) as desk:
        lives = [describe_model(desk.engine, desk.now, *each) for each in list_models(desk.catalogue)]
    if as_json:
        print_json(lives)
        return
    rows = [
        (f"{life.service}.{life.model}", (life.champion or UNTRAINED) + (", held" if life.held else ""),
         say_moment(life.since), _figure(life.error_growth, "{:.2f}x"), len(life.alerts))
        for life in lives
    ]  # fmt: skip
    columns = ("model", "stands", "since", "error grew", "alerts")
    print_table(f"Models of {desk.settings.home}", columns, rows, numbers=2)


@models.command(cls=Verb, examples=((f"lionrock models show {EXAMPLE}", "versions, scores, decisions"),))
@model_argument
@_store_options
@json_option
def show(*, model: str, port: int | None, data: Path | None, source: str | None, as_json: bool) -> None:
    """Show one model: its versions and scores, the last day, decisions, alerts."""
    with _desk(port, data, source) as desk:
        life = describe_model(desk.engine, desk.now, *find_model(desk.catalogue, model))
    if as_json:
        print_json(life)
    else:
        _print_life(life)


@models.command(
    cls=Verb,
    examples=(
        (f"lionrock models rollback {EXAMPLE} --why 'jams are missed'", "to the version that stood before"),
        (f"lionrock models rollback {EXAMPLE} 3f2a --why '...' --hold", "to this one, and nothing newer by itself"),
        (f"lionrock models rollback {EXAMPLE} {UNTRAINED} --why '...'", "to what needs no learning"),
    ),
)
@model_argument
@click.argument("version", required=False)
@why_option
@hold_option
@_store_options
def rollback(
    *, model: str, version: str | None, why: str, hold: bool, port: int | None, data: Path | None, source: str | None
) -> None:
    """Let the version before stand again, or VERSION.

    The one that stood is promoted by no machine again.
    """
    with _desk(port, data, source) as desk:
        service, found = find_model(desk.catalogue, model)
        key = (service.id, found.name)
        decision = roll_back(desk.shelf, key, version, by=_who(), why=why, at=desk.now, held=hold)
        _say_decision(desk, model, decision)


@models.command("promote", cls=Verb, examples=((f"lionrock models promote {EXAMPLE} 3f2a --why 'tried by hand'", ""),))
@model_argument
@click.argument("version")
@why_option
@hold_option
@_store_options
def promote_version(
    *, model: str, version: str, why: str, hold: bool, port: int | None, data: Path | None, source: str | None
) -> None:
    """Let VERSION stand, whatever its scores; ends a hold."""
    with _desk(port, data, source) as desk:
        service, found = find_model(desk.catalogue, model)
        key = (service.id, found.name)
        decision = promote(desk.shelf, key, version, by=_who(), why=why, at=desk.now, held=hold)
        _say_decision(desk, model, decision)


@models.command("train", cls=Verb, examples=((f"lionrock models train {EXAMPLE} --why 'new detectors'", ""),))
@model_argument
@why_option
@_store_options
def train_now(*, model: str, why: str, port: int | None, data: Path | None, source: str | None) -> None:
    """Train a challenger now; a running Lionrock does it in the background."""
    with _desk(port, data, source) as desk:
        service, found = find_model(desk.catalogue, model)
        ask_training(desk.shelf, (service.id, found.name), by=_who(), why=why, at=desk.now)
        settings, runs = desk.settings, desk.runs
    if runs:
        click.echo(f"The running Lionrock trains {model} now; `lionrock models show {model}` tells what came of it")
        return
    with House.open(settings) as house:
        service, found = find_model(house.catalogue, model)
        decision = asyncio.run(train(house, service, found))
    click.echo(f"{decision.version}: {decision.what.value}, {decision.why.en}")


@models.command(cls=Verb, examples=((f"lionrock models reproduce {EXAMPLE}", "the version that stands"),))
@model_argument
@click.argument("version", required=False)
@_store_options
def reproduce(*, model: str, version: str | None, port: int | None, data: Path | None, source: str | None) -> None:
    """Fit a version once more on its own data window, and compare the bytes.

    Only while no Lionrock runs on the store, since its readings have one reader. Ends with 1 where they differ.
    """
    with _desk(port, data, source) as desk:
        settings, runs = desk.settings, desk.runs
    if runs:
        raise NotYet("a Lionrock runs on this store; stop it first, its readings have one reader")
    with House.open(settings) as house:
        service, found = find_model(house.catalogue, model)
        shelf = Shelf(house.engine, house.files)
        stands = shelf.standing.champion(service.id, found.name)
        wanted = version or (stands.stands if stands else None) or ""
        known = house.trials.get_version(service.id, found.name, resolve(shelf, service.id, found.name, wanted))
        data_hash, again = fit_again(house, service, found, known)
    told = known.facts.data if known.facts else None
    if again != known.version:
        reason = "the same data, so the code or a library differs" if told == data_hash else "readings came in since"
        raise BadInput(f"{known.version} comes out as {again} ({reason})", where=model)
    click.echo(f"{known.version} comes out byte for byte the same")


@contextmanager
def _desk(port: int | None, data: Path | None, source: str | None) -> Iterator[Desk]:
    """The store and the time in it; raises NotYet where nothing was ever stored, and makes no store."""
    settings = read_settings(port=port, data=data, source=Source(source) if source else None)
    if not database_of(settings).is_file():
        raise NotYet(f"{settings.home} keeps no model: nothing has run there yet")
    running = _time_of_running(settings)
    engine = open_database(settings.home, settings.source)
    try:
        now = RealClock().now() if running is None else running
        yield Desk(settings, engine, discover(settings.services), now, running is not None)
    finally:
        engine.dispose()


def _time_of_running(settings: Settings) -> datetime | None:
    """What the clock of the Lionrock on the settings' port shows; None where none runs over the same source.

    Raises LionrockError where one listens that does not answer: what it would do with a decision is not known.
    """
    base = web_base(settings)
    try:
        answer = httpx.get(f"{base}/status.json", timeout=ANSWERS_WITHIN_S, trust_env=False)
        status = msgspec.json.decode(answer.content)
        return datetime.fromisoformat(status["now"]) if status["source"] == settings.source else None
    except (httpx.ConnectError, msgspec.DecodeError, KeyError, TypeError):
        return None
    except httpx.HTTPError as error:
        raise LionrockError(f"{base} listens and does not answer: {error or type(error).__name__}") from error


def _say_decision(desk: Desk, model: str, decision: Decision) -> None:
    stands = decision.stands or UNTRAINED
    what = "rolled back" if decision.what is What.ROLLED_BACK else "promoted"
    click.echo(f"{model}: {what}; {stands} stands{', held' if decision.held else ''}")
    click.echo("The running Lionrock follows within seconds" if desk.runs else "It will be in use from the next start")


def _between(one: HorizonNow) -> str:
    return "–" if one.mae_low is None else f"{_figure(one.mae_low)}–{_figure(one.mae_high)}"


def _print_life(life: ModelLife) -> None:
    name = f"{life.service}.{life.model}"
    stands = life.champion or f"{UNTRAINED} (what needs no learning)"
    click.echo(f"{name}: {stands} stands since {say_moment(life.since)}, by {life.by or 'nobody'}")
    if life.why is not None:
        click.echo(f"  {life.why.say('en')}{' (held)' if life.held else ''}")
    for alert in life.alerts:
        click.echo(f"  ALERT since {say_moment(alert.since)}: {alert.headline.say('en')}")
    rows = [
        (f"{one.minutes:g}", one.scored, _figure(one.mae), _between(one), _figure(one.at_promotion),
         _figure(one.last_value), _figure(one.week_before), _figure(one.coverage, "{:.0%}"))
        for one in life.now
    ]  # fmt: skip
    columns = ("minutes", "scored", "error", "95% between", "at promotion", "last value", "week before", "80% covers")
    _print_rows(f"The last day: {life.scored_hours} hours scored, in {life.unit}", columns, rows, numbers=7)
    worst = [(one.sensor, one.scored, _figure(one.mae), _figure(one.before)) for one in life.sensors[:MOST_SENSORS]]
    _print_rows("Worst sensors", ("sensor", "scored", "error", "at promotion"), worst, numbers=3)
    versions = [
        (one.version, _role(one.stands, one.barred, one.what), say_moment(one.trained_at), _mean(one.mae),
         _mean(one.champion_mae), _mean(one.baseline_mae), _mean(one.coverage, "{:.0%}"))
        for one in life.versions[:MOST_VERSIONS]
    ]  # fmt: skip
    contest = ("version", "", "trained", "error", "champion's", "baseline's", "80% covers")
    _print_rows("Versions, judged on unseen data (means over the horizons)", contest, versions, numbers=4)
    decided = [
        (say_moment(one.at), one.what, one.version, one.by, one.why.say("en")) for one in life.decisions[:MOST_VERSIONS]
    ]
    _print_rows("Decisions", ("at", "what", "version", "by", "why"), decided)


def _print_rows(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: int = 0) -> None:
    if rows:
        print_table(title, columns, rows, numbers=numbers)


def _role(stands: bool, barred: bool, what: str | None) -> str:
    return "stands" if stands else "rolled back" if barred else (what or "")


def _mean(values: Sequence[float | None] | None, form: str = "{:.3f}") -> str:
    known = [value for value in values or () if value is not None]
    return _figure(sum(known) / len(known) if known else None, form)


def _figure(value: float | None, form: str = "{:.3f}") -> str:
    return "–" if value is None else form.format(value)


def _who() -> str:
    """The account that runs this; its number where the machine has no name for it (as in many containers)."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account {number}"
