"""Signing in at the running Lionrock, for verbs that change something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import msgspec

from lionrock.app.openapi import API
from lionrock.core.vocabulary import LionrockError

HEADER = "X-CSRF-Token"
ANSWERS_WITHIN_S = 30.0
CONNECTS_WITHIN_S = 1.0


@contextmanager
def signed_in(base_url: str, name: str, password: str) -> Iterator[httpx.Client]:
    """A client that is signed in as ``name`` and sends the CSRF token with every request; signs out at the end.

    Raises LionrockError with what Lionrock tells: the name or password is not right, or how long to wait.
    """
    timeout = httpx.Timeout(ANSWERS_WITHIN_S, connect=CONNECTS_WITHIN_S)
    with httpx.Client(base_url=base_url, timeout=timeout, trust_env=False) as client:
        try:
            told = client.post(f"{API}/session", json={"name": name, "password": password})
        except httpx.HTTPError as error:
            raise LionrockError(f"nobody answers at {base_url}: {error or type(error).__name__}") from error
        if told.status_code != httpx.codes.OK:
            raise LionrockError(detail_of(told))
        client.headers[HEADER] = told.json()["csrf"]
        try:
            yield client
        finally:
            with suppress(httpx.HTTPError):  # who is gone by now has signed us out as well
                client.delete(f"{API}/session")


def detail_of(told: httpx.Response) -> str:
    """What a refused request was told, in one line."""
    try:
        return str(msgspec.json.decode(told.content)["detail"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"{told.url} answered {told.status_code}; is it a Lionrock of this version?"
