"""The forms of a download: JSON, GeoJSON and CSV, each saying where its data come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lionrock.app.house import House
from lionrock.app.open_data.offer import Offer, attribution, last_change, source_words
from lionrock.app.open_data.rows import Row, Rows, cell_of
from lionrock.app.open_data.schema import list_columns
from lionrock.core.spreadsheets import UTF8_MARK, csv_text
from lionrock.core.vocabulary import BadInput, Kind, Source

MEDIA_TYPES = {"json": "application/json", "geojson": "application/geo+json", "csv": "text/csv; charset=utf-8"}
FORM_NAMES = {"json": "JSON", "geojson": "GeoJSON", "csv": "CSV"}
PLACED = (Kind.FEATURES, Kind.EVENTS)


def list_forms(kind: Kind) -> tuple[str, ...]:
    """The forms in which a data set of that kind is offered."""
    return ("json", "csv", "geojson") if kind in PLACED else ("json", "csv")


def encode(house: House, offer: Offer, form: str, page: Rows, next_href: str) -> bytes:
    """One page in one form; raises BadInput for one in which the data set is not offered."""
    if form not in list_forms(offer.dataset.kind):
        known = ", ".join(list_forms(offer.dataset.kind))
        raise BadInput(f"{offer.dataset.id} has no {form}", where="the address", remedy=f"one of {known}")
    if form == "csv":
        return _csv(house, page.rows, [column.name for column in list_columns(offer.dataset)])
    head = _head(house, offer, next_href)
    if form == "geojson":
        features = [_geojson(row) for row in page.rows]
        return msgspec.json.encode({"type": "FeatureCollection", **head, "features": features})
    return msgspec.json.encode({**head, "rows": page.rows})


def _head(house: House, offer: Offer, next_href: str) -> dict[str, Any]:
    return {
        "dataset": offer.dataset.id,
        "title": offer.dataset.title,
        "licence": offer.dataset.licence,
        "attribution": attribution(offer),
        "source": str(house.settings.source),
        "simulated": house.settings.source is Source.TWIN,
        "note": source_words(house.settings.source),
        "at": last_change(house, offer.dataset),
        "schema": f"/api/v1/datasets/{offer.dataset.id}.schema.json",
        "next": next_href or None,
    }


def _geojson(row: Row) -> dict[str, Any]:
    """A row as a GeoJSON feature: its fields and its own properties side by side, its own named last."""
    geometry = row["geometry"] if "geometry" in row else _point(row)
    own = {name: value for name, value in row.items() if name not in ("id", "geometry", "properties")}
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": own | row["properties"]}


def _point(row: Row) -> dict[str, Any] | None:
    if row["lon"] is None or row["lat"] is None:
        return None
    return {"type": "Point", "coordinates": [row["lon"], row["lat"]]}


def _csv(house: House, rows: list[Row], columns: Sequence[str]) -> bytes:
    """A header and a row each; nested values as JSON, and in every row where the data come from."""
    said = "SIMULATED" if house.settings.source is Source.TWIN else str(house.settings.source)
    table = ((*(_cell(row, name) for name in columns), said) for row in rows)
    return UTF8_MARK + csv_text((*columns, "source"), table).encode()


def _cell(row: Mapping[str, Any], name: str) -> Any:
    """One value as a cell."""
    value = cell_of(row, name)
    if name == "quality":
        return "|".join(value)
    if isinstance(value, dict | list | tuple):
        return msgspec.json.encode(value).decode()
    return value
