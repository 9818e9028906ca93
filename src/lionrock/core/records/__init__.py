"""Operational records in SQLite: features, events, alerts, and what the platform knows of itself."""

from lionrock.core.records.feed_states import FeedState, FeedStates, SetAside
from lionrock.core.records.store import Kept, RecordStore
from lionrock.core.records.trials import ModelVersion, Scored, Trials

__all__ = ["FeedState", "FeedStates", "Kept", "ModelVersion", "RecordStore", "Scored", "SetAside", "Trials"]
