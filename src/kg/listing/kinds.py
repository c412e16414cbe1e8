"""The lists of the profile ``attest``: events, people, places, photographs, works, sources and claims."""

from __future__ import annotations

from typing import Final

from kg.listing.facets import DATED, Column, Facet, Kind
from kg.names import CLASSES, KG

_PLACE: Final = CLASSES["places"]
_EVENT: Final = CLASSES["events"]
_SENSITIVITY: Final = Facet(name="sensitivity", title="To mind before showing it", path="kg:sensitivity")
_CARE: Final = Column("sensitivity", "kg:sensitivity", "what to mind before showing it", labels=True)


def _pair(
    name: str, labels: str, path: str, about: str, kinds: tuple[str, ...] = ()
) -> tuple[Column, Column]:
    """Give a column of IRIs, and one of what they are called, which the page shows."""
    said = Column(labels, path, f"what each of `{name}` is called", labels=True, shown=True, kinds=kinds)
    return Column(name, path, about, kinds=kinds), said


def _days(prefix: str, title: str, path: str) -> tuple[Facet, ...]:
    return tuple(
        Facet(name=f"{prefix}{unit}", title=f"{title}: {unit}", path=path, cut=cut)
        for unit, cut in (("year", 4), ("month", 7), ("day", 10))
    )


EVENTS: Final = Kind(
    name="events",
    title="Events",
    classes=_EVENT,
    facets=(
        Facet(name="kind", title="Kind", path="schema:additionalType"),
        Facet(name="place", title="Place, and what lies in it", path="schema:location", wide=True),
        *_days("", "First day on which it can have begun", "kg:earliestStart"),
        Facet(name="wider", title="Part of", path="schema:superEvent"),
        _SENSITIVITY,
    ),
    columns=(
        Column("date", "kg:edtf", "date in EDTF, where no claim disputes it", shown=True),
        Column("earliest_start", "kg:earliestStart", "first day on which it can have begun"),
        Column("latest_end", "kg:latestEnd", "last day on which it can have ended"),
        *_pair("kinds", "kind_labels", "schema:additionalType", "kinds of event"),
        *_pair("places", "place_labels", "schema:location", "where it took place", _PLACE),
        *_pair("wider", "wider_labels", "schema:superEvent", "events that it is part of"),
        _CARE,
    ),
    date=("kg:earliestStart", "kg:latestStart", "kg:earliestEnd", "kg:latestEnd"),
)

_ROLES: Final = "kg:role|prov:wasDerivedFrom/kg:role"
_SHOWN_IN: Final = "^kg:depicts|prov:wasDerivedFrom/^kg:depicts"

PEOPLE: Final = Kind(
    name="people",
    title="People",
    classes=CLASSES["people"],
    facets=(
        Facet(name="role", title="Role", path=_ROLES),
        Facet(name="occupation", title="Occupation", path="schema:hasOccupation"),
        Facet(name="pictured", title="Shown in a photograph", path=_SHOWN_IN, kinds=CLASSES["photographs"], present=True),
        Facet(name="place", title="In a photograph of", path="^kg:depicts/schema:contentLocation|prov:wasDerivedFrom/^kg:depicts/schema:contentLocation", wide=True),
        _SENSITIVITY,
    ),
    columns=(
        *_pair("roles", "role_labels", _ROLES, "roles in which sources show them"),
        *_pair("occupations", "occupation_labels", "schema:hasOccupation", "work, where no claim disputes it"),
        *_pair("photographs", "photograph_labels", _SHOWN_IN, "photographs that show the person", CLASSES["photographs"]),
        _CARE,
    ),
)  # fmt: skip

UNNAMED: Final = Kind(
    name="people/unnamed",
    title="People shown or spoken of, and not named",
    classes=("https://personsincontext.org/model#PersonObservation",),
    lacking="^prov:wasDerivedFrom",
    facets=(
        Facet(name="role", title="Role", path="kg:role"),
        Facet(name="place", title="In a photograph of", path="^kg:depicts/schema:contentLocation", wide=True),
        *_days("", "Date line of the photograph", "^kg:depicts/kg:dateline")[2:],
        _SENSITIVITY,
    ),
    columns=(
        *_pair("roles", "role_labels", "kg:role", "roles in which the source shows them"),
        *_pair(
            "photographs",
            "photograph_labels",
            "^kg:depicts",
            "photographs that show them",
            CLASSES["photographs"],
        ),
        Column("passages", "prov:hadPrimarySource", "passages that speak of them"),
        _CARE,
    ),
)

