"""The command line: help that teaches, errors in one line, exit codes, verbs derived from the declarations."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from lionrock.app.cli import lionrock
from lionrock.app.cli.evaluation import SERVICES
from lionrock.app.cli.verb import Verb
from lionrock.app.discovery import OWN_SERVICES, discover
from lionrock.app.evaluate.subjects import (
    SUBJECTS,
    impact_scored,
    incidents_scored,
    keep_outcomes,
    weather_scored,
)
from lionrock.app.house import House
from lionrock.app.paths import verb_name
from lionrock.app.progress import Progress
from lionrock.app.register import list_ai_uses
from lionrock.app.status import describe_status
from lionrock.app.twin_process import free_port
from lionrock.core.settings import Settings, settings_fields
from lionrock.core.vocabulary import Source

QUESTIONS = [(service.id, question) for service in discover().services for question in service.questions]
SAMPLES = OWN_SERVICES / "mobility" / "parking" / "samples"
MAE = {"last_value": 4.0, "usual_day": 3.0, "decaying_residual": 3.5, "boosted_trees": 1.0, "blend": 2.0}
OUTCOME: dict[str, Any] = {
    "data": "scats",
    "models": [{"name": name, "horizons": [{"minutes": 15, "mae": each}]} for name, each in MAE.items()],
}
WIDE = {"COLUMNS": "200", "LANG": "C"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A store of its own, and a port on which nobody listens."""
    return WIDE | {
        "LIONROCK_DATA": str(tmp_path / "data"),
        "LIONROCK_PORT": str(free_port()),
        "LIONROCK_SOURCE": "recording",
    }


def run(environment: dict[str, str], *words: str) -> Result:
    return CliRunner(env=environment).invoke(lionrock, list(words))


def read_samples(environment: dict[str, str]) -> None:
    assert run(environment, "replay", str(SAMPLES), "--no-serve").exit_code == 0


def test_a_replay_ends_well_only_where_something_was_read_and_nothing_broken(
    environment: dict[str, str], tmp_path: Path
) -> None:
    nothing, some = tmp_path / "nothing", tmp_path / "some"
    nothing.mkdir()
    (nothing / "notes.txt").write_text("of no feed")
    assert run(environment, "replay", str(nothing), "--no-serve").exit_code == 1
    shutil.copytree(SAMPLES, some)
    shutil.copy(nothing / "notes.txt", some)
    assert run(environment, "replay", str(some), "--no-serve").exit_code == 0
    assert run(environment, "replay", str(some), "--no-serve").exit_code == 0
    for name in ("x.json.gz", "vacancy_all.cut.json"):
        (some / name).write_bytes(b"\x1f\x8b{")
        told = run(environment, "replay", str(some), "--no-serve")
        assert (told.exit_code, "1 of the files could not be read" in told.stderr) == (1, True)
        (some / name).unlink()


def list_verbs(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Verb]]:
    context = click.Context(group)
    named = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    deeper = [each for name, verb in named if isinstance(verb, click.Group) for each in list_verbs(verb, (*path, name))]
    return [((*path, name), verb) for name, verb in named if isinstance(verb, Verb)] + deeper


def test_every_verb_has_examples_that_begin_with_itself_and_says_what_it_does() -> None:
    verbs = list_verbs(lionrock)
    assert len(verbs) > 10
    for path, verb in verbs:
        assert verb.examples, path
        assert verb.help, path
        assert all(" ".join(("lionrock", *path)) in line for line, _ in verb.examples), path


def test_help_shows_the_examples(environment: dict[str, str]) -> None:
    shown = run(environment, "replay", "--help").output
    assert "Examples:" in shown
    assert "$ lionrock replay recordings/" in shown


