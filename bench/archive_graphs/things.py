"""What is spoken of and what speaks: the record of each kind of resource but claims, as the shapes want it."""

from __future__ import annotations

import hashlib

from archive_graphs.terms import RIGHTS, Record, date, described, integer, text, typed

ENTITIES = "entities"


def labelled(iri: str, graph: str, kind: str, label: str, *more: tuple[str, str]) -> Record:
    """Give a resource of the class *kind* with its label."""
    return described(iri, graph, ("rdf:type", kind), ("rdfs:label", text(label)), *more)


def organisation(slug: str, label: str) -> Record:
    """Give an organisation."""
    return labelled(f"org:{slug}", ENTITIES, "schema:Organization", label)


def place(slug: str, label: str, latitude: str, longitude: str, name: str = "") -> Record:
    """Give a place with its point, and with the record of its name where there is one, which the build repeats."""
    iri = f"place:{slug}"
    made = labelled(
        iri,
        ENTITIES,
        "schema:Place",
        label,
        ("geo:lat", typed(latitude, "decimal")),
        ("geo:long", typed(longitude, "decimal")),
    )
    return [*made, *preferred(iri, name, label)] if name else made


def preferred(iri: str, name: str, form: str) -> Record:
    """Give the record *name* as the preferred name of *iri*, and what the build publishes of it."""
    return [
        (iri, "skosxl:prefLabel", name, ENTITIES),
        (iri, "skos:prefLabel", text(form), "published"),
    ]


def observation(slug: str, label: str, passage: str, graph: str) -> Record:
    """Give a person as a source shows them."""
    return labelled(
        f"obs:{slug}", graph, "picom:PersonObservation", label, ("prov:hadPrimarySource", passage)
    )


def person(slug: str, label: str, observed: str) -> Record:
    """Give a person, who may be living."""
    return labelled(
        f"person:{slug}",
        ENTITIES,
        "schema:Person",
        label,
        ("kg:sensitivity", "concept:possibly-living"),
        ("prov:wasDerivedFrom", observed),
    )


def group(slug: str, label: str, passage: str, graph: str) -> Record:
    """Give a group as a source describes it."""
    return labelled(f"group:{slug}", graph, "kg:GroupObservation", label, ("prov:hadPrimarySource", passage))


def actor(slug: str, label: str, passage: str, graph: str) -> Record:
    """Give several people who are said to act as one."""
    return labelled(f"actor:{slug}", graph, "kg:CollectiveActor", label, ("prov:hadPrimarySource", passage))


def voice(slug: str, label: str, passage: str, graph: str) -> Record:
    """Give the speaker of what a text only says was reported."""
    return labelled(f"voice:{slug}", graph, "kg:UnstatedVoice", label, ("prov:hadPrimarySource", passage))


def event(slug: str, label: str, kind: str) -> Record:
    """Give an event of a *kind*, which is a concept."""
    return labelled(f"event:{slug}", ENTITIES, "schema:Event", label, ("schema:additionalType", kind))


def photograph(slug: str, label: str, page: str, position: int, day: str, agency: str) -> Record:
    """Give a photograph."""
    return labelled(
        f"photo:{slug}",
        ENTITIES,
        "schema:Photograph",
        label,
        ("schema:isPartOf", page),
        ("schema:position", integer(position)),
        ("kg:dateline", date(day)),
        ("kg:creditedAgency", agency),
        ("dcterms:rights", RIGHTS),
    )


def caption(slug: str, label: str, photo: str, graph: str) -> Record:
    """Give the caption of *photo*."""
    return labelled(
        f"caption:{slug}", graph, "kg:Caption", label, ("kg:captionOf", photo), ("dcterms:rights", RIGHTS)
    )


def book(slug: str, label: str) -> Record:
    """Give a book."""
    return labelled(f"work:{slug}", ENTITIES, "schema:Book", label, ("dcterms:rights", RIGHTS))


def page(slug: str, label: str, publisher: str, graph: str) -> Record:
    """Give a web page."""
    return labelled(
        f"source:{slug}",
        graph,
        "schema:WebPage",
        label,
        ("dcterms:publisher", publisher),
        ("dcterms:rights", RIGHTS),
        ("schema:url", f"<https://paper.example/{slug}>"),
    )


