"""The pages: templates filled with what the house knows, in the language of the path."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lionrock.app.acting import Done, tell_entry
from lionrock.app.house import House
from lionrock.app.openapi import API
from lionrock.app.pages.render import Templates
from lionrock.app.pages.roads import rows_of_roads
from lionrock.app.pages.words import words_for
from lionrock.app.progress import Progress
from lionrock.app.register import list_ai_uses, list_datasets, list_flows, list_services
from lionrock.app.status import describe_status, list_silent
from lionrock.app.web.answers import caller_told, read_query
from lionrock.app.web.problems import language_of_words, preferred_language
from lionrock.app.web.sessions import NOBODY, caller_of, session_of, tell_session
from lionrock.core.manifest import Caller, Page, Question, Service
from lionrock.core.manifest.names import list_holes
from lionrock.core.vocabulary import BadInput, Language, NotFound, NotYet, Text

NETWORK, SPEEDS = "traffic/network", "traffic/speeds"
BAD_REQUEST = 400
DONE = "done"  # the number of what was just done, for the page that a form comes back to
LONGEST_NUMBER = 15
AT_ONCE = 2  # filling takes a processor, hardly any waiting
MOST_ROADS = 60  # in the page itself; the API has them all
Endpoint = Callable[[Request], Awaitable[Response]]


def language_of(request: Request) -> Language:
    """The language of the path; raises NotFound for any other word."""
    try:
        return Language(request.path_params["language"])
    except ValueError as error:
        where = request.url.path
        raise NotFound(Text(en=f"no page at {where}", tc=f"{where} 沒有網頁")) from error


class Pages:
    """Every page of the console."""

    def __init__(self, house: House, progress: Progress) -> None:
        self._house, self._progress = house, progress
        self._pool = ThreadPoolExecutor(
            AT_ONCE, thread_name_prefix="pages"
        )  # the house's own work keeps nobody waiting
        city = house.catalogue
        self._templates = Templates(city.words, map(city.pages_of, city.services), city.links, city.further)

    def page(
        self, path: str, template: str, gather: Callable[[House, Progress], dict[str, Any]], title: str
    ) -> Endpoint:
        """Make the endpoint of a page whose context ``gather`` collects in a worker thread."""

        async def endpoint(request: Request) -> Response:
            language, heard = language_of(request), self._house.bus.newest
            context = await asyncio.to_thread(gather, self._house, self._progress)
            context["heard"] = heard
            return await self.rendered(request, template, language, path, words_for(language)[title], context)

        return endpoint

    def answer_page(self, service: Service[Any], page: Page, question: Question[Any, Any]) -> Endpoint:
        """Make the endpoint of a page that renders a question's answer."""

        async def endpoint(request: Request) -> Response:
            language = language_of(request)
            caller = caller_told(question, caller_of(request))
            heard = self._house.bus.newest  # before anything is read: what changes meanwhile is told again

            def answer(asked: Mapping[str, str]) -> dict[str, Any]:
                of_one = list_holes(question.path)  # which one, nobody says for the reader
                query = read_query(question, asked) if asked or of_one else question.example
                return context_of(self._house, service, page, question, query, caller)

            asked = asked_of(request)
            context, wrong = await asyncio.to_thread(answer_what_can_be, answer, asked)
            left_out = [{**tell_problem(error.why, language), "asked": list_fields(asked, error)} for error in wrong]
            context |= {"heard": heard, "left_out": left_out}
            response = await self.rendered(request, template_of(page), language, page.path, page.title, context)
            response.status_code = BAD_REQUEST if left_out else response.status_code
            return response

        return endpoint

    async def problem_page(self, request: Request, status: int, title: str, told: Text) -> Response:
        """Tell a person in a browser what a program is told as problem details."""
        asked = request.headers.get("referer", "") if request.url.path.startswith(API) else request.url.path
        asked_place = _split(asked)
        first, _, rest = asked_place.path.lstrip("/").partition("/")  # a form sent to the API came from our page
        accepted = preferred_language(request.headers.get("accept-language", ""))
        language = Language(first) if first in set(Language) else accepted
        back = asked_place._replace(scheme="", netloc="").geturl() if request.method == "POST" else ""
        context = {"problem": {"title": title, "status": status, "back": back, **tell_problem(told, language)}}
        path = rest if first in set(Language) else ""
        title = words_for(language).get(f"error.{status}", title)
        response = await self.rendered(request, "error", language, path, title, context)
        response.status_code = status
        return response

    async def root(self, request: Request) -> Response:
        """Send a visitor to the console in the language that the browser prefers."""
        language = preferred_language(request.headers.get("accept-language", ""))
        return RedirectResponse(f"/{language}/", 302, headers={"Vary": "Accept-Language"})

    async def rendered(
        self, request: Request, template: str, language: Language, path: str, title: Any, context: dict[str, Any]
    ) -> Response:
        """A page, with who is signed in; what names a person is kept by no browser and no proxy.

        It is filled in a worker thread: the streams and the other answers go on meanwhile.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._fill, request, template, language, path, title, context)

    def _fill(
        self, request: Request, template: str, language: Language, path: str, title: Any, context: dict[str, Any]
    ) -> Response:
        source, session = self._house.settings.source, session_of(request)
        body = self._templates.render(
            template,
            language,
            path=path,
            place=_place(path, asked_of(request)) if request.method == "GET" else path,
            done=None if session is None else self._just_done(request),
            title=title,
            source=str(source),
            simulated=source == "twin",
            caller=tell_session(session),
            **context,
        )
        kept = "no-cache" if session is None else "no-store"
        headers = {"Content-Language": language.tag, "Cache-Control": kept, "Vary": "Cookie"}
        return Response(body, media_type="text/html", headers=headers)

    def _just_done(self, request: Request) -> Done | None:
        """The journal's entry that the form before this page made; None for no number or no entry."""
        number = request.query_params.get(DONE, "")
        if not number.isdecimal() or len(number) > LONGEST_NUMBER:
            return None
        try:
            return tell_entry(self._house, self._house.journal.get(int(number)))
        except NotFound:
            return None


