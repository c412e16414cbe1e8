"""What bench/answers.py asks: kinds of answer, each with addresses drawn from the lists of a release, and the release that is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from archive_graphs import SEED, Archive
from archive_graphs.writing import write_quads

import kg
from kg import metadata, release
from kg.listing import Listing
from kg.names import KG, OA, Base
from kg.queries import Param, Query

ROOT: Final = Path(__file__).resolve().parent.parent
TIMES: Final = 15
"""Addresses of each kind."""
FORMS: Final = ("json", "csv", "srj", "html")
"""The forms of an answer that has no parameters, each asked once."""
_LISTS: Final = ("events", "people", "places", "photographs", "works", "claims", "sources")
_SIZE: Final = 50
"""Rows of a page of a list."""
_OF_CLASS: Final = {"passage": OA + "SpecificResource"}
_OF_LIST: Final = {
    "event": "events", "person": "people", "place": "places", "photo": "photographs", "work": "works", "claim": "claims",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: what it is a kind of, its name, and the addresses that are asked."""

    group: str
    name: str
    addresses: tuple[str, ...]


class Known:
    """What addresses are drawn from: the *archive* with its lists, and chance of *seed*."""

    def __init__(self, archive: kg.Archive, seed: int = SEED) -> None:
        assert archive.lists is not None
        self.archive = archive
        self.lists = archive.lists
        self.random = Random(seed)  # noqa: S311 - nothing secret

    def drawn(self, name: str, times: int = TIMES) -> list[tuple[str, str]]:
        """Give IRIs and labels of members of the list *name*, from anywhere in it; none where there is no such list."""
        if not self.lists.holds(name) or not (listing := self.lists.find(name)).total:
            return []
        whole = listing.select()
        places = [self.random.randrange(listing.total) for _ in range(times)]
        return [(row.iri, row.label) for at in places for row in whole.page(at, 1, "label")]

    def values(self, listing: Listing, facet: str, times: int = TIMES) -> list[str]:
        """Give names of values of a facet of *listing*, none where it has no such facet."""
        names = next((listing.names(each) for each in listing.facets if each.name == facet), [])
        return [self.random.choice(names) for _ in range(times)] if names else []

    def for_param(self, param: Param) -> list[str]:
        """Give values for a parameter of a question, by its type and name."""
        claims = self.lists.find("claims")
        if param.type == "date":
            return [day for day in self.values(claims, "as-of-day") if day != "none"]
        if param.type == "measure":
            return self.values(claims, "measure") and ["deaths"] * TIMES
        if param.type == "iri" and param.name == "claimant":
            return [self.compact(each) for each in self._speakers()]
        if param.type == "concept":
            return self._concepts(param.name)
        name = _OF_CLASS.get(param.type) or _OF_LIST.get("event" if param.type == "iri" else param.type, "")
        return [self.compact(iri) for iri, _ in self.drawn(name)]

    def compact(self, iri: str) -> str:
        """Give *iri* as a person writes it."""
        return self.archive.base.compact(iri)

    def path(self, iri: str) -> str:
        """Give the path of the document about *iri*."""
        kind, slug = self.archive.base.split(iri) or ("", "")
        return f"/{kind}/{slug}"

    def _speakers(self) -> list[str]:
        claims = self.lists.find("claims")
        (said,) = (each for each in claims.select().counted(1000) if each.facet.name == "claimant")
        return [self.random.choice(said.values).iri for _ in range(TIMES)]

    def _concepts(self, name: str) -> list[str]:
        found = {"kind": KG + "anomalyKind"}.get(name, "")
        quads = self.archive.store.match(None, ox.NamedNode(found), None, limit=TIMES) if found else []
        return [self.compact(quad.object.value) for quad in quads if isinstance(quad.object, ox.NamedNode)]


def kinds(known: Known) -> Iterator[Kind]:
    """Give every kind of answer of which the release has something."""
    for group, some in (
        ("question", _questions), ("list", _lists), ("search", _search), ("document", _documents), ("page", _pages),
    ):  # fmt: skip
        for name, addresses in some(known):
            yield Kind(group, name, tuple(dict.fromkeys(addresses)))


def _questions(known: Known) -> Iterator[tuple[str, list[str]]]:
    """Give each question with all of its parameters, with those that it needs and each of the others alone, and without any."""
    for query in known.archive.catalog.values():
        needed = [param for param in query.params if param.required or param.default is not None]
        others = [param for param in query.params if param not in needed]
        if not needed:
            yield f"{query.name}, whole", [f"/queries/{query.name}.{form}" for form in FORMS]
        elif asked := _asked(known, query, needed):
            yield f"{query.name}, by {_named(needed)}", asked
        for other in others:
            yield f"{query.name}, by {_named([*needed, other])}", _asked(known, query, [*needed, other])


def _named(params: list[Param]) -> str:
    return " and ".join(param.name.replace("_", " ") for param in params)


