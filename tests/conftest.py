"""What several test rooms share: one real ``lionrock up`` a session, and names of built assets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from running_lionrock import Running, start_lionrock, stop, wait_until_ready
from xdist.scheduler import LoadScopeScheduling

from lionrock.app.discovery import OWN_SERVICES, PAGES_OF_SERVICE
from lionrock.app.pages import render

RUNNING = "running"
LIONROCK = pytest.StashKey[Running]()
ASKS = re.compile(r"def \w+\([^)]*\brunning\b")


class OneCity(LoadScopeScheduling):
    """Files of tests side by side in several processes.

    All that ask the one running Lionrock are in one of them, and so are the files of a room that share what is dear
    to make: its conftest has a fixture of the whole session.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        room = file.rpartition("/")[0]
        if asks_running(file):
            return RUNNING
        return room if shares(room) else file


@cache
def shares(room: str) -> bool:
    """Whether a folder of tests has something that is made once a session."""
    conftest = Path(__file__).parent.parent.joinpath(room, "conftest.py")
    return room != "tests" and conftest.is_file() and 'scope="session"' in conftest.read_text()


@cache
def asks_running(file: str) -> bool:
    """Whether a file of tests, as its nodes name it, uses the fixture ``running``."""
    return ASKS.search(Path(__file__).parent.parent.joinpath(file).read_text()) is not None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneCity:
    """The scheduler of ``--numprocesses``."""
    return OneCity(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the running Lionrock, which takes longest."""
    items.sort(key=lambda item: not asks_running(item.nodeid.partition("::")[0]))


@pytest.fixture
def built_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest of every asset that a template names, so that no web build is needed."""
    templates = [*render.TEMPLATES.glob("*.html"), *OWN_SERVICES.glob(f"*/*/{PAGES_OF_SERVICE}/*.html")]
    names = {name for path in templates for name in re.findall(r"""asset\(['"]([^'"]+)""", path.read_text())}
    tmp_path.joinpath("manifest.json").write_text(json.dumps({name: f"built-{name}" for name in names}))
    monkeypatch.setattr(render, "STATIC", tmp_path)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the running Lionrock with the last test that asks it: it costs a fifth of a core."""
    lionrock = item.config.stash.get(LIONROCK, None)
    if lionrock is not None and (nextitem is None or not asks_running(nextitem.nodeid.partition("::")[0])):
        del item.config.stash[LIONROCK]
        end(lionrock)


def end(lionrock: Running) -> None:
    if lionrock.process.poll() is None:
        stop(lionrock)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Running]:
    """One Lionrock for all tests that only look, or mend what they break; its twin is quick, so that they wait less."""
    lionrock = start_lionrock(tmp_path_factory.mktemp("running"), LIONROCK_BACKFILL_DAYS="1", LIONROCK_TWIN_SPEED="4")
    pytestconfig.stash[LIONROCK] = lionrock
    try:
        wait_until_ready(lionrock)
        yield lionrock
    finally:
        end(lionrock)
