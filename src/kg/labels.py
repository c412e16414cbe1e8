"""Labels: the names of resources as a release gives them, and what names that are like a given one stand for.

What one resource is called is looked up, so that it costs the same in a release of any size; a store behind an endpoint, where each
look-up is a journey, has its labels read once. Names like a given one are sought among all names, which are read when one is unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import Final

import pyoxigraph as ox

from kg import wording
from kg.errors import Gone, NotFound
from kg.manifest import Tombstone
from kg.misspelling import FEW, exchanged, kin
from kg.names import KG, RDF, RDFS, SKOSXL, TYPES, Base
from kg.rows import Value, value
from kg.store import EmbeddedStore, Store, select

_NEAR: Final = 0.75
"""How like a name must be to be suggested, from 0 to 1 (Ratcliff and Obershelp 1988)."""
_NEAR_WORD: Final = 0.85
"""How like one word of a name must be."""
_KEPT: Final = 50_000
"""Labels that are remembered."""
_LABEL, _FORM = ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOSXL + "literalForm")
_LONGEST: Final = 200
"""Letters of a name beyond which it is like its equal only: to compare takes the product of both lengths."""
_ALL_WORDS: Final = 0.95
"""How like a name counts as that has all the words given."""
_THINGS: Final = tuple(kind for kind in TYPES if kind not in {
    "activity", "anomaly", "citation", "claim", "decision", "leg", "name", "obs", "passage", "relay", "selector", "text",
})  # fmt: skip
"""The types of resource that people speak of, and not records of what is said of them."""
_INDEX: Final = (
    "write it, or a word of it, as the source prints it; index.csv of the release lists what there is"
)


class Labels:
    """The labels of a store's resources; none where *known* is false, since a foreign store may hold millions.

    *gone* gives the tombstone of an IRI that was taken back.
    """

    def __init__(
        self, store: Store, base: Base, gone: Callable[[str], Tombstone | None], *, known: bool = True
    ) -> None:
        self._store = store
        self._base = base
        self._gone = gone
        self._known = known

    def of(self, term: Value) -> str:
        """Give the label of an IRI, the form of a name record in quotation marks, else the last part of the IRI.

        A value that is no IRI is given as text.
        """
        return wording.called(term, self._all)

    def own(self, iri: str) -> str | None:
        """Give the label that the store holds for *iri*, None where it holds none."""
        return self._all.get(iri)

    def called(self, words: str, kinds: Iterable[str]) -> list[str]:
        """Give those resources of *kinds* whose label, or a name recorded of them, is *words*, whatever case and accents."""
        return self._among(self._names.get(folded(words), ()), kinds)

    def near(self, words: str, kinds: Iterable[str]) -> tuple[str, ...]:
        """Give up to three prefixed names of resources of *kinds* whose slug or name is nearest to *words*, or holds them; none with another word in the place of one.

        Here what sources call an event counts too. A record, as a claim or a passage, is given only where it is nearer than
        all things.
        """
        wanted = folded(words.replace("-", " "))
        parts = _words(wanted)
        found: dict[str, tuple[float, float]] = {}
        for name, iris in (*self._names.items(), *self._said.items(), *self._slugs.items()):
            own = _words(name)
            marks = [_likeness(wanted, name, _NEAR), _ALL_WORDS if parts and parts <= own else 0.0]
            if len(parts) == 1:  # a surname of which one letter is other
                marks += [_likeness(wanted, word, _NEAR_WORD) * _ALL_WORDS for word in own]
            if (like := max(marks)) > 0.0 and not exchanged(wanted, name):
                whole = _likeness(
                    wanted, name
                )  # of every name it would take a strange word's length times all names
                for iri in iris:
                    found[iri] = max((like, whole), found.get(iri, (0.0, 0.0)))
        asked = self._among(found, kinds)
        thing = max((found[iri][0] for iri in self._among(asked, _THINGS)), default=0.0)
        asked = [iri for iri in asked if found[iri][0] > thing or self._among((iri,), _THINGS)]
        best = sorted(sorted(asked), key=lambda iri: found[iri], reverse=True)
        return tuple(map(self._base.compact, best[:3]))

    def unknown(self, iri: str) -> NotFound:
        """Give the error for an IRI that the store does not hold: that it was taken back, or what may be meant.

        The nearest names of its kind come first, then what has its slug and is of another.
        """
        if (stone := self._gone(iri)) is not None:
            day = f" on {stone.date}" if stone.date else ""
            return Gone(
                f"{self._base.compact(iri)} was taken back{day}: {stone.reason}",
                reason=stone.reason,
                date=stone.date,
            )
        message = f"{self._base.compact(iri)} is not in this release"
        if (named := self._base.split(iri)) is None:
            return NotFound(message, remedy=_INDEX)
        same = held(self._store, (self._base.id(kind, named[1]) for kind in TYPES))
        return self.missing(message, named[1], (named[0],), tuple(map(self._base.compact, same)))

    def missing(
        self, message: str, words: str, kinds: Iterable[str], suggestions: tuple[str, ...] = ()
    ) -> NotFound:
        """Give the error *message* for *words* that name nothing of *kinds*, with the nearest names, then *suggestions*.

        Where none is near, those of the kind that begin alike, else all of it, are listed if they are few.
        """
        asked = tuple(kinds)
        if near := (*self.near(words, asked), *suggestions):
            return NotFound(message, suggestions=tuple(dict.fromkeys(near)))
        of_kind = {slug: iris for slug, all in self._slugs.items() if (iris := self._among(all, asked))}
        there = sorted(iri for slug in kin(words, of_kind) for iri in of_kind[slug])
        few = ", ".join(map(self._base.compact, there)) if len(there) <= FEW else ""
        return NotFound(message, remedy=f"there are {few}" if few else _INDEX)

    def _among(self, iris: Iterable[str], kinds: Iterable[str]) -> list[str]:
        """Give those of *iris* that are of one of *kinds*, all of our own where there is none."""
        wanted = set(kinds) or set(TYPES)
        return [iri for iri in iris if (named := self._base.split(iri)) and named[0] in wanted]

    @cached_property
    def _all(self) -> Mapping[str, str]:
        if isinstance(self._store, EmbeddedStore):
            return _LookedUp(self._store) if self._known else {}
        rows = self._rows(
            f"SELECT DISTINCT ?it ?label ?form WHERE {{ {{ ?it <{RDFS}label> ?label }} UNION {{ ?it <{SKOSXL}literalForm> ?form }} }}"
        )
        return wording.labels(
            ((str(row["it"]), str(row["label"])) for row in rows if row["label"] is not None),
            ((str(row["it"]), str(row["form"])) for row in rows if row["form"] is not None),
        )

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The resources by their folded labels and recorded names."""
        names = " | ".join(f"<{SKOSXL}{name}>" for name in ("prefLabel", "altLabel", "hiddenLabel"))
        return self._folded(
            f"SELECT DISTINCT ?it ?form WHERE {{ {{ ?it <{RDFS}label> ?form }} "
            f"UNION {{ ?it {names} ?name . ?name <{SKOSXL}literalForm> ?form }} }} ORDER BY ?it"
        )

    @cached_property
    def _said(self) -> dict[str, list[str]]:
        """The resources by the folded names that sources give them, which are claims."""
        return self._folded(
            f"SELECT DISTINCT ?it ?form WHERE {{ ?claim <{RDF}predicate> <{KG}isCalled> ; <{RDF}subject> ?it ; "
            f"<{RDF}object> ?name . ?name <{SKOSXL}literalForm> ?form }} ORDER BY ?it"
        )

    @cached_property
    def _slugs(self) -> dict[str, list[str]]:
        rows = self._rows("SELECT DISTINCT ?it WHERE { ?it a ?kind } ORDER BY ?it")
        found: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if named := self._base.split(str(row["it"])):
                found[named[1].replace("-", " ")].append(str(row["it"]))
        return found

    def _folded(self, query: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows(query):
            found[folded(str(row["form"]))].append(str(row["it"]))
        return {name: list(dict.fromkeys(iris)) for name, iris in found.items()}

    def _rows(self, query: str) -> Iterable[Mapping[str, Value]]:
        return select(self._store, query) if self._known else ()


class _LookedUp(Mapping[str, str]):
    """The labels in *store* by IRI, each looked up when it is asked for and remembered as long as there is room; it does not tell which there are."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self._kept = lru_cache(_KEPT)(self._found)

    def _found(self, iri: str) -> str | None:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return None
        own, forms = (
            [(iri, str(value(quad.object))) for quad in self._store.match(node, naming, None)]
            for naming in (_LABEL, _FORM)
        )
        return wording.labels(own, forms).get(iri)

    def __getitem__(self, iri: str) -> str:
        if (found := self._kept(iri)) is None:
            raise KeyError(iri)
        return found

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("labels are looked up one by one")

    def __len__(self) -> int:
        raise NotImplementedError("labels are looked up one by one")


def folded(text: str) -> str:
    """Give *text* without case, accents, quotation marks and superfluous spaces, to compare names by.

    >>> folded(" “Érevan”,  ARMENIA ")
    'erevan, armenia'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.translate(dict.fromkeys(map(ord, "“”„\"‘’'«»"))).casefold().split())


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _likeness(one: str, other: str, least: float = 0.0) -> float:
    """Tell how like two texts are, from 0 to 1; 0 where they are not as like as *least*."""
    if max(len(one), len(other)) > _LONGEST:
        return float(one == other)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return like if (like := matcher.ratio()) >= least else 0.0


def held(store: Store, iris: Iterable[str]) -> list[str]:
    """Give those of *iris* of which *store* says anything, in their order. Each is an IRI."""
    asked = list(iris)
    values = " ".join(f"<{iri}>" for iri in asked)
    rows = select(store, f"SELECT DISTINCT ?it WHERE {{ VALUES ?it {{ {values} }} ?it ?p ?o }}")
    found = {str(row["it"]) for row in rows}
    return [iri for iri in asked if iri in found]
