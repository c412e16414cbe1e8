"""What goes into a release, and how it is laid out in a directory."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import pyoxigraph as ox

from kg import exports, index, listing, search, serialisation
from kg.errors import NotAcceptable, ProjectError
from kg.formats import EXPORTS, OFFERED, Format
from kg.manifest import (
    CHANGES,
    CITATION,
    JSON_NAME,
    QUADS,
    SUMS,
    TURTLE_NAME,
    File,
    Graph,
    Manifest,
    Tombstone,
    digest,
    is_relative,
    turtle,
)
from kg.manifest.dcat import DOWNLOADS
from kg.manifest.partitions import Census, Statistics
from kg.names import Base, is_iri
from kg.progress import Told, untold
from kg.project import GraphInfo
from kg.release.output import settled, writing
from kg.spool import Spool

Source = bytes | Path
"""A file to take in: its bytes, or where to read them."""

INDEX: Final = "index.csv"
CONTEXT: Final = "context.jsonld"
NOTES: Final = (CHANGES, CITATION)
"""Files about a release that only ``kg release`` writes; the id does not depend on them."""
_PIECE: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a release is made of.

    ``quads`` are the whole dataset, with the base already set; repeated ones count once, and a spool is not sorted again. ``graphs`` describes
    graphs by IRI. ``counts`` (to which ``quads`` and ``triples`` are added) and ``findings`` are numbers by name.
    ``inputs`` are the files that it was built from, by names that hold on any machine; ``files`` those to take
    along, by relative path (``queries/deaths.rq``). ``context`` is a JSON-LD context, as :mod:`kg.context` makes
    it: it becomes ``context.jsonld`` and stands in the JSON-LD download. ``downloads`` are the formats to offer,
    under the names of :mod:`kg.exports` below ``downloads/``; one that cannot hold the dataset is left out. ``digests`` are
    the SHA-256 of inputs that are not at hand any more; ``tombstones`` stand for what was taken back, those of ``later`` (digests)
    since the release was made. ``notes`` are the files of :data:`NOTES`, by name, and ``previous`` the id of the version before, in what ``kg release`` makes.
    """

    title: str
    base: Base
    quads: Iterable[ox.Quad]
    version: str = ""
    description: str = ""
    licence: str = ""
    publisher: str = ""
    default_graph: Literal["union", "strict"] = "union"
    languages: tuple[str, ...] = ("en",)
    profiles: tuple[str, ...] = ()
    date: str = ""
    graphs: Mapping[str, GraphInfo] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Source] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Source] = field(default_factory=dict)
    context: Mapping[str, Any] | None = None
    downloads: tuple[Format, ...] = tuple(OFFERED.values())
    tombstones: tuple[Tombstone, ...] = ()
    later: tuple[str, ...] = ()
    notes: Mapping[str, bytes] = field(default_factory=dict)
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """Contents with everything read and checked, so that only writing can still fail."""

    contents: Contents
    spool: Spool
    inputs: dict[str, str]
    files: dict[str, bytes]
    date: str
    told: Told = untold

    @classmethod
    def gather(cls, contents: Contents, directory: Path | None = None, told: Told = untold) -> Material:
        """Read the quads, inputs and files of *contents*; quads that are not a spool yet are sorted in *directory*.

        Raises OSError where that has no room, ProjectError where a file cannot be read, a path leads out of the release or is taken, the licence
        is no IRI, or ``SOURCE_DATE_EPOCH`` is no number.
        """
        if contents.licence and not is_iri(contents.licence):
            raise ProjectError(
                f"the licence {contents.licence!r} is not an IRI",
                remedy='write for example licence = "https://creativecommons.org/licenses/by/4.0/"',
            )
        files = {path: _content(path, source) for path, source in contents.files.items()}
        ours = {QUADS, JSON_NAME, TURTLE_NAME, SUMS, INDEX, listing.NAME, search.NAME, *NOTES}
        ours |= {DOWNLOADS + name for format in contents.downloads for name in exports.names(format)}
        if contents.context is not None:
            ours.add(CONTEXT)
        for path in (*contents.files, *contents.inputs):
            if not is_relative(path):
                raise ProjectError(f"{path!r} is not a path below the project", remedy="use a relative path")
        if taken := sorted(ours & files.keys()):
            raise ProjectError(f"{taken[0]} is written by the build and cannot be given")
        return cls(
            contents=contents,
            spool=Spool.of(contents.quads, directory),
            inputs=dict(contents.digests)
            | {path: _digest(path, source) for path, source in contents.inputs.items()},
            files=files,
            date=_date(contents.date),
            told=told,
        )

    def lay_out(self, directory: Path) -> Manifest:
        """Write every file of the release into the empty *directory* and give its manifest; may raise OSError."""
        contents = self.contents
        with writing(directory, QUADS) as out:
            shutil.copyfileobj(self._walked(QUADS).open(), out.binary, _PIECE)
        files = [out.file]
        for path, format in self._datasets(directory):
            with writing(directory, path) as out:
                self._serialise(format, out.binary, path, directory)
            files.append(out.file)
        files.append(self._lists(directory))
        census = Census.of(self._walked(TURTLE_NAME).lines(), directory)
        manifest = self._manifest(census)
        for path, content in (self._texts() | self._derived(manifest.with_files((files[0],)))).items():
            with writing(directory, path) as out:
                out.write(content)
            files.append(out.file)
        with writing(directory, INDEX) as out:
            index.write(self._walked(INDEX).having(index.READ), out.binary, contents.languages, directory)
        files.append(out.file)
        files.append(self._names(directory))
        return seal(directory, manifest, files, census.statistics)

    def _walked(self, name: str) -> Spool:
        """Give the statements as they are walked for the file *name*, which is told of."""
        self.told(name, 0, 1)
        return self.spool.watched(lambda done, total: self.told(name, done, total))

    def _serialise(self, format: Format, out: BinaryIO, path: str, directory: Path) -> None:
        """Write the dataset in *format* to *out*, for the file *path*."""
        prefixes, context = self.contents.base.prefixes(), self.contents.context
        quads = serialisation.Sorted(directory / QUADS)
        self.told(path, 0, 1)
        serialisation.write(quads, format, out, prefixes=prefixes, context=context, directory=directory)

    def _datasets(self, directory: Path) -> Iterator[tuple[str, Format]]:
        """Give the downloads that hold the whole dataset."""
        for format in self.contents.downloads:
            if (
                format in EXPORTS.values()
                and serialisation.refusal(serialisation.Sorted(directory / QUADS), format) is None
            ):
                yield from ((DOWNLOADS + name, format) for name in exports.names(format))

    def _lists(self, directory: Path) -> File:
        """Write the lists."""
        contents = self.contents
        quads = self._walked(listing.NAME)
        target = directory / listing.NAME
        listing.write(quads, contents.base, target, profiles=contents.profiles, languages=contents.languages)
        return settled(target)

    def _derived(self, manifest: Manifest) -> dict[str, bytes]:
        """Give the tables and the places, where the data fit them; *manifest* has the id of the release."""
        found: dict[str, bytes] = {}
        for format in self.contents.downloads:
            if format not in EXPORTS.values():
                with suppress(NotAcceptable):
                    files = exports.derived(
                        self._walked(DOWNLOADS + exports.names(format)[0]), format, manifest
                    )
                    found |= {
                        DOWNLOADS + exports.placed(format, name): content for name, content in files.items()
                    }
        return found

    def _names(self, directory: Path) -> File:
        """Write the index of names."""
        contents, target = self.contents, directory / search.NAME
        attest = "attest" in contents.profiles
        quads = search.relevant(lambda: self._walked(search.NAME).having(search.PROPERTIES), attest=attest)
        search.write(search.named(quads, contents.base, attest=attest, languages=contents.languages), target)
        return settled(target)

    def _texts(self) -> dict[str, bytes]:
        texts = self.files | dict(self.contents.notes)
        if (context := self.contents.context) is not None:
            written = json.dumps(context, indent=2, sort_keys=True, ensure_ascii=False)
            texts[CONTEXT] = f"{written}\n".encode()
        return texts

    def _manifest(self, census: Census) -> Manifest:
        contents = self.contents
        nothing = GraphInfo("", "")
        graphs = []
        for iri, size in sorted(census.graphs.items()):
            info = contents.graphs.get(iri, nothing)
            graphs.append(Graph(iri, size, info.title, info.licence, info.description))
        return Manifest(
            title=contents.title,
            base=contents.base.iri,
            version=contents.version,
            description=contents.description,
            licence=contents.licence,
            publisher=contents.publisher,
            default_graph=contents.default_graph,
            profiles=contents.profiles,
            date=self.date,
            counts={
                **contents.counts,
                "quads": len(self.spool),
                "triples": census.statistics.triples,
            },
            findings=dict(contents.findings),
            graphs=tuple(graphs),
            inputs=self.inputs,
            tools=dict(contents.tools),
            languages=contents.languages,
            tombstones=contents.tombstones,
            previous=contents.previous,
            later=contents.later,
        )


