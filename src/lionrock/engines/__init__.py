"""Algorithms behind small interfaces; they know nothing of the city."""
