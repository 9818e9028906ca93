"""The API's description of signing in: what a program must send before it may change something."""

from __future__ import annotations

from typing import Any

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
SESSION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Who is signed in; name and csrf are null where nobody is",
    "properties": {
        "name": {"type": ["string", "null"]},
        "roles": {"type": "array", "items": {"type": "string"}},
        "csrf": {"type": ["string", "null"], "description": "what every change carries as X-CSRF-Token"},
    },
    "required": ["name", "roles", "csrf"],
}
TOLD = {
    "description": "Who is signed in now.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Session"}}},
}
CREDENTIALS = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "password": {"type": "string", "format": "password"}},
    "required": ["name", "password"],
    "additionalProperties": False,
}
SESSION_PATH: dict[str, Any] = {
    "get": {"operationId": "session", "summary": "Who is signed in", "responses": {"200": TOLD}},
    "post": {
        "operationId": "session_begin",
        "summary": "Sign in; the cookie lionrock_session is the session",
        "requestBody": {"required": True, "content": {"application/json": {"schema": CREDENTIALS}}},
        "responses": {
            "200": TOLD,
            "400": {"description": "No name and password.", "content": PROBLEM},
            "401": {"description": "The name or the password is not right.", "content": PROBLEM},
            "403": {"description": "Asked from a page of another origin.", "content": PROBLEM},
            "429": {"description": "Too many wrong passwords; Retry-After says how long.", "content": PROBLEM},
        },
    },
    "delete": {
        "operationId": "session_end",
        "summary": "Sign out",
        "security": [{"session": []}],
        "parameters": [{"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": TOLD,
            "401": {"description": "Nobody is signed in.", "content": PROBLEM},
            "403": {"description": "The token is missing.", "content": PROBLEM},
        },
    },
}


def describe_access(role: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation of a question that only callers with ``role`` are answered."""
    refusals = {
        "401": {"description": "Nobody is signed in.", "content": PROBLEM},
        "403": {"description": f"Needs the role {role}.", "content": PROBLEM},
    }
    return operation | {"security": [{"session": []}], "responses": operation["responses"] | refusals}