def seal(
    directory: Path, manifest: Manifest, files: Iterable[File], statistics: Statistics | None = None
) -> Manifest:
    """Write ``manifest.json``, ``manifest.ttl`` and the checksums for *files* of *directory*, and give *manifest* over them.

    ``manifest.ttl`` has the partitions of *statistics* too. The checksums are of all these files and of ``manifest.json``, which cannot list them.
    The id depends on ``quads.nq`` alone of the files, so a part of a release sealed anew keeps its id.
    """
    listed = manifest.with_files(tuple(file for file in files if file.path != TURTLE_NAME))
    with writing(directory, TURTLE_NAME) as out:
        out.write(turtle(listed, statistics).encode())
    sealed = listed.with_files((*listed.files, out.file))
    with writing(directory, JSON_NAME) as out:
        out.write(sealed.to_json().encode())
    sums = {file.path: file.sha256 for file in (*sealed.files, out.file)}
    with writing(directory, SUMS) as out:
        out.write("".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode())
    return sealed


def copied(directory: Path, old: Path, files: Iterable[File]) -> None:
    """Write *files* of the release in *old* into *directory* too."""
    for file in files:
        with (old / file.path).open("rb") as source, writing(directory, file.path) as out:
            shutil.copyfileobj(source, out.binary)


def noted(directory: Path, notes: Mapping[str, bytes]) -> list[File]:
    """Write *notes* into *directory*, in the place of those that are there, and give what the manifest says of them."""
    files = []
    for path, content in notes.items():
        with writing(directory, path) as out:
            out.write(content)
        files.append(out.file)
    return files


def _content(path: str, source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise ProjectError(
            f"{path} cannot be read: {error.strerror or error}", remedy="bring the file back"
        ) from error


def _digest(path: str, source: Source) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    try:
        return digest(source)[1]
    except OSError as error:
        raise ProjectError(
            f"{path} cannot be read: {error.strerror or error}", remedy="bring the file back"
        ) from error


def _date(given: str) -> str:
    """Give the date that the release bears: ``SOURCE_DATE_EPOCH`` (reproducible-builds.org), else *given*."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return given
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise ProjectError(
            f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds since 1970", remedy="set or unset it"
        ) from None
