"""Reading what was recorded: files of the feeds' formats, our own archives, and older collections."""

from lionrock.app.replay.moments import read_moment
from lionrock.app.replay.replay import Part, Replayed, Watch, replay, serve_recording, settings_for_recording

__all__ = ["Part", "Replayed", "Watch", "read_moment", "replay", "serve_recording", "settings_for_recording"]
