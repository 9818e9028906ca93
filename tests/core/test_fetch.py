"""Fetching: what is packed is unpacked within limits, and nobody is led to where only we can read."""

from __future__ import annotations

import asyncio
import gzip
import re
import resource
import sys
from collections.abc import Mapping
from email.message import Message

import httpx
import pytest
from http_site import Answer, serve

from lionrock.core.feeds.fetch import LONGEST_BODY_BYTES, Fetcher, may_lead_to
from lionrock.core.vocabulary import DownloadFailed

MIB = 1 << 20


def fetched(*answers: Answer, path: str = "/0") -> bytes | None:
    """What is fetched from a server that gives ``answers`` at /0, /1 and so on."""

    def answer(asked: str, _headers: Message) -> Answer:
        return answers[int(asked.strip("/"))]

    async def fetch(address: str) -> bytes | None:
        fetcher = Fetcher()
        try:
            return (await fetcher.fetch(address)).body
        finally:
            await fetcher.close()

    with serve(answer) as site:
        return asyncio.run(fetch(f"{site}{path}"))


def packed(body: bytes, coding: str = "gzip") -> Answer:
    headers: Mapping[str, str] = {"Content-Encoding": coding}
    return 200, headers, body


def test_a_packed_answer_is_unpacked() -> None:
    told = b"".join(b"%d\n" % number for number in range(500_000))
    assert fetched(packed(gzip.compress(told))) == told


def test_members_that_follow_each_other_are_one_answer_and_what_is_none_ends_it() -> None:
    assert fetched(packed(gzip.compress(b"1\n") + gzip.compress(b"2\n"))) == b"1\n2\n"
    assert fetched(packed(gzip.compress(b"1\n") + bytes(8 * MIB))) == b"1\n"


@pytest.mark.parametrize("coding", ["", "identity", "UTF-8"])
def test_what_is_not_packed_is_taken_as_it_is(coding: str) -> None:
    assert fetched(packed(b"a,b", coding)) == b"a,b"


def test_nothing_packed_is_nothing() -> None:
    assert fetched(packed(b"")) == b""


def test_an_address_that_is_none_is_told() -> None:
    for spoilt in ("https://xn--a.com/", "http://[/"):
        with pytest.raises(DownloadFailed):
            fetched((302, {"Location": spoilt}, b""))


def test_what_unpacks_to_too_much_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(bytes(12 * LONGEST_BODY_BYTES), 1)
    before = peak_bytes()
    with pytest.raises(DownloadFailed, match="longer than"):
        fetched(packed(bomb))
    assert peak_bytes() - before < 3 * LONGEST_BODY_BYTES


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "deflate"])
def test_what_is_packed_as_nobody_asked_is_refused(coding: str) -> None:
    with pytest.raises(DownloadFailed, match=re.escape(f"packed as {coding}")):
        fetched(packed(b"whatever", coding))


@pytest.mark.parametrize(("body", "reason"), [(gzip.compress(bytes(MIB))[:-20], "cut short"), (b"no gzip", "unpacked")])
def test_what_cannot_be_unpacked_says_so(monkeypatch: pytest.MonkeyPatch, body: bytes, reason: str) -> None:
    monkeypatch.setattr("lionrock.core.feeds.fetch.BACK_OFF_S", 0.01)
    with pytest.raises(DownloadFailed, match=reason):
        fetched(packed(body))


def test_a_server_may_send_on_within_itself_but_not_for_ever() -> None:
    onward = [(302, {"Location": f"/{number}"}, b"") for number in range(1, 6)]
    assert fetched(*onward, (200, {}, b"here")) == b"here"
    with pytest.raises(DownloadFailed, match="on and on"):
        fetched((302, {"Location": "/0"}, b""))


def test_a_server_sends_nobody_to_another_one_of_this_machine() -> None:
    with (
        serve(lambda _path, _headers: (200, {}, b"secret")) as other,
        pytest.raises(DownloadFailed, match="not followed"),
    ):
        fetched((302, {"Location": f"{other}/0"}, b""))


@pytest.mark.parametrize(
    ("target", "follows"),
    [
        ("http://data.gov.hk/a", True),
        ("https://data.gov.hk/a", True),
        ("https://store.example.com/a", True),
        ("http://static.data.gov.hk/a", False),
        ("https://data.gov.hk:8443/a", False),
        ("https://10.0.0.1/a", False),
        ("https://[::1]/a", False),
        ("https://localhost/a", False),
        ("file:///etc/passwd", False),
    ],
)
def test_where_a_source_may_lead(target: str, *, follows: bool) -> None:
    assert may_lead_to(httpx.URL(target), "http://data.gov.hk/x") is follows


def peak_bytes() -> int:
    """The most memory that this process ever held."""
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kib if sys.platform == "darwin" else kib * 1024
