"""What a browser finds wrong with a page: what it complains of, whom else it asks, whom it shuts out."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page

OVERFLOWS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OURS = ("http://127.0.0.1:", "blob:", "data:")
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
BARRIERS = """axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})
    .then(({violations}) => violations.map(({id, nodes}) => `${id} ${nodes.length} ${nodes[0].html.slice(0, 160)}`))"""
HAS_AXE = "window.axe !== undefined"


def listen_to(page: Page) -> list[str]:
    """What the browser complains of from now on: errors, and every request to anybody but us."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        heard.extend([f"{page.url}: {message.text}"] if message.type == "error" else [])

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: heard.extend([] if asked.url.startswith(OURS) else [asked.url]))
    return heard


def list_barriers(page: Page) -> list[str]:
    """What axe finds on the page against WCAG 2.2 AA, by rule, with how often and where first."""
    if not page.evaluate(HAS_AXE):
        page.evaluate(AXE.read_text())
    return [str(barrier) for barrier in page.evaluate(BARRIERS)]
