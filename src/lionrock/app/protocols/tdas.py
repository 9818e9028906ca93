"""The Transport Department's TDAS route interface, so that its clients can point at us: ``POST /tdas/api/route``.

Its shape is read in clients' code, no specification was at hand: a request ``{start: {lat, long, buffer?},
end, departIn?, lang?, type?, tunnel?}``, an answer ``{eta: "hh:mm", distM, distU, jSpeed: "45 km/h", cht, eht,
wht, route: [{segment: [{rid: [ROUTE_ID, ...]}]}]}``, and ``{Message}`` where there is none; without a language
it speaks Traditional Chinese. What is ours: a segment is a stretch of one road (``dir`` is left out, its meaning
was not found), ``simulated`` says that the answer comes from a twin, and errors come with a status.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lionrock.app.house import House
from lionrock.app.protocols.tdas_shapes import (
    CROSSINGS,
    PATH,
    QUESTION,
    Message,
    Numbered,
    RouteAnswer,
    RouteRequest,
    Segments,
    Spoken,
)
from lionrock.app.validation import tell_invalid
from lionrock.app.web.answers import read_query
from lionrock.app.web.sessions import NOBODY
from lionrock.core.vocabulary import BadInput, LionrockError, NotFound, NotYet, Text

LARGEST_BODY_BYTES = 2048
AT_ONCE = 2  # searches, beside what the pages ask
MOST_WAITING = 32
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
NOT_READ = Text(en="The request could not be read", tc="無法讀取要求")
NO_ROAD = Text(en="No road is within {m} m of the {end}", tc="距離{end}位置{m}米以內沒有道路")
NOT_FOUND = Text(en="No route was found", tc="找不到路線")
NOT_READY = Text(en="No traffic data at present", tc="暫時沒有交通數據")
COLON = Text(en=": ", tc="：")
BUSY = Text(en="Too many requests", tc="要求過多")
ENDS = {"start": Text(en="start", tc="起點"), "end": Text(en="end", tc="終點")}


class Tdas:
    """The one route of the interface, over whichever service answers ``journeys/route``."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @property
    def routes(self) -> list[Route]:
        """Everything that is served here; nothing where no service plans journeys."""
        found = [
            (service, question)
            for service in self._house.catalogue.services
            for question in service.questions
            if question.path == QUESTION
        ]
        if not found:
            return []
        service, question = found[0]

        async def endpoint(request: Request) -> Response:
            body = await request.body()
            try:
                asked = msgspec.json.decode(body, type=RouteRequest, strict=False)
            except msgspec.ValidationError as error:
                return _unread(tell_invalid(error, RouteRequest), _language_of(body))
            except UNREADABLE as error:
                return _message(400, f"{NOT_READ.say('en')}: {error}")
            if self._waiting >= MOST_WAITING:
                return _message(503, BUSY.say(asked.lang))
            query = read_query(question, as_query(asked))
            self._waiting += 1
            try:
                async with self._turn:
                    city = self._house.cities[service.id]
                    answer = await asyncio.to_thread(question.answer, city, query, NOBODY)
            except (BadInput, NotFound, NotYet) as error:
                return _failed(error, asked)
            finally:
                self._waiting -= 1
            return told(msgspec.to_builtins(answer), asked)

        return [Route(PATH, endpoint, methods=["POST"])]


def as_query(asked: RouteRequest) -> dict[str, str]:
    """A request as the question's query; a tunnel that is named closes the other crossings."""
    others = [name for code, name in CROSSINGS.items() if asked.tunnel is not None and code != asked.tunnel]
    return {
        "start": f"{asked.start.lat:.6f}, {asked.start.long:.6f}",
        "end": f"{asked.end.lat:.6f}, {asked.end.long:.6f}",
        "depart_in": str(asked.departIn),
        "avoid_road": ";".join(others),
    }


def told(answer: Mapping[str, Any], asked: RouteRequest) -> Response:
    """An answer in the interface's shape; a Message where an end is farther from a road than its buffer."""
    for end in ("start", "end"):
        buffer_m = getattr(asked, end).buffer
        if buffer_m is not None and answer[end]["access_m"] > buffer_m:
            words = NO_ROAD.say(asked.lang).format(m=f"{buffer_m:g}", end=ENDS[end].say(asked.lang))
            return _message(404, words)
    journey = answer["journeys"][0]
    roads = {leg["road"]["en"] for leg in journey["legs"]}
    body = RouteAnswer(
        eta=eta(journey["duration_min"]),
        distM=round(journey["distance_km"] * 1000),
        distU=_with_unit(journey["distance_km"], 1, asked.lang, "km", "公里"),
        jSpeed=_with_unit(journey["speed_kmh"], 0, asked.lang, "km/h", "公里/小時"),
        **{code: name in roads for code, name in CROSSINGS.items()},
        route=[Segments([Numbered([int(road) for road in leg["road_ids"]]) for leg in journey["legs"]])],
        simulated=answer["simulated"],
    )
    return Response(msgspec.json.encode(body), media_type="application/json", headers={"Cache-Control": "no-store"})


def eta(minutes: float) -> str:
    """Hours and whole minutes, rounded up: nobody arrives in no time."""
    whole = max(1, math.ceil(minutes))
    return f"{whole // 60:02}:{whole % 60:02}"


def _with_unit(value: float, digits: int, lang: str, latin: str, chinese: str) -> str:
    """The clients look for the number and, in Chinese, for the unit right behind it."""
    number = f"{value:.{digits}f}"
    return f"{number} {latin}" if lang == "en" else f"{number}{Text(tc=chinese).say(lang)}"


def _failed(error: LionrockError, asked: RouteRequest) -> Response:
    if isinstance(error, NotYet):
        return _message(503, NOT_READY.say(asked.lang))
    if isinstance(error, NotFound):
        return _message(404, _with_reason(NOT_FOUND, error, asked.lang))
    return _unread(error, asked.lang)


def _unread(error: LionrockError, language: str) -> Response:
    return _message(400, _with_reason(NOT_READ, error, language))


def _with_reason(words: Text, error: LionrockError, language: str) -> str:
    """Words with an error's reason where it is known in their language: half a sentence in each is none in either."""
    known = language == "en" or error.told.tc
    return f"{words.say(language)}{COLON.say(language)}{error.told.say(language)}" if known else words.say(language)


def _language_of(body: bytes) -> str:
    """The language of a request that cannot be read as a whole; Traditional Chinese where it names none."""
    try:
        return msgspec.json.decode(body, type=Spoken).lang
    except UNREADABLE:  # it is none of the three, or what follows is no JSON
        return Spoken().lang


def _message(status: int, words: str) -> Response:
    return Response(msgspec.json.encode(Message(words)), status, media_type="application/json")
