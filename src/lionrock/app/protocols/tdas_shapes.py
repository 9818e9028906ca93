"""The shapes of the TDAS route interface: what a client sends, what it is answered, and their OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

PATH = "/tdas/api/route"
QUESTION = "journeys/route"  # what answers it; without a service that does, the interface is not there
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
TAG = "tdas"
CROSSINGS = {
    "cht": "Cross Harbour Tunnel",
    "eht": "Eastern Harbour Crossing",
    "wht": "Western Harbour Crossing",
}


class Point(msgspec.Struct):
    """A place; ``buffer`` is how many metres away a road may be."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    long: Annotated[float, Meta(ge=-180, le=180)]
    buffer: Annotated[float, Meta(gt=0, le=10_000)] | None = None


class RouteRequest(msgspec.Struct):
    """What a client sends; other fields are let go. ``departIn`` is in minutes; ST is the shortest time."""

    start: Point
    end: Point
    departIn: Annotated[int, Meta(ge=0, le=1440)] = 0  # noqa: N815 - the interface's name
    lang: Literal["en", "tc", "sc"] = "tc"
    type: Literal["ST"] = "ST"
    tunnel: Literal["cht", "eht", "wht"] | None = None


class Spoken(msgspec.Struct):
    """The language of a request, for what is said when the rest of it cannot be read."""

    lang: Literal["en", "tc", "sc"] = "tc"


class Numbered(msgspec.Struct):
    """A stretch of one road: the ROUTE_IDs of its segments, in the order in which they are driven."""

    rid: list[int]


class Segments(msgspec.Struct):
    """The stretches of a route."""

    segment: list[Numbered]


class RouteAnswer(msgspec.Struct):
    """The quickest route: ``eta`` is its duration, hh:mm; ``distM`` metres; the others are words to show.

    ``cht``, ``eht`` and ``wht`` say which harbour crossing it takes; ``simulated`` is ours: the roads are a twin's.
    """

    eta: Annotated[str, Meta(pattern=r"^\d\d+:[0-5]\d$")]
    distM: int  # noqa: N815 - the interface's name
    distU: str  # noqa: N815 - the same
    jSpeed: str  # noqa: N815 - the same
    cht: bool
    eht: bool
    wht: bool
    route: list[Segments]
    simulated: bool


class Message(msgspec.Struct):
    """Why there is no route, in the language that was asked for."""

    Message: str


EXAMPLE = {
    "start": {"lat": 22.383, "long": 114.1905},
    "end": {"lat": 22.2868, "long": 114.1545},
    "departIn": 15,
    "lang": "en",
    "type": "ST",
}


def describe_tdas(reference: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The interface's path and its components, as OpenAPI has them; ``reference`` is how schemas are named."""
    (asked, told, refused), components = msgspec.json.schema_components(
        [RouteRequest, RouteAnswer, Message], ref_template=reference
    )
    refusals = {
        "400": "The request could not be read.",
        "404": "No route, or no road within an end's buffer.",
        "503": "No traffic data yet, or too many requests at once.",
    }
    post = {
        "operationId": "tdas_route",
        "summary": "The quickest way by car, as clients of the Transport Department's TDAS ask for it",
        "tags": [TAG],
        "requestBody": {"required": True, "content": {"application/json": {"schema": asked, "example": EXAMPLE}}},
        "responses": {
            "200": {"description": "The quickest route.", "content": {"application/json": {"schema": told}}},
            **{
                status: {"description": words, "content": {"application/json": {"schema": refused}}}
                for status, words in refusals.items()
            },
            "413": {"description": "The request is larger than any that makes sense.", "content": PROBLEM},
        },
    }
    return {PATH: {"post": post}}, components
