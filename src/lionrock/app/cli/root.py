"""The root of the command line: every verb, and one plain line for what goes wrong."""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from pathlib import Path

import click

import lionrock as package
from lionrock.app.cli.acting import journal, undo
from lionrock.app.cli.derived import service_group
from lionrock.app.cli.evaluation import evaluate
from lionrock.app.cli.faring import feeds, services, settings
from lionrock.app.cli.forecast import forecast
from lionrock.app.cli.group import VerbGroup
from lionrock.app.cli.logs import configure_logs
from lionrock.app.cli.models import models
from lionrock.app.cli.new_service import new_service
from lionrock.app.cli.operators import operator
from lionrock.app.cli.running import replay, up
from lionrock.app.discovery import discover
from lionrock.core.settings import read_settings
from lionrock.core.vocabulary import LionrockError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class CityVerbs(VerbGroup):
    """The declared verbs, then those derived from every service; a service can take no declared verb's name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, then every service."""
        return [*super().list_commands(ctx), *_catalogue_groups()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A verb, or the group of a service."""
        return super().get_command(ctx, cmd_name) or _catalogue_groups().get(cmd_name)


def _catalogue_groups() -> dict[str, click.Group]:
    try:
        return _groups_of(read_settings().services)
    except LionrockError as error:
        raise click.ClickException(str(error)) from error


@cache
def _groups_of(private: Path | None) -> dict[str, click.Group]:
    return {service.id: service_group(service) for service in discover(private).services}


@click.group(
    cls=CityVerbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    examples=(
        ("lionrock up", "a simulated city, on http://127.0.0.1:8000"),
        ("lionrock up --live", "the real city's feeds"),
        ("lionrock replay recordings/", "what somebody recorded"),
        ("lionrock feeds", "in another terminal: how every feed fares"),
        ('lionrock forecast "Tuen Mun Road"', "the next 90 minutes on a road"),
    ),
)
@click.version_option(package.__version__, prog_name="lionrock")
def lionrock() -> None:
    """Run a city's digital services: read its feeds, forecast, warn, answer.

    Every setting can also be given in lionrock.toml or the environment; `lionrock settings` lists them.
    """
    configure_logs(verbose=False)


for verb in (up, replay, feeds, services, forecast, models, evaluate, settings, operator, journal, undo, new_service):
    lionrock.add_command(verb)


def main() -> None:
    """Run the command line; the process ends with 0, 1 (a problem) or 2 (wrong usage)."""
    try:
        lionrock()
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        click.echo(f"Error: {error.strerror}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still to be written has no place
        sys.exit(1)
