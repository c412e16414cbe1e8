"""Intake: the files of a dataset read, and their statements as the project is to hold them."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg import formats
from kg.errors import ProjectError
from kg.formats import Format
from kg.importing import forms, skolem
from kg.loading import Doubt, recovery, rules
from kg.loading.parts import Part, Term, arrange
from kg.names import OWL, SKOLEM, SOURCE_BASE, Base
from kg.project import DataFile, Project
from kg.validation import Finding

LARGEST: Final = 2**30
"""Bytes of a file, unpacked, that are taken in."""
_ORDINAL: Final = 1_000_000  # of the files of a project there are fewer
_GZIP: Final = b"\x1f\x8b"
_IMPORTS: Final = ox.NamedNode(OWL + "imports")


@dataclass
class Taken(Part):
    """A part whose file is not in the project: ``content`` are its bytes, unpacked, ``digest`` the SHA-256 of those given.

    ``given`` has for each IRI that was made for a blank node the one that the parser made.
    """

    content: bytes = b""
    digest: str = ""
    given: Mapping[ox.NamedNode, ox.BlankNode] = field(default_factory=dict)

    @cached_property
    def data(self) -> bytes:
        """The bytes in which places are looked for."""
        return self.content

    def _written(self, term: Term) -> Term:
        return (
            self.given[term]
            if isinstance(term, ox.NamedNode) and term in self.given
            else super()._written(term)
        )


@dataclass
class Incoming:
    """What was read: a part for each file, findings about them, and what was done to their statements.

    ``blank`` blank nodes were given names, ``rewritten`` statements have a literal in another form, ``graphs`` were
    merged into one, ``moved`` statements name something on the stand-in base.
    """

    parts: list[Taken] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    blank: int = 0
    rewritten: int = 0
    moved: int = 0
    graphs: tuple[str, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether every file could be read whole."""
        return not any(part.doubt for part in self.parts)


def read(files: Sequence[Path], project: Project, slug: str, format: Format | None = None) -> Incoming:
    """Read *files* as the source *slug* of *project*; in *format*, else in that of each suffix (``.gz`` left out).

    Under the profile ``attest`` the statements are made such as it wants them: one graph, no blank node, literals as a store
    keeps them. Under none they stay as they are. What is wrong with a file is in the findings. Raises ProjectError for a file whose
    suffix names no format, OSError for one that cannot be read.
    """
    incoming = Incoming()
    for number, path in enumerate(files, 1):
        incoming.parts.append(_part(path, project, slug, format, incoming, number))
    if "attest" in project.profiles and incoming.readable:
        _adapt(incoming, project.base, slug)
    return incoming


def _part(
    path: Path, project: Project, slug: str, format: Format | None, incoming: Incoming, number: int
) -> Taken:
    given = path.read_bytes()
    kind = format or formats.by_suffix(path.name.removesuffix(".gz"))
    if kind is None:
        raise ProjectError(
            f"{path}: the suffix names no RDF format",
            remedy="say it with --format: " + ", ".join(f.suffix for f in formats.RDF_FORMATS),
        )
    file, name = DataFile(path, project.base.graph(f"source/{slug}"), kind), str(path)
    digest, content = hashlib.sha256(given).hexdigest(), _unpacked(given, path, incoming)
    if content is None:
        return Taken(file, name, project.base, doubt=Doubt(everything=True), digest=digest)
    found = recovery.read(content, kind, name=name, strict=False, base=project.base)
    document = found.document
    incoming.findings.extend(document.findings)
    arranged = arrange(file, name, project.base, found, _ORDINAL + number)
    values = {each.name: getattr(arranged, each.name) for each in fields(Part)}
    part = Taken(**values, content=content.removeprefix(codecs.BOM_UTF8), digest=digest)
    if project.base != Base():
        incoming.moved += sum(any(map(_stands_in, quad.triple)) for quad in document.quads)
    incoming.findings.extend(
        part.finding(
            "violation",
            f"owl:imports names another document, {quad.object}, and nothing is ever fetched",
            "owl-imports",
            "import that document too, and take this statement out; or keep it as a mere statement with --anyway",
            about=quad,
        )
        for quad in part.quads
        if quad.predicate == _IMPORTS
    )
    return part


