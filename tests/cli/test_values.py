"""Values as a person reads them in the terminal."""

from __future__ import annotations

import os
import pty

import pytest

from lionrock.app.cli.show import print_table
from lionrock.app.cli.values import NOTHING, print_answer, say

WORDS = {"en": "slow lane", "tc": "慢線", "sc": "慢线"}


def test_what_is_nested_deeper_than_a_table_stands_on_one_line_in_words() -> None:
    lanes = [{"lane_no": 1, "speed": 50.5, "title": WORDS}, {"lane_no": 2, "speed": None, "title": WORDS}]
    assert say(lanes) == f"lane no 1, speed 50.5, title slow lane; lane no 2, speed {NOTHING}, title slow lane"
    assert say([1, 2]) == "1, 2"
    assert say({}) == NOTHING


ORDERS = "\x1b[31mslow\x1b]0;title\x07 \x9b2Jlane\r\x7f"
HARMLESS = "[31mslow]0;title 2Jlane"


def test_what_a_feed_says_gives_the_terminal_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    assert say(ORDERS) == say({"en": ORDERS, "tc": "", "sc": ""}) == HARMLESS
    assert say([ORDERS, {"\x1b[2J": 1}]) == f"{HARMLESS}; [2J 1"
    assert say("\x1b") == NOTHING
    assert say("two\nlines") == "two\nlines"
    print_table("Feeds", ("feed",), [(ORDERS,)])
    assert HARMLESS in capsys.readouterr().out


def test_a_file_is_printed_as_it_is_and_to_a_terminal_without_orders(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    print_answer(f"id,name\r\n1,{ORDERS}\r\n")
    assert capsys.readouterr().out.count("\x1b") == 2
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdout", terminal)
        print_answer(f"id,name\r\n1,{ORDERS}\r\n")
        terminal.flush()
        seen = os.read(ours, 4096).decode()
    os.close(ours)
    assert (HARMLESS in seen, "\x1b" in seen) == (True, False)
