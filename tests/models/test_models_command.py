"""``lionrock models`` on a store: who stands is shown, and changed by one command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from lionrock.app.cli import lionrock
from lionrock.app.twin_process import free_port
from lionrock.core.files import Files
from lionrock.core.records import Journal, ModelVersion, RecordStore, Trials
from lionrock.core.records.database import open_database
from lionrock.core.records.standing import MACHINE, Decision, Standing, What
from lionrock.core.vocabulary import Source, Text

MODEL = "traffic.speeds_ahead"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which two versions stood, the second by Lionrock's own judgement."""
    engine = open_database(tmp_path / "twin", Source.TWIN)
    for day, version in enumerate(("aaaa11112222", "bbbb33334444", "bbcc55556666")):
        at = NOW + timedelta(days=day)
        Trials(engine).keep_version(
            ModelVersion(
                service="traffic",
                model="speeds_ahead",
                version=version,
                trained_at=at,
                learned_from=at - timedelta(days=14),
                learned_until=at,
                seed=1,
                code="0",
                file=f"models/{version}",
            )
        )
        Files(tmp_path / "twin" / "files").put(f"models/{version}", b"fitted")
        promoted = version != "bbcc55556666"
        Standing(engine).decide(
            Decision(
                service="traffic",
                model="speeds_ahead",
                version=version,
                what=What.PROMOTED if promoted else What.KEPT_BACK,
                stands=version if promoted else None,
                by=MACHINE,
                why=Text(en="a test"),
                at=at,
            )
        )
    engine.dispose()
    return tmp_path


@pytest.fixture
def run(store: Path) -> Run:
    environment = {"LIONROCK_DATA": str(store), "LIONROCK_PORT": str(free_port())}
    return lambda *words: CliRunner(env=environment).invoke(lionrock, ["models", *words])


def stands(run: Run) -> str:
    (life,) = (one for one in msgspec.json.decode(run("list", "--json").stdout) if one["model"] == "speeds_ahead")
    return str(life["champion"])


def test_without_a_verb_every_model_is_listed(run: Run) -> None:
    answer = run()
    assert answer.exit_code == 0
    assert MODEL in answer.stdout
    assert "bbbb33334444" in answer.stdout


def test_one_command_rolls_back_to_what_stood_before_and_one_promotes_again(run: Run, store: Path) -> None:
    assert stands(run) == "bbbb33334444"
    answer = run("rollback", MODEL, "--why", "jams are missed")
    assert answer.exit_code == 0
    assert "aaaa11112222 stands" in answer.stdout
    assert stands(run) == "aaaa11112222"
    shown = run("show", MODEL).stdout
    assert "jams are missed" in shown
    assert "rolled back" in shown
    assert run("rollback", MODEL, "--why", "again").exit_code == 1  # nothing else stood before
    assert run("promote", MODEL, "bbcc", "--why", "tried by hand", "--hold").exit_code == 0
    assert stands(run) == "bbcc55556666"
    assert "held" in run("list").stdout
    assert run("rollback", MODEL, "untrained", "--why", "the detectors are being moved").exit_code == 0
    assert stands(run) == "None"
    engine = open_database(store / "twin", Source.TWIN)
    (newest,) = Journal(engine, RecordStore(engine, {})).list_entries(limit=1)
    assert (newest.says.en, newest.says.tc) == (f"Model {MODEL} taken out of use", f"模型 {MODEL}：停用")


def test_a_version_whose_file_is_gone_can_not_be_put_in_use(run: Run, store: Path) -> None:
    Files(store / "twin" / "files").drop("models/aaaa11112222")
    assert run("rollback", MODEL, "--why", "jams are missed").exit_code == 1
    assert run("promote", MODEL, "aaaa", "--why", "tried by hand").exit_code == 1
    assert stands(run) == "bbbb33334444"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rollback", MODEL), "--why"),
        (("rollback", MODEL, "--why", "  "), "say why"),
        (("rollback", MODEL, "cccc", "--why", "x"), "no version 'cccc'"),
        (("promote", MODEL, "bb", "--why", "x"), "is the beginning of"),
        (("rollback", MODEL, "bbbb3", "--why", "x"), "stands already"),
        (("show", "traffic.growth"), "no model is called"),
        (("reproduce", MODEL, "dddd"), "no version"),
    ],
)
def test_a_decision_that_cannot_be_is_told_in_one_line_and_changes_nothing(
    run: Run, words: tuple[str, ...], told: str
) -> None:
    answer = run(*words)
    assert answer.exit_code in (1, 2)
    assert told in answer.output
    assert stands(run) == "bbbb33334444"


def test_where_nothing_ran_there_is_no_model_and_no_store_is_made(tmp_path: Path) -> None:
    answer = CliRunner(env={"LIONROCK_DATA": str(tmp_path / "none")}).invoke(lionrock, ["models"])
    assert answer.exit_code == 1
    assert "nothing has run" in answer.output
    assert not (tmp_path / "none").exists()
