"""Reasons: what a claim, or the statements about a resource, rest on, down to the passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from kg import evidence, passages, wording
from kg.claims import Claims
from kg.errors import EvidenceError, QueryError
from kg.labels import Labels
from kg.names import KG, OA, PROV, RDF, SCHEMA
from kg.rows import IRI, Value, value
from kg.store import Solutions, Store, select
from kg.views import Cited, Claim, Evidence, Reason, Why

_PREFIXES: Final = f"PREFIX kg: <{KG}> PREFIX oa: <{OA}> PREFIX prov: <{PROV}> PREFIX rdf: <{RDF}> "


def verify(store: Store, copy: evidence.Copy, source: str | None = None) -> evidence.Verification:
    """Prove every passage of *store* against a reader's copy; see :func:`kg.evidence.verify`."""
    return evidence.verify(copy, *_anchored(store), source=source)


def quoted(store: Store, texts: Iterable[bytes]) -> dict[str, str]:
    """Give the words of each passage of *store* that is found in one of *texts*, a reader's copies of sources, by IRI.

    Raises EvidenceError for a copy that is no text.
    """
    copies = tuple(map(evidence.Copy.read, texts))
    anchored = _anchored(store) if copies else ([], [])
    return {
        found.passage.iri: evidence.words(copy, found)
        for copy in copies
        for found in evidence.verify(copy, *anchored).results
        if found.span is not None
    }


def _anchored(store: Store) -> tuple[list[evidence.TextVersion], list[evidence.Passage]]:
    """Give the text versions and the passages of *store*."""
    properties = " ".join(f"<{iri}>" for iri in passages.READ)
    return passages.read(
        quad for _, quad in _quads(store, f"VALUES ?p {{ {properties} }} ?s ?p ?o BIND (?s AS ?it)")
    )


def _quads(store: Store, pattern: str) -> list[tuple[str, ox.Quad]]:
    """Give what *pattern* binds to ``?s ?p ?o``, each with what it belongs to, ``?it``."""
    answer = store.query(f"{_PREFIXES} SELECT DISTINCT ?it ?s ?p ?o WHERE {{ {pattern} }}", union=True)
    if not isinstance(answer, Solutions):
        raise QueryError("this query gives no rows")
    return [(str(value(it)), ox.Quad(s, p, o)) for it, s, p, o in answer.rows]  # type: ignore[arg-type]


class Reasons:
    """Explains the statements of *store*; with *texts*, a reader's copies of sources, passages show their words."""

    def __init__(self, store: Store, claims: Claims, labels: Labels, texts: Iterable[bytes] = ()) -> None:
        self._store = store
        self._claims = claims
        self._labels = labels
        copies = tuple(texts)
        self._unseen = "not in the copy that was given" if copies else "words not shown: no local copy"
        self._words = quoted(store, copies)

    def why(self, iri: str) -> Why:
        """Explain the claim *iri*, or every claim about the resource *iri*, grouped by property, and those that name it.

        Of a passage the claims that rest on it are given.

        Raises NotFound for an IRI that the store does not hold.
        """
        itself = self._claims.one(iri)
        if itself is None and not self._store.about(iri):
            raise self._labels.unknown(iri)
        if itself is not None:
            grounds = _Grounds(self._store, self._claims, f"VALUES ?claim {{ <{iri}> }}")
            return Why(IRI(iri), itself.in_full, (("", (self._reason(itself, grounds),)),))
        resting = f"{{ ?claim rdf:subject <{iri}> }} UNION {{ ?claim kg:passage <{iri}> }} UNION {{ ?claim rdf:object <{iri}> }}"
        pattern = f"{resting} ?claim kg:status kg:recorded ."
        grounds = _Grounds(self._store, self._claims, pattern)
        grouped: dict[str, list[Reason]] = defaultdict(list)
        naming = []
        for claim in self._claims.matching(pattern):
            reason = self._reason(claim, grounds)
            if claim.subject == iri or IRI(iri) in claim.passages:
                grouped[self._labels.of(claim.predicate)].append(reason)
            else:
                naming.append(reason)
        return Why(
            IRI(iri),
            self._labels.of(IRI(iri)),
            tuple((name, tuple(reasons)) for name, reasons in sorted(grouped.items())),
            tuple(naming),
            tuple(self._claims.caveats.get(iri, ())),
        )

    def _reason(self, claim: Claim, grounds: _Grounds, seen: frozenset[str] = frozenset()) -> Reason:
        """Explain *claim*; *seen* are the claims that it is a premise of, so that a circle ends."""
        rows = grounds.premises.get(claim.iri, [])
        seen |= {claim.iri}
        premises = [grounds.claims.get(str(row["premise"])) for row in rows if row["premise"] not in seen]
        return Reason(
            claim,
            tuple(self._evidence(passage, grounds.passages.get(passage, [])) for passage in claim.passages),
            tuple(self._reason(premise, grounds, seen) for premise in premises if premise is not None),
            self._labels.of(rows[0]["method"]) if rows else "",
            " ".join(str(row["why"]) for row in grounds.decisions.get(claim.iri, [])),
            tuple(
                _cited(self._labels.of, citation, grounds.citations.get(citation, {}))
                for citation in claim.citations
            ),
        )

    def _evidence(self, iri: IRI, quads: list[ox.Quad]) -> Evidence:
        words = self._words.get(iri)
        return replace(
            _stands(self._labels.of, iri, quads), words=words, state=self._unseen if words is None else ""
        )


