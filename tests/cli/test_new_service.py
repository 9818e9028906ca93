"""A new service passes every check at once, and a bad wish is refused with what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from lionrock.app.cli import lionrock
from lionrock.app.discovery import Found, discover
from lionrock.app.house import House
from lionrock.app.new_service import AREAS, LONGEST_NAME, LONGEST_TITLE, TEMPLATE
from lionrock.app.replay.files import list_matches
from lionrock.app.status import SAMPLES_RECEIVED, list_sample_problems, sample_download
from lionrock.app.web.sessions import NOBODY
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A city's own folder of services, beside the house."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def write(own: Path, *words: str) -> Result:
    return CliRunner(env={"LIONROCK_SERVICES": str(own)}).invoke(lionrock, ["new-service", *words])


def found_service(own: Path, name: str) -> Found:
    return next(found for found in discover(own).found if found.service.id == name)


@pytest.fixture(scope="module")
def footfall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city's own folder with one new service in it; to be left as it is."""
    own = tmp_path_factory.mktemp("footfall")
    result = write(own, "mobility/footfall", "--title", "People counted", "--title-tc", "人流")
    assert result.exit_code == 0
    assert "service.py" in result.output
    assert f"lionrock replay {own}/mobility/footfall/samples" in result.output
    return own


def test_a_new_service_is_found_and_its_sample_is_read_stored_and_answered(footfall: Path, tmp_path: Path) -> None:
    found = found_service(footfall, "footfall")
    (feed,), (question,) = found.service.feeds, found.service.questions
    assert list(list_sample_problems(found, feed)) == []
    assert (found.service.title.sc, found.service.area) == ("人流", "mobility")
    download = sample_download(found, feed)
    clock = SetClock(download.received_at)
    with House.open(
        Settings(data=tmp_path, source=Source.RECORDING, services=footfall), clock, discover(footfall)
    ) as house:
        assert house.intake.take("footfall.counts", feed, download).total == 3
        assert house.intake.take("footfall.counts", feed, download).total == 0
        answer = msgspec.to_builtins(question.answer(house.cities["footfall"], question.example, NOBODY))
    assert {place["id"]: place["count"] for place in answer["places"]} == {"north": 128.0, "south": 0.0, "pier": None}


def test_a_sample_whose_moment_nobody_can_read_is_of_the_moment_of_all_samples(
    footfall: Path, own: Path, tmp_path: Path
) -> None:
    shutil.copytree(footfall, own, dirs_exist_ok=True)
    sample = own / "mobility" / "footfall" / "samples" / "footfall.json"
    sample.write_text(sample.read_text().replace("2026-11-21 08:30:00", "half past eight"))
    settings = Settings(data=tmp_path, source=Source.RECORDING, services=own)
    with House.open(settings, SetClock(SAMPLES_RECEIVED), discover(own)) as house:
        (match,) = list_matches(house, [sample])
    assert (match.feed_id, match.received_at) == ("footfall.counts", SAMPLES_RECEIVED)


def test_a_parser_that_fails_on_its_sample_is_told_on_the_status_page_and_stops_nobody(footfall: Path) -> None:
    found = found_service(footfall, "footfall")
    (feed,) = found.service.feeds
    (problem,) = list_sample_problems(found, replace(feed, parse=lambda _: iter([{}["count"]])))
    assert problem.startswith("footfall.json: the parser itself failed: KeyError: 'count'")


def test_a_new_service_is_clean_to_linter_formatter_and_types(own: Path) -> None:
    assert write(own, f"living/{LONGEST_NAME * 'q'}", "--title", LONGEST_TITLE * "Q").exit_code == 0
    house, rules = Path.cwd(), str(Path.cwd() / "pyproject.toml")
    known = str(house / ".mypy_cache")  # of the house's own types, if it has been checked before
    for command in (
        ["ruff", "check", "--config", rules, str(own)],
        ["ruff", "format", "--check", "--config", rules, str(own)],
        ["mypy", "--config-file", rules, "--cache-dir", known, "--explicit-package-bases", "living"],
    ):
        ended = subprocess.run([sys.executable, "-m", *command], cwd=own, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout


@pytest.mark.soak
def test_a_new_service_passes_what_every_service_must(footfall: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/test_every_service.py",
        "-k",
        "footfall",
    ]
    environment = {**os.environ, "LIONROCK_SERVICES": str(footfall)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("example", "an area and a name"),
        ("space/example", "no area"),
        ("mobility/Example", "no name"),
        ("mobility/../example", "no name"),
        ("mobility/2nd", "no name"),
        (f"mobility/{(LONGEST_NAME + 1) * 'q'}", "no name"),
        ("living/parking", "mobility/parking already"),
        ("mobility/up", "verb of the command line"),
        ("mobility/new-service", "no name"),
        ("living/class", "no name"),
        ("living/status", "status"),
        ("living/stream", "stream"),
    ],
)
def test_a_bad_wish_is_refused_and_nothing_is_written(own: Path, wanted: str, said: str) -> None:
    result = write(own, wanted)
    assert (result.exit_code, said in result.stderr) == (1, True)
    assert list(own.iterdir()) == []


def test_a_folder_that_is_there_is_never_overwritten(own: Path) -> None:
    (own / "mobility" / "kept").mkdir(parents=True)
    (own / "mobility" / "kept" / "mine.txt").write_text("mine")
    assert write(own, "mobility/kept").exit_code == 1
    assert [path.name for path in (own / "mobility" / "kept").iterdir()] == ["mine.txt"]


def test_a_title_that_would_break_the_code_is_refused(own: Path) -> None:
    assert write(own, "mobility/quoted", "--title", 'a "b"').exit_code == 1
    assert list(own.iterdir()) == []


def test_every_area_of_the_house_can_be_written_to() -> None:
    import lionrock.services  # noqa: PLC0415 - only its place on the disk is wanted

    folders = {path.parent.name for path in Path(lionrock.services.__path__[0]).glob("*/__init__.py")}
    assert folders <= set(AREAS)
    assert any(TEMPLATE.rglob("*.tmpl"))
