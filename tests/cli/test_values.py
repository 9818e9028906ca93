"""Values as a person reads them in the terminal."""

from __future__ import annotations

from lionrock.app.cli.values import NOTHING, say

WORDS = {"en": "slow lane", "tc": "慢線", "sc": "慢线"}


def test_what_is_nested_deeper_than_a_table_stands_on_one_line_in_words() -> None:
    lanes = [{"lane_no": 1, "speed": 50.5, "title": WORDS}, {"lane_no": 2, "speed": None, "title": WORDS}]
    assert say(lanes) == f"lane no 1, speed 50.5, title slow lane; lane no 2, speed {NOTHING}, title slow lane"
    assert say([1, 2]) == "1, 2"
    assert say({}) == NOTHING
