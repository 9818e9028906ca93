"""Numbers of what operators write, by the second of Hong Kong's clock."""

from __future__ import annotations

from itertools import chain, count

from lionrock.city.city import City
from lionrock.core.vocabulary import Dataset, NotFound


def first_free(city: City, dataset: Dataset, wanted: str) -> str:
    """The number that is wanted, or with -2, -3 and so on behind it the first that no record ever had."""
    numbers = chain((wanted,), (f"{wanted}-{turn}" for turn in count(2)))
    return next(number for number in numbers if not _is_taken(city, dataset, number))


def _is_taken(city: City, dataset: Dataset, number: str) -> bool:
    try:
        city.record(dataset, number)
    except NotFound:
        return False
    return True
