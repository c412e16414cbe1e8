"""What is sent of a release: its ``quads.nq`` line by line, in batches of bounded size."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg import manifest
from kg.errors import StoreError
from kg.manifest import QUADS, Manifest
from kg.names import Base
from kg.store.remote.standing import Held

TRIPLES: Final = 1_000
"""Statements of a batch, at most: Virtuoso 7.2 takes 5,000 in one request, and not 10,000."""
BYTES: Final = 512 * 1024
"""Bytes of the lines of a batch, at most; a single longer line goes by itself."""

_TERM: Final = rb'<[^<>" ]*>|_:[^ ]+'
_LINE: Final = re.compile(
    rb"(%b) (<[^<> ]*>) (%b|\"(?:[^\"\\]|\\.)*\"(?:@[A-Za-z0-9-]+|\^\^<[^<> ]*>)?)(?: (%b))? \.\n"
    % (_TERM, _TERM, _TERM)
)
_WELL_KNOWN: Final = ".well-known/genid/"


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements by graph, each as ``subject predicate object`` in N-Triples, from the byte *start* of the file to the byte *end*."""

    start: int
    end: int
    graphs: dict[str, list[bytes]]

    @property
    def size(self) -> int:
        """How many statements it has."""
        return sum(map(len, self.graphs.values()))

    def halves(self) -> tuple[Batch, Batch]:
        """Give two batches that hold the same."""
        lines = [(graph, line) for graph, lines in self.graphs.items() for line in lines]
        middle = len(lines) // 2
        first, second = (_grouped(part) for part in (lines[:middle], lines[middle:]))
        return Batch(self.start, self.start, first), Batch(self.start, self.end, second)


class Shipment:
    """The release in *directory*, which was found as its manifest lists it; ``graphs`` are its graphs, by IRI.

    RDF 1.1 lets blank nodes be written as IRIs of their own (section 3.5). Here they have to be: a label means nothing in the next
    batch. ``named`` tells how many there are; a release of the profile attest has none.
    """

    def __init__(self, directory: Path) -> None:
        """Read ``quads.nq`` once. Raises StoreError where it is damaged, or holds what a SPARQL 1.1 store cannot."""
        self.manifest: Manifest = manifest.read(directory)
        listed = self.manifest.file(QUADS)
        if listed is None:
            raise StoreError(f"{directory} does not list {QUADS}", remedy="run kg build")
        self.path = manifest.sound(directory, listed)
        self.size, self.sha256 = listed.size, listed.sha256
        self._genid = f"<{self.manifest.base}{_WELL_KNOWN}"
        self.graphs, self.named = self._looked_at()
        self.dataset = Base(self.manifest.base).dataset

    @property
    def quads(self) -> int:
        """How many statements it has."""
        return sum(held.quads for held in self.graphs.values())

    def batches(
        self, start: int, graphs: Collection[str], *, triples: int = TRIPLES, most: int = BYTES
    ) -> Iterator[Batch]:
        """Give the statements of *graphs* from the byte *start* of the file on, up to *triples* and *most* bytes at once."""
        wanted = {graph.encode() for graph in graphs}
        lines: list[tuple[str, bytes]] = []
        place = begun = start
        held = 0
        for end, line in self._lines(start):
            triple, graph = self._split(line)
            if graph in wanted:
                if lines and (len(lines) >= triples or held + len(triple) > most):
                    yield Batch(begun, place, _grouped(lines))
                    lines, held, begun = [], 0, place
                lines.append((graph.decode(), triple))
                held += len(triple)
            place = end
        if lines:
            yield Batch(begun, place, _grouped(lines))

    def _looked_at(self) -> tuple[dict[str, Held], int]:
        counts: dict[bytes, int] = defaultdict(int)
        digests: dict[bytes, hashlib._Hash] = defaultdict(hashlib.sha256)
        blank: set[bytes] = set()
        for _, line in self._lines(0):
            triple, graph = self._split(line, blank)
            if not graph:
                raise StoreError(
                    f"{self.path.parent.name} holds statements in no named graph, and the default graph of a server is its own affair",
                    remedy="put them into a graph: write TriG or N-Quads, and build again",
                )
            counts[graph] += 1
            digests[graph].update(triple + b"\n")
        graphs = {
            name.decode(): Held(name.decode(), counts[name], digests[name].hexdigest())
            for name in sorted(counts)
        }
        return graphs, len(blank)

    def _lines(self, start: int) -> Iterator[tuple[int, bytes]]:
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                place = start
                for line in file:
                    place += len(line)
                    yield place, line
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be read: {error.strerror}", remedy="run kg build"
            ) from error

    def _split(self, line: bytes, blank: set[bytes] | None = None) -> tuple[bytes, bytes]:
        """Give the triple of *line* and the IRI of its graph, empty for the default graph. Blank nodes are noted in *blank*."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise StoreError(
                f"{self.path} holds a statement that SPARQL 1.1 has no words for: {line[:120].decode('utf-8', 'replace')}…",
                remedy="a triple term cannot be pushed; take it out, and build again",
            )
        terms = [self._named(term, blank) for term in found.groups(b"")]
        return b" ".join(terms[:3]), terms[3][1:-1]

    def _named(self, term: bytes, blank: set[bytes] | None) -> bytes:
        if not term.startswith(b"_:"):
            return term
        if blank is not None:
            blank.add(term)
        return f"{self._genid}{term[2:].decode()}>".encode()


def _grouped(lines: list[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    graphs: dict[str, list[bytes]] = defaultdict(list)
    for graph, line in lines:
        graphs[graph].append(line)
    return dict(graphs)