@pytest.mark.parametrize(("service", "question"), QUESTIONS, ids=lambda each: getattr(each, "path", each))
def test_every_question_is_a_verb_of_its_service(service: str, question: Any, environment: dict[str, str]) -> None:
    shown = run(environment, service, verb_name(service, question.path), "--help")
    assert shown.exit_code == 0
    assert question.title.en.split()[0] in shown.output


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ("traffic/roads/{id}", "roads"),
        ("parking/vacancy", "vacancy"),
        ("parking/{car_park}/forecast", "forecast"),
        ("parking/car-parks/{car_park}/days", "car-parks-days"),
        ("parking/{car_park}", "show"),
    ],
)
def test_a_questions_path_without_its_holes_is_its_verb(path: str, verb: str) -> None:
    assert verb_name(path.partition("/")[0], path) == verb


def test_without_a_running_lionrock_questions_are_answered_from_the_store(environment: dict[str, str]) -> None:
    read_samples(environment)
    told = json.loads(run(environment, "parking", "vacancy", "--json").output)
    assert told["car_parks"]
    assert told["car_parks"][0]["id"] in run(environment, "parking", "vacancy").output


def test_feeds_and_services_are_told_from_the_store_too(environment: dict[str, str]) -> None:
    read_samples(environment)
    feeds = {each["id"]: each for each in json.loads(run(environment, "feeds", "--json").output)}
    assert feeds["parking.vacancy"]["records"] > 0
    assert feeds["traffic.lanes"]["state"] == "waiting"
    rungs = {each["id"]: each["rung"] for each in json.loads(run(environment, "services", "--json").output)}
    assert rungs["parking"] == "sampled"
    assert "parking.vacancy" in run(environment, "feeds").output


