"""Where each box and line of the data-flow diagram lies: feeds left, services in the middle, data sets right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROW, GAP, TOP = 34, 22, 44
BOX_HEIGHT = 26
COLUMNS = {"feed": (10, 300), "service": (420, 170), "dataset": (710, 240)}
WIDTH = 960


@dataclass(frozen=True, slots=True)
class Node:
    """One box, in pixels of the diagram; ``y`` is its middle."""

    kind: str
    id: str
    title: Any
    x: int
    y: float
    width: int
    height: int = BOX_HEIGHT

    @property
    def right(self) -> int:
        """The box's right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole diagram: boxes, and lines as SVG path data with what they mean (writes or reads)."""

    width: int
    height: int
    nodes: list[Node]
    lines: list[tuple[str, str]]


def draw_flows(flows: Sequence[Mapping[str, Any]]) -> Drawing:
    """Lay out flows of ``{"feed", "title", "service", "service_title", "writes", "read_by"}``."""
    nodes: dict[tuple[str, str], Node] = {}
    top = float(TOP)
    for service in dict.fromkeys(flow["service"] for flow in flows):
        own = [flow for flow in flows if flow["service"] == service]
        datasets = list(dict.fromkeys(name for flow in own for name in flow["writes"]))
        height = max(len(own), len(datasets)) * ROW
        middle = top + height / 2
        _stack(nodes, "feed", [(flow["feed"], flow["title"]) for flow in own], middle)
        _stack(nodes, "service", [(service, own[0]["service_title"])], middle)
        _stack(nodes, "dataset", [(name, name) for name in datasets], middle)
        top += height + GAP
    return Drawing(WIDTH, round(top), list(nodes.values()), _lines(flows, nodes))


def _stack(nodes: dict[tuple[str, str], Node], kind: str, entries: list[tuple[str, Any]], middle: float) -> None:
    x, width = COLUMNS[kind]
    first = middle - (len(entries) - 1) * ROW / 2
    for place, (name, title) in enumerate(entries):
        nodes[kind, name] = Node(kind, name, title, x, first + place * ROW, width)


def _lines(flows: Sequence[Mapping[str, Any]], nodes: Mapping[tuple[str, str], Node]) -> list[tuple[str, str]]:
    paths: dict[str, str] = {}
    for flow in flows:
        service = nodes["service", flow["service"]]
        paths[_curve(nodes["feed", flow["feed"]], service)] = "writes"
        for name in flow["writes"]:
            dataset = nodes["dataset", name]
            paths[_curve(service, dataset)] = "writes"
            for reader in flow["read_by"]:
                if ("service", reader) in nodes:
                    paths[_curve(nodes["service", reader], dataset)] = "reads"
    return list(paths.items())


def _curve(left: Node, right: Node) -> str:
    bend = (left.right + right.x) / 2
    return f"M{left.right} {left.y:g}C{bend:g} {left.y:g} {bend:g} {right.y:g} {right.x} {right.y:g}"