def text_version(slug: str, label: str, document: str, length: int, graph: str) -> Record:
    """Give a pinned state of the text of *document*."""
    return labelled(
        f"text:{slug}",
        graph,
        "kg:TextVersion",
        label,
        ("kg:versionOf", document),
        ("kg:length", integer(length)),
        ("kg:textDigest", text(digest(slug), "")),
        ("kg:capturedDigest", text(digest(f"{slug}, captured"), "")),
        ("kg:normalisation", "concept:normalisation-nfc-single-space"),
    )


def activity(slug: str, label: str, used: str, graph: str) -> Record:
    """Give an activity of recording."""
    return labelled(f"activity:{slug}", graph, "prov:Activity", label, ("prov:used", used))


def selector(slug: str, start: int, end: int, graph: str) -> Record:
    """Give a position in a text, or in a passage."""
    return described(
        f"selector:{slug}",
        graph,
        ("rdf:type", "oa:TextPositionSelector"),
        ("oa:start", integer(start)),
        ("oa:end", integer(end)),
    )


def passage(slug: str, version: str, document: str, span: tuple[int, int], graph: str) -> Record:
    """Give a passage of the text *version*, which stands in *document*."""
    made = described(
        f"passage:{slug}",
        graph,
        ("rdf:type", "oa:SpecificResource"),
        ("oa:hasSource", version),
        ("oa:hasSelector", f"selector:{slug}"),
        ("kg:standsIn", document),
        ("kg:digest", text(digest(slug), "")),
    )
    return made + selector(slug, *span, graph)


def name(slug: str, form: str, where: str, graph: str) -> Record:
    """Give the form of a name that the passage *where* attests."""
    return described(
        f"name:{slug}",
        graph,
        ("rdf:type", "skosxl:Label"),
        ("skosxl:literalForm", text(form)),
        ("kg:nameStatus", "concept:name-as-printed"),
        ("kg:passage", where),
    )


def citation(slug: str, work: str, day: str, graph: str) -> Record:
    """Give a citation of *work*, read on *day*."""
    return described(
        f"citation:{slug}",
        graph,
        ("rdf:type", "kg:Citation"),
        ("kg:work", work),
        ("kg:evidenceLevel", "concept:first-hand"),
        ("kg:readOn", date(day)),
    )


def relay(slug: str, agent: str, position: int, graph: str) -> Record:
    """Give a link of relay."""
    return described(
        f"relay:{slug}",
        graph,
        ("rdf:type", "kg:Relay"),
        ("kg:agent", agent),
        ("kg:position", integer(position)),
    )


def route(slug: str, label: str, ends: tuple[str, str], where: str, graph: str) -> Record:
    """Give a route of one leg between *ends*, which are places."""
    made = labelled(
        f"route:{slug}", graph, "kg:Route", label, ("kg:leg", f"leg:{slug}"), ("prov:hadPrimarySource", where)
    )
    return made + leg(slug, ends, graph)


def leg(slug: str, ends: tuple[str, str], graph: str) -> Record:
    """Give one part of a route."""
    return described(
        f"leg:{slug}",
        graph,
        ("rdf:type", "kg:Leg"),
        ("kg:position", integer(1)),
        ("kg:from", ends[0]),
        ("kg:to", ends[1]),
        ("kg:mode", "concept:ferry"),
    )


def anomaly(slug: str, label: str, of: str, where: str, graph: str) -> Record:
    """Give an anomaly of a source."""
    return labelled(
        f"anomaly:{slug}",
        graph,
        "kg:SourceAnomaly",
        label,
        ("kg:anomalyKind", "concept:anomaly-misspelling"),
        ("kg:anomalyOf", of),
        ("kg:passage", where),
    )


def decision(slug: str, label: str, claim: str) -> Record:
    """Give an editorial decision about *claim* that publishes nothing."""
    return labelled(
        f"decision:{slug}",
        "editorial",
        "kg:EditorialDecision",
        label,
        ("kg:decides", claim),
        ("kg:outcome", "concept:outcome-kept-apart"),
        ("kg:rationale", text("The two sources count for different days.")),
        ("prov:wasAssociatedWith", "org:attest"),
        ("prov:endedAtTime", typed("2026-11-23T00:00:00Z", "dateTime")),
    )


def digest(of: str) -> str:
    """Give 64 hexadecimal digits."""
    return hashlib.sha256(of.encode()).hexdigest()
