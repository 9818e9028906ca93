"""What a client says that it takes, in the headers that weigh one thing against another (RFC 9110, 12.4.2)."""

from __future__ import annotations

import re

WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)")


def list_accepted(header: str) -> list[str]:
    """The names in an Accept header, in small letters, the one wanted most first; those refused by ``q=0`` are out."""
    weighed: list[tuple[float, str]] = []
    for part in header.lower().split(","):
        name, *further = (each.strip() for each in part.split(";"))
        weight = next((float(found[1]) for each in further if (found := WEIGHT.fullmatch(each))), 1.0)
        if name and weight:
            weighed.append((weight, name))
    return [name for _, name in sorted(weighed, key=lambda each: -each[0])]


def takes_gzip(header: str) -> bool:
    """Whether the client of an Accept-Encoding header takes gzip."""
    return "gzip" in list_accepted(header)
