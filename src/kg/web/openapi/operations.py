"""What OpenAPI calls an operation: a path with what may be asked of it, its parameters and its answers (OpenAPI 3.1, §4.8.10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kg.formats import JSON, SPARQL_JSON, Format

_PROBLEM: Final = {"text/plain": {"schema": {"type": "string"}}, "text/html": {"schema": {"type": "string"}}}


def get(
    name: str,
    tag: str,
    summary: str,
    formats: Iterable[Format],
    *,
    description: str = "",
    parameters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Give a path with the operation GET, which answers in any of *formats*."""
    schemas = {JSON.media_type: {}, SPARQL_JSON.media_type: {"type": "object"}, "application/ld+json": {}}
    content = {
        format.media_type: {"schema": schemas.get(format.media_type, {"type": "string"})}
        for format in formats
    }
    operation: dict[str, Any] = {"operationId": name, "tags": [tag], "summary": summary}
    if description:
        operation["description"] = description
    operation["parameters"] = [dict(each) for each in parameters]
    operation["responses"] = {
        "200": {"description": summary, "content": content},
        "400": {"$ref": "#/components/responses/BadRequest"},
        "404": {"$ref": "#/components/responses/NotFound"},
        "406": {"$ref": "#/components/responses/NotAcceptable"},
    }
    return {"get": operation}


def redirect(
    name: str, tag: str, summary: str, status: int, parameters: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Give a path that leads elsewhere, with *status*."""
    location = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
    return {
        "get": {
            "operationId": name,
            "tags": [tag],
            "summary": summary,
            "parameters": [dict(each) for each in parameters],
            "responses": {
                str(status): {"description": summary, "headers": location},
                "404": {"$ref": "#/components/responses/NotFound"},
            },
        }
    }


def in_path(name: str, values: Sequence[str] = ()) -> dict[str, Any]:
    """Give a parameter that is a part of the path: one of *values*, or without them any text."""
    schema: dict[str, Any] = {"type": "string"}
    if values:
        schema["enum"] = list(values)
    return {"name": name, "in": "path", "required": True, "schema": schema}


def suffix_of(formats: Iterable[Format]) -> dict[str, Any]:
    """Give the parameter ``suffix`` of the path, which names one of *formats*."""
    return in_path("suffix", [format.suffix for format in formats])


def in_query(
    name: str, schema: Mapping[str, Any], description: str, *, required: bool = False
) -> dict[str, Any]:
    """Give a parameter of the query, of the JSON Schema *schema*."""
    found = {"name": name, "in": "query", "schema": dict(schema), "description": description}
    return found | {"required": True} if required else found


def problem(description: str) -> dict[str, Any]:
    """Give an answer that tells what is wrong, as text or as a page."""
    return {"description": description, "content": _PROBLEM}


def of_type(media_type: str) -> Format:
    """Give what is written of a media type that no format of ours has."""
    return Format(media_type, "", media_type)
