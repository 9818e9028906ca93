"""``lionrock operator``: on a store, whether Lionrock runs or not; a password is asked for unseen and never told."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from served_lionrock import serve_empty, sign_in

from lionrock.app.cli import lionrock
from lionrock.app.discovery import discover
from lionrock.app.roles import list_roles

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of an operator who lives in a test
ROLE = "traffic-operator"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"COLUMNS": "200", "LANG": "C", "LIONROCK_DATA": str(tmp_path / "data"), "LIONROCK_SOURCE": "live"}


def run(environment: dict[str, str], *words: str, said: str | None = None) -> Result:
    return CliRunner(env=environment).invoke(lionrock, ["operator", *words], input=said)


def add(environment: dict[str, str], name: str = "chan", *words: str, password: str = PASSWORD) -> Result:
    return run(environment, "add", name, *words, "--password-file", "-", said=password)


def test_an_operator_is_added_listed_changed_and_kept_out(environment: dict[str, str]) -> None:
    assert add(environment, "chan", "--role", ROLE).exit_code == 0
    assert run(environment, "roles", "chan", "--role", "steward").exit_code == 0
    assert run(environment, "disable", "chan").exit_code == 0
    (listed,) = json.loads(run(environment, "list", "--json").output)
    assert (listed["name"], listed["roles"], listed["disabled_at"] is None) == ("chan", ["steward"], False)
    assert run(environment, "enable", "chan").exit_code == 0
    told = json.loads(run(environment, "log", "--json").output)
    assert [each["what"] for each in told] == ["enabled", "disabled", "roles changed", "added"]
    assert all("at the command line" in each["client"] for each in told)


def test_nothing_that_is_printed_holds_a_password_or_its_hash(environment: dict[str, str]) -> None:
    told = [add(environment), add(environment), run(environment, "list"), run(environment, "list", "--json"),
            run(environment, "password", "chan", "--password-file", "-", said="twelve-chars-are-weak-chan"),
            run(environment, "log", "--json")]  # fmt: skip
    printed = "".join(each.output for each in told)
    assert [each.exit_code for each in told] == [0, 1, 0, 0, 1, 0]
    assert not any(secret in printed for secret in (PASSWORD, "twelve-chars", "argon2"))


def test_roles_are_what_something_needs_and_a_slip_names_them(environment: dict[str, str]) -> None:
    known = list_roles(discover())
    assert {"steward", ROLE} <= set(known)
    refused = add(environment, "chan", "--role", "trafic-operator")
    assert refused.exit_code == 1
    assert all(role in refused.output for role in known)
    assert run(environment, "list").exit_code == 1


@pytest.mark.parametrize(
    "password", ["", "short", "password1234", "chan likes long ferries", "two lines\nof words here"]
)
def test_a_weak_password_is_refused_with_a_remedy_and_nobody_is_added(
    environment: dict[str, str], password: str
) -> None:
    assert add(environment, "lee", password=PASSWORD).exit_code == 0
    refused = add(environment, "chan", password=password)
    assert (refused.exit_code, "Error: " in refused.output) == (1, True)
    assert [each["name"] for each in json.loads(run(environment, "list", "--json").output)] == ["lee"]


def test_a_password_that_is_not_utf_8_is_refused_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(PASSWORD.encode("utf-16"))
    refused = run(environment, "add", "chan", "--password-file", str(file))
    assert (refused.exit_code, len(refused.stderr.splitlines()), "not UTF-8" in refused.stderr) == (1, 1, True)


def test_each_source_has_operators_of_its_own(environment: dict[str, str]) -> None:
    assert add(environment, "chan", "--source", "twin").exit_code == 0
    assert run(environment, "list").exit_code == 1
    assert "chan" in run(environment, "list", "--source", "twin").output


def test_a_look_makes_no_store(environment: dict[str, str]) -> None:
    for words in (("list",), ("log",), ("disable", "chan")):
        assert "keeps no operator yet" in run(environment, *words).output
    assert not Path(environment["LIONROCK_DATA"]).exists()


def test_without_a_terminal_nobody_is_asked(environment: dict[str, str]) -> None:
    refused = run(environment, "add", "chan")
    assert (refused.exit_code, "--password-file" in refused.output) == (1, True)


def test_at_a_terminal_a_password_is_asked_for_twice_unseen(environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    adding = subprocess.Popen(
        [sys.executable, "-m", "lionrock", "operator", "add", "chan"],
        env=os.environ | environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - a terminal of its own, as a person's
    )
    os.close(theirs)
    screen = b""
    for asked in (b"Password: ", b"confirmation: "):
        while not screen.endswith(asked):
            screen += os.read(ours, 1024)
        os.write(ours, PASSWORD.encode() + b"\n")
    while b"may sign in" not in screen:
        screen += os.read(ours, 1024)
    assert adding.wait(30) == 0
    os.close(ours)
    assert PASSWORD.encode() not in screen


def test_verbs_take_effect_on_a_lionrock_that_runs(tmp_path: Path, environment: dict[str, str]) -> None:
    with serve_empty(tmp_path / "data") as served, served.client() as client:
        assert add(environment, "chan", "--role", ROLE).exit_code == 0
        assert sign_in(client, "chan").json()["roles"] == [ROLE]
        assert run(environment, "roles", "chan", "--role", "steward").exit_code == 0
        assert client.get("/api/v1/session").json()["roles"] == ["steward"]
        assert run(environment, "disable", "chan").exit_code == 0
        assert client.get("/api/v1/session").json()["name"] is None