@pytest.mark.parametrize(
    ("source", "start"), [("twin", "lionrock up"), ("live", "lionrock up --live"), ("recording", "lionrock replay")]
)
@pytest.mark.parametrize(
    "words", [("feeds",), ("feeds", "--json"), ("forecast",), ("parking", "vacancy"), ("weather", "now", "--json")]
)
def test_where_nothing_has_run_it_is_said_in_one_line_and_nothing_is_made(
    environment: dict[str, str], words: tuple[str, ...], source: str, start: str
) -> None:
    result = run(environment | {"LIONROCK_SOURCE": source}, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: nothing has run here yet")
    assert f"`{start}" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not Path(environment["LIONROCK_DATA"]).exists()


@pytest.mark.parametrize("source", ["twin", "live", "recording"])
def test_services_are_declared_where_nothing_has_run(environment: dict[str, str], source: str) -> None:
    here = environment | {"LIONROCK_SOURCE": source}
    listed = {each["id"]: each for each in json.loads(run(here, "services", "--json").output)}
    assert set(listed) == {service.id for service in discover().services}
    assert listed["parking"]["rung"] == "sampled"
    shown = run(here, "services")
    assert (shown.exit_code, "nothing has run here yet" in shown.output, "SIMULATED" in shown.output) == (
        0,
        True,
        False,
    )
    assert not Path(environment["LIONROCK_DATA"]).exists()


def test_a_stored_evaluation_alone_gives_a_rung_but_no_data(environment: dict[str, str]) -> None:
    settings = Settings(data=Path(environment["LIONROCK_DATA"]), source=Source.RECORDING)
    keep_outcomes(settings, SUBJECTS["traffic"].keep(OUTCOME))
    rungs = {each["id"]: each["rung"] for each in json.loads(run(environment, "services", "--json").output)}
    assert rungs["traffic"] == "evaluated on real data"
    result = run(environment, "feeds")
    assert (result.exit_code, "nothing has run here yet" in result.stderr) == (1, True)


def test_an_evaluation_of_incidents_is_kept_for_the_register(environment: dict[str, str]) -> None:
    tested = {"APID": 0.02, "McMaster": 0.03, "CUSUM": 0.06, "boosted trees": 0.86, "trees without lanes": 0.32}
    loss = {"hazards by kind": 66.4, "quantiles by kind": 63.7, "median by kind": 83.2}
    detection, clearance = incidents_scored(
        {
            "detection": {"methods": [{"method": name, "tested": {"found": share}} for name, share in tested.items()]},
            "duration": {"models": [{"name": name, "first": {"pinball_min": each}} for name, each in loss.items()]},
        }
    )
    assert (detection.score, detection.baseline_score, detection.real) == (pytest.approx(0.14), 0.94, False)
    assert (clearance.score, clearance.baseline_score, clearance.real) == (66.4, 83.2, True)
    assert list(incidents_scored({"text": {}, "duration": {"absent": "no recording"}})) == []
    settings = Settings(data=Path(environment["LIONROCK_DATA"]), source=Source.RECORDING)
    keep_outcomes(settings, [clearance])
    rungs = {each["id"]: each["rung"] for each in json.loads(run(environment, "services", "--json").output)}
    assert rungs["incidents"] == "sampled"  # detection has not won yet
    keep_outcomes(settings, [detection])
    rungs = {each["id"]: each["rung"] for each in json.loads(run(environment, "services", "--json").output)}
    assert rungs["incidents"] == "beats its baseline"


def test_estimates_without_a_rival_are_kept_and_win_nothing(environment: dict[str, str]) -> None:
    half = {"whole_day": {"inside": 9, "of": 12}, "hour_groups": {"inside": 1, "of": 2}}
    (weather,) = weather_scored({"covered": {"speed": half, "flow": half}})
    (impact,) = impact_scored({"median_error": 0.15})
    assert [(one.model, one.score, one.baseline_score, one.beats_baseline) for one in (weather, impact)] == [
        ("effects", 0.25, None, False),
        ("impact", 0.15, None, False),
    ]
    settings = Settings(data=Path(environment["LIONROCK_DATA"]), source=Source.RECORDING)
    keep_outcomes(settings, [weather, impact])
    with House.open(settings) as house:
        trials = {one.model: one.trials for one in list_ai_uses(house)}
    assert [(one.score, one.baseline_score) for one in trials["effects"]] == [(0.25, None)]
    assert [(one.score, one.baseline_score) for one in trials["impact"]] == [(0.15, None)]


def test_every_service_that_the_verb_names_can_be_evaluated_and_data_are_named_where_there_is_a_choice(
    environment: dict[str, str],
) -> None:
    assert tuple(SUBJECTS) == SERVICES
    missing, needless = run(environment, "evaluate", "traffic"), run(environment, "evaluate", "parking", "--data", "x")
    assert (missing.exit_code, needless.exit_code) == (2, 2)
    assert "Missing option '--data'" in missing.output
    assert "parking has one set of data" in needless.output


def test_a_problem_is_one_plain_line_and_exit_code_1(environment: dict[str, str]) -> None:
    read_samples(environment)
    result = run(environment, "parking", "car-parks", "nowhere")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "nowhere" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [("up", "--speed", "fast"), ("up", "--epoch", "yesterday"), ("replay",), ("replay", "/nowhere"), ("fly",),
     ("evaluate", "traffic"), ("traffic", "roads"), ("traffic", "speeds", "--at", "noon")],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(environment: dict[str, str], words: tuple[str, ...]) -> None:
    result = run(environment, *words)
    assert result.exit_code == 2
    assert "--help" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("LIONROCK_PORT", "many"), ("LIONROCK_BIND", "192.0.2.1"), ("LIONROCK_COLOUR", "red")]
)
def test_a_bad_setting_is_named_with_its_reason(environment: dict[str, str], name: str, value: str) -> None:
    result = run(environment | {name: value}, "settings")
    assert result.exit_code == 1
    assert name in result.stderr


def test_a_city_beyond_the_years_that_can_be_simulated_is_refused_in_one_line(environment: dict[str, str]) -> None:
    result = run(environment | {"LIONROCK_SOURCE": "twin"}, "up", "--epoch", "9999-12-31T23:00")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "from 1990 to 2100" in result.stderr


def test_settings_shows_every_setting_with_the_value_in_force(environment: dict[str, str]) -> None:
    shown = run(environment, "settings").output
    assert all(f"LIONROCK_{field.name.upper()}" in shown for field in settings_fields())
    told = {each["name"]: each["value"] for each in json.loads(run(environment, "settings", "--json").output)}
    assert told["LIONROCK_PORT"] == int(environment["LIONROCK_PORT"])


