"""Reading the rows of an answer: SPARQL 1.1 Query Results JSON (W3C 2013), with the triple terms of RDF 1.2.

What is read here comes from a stranger: pyoxigraph's own reader ends the process where terms nest 20,000 deep. Every value
is checked, and an answer that is not wholly understood is no answer.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, TypeVar

import pyoxigraph as ox

from kg.errors import QueryTooLarge
from kg.store.solutions import Solutions, Term

NESTING: Final = 100
"""How deep triple terms may stand in one another."""

_T = TypeVar("_T")
_DIRECTIONS: Final = {"ltr": ox.BaseDirection.LTR, "rtl": ox.BaseDirection.RTL}


def read(body: bytes, max_rows: int) -> Solutions | bool:
    """Read the rows, or the truth value, of *body*.

    Raises ValueError, which says what is wrong with the document; QueryTooLarge for more than *max_rows* rows.
    """
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("it nests too deep") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON, or breaks off, at character {error.pos + 1:,}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8, at byte {error.start + 1:,}") from error
    if "boolean" in (document := _be(document, dict, "the document")):
        return _be(document["boolean"], bool, "boolean")
    head = _be(document.get("head"), dict, "head")
    variables = tuple(_be(name, str, "a variable") for name in _be(head.get("vars"), list, "head.vars"))
    if len(set(variables)) < len(variables):
        raise ValueError("head.vars names a variable twice")
    bindings = _be(_be(document.get("results"), dict, "results").get("bindings"), list, "results.bindings")
    if len(bindings) > max_rows:
        raise QueryTooLarge(
            f"the answer has {len(bindings):,} rows, and {max_rows:,} are allowed; nothing of it is given",
            remedy="ask for less at once, or allow more (max_rows=…)",
        )
    return Solutions(variables, tuple(_row(binding, variables) for binding in bindings))


def _be(value: object, kind: type[_T], what: str) -> _T:
    if not isinstance(value, kind):
        raise ValueError(f"{what} is missing or of another kind")
    return value


def _row(binding: object, variables: tuple[str, ...]) -> tuple[Term | None, ...]:
    bound = _be(binding, dict, "a row")
    if unknown := bound.keys() - set(variables):
        raise ValueError(f"a row binds {min(unknown)!r}, which head.vars does not name")
    return tuple(_term(bound[name]) if name in bound else None for name in variables)


def _term(value: object, depth: int = 0) -> Term:
    term = _be(value, dict, "a term")
    kind, content = term.get("type"), term.get("value")
    if kind == "triple":
        return _triple(_be(content, dict, "the value of a triple"), depth + 1)
    text = _be(content, str, "the value of a term")
    if kind == "uri":
        return _iri(text)
    if kind == "bnode":
        return _blank(text)
    if kind in ("literal", "typed-literal"):  # the latter by servers from before 2013
        return _literal(text, term)
    raise ValueError(f"a term has the unknown type {kind!r}")


def _triple(parts: dict[str, Any], depth: int) -> ox.Triple:
    if depth > NESTING:
        raise ValueError(f"triple terms nest more than {NESTING} deep")
    subject, predicate, object = (
        _term(parts.get(name), depth) for name in ("subject", "predicate", "object")
    )
    if isinstance(subject, ox.Literal | ox.Triple) or not isinstance(predicate, ox.NamedNode):
        raise ValueError("a triple term has a subject or a predicate that cannot be one")
    return ox.Triple(subject, predicate, object)


@lru_cache(4_096)  # an answer names the same few over and over
def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no IRI") from error


def _blank(label: str) -> ox.BlankNode:
    """Give a blank node with *label*, or with a digest of one that RDF syntaxes cannot hold (``nodeID://b1``)."""
    try:
        return ox.BlankNode(label)
    except ValueError:
        return ox.BlankNode(f"b{sha256(label.encode()).hexdigest()[:32]}")


def _literal(text: str, term: dict[str, Any]) -> ox.Literal:
    language, datatype, direction = (term.get(name) for name in ("xml:lang", "datatype", "its:dir"))
    try:
        if language:
            return ox.Literal(text, language=language, direction=direction and _DIRECTIONS[direction])
        if datatype is None:
            return ox.Literal(text)
        return ox.Literal(text, datatype=_iri(datatype))
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"a literal cannot be read (language {language!r}, type {datatype!r})") from error
