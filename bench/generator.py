"""Makes archives of our own model, of any size, out of a seed: N-Quads as they are wanted, in constant memory.

An archive is a row of *sources*, each a web page with its text version, passages, names, photographs and claims in a named
graph of its own; the events, places and people that they speak of stand in ``graph/entities``, and the vocabulary is that of
``data/baku-1990``. Nothing in it is about the world: every name is made of syllables. The same seed and number give the same
bytes on every machine; an archive of fewer quads is, but for its last few, the beginning of one of more.

``python bench/generator.py 1000000 -o archive.nq`` writes one; ``kg build --data archive.nq --profile none -o DIR`` releases it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Final, TextIO, TypeAlias

from kg.names import DCTERMS, EDTF_TYPE, KG, OA, PROV, RDF, RDFS, SCHEMA, SKOS, SKOSXL, SOURCE_BASE, XSD

SEED: Final = 1990
PASSAGES: Final = 30
"""Passages of a source; each bears one to five claims."""

_FIRST_DAY: Final = date(1988, 2, 1)
_DAYS: Final = 1400
_GEO: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_OBSERVATION: Final = "https://personsincontext.org/model#PersonObservation"
_RIGHTS: Final = "http://rightsstatements.org/vocab/CNE/1.0/"
_SYLLABLES: Final = ("ba", "ku", "lo", "ve", "mor", "a", "ri", "tan", "es", "ke", "nu", "shi", "ga", "dor")
_MEASURES: Final = ("deaths", "injured", "displaced", "participants", "departures")
_COMPARATORS: Final = ("atLeast", "exactly", "approximately")
_RELATIONS: Final = (
    (SCHEMA + "location", "place"),
    (SCHEMA + "superEvent", "event"),
    (KG + "within", "place"),
)
_KINDS: Final = ("Quantity",) * 4 + ("Relation",) * 8 + ("Date",) * 3 + ("Naming",) * 3 + ("Depiction",) * 2

Record: TypeAlias = list[str]
"""The lines of one resource, which are written together or not at all."""


def quads(number: int, seed: int = SEED) -> Iterator[str]:
    """Give *number* quads, each a line of N-Quads with its end."""
    left = number
    for record in _records(seed):
        if len(record) > left:
            break
        left -= len(record)
        yield from record
    source = _id("source", "made-1")
    for at in range(left):  # a few, so that the number is exact
        yield _quad(
            source, SCHEMA + "mentions", _iri(_id("place", f"place-{at + 1}")), _graph("source/made-1")
        )


def write(number: int, out: TextIO, seed: int = SEED) -> str:
    """Write *number* quads to *out*, and give the SHA-256 of their bytes in hexadecimal digits."""
    digest = hashlib.sha256()
    for line in quads(number, seed):
        digest.update(line.encode())
        out.write(line)
    return digest.hexdigest()


def _records(seed: int) -> Iterator[Record]:
    yield _claimant("org", "attest", SCHEMA + "Organization", "The record keeper")
    for slug in ("agency-1", "agency-2", "agency-3", "agency-4"):
        yield _claimant("org", slug, SCHEMA + "Organization", f"News {slug}")
    for at in count(1):
        yield from _Source(at, Random(f"{seed}/{at}")).records()  # noqa: S311 - nothing secret


class _Source:
    """The source number *at* and the entities that it is the first to speak of, all drawn from *random*."""

    def __init__(self, at: int, random: Random) -> None:
        self._at = at
        self._random = random
        self._slug = f"made-{at}"
        self._graph = _graph(f"source/{self._slug}")
        self._photos = 0
        self._names = 0

    def records(self) -> Iterator[Record]:
        """Give everything, what is spoken of before what is said of it."""
        yield self._place()
        yield self._person()
        for number in range(3):
            yield self._event(3 * self._at - 2 + number)
        yield from self._page()
        end = 0
        for number in range(1, PASSAGES + 1):
            start, end = end + 1, end + self._random.randrange(60, 300)
            yield self._passage(number, start, end)
            for claim in range(1, self._random.randrange(2, 7)):
                yield from self._claim(
                    f"{self._slug}-s{number}-{claim:02}", f"{self._slug}-s{number}", end - start
                )

    def _place(self) -> Record:
        iri, graph = _id("place", f"place-{self._at}"), _graph("entities")
        label = self._word().capitalize()
        latitude, longitude = (self._random.randrange(low, high) / 1e5 for low, high in _BOX)
        return [
            _quad(iri, RDF + "type", _iri(SCHEMA + "Place"), graph),
            _quad(iri, RDFS + "label", _text(label, "en"), graph),
            _quad(iri, SKOS + "prefLabel", _text(label, "en"), graph),
            _quad(iri, _GEO + "lat", _typed(f"{latitude:.5f}".rstrip("0").rstrip("."), "decimal"), graph),
            _quad(iri, _GEO + "long", _typed(f"{longitude:.5f}".rstrip("0").rstrip("."), "decimal"), graph),
        ]

    def _person(self) -> Record:
        iri, graph = _id("person", f"person-{self._at}"), _graph("entities")
        seen, name = _id("obs", f"{self._slug}-1"), f"{self._word().capitalize()} {self._word().capitalize()}"
        return [
            _quad(iri, RDF + "type", _iri(SCHEMA + "Person"), graph),
            _quad(iri, RDFS + "label", _text(name, "en"), graph),
            _quad(iri, PROV + "wasDerivedFrom", _iri(seen), graph),
            _quad(seen, RDF + "type", _iri(_OBSERVATION), self._graph),
            _quad(seen, RDFS + "label", _text(f"{name}, {self._slug}", "en"), self._graph),
            _quad(seen, PROV + "hadPrimarySource", _iri(_id("passage", f"{self._slug}-s1")), self._graph),
        ]

    def _event(self, number: int) -> Record:
        iri, graph = _id("event", f"event-{number}"), _graph("entities")
        day = self._day()
        return [
            _quad(iri, RDF + "type", _iri(SCHEMA + "Event"), graph),
            _quad(
                iri, RDFS + "label", _text(f"Gathering at {self._word().capitalize()}, {day}", "en"), graph
            ),
            _quad(iri, SCHEMA + "location", _iri(self._one_of("place")), graph),
            _quad(iri, KG + "earliestStart", _typed(day, "date"), graph),
            _quad(iri, KG + "latestEnd", _typed(day, "date"), graph),
            _quad(iri, KG + "edtf", f'"{day}"^^<{EDTF_TYPE}>', graph),
        ]

    def _page(self) -> Iterator[Record]:
        page, text = _id("source", self._slug), _id("text", f"{self._slug}-1")
        activity, graph = _id("activity", f"extraction-{self._slug}-1"), self._graph
        yield [
            _quad(page, RDF + "type", _iri(SCHEMA + "WebPage"), graph),
            _quad(page, RDFS + "label", _text(f"Made page {self._at}", "en"), graph),
            _quad(page, DCTERMS + "publisher", _iri(self._agency()), graph),
            _quad(page, DCTERMS + "rights", _iri(_RIGHTS), graph),
            _quad(page, SCHEMA + "url", _iri(f"https://paper.example/{self._at}"), graph),
        ]
        yield [
            _quad(text, RDF + "type", _iri(KG + "TextVersion"), graph),
            _quad(text, RDFS + "label", _text("Text of the page, first version", "en"), graph),
            _quad(text, KG + "versionOf", _iri(page), graph),
            _quad(text, KG + "length", _typed("12000", "integer"), graph),
            _quad(text, KG + "textDigest", _text(_digest(text)), graph),
        ]
        yield [
            _quad(activity, RDF + "type", _iri(PROV + "Activity"), graph),
            _quad(activity, RDFS + "label", _text(f"Extraction of page {self._at}", "en"), graph),
            _quad(activity, PROV + "used", _iri(text), graph),
        ]

    def _passage(self, number: int, start: int, end: int) -> Record:
        slug = f"{self._slug}-s{number}"
        iri, selector, graph = _id("passage", slug), _id("selector", slug), self._graph
        return [
            _quad(iri, RDF + "type", _iri(OA + "SpecificResource"), graph),
            _quad(iri, OA + "hasSource", _iri(_id("text", f"{self._slug}-1")), graph),
            _quad(iri, OA + "hasSelector", _iri(selector), graph),
            _quad(iri, KG + "standsIn", _iri(_id("source", self._slug)), graph),
            _quad(iri, KG + "digest", _text(_digest(slug)), graph),
            _quad(selector, RDF + "type", _iri(OA + "TextPositionSelector"), graph),
            _quad(selector, OA + "start", _typed(str(start), "integer"), graph),
            _quad(selector, OA + "end", _typed(str(end), "integer"), graph),
        ]

    def _claim(self, slug: str, passage: str, length: int) -> Iterator[Record]:
        """Give a claim with its part of the passage, after the name or photograph that only it speaks of."""
        kind = self._random.choice(_KINDS)
        subject, predicate, value, more = self._one_of("event"), "", "", Record()
        iri, part, graph = _id("claim", slug), _id("selector", f"{slug}-part"), self._graph
        if kind == "Quantity":
            amount = _typed(str(self._random.randrange(1, 3000)), "integer")
            predicate, value = KG + self._random.choice(_MEASURES), amount
            more = [
                _quad(iri, KG + "comparator", _iri(KG + self._random.choice(_COMPARATORS)), graph),
                _quad(iri, KG + "amount", amount, graph),
                _quad(iri, KG + "lowerBound", amount, graph),
                _quad(iri, KG + "unit", _iri(_id("concept", "persons")), graph),
            ]
        elif kind == "Relation":
            predicate, target = self._random.choice(_RELATIONS)
            value = _iri(self._one_of(target))
        elif kind == "Date":
            predicate, value = KG + "ongoingOn", _typed(self._day(), "date")
        elif kind == "Naming":
            record, name = self._name(passage)
            yield record
            predicate, value = KG + "isCalled", _iri(name)
        else:
            record, subject = self._photo()
            yield record
            predicate, value = KG + "depicts", _iri(self._one_of("event"))
        start = self._random.randrange(length // 2)
        said = _typed(self._day(), "date")
        yield [
            _quad(iri, RDF + "type", _iri(KG + "Claim"), graph),
            _quad(iri, RDF + "type", _iri(f"{KG}{kind}Claim"), graph),
            _quad(iri, RDF + "subject", _iri(subject), graph),
            _quad(iri, RDF + "predicate", _iri(predicate), graph),
            _quad(iri, RDF + "object", value, graph),
            *more,
            _quad(iri, KG + "polarity", _iri(KG + "asserted"), graph),
            _quad(iri, KG + "status", _iri(KG + "recorded"), graph),
            _quad(iri, KG + "claimant", _iri(self._agency()), graph),
            _quad(iri, KG + "attributionBasis", _iri(KG + "statedInText"), graph),
            _quad(iri, KG + "asOfEarliest", said, graph),
            _quad(iri, KG + "asOfLatest", said, graph),
            _quad(iri, KG + "passage", _iri(_id("passage", passage)), graph),
            _quad(iri, KG + "part", _iri(part), graph),
            _quad(iri, PROV + "wasGeneratedBy", _iri(_id("activity", f"extraction-{self._slug}-1")), graph),
            _quad(iri, PROV + "wasAttributedTo", _iri(_id("org", "attest")), graph),
            _quad(part, RDF + "type", _iri(OA + "TextPositionSelector"), graph),
            _quad(part, OA + "start", _typed(str(start), "integer"), graph),
            _quad(part, OA + "end", _typed(str(start + 4), "integer"), graph),
        ]

    def _name(self, passage: str) -> tuple[Record, str]:
        self._names += 1
        iri, graph = _id("name", f"{self._slug}-{self._names}"), self._graph
        return [
            _quad(iri, RDF + "type", _iri(SKOSXL + "Label"), graph),
            _quad(iri, SKOSXL + "literalForm", _text(self._word().capitalize(), "en"), graph),
            _quad(iri, KG + "nameStatus", _iri(_id("concept", "name-as-printed")), graph),
            _quad(iri, KG + "passage", _iri(_id("passage", passage)), graph),
        ], iri

    def _photo(self) -> tuple[Record, str]:
        self._photos += 1
        slug, graph = f"{self._slug}-{self._photos:02}", _graph("entities")
        iri, caption = _id("photo", slug), _id("caption", slug)
        return [
            _quad(iri, RDF + "type", _iri(SCHEMA + "Photograph"), graph),
            _quad(iri, RDFS + "label", _text(f"Photograph {self._photos} of page {self._at}", "en"), graph),
            _quad(iri, SCHEMA + "isPartOf", _iri(_id("source", self._slug)), graph),
            _quad(iri, SCHEMA + "position", _typed(str(self._photos), "integer"), graph),
            _quad(iri, KG + "dateline", _typed(self._day(), "date"), graph),
            _quad(iri, KG + "creditedAgency", _iri(self._agency()), graph),
            _quad(iri, DCTERMS + "rights", _iri(_RIGHTS), graph),
            _quad(caption, RDF + "type", _iri(KG + "Caption"), self._graph),
            _quad(caption, RDFS + "label", _text(f"Caption of photograph {self._photos}", "en"), self._graph),
            _quad(caption, KG + "captionOf", _iri(iri), self._graph),
        ], iri

    def _one_of(self, kind: str) -> str:
        """Give an event or place of this source or an earlier one: as in an archive, a few are spoken of most."""
        last = self._at * 3 if kind == "event" else self._at
        return _id(kind, f"{kind}-{1 + int(last * self._random.random() ** 2)}")

    def _agency(self) -> str:
        return _id("org", f"agency-{self._random.randrange(1, 5)}")

    def _word(self) -> str:
        return "".join(self._random.choice(_SYLLABLES) for _ in range(self._random.randrange(2, 5)))

    def _day(self) -> str:
        return (_FIRST_DAY + timedelta(self._random.randrange(_DAYS))).isoformat()


_BOX: Final = ((3_800_000, 4_200_000), (4_400_000, 5_000_000))
"""Latitudes and longitudes of places, in hundred-thousandths of a degree."""


def _claimant(kind: str, slug: str, type: str, label: str) -> Record:
    iri, graph = _id(kind, slug), _graph("entities")
    return [
        _quad(iri, RDF + "type", _iri(type), graph),
        _quad(iri, RDFS + "label", _text(label, "en"), graph),
    ]


def _id(kind: str, slug: str) -> str:
    return f"{SOURCE_BASE}id/{kind}/{slug}"


def _graph(name: str) -> str:
    return f"{SOURCE_BASE}graph/{name}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _iri(iri: str) -> str:
    return f"<{iri}>"


def _text(text: str, language: str = "") -> str:
    return f'"{text}"@{language}' if language else f'"{text}"'  # no text of this module needs an escape


def _typed(text: str, datatype: str) -> str:
    return f'"{text}"^^<{XSD}{datatype}>'


def _quad(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"<{subject}> <{predicate}> {value} <{graph}> .\n"


def main() -> None:
    """Write an archive."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("number", type=int, help="of quads")
    parser.add_argument("--seed", type=int, default=SEED, help=f"(default: {SEED})")
    parser.add_argument("-o", "--output", type=Path, help="the file to write (default: standard output)")
    arguments = parser.parse_args()
    if arguments.output is None:
        write(arguments.number, sys.stdout, arguments.seed)
        return
    with arguments.output.open("w", encoding="utf-8", newline="\n") as out:
        digest = write(arguments.number, out, arguments.seed)
    print(f"{arguments.output}: {arguments.number:,} quads, SHA-256 {digest}")


if __name__ == "__main__":
    main()
