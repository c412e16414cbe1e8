"""What a term means at a place of a document: the base and the prefixes in force there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pyoxigraph as ox

from kg.positions.statements import Term


class Scope:
    """Base and prefixes, as the directives read so far declare them.

    Each distinct term is read by pyoxigraph once, so that escapes, the resolution of IRIs, numbers and language tags
    cannot differ from its own reading of the document. *terms*, what was read, may be shared by several scopes.
    """

    def __init__(
        self,
        base: str | None,
        prefixes: Mapping[str, str] | None = None,
        terms: dict[str, Term] | None = None,
    ) -> None:
        self.base = base
        self.prefixes: dict[str, str] = dict(prefixes or {})
        self._terms: dict[str, Term] = {} if terms is None else terms

    def read(self, text: str, name: str = "") -> Term:
        """Give the term that *text* stands for here; *name* is the prefixed name in it, if there is one."""
        prefix, colon, _ = name.partition(":")
        head = f"@prefix {prefix}: <{self.prefixes[prefix]}> . " if colon else ""
        if self.base is not None and not colon:
            head = f"@base <{self.base}> . "
        document = f"{head}<a:s> <a:p> {text} ."
        if document not in self._terms:
            (quad,) = ox.parse(document, format=ox.RdfFormat.TURTLE)
            self._terms[document] = cast("Term", quad.object)
        return self._terms[document]

    def declare(self, name: str, iri: str) -> None:
        """Take the prefix *name* (``ex:``) for what *iri* (``<…>``) stands for."""
        self.prefixes[name[:-1]] = self.read(iri).value

    def rebase(self, iri: str) -> None:
        """Take what *iri* (``<…>``) stands for as the base."""
        self.base = self.read(iri).value
