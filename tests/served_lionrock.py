"""The web server of a Lionrock over an empty store, in this process: for tests of who may ask and change what."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from running_lionrock import wait_for

from lionrock.app.discovery import Catalogue
from lionrock.app.house import House
from lionrock.app.progress import Progress
from lionrock.app.twin_process import free_port
from lionrock.app.up import serve
from lionrock.core.records.operators import Operators
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of operators who live in tests
PROOF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Served:
    """A Lionrock's web server over an empty store, with a service that tells who asks."""

    base: str
    house: House
    operators: Operators

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def client(self, **cookies: str) -> httpx.Client:
        return httpx.Client(base_url=self.base, timeout=30, trust_env=False, cookies=cookies)

    @contextmanager
    def signed_in(self, name: str) -> Iterator[httpx.Client]:
        with self.client() as client:
            client.headers["X-CSRF-Token"] = sign_in(client, name).json()["csrf"]
            yield client

    def fill_form(self, client: httpx.Client, **given: str) -> httpx.Response:
        """Open the form and send it, as a browser does."""
        shown = PROOF.search(client.get("/en/sign-in").text)
        assert shown is not None
        filled = {"csrf": shown[1], "name": "alice", "password": PASSWORD, "next": "/en/status"} | given
        return client.post("/en/sign-in", data=filled, headers={"Origin": self.base})


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    return client.post("/api/v1/session", json={"name": name, "password": password})


def name_of(client: httpx.Client) -> str | None:
    name: str | None = client.get("/api/v1/session").json()["name"]
    return name


@contextmanager
def serve_house(house: House) -> Iterator[str]:
    """The house's own web server in this process, without feeds or jobs; its address."""
    server, loop = serve(house, Progress()), asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{house.settings.port}"
    wait_for(lambda: _answers(base))
    yield base
    loop.call_soon_threadsafe(server.stop)
    thread.join(5)
    loop.close()


@contextmanager
def serve_empty(folder: Path, catalogue: Catalogue | None = None) -> Iterator[Served]:
    """Serve an empty store below ``folder`` on a free port, without feeds or jobs."""
    settings = Settings(port=free_port(), data=folder, source=Source.LIVE)
    with House.open(settings, catalogue=catalogue) as house, serve_house(house) as base:
        yield Served(base, house, Operators(house.engine, lambda: datetime.now(UTC)))


def _answers(base: str) -> bool:
    try:
        return bool(httpx.get(f"{base}/health", trust_env=False).status_code)
    except httpx.TransportError:
        return False
