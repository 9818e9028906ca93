"""Chance that repeats: every random choice of the twin comes from its seed and what is being chosen."""

from __future__ import annotations

import hashlib

import numpy as np


def number_for(seed: int, *labels: object) -> int:
    """A 64-bit number that depends on nothing but ``seed`` and ``labels`` (not on process or platform)."""
    text = "\x1f".join((str(seed), *map(str, labels)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def share_for(seed: int, *labels: object) -> float:
    """A number in [0, 1) for one yes-or-no choice."""
    return number_for(seed, *labels) / 2**64


def stream_for(seed: int, *labels: object) -> np.random.Generator:
    """A stream of random numbers for many choices of one kind."""
    return np.random.Generator(np.random.PCG64(number_for(seed, *labels)))
