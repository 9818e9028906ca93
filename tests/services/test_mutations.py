"""Whatever happens to the structure of a file, a parser yields storable records or sets it aside."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from feeds_at_hand import CATALOGUE, FEEDS, download, sample_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lionrock.core.feeds.intake import sort_by_dataset
from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import Kind, MalformedDownload

EVERY_FEED = pytest.mark.parametrize("feed_id", sorted(FEEDS))
ODD_TEXTS = (
    "", " ", "-1", "0", "nan", "inf", "1e400", "-1e308", "99999999999999999999", "1_000", "N/A", "null", "Ｙ", "２０",
    "0001-01-01", "9999-12-31", "2026-11-21", "2026-13-41T99:99:99", "24:00:00", "23:59:60", "00:00:00", "年月日",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026/11/21 下午 00:00:00", "999912312359", "\U0001f6a6",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (None, True, -1, 0, 1.5, 10**30, -1e308, [], {}, [[]], {"a": []}, *ODD_TEXTS)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "big5", "latin-1", "utf-7")

Mutation = Callable[[bytes, random.Random], bytes]


def mutate_xml(body: bytes, rng: random.Random) -> bytes:
    """Drop, double, rename, empty, move or rewrite one element."""
    root = etree.fromstring(body)
    element = rng.choice(list(root.iter()))
    parent = element.getparent()
    action = rng.choice(("text", "tag", "attribute") if parent is None else
                        ("drop", "double", "tag", "text", "empty", "move", "attribute", "tail"))  # fmt: skip
    if action == "text":
        element.text = rng.choice(ODD_TEXTS)
    elif action == "tag":
        element.tag = rng.choice(("other", "lane", "message", "date", str(element.tag) + "x"))
    elif action == "attribute":
        element.set("valid", rng.choice(ODD_TEXTS))
    elif action == "tail":
        element.tail = rng.choice(ODD_TEXTS)
    elif action == "drop":
        parent.remove(element)
    elif action == "double":
        parent.append(etree.fromstring(etree.tostring(element, with_tail=False)))
    elif action == "empty":
        element[:] = []
    else:
        parent.remove(element)
        rng.choice(list(root.iter())).append(element)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def mutate_json(body: bytes, rng: random.Random) -> bytes:
    """Drop, rename, double or rewrite one value anywhere in the tree."""
    tree = json.loads(body.decode("utf-8-sig"))
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        for key, value in pairs:
            places.append((node, key))
            if isinstance(value, dict | list):
                walk(value)

    walk(tree)
    if not places:
        return body
    node, key = rng.choice(places)
    action = rng.choice(("drop", "value", "value", "double"))
    if action == "drop":
        del node[key]
    elif action == "value":
        node[key] = rng.choice(ODD_VALUES)
    elif isinstance(node, list):
        node.append(node[key])
    else:
        node[f"{key}2"] = node.pop(key)
    return json.dumps(tree, ensure_ascii=False).encode()


def mutate_csv(body: bytes, rng: random.Random) -> bytes:
    """Drop, double or shorten a line, or rewrite a cell."""
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    line = rng.randrange(len(rows))
    action = rng.choice(("drop", "double", "cell", "cell", "cell", "short", "long"))
    if action == "drop":
        del rows[line]
    elif action == "double":
        rows.insert(line, list(rows[line]))
    elif action == "cell" and rows[line]:
        rows[line][rng.randrange(len(rows[line]))] = rng.choice(ODD_TEXTS)
    elif action == "short":
        rows[line] = rows[line][:-1]
    else:
        rows[line] = [*rows[line], rng.choice(ODD_TEXTS)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def mutate_bytes(body: bytes, rng: random.Random) -> bytes:
    """Cut, double, damage or re-encode the bytes."""
    at = rng.randrange(len(body) + 1)
    action = rng.choice(("cut", "behead", "double", "damage", "encode", "insert"))
    if action == "cut":
        return body[:at]
    if action == "behead":
        return body[at:]
    if action == "double":
        return body + body
    if action == "damage":
        return body[:at] + bytes([rng.randrange(256)]) + body[at + 1 :]
    if action == "insert":
        return body[:at] + rng.choice((b"\x00", b"\xff\xfe", b"<", b'"', b"\n", b"]]>", b"&x;", b"<!--")) + body[at:]
    return body.decode("utf-8-sig").encode(rng.choice(ENCODINGS), errors="replace")


BY_SUFFIX: dict[str, Mutation] = {
    "xml": mutate_xml, "json": mutate_json, "geojson": mutate_json, "csv": mutate_csv,
}  # fmt: skip


def mutated(feed_id: str, seed: int) -> bytes:
    """The feed's sample after one to three mutations, drawn by ``seed``; the bytes are damaged last, and seldom."""
    rng = random.Random(seed)  # noqa: S311 - mutations are repeatable, not secret
    body = sample_of(feed_id)
    structural = BY_SUFFIX[FEEDS[feed_id][1].sample.rsplit(".", 1)[1]]
    for _ in range(rng.randint(1, 3)):
        body = structural(body, rng)
    return mutate_bytes(body, rng) if rng.random() < 0.25 else body


def outcome(feed_id: str, body: bytes) -> str:
    """What became of the bytes: "set aside", or "read" when every record can be stored; anything else raises."""
    _, feed = FEEDS[feed_id]
    try:
        found = sort_by_dataset(feed.writes, feed.parse(replace(download(body), params=feed.sample_params)))
    except MalformedDownload as error:
        return "set aside" if error.told.tc else f"told in English alone: {error}"
    for dataset, records in found.items():
        if dataset.kind is Kind.READINGS:
            ReadingColumns.from_readings(records)
        for record in records:
            assert dataset.kind is Kind.READINGS or record.id
    return "read"


@EVERY_FEED
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_a_mutated_file_is_read_or_set_aside_and_nothing_else_happens(feed_id: str, seed: int) -> None:
    assert outcome(feed_id, mutated(feed_id, seed)) in {"read", "set aside"}


@pytest.mark.soak
@EVERY_FEED
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_thousands_of_mutated_files_are_read_or_set_aside(feed_id: str, seed: int) -> None:
    assert outcome(feed_id, mutated(feed_id, seed)) in {"read", "set aside"}


def test_the_mutations_reach_both_ends() -> None:
    assert {outcome(feed_id, mutated(feed_id, seed)) for feed_id in FEEDS for seed in range(20)} == {
        "read",
        "set aside",
    }


def test_every_feed_of_every_service_is_mutated() -> None:
    assert len(FEEDS) == sum(len(found.service.feeds) for found in CATALOGUE.found)
