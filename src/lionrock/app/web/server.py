"""The web application, put together from the catalogue."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from lionrock.app.house import House
from lionrock.app.open_data.versions import require_open
from lionrock.app.openapi import API, describe_api
from lionrock.app.pages import render
from lionrock.app.progress import Progress
from lionrock.app.protocols import tdas
from lionrock.app.protocols.tdas_shapes import PATH as TDAS_PATH
from lionrock.app.status import describe_status
from lionrock.app.web import pages
from lionrock.app.web.actions import LARGEST_NUMBER, Deeds
from lionrock.app.web.answers import AnswerEndpoint, Answers, Shortcut
from lionrock.app.web.downloads import OpenData
from lionrock.app.web.guard import Guard
from lionrock.app.web.models import Lives
from lionrock.app.web.problems import describe_error, headers_of, preferred_language, problem, wants_a_page, where_of
from lionrock.app.web.sessions import WithSession
from lionrock.app.web.sign_in import SignIn, ask_to_sign_in
from lionrock.app.web.stream import ChangeStream
from lionrock.core.clock import RealClock
from lionrock.core.records.sessions import Sessions
from lionrock.core.vocabulary import LionrockError, NotFound, SignedOut, Text

PAGES = (
    ("", "console", pages.console_context, "nav.console"),
    ("status", "status", pages.status_context, "nav.status"),
    ("services", "services", pages.services_context, "nav.services"),
    ("ai-register", "ai_register", pages.ai_context, "nav.ai_register"),
    ("data-flow", "data_flow", pages.flow_context, "nav.data_flow"),
    ("datasets", "datasets", pages.datasets_context, "nav.datasets"),
)


HASHED = re.compile(r"-([0-9a-f]{10}|[0-9A-Z]{8})\.\w+$")  # ours, and those of parts that islands share
PathLike = str | os.PathLike[str]


class AgelessStatic(StaticFiles):
    """Built files: those whose name carries their content's hash may be kept for ever, the others are asked again."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Add how long a file may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        hashed = HASHED.search(os.fspath(full_path)) is not None
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response


def web_app(house: House, progress: Progress, waits_for: Callable[[], str | None]) -> ASGIApp:
    """Put the application together. ``waits_for`` says what the first map still waits for, or None."""
    answers = Answers(house)
    sessions = Sessions(house.engine, RealClock().now)  # people live in real time, whatever the source's clock shows
    app = routed(house, progress, waits_for, answers, sessions)
    inner = Shortcut(WithSession(app, sessions=sessions), answers=answers)
    largest = {TDAS_PATH: tdas.LARGEST_BODY_BYTES}
    return Guard(inner, tiles_url=house.settings.tiles_url, largest_bodies=largest)  # around everything, errors too


def routed(
    house: House, progress: Progress, waits_for: Callable[[], str | None], answers: Answers, sessions: Sessions
) -> Starlette:
    """Every route of the house and of its services. What the house's own take is reserved in ``app.paths``."""
    shown = pages.Pages(house, progress)
    api = json_bytes(describe_api(house.catalogue))

    async def health(_request: Request) -> Response:
        missing = waits_for()
        if missing is None:
            return Response(b'{"state":"ready"}', media_type="application/json")
        body = {"state": "starting", "waits_for": missing}
        return Response(json_bytes(body), 503, media_type="application/json", headers={"Retry-After": "1"})

    async def status(_request: Request) -> Response:
        described = await asyncio.to_thread(describe_status, house, progress)
        return Response(json_bytes(described), media_type="application/json", headers={"Cache-Control": "no-store"})

    async def openapi(_request: Request) -> Response:
        return Response(api, media_type="application/json")

    async def set_aside(request: Request) -> Response:
        number = min(request.path_params["number"], LARGEST_NUMBER)
        kept = await asyncio.to_thread(house.states.get_set_aside, number)
        require_open(house, kept.feed)
        body = await asyncio.to_thread(house.aside.read, kept.file)
        headers = {"Content-Disposition": f'attachment; filename="set-aside-{kept.id}.txt"'}
        return Response(body, media_type="text/plain", headers=headers)

    async def failed(request: Request, error: Exception) -> Response:
        told = describe_error(request, error)
        if not wants_a_page(request):
            asked_in = preferred_language(request.headers.get("accept-language", ""))
            return problem(*told, headers_of(error), asked_in, where_of(error))
        signed_out = isinstance(error, SignedOut) and request.method == "GET"
        return ask_to_sign_in(request) if signed_out else await shown.problem_page(request, *told)

    async def missing(request: Request, _error: Exception) -> Response:
        return await failed(
            request, NotFound(Text(en=f"nothing is at {request.url.path}", tc=f"{request.url.path} 沒有內容"))
        )

    async def wrong_method(request: Request, error: Exception) -> Response:
        allowed = error.headers if isinstance(error, HTTPException) else None
        return problem(405, "Not allowed here", f"{request.url.path} does not answer {request.method}", allowed)

    questions = [
        Route(f"{API}/{question.path}", AnswerEndpoint(answers, service, question).answer, methods=["GET"])
        for service in house.catalogue.services
        for question in service.questions
    ]
    own_pages = [
        Route(f"/{{language}}/{path}", shown.page(path, template, gather, title))
        for path, template, gather, title in PAGES
    ]
    service_pages = [
        Route(
            f"/{{language}}/{page.path}",
            shown.answer_page(service, page, next(q for q in service.questions if q.path == page.shows)),
        )
        for service in house.catalogue.services
        for page in service.pages
    ]
    return Starlette(
        routes=[
            Route("/", shown.root),
            Route("/health", health),
            Route("/status.json", status),
            Route("/openapi.json", openapi),
            Route("/set-aside/{number:int}", set_aside),
            Route(f"{API}/stream", ChangeStream(house).open),
            *questions,
            *SignIn(sessions, shown).routes,
            *Deeds(house, shown).routes,
            *Lives(house, shown).routes,
            *OpenData(house, shown).routes,
            *tdas.Tdas(house).routes,
            Mount("/static", AgelessStatic(directory=render.STATIC, check_dir=False)),
            *own_pages,
            *service_pages,
        ],
        exception_handlers={LionrockError: failed, Exception: failed, 404: missing, 405: wrong_method},
    )


def json_bytes(value: object) -> bytes:
    """Encode an answer as JSON."""
    return msgspec.json.encode(value)
