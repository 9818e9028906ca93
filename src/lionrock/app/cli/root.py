"""The root of the command line: every verb, and one plain line for what goes wrong."""

from __future__ import annotations

import click

import lionrock as package
from lionrock.app.cli.group import VerbGroup
from lionrock.app.cli.logs import configure_logs
from lionrock.app.cli.running import replay, up


@click.group(
    cls=VerbGroup,
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


for verb in (up, replay):
    lionrock.add_command(verb)


def main() -> None:
    """Run the command line; the process ends with 0, 1 (a problem) or 2 (wrong usage)."""
    lionrock()
