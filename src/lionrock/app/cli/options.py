"""Options that many verbs share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

port_option = click.option("--port", type=int, metavar="N", help="The port of the console and the API [8000].")
data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="The folder that keeps everything [./data]."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def print_json(value: Any) -> None:
    """Print ``value`` as JSON: indented for a terminal, one line for a pipe."""
    body = msgspec.json.encode(value)
    click.echo(msgspec.json.format(body, indent=2 if sys.stdout.isatty() else 0))
