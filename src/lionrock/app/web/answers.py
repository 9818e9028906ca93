"""Questions over HTTP: queries read strictly, answers made once, kept as bytes with an ETag, and served from memory.

An answer is kept until a data set that its service sees changes, and no longer than the question
calls fresh. One that is being made is made once, however many ask.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lionrock.app.house import House
from lionrock.app.validation import tell_invalid
from lionrock.app.web.accepted import takes_gzip
from lionrock.app.web.sessions import NOBODY, caller_of, require_role
from lionrock.city.city import City
from lionrock.core.feeds.intake import digest
from lionrock.core.manifest import Caller, Question, Service
from lionrock.core.spreadsheets import UTF8_MARK
from lionrock.core.vocabulary import BadInput, NotYet, Text

CSV = "text/csv"
MOST_PARAMETERS = 50
WORTH_COMPRESSING_BYTES = 1400
MOST_KEPT_BYTES = 48_000_000
KEEPING_BYTES = 2_000  # what an answer costs beside its bytes: objects, headers, names
MOST_WAITING = 64
AT_ONCE = 4
MINUTE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)?")  # ISO 8601 lets the seconds go
FASTEST_LEVEL = 1
READING = ("GET", "HEAD")
LONGEST_QUERY = 4_000  # bytes; longer ones are answered and not kept


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer as bytes, plain and compressed, with all its headers, good until ``stale_at`` or the stamp moves."""

    etag: bytes
    plain: bytes
    plain_headers: tuple[tuple[bytes, bytes], ...]
    small: bytes
    small_headers: tuple[tuple[bytes, bytes], ...]
    stamp: int
    stale_at: float
    datasets: tuple[str, ...]

    @property
    def size(self) -> int:
        """The bytes of memory that it takes, about."""
        return KEEPING_BYTES + len(self.plain) + (0 if self.small is self.plain else len(self.small))


def read_query(question: Question[City, Any], given: Mapping[str, str]) -> Any:
    """Make the question's query from text; raises BadInput naming the field and what is allowed."""
    known = [field.name for field in fields(question.asks)]
    unknown = set(given) - set(known)
    if unknown:
        names, strange = ", ".join(known), ", ".join(sorted(unknown))
        allowed = f"known ones: {names}" if known else "this question takes none"
        permitted = f"可用的有：{names}" if known else "此問題沒有參數"
        problem = Text(en=f"no such parameter ({allowed})", tc=f"沒有 {strange} 這個參數（{permitted}）")
        raise BadInput(problem, where=strange)
    whole = {
        name: f"{minute[1]}:00{minute[2] or ''}" if (minute := MINUTE.fullmatch(text)) else text
        for name, text in given.items()
    }
    try:
        return msgspec.convert(whole, question.asks, strict=False)
    except msgspec.ValidationError as error:
        raise tell_invalid(error, question.asks) from error


def caller_told(question: Question[City, Any], caller: Caller) -> Caller:
    """Whom a question may be told of: nobody where everybody gets the same answer, else the caller.

    Raises SignedOut or NotAllowed where the caller may not ask it. Every way to a question goes through here.
    """
    if question.access is None:
        return NOBODY
    require_role(caller, question.access)
    return caller


