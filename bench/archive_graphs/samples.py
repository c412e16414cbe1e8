"""Samples: for each shape a resource that keeps to it, with something at every path, so that it can be spoiled there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from archive_graphs import claims, things
from archive_graphs.claims import Said, Saying
from archive_graphs.source import Source
from archive_graphs.terms import Record, text, typed
from archive_graphs.terms import date as date_of

DAY: Final = "1990-02-01"
LAST_DAY: Final = "1990-02-09"


def sample(shape: str, source: Source, slug: str) -> tuple[Record, str]:
    """Give the record of a resource of *source* that *shape* looks at, and its name. Its claims publish nothing.

    Raises LookupError for a shape that there is no sample for.
    """
    for beginning, make in _SAMPLES.items():
        if shape == beginning or shape.startswith(f"{beginning}-"):
            record = make(source, slug)
            kind = _NAMED.get(beginning, beginning)
            return record, f"{kind}:{slug}"
    raise LookupError(f"there is no sample for the shape {shape}")


def cited(source: Source, slug: str, said: Said, **more: str) -> Record:
    """Give a claim of the paper itself, which no link of relay is added to, on a citation."""
    saying = Saying(source.paper, source.extraction, **{"day": DAY, **more})
    return claims.claim(slug, said, saying, source.graph, ("kg:citation", source.cited))


def _relation(source: Source, slug: str) -> Record:
    return cited(source, slug, Said("Relation", source.events[0], "kg:near", source.place))


def _dated_relation(source: Source, slug: str) -> Record:
    scope = (("kg:scopeFrom", date_of(DAY)),)
    return cited(source, slug, Said("Relation", source.events[0], "kg:near", source.place, scope))


def _figure(comparator: str) -> Callable[[Source, str], Record]:
    def make(source: Source, slug: str) -> Record:
        scope = ("kg:scopeDuration", typed("P7D", "duration"))
        said = claims.quantity(source.events[0], "kg:deaths", comparator, 10, scope)
        return cited(source, slug, said)

    return make


def _dates(source: Source, slug: str) -> Record:
    return cited(source, slug, claims.dated(source.events[0], DAY, LAST_DAY), status="kg:withdrawn")


def _blame(source: Source, slug: str) -> Record:
    return cited(source, slug, Said("Responsibility", source.events[0], "kg:attributedTo", source.actor))


def _passage(source: Source, slug: str) -> Record:
    return things.passage(slug, source.texts[0], source.page, (3, 80), source.graph)


def _text(source: Source, slug: str) -> Record:
    return things.text_version(slug, f"Text {slug}", source.page, 500, source.graph)


def _citation(source: Source, slug: str) -> Record:
    return things.citation(slug, source.work, DAY, source.graph)


def _person(source: Source, slug: str) -> Record:
    return things.person(slug, f"Person {slug}", source.observed)


def _photograph(source: Source, slug: str) -> Record:
    label = f"Photograph {slug}"
    return things.photograph(slug, label, source.page, 1, DAY, "org:agency-1")


def _group(source: Source, slug: str) -> Record:
    veiled = (f"group:{slug}", "kg:visibility", "kg:veiled", source.graph)
    return [*things.group(slug, f"group {slug}", source.passage(), source.graph), veiled]


def _place(source: Source, slug: str) -> Record:
    return things.place(slug, f"Place {slug}", "40.5", "49.5")


def _two_names(source: Source, slug: str) -> Record:
    """Give a place with a preferred name, and the record of another form of the same language."""
    made = things.place(slug, f"Place {slug}", "40.5", "49.5", f"name:{slug}-a")
    for end, form in (("a", f"Place {slug}"), ("b", f"Another place {slug}")):
        made += things.name(f"{slug}-{end}", form, source.passage(), source.graph)
    return made


def _two_ways(source: Source, slug: str) -> Record:
    ends = source.place, "place:place-1"
    return things.leg(slug, ends, source.graph)


_SAMPLES: Final[dict[str, Callable[[Source, str], Record]]] = {
    "claim-scope-start": _dated_relation,
    "claim": _relation,
    "conflict-decided": _relation,
    "retraction-own": _relation,
    "quantity-lower": _figure("kg:between"),
    "quantity-upper": _figure("kg:between"),
    "quantity": _figure("kg:exactly"),
    "date": _dates,
    "derived": lambda source, slug: source.derived(slug),
    "alleged": _blame,
    "blame": _blame,
    "passage": _passage,
    "selector": lambda source, slug: things.selector(slug, 3, 40, source.graph),
    "text": _text,
    "citation": _citation,
    "relay": lambda source, slug: things.relay(slug, "org:agency-1", 1, source.graph),
    "published": lambda _, slug: things.event(slug, f"Gathering {slug}", "concept:gathering"),
    "person": _person,
    "visibility": _group,
    "observation": lambda source, slug: things.observation(
        slug, f"somebody {slug}", source.passage(), source.graph
    ),
    "actor": lambda source, slug: things.actor(slug, f"some {slug}", source.passage(), source.graph),
    "name-preferred": _two_names,
    "name": lambda source, slug: things.name(slug, f"Name {slug}", source.passage(), source.graph),
    "label": lambda _, slug: things.event(slug, f"Gathering {slug}", "concept:gathering"),
    "rights": lambda _, slug: things.book(slug, f"Book {slug}"),
    "photograph": _photograph,
    "event": lambda _, slug: things.event(slug, f"Gathering {slug}", "concept:gathering"),
    "point": _place,
    "route": lambda source, slug: things.route(
        slug, f"way {slug}", (source.place, source.place), source.passage(), source.graph
    ),
    "leg": lambda source, slug: things.leg(slug, (source.place, "place:place-1"), source.graph),
    "anomaly": lambda source, slug: things.anomaly(
        slug, f"spelling {slug}", source.name, source.passage(), source.graph
    ),
    "decision": lambda source, slug: things.decision(slug, f"Decision {slug}", source.claim),
}
"""By the beginning of the name of the shape, the longer before the shorter."""
_NAMED: Final = {
    **dict.fromkeys(
        ("claim-scope-start", "conflict-decided", "retraction-own", "quantity", "quantity-lower"), "claim"
    ),
    **dict.fromkeys(("quantity-upper", "date", "derived", "alleged", "blame"), "claim"),
    **dict.fromkeys(("published", "label"), "event"),
    **dict.fromkeys(("point", "name-preferred"), "place"),
    "visibility": "group",
    "observation": "obs",
    "rights": "work",
    "photograph": "photo",
}
"""The type of what a sample is about, where the shape is called otherwise."""

SECOND: Final[dict[str, Callable[[Source], str]]] = {
    "rdf:subject": lambda source: source.events[1],
    "rdf:predicate": lambda _: "kg:hasParticipantsFrom",
    "rdf:object": lambda source: source.events[2],
    "kg:claimant": lambda _: "org:agency-2",
    "kg:attributionBasis": lambda _: "kg:byline",
    "kg:polarity": lambda _: "kg:denied",
    "kg:status": lambda _: "kg:withdrawn",
    "kg:asOfEarliest": lambda _: date_of("1990-01-30"),
    "kg:asOfLatest": lambda _: date_of("1990-02-20"),
    "kg:scopeFrom": lambda _: date_of("1990-01-30"),
    "prov:wasGeneratedBy": lambda source: source.derivation,
    "prov:wasAttributedTo": lambda source: source.paper,
    "kg:comparator": lambda _: "kg:about",
    "kg:amount": lambda _: typed("11", "integer"),
    "kg:lowerBound": lambda _: typed("9", "integer"),
    "kg:upperBound": lambda _: typed("21", "integer"),
    "kg:unit": lambda _: "concept:days",
    "kg:scopeDuration": lambda _: typed("P8D", "duration"),
    "kg:earliestStart": lambda _: date_of("1990-01-30"),
    "kg:latestStart": lambda _: date_of("1990-02-02"),
    "kg:earliestEnd": lambda _: date_of("1990-02-08"),
    "kg:latestEnd": lambda _: date_of("1990-02-10"),
    "kg:method": lambda _: "concept:method-start-and-end-joined",
    "oa:hasSource": lambda source: source.texts[1],
    "oa:hasSelector": lambda source: f"selector:{source.slug}-s0",
    "kg:digest": lambda _: text(things.digest("another"), ""),
    "kg:standsIn": lambda source: source.work,
    "oa:exact": lambda _: text("word"),
    "oa:start": lambda _: typed("4", "integer"),
    "oa:end": lambda _: typed("41", "integer"),
    "kg:textDigest": lambda _: text(things.digest("another"), ""),
    "kg:capturedDigest": lambda _: text(things.digest("another"), ""),
    "kg:length": lambda _: typed("501", "integer"),
    "kg:versionOf": lambda source: source.work,
    "kg:normalisation": lambda _: "concept:many",
    "kg:work": lambda source: source.page,
    "kg:evidenceLevel": lambda _: "concept:second-hand",
    "kg:readOn": lambda _: date_of(LAST_DAY),
    "kg:agent": lambda _: "org:agency-2",
    "kg:position": lambda _: typed("2", "integer"),
    "skosxl:literalForm": lambda _: text("Another name"),
    "kg:nameStatus": lambda _: "concept:name-variant",
    "rdfs:label": lambda _: text("Another label"),
    "dcterms:rights": lambda _: "<http://rightsstatements.org/vocab/UND/1.0/>",
    "kg:dateline": lambda _: date_of(LAST_DAY),
    "geo:lat": lambda _: typed("41.5", "decimal"),
    "geo:long": lambda _: typed("48.5", "decimal"),
    "kg:anomalyKind": lambda _: "concept:anomaly-spellings",
    "kg:outcome": lambda _: "concept:outcome-not-published",
    "prov:endedAtTime": lambda _: typed("2026-11-24T00:00:00Z", "dateTime"),
    "kg:edtf": lambda _: '"1990-02"^^<http://id.loc.gov/datatypes/edtf/EDTF>',
    "kg:from": lambda _: "place:place-2",
}
"""A second value that a path may have by everything but the number of its values."""
