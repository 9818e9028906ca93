"""The JSON Schema (2020-12) of each data set's rows, and the same as columns for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lionrock.core.vocabulary import Dataset, EventStatus, Kind, Quality, Severity, Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NULL_WHERE_MISSING = "null exactly where MISSING; possible: "
QUALITY = "what is known against the value; one that the source REPEATED is as good as GOOD"
IN_CHINESE = {
    "unique in the data set": "在數據集內不重複",
    "where it was measured": "量度位置",
    "what was measured": "量度項目",
    "the beginning of its period": "所屬時段的開始",
    "UCUM": "UCUM 單位",
    QUALITY: "數值的已知問題；REPEATED 表示來源重複提供同一數值，與 GOOD 同樣可靠",
    "of what": "對象",
    "what is forecast": "預測項目",
    "when it was said": "發出時間",
    "of when it speaks": "所指時間",
    "minutes between the two": "兩者相距分鐘",
    "the 10% quantile": "10% 分位數",
    "the 50% quantile": "50% 分位數",
    "the 90% quantile": "90% 分位數",
    "which model said it": "所用模型",
    "which version of it": "模型版本",
    "GeoJSON, WGS 84 longitude and latitude": "GeoJSON，WGS 84 經緯度",
    "degrees, WGS 84; null where the source names no place": "WGS 84 度數；來源沒有位置時為 null",
    "what kind of event": "事件種類",
    "when it happened or was announced": "發生或公布時間",
    "what it warns of": "警告內容",
    "CAP 1.2": "CAP 1.2 嚴重程度",
    "since when": "開始時間",
    "when it was first read here": "首次讀取時間",
    "when it last changed here": "最近更改時間",
    "how often it was new or changed": "新增或更改次數",
    "English": "英文",
    "Traditional Chinese": "繁體中文",
    "Simplified Chinese": "簡體中文",
}
STRING: dict[str, Any] = {"type": "string"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
NUMBER: dict[str, Any] = {"type": "number"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a data set: its name, its type in words of JSON, and what it holds."""

    name: str
    type: str
    description: Text


def row_schema(dataset: Dataset) -> dict[str, Any]:
    """The schema of one row."""
    fields = FIELDS[dataset.kind](dataset)
    if dataset.kind not in (Kind.READINGS, Kind.FORECASTS):
        fields = {"id": _told(STRING, "unique in the data set")} | fields | _life() | {"properties": _own(dataset)}
    return {
        "$schema": DIALECT,
        "$id": f"/api/v1/datasets/{dataset.id}.schema.json",
        "title": dataset.title.en,
        "description": dataset.description.en,
        "type": "object",
        "properties": fields,
        "required": sorted(fields),
        "additionalProperties": False,
    }


def list_columns(dataset: Dataset) -> list[Column]:
    """The schema's fields as a list; the records' own properties are named ``properties.<name>``."""
    columns = []
    titles = {own.id: own.title for own in dataset.fields}
    for name, field in row_schema(dataset)["properties"].items():
        if name == "properties":
            columns += [
                Column(f"properties.{inner}", _type_words(kind), titles[inner])
                for inner, kind in field["properties"].items()
            ]
        else:
            columns.append(Column(name, _type_words(field), _in_all_languages(field.get("description", ""))))
    return columns


def _in_all_languages(words: str) -> Text:
    """A description of ours in every language; one that speaks of ranges is put together here."""
    if words.startswith(NULL_WHERE_MISSING):
        ranges = words.removeprefix(NULL_WHERE_MISSING).replace(" to ", " 至 ").replace("; ", "；")
        return Text(en=words, tc=f"僅於 MISSING 時為 null；可能範圍：{ranges}")
    return Text(en=words, tc=IN_CHINESE.get(words, ""))


