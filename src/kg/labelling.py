"""Labelling: what a reader would meet without a name, or without one in the first language of the project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from kg.names import KG, PROV, RDF, RDFS, SCHEMA, SKOS, VOCABULARIES, Base

LABELLED: Final = frozenset(
    {
        *(SCHEMA + name for name in ("Event", "Person", "Place", "Organization", "Photograph")),
        *(SCHEMA + name for name in ("Book", "NewsArticle", "Comment", "WebPage")),
        *(
            KG + name
            for name in ("GroupObservation", "CollectiveActor", "UnstatedVoice", "Caption", "TextVersion")
        ),
        *(KG + name for name in ("Route", "SourceAnomaly", "EditorialDecision")),
        VOCABULARIES["picom"] + "PersonObservation",
        PROV + "Activity",
        SKOS + "Concept",
    }
)
"""The classes whose labels the shape ``label`` asks for."""
UNLABELLED: Final = frozenset({"claim", "citation", "leg", "name", "passage", "relay", "selector"})
"""The kinds of record that need no label."""

_TYPE: Final = RDF + "type"
_LABEL: Final = RDFS + "label"


def lacking(quads: Iterable[ox.Quad], base: Base, languages: Sequence[str]) -> Iterator[tuple[ox.Quad, str]]:
    """Give what is described on *base* and lacks a label in the first of *languages*: a statement about it, and the words.

    Without any label that is what something names, but for the classes of :data:`LABELLED`, which the shape tells of.
    """
    if not languages:
        return
    labels: defaultdict[object, list[tuple[ox.Quad, str]]] = defaultdict(list)
    types: defaultdict[object, list[ox.Quad]] = defaultdict(list)
    named = set()
    for quad in quads:
        if quad.predicate.value == _TYPE:
            types[quad.subject].append(quad)
        elif quad.predicate.value == _LABEL and isinstance(label := quad.object, ox.Literal):
            labels[quad.subject].append((quad, f"{label.language or ''}-"))
        else:
            named.add(quad.object)
    for node, described in types.items():
        kind = base.split(node.value) if isinstance(node, ox.NamedNode) else None
        if not kind or kind[0] in UNLABELLED:
            continue
        own = labels[node]
        if not own:
            if node in named and not any(_is_labelled(quad) for quad in described):
                yield described[0], "has no label"
        elif not any(tag.startswith(f"{languages[0]}-") for _, tag in own):
            yield own[0][0], f"has no label in {languages[0]!r}, the first language of the project"


def _is_labelled(quad: ox.Quad) -> bool:
    return isinstance(quad.object, ox.NamedNode) and quad.object.value in LABELLED
