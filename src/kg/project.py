"""A project: a directory with ``kg.toml`` beside ``ontology/``, ``data/`` and ``queries/``.

The keys of ``kg.toml``: ``version`` (of the file's form, 1), ``edition`` and ``date`` (of the collection),
``base``, ``title``, ``description``, ``licence`` (an IRI), ``languages`` (BCP 47 tags), ``publisher``,
``profiles`` (of rules: ``["attest"]`` or ``[]``), ``default_graph`` (``"union"`` or ``"strict"``), a table
``[graphs."<name>"]`` with ``title``, ``licence`` and ``description`` for each graph, ``[limits]`` and ``[serve]``
for ``kg serve`` (:class:`kg.limits.Limits`, :class:`kg.limits.Serving`).
``[security]`` has ``contact`` (a list of addresses) and ``expires`` (a day), for ``/.well-known/security.txt`` of ``kg serve``.
``[texts]`` names copies of sources by the slug of the source: in ``kg.toml`` those that belong to the project, in
``kg.local.toml``, which is never committed, all others. No release contains them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from kg import formats, settings, toml
from kg.errors import ProjectError
from kg.formats import Format
from kg.names import SLUG, Base
from kg.settings import GraphInfo

__all__ = ["DataFile", "GraphInfo", "Project"]

CONFIGURATION: Final = settings.CONFIGURATION
LOCAL: Final = settings.LOCAL
REDACTIONS: Final = "redactions"
"""The graph of what was taken back, and the stem of its files; no release holds it."""
# Places under ontology/ that hold RDF and are no part of the dataset.
_NOT_DATA: Final = ("shapes", "alignments")
_PLACES: Final = (
    "data/<collection>/sources/<source>/, entities/, editorial/, external/<authority>.ttl or redactions.ttl, "
    "ontology/kg.ttl or ontology/vocab/"
)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of data: where it is, the IRI of the graph that it fills (configured base), how it is written.

    ``graph`` is None where the file's own graphs are kept.
    """

    path: Path
    graph: str | None
    format: Format