class Answers:
    """Every prepared answer of a house, by path and query. What is told to some only is never kept."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: OrderedDict[tuple[str, bytes], Prepared] = OrderedDict()
        self._kept_bytes = 0
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="questions")  # ingest has threads of its own
        self._making: dict[tuple[str, bytes, str], asyncio.Future[Prepared]] = {}

    def find(self, path: str, query: bytes) -> Prepared | None:
        """A prepared answer that still holds."""
        kept = self._kept.get((path, query))
        if kept is None or kept.stale_at < time.monotonic():
            return None
        return kept if kept.stamp == self._house.bus.changes(kept.datasets) else None

    async def prepare(
        self,
        service: Service[City],
        question: Question[City, Any],
        request: Request,
        given: Mapping[str, str],
    ) -> Prepared:
        """Make an answer, or wait for the one that is being made; raises where the caller may not have it."""
        caller = caller_told(question, caller_of(request))
        path, query = request.url.path, request.url.query.encode()
        key = (path, query, caller.name)
        making = self._making.get(key)
        if making is None:
            if len(self._making) >= MOST_WAITING:
                raise NotYet(
                    Text(
                        en=f"{MOST_WAITING} other answers are being made; ask again in a moment",
                        tc=f"正在處理 {MOST_WAITING} 項其他查詢，請稍後再試",
                    )
                )
            loop = asyncio.get_running_loop()
            making = loop.run_in_executor(self._pool, self._make, service, question, caller, given)
            self._making[key] = making
            making.add_done_callback(lambda _: self._making.pop(key, None))
        prepared = await asyncio.shield(making)
        if question.access is None and len(query) <= LONGEST_QUERY:
            self._keep((path, query), prepared)
        return prepared

    def _keep(self, key: tuple[str, bytes], prepared: Prepared) -> None:
        """Keep an answer within the budget; the ones made longest ago go first."""
        replaced = self._kept.pop(key, None)
        self._kept[key] = prepared
        self._kept_bytes += prepared.size - (replaced.size if replaced else 0)
        while self._kept_bytes > MOST_KEPT_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= gone.size

    def _make(
        self, service: Service[City], question: Question[City, Any], caller: Caller, given: Mapping[str, str]
    ) -> Prepared:
        city = self._house.cities[service.id]
        datasets = tuple(sorted(city.allowed))
        stamp = self._house.bus.changes(datasets)
        stale_at = time.monotonic() + question.fresh.total_seconds()
        answer = question.answer(city, read_query(question, given), caller)
        if question.form == "application/json":
            body = msgspec.json.encode(answer)
        else:
            mark = UTF8_MARK if question.form == CSV else b""
            body = mark + (answer.encode() if isinstance(answer, str) else bytes(answer))
        return _prepared(body, question, stamp, stale_at, datasets)


def _prepared(
    body: bytes, question: Question[City, Any], stamp: int, stale_at: float, datasets: tuple[str, ...]
) -> Prepared:
    etag = f'W/"{digest(body)}"'.encode()
    charset = "" if question.form.endswith("json") else "; charset=utf-8"
    shared = (
        (b"content-type", f"{question.form}{charset}".encode()),
        (b"etag", etag),
        (b"cache-control", b"no-cache" if question.access is None else b"no-store"),
        (b"vary", b"accept-encoding"),
    )
    small = gzip.compress(body, FASTEST_LEVEL, mtime=0) if len(body) > WORTH_COMPRESSING_BYTES else body
    encoding = ((b"content-encoding", b"gzip"),) if small is not body else ()
    return Prepared(
        etag=etag,
        plain=body,
        plain_headers=(*shared, (b"content-length", str(len(body)).encode())),
        small=small,
        small_headers=(*shared, *encoding, (b"content-length", str(len(small)).encode())),
        stamp=stamp,
        stale_at=stale_at,
        datasets=datasets,
    )


async def send_prepared(prepared: Prepared, scope: Scope, send: Send) -> None:
    """Send a prepared answer: 304 where the client has it, compressed where the client takes that."""
    known = accepts = b""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            accepts = value
    if prepared.etag in known:
        headers = [(b"etag", prepared.etag), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    gzipped = takes_gzip(accepts.decode("latin-1"))
    headers = list(prepared.small_headers if gzipped else prepared.plain_headers)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else prepared.small if gzipped else prepared.plain
    await send({"type": "http.response.body", "body": body})


class Shortcut:
    """Serves prepared answers before any routing: what many clients ask again costs a look into a dictionary."""

    def __init__(self, app: ASGIApp, *, answers: Answers) -> None:
        self._app, self._answers = app, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass on."""
        if scope["type"] == "http" and scope["method"] in READING:
            prepared = self._answers.find(scope["path"], scope["query_string"])
            if prepared is not None:
                await send_prepared(prepared, scope, send)
                return
        await self._app(scope, receive, send)


class AnswerEndpoint:
    """The route of one question."""

    def __init__(self, answers: Answers, service: Service[City], question: Question[City, Any]) -> None:
        self._answers, self._service, self._question = answers, service, question

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        try:
            pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError as error:
            words = Text(en=f"more than {MOST_PARAMETERS} parameters", tc=f"參數多於 {MOST_PARAMETERS} 個")
            raise BadInput(words, where="the address") from error
        given = dict(pairs)
        if len(given) != len(pairs):
            raise BadInput(Text(en="a parameter is given twice", tc="有參數填寫了兩次"), where=request.url.query[:200])
        given |= {name: str(value) for name, value in request.path_params.items()}
        prepared = await self._answers.prepare(self._service, self._question, request, given)
        return _PreparedResponse(prepared)


class _PreparedResponse(Response):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self._answer = prepared

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await send_prepared(self._answer, scope, send)
