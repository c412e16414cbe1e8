"""Reasons: what a claim, or the statements about a resource, rest on, down to the passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kg import evidence, passages
from kg.claims import Claims
from kg.errors import EvidenceError
from kg.labels import Labels
from kg.names import KG, OA, PROV
from kg.rows import IRI, value
from kg.store import Store, select
from kg.views import Claim, Evidence, Reason, Why


def verify(store: Store, copy: evidence.Copy, source: str | None = None) -> evidence.Verification:
    """Prove every passage of *store* against a reader's copy; see :func:`kg.evidence.verify`."""
    versions, anchored = passages.read(store.quads())
    return evidence.verify(copy, versions, anchored, source=source)


class Reasons:
    """Explains the statements of *store*; with *texts*, a reader's copies of sources, passages show their words."""

    def __init__(self, store: Store, claims: Claims, labels: Labels, texts: Iterable[bytes] = ()) -> None:
        self._store = store
        self._claims = claims
        self._labels = labels
        self._copies = tuple(map(evidence.Copy.read, texts))
        self._found = {
            found.passage.iri: (copy, found)
            for copy in self._copies
            for found in verify(store, copy).results
            if found.span is not None
        }

    def why(self, iri: str) -> Why:
        """Explain the claim *iri*, or every claim about the resource *iri*, grouped by property.

        Where none is about it, the claims that rest on it (a passage) or name it are given.

        Raises NotFound for an IRI that the store does not hold.
        """
        if not self._store.about(iri):
            raise self._labels.unknown(iri)
        itself = self._claims.one(iri)
        if itself is not None:
            return Why(IRI(iri), itself.sentence, (("", (self._reason(itself),)),))
        grouped: dict[str, list[Reason]] = defaultdict(list)
        about = self._claims.matching(f"?claim rdf:subject <{iri}> ; kg:status kg:recorded .")
        naming = f"{{ ?claim kg:passage <{iri}> }} UNION {{ ?claim rdf:object <{iri}> }} ?claim kg:status kg:recorded ."
        for claim in about or self._claims.matching(naming):
            grouped[self._labels.of(claim.predicate)].append(self._reason(claim))
        return Why(
            IRI(iri),
            self._labels.of(IRI(iri)),
            tuple((name, tuple(reasons)) for name, reasons in sorted(grouped.items())),
        )

    def _reason(self, claim: Claim, seen: frozenset[str] = frozenset()) -> Reason:
        """Explain *claim*; *seen* are the claims that it is a premise of, so that a circle ends."""
        rows = select(
            self._store,
            f"SELECT DISTINCT ?premise ?method WHERE {{ <{claim.iri}> <{PROV}wasDerivedFrom> ?premise ; <{KG}method> ?method }} "
            "ORDER BY ?premise",
        )
        decisions = select(
            self._store,
            f"SELECT DISTINCT ?why WHERE {{ ?it <{KG}decides> <{claim.iri}> ; <{KG}rationale> ?why }} ORDER BY ?why",
        )
        seen |= {claim.iri}
        premises = [self._claims.one(str(row["premise"])) for row in rows if str(row["premise"]) not in seen]
        return Reason(
            claim,
            tuple(self._evidence(passage) for passage in claim.passages),
            tuple(self._reason(premise, seen) for premise in premises if premise is not None),
            self._labels.of(rows[0]["method"]) if rows else "",
            " ".join(str(row["why"]) for row in decisions),
        )

    def _evidence(self, iri: IRI) -> Evidence:
        quads = list(self._store.about(iri))
        for predicate in (OA + "hasSource", OA + "hasSelector", OA + "refinedBy"):
            nodes = [quad.object for quad in quads if quad.predicate.value == predicate]
            quads += [
                quad
                for node in nodes
                if isinstance(node, ox.NamedNode)
                for quad in self._store.about(node.value)
            ]
        found_there = passages.read(quads)[1]
        if not found_there:
            raise EvidenceError(
                f"{iri} is given as evidence, and is no passage of this release",
                remedy="record it, or correct kg:passage",
            )
        passage = found_there[0]
        document = next(
            (value(quad.object) for quad in quads if quad.predicate.value == KG + "standsIn"), None
        )
        words, state = (
            None,
            "not in the copy that was given" if self._copies else "words not shown: no local copy",
        )
        if iri in self._found:
            words, state = evidence.words(*self._found[iri]), ""
        return Evidence(
            iri,
            self._labels.of(document),
            IRI(passage.text),
            passage.start,
            passage.end,
            passage.digest,
            words,
            state,
        )
