"""The paths of the questions and of the lists: what the release itself says that it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.archive import Archive
from kg.formats import HTML, JSON
from kg.listing.facets import UNTIL
from kg.names import TYPES
from kg.pages.lists import PATHS
from kg.queries import Param, Query
from kg.rows import VEILED
from kg.web.lists import FORMS as LISTED
from kg.web.lists import PATH as LISTS
from kg.web.openapi.operations import get, in_path, in_query, suffix_of
from kg.web.questions import DESCRIBED, PATH
from kg.web.questions import FORMS as QUESTION_FORMS

_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "date": {"type": "string", "format": "date"},
    "year": {"type": "integer", "minimum": 0, "maximum": 9999},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "string": {"type": "string"},
    "iri": {"type": "string", "description": "an IRI, a prefixed name, a slug, a label or a recorded name"},
    "measure": {"type": "string", "description": "a property that is claimed in numbers, as deaths"},
    **{
        kind: {"type": "string", "description": f"a {kind}: its IRI, prefixed name, slug, label or recorded name"}
        for kind in TYPES
    },
}  # fmt: skip
"""The JSON Schema of each type of parameter, as it is written in an address."""


def questions(archive: Archive) -> dict[str, Any]:
    """Give the catalogue and the address of each of its questions."""
    described = (JSON, *DESCRIBED, HTML)
    names = list(archive.catalog)
    paths = {PATH: get("listQuestions", "questions", "The questions that there are", described)}
    for query in archive.catalog.values():
        paths[f"{PATH}/{query.name}"] = _question(query)
    if names:
        paths[f"{PATH}/{{name}}.{{suffix}}"] = get(
            "askInForm",
            "questions",
            "A question in the form that a suffix names; it takes the parameters of the question",
            QUESTION_FORMS,
            parameters=[in_path("name", names), suffix_of(QUESTION_FORMS)],
        )
    return paths


def _question(query: Query) -> dict[str, Any]:
    columns = (*query.columns, VEILED) if query.columns else ()
    row: dict[str, Any] = {
        "type": "object",
        "properties": {name: {} for name in columns} | {VEILED: {"type": "boolean"}},
    }
    if columns:
        row["required"] = list(columns)
    operation = get(
        query.name,
        "questions",
        query.summary,
        QUESTION_FORMS,
        description=" ".join(filter(None, (query.description, query.note))),
        parameters=[_parameter(param) for param in query.params],
    )
    operation["get"]["responses"]["200"]["content"][JSON.media_type]["schema"] = {
        "type": "array",
        "items": row,
    }
    return operation


def _parameter(param: Param) -> dict[str, Any]:
    schema = dict(_SCHEMAS[param.type])
    if param.default is not None:
        schema["default"] = _json(param)
    return in_query(param.name, schema, param.summary, required=param.required)


def _json(param: Param) -> Any:
    """Give the default of *param* as a JSON value of its schema's type."""
    text = param.default or ""
    kind = _SCHEMAS[param.type]["type"]
    return int(text) if kind == "integer" else text == "true" if kind == "boolean" else text


def lists(archive: Archive) -> dict[str, Any]:
    """Give the lists, each with its filters; any of them may stand several times."""
    lists = archive.lists
    page = in_query(
        "page", {"type": "integer", "minimum": 1, "default": 1}, "which page of 50, of the page alone"
    )
    paths: dict[str, Any] = {}
    suffix = suffix_of(LISTED)
    for name in (*PATHS, ""):
        listing = lists.find(name) if name and lists is not None and lists.holds(name) else None
        sorts = in_query("sort", {"type": "string", "enum": list(listing.orders if listing else ("label", "date"))}, "the order")  # fmt: skip
        own = [
            in_query(each, {"type": "string", "format": "date"}, "said no later than this day")
            if each == UNTIL
            else in_query(
                each, {"type": "array", "items": {"type": "string"}}, "any of these values, or none"
            )
            for each in (listing.filters if listing else ())
        ]
        if not name:
            own = [in_query("class", {"type": "string"}, "the IRI or prefixed name of a class; without it the lists that there are")]  # fmt: skip
        title = listing.title if listing else name or "The members of a class"
        path, slug = PATHS.get(name, LISTS), name.replace("/", "-") or "class"
        paths[path] = get(f"list-{slug}", "lists", title, LISTED, parameters=[*own, sorts, page])
        paths[f"{path}.{{suffix}}"] = get(
            f"list-{slug}-in-form",
            "lists",
            f"{title}, in the form that a suffix names",
            LISTED,
            parameters=[suffix, *own, sorts],
        )
    return paths
