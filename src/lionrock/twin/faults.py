"""Ways in which a feed can be made to fail, for tests and demonstrations (our invention)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lionrock.core.vocabulary import BadInput

ERROR_PAGE = b"<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h1>Sorry</h1></body></html>\n"
ENTITY = b'<!DOCTYPE list [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'

SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda body: body[: len(body) // 2],
    "empty": lambda _: b"",
    "html": lambda _: ERROR_PAGE,
    "encoding": lambda body: body.decode("utf-8-sig", "replace").encode("utf-16"),
    "binary": lambda body: body[:100] + bytes(range(256)) + body[100:],
    "entities": lambda body: b'<?xml version="1.0"?>' + ENTITY + b"<list>&b;&c;</list>" + body[:0],
}
ANSWERS: dict[str, int] = {"gone": 404, "error": 500, "busy": 503}
FROZEN = "frozen"  # the file is served, and changes no more
KINDS = (*SPOILS, *ANSWERS, FROZEN)


@dataclass(slots=True)
class Faults:
    """Which feeds fail, how and since when (by feed id)."""

    kinds: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def break_feed(self, feed_id: str, how: str, now: datetime) -> None:
        """Let a feed fail from now on; raises BadInput for an unknown way."""
        if how not in KINDS:
            raise BadInput(f"{how!r} is no way to fail", where="how", remedy=f"one of {', '.join(KINDS)}")
        self.kinds[feed_id] = (how, now)

    def mend_feed(self, feed_id: str) -> None:
        """Let a feed work again; one that works stays so."""
        self.kinds.pop(feed_id, None)

    def find(self, feed_id: str) -> tuple[str, datetime] | None:
        """How a feed fails and since when, if it does."""
        return self.kinds.get(feed_id)
