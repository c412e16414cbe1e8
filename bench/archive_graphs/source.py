"""One source of an archive and the entities that it is the first to speak of: its records, in an order in which nothing is named before it is described."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from archive_graphs import claims, things
from archive_graphs.claims import Said, Saying
from archive_graphs.terms import Record, described, integer, text
from archive_graphs.terms import date as date_of

AGENCIES: Final = tuple(f"agency-{number}" for number in range(1, 5))
EVENTS: Final = 3
"""Events that each source is the first to speak of."""

_FIRST_DAY: Final = date(1988, 2, 1)
_DAYS: Final = 1400
_SYLLABLES: Final = ("ba", "ku", "lo", "ve", "mor", "a", "ri", "tan", "es", "ke", "nu", "shi", "ga", "dor")
_EVENT_KINDS: Final = tuple(
    f"concept:{name}" for name in ("gathering", "departure", "evacuation", "demonstration")
)
_RELATIONS: Final = ("kg:within", "kg:near", "kg:hasParticipantsFrom")
_SPOKEN: Final = (
    *("Quantity",) * 6,
    *("Relation",) * 4,
    *("Date",) * 3,
    *("Naming",) * 2,
    *("Identity", "Characterisation", "Responsibility", "Motive", "Causal", "Epistemic", "Route"),
)


def shared() -> Record:
    """Give who is spoken of in every source: the project and the agencies."""
    agencies = (things.organisation(slug, f"News {slug.replace('-', ' ')}") for slug in AGENCIES)
    return [
        *things.organisation("attest", "The record keeper"),
        *(line for each in agencies for line in each),
    ]


class Source:
    """The source number *at* (from 1) of the archive of *seed*, with the resources that its claims speak of."""

    def __init__(self, at: int, seed: int) -> None:
        self.at = at
        self.slug = f"made-{at}"
        self.graph = f"source/{self.slug}"
        self.random = Random(f"{seed}/{at}")  # noqa: S311 - nothing secret
        self.page, self.paper = f"source:{self.slug}", f"org:paper-{at}"
        self.texts = (f"text:{self.slug}-1", f"text:{self.slug}-2")
        self.extraction, self.derivation = f"activity:extraction-{at}", f"activity:derivation-{at}"
        self.place, self.person, self.work = f"place:place-{at}", f"person:person-{at}", f"work:work-{at}"
        self.events = tuple(f"event:event-{EVENTS * (at - 1) + number}" for number in range(1, EVENTS + 1))
        self.observed, self.actor = f"obs:{self.slug}-1", f"actor:{self.slug}"
        self.cited, self.name = f"citation:{self.slug}", f"name:{self.slug}-place"
        self.claim = f"claim:{self.slug}-event-1"
        self._links: set[int] = set()
        self._length = 0
        self._paper = ""
        self._routes = self._names = 0

    def records(self) -> Iterator[Record]:
        """Give everything, what is spoken of before what is said of it."""
        spans = self._spans()
        yield from self._document()
        yield self._passage(0, spans[0])
        yield from self._spoken_of()
        yield from self._own_claims(spans[0])
        for number, span in enumerate(spans[1:], 1):
            yield self._passage(number, span)
            for which in range(1, self.random.randrange(2, 6)):
                yield from self._claim(f"{self.slug}-s{number}-{which}", number, span)
        yield from self._photographs(spans[0])
        yield from self._conclusions()

    def _spans(self) -> list[tuple[int, int]]:
        """Give where the passages stand in the text."""
        spans = []
        for _ in range(self.random.randrange(6, 12)):
            start, self._length = self._length + 1, self._length + self.random.randrange(90, 300)
            spans.append((start, self._length))
        return spans

    def _document(self) -> Iterator[Record]:
        at, graph = self.at, self.graph
        self._paper = f"Paper {at} of {self._word()}"
        yield things.organisation(f"paper-{at}", self._paper)
        yield things.page(self.slug, f"Made page {at}", self.paper, graph)
        for number, name in enumerate(("first", "second"), 1):
            slug = f"{self.slug}-{number}"
            yield things.text_version(
                slug, f"Text of page {at}, {name} version", self.page, self._length, graph
            )
        yield things.activity(f"extraction-{at}", f"Extraction of page {at}", self.texts[0], graph)
        yield things.activity(f"derivation-{at}", f"Conclusions from page {at}", self.texts[0], "editorial")

    def _passage(self, number: int, span: tuple[int, int]) -> Record:
        return things.passage(f"{self.slug}-s{number}", self.texts[0], self.page, span, self.graph)

    def _spoken_of(self) -> Iterator[Record]:
        at, graph, where = self.at, self.graph, self.passage()
        label = f"{self._word()} {at}"
        latitude, longitude = (_decimal(self.random.randrange(low, high)) for low, high in _BOX)
        yield [
            *things.name(f"{self.slug}-place", label, where, graph),
            *things.place(f"place-{at}", label, latitude, longitude, self.name),
        ]
        full = f"{self._word()} {self._word()} {at}"
        yield [
            *things.observation(f"{self.slug}-1", f"{full}, as page {at} shows them", where, graph),
            *things.person(f"person-{at}", full, self.observed),
        ]
        yield things.group(self.slug, f"people of whom page {at} speaks", where, graph)
        yield things.actor(self.slug, f"those who are said to act on page {at}", where, graph)
        yield things.voice(self.slug, f"a speaker whom page {at} does not name", where, graph)
        yield things.book(f"work-{at}", f"Book {at} on {self._word()}")
        yield things.citation(self.slug, self.work, self.day(), graph)
        for iri in self.events:
            number = iri.rpartition("-")[2]
            label = f"Gathering {number} at {self._word()}"
            yield things.event(iri.partition(":")[2], label, self.random.choice(_EVENT_KINDS))

    def _own_claims(self, span: tuple[int, int]) -> Iterator[Record]:
        """Say where and when the events were, as nobody disputes, so that the build publishes it."""
        first = self.events[0]
        for number, event in enumerate(self.events, 1):
            day = self._date()
            end = day + timedelta(self.random.randrange(3))
            said = [Said("Relation", event, "schema:location", self.one_of("place"))]
            said.append(claims.dated(event, day.isoformat(), end.isoformat()))
            if event != first:
                said.append(Said("Relation", event, "schema:superEvent", first))
            for which, each in enumerate(said):
                slug = f"{self.slug}-event-{number}" + (f"-{which}" if which else "")
                yield [*self._said(slug, each, 0, span), *claims.published(each)]
        author = Said("Bibliographic", self.work, "schema:author", self.person)
        yield [*self._said(f"{self.slug}-author", author, 0, span), *claims.published(author)]

    def _claim(self, slug: str, passage: int, span: tuple[int, int]) -> Iterator[Record]:
        """Give a claim, after what only it speaks of."""
        kind = self.random.choice(_SPOKEN)
        if kind == "Route":
            self._routes += 1
            route = f"{self.slug}-{self._routes}"
            ends = self.one_of("place"), self.place
            yield things.route(route, f"way {route}", ends, self.passage(passage), self.graph)
            yield self._said(slug, Said(kind, self.events[0], "kg:route", f"route:{route}"), passage, span)
        elif kind in ("Naming", "Characterisation"):
            self._names += 1
            name = f"{self.slug}-{self._names}"
            yield things.name(name, self._word(), self.passage(passage), self.graph)
            predicate = "kg:isCalled" if kind == "Naming" else "kg:characterisedAs"
            yield self._said(slug, Said(kind, self.one_of("event"), predicate, f"name:{name}"), passage, span)
        else:
            yield self._said(slug, self._plain(kind), passage, span)

    def _plain(self, kind: str) -> Said:
        """Give a claim that speaks of nothing of its own."""
        event, choice = self.one_of("event"), self.random.choice
        subject, predicate, value = event, "kg:withoutFigureFor", "concept:records-of-the-dead"
        match kind:
            case "Quantity":
                return self._figure(event)
            case "Relation":
                predicate, value = choice(_RELATIONS), self.one_of("place")
            case "Date":
                predicate, value = "kg:ongoingOn", date_of(self.day())
            case "Identity":
                subject, predicate, value = self.observed, "kg:identifiedAs", self.one_of("person")
            case "Responsibility":
                predicate, value = "kg:attributedTo", self.actor
            case "Motive":
                subject, predicate, value = self.actor, "kg:aimToEnd", event
            case "Causal":
                predicate, value = "kg:causedBy", self.one_of("event")
        return Said(kind, subject, predicate, value)

    def _figure(self, event: str) -> Said:
        """Give a figure that is said of *event*."""
        scope = ("kg:populationScope", "concept:population-people")
        if self.random.random() < 0.3:
            scope = ("kg:placeScope", self.one_of("place"))
        measure, comparator = self.random.choice(claims.MEASURES), self.random.choice(claims.COMPARATORS)
        return claims.quantity(event, measure, comparator, self.random.randrange(1, 3000), scope)

    def _said(self, slug: str, said: Said, passage: int, span: tuple[int, int]) -> Record:
        """Give the claim, perhaps relayed, with the links of relay that the build adds to it."""
        agency = f"org:{self.random.choice(AGENCIES)}"
        claimant, relayed = agency, self.random.random() < 0.2
        record: Record = []
        agents = [self.paper]
        saying = Saying(claimant, self.extraction, self.day(), self.random.choice(claims.BASES))
        if relayed:
            link = f"{slug}-1"
            record += things.relay(link, agency, 1, self.graph)
            agents.append(agency)
            saying = Saying(
                f"voice:{self.slug}", self.extraction, saying.day, "kg:inferred", relay=f"relay:{link}"
            )
        length = span[1] - span[0]
        start = self.random.randrange(length // 2)
        record += claims.on_passage(
            slug, said, saying, self.graph, f"{self.slug}-s{passage}", (start, start + 4)
        )
        return [*record, *self._relayed(f"claim:{slug}", agents)]

    def _relayed(self, claim: str, agents: list[str]) -> Record:
        """Give what the build publishes of the relay of *claim*: the paper is the last link."""
        position = len(agents)
        link = f"relay:paper-{self.at}-{position}"
        record = described(claim, "published", ("kg:relay", link), *(("kg:relayedBy", a) for a in agents))
        if position not in self._links:
            self._links.add(position)
            label = f"{self._paper}, link {position} of relay"
            record += described(
                link,
                "published",
                ("rdf:type", "kg:Relay"),
                ("kg:agent", self.paper),
                ("kg:position", integer(position)),
                ("rdfs:label", text(label)),
            )
        return record

    def _photographs(self, span: tuple[int, int]) -> Iterator[Record]:
        for number in range(1, self.random.randrange(3, 6)):
            slug = f"{self.slug}-{number}"
            photo = f"photo:{slug}"
            agency = f"org:{self.random.choice(AGENCIES)}"
            label = f"Photograph {number} of page {self.at}"
            yield things.photograph(slug, label, self.page, number, self.day(), agency)
            yield things.caption(slug, f"Caption of photograph {number} of page {self.at}", photo, self.graph)
            said = Said("Depiction", photo, "kg:depicts", self.random.choice(self.events))
            yield [*self._said(f"{slug}-shows", said, 0, span), *claims.published(said)]

    def _conclusions(self) -> Iterator[Record]:
        """Give an anomaly, a claim on a citation, a claim of the project with its method, and a decision."""
        yield things.anomaly(self.slug, f"spelling on page {self.at}", self.name, self.passage(), self.graph)
        said = Said("Relation", self.events[0], "kg:near", self.one_of("place"))
        saying = Saying(self.paper, self.extraction, self.day())
        yield claims.claim(f"{self.slug}-cited", said, saying, self.graph, ("kg:citation", self.cited))
        yield self.derived(f"attest-{self.slug}")
        yield things.decision(
            self.slug, f"Which place is meant on page {self.at}", f"claim:{self.slug}-cited"
        )

    def derived(self, slug: str) -> Record:
        """Give a claim of the project's own."""
        said = Said("Relation", self.events[0], "kg:near", self.place)
        saying = Saying("org:attest", self.derivation, basis="kg:inferred")
        premises = ("prov:wasDerivedFrom", self.claim), ("kg:method", "concept:method-editorial-scope")
        claim = claims.claim(slug, said, saying, "editorial", *premises)
        return [(f"claim:{slug}", "rdf:type", "kg:DerivedClaim", "editorial"), *claim]

    def passage(self, number: int = 0) -> str:
        """Give the name of a passage."""
        return f"passage:{self.slug}-s{number}"

    @property
    def length(self) -> int:
        """The length of the text."""
        return self._length

    def one_of(self, kind: str) -> str:
        """Give an event, place or person of this source or an earlier one: as in an archive, a few are spoken of most."""
        last = self.at * EVENTS if kind == "event" else self.at
        return f"{kind}:{kind}-{1 + int(last * self.random.random() ** 2)}"

    def day(self) -> str:
        """Give a day."""
        return self._date().isoformat()

    def _date(self) -> date:
        return _FIRST_DAY + timedelta(self.random.randrange(_DAYS))

    def _word(self) -> str:
        syllables = (self.random.choice(_SYLLABLES) for _ in range(self.random.randrange(2, 5)))
        return "".join(syllables).capitalize()


_BOX: Final = ((3_800_000, 4_200_000), (4_400_000, 5_000_000))
"""Latitudes and longitudes of places, in hundred-thousandths of a degree."""


def _decimal(hundred_thousandths: int) -> str:
    return f"{hundred_thousandths / 1e5:.5f}".rstrip("0").rstrip(".")
