"""The sheets of what claims are about, by and from: events, people, places, photographs, works, voices, sources, names, concepts.

Dates and places of events, authors of works and the like have no column: they are claims, and the build publishes those that
nobody disputes. Coordinates and links to authorities have none either: they come from the authority, under ``external/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.names import KG, SCHEMA, SKOS, SKOSXL
from kg.sheets.chains import AGENTS
from kg.sheets.citations import Citation
from kg.sheets.claims import care, claims
from kg.sheets.columns import Field, Sheet, Single
from kg.sheets.forms import Form
from kg.sheets.values import Address, Day, Reference, String, Text, Whole, Word

_WORKS: Final = ("Book", "NewsArticle", "Comment", "WebPage", "CreativeWork")
_DOCUMENT: Final = Reference(("source", "work"))
_RIGHTS: Final = Single(
    "rights",
    "dcterms:rights",
    "statement of rights; until somebody has evaluated them `http://rightsstatements.org/vocab/CNE/1.0/`",
    "http://rightsstatements.org/vocab/CNE/1.0/",
    Address(),
    required=True,
)


def sheets(languages: Sequence[str]) -> dict[str, Sheet]:
    """Give all sheets by name, with a column of labels and of descriptions for each of *languages*, the first without a suffix."""
    every = (
        _sources(languages),
        claims(languages[0]),
        _people(languages),
        _places(languages),
        _events(languages),
        _photographs(languages),
        _works(languages),
        _voices(languages),
        _names(),
        _concepts(languages),
    )
    return {each.name: each for each in every}


def _labels(languages: Sequence[str], example: str, description: str = "rdfs:comment") -> tuple[Field, ...]:
    """Give label and description in each language; the first label is needed."""
    fields: list[Field] = []
    column = "definition" if description == "skos:definition" else "description"
    for name, property, about in (
        ("label", "rdfs:label", "neutral label of ours, never a source's name for it"),
        (column, description, "what it is, in our own words"),
    ):
        for language in languages:
            first = language == languages[0]
            fields.append(
                Single(
                    name if first else f"{name}_{language}",
                    property,
                    f"{about} ({language})",
                    (
                        example
                        if name == "label"
                        else (
                            "Kept apart from the strike on the coast."
                            if column == "description"
                            else "People who load ships."
                        )
                    )
                    if first
                    else "",
                    Text(language),
                    required=first and name == "label",
                )
            )
    return tuple(fields)


def _named() -> tuple[Field, ...]:
    """Give the fields of names as sources print them."""
    return tuple(
        Single(name, property, about, "velmora-en", Reference(("name",)), many=True)
        for name, property, about in (
            ("names", "skosxl:prefLabel", "names as sources print them, one a language"),
            ("other_names", "skosxl:altLabel", "other names as printed"),
            ("misspellings", "skosxl:hiddenLabel", "printed forms that we take for slips"),
        )
    )


def _linked(*types: str) -> tuple[Field, ...]:
    """Give the fields of sameness and replacement."""
    return (
        Single(
            "maybe_same_as",
            "kg:candidateSameAs",
            "what it may be the same as",
            f"{types[0]}:another",
            Reference(types),
            many=True,
        ),
        Single(
            "replaced_by",
            "dcterms:isReplacedBy",
            "what to use instead, where two records were one thing: nothing is deleted",
            f"{types[0]}:another",
            Reference(types),
        ),
    )


def _attested() -> tuple[Field, ...]:
    return (
        Single(
            "passage",
            "kg:passage",
            "passages that attest it",
            "gazette-p2",
            Reference(("passage",)),
            many=True,
        ),
        Citation(),
    )


def _events(languages: Sequence[str]) -> Sheet:
    kind = Single(
        "kind",
        "schema:additionalType",
        "kind of event",
        "demonstration",
        Reference(("concept",), scheme="event-types"),
        required=True,
        many=True,
    )
    return Sheet(
        "events",
        "events as the project keeps them apart; when and where they took place are claims",
        (f"{SCHEMA}Event",),
        ("event",),
        (
            *_labels(languages, "Stoppage at the quays of Velmora, March 1901"),
            kind,
            *_linked("event"),
            *care(),
        ),
        "entities/events.ttl",
        {"event": "schema:Event"},
    )


def _people(languages: Sequence[str]) -> Sheet:
    return Sheet(
        "people",
        "people: named in a source, or speaking; each is attested by an observation, a passage or a citation",
        (f"{SCHEMA}Person",),
        ("person",),
        (
            *_labels(languages, "Ada Holm"),
            Single(
                "role",
                "kg:role",
                "role in which a source shows them",
                "author",
                Reference(("concept",), scheme="roles"),
                many=True,
            ),
            Single(
                "derived_from",
                "prov:wasDerivedFrom",
                "the person as single sources show them",
                "obs:gazette-foreman",
                Reference(("obs",)),
                many=True,
            ),
            *_attested(),
            *_named(),
            *_linked("person"),
            *care(),
        ),
        "entities/people.ttl",
        {"person": "schema:Person"},
    )


def _places(languages: Sequence[str]) -> Sheet:
    return Sheet(
        "places",
        "places; coordinates and links to authorities stand under `external/` and are not in the sheet",
        (f"{SCHEMA}Place",),
        ("place",),
        (*_labels(languages, "Velmora"), *_named(), *_linked("place"), *care()),
        "entities/places.ttl",
        {"place": "schema:Place"},
    )


def _photographs(languages: Sequence[str]) -> Sheet:
    return Sheet(
        "photographs",
        "photographs, metadata only; what one shows, and where and when, are claims",
        (f"{SCHEMA}Photograph",),
        ("photo",),
        (
            *_labels(languages, "Photograph 1: a foreman"),
            Single(
                "dateline",
                "kg:dateline",
                "day printed at the head of the caption, not the day shown",
                "1901-03-05",
                Day(),
            ),
            Single("credit", "schema:creditText", "credit as printed", "Coastal Wire", String()),
            Single(
                "agency",
                "kg:creditedAgency",
                "agency that the credit stands for",
                "org:coastal-wire",
                Reference(AGENTS),
            ),
            Single(
                "document",
                "schema:isPartOf",
                "document that it is part of",
                "source:gazette-1",
                _DOCUMENT,
                many=True,
            ),
            Single("position", "schema:position", "position in the document, from 1", "1", Whole()),
            Single("archive", "schema:holdingArchive", "who holds it", "org:gazette", Reference(AGENTS)),
            Single(
                "mentions",
                "kg:mentions",
                "what the caption names and the photograph does not show",
                "place:velmora",
                Reference(),
                many=True,
            ),
            _RIGHTS,
            *_linked("photo"),
            *care(),
        ),
        "entities/photographs.ttl",
        {"photo": "schema:Photograph"},
    )


def _document(languages: Sequence[str], example: str) -> tuple[Field, ...]:
    return (
        *_labels(languages, example),
        Single(
            "type",
            "rdf:type",
            "what it is",
            "Book",
            Word(_WORKS, SCHEMA, only=True),
            required=True,
            many=True,
        ),
        *_named(),
        Single("url", "schema:url", "address", "https://archive.example/gazette/1", Address(), many=True),
        Single(
            "publisher",
            "dcterms:publisher",
            "publisher of the document",
            "org:gazette",
            Reference(AGENTS),
            many=True,
        ),
        Single(
            "document",
            "schema:isPartOf",
            "document that it is part of",
            "source:gazette-1",
            _DOCUMENT,
            many=True,
        ),
        Single("position", "schema:position", "position in the document, from 1", "2", Whole()),
        _RIGHTS,
        *_linked("work", "source"),
        *care(),
    )


def _works(languages: Sequence[str]) -> Sheet:
    return Sheet(
        "works",
        "books, articles, pages and comments that claims stand in, cite or speak of; author, year and the like are claims",
        tuple(f"{SCHEMA}{each}" for each in _WORKS),
        ("work", "comment"),
        _document(languages, "Almanac of the coast, 1902"),
        "entities/works.ttl",
    )


def _sources(languages: Sequence[str]) -> Sheet:
    return Sheet(
        "sources",
        "the documents that claims are taken from; each has a directory and a graph of its own",
        tuple(f"{SCHEMA}{each}" for each in _WORKS),
        ("source",),
        _document(languages, "First page of the Gazette"),
        "sources/{id}/source.ttl",
    )


def _voices(languages: Sequence[str]) -> Sheet:
    primary = Single(
        "passage",
        "prov:hadPrimarySource",
        "passages that attest an `actor:` or `voice:`",
        "gazette-p2",
        Reference(("passage",)),
        many=True,
    )
    return Sheet(
        "voices",
        "who speaks and is no person: organisations (`org:`), several people who speak as one (`actor:`), and the unstated speaker of a text (`voice:`)",
        (f"{SCHEMA}Organization", f"{KG}CollectiveActor", f"{KG}UnstatedVoice"),
        ("org", "actor", "voice"),
        (
            *_labels(languages, "Harbour office of Velmora"),
            primary,
            Citation(),
            *_named(),
            *_linked("org", "actor", "voice"),
            *care(),
        ),
        "entities/voices.ttl",
        {"org": "schema:Organization", "actor": "kg:CollectiveActor", "voice": "kg:UnstatedVoice"},
    )


def _names() -> Sheet:
    return Sheet(
        "names",
        "forms of names as sources print them, for claims of a name and for the names of things",
        (f"{SKOSXL}Label",),
        ("name",),
        (
            Form(),
            Single(
                "status",
                "kg:nameStatus",
                "what the form is",
                "name-as-printed",
                Reference(("concept",), scheme="name-statuses"),
                required=True,
            ),
            *_attested(),
            Single(
                "part",
                "kg:part",
                "where in the passages it stands",
                "gazette-p2-name",
                Reference(("selector",)),
                many=True,
            ),
            *_linked("name"),
            *care(),
        ),
        "sources/{source}/names.ttl",
        {"name": "skosxl:Label"},
    )


def _concepts(languages: Sequence[str]) -> Sheet:
    return Sheet(
        "concepts",
        "words of the collection's schemes: populations, kinds of event, roles and so on",
        (f"{SKOS}Concept",),
        ("concept",),
        (
            Single(
                "scheme",
                "skos:inScheme",
                "scheme that it is in",
                "populations",
                Reference(("concept",)),
                required=True,
                many=True,
            ),
            *_labels(languages, "dockers", "skos:definition"),
        ),
        "/ontology/vocab/{scheme}.ttl",
        {"concept": "skos:Concept"},
    )
