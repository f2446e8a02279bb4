"""The description of the API (OpenAPI 3.1), made from the declared routes."""

import re
from typing import Any

from pydantic import TypeAdapter

from mpp.actions.bodies import LARGEST_ID
from mpp.api.answers import ANSWERS, Problem
from mpp.api.route import Answers, described
from mpp.auth import ANYONE, BEARER
from mpp.routes import Route

PATH_TYPES = {
    "int": {"type": "integer", "minimum": 0, "maximum": LARGEST_ID},
    "": {"type": "string", "minLength": 1},
}
ALWAYS = {"429": "Too many requests", "503": "Disk or database busy"}
WORDS = {
    400: "Malformed, or no Idempotency-Key",
    401: "Unknown key",
    403: "Wrong kind of principal",
    404: "Absent, or not yours",
    409: "A rule of the mall forbids it now",
    413: "Body too large",
    422: "Body does not fit the schema",
}


def description(version: str, oldest_client: str) -> dict[str, Any]:
    """The whole document."""
    bodies = sorted({kind.body for _, kind in described() if kind.body}, key=lambda body: body.__name__)
    rows = {kind.answer for _, kind in described() if isinstance(kind.answer, type)}
    shapes: list[type] = [*bodies, *ANSWERS.values(), Problem, *sorted(rows, key=lambda row: row.__name__)]
    _, schemas = TypeAdapter.json_schemas(
        [(shape, "validation", TypeAdapter(shape)) for shape in shapes],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, Any] = {}
    for route, kind in described():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, kind)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mal Pelayanan Publik: antrean",
            "version": version,
            "description": f"Oldest client accepted: {oldest_client} (header MPP-Client).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": {name: _named(schema) for name, schema in schemas["$defs"].items()},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _named(schema: dict[str, Any]) -> dict[str, Any]:
    """A row's fields are named as in its JSON: `from_` is "from"."""
    parts = {"properties": schema.get("properties", {}), "required": schema.get("required", [])}
    if not any(name.endswith("_") for name in parts["properties"]):
        return schema
    properties = {name.rstrip("_"): each for name, each in parts["properties"].items()}
    return {**schema, "properties": properties, "required": [name.rstrip("_") for name in parts["required"]]}


def _operation(route: Route, kind: Answers) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.endpoint.replace(".", "_"),
        "summary": route.summary,
        "description": f"Door: {', '.join(route.allowed)}.",
        "parameters": [*_path_parameters(route), *_query_parameters(kind), *_headers(route)],
        "responses": _responses(route, kind),
    }
    if route.allowed not in (ANYONE, BEARER):
        operation["security"] = [{"key": []}]
    if kind.body:
        schema = {"$ref": f"#/components/schemas/{kind.body.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH_TYPES[kind]}
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.path)
    ]


def _query_parameters(kind: Answers) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in kind.query]


def _headers(route: Route) -> list[dict[str, Any]]:
    if route.method != "POST":
        return []
    key = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}]


def _responses(route: Route, kind: Answers) -> dict[str, Any]:
    name = kind.answer.__name__ if isinstance(kind.answer, type) else ANSWERS[kind.answer].__name__
    good = {"$ref": f"#/components/schemas/{name}"}
    answers: dict[str, Any] = {
        str(kind.status): {"description": "Done", "content": {"application/json": {"schema": good}}}
    }
    refused = set(kind.refusals) | {409, 422}
    refused |= {400, 413} if route.method == "POST" else set()
    refused |= {401, 403} if route.allowed != ANYONE else set()
    words = {str(status): WORDS.get(status, "Not now") for status in sorted(refused)} | ALWAYS
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers |= {status: {"description": text, "content": problem} for status, text in words.items()}
    if route.method == "GET":
        answers["304"] = {"description": "Not modified"}
    return answers