PLACES: Final = Kind(
    name="places",
    title="Places",
    classes=_PLACE,
    facets=(
        Facet(name="kind", title="Kind", path="schema:additionalType"),
        Facet(name="within", title="Lies in, by what sources say", path="kg:within", wide=True),
        Facet(name="point", title="Has coordinates", path="geo:lat", present=True),
        Facet(name="pictured", title="Shown in a photograph", path="^schema:contentLocation|^kg:depicts", kinds=CLASSES["photographs"], present=True),
        Facet(name="eventful", title="Place of an event", path="^schema:location", kinds=_EVENT, present=True),
    ),
    columns=(
        Column("names", "skos:prefLabel|skos:altLabel", "forms of its name as sources print them", shown=True),
        Column("latitude", "geo:lat", "degrees north (WGS 84), empty where no authority gives a point"),
        Column("longitude", "geo:long", "degrees east (WGS 84)"),
        Column("exact_matches", "skos:exactMatch", "the same place in other authorities"),
        Column("events", "^schema:location", "events that took place there", kinds=_EVENT),
        Column("photographs", "^schema:contentLocation|^kg:depicts", "photographs that show it", kinds=CLASSES["photographs"]),
        _CARE,
    ),
)  # fmt: skip

_SHOWN: Final = "schema:contentLocation|kg:depicts"

PHOTOGRAPHS: Final = Kind(
    name="photographs",
    title="Photographs",
    classes=CLASSES["photographs"],
    facets=(
        Facet(name="shows", title="Shows a place, or what lies in it", path=_SHOWN, kinds=_PLACE, wide=True),
        Facet(name="event", title="Shows an event", path="kg:depicts", kinds=_EVENT),
        Facet(name="mentions", title="Caption only mentions the place", path="kg:mentions", kinds=_PLACE),
        *_days("dateline-", "Date line", "kg:dateline")[1:],
        *_days("depicted-", "First day that it can show", "kg:earliestStart")[2:],
        Facet(name="agency", title="Agency", path="kg:creditedAgency"),
        Facet(name="archive", title="Archive", path="schema:holdingArchive"),
        _SENSITIVITY,
    ),
    columns=(
        Column("position", "schema:position", "position in the document, from 1"),
        Column(
            "dateline", "kg:dateline", "day printed at the head of the caption, not the day shown", shown=True
        ),
        Column("depicted", "kg:edtf", "date of what it shows in EDTF, where the caption says so"),
        *_pair("places_shown", "place_shown_labels", _SHOWN, "places that it shows", _PLACE),
        Column("events_shown", "kg:depicts", "events that it shows", kinds=_EVENT),
        Column(
            "event_shown_labels",
            "kg:depicts",
            "what each of `events_shown` is called",
            labels=True,
            kinds=_EVENT,
        ),
        Column("places_mentioned", "kg:mentions", "places that the caption only names", kinds=_PLACE),
        Column("credit", "schema:creditText", "credit as printed", shown=True),
        Column("agencies", "kg:creditedAgency", "agency that the credit stands for"),
        Column("agency_labels", "kg:creditedAgency", "what each of `agencies` is called", labels=True),
        Column("archives", "schema:holdingArchive", "who holds it"),
        Column("archive_labels", "schema:holdingArchive", "what each of `archives` is called", labels=True),
        Column("documents", "schema:isPartOf", "documents that it is part of"),
        Column("rights", "dcterms:rights", "rights statement"),
        _CARE,
    ),
    date=("kg:dateline",),
)

_AUTHORS: Final = _pair("authors", "author_labels", "schema:author", "authors, where no claim disputes them")
_PUBLISHERS: Final = _pair(
    "publishers", "publisher_labels", "schema:publisher|dcterms:publisher", "publishers"
)

