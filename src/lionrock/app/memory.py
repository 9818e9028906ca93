"""What glibc is told about memory: to give back what nobody uses any more. Other C libraries need no telling."""

from __future__ import annotations

import ctypes

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # glibc's mallopt(3)
ARENAS = 2
LARGE = 4 * 1024 * 1024


def share_arenas() -> None:
    """Let all threads share two arenas: with one for each, glibc kept 165 MiB that nobody used any more."""
    _mallopt(M_ARENA_MAX, ARENAS)


def return_large_blocks() -> None:
    """Give every large block back when it is freed; by itself glibc keeps more and more of them, to use them again."""
    _mallopt(M_MMAP_THRESHOLD, LARGE)


def _mallopt(what: int, value: int) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(what, value)
