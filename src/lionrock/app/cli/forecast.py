"""``lionrock forecast``: a road's next 90 minutes, or the whole city's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lionrock.app.cli.ask import Asker, asking
from lionrock.app.cli.options import data_option, json_option, port_option, print_json
from lionrock.app.cli.show import print_table
from lionrock.app.cli.values import say
from lionrock.app.cli.verb import Verb
from lionrock.core.settings import read_settings

MOST_OTHERS = 5
DEPARTURES_MIN = (0, 15, 30, 45, 60, 75, 90)
# Shares of free flow, of the Highway Capacity Manual's bands for urban streets; the console's map has the same.
FREE_FROM, SLOW_FROM = 0.67, 0.50
PACES = ("free", "slow", "congested", "unknown")


@click.command(
    cls=Verb,
    examples=(
        ("lionrock forecast", "the whole city, for every departure"),
        ('lionrock forecast "Tuen Mun Road"', "one road by name, in English or Chinese"),
        ("lionrock forecast AID01101 --json", "one road by its id, for a script"),
    ),
)
@click.argument("road", required=False)
@port_option
@data_option
@json_option
def forecast(*, road: str | None, port: int | None, data: Path | None, as_json: bool) -> None:
    """Show the speeds to expect.

    With ROAD (a name or an id): its speed now and for departures 15 to 90 minutes ahead, with the band
    in which four of five speeds fall. Without: how many roads are free, slow (below two thirds of free
    flow) and congested (below half of it) at each departure.
    """
    with asking(read_settings(port=port, data=data)) as lionrock:
        told = _road(lionrock, road) if road else _city(lionrock)
    if as_json:
        print_json(told)
    elif road:
        _print_road(told)
    else:
        _print_city(told)


def _road(lionrock: Asker, wanted: str) -> dict[str, Any]:
    found = lionrock.ask("traffic/search", {"text": wanted})["results"]
    story = lionrock.ask("traffic/roads/{id}", {"id": found[0]["id"] if found else wanted})
    measured = [(moment, speed) for moment, speed, _ in story["past"] if speed is not None]
    ahead = zip(DEPARTURES_MIN[1:], story["forecast"], strict=False)
    return {
        "id": story["id"],
        "name": story["name"],
        "direction": story["direction"],
        "simulated": story["simulated"],
        "free_flow_kmh": story["free_flow_kmh"],
        "learning": story["learning"],
        "model": story["model"],
        "measured": [{"at": moment, "speed_kmh": speed} for moment, speed in measured[-1:]],
        "departures": [
            {"minutes": minutes, "at": moment, "low_kmh": low, "middle_kmh": middle, "high_kmh": high}
            for minutes, (moment, low, middle, high) in ahead
        ],
        "others": [{"id": each["id"], "name": each["name"]} for each in found[1:]],
    }


def _city(lionrock: Asker) -> dict[str, Any]:
    network = lionrock.ask("traffic/network", {})
    free = {each["id"]: each["properties"]["free_flow_kmh"] for each in network["features"]}
    departures = []
    for minutes in DEPARTURES_MIN:
        speeds = lionrock.ask("traffic/speeds", {"departure": str(minutes)})
        counts = dict.fromkeys(PACES, 0)
        for road, speed in zip(speeds["ids"], speeds["speed_kmh"], strict=True):
            if road in free:
                counts[_pace(speed, free[road])] += 1
        departures.append({"minutes": minutes, "at": speeds["at"], "state": speeds["state"], **counts})
    return {"source": network["source"], "simulated": network["simulated"], "departures": departures}


def _pace(speed_kmh: float | None, free_kmh: float | None) -> str:
    if speed_kmh is None or not free_kmh:
        return "unknown"
    share = speed_kmh / free_kmh
    return "free" if share >= FREE_FROM else "slow" if share >= SLOW_FROM else "congested"


def _print_road(told: dict[str, Any]) -> None:
    mark = "SIMULATED  " if told["simulated"] else ""
    flow = f", free flow {told['free_flow_kmh']:.0f} km/h" if told["free_flow_kmh"] else ""
    rows = [("measured", say(each["at"]), f"{each['speed_kmh']:.0f}", "") for each in told["measured"]]
    rows += [
        (f"+{each['minutes']} min", say(each["at"]), f"{each['middle_kmh']:.0f}",
         f"{each['low_kmh']:.0f} to {each['high_kmh']:.0f}")
        for each in told["departures"]
    ]  # fmt: skip
    title = f"{mark}{say(told['name'])} ({told['id']}) {told['direction']}{flow}"
    print_table(title, ("departure", "at", "km/h", "four of five"), rows, numbers=2)
    if not told["departures"]:
        click.echo("No forecast has been issued for it yet.")
    elif told["learning"]:
        click.echo("Learning: there is no usual day yet to compare with, so the bands are wide.")
    if told["others"]:
        click.echo("Also: " + ", ".join(f"{say(each['name'])} ({each['id']})" for each in told["others"][:MOST_OTHERS]))


def _print_city(told: dict[str, Any]) -> None:
    rows = [
        (f"+{each['minutes']} min" if each["minutes"] else "now", say(each["at"]), each["state"],
         *(each[pace] for pace in PACES))
        for each in told["departures"]
    ]  # fmt: skip
    mark = "SIMULATED  " if told["simulated"] else ""
    print_table(f"{mark}Roads by departure", ("departure", "at", "state", *PACES), rows, numbers=len(PACES))
