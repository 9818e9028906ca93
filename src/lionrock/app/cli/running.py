"""The verbs that run until Ctrl-C: ``lionrock up`` and ``lionrock replay``."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from lionrock.app.cli.logs import verbose_option
from lionrock.app.cli.moment import Moment
from lionrock.app.cli.options import data_option, port_option
from lionrock.app.cli.progress import progress_bar
from lionrock.app.cli.show import print_replayed, say_where_to_look
from lionrock.app.cli.verb import Verb
from lionrock.app.replay import replay as read_recordings
from lionrock.app.replay import serve_recording, settings_for_recording
from lionrock.app.up import up as run_until_stopped
from lionrock.core.settings import read_settings
from lionrock.core.vocabulary import BadInput, Source


@click.command(
    cls=Verb,
    examples=(
        ("lionrock up", "the simulated city, on http://127.0.0.1:8000"),
        ("lionrock up --live --port 8080", "the real city's feeds"),
        ("lionrock up --speed 60 --epoch 2026-09-21T06:00", "an hour a minute, from Monday 6 am on"),
    ),
)
@click.option("--live", is_flag=True, help="Read the real city's feeds in place of the simulated ones.")
@port_option
@data_option
@click.option("--speed", "twin_speed", type=float, metavar="X", help="Let the simulated city live X times faster [1].")
@click.option("--epoch", "twin_epoch", type=Moment(), help="When a faster simulated city begins [now].")
@click.option("--seed", "twin_seed", type=int, metavar="N", help="Which simulated city: same seed, same city [852].")
@verbose_option
def up(
    *,
    live: bool,
    port: int | None,
    data: Path | None,
    twin_speed: float | None,
    twin_epoch: datetime | None,
    twin_seed: int | None,
) -> None:
    """Run Lionrock until Ctrl-C.

    On an empty machine it reads a simulated city, which publishes the real feeds' very formats; with
    --live it reads the real ones. Each keeps its own store inside the data folder. The way out through
    a proxy is HTTPS_PROXY, and an authority of your own that signs its certificates is SSL_CERT_FILE.
    """
    settings = read_settings(
        source=Source.LIVE if live else None,
        port=port,
        data=data,
        twin_speed=twin_speed,
        twin_epoch=twin_epoch,
        twin_seed=twin_seed,
    )
    if settings.source is Source.RECORDING:
        serve_recording(settings_for_recording(settings), click.echo)
    else:
        run_until_stopped(settings, click.echo)
    leave()


@click.command(
    cls=Verb,
    examples=(
        ("lionrock replay recordings/", "read a folder, then show it on the map"),
        ("lionrock replay rawSpeedVol-all.xml --no-serve", "read one file and end"),
        ("lionrock replay data/live/archive", "what Lionrock itself kept of the real feeds"),
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@port_option
@data_option
@click.option("--no-serve", is_flag=True, help="Only read; do not show the console afterwards.")
@verbose_option
def replay(*, paths: tuple[Path, ...], port: int | None, data: Path | None, no_serve: bool) -> None:
    """Read recordings and show them.

    Takes files and folders: downloads in the feeds' formats (also .gz and .zst), Lionrock's own archive,
    and older collections that a service knows. They go into a store of their own, which the same map
    shows; its clock stands at the newest moment read, and #at=2023-09-01T19:00:00Z at the end of the
    address looks back. Reading the same again changes nothing. With --no-serve it ends with 1 where a
    file could not be read, or nothing was there to read.
    """
    settings = settings_for_recording(read_settings(port=port, data=data))
    with progress_bar() as watch:
        replayed = read_recordings(settings, paths, watch)
    print_replayed(replayed, paths)
    if not no_serve:
        say_where_to_look(replayed, settings)
        serve_recording(settings, click.echo)
        leave()
    if replayed.broken:
        raise BadInput(f"{replayed.broken} of the files could not be read; what could be is kept")
    if not replayed.whole:
        raise BadInput("nothing here is read by any feed or collection")


def leave() -> None:
    """End at once: every store is closed, so nobody need wait for a thread that is still thinking."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