def tell_problem(told: Text, language: Language) -> dict[str, str]:
    """A problem's words, and the tag of the language that they are in."""
    return {"detail": told.say(language), "detail_tag": language_of_words(told, language).tag}


def answer_what_can_be(
    answer: Callable[[Mapping[str, str]], dict[str, Any]], asked: Mapping[str, str]
) -> tuple[dict[str, Any], list[BadInput]]:
    """The answer to what was asked without the fields that are wrong, and what is wrong with each of these.

    Raises BadInput where nothing that was given is at fault, or the rest is no question.
    """
    left_out: list[BadInput] = []
    while True:
        try:
            return answer(asked), left_out
        except BadInput as error:
            wrong = list_fields(asked, error)
            if not wrong:
                raise (left_out[0] if left_out else error) from error
            left_out.append(error)
            asked = {name: value for name, value in asked.items() if name not in wrong}


def list_fields(asked: Mapping[str, str], error: BadInput) -> dict[str, str]:
    """The fields of what was asked that an error is about."""
    names = {name.strip() for name in error.where.split(",")}
    return {name: value for name, value in asked.items() if name in names}


def template_of(page: Page) -> str:
    """The name of a page's template."""
    return page.template.removesuffix(".html")


def context_of(
    house: House, service: Service[Any], page: Page, question: Question[Any, Any], query: object, caller: Caller
) -> dict[str, Any]:
    """What the template of a page that renders a question's answer knows beside its frame."""
    return {
        "service": {"id": service.id, "title": service.title},
        "question": page.title,
        "api_href": f"{API}/{question.path}",
        "answer": msgspec.to_builtins(question.answer(house.cities[service.id], query, caller)),
        "query": msgspec.to_builtins(query),
        "silent": list_silent(house, service),
        "own": house.catalogue.pages_of(service),
        **{draw.__name__: draw for draw in page.draws},
    }


def asked_of(request: Request) -> dict[str, str]:
    """What a page was asked, without what only its frame reads."""
    return {name: value for name, value in request.query_params.items() if name != DONE}


def _split(address: str) -> SplitResult:
    """The parts of an address that was sent to us; all of them empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _place(path: str, asked: dict[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked and "?" not in path else path


def console_context(house: House, _progress: Progress) -> dict[str, Any]:
    """The console: tiles when the settings name some, and the slowest roads for readers without JavaScript."""
    settings = house.settings
    logo = None if settings.tiles_logo is None else _as_data(settings.tiles_logo)
    tiles = {"url": settings.tiles_url, "attribution": settings.tiles_attribution, "logo": logo}
    return {"tiles": tiles if settings.tiles_url else None, "roads": _slowest_roads(house)}


def _as_data(image: Path) -> str:
    """An image within the page itself: no other host need be allowed for it."""
    kind = mimetypes.guess_type(image.name)[0] or "image/png"
    return f"data:{kind};base64,{base64.b64encode(image.read_bytes()).decode()}"


def _slowest_roads(house: House) -> list[dict[str, Any]]:
    """Rows of the slowest roads now; none while there is nothing to tell."""
    asked = {question.path: question for service in house.catalogue.services for question in service.questions}
    if not {NETWORK, SPEEDS} <= asked.keys():
        return []
    city = house.cities[NETWORK.partition("/")[0]]
    try:
        network, speeds = (
            msgspec.to_builtins(asked[path].answer(city, asked[path].example, NOBODY)) for path in (NETWORK, SPEEDS)
        )
    except NotYet:
        return []
    return rows_of_roads(network, speeds)[:MOST_ROADS]


def status_context(house: House, progress: Progress) -> dict[str, Any]:
    """The status page."""
    return {"status": msgspec.to_builtins(describe_status(house, progress))}


def services_context(house: House, _progress: Progress) -> dict[str, Any]:
    """The list of services."""
    return {"services": msgspec.to_builtins(list_services(house))}


def ai_context(house: House, _progress: Progress) -> dict[str, Any]:
    """The AI register."""
    return {"records": msgspec.to_builtins(list_ai_uses(house))}


def flow_context(house: House, _progress: Progress) -> dict[str, Any]:
    """The data-flow map."""
    services = house.catalogue.services
    return {
        "flows": msgspec.to_builtins(list_flows(house.catalogue)),
        "titles": {dataset.id: dataset.title for service in services for dataset in service.publishes},
        "readers": {service.id: service.title for service in services},
    }


def datasets_context(house: House, _progress: Progress) -> dict[str, Any]:
    """The catalogue."""
    return {"datasets": msgspec.to_builtins(list_datasets(house.catalogue))}
