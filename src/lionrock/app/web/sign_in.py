"""Signing in and out: a page that works without scripts, and the same over the API."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lionrock.app.openapi import API
from lionrock.app.pages.words import words_for
from lionrock.app.web.pages import DONE, Pages, language_of
from lionrock.app.web.sessions import (
    FIELD,
    client_of,
    drop_cookie,
    read_change,
    read_fields,
    session_of,
    set_cookie,
    tell_session,
    token_of,
)
from lionrock.core.records.sessions import Session, Sessions
from lionrock.core.vocabulary import BadInput, Language, NotYet, SignedOut, Text, TooManyTries

FORM_COOKIE = "lionrock_form"
OWN_PAGE = re.compile(r"/(?:en|tc|sc)/(?!sign-)(?P<rest>(?:[A-Za-z0-9][\w./~-]*)?(?:\?[\w.~=&%+:,/-]*)?)")
LONGEST_NEXT = 500
LONGEST_NAME = 200
HASHES_AT_ONCE = 2  # each takes 64 MiB
MOST_WAITING = 100  # sign-ins; more are sent away, so that who floods the form makes nobody wait for minutes


BUSY = Text(
    en="too many people sign in at this moment; try again in half a minute",
    tc="此刻有太多人同時登入，請半分鐘後再試",
)


class Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """What signs in."""

    name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
    password: Annotated[str, msgspec.Meta(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form holds when it is shown: where to go next, and the name as it was given before."""

    next: str = ""
    name: str = ""


class SignIn:
    """The routes of signing in."""

    def __init__(self, sessions: Sessions, pages: Pages) -> None:
        self._sessions, self._pages = sessions, pages
        self._pool = ThreadPoolExecutor(HASHES_AT_ONCE, thread_name_prefix="sign-in")
        self._waiting = 0
        self._secret = secrets.token_bytes(32)

    @property
    def routes(self) -> list[Route]:
        """Everything that is served here."""
        return [
            Route(f"{API}/session", self.tell, methods=["GET"]),
            Route(f"{API}/session", self.begin, methods=["POST"]),
            Route(f"{API}/session", self.end, methods=["DELETE"]),
            Route("/{language}/sign-in", self.show_form, methods=["GET"]),
            Route("/{language}/sign-in", self.take_form, methods=["POST"]),
            Route("/{language}/sign-out", self.leave, methods=["POST"]),
        ]

    async def tell(self, request: Request) -> Response:
        """Who is signed in."""
        return _told(session_of(request))

    async def begin(self, request: Request) -> Response:
        """Sign in with a name and a password as JSON."""
        token, session = await self._sign_in(request, await read_fields(request))
        response = _told(session)
        set_cookie(request, response, token)
        return response

    async def end(self, request: Request) -> Response:
        """Sign out."""
        await read_change(request, None)
        await self._sign_out(request)
        response = _told(None)
        drop_cookie(request, response)
        return response

    async def show_form(self, request: Request) -> Response:
        """The page that asks for a name and a password."""
        return await self._form(request, Filled(next=request.query_params.get("next", "")))

    async def take_form(self, request: Request) -> Response:
        """Take the page's form: on to the page that was wanted, or the form again with what went wrong."""
        language, fields = language_of(request), await read_fields(request)
        filled = Filled(next=str(fields.pop("next", "")), name=str(fields.get("name", ""))[:LONGEST_NAME])
        if not hmac.compare_digest(str(fields.pop(FIELD, "")).encode(), self._proof_of(request).encode()):
            return await self._form(request, filled, "sign_in.stale", 403)
        try:
            token, _ = await self._sign_in(request, fields)
        except TooManyTries as error:
            return await self._form(request, filled, "sign_in.wait", 429, wait_s=_seconds(error))
        except (SignedOut, BadInput):
            return await self._form(request, filled, "sign_in.not_right", 403)
        response = RedirectResponse(own_page(language, filled.next), 303)
        set_cookie(request, response, token)
        response.delete_cookie(FORM_COOKIE, path="/", httponly=True, samesite="strict")
        return response

    async def leave(self, request: Request) -> Response:
        """Sign out by the button of a page; who is signed out already just goes on."""
        response = RedirectResponse(f"/{language_of(request)}/", 303)
        if session_of(request) is not None:
            await read_change(request, None)
            await self._sign_out(request)
        drop_cookie(request, response)
        return response

    async def _sign_in(self, request: Request, fields: dict[str, Any]) -> tuple[str, Session]:
        try:
            given = msgspec.convert(fields, Credentials)
        except msgspec.ValidationError as error:
            raise BadInput(f"a session wants a name and a password: {error}") from error
        old, client = token_of(request), client_of(request)

        def sign_in() -> tuple[str, Session]:
            return self._sessions.sign_in(given.name, given.password, client, instead_of=old)

        if self._waiting >= MOST_WAITING:
            raise NotYet(BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, sign_in)
        finally:
            self._waiting -= 1

    async def _sign_out(self, request: Request) -> None:
        token = token_of(request)
        if token is not None:
            await asyncio.to_thread(self._sessions.sign_out, token, client_of(request))

    async def _form(
        self, request: Request, filled: Filled, problem: str | None = None, status: int = 200, *, wait_s: int = 0
    ) -> Response:
        """The form, with a proof that only this browser can send back, so that nobody signs it in as themselves."""
        language, kept = language_of(request), f"?next={quote(filled.next, safe='')}" if filled.next else ""
        cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
        context = {
            "problem": problem,
            "wait_s": wait_s,
            "given": filled.name,
            "next": own_page(language, filled.next),
            "proof": self._sign(cookie),
        }
        response = await self._pages.rendered(
            request, "sign_in", language, f"sign-in{kept}", words_for(language)["sign_in.title"], context
        )
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(FORM_COOKIE, cookie, path="/", httponly=True, samesite="strict")
        if wait_s:
            response.headers["Retry-After"] = str(wait_s)
        return response

    def _proof_of(self, request: Request) -> str:
        """What the form must bring along; random where the browser has no cookie of ours, so nothing matches."""
        return self._sign(request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16))

    def _sign(self, cookie: str) -> str:
        return hmac.new(self._secret, cookie.encode(), "sha256").hexdigest()


def ask_to_sign_in(request: Request) -> Response:
    """Send a browser to the sign-in page, and from there to where it wanted to go."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/{language_of(request)}/sign-in?next={quote(wanted, safe='')}", 303)


def own_page(language: Language, wanted: str) -> str:
    """Where to go after signing in: the page that was wanted, in ``language``, when it is one of ours; else the first.

    Only what looks exactly like a page's path is taken, so it can name no other site; nor back to signing in.
    """
    own = OWN_PAGE.fullmatch(wanted) if len(wanted) <= LONGEST_NEXT else None
    return f"/{language}/{own['rest'] if own else ''}"


def back_to(wanted: str, entry: int) -> RedirectResponse:
    """To the page that a form came from, in its own language, which tells what was done: the journal's ``entry``."""
    first = wanted.strip("/").partition("/")[0]
    page = own_page(Language(first) if first in set(Language) else Language.EN, wanted)
    return RedirectResponse(f"{page}{'&' if '?' in page else '?'}{DONE}={entry}", 303)


def _told(session: Session | None) -> Response:
    body = msgspec.json.encode(tell_session(session))
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def _seconds(error: TooManyTries) -> int:
    return max(round(error.wait.total_seconds()), 1)
