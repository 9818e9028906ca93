"""How words are written down."""

from __future__ import annotations

from lionrock.core.vocabulary import Text


def said(en: str, tc: str) -> Text:
    """Words in English and Traditional Chinese; Simplified is derived."""
    return Text(en=en, tc=tc)