def printed(store: Store, label: Callable[[Value], str], claim: Claim) -> tuple[Evidence | Cited, ...]:
    """Give where what *claim* says stands: its passages, without words, and its citations; *label* names what they mention.

    Raises EvidenceError for a passage that *store* does not hold.
    """
    itself = f"VALUES ?claim {{ <{claim.iri}> }}"
    found, cited = _passages(store, itself), _citations(store, itself)
    return (
        *(_stands(label, iri, found.get(iri, [])) for iri in claim.passages),
        *(_cited(label, iri, cited.get(iri, {})) for iri in claim.citations),
    )


def _stands(label: Callable[[Value], str], iri: IRI, quads: list[ox.Quad]) -> Evidence:
    """Give the place of the passage *iri*, of which *quads* tell, without words."""
    found_there = passages.read(quads)[1]
    if not found_there:
        raise EvidenceError(
            f"{iri} is given as evidence, and is no passage of this release",
            remedy="record it, or correct kg:passage",
        )
    passage = found_there[0]
    document, source, url = (
        next((value(quad.object) for quad in quads if quad.predicate.value == name), None)
        for name in (KG + "standsIn", KG + "versionOf", SCHEMA + "url")
    )
    return Evidence(
        iri,
        label(document),
        IRI(passage.text),
        passage.start,
        passage.end,
        passage.digest,
        source=label(source),
        url=IRI(str(url)) if _is_address(url) else None,
    )


def _cited(label: Callable[[Value], str], iri: IRI, said: Mapping[str, Value]) -> Cited:
    def named(name: str) -> str:
        it = said.get(name)
        called = label(it)
        return str(it) if _is_address(it) and called == wording.local(str(it)) else called

    issued = said.get(SCHEMA + "datePublished")
    return Cited(
        iri,
        named("work") or label(iri),
        named("readIn") if said.get("readIn") != said.get("work") else "",
        str(said.get("locator", "")),
        str(said.get("readOn", "")),
        named("evidenceLevel"),
        "" if issued is None else wording.date(str(issued)),
    )


def _is_address(term: Value) -> bool:
    return str(term).startswith(("http://", "https://"))


class _Grounds:
    """What the claims that *pattern* binds to ``?claim`` rest on, and those in turn that they are derived from.

    All of it is asked for at once, by claim, passage or citation: an endpoint far away is asked five questions, and not five a claim.
    """

    def __init__(self, store: Store, claims: Claims, pattern: str) -> None:
        roots = f"{{ SELECT (?claim AS ?root) WHERE {{ {pattern} }} }}"
        below = f"{{ SELECT DISTINCT ?claim WHERE {{ {roots} ?root prov:wasDerivedFrom* ?claim }} }}"
        self.claims = {
            str(claim.iri): claim
            for claim in claims.matching(f"{below} FILTER EXISTS {{ ?claim a kg:Claim }}")
        }
        self.premises = _by_claim(
            store, "?premise ?method", f"{below} ?claim prov:wasDerivedFrom ?premise ; kg:method ?method"
        )
        self.decisions = _by_claim(store, "?why", f"{below} ?it kg:decides ?claim ; kg:rationale ?why")
        self.passages = _passages(store, below)
        self.citations = _citations(store, below)


def _passages(store: Store, claims: str) -> Mapping[str, list[ox.Quad]]:
    """Give what tells of each passage of the claims that the pattern *claims* binds."""
    found: dict[str, list[ox.Quad]] = defaultdict(list)
    for passage, quad in _quads(
        store,
        f"{claims} ?claim kg:passage ?it . ?it (oa:hasSource|oa:hasSource/kg:versionOf|oa:hasSelector|oa:hasSelector/oa:refinedBy)? ?s . ?s ?p ?o",
    ):
        found[passage].append(quad)
    return found


def _citations(store: Store, claims: str) -> Mapping[str, dict[str, Value]]:
    """Give what each citation of those claims says, by the name of its property, and when its work was published."""
    found: dict[str, dict[str, Value]] = defaultdict(dict)
    issue = f"{{ ?it kg:work ?s . ?s ?p ?o FILTER (?p = <{SCHEMA}datePublished>) }}"
    for citation, quad in _quads(
        store, f"{claims} ?claim kg:citation ?it {{ ?it ?p ?o BIND (?it AS ?s) }} UNION {issue}"
    ):
        found[citation].setdefault(quad.predicate.value.removeprefix(KG), value(quad.object))
    return found


def _by_claim(store: Store, names: str, pattern: str) -> Mapping[str, list[Mapping[str, Value]]]:
    found: dict[str, list[Mapping[str, Value]]] = defaultdict(list)
    for row in select(
        store, f"{_PREFIXES} SELECT DISTINCT ?claim {names} WHERE {{ {pattern} }} ORDER BY ?claim {names}"
    ):
        found[str(row["claim"])].append(row)
    return found