def test_a_forecast_that_nobody_issued_is_said_so(environment: dict[str, str]) -> None:
    read_samples(environment)
    told = json.loads(run(environment, "forecast", "--json").output)
    assert [each["minutes"] for each in told["departures"]] == [0, 15, 30, 45, 60, 75, 90]
    assert {each["state"] for each in told["departures"]} == {"no data"}
    result = run(environment, "forecast", "No Such Road")
    assert (result.exit_code, "No Such Road" in result.stderr) == (1, True)


def test_texts_are_told_in_the_terminals_language(environment: dict[str, str]) -> None:
    assert "停車場" in run(environment | {"LANG": "zh_HK.UTF-8"}, "services").output
    assert "停车场" in run(environment | {"LANG": "zh_CN.UTF-8"}, "services").output


def test_a_missing_recording_is_told_with_where_it_was_looked_for(environment: dict[str, str], tmp_path: Path) -> None:
    result = run(environment, "evaluate", "traffic", "--data", "scats", "--data-dir", str(tmp_path))
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr


def test_an_evaluations_outcome_is_kept_for_the_ladder(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    keep_outcomes(settings, SUBJECTS["traffic"].keep(OUTCOME))
    with House.open(settings) as house:
        (kept,) = house.trials.list_for("traffic")
        rungs = {each.id: each.rung for each in describe_status(house, Progress()).services}
    assert (kept.score, kept.baseline_score, kept.real, kept.model) == (2.0, 3.0, True, "speeds_ahead")
    assert rungs["traffic"] == "evaluated on real data"


def test_a_win_that_a_newer_trial_on_the_same_data_lost_again_gives_no_rung(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)

    def traffic_after(data: str, blend: float) -> tuple[str, str]:
        models = [each for each in OUTCOME["models"] if each["name"] != "blend"]
        blended = {"name": "blend", "horizons": [{"minutes": 15, "mae": blend}]}
        keep_outcomes(settings, SUBJECTS["traffic"].keep({"data": data, "models": [*models, blended]}))
        with House.open(settings) as house:
            found = next(one for one in describe_status(house, Progress()).services if one.id == "traffic")
        return found.rung, found.why.en

    won = ("evaluated on real data", "scats: mean absolute error over the horizons 2 / 3")
    assert traffic_after("scats", 2.0) == won
    lost, why = traffic_after("scats", 4.0)
    assert (lost, "lost lately" in why) == ("sampled", True)
    assert traffic_after("scats", 2.0) == won
    assert traffic_after("metr-la-week1", 4.0) == won  # a loss elsewhere takes nothing from it


def test_a_listener_that_is_no_lionrock_is_not_mistaken_for_one(environment: dict[str, str], tmp_path: Path) -> None:
    port = environment["LIONROCK_PORT"]
    command = [sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    try:
        assert server.stdout is not None
        assert b"Serving" in server.stdout.readline()
        result = run(environment, "feeds")
    finally:
        server.kill()
        server.communicate()
    assert result.exit_code == 1
    assert "is it a Lionrock" in result.stderr


def test_a_services_verb_starts_without_what_only_models_need() -> None:
    heavy = ("lightgbm", "pandas", "scipy", "torch", "uxsim")
    asked = "from lionrock.app.cli import lionrock; lionrock(['traffic', '--help'], standalone_mode=False)"
    loaded = f"import sys; print([name for name in {heavy} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", f"{asked}; {loaded}"], capture_output=True, check=True, text=True)
    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [("settings",), ("settings", "--json"), ("--help",)])
def test_where_there_is_no_room_for_the_answer_it_is_said_in_one_line(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "lionrock", *words]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, env=os.environ | environment, stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert (ended.returncode, ended.stderr) == (1, "Error: No space left on device\n")


def test_the_installed_command_answers(environment: dict[str, str]) -> None:
    command = Path(sys.executable).parent / "lionrock"
    ended = subprocess.run([command, "--version"], env=os.environ | environment, capture_output=True, check=True)
    assert ended.stdout.startswith(b"lionrock, version 0")
