"""The tables of what is said, and of where it stands: claims and passages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from kg.names import KG, XSD
from kg.record import Record, text
from kg.tables.columns import Column, Table, datatype, label, labelled, links
from kg.tables.groups import BOUNDS, CARE, IRI
from kg.triples import Resource


def _kind(record: Record, claim: Resource) -> list[str]:
    general = (KG + "Claim", KG + "DerivedClaim")
    types = (text(term) for term in record.follow(claim, "rdf:type"))
    return [iri for iri in types if iri.startswith(KG) and iri not in general]


def _words(record: Record, claim: Resource) -> list[str]:
    return [record.words(claim)]


def _sentence(record: Record, claim: Resource) -> list[str]:
    return [record.sentence(claim)]


def _derived(record: Record, claim: Resource) -> list[str]:
    return [str(record.is_a(claim, KG + "DerivedClaim")).lower()]


def _relays(record: Record, claim: Resource) -> list[str]:
    return [text(agent) for agent in record.relays(claim)]


def _relay_labels(record: Record, claim: Resource) -> list[str]:
    return [record.label(agent) for agent in record.relays(claim)]


def _caveats(record: Record, claim: Resource) -> list[str]:
    anomalies = record.follow(claim, "^kg:anomalyOf|rdf:subject/^kg:anomalyOf|rdf:object/^kg:anomalyOf")
    true = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))
    return [
        record.label(each) for each in anomalies if true in record.follow(each, "kg:anomalyKind/kg:caveat")
    ]


def _locators(record: Record, claim: Resource) -> list[str]:
    found = (record.follow(citation, "kg:locator") for citation in record.follow(claim, "kg:citation"))
    return [" ".join(map(text, locators)) for locators in found]


CLAIMS: Final = Table(
    "claims",
    "what sources say, claims of every status: one proposition, from one speaker, in one passage",
    (
        IRI,
        Column("kind", "rdf:type", "local name of its class, as `QuantityClaim`", make=_kind, namespace=KG),
        *labelled(Column("subject", "rdf:subject", "what is spoken of", "anyURI", required=True)),
        *labelled(Column("property", "rdf:predicate", "what is claimed of it", "anyURI", required=True)),
        Column("object", "rdf:object", "what is said: an IRI, or a value as recorded", required=True),
        Column(
            "object_datatype",
            "rdf:object",
            "IRI of the value's datatype, `@` and the language of a text; empty where `object` is an IRI",
            shows=datatype,
        ),
        Column("object_label", "rdf:object", "what `object` is called, a value as it is", shows=label),
        Column("words", "", "what is said of the subject, in our words", make=_words),
        Column("sentence", "", "the claim as a sentence of ours, never the source's", make=_sentence),
        Column("polarity", "kg:polarity", "`asserted` or `denied` by the speaker", namespace=KG),
        Column("comparator", "kg:comparator", "how the number is meant, as `atLeast`", namespace=KG),
        Column("amount", "kg:amount", "the number as printed", "integer"),
        Column("lower_bound", "kg:lowerBound", "lower bound, empty where none is given", "integer"),
        Column("upper_bound", "kg:upperBound", "upper bound, empty where none is given", "integer"),
        *labelled(
            links("qualification", "kg:qualification", "how the source itself qualifies the number"),
            "qualification_labels",
        ),
        *labelled(Column("unit", "kg:unit", "what is counted", "anyURI")),
        *labelled(
            links("population", "kg:populationScope", "whom the number counts, empty where not stated")
        ),
        *labelled(links("place_scope", "kg:placeScope", "where it counts, empty where not stated", "places")),
        *labelled(
            links(
                "event_scope",
                "kg:eventScope",
                "the event that it counts for, empty where not stated",
                "events",
            )
        ),
        Column("scope_from", "kg:scopeFrom", "first day that the number counts", "date"),
        Column("scope_to", "kg:scopeTo", "last day that the number counts", "date"),
        Column("scope_duration", "kg:scopeDuration", "length of the time that it counts", "duration"),
        *(replace(each, about=f"{each.about}, as claimed") for each in BOUNDS),
        Column(
            "as_of_earliest",
            "kg:asOfEarliest",
            "first day on which it can have been said, empty: undated",
            "date",
        ),
        Column(
            "as_of_latest", "kg:asOfLatest", "last day on which it can have been said: known by then", "date"
        ),
        *labelled(Column("claimant", "kg:claimant", "who says it", "anyURI", required=True)),
        Column(
            "attribution_basis",
            "kg:attributionBasis",
            "how we know who speaks, as `creditLine`",
            namespace=KG,
        ),
        Column(
            "relays", "", "who passed it on, nearest to the speaker first", "anyURI", make=_relays, many=True
        ),
        Column(
            "relay_labels",
            "",
            "what each of `relays` is called, in the same order",
            make=_relay_labels,
            many=True,
        ),
        links("passages", "kg:passage", "passages where it stands", "passages"),
        Column(
            "caveats",
            "",
            "what bears on its reading, or on that of what it is about, as that it can be read in two ways",
            make=_caveats,
            many=True,
        ),
        links("citations", "kg:citation", "where it was read, if the text was not captured"),
        *labelled(links("cited_works", "kg:citation/kg:work", "works cited"), "cited_work_labels"),
        *labelled(
            links(
                "read_in",
                "kg:citation/kg:readIn",
                "what was read: the works cited, or others that pass them on",
            )
        ),
        links(
            "evidence_levels",
            "kg:citation/kg:evidenceLevel",
            "how near to the speaker that is, as `concept:second-hand`",
        ),
        Column(
            "citation_locators",
            "",
            "address or page of each of `citations`, in the same order",
            make=_locators,
            many=True,
        ),
        Column(
            "derived",
            "",
            "whether the project derived it from other claims",
            "boolean",
            make=_derived,
            required=True,
        ),
        *labelled(Column("method", "kg:method", "how it was derived", "anyURI")),
        links("premises", "prov:wasDerivedFrom", "claims that it was derived from", "claims"),
        links("restates", "kg:restates", "claims that it says again", "claims"),
        links("updates", "kg:updates", "claims that it brings up to date", "claims"),
        links("narrows", "kg:narrowsScopeOf", "claims whose scope it narrows", "claims"),
        links("retracts", "kg:retracts", "claims that their own speaker takes back with it", "claims"),
        links(
            "conflicts_with",
            "kg:conflictsWith",
            "claims that an editorial decision finds it at odds with",
            "claims",
        ),
        links("chosen_by", "^kg:decides", "editorial decisions that publish its value"),
        links("set_aside_by", "^kg:rejects", "editorial decisions that do not publish its value"),
        Column(
            "status",
            "kg:status",
            "`recorded`, `withdrawn` or `extractionError`: our view of our record, never of the truth of the claim",
            namespace=KG,
        ),
        *labelled(
            Column("recorded_in", "prov:wasGeneratedBy", "activity in which it was recorded", "anyURI")
        ),
        *labelled(Column("recorded_by", "prov:wasAttributedTo", "who recorded it", "anyURI")),
        *CARE,
    ),
)

PASSAGES: Final = Table(
    "passages",
    "where claims stand: positions in a pinned text with digests, never the words, which belong to others",
    (
        IRI,
        *labelled(Column("text", "oa:hasSource", "text version that the positions count in", "anyURI")),
        *labelled(
            Column("source", "oa:hasSource/kg:versionOf", "page or publication that the text is of", "anyURI")
        ),
        *labelled(
            Column("document", "kg:standsIn", "article, caption or comment that it stands in", "anyURI")
        ),
        Column(
            "start",
            "oa:hasSelector/oa:start",
            "its first code point in the normalised text, from 0",
            "integer",
        ),
        Column("end", "oa:hasSelector/oa:end", "the code point after its last", "integer"),
        Column("digest", "kg:digest", "SHA-256 of its letters, marks and digits, hexadecimal"),
        links("claims", "^kg:passage", "claims that rest on it", "claims", only=True),
        *CARE,
    ),
    order=("text", "start"),
)
