"""The API's description, derived from the questions: OpenAPI 3.1 without remote references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

import msgspec

import lionrock
from lionrock.app.discovery import Catalogue
from lionrock.city.city import City
from lionrock.core.manifest import Question, Service

API = "/api/v1"
REFERENCE = "#/components/schemas/{name}"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}


def describe_api(catalogue: Catalogue) -> dict[str, Any]:
    """Derive the OpenAPI document of every question of every service."""
    asked = [(service, question) for service in catalogue.services for question in service.questions]
    kinds = [answer_type(question) for _, question in asked if question.form == "application/json"]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    by_kind = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths = {
        f"{API}/{question.path}": {"get": _operation(service, question, by_kind.get(id(answer_type(question))))}
        for service, question in asked
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lionrock",
            "version": lionrock.__version__,
            "summary": "What the city's services answer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": service.id, "description": service.summary.en} for service in catalogue.services],
        "paths": paths,
        "components": {"schemas": {**components, "Problem": PROBLEM}},
    }


def answer_type(question: Question[City, Any]) -> Any:
    """What a question's function says it returns."""
    return get_type_hints(question.answer)["return"]


def list_fields(question: Question[City, Any]) -> Iterator[tuple[str, Any, bool, bool]]:
    """Yield (name, type with limits, whether it stands in the path, whether it must be given)."""
    hints = get_type_hints(question.asks, include_extras=True)
    holes = set(re.findall(r"{(\w+)}", question.path))
    for field in fields(question.asks):
        required = field.default is MISSING and field.default_factory is MISSING
        yield field.name, hints[field.name], field.name in holes, required


def _operation(service: Service[City], question: Question[City, Any], schema: Any) -> dict[str, Any]:
    parameters = []
    for name, kind, in_path, required in list_fields(question):
        described, _ = msgspec.json.schema_components([kind], ref_template=REFERENCE)
        parameters.append(
            {
                "name": name,
                "in": "path" if in_path else "query",
                "required": in_path or required,
                "schema": described[0],
                "example": msgspec.to_builtins(getattr(question.example, name)),
            }
        )
    content = {question.form: {"schema": schema if schema is not None else {"type": "string"}}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": re.sub(r"\W+", "_", question.path).strip("_"),
        "summary": question.title.en,
        "tags": [service.id],
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer.", "content": content},
            "400": {"description": "The query cannot be read.", "content": problem},
            "404": {"description": "What was named does not exist.", "content": problem},
            "503": {"description": "Not yet: the detail says what it waits for.", "content": problem},
        },
    }
