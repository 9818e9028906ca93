"""Every page there is, found by walking the links from the first one; of many of one kind the first."""

from __future__ import annotations

import re
from html import unescape

import httpx

OWN_PAGE = re.compile(r'href="/en/([^"#]*)')
ASKED = "journeys?start=Sha+Tin&end=Central&when=now"  # a form that somebody has filled in
ISLANDS = {"": "#map[data-drawn^='2']", ASKED: "#map[data-drawn]", "weather-effects": "[data-testid=roads], main"}
DETAIL = re.compile(
    r"(datasets|models/\w+|incident\?id=|journeys\?)"
)  # one page of each kind stands for all of its kind


def walk_pages(base: str) -> list[str]:
    """The address of every page behind the first one, without its language."""
    found, todo = dict[str, str](), ["", ASKED]
    while todo:
        path = todo.pop()
        kind = kind_of(path)
        if kind in found:
            continue
        found[kind] = path
        html = httpx.get(f"{base}/en/{path}", timeout=60, follow_redirects=True).text
        todo += [unescape(link) for link in OWN_PAGE.findall(html)]
    return sorted(found.values())


def kind_of(path: str) -> str:
    """What stands for a page among others of its kind: its address without what it was asked."""
    detail = DETAIL.match(path)
    return detail[0] + "/…" if detail and detail[0] != path else path.partition("?")[0]
