"""Reading the outer form of a download strictly: JSON, CSV and XML that say where they are wrong.

Parsers start here, so that every feed refuses the same accidents (an empty body, an HTML page in
place of data, a wrong encoding, a cut file) with the same words.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TypeVar

import msgspec
from lxml import etree

from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Text, said

T = TypeVar("T")

ASK_AGAIN = said(
    "wait for the next download; if it stays, ask the publisher", "等待下一次下載；如情況持續，請聯絡發布者"
)
FORMAT_CHANGED = said(
    "compare the kept bytes with the format in the service's samples, then change the parser",
    "將保留的原始檔與服務樣本的格式比較，然後修改解析程式",
)


def text_of(download: Download, encoding: str = "utf-8-sig") -> str:
    """The body as text; raises MalformedDownload when it is empty, HTML or not in ``encoding``."""
    _refuse_empty_or_html(download)
    try:
        return download.body.decode(encoding)
    except UnicodeDecodeError as error:
        raise MalformedDownload(
            said(f"not {encoding} text: {error.reason}", f"並非 {encoding} 文字"),
            where=f"byte {error.start}",
            remedy=FORMAT_CHANGED,
        ) from error


def json_as(download: Download, form: type[T]) -> T:
    """The body as JSON of the dataclass or struct ``form``; unknown fields are allowed, missing ones are not."""
    body = text_of(download)
    try:
        return msgspec.json.decode(body, type=form)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at ")
        raise MalformedDownload(other_shape(problem), where=where.strip("`"), remedy=FORMAT_CHANGED) from error
    except msgspec.DecodeError as error:
        raise MalformedDownload(said(f"not whole JSON: {error}", "並非完整的 JSON"), remedy=ASK_AGAIN) from error


def csv_header(download: Download) -> tuple[str, ...]:
    """The cells of a CSV's first line, stripped; none of an empty one. Raises MalformedDownload."""
    try:
        return tuple(cell.strip() for cell in next(csv.reader(io.StringIO(text_of(download)), strict=True), []))
    except csv.Error as error:
        raise MalformedDownload(said(f"not CSV: {error}", "並非 CSV"), where="line 1", remedy=ASK_AGAIN) from error


def csv_rows(
    download: Download, header: tuple[str, ...], *, encoding: str = "utf-8-sig", header_line: int = 1
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a CSV whose header stands on ``header_line`` and begins with ``header``.

    Cells are stripped. A row that is shorter than ``header``, or no row at all, raises
    MalformedDownload; empty cells beyond the header (a trailing comma) are let go.
    """
    reader = csv.reader(io.StringIO(text_of(download, encoding)), strict=True)
    rows = 0
    try:
        for cells in reader:
            if reader.line_num < header_line:
                continue
            stripped = [cell.strip() for cell in cells]
            if reader.line_num == header_line:
                _refuse_other_header(stripped, header, header_line)
                continue
            if not any(stripped):
                continue
            if len(stripped) < len(header) or any(stripped[len(header) :]):
                raise MalformedDownload(
                    said(
                        f"{len(stripped)} cells where the header has {len(header)}",
                        f"此行有 {len(stripped)} 格，標題行則有 {len(header)} 格",
                    ),
                    where=f"line {reader.line_num}",
                    remedy=ASK_AGAIN,
                )
            rows += 1
            yield reader.line_num, dict(zip(header, stripped, strict=False))
    except csv.Error as error:
        problem = said(f"not CSV: {error}", "並非 CSV")
        raise MalformedDownload(problem, where=f"line {reader.line_num}", remedy=ASK_AGAIN) from error
    if not rows:
        raise MalformedDownload(
            said("a header without rows", "只有標題行，沒有資料"), where=f"line {header_line}", remedy=ASK_AGAIN
        )


def xml_root(download: Download, tag: str) -> etree._Element:
    """The root of an XML body, whose tag must be ``tag``. Entities, DTDs and the network are never touched."""
    _refuse_empty_or_html(download)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(download.body, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        fault = error.msg.removesuffix(f", line {line}, column {column}") if error.msg else "nothing in it"
        problem = said(f"not whole XML: {fault}", "並非完整的 XML")
        raise MalformedDownload(problem, where=f"line {line}, column {column}", remedy=ASK_AGAIN) from error
    except ValueError as error:
        raise MalformedDownload(said(f"not whole XML: {error}", "並非完整的 XML"), remedy=ASK_AGAIN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        problem = said("a DOCTYPE, which no feed of ours has", "含有 DOCTYPE，我們的數據源均沒有")
        raise MalformedDownload(problem, where="line 1", remedy=FORMAT_CHANGED)
    if root.tag != tag:
        problem = said(f"the root is <{root.tag}>, not <{tag}>", f"根元素是 <{root.tag}>，而非 <{tag}>")
        raise MalformedDownload(problem, where="line 1", remedy=FORMAT_CHANGED)
    return root


def local_moment(text: str, pattern: str, zone: tzinfo, where: str) -> datetime:
    """An aware moment from local ``text`` in strptime's ``pattern``; raises MalformedDownload."""
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=zone)
    except ValueError as error:
        problem = said(f"{text!r} is no date like {pattern}", f"{text!r} 並非 {pattern} 格式的日期")
        raise MalformedDownload(problem, where=where, remedy=FORMAT_CHANGED) from error


PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)  # float() also takes 1_000, NaN, １


def number(text: str, where: str) -> float:
    """A finite number from plain ``text``; raises MalformedDownload."""
    if not PLAIN_NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        problem = said(f"{text!r} is no number", f"{text!r} 並非數字")
        raise MalformedDownload(problem, where=where, remedy=FORMAT_CHANGED)
    return value


def filled(text: str, where: str) -> str:
    """A text that must not be empty; raises MalformedDownload."""
    if not text:
        problem = said("nothing stands where an id must", "應有編號之處是空白的")
        raise MalformedDownload(problem, where=where, remedy=FORMAT_CHANGED)
    return text


def one_of(value: str, meanings: Mapping[str, T], where: str) -> T:
    """What a coded ``value`` means; a code that nobody declared raises MalformedDownload."""
    if value not in meanings:
        codes = ", ".join(meanings)
        problem = said(f"{value!r} is none of {codes}", f"{value!r} 不在 {codes} 之列")
        raise MalformedDownload(problem, where=where, remedy=FORMAT_CHANGED)
    return meanings[value]


def _refuse_empty_or_html(download: Download) -> None:
    body = download.body.lstrip()
    if not body:
        raise MalformedDownload(said("the answer is empty", "回應是空的"), remedy=ASK_AGAIN)
    if body[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise MalformedDownload(said("an HTML page in place of data", "收到的是網頁而非數據"), remedy=ASK_AGAIN)


def _refuse_other_header(found: list[str], header: tuple[str, ...], line: int) -> None:
    if tuple(found[: len(header)]) != header:
        missing = [name for name in header if name not in found]
        problem = said("the header's columns changed their order", "標題行的欄位次序改變了")
        if missing:
            problem = header_lacks(missing)
        raise MalformedDownload(problem, where=f"line {line}", remedy=FORMAT_CHANGED)


def header_lacks(columns: Iterable[str]) -> Text:
    """What is said of a header without some of the columns."""
    names = ", ".join(columns)
    return said(f"the header lacks {names}", f"標題行欠缺 {names}")


OTHER_SHAPES = (  # msgspec's words for a value that is not of the declared form
    (re.compile(r"Object missing required field (`.*`)"), r"欠缺欄位 \1"),
    (re.compile(r"Expected (`.*`), got (`.*`)"), r"應為 \1，收到的卻是 \2"),
)


def other_shape(problem: str) -> Text:
    """What msgspec says of a value that is not of the declared form."""
    told = (match.expand(words) for pattern, words in OTHER_SHAPES if (match := pattern.fullmatch(problem)))
    return Text(en=problem, tc=next(told, "內容與格式不符"))
