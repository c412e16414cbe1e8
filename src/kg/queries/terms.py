"""Terms: what a person writes for a parameter, checked and turned into SPARQL; never pasted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from kg.errors import QueryError
from kg.names import KG, TYPES, XSD, Base


def _resource(kind: str) -> Callable[[str, Base], str]:
    def term(text: str, base: Base) -> str:
        iri = base.expand(text, kind=kind)
        named = base.split(iri)
        if kind and named and named[0] != kind:
            raise QueryError(
                f"{text!r} is {_a(named[0])}, not {_a(kind)}", remedy=f"give the IRI or slug of {_a(kind)}"
            )
        return f"<{iri}>"

    return term


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _measure(text: str, base: Base) -> str:
    iri = KG + text if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", text) else base.expand(text)
    if not re.fullmatch(re.escape(KG) + r"[A-Za-z][A-Za-z0-9]*", iri):
        raise QueryError(f"{text!r} is no measure", remedy="write for example deaths or kg:deaths")
    return f"<{iri}>"


def _date(text: str, base: Base) -> str:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return f'"{date.fromisoformat(text)}"^^<{XSD}date>'
    except ValueError:
        raise QueryError(f"{text!r} is no day", remedy="write for example 1990-01-16") from None


def _matching(
    pattern: str, what: str, example: str, form: Callable[[str], str]
) -> Callable[[str, Base], str]:
    def term(text: str, base: Base) -> str:
        if not re.fullmatch(pattern, text):
            raise QueryError(f"{text!r} is no {what}", remedy=f"write for example {example}")
        return form(text)

    return term


def _string(text: str, base: Base) -> str:
    if re.search("[\ud800-\udfff]", text):
        raise QueryError("the text holds half a character", remedy="give it in UTF-8")
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    # rdflib reads a backslash, though escaped, and u as the start of a code point: the u is written as one. Of a short one it
    # takes the digits that follow for a part, so all are long.
    return '"' + re.sub(
        r'\\[uU]|[\\"\x00-\x1f\x7f]',
        lambda found: f"\\\\\\U{ord(found[0][1]):08X}" if len(found[0]) == 2 else escapes.get(found[0], f"\\U{ord(found[0]):08X}"),
        text,
    ) + '"'  # fmt: skip


TERMS: Final[Mapping[str, Callable[[str, Base], str]]] = {
    **{kind: _resource(kind) for kind in TYPES},
    "iri": _resource(""),
    "measure": _measure,
    "date": _date,
    "year": _matching(r"[0-9]{4}", "year", "1990", lambda text: str(int(text))),
    "integer": _matching(r"[+-]?[0-9]{1,18}", "whole number", "32", lambda text: str(int(text))),
    "string": _string,
    "language": _matching(
        r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", "language tag", "en", lambda text: f'"{text.lower()}"'
    ),
    "boolean": _matching("true|false", "truth value", "true", str),
}
"""How a value of each type becomes a SPARQL term."""
