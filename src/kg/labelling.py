"""Labelling: what a reader would meet without a name, or without one in the first language of the project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from kg.names import KG, PROV, RDF, RDFS, SCHEMA, SKOS, VOCABULARIES, Base
from kg.triples import ByProperty

LABELLED: Final = frozenset(
    {
        *(SCHEMA + name for name in ("Event", "Person", "Place", "Organization", "Photograph")),
        *(SCHEMA + name for name in ("Book", "NewsArticle", "Comment", "WebPage", "CreativeWork")),
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
UNLABELLED: Final = frozenset({"claim", "citation", "leg", "name", "node", "passage", "relay", "selector"})
"""The kinds of record that need no label."""

_TYPE: Final = RDF + "type"
_LABEL: Final = RDFS + "label"


def lacking(quads: Iterable[ox.Quad], base: Base, languages: Sequence[str]) -> Iterator[tuple[ox.Quad, str]]:
    """Give what is described on *base* and lacks a label in the first of *languages*: a statement about it, and the words.

    Without any label that is what something names, but for the classes of :data:`LABELLED`, which the shape tells of.
    The first language is asked for where most labels have it: a collection that only begins to be written in it, or
    whose labels are in another, is not told of each.
    """
    if not languages:
        return
    said = ByProperty.of(quads)
    labels: defaultdict[object, list[tuple[ox.Quad, str]]] = defaultdict(list)
    types: defaultdict[object, list[ox.Quad]] = defaultdict(list)
    for quad in said.having(_TYPE):
        types[quad.subject].append(quad)
    for quad in said.having(_LABEL):
        if isinstance(label := quad.object, ox.Literal):
            labels[quad.subject].append((quad, f"{label.language or ''}-"))
    ours = [node for node in types if isinstance(node, ox.NamedNode) and _needs_label(node, base)]
    bare = [node for node in ours if node not in labels and not any(map(_is_labelled, types[node]))]
    named = _named(said, bare)
    for node in bare:
        if node in named:
            yield types[node][0], "has no label"
    known = [labels[node] for node in ours if node in labels]
    foreign = [own[0][0] for own in known if not any(tag.startswith(f"{languages[0]}-") for _, tag in own)]
    if 2 * len(foreign) <= len(known):
        for quad in foreign:
            yield quad, f"has no label in {languages[0]!r}, the first language of the project"


def _named(quads: ByProperty, nodes: Iterable[ox.NamedNode]) -> set[object]:
    """Give those of *nodes* that a statement other than of a type names."""
    objects = quads.inventory.objects
    wanted = {node for node in nodes if node.value in objects}
    others = quads.groups.keys() - {_TYPE} if wanted else ()
    return {value for name in others for quad in quads.having(name) if (value := quad.object) in wanted}


def _needs_label(node: ox.NamedNode, base: Base) -> bool:
    kind = base.split(node.value)
    return kind is not None and kind[0] not in UNLABELLED


def _is_labelled(quad: ox.Quad) -> bool:
    return isinstance(quad.object, ox.NamedNode) and quad.object.value in LABELLED
