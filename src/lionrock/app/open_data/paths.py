"""The open-data addresses in the API's description (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from lionrock.app.open_data.days import MEDIA_TYPES as DAY_TYPES
from lionrock.app.open_data.dcat import MEDIA_TYPE as DCAT_TYPE
from lionrock.app.open_data.forms import MEDIA_TYPES
from lionrock.app.open_data.rows import LONGEST_WINDOW, MOST_ROWS, USUAL_ROWS

TAG = "open-data"
STRING: dict[str, Any] = {"type": "string"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
DAY: dict[str, Any] = {"type": "string", "pattern": r"^\d{8}$"}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def describe_open_data(api: str) -> dict[str, Any]:
    """The paths below ``api`` that every data set has by existing, and those of the archive."""
    archive = f"{api}/historical-archive"
    window = f"of one sensor, at most {LONGEST_WINDOW.days} days; without an offset Hong Kong's time"
    return {
        f"{api}/datasets.jsonld": _get(
            "describe_catalogue", "Every open data set with its downloads, as DCAT 3 in JSON-LD", {}, (DCAT_TYPE,)
        ),
        f"{api}/datasets/{{file}}": _get(
            "download_data_set",
            "A data set's present state, or one sensor's window: <id>.json, .csv, .geojson, or its .schema.json",
            {
                "file": (STRING, "a data set's id and a form"),
                "limit": (
                    {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS},
                    "rows a page",
                ),
                "after": (STRING, "where the page before ended; take it from its next address"),
                "sensor": (STRING, "one sensor over time"),
                "property": (STRING, "which of its properties"),
                "from": (MOMENT, f"begin of the window {window}"),
                "to": (MOMENT, "its end, not included"),
            },
            (*MEDIA_TYPES.values(), "application/schema+json"),
            in_path=("file",),
        ),
        f"{api}/datasets/{{dataset}}/days": _get(
            "list_archived_days",
            "The days of Hong Kong of which the archive has a data set, derived ones too, and where each is downloaded",
            {"dataset": (STRING, "a data set's id")},
            ("application/json",),
            in_path=("dataset",),
        ),
        f"{api}/datasets/{{dataset}}/days/{{file}}": _get(
            "download_archived_day",
            "One day: readings measured in it, forecasts issued in it, or every version of records that stood in it",
            {"dataset": (STRING, "a data set's id"), "file": (STRING, f"YYYYMMDD.{' or YYYYMMDD.'.join(DAY_TYPES)}")},
            tuple(DAY_TYPES.values()),
            in_path=("dataset", "file"),
            busy="So many days are being sent already: try again soon.",
        ),
        f"{archive}/list-files": _get(
            "list_archived_files",
            "Every address that feeds ask, and the days of Hong Kong of which raw downloads are kept",
            {
                "dataset": (STRING, "only those that feed this data set"),
                "start": (DAY, "YYYYMMDD: only those with downloads from this day on"),
                "end": (DAY, "YYYYMMDD: to this day"),
            },
            ("application/json",),
            required=(),
        ),
        f"{archive}/list-file-versions": _get(
            "list_file_versions",
            "The versions kept of one address, as YYYYMMDD-HHMM in Hong Kong's time",
            {
                "url": (STRING, "the address"),
                "start": (DAY, "YYYYMMDD"),
                "end": (DAY, "YYYYMMDD, at most 31 days later"),
            },
            ("application/json",),
        ),
        f"{archive}/get-file": _get(
            "get_file_version",
            "One version as it was received, byte for byte",
            {"url": (STRING, "the address"), "time": (STRING, "YYYYMMDD-HHMM, from the list")},
            ("application/octet-stream",),
        ),
    }


def _get(
    operation: str,
    summary: str,
    parameters: dict[str, tuple[dict[str, Any], str]],
    media_types: tuple[str, ...],
    in_path: tuple[str, ...] = (),
    busy: str = "",
    required: tuple[str, ...] = ("url", "start", "end", "time"),
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [TAG],
            "parameters": [
                {
                    "name": name,
                    "in": "path" if name in in_path else "query",
                    "required": name in required or name in in_path,
                    "schema": schema,
                    "description": words,
                }
                for name, (schema, words) in parameters.items()
            ],
            "responses": {
                "200": {"description": "What was asked.", "content": {kind: {} for kind in media_types}},
                "400": {"description": "The query cannot be read.", "content": PROBLEM},
                "403": {"description": "It holds personal data and is not offered.", "content": PROBLEM},
                "404": {"description": "What was named does not exist.", "content": PROBLEM},
                **({"503": {"description": busy, "content": PROBLEM}} if busy else {}),
            },
        }
    }
