"""Who asks: the session of every request, what a change must bring along, and its fields."""

from __future__ import annotations

import asyncio
import hmac
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lionrock.app.web.guard import LOOPBACK_HOST
from lionrock.core.manifest import Caller
from lionrock.core.records.sessions import Session, Sessions
from lionrock.core.vocabulary import BadInput, NotAllowed, SignedOut, Text

COOKIE = "lionrock_session"
HEADER, FIELD = "X-CSRF-Token", "csrf"
NOBODY = Caller("", frozenset())
MOST_FIELDS = 200
LOOKUPS_AT_ONCE = 2
IN_SCOPE = "lionrock.session"


class WithSession:
    """Looks up the session of every request that brings a token, in threads of its own."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions) -> None:
        self._app, self._sessions = app, sessions
        self._pool = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="sessions")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look up, and pass on."""
        if scope["type"] == "http":
            token = token_of(HTTPConnection(scope))
            find = asyncio.get_running_loop().run_in_executor
            scope[IN_SCOPE] = await find(self._pool, self._sessions.find, token) if token else None
        await self._app(scope, receive, send)


def token_of(connection: HTTPConnection) -> str | None:
    """The session token that a request brings, whether it still holds or not."""
    return connection.cookies.get(COOKIE)


def session_of(connection: HTTPConnection) -> Session | None:
    """The session of a request; None for who is signed out."""
    session: Session | None = connection.scope[IN_SCOPE]
    return session


def caller_of(connection: HTTPConnection) -> Caller:
    """Who asks, with the roles of this moment; without name and roles when signed out."""
    session = session_of(connection)
    return NOBODY if session is None else Caller(session.operator, session.roles)


def tell_session(session: Session | None) -> dict[str, Any]:
    """A session as the API and the pages tell it; ``name`` and ``csrf`` are None when signed out."""
    if session is None:
        return {"name": None, "roles": [], "csrf": None}
    return {"name": session.operator, "roles": sorted(session.roles), "csrf": session.csrf}


def require_role(caller: Caller, role: str) -> None:
    """Raise SignedOut (401) for nobody, NotAllowed (403) for somebody without ``role``."""
    if not caller.name:
        raise SignedOut(Text(en=f"this needs somebody signed in as {role}", tc="須由獲授權的人員登入後執行"))
    if role not in caller.roles:
        raise NotAllowed(Text(en=f"{caller.name} is no {role}", tc=f"{caller.name} 沒有此項職權（{role}）"))


async def read_change(request: Request, role: str | None) -> tuple[Caller, dict[str, Any]]:
    """Who wants to change something, and the fields that they give, once it is sure that they may and want it.

    ``role`` None: anybody who is signed in. Raises SignedOut, NotAllowed (no role, or a CSRF token that is not
    the session's), and BadInput where the fields cannot be read.
    """
    session = session_of(request)
    if session is None:
        raise SignedOut(Text(en="sign in first", tc="請先登入"))
    caller = Caller(session.operator, session.roles)
    fields = await read_fields(request)
    in_field = fields.pop(FIELD, "")
    given = request.headers.get(HEADER) or in_field
    if not hmac.compare_digest(str(given).encode(), session.csrf.encode()):
        raise NotAllowed(
            Text(
                en=f"the {HEADER} header or the field {FIELD!r} is not that of your session: open the page again",
                tc="此表格不屬於你現時的登入：請重新開啟本頁",
            )
        )
    if role is not None:
        require_role(caller, role)
    return caller, fields


async def read_fields(request: Request) -> dict[str, Any]:
    """The fields of a JSON object or of a form; an empty body has none. Raises BadInput."""
    body, kind = await request.body(), request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return {}
    if kind == "application/json":
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(f"this is no JSON object: {error}") from error
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise BadInput(f"this form cannot be read: {error}") from error
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise BadInput(Text(en="a field is given twice", tc="有欄位填寫了兩次"))
        return fields
    raise BadInput("application/json or application/x-www-form-urlencoded is read here", where="Content-Type")


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Give a browser its session: for this site's own requests only, out of reach of scripts, gone with the browser."""
    response.set_cookie(COOKIE, token, path="/", secure=_is_secure(request), httponly=True, samesite="strict")


def drop_cookie(request: Request, response: Response) -> None:
    """Take a browser's session back."""
    response.delete_cookie(COOKIE, path="/", secure=_is_secure(request), httponly=True, samesite="strict")


def client_of(connection: HTTPConnection) -> str:
    """The address that a request came from, as the socket says; headers about it are anybody's word."""
    return connection.client.host if connection.client else "unknown"


def _is_secure(request: Request) -> bool:
    """Browsers keep no Secure cookie of plain HTTP; on loopback nothing travels."""
    return request.url.scheme == "https" or LOOPBACK_HOST.fullmatch(request.headers["host"]) is None