def _asked(known: Known, query: Query, params: list[Param]) -> list[str]:
    values = [known.for_param(param) for param in params]
    names = [param.name for param in params]
    return [
        f"/queries/{query.name}.json?{urlencode(dict(zip(names, row, strict=True)))}"
        for row in zip(*values, strict=False)
    ]


def _lists(known: Known) -> Iterator[tuple[str, list[str]]]:
    """Give the pages of each list: the first, some of the last tenth, with a filter, with two."""
    for name in _LISTS:
        if not known.lists.holds(name) or not (listing := known.lists.find(name)).total:
            continue
        last = -(-listing.total // _SIZE)
        yield f"{name}, first page", [f"/{name}"]
        deep = {max(1, last - known.random.randrange(1 + last // 10)) for _ in range(TIMES)}
        yield f"{name}, last pages", [f"/{name}?page={page}" for page in sorted(deep)]
        yield f"{name}, as JSON", [f"/{name}.json"]
        facets = [facet.name for facet in listing.facets]
        chosen = [(facet, value) for facet in facets for value in known.values(listing, facet, 3)]
        yield f"{name}, filtered", [f"/{name}?{urlencode({facet: value})}" for facet, value in chosen]
        yield f"{name}, filtered twice", list(_twice(known, listing, facets))


def _twice(known: Known, listing: Listing, facets: list[str]) -> Iterator[str]:
    pairs = [(one, other) for one, other in product(facets, facets) if one < other]
    for one, other in known.random.sample(pairs, min(TIMES, len(pairs))):
        for first, second in zip(known.values(listing, one, 1), known.values(listing, other, 1), strict=True):
            yield f"/{listing.name}?{urlencode({one: first, other: second})}"


def _search(known: Known) -> Iterator[tuple[str, list[str]]]:
    """Give searches for labels, for the first word of one, and for one with a letter left out."""
    labels = [label for name in ("people", "places", "events") for _, label in known.drawn(name, 5)]
    found: dict[str, Callable[[str], str]] = {
        "a label": lambda label: label,
        "a word": lambda label: next(iter(re.findall(r"\w+", label)), label),
        "the beginning of a word": lambda label: label[:4],
        "misspelled": lambda label: label[:2] + label[3:],
    }
    for name, change in found.items():
        yield name, [f"/search?q={quote(change(label))}" for label in labels]


def _documents(known: Known) -> Iterator[tuple[str, list[str]]]:
    """Give the documents about resources of each list and of some classes, in each form."""
    classes = {
        "passages": OA + "SpecificResource",
        "decisions": KG + "EditorialDecision",
        "voices": KG + "CollectiveActor",
    }
    for name, own in {**{each: each for each in _LISTS}, **classes}.items():
        drawn = [known.path(iri) for iri, _ in known.drawn(own)]
        yield f"{name}, page", drawn
        for form in ("ttl", "jsonld", "json"):
            yield f"{name}, {form}", [f"{path}.{form}" for path in drawn]


def _pages(known: Known) -> Iterator[tuple[str, list[str]]]:
    """Give the pages that are about the collection, and those that set figures side by side."""
    events = [known.path(iri) for iri, _ in known.drawn("events")]
    days = [day for day in known.values(known.lists.find("claims"), "as-of-day") if day != "none"]
    yield "home", ["/", "/?1", "/?2", "/?3"]
    yield "index of lists", ["/list"]
    yield "catalogue", ["/queries"]
    yield "figures of an event", [f"{path}/claims" for path in events]
    yield "comparison", [f"{path}/claims/deaths" for path in events]
    yield "timeline", ["/timeline"]
    yield "timeline, as of a day", [f"/timeline?as-of={day}" for day in days]
    yield "timeline, from a day", [f"/timeline?from={day}&to={day}" for day in days]
    yield "map", ["/map"]
    yield "map, as of a day", [f"/map?as-of={day}" for day in days]
    yield "map of an event", [f"/map?event={path.rpartition('/')[2]}" for path in events]


def made(work: Path, number: int) -> Path:
    """Give the release of an archive of *number* quads without faults, made in *work* where it is not there.

    It is not validated: SHACL would take long, and no answer depends on it. Its quads are held in memory while it is written.
    """
    out = work / f"answers-{number}"
    if not (out / "CURRENT").exists():
        work.mkdir(parents=True, exist_ok=True)
        file = work / f"answers-{number}.nq"
        write_quads(Archive(number, share=0), file, file.with_suffix(".planted.jsonl"))
        queries = {f"queries/{path.name}": path.read_bytes() for path in (ROOT / "queries").glob("*.rq")}
        contents = release.Contents(
            title="A made archive", base=Base(), quads=list(ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)),
            profiles=("attest",), files=queries, downloads=(), date="2026-01-01",
        )  # fmt: skip
        release.write(out, metadata.described(contents))
    directory = kg.open(out).directory
    assert directory is not None
    return directory
