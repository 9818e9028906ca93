"""What is stored of incidents, with all that they were merged with: none of them can be told without the others."""

from __future__ import annotations

from collections.abc import Iterable

from lionrock.city.city import City
from lionrock.core.vocabulary import NotFound
from lionrock.services.mobility.incidents.datasets import INCIDENTS
from lionrock.services.mobility.incidents.incident import Incident, Ruling, from_event


def with_kin(
    city: City, known: Iterable[Incident], numbers: Iterable[str], rulings: Iterable[Ruling]
) -> list[Incident]:
    """``known``, what is stored of ``numbers``, and whatever any of these was merged with, by any number of steps."""
    merges = [(ruling.id, ruling.merged_into) for ruling in rulings if ruling.merged_into]
    found = {incident.id: incident for incident in known}
    wanted = [*numbers, *(other for incident in found.values() for other in _merged_with(incident, merges))]
    asked = set(found)
    while wanted:
        number = wanted.pop()
        if number in asked:
            continue
        asked.add(number)
        stored = find_stored(city, number)
        if stored is not None:
            found[number] = stored
        wanted += _merged_with(stored, merges) if stored is not None else _by_rulings(number, merges)
    return list(found.values())


def find_stored(city: City, number: str) -> Incident | None:
    """One incident as it was told last; None for a number that no job has told of."""
    try:
        return from_event(city.record(INCIDENTS, number).record)
    except NotFound:
        return None


def _merged_with(incident: Incident, merges: Iterable[tuple[str, str]]) -> set[str]:
    return {*incident.merged, *filter(None, [incident.merged_into]), *_by_rulings(incident.id, merges)}


def _by_rulings(number: str, merges: Iterable[tuple[str, str]]) -> set[str]:
    return {gone for gone, into in merges if into == number} | {into for gone, into in merges if gone == number}