WORKS: Final = Kind(
    name="works",
    title="Publications, pages and comments",
    classes=CLASSES["works"],
    facets=(
        Facet(name="type", title="Type", path="rdf:type", only=CLASSES["works"]),
        Facet(name="author", title="Author", path="schema:author"),
        Facet(name="publisher", title="Publisher", path="schema:publisher|dcterms:publisher"),
        Facet(name="language", title="Language", path="schema:inLanguage"),
        Facet(name="year", title="Year of publication", path="schema:datePublished", cut=4),
    ),
    columns=(
        Column("types", "rdf:type", "its classes"),
        *_AUTHORS,
        *_PUBLISHERS,
        Column("date_published", "schema:datePublished", "date of publication in EDTF", shown=True),
        Column("languages", "schema:inLanguage", "languages (BCP 47)"),
        Column("isbn", "schema:isbn", "ISBN as printed, and the one of 13 digits derived from it"),
        Column("urls", "schema:url", "addresses"),
        Column("rights", "dcterms:rights", "rights statement"),
        _CARE,
    ),
    date=("schema:datePublished",),
)

SOURCES: Final = Kind(
    name="sources",
    title="Sources",
    having="^kg:versionOf",
    facets=(
        Facet(name="type", title="Type", path="rdf:type"),
        Facet(name="publisher", title="Publisher", path="schema:publisher|dcterms:publisher"),
        Facet(name="language", title="Language", path="schema:inLanguage"),
    ),
    columns=(
        Column("types", "rdf:type", "its classes"),
        *_PUBLISHERS,
        Column("texts", "^kg:versionOf", "versions of its text that are recorded"),
        Column("urls", "schema:url", "addresses", shown=True),
        Column("rights", "dcterms:rights", "rights statement"),
    ),
)

_VOICES: Final = "kg:claimant|kg:relay/kg:agent"

CLAIMS: Final = Kind(
    name="claims",
    title="Claims",
    classes=CLASSES["claims"],
    facets=(
        Facet(name="kind", title="Kind", path="rdf:type", without=(KG + "Claim", KG + "DerivedClaim")),
        Facet(name="measure", title="Says", path="rdf:predicate"),
        Facet(name="about", title="About the event", path="rdf:subject", kinds=_EVENT),
        Facet(name="claimant", title="Speaker", path="kg:claimant"),
        Facet(name="voice", title="Speaker, or who passed it on", path=_VOICES),
        Facet(name=DATED, title="Last day on which it can have been said", path="kg:asOfLatest", cut=10),
        Facet(name="comparator", title="Figure is", path="kg:comparator"),
        Facet(name="polarity", title="Asserted or denied", path="kg:polarity"),
        Facet(name="status", title="Status", path="kg:status"),
        Facet(name="derived", title="Derived by the project", path="rdf:type", only=(KG + "DerivedClaim",), present=True),
        _SENSITIVITY,
    ),
    columns=(
        Column("as_of", "kg:asOfLatest", "last day on which it can have been said", shown=True),
        Column("kinds", "rdf:type", "its classes"),
        Column("subject", "rdf:subject", "what it is about"),
        Column("subject_label", "rdf:subject", "what `subject` is called", labels=True),
        Column("predicate", "rdf:predicate", "the property that it gives a value of"),
        Column("object", "rdf:object", "the value as the source gives it"),
        Column("comparator", "kg:comparator", "how the amount is meant: as printed, at least, about"),
        Column("amount", "kg:amount", "the number printed"),
        Column("lower_bound", "kg:lowerBound", "lower end, empty where the source gives none"),
        Column("upper_bound", "kg:upperBound", "upper end, empty where the source gives none"),
        Column("polarity", "kg:polarity", "whether the source asserts or denies it"),
        *_pair("claimant", "claimant_label", "kg:claimant", "who says it"),
        Column("voices", _VOICES, "the speaker and who passed it on, in no order"),
        Column("voice_labels", _VOICES, "what each of `voices` is called", labels=True),
        Column("passages", "kg:passage", "where it stands"),
        Column("status", "kg:status", "whether it is recorded as the source says it"),
        _CARE,
    ),
    date=("kg:asOfLatest",),
    by_date=True,
)  # fmt: skip

KINDS: Final = (EVENTS, PEOPLE, UNNAMED, PLACES, PHOTOGRAPHS, WORKS, SOURCES, CLAIMS)
"""All of them, in the order in which they are offered."""
