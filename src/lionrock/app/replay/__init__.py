"""Reading what was recorded: files of the feeds' formats, our own archives, and older collections."""

from lionrock.app.replay.replay import (
    Part,
    Replayed,
    Watch,
    open_recording,
    replay,
    serve_recording,
    settings_for_recording,
)

__all__ = ["Part", "Replayed", "Watch", "open_recording", "replay", "serve_recording", "settings_for_recording"]