def _stands_in(term: Term) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(SOURCE_BASE)


def _unpacked(given: bytes, path: Path, incoming: Incoming) -> bytes | None:
    """Give the bytes of a file that may be packed by gzip; None, with a finding, where they cannot be had."""
    if not given.startswith(_GZIP):
        content, fault = given, ""
    else:
        try:
            with gzip.open(io.BytesIO(given)) as file:
                content = file.read(LARGEST + 1)
            fault = ""
        except (OSError, EOFError, zlib.error):
            content, fault = b"", "the file is packed by gzip, and damaged or not whole"
    if len(content) > LARGEST:
        fault = f"the file has more than {LARGEST // 2**20:,} MiB"
    if not fault:
        return content
    remedy = "fetch it anew" if not content else "import it in parts"
    incoming.findings.append(Finding("violation", fault, "unreadable", remedy, file=str(path)))
    return None


def _adapt(incoming: Incoming, base: Base, slug: str) -> None:
    """Bring the statements of all files into the form that the profile ``attest`` wants."""
    home = ox.NamedNode(base.graph(f"source/{slug}"))
    incoming.graphs = _graphs(incoming.parts)
    spelled = forms.kept(
        quad.object for part in incoming.parts for quad in part.quads if isinstance(quad.object, ox.Literal)
    )
    named = _names(incoming, base, slug)
    incoming.blank = len(named)

    def own(term: Any) -> Any:
        return named[term] if isinstance(term, ox.BlankNode) else spelled.get(term, term)

    for part in incoming.parts:
        incoming.rewritten += sum(quad.object in spelled for quad in part.quads)
        incoming.rewritten += sum(1 for _ in rules.capital_tags(part))
        part.quads = list(
            dict.fromkeys(
                ox.Quad(own(quad.subject), quad.predicate, own(quad.object), home) for quad in part.quads
            )
        )
        part.given = {named[new]: old for new, old in part.labels.items() if new in named}
        part.labels, part.named, part.capitals = {}, (), False


def _graphs(parts: Iterable[Taken]) -> tuple[str, ...]:
    """Give the names of the graphs of *parts*, whose statements become those of the source: they part statements, and mean nothing."""
    found = {graph for part in parts for graph in part.named}
    return tuple(sorted(graph.value if isinstance(graph, ox.NamedNode) else str(graph) for graph in found))


def _names(incoming: Incoming, base: Base, slug: str) -> dict[ox.BlankNode, ox.NamedNode]:
    """Give an IRI for each blank node of the files."""
    triples = [quad.triple for part in incoming.parts for quad in part.quads]
    try:
        found = skolem.names(triples)
    except skolem.TooRegular as error:
        incoming.findings.append(_too_regular(incoming.parts, error))
        return _any_names(triples)
    return {node: ox.NamedNode(base.id(SKOLEM, f"{slug}-{name}")) for node, name in found.items()}


def _too_regular(parts: Iterable[Taken], error: skolem.TooRegular) -> Finding:
    """Give the finding, and have nothing written of what cannot be named."""
    holder = next(part for part in parts if any(error.node in (q.subject, q.object) for q in part.quads))
    holder.doubt = Doubt(everything=True)
    return Finding("violation", error.message, "blank-nodes", error.remedy, file=holder.name)


def _any_names(triples: Iterable[ox.Triple]) -> dict[ox.BlankNode, ox.NamedNode]:
    return {
        term: ox.NamedNode(f"urn:x-kg:{term.value}")
        for triple in triples
        for term in (triple.subject, triple.object)
        if isinstance(term, ox.BlankNode)
    }
