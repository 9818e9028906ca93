"""``lionrock feeds``, ``services`` and ``settings``: how things stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lionrock.app.cli.ask import asking
from lionrock.app.cli.declared import list_declared
from lionrock.app.cli.options import data_option, json_option, port_option, print_json
from lionrock.app.cli.show import print_table
from lionrock.app.cli.values import say
from lionrock.app.cli.verb import Verb
from lionrock.core.settings import PREFIX, read_settings, settings_fields
from lionrock.core.vocabulary import NotYet

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@click.command(
    cls=Verb,
    examples=(("lionrock feeds", "age, state and errors of every feed"), ("lionrock feeds --json", "for a script")),
)
@port_option
@data_option
@json_option
def feeds(*, port: int | None, data: Path | None, as_json: bool) -> None:
    """Show how every feed fares.

    Its age against its rhythm, its errors, what was set aside. Asks the running Lionrock; where none
    runs, reads what was stored last; where nothing ever ran, says so.
    """
    with asking(read_settings(port=port, data=data)) as lionrock:
        status = lionrock.status()
    if as_json:
        print_json(status["feeds"])
        return
    rows = [
        (each["id"], each["state"], say_age(each["age_s"]), say_age(each["every_s"]),
         "" if each["error"] is None else say(each["error"]), each["set_aside"], f"{each['records']:,}")
        for each in status["feeds"]
    ]  # fmt: skip
    print_table(_title(status), ("feed", "state", "age", "rhythm", "error", "set aside", "records"), rows, numbers=2)


@click.command(cls=Verb, examples=(("lionrock services", "each service, its owner and how far it has come"),))
@port_option
@data_option
@json_option
def services(*, port: int | None, data: Path | None, as_json: bool) -> None:
    """Show every service and its rung.

    The rung is computed: declared, sampled, beats its baseline, evaluated on real data. Where nothing has
    run yet, the services are told from their declarations.
    """
    given = read_settings(port=port, data=data)
    try:
        with asking(given) as lionrock:
            status = lionrock.status()
            title, listed = _title(status), status["services"]
    except NotYet:
        title, listed = "Declared; nothing has run here yet", list_declared(given)
    if as_json:
        print_json(listed)
        return
    rows = [
        (each["id"], say(each["title"]), say(each["owner"]), each["rung"], say(each["why"]), each["feeds"])
        for each in listed
    ]
    print_table(title, ("service", "title", "owner", "rung", "why", "feeds"), rows, numbers=1)


@click.command(
    cls=Verb,
    examples=(
        ("lionrock settings", "what can be set, and what is in force here"),
        ("LIONROCK_PORT=8080 lionrock settings", "the environment wins over lionrock.toml"),
    ),
)
@json_option
def settings(*, as_json: bool) -> None:
    """Show every setting and its value.

    Settings come from lionrock.toml in the current folder and from the environment, which wins.
    """
    in_force = read_settings()
    known = [
        {"name": f"{PREFIX}{field.name.upper()}", "value": _plain(getattr(in_force, field.name)),
         "default": _plain(field.default), "about": field.metadata["about"]}
        for field in settings_fields()
    ]  # fmt: skip
    if as_json:
        print_json(known)
        return
    rows = [(each["name"], say(each["value"]), say(each["default"]), each["about"]) for each in known]
    print_table("Settings", ("setting", "in force", "default", "what it does"), rows)


def say_age(seconds: float | None) -> str:
    """A span of time in its largest fitting unit."""
    if seconds is None:
        return "never"
    for unit_s, unit in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min")):
        if seconds >= unit_s:
            return f"{seconds / unit_s:.3g} {unit}"
    return f"{seconds:.0f} s"


def _title(status: Any) -> str:
    return f"SIMULATED, {say(status['now'])}" if status["simulated"] else f"{status['source']}, {say(status['now'])}"


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | None) else str(value)
