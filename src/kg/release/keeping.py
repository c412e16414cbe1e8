"""Kept releases: read again as contents, so that one can be built anew without some of what it holds."""

from __future__ import annotations

import mmap
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, Literal, cast

import pyoxigraph as ox

from kg import exports
from kg.errors import StoreError
from kg.formats import OFFERED
from kg.manifest import JSON_NAME, QUADS, Tombstone, read
from kg.manifest.dcat import DOWNLOADS
from kg.names import TYPES, Base
from kg.project import GraphInfo
from kg.release.contents import NOTES, Contents

_RELEASE: Final = re.compile(r"[0-9a-f]{12}(-[0-9]+)?")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def kept(out: Path) -> list[Path]:
    """Give the releases in the directory *out*, the one built last first."""
    found = [
        path
        for path in (out.iterdir() if out.is_dir() else ())
        if _RELEASE.fullmatch(path.name) and not path.is_symlink() and (path / JSON_NAME).is_file()
    ]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def mentions(directory: Path, iris: Collection[str]) -> bool:
    """Tell whether a statement of the release in *directory* has one of *iris* as a term."""
    with (directory / QUADS).open("rb") as file:
        if not iris or not file.seek(0, 2):
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return any(data.find(f"<{iri}>".encode()) >= 0 for iri in iris)


def holds(directory: Path, tombstones: Iterable[Tombstone]) -> bool:
    """Tell whether the release in *directory* still names, in a statement or a question, what one of *tombstones* stands for.

    Raises StoreError where its manifest cannot be read, OSError where another file cannot.
    """
    marks = {stone.digest for stone in tombstones}
    if not marks:
        return False
    listed = read(directory)
    base = Base(listed.base)
    named = _own(directory / QUADS, base)
    for file in listed.files:
        if file.path.startswith("queries/"):
            words = _SLUG.findall((directory / file.path).read_text("utf-8", "replace"))
            named.update(base.id(kind, word) for word in words for kind in TYPES)
    return any(Tombstone.mark(iri, base) in marks for iri in named)


def _own(path: Path, base: Base) -> set[str]:
    """Give the IRIs of resources on *base* that stand anywhere in the file *path*."""
    with path.open("rb") as file:
        if not file.seek(0, 2):
            return set()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            pattern = re.compile(rb"<(%bid/[^<>\s]*)>" % re.escape(base.iri.encode()))
            found = {match[1] for match in pattern.finditer(data)}
    return {iri.decode("utf-8", "replace") for iri in found}


def quads(directory: Path) -> list[ox.Quad]:
    """Give the statements of the release in *directory*. Raises StoreError where they cannot be read."""
    try:
        return list(ox.parse(path=str(directory / QUADS), format=ox.RdfFormat.N_QUADS))
    except (SyntaxError, OSError) as error:
        raise StoreError(f"{directory / QUADS} is damaged: {error}", remedy=f"remove {directory}") from error


def reread(directory: Path, *, without: Collection[str] = ()) -> Contents:
    """Give what the release in *directory* was made of, but for its quads, tools, counts and context.

    Questions that name one of *without* (IRIs) are left out. Raises StoreError.
    """
    listed = read(directory)
    base = Base(listed.base)
    slugs = {named[1] for iri in without if (named := base.split(iri))}
    taken = [file.path for file in listed.files if file.path.startswith(("queries/", "ontology/"))]
    files = {path: (directory / path).read_bytes() for path in taken}
    return Contents(
        title=listed.title,
        base=base,
        quads=(),
        version=listed.version,
        description=listed.description,
        licence=listed.licence,
        publisher=listed.publisher,
        default_graph=cast(Literal["union", "strict"], listed.default_graph),
        languages=listed.languages,
        profiles=listed.profiles,
        date=listed.date,
        graphs={
            graph.iri: GraphInfo(graph.title, graph.licence, graph.description)
            for graph in listed.graphs
            if graph.title
        },
        findings=listed.findings,
        digests=listed.inputs,
        files={
            path: data
            for path, data in files.items()
            if not (path.startswith("queries/") and says(data, slugs))
        },
        downloads=tuple(
            format
            for format in OFFERED.values()
            if any(listed.file(DOWNLOADS + name) for name in exports.names(format))
        ),
        tombstones=listed.tombstones,
        later=listed.later,
        notes={path: (directory / path).read_bytes() for path in NOTES if listed.file(path)},
        previous=listed.previous,
    )


def says(text: bytes, slugs: Collection[str]) -> bool:
    """Tell whether *text*, the file of a question, has one of *slugs* as a word."""
    return not set(_SLUG.findall(text.decode("utf-8", "replace"))).isdisjoint(slugs)
