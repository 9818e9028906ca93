"""The gate before every route: who may speak to us (Host, Origin), and what a page may do (its policy)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lionrock.app.web.problems import problem

LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")

LONGEST_PATH = 2000


def content_policy(tiles_url: str) -> str:
    """The content security policy of every page; a tile host is added when the settings name one."""
    tiles = f" {urlsplit(tiles_url).scheme}://{urlsplit(tiles_url).netloc}" if tiles_url else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; "
        f"img-src 'self' data: blob:{tiles}; connect-src 'self'{tiles}; worker-src 'self' blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class Guard:
    """Refuses requests that were not meant for this machine, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, tiles_url: str) -> None:
        self._app = app
        self._headers = [
            (b"content-security-policy", content_policy(tiles_url).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on; lifespan messages pass unchecked."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        refusal = find_refusal(scope["method"], scope["path"], scope["headers"])
        if refusal is not None:
            await problem(403, "Refused", refusal)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def find_refusal(method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Why a request is refused, or None. A page of another site can name neither our Host nor our Origin."""
    host = origin = None
    for name, value in headers:
        if name == b"host":
            host = value.decode("latin-1")
        elif name == b"origin":
            origin = value.decode("latin-1")
    if host is None or not LOOPBACK_HOST.fullmatch(host):
        return f"this Lionrock answers to 127.0.0.1 and localhost, not to Host {host!r}"
    if origin is not None and (urlsplit(origin).hostname or "") not in {"127.0.0.1", "localhost", "::1"}:
        return f"requests from pages of {origin!r} are not answered"
    if method not in {"GET", "HEAD"}:
        return "nothing can be changed here until people can log in"
    if len(path) > LONGEST_PATH:
        return "the path is too long"
    return None
