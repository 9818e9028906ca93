"""``lionrock up``: the verb that runs until Ctrl-C."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from lionrock.app.cli.logs import verbose_option
from lionrock.app.up import up as run_until_stopped
from lionrock.city.place import ZONE
from lionrock.core.settings import read_settings
from lionrock.core.vocabulary import Source


class Moment(click.ParamType[datetime]):
    """An ISO 8601 moment; without a zone it is the city's own."""

    name = "moment"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment, or fail as wrong usage."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment like 2026-09-19T08:00 or 2026-09-19T00:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


port_option = click.option("--port", type=int, metavar="N", help="The port of the console and the API [8000].")
data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="The folder that keeps everything [./data]."
)


@click.command()
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
    r"""Start Lionrock and run it until Ctrl-C.

    On an empty machine it reads a simulated city, which publishes the real feeds' very formats; with
    --live it reads the real ones. Each keeps its own store inside the data folder.

    \b
    Examples:
      lionrock up
      lionrock up --live --port 8080
      lionrock up --speed 60 --epoch 2026-09-21T06:00     an hour a minute, from Monday morning on
    """
    settings = read_settings(
        source=Source.LIVE if live else None,
        port=port,
        data=data,
        twin_speed=twin_speed,
        twin_epoch=twin_epoch,
        twin_seed=twin_seed,
    )
    run_until_stopped(settings, click.echo)
