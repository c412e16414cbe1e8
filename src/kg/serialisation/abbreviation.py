"""Prefixed names: which prefix an IRI takes, by rules that hold in Turtle, SPARQL and JSON-LD alike."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Final

from kg.names import is_iri

# Narrower than Turtle's PN_LOCAL: no dot, colon, escape or letter beyond ASCII, which readers treat differently.
_LETTERS: Final = f"{string.ascii_letters}{string.digits}_-"  # of which the hyphen is not the first
_PREFIX: Final = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")


class Abbreviation:
    """The prefixes of one document: gives prefixed names and remembers in ``used`` which prefixes they took.

    Of two prefixes with the same namespace the first by code point is taken, of two namespaces the longer. A
    prefix or namespace that Turtle cannot hold is passed over.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.used: dict[str, str] = {}
        namespaces = sorted(
            ((ns, prefix) for prefix, ns in prefixes.items() if _PREFIX.fullmatch(prefix) and is_iri(ns)),
            key=lambda pair: (-len(pair[0]), pair),
        )
        self._beginnings: dict[str, list[tuple[str, str]]] = {}
        for namespace, prefix in namespaces:
            start = namespace.rstrip(_LETTERS)
            self._beginnings.setdefault(start, []).append((namespace, prefix))

    def name(self, iri: str) -> str | None:
        """Give the prefixed name of *iri*, None where it has none that needs no escape."""
        for namespace, prefix in self._beginnings.get(iri.rstrip(_LETTERS), ()):
            local = iri[len(namespace) :]
            if local and local[0] != "-" and iri.startswith(namespace):
                self.used[prefix] = namespace
                return f"{prefix}:{local}"
        return None
