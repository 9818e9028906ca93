"""The routes of open data: each data set's page, its downloads, its schema and its archive."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from lionrock.app.house import House, feed_id
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.app.open_data import dcat, versions
from lionrock.app.open_data.days import MEDIA_TYPES as DAY_MEDIA_TYPES
from lionrock.app.open_data.days import ArchivedDay, day_file, list_days
from lionrock.app.open_data.forms import FORM_NAMES, MEDIA_TYPES, encode, list_forms
from lionrock.app.open_data.offer import Offer, get_offer, get_open_offer, last_change, source_words
from lionrock.app.open_data.rows import MOST_ROWS, USUAL_ROWS, Asked, list_rows
from lionrock.app.open_data.schema import list_columns, row_schema
from lionrock.app.open_data.shapes import draw_shapes
from lionrock.app.openapi import API
from lionrock.app.web.accepted import takes_gzip
from lionrock.app.web.pages import LONGEST_NUMBER, Pages, language_of
from lionrock.city.place import ZONE
from lionrock.core.feeds.intake import digest
from lionrock.core.vocabulary import BadInput, NotFound, NotYet, Text

SCHEMA = ".schema.json"
PREVIEWED = 10
FILES_SHOWN = 12
DAYS_SHOWN = 7
DAY_FORMS = {"parquet": "Parquet", "csv.gz": "CSV"}
MOST_DAYS_AT_ONCE = 4  # each takes a thread and an hour of the data set in memory
TAKEN_WITHIN_S = 30.0
PARAMETERS = ("limit", "after", "sensor", "property", "from", "to")
WORTH_COMPRESSING_BYTES = 1400


class OpenData:
    """Everything below ``/api/v1/datasets`` and ``/{language}/datasets/``, and the archive of raw downloads."""

    def __init__(self, house: House, shown: Pages) -> None:
        self._house, self._shown = house, shown
        self._days_sent = 0

    @property
    def routes(self) -> list[Route]:
        """The routes, for the application."""
        archive = f"{API}/historical-archive"
        return [
            Route(f"{API}/datasets.jsonld", self.catalogue, methods=["GET"]),
            Route(f"{API}/datasets/{{name}}", self.download, methods=["GET"]),
            Route(f"{API}/datasets/{{dataset}}/days", self.list_days, methods=["GET"]),
            Route(f"{API}/datasets/{{dataset}}/days/{{file}}", self.download_day, methods=["GET"]),
            Route(f"{archive}/list-files", self.list_files, methods=["GET"]),
            Route(f"{archive}/list-file-versions", self.list_versions, methods=["GET"]),
            Route(f"{archive}/get-file", self.get_version, methods=["GET"]),
            Route("/{language}/datasets/{dataset}", self.page, methods=["GET"]),
        ]

    async def catalogue(self, request: Request) -> Response:
        """``datasets.jsonld``: every open data set, for other portals."""
        base = str(request.base_url).rstrip("/")
        told = await asyncio.to_thread(dcat.describe_catalogue, self._house, base, API)
        return await answered(request, msgspec.json.encode(told), dcat.MEDIA_TYPE)

    async def download(self, request: Request) -> Response:
        """``<id>.json``, ``<id>.csv``, ``<id>.geojson`` or ``<id>.schema.json``."""
        name = request.path_params["name"]
        if name.endswith(SCHEMA):
            offer = get_open_offer(self._house, name.removesuffix(SCHEMA))
            return await answered(request, msgspec.json.encode(row_schema(offer.dataset)), "application/schema+json")
        known, _, form = name.rpartition(".")
        if form not in MEDIA_TYPES:
            raise NotFound(f"{name!r} is no download: a data set's id ends in {', '.join(MEDIA_TYPES)} or schema.json")
        offer = get_open_offer(self._house, known)
        asked = read_asked(dict(request.query_params))
        body, next_href = await asyncio.to_thread(self._encoded, offer, form, asked, request)
        response = await answered(request, body, MEDIA_TYPES[form])
        response.headers["Content-Disposition"] = f'inline; filename="{offer.dataset.id}.{form}"'
        if next_href:
            response.headers["Link"] = f'<{next_href}>; rel="next"'
        return response

    def _encoded(self, offer: Offer, form: str, asked: Asked, request: Request) -> tuple[bytes, str]:
        page = list_rows(self._house, offer.dataset, asked)
        next_href = ""
        if page.after:
            query = {name: value for name, value in request.query_params.items() if name != "after"}
            next_href = f"{request.url.path}?{urlencode(query | {'after': page.after})}"
        return encode(self._house, offer, form, page, next_href), next_href

    async def list_days(self, request: Request) -> Response:
        """``<id>/days``: the days of which the archive has the data set, and where each is downloaded."""
        offer = get_open_offer(self._house, request.path_params["dataset"])
        days = await in_own_thread(list_days, self._house, offer.dataset)
        body = {
            "dataset": offer.dataset.id,
            "simulated": self._house.settings.source == "twin",
            "licence": offer.dataset.licence,
            "days": [{"day": one.day, "ended": one.ended, "files": day_links(offer.dataset.id, one)} for one in days],
        }
        return await answered(request, msgspec.json.encode(body), "application/json")

    async def download_day(self, request: Request) -> Response:
        """``<id>/days/YYYYMMDD.parquet`` or ``.csv.gz``, sent while it is made."""
        offer = get_open_offer(self._house, request.path_params["dataset"])
        named, _, form = request.path_params["file"].partition(".")
        day = versions.day_named(named, "the address")
        if self._days_sent >= MOST_DAYS_AT_ONCE:
            raise NotYet(
                Text(en="enough days are being sent already: try again soon", tc="正在傳送多日的檔案，請稍後再試")
            )
        self._days_sent += 1
        try:
            pieces = await in_own_thread(day_file, self._house, offer, day, form)
        except BaseException:
            self._day_sent()
            raise
        headers = {
            "Content-Disposition": f'attachment; filename="{offer.dataset.id}.{day:%Y%m%d}.{form}"',
            "Cache-Control": "no-cache",
            "X-Lionrock-Source": self._house.settings.source,
        }
        return DayResponse(_sent(pieces), self._day_sent, media_type=DAY_MEDIA_TYPES[form], headers=headers)

    def _day_sent(self) -> None:
        self._days_sent -= 1

    async def list_files(self, request: Request) -> Response:
        """``list-files?dataset=&start=&end=``."""
        wanted, start, end = (request.query_params.get(name, "") for name in ("dataset", "start", "end"))
        if wanted:
            get_open_offer(self._house, wanted)
        span = versions.span_named(start, end) if start or end else None
        files = await asyncio.to_thread(lambda: list(versions.list_files(self._house, wanted, span)))
        body = {"simulated": self._house.settings.source == "twin", "file-count": len(files), "files": files}
        return await answered(request, msgspec.json.encode(body), "application/json")

    async def list_versions(self, request: Request) -> Response:
        """``list-file-versions?url=&start=&end=``."""
        url, start, end = (request.query_params.get(name, "") for name in ("url", "start", "end"))
        span = versions.span_named(start, end)
        told = await asyncio.to_thread(versions.list_versions, self._house, url, span)
        return await answered(request, msgspec.json.encode(told), "application/json")

    async def get_version(self, request: Request) -> Response:
        """``get-file?url=&time=``: the bytes as they were received."""
        url, stamp = (request.query_params.get(name, "") for name in ("url", "time"))
        body = await asyncio.to_thread(versions.get_version, self._house, url, stamp)
        headers = {
            "Content-Disposition": 'attachment; filename="raw"',
            "X-Lionrock-Source": self._house.settings.source,
        }
        return Response(body, media_type="application/octet-stream", headers=headers)

    async def page(self, request: Request) -> Response:
        """One data set for people."""
        language = language_of(request)
        offer = get_offer(self._house, request.path_params["dataset"])
        context = await asyncio.to_thread(self._described, offer)
        path = f"datasets/{offer.dataset.id}"
        return await self._shown.rendered(request, "dataset", language, path, offer.dataset.title, context)

    def _described(self, offer: Offer) -> dict[str, Any]:
        house, dataset = self._house, offer.dataset
        files = [] if dataset.personal else list(versions.list_files(house, dataset.id))
        days = [] if dataset.personal else list_days(house, dataset)
        rows = [] if dataset.personal else list_rows(house, dataset, Asked(limit=PREVIEWED)).rows
        return {
            "dataset": dataset,
            "service": {"id": offer.service.id, "title": offer.service.title, "owner": offer.service.owner},
            "note": source_words(house.settings.source),
            "changed_at": last_change(house, dataset),
            "columns": list_columns(dataset),
            "rows": rows,
            "shapes": None if dataset.personal else draw_shapes(house, dataset),
            "downloads": [] if dataset.personal else self._downloads(dataset.id, list_forms(dataset.kind)),
            "feeds": [feed_id(service, feed) for _, service, feed in house.feeds if dataset in feed.writes],
            "read_by": [
                {"id": service.id, "title": service.title}
                for service in house.catalogue.services
                if dataset.id in service.reads
            ],
            "days": [
                {
                    "day": one.day,
                    "ended": one.ended,
                    "files": {DAY_FORMS[form]: href for form, href in day_links(dataset.id, one).items()},
                }
                for one in days[:DAYS_SHOWN]
            ],
            "more_days": max(0, len(days) - DAYS_SHOWN),
            "days_href": f"{API}/datasets/{dataset.id}/days",
            "files": files[:FILES_SHOWN],
            "more_files": max(0, len(files) - FILES_SHOWN),
            "files_href": f"{API}/historical-archive/list-files?dataset={dataset.id}",
            "versions_href": self._versions_href,
        }

    def _downloads(self, dataset_id: str, forms: tuple[str, ...]) -> list[dict[str, str]]:
        names = [(FORM_NAMES[form], f"{dataset_id}.{form}") for form in forms]
        names.append(("JSON Schema", f"{dataset_id}{SCHEMA}"))
        return [{"name": name, "href": f"{API}/datasets/{file}"} for name, file in names]

    @property
    def _versions_href(self) -> Callable[[versions.RawFile], str]:
        """The address that lists the newest versions of a file."""
        today = self._house.clock.now().astimezone(ZONE).date()

        def href(file: versions.RawFile) -> str:
            end = max([today, *file.days])
            span = {"start": f"{end - timedelta(days=6):%Y%m%d}", "end": f"{end:%Y%m%d}"}
            return f"{API}/historical-archive/list-file-versions?{urlencode({'url': file.url, **span})}"

        return href


class DayResponse(StreamingResponse):
    """A day that is sent while it is made; ``over`` is called when it was sent, or nobody wants it any more.

    Who takes no piece within TAKEN_WITHIN_S gets no more: others wait for the place.
    """

    def __init__(self, pieces: AsyncIterator[bytes], over: Callable[[], None], **given: Any) -> None:
        super().__init__(pieces, **given)
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the day, as ASGI asks."""

        async def send_soon(message: Message) -> None:
            async with asyncio.timeout(TAKEN_WITHIN_S):
                await send(message)

        try:
            with contextlib.suppress(TimeoutError, ClientDisconnect):
                await super().__call__(scope, receive, send_soon)
        finally:
            self._over()