@dataclass(frozen=True, slots=True)
class Project:
    """A collection and its settings; for files without ``kg.toml`` see :meth:`adhoc`."""

    root: Path
    base: Base = field(default_factory=Base)
    title: str = ""
    description: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    default_graph: Literal["union", "strict"] = "union"
    version: str = ""
    date: str = ""
    publisher: str = ""
    graphs: dict[str, GraphInfo] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    given: tuple[str | None, tuple[str, ...] | None] = (None, None)
    """The base and the profiles that were given instead of those in ``kg.toml``."""
    texts_from: Path | None = None
    """The directory whose settings name the copies of sources, where that is not the root."""

    @classmethod
    def open(cls, path: Path, *, base: str | None = None) -> Project:
        """Give the project of *path*: a directory that holds ``kg.toml``, that file, or anything below.

        *base* replaces the configured base. Raises ProjectError, with the file, the line and a remedy, where
        there is no ``kg.toml`` or it cannot be used.
        """
        if (directory := cls.root_of(path)) is not None:
            values = settings.read(directory / CONFIGURATION)
            return cls(
                root=directory,
                base=Base(base) if base else values.base,
                title=values.title,
                description=values.description,
                licence=values.licence,
                languages=values.languages,
                profiles=values.profiles,
                default_graph=values.default_graph,
                version=values.edition,
                date=values.date,
                publisher=values.publisher,
                graphs=values.graphs,
                given=(base, None),
            )
        raise ProjectError(
            f"there is no {CONFIGURATION} in {path} or above it, so this is no project",
            remedy="run kg in the project's directory, write a kg.toml, or name files: "
            "kg build --data FILE --profile none",
        )

    @staticmethod
    def root_of(path: Path) -> Path | None:
        """Give the nearest directory that holds ``kg.toml``: *path* or one that it is in; None where there is none."""
        start = path.resolve()
        return next((each for each in (start, *start.parents) if (each / CONFIGURATION).is_file()), None)

    @classmethod
    def adhoc(
        cls,
        files: Sequence[Path],
        *,
        base: str | None = None,
        default_graph: Literal["union", "strict"] = "union",
        title: str = "",
    ) -> Project:
        """Give a project of nothing but *files*, in any RDF format, that follows no profile.

        Each file keeps its own graphs. Raises ProjectError where a file is absent, or its suffix names no
        RDF format, or there is none.
        """
        if not files:
            raise ProjectError(
                "no data file is named", remedy="name at least one, for example --data data.ttl"
            )
        for file in files:
            if not file.is_file():
                raise ProjectError(
                    f"{file}: there is no such file",
                    remedy="check the name; a directory has to be named file by file",
                )
            if formats.by_suffix(file.name) is None:
                raise ProjectError(
                    f"{file}: the suffix names no RDF format",
                    remedy="use one of ." + ", .".join(f.suffix for f in formats.RDF_FORMATS),
                )
        distinct = {file.resolve(): None for file in files}
        return cls(
            root=Path.cwd(),
            base=Base(base) if base else Base(),
            title=title or ", ".join(sorted(file.name for file in distinct)),
            default_graph=default_graph,
            files=tuple(sorted(distinct)),
        )

    def with_profiles(self, names: Sequence[str]) -> Project:
        """Give the same project under the profiles *names*; ProjectError where one is unknown."""
        settings.check_profiles(names)
        return replace(self, profiles=tuple(names), given=(self.given[0], tuple(names)))

    def reopened(self) -> Project:
        """Give the same project as its settings are now; ProjectError where they cannot be used."""
        if self.files:
            return self
        base, profiles = self.given
        if not (self.root / CONFIGURATION).is_file():
            raise ProjectError(
                "the file is gone, and a project needs it", path=CONFIGURATION, remedy="bring it back"
            )
        project = Project.open(self.root, base=base)
        return project if profiles is None else project.with_profiles(profiles)

    def setting(self, file: str, *name: str) -> tuple[int, int]:
        """Give line and column of a key or table of :data:`CONFIGURATION` or :data:`LOCAL`; 1 and 1 where it is absent."""
        return toml.place(self.root / file, *name)

    def name(self, path: Path) -> str:
        """Give *path* as findings show it: relative to the root where it is below, with slashes."""
        text, head = str(path), f"{self.root}{os.sep}"
        if text.startswith(head):  # as relative_to does, in a tenth of the time
            return text[len(head) :].replace(os.sep, "/")
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def data_files(self) -> tuple[DataFile, ...]:
        """Give every file that is loaded, sorted by its name; those of the ontology too.

        Under no profile a file of ``data/`` at a place that stands for no graph keeps its own graphs; under
        one it is left to :meth:`misplaced`.
        """
        found = []
        for path in self.files or self._rdf_files():
            format = formats.by_suffix(path.name)
            graph = None if self.files else self._graph(path)
            if format and (graph or not self.profiles):
                found.append(DataFile(path, self.base.graph(graph) if graph else None, format))
        return tuple(sorted(found, key=lambda file: self.name(file.path)))

    def misplaced(self) -> tuple[tuple[Path, str], ...]:
        """Give each RDF file that no graph takes in, with the sentence that says why, sorted; none under no profile."""
        if self.files or not self.profiles:
            return ()
        return tuple(
            (path, f"this file is at a place that stands for no graph; the places are {_PLACES}")
            for path in self._rdf_files()
            if self._graph(path) is None
        )

    def ontology_files(self) -> tuple[Path, ...]:
        """Give the files of the vocabulary graph: ``ontology/kg.*`` and ``ontology/vocab/*``, sorted."""
        vocabulary = self.base.graph("vocab")
        return tuple(file.path for file in self.data_files() if file.graph == vocabulary)

    def query_files(self) -> tuple[Path, ...]:
        """Give the query files ``queries/*.rq``, sorted."""
        return tuple(sorted((self.root / "queries").glob("*.rq"))) if not self.files else ()

    def shape_files(self) -> tuple[Path, ...]:
        """Give ``ontology/shapes/<profile>.ttl`` of each profile; ProjectError where one is absent."""
        paths = tuple(self.root / "ontology" / "shapes" / f"{name}.ttl" for name in self.profiles)
        for path in paths:
            if not path.is_file():
                line, column = self.setting(CONFIGURATION, "profiles")
                raise ProjectError(
                    f"{self.name(path)} is absent, and the profile {path.stem!r} needs it",
                    path=CONFIGURATION,
                    line=line,
                    column=column,
                    remedy="bring the file back, or set profiles = [] in kg.toml",
                )
        return paths

    def turtle_files(self) -> tuple[Path, ...]:
        """Give the Turtle files under ``data/`` and ``ontology/``, shapes and alignments too, sorted; of an ad hoc project its own."""
        files = self.files or [path for path in self._visible() if path.is_file()]
        return tuple(path for path in files if formats.by_suffix(path.name) is formats.TURTLE)

    def texts(self) -> dict[str, Path]:
        """Give the copies of sources at hand, by the slug of the source, from ``kg.toml`` and ``kg.local.toml``.

        Raises ProjectError where one of them cannot be used or names a copy that is absent.
        """
        return {slug: copy for slug, (copy, _) in self.text_places().items()}

    def text_places(self) -> dict[str, tuple[Path, str]]:
        """Give the same, each with the name of the file that names it; that of ``kg.local.toml`` counts where both do."""
        return {} if self.files else settings.read_all_texts(self.texts_from or self.root)

    def _rdf_files(self) -> list[Path]:
        """Give everything under data/ and ontology/ whose suffix names an RDF format, hidden files excepted."""
        found = []
        for path in self._visible():
            top, *rest = self.name(path).split("/")
            if top == "data" or not (rest[0] in _NOT_DATA or rest == ["context.jsonld"]):
                found.append(path)
        return found

    def _visible(self) -> list[Path]:
        """Give everything under data/ and ontology/ that is no directory and whose suffix names an RDF format, sorted; nothing hidden."""
        found = []
        for top in ("data", "ontology"):
            for place, directories, files in os.walk(self.root / top):
                directories[:] = [name for name in directories if not name.startswith(".")]
                found += [
                    Path(place, name)
                    for name in files
                    if not name.startswith(".") and formats.by_suffix(name) is not None
                ]
        return sorted(found)

    def _graph(self, path: Path) -> str | None:
        """Give the name of the graph that *path* fills by its place, None where it fills none."""
        graph, stem = None, path.name.rpartition(".")[0]
        match tuple(self.name(path).split("/")):
            case ("ontology", _) if stem == "kg":
                graph = "vocab"
            case ("ontology", "vocab", _):
                graph = "vocab"
            case ("data", _, "sources", source, _) if SLUG.fullmatch(source):
                graph = f"source/{source}"
            case ("data", _, ("entities" | "editorial") as layer, _):
                graph = layer
            case ("data", _, _) if stem == REDACTIONS:
                graph = REDACTIONS
            case ("data", _, "external", _) if SLUG.fullmatch(stem):
                graph = f"external/{stem}"
        return graph if path.is_file() else None  # a pipe or a broken link must not be opened
