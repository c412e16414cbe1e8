"""What a JSON-LD context says, as far as the writer understands it: plain terms (an IRI, or ``@id`` with ``@type`` or ``@prefix``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from kg.errors import ProjectError
from kg.names import is_iri


class Definition(NamedTuple):
    """What a context says of a name: its IRI, ``@id`` or a datatype for its strings, whether it is a prefix."""

    iri: str
    type: str | None
    prefix: bool

    def written(self) -> str | dict[str, Any]:
        """Give it as JSON-LD with whole IRIs."""
        if self.type is None and self.prefix == _may_be_prefix(self.iri):
            return self.iri
        type, prefix = {"@type": self.type}, {"@prefix": True}
        return {"@id": self.iri} | (type if self.type else {}) | (prefix if self.prefix else {})


class Context(NamedTuple):
    """A context, as it is written into the document and as it is understood."""

    written: Mapping[str, Any]
    definitions: dict[str, Definition]

    def without(self, schemes: set[str]) -> Context:
        """Give it without the terms that one of *schemes*, or a prefix so named, would be taken for; itself where there are none."""
        known = self.definitions
        clear = {
            name: definition for name, definition in known.items() if name.partition(":")[0] not in schemes
        }
        if len(clear) == len(known):
            return self
        return Context({name: definition.written() for name, definition in clear.items()}, clear)


def understood(context: Mapping[str, Any]) -> Context:
    """Give what *context* says: the object under ``@context``, or one that holds it. Raises ProjectError for more than is understood."""
    written = context.get("@context", context)
    if not isinstance(written, Mapping):
        raise _unknown("@context")
    return Context(written, _definitions(written))


def _definitions(context: Mapping[str, Any]) -> dict[str, Definition]:
    """Give what *context* says of each name, with the prefixed names in it replaced by IRIs."""
    raw = {name: {"@id": d} if isinstance(d, str) else d for name, d in context.items()}
    for name, definition in raw.items():
        if name.startswith("@") or not isinstance(definition, Mapping):
            raise _unknown(name)
        if "@id" not in definition or set(definition) - {"@id", "@type", "@prefix"}:
            raise _unknown(name)

    def whole(iri: str) -> str:
        prefix, colon, local = iri.partition(":")
        return raw[prefix]["@id"] + local if colon and not local.startswith("//") and prefix in raw else iri

    known = {}
    for name, definition in raw.items():
        iri, type = whole(definition["@id"]), whole(definition.get("@type", "@id"))
        if not is_iri(iri) or whole(iri) != iri or (":" in name and whole(name) != iri):
            raise _unknown(name)
        if type != "@id" and not is_iri(type):
            raise _unknown(name)
        prefix = definition.get("@prefix", isinstance(context[name], str) and _may_be_prefix(iri))
        known[name] = Definition(iri, type if "@type" in definition else None, bool(prefix))
    return known


def _may_be_prefix(iri: str) -> bool:
    """Tell whether a name that is given *iri* alone may stand before a colon (JSON-LD 1.1 API §4.2.2)."""
    return iri[-1:] in tuple(":/?#[]@")


def _unknown(name: str) -> ProjectError:
    return ProjectError(
        f"the JSON-LD context says something of {name!r} that is not understood here",
        remedy="Give each term an IRI, or an object of @id, @type and @prefix alone.",
    )
