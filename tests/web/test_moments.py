from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lionrock.app.pages.moments import tell_age, tell_passed, tell_since
from lionrock.app.pages.words import words_for
from lionrock.core.vocabulary import Language

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EN, TC = words_for(Language.EN), words_for(Language.TC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(30, "30 s ago"), (780, "13 min ago"), (7_200, "2 h ago"), (200_000, "2 days ago"), (-30, "0 s ago")],
)
def test_an_age_is_told_in_the_unit_that_fits_it(seconds: float, said: str) -> None:
    assert tell_passed(seconds, EN) == said


def test_what_is_ahead_of_the_clock_is_no_age() -> None:
    assert tell_age(-7_200, EN) == tell_passed(-7_200, EN) == "2 h ahead of this clock"
    assert tell_since(NOW + timedelta(hours=2), NOW, TC) == "比本機時鐘快2 小時"


def test_what_never_was_has_no_age() -> None:
    assert tell_age(None, EN) == "never yet"
