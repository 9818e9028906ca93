"""The API's description, derived from the questions and the actions: OpenAPI 3.1 without remote references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

import msgspec

import lionrock
from lionrock.app.discovery import Catalogue
from lionrock.app.open_data.paths import TAG as OPEN_DATA
from lionrock.app.open_data.paths import describe_open_data
from lionrock.app.openapi_keeping import TAG as KEEPING
from lionrock.app.openapi_keeping import describe_keeping
from lionrock.app.openapi_session import SESSION_PATH, SESSION_SCHEMA, describe_access
from lionrock.app.protocols.tdas_shapes import QUESTION as ROUTING
from lionrock.app.protocols.tdas_shapes import TAG as TDAS
from lionrock.app.protocols.tdas_shapes import describe_tdas
from lionrock.city.city import City
from lionrock.core.manifest import Action, Question, Service

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
        "where": {"type": "string", "description": "the parameter or field that is wrong"},
    },
    "required": ["type", "title", "status", "detail"],
}

DONE = {
    "type": "object",
    "description": "A line of the journal",
    "properties": {"entry": {"type": "integer"}, "undoable": {"type": "boolean"}, "why": {"type": "string"}},
    "required": ["entry", "undoable", "why"],
}


STREAM = {
    "get": {
        "operationId": "stream",
        "summary": "Server-sent events: which data sets changed, as it happens",
        "tags": [KEEPING],
        "parameters": [
            {
                "name": "after",
                "in": "query",
                "description": "The id of the last event that is known: what changed since then, if not long ago, is "
                "told first. A Last-Event-ID header says the same.",
                "schema": {"type": "integer", "minimum": 0},
            }
        ],
        "responses": {
            "200": {"description": "A stream that stays open.", "content": {"text/event-stream": {}}},
            "400": {
                "description": "That is no id of an event.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
            "503": {
                "description": "Too many streams are open: try again soon.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
}


def describe_api(catalogue: Catalogue) -> dict[str, Any]:
    """Derive the OpenAPI document of every question and every action of every service."""
    asked = [(service, question) for service in catalogue.services for question in service.questions]
    kinds = [answer_type(question) for _, question in asked if question.form == "application/json"]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    by_kind = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths = {
        f"{API}/{question.path}": {"get": _operation(service, question, by_kind.get(id(answer_type(question))))}
        for service, question in asked
    }
    paths[f"{API}/session"] = SESSION_PATH
    paths |= describe_open_data(API) | describe_keeping(API) | {f"{API}/stream": STREAM}
    if ROUTING in {question.path for _, question in asked}:
        routing, shapes = describe_tdas(REFERENCE)
        paths |= routing
        components |= shapes
    actions = [(service, action) for service in catalogue.services for action in service.actions]
    commands, more = msgspec.json.schema_components([action.asks for _, action in actions], ref_template=REFERENCE)
    components |= more
    for (service, action), command in zip(actions, commands, strict=True):
        paths.setdefault(f"{API}/{action.path}", {})["post"] = _act(service, action, command)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lionrock",
            "version": lionrock.__version__,
            "summary": "What the city's services answer, and what people may do in them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [
            *({"name": service.id, "description": service.summary.en} for service in catalogue.services),
            {"name": KEEPING, "description": "The journal of what people did, and the lives of models."},
            {"name": TDAS, "description": "The route interface of TDAS, for clients that already speak it."},
            {"name": OPEN_DATA, "description": "Every data set's downloads, and the archive of what the feeds sent."},
        ],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": PROBLEM, "Done": DONE, "Session": SESSION_SCHEMA},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "lionrock_session"}},
        },
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
    untold = {"type": "object" if question.form.endswith("json") else "string"}
    content = {question.form: {"schema": untold if schema is None else schema}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation = {
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
    return operation if question.access is None else describe_access(question.access, operation)


def _act(service: Service[City], action: Action[City, Any], command: Any) -> dict[str, Any]:
    """Describe the POST of one action."""
    asked = {"allOf": [command, {"type": "object", "properties": {"why": {"type": "string"}}, "required": ["why"]}]}
    example = msgspec.to_builtins(action.example) | {"why": "..."}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    token = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": re.sub(r"\W+", "_", action.path).strip("_") + "_do",
        "summary": action.title.en,
        "description": f"Needs the role {action.needs}; kept in the journal{', can be undone' if action.undo else ''}.",
        "tags": [service.id],
        "security": [{"session": []}],
        "parameters": [token],
        "requestBody": {"required": True, "content": {"application/json": {"schema": asked, "example": example}}},
        "responses": {
            "200": {
                "description": "Done.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Done"}}},
            },
            "400": {"description": "The command cannot be read.", "content": problem},
            "401": {"description": "Nobody is signed in.", "content": problem},
            "403": {"description": "The role or the token is missing.", "content": problem},
            "404": {"description": "What was named does not exist.", "content": problem},
            "409": {"description": "Not as things stand.", "content": problem},
        },
    }
