"""The gate before every route: who may speak to us (Host, Origin), how much they may say, what a page may do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lionrock.app.web.problems import problem

LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")
READING, CHANGING = frozenset({"GET", "HEAD"}), frozenset({"POST", "DELETE"})

ONCE = frozenset({b"host", b"origin", b"content-type", b"sec-fetch-site"})  # whoever reads them must read the same

LONGEST_PATH = 2000
LARGEST_BODY_BYTES = 65_536
BODY_WITHIN_S = 10.0


def content_policy(tiles_url: str) -> str:
    """The content security policy of every page; a tile host is added when the settings name one."""
    tiles = f" {urlsplit(tiles_url).scheme}://{urlsplit(tiles_url).netloc}" if tiles_url else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; "
        f"img-src 'self' data: blob:{tiles}; connect-src 'self'{tiles}; worker-src 'self' blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class Guard:
    """Refuses requests that were not meant for this machine, and puts the security headers on every answer.

    What a request that changes something says is read here, whole, before anything acts on it:
    at most ``LARGEST_BODY_BYTES``, or what ``largest_bodies`` allows for its path.
    """

    def __init__(self, app: ASGIApp, *, tiles_url: str, largest_bodies: Mapping[str, int] | None = None) -> None:
        self._app, self._largest = app, largest_bodies or {}
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

        refusal = find_refusal(scope["method"], scope["headers"])
        if refusal is not None:
            await problem(403, "Refused", refusal)(scope, receive, send_guarded)
        elif len(scope["path"]) > LONGEST_PATH:
            said = f"no address here has a path of more than {LONGEST_PATH} letters"
            await problem(414, "URI too long", said)(scope, receive, send_guarded)
        elif scope["method"] in CHANGING:
            await self._pass_on_whole(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    async def _pass_on_whole(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read what is said, and pass it on in one piece; too much or too slow a body reaches nobody."""
        largest = self._largest.get(scope["path"], LARGEST_BODY_BYTES)
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                body = await _read_body(receive, largest)
        except TimeoutError:
            await problem(408, "Too slow", f"the body did not come within {BODY_WITHIN_S:.0f} s")(scope, receive, send)
            return
        except ClientDisconnect:
            return  # half of what was meant is not what was meant
        if body is None:
            await problem(413, "Too large", f"at most {largest:,} bytes are read here")(scope, receive, send)
            return
        told = False

        async def receive_whole() -> Message:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, receive_whole, send)


async def _read_body(receive: Receive, largest: int) -> bytes | None:
    """The whole body; None where it is larger than ``largest``. Raises ClientDisconnect when it breaks off."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")  # ASGI lets it go where it is empty
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
        if not message.get("more_body", False):  # ASGI's own default
            return b"".join(parts)


def find_refusal(method: str, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Why a request is refused, or None. A page of another site can name neither our Host nor our Origin."""
    said: dict[bytes, str] = {}
    for name, value in headers:
        if name in said and name in ONCE:
            return f"the header {name.decode('latin-1')} is given twice"
        said[name] = value.decode("latin-1")
    host, origin = said.get(b"host"), said.get(b"origin")
    if host is None or not LOOPBACK_HOST.fullmatch(host):
        return f"this Lionrock answers to 127.0.0.1 and localhost, not to Host {host!r}"
    if origin is not None and _host_of(origin) not in {"127.0.0.1", "localhost"}:
        return f"requests from pages of {origin!r} are not answered"
    if method not in READING | CHANGING:
        return f"nothing is done by {method}"
    return None if method in READING else _find_refusal_to_change(method, host, said)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:  # a bracket that nothing closes
        return ""


def _find_refusal_to_change(method: str, host: str, said: Mapping[bytes, str]) -> str | None:
    """Why a request that changes something is refused, or None.

    A browser always says the Origin of such a request. Another port of this machine is the same *site* (so
    SameSite cookies reach us from there) but not the same origin. A program says none; then it must DELETE or
    speak JSON, which a page of another origin cannot do without asking first, and we never answer such a question.
    """
    origin = said.get(b"origin")
    if said.get(b"sec-fetch-site", "same-origin") != "same-origin":
        return "only pages of this Lionrock can change something here"
    if origin is not None:
        own = origin in {f"http://{host}", f"https://{host}"}
        return None if own else f"pages of {origin!r} can change nothing here"
    if method == "POST" and said.get(b"content-type", "").partition(";")[0].strip().lower() != "application/json":
        return "without an Origin only application/json is read"
    return None
