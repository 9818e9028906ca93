"""Operational records in SQLite: features, events, alerts, and what the platform knows of itself."""

from lionrock.core.records.feed_states import FeedState, FeedStates, SetAside
from lionrock.core.records.journal import Deed, Entry, Journal
from lionrock.core.records.store import Kept, RecordStore, Touched
from lionrock.core.records.trials import ModelVersion, Scored, Trials

__all__ = [
    "Deed",
    "Entry",
    "FeedState",
    "FeedStates",
    "Journal",
    "Kept",
    "ModelVersion",
    "RecordStore",
    "Scored",
    "SetAside",
    "Touched",
    "Trials",
]
