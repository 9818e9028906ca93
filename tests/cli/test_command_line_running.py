"""The command line beside a running Lionrock: it asks over HTTP, and tells what the pages tell."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lionrock.app.cli import lionrock


@pytest.fixture
def beside(running: Any) -> Any:
    """Runs a verb with the port of the running Lionrock and a data folder that holds nothing."""

    def run(*words: str) -> Result:
        port = running.base.rpartition(":")[2]
        environment = {"LIONROCK_PORT": port, "LIONROCK_DATA": str(running.folder / "elsewhere"), "COLUMNS": "200"}
        return CliRunner(env=environment).invoke(lionrock, list(words))

    return run


def test_feeds_and_services_are_those_of_the_running_lionrock(running: Any, beside: Any) -> None:
    told = {each["id"] for each in json.loads(beside("feeds", "--json").output)}
    assert told == {each["id"] for each in running.get("/status.json").json()["feeds"]}
    assert "SIMULATED" in beside("services").output


def test_a_question_gets_the_answer_that_the_api_gives(running: Any, beside: Any) -> None:
    told = json.loads(beside("traffic", "network", "--json").output)
    assert told == running.get("/api/v1/traffic/network").json()
    road = told["features"][0]["id"]
    assert json.loads(beside("traffic", "roads", road, "--json").output)["id"] == road
    assert beside("traffic", "speeds.csv").output.startswith("id,kind,name_en")


def test_a_problem_that_the_api_tells_is_one_line_here(beside: Any) -> None:
    result = beside("traffic", "roads", "no such road?")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "no such road?" in result.stderr
    assert "multiple of 15" in beside("traffic", "speeds", "--departure", "17").stderr


def test_the_forecast_of_the_city_and_of_a_road_say_that_they_are_simulated(beside: Any) -> None:
    city = json.loads(beside("forecast", "--json").output)
    assert city["simulated"]
    assert sum(city["departures"][0][pace] for pace in ("free", "slow", "congested")) > 50
    assert "SIMULATED" in beside("forecast", "Tuen Mun Road").output


def test_nothing_is_written_where_the_running_lionrock_was_asked(running: Any, beside: Any) -> None:
    assert beside("services").exit_code == 0
    assert not (running.folder / "elsewhere").exists()
