"""Asking Lionrock: over HTTP where one is running, else by opening its store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from lionrock.app.cli.declared import database_of
from lionrock.app.house import House
from lionrock.app.openapi import API
from lionrock.app.progress import Progress
from lionrock.app.replay import open_recording, settings_for_recording
from lionrock.app.status import describe_status
from lionrock.app.web.answers import caller_told, read_query
from lionrock.app.web.sessions import NOBODY
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import LionrockError, NotFound, NotYet, Source

ANSWERS_WITHIN_S = 30.0
CONNECTS_WITHIN_S = 1.0
UTF_8 = "utf-8-sig"  # the mark that a spreadsheet wants is nothing to a pipe


@dataclass(frozen=True, slots=True)
class Asker:
    """Puts questions to the running Lionrock, or to the ``house`` that was opened because none runs."""

    client: httpx.Client
    house: House | None

    def status(self) -> Any:
        """What the status page tells, as plain values."""
        if self.house is not None:
            return msgspec.to_builtins(describe_status(self.house, Progress()))
        return msgspec.json.decode(self._get("/status.json", {}))

    def ask(self, path: str, given: Mapping[str, str]) -> Any:
        """The answer of the question declared at ``path``: plain values, or text where it is not JSON.

        Raises the problem that Lionrock tells.
        """
        if self.house is not None:
            return self._ask_house(self.house, path, given)
        holes = {name: quote(value, safe="") for name, value in given.items() if f"{{{name}}}" in path}
        query = {name: value for name, value in given.items() if name not in holes}
        return self._decoded(f"{API}/{path.format_map(holes)}", query)

    def _ask_house(self, house: House, path: str, given: Mapping[str, str]) -> Any:
        for service in house.catalogue.services:
            for question in service.questions:
                if question.path == path:
                    query, caller = read_query(question, given), caller_told(question, NOBODY)
                    return msgspec.to_builtins(question.answer(house.cities[service.id], query, caller))
        raise NotFound(f"nobody answers {path}")

    def _decoded(self, address: str, query: Mapping[str, str]) -> Any:
        body = self._get(address, query)
        try:
            return msgspec.json.decode(body) if body[:1] in (b"{", b"[") else body.decode(UTF_8)
        except msgspec.DecodeError:
            return body.decode(UTF_8)

    def _get(self, address: str, query: Mapping[str, str]) -> bytes:
        try:
            response = self.client.get(address, params=dict(query))
        except httpx.HTTPError as error:
            raise LionrockError(f"{self.client.base_url} stopped answering: {error or type(error).__name__}") from error
        if response.status_code == httpx.codes.OK:
            return response.content
        try:
            detail = msgspec.json.decode(response.content)["detail"]
        except (msgspec.DecodeError, KeyError, TypeError):
            detail = f"{self.client.base_url} answered {response.status_code}; is it a Lionrock of this version?"
        raise LionrockError(str(detail))


def web_base(settings: Settings) -> str:
    """Where a running Lionrock of these settings listens."""
    return f"http://{settings.bind}:{settings.port}"


@contextmanager
def asking(settings: Settings) -> Iterator[Asker]:
    """Hand out who answers: what listens on the settings' port, else the store in the settings' folder.

    Raises NotYet where nothing listens and nothing was ever stored, and makes no store then.
    """
    with ExitStack() as stack:
        base = web_base(settings)
        timeout = httpx.Timeout(ANSWERS_WITHIN_S, connect=CONNECTS_WITHIN_S)
        client = stack.enter_context(httpx.Client(base_url=base, timeout=timeout, trust_env=False))
        try:
            client.get("/health")
        except httpx.ConnectError:
            yield Asker(client, stack.enter_context(_opened(settings)))
            return
        except httpx.HTTPError as error:
            raise LionrockError(f"{base} listens and does not answer: {error or type(error).__name__}") from error
        yield Asker(client, None)


def _opened(settings: Settings) -> House:
    if not database_of(settings).is_file():
        raise _nothing_has_run(settings)
    if settings.source is Source.RECORDING:
        try:
            return open_recording(settings_for_recording(settings))
        except NotYet as error:
            raise _nothing_has_run(settings) from error
    house = House.open(settings)
    if not house.states.list_all():  # an evaluation alone makes the database too
        house.close()
        raise _nothing_has_run(settings)
    return house


def _nothing_has_run(settings: Settings) -> NotYet:
    start = {Source.TWIN: "up", Source.LIVE: "up --live", Source.RECORDING: "replay PATH"}[settings.source]
    return NotYet(
        f"nothing has run here yet: nobody listens on port {settings.port}, "
        f"and {settings.home} keeps no data; `lionrock {start}` starts it"
    )
