"""Signing in over a real server, with real cookies: who gets in, who is kept out, and what a change must bring along."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from running_lionrock import wait_for

from lionrock.app.house import House
from lionrock.app.progress import Progress
from lionrock.app.twin_process import free_port
from lionrock.app.up import serve
from lionrock.core.records.operators import Operators
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of an operator who lives in a test


@dataclass(frozen=True)
class Served:
    """A Lionrock's web server over an empty store."""

    base: str
    house: House
    operators: Operators

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.base, headers=headers, timeout=30, trust_env=False)

    def signed_in(self, name: str = "alice") -> httpx.Client:
        client = self.client()
        told = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
        assert told.status_code == 200, told.text
        client.headers["X-CSRF-Token"] = told.json()["csrf"]
        return client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(port=free_port(), data=tmp_path_factory.mktemp("signing-in"), source=Source.LIVE)
    with House.open(settings) as house:
        server = serve(house, Progress())
        thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{settings.port}"
        wait_for(lambda: _answers(base))
        operators = Operators(house.engine, lambda: datetime.now(UTC))
        operators.add("alice", PASSWORD, ["traffic-operator"])
        yield Served(base, house, operators)
        server.stop()
        thread.join(5)


def _answers(base: str) -> bool:
    try:
        return bool(httpx.get(f"{base}/health").status_code)
    except httpx.TransportError:
        return False


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(served: Served) -> None:
    with served.client() as client:
        told = client.post("/api/v1/session", json={"name": "alice", "password": PASSWORD})
        cookie = told.headers["set-cookie"]
        assert all(part in cookie for part in ("lionrock_session=", "HttpOnly", "SameSite=strict", "Path=/"))
        assert told.json()["name"] == "alice"
        assert client.get("/api/v1/session").json() == told.json()
