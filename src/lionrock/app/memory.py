"""What glibc and Python are told about memory: to give back what nobody uses, and to look for it seldom.

Other C libraries than glibc need no telling.
"""

from __future__ import annotations

import ctypes
import gc

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # glibc's mallopt(3)
ARENAS = 2
LARGE = 4 * 1024 * 1024
NEW_OBJECTS, YOUNG_ROUNDS, OLD_ROUNDS = 50_000, 10, 10  # between two searches for cycles among the youngest, and so on


def share_arenas() -> None:
    """Let all threads share two arenas: with one for each, glibc kept 165 MiB that nobody used any more."""
    _mallopt(M_ARENA_MAX, ARENAS)


def return_large_blocks() -> None:
    """Give every large block back when it is freed; by itself glibc keeps more and more of them, to use them again."""
    _mallopt(M_MMAP_THRESHOLD, LARGE)


def search_cycles_seldom() -> None:
    """Look for cycles of unused objects after every so many new ones, and never among those that are there now.

    A download makes ten thousand objects that go by themselves. By its own rule (700) Python searched the whole
    platform for cycles every second while days were filled in: a fifth of the work, and 0.2 s of silence each time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, OLD_ROUNDS)


def _mallopt(what: int, value: int) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(what, value)
