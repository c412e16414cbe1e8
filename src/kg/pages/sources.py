"""Sources: publications and their parts, the versions of their texts, and passages: a table of contents of the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from stdnum import isbn

from kg.names import KG, SCHEMA
from kg.pages.lookups import Listed, Lookups
from kg.pages.names import Form, forms, start
from kg.pages.pictures import rights
from kg.pages.said import Said, Statement, Telling, statements
from kg.pages.terms import Shown
from kg.rows import IRI
from kg.views import Claim

PASSAGES: Final = 200
"""How many passages of a text a page lists."""
CLAIMS: Final = 300
"""How many claims it lists with them; where there are more, each passage says how many it bears."""
_KNOWN: Final = "BibliographicClaim"
_FACTS: Final = {
    "schema:author": "Author",
    "schema:publisher": "Publisher",
    "dcterms:publisher": "Published by",
    "schema:datePublished": "Published",
    "schema:numberOfPages": "Pages",
    "schema:inLanguage": "Language",
    "schema:url": "Address",
}
"""What a page says first of a work, where the release states it plainly."""
_ORDER: Final = (
    *(KG + "title", SCHEMA + "author", SCHEMA + "publisher", KG + "placeOfPublication"),
    *(SCHEMA + name for name in ("datePublished", "numberOfPages", "inLanguage", "isbn")),
)
"""The parts of a bibliographic statement in the order of a catalogue; others follow."""


@dataclass(frozen=True, slots=True)
class Isbn:
    """An ISBN as printed, and whether its check digit fits."""

    number: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """What the release states plainly of a work."""

    title: str
    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a text: its name, its length in characters, digests, and how it was normalised."""

    text: Shown
    slug: str
    length: int
    digest: str
    captured: str
    normalisation: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage in the table of contents: where it stands, in which part, how many claims rest on it, and those that are listed."""

    passage: Shown
    start: int
    end: int
    part: Shown | None
    number: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice, and how many of the claims looked at are its."""

    voice: Shown
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What the page of a publication, a source or a part of one shows."""

    template: str = "publication.html"
    names: tuple[Form, ...]
    facts: tuple[Fact, ...]
    whole: tuple[Shown, ...]
    picture: tuple[Shown, ...]
    rights: tuple[Shown, ...]
    isbns: tuple[Isbn, ...]
    statement: tuple[Statement, ...]
    said: Said
    linked: Said
    anomalies: Listed[Shown]
    editions: tuple[Edition, ...]
    parts: Listed[Shown]
    entries: Listed[Entry]
    heard: tuple[Heard, ...]
    resting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the page of a passage shows: its words only where whoever runs the server shows those of a copy, folded up where a claim on it is veiled."""

    template: str = "passage.html"
    part: tuple[Shown, ...]
    text: tuple[Shown, ...]
    start: int
    end: int
    length: int
    digest: str
    previous: Shown | None
    next: Shown | None
    claims: Listed[Claim]
    names: tuple[Shown, ...]
    people: tuple[Shown, ...]
    anomalies: tuple[Shown, ...]
    words: str
    hidden: bool

    @property
    def heading(self) -> str:
        """What stands over the page: a passage has no label."""
        whole = next((each.text for each in (*self.part, *self.text)), "Passage")
        return f"{whole}, characters {self.start} to {self.end}"


def publication(look: Lookups) -> Publication:
    """Give what the page of the publication, the source or the part of one shows."""
    own, iri = look.own(), look.iri
    texts = look.having("kg:versionOf", iri).items
    passages = _joined(
        [
            look.having("kg:standsIn", iri, PASSAGES),
            *(look.having("oa:hasSource", text, PASSAGES) for text in texts),
        ]
    )
    entries, claims = _entries(look, passages)
    parts = look.having("schema:isPartOf", iri)
    statement = [claim for claim in own if claim.kind == _KNOWN]
    telling = Telling(look.archive.label)
    return Publication(
        names=forms(look, iri),
        facts=tuple(
            Fact(title, values) for name, title in _FACTS.items() if (values := look.values(iri, name))
        ),
        whole=look.values(iri, "schema:isPartOf"),
        picture=look.values(iri, "kg:captionOf"),
        rights=rights(look),
        isbns=tuple(_isbns(claim for claim in statement if claim.predicate == SCHEMA + "isbn")),
        statement=statements(sorted(statement, key=_place)),
        said=telling.of(claim for claim in own if claim.kind != _KNOWN),
        linked=telling.of(look.claims("rdf:object", iri).items),
        anomalies=_anomalies(look, iri, passages.items),
        editions=tuple(_edition(look, text) for text in texts),
        parts=parts.having(look.showing(parts.items)),
        entries=entries,
        heard=_heard(look, claims),
        resting=sum(entry.number for entry in entries.items),
    )


def text(look: Lookups) -> Publication:
    """Give what the page of a text version shows: the same, of the one text."""
    passages = look.having("oa:hasSource", look.iri, PASSAGES)
    entries, claims = _entries(look, passages)
    return Publication(
        names=(),
        facts=(),
        whole=look.values(look.iri, "kg:versionOf"),
        picture=(),
        rights=(),
        isbns=(),
        statement=(),
        said=Telling(look.archive.label).of(look.own()),
        linked=Said(),
        anomalies=_anomalies(look, look.iri, passages.items),
        editions=(_edition(look, look.iri),),
        parts=Listed(),
        entries=entries,
        heard=_heard(look, claims),
        resting=sum(entry.number for entry in entries.items),
    )


