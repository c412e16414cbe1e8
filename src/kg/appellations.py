"""Appellations: what a resource that is not public is called, and what still says so.

A name that stays in the label of something else, or in its slug, would undo a redaction. The name of a person counts whole
and by its last word, other names whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from kg.names import RDF, RDFS, SCHEMA, SKOSXL, Base

_RECORDS: Final = frozenset(SKOSXL + name for name in ("prefLabel", "altLabel", "hiddenLabel"))
_FORM: Final = SKOSXL + "literalForm"
_PERSON: Final = (RDF + "type", ox.NamedNode(SCHEMA + "Person"))
_WORD: Final = re.compile(r"\w{3,}")


class Names:
    """The names of *resources* as *quads* have them: name forms where there are any, else our own label."""

    def __init__(self, quads: Iterable[ox.Quad], resources: Iterable[str]) -> None:
        wanted = {ox.NamedNode(iri) for iri in resources}
        labels: dict[object, list[str]] = {}
        forms: dict[object, list[str]] = {}
        records: dict[object, list[object]] = {}
        people = set()
        for subject, predicate, object, _ in quads:
            if predicate.value == _FORM and isinstance(object, ox.Literal):
                forms.setdefault(subject, []).append(object.value)
            elif subject not in wanted:
                continue
            elif predicate.value == RDFS + "label" and isinstance(object, ox.Literal):
                labels.setdefault(subject, []).append(object.value)
            elif predicate.value in _RECORDS:
                records.setdefault(subject, []).append(object)
            elif (predicate.value, object) == _PERSON:
                people.add(subject)
        self._whole: set[str] = set()
        self._words: set[str] = set()
        for node in wanted:
            attested = [form for record in records.get(node, ()) for form in forms.get(record, ())]
            # a label beside attested forms may be a role ("reader, comment 2"); alone it is the name
            named = attested + [
                label for label in labels.get(node, ()) if not attested or label[:1].isupper()
            ]
            self._whole |= {_folded(name) for name in named}
            if node in people:
                self._words |= {_folded(words[-1]) for name in named if (words := _WORD.findall(name))}

    def __bool__(self) -> bool:
        return bool(self._whole or self._words)

    def in_text(self, text: str, *, whole: bool = False) -> bool:
        """Tell whether *text* says one of the names, with *whole* not by its last word only; case and diacritics do not count."""
        folded = _folded(text)
        names = self._whole if whole else self._whole | self._words
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in names)

    def in_slug(self, slug: str) -> bool:
        """Tell whether *slug* says one of the names."""
        spoken = f"-{slug}-"
        return any(f"-{_slug(name)}-" in spoken for name in self._whole | self._words if _slug(name))

    def left(self, quads: Iterable[ox.Quad], base: Base) -> list[ox.Quad]:
        """Give, of each subject of *quads* whose text or slug says one of the names, a statement that does.

        Name forms are left out, and a last name in what is said of another person: others may be called so too.
        """
        if not self:
            return []
        quads = list(quads)
        others = {quad.subject for quad in quads if (quad.predicate.value, quad.object) == _PERSON}
        texts: dict[object, ox.Quad] = {}
        slugs: dict[object, ox.Quad] = {}
        for quad in quads:
            subject = quad.subject
            if isinstance(quad.object, ox.Literal) and quad.predicate.value != _FORM:
                if subject not in texts and self.in_text(quad.object.value, whole=subject in others):
                    texts[subject] = quad
            elif subject not in slugs and subject not in others and isinstance(subject, ox.NamedNode):
                named = base.split(subject.value)
                if named and self.in_slug(named[1]):
                    slugs[subject] = quad
        return list((slugs | texts).values())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.encode("ascii", "ignore").decode()).strip("-")
