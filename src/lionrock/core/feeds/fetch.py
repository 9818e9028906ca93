"""Asking an address politely: conditional requests, limits, retries with jittered back-off, a circuit that opens."""

from __future__ import annotations

import asyncio
import random
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from lionrock.core.records.feed_states import PageSeen
from lionrock.core.vocabulary import DownloadFailed, LionrockError, Text, said

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
LONGEST_BODY_BYTES = 64_000_000
UNPACKED_AT_ONCE = 1_000_000  # bytes of a packed answer: a few hundred can hold a thousand times as many
MOST_REDIRECTS = 5
PACKINGS = {"gzip", "x-gzip", "deflate", "compress", "br", "zstd"}
GZIP, GZIP_BEGINS = 31, b"\x1f"  # zlib's number for the format; the first byte of a member
WHOLE_ANSWER_S = 60.0  # one try, from the first byte asked to the last one read
TRIES = 3
ONE_TRY_S = TRIES * WHOLE_ANSWER_S + 10  # for so long nobody else asks a host that one request is trying
BACK_OFF_S = 0.5
AT_ONCE_PER_HOST = 4
CIRCUIT_OPENS_AFTER = 5  # failed requests in a row; those that were on their way together count as one
CIRCUIT_STAYS_OPEN_S = 30.0  # at first; doubles up to LONGEST_OPEN_S
LONGEST_OPEN_S = 120.0  # a city that is back after ten minutes shall not wait for ten more; one request asks
MOST_DOUBLINGS = 12  # far beyond LONGEST_OPEN_S; a host that is gone for weeks must not outgrow a float
NOT_MODIFIED = 304
AGENT = "Lionrock/0.1 (open-source city platform)"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, or ``body`` None where the address says that nothing changed."""

    body: bytes | None
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class _Host:
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_PER_HOST))
    failures: int = 0
    reason: Text = field(default_factory=Text)
    failed_at: float = 0.0
    closed_until: float = 0.0

    def begin(self, name: str) -> float:
        """When a request begins. Raises DownloadFailed while the host is left alone.

        After that one request tries it, and whoever comes meanwhile is told so.
        """
        now = time.monotonic()
        wait_s = self.closed_until - now
        if wait_s > 0:
            raise DownloadFailed(
                said(
                    f"not asked: {name} failed {self.failures} times, "
                    f"the last time with {self.reason.en}; next try in {wait_s:.0f} s",
                    f"未有查詢：{name} 連續失敗 {self.failures} 次，最後一次：{self.reason.tc}；{wait_s:.0f} 秒後再試",
                )
            )
        if self.closed_until:
            self.closed_until = now + ONE_TRY_S
        return now

    def failed(self, begun: float, reason: Text) -> None:
        """A request that began then had no answer; those that were under way when another failed say the same."""
        self.reason = reason
        if begun < self.failed_at:
            return
        self.failures, self.failed_at = self.failures + 1, time.monotonic()
        open_s = circuit_open_s(self.failures) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        self.closed_until = self.failed_at + open_s if open_s else 0.0

    def answered(self) -> None:
        """The host is there."""
        self.failures, self.closed_until = 0, 0.0


class Fetcher:
    """One HTTP client for all feeds. ``route`` turns a public address into the one to ask (the twin's, say)."""

    def __init__(self, route: Callable[[str], str] = lambda url: url) -> None:
        self._client = httpx.AsyncClient(timeout=TIMEOUT, headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"})
        self._route = route
        self._hosts: dict[str, _Host] = {}

    async def fetch(self, url: str, seen: PageSeen | None = None) -> Answer:
        """The answer of ``url``, conditional on what was ``seen``; raises DownloadFailed with the reason."""
        host = self._hosts.setdefault(urlsplit(url).netloc, _Host())
        async with host.gate:
            begun = host.begin(urlsplit(url).netloc)
            try:
                answer = await self._try_often(self._route(url), _conditions(seen))
            except _HostFailed as error:
                host.failed(begun, error.told)
                raise
            except DownloadFailed:
                host.answered()
                raise
        host.answered()
        return answer

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _try_often(self, address: str, headers: dict[str, str]) -> Answer:
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(BACK_OFF_S * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            try:
                async with asyncio.timeout(WHOLE_ANSWER_S):
                    return await self._follow(address, headers)
            except _WorthAnotherTry as error:
                reason = error.told
            except TimeoutError:
                told = f"{WHOLE_ANSWER_S:.0f}"
                reason = said(f"no whole answer within {told} s", f"{told} 秒內沒有收到完整的回應")
        raise _HostFailed(said(f"{reason.en} ({TRIES} tries)", f"{reason.tc}（試了 {TRIES} 次）"))

    async def _follow(self, address: str, headers: dict[str, str]) -> Answer:
        """The answer of ``address``, or of where it leads."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._try_once(address, headers)
            if isinstance(answer, Answer):
                return answer
            if not may_lead_to(answer, address):
                raise DownloadFailed(
                    said(
                        f"the server sends on to {answer.scheme}://{answer.netloc.decode()}, which is not followed",
                        f"伺服器轉往 {answer.scheme}://{answer.netloc.decode()}，不予跟隨",
                    )
                )
            address = str(answer)
        raise DownloadFailed(said("the server sends on and on", "伺服器不斷轉址"))

    async def _try_once(self, address: str, headers: dict[str, str]) -> Answer | httpx.URL:
        try:
            async with self._client.stream("GET", address, headers=headers) as response:
                if response.next_request is not None:
                    return response.next_request.url
                if response.status_code == NOT_MODIFIED:
                    return Answer(None, response.headers.get("etag"), response.headers.get("last-modified"))
                if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or response.status_code == 429:  # noqa: PLR2004 - Too Many Requests
                    raise _WorthAnotherTry(_answered(response))
                if response.status_code != httpx.codes.OK:
                    raise DownloadFailed(_answered(response))
                body = bytearray()
                async for piece in unpacked_pieces(response):
                    body += piece
                    if len(body) > LONGEST_BODY_BYTES:
                        raise DownloadFailed(
                            said(
                                f"the answer is longer than {LONGEST_BODY_BYTES} bytes",
                                f"回應超過 {LONGEST_BODY_BYTES} 位元組",
                            )
                        )
                return Answer(bytes(body), response.headers.get("etag"), response.headers.get("last-modified"))
        except httpx.HTTPError as error:
            raise _WorthAnotherTry(_unreached(error)) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            told = said(f"the server sends on to what is no address ({error})", "伺服器轉往的並非網址")
            raise DownloadFailed(told) from error


async def unpacked_pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body of an answer in pieces of bounded size, however far it was packed."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if not PACKINGS & set(re.split(r"[\s,]+", coding)):
        async for piece in response.aiter_raw():
            yield piece
        return
    if coding not in ("gzip", "x-gzip"):
        raise DownloadFailed(
            said(f"the answer is packed as {coding}, which nobody asked for", f"回應以未經要求的 {coding} 壓縮")
        )
    gzip = _Gzip()
    try:
        async for piece in response.aiter_raw():
            for part in gzip.unpacked(piece):
                yield part
            if gzip.is_over:
                return
    except zlib.error as error:
        raise _WorthAnotherTry(said(f"the answer cannot be unpacked ({error})", "回應無法解壓")) from error
    if gzip.is_cut:
        raise _WorthAnotherTry(said("the answer is cut short", "回應並不完整"))


class _Gzip:
    """Unpacks members of gzip that follow each other; what follows them and is none ends it."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=GZIP)
        self._begun = self.is_over = False

    def unpacked(self, piece: bytes) -> Iterator[bytes]:
        while piece and not self.is_over:
            self._begun = True
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=GZIP)
                self.is_over = not piece.startswith(GZIP_BEGINS)
            if not self.is_over:
                yield self._member.decompress(piece, UNPACKED_AT_ONCE)
                piece = self._member.unconsumed_tail or self._member.unused_data

    @property
    def is_cut(self) -> bool:
        """Whether more was to come; an answer of nothing at all is whole."""
        return self._begun and not self._member.eof


def may_lead_to(target: httpx.URL, address: str) -> bool:
    """Whether an answer of ``address`` may send on there: within its own server, or to a public name over TLS.

    A source that somebody took over shall not make us read what only we can reach: a server within has no
    certificate for a public name.
    """
    origin = httpx.URL(address)
    if target.scheme == origin.scheme and target.netloc == origin.netloc:
        return True
    name, _, last = target.host.rpartition(".")
    return target.scheme == "https" and target.port is None and bool(name) and last.isalpha()


def _answered(response: httpx.Response) -> Text:
    return said(f"the server answered {response.status_code}", f"伺服器回應 {response.status_code}")


def _unreached(error: httpx.HTTPError) -> Text:
    kinds = {
        httpx.TimeoutException: ("the server did not answer in time", "伺服器沒有及時回應"),
        httpx.ConnectError: ("the server cannot be reached", "未能連接伺服器"),
    }
    broken = ("the connection to the server broke off", "與伺服器的連線中斷")
    en, tc = next((words for kind, words in kinds.items() if isinstance(error, kind)), broken)
    detail = ": ".join(filter(None, (type(error).__name__, str(error))))
    return said(f"{en} ({detail})", tc)


def circuit_open_s(failures: int) -> float:
    """For how many seconds a host is left alone after so many failed requests in a row; 0 where it is not."""
    if failures < CIRCUIT_OPENS_AFTER:
        return 0.0
    doublings = min(failures - CIRCUIT_OPENS_AFTER, MOST_DOUBLINGS)
    return min(CIRCUIT_STAYS_OPEN_S * (1 << doublings), LONGEST_OPEN_S)


class _WorthAnotherTry(LionrockError):
    pass


class _HostFailed(DownloadFailed):
    """Every try failed in a way that is the host's, not the address's: such failures open its circuit."""


def _conditions(seen: PageSeen | None) -> dict[str, str]:
    if seen is None:
        return {}
    headers = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}
