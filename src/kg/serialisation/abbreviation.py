"""Prefixed names: which prefix an IRI takes, by rules that hold in Turtle, SPARQL and JSON-LD alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kg.names import is_iri

# Narrower than Turtle's PN_LOCAL: no dot, colon, escape or letter beyond ASCII, which readers treat differently.
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_PREFIX: Final = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")


class Abbreviation:
    """The prefixes of one document: gives prefixed names and remembers in ``used`` which prefixes they took.

    Of two prefixes with the same namespace the first by code point is taken, of two namespaces the longer. A
    prefix or namespace that Turtle cannot hold is passed over.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.used: dict[str, str] = {}
        self._namespaces = sorted(
            ((ns, prefix) for prefix, ns in prefixes.items() if _PREFIX.fullmatch(prefix) and is_iri(ns)),
            key=lambda pair: (-len(pair[0]), pair),
        )
        self._names: dict[str, str | None] = {}

    def name(self, iri: str) -> str | None:
        """Give the prefixed name of *iri*, None where it has none that needs no escape."""
        if iri not in self._names:
            self._names[iri] = self._find(iri)
        return self._names[iri]

    def _find(self, iri: str) -> str | None:
        for namespace, prefix in self._namespaces:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return None
