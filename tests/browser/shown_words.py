"""The words that a page shows, and which of them are in none of its languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from playwright.sync_api import Page

from lionrock.core.vocabulary import Language, Quality, simplify

# What a page shows or reads out, with the language that it is marked as; addresses and codes are for programs.
SHOWN = """[...document.querySelectorAll('title, body *')].flatMap(one => {
    if (one.closest('script, style, noscript, code, pre, .provenance')) return [];
    const lang = one.closest('[lang]').lang;
    const own = [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim());
    const said = ['aria-label', 'title', 'placeholder', 'alt', 'data-label', 'aria-description', 'label']
        .map(name => one.getAttribute(name) ?? '');
    return [...own, ...said].filter(words => words !== '').map(words => [lang, words]);
})"""
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
LATIN = re.compile(r"[A-Za-z](?:[\w./+-]*[A-Za-z0-9])?")
HAN = re.compile(r"[\u3400-\u9fff]+")
MAY_STAY_LATIN = {
    **dict.fromkeys(("Lionrock", "OpenStreetMap", "WebGL", "JavaScript"), "names of programs and projects"),
    **dict.fromkeys(
        ("CSV", "JSON", "Parquet", "Schema", "GeoJSON", "PNG", "iCalendar", "API"), "formats, so called in Chinese"
    ),
    **dict.fromkeys(("UTC", "UCUM", "WGS", "CAP", "DCAT", "ODbL"), "standards and licences"),
    **dict.fromkeys(("GOOD", *(str(flag.name) for flag in Quality), "ROUTE_ID", "null", "city"), "values in the data"),
    **dict.fromkeys(
        ("O", "I", "OPEN", "CLOSED", "ISSUE", "REISSUE", "EXTEND", "UPDATE", "working", "off", "silence"),
        "values in the data, which a schema explains",
    ),
    **dict.fromkeys(("MegaBox", "apm"), "shopping centres that have no other name"),
    **dict.fromkeys(("C", "A", "B"), "degrees, and exits of tunnels"),
}
MAY_STAY_CODED = re.compile(r"[\w.]*[_{}=?][\w.]*|\b(?:IN|OP|v1)-[\w-]+|(?<![A-Za-z])[A-Z]{0,3}\d+[A-Z]?(?![A-Za-z])")
CODED_UNIT_ROW = re.compile(r"^僅於 MISSING|^仅于 MISSING")  # a schema's ranges, in the units' own code


def list_strays(page: Page, language: Language, typed: Iterable[str] = ()) -> Iterator[str]:
    """What the page shows in another language than its own, without being marked as such.

    ``typed`` are a person's own words, which stay as they were typed.
    """
    page.evaluate(OPEN_ALL)
    own = re.compile("|".join(map(re.escape, typed)) or r"(?!)")
    for lang, words in page.evaluate(SHOWN):
        if lang == language.tag and _is_stray(own.sub(" ", words), language):
            yield words


def _is_stray(words: str, language: Language) -> bool:
    if language is Language.EN:
        return HAN.search(words) is not None
    if language is Language.SC and simplify(words) != words:
        return True
    bare = MAY_STAY_CODED.sub(" ", words)
    return CODED_UNIT_ROW.match(words) is None and any(word not in MAY_STAY_LATIN for word in LATIN.findall(bare))
