"""The elements of the department's XML files: exactly these children, or the file is set aside."""

from __future__ import annotations

from lxml import etree

from lionrock.core.feeds.formats import FORMAT_CHANGED
from lionrock.core.vocabulary import MalformedDownload, said

TD_NAMESPACE = "{http://data.one.gov.hk/td}"


def children_of(parent: etree._Element, tags: tuple[str, ...]) -> list[etree._Element]:
    """The children of ``parent``, which must be exactly ``tags`` in that order; raises MalformedDownload."""
    children = list(parent)
    found = [child.tag for child in children]
    if found != list(tags):
        missing = [tag for tag in tags if tag not in found]
        holds = ", ".join(found)
        problem = said(f"<{parent.tag}> holds {holds}", f"<{parent.tag}> 內有 {holds}")
        if missing:
            problem = said(f"<{parent.tag}> lacks <{missing[0]}>", f"<{parent.tag}> 欠缺 <{missing[0]}>")
        raise MalformedDownload(problem, where=path_of(parent), remedy=FORMAT_CHANGED)
    return children


def fields_of(parent: etree._Element, required: tuple[str, ...], namespace: str = "") -> dict[str, str]:
    """The stripped texts of ``parent``'s children by tag, without ``namespace``; an empty element is "".

    Raises MalformedDownload where one of ``required`` is missing or any child comes twice.
    """
    fields: dict[str, str] = {}
    for child in parent:
        tag = str(child.tag).removeprefix(namespace)
        if tag in fields:
            raise MalformedDownload(
                said(f"<{tag}> comes twice", f"<{tag}> 出現兩次"), where=path_of(parent), remedy=FORMAT_CHANGED
            )
        fields[tag] = (child.text or "").strip()
    for tag in required:
        if tag not in fields:
            raise MalformedDownload(
                said(f"a message lacks <{tag}>", f"有消息欠缺 <{tag}>"), where=path_of(parent), remedy=FORMAT_CHANGED
            )
    return fields


def list_of(parent: etree._Element, tag: str) -> list[etree._Element]:
    """The children of ``parent``, every one of them a ``tag``; raises MalformedDownload."""
    children = list(parent)
    for child in children:
        if child.tag != tag:
            raise MalformedDownload(
                said(f"<{child.tag}> stands where only <{tag}> may", f"只可有 <{tag}> 之處出現 <{child.tag}>"),
                where=path_of(parent),
                remedy=FORMAT_CHANGED,
            )
    return children


def id_of(text: str | None, what: str, element: etree._Element) -> str:
    """A stripped id; raises MalformedDownload where it is empty."""
    stripped = (text or "").strip()
    if not stripped:
        raise MalformedDownload(
            said(f"{what} is empty", f"{what} 是空白的"), where=path_of(element), remedy=FORMAT_CHANGED
        )
    return stripped


def path_of(element: etree._Element) -> str:
    """Where an element stands, as an XPath, for a person who opens the kept bytes."""
    return str(element.getroottree().getpath(element))
