"""The only place where errors become HTTP: RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from lionrock.app.web.accepted import list_accepted
from lionrock.core.vocabulary import (
    BadInput,
    Language,
    LionrockError,
    NotAllowed,
    NotFound,
    NotYet,
    Refused,
    SignedOut,
    StoreClosed,
    Text,
    TooManyTries,
    UndeclaredRead,
)

log = structlog.get_logger()

STATUSES: tuple[tuple[type[LionrockError], int, str], ...] = (
    (BadInput, 400, "The request cannot be read"),
    (SignedOut, 401, "Sign in first"),
    (NotAllowed, 403, "Not allowed"),
    (TooManyTries, 429, "Too many tries"),
    (NotFound, 404, "Not found"),
    (Refused, 409, "Not as things stand"),
    (NotYet, 503, "Not yet"),
    (StoreClosed, 503, "Stopping"),
    (UndeclaredRead, 500, "A service overstepped its declaration"),
)


IN_THE_LOG = Text(en="the error is in the log; nothing stored was lost", tc="錯誤已記錄在案；已儲存的資料沒有遺失")


def problem(
    status: int,
    title: str,
    detail: str | Text,
    headers: Mapping[str, str] | None = None,
    language: Language = Language.EN,
    where: str = "",
) -> Response:
    """Make a problem details answer; its detail is in ``language`` where that has words, and says in which it is.

    ``where`` names what was given wrong, for programs.
    """
    told = detail if isinstance(detail, Text) else Text(en=detail)
    body = {"type": "about:blank", "title": title, "status": status, "detail": told.say(language)}
    body |= {"where": where} if where else {}
    said_in = {"Content-Language": language_of_words(told, language).tag, "Vary": "Accept-Language"}
    return Response(
        msgspec.json.encode(body), status, {**said_in, **(headers or {})}, media_type="application/problem+json"
    )


def language_of_words(told: Text, language: Language) -> Language:
    """The language that ``told.say(language)`` is in."""
    return language if {"en": told.en, "tc": told.tc, "sc": told.sc}[language] else Language.EN


def preferred_language(accept: str) -> Language:
    """Choose by an Accept-Language header: Simplified for zh-CN, zh-SG and Hans, Traditional for other Chinese."""
    for tag in list_accepted(accept):
        if tag.startswith("en"):
            return Language.EN
        if tag.startswith("zh"):
            return Language.SC if any(mark in tag for mark in ("hans", "-cn", "-sg")) else Language.TC
    return Language.EN


NOT_YET_S = "30"


def headers_of(error: Exception) -> dict[str, str]:
    """What the answer's headers say of an error: when to come back."""
    if isinstance(error, NotYet):
        return {"Retry-After": NOT_YET_S}
    return {"Retry-After": f"{error.wait.total_seconds():.0f}"} if isinstance(error, TooManyTries) else {}


def where_of(error: Exception) -> str:
    """The parameter or field that an error is about, if it says."""
    return error.where if isinstance(error, BadInput) else ""


def describe_error(request: Request, error: Exception) -> tuple[int, str, Text]:
    """Say an error as (status, title, detail); one that nobody meant is logged with its trace and told in one line."""
    for kind, status, title in STATUSES:
        if isinstance(error, kind):
            return status, title, error.told
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return 500, "Something went wrong here", IN_THE_LOG


def wants_a_page(request: Request) -> bool:
    """Whether a person's browser asks for a page or sends a page's form, and not a program for data."""
    if "text/html" not in request.headers.get("accept", ""):
        return False
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return form or not request.url.path.startswith(("/api/", "/static/"))
