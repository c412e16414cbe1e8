"""What a manifest says: plain values, their JSON, and the id that follows from them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from kg.names import Base

FORMAT: Final = 2
"""The version of the form of a release that this module writes; it reads those before too. 2 brought languages and tombstones."""
JSON_NAME: Final = "manifest.json"
TURTLE_NAME: Final = "manifest.ttl"
QUADS: Final = "quads.nq"
"""The dataset itself, as canonical N-Quads."""
CHANGES: Final = "changes.json"
"""What changed since the version before, in a release that ``kg release`` made (:mod:`kg.diff.account`)."""
CITATION: Final = "CITATION.cff"
"""How the collection is cited, in such a release."""
SUMS: Final = "SHA256SUMS"
"""The SHA-256 of every file of a release but this one, as ``sha256sum -c`` reads them."""


@dataclass(frozen=True, slots=True, order=True)
class File:
    """A file of the release: relative path with slashes, size in bytes, SHA-256 in hex, media type."""

    path: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True, order=True)
class Graph:
    """A graph of the release: its IRI (empty for the default graph), its quads, and what a reader is told of it."""

    iri: str
    quads: int
    title: str = ""
    licence: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Tombstone:
    """What is left of a resource that was taken back: the SHA-256 of its IRI on the source base, the reason, the day."""

    digest: str
    reason: str
    date: str

    @staticmethod
    def mark(iri: str, base: Base) -> str:
        """Give the digest that a tombstone knows *iri* by: it tells who asks for a resource that it is gone, and names it to nobody else."""
        return hashlib.sha256(base.unbase(iri).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release says of itself.

    ``format`` is the version of its form, ``version`` the edition of the collection, ``id`` its fingerprint (see
    :meth:`fingerprint`), ``date`` ISO 8601 or empty. ``counts`` has at least ``quads`` and ``triples`` (distinct
    ones); ``findings`` counts them by severity; ``inputs`` gives the SHA-256 of each file that it was built from;
    ``languages`` are those of labels, the best first; ``tombstones`` stand for what was taken back. ``previous`` is the id of the version
    before, in a release that ``kg release`` made; ``later`` are the digests of those tombstones that came after it was made, when it was built anew
    without what they stand for. Neither counts for the id, which a takedown in another release leaves as it is.
    """

    title: str
    base: str
    format: int = FORMAT
    id: str = ""
    version: str = ""
    description: str = ""
    licence: str = ""
    publisher: str = ""
    default_graph: str = "union"
    profiles: tuple[str, ...] = ()
    date: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    graphs: tuple[Graph, ...] = ()
    files: tuple[File, ...] = ()
    inputs: dict[str, str] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    tombstones: tuple[Tombstone, ...] = ()
    previous: str = ""
    later: tuple[str, ...] = ()

    def file(self, path: str) -> File | None:
        """Give the entry of the file at *path*, None where the release lists no such file."""
        return next((file for file in self.files if file.path == path), None)

    def moved(self, base: Base) -> Manifest:
        """Give the same manifest with *base* for its own, in the IRIs of its graphs too."""
        own = Base(self.base)
        graphs = tuple(replace(graph, iri=base.rebase(own.unbase(graph.iri))) for graph in self.graphs)
        return replace(self, base=base.iri, graphs=graphs)

    def tombstone(self, iri: str) -> Tombstone | None:
        """Give the tombstone of *iri*, None where it was never taken back."""
        mark = Tombstone.mark(iri, Base(self.base))
        return next((stone for stone in self.tombstones if stone.digest == mark), None)

    def fingerprint(self) -> str:
        """Give the id: 12 hex digits of the SHA-256 of ``quads.nq``, the inputs and all else said here.

        Of the files only ``quads.nq`` counts, since the others follow from it and the inputs: a release that
        ships without its downloads keeps its id.
        """
        values = asdict(self)
        del values["id"], values["files"], values["previous"], values["later"]
        if self.format < 2:
            del values["languages"], values["tombstones"]
        quads = self.file(QUADS)
        values["quads"] = quads.sha256 if quads else ""
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def released(self) -> bool:
        """Whether ``kg release`` made it: a version that is kept for good, with a record of what changed since the one before."""
        return self.file(CHANGES) is not None

    def with_files(self, files: tuple[File, ...]) -> Manifest:
        """Give the same manifest over *files*, sorted, with the id that follows."""
        listed = replace(self, files=tuple(sorted(files)))
        return replace(listed, id=listed.fingerprint())

    def to_json(self) -> str:
        """Give ``manifest.json``: sorted keys, two spaces of indent, a newline at the end."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
