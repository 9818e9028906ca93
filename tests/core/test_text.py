"""Words in three languages: what is derived of them is remembered, and no more than that."""

from __future__ import annotations

from lionrock.core.vocabulary import LONGEST_REMEMBERED, MOST_REMEMBERED, Text, recall


def test_names_are_simplified_once_and_a_crawlers_long_paths_are_not_kept() -> None:
    assert Text(tc="獅子山隧道").sc == "狮子山隧道"
    before = recall.cache_info()
    assert Text(tc="獅子山隧道").sc == "狮子山隧道"
    assert recall.cache_info().hits == before.hits + 1
    assert Text(tc="隧" * (LONGEST_REMEMBERED + 1)).sc == "隧" * (LONGEST_REMEMBERED + 1)
    after = recall.cache_info()
    assert (after.currsize, after.maxsize) == (before.currsize, MOST_REMEMBERED)
