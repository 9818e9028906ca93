"""Which data sets are offered, and what is said of each: licence, attribution, rhythm, last change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lionrock.app.house import House
from lionrock.city.city import City
from lionrock.city.place import NAME
from lionrock.core.manifest import Service
from lionrock.core.vocabulary import Dataset, Kind, NotAllowed, NotFound, Source, Text, moment_of


@dataclass(frozen=True, slots=True)
class Offer:
    """One data set with the service that publishes it."""

    dataset: Dataset
    service: Service[City]


def get_offer(house: House, dataset_id: str) -> Offer:
    """The data set of that id; raises NotFound."""
    for service in house.catalogue.services:
        for dataset in service.publishes:
            if dataset.id == dataset_id:
                return Offer(dataset, service)
    raise NotFound(Text(en=f"no service publishes a data set {dataset_id!r}", tc=f"沒有名為 {dataset_id} 的數據集"))


def get_open_offer(house: House, dataset_id: str) -> Offer:
    """The same, for downloads; raises NotAllowed for one that holds personal data: it is never offered."""
    offer = get_offer(house, dataset_id)
    if offer.dataset.personal:
        raise NotAllowed(
            Text(
                en=f"{dataset_id} holds personal data: it is no open data and is not offered to anyone",
                tc=f"{dataset_id} 含有個人資料，並非開放數據，不會向任何人提供",
            )
        )
    return offer


def attribution(offer: Offer) -> str:
    """The words that a re-user must show."""
    return f"{offer.service.owner.en}; {NAME.en}; {offer.dataset.licence}"


def source_words(source: Source) -> Text:
    """What every export says of where its data come from."""
    return {
        Source.TWIN: Text(
            en="SIMULATED: from a simulated city; nothing here describes the real one.",
            tc="模擬數據：來自模擬城市，並不反映真實情況。",
        ),
        Source.RECORDING: Text(en="From a recording: not the city now.", tc="歷史錄得數據：並非現時情況。"),
        Source.LIVE: Text(en="From the city's live feeds.", tc="來自城市的實時數據。"),
    }[source]


def last_change(house: House, dataset: Dataset) -> datetime | None:
    """When the newest record changed, or the moment of the newest reading or forecast; None where nothing is kept."""
    if dataset.kind is Kind.FORECASTS:
        columns = [house.readings.latest_forecasts(dataset.id, what.id).issued_at_us for what in dataset.properties]
        moments = [int(column.max()) for column in columns if len(column)]
        return moment_of(max(moments)) if moments else None
    if dataset.kind is Kind.READINGS:
        arrays = [house.readings.latest(dataset.id, what.id).at_us for what in dataset.properties]
        moments = [int(array.max()) for array in arrays if len(array)]
        return moment_of(max(moments)) if moments else None
    return max((kept.changed_at for kept in house.records.list_open(dataset.id)), default=None)
