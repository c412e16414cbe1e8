"""Closure: what falls with a resource that is taken away.

A record that says something of it falls, since what is left would say something else; a record whose last support falls
does too; and so does what was there for nothing else: positions, name forms, observations, events that no claim is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.names import KG, OA, PROV, RDF, SCHEMA, SKOSXL, VOCABULARIES

Node: TypeAlias = ox.NamedNode | ox.BlankNode

_TYPE: Final = RDF + "type"
_ANY: Final = frozenset(
    {
        *(RDF + name for name in ("subject", "object")),
        *(KG + name for name in ("claimant", "relay", "agent", "versionOf", "standsIn", "captionOf", "leg", "from", "to")),
        *(KG + name for name in ("work", "readIn", "populationScope", "placeScope", "eventScope")),
        OA + "hasSource",
        SCHEMA + "isPartOf",
    }
)  # fmt: skip
"""A record falls with any object of these: without it, it would say something else."""
_SUPPORTS: Final = (KG + "passage", KG + "citation", PROV + "hadPrimarySource", PROV + "wasDerivedFrom")
"""A record falls with the last object of these, taken together: nothing would attest it."""
_ALL: Final = (KG + "anomalyOf", KG + "decides")
"""A record falls with the last object of each of these."""
_PARTS: Final = frozenset({OA + "hasSelector", OA + "refinedBy"})
"""What these lead to falls with its subject, whoever else refers to it."""
_DEPENDENT: Final = frozenset(
    {
        OA + "SpecificResource",
        OA + "TextPositionSelector",
        SKOSXL + "Label",
        VOCABULARIES["picom"] + "PersonObservation",
        *(KG + name for name in ("GroupObservation", "CollectiveActor", "Relay", "Route", "Leg", "Citation")),
        SCHEMA + "Event",
    }
)
"""Classes of what stands only for what refers to it."""
_IDLE: Final = frozenset({KG + "anomalyOf", KG + "redacts"})
"""Reference by these keeps nothing standing."""
_SOURCE_OF_PERSON: Final = PROV + "wasDerivedFrom"


class Closure:
    """What refers to what in a dataset, read once, to be asked for any resource of it."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._said: defaultdict[Node, list[tuple[str, Node]]] = defaultdict(list)
        self._referring: defaultdict[Node, list[tuple[str, Node]]] = defaultdict(list)
        self._types: defaultdict[Node, set[str]] = defaultdict(set)
        for subject, predicate, object in {quad.triple: None for quad in quads}:
            if isinstance(subject, ox.Triple) or not isinstance(object, ox.NamedNode | ox.BlankNode):
                continue
            if predicate.value == _TYPE:
                self._types[subject].add(object.value)
            else:
                self._said[subject].append((predicate.value, object))
                self._referring[object].append((predicate.value, subject))

    def of(self, resources: Iterable[str]) -> frozenset[str]:
        """Give the IRIs of *resources* and of all that falls with them (blank nodes by their label with ``_:``)."""
        fallen: set[Node] = set()
        waiting: list[Node] = [ox.NamedNode(iri) for iri in resources]
        while waiting:
            node = waiting.pop()
            if node not in fallen:
                fallen.add(node)
                waiting += self._above(node, fallen)
                waiting += self._below(node, fallen)
        return frozenset(node.value if isinstance(node, ox.NamedNode) else str(node) for node in fallen)

    def _above(self, node: Node, fallen: set[Node]) -> list[Node]:
        """Give the records that refer to *node* and fall with it."""
        return [
            record for predicate, record in self._referring[node] if self._falls(record, predicate, fallen)
        ]

    def _falls(self, record: Node, predicate: str, fallen: set[Node]) -> bool:
        if predicate in _ANY:
            return True
        if predicate == PROV + "wasDerivedFrom" and KG + "Claim" in self._types[record]:
            return True  # a derived claim stands on each of its premises
        together = _SUPPORTS if predicate in _SUPPORTS else (predicate,) if predicate in _ALL else ()
        return bool(together) and all(
            object in fallen for name, object in self._said[record] if name in together
        )

    def _below(self, node: Node, fallen: set[Node]) -> list[Node]:
        """Give what *node* refers to that stands for nothing else."""
        person = SCHEMA + "Person" in self._types[node]
        return [
            object
            for predicate, object in self._said[node]
            if predicate in _PARTS
            or (person and predicate == _SOURCE_OF_PERSON and not self._other_person(object, fallen))
            or (self._types[object] & _DEPENDENT and not self._held(object, fallen))
        ]

    def _other_person(self, observation: Node, fallen: set[Node]) -> bool:
        """Tell whether a person who stays is known from *observation* too."""
        return any(
            predicate == _SOURCE_OF_PERSON
            and subject not in fallen
            and SCHEMA + "Person" in self._types[subject]
            for predicate, subject in self._referring[observation]
        )

    def _held(self, node: Node, fallen: set[Node]) -> bool:
        """Tell whether something that stays refers to *node* for its own sake."""
        holding = [(name, subject) for name, subject in self._referring[node] if name not in _IDLE]
        parts = [(name, subject) for name, subject in holding if name == KG + "part"]
        return any(subject not in fallen for _, subject in parts or holding)