async def _sent(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece as soon as it is made, in threads that no end of the program waits for."""
    while piece := await in_own_thread(next, pieces, b""):
        yield piece


def day_links(dataset_id: str, day: ArchivedDay) -> dict[str, str]:
    """Where one archived day is downloaded, by form."""
    return {form: f"{API}/datasets/{dataset_id}/days/{day.day:%Y%m%d}.{form}" for form in DAY_MEDIA_TYPES}


def read_asked(given: dict[str, str]) -> Asked:
    """What a download's query asks; raises BadInput naming the field."""
    unknown = set(given) - set(PARAMETERS)
    if unknown:
        raise BadInput("no such parameter", where=", ".join(sorted(unknown)), remedy=f"known: {', '.join(PARAMETERS)}")
    limit = given.get("limit", str(USUAL_ROWS))
    if not limit.isascii() or not limit.isdecimal() or len(limit) > LONGEST_NUMBER:
        raise BadInput(f"{limit[:LONGEST_NUMBER]!r} is no number of rows", where="limit", remedy=f"1 to {MOST_ROWS}")
    return Asked(
        limit=int(limit),
        after=given.get("after", ""),
        sensor=given.get("sensor", ""),
        property=given.get("property", ""),
        start=_moment(given["from"], "from") if "from" in given else None,
        end=_moment(given["to"], "to") if "to" in given else None,
    )


async def answered(request: Request, body: bytes, media_type: str) -> Response:
    """An answer with an ETag, compressed where the client takes that, 304 where it has it; made in a thread."""
    return await asyncio.to_thread(_answered, request.headers, body, media_type)


def _answered(asked: Headers, body: bytes, media_type: str) -> Response:
    etag = f'W/"{digest(body)}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if len(body) > WORTH_COMPRESSING_BYTES and takes_gzip(asked.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, 1, mtime=0)
    return Response(body, media_type=media_type, headers=headers)


def _moment(text: str, where: str) -> datetime:
    try:
        moment = versions.within_years(datetime.fromisoformat(text))
    except ValueError as error:
        raise BadInput(f"{text!r} is no ISO 8601 moment", where=where) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
