"""Every word that Lionrock's own pages say, a file a subject.

Keys are ``<subject>.<name>``; ``{name}`` in a text is filled in by the page or its islands. Words that
belong to data (road names, warnings, feeds) come with the data and are not here.
"""

from __future__ import annotations

from lionrock.app.pages.words.buses import BUSES
from lionrock.app.pages.words.city_now import CITY_NOW
from lionrock.app.pages.words.console import CONSOLE
from lionrock.app.pages.words.frame import FRAME
from lionrock.app.pages.words.incidents import INCIDENTS
from lionrock.app.pages.words.journeys import JOURNEYS
from lionrock.app.pages.words.models import MODELS
from lionrock.app.pages.words.registers import REGISTERS
from lionrock.app.pages.words.weather import WEATHER
from lionrock.core.vocabulary import Language, Text

WORDS: dict[str, Text] = {
    **FRAME,
    **CONSOLE,
    **CITY_NOW,
    **JOURNEYS,
    **INCIDENTS,
    **WEATHER,
    **BUSES,
    **MODELS,
    **REGISTERS,
}


def words_for(language: Language) -> dict[str, str]:
    """All words in one language, for a template or for the islands of a page."""
    return {key: text.say(language) for key, text in WORDS.items()}
