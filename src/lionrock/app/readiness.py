"""What the first map still waits for."""

from __future__ import annotations

from lionrock.app.house import House
from lionrock.core.vocabulary import Kind

# A map needs places and values: either pair will do (a recording may have only one of them).
FIRST_MAP = (("traffic.road_network", "traffic.segment_speeds"), ("traffic.detectors", "traffic.lanes"))


def waits_for(house: House) -> str | None:
    """Name what is missing for the first map, or None when it can be drawn."""
    datasets = house.catalogue.datasets
    missing_by_pair: list[list[str]] = []
    for pair in FIRST_MAP:
        missing = [wanted for wanted in pair if wanted not in datasets or _is_empty(house, wanted)]
        if not missing:
            return None
        missing_by_pair.append(missing)
    fewest = sorted(missing_by_pair, key=len)[0]
    return " and ".join(fewest)


def _is_empty(house: House, dataset_id: str) -> bool:
    dataset = house.catalogue.datasets[dataset_id]
    if dataset.kind is Kind.READINGS:
        return not any(len(house.readings.latest(dataset_id, what.id).sensors) for what in dataset.properties)
    return not house.records.list_open(dataset_id)
