"""What the first map still waits for."""

from __future__ import annotations

from lionrock.app.house import House
from lionrock.core.vocabulary import Kind

# A map needs places and values: either pair will do (a recording may have only one of them).
FIRST_MAP = (("traffic.road_network", "traffic.segment_speeds"), ("traffic.detectors", "traffic.lanes"))


def waits_for(house: House) -> str | None:
    """Name what is missing for the first map, or None when it can be drawn."""
    datasets = house.catalogue.datasets
    lacking = [
        " and ".join(wanted for wanted in pair if wanted not in datasets or _is_empty(house, wanted))
        for pair in FIRST_MAP
    ]
    return None if "" in lacking else " or ".join(lacking)


def _is_empty(house: House, dataset_id: str) -> bool:
    dataset = house.catalogue.datasets[dataset_id]
    if dataset.kind is Kind.READINGS:
        return not any(len(house.readings.latest(dataset_id, what.id).sensors) for what in dataset.properties)
    return not house.records.list_open(dataset_id)
