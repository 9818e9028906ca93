"""The addresses of the house's own keeping, described: the journal of acts and the lives of models."""

from __future__ import annotations

from typing import Any

TAG = "keeping"
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
DONE = {"application/json": {"schema": {"$ref": "#/components/schemas/Done"}}}
ANYTHING = {"application/json": {"schema": {"type": "object"}}}
LIST = {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}
TOKEN = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
REFUSALS = {
    "400": {"description": "What was said cannot be read.", "content": PROBLEM},
    "401": {"description": "Nobody is signed in.", "content": PROBLEM},
    "403": {"description": "The role or the token is missing.", "content": PROBLEM},
    "404": {"description": "What was named does not exist.", "content": PROBLEM},
    "409": {"description": "Not as things stand.", "content": PROBLEM},
}


def describe_keeping(api: str) -> dict[str, Any]:
    """Describe reading the journal and undoing, and reading and deciding about models."""
    model = f"{api}/models/{{service}}/{{model}}"
    of_model = [_in_path("service"), _in_path("model")]
    return {
        f"{api}/journal": {
            "get": {
                "operationId": "journal",
                "summary": "Who changed what, when and why? For people who have signed in.",
                "tags": [TAG],
                "security": [{"session": []}],
                "parameters": [
                    _in_query("dataset", "string"),
                    _in_query("record", "string"),
                    _in_query("before", "integer"),
                    _in_query("limit", "integer"),
                ],
                "responses": {"200": {"description": "Entries, newest first.", "content": LIST}, **REFUSALS},
            }
        },
        f"{api}/journal/{{number}}/undo": {
            "post": _decision("journal_undo", "Undo an entry; needs the role of its action.", ["why"], DONE)
            | {"parameters": [_in_path("number", "integer"), TOKEN]}
        },
        f"{api}/models": {"get": _reading("models", "How do all models fare?", LIST)},
        model: {
            "get": _reading("model", "Which version is in use, how did it fare, and who decided?", ANYTHING)
            | {"parameters": of_model}
        },
        f"{model}/rollback": {
            "post": _decision("model_rollback", "Put the version before in use; for stewards.", ["why"], ANYTHING)
            | {"parameters": [*of_model, TOKEN]}
        },
        f"{model}/promote": {
            "post": _decision("model_promote", "Put a version in use; for stewards.", ["version", "why"], ANYTHING)
            | {"parameters": [*of_model, TOKEN]}
        },
        f"{model}/train": {
            "post": _decision("model_train", "Ask for a training now; for stewards.", ["why"], ANYTHING)
            | {"parameters": [*of_model, TOKEN]}
        },
    }


def _reading(name: str, summary: str, content: dict[str, Any]) -> dict[str, Any]:
    answers = {"200": {"description": "The answer.", "content": content}, "404": REFUSALS["404"]}
    return {"operationId": name, "summary": summary, "tags": [TAG], "responses": answers}


def _decision(name: str, summary: str, required: list[str], content: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": {each: {"type": "string"} for each in required}, "required": required}
    return {
        "operationId": name,
        "summary": summary,
        "tags": [TAG],
        "security": [{"session": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Done.", "content": content}, **REFUSALS},
    }


def _in_path(name: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def _in_query(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": kind}}
