"""What a city service declares. Everything else about a service is derived from these words.

The declarations are plain frozen dataclasses, generic in the context ``C`` that functions are
handed (``city.City``, which stands above this room). Functions are real references, never paths.

A declaration checks itself where it can (:class:`~lionrock.core.vocabulary.BadDeclaration`);
what needs the whole city (one publisher a data set, reads that somebody writes) is checked by
``app.discovery``.
"""

from lionrock.core.manifest.background import Job
from lionrock.core.manifest.feed import Download, Feed, Parsed, Recording, Request
from lionrock.core.manifest.model import AiRecord, AiUse, Model, Review, Risk, Trial
from lionrock.core.manifest.names import days, hours, minutes
from lionrock.core.manifest.people import Action, Actor, Caller, Link, Outcome, Page, Question
from lionrock.core.manifest.service import Service

__all__ = [
    "Action",
    "Actor",
    "AiRecord",
    "AiUse",
    "Caller",
    "Download",
    "Feed",
    "Job",
    "Link",
    "Model",
    "Outcome",
    "Page",
    "Parsed",
    "Question",
    "Recording",
    "Request",
    "Review",
    "Risk",
    "Service",
    "Trial",
    "days",
    "hours",
    "minutes",
]
