"""How declared things may be called and reached, and spans of time in words."""

from __future__ import annotations

import re
from datetime import timedelta

from lionrock.core.vocabulary import BadDeclaration

NAME = re.compile(r"[a-z][a-z0-9_]*")
HOLE = re.compile(r"{(\w+)}")
PATH = re.compile(r"([a-z0-9_.-]+|{\w+})(/([a-z0-9_.-]+|{\w+}))*")
WORDS = re.compile(r"[a-z][a-z_]*\.[a-z0-9_]+")
MOST_OFTEN = timedelta(seconds=5)


def days(count: float) -> timedelta:
    """A span of days."""
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    """A span of hours."""
    return timedelta(hours=count)


def minutes(count: float) -> timedelta:
    """A span of minutes."""
    return timedelta(minutes=count)


def must_be_name(name: str, what: str) -> None:
    """Raise BadDeclaration unless ``name`` may be part of a path, a file and a verb."""
    if not NAME.fullmatch(name):
        raise BadDeclaration(f"{what} is small letters, digits and underscores, beginning with a letter: not {name!r}")


def must_be_words(key: str, what: str) -> None:
    """Raise BadDeclaration unless ``key`` is ``<subject>.<name>``."""
    if not WORDS.fullmatch(key):
        raise BadDeclaration(f"{what} is <subject>.<name> in small letters: not {key!r}")


def must_be_path(path: str, what: str) -> None:
    """Raise BadDeclaration unless ``path`` may stand behind ``/api/v1/`` or a language."""
    if not PATH.fullmatch(path):
        raise BadDeclaration(
            f"{what} is small letters, digits, - _ . and {{holes}} with / between them, none at its ends: not {path!r}"
        )


def list_holes(template: str) -> list[str]:
    """The names in a template's ``{holes}``, in order."""
    return HOLE.findall(template)