def _readings(dataset: Dataset) -> dict[str, Any]:
    ranges = "; ".join(f"{what.id} {what.low:g} to {what.high:g} {what.unit}" for what in dataset.properties)
    flags = ["GOOD", *(flag.name for flag in Quality if flag)]
    return {
        "sensor": _told(STRING, "where it was measured"),
        "property": {"enum": [what.id for what in dataset.properties], "description": "what was measured"},
        "at": _told(MOMENT, "the beginning of its period"),
        "value": _told({"type": ["number", "null"]}, f"{NULL_WHERE_MISSING}{ranges}"),
        "unit": {"enum": sorted({what.unit for what in dataset.properties}), "description": "UCUM"},
        "quality": {"type": "array", "items": {"enum": flags}, "description": QUALITY},
    }


def _forecasts(dataset: Dataset) -> dict[str, Any]:
    return {
        "sensor": _told(STRING, "of what"),
        "property": {"enum": [what.id for what in dataset.properties], "description": "what is forecast"},
        "issued_at": _told(MOMENT, "when it was said"),
        "at": _told(MOMENT, "of when it speaks"),
        "horizon_min": _told(NUMBER, "minutes between the two"),
        "low": _told(NUMBER, "the 10% quantile"),
        "middle": _told(NUMBER, "the 50% quantile"),
        "high": _told(NUMBER, "the 90% quantile"),
        "unit": {"enum": sorted({what.unit for what in dataset.properties}), "description": "UCUM"},
        "model": _told(STRING, "which model said it"),
        "version": _told(STRING, "which version of it"),
    }


def _features(_dataset: Dataset) -> dict[str, Any]:
    geometry = {"type": ["object", "null"], "description": "GeoJSON, WGS 84 longitude and latitude"}
    return {**_three("title"), "geometry": geometry}


def _events(_dataset: Dataset) -> dict[str, Any]:
    degrees = {"type": ["number", "null"], "description": "degrees, WGS 84; null where the source names no place"}
    return {
        "kind": _told(STRING, "what kind of event"),
        "at": _told(MOMENT, "when it happened or was announced"),
        "status": {"enum": [str(status) for status in EventStatus]},
        **_three("title"),
        **_three("detail"),
        **_three("place"),
        "lon": degrees,
        "lat": degrees,
    }


def _alerts(_dataset: Dataset) -> dict[str, Any]:
    return {
        "event": _told(STRING, "what it warns of"),
        "severity": {"enum": [str(severity) for severity in Severity], "description": "CAP 1.2"},
        **_three("headline"),
        **_three("description"),
        "onset": _told(MOMENT, "since when"),
        "expires": {"type": ["string", "null"], "format": "date-time"},
        **_three("area"),
    }


FIELDS = {
    Kind.READINGS: _readings,
    Kind.FORECASTS: _forecasts,
    Kind.FEATURES: _features,
    Kind.EVENTS: _events,
    Kind.ALERTS: _alerts,
}


def _life() -> dict[str, Any]:
    return {
        "first_seen": _told(MOMENT, "when it was first read here"),
        "changed_at": _told(MOMENT, "when it last changed here"),
        "record_version": {"type": "integer", "description": "how often it was new or changed"},
    }


def _own(dataset: Dataset) -> dict[str, Any]:
    """The records' own properties as the data set declares them; a record may leave some out."""
    fields = {
        own.id: _told({"type": [str(own.type), "null"] if own.unknown else str(own.type)}, own.title.en)
        for own in dataset.fields
    }
    return {"type": "object", "properties": fields, "additionalProperties": False, "description": "its own fields"}


def _type_words(field: Mapping[str, Any]) -> str:
    if "enum" in field:
        return "string"
    kind = field["type"]
    words = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words} ({field['format']})" if "format" in field else words


def _told(kind: dict[str, Any], words: str) -> dict[str, Any]:
    return {**kind, "description": words}


def _three(name: str) -> dict[str, Any]:
    tongues = {"en": "English", "tc": "Traditional Chinese", "sc": "Simplified Chinese"}
    return {f"{name}_{code}": _told(STRING, tongue) for code, tongue in tongues.items()}
