"""The only place where errors become HTTP: RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from lionrock.core.vocabulary import (
    BadInput,
    LionrockError,
    NotAllowed,
    NotFound,
    NotYet,
    Refused,
    SignedOut,
    StoreClosed,
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


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Make a problem details answer."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(msgspec.json.encode(body), status, headers, media_type="application/problem+json")


def headers_of(error: Exception) -> dict[str, str]:
    """What the answer's headers say of an error: when to come back."""
    return {"Retry-After": f"{error.wait.total_seconds():.0f}"} if isinstance(error, TooManyTries) else {}


def describe_error(request: Request, error: Exception) -> tuple[int, str, str]:
    """Say an error as (status, title, detail); one that nobody meant is logged with its trace and told in one line."""
    for kind, status, title in STATUSES:
        if isinstance(error, kind):
            return status, title, str(error)
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return 500, "Something went wrong here", "the error is in the log; nothing stored was lost"


def wants_a_page(request: Request) -> bool:
    """Whether a person's browser asks for a page or sends a page's form, and not a program for data."""
    if "text/html" not in request.headers.get("accept", ""):
        return False
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return form or not request.url.path.startswith(("/api/", "/static/"))
