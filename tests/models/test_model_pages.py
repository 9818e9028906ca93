"""A model's life over a real server: everybody sees it, a steward decides, names stay among the signed in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from served_lionrock import serve_house
from tiny import MODEL, NOON, SERVICE, catalogue, remember
from tiny_decisions import decided, fitted_on, kept

from lionrock.app.house import House
from lionrock.app.jobs.model_watch import look_for_drift, score_hours
from lionrock.app.jobs.models import Champion, follow, publish_forecast
from lionrock.app.jobs.training import is_due
from lionrock.app.twin_process import free_port
from lionrock.core.clock import SetClock
from lionrock.core.records.operators import Operators
from lionrock.core.records.standing import MACHINE, Standing, What
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of operators who live in a test
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
LIFE = "/api/v1/models/tiny/ahead"


@dataclass(frozen=True)
class Served:
    base: str
    house: House
    older: str
    newer: str

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.base}{path}", timeout=30, trust_env=False)

    @contextmanager
    def signed_in(self, name: str) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.base, timeout=30, trust_env=False) as client:
            told = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
            client.headers["X-CSRF-Token"] = told.json()["csrf"]
            yield client


@pytest.fixture(scope="module")
def served(ten_days: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house that forecast for nine hours, with a feed that fell silent for two and an error that grew."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(ten_days, folder, dirs_exist_ok=True)
    settings, clock = Settings(port=free_port(), data=folder, source=Source.RECORDING), SetClock(NOON)
    with House.open(settings, clock, catalogue(folder)) as house:
        older, newer = kept(house, fitted_on(house, 3)), kept(house, fitted_on(house, 7))
        decided(house, older, What.PROMOTED, older, by=MACHINE)
        decided(house, newer, What.PROMOTED, newer, by="ada")
        remember(house, NOON, NOON + 9 * HOUR, seed=2, lift=12)
        champion = Champion()
        follow(house, SERVICE, MODEL, champion)
        for quarter in [*range(1, 17), *range(26, 38)]:
            clock.set(NOON + quarter * QUARTER)
            publish_forecast(house, SERVICE, MODEL, champion)
        score_hours(house, SERVICE, MODEL)
        look_for_drift(house, SERVICE, MODEL, {})
        operators = Operators(house.engine, lambda: datetime.now(UTC))
        operators.add("grace", PASSWORD, ["steward"])
        operators.add("chan", PASSWORD, [])
        with serve_house(house) as base:
            yield Served(base, house, older, newer)


def test_everybody_sees_the_life_of_a_model_and_nobody_who_is_signed_out_sees_names(served: Served) -> None:
    life = served.get(LIFE).json()
    assert (life["champion"], life["by"]) == (served.newer, "a person")
    assert [one["what"] for one in life["decisions"]] == ["promoted", "promoted"]
    assert {one["by"] for one in life["decisions"]} == {"a person", "lionrock"}
    assert "ada" not in served.get(LIFE).text
    with served.signed_in("chan") as chan:
        assert chan.get(LIFE).json()["by"] == "ada"
    assert served.get("/api/v1/models").json()[0]["model"] == "ahead"


def test_the_last_day_is_told_by_horizon_beside_its_rivals(served: Served) -> None:
    life = served.get(LIFE).json()
    assert [one["minutes"] for one in life["now"]] == [15.0, 60.0]
    assert all(0 < one["scored"] <= one["issued"] for one in life["now"])
    assert life["now"][0]["mae"] > life["now"][0]["last_value"] > 0
    assert {alert["id"] for alert in life["alerts"]} == {"ahead/baseline", "ahead/coverage"}
    hours = [point["hour"] for point in life["past"][0]["hours"]]
    assert len(hours) == len(set(hours)) < 9  # the silent hours are no points


@pytest.mark.parametrize("language", ["en", "tc", "sc"])
def test_the_page_speaks_three_languages_and_draws_every_horizon_with_a_gap(served: Served, language: str) -> None:
    page = served.get(f"/{language}/models/tiny/ahead")
    assert page.status_code == 200
    assert len(re.findall(r'<svg viewBox="0 0 360 150" role="img" aria-label="[^"]+"', page.text)) == 2
    errors = re.findall(r'<path class="error" d="([^"]+)"', page.text)
    assert [path.count("M") for path in errors] == [2, 2]
    assert not re.search(r"nan|None|style=", page.text)
    assert served.newer in page.text


def test_the_register_names_the_version_in_use_and_its_alerts(served: Served) -> None:
    page = served.get("/en/ai-register").text
    assert served.newer in page
    assert "/en/models/tiny/ahead" in page
    assert "The 80% band holds" in page


def test_an_unknown_model_is_not_found(served: Served) -> None:
    assert served.get("/api/v1/models/tiny/growth").status_code == 404
    assert served.get("/en/models/nobody/ahead").status_code == 404


def test_only_a_steward_decides_and_only_with_a_reason(served: Served) -> None:
    rollback = f"{LIFE}/rollback"
    assert httpx.post(f"{served.base}{rollback}", json={"why": "x"}, trust_env=False).status_code == 401
    with served.signed_in("chan") as chan:
        assert chan.post(rollback, json={"why": "x"}).status_code == 403
    with served.signed_in("grace") as grace:
        for why in (" ", "x" * 1_001, "turned \u202e round"):
            assert grace.post(rollback, json={"why": why}).status_code == 400
        assert grace.post(rollback, json={}).status_code == 400
        assert grace.post(rollback, json={"why": "x", "version": "ffff"}).status_code == 404
    champion = Standing(served.house.engine).champion("tiny", "ahead")
    assert champion is not None
    assert champion.stands == served.newer


def test_a_steward_who_saw_another_version_stand_rolls_nothing_back(served: Served) -> None:
    with served.signed_in("grace") as grace:
        assert f'name="seen" value="{served.newer}"' in grace.get("/en/models/tiny/ahead").text
        refused = grace.post(f"{LIFE}/rollback", json={"why": "it is wrong", "seen": served.older})
        assert refused.status_code == 409
        assert f"{served.newer} stands by now, no longer {served.older}" in refused.json()["detail"]
        assert grace.get(LIFE).json()["champion"] == served.newer


def test_a_steward_rolls_back_promotes_and_asks_for_a_training(served: Served) -> None:
    champion = Champion()
    with served.signed_in("grace") as grace:
        assert 'action="/api/v1/models/tiny/ahead/rollback"' in grace.get("/en/models/tiny/ahead").text
        told = grace.post(
            f"{LIFE}/rollback", json={"why": "the harbour gauges moved", "hold": True, "seen": served.newer}
        )
        assert told.json() == {"what": "rolled back", "version": served.newer, "stands": served.older}
        follow(served.house, SERVICE, MODEL, champion)
        assert champion.version == served.older
        life = grace.get(LIFE).json()
        assert (life["by"], life["held"], life["champion"]) == ("grace", True, served.older)
        assert {one["version"]: one["barred"] for one in life["versions"]} == {served.older: False, served.newer: True}
        csrf = grace.headers["X-CSRF-Token"]
        form = {"why": "they are back", "version": served.newer, "csrf": csrf, "back": "/tc/models/tiny/ahead"}
        answer = grace.post(f"{LIFE}/promote", data=form, headers={"Origin": served.base})
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == "/tc/models/tiny/ahead?done=2"
        told = grace.get(answer.headers["location"]).text
        assert 'class="notice notice-done"' in told
        assert "they are back" in told
        assert grace.get(LIFE).json()["champion"] == served.newer
        grace.post(f"{LIFE}/train", json={"why": "new gauges"})
        assert grace.get(LIFE).json()["training_asked"] is True
        journal = grace.get("/api/v1/journal?limit=3").json()
        assert "a training of model" in grace.get("/en/journal").text.lower()
    told = [(line["who"], line["action"], line["why"], line["undoable"]) for line in journal]
    assert told == [
        ("grace", "models/asked", "new gauges", False),
        ("grace", "models/promoted", "they are back", False),
        ("grace", "models/rolled back", "the harbour gauges moved", False),
    ]
    assert is_due(served.house, SERVICE, MODEL)