def passage(look: Lookups) -> Passage:
    """Give what the page of the passage shows."""
    iri = look.iri
    texts = look.iris(iri, "oa:hasSource")
    parts = look.iris(iri, "kg:standsIn")
    whole = look.having("oa:hasSource", texts[0], 1_000).items if texts else ()
    order = sorted(whole, key=lambda each: (start(look, each), each))
    at = order.index(iri) if iri in order else -1
    claims = look.claims("kg:passage", iri)
    resting = look.having("kg:passage", iri).items
    return Passage(
        words=look.words.get(iri, ""),
        hidden=any(claim.veiled for claim in claims.items),
        part=look.showing(parts),
        text=look.showing(texts),
        start=start(look, iri),
        end=_end(look, iri),
        length=look.number(texts[0], "kg:length") if texts else 0,
        digest=look.text(iri, "kg:digest"),
        previous=look.shown(order[at - 1]) if at > 0 else None,
        next=look.shown(order[at + 1]) if 0 <= at < len(order) - 1 else None,
        claims=claims,
        names=look.showing(_among(look, resting, "name")),
        people=look.showing(look.having("prov:hadPrimarySource", iri).items),
        anomalies=look.showing(_among(look, resting, "anomaly")),
    )


def _entries(look: Lookups, passages: Listed[str]) -> tuple[Listed[Entry], list[Claim]]:
    """Give *passages* in the order of their text, with the claims that rest on them where those are not too many."""
    resting = {iri: _among(look, look.having("kg:passage", iri).items, "claim") for iri in passages.items}
    wanted = [claim for claims in resting.values() for claim in claims]
    claims = look.archive.recorded(wanted[:1_000])
    told = {claim.iri: claim for claim in claims}
    few = len(wanted) <= CLAIMS
    parts = {iri: next(iter(look.iris(iri, "kg:standsIn")), "") for iri in passages.items}
    terms = look.terms([*passages.items, *filter(None, parts.values())])
    entries = [
        Entry(
            terms.iri(iri),
            start(look, iri),
            _end(look, iri),
            terms.iri(parts[iri]) if parts[iri] and parts[iri] != look.iri else None,
            len(resting[iri]),
            tuple(told[IRI(each)] for each in resting[iri] if few and each in told),
        )
        for iri in passages.items
    ]
    entries.sort(key=lambda entry: (entry.start, entry.passage.href))
    return passages.having(entries), claims


def _place(claim: Claim) -> tuple[int, str, str]:
    """Give the place of a bibliographic claim in the statement."""
    number = _ORDER.index(claim.predicate) if claim.predicate in _ORDER else len(_ORDER)
    return number, claim.predicate, claim.iri


def _among(look: Lookups, iris: Iterable[str], kind: str) -> list[str]:
    """Give those of *iris* that are named as one of *kind*."""
    return [iri for iri in iris if (named := look.archive.base.split(iri)) and named[0] == kind]


def _joined(lists: list[Listed[str]]) -> Listed[str]:
    found = tuple(dict.fromkeys(iri for each in lists for iri in each.items))
    href = next((each.href for each in lists if each.href), "")
    return Listed(found, sum(each.left for each in lists), any(each.open for each in lists), href)


def _end(look: Lookups, passage: str) -> int:
    return next((look.number(each, "oa:end") for each in look.iris(passage, "oa:hasSelector")), 0)


def _edition(look: Lookups, iri: str) -> Edition:
    named = look.archive.base.split(iri)
    return Edition(
        look.shown(iri),
        named[1] if named else iri,
        look.number(iri, "kg:length"),
        look.text(iri, "kg:textDigest"),
        look.text(iri, "kg:capturedDigest"),
        look.values(iri, "kg:normalisation"),
    )


def _anomalies(look: Lookups, iri: str, passages: Iterable[str]) -> Listed[Shown]:
    """Give what a reader should know of the work, of its text or of its passages."""
    found = dict.fromkeys(look.having("kg:anomalyOf", iri).items)
    for each in passages:
        found |= dict.fromkeys(_among(look, look.having("kg:passage", each).items, "anomaly"))
    href = look.question("anomalies")
    return Listed(look.showing(list(found)[:PASSAGES]), max(0, len(found) - PASSAGES), href=href)


def _isbns(claims: Iterable[Claim]) -> Iterable[Isbn]:
    numbers = dict.fromkeys(str(claim.object) for claim in claims)
    return (Isbn(number, isbn.is_valid(number)) for number in numbers)


def _heard(look: Lookups, claims: Iterable[Claim]) -> tuple[Heard, ...]:
    numbers = Counter(str(claim.claimant) for claim in claims)
    terms = look.terms(numbers)
    found = [Heard(terms.iri(iri), number) for iri, number in numbers.items()]
    return tuple(sorted(found, key=lambda heard: (-heard.number, heard.voice.text)))
