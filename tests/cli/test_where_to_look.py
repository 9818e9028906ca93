"""After a replay a person is sent to a moment of which something was read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lionrock.app.cli.show import say_where_to_look
from lionrock.app.replay import Replayed
from lionrock.app.replay.replay import Part
from lionrock.core.settings import Settings

LAST = datetime(2024, 4, 6, 13, 29, tzinfo=UTC)


@pytest.mark.parametrize(("span", "seen"), [(timedelta(0), "13:29"), (timedelta(days=3), "12:29")])
def test_the_address_shows_what_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], span: timedelta, seen: str
) -> None:
    part = Part("traffic.lanes")
    part.saw(LAST - span, 700)
    part.saw(LAST, 700)
    say_where_to_look(Replayed([part, Part("traffic.news")], []), Settings(port=8393, data=tmp_path))
    assert f"http://127.0.0.1:8393/#at=2024-04-06T{seen}:00Z" in capsys.readouterr().out
