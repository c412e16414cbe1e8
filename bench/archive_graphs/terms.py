"""Terms as the archives hold them: prefixed names, and literals in the form of N-Triples; each can be written in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.names import EDTF_TYPE, SOURCE_BASE, TYPES, VOCABULARIES, XSD

Statement: TypeAlias = tuple[str, str, str, str]
"""Subject, predicate, object and the name of the graph (``source/made-1``)."""
Record: TypeAlias = list[Statement]
"""The statements of one resource and what belongs to it, which are written together or not at all."""

PREFIXES: Final = {**VOCABULARIES, **{kind: f"{SOURCE_BASE}id/{kind}/" for kind in TYPES}}
RIGHTS: Final = "<http://rightsstatements.org/vocab/CNE/1.0/>"

_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BY_LENGTH: Final = sorted(PREFIXES.items(), key=lambda pair: (-len(pair[1]), pair[0]))


@lru_cache(maxsize=1 << 14)  # a subject stands in several statements, a predicate in most
def expanded(term: str) -> str:
    """Give *term* in the form of N-Triples."""
    if term[0] in '"<':
        return term
    prefix, _, local = term.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def prefixed(iri: str) -> str:
    """Give *iri* as a prefixed name, in full between ``<`` and ``>`` where none of :data:`PREFIXES` does."""
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def term_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Give a term of pyoxigraph, no blank node and no triple, as the archives hold it."""
    return prefixed(term.value) if isinstance(term, ox.NamedNode) else str(term)


def quad(statement: Statement) -> str:
    """Give the line of N-Quads of *statement*, with its end."""
    subject, predicate, value, graph = statement
    return f"{expanded(subject)} {expanded(predicate)} {expanded(value)} <{SOURCE_BASE}graph/{graph}> .\n"


def described(subject: str, graph: str, *pairs: tuple[str, str]) -> Record:
    """Give what *pairs* of predicate and object say of *subject*."""
    return [(subject, predicate, value, graph) for predicate, value in pairs]


def objects(record: Iterable[Statement], subject: str, predicate: str) -> Iterator[str]:
    """Give the objects that *record* has for *subject* and *predicate*."""
    return (value for one, name, value, _ in record if one == subject and name == predicate)


def text(value: str, language: str = "en") -> str:
    """Give a text with its language; none of this package needs an escape."""
    return f'"{value}"@{language}' if language else f'"{value}"'


def typed(value: str, datatype: str) -> str:
    """Give a literal of a datatype of XML Schema."""
    return f'"{value}"^^<{XSD}{datatype}>'


def integer(value: int) -> str:
    """Give a whole number."""
    return typed(str(value), "integer")


def date(day: str) -> str:
    """Give the day *day* (ISO 8601)."""
    return typed(day, "date")


def edtf(value: str) -> str:
    """Give a date in EDTF."""
    return f'"{value}"^^<{EDTF_TYPE}>'
