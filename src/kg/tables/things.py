"""The tables of what claims are about: events, people, places, photographs and works."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kg.names import CLASSES, SCHEMA
from kg.record import Record
from kg.tables.columns import EDTF, Column, Table, labelled, links
from kg.tables.groups import BOUNDS, CARE, NAMED, NAMES, forms
from kg.triples import Resource


def _types(record: Record, work: Resource) -> list[str]:
    return [iri for iri in CLASSES["works"] if record.is_a(work, iri)]


EVENTS: Final = Table(
    "events",
    "events as the project keeps them apart; dates, places and wider events where no recorded claim disputes them",
    (
        *NAMED,
        *labelled(links("kinds", "schema:additionalType", "kinds of event"), "kind_labels"),
        *BOUNDS,
        *labelled(links("places", "schema:location", "where it took place", "places"), "place_labels"),
        *labelled(links("wider", "schema:superEvent", "events that it is part of", "events")),
        *labelled(links("narrower", "^schema:superEvent", "events that are part of it", "events", only=True)),
        *CARE,
    ),
)

PEOPLE: Final = Table(
    "people",
    "people named as authors, speakers and commenters, or shown and spoken of; mind their sensitivity",
    (
        *NAMED,
        *labelled(
            links("roles", "kg:role|prov:wasDerivedFrom/kg:role", "roles in which sources show them"),
            "role_labels",
        ),
        *labelled(
            links("occupations", "schema:hasOccupation", "work, where no claim disputes it"),
            "occupation_labels",
        ),
        Column("death_date", "schema:deathDate", "day of death, where no claim disputes it", "date"),
        *NAMES,
        links(
            "observations", "prov:wasDerivedFrom", "the person as single sources show them, put together here"
        ),
        links("passages", "kg:passage", "passages that attest the person directly", "passages"),
        links(
            "photographs",
            "^kg:depicts|prov:wasDerivedFrom/^kg:depicts",
            "photographs that show the person",
            "photographs",
            only=True,
        ),
        *CARE,
    ),
)

PLACES: Final = Table(
    "places",
    "places; photographs that show one are kept apart from those that only mention it",
    (
        *NAMED,
        *NAMES,
        Column(
            "latitude", "geo:lat", "degrees north (WGS 84), empty where no authority gives a point", "decimal"
        ),
        Column("longitude", "geo:long", "degrees east (WGS 84)", "decimal"),
        links("exact_matches", "skos:exactMatch", "the same place in other authorities"),
        links("close_matches", "skos:closeMatch", "much the same place in other authorities"),
        links("events", "^schema:location", "events that took place there", "events", only=True),
        links(
            "photographs_showing",
            "^schema:contentLocation|^kg:depicts",
            "photographs that show it",
            "photographs",
            only=True,
        ),
        links(
            "photographs_mentioning",
            "^kg:mentions",
            "photographs whose caption only names it",
            "photographs",
            only=True,
        ),
        *CARE,
    ),
)

PHOTOGRAPHS: Final = Table(
    "photographs",
    "photographs, metadata only: date line, day shown, place shown and places mentioned are four things",
    (
        *NAMED,
        Column("position", "schema:position", "position in the document, from 1", "integer"),
        *labelled(links("documents", "schema:isPartOf", "documents that it is part of"), "document_labels"),
        links("captions", "^kg:captionOf", "captions"),
        Column(
            "dateline", "kg:dateline", "day printed at the head of the caption, not the day shown", "date"
        ),
        *(
            replace(each, name=f"depicted_{each.name}", about=f"{each.about}: of what is shown")
            for each in BOUNDS
        ),
        *labelled(links("shows", "kg:depicts", "what it shows"), "show_labels"),
        *labelled(
            links("places_shown", "schema:contentLocation", "place that it shows", "places"),
            "place_shown_labels",
        ),
        *labelled(
            links(
                "places_mentioned", "kg:mentions", "places that the caption only names", "places", only=True
            ),
            "place_mentioned_labels",
        ),
        *labelled(
            links("mentions", "kg:mentions", "all that the caption only names, places among it"),
            "mention_labels",
        ),
        Column("credit", "schema:creditText", "credit as printed", many=True),
        *labelled(
            links("agencies", "kg:creditedAgency", "agency that the credit stands for"), "agency_labels"
        ),
        *labelled(links("archives", "schema:holdingArchive", "who holds it"), "archive_labels"),
        Column("rights", "dcterms:rights", "rights statement", "anyURI"),
        *CARE,
    ),
    order=("documents", "position"),
)

WORKS: Final = Table(
    "works",
    "books, articles, web pages and comments: the documents of the collection, and the works that they name",
    (
        *NAMED,
        Column(
            "types",
            "rdf:type",
            "local names of its classes at schema.org, as `Book`",
            make=_types,
            many=True,
            required=True,
            namespace=SCHEMA,
        ),
        *forms(
            "titles", "title_languages", "skos:prefLabel|skos:altLabel|skos:hiddenLabel", "titles as printed"
        ),
        *labelled(
            links("authors", "schema:author", "authors, where no claim disputes them"), "author_labels"
        ),
        *labelled(
            links("publishers", "schema:publisher|dcterms:publisher", "publishers"), "publisher_labels"
        ),
        Column("date_published", "schema:datePublished", "date of publication in EDTF", EDTF),
        Column("pages", "schema:numberOfPages", "number of pages", "integer"),
        Column(
            "isbn", "schema:isbn", "ISBN: as printed, and the one of 13 digits derived from it", many=True
        ),
        Column("languages", "schema:inLanguage", "languages (BCP 47)", many=True),
        links("urls", "schema:url", "addresses"),
        *labelled(links("documents", "schema:isPartOf", "documents that it is part of"), "document_labels"),
        Column("position", "schema:position", "position in the document", "integer"),
        Column("rights", "dcterms:rights", "rights statement", "anyURI"),
        *CARE,
    ),
)
