"""Every word that the house's own pages say; a service's words are in its folder.

Keys are ``<subject>.<name>``; ``{name}`` in a text is filled in by the page or its islands. Words that
belong to data (road names, warnings, feeds) come with the data and are not here.
"""

from __future__ import annotations

from lionrock.app.pages.words.console import CONSOLE
from lionrock.app.pages.words.frame import FRAME
from lionrock.app.pages.words.models import MODELS
from lionrock.app.pages.words.people import PEOPLE
from lionrock.app.pages.words.registers import REGISTERS
from lionrock.core.vocabulary import Language, Text

WORDS: dict[str, Text] = {
    **FRAME,
    **CONSOLE,
    **PEOPLE,
    **MODELS,
    **REGISTERS,
}


def words_for(language: Language) -> dict[str, str]:
    """The house's words in one language."""
    return {key: text.say(language) for key, text in WORDS.items()}


def subject_of(key: str) -> str:
    """What the words under ``key`` are about; each subject has one owner."""
    return key.partition(".")[0]
