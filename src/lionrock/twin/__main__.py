"""``python -m lionrock.twin``: serve the simulated city."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import click

from lionrock.core.vocabulary import BadInput
from lionrock.twin.calendar import HONG_KONG
from lionrock.twin.city import TwinCity
from lionrock.twin.clock import TwinClock
from lionrock.twin.server import serve_twin


@click.command()
@click.option("--port", type=int, required=True, help="Port on loopback.")
@click.option("--folder", type=click.Path(path_type=Path), required=True, help="Where simulated days are kept.")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed gives the same city, byte for byte."
)
@click.option(
    "--epoch", default=None, help="Twin time at the start (ISO 8601; Hong Kong time without a zone); now by default."
)
@click.option("--started", type=float, default=time.time, help="When the epoch was (Unix time); now by default.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Twin seconds a real second.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Share of the usual traffic.")
@click.option(
    "--history", type=int, default=14, show_default=True, help="Days before today to prepare for the archive."
)
@click.option("--parent", type=int, default=None, help="The process that it ends with; whoever started it by default.")
@click.option("--stop", multiple=True, help="A feed (id or address) that is gone from the start; may be repeated.")
def main(
    port: int,
    folder: Path,
    seed: int,
    epoch: str | None,
    started: float,
    speed: float,
    scale: float,
    history: int,
    parent: int | None,
    stop: tuple[str, ...],
) -> None:
    """Serve a simulated Hong Kong in the real feeds' formats, on this machine only."""
    try:
        start = None if epoch is None else _moment(epoch)
        city = TwinCity(seed=seed, folder=folder, scale=scale)
        clock = TwinClock(epoch=start, speed=speed, started=started)
        serve_twin(port=port, city=city, clock=clock, history_days=history, stopped=stop, parent=parent)
    except BadInput as error:
        raise click.ClickException(str(error)) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no ISO 8601 moment", where="--epoch") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=HONG_KONG)


if __name__ == "__main__":
    main()
